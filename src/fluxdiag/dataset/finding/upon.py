"""What a clause says is on the character's body: `Clay is splattered across her forearms`, `Deep creases line his brow`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from fluxdiag.dataset.finding import grammar as gr
from fluxdiag.dataset.finding import lexicon as lx
from fluxdiag.dataset.finding.before_noun import left
from fluxdiag.dataset.finding.no_look import LAMPS
from fluxdiag.dataset.finding.phrases import Phrase
from fluxdiag.dataset.finding.tails import BODY_PART, GOES_ON
from fluxdiag.dataset.finding.tokens import CLAUSE_END, Token
from fluxdiag.records import AppearanceKind

SUBSTANCE = lx.words("""
    sweat perspiration moisture droplets water clay mud dirt dust grime soot ash ashes paint oil ink blood
    glitter powder frost snowflakes scales runes sigils glyphs symbols circuitry circuits wires implants sequins gems
    rhinestones stubble whiskers henna stripes spots patches pollen sand tape plaster plasters dressing smudges smudge
    smears smear streaks flecks glyph rune
    shimmer snow spray raindrops rain petals confetti salt polish varnish lacquer eyeshadow
""")
"""what may cling to a skin and tell of looks; light and shadow are none, nor is what work or food leaves for a moment"""
LEFT_BY_WORK = lx.words(
    "grease flour foam lather sawdust chalk sugar icing chocolate sauce lotion sunscreen crumbs saliva drool dough batter mud"
    " mustard ketchup mayonnaise jam juice"
)
SMEARED = lx.words("""
    splattered spattered smeared streaked smudged dusted caked etched inked tattooed dotted drawn scattered sprinkled
    splashed flecked embedded engraved carved painted stamped plastered daubed inscribed
""")
INKED = lx.words("inked tattooed inscribed")
"""of these anything may be the subject: `A koi is tattooed along his arm`, `A web is tattooed on the right elbow`"""
FASTENED = lx.words("""
    tucked stuck pinned woven threaded clipped perched wedged slung knotted tied wrapped draped looped strapped fastened
    wound braided entwined nestled balanced hooked hung layered stacked clasped attached mounted clamped thrust
""")
SETTLED = lx.words("settled caught collected frozen gathered dried crusted seeped soaked run trickled")
SEEN = lx.words("visible seen noticeable evident present apparent discernible")
LIES_ON = lx.words("""
    line lines dust dusts dot dots streak streaks stain stains smear smears bead beads cover covers mark marks decorate
    decorates adorn adorns encircle encircles frame frames follow follows run runs stretch stretches cross crosses peek
    peeks trickle trickles drip drips glisten glistens cling clings fan fans stand stands spill spills fall falls trace
    traces trail trails snake snakes curl curls wind winds wrap wraps bisect bisects cut cuts crease crinkle etch hang hangs
    spread spreads extend extends circle circles ring rings cascade cascades tumble tumbles brush brushes rest rests
    accent accents crown crowns sprinkle freckle pepper peppers speckle cake cakes coat coats wreathe climb climbs wrinkle
    wrinkles shine shines gather gathers escape escapes graze grazes reach reaches touch touches bracket shade shades
    darken darkens stick sticks sprout sprouts poke pokes float floats drift drifts fly flies dangle dangles
    roll rolls creep creeps crawl crawls spiral spirals continue continues disappear disappears
    mask masks veil veils pierce pierces spray sprays settle settles collect collects pool pools soak soaks
