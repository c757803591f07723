"""What a sweep says: every pair with its numbers, the pick, why, and how sure that is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from pydantic import ConfigDict, Field

from fluxdiag.records import Measurement, Record
from fluxdiag.rules.lines import PERSON_THERE
from fluxdiag.searching.trials import Trial


class Pair(Record):
    """One checkpoint at one strength. `look`: how far it came."""

    checkpoint: str
    step: int | None
    strength: float
    look: Literal[1, 2, 3]
    found: Trial
    faces: float = Field(description="share of the pairs of pictures in which both still show the face that the base shows")
    score: Measurement | None = Field(description="identity less bleed, by prompt; a pair of pictures that lost a face counts 0")
    behind: Measurement | None = Field(default=None, description="the pick's score less this one's, over the prompts of both")
    clear: bool = Field(description="drawn in full, and behind the pick also allowing for how many it was picked from")


class Again(Record):
    """The pick on pictures that it was not chosen by: its own numbers among the pairs flatter it."""

    other_prompts: bool = Field(description="whether the prompts are others too; else only the starting noise is")
    found: Trial
    faces: float = Field(description="as of a pair")
    score: Measurement | None = Field(description="as of a pair")
    ahead: Measurement | None = Field(description="its score less that of the next pair, on the same pictures")


class Sweep(Record):
    """All pairs, the best first, and the pick: the first of them."""

    schema_: Literal[1] = Field(default=1, alias="schema")
    pick: str
    pick_sha256: str
    strength: float
    why: str
    sure: str
    pairs: tuple[Pair, ...]
    again: Again | None = Field(
        default=None, description="None where there was nothing to choose from, and in sweeps from before"
    )
    skipped: dict[str, str]
    pictures: int = Field(description="drawn with a checkpoint on")

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


def why(pairs: Sequence[Pair], again: Again | None = None) -> str:
    """Of the first of them, the pick: by the pictures that it was not chosen by, where there are such."""
    pick = pairs[0]
    shown = pick.found if again is None else again.found
    identity, bleed = shown.identity, shown.bleed
    if identity is None or bleed is None:
        return "It shows the most of the person, but too few faces can be measured for an interval."
    said = f"Likeness is {identity.value:.2f} when the person is called and {bleed.value:.2f} when not"
    said += f": {_widest(pairs)}." if again is None else f", {_on(again)}. It was chosen for {_widest(pairs)}."
    if pick.faces < 1:
        said += f" In {1 - pick.faces:.0%} of the pairs of pictures a face was lost that the base shows, and they count nothing."
    return said if identity.value >= PERSON_THERE else f"{said} But none of them shows the person well ({PERSON_THERE:g} would)."


def _on(again: Again) -> str:
    if again.other_prompts:
        return "on prompts that it was not chosen by"
    return "with starting noise that it was not chosen by, on the same prompts, which flatter it still"


def _widest(pairs: Sequence[Pair]) -> str:
    """What left at an earlier look may have looked better on its few prompts than the pick does on all."""
    scores = [pair.score.value for pair in pairs if pair.score is not None]
    return "the widest difference" if scores and scores[0] >= max(scores) else "the widest difference of those drawn in full"


def how_sure(pairs: Sequence[Pair], again: Again | None = None) -> str:
    """What the pick cannot be told from. Of what left at the first look nothing is claimed: so few prompts tell too little."""
    others, early = [pair for pair in pairs[1:] if pair.look > 1], [pair for pair in pairs[1:] if pair.look == 1]
    if not pairs[1:]:
        return "There was nothing to compare it with."
    counted = f"{len(early)} {'more ' if others else ''}pair{'' if len(early) == 1 else 's'}"
    left = f"{counted} went no further than the first few prompts, being behind on those."
    return " ".join([*([_told(others)] if others else []), *([left] if early else []), *_ahead(pairs, again)])


def _ahead(pairs: Sequence[Pair], again: Again | None) -> list[str]:
    if again is None or again.ahead is None:
        return []
    lead, second = again.ahead, pairs[1]
    place = f"{lead.value:.2f} [{lead.low:.2f}, {lead.high:.2f}]"
    return [f"On pictures that chose neither, its difference less that of {second.checkpoint} at {second.strength:g} is {place}."]


def _told(others: Sequence[Pair]) -> str:
    rivals = [pair for pair in others if not pair.clear]
    if not rivals:
        each = "the other one" if len(others) == 1 else f"each of the {len(others)} others"
        return f"Clearly better than {each} drawn in full."
    near = ", ".join(f"{pair.checkpoint} at {pair.strength:g}" for pair in rivals[:3])
    more = f" and {len(rivals) - 3} more" if len(rivals) > 3 else ""
    if len(rivals) == len(others):
        return f"It cannot be told from {near}{more}."
    told = len(others) - len(rivals)
    return f"Clearly better than {told} of the {len(others)} others drawn in full; cannot be told from {near}{more}."
