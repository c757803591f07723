"""Is a garment that no `wearing` announces worn? Not in a hand, on a hook, for sale, as a verb, or lying about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from fluxdiag.dataset.finding import grammar as gr
from fluxdiag.dataset.finding import lexicon as lx
from fluxdiag.dataset.finding.garment_starts import garment_start, part_of
from fluxdiag.dataset.finding.garment_states import STUFFS, too_big
from fluxdiag.dataset.finding.garment_tails import described_end, made_of, on_wearer_end
from fluxdiag.dataset.finding.garments import VEHICLES, VERBS_TOO, garment_phrase_kind, names_a_thing, somebody_does
from fluxdiag.dataset.finding.held import held, on_somebody, perched
from fluxdiag.dataset.finding.laid import laid
from fluxdiag.dataset.finding.no_look import BEFORE_DONE
from fluxdiag.dataset.finding.phrases import Phrase
from fluxdiag.dataset.finding.put_away import put_away
from fluxdiag.dataset.finding.tokens import CLAUSE_END, Token

CARRIED = lx.words("bag pack tote tote_bag rucksack knapsack purse handbag satchel backpack quiver")
DRINKS = lx.words("crystal cut wine champagne drinking beer cocktail magnifying whiskey shot tall empty martini water of two")
OF_LIGHT = lx.words("creates creating forms forming like light")
FAMILIAR = lx.words("glasses sunglasses eyeglasses spectacles necklace earrings earring bracelet headband choker"
    " tiara hijab turban"
                    " bandana eyepatch beanie beret fedora scarf jewellery jewelry t_shirt hoodie sweatshirt blouse"
                    " cardigan jeans leggings"
                    " sundress dress sweater shirt jacket coat suit gown uniform swimsuit bikini hat helmet gloves"
                    " headphones backpack")  # fmt: skip


LINKS = lx.words("in with over under has have having underneath")
OTHER_THINGS = lx.words("ring halo wings horns bell chain")
ROLE_DRESS = lx.words("uniform outfit costume suit robe robes dress cap hat helmet jersey")
ONE_FOOT = lx.words("boot shoe heel sneaker sandal slipper trainer foot")
HOOKED = lx.words("hooked tucked stuck looped thumb thumbs hand hands fingers")
POTTERY = lx.words("clay pottery potter ceramic ceramics kiln potter's")
ENDED = frozenset(".!?;\n")
COVERS = lx.words("hide hides conceal conceals reflect reflects cover covers shade shades mask masks hug hugs complete completes")
WREATHS = lx.words("crown garland wreath tiara necklace lei")
OPENING = frozenset(",.:;(|\n")
CLOSING = frozenset(",.;:)|") | lx.words("on open unbuttoned")


@dataclass(frozen=True)
class Piece:
    """Tokens `start` to `at`, its noun, with what stands before and after it."""

    start: int
    at: int
    key: str
    before: str
    after: str
    told: bool
    """by a cloth, a colour or the like"""


def unannounced(words: Sequence[Token], at: int, kind: str) -> Phrase | None:
    """A piece that no `wearing` announces: worn if told by a cloth or colour, by `in` or `with`, or if it is a part
    of its own."""
    if _no_garment(words, at):
        return None
    piece = _piece(words, at)
    if _not_on(words, piece):
        return None
    on_wearer = _on_wearer(words, piece)
    carried = piece.key in CARRIED or piece.key.removesuffix("s") in CARRIED
    loose = piece.before in OPENING and piece.start < at and _closes(words, described_end(words, at + 1))
    if carried and not on_wearer and not loose and piece.key not in FAMILIAR:
        return None  # in a hand or beside the person
    sure = on_wearer or (carried and loose) or _surely(words, piece)
    if _doubtful(words, piece):
        sure = piece.start < at and words[piece.start].key != "the"
    start = part_of(words, piece.start)
    return Phrase(start, described_end(words, at + 1), garment_phrase_kind(piece.key)) if sure else None


def _closes(words: Sequence[Token], end: int) -> bool:
    """`, massive rucksack with a mug hanging off it.`: a part of its own"""
    return end >= len(words) or words[end].key in (",", ".", ";")


def _on_an_animal(words: Sequence[Token], at: int) -> bool:
    """`[red collar] on dog`, `[a saddle] on the horse`"""
    after = [token.key for token in words[at : at + 3]]
    return after[:1] == ["on"] and any(key in lx.ANIMAL for key in after[1 : 2 + (after[1:2] in (["a"], ["the"]))])


def _no_garment(words: Sequence[Token], at: int) -> bool:
    """A verb, or a noun of another thing: `a seat belt`, `a hat shop`, `a halo of light`"""
    key = words[at].key
    if _is_verb(words, at) or names_a_thing(words, at):
        return True
    if key == "belt" and at and words[at - 1].key in ("seat", "conveyor"):
        return True
    if _in_pose(words, at) or (key in ("ribbon", "ribbons", "chain", "string") and _in_one(words, at)):
        return True
    if key == "slip" and _of_clay(words, at):
        return True
    if _on_an_animal(words, at + 1):
        return True
    if key == "overall" and at + 1 < len(words) and words[at + 1].key == "," and (not at or words[at - 1].key in CLAUSE_END):
        return True  # `Overall, the picture is sharp`
    if key == "watch" and _verbal(words, at):
        return True
    if key == "trench" and (not at or words[at - 1].key not in gr.MODIFIERS["cloth"]):
        return True  # `kneeling in a shallow trench`
    if key == "hood" and any(token.key in VEHICLES for token in words[max(0, at - 4) : at]):
        return True
    return key == "halo" and any(token.key in OF_LIGHT for token in words[max(0, at - 4) : at])


def _in_pose(words: Sequence[Token], at: int) -> bool:
    """`one boot on a boulder`, `her heel meets a board`, `A dog sits at his heels`, `a thumb hooked into her belt`: where a part
    of the body is."""
    key, before = words[at].key, words[at - 1].key if at else ","
    if key in ONE_FOOT and before in ("one", "other"):
        return True
    if key == "heel" and before in gr.POSSESSIVE | {"left", "right"}:
        return True
    if at < 2 or before not in gr.POSSESSIVE:
        return False
    prior = words[at - 2].key
    if key == "heels":
        return prior in ("at", "digs", "digging", "on", "clicks", "clicking", "drags", "kicks")
    return key in ("belt", "waistband", "suspenders") and prior in ("in", "into", "on", "through") and words[at - 3].key in HOOKED


def _in_one(words: Sequence[Token], at: int) -> bool:
    """`peels an apple in one long [ribbon]`"""
    return any(words[place].key == "one" and words[place - 1].key == "in" for place in range(max(1, at - 2), at))


def _of_clay(words: Sequence[Token], at: int) -> bool:
    """`hands coated with [slip]`: what a potter calls wet clay"""
    bare = at == 0 or words[at - 1].key not in gr.ARTICLES | gr.POSSESSIVE | STUFFS
    return bare and any(token.key in POTTERY for token in words)


def _piece(words: Sequence[Token], at: int) -> Piece:
    start = garment_start(words, at)
    before = words[start - 1].key if start else ","
    after = words[at + 1].key if at + 1 < len(words) else ","
    told = " " in words[at].key or (start < at and _of_a_role(words, at)) or any(_tells(word.key) for word in words[start:at])
    return Piece(start, at, words[at].key, before, after, told)


def _of_a_role(words: Sequence[Token], at: int) -> bool:
    """`a sailor uniform`, `a nurse costume`"""
    return words[at].key in ROLE_DRESS and words[at - 1].key in lx.PERSON


def _not_on(words: Sequence[Token], piece: Piece) -> bool:
    """A pose, a glass to drink from, a towel that somebody lies on, or what is held."""
    if (
        piece.key != "hood"
        and _owned(words, piece)
        and piece.start == piece.at - 1
        and piece.after in ("raised", "up", "off", "lowered", "aloft")
    ):
        return True  # `with her gloves raised`
    if piece.before == "left" and words[piece.start - 2].key in ("has", "have", "had"):
        return True  # `someone has left a straw hat`
    if _owned(words, piece) and put_away(words, piece.at + 1):
        return True  # `His jacket lies folded on the bonnet`
    if laid(words, piece.start, piece.at):
        return True
    if piece.before in BEFORE_DONE and _owned(words, piece) and piece.after.endswith("ed"):
        return True  # `having [his boutonniere] adjusted`
    if piece.before == "of" and words[piece.start - 2].key in ("lenses", "lens", "mirror"):
        return True  # `The screen is reflected in the lenses of her glasses`
    if piece.key in ("glasses", "glass") and not _owned(words, piece) and _for_drinks(words, piece.start, piece.at):
        return True
    if perched(words, piece.start):
        return False
    lain_on = piece.key in lx.AMBIGUOUS or (words[piece.start].key in ("a", "an") and not _on_wearer(words, piece))
    if piece.before in ("on", "onto") and lain_on:
        return True  # `lying on a towel`, `resting on a folded jacket`
    if held(words, piece.start, piece.at) or (piece.after == "of" and not made_of(piece.key)):
        return True
    boxing = any(token.key == "boxing" for token in words[max(0, piece.start - 1) : piece.at])
    return piece.key in ("ring", "rings") and boxing


def _owned(words: Sequence[Token], piece: Piece) -> bool:
    return words[piece.start].key in gr.POSSESSIVE or (piece.start > 0 and words[piece.start - 1].key == "'s")


def _on_wearer(words: Sequence[Token], piece: Piece) -> bool:
    """Its place is said: `[a cap] on his head`"""
    listed = piece.before == "and" and piece.start > 1 and words[piece.start - 2].key == ","
    opens = piece.start == 0 or piece.before in (".", "!", "?", "\n") or listed
    return on_wearer_end(words, piece.at + 1) > piece.at + 1 or (opens and on_somebody(words, piece.at + 1))


def _linked(words: Sequence[Token], piece: Piece) -> bool:
    """`in`, `with`, or `hidden behind` it"""
    hidden = any(token.key in ("hidden", "concealed", "obscured") for token in words[max(0, piece.start - 3) : piece.start])
    return (piece.before in ("behind", "beneath") and hidden) or piece.before in LINKS


def _surely(words: Sequence[Token], piece: Piece) -> bool:
    """A part of its own, or announced, owned or told well enough."""
    if piece.before in OPENING and (piece.after in CLOSING or _alone_and_told(words, piece)):
        return True
    if _owned(words, piece) or _linked(words, piece):
        return True
    if piece.before == "and" and piece.after == "of" and piece.key in WREATHS:
        return True  # `with auburn hair and a crown of flowers`
    if words[piece.start].key in ("a", "an") and too_big(words, piece.at + 1) > piece.at + 1:
        return True  # `An apron that is far too big for her`
    if words[piece.start].key in ("a", "an", "two", "one") and piece.told and piece.key not in OTHER_THINGS | {"watch"}:
        return piece.before != "boxing"
    listed = piece.before in (",", "and")
    if listed and (piece.told or _after_piece(words, piece.start)):
        return True
    if piece.told and piece.start < piece.at and piece.before in ENDED and piece.after in COVERS:
        return True  # `Mirrored goggles reflect her hand`
    known = piece.told or ((piece.key in FAMILIAR or listed) and words[piece.start].key not in ("the", "some"))
    return known and piece.key not in lx.AMBIGUOUS


def _alone_and_told(words: Sequence[Token], piece: Piece) -> bool:
    """`White suit a size too big`: a part that holds nothing else."""
    end = described_end(words, piece.at + 1)
    return end > piece.at + 1 and _closes(words, end)


def _doubtful(words: Sequence[Token], piece: Piece) -> bool:
    """`with a top`, `in a ring`"""
    several_senses = piece.key in lx.AMBIGUOUS and piece.key in ("top", "ring", "watch", "tie")
    return several_senses and piece.before in ("in", "with") and not piece.told


def _for_drinks(words: Sequence[Token], start: int, at: int) -> bool:
    """`wine glasses`, `two glasses`, `glasses of water`; but not `a pair of glasses`"""
    if start < at - 1 and words[at - 2].key == "pair":
        return False
    before, after = words[start - 1].key if start else ",", words[at + 1].key if at + 1 < len(words) else ","
    return before in DRINKS or (start < at and words[at - 1].key in DRINKS) or after == "of"


def _tells(key: str) -> bool:
    """A cloth, a colour, or a compound such as `cathedral-length` or `mustard-yellow`."""
    return key in gr.MODIFIERS["cloth"] - lx.DEGREE or (" " in key and _compound(key))


@cache
def _compound(key: str) -> bool:
    return key.endswith(("length", "sleeved", "rimmed", "style", "neck")) or key.rpartition(" ")[2] in lx.COLOUR


def _after_piece(words: Sequence[Token], start: int) -> bool:
    """`suit and tie`, `a tunic of red and gold and a cap`: a piece stands before in the same list."""
    first = start - 1 - (start > 1 and words[start - 1].key == "and" and words[start - 2].key == ",")
    for token in reversed(words[max(0, start - 8) : max(0, first)]):
        if gr.garment_kind(token.key) is not None:
            return True
        if token.key not in gr.MODIFIERS["cloth"] | {"of", "and"}:
            return False
    return False


def _is_verb(words: Sequence[Token], at: int) -> bool:
    """`an athlete ties the laces`, `a stag watches him`."""
    following = words[at + 1].key if at + 1 < len(words) else ""
    if words[at].key in VERBS_TOO and at and words[at - 1].key in lx.ANIMAL | lx.PERSON and following in gr.PREPOSITIONS:
        return True  # `a cat watches from a shelf`
    if somebody_does(words, at):
        return True
    return words[at].key in VERBS_TOO and following in gr.ARTICLES | gr.POSSESSIVE | {"him", "them", "me", "us", "it"}


def _verbal(words: Sequence[Token], at: int) -> bool:
    return at == 0 or words[at - 1].key not in gr.MODIFIERS["cloth"] | gr.ARTICLES | gr.POSSESSIVE | {","}
