"""How much of the person do the captions give away? Counted, not estimated; expressions are no appearance."""

from __future__ import annotations

import re
from collections.abc import Iterator

from fluxdiag.errors import CannotMeasure
from fluxdiag.instruments.readings import exact
from fluxdiag.instruments.tables import Tables
from fluxdiag.records import Case, Gap, Measurement
from fluxdiag.registry import instrument


@instrument(gives=("captions.appearance-share", "captions.appearance-phrases", "captions.trigger-share"))
def measure(tables: Tables) -> Iterator[Measurement | Gap]:
    captioned = [photo for photo in tables.case.photos if photo.caption is not None]
    if not captioned:
        raise CannotMeasure(
            tables.case.gaps.get("captions", tables.case.gaps.get("photos", "the training captions are not known"))
        )
    phrases = [sum(span.kind != "expression" for span in photo.appearance) for photo in captioned]
    yield exact("captions.appearance-share", sum(count > 0 for count in phrases) / len(phrases), "share of captions")
    yield exact("captions.appearance-phrases", sum(phrases) / len(phrases), "per caption")
    yield _trigger_share(tables.case, [str(photo.caption) for photo in captioned])


def _trigger_share(case: Case, captions: list[str]) -> Measurement | Gap:
    """Whole words, whatever the case, as the trigger is looked for everywhere."""
    key = "captions.trigger-share"
    if case.trigger is None:
        return Gap(key=key, reason=case.gaps.get("trigger", "the trigger is not known"))
    word = re.compile(rf"(?<!\w){re.escape(str(case.trigger.value))}(?!\w)", re.IGNORECASE)
    return exact(key, sum(word.search(caption) is not None for caption in captions) / len(captions), "share of captions")
