"""A rule that is asked only where certain words stand would have found nothing elsewhere."""

from __future__ import annotations

from collections.abc import Set
from pathlib import Path

import pytest
from tests.dataset.score_captions import read

from fluxdiag.dataset.finding import ages, expressions, spans
from fluxdiag.dataset.finding.so_far import State, may_name
from fluxdiag.dataset.finding.tokens import Token, tokens

Captions = list[tuple[Token, ...]]
SETS = ("dev", "fresh3", "fresh4", "fresh12")
TABLES = (spans.PARTS, spans.MOMENTS, spans.SUBJECTS, spans.ASIDES, spans.STATED, spans.MOODS)


@pytest.fixture(scope="module")
def captions() -> Captions:
    return [tokens(one.caption) for name in SETS for one in read(Path(__file__).parent / "labelled" / name)]


@pytest.mark.parametrize(
    ("rule", "opened_by"),
    [pytest.param(rule, words, id=rule.__name__) for table in TABLES for rule, words in table if words is not None],
)
def test_a_rule_finds_nothing_without_its_words(captions: Captions, rule: spans.Rule, opened_by: Set[str]) -> None:
    silent = [words for words in captions if {token.key for token in words}.isdisjoint(opened_by)]
    assert not [list(rule(words)) for words in silent if list(rule(words))]


def test_no_expression_is_told_by_another_word(captions: Captions) -> None:
    for words in captions:
        for at, token in enumerate(words):
            if token.key not in expressions.TELLING:
                assert not [*expressions._told_around(words, at), *expressions._told_by(words, at)]


def test_no_age_begins_with_another_word(captions: Captions) -> None:
    for words in captions:
        for at, token in enumerate(words):
            if not ages._may_open(token.key):
                assert all(read_age(words, at) is None for read_age in ages.READERS)


def test_nobody_is_named_by_another_word(captions: Captions) -> None:
    for words in captions:
        for at, token in enumerate(words):
            if not may_name(token.key):
                assert State().being(words, at) is None
