"""Which LoRAs a table or a folder names, and which mistakes end the call with their line."""

import json
import re

import numpy as np
import pytest
from safetensors.numpy import save_file

from fluxdiag.batch import folders_of
from fluxdiag.batching.manifest import read_manifest
from fluxdiag.errors import FluxdiagError


@pytest.fixture
def loras(tmp_path):
    """Two files, a folder of photos; the table reads none of them."""
    for name in ("anna", "ben"):
        (tmp_path / f"{name}.safetensors").write_bytes(b"")
    (tmp_path / "photos").mkdir()
    return tmp_path


def table(folder, text: str, encoding="utf-8"):
    file = folder / "table.csv"
    file.write_text(text, encoding=encoding, newline="")
    return file


# ------------------------------------------------------------------------------------------------ a table


def test_paths_are_the_tables_and_empty_cells_are_looked_for(loras):
    rows = "lora,trigger,dataset,strength,name\nanna.safetensors,ohwx woman,photos,0.8,Anna S.\n\n ben.safetensors ,,,,\n"
    anna, ben = read_manifest(table(loras, rows)).items
    assert (anna.name, anna.lora, anna.trigger, anna.strength) == ("Anna S.", loras / "anna.safetensors", "ohwx woman", 0.8)
    assert anna.dataset == loras / "photos"
    assert (ben.name, ben.lora) == ("ben", loras / "ben.safetensors")
    assert (ben.trigger, ben.dataset, ben.references, ben.base, ben.strength) == (None,) * 5


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_table_of_a_spreadsheet_is_read(loras, encoding, end):
    (item,) = read_manifest(table(loras, f'lora,name{end}anna.safetensors,"Änna, die Erste"{end}', encoding)).items
    assert item.name == "Änna, die Erste"


@pytest.mark.parametrize("base", ["black-forest-labs/FLUX.1-dev", "photos"])
def test_a_base_is_of_the_hub_or_a_folder_beside_the_table(loras, base):
    (item,) = read_manifest(table(loras, f"lora,base\nanna.safetensors,{base}\n")).items
    assert item.base == (str(loras / base) if base == "photos" else base)


