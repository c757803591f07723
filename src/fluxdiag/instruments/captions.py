"""How much of the person do the captions give away? Counted, not estimated; expressions are no appearance."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from fluxdiag.errors import CannotMeasure
from fluxdiag.instruments.readings import exact
from fluxdiag.instruments.tables import Tables
from fluxdiag.records import Case, Gap, Measurement, Photo
from fluxdiag.registry import instrument


@instrument(gives=("captions.appearance-share", "captions.appearance-phrases", "captions.trigger-share"))
def measure(tables: Tables) -> Iterator[Measurement | Gap]:
    captioned = [photo for photo in tables.case.photos if photo.caption is not None]
    if not captioned:
        raise CannotMeasure(
            tables.case.gaps.get("captions", tables.case.gaps.get("photos", "the training captions are not known"))
        )
    yield from _appearance(captioned)
    yield _trigger_share(tables.case, [str(photo.caption) for photo in captioned])


def _appearance(captioned: Sequence[Photo]) -> Iterator[Measurement | Gap]:
    """Of the captions that were judged; where most were not, those in English say nothing of the others."""
    share, each = "captions.appearance-share", "captions.appearance-phrases"
    phrases = [sum(span.kind != "expression" for span in photo.appearance) for photo in captioned if photo.unjudged is None]
    if 2 * len(phrases) < len(captioned):
        why = next(photo.unjudged for photo in captioned if photo.unjudged is not None)
        reason = f"{len(captioned) - len(phrases)} of {len(captioned)} captions were not judged ({why})"
        yield from (Gap(key=key, reason=reason) for key in (share, each))
        return
    yield exact(share, sum(count > 0 for count in phrases) / len(phrases), "share of captions")
    yield exact(each, sum(phrases) / len(phrases), "per caption")


def _trigger_share(case: Case, captions: list[str]) -> Measurement | Gap:
    """Whole words, whatever the case, as the trigger is looked for everywhere."""
    key = "captions.trigger-share"
    if case.trigger is None:
        return Gap(key=key, reason=case.gaps.get("trigger", "the trigger is not known"))
    word = re.compile(rf"(?<!\w){re.escape(str(case.trigger.value))}(?!\w)", re.IGNORECASE)
    return exact(key, sum(word.search(caption) is not None for caption in captions) / len(captions), "share of captions")
