"""Which base's limits a run is judged by, wherever the base's folder lies by now."""

import re
from pathlib import Path

import pytest

import fluxlab
from fluxdiag.diagnose import diagnose
from fluxdiag.errors import FluxdiagError
from fluxdiag.measure import measure
from fluxdiag.profiles import DEFAULT_BASE, chosen_base, limits_of, load_profile, profile_of
from states import changed, laid_out

LABORATORY = (Path(fluxlab.__file__).parent / "profile.toml").read_text(encoding="utf-8")


@pytest.fixture
def run(tmp_path):
    """Of the laboratory, whose base is not on this machine."""
    return laid_out("low-diversity", tmp_path)


def test_a_run_is_measured_by_the_limits_that_it_was_gathered_with(run):
    before, said = run.evidence(), diagnose(run)
    after = measure(run)
    assert after.bands == before.bands
    assert after.bands != load_profile(run.case().base).bands
    ratio = "setting.exposure-ratio"
    assert after.measurements[ratio] == before.measurements[ratio]
    again = diagnose(run)
    assert (again.verdict, again.findings[0].cause) == (said.verdict, said.findings[0].cause)
    assert next(found.status for found in again.findings if found.cause == "learning-rate") == "absent"  # by FLUX.1's it is high


@pytest.mark.parametrize(
    ("given", "variable", "base"),
    [("me/a", "me/b", "me/a"), (None, "me/b", "me/b"), (None, None, DEFAULT_BASE), ("", "", DEFAULT_BASE)],
)
def test_the_base_is_the_users_choice(monkeypatch, given, variable, base):
    monkeypatch.delenv("FLUXDIAG_BASE", raising=False)
    if variable is not None:
        monkeypatch.setenv("FLUXDIAG_BASE", variable)
    assert chosen_base(given) == base


def test_a_run_from_before_limits_were_written_down_is_refused_without_its_base(run):
    changed(run, gather={"bands": {}, "step_formula": None})
    with pytest.raises(FluxdiagError, match="profile 'laboratory'") as refused:
        measure(run)
    assert "machine that has the base" in refused.value.do


def test_one_of_a_packaged_profile_is_measured_without_its_base(run):
    changed(run, gather={"bands": {}, "step_formula": None}, case={"base": "/gone/renamed", "profile": "flux1-schnell"})
    assert profile_of(run.case()).name == "flux1-schnell"
    assert measure(run).bands == load_profile("x/schnell").bands


CALLED = {
    "x/FLUX.1-schnell": True,
    "black-forest-labs/FLUX.1-dev": False,
    "schnell-fans/FLUX.1-dev": False,  # an owner
    "/home/schnell/FLUX.1-dev": False,
    "/data/flux-dev-and-schnell/FLUX.1-dev": False,
    "/data/FLUX.1-Schnell/": True,
    "/hub/models--black-forest-labs--FLUX.1-schnell/snapshots/0123abcd": True,
    "/home/schnell/hub/models--black-forest-labs--FLUX.1-dev/snapshots/0123abcd": False,
}


@pytest.mark.parametrize("base", CALLED)
def test_a_base_that_is_not_here_is_schnell_by_its_own_name_alone(base):
    assert (load_profile(base).name == "flux1-schnell") is CALLED[base]


SETTINGS = [
    ("schnell/copy", '{"guidance_embeds": false}', True),
    ("renamed", '{"guidance_embeds": false}', False),  # FLUX.1 [dev] that was trained to do without guidance, it may be
    ("dev-and-schnell", '{"guidance_embeds": true}', False),
    ("copy-of-schnell", "{}", True),  # its settings do not say
    ("schnell/copy", "{}", False),
]


@pytest.mark.parametrize(("folder", "said", "is_schnell"), SETTINGS)
def test_the_settings_of_a_base_that_is_here_have_the_last_word(tmp_path, folder, said, is_schnell):
    (tmp_path / folder / "transformer").mkdir(parents=True)
    (tmp_path / folder / "transformer" / "config.json").write_text(said)
    assert (load_profile(str(tmp_path / folder)).name == "flux1-schnell") is is_schnell


def test_where_the_base_is_its_own_profile_can_be_changed_and_tried(run, tmp_path):
    base = tmp_path / "base"
    base.mkdir()
    (base / "profile.toml").write_text(re.sub(r"rank = \{ low = 4, high = 32", "rank = { low = 5, high = 33", LABORATORY))
    changed(run, case={"base": str(base)})
    bands, formula = limits_of(run.case(), run.gather_info())
    assert (bands["rank"].low, formula.plus) == (5, 910)


def test_a_name_that_leads_elsewhere_is_no_packaged_profile(run):
    with pytest.raises(FluxdiagError):
        profile_of(run.case().model_copy(update={"profile": "../profiles/flux1-dev"}))
