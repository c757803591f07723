"""The head of the page: the verdict as a stranger is told it, and what overrules it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from fluxdiag.records import Diagnosis
from fluxdiag.reporting.findings import VERDICTS
from fluxdiag.reporting.gallery import Gallery

CITED = re.compile(r"(?P<value>-?[\d.]+) \((?P<interval>[^(),]+), scale\) (?P<rest>[^\[\]]+?) \[(?P<key>[\w.-]+)\]")
HEADLINES = {"identity.trigger": "Likeness", "trigger.effect": "Trigger effect", "bleed.class": "Bleed"}


@dataclass(frozen=True)
class Told:
    """`state` picks icon and colour: a verdict's own, or `changed`, which is never green."""

    state: str
    status: str
    sentence: str
    figures: str
    """what stands behind the sentence, where there is anything"""

    @property
    def do(self) -> str:
        """The heading over what to do first, where that is not the diagnosis' own fix."""
        return "Before anything else" if self.state == "changed" else ""


def told_of(diagnosis: Diagnosis, gallery: Gallery, hide: Callable[[object], str]) -> Told:
    """A verdict whose pictures are others now is not repeated as if it held; nor a healthy one whose pictures are gone."""
    words, figures = _sentence(diagnosis, hide)
    measured = f"As measured: {VERDICTS[diagnosis.verdict].lower()}. {words}"
    if gallery.swapped:
        return Told("changed", "PICTURES CHANGED", f"{_counted(gallery.swapped, gallery)} not what was measured.", measured)
    if gallery.missing and diagnosis.verdict == "healthy":
        return Told("changed", "PICTURES MISSING", f"{_counted(gallery.missing, gallery)} gone, so nobody can check.", measured)
    return Told(diagnosis.verdict, VERDICTS[diagnosis.verdict], words, figures)


def _counted(count: int, gallery: Gallery) -> str:
    return f"{count} of {len(gallery.tiles)} pictures {'is' if count == 1 else 'are'}"


def _sentence(diagnosis: Diagnosis, hide: Callable[[object], str]) -> tuple[str, str]:
    """What was left open in words, and in figures; any other verdict is one sentence, and so is `..., but: ...`."""
    sentence = hide(diagnosis.sentence)
    words, colon, figures = sentence.partition(": ")
    split = diagnosis.verdict == "undetermined" and colon and not words.endswith(", but")
    return (f"{words}.", CITED.sub(_named, figures)) if split else (sentence, "")


def _named(cited: re.Match[str]) -> str:
    """`0.37 (0.24 to 0.51, scale) is ... [identity.trigger]` -> `Likeness 0.37 (0.24 to 0.51) is ...`."""
    return f"{HEADLINES.get(cited['key'], cited['key'])} {cited['value']} ({cited['interval']}) {cited['rest']}"
