"""Where a base's weights come from, and what is refused."""

import shutil
from pathlib import Path

import pytest

from fluxdiag.errors import FluxdiagError
from fluxdiag.runs import as_json
from fluxdiag.weighing.calibration import PRIOR, Calibration, CauseWeights, load_calibration

PROFILE = Path(__file__).parents[2] / "src" / "fluxlab" / "profile.toml"
OURS = Calibration(
    name="ours",
    profile="laboratory",
    about="made up",
    subjects=("1", "2"),
    loras=20,
    ridge=1,
    prior={"wrong-rank:low": 0.1},
    causes=(CauseWeights(target="wrong-rank:low", intercept=0.1, positives=4, negatives=16, weights=()),),
)


@pytest.fixture
def base(tmp_path, monkeypatch) -> Path:
    monkeypatch.delenv("FLUXDIAG_CALIBRATION", raising=False)
    shutil.copyfile(PROFILE, tmp_path / "profile.toml")
    return tmp_path


def test_a_base_without_weights_has_none(base):
    assert load_calibration(str(base)) is None


def test_weights_in_the_base_folder_are_found(base):
    (base / "calibration.json").write_text(as_json(OURS))
    assert load_calibration(str(base)) == OURS


def test_the_environment_names_a_users_own(base, tmp_path, monkeypatch):
    mine = tmp_path / "mine.json"
    mine.write_text(as_json(OURS))
    monkeypatch.setenv("FLUXDIAG_CALIBRATION", str(mine))
    assert load_calibration(str(base)) == OURS


def test_the_profile_may_name_a_file_beside_the_base(base):
    text = (base / "profile.toml").read_text()
    (base / "profile.toml").write_text(text.replace('calibration = "laboratory"', 'calibration = "weights/ours.json"'))
    (base / "weights").mkdir()
    (base / "weights" / "ours.json").write_text(as_json(OURS))
    assert load_calibration(str(base)).name == "ours"


def test_weights_of_another_base_are_refused(base):
    (base / "calibration.json").write_text(as_json(OURS.model_copy(update={"profile": "flux1-dev"})))
    with pytest.raises(FluxdiagError, match="fitted on 'flux1-dev'"):
        load_calibration(str(base))


def test_a_file_that_is_none_is_refused_by_name(base):
    (base / "calibration.json").write_text("{}")
    with pytest.raises(FluxdiagError, match=r"calibration\.json: not a calibration"):
        load_calibration(str(base))


def test_a_prior_that_is_not_stated_is_the_usual_one():
    assert OURS.prior_of("wrong-rank:low") == 0.1
    assert OURS.prior_of("wrong-rank:high") == PRIOR
