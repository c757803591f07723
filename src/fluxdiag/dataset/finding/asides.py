"""Looks told beside the sentence: `Her hands, knotted by arthritis, work`; or with the place first: `On his head is a hat`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from fluxdiag.dataset.finding import grammar as gr
from fluxdiag.dataset.finding import lexicon as lx
from fluxdiag.dataset.finding.phrases import Phrase
from fluxdiag.dataset.finding.predicates import POSE
from fluxdiag.dataset.finding.tails import BODY_PART, UNDERGONE
from fluxdiag.dataset.finding.tokens import CLAUSE_END, Token
from fluxdiag.dataset.finding.upon import LEFT_BY_WORK, SMEARED, SUBSTANCE
from fluxdiag.records import AppearanceKind

TOLD = (
    UNDERGONE
    | SMEARED
    | lx.words("""
    knotted gnarled roughened calloused wrinkled framed covered rimmed ringed lined clad encased wrapped bandaged tattooed adorned
    nicked cracked chapped blistered reddened
    scarred stained gloved freckled veined swollen hardened worn softened magnified hidden shaded slick damp wet bare spotted
    lettered
""")
)
LOOKS_OF_PART = frozenset().union(*(gr.MODIFIERS[kind] for kind in ("face", "skin", "body", "mark", "hair", "eyes"))) - lx.DEGREE
OUT_OF_SHAPE = lx.words("bent twisted crooked bowed broken")
SHAPED_AT = lx.words("joints knuckles tips tip bridge age twice")
"""`bent at the joints`, `bowed by age`, `broken twice`: of these participles the others are a pose"""
PLACED = lx.words("on around in over across atop at from about upon through beneath under")
AT_REST = lx.words("""
    is are was were hangs hang sits sit rests rest gleams gleam glints glint glitter glitters sparkles sparkle shines shine
    dangles dangle swings perches perch lies lie
