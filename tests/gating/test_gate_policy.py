"""Policies as files: what merges over what, where each line came from, and mistakes that name file and key."""

import pytest

from fluxdiag.errors import FluxdiagError
from fluxdiag.gating.reading import preset_names, read_policy
from fluxdiag.gating.showing import shown
from fluxdiag.toml_text import toml


@pytest.fixture
def policy(tmp_path):
    def write(text, name="mine.toml"):
        (tmp_path / name).write_text(text, encoding="utf-8")
        return read_policy(str(tmp_path / name))

    return write


def values(policy):
    """Everything a policy says, without origins."""
    plain = lambda fields: {name: given.value for name, given in fields.items()}  # noqa: E731
    return (
        plain(policy.defaults),
        {id_: plain(fields) for id_, fields in policy.asserts.items()},
        {id_: plain(fields) for id_, fields in policy.regression.items()},
        policy.required.value,
        [waiver for waiver, _ in policy.waivers],
    )


def test_presets_are_the_three_that_are_documented():
    assert preset_names() == ("hobby", "marketplace", "studio")


@pytest.mark.parametrize("name", preset_names())
def test_each_limit_of_a_preset_cites_a_source_beside_it(name):
    from fluxdiag.gating.reading import PRESETS

    text = (PRESETS / f"{name}.toml").read_text(encoding="utf-8")
    limits = [line for line in text.splitlines() if any(f"{word} = " in line for word in ("min", "max", "max_drop", "max_rise"))]

    assert [line for line in limits if "#" not in line] == []
    assert len(limits) > 5
    assert "docs/calibration.md" in text


@pytest.mark.parametrize("name", preset_names())
def test_a_printed_policy_reads_back_as_the_same_policy(policy, name):
    before = read_policy(name)

    assert values(policy(shown(before))) == values(before)


@pytest.mark.parametrize("reason", ["by hand \U0001f600, see the ticket", '\u007f, " and \\', "plain"])
def test_a_printed_policy_reads_back_whatever_is_written_in_it(policy, reason):
    """TOML knows no surrogate pairs, which JSON makes of what lies beyond U+FFFF."""
    waived = 'schema = 1\n[assert]\n"bleed.class" = { max = 0.5 }\n[[waive]]\nid = "bleed.class"\nuntil = 2099-01-01\nreason = '
    before = policy(waived + toml(reason))

    assert before.waivers[0][0].reason == reason
    assert values(policy(shown(before), "printed.toml")) == values(before)


def test_later_layers_win_field_by_field_and_origins_are_kept(policy):
    merged = policy('schema = 1\nextends = ["marketplace"]\n[assert]\n"bleed.class" = { level = "warn" }\n')

    assert {key: (given.value, given.origin) for key, given in merged.asserts["bleed.class"].items()} == {
        "max": (0.5, "preset marketplace"),
        "level": ("warn", "mine.toml"),
    }
    assert "# mine.toml" in shown(merged)
    assert "# preset marketplace" in shown(merged)


def test_files_extend_files_beside_them(policy):
    policy('schema = 1\n[assert]\n"verdict" = { equals = "healthy" }\n', "house.toml")
    merged = policy('schema = 1\nextends = ["house.toml"]\n[defaults]\nlevel = "warn"\n')

    assert merged.line("verdict").level == "warn"


def test_files_of_one_name_are_told_apart(policy, tmp_path):
    (tmp_path / "team").mkdir()
    policy('schema = 1\n[assert]\n"verdict" = { equals = "healthy" }\n', "team/gate.toml")
    text = shown(policy('schema = 1\nextends = ["team/gate.toml"]\n[defaults]\nlevel = "warn"\n', "gate.toml"))

    assert {"# team/gate.toml", "# gate.toml"} <= {line[line.rindex("#") :] for line in text.splitlines() if "#" in line}


def test_a_line_with_a_level_only_takes_the_condition_of_its_pattern(policy):
    merged = policy('schema = 1\n[assert]\n"cause.*.status" = { equals = "absent" }\n"cause.wrong-rank.status" = "warn"\n')

    line = merged.line("cause.wrong-rank.status")
    assert (line.equals, line.level) == ("absent", "warn")


def test_ids_need_no_quotes(policy):
    merged = policy('schema = 1\n[assert]\nbleed.class = { max = 0.5 }\ncause.wrong-rank.status = { equals = "absent" }\n')

    assert set(merged.asserts) == {"bleed.class", "cause.wrong-rank.status"}


MISTAKES = {
    "no TOML": ("schema = ", "cannot be read as TOML"),
    "no schema": ('[assert]\n"verdict" = { equals = "healthy" }', "schema"),
    "another schema": ('schema = 9\n[assert]\n"verdict" = { equals = "healthy" }', "schema"),
    "misspelt section": ('schema = 1\n[asserts]\n"verdict" = { equals = "healthy" }', "nearest known one is `assert`"),
    "misspelt field": ('schema = 1\n[assert]\n"bleed.class" = { maxx = 1.0 }', "nearest known one is `max`"),
    "misspelt level": ('schema = 1\n[assert]\n"bleed.class" = "eror"', "level"),
    "level as a number": ('schema = 1\n[assert]\n"bleed.class" = 3', '"bleed.class"'),
    "limit as text": ('schema = 1\n[assert]\n"bleed.class" = { max = "0.5" }', "max"),
    "limit as truth": ('schema = 1\n[assert]\n"bleed.class" = { max = true }', "max"),
    "limit that is no number": ('schema = 1\n[assert]\n"bleed.class" = { max = nan }', "max"),
    "nothing": ("schema = 1", "asserts nothing"),
    "all off": ('schema = 1\n[assert]\n"bleed.class" = "off"', "asserts nothing"),
    "no condition": ('schema = 1\n[assert]\n"bleed.class" = "warn"', "has no condition"),
    "min above max": ('schema = 1\n[assert]\n"bleed.class" = { min = 2, max = 1 }', "nothing could pass"),
    "limits and equals": ('schema = 1\n[assert]\n"bleed.class" = { min = 2, equals = 3 }', "at once"),
    "unknown preset": ('schema = 1\nextends = ["market"]', "there is no such policy"),
    "extends itself": ('schema = 1\nextends = ["mine.toml"]', "extends itself"),
    "negative drop": ('schema = 1\n[regression]\n"bleed.class" = { max_drop = -1 }', "max_drop"),
    "regression without a limit": ('schema = 1\n[regression]\n"bleed.class" = "warn"', "neither max_drop nor max_rise"),
    "waiver without a date": ('schema = 1\n[[waive]]\nid = "verdict"\nreason = "x"', "until"),
    "waiver without a reason": ('schema = 1\n[[waive]]\nid = "verdict"\nreason = " "\nuntil = 2027-01-01', "reason"),
    "assert is no table": ("schema = 1\nassert = 3", "is not a table"),
    "defaults is no table": ("schema = 1\ndefaults = 3", "defaults"),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_named_with_its_file(policy, mistake):
    text, what = MISTAKES[mistake]

    with pytest.raises(FluxdiagError) as error:
        policy(text)

    assert what in str(error.value)
    assert mistake == "unknown preset" or "mine" in str(error.value)
    assert error.value.do


def test_a_policy_that_is_not_there_names_the_presets(tmp_path):
    with pytest.raises(FluxdiagError, match="hobby, marketplace, studio"):
        read_policy(str(tmp_path / "none.toml"))
