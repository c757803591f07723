"""What goes with a description: the words that depend on its noun, read off the clause as it was.

When the noun of a noun phrase goes, what hangs on it goes too, up to the next mark, conjunction or verb of somebody else:
`[earbuds] in`, `[goggles] up on her helmet`, `[new shoes] a size too big`, `[her white kurta] already stained pink`. A piece that
the noun opens (`, her coat flapping in the wind`, `with her hair in a towel`) is about the noun alone; after `in`, `with` or
`wearing` what follows is the person's (`in a red dress on a bridge`), unless it can only be said of a thing
(`in a coat unbuttoned at the neck`). Whose a thing is goes with it as well: `in [her gran's old dress]`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from fluxdiag.dataset.finding import grammar as gr
from fluxdiag.dataset.finding import lexicon as lx
from fluxdiag.dataset.finding.lexicon import verbs
from fluxdiag.dataset.finding.tokens import CLAUSE_END, Token, tokens
from fluxdiag.dataset.rewriting.finite import SUBJECTS, is_finite
from fluxdiag.dataset.rewriting.said_of import (
    ADVERB,
    JOINS,
    PARTICLE,
    STATE,
    STOPS,
    Place,
    by_person,
    depends,
    one_and_one,
    told_on,
    unfinished,
)
from fluxdiag.dataset.rewriting.starts import first_of, whose
from fluxdiag.records import Span

BEFORE = lx.words("half just only even still")
NEW_PIECE = lx.words("but while as when because until where who whereas though so if since after before yet which that than")
AND_ALL = lx.words("everything all such stuff")
THEY_DO = verbs.THING_DOES - verbs.PERSON_DOES | lx.words(
    "decorate adorn frame cover accentuate complement hang rest lie cling peek fall"
)
HIM = lx.words("him her them it")
OWNED = gr.POSSESSIVE | {"the", "'s"}


def with_dependents(caption: str, spans: Sequence[Span], stays: Callable[[Span], bool]) -> list[Span]:
    """The spans, in order, each with what depends on its noun; one that another takes in is no more listed. A noun that
    `stays`, as only its adjectives go, keeps what depends on it."""
    words = tokens(caption)
    gone = _places(words, spans)
    grown: list[Span] = []
    for span, one in zip(spans, gone, strict=True):
        if grown and span.start < grown[-1].end:
            continue
        if stays(span):
            start, end = one.start, one.end
        elif _is_noun(words, one):
            start, end = first_of(words, one), _end_of_all(words, one, gone)
        else:
            start, end = whose(words, one), _it_too(words, unfinished(words, one), gone)
        left = min(span.start, words[start].start)
        if grown and left < grown[-1].end:
            left = span.start
        right = max(span.end, words[end - 1].end)
        grown.append(Span(start=left, end=right, text=caption[left:right], kind=span.kind))
    return grown


def _places(words: Sequence[Token], spans: Sequence[Span]) -> list[Place]:
    found, at = [], 0
    for span in spans:
        while at < len(words) and words[at].start < span.start:
            at += 1
        start = at
        while at < len(words) and words[at].start < span.end:
            at += 1
        found.append(Place(start, at))
    return found


def _it_too(words: Sequence[Token], end: int, gone: Sequence[Place]) -> int:
    """`[Her hair is long] and it is blowing`: what `it` does, when nothing is left that it could be."""
    at = end + (end < len(words) and words[end].key == ",")
    if at + 2 >= len(words) or words[at].key != "and" or words[at + 1].key != "it" or words[end - 1].key in CLAUSE_END:
        return end
    return _clause_end(words, at + 2, gone)


def _is_noun(words: Sequence[Token], one: Place) -> bool:
    """A noun phrase; no adjective such as `tall`, and no clause that has a verb already."""
    keys = [token.key for token in words[one.start : one.end]]
    named = any(gr.garment_kind(key) is not None or gr.head_kind(key) is not None for key in keys)
    return named and not any(key in gr.COPULAS or key == "whose" for key in keys)


def _end_of_all(words: Sequence[Token], one: Place, gone: Sequence[Place]) -> int:
    """Also of a description that what depends on the first ends with: `[his hair tied back] and [a scar] crossing his cheek`"""
    end = _end(words, one, gone)
    last = next((other for other in gone if other.end == end and other.start > one.start), None)
    return end if last is None or not _is_noun(words, last) else max(end, _end(words, last, gone))


def _end(words: Sequence[Token], one: Place, gone: Sequence[Place]) -> int:
    if (told := _contact(words, one)) is not None:
        return told
    if (done := unfinished(words, one)) > one.end:
        return done
    opener = _opener(words, one, gone)
    opens = opener is not None
    stop = _stop(words, one, gone)
    verb = _verb_after(words, one, stop)
    if opens and opener != "with" and verb is not None:
        return _clause_end(words, verb, gone)
    if stop > one.end and depends(words, one.end, stop, opens, opens and words[one.start].key in OWNED):
        return stop + (opener == "," and _loose_next(words, stop))
    if opener == "," and words[one.start].key in gr.POSSESSIVE and stop == one.end:
        return stop + _loose_next(words, stop)
    return one_and_one(words, one.end) if opens else told_on(words, one)


def _contact(words: Sequence[Token], one: Place) -> int | None:
    """`[the dress] she made herself`, `[eyepatch] and everything`: no mark stands before what is said of it."""
    after = [token.key for token in words[one.end : one.end + 2]]
    if len(after) == 2 and after[0] == "and" and after[1] in AND_ALL:
        return one.end + 2
    if not after or after[0] not in SUBJECTS - {"there", "who", "it", "both", "one"} or _leads(words, one):
        return None
    return next(
        (at for at in range(one.end, len(words)) if words[at].key in STOPS or words[at].key in ("and", "while")), len(words)
    )


def _leads(words: Sequence[Token], one: Place) -> bool:
    """`In [a red dress] she dances`: the piece opens its sentence, and what follows is the sentence itself."""
    at = one.start
    while at and words[at - 1].key not in CLAUSE_END:
        at -= 1
    return at >= one.start - 1


def _loose_next(words: Sequence[Token], at: int) -> bool:
    """`[his sleeves pushed up] and a towel over his arm`: the `and` of two loose pieces goes with the first."""
    if at >= len(words) or words[at].key != "and":
        return False
    end = next((place for place in range(at, len(words)) if words[place].key in STOPS), len(words))
    return not any(is_finite(words, place) for place in range(at + 1, end))


def _verb_after(words: Sequence[Token], one: Place, stop: int) -> int | None:
    """The finite verb whose subject the noun is, at once or past an aside: `[Her dress], which reaches her calves, moves`"""
    if stop < len(words) and (is_finite(words, stop) or _they_do(words, stop, one)):
        return stop
    if stop > one.end or stop >= len(words) or words[stop].key != ",":
        return None
    close = next((at for at in range(stop + 1, min(stop + 12, len(words))) if words[at].key in STOPS), None)
    if close is None or words[close].key != "," or close + 1 >= len(words) or words[stop + 1].key in ("and", "but"):
        return None
    tagged = close + 2 == len(words) or words[close + 2].key == ","
    if tagged and words[one.start].key not in OWNED | gr.ARTICLES:
        return None  # `[leggings], wooden floor, plants, window`
    return close + 1 if is_finite(words, close + 1) or _many_do(words, close + 1, one) else None


def _many_do(words: Sequence[Token], at: int, one: Place) -> bool:
    """`[Her boots], armored and scuffed, grip the pedals`"""
    last = words[one.end - 1].key
    acted = at + 1 < len(words) and words[at + 1].key in gr.ARTICLES | gr.POSSESSIVE | gr.PREPOSITIONS
    return acted and last.endswith("s") and not last.endswith("ss") and words[at].key in verbs.BASE


def _they_do(words: Sequence[Token], at: int, one: Place) -> bool:
    """`[henna patterns] decorate her fingertips`: a verb without an ending, after a plural."""
    before = words[at - 1].key
    return at == one.end and before.endswith("s") and not before.endswith("ss") and words[at].key in THEY_DO


def _clause_end(words: Sequence[Token], at: int, gone: Sequence[Place]) -> int:
    """Where what is said of the noun ends: at a full stop, or before a conjunction or comma and another subject."""
    while at < len(words) and words[at].key not in CLAUSE_END:
        if words[at].key in (",", "and", "but", "while", "as", "when") and _new_subject(words, at, gone):
            break
        at += 1
    return at


def _new_subject(words: Sequence[Token], at: int, gone: Sequence[Place]) -> bool:
    """`, and she holds`, `, her arms are`, `as the wind blows`: a subject and its verb before the next mark."""
    while at < len(words) and words[at].key in (",", "and", "but", "while", "as", "when"):
        at += 1
    if at >= len(words):
        return False
    if any(other.start == at for other in gone):
        return True
    if words[at].key in SUBJECTS or _behind_him(words, at):
        return True
    if words[at].key not in gr.ARTICLES | gr.POSSESSIVE:
        return False
    for place in range(at + 2, min(at + 8, len(words))):
        if words[place].key in STOPS or words[place].key == "and":
            return False
        if is_finite(words, place):
            return True
    return False


def _behind_him(words: Sequence[Token], at: int) -> bool:
    """`[His helmet] reflects the sky, and behind him the mountains glow`: a place, and then what is there."""
    place = words[at : at + 3]
    return (
        len(place) == 3
        and place[0].key in gr.PREPOSITIONS
        and place[1].key in HIM
        and place[2].key in gr.ARTICLES | gr.POSSESSIVE
    )


def _opener(words: Sequence[Token], one: Place, gone: Sequence[Place]) -> str | None:
    """What stands before a noun that opens its piece, so that all of the piece is about it: a mark, or `with`. None if the
    noun is only told of somebody: `a man in [a suit]`. A member of a list is like the first of it."""
    at = one.start - 1
    while at >= 0 and words[at].key in BEFORE:
        at -= 1
    key = words[at].key if at >= 0 else "."
    if key == "with" and words[one.start].key in gr.POSSESSIVE:
        return "with"
    if key in JOINS and at > 1 and words[at - 1].key == "," and _own_clause(words, one, at - 1):
        return ","
    at -= key in JOINS
    if at < 0 or words[at].key in CLAUSE_END:
        return "with" if key == "with" else "."
    listed = words[at].key in STOPS or key in JOINS
    before = next((other for other in gone if other.end == at + (words[at].key not in STOPS)), None) if listed else None
    if before is not None and key != "with" and words[one.start].key not in gr.POSSESSIVE:
        return _opener(words, before, gone)
    if words[at].key in STOPS:
        return "with" if key == "with" else ","
    return _opener(words, before, gone) if before is not None and key != "with" else None


def _own_clause(words: Sequence[Token], one: Place, comma: int) -> bool:
    """`Her hands rest on her belly, and [a crown] sits on her hair`: a verb before the comma, and one of its own."""
    verb = _past_with(words, one.end)
    if verb >= len(words) or not is_finite(words, verb):
        return False
    opens = next((at for at in range(comma, -1, -1) if words[at].key in CLAUSE_END), -1)
    return any(is_finite(words, at) or words[at].key in ("rest", "lie") for at in range(opens + 1, comma))


def _past_with(words: Sequence[Token], at: int) -> int:
    """`[a knitted hat] with ear flaps is`: where the verb is."""
    if at >= len(words) or words[at].key not in ("with", "of"):
        return at
    return next(
        (place for place in range(at + 2, min(at + 7, len(words))) if is_finite(words, place) or words[place].key in STOPS), at
    )


def _stop(words: Sequence[Token], one: Place, gone: Sequence[Place]) -> int:
    """Where what could depend on the noun ends: a mark, a new piece, a finite verb, or what a person does."""
    at = one.end
    while at < len(words) and words[at].key not in STOPS:
        key = words[at].key
        other = next((other for other in gone if other.start == at), None)
        if other is not None:
            at = other.end
            continue
        if is_finite(words, at) or _they_do(words, at, one) or (key.endswith("ing") and by_person(words, at, one)):
            break
        if key in NEW_PIECE and not (key == "as" and (words[at - 1].key in ADVERB or words[at - 2].key == "as")):
            break
        if key in ("and", "or", "&") and _new_piece(words, at, gone):
            break
        at += 1
    return at


def _new_piece(words: Sequence[Token], at: int, gone: Sequence[Place]) -> bool:
    """Does the conjunction at `at` begin something else? Not before an adjective or participle (`wet and tangled`), or a further
    description that is not said to do anything."""
    if at + 1 >= len(words):
        return True
    other = next((other for other in gone if other.start == at + 1), None)
    if other is not None:
        return other.end < len(words) and is_finite(words, other.end)
    key = words[at + 1].key
    return not (key in STATE | ADVERB | lx.COLOUR or key in PARTICLE or key.endswith("ed"))