""")
AGAPE = lx.words("set clenched slightly wide half open closed parted agape ajar shut")
"""`her mouth slightly open`"""
JOINS = frozenset({"and", "while", "as", "that", "which"})
JOINED = lx.words("and but or yet")
LONGEST = 9
VEINED = lx.words("muscle muscles veins sinew")


def asides(words: Sequence[Token]) -> Iterator[Phrase]:
    """Both sorts, whoever they belong to."""
    for at in range(1, len(words) - 2):
        if words[at].key == "," and (phrase := _between_commas(words, at)) is not None:
            yield phrase
        if words[at].key in AT_REST and (phrase := _turned_about(words, at)) is not None:
            yield phrase


OWNED_PART = BODY_PART | {"nails", "fingernails", "toenails"}
OWNING = gr.POSSESSIVE | {"'s"}
EACH = gr.POSSESSIVE | {"each", "both", "one"}
LEADS_ASIDE = OWNING | EACH


def _between_commas(words: Sequence[Token], comma: int) -> Phrase | None:
    """`[Her hands,] knotted by arthritis, [work quickly]`: up to the second comma, before what the part does."""
    kind = _owned_part(words, comma)
    end = next((at for at in range(comma + 1, min(comma + LONGEST, len(words))) if not words[at].is_word), None)
    if kind is None or end is None or words[end].key != "," or end + 1 >= len(words) or end == comma + 1:
        return None
    if not _does(words[end + 1].key) or not _tells(words[comma + 1 : end], kind):
        return None
    return Phrase(comma + 1, end, kind)


def absolutes(words: Sequence[Token]) -> Iterator[Phrase]:
    """`A woman, her hair wet and slicked back, emerges`: a part of the body and nothing but adjectives, between commas."""
    for at in range(1, len(words) - 1):
        found = gr.head_kind(words[at].key)
        if found is None or found[0] not in ("hair", "skin", "face", "eyes") or words[at - 1].key not in gr.POSSESSIVE:
            continue
        known = gr.MODIFIERS[found[0]] | TOLD | lx.words("slicked back down up loose and with from gel wax tears")
        end = at + 1
        while end < len(words) and words[end].key in known:
            end += 1
        if words[at + 1].key in SMEARED and at + 3 < len(words) and words[at + 2].key in ("with", "in"):
            end = max(end, _of_substance(words, at + 3))  # `his face smudged with soot`
        opens = at > 1 and words[at - 2].key in (",", "with", "and")
        agape = {word.key for word in words[at + 1 : end]} <= AGAPE
        if opens and not agape and end > at + 1 and _ends(words, end) and words[end - 1].key not in ("and", "with", "from"):
            yield Phrase(at - 1, end, found[0])  # type: ignore[arg-type]


def _of_substance(words: Sequence[Token], at: int) -> int:
    """`soot`, `black coal dust and ash`"""
    end = at
    while end < len(words) and (words[end].key in SUBSTANCE | lx.COLOUR | lx.DEGREE | {"and"} or _of_kind(words, end)):
        end += 1
    return end - (words[end - 1].key == "and")


def _of_kind(words: Sequence[Token], at: int) -> bool:
    """`[coal] dust`"""
    of_noun = at + 1 < len(words) and words[at + 1].key in SUBSTANCE
    return of_noun and words[at].key.isalpha() and words[at].key not in gr.STOPPERS


def _owned_part(words: Sequence[Token], end: int) -> AppearanceKind | None:
    """What `her eyes`, `the dancer's thin arms` right before `end` would describe."""
    key = words[end - 1].key
    if key not in OWNED_PART or not any(words[at].key in OWNING for at in range(max(0, end - 4), end - 1)):
        return None
    found = gr.head_kind(key)
    return found[0] if found else "body"  # type: ignore[return-value]


def _does(key: str) -> bool:
    """A verb may follow the aside: no other piece of a list."""
    return key.isalpha() and key not in gr.STOPPERS - gr.VERBS - gr.COPULAS and not key.endswith(("ing", "ed", "ly"))


def _tells(aside: Sequence[Token], kind: str) -> bool:
    """Of looks: an adjective of the kind first, or a participle that leaves a mark; no verb and nobody in it."""
    known = gr.MODIFIERS.get(kind, gr.MODIFIERS["face"]) - lx.DEGREE
    keys = [token.key for token in aside if token.key not in lx.DEGREE]
    if not keys or any(key in lx.PERSON | {"she", "he", "they"} | gr.COPULAS for key in keys):
        return False
    keys = keys[keys[0] in gr.ARTICLES and len(keys) > 1 :]
    if "and" not in keys and any(key in LEFT_BY_WORK | {"clay"} for key in keys):
        return False  # `Her hands, slick with clay, shape a vase`
    told = next((key for key in keys if key not in known | JOINED), None)
    if keys[0] in TOLD or told in TOLD or all(key in known | lx.MOODS | JOINED for key in keys):
        return True
    return _bears(keys) or _adjectives(keys) or (keys[0] in OUT_OF_SHAPE and keys[-1] in SHAPED_AT)


def _bears(keys: Sequence[str]) -> bool:
    """`cross-hatched with old scabs`, `tipped with long nails`, `missing the tip of one finger`: what it has, or has no more."""
    if keys[0] == "missing":
        return any(key in OWNED_PART | {"tip", "tips"} for key in keys[1:])
    if len(keys) < 3 or not keys[0].endswith("ed") or keys[1] not in ("with", "by", "in"):
        return False
    found = gr.head_kind(keys[-1])
    return keys[-1] in VEINED | {"nails"} or (found is not None and found[0] in ("mark", "hair", "skin"))


def _adjectives(keys: Sequence[str]) -> bool:
    """`long and deeply pitted`, `yellowed and heavy-lidded`: one that is known or has two parts, and nothing of a pose."""
    told = [key for key in keys if key not in JOINED | {","} and not key.endswith("ly")]
    if any(key.rpartition(" ")[2] in POSE or not (key in LOOKS_OF_PART or key.endswith("ed")) for key in told):
        return False
    return any(key in LOOKS_OF_PART or " " in key for key in told)


def _turned_about(words: Sequence[Token], verb: int) -> Phrase | None:
    """`Around her neck hangs [a silver pendant]`: a place on the body, a verb, and a thing up to the clause's end."""
    start = verb - 1
    while start and words[start - 1].is_word and verb - start < 6:
        start -= 1
    first = next((at for at in range(start, verb - 1) if words[at].key in PLACED), None)
    if first is None or words[first + 1].key not in EACH:
        return None
    if any(token.key not in JOINS and not token.key.endswith(("ed", "ing", "ly")) for token in words[start:first]):
        return None  # `A man with [a tattoo] on his arm is reading`
    if words[first].key == "in" and words[verb - 1].key in ("hand", "hands", "arms", "fist", "fingers"):
        return None  # `In his hands is a console`: held
    if words[verb - 1].key == "feet" and words[first].key != "on":
        return None  # `At his feet lies a cushion`
    if words[verb - 1].key not in BODY_PART | {"hair", "head", "feet", "ears", "waist"}:
        return None
    if words[verb + 1].key not in gr.ARTICLES | gr.MODIFIERS["cloth"] | {"tiny", "little", "bright"}:
        return None
    end = verb + 1
    while end < len(words) and (_piece_on(words, end) or words[end].is_word) and words[end].key not in JOINS:
        if words[end].key in lx.PERSON | lx.ANIMAL or end - verb > 12:
            return None
        end += 1
    worn = next((kind for token in words[verb + 1 : end] if (kind := gr.garment_kind(token.key))), "accessory")
    return Phrase(verb + 1, end, worn) if end > verb + 1 and end <= len(words) and _ends(words, end) else None  # type: ignore[arg-type]


def _piece_on(words: Sequence[Token], at: int) -> bool:
    """`a large, ornate pendant`: after the comma another adjective and the garment."""
    after = words[at + 1 : at + 4]
    garment = next((n for n, token in enumerate(after) if gr.garment_kind(token.key) is not None), 0)
    return words[at].key == "," and garment > 0 and not any(token.key in gr.STOPPERS for token in after[:garment])


def _ends(words: Sequence[Token], at: int) -> bool:
    return at == len(words) or words[at].key in CLAUSE_END | {",", "and", "while", "that", "which"}
