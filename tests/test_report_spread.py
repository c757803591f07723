"""Two figures of what training was given: photos by pose and background, and how much of the rank the change fills."""

import dataclasses

import pytest

import states
from fluxdiag.instruments.tables import load_tables
from fluxdiag.records import LayerSpectrum
from fluxdiag.report import render
from fluxdiag.reporting.ranks import NOT_RECORDED, ranks_of
from fluxdiag.reporting.scenes import COLUMNS, NO_FACE, OTHERS, _table, scenes_of
from reported import Reader

HOSTILE = "<img src=x onerror=alert(1)>"


@pytest.fixture(scope="module")
def tables(tmp_path_factory):
    return load_tables(states.laid_out("healthy", tmp_path_factory.mktemp("healthy")))


def page(run, **options):
    """As a browser takes it apart."""
    return Reader(render(run, **options).read_text(encoding="utf-8"))


# ------------------------------------------------------------------------------------------------ poses and backgrounds


def test_every_photo_is_counted_once(tables):
    found = scenes_of(tables)
    assert found.photos == sum(found.totals) == tables.audit.readable
    assert {row.pose: row.total for row in found.rows} == {"portrait, front": 9, "cowboy, front": 5, "close-up, front": 4}
    assert (len(found.columns), found.columns[-1]) == (COLUMNS, OTHERS)
    assert found.missing == ()


def test_one_pose_and_one_background_are_one_full_column(tmp_path):
    found = scenes_of(load_tables(states.laid_out("low-diversity", tmp_path)))
    assert [(row.pose, row.total) for row in found.rows] == [("portrait, front", 19)]
    assert found.says == "All 19 photos are “portrait, front” before “library”."


def test_the_rarest_share_a_row_and_a_column():
    rows = [f"pose {at}" for at in range(12) for _ in range(12 - at)]
    found = _table(rows, rows, (), 12)
    assert (found.rows[-1].pose, found.columns[-1], found.gathered) == (OTHERS, OTHERS, 6)
    assert sum(found.totals) == found.photos == len(rows)


def test_a_photo_without_a_face_has_a_row_that_says_so(tables):
    named = {shot: names[1:] for shot, names in tables.audit.shots.items()}
    blind = dataclasses.replace(tables, audit=tables.audit.model_copy(update={"shots": named}))
    rows = {row.pose: row.total for row in scenes_of(blind).rows}
    assert rows[NO_FACE] == 3


WHY = "no face pack, /home/ana/x"
UNREAD = {
    "faces": (lambda t: {"audit": t.audit.model_copy(update={"not_assessed": {"head-cropped": WHY}})}, ["pose not judged"], WHY),
    "audit": (lambda t: {"audit": None}, ["pose not judged"], "before photos were audited"),
    "clip": (lambda t: {"clip": {}}, None, "no CLIP embeddings of the photos"),
    "labels": (lambda t: {"labels": {}}, None, "the suite's prompts ask for none"),
}


@pytest.mark.parametrize("part", UNREAD)
def test_what_was_not_judged_says_why_and_is_no_zero(part, tables):
    change, rows, why = UNREAD[part]
    found = scenes_of(dataclasses.replace(tables, **change(tables)))
    assert why in found.missing[0]
    assert found.photos == tables.audit.readable if tables.audit else True
    assert [row.pose for row in found.rows] == rows if rows else found.columns == ("background not judged",)
    assert 0 not in found.totals


def test_where_neither_was_judged_there_is_no_table(tables):
    found = scenes_of(dataclasses.replace(tables, clip={}, audit=None))
    assert (found.rows, len(found.missing)) == ((), 2)


def test_the_public_page_counts_without_names(tmp_path):
    run = states.laid_out("healthy", tmp_path)
    text = page(run, public=True).text
    assert "Photos by pose and background" in text
    assert all(name not in text for names in run.audit().shots.values() for name in names)


# ------------------------------------------------------------------------------------------------ rank


def spectrum(*values, rank=4, path="transformer.transformer_blocks.0.attn.to_q", whole=True):
    return LayerSpectrum(path=path, rank=rank, largest=2.0, values=values, whole=whole, effective_rank=2.0 if whole else None)


def test_how_many_directions_carry_nearly_all_of_the_change():
    flat, steep = ranks_of([spectrum(1, 1, 1, 1), spectrum(1, 0.1, 0.1, 0.1)]).panels
    assert (flat.reach, steep.reach) == (4, 1)
    assert ranks_of([spectrum(1, 1, 1, 1), spectrum(1, 0.1, 0.1, 0.1)]).says == (
        "90% of the change lies in 1 to 4 (median 2.5) directions; the rank leaves room for 4."
    )


def test_a_layer_is_called_by_its_block():
    (panel,) = ranks_of([spectrum(1, path="transformer.single_transformer_blocks.37.proj_mlp")]).panels
    assert (panel.block, panel.layer) == ("single block 37", "proj_mlp")


def test_where_only_the_largest_are_known_nothing_is_said_of_the_rest():
    found = ranks_of([spectrum(1, 0.9, rank=3072, whole=False)])
    assert found.panels[0].reach is None
    assert "cannot be said" in found.says
    assert found.width == 2  # a rank of 3,072 has no place beside them


@pytest.mark.parametrize(("spectra", "why"), [(None, NOT_RECORDED), ((), "no layer of a block changes anything")])
def test_without_spectra_the_reason_stands_there(spectra, why):
    assert ranks_of(spectra).why == why


def test_an_older_run_says_that_its_spectra_were_not_recorded(tmp_path):
    assert "Not drawn: not recorded by the version that made this run" in page(states.laid_out("overcaptioned", tmp_path)).text


def test_a_layers_name_is_never_markup(tmp_path):
    run = states.STATES["healthy"](tmp_path)
    lora = run.case().lora
    wild = tuple(one.model_copy(update={"path": HOSTILE}) for one in lora.spectra)
    states.changed(run, case={"lora": lora.model_copy(update={"spectra": wild})})
    read = page(run)
    assert HOSTILE in read.text
    assert not any("onerror" in attributes for attributes in read.all("img"))
