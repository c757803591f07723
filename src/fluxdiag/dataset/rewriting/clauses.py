"""What goes with a description: the words that depend on its noun, read off the clause as it was.

When the noun of a noun phrase goes, what hangs on it goes too, up to the next mark, conjunction or verb of somebody else:
`[earbuds] in`, `[goggles] up on her helmet`, `[new shoes] a size too big`, `[her white kurta] already stained pink`. A piece that
the noun opens (`, her coat flapping in the wind`, `with her hair in a towel`) is about the noun alone; after `in`, `with` or
`wearing` what follows is the person's (`in a red dress on a bridge`), unless it can only be said of a thing
(`in a coat unbuttoned at the neck`). Whose a thing is goes with it as well: `in [her gran's old dress]`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from fluxdiag.dataset.finding import grammar as gr
from fluxdiag.dataset.finding import lexicon as lx
from fluxdiag.dataset.finding.garment_states import MADE, THROUGH, TOLD_AFTER, TURNED, WEARS
from fluxdiag.dataset.finding.garment_tails import FASTENED, PUT
from fluxdiag.dataset.finding.lexicon import verbs
from fluxdiag.dataset.finding.naming import phrase_start
from fluxdiag.dataset.finding.tokens import CLAUSE_END, Token, tokens
from fluxdiag.dataset.rewriting.finite import SUBJECTS, is_finite
from fluxdiag.records import Span

STOPS = CLAUSE_END | frozenset(',—–-…"“”[]')
JOINS = lx.words("and or & with")
BEFORE = lx.words("half just only even still")
NEW_PIECE = lx.words("but while as when because until where who whereas though so if since after before yet which that than")
ADVERB = lx.DEGREE | lx.words("already still half too now just all almost nearly barely back a_bit slightly hardly way far not")
MEASURE = lx.words("size sizes bit little inch inches number numbers shade shades")
STATE = MADE | TOLD_AFTER | FASTENED | PUT | THROUGH | TURNED | lx.words("""
    full wet damp dirty muddy loose askew crooked heavy bare tight dripping undone buttoned zipped slipped dyed bleached
    faded frayed wrinkled creased crumpled scuffed scratched cracked chipped patched ruined ripped rumpled matted plastered
    slicked parted braided shaved singed missing visible long short messy shiny dusty sticky bloody sweaty greasy grey gray
    white tilted untied unlaced unbuckled shut closed low high sideways everywhere
""")  # fmt: skip
PARTICLE = lx.words("on up in off down out open back low high over undone loose half askew underneath again too everywhere")
BESIDE = lx.words("next_to next beside near behind around by")
THEM = lx.words("him them me her")
OWNED = gr.POSSESSIVE | {"the", "'s"}
POSTURE = lx.words("sitting standing lying running reading resting coming")
PIECES = lx.words("""
    ruffle ruffles hem hems sleeve sleeves collar brim strap straps folds fold edge edges lace laces ribbons ends end tip
    tips skirt train hood strands strand locks curls layers pleats buttons cuffs fabric back front toes toe tassels fringe
""")  # fmt: skip
"""of which something worn is made up"""
SHADES = lx.words("covering shading framing hiding obscuring shielding protecting hugging veiling masking magnifying")
SEWN = (MADE | TOLD_AFTER) - lx.words("""
    covered splashed stained splattered dusted spattered smeared streaked speckled flecked sprinkled caked splotched smudged
    bearing reading laden topped bristling painted cut open up down back raised lowered folded turned out off gathered
    removed missing showing done dyed bleached adorned decorated made pulled pushed
