"""What most captions say of the person, joined so that `a woman with {description}` reads well."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from fluxdiag.dataset.finding import lexicon as lx
from fluxdiag.dataset.finding.spans import find_spans
from fluxdiag.records import Photo, Span

SHARE = 0.5
NO_ARTICLE = re.compile(
    r"(hair|skin|stubble|acne|vitiligo|makeup|make-up|clothing|jewel(le)?ry|mascara|lipstick|eyeliner|facial hair|\w*[^s]s)$"
)
DETERMINER = re.compile(r"^(?:a pair of|an?|the|her|his|their|some)\s+", re.IGNORECASE)
FILLERS = frozenset({"and", *lx.DEGREE})
AS_NOUN = (
    (re.compile(r"(.+?)[\s-]?haired$"), "hair"),
    (re.compile(r"(.+?)[\s-]?eyed$"), "eyes"),
    (re.compile(r"(.+?)[\s-]?skinned$"), "skin"),
    (re.compile(r"(.+?)[\s-]?faced$"), "face"),
    (re.compile(r"(blonde?)$"), "hair"),
    (re.compile(r"(bald)$"), "head"),
)
WORD_AS_NOUN = {"brunette": (("brown",), "hair"), "redhead": (("red",), "hair"), "ginger": (("red",), "hair"),
                "bearded": ((), "beard"), "freckled": ((), "freckles"), "tattooed": ((), "tattoos"),
                "bespectacled": ((), "glasses")}  # fmt: skip


@dataclass(frozen=True)
class Said:
    """A phrase as its noun and its adjectives in order."""

    kind: str
    head: str
    adjectives: tuple[str, ...]

    @property
    def text(self) -> str:
        words = " ".join((*self.adjectives, self.head))
        return words if NO_ARTICLE.search(self.head) else f"{'an' if words[0] in 'aeio' else 'a'} {words}"


def mined_description(photos: Iterable[Photo]) -> str | None:
    """The phrases that at least half of the captions share, in the order in which the captions say them; None without any."""
    captions = [[said for span in photo.appearance if (said := _said(span))] for photo in photos if photo.caption]
    phrases = [shared.text for head in _heads(captions) if (shared := _shared(head, captions))]
    return _listed(phrases) if phrases else None


def looks_in(clauses: Mapping[str, float]) -> dict[str, float]:
    """Clauses of captions and how often each came -> those that tell looks, the most frequent first; an expression is none."""
    told = {clause: n for clause, n in clauses.items() if any(span.kind != "expression" for span in find_spans(clause))}
    return dict(sorted(told.items(), key=lambda item: -item[1]))


def _heads(captions: Sequence[Sequence[Said]]) -> list[tuple[str, str]]:
    """(kind, noun) of all phrases, by the mean place that they have in a caption, first to last."""
    places: dict[tuple[str, str], list[int]] = {}
    for caption in captions:
        for place, said in enumerate(caption):
            places.setdefault((said.kind, said.head), []).append(place)
    return sorted(places, key=lambda head: sum(places[head]) / len(places[head]))


def _shared(head: tuple[str, str], captions: Sequence[Sequence[Said]]) -> Said | None:
    """The noun with the adjectives that half of all captions give it: `long brown hair` and `brown hair` share `brown hair`."""
    same = [[said for said in caption if (said.kind, said.head) == head] for caption in captions]
    least = SHARE * len(captions)
    if head[0] in ("clothing", "accessory"):  # a shirt of changing colours is no shirt that they share
        whole, count = Counter(said for caption in same for said in set(caption)).most_common(1)[0]
        return whole if count >= least else None
    if sum(bool(caption) for caption in same) < least:
        return None
    counts = Counter(word for caption in same for word in {word for said in caption for word in said.adjectives})
    order = {
        word: None for said, _ in Counter(said for caption in same for said in caption).most_common() for word in said.adjectives
    }
    adjectives = tuple(word for word in order if counts[word] >= least)
    return Said(*head, adjectives) if adjectives or not NEEDS_ADJECTIVE.fullmatch(head[1]) else None


NEEDS_ADJECTIVE = re.compile(
    lx.pattern(lx.EYE_HEADS, lx.SKIN_HEADS, lx.BODY_HEADS, lx.FACE_HEADS, ("hair", "head", "bob", "bun"))
)
"""a person has these anyway: without an adjective they say nothing"""


def _said(span: Span) -> Said | None:
    """A span as noun and adjectives; None for what cannot follow `with` (`young`, `her hair is long`, `smiling`)."""
    text = DETERMINER.sub("", " ".join(span.text.lower().split()))
    if text.startswith("no "):
        return None
    if text in WORD_AS_NOUN:
        adjectives, head = WORD_AS_NOUN[text]
        return Said(span.kind, head, adjectives)
    for pattern, head in AS_NOUN:
        if found := pattern.fullmatch(text):
            return Said(span.kind, head, tuple(re.split(r"[\s,]+", found[1])))
    words = [word for word in re.split(r"[\s,]+", text) if word not in FILLERS]
    stated = any(word in ("is", "are", "was", "were") for word in words)
    if stated or span.kind == "age" or (span.kind == "expression" and words[-1] not in NOUNS_OF_EXPRESSION):
        return None
    if len(words) == 1 and re.fullmatch(lx.pattern(lx.BODY, lx.BEAUTY, lx.ETHNICITY, ("pale", "tanned")), text):
        return None
    return Said(span.kind, words[-1], tuple(words[:-1]))


NOUNS_OF_EXPRESSION = frozenset({"smile", "grin", "frown", "smirk", "expression", "look", "gaze", "face"})


def _listed(phrases: list[str]) -> str:
    return phrases[0] if len(phrases) == 1 else f"{', '.join(phrases[:-1])} and {phrases[-1]}"