""")
MARKED = lx.words("mark skin hair")
ON = lx.words("on in above over across under below beside near along around down behind through from up to into at between upon")
OWNED = gr.POSSESSIVE | {"one", "each", "both", "either", "'s"}
PARTS = BODY_PART | lx.words(
    "nails eyelashes lashes beard mustache moustache braid braids chest hair spine nape collar shoulder_blade shoulder_blades"
    " belt lapel jawline skin"
)
AT_REST = lx.words("lies lie sits sit hangs hang rests rest")
LIES_UPON = LIES_ON | AT_REST | lx.words("has have had is are was were can")
ENCIRCLES = lx.words("decorate decorates adorn adorns encircle encircles pierce pierces line lines circle circles")
SQUEEZED_BY = lx.words("knees legs thighs lap feet teeth lips fingers")
"""`A cup is wedged between her knees`: held"""
STILL = lx.words("still also")
HANGS = lx.words("hangs hang dangles dangle")
HANGS_ON = lx.words("neck belt shoulder waist hip wrist pocket pockets belt_loop")
NOT_ON_BODY = lx.words("air floor ground table wall sky water bench desk")
FAR = 8
"""words from the verb to the part of the body"""


def upon_body(words: Sequence[Token]) -> Iterator[Phrase]:
    """Each such clause from its subject to its end."""
    for at in range(1, len(words) - 2):
        kinds = _verb_at(words, at)
        if kinds is None:
            continue
        start = _subject_start(words, at)
        if kinds == "smeared" and _inked(words, at) and (end := _on_skin(words, at)) is not None:
            yield Phrase(start, end, "mark", whole=True)
            continue
        head = _head(words, start, at)
        if head is not None and (known := gr.head_kind(words[head].key)) is not None and known[0] in MARKED:
            start = min(start, left(words, head, known[0])[0])
        if head is None or not _fits(words, start, at, head, kinds):
            continue
        part = own_part(words, at + 1, worn=kinds == "fastened")
        if part is not None and not (kinds == "fastened" and _only_held(words, at, head, part)):
            kind = kind_of(words, head, kinds)
            told = kinds != "lies" or kind != "accessory"  # what a bracelet does is not said of it
            reach = clause_reach(words, part + 1, inside=words[start].key == "whose")
            yield Phrase(start, reach if told else at - (words[at - 1].key in STILL), kind, whole=told)


def _inked(words: Sequence[Token], at: int) -> bool:
    """`characters are inked`: only ink goes under a skin"""
    return any(token.key in INKED for token in words[at + 1 : at + 4])


def _on_skin(words: Sequence[Token], at: int) -> int | None:
    """The end of `is tattooed on the right elbow`, `along his arm`."""
    for place in range(at + 2, min(at + FAR, len(words))):
        if words[place].key in CLAUSE_END | {",", "and"}:
            return None
        if words[place].key in PARTS and words[place - 1].key in OWNED | {"the", "left", "right", "upper", "lower", "inner"}:
            return clause_reach(words, place + 1)
    return None


def _only_held(words: Sequence[Token], verb: int, head: int, part: int) -> bool:
    """`A cup is wedged between her knees`, `A book lies tucked under his arm`; a helmet there is worn."""
    between = any(token.key == "between" for token in words[verb:part])
    under_arm = words[part].key in ("arm", "arms") and any(token.key == "under" for token in words[verb:part])
    return between or words[part].key in SQUEEZED_BY or (under_arm and gr.garment_kind(words[head].key) is None)


def _verb_at(words: Sequence[Token], at: int) -> str | None:
    """`smeared`, `fastened`, `seen` after a form of `be`, `lies` for the verbs of place, else None."""
    key = words[at].key
    if key not in LIES_UPON:
        return None
    if key in AT_REST and words[at + 1].key in FASTENED:
        return "fastened"  # `A plumed helmet lies tucked under his arm`
    if key in LIES_ON:
        return "lies"
    if key in ("has", "have", "had") and words[at + 1].key in SETTLED:
        return "seen"
    if key not in ("is", "are", "was", "were", "can") and not (key in ("has", "have") and words[at + 1].key == "been"):
        return None
    after = next(
        (token.key for token in words[at + 1 : at + 4] if not token.key.endswith("ly") and token.key not in ("be", "been")), ""
    )
    return "smeared" if after in SMEARED else "fastened" if after in FASTENED else "seen" if after in SEEN else None


def _subject_start(words: Sequence[Token], verb: int) -> int:
    """Back to the clause's beginning; past an `and` only where no verb or pronoun stands before it."""
    at = verb
    while at and words[at - 1].key not in CLAUSE_END | {",", "while", "as", "that", "which", "who", "whose", "where", "with"}:
        if words[at - 1].key in ("and", "but") and _is_clause(words, at - 1):
            break
        at -= 1
    return at + (at < verb and words[at].key in ("and", "but"))


def _is_clause(words: Sequence[Token], end: int) -> bool:
    """Whether a verb or a comma stands between the last full stop and the token `end`."""
    for token in reversed(words[:end]):
        if token.key in CLAUSE_END:
            return False
        if token.key == "," or token.key in gr.COPULAS | gr.VERBS | gr.PRONOUNS | lx.PERSON:
            return True
    return False


NO_HEAD = gr.PRONOUNS | lx.PERSON | gr.COPULAS | gr.WEAR | gr.HAVE


def _head(words: Sequence[Token], start: int, verb: int) -> int | None:
    """The place of the subject's noun, before any `of` unless a quantity stands there; None if no noun phrase is there."""
    if verb - start < 1 or verb - start > 9:
        return None
    for at in range(start, verb):
        key = words[at].key
        owner = words[at + 1].key == "'s" and key in lx.PERSON  # `a jeweler's loupe`
        if key == "'s" or owner:
            continue
        if key in NO_HEAD or not words[at].is_word:
            return None
        if key == "of" and words[at - 1].key not in lx.QUANTITY | {"stack", "line", "kind", "sort", "pattern", "network"}:
            return at - 1
        if key in ON and at > start:
            return at - 1
    return verb - 1


