"""Parts between commas that are nothing but a description: the tags of WD14 and of people who write like it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from fluxdiag.dataset.finding import grammar as gr
from fluxdiag.dataset.finding import lexicon as lx
from fluxdiag.dataset.finding.garments import ING_WORN
from fluxdiag.dataset.finding.laid import kept_elsewhere, of_animal
from fluxdiag.dataset.finding.lexicon import verbs
from fluxdiag.dataset.finding.lexicon.styles import STYLED
from fluxdiag.dataset.finding.naming import is_heading
from fluxdiag.dataset.finding.no_look import no_look
from fluxdiag.dataset.finding.phrases import Phrase
from fluxdiag.dataset.finding.tokens import Token
from fluxdiag.dataset.finding.worn_or_not import DRINKS
from fluxdiag.records import AppearanceKind

BETWEEN = frozenset(",.;|\n():!?")
JOINS = frozenset({"and", "&", "+"})
LONGEST = 5
NOT_WORN = lx.words("boxing_ring seat_belt overall")
"""`Overall, the picture is sharp`; the garment is tagged `overalls`"""
WEAPONS = lx.words("sword swords katana rifle bow quiver shield guitar")
STATE = lx.words(
    "askew undone untied unbuttoned unzipped loose crooked smudged running bouncing flying blowing billowing flapping"
    " open torn ripped off on slipping dripping soaked wet fogged fogged_up steamed_up up down backwards backward sideways"
)
MESSY = lx.words("""
    still a mess all over the place everywhere wet damp dripping loose undone up down sticking plastered sweaty dirty muddy
    painted
