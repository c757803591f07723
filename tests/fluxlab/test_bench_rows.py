"""Lines that are kept: what comes back is what was measured, the last one counts, worlds do not mix, states know less."""

import pytest
from planted import row

from fluxdiag.errors import FluxdiagError
from fluxdiag.instruments.tables import load_tables
from fluxdiag.measure import measured
from fluxdiag.profiles import load_profile
from fluxdiag.suites import load_suite
from fluxlab.bench.early import first_prompts
from fluxlab.bench.rows import Look, append, by_reason, numbers_of, read_rows
from fluxlab.bench.seeds import shifted
from fluxlab.bench.states import masked
from simulated import HEALTHY, HEALTHY_GAINS, Truth, gathered

BANDS = load_profile("flux1-dev").bands


def test_a_row_comes_back_as_it_was_written(tmp_path):
    file = tmp_path / "deep" / "rows.jsonl"
    rows = [row("healthy", 1), row("over", 2)]
    for each in rows:
        append(each, file)
    assert read_rows(file) == rows
    assert read_rows(tmp_path / "none.jsonl") == []


def test_the_last_row_of_a_cell_counts_and_worlds_do_not_mix(tmp_path):
    file = tmp_path / "rows.jsonl"
    newer = row("healthy", 1).model_copy(update={"style": "newer"})
    for each in (row("healthy", 1), newer, row("healthy", 1, world="other"), row("healthy", 1, probe_seeds=1000)):
        append(each, file)
    found = read_rows(file, "w")
    assert [(each.style, each.probe_seeds) for each in found] == [("newer", 0), ("plain", 1000)]


def test_a_broken_line_is_named(tmp_path):
    file = tmp_path / "rows.jsonl"
    append(row("healthy", 1), file)
    file.write_text(file.read_text() + '{"planted": "healthy"}\n')
    with pytest.raises(FluxdiagError, match="line 2 is no row"):
        read_rows(file)


def test_a_state_has_what_differs_and_lacks_what_it_lacks():
    each = row("healthy", 1)
    everything, alone = each.evidence("all", BANDS), each.evidence("file", BANDS)
    assert everything.measurements["loss.gap"].value == each.states["all"].measurements["loss.gap"][0]
    assert "loss.gap" not in alone.measurements
    assert alone.gaps["loss.gap"] == "not known here"
    assert alone.measurements["bleed.class"] == everything.measurements["bleed.class"]


def test_an_early_look_has_its_own_numbers_and_no_more():
    early = Look(passes=10, measurements={"bleed.class": (0.3, 0.1, 0.5, 4)}, missing=("trigger.effect",))
    each = row("healthy", 1).model_copy(update={"looks": {"4": early}})
    seen = each.look("4", BANDS)
    assert seen.measurements["bleed.class"].n == 4
    assert "trigger.effect" in seen.gaps
    assert seen.measurements["loss.gap"] == each.evidence("all", BANDS).measurements["loss.gap"]


def test_gaps_are_kept_by_their_reason():
    assert by_reason({"b": "no photos", "a": "no photos", "c": "no trigger"}) == {"no photos": ("a", "b"), "no trigger": ("c",)}


def test_a_suite_with_other_seeds_asks_the_same(tmp_path):
    moved, _ = load_suite(shifted("quick", 1000, tmp_path))
    quick, _ = load_suite("quick")
    assert [probe.seeds for probe in moved.probes] == [tuple(s + 1000 for s in probe.seeds) for probe in quick.probes]
    assert [probe.prompts for probe in moved.probes] == [probe.prompts for probe in quick.probes]
    assert shifted("quick", 0, tmp_path) == "quick"


# ------------------------------------------------------------------------------------------------ with less


@pytest.fixture
def tables(tmp_path):
    return load_tables(gathered(tmp_path, Truth(HEALTHY, HEALTHY_GAINS, described=True)))


def test_without_a_dataset_nothing_of_it_is_measured(tables):
    case = tables.case.model_copy(update={"photos": (), "description": None, "gaps": {"photos": "none", "description": "none"}})
    evidence = measured(masked(tables, case, tables.references))
    assert evidence.gaps["dataset.effective-images"] == "none"
    assert evidence.gaps["description.effect"] == "none"
    assert {"loss.gap", "loss.description", "captions.appearance-share"} <= evidence.gaps.keys()
    assert evidence.measurements["loss.binding"] == measured(tables).measurements["loss.binding"]


def test_without_references_the_person_is_the_triggers_own(tables):
    case = tables.case.model_copy(update={"references": (), "reference_source": "none"})
    evidence = measured(masked(tables, case, tables.references[:0]))
    assert {"identity.trigger", "loss.binding", "loss.heldout-gain", "loss.gap"} <= evidence.gaps.keys()
    assert "trigger.effect" in evidence.measurements


def test_another_trigger_is_another_picture(tables):
    other = tables.case.trigger.model_copy(update={"value": "zyx5"})
    evidence = measured(masked(tables, tables.case.model_copy(update={"trigger": other}), tables.references))
    assert evidence.gaps["trigger.effect"] == "asked for 'zyx5' here, and drawn as 'ohwx woman'"
    assert "loss.gap" in evidence.gaps
    assert "bleed.class" in evidence.measurements


def test_the_full_state_is_masked_by_nothing(tables):
    assert numbers_of(measured(masked(tables, tables.case, tables.references))) == numbers_of(measured(tables))


def test_an_early_look_keeps_the_first_prompts_of_every_arm(tables):
    fewer = first_prompts(tables, 4)
    assert fewer.arm("trigger")["prompt_id"].nunique() == fewer.arm("base")["prompt_id"].nunique() == 4
    assert set(fewer.arm("trigger")["prompt_id"]) == set(fewer.arm("base")["prompt_id"])
    assert fewer.arm("trigger", variant="strength-1.5")["prompt_id"].nunique() == 4
