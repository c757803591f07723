"""Rules of the rewrite are compiled when they are first tried."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

from fluxdiag.dataset.rewriting import closing, going_along, leaning, rules, sentences, somebody
from fluxdiag.dataset.rewriting.rule import Rule, ruled, rules_of

TABLES = {
    "leaning": leaning.LEANING, "going along": going_along.WHAT_GOES_ALONG, "somebody": somebody.GOES_ON_TO, "rules": rules.RULES,
    "closing": closing.CLOSE, "tidy": closing.TIDY, "mended": sentences.MENDED,
}  # fmt: skip
COMPILED = """
from fluxdiag.dataset.rewriting import rules, leaning
from fluxdiag.dataset.rewriting.rewrite import without_appearance
without_appearance({caption!r})
print(sum("compiled" in vars(rule) for rule in (*rules.RULES, *leaning.LEANING)))
"""


@pytest.mark.parametrize("table", sorted(TABLES))
def test_every_rule_is_an_expression_whose_template_fits(table: str) -> None:
    for rule in TABLES[table]:
        groups = rule.compiled.groups
        assert all(int(digit) <= groups for digit in re.findall(r"\\(\d)", rule.into)), rule.into


@pytest.mark.parametrize(
    ("caption", "needs_rules"),
    [("1girl, solo, red hair, park", False), ("a beach at noon", False), ("A woman with red hair sits in a park.", True)],
)
def test_what_needs_no_rule_compiles_none(caption: str, needs_rules: bool) -> None:
    program = COMPILED.format(caption=caption)
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)

    assert (int(done.stdout) > 0) == needs_rules


def test_rules_apply_in_turn() -> None:
    assert ruled("a B", rules_of([("a", "b"), (r"(b) b", r"\1")])) == "b"
    assert Rule("A", "").compiled.search("a")
