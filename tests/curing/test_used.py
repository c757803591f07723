"""What is taken over of the training that was, where the file itself tells it."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save_file

from fluxdiag.case import build_case
from fluxdiag.curing.cure import whole
from fluxdiag.curing.used import layers_in, not_taken_over, used
from fluxdiag.profiles import load_profile
from fluxdiag.records import Case

Q = "transformer.transformer_blocks.0.attn.to_q"
RANK = 16
DOUBLES, SINGLES = 19, 38
ONETRAINER = {"learning_rate": 3e-4, "optimizer": {"optimizer": "ADAMW"}, "lora_rank": RANK, "lora_alpha": 1.0}
CONFIG = "config: {process: [{network: {linear: 16, linear_alpha: 1}, train: {lr: 3e-4, optimizer: adamw}}]}"


def filed(folder: Path, header: dict[str, str], alpha: float | None = None, config: str | None = None) -> Case:
    tensors = {f"{Q}.lora_A.weight": np.ones((RANK, 3072), np.float32), f"{Q}.lora_B.weight": np.ones((3072, RANK), np.float32)}
    tensors |= {} if alpha is None else {f"{Q}.alpha": np.array(alpha, np.float32)}
    save_file(tensors, folder / "x.safetensors", header)
    if config is not None:
        (folder / "config.yaml").write_text(config)
    return build_case(folder / "x.safetensors")


def told(settings: dict[str, object]) -> dict[str, str]:
    return {"ot_branch": "master", "ot_config": json.dumps(settings)}


NO_ALPHA = {key: value for key, value in ONETRAINER.items() if key != "lora_alpha"}
KEPT = [
    (told(ONETRAINER), None, None, 1.0),  # multiplied into lora_B: the tensors look like a scale of 1
    (told(ONETRAINER | {"lora_alpha": 16.0}), None, None, None),
    (told(ONETRAINER), 8.0, None, 8.0),  # the tensors tell it: they count
    ({}, None, CONFIG, None),  # ai-toolkit trains with alpha = rank, and writes none
]


@pytest.mark.parametrize(("header", "tensor", "config", "alpha"), KEPT)
def test_a_rate_is_taken_over_with_the_scale_that_it_was_for(header, tensor, config, alpha, tmp_path):
    of = filed(tmp_path, header, tensor, config)
    fields = whole(used(of, load_profile(of.base)), load_profile(of.base), 20)
    assert (fields["learning_rate"], fields["alpha"]) == (3e-4, alpha)
    assert not any("alpha" in said for said in not_taken_over(of))


def test_without_an_alpha_anywhere_the_rate_is_left(tmp_path):
    of = filed(tmp_path, told(NO_ALPHA))
    found = used(of, load_profile(of.base))
    assert not {"learning_rate", "alpha"} & found.fields.keys()
    assert found.fields["optimizer"] == "adamw"
    assert any("3e-04 is not taken over" in said or "0.0003 is not taken over" in said for said in not_taken_over(of))
    prodigy = filed(tmp_path, told(NO_ALPHA | {"learning_rate": 1.0, "optimizer": {"optimizer": "PRODIGY"}}))
    assert used(prodigy, load_profile(of.base)).fields["learning_rate"] == 1.0


DREAMBOOTH = layers_in("all", "", DOUBLES, SINGLES) - {
    f"transformer.single_transformer_blocks.{number}.{leaf}" for number in range(SINGLES) for leaf in ("proj_mlp", "proj_out")
}


@pytest.mark.parametrize(
    ("paths", "said"),
    [
        (layers_in("all", "", DOUBLES, SINGLES), None),
        (layers_in("attention", r"single_transformer_blocks\.[12]\.", DOUBLES, SINGLES), None),
        (DREAMBOOTH, "342 were trained, 418 will be (all), 76 more"),
        ({"transformer.single_transformer_blocks.7.proj_out"}, "1 were trained, 5 will be (all), 4 more"),
        (layers_in("all", "", DOUBLES, SINGLES) | {"transformer.proj_out"}, "419 were trained, 418 will be (all), 1 left out"),
    ],
)
def test_layers_that_no_recipe_can_name_are_said(paths, said, tmp_path, monkeypatch):
    """diffusers' DreamBooth script leaves two layers of each single block out; others train one layer of one block."""
    of = filed(tmp_path, {})

    class Listed:
        modules = dict.fromkeys(paths)

    monkeypatch.setattr("fluxdiag.curing.used._file", lambda case: Listed())
    monkeypatch.setattr("fluxdiag.curing.used._scaleless", lambda case, file: None)
    remarks = [remark for remark in not_taken_over(of) if "layers cannot be kept" in remark]
    assert [remark.partition(": ")[2] for remark in remarks] == ([] if said is None else [said])
