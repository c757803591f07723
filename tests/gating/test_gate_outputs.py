"""What the gate tells whom: counts that say the exit code, and other people's text that stays text in each format."""

import json
import re
import xml.etree.ElementTree as ET

import pytest
from gates import HOSTILE, UNSEEN, answer, number, result
from hypothesis import given
from hypothesis import strategies as st

from fluxdiag.gating.badge import badge
from fluxdiag.gating.judging import effect_of, warnings_of
from fluxdiag.gating.junit import junit
from fluxdiag.gating.policy import Line
from fluxdiag.gating.result import Result
from fluxdiag.gating.summary import summary
from fluxdiag.gating.terminal import terminal
from fluxdiag.gating.words import code, line
from fluxdiag.records import Change
from fluxdiag.runs import as_json

ANY_TEXT = st.text(st.characters(codec=None, categories=None), max_size=80)


@st.composite
def results(draw) -> Result:
    """Any result that judging can give, with any text in it."""
    chosen = Line(
        level=draw(st.sampled_from(["off", "warn", "error"])),
        undetermined=draw(st.sampled_from(["error", "warn", "pass"])),
        unmeasured=draw(st.sampled_from(["error", "warn", "pass"])),
    )
    answers = ["skipped"] if chosen.level == "off" else ["pass", "fail", "undetermined", "unmeasured", "skipped"]
    outcome = draw(st.sampled_from(answers))
    waived = draw(st.booleans())
    effect = effect_of(outcome, chosen)
    return Result(
        id=draw(st.sampled_from(["bleed.class", "verdict", "cause.*.status", "identity.trigger @ strength 0.5"])),
        kind=draw(st.sampled_from(["assert", "regression"])),
        level=chosen.level,
        needs="at most 0.5",
        outcome=outcome,
        effect="waived" if waived and effect in ("error", "warn") else effect,
        found="0.5",
        why=draw(ANY_TEXT),
        waived=draw(ANY_TEXT) if waived else None,
    )


@given(st.lists(results(), max_size=12), ANY_TEXT, st.none() | st.integers(0, 4))
def test_junit_counts_say_the_exit_code_at_every_level(judged, name, most):
    judged = [*judged, *warnings_of(judged, most)]
    gate = answer(*judged, lora=name)
    assert gate.exit_code == 1 or most is None or gate.counts.get("warned", 0) <= most
    root = ET.fromstring(junit(gate))

    failures, errors = int(root.get("failures")), int(root.get("errors"))
    assert gate.exit_code == (1 if failures else 3 if errors else 0)
    for suite in [root, *root.iter("testsuite")]:
        assert int(suite.get("tests")) == len(list(suite.iter("testcase")))
        assert int(suite.get("failures")) == len(list(suite.iter("failure")))
        assert int(suite.get("errors")) == len(list(suite.iter("error")))
        assert int(suite.get("skipped")) == len(list(suite.iter("skipped")))
    assert int(root.get("tests")) == len(judged) == sum(gate.counts.values())


def test_what_blocks_is_counted_first_whatever_the_policys_order():
    gate = answer(
        result(outcome="fail", effect="warn", level="warn"),
        result(),
        result(outcome="undetermined", effect="error"),
        result(outcome="skipped", effect="off"),
        result(outcome="fail", effect="error"),
    )
    assert gate.headline == "failed: 1 failed, 1 undetermined, 1 warned, 1 passed, 1 skipped"


def test_junit_holds_what_was_found_needed_and_why():
    case = ET.fromstring(junit(answer(result(outcome="fail", effect="error", found="0.57", measurement=number(), why="so"))))[0][
        1
    ]

    assert case.get("classname") == "fluxdiag.bleed"
    assert case.find("failure").text == "found: 0.57\nneeded: at most 0.5\nn: 8\nso"


def test_what_has_no_answer_is_never_a_passed_case():
    root = ET.fromstring(junit(answer(result(outcome="unmeasured", effect="pass"))))

    assert root.get("skipped") == "1"


# ------------------------------------------------------------------------------------------------ hostile text