""") | lx.words("patched faded frayed worn fitted accessorized styled layered paired embroidered")  # fmt: skip
"""participles said of a garment only"""
POSED = lx.words("perched balanced propped placed")
"""participles said of a person as well as of a thing"""


@dataclass(frozen=True)
class _Gone:
    """Tokens `start` to `end` of a description that is dropped."""

    start: int
    end: int


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
            start, end = _start(words, one), _end(words, one, gone)
        else:
            start, end = one.start, _it_too(words, one.end, gone)
        left = min(span.start, words[start].start)
        right = max(span.end, words[end - 1].end)
        grown.append(Span(start=left, end=right, text=caption[left:right], kind=span.kind))
    return grown


def _places(words: Sequence[Token], spans: Sequence[Span]) -> list[_Gone]:
    found, at = [], 0
    for span in spans:
        while at < len(words) and words[at].start < span.start:
            at += 1
        start = at
        while at < len(words) and words[at].start < span.end:
            at += 1
        found.append(_Gone(start, at))
    return found


def _it_too(words: Sequence[Token], end: int, gone: Sequence[_Gone]) -> int:
    """`[Her hair is long] and it is blowing`: what `it` does, when nothing is left that it could be."""
    at = end + (end < len(words) and words[end].key == ",")
    if at + 2 >= len(words) or words[at].key != "and" or words[at + 1].key != "it" or words[end - 1].key in CLAUSE_END:
        return end
    return _clause_end(words, at + 2, gone)


def _is_noun(words: Sequence[Token], one: _Gone) -> bool:
    """A noun phrase; no adjective such as `tall`, and no clause that has a verb already."""
    keys = [token.key for token in words[one.start : one.end]]
    named = any(gr.garment_kind(key) is not None or gr.head_kind(key) is not None for key in keys)
    return named and not any(key in gr.COPULAS or key == "whose" for key in keys)


def _start(words: Sequence[Token], one: _Gone) -> int:
    """With whose it is, of what it is a part, or an unknown adjective: `[her gran's dress]`, `[the ruffles of her skirt]`."""
    start = one.start
    if start > 1 and words[start - 1].key == "'s":
        return phrase_start(words, start - 2)
    if start > 2 and words[start - 1].key == "of" and words[start - 2].key in PIECES:
        first = phrase_start(words, start - 2)
        return first if first == 0 or words[first - 1].key in STOPS | gr.PREPOSITIONS else start
    if (loose := _stuck_in(words, one)) is not None:
        return loose
    first = phrase_start(words, start) if words[start].key not in gr.ARTICLES | gr.POSSESSIVE else start
    if first > 1 and first < start and words[first - 1].key == "'s":
        return phrase_start(words, first - 2)  # `[Ben's first haircut]`
    unread = words[first].key in gr.ARTICLES | gr.POSSESSIVE and 0 < start - first <= 3
    return first if unread and not any(token.key in lx.PERSON for token in words[first:start]) else start


def _stuck_in(words: Sequence[Token], one: _Gone) -> int | None:
    """`, ice in [his beard],`: a loose piece that only says what is in it; where it starts."""
    known = gr.head_kind(words[one.end - 1].key)
    if known is None or known[0] not in ("hair", "skin", "face") or one.start < 3 or words[one.start - 1].key not in ("in", "on"):
        return None
    closed = one.end >= len(words) or words[one.end].key in STOPS
    at = one.start - 2
    while at and words[at - 1].key not in STOPS and one.start - at < 5:
        at -= 1
    plain = not any(token.key in gr.STOPPERS - gr.ARTICLES or token.key in lx.PERSON for token in words[at : one.start - 1])
    return at if closed and plain and at and words[at - 1].key == "," else None


def _end(words: Sequence[Token], one: _Gone, gone: Sequence[_Gone]) -> int:
    opener = _opener(words, one, gone)
    opens = opener is not None
    stop = _stop(words, one, gone)
    verb = _verb_after(words, one, stop)
    if opens and opener != "with" and verb is not None:
        return _clause_end(words, verb, gone)
    if stop > one.end and _depends(words, one.end, stop, opens, opens and words[one.start].key in OWNED):
        return stop + (opener == "," and _loose_next(words, stop))
    if opener == "," and words[one.start].key in gr.POSSESSIVE and stop == one.end:
        return stop + _loose_next(words, stop)
    return _one_and_one(words, one.end) if opens else _told_on(words, one)


def _one_and_one(words: Sequence[Token], end: int) -> int:
    """`[her eyes], one blue and one amber`: a piece of nothing but colours."""
    if end + 1 >= len(words) or words[end].key != "," or words[end + 1].key != "one":
        return end
    stop = next((at for at in range(end + 1, len(words)) if words[at].key in STOPS), len(words))
    plain = all(token.key in lx.COLOUR | lx.words("one and the other") for token in words[end + 1 : stop])
    return stop if plain else end


def _told_on(words: Sequence[Token], one: _Gone) -> int:
    """`[a coat], patched at the elbows, and`: after the comma still how the garment is, and not who wears it."""
    if (end := _one_and_one(words, one.end)) > one.end:
        return end
    at = one.end + 1
    while at < len(words) and words[at].key.endswith("ly"):
        at += 1
    worn = any(gr.garment_kind(token.key) == "clothing" for token in words[one.start : one.end])
    if not worn or at >= len(words) or words[one.end].key != "," or words[at].key not in SEWN:
        return one.end
    return next((place for place in range(at, len(words)) if words[place].key in STOPS), len(words))


def _loose_next(words: Sequence[Token], at: int) -> bool:
    """`[his sleeves pushed up] and a towel over his arm`: the `and` of two loose pieces goes with the first."""
    if at >= len(words) or words[at].key != "and":
        return False
    end = next((place for place in range(at, len(words)) if words[place].key in STOPS), len(words))
    return not any(is_finite(words, place) for place in range(at + 1, end))


def _verb_after(words: Sequence[Token], one: _Gone, stop: int) -> int | None:
    """The finite verb whose subject the noun is, at once or past an aside: `[Her dress], which reaches her calves, moves`"""
    if stop < len(words) and is_finite(words, stop):
        return stop
    if stop > one.end or stop >= len(words) or words[stop].key != ",":
        return None
    close = next((at for at in range(stop + 1, min(stop + 12, len(words))) if words[at].key in STOPS), None)
    if close is None or words[close].key != "," or close + 1 >= len(words) or words[stop + 1].key in ("and", "but"):
        return None
    return close + 1 if is_finite(words, close + 1) else None


def _clause_end(words: Sequence[Token], at: int, gone: Sequence[_Gone]) -> int:
    """Where what is said of the noun ends: at a full stop, or before a conjunction or comma and another subject."""
    while at < len(words) and words[at].key not in CLAUSE_END:
        if words[at].key in (",", "and", "but", "while", "as", "when") and _new_subject(words, at, gone):
            break
        at += 1
    return at


def _new_subject(words: Sequence[Token], at: int, gone: Sequence[_Gone]) -> bool:
    """`, and she holds`, `, her arms are`, `as the wind blows`: a subject and its verb before the next mark."""
    while at < len(words) and words[at].key in (",", "and", "but", "while", "as", "when"):
        at += 1
    if at >= len(words):
        return False
    if any(other.start == at for other in gone):
        return True
    if words[at].key in SUBJECTS:
        return True
    if words[at].key not in gr.ARTICLES | gr.POSSESSIVE:
        return False
    for place in range(at + 2, min(at + 8, len(words))):
        if words[place].key in STOPS or words[place].key in gr.PREPOSITIONS | {"and"}:
            return False
        if is_finite(words, place):
            return True
    return False


def _opener(words: Sequence[Token], one: _Gone, gone: Sequence[_Gone]) -> str | None:
    """What stands before a noun that opens its piece, so that all of the piece is about it: a mark, or `with`. None if the
    noun is only told of somebody: `a man in [a suit]`. A member of a list is like the first of it."""
    at = one.start - 1
    while at >= 0 and words[at].key in BEFORE:
        at -= 1
    key = words[at].key if at >= 0 else "."
    if key == "with" and words[one.start].key in gr.POSSESSIVE:
        return "with"
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


def _stop(words: Sequence[Token], one: _Gone, gone: Sequence[_Gone]) -> int:
    """Where what could depend on the noun ends: a mark, a new piece, a finite verb, or what a person does."""
    at = one.end
    while at < len(words) and words[at].key not in STOPS:
        key = words[at].key
        other = next((other for other in gone if other.start == at), None)
        if other is not None:
            at = other.end
            continue
        if is_finite(words, at) or (key.endswith("ing") and _by_person(words, at, one)):
            break
        if key in NEW_PIECE and not (key == "as" and (words[at - 1].key in ADVERB or words[at - 2].key == "as")):
            break
        if key in ("and", "or", "&") and _new_piece(words, at, gone):
            break
        at += 1
    return at


def _by_person(words: Sequence[Token], at: int, one: _Gone) -> bool:
    """Is the participle at `at` what the person does? Right after a noun it may be what the thing does: `a scarf blowing`, if it
    does it to nothing (`swinging a bat`)."""
    if words[at - 1].key in gr.ARTICLES:
        return False
    if at > one.end:
        return True
    acted = at + 1 < len(words) and words[at + 1].is_word and words[at + 1].key not in gr.PREPOSITIONS | PARTICLE | ADVERB | JOINS
    after_comma = words[one.start].key in gr.POSSESSIVE and one.start > 0 and words[one.start - 1].key == ","
    if acted and words[at].key in SHADES and _on_wearer(words, at + 1, min(at + 8, len(words))):
        return False  # `[a hat] shading her face`
    return not after_comma and (acted or words[at].key not in verbs.THING_DOING or _poses(words, at))


def _poses(words: Sequence[Token], at: int) -> bool:
    """`sitting on a rock`, but not what lies beside the person: `[a backpack] lying next to him`"""
    place = at + 2 if words[at + 1 : at + 2] and words[at + 1].key in BESIDE else len(words)
    place += place < len(words) and words[place].key == "to"
    return words[at].key in POSTURE and not (place < len(words) and words[place].key in THEM)


def _new_piece(words: Sequence[Token], at: int, gone: Sequence[_Gone]) -> bool:
    """Does the conjunction at `at` begin something else? Not before an adjective or participle (`wet and tangled`), or a further
    description that is not said to do anything."""
    if at + 1 >= len(words):
        return True
    other = next((other for other in gone if other.start == at + 1), None)
    if other is not None:
        return other.end < len(words) and is_finite(words, other.end)
    key = words[at + 1].key
    return not (key in STATE | ADVERB | lx.COLOUR or key in PARTICLE or key.endswith("ed"))


def _depends(words: Sequence[Token], at: int, stop: int, opens: bool, owned: bool) -> bool:
    """Is what stands from `at` to `stop` said of the noun before it? Of one that opens its piece and says whose it is, all."""
    while at < stop - 1 and (words[at].key in ADVERB or words[at].key.endswith("ly")):
        at += 1
    key = words[at].key
    if owned:
        return True
    if key in PARTICLE and (at + 1 == stop or words[at + 1].key in PARTICLE):
        return True
    if key in verbs.THING_DOING | SHADES:
        return True
    if key in STATE - POSED or (opens and key.endswith("ed")):
        return True
    if any(token.key in MEASURE for token in words[at : at + 2]) and any(token.key == "too" for token in words[at : at + 4]):
        return True
    if opens and key == "in" and (part := gr.head_kind(words[at - 1].key)) is not None and part[0] == "body":
        return True  # `[chubby arms] in the air`
    return opens and (key == "as" or (key in gr.PREPOSITIONS and _on_wearer(words, at + 1, stop)))


def _on_wearer(words: Sequence[Token], at: int, stop: int) -> bool:
    """`over his face`, `on one foot`: a place on the body."""
    return any(token.key in gr.POSSESSIVE | {"each", "both"} for token in words[at : min(stop, at + 5)]) and any(
        token.key in WEARS or gr.garment_kind(token.key) is not None for token in words[at:stop]
    )
