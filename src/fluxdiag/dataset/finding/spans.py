"""Where a caption describes the person: every rule over one caption, and of what overlaps the longest.

What belongs to another person, an animal or a thing is left alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from dataclasses import replace

from fluxdiag.dataset.finding import grammar as gr
from fluxdiag.dataset.finding import lexicon as lx
from fluxdiag.dataset.finding.adjectives import adjectives, contrasted
from fluxdiag.dataset.finding.ages import ages
from fluxdiag.dataset.finding.altered import ALTERS, altered
from fluxdiag.dataset.finding.asides import LEADS_ASIDE, absolutes, asides
from fluxdiag.dataset.finding.bearing import SHELTERS, TELLS_MARK, bears, between_commas, sheltering
from fluxdiag.dataset.finding.bodies import TELLS_BODY, bodies
from fluxdiag.dataset.finding.cast import Cast, cast
from fluxdiag.dataset.finding.clauses import clauses
from fluxdiag.dataset.finding.expressions import expressions
from fluxdiag.dataset.finding.felt import TELLS_MOOD, felt
from fluxdiag.dataset.finding.fleeting import DOES, fleeting, same_clause
from fluxdiag.dataset.finding.headings import confined, under_heading
from fluxdiag.dataset.finding.loose import loose
from fluxdiag.dataset.finding.naming import is_plural, lends
from fluxdiag.dataset.finding.owners import belongs_to_character
from fluxdiag.dataset.finding.phrases import OUTLINES, Phrase, body_phrases, shapes
from fluxdiag.dataset.finding.pieces_on_body import (
    PAINTED,
    RINGS,
    STICKS,
    STRAPS,
    TELLS_PATCH,
    fastened,
    painted,
    patches,
    straps,
    stuck,
    under_eyes,
)
from fluxdiag.dataset.finding.resumed import TAKES_UP, resumed
from fluxdiag.dataset.finding.sections import parted, sections
from fluxdiag.dataset.finding.strapped import strapped
from fluxdiag.dataset.finding.subjects import LEADS_HEAD, heads
from fluxdiag.dataset.finding.tags import tags
from fluxdiag.dataset.finding.tokens import Token, tokens
from fluxdiag.dataset.finding.upon import FASTENED, LIES_UPON, OWNED, upon_body
from fluxdiag.dataset.finding.wardrobe import worn
from fluxdiag.dataset.finding.worn_at import AT_WHOSE, worn_at
from fluxdiag.records import Span

NOBODY = lx.words("no_humans no_people")
"""tags that say that there is nobody to describe"""
LONGEST = 4000
"""characters; the base reads 512 tokens of a caption, about 2,500 characters"""

SEVERAL = lx.words("two three four five six several some other both many")


def find_spans(caption: str, trigger: str | None = None) -> tuple[Span, ...]:
    """The phrases that describe the person, in order; none overlaps another. Of an endless text, those that are read at all."""
    caption = caption[:LONGEST]
    headed = sections(caption)
    words = parted(tokens(caption), headed)
    if not words:
        return ()
    return tuple(
        Span(
            start=words[one.start].start,
            end=words[one.end - 1].end,
            text=caption[words[one.start].start : words[one.end - 1].end],
            kind=one.kind,
        )
        for one in _apart(words, confined(words, headed, [*under_heading(words, headed), *_all(words, trigger)]))
    )


def _all(words: Sequence[Token], trigger: str | None) -> list[Phrase]:
    keys = {token.key for token in words}
    if not keys.isdisjoint(NOBODY):
        return []
    people = cast(words, trigger)
    parts = [*_by(PARTS, words, keys)]
    moments = [*_by(MOMENTS, words, keys)]
    subjects = [*parts, *_by(SUBJECTS, words, keys)]
    said = [one for one in clauses(words, subjects) if not same_clause(one, moments)]
    candidates = [
        *tags(words),
        *loose(words),
        *parts,
        *_by(ASIDES, words, keys),
        *said,
        *moments,
        *_by(STATED, words, keys),
        *adjectives(words, people),
        *ages(words),
        *expressions(words),
        *_by(MOODS, words, keys),
    ]
    mine = [one for one in candidates if _mine(one, words, people)]
    return mine if keys.isdisjoint(TAKES_UP) else [*mine, *resumed(words, mine)]


Rule = Callable[[Sequence[Token]], Iterator[Phrase]]
Rules = tuple[tuple[Rule, Set[str] | None], ...]
"""rules, each with the words of which one must stand in a caption before it finds anything; None where any word may do"""
PARTS: Rules = (
    (body_phrases, None),
    (shapes, OUTLINES),
    (bodies, TELLS_BODY),
    (worn, None),
    (fastened, FASTENED),
    (painted, PAINTED),
    (under_eyes, RINGS),
    (patches, TELLS_PATCH),
    (straps, STRAPS),
    (strapped, gr.POSSESSIVE),
    (worn_at, AT_WHOSE),
    (sheltering, SHELTERS),
    (contrasted, {"one"}),
    (stuck, STICKS),
    (altered, ALTERS),
)
MOMENTS: Rules = ((fleeting, DOES.keys()),)
SUBJECTS: Rules = ((heads, LEADS_HEAD),)
ASIDES: Rules = ((asides, LEADS_ASIDE), (absolutes, gr.POSSESSIVE))
STATED: Rules = ((upon_body, LIES_UPON), (bears, OWNED), (between_commas, TELLS_MARK))
MOODS: Rules = ((felt, TELLS_MOOD),)


def _by(rules: Rules, words: Sequence[Token], keys: set[str]) -> Iterator[Phrase]:
    """What those rules find that have a word of theirs in the caption: of tags most have none."""
    for rule, opened_by in rules:
        if opened_by is None or not keys.isdisjoint(opened_by):
            yield from rule(words)


def _mine(one: Phrase, words: Sequence[Token], people: Cast) -> bool:
    matching = one.kind == "clothing" and words[one.start].key == "matching"
    if matching and _of_both(people, one.start) and not _among_themselves(words, one.start):
        return True  # the character's as well as the other one's
    if one.kind == "body" and people.owner[one.end - 1] == "other" and words[one.end - 1].key in lx.PERSON:
        return False  # `, a mountain of a man beside her`
    owned = next((at for at in range(one.start + 1, one.end) if words[at].key == "'s" and people.owner[at - 1]), None)
    of_a_kind = owned == one.start + 2 and words[one.start].key in ("a", "an")  # `a jeweler's loupe`
    if owned is None and one.kind in ("clothing", "accessory") and _handled(words, one):
        return False
    if owned is not None:
        of_a_kind |= lends(words, owned - 1) or words[owned - 2].key in lx.COLOUR  # `navy fisherman's sweater`
    if owned is not None and words[owned - 1].key in lx.PERSON and not of_a_kind:
        if one.start and one.kind in ("clothing", "accessory") and words[one.start - 1].key in gr.WEAR | {"in"}:
            return belongs_to_character(words, people, one.start - 1, one.kind)  # `in [her gran's old dress]`
        return people.owner[owned - 1] == "character"  # `Ink covers the barber's arms`
    if one.end < len(words) and people.owner[one.end] is not None and words[one.end].key in lx.PERSON:
        return people.owner[one.end] == "character"
    return belongs_to_character(words, people, one.start, one.kind)


def _handled(words: Sequence[Token], one: Phrase) -> bool:
    """`tying [her brother's shoes]`, of a person whom nobody has named yet"""
    whose = [token.key for token in words[one.start : one.start + 3]]
    kin = len(whose) == 3 and whose[0] in gr.POSSESSIVE and whose[1] in lx.PERSON and whose[2] == "'s"
    return kin and one.start > 0 and words[one.start - 1].key.endswith("ing") and words[one.start - 1].key not in gr.WEAR


def _of_both(people: Cast, at: int) -> bool:
    """Whether the character is named in the sentence, too."""
    return any(people.owner[place] == "character" and people.sentence[place] == people.sentence[at] for place in range(at))


def _among_themselves(words: Sequence[Token], at: int) -> bool:
    """`behind him two groomsmen in matching tuxedos`, not `he and his brother in matching tuxedos`"""
    return at >= 3 and is_plural(words[at - 2].key) and words[at - 3].key in SEVERAL


def _apart(words: Sequence[Token], found: Iterable[Phrase]) -> list[Phrase]:
    """The longest first; what overlaps one that is kept goes. What is worn does not end in a comma."""
    kept: list[Phrase] = []
    taken: set[int] = set()
    for one in sorted(found, key=lambda one: (one.start - one.end, one.start)):
        if taken.isdisjoint(range(one.start, one.end)):
            comma = words[one.end - 1].key == "," and one.kind in ("clothing", "accessory")
            kept.append(replace(one, end=one.end - 1) if comma else one)
            taken.update(range(one.start, one.end - comma))
    return sorted(kept, key=lambda one: one.start)
