"""A rule of the rewrite: what is looked for, and what takes its place.

Rules are long, for they hold whole lists of words, and to compile all of them takes seconds. So each is compiled when it is
first tried: a list of tags needs none of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True)
class Rule:
    """`into` is a template of `re.sub`; upper and lower case are one."""

    pattern: str
    into: str

    @cached_property
    def compiled(self) -> re.Pattern[str]:
        return re.compile(self.pattern, re.IGNORECASE)


def rules_of(pairs: Iterable[tuple[str, str]]) -> tuple[Rule, ...]:
    return tuple(Rule(pattern, into) for pattern, into in pairs)


def ruled(text: str, rules: Iterable[Rule]) -> str:
    """By each rule in turn. It is looked for first, as `sub` reads its template before it looks, and most find nothing."""
    for rule in rules:
        if rule.compiled.search(text):
            text = rule.compiled.sub(rule.into, text)
    return text