MISTAKES = {
    "unknown column": ("lora,triger\nanna.safetensors,x\n", 1, "no column 'triger'"),
    "column twice": ("lora,lora\nanna.safetensors,x\n", 1, "there twice"),
    "no lora": ("name\nanna\n", 1, "no column `lora`"),
    "nothing named": ("lora,name\n,anna\n", 2, "names no LoRA"),
    "missing file": ("lora\nanna.safetensors\ncarl.safetensors\n", 3, "lora: there is no 'carl.safetensors'"),
    "a folder": ("lora\nphotos\n", 2, "is a folder"),
    "missing photos": ("lora,dataset\nanna.safetensors,away\n", 2, "dataset: there is no 'away'"),
    "missing references": ("lora,references\nanna.safetensors,away\n", 2, "references: there is no"),
    "name too long": (f"lora\n{'x' * 4000}\n", 2, "there is no"),
    "no base": ("lora,base\nanna.safetensors,some where\n", 2, "base: 'some where' is no folder"),
    "strength": ("lora,strength\nanna.safetensors,strong\n", 2, "no usable strength"),
    "strength nan": ("lora,strength\nanna.safetensors,nan\n", 2, "no usable strength"),
    "strength 0": ("lora,strength\nanna.safetensors,0\n", 2, "no usable strength"),
    "too many cells": ("lora\nanna.safetensors,x\n", 2, "2 cells for 1 columns"),
    "same name": ("lora,name\nanna.safetensors,A\nben.safetensors,A\n", 3, "stands in line 2 already"),
    "same file": ("lora\nanna.safetensors\nanna.safetensors\n", 3, "stands in line 2 already"),
    "NUL": ("lora\nan\0na.safetensors\n", 2, "NUL"),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_names_its_line(loras, mistake):
    text, line, said = MISTAKES[mistake]
    with pytest.raises(FluxdiagError) as found:
        read_manifest(table(loras, text))
    assert found.value.where == f"{loras / 'table.csv'}:{line}"
    assert said in found.value.what
    assert found.value.do


@pytest.mark.parametrize("content", [b"", b"lora\n", b"lora\n\xff\n", b'lora\n"anna"x\n', b"\0\1\2"])
def test_what_is_no_table_is_refused(loras, content):
    (loras / "table.csv").write_bytes(content)
    with pytest.raises(FluxdiagError):
        read_manifest(loras / "table.csv")


def test_a_table_that_is_not_there_is_said(tmp_path):
    with pytest.raises(FluxdiagError, match="cannot be read"):
        read_manifest(tmp_path / "away.csv")


# ------------------------------------------------------------------------------------------------ a folder


def files(folder, *names):
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(b"")
    return folder


def names(manifest):
    return [item.name for item in manifest.items]


def test_every_lora_of_a_folder_and_of_its_own_folders(tmp_path):
    found = read_manifest(files(tmp_path, "ben.safetensors", "anna/anna.safetensors", "a/b/deep.safetensors", "notes.txt"))
    assert names(found) == ["ben", "anna"]
    assert found.skipped == {}


def test_of_a_trainings_checkpoints_the_last_stands_for_it(tmp_path):
    found = read_manifest(
        files(tmp_path, "anna-000500.safetensors", "anna-001000.safetensors", "anna.safetensors", "ben-000500.safetensors",
              "ben-001500.safetensors", "carl.safetensors", "carl_ema.safetensors", "dora/checkpoint-500/x.safetensors",
              "checkpoint-500/pytorch_lora_weights.safetensors"),
    )  # fmt: skip
    assert names(found) == ["anna", "ben-001500", "carl"]
    assert sorted(found.skipped) == [
        "anna-000500.safetensors", "anna-001000.safetensors", "ben-000500.safetensors", "carl_ema.safetensors",
        "checkpoint-500/pytorch_lora_weights.safetensors",
    ]  # fmt: skip
    assert "sweep" in found.skipped["anna-000500.safetensors"]


@pytest.mark.parametrize("two", [("anna-2023", "anna-2024"), ("anna", "anna-2")])
def test_years_and_versions_are_no_checkpoints(tmp_path, two):
    assert set(names(read_manifest(files(tmp_path, *(f"{name}.safetensors" for name in two))))) == set(two)


def test_files_of_one_name_are_told_apart_by_their_folders(tmp_path):
    found = read_manifest(files(tmp_path, "a/pytorch_lora_weights.safetensors", "b/pytorch_lora_weights.safetensors"))
    assert names(found) == ["a/pytorch_lora_weights", "b/pytorch_lora_weights"]


@pytest.mark.parametrize("only", [(), ("anna_state.safetensors",), ("checkpoint-5/a.safetensors",)])
def test_a_folder_without_loras_is_said(tmp_path, only):
    with pytest.raises(FluxdiagError, match="no LoRAs here"):
        read_manifest(files(tmp_path, *only))


# ------------------------------------------------------------------------------------------------ names

HOSTILE = [
    "../../etc/passwd", "/abs", "..", ".", "a\\b", "C:evil", "a\nb", "\u202egnp", "日本", "<script>", "x" * 300, " ", "a.b",
    "a b", "-rf", "con:", "~root", "$(id)",
]  # fmt: skip


def test_names_never_become_paths():
    folders = folders_of(HOSTILE)
    assert all(re.fullmatch(r"[A-Za-z0-9_-]+", folder) for folder in folders.values())
    assert len({folder.lower() for folder in folders.values()}) == len(HOSTILE)
    assert all(0 < len(folder) < 80 for folder in folders.values())


def test_plain_names_stay_and_a_names_folder_hangs_on_no_other():
    assert folders_of(["anna", "ben-2", "c_3"]) == {name: name for name in ("anna", "ben-2", "c_3")}
    assert folders_of(["a b", "a-b"])["a b"] == folders_of(["a b"])["a b"]
    assert folders_of(["a b", "a.b"])["a b"] != folders_of(["a b", "a.b"])["a.b"]


def test_names_that_differ_in_capitals_alone_do_not_share_a_folder():
    first, second = folders_of(["Anna", "anna"]).values()
    assert first == "Anna"
    assert second.startswith("anna-")


# ------------------------------------------------------------------------------------------------ the command


def lora_at(path):
    rng = np.random.default_rng(0)
    name = "transformer.single_transformer_blocks.0.attn.to_q"
    tensors = {
        f"{name}.lora_A.weight": rng.normal(size=(2, 3072)).astype(np.float16),
        f"{name}.lora_B.weight": rng.normal(size=(3072, 2)).astype(np.float16),
    }
    save_file(tensors, path)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--gpus", "0,zero"), "'zero' is no card"),
        (("--gpus", "0,0"), "there twice"),
        (("--policy", "away"), "away"),
        (("--suite", "away"), "no such probe suite"),
        (("--base", "some where"), "no such folder"),
    ],
)
def test_a_mistake_in_the_call_ends_it_before_anything_is_written(fluxdiag, loras, options, said):
    lora_at(loras / "anna.safetensors")
    done = fluxdiag("batch", table(loras, "lora\nanna.safetensors\n"), "--out", loras / "out", *options)
    assert done.code == 2
    assert said in done.err
    assert not (loras / "out" / "runs").exists()


def test_a_dry_run_says_what_it_takes_and_writes_nothing(fluxdiag, loras, tiny_base):
    for name in ("anna", "ben"):
        lora_at(loras / f"{name}.safetensors")
    rows = "lora,trigger\nanna.safetensors,ohwx woman\nben.safetensors,sks man\n"
    call = ("batch", table(loras, rows), "--base", tiny_base, "--out", loras / "out", "--dry-run")
    done = fluxdiag(*call, "--gpus", "0,1")
    assert done.code == 0
    assert "2 LoRAs: up to " in done.err
    assert "2 at once" in done.err
    assert "note: anna: references:" in done.err
    assert not (loras / "out").exists()
    (loras / "ben.safetensors").write_bytes(b"broken")
    assert fluxdiag(*call).code == 2


def test_where_none_can_be_opened_the_answer_is_all_mistakes(fluxdiag, loras):
    done = fluxdiag("batch", table(loras, "lora\nanna.safetensors\nben.safetensors\n"), "--out", loras / "out", "--json")
    assert done.code == 2
    answer = json.loads(done.out)
    assert answer == json.loads((loras / "out" / "batch.json").read_text())
    assert (answer["schema"], answer["exit_code"], answer["counts"]) == (1, 2, {"error": 2})
    assert [row["verdict"] for row in answer["rows"]] == [None, None]
    assert all(row["error"] and row["sha256"] for row in answer["rows"])
    assert (loras / "out" / "index.html").is_file()
