"""A file that is not right is told of in our own words: which key, what belongs there, what is there."""

import tomllib

import pytest
from pydantic import BaseModel, ValidationError

from fluxdiag.engines.faces.pack import PackFile
from fluxdiag.errors_in_files import why
from fluxdiag.gating.policy import Defaults, Layer, Line, Regression, Waiver
from fluxdiag.profiles import HERE, Profile
from fluxdiag.records import ExitCode, Shot, Suite
from fluxdiag.suites import load_suite
from fluxdiag.weighing.calibration import Calibration

PYDANTIC = ("Input should", "Field required", "Extra inputs", "valid dictionary", "instance of", "Value error", "String should")

WRONG = [
    (Layer, {"extends": ["hobby"]}, "`schema = 1` is missing"),
    (Layer, {"schema": 2}, "`schema` must be 1, and is 2"),
    (Layer, {"schema": 1, "extends": "hobby"}, '`extends` must be a list in square brackets, and is "hobby"'),
    (Layer, {"schema": 1, "extends": [7]}, "extends: entry 1 must be text, and is 7"),
    (Layer, {"schema": 1, "extend": []}, "`extend` is no key that belongs here"),
    (Layer, {"schema": 1, "waive": [{"id": "x", "reason": "y"}]}, "waive, entry 1: the key `until` is missing"),
    (Waiver, {"id": "", "reason": "y", "until": "2026-01-01"}, "`id` is empty"),
    (Waiver, {"id": "x", "reason": "y", "until": "soon"}, '`until` must be a day such as 2026-12-31, and is "soon"'),
    (Defaults, 3, "must be a table, and is 3"),
    (Line, {"min": "high"}, '`min` must be a number, and is "high"'),
    (Line, {"min": float("nan")}, "`min` must be a number, and is NaN"),
    (Line, {"level": "block"}, '`level` must be "off", "warn" or "error", and is "block"'),
    (Line, {"equals": True}, "`equals` must be text or a number, and is true"),
    (Line, {"equals": []}, "`equals` must be text or a number, and is a list"),
    (Regression, {"max_drop": -1}, "`max_drop` must be at least 0, and is -1"),
    (PackFile, {"smallest_face": 0}, "`smallest_face` must be above 0, and is 0"),
    (PackFile, {"smallest_face": "x" * 99}, f'`smallest_face` must be a whole number, and is "{"x" * 59}…'),
    (PackFile, {"detector": {"file": "a.onnx"}}, "[detector] and [recogniser] are declared together or not at all"),
    (PackFile, {"detector": {"file": "../a.onnx"}}, 'detector: `file` is not of the form that belongs there, and is "../a.onnx"'),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "content", "sentence"), WRONG, ids=[sentence for *_, sentence in WRONG])
def test_what_is_wrong_is_named_with_what_belongs_there(kind: type[BaseModel], content, sentence):
    with pytest.raises(ValidationError) as wrong:
        kind.model_validate(content)
    assert why(wrong.value) == sentence


def test_the_first_mistake_is_the_one_that_is_told():
    with pytest.raises(ValidationError) as wrong:
        Line.model_validate({"min": "low", "max": "high"})
    assert why(wrong.value) == '`min` must be a number, and is "low"'


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "it is no JSON (EOF while parsing a value at line 1 column 0)"),
        ("[]", "must be a table, and is a list"),
        ("{}", "the key `name` is missing"),
    ],
)
def test_a_file_of_json_likewise(text, sentence):
    with pytest.raises(ValidationError) as wrong:
        Calibration.model_validate_json(text)
    assert why(wrong.value) == sentence


def test_bytes_that_are_no_text_are_counted():
    with pytest.raises(UnicodeDecodeError) as wrong:
        b"gr\xfcn".decode()
    assert why(wrong.value) == "byte 3 is not UTF-8 text"


def spoilt(content, value):
    """The content with one value after another replaced."""
    if isinstance(content, dict):
        for key, inner in content.items():
            yield {**content, key: value}
            yield from ({**content, key: changed} for changed in spoilt(inner, value))
    elif isinstance(content, list) and content:
        yield from ([changed, *content[1:]] for changed in spoilt(content[0], value))


@pytest.mark.parametrize("value", [None, "x", -1, 1.5, True, [], {}, [[1]], {"a": 1}], ids=repr)
@pytest.mark.parametrize("kind", [Suite, Profile])
def test_no_value_anywhere_brings_out_pydantics_own_words(kind, value):
    file = load_suite("quick")[1] if kind is Suite else HERE / "flux1-dev.toml"
    told = set()
    for content in spoilt(tomllib.loads(file.read_text(encoding="utf-8")), value):
        try:
            kind.model_validate(content)
        except ValidationError as wrong:
            told.add(why(wrong))
    assert len(told) > 5
    assert [said for said in told if any(word in said for word in PYDANTIC) or "something else" in said] == []


def test_a_line_of_many_is_named_by_its_number(fluxdiag, tmp_path):
    from reported import judged

    run = judged(tmp_path / "run")
    lines = run.shots_file.read_text(encoding="utf-8").splitlines(keepends=True)
    lines[2] = Shot.model_validate_json(lines[2]).model_dump_json().replace('"seed"', '"sed"') + "\n"
    run.shots_file.write_text("".join(lines), encoding="utf-8")
    done = fluxdiag("measure", run.folder)
    assert done.code == ExitCode.USAGE
    assert f"{run.shots_file}, line 3: no Shot of this version: the key `seed` is missing" in done.mistake


def test_a_policy_that_another_extends_is_told_with_that_one(fluxdiag, tmp_path):
    mine = tmp_path / "mine.toml"
    mine.write_text('schema = 1\nextends = ["theirs.toml"]\n')
    done = fluxdiag("gate", "--print-policy", "--policy", mine)
    assert done.code == ExitCode.USAGE
    assert done.mistake.startswith(f"fluxdiag: {mine}: extends: theirs.toml: there is no such policy. ")
