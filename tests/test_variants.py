"""The names of variants, what they mean for a file, and the file that `repair` would write for them."""

import json
from pathlib import Path

import numpy as np
import pytest

from fluxdiag import blocks
from fluxdiag.errors import FluxdiagError
from fluxdiag.lora.edits import EDITS
from fluxdiag.profiles import load_profile
from fluxdiag.variants import BAND_HIGH, FULL, GROUPS, Variant, edited, group_of, is_variant, parsed, resolved
from simulated import HEALTHY, Simulation, Truth
from tiny import lora_of

PROFILE = load_profile("flux1-dev")
LABORATORY = Path(blocks.__file__).parents[1] / "fluxlab" / "weights" / "base"
FILE = Simulation("unused", Truth(HEALTHY)).case().lora


@pytest.mark.parametrize(
    ("name", "variant"),
    [
        ("full", FULL),
        ("strength-0.8", Variant(strength=0.8)),
        ("rank-16", Variant(rank=16)),
        ("without-double", Variant(without=frozenset({"double"}))),
        ("only-single-early", Variant(without=frozenset({"double", "single-late", "outside"}))),
        ("without-double+rank-8+strength-1.2", Variant(1.2, 8, frozenset({"double"}))),
    ],
)
def test_a_name_means_a_variant(name, variant):
    assert parsed(name) == variant
    assert parsed(variant.name) == variant, "the canonical name means the same"


@pytest.mark.parametrize("name", ["", "rank-0", "rank-x", "strength-", "strength--1", "without-nothing", "rank-1/../x", "full "])
def test_other_names_mean_nothing(name):
    assert parsed(name) is None
    assert not is_variant(name)


def test_the_band_is_resolved_by_file_and_one_that_shows_nothing_new_says_why():
    high = FILE.model_copy(update={"rank_max": 64})
    assert resolved(BAND_HIGH, high, PROFILE) == Variant(rank=32)
    assert resolved("rank-16", high, PROFILE) == Variant(rank=16)
    assert resolved(BAND_HIGH, FILE, PROFILE) == "the LoRA's rank, 16, is not above 32"
    assert resolved("rank-16", FILE, PROFILE) == "the LoRA's rank, 16, is not above 16"
    with pytest.raises(FluxdiagError, match="no adapter variant"):
        resolved("rank-none", FILE, PROFILE)


@pytest.mark.parametrize(
    ("path", "group"),
    [
        ("transformer.transformer_blocks.3.attn.to_q", "double"),
        ("transformer.single_transformer_blocks.0.proj_out", "single-early"),
        ("transformer.single_transformer_blocks.14.attn.to_k", "single-early"),
        ("transformer.single_transformer_blocks.15.attn.to_k", "single-late"),
        ("transformer.single_transformer_blocks.37.proj_mlp", "single-late"),
        ("transformer.x_embedder", "outside"),
    ],
)
def test_every_layer_belongs_to_one_group(path, group):
    assert group_of(path, PROFILE) == group


@pytest.mark.parametrize(("base", "singles"), [("black-forest-labs/FLUX.1-dev", 38), ("FLUX.1-schnell", 38), (LABORATORY, 4)])
def test_the_groups_that_repair_switches_off_are_those_that_inspect_counts(base, singles):
    """A file alone has no profile: what `inspect` then takes for the early blocks is what the profiles that ship say."""
    profile = load_profile(str(base))
    for number in range(singles):
        path = f"transformer.single_transformer_blocks.{number}.attn.to_q"
        assert group_of(path, profile) == blocks.group_of(path, blocks.appearance_blocks(singles)), number


NUMBERS = (0, 14, 15, 37)
LAYERS = {
    "transformer.transformer_blocks.0.attn.to_q": (8, 8),
    "transformer.x_embedder": (8, 8),
    **{f"transformer.single_transformer_blocks.{number}.attn.to_v": (8, 8) for number in NUMBERS},
}


@pytest.mark.parametrize("group", GROUPS)
def test_a_file_without_a_group_has_every_layer_but_those(group):
    lora = lora_of(LAYERS)
    left = edited(lora, Variant(without=frozenset({group})), PROFILE)
    assert set(left.modules) == {path for path in LAYERS if group_of(path, PROFILE) != group}
    assert len(left.modules) < len(LAYERS)


def test_all_edits_at_once_are_all_done_and_noted():
    lora = lora_of(LAYERS, rank=5)
    changed = edited(lora, parsed("without-single-early+rank-2+strength-0.5"), PROFILE)
    path = "transformer.transformer_blocks.0.attn.to_q"
    values = np.linalg.svd(lora.modules[path].up @ lora.modules[path].down, compute_uv=False)
    got = np.linalg.svd(changed.modules[path].up @ changed.modules[path].down, compute_uv=False)
    assert got[:2] == pytest.approx(0.5 * values[:2], rel=1e-4)
    assert got[2:] == pytest.approx(0, abs=1e-5)
    notes = json.loads(changed.metadata[EDITS])
    assert [note["edit"] for note in notes] == ["drop", "truncate", "scale"]
    assert notes[0]["blocks"] == "single:0-0,single:14-14"


def test_the_whole_lora_is_itself_and_a_group_that_the_file_lacks_changes_nothing():
    lora = lora_of({"transformer.x_embedder": (8, 8)})
    assert edited(lora, FULL, PROFILE) is lora
    assert edited(lora, Variant(without=frozenset({"double"})), PROFILE) is lora


def test_a_file_of_which_nothing_is_left_is_refused():
    with pytest.raises(FluxdiagError, match="nothing is left"):
        edited(lora_of({"transformer.x_embedder": (8, 8)}), Variant(without=frozenset({"outside"})), PROFILE)