def is_look(key: str) -> bool:
    found = gr.head_kind(key)
    return key in SUBSTANCE or (found is not None and found[0] in MARKED)


def _fits(words: Sequence[Token], start: int, verb: int, head: int, how: str) -> bool:
    """Anything inanimate may be tucked behind an ear; what merely lies or is seen somewhere has to tell of looks."""
    key = words[head].key
    if any(token.key in lx.ANIMAL or token.key.removesuffix("s") in lx.ANIMAL for token in words[start : head + 1]):
        return False
    found = gr.head_kind(key)
    if key in BODY_PART and (found is None or found[0] not in MARKED):
        return False
    look = is_look(key)
    if words[head + 1].key == "of" and any(token.key in LAMPS for token in words[head + 2 : verb]):
        return False  # `Stripes of light fall across his lined face`
    if key in LEFT_BY_WORK or (key == "dust" and words[head - 1].key in LEFT_BY_WORK):
        return False  # `Grease is smeared across her forearms`, `Chalk dust covers her palms`
    if how == "lies":
        worn = gr.garment_kind(key) == "accessory" and words[start].key not in gr.POSSESSIVE | {"the"}
        if words[verb].key in HANGS and round_neck(words, verb + 1):
            return words[start].key in ("a", "an", "two", "several")  # `A camera hangs around his neck`
        return look or (worn and words[verb].key in ENCIRCLES)
    return look or (how in ("smeared", "fastened") and found is None)


def round_neck(words: Sequence[Token], at: int) -> bool:
    after = [token.key for token in words[at : at + 4] if token.key not in ("back", "front", "left", "right")]
    return len(after) > 2 and after[0] in ("around", "round", "from") and after[1] in gr.POSSESSIVE and after[2] in HANGS_ON


def own_part(words: Sequence[Token], at: int, worn: bool = False) -> int | None:
    """The place of the part of the character's body that the predicate names; if `worn`, of a piece they wear, too."""
    for place in range(at, min(at + FAR, len(words) - 1)):
        key = words[place].key
        if key in CLAUSE_END or key in (",", "and", "while", "as"):
            return None
        if key in NOT_ON_BODY:
            return None  # `Dust hangs in the air around his hands`
        if key in OWNED:
            after = range(place + 1, min(place + 6, len(words)))
            closed = next((one for one in after if words[one].key in CLAUSE_END), len(words))
            return next((one for one in after if one < closed and _part_or_piece(words[one].key, worn)), None)
    return None


def _part_or_piece(key: str, worn: bool) -> bool:
    """`[Loupes are attached to her] glasses`, `[A pen is clipped to his] vest`"""
    return key.rpartition(" ")[2] in PARTS or (worn and gr.garment_kind(key) is not None)


def clause_reach(words: Sequence[Token], at: int, inside: bool = False) -> int:
    """On over further parts and places of the body: `to his jaw`, `and cheeks`, `in two plaits`. A clause `inside` another ends
    with the other's verb: `[whose beard reaches his chest] sits at a desk`."""
    while at < len(words) and words[at].is_word and words[at].key not in ("while", "as", "who", "which", "but"):
        goes_on = _part_soon(words, at + 1) or (at + 1 < len(words) and words[at + 1].key in LIES_ON)
        if (words[at].key == "and" and not goes_on) or (inside and words[at].key in GOES_ON):
            break
        at += 1
    return at


def _part_soon(words: Sequence[Token], at: int) -> bool:
    for token in words[at : at + 4]:
        if token.key in PARTS:
            after = words.index(token, at) + 1
            return after == len(words) or words[after].key in CLAUSE_END | {","} or words[after].key in ON
        if token.key not in gr.POSSESSIVE | lx.words("the upper lower left right down up across"):
            return False
    return False


def kind_of(words: Sequence[Token], head: int, how: str) -> AppearanceKind:
    found = gr.head_kind(words[head].key)
    if found is not None and found[0] in MARKED:
        return found[0]  # type: ignore[return-value]
    if (garment := gr.garment_kind(words[head].key)) is not None:
        return garment  # type: ignore[return-value]
    if how == "lies" and words[head + 1].key in HANGS and not is_look(words[head].key):
        return "accessory"  # `A tape measure dangles round his neck`
    if words[head].key in SUBSTANCE:
        return "skin"
    return "accessory" if how == "fastened" else "mark"