def hostile():
    told = {"found": HOSTILE, "why": HOSTILE}
    return answer(
        result(outcome="fail", effect="error", **told),
        result("verdict", outcome="unmeasured", effect="error", **told),
        result("leak.nearest", outcome="fail", effect="waived", waived=HOSTILE, **told),
        result("cause.*.status", **told),
        policy=HOSTILE,
        lora=HOSTILE,
        sentence=HOSTILE,
        notes=(HOSTILE,),
        prescription=(Change(setting=HOSTILE, to=HOSTILE, because=HOSTILE),),
    )


@pytest.mark.parametrize("write", [terminal, summary, junit, lambda gate: badge(gate, 0.5)])
def test_unseen_characters_are_spelt_out_in_every_output(write):
    written = write(hostile())

    assert [character for character in UNSEEN if character in written] == []


def test_junit_with_hostile_text_is_well_formed():
    root = ET.fromstring(junit(hostile()))

    assert "<script>alert(1)</script>" in root.find(".//failure").text
    assert root.find(".//script") is None


def test_no_line_of_the_terminal_can_be_a_command_to_githubs_runner():
    for written in terminal(hostile()).splitlines():
        assert not written.strip().startswith("::")
        assert "##[" not in written


def spans_taken_out(markdown: str) -> str:
    """Markdown without its code spans, by CommonMark's rule: a fence ends at the next run of as many backticks."""
    return re.sub(r"(?<!`)(`+)(?!`)(.*?)(?<!`)\1(?!`)", "", markdown, flags=re.DOTALL)


def test_the_summary_holds_hostile_text_in_code_spans_only():
    outside = spans_taken_out(summary(hostile()))

    for mark in ("<script", "@everyone", "[link]", "&amp;", "*b*", "{{x}}"):
        assert mark not in outside
    assert summary(hostile()).count("<details>") == summary(hostile()).count("</details>") == 1


def test_a_table_row_has_as_many_cells_as_its_head_whatever_was_found():
    rows = [row for row in summary(hostile()).splitlines() if row.startswith("|")]

    assert {row.count("|") for row in rows} == {5}


@given(ANY_TEXT)
def test_a_code_span_holds_all_of_its_text_on_one_line(text):
    span = code(text)

    assert "\n" not in span
    assert spans_taken_out(f"a {span} b") == "a  b"
    assert "<!--" not in span


@given(ANY_TEXT)
def test_a_line_is_one_line(text):
    assert len(line(text).splitlines()) <= 1


# ------------------------------------------------------------------------------------------------ summary, badge, JSON


def test_a_huge_summary_stays_under_20_kb_and_says_that_it_was_cut():
    many = [result(f"bleed.x{place}", "fail", "error", found="0.6", why="é" * 5000) for place in range(500)]
    written = summary(answer(*many, sentence="é" * 9000, notes=("é" * 9000,) * 50))

    assert len(written.encode()) < 20_000
    assert "did not fit" in written
    assert "and 440 more" in written


@pytest.mark.parametrize(
    ("judged", "message", "colour"),
    [
        ([result()], "passed · likeness 0.60", "brightgreen"),
        ([result(), result("verdict", "fail", "warn")], "passed · likeness 0.60 · 1 warned", "orange"),
        ([result(outcome="fail", effect="error")], "1 failed", "red"),
        ([result(outcome="unmeasured", effect="error")], "undetermined", "lightgrey"),
    ],
)
def test_the_badge_is_what_shields_reads(judged, message, colour):
    assert json.loads(badge(answer(*judged), 0.6)) == {
        "schemaVersion": 1,
        "label": "fluxdiag",
        "message": message,
        "color": colour,
    }


def test_the_json_is_one_object_with_schema_status_and_exit_code():
    content = json.loads(as_json(answer(result(outcome="fail", effect="error", measurement=number()))))

    assert (content["schema"], content["status"], content["exit_code"], content["counts"]) == (1, "failed", 1, {"failed": 1})
    assert content["results"][0]["measurement"]["n"] == 8