""")
BURNT = lx.words("peeling sunburnt sunburned burnt burned chapped grazed scraped skinned bruised blistered freckly scabby")
TURNING = lx.words("greying graying balding thinning receding silvering")
PARTED = lx.words("center_parted centre_parted side_parted middle_parted slicked_back swept_back")
THINGS = lx.words("background holding unworn removed wooden stuffed no")


def parts(words: Sequence[Token]) -> Iterator[tuple[int, int]]:
    """Start and end of what lies between two commas."""
    start = 0
    for at in [*[at for at, token in enumerate(words) if token.key in BETWEEN], len(words)]:
        if at > start:
            yield start, at
        start = at + 1


def tags(words: Sequence[Token]) -> Iterator[Phrase]:
    """Each short part that describes looks as a whole, or tells what its heading names."""
    about: AppearanceKind | None = None
    for start, end in parts(words):
        heading = is_heading(words, end)
        if heading:
            about = heading_kind(words[end - 1].key)
        elif start and words[start - 1].key in ".;":
            about = None
        keys = [word.key for word in words[start:end]]
        if not JOINS.isdisjoint(keys):
            yield from _two(words, start, end)
        if about in ("clothing", "accessory") and not heading and _piece_under_heading(words[start:end]):
            yield Phrase(start, end, about)
            continue
        if end - start > LONGEST or heading or _goes_on(words, start):
            continue
        kind = _kind(keys) or (about if _values(keys, about) else None)
        if kind is not None and not no_look(words, end - 1, kind) and not _nobodys(words, start, end):
            yield Phrase(start, end, kind)


def _nobodys(words: Sequence[Token], start: int, end: int) -> bool:
    return kept_elsewhere(words, start, end) or of_animal(words, end - 1)


def _goes_on(words: Sequence[Token], start: int) -> bool:
    """`[She carries a large,] purple backpack`: the part goes on with a noun phrase that an article began before the comma."""
    opened = start > 2 and words[start - 1].key == "," and words[start - 3].key in ("a", "an")
    return opened and words[start - 2].key in lx.COLOUR | lx.BODY_SIZE


def _two(words: Sequence[Token], start: int, end: int) -> Iterator[Phrase]:
    """`suit and bow tie`, `cap & gown`: each for itself, if both are nothing but descriptions."""
    joins = [at for at in range(start, end) if words[at].key in JOINS]
    if len(joins) != 1 or not start < joins[0] < end - 1:
        return
    halves = ((start, joins[0]), (joins[0] + 1, end))
    kinds = [_kind([word.key for word in words[first:last]]) for first, last in halves]
    if all(kind is not None for kind in kinds):
        yield from (Phrase(first, last, kind) for (first, last), kind in zip(halves, kinds, strict=True) if kind is not None)


COUNTED = lx.words("two three several one")
UNDER_HEADING = 9
"""words of a piece under a heading"""
BEINGS = lx.PERSON - {"fan"} | lx.ANIMAL
NO_PIECE = (
    (gr.PRONOUNS | gr.VERBS | gr.WEAR | gr.HOLD | verbs.THIRD | BEINGS | lx.words("none no hand hands not nothing"))
    - gr.MODIFIERS["cloth"]
    - lx.words("set lit raised cuffed folded hanging draped")
)


def _piece_under_heading(part: Sequence[Token]) -> bool:
    """`**Accessories:** [a fan on a wrist cord], [a paste tiara]`: whatever has an article and no verb is a piece"""
    keys = [token.key for token in part]
    opens = keys[0] in {"a", "an"} | COUNTED
    return opens and 1 < len(keys) <= UNDER_HEADING and not any(key in NO_PIECE or key == "and" for key in keys)


def heading_kind(key: str) -> AppearanceKind | None:
    """`Hair: brown, wavy`: what the values after a heading describe."""
    if key in lx.MOOD_HEADS:
        return "expression"
    if key in ("accessories", "jewelry", "jewellery"):
        return "accessory"
    found = gr.head_kind(key)
    return found[0] if found else "clothing" if gr.garment_kind(key) else None  # type: ignore[return-value]


def _values(keys: list[str], about: str | None) -> bool:
    """Nothing but adjectives of the kind that the heading names."""
    if about is None:
        return False
    known = lx.MOODS if about == "expression" else gr.MODIFIERS["cloth" if about in ("clothing", "accessory") else about]
    styled = STYLED if about == "hair" else frozenset()
    return all(key in known | styled | lx.DEGREE | {"and"} for key in keys)


NO_TAG = gr.STOPPERS - lx.CLOTH - ING_WORN - {"up", "down", "over", "in"}
"""words before the last one of which a part is no description"""


NO_LOOK_ALONE = lx.words("face back hands neck eyes features body cut waves head")
NOT_WORN_ALONE = lx.words("chain bell wings ring top watch belt_")


def _kind(keys: list[str]) -> AppearanceKind | None:
    whole = " ".join(keys)
    if whole in gr.TAGS:
        return gr.TAGS[whole]  # type: ignore[return-value]
    if whole in PARTED:
        return "hair"
    if keys[1:] in (["around", "neck"], ["round", "neck"]) and keys[0].isalpha() and keys[0] not in NO_PIECE:
        return "accessory"  # `whistle around neck`
    if keys[1:] == ["on", "back"] and keys[0] in WEAPONS:
        return "accessory"
    if keys[0] in TURNING and keys[1:2] in (["at"], ["on"]):
        return "hair"  # `greying at the temples`
    if _loose_state(keys):
        return gr.head_kind(keys[0])[0]  # type: ignore[index,return-value]
    head, before = keys[-1], keys[:-1]
    if keys[0] in THINGS or not NO_TAG.isdisjoint(before):
        return None
    found = gr.head_kind(head)
    if found is not None and head not in NO_LOOK_ALONE:
        kind, needs = found
        if (not needs and not before) or (before and all(key in gr.MODIFIERS[kind] for key in before)):
            return kind  # type: ignore[return-value]
    if whole in NOT_WORN:
        return None
    before = before[:-1] if head in STATE and before[-1:] in (["still"], ["all"], ["half"]) else before
    if head in STATE and len(before) in (1, 2, 3) and (kind_ := _kind(before)) is not None:
        return kind_  # `bow tie undone`, `ponytail bouncing`
    if head in ("glasses", "glass") and before and before[-1] in DRINKS:
        return None
    worn = gr.garment_kind(head)
    if worn is not None and all(_of_cloth(key) for key in before) and (before or head not in NOT_WORN_ALONE):
        return worn  # type: ignore[return-value]
    return None


def _loose_state(keys: list[str]) -> bool:
    """`hair a mess`, `hair all wet`, `face bright red`, `face red as a tomato`, `nose peeling`"""
    found = gr.head_kind(keys[0]) if len(keys) > 1 else None
    if found is None or found[0] not in ("hair", "face", "skin", "body"):
        return False
    told = lx.DEGREE | BURNT if found[0] == "body" else gr.MODIFIERS[found[0]] | MESSY | BURNT
    while len(keys) > 3 and keys[-3] in ("as", "like") and keys[-4] in lx.COLOUR:
        keys = keys[:-3]
    return all(key in told for key in keys[1:]) and keys[-1] not in lx.DEGREE | {"a", "all", "the"}


def _of_cloth(key: str) -> bool:
    return key in gr.MODIFIERS["cloth"] | ING_WORN or (
        key not in gr.STOPPERS and key not in lx.ROLE_OF_SUBJECT and key not in lx.ANIMAL
    )
