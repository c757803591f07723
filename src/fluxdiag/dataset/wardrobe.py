"""Clothes and accessories that the character wears: after `wearing`, after `in` or `with`, as a tag, or told by a"
" cloth or colour."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from fluxdiag.dataset import grammar as gr
from fluxdiag.dataset import lexicon as lx
from fluxdiag.dataset.phrases import BODY_PART, Phrase
from fluxdiag.dataset.tokens import CLAUSE_END, Token
from fluxdiag.records import AppearanceKind

LIST = lx.words(", and or over under with underneath & plus paired_with beneath atop")
BREAKS = lx.words(
    "while holding standing sitting posing looking against that which who as at to from for near by behind beside and_is is are"
)
ING_WORN = lx.words("running hiking wedding evening flowing matching fitting riding swimming sleeping training"
    " clothing stocking earring"
                    " welding climbing racing boxing fishing gardening working skiing diving dancing cycling"
                    " engagement reading cooking clinging"
                    " sparkling glowing dangling plunging contrasting matching sweeping stunning")  # fmt: skip
DRINKS = lx.words("wine champagne drinking beer cocktail magnifying whiskey shot tall empty martini water of two")
FURNITURE = lx.words("hook hanger table chair bed rack shelf peg stand hat_stand counter floor desk mannequin")
BARE = lx.words("shirtless topless barefoot naked nude no_shirt bare_chest bare_chested")
FAMILIAR = lx.words("glasses sunglasses eyeglasses spectacles necklace earrings earring bracelet headband choker"
    " tiara hijab turban"
                    " bandana eyepatch beanie beret fedora scarf jewellery jewelry t_shirt hoodie sweatshirt blouse"
                    " cardigan jeans leggings"
                    " sundress dress sweater shirt jacket coat suit gown uniform swimsuit bikini hat helmet gloves"
                    " headphones backpack")  # fmt: skip


def worn(words: Sequence[Token]) -> Iterator[Phrase]:
    """One phrase a piece, whoever wears it; `wearing` itself belongs to none."""
    listed: set[int] = set()
    for at, token in enumerate(words):
        if token.key in gr.WEAR and not (token.key == "sports" and not (at and words[at - 1].key in gr.PRONOUNS | lx.PERSON)):
            for phrase in _after_wearing(words, at + 1):
                listed.update(range(phrase.start, phrase.end))
                yield phrase
    for at, token in enumerate(words):
        if at in listed:
            continue
        if token.key in BARE:
            yield Phrase(at, at + 1, "clothing")
        if token.key == "in" and (coloured := _in_colour(words, at)) is not None:
            yield coloured
        if token.key == "in" and (flower := _in_hair(words, at)) is not None:
            yield flower
        kind = gr.garment_kind(token.key)
        if kind is not None and (free := _free(words, at, kind)) is not None:
            yield free


def _after_wearing(words: Sequence[Token], at: int) -> Iterator[Phrase]:
    """The pieces of the list that follows; even an unknown word is a piece, if it comes first."""
    while (at < len(words) and words[at].key in ("only", "just", "in", "casually", "elegantly", "up", "nothing", "but")) or (
        at < len(words) and words[at].key.endswith("ly")
    ):
        at += 1
    first = True
    while at < len(words):
        start = at
        head = _head(words, at, surely=first)
        if head is None:
            return
        end = _described(words, head + 1)
        yield Phrase(start, end, _kind(words[head].key))
        at, first = end, False
        before = at
        while at < len(words) and words[at].key in LIST and at - before < 3:
            at += 1
        if at == before:
            return


def _in_colour(words: Sequence[Token], at: int) -> Phrase | None:
    """`a woman in white`."""
    end = at + 1
    while end < len(words) and (words[end].key in lx.COLOUR or words[end].key == "all"):
        end += 1
    stops = end == len(words) or words[end].key in gr.STOPPERS or not words[end].is_word or words[end].key.endswith("ing")
    return (
        Phrase(at + 1, end, "clothing")
        if end > at + 1
        and stops
        and words[end - 1].key not in ("light", "dark", "neon")
        and at
        and words[at - 1].key in lx.PERSON
        else None
    )


def _in_hair(words: Sequence[Token], at: int) -> Phrase | None:
    """`a red flower in her hair`."""
    after = [word.key for word in words[at + 1 : at + 3]]
    if len(after) < 2 or after[0] not in gr.POSSESSIVE or after[1] != "hair":
        return None
    start = at
    while start and at - start < 4 and words[start - 1].key not in gr.STOPPERS - gr.ARTICLES and words[start - 1].is_word:
        start -= 1
        if words[start].key in gr.ARTICLES:
            return (
                Phrase(start, at + 3, "accessory")
                if words[at - 1].key not in lx.HAIR_HEADS_WITH_ADJECTIVE | {"hand", "hands"}
                else None
            )
    return None


def _kind(key: str) -> AppearanceKind:
    return "accessory" if gr.garment_kind(key) == "accessory" else "clothing"


def _head(words: Sequence[Token], start: int, surely: bool) -> int | None:
    """The noun of the piece that begins at `start`: its last word for a garment; any noun if `surely`."""
    last = None
    at = start
    while at < len(words) and at - start < 11:
        key = words[at].key
        if gr.garment_kind(key) is not None and not _compound(words, at):
            return at
        if key in gr.ARTICLES or key in gr.POSSESSIVE:
            if at > start and words[at - 1].key != "of":
                break
        elif key == "of" and at > start and words[at - 1].key in lx.QUANTITY | {"lot", "kind"}:
            pass
        elif key in (",", "and"):
            if not (_modifier(words[at - 1].key) and at + 1 < len(words) and _modifier_run(words, at + 1)):
                break
        elif key in CLAUSE_END or not words[at].is_word or (_stops(key) and not _names_cloth(words, at)):
            break
        else:
            last = at
        at += 1
    return last if surely and last is not None and words[last].key not in gr.NOT_WORN_NEXT | lx.ANIMAL else None


def _stops(key: str) -> bool:
    if key in gr.MODIFIERS["cloth"] or key in ING_WORN:
        return False
    return (
        key in gr.STOPPERS
        or key in lx.PERSON
        or (key.endswith("ing") and key not in ING_WORN and len(key) > 4 and " " not in key)
    )


def _names_cloth(words: Sequence[Token], at: int) -> bool:
    """`a firefighter uniform`"""
    return words[at].key in lx.PERSON and at + 1 < len(words) and gr.garment_kind(words[at + 1].key) is not None


def _modifier(key: str) -> bool:
    return key in gr.MODIFIERS["cloth"] or " " in key or key.endswith(("ed", "y"))


def _modifier_run(words: Sequence[Token], at: int) -> bool:
    """Only adjectives from here to a garment: `a red, white and blue shirt`."""
    for token in words[at : at + 5]:
        if gr.garment_kind(token.key) is not None:
            return True
        if not (_modifier(token.key) or token.key in (",", "and")):
            return False
    return False


def _compound(words: Sequence[Token], at: int) -> bool:
    """The garment only names another thing: `hat shop`, `suit jacket`, `shirt collar`."""
    following = words[at + 1].key if at + 1 < len(words) else ""
    if following == "'s":
        return True
    return following in gr.NOT_WORN_NEXT or (gr.garment_kind(following) is not None)


WITH_DETAIL = lx.words("design print pattern sleeves collar hood neckline details trim embroidery stripe stripes"
    " straps buttons visor logo lace dots"
                       " engravings patches slit train back stripes pockets cuffs hem lapels fringe ruffles accents"
                       " graphic letters lines"
                       " polka_dots motif motifs text fabric bodice waist brim frames frame lenses beads stones cuff"
                       " ribbon zipper"
                       " elements flowers bow sequins prints patterns reading polka feathers")  # fmt: skip


def _described(words: Sequence[Token], end: int) -> int:
    """`with white polka dots`, `covered with patches`, `around her neck`, `on his left wrist`, `made of velvet`,"
    " `with a hood`."""
    while True:
        at = _detail(words, end)
        at = _on_wearer(words, at)
        at = _made(words, at)
        if at < len(words) - 1 and words[at].key == "of" and words[at - 1].key in ("crown", "string", "wreath", "pair"):
            at += 2
        if at == end:
            return end
        end = at


def _detail(words: Sequence[Token], end: int) -> int:
    if end >= len(words) or words[end].key not in ("with", "featuring"):
        return end
    for at in range(end + 1, min(end + 7, len(words))):
        key = words[at].key
        if key in WITH_DETAIL:
            following = words[at + 1].key if at + 1 < len(words) else ""
            if following in WITH_DETAIL or gr.garment_kind(following) or gr.head_kind(following):
                continue
            return _detail_more(words, at + 1)
        if (key in gr.STOPPERS - gr.ARTICLES - gr.CONJUNCTIONS and key not in ("rolled",)) or key in CLAUSE_END or key == ",":
            break
        if gr.head_kind(key) is not None and key not in ("back", "waist", "lip"):
            break
    return end


def _detail_more(words: Sequence[Token], at: int) -> int:
    """`with lace sleeves and an open back`, `with the sleeves rolled up`."""
    if at + 1 < len(words) and words[at].key == "rolled" and words[at + 1].key == "up":
        return at + 2
    if at < len(words) and words[at].key in ("and", "on", "in"):
        for more in range(at + 1, min(at + 5, len(words))):
            if words[more].key in WITH_DETAIL:
                return more + 1
            if words[more].key in gr.STOPPERS - gr.ARTICLES:
                break
    return at


def _on_wearer(words: Sequence[Token], end: int) -> int:
    if end + 1 < len(words) and words[end].key in (
        "around",
        "on",
        "over",
        "across",
        "in",
        "tied",
        "perched",
        "wrapped",
        "draped",
        "atop",
        "under",
    ):
        at = end + 1
        while at < len(words) and words[at].key in gr.POSSESSIVE | {
            "the",
            "left",
            "right",
            "both",
            "of",
            "one",
            "around",
            "each",
            "over",
            "bridge",
        }:
            at += 1
        if (
            at < len(words)
            and at > end + 1
            and words[at].key in BODY_PART | {"hair", "waist", "wrists", "ears", "finger", "fingers", "hips"}
        ):
            return at + 1
    return end


def _made(words: Sequence[Token], end: int) -> int:
    """`made of flower petals`, `covered with patches`: to the end of the clause."""
    if end + 1 >= len(words) or words[end].key not in ("made", "covered", "fastened_", "adorned", "decorated", "embroidered"):
        return end
    at = end + 1
    while at < len(words) and words[at].key not in CLAUSE_END and words[at].key not in (",", "and", "that", "who", "while"):
        at += 1
    return at


def _free(words: Sequence[Token], at: int, kind: str) -> Phrase | None:
    """A piece that no `wearing` announces: worn if told by a cloth or colour, by `in` or `with`, or if it is a part"
    " of its own."""
    if _compound(words, at) or (words[at].key == "watch" and _verbal(words, at)):
        return None
    start = _start(words, at)
    before = words[start - 1].key if start else ","
    told = any(word.key in gr.MODIFIERS["cloth"] - lx.DEGREE for word in words[start:at])
    owned = words[start].key in gr.POSSESSIVE or (start > 0 and words[start - 1].key == "'s")
    after = words[at + 1].key if at + 1 < len(words) else ","
    alone = before in (",", ".", ":", ";", "(", "|", "\n") and (after in (",", ".", ";", ":", ")", "|", "on"))
    if words[at].key in ("glasses", "glass") and (
        before in DRINKS or (start < at and words[at - 1].key in DRINKS) or after == "of"
    ):
        return None
    if _held(words, start, at) or (after == "of" and words[at].key not in lx.words("suit gown dress crown")):
        return None
    linked = before in ("in", "with", "over", "under", "has", "have", "having", "underneath")
    on_wearer = _on_wearer(words, at + 1) > at + 1
    listed = before in (",", "and") and kind is not None and words[at].key not in lx.AMBIGUOUS
    article = (
        words[start].key in ("a", "an", "two", "one")
        and told
        and words[at].key not in ("ring", "halo", "wings", "horns", "bell", "chain", "watch")
        and before not in ("boxing",)
    )
    sure = (
        alone
        or owned
        or article
        or (before in (",", "and") and (told or _after_piece(words, start)))
        or linked
        or on_wearer
        or (told and words[at].key not in lx.AMBIGUOUS)
        or (
            (words[at].key in FAMILIAR or listed)
            and words[at].key not in lx.AMBIGUOUS
            and words[start].key not in ("the", "some")
        )
    )
    if (
        words[at].key in lx.AMBIGUOUS
        and linked
        and before in ("in", "with")
        and words[at].key in ("top", "ring", "watch", "tie")
        and not told
    ):
        sure = start < at and words[start].key not in ("the",)
    return Phrase(start, _described(words, at + 1), _kind(words[at].key)) if sure else None


def _after_piece(words: Sequence[Token], start: int) -> bool:
    """`suit and tie`: a piece stands right before."""
    return start > 1 and gr.garment_kind(words[start - 2].key) is not None


def _verbal(words: Sequence[Token], at: int) -> bool:
    return at == 0 or words[at - 1].key not in gr.MODIFIERS["cloth"] | gr.ARTICLES | gr.POSSESSIVE | {","}


def _start(words: Sequence[Token], at: int) -> int:
    """Where the phrase begins: up to five words of any sort, no preposition, verb or person among them."""
    start = at
    while start and at - start < 6:
        key = words[start - 1].key
        if key in gr.ARTICLES or key in gr.POSSESSIVE:
            start -= 1
            return _pair(words, start)
        if key in (",", "and") and start != at and _modifier(words[start].key) and start > 1 and _modifier(words[start - 2].key):
            if key == "," and not _has_article(words, start - 2):
                break
        elif (
            not words[start - 1].is_word
            or (_stops(key) and not _names_cloth(words, start - 1))
            or (gr.head_kind(key) is not None and key not in ("fringe", "cut", "waist", "bob"))
        ):
            break
        start -= 1
    return _pair(words, start)


def _has_article(words: Sequence[Token], at: int) -> bool:
    while at and _modifier(words[at].key):
        at -= 1
    return words[at].key in gr.ARTICLES | gr.POSSESSIVE


def _pair(words: Sequence[Token], start: int) -> int:
    if start > 1 and words[start - 1].key == "of" and words[start - 2].key in lx.QUANTITY | {"bundle"}:
        return start - 3 if start > 2 and words[start - 3].key in gr.ARTICLES else start - 2
    return start


def _held(words: Sequence[Token], start: int, at: int) -> bool:
    """In a hand, on a hook, for sale: not on the character."""
    for token in reversed(words[max(0, start - 7) : start]):
        if token.key in gr.WEAR or token.key in CLAUSE_END or token.key in (",", "in"):
            break
        if token.key in gr.HOLD:
            return True
        if token.key in gr.COPULAS or token.key in lx.PERSON:
            break
    after = [token.key for token in words[at + 1 : at + 4]]
    return (
        after[:2] in (["in", "hand"], ["on", "table"])
        or (after[:2] in (["on", "a"], ["on", "the"]) and after[2:3] and after[2] in FURNITURE)
        or (after[:1] == ["under"] and after[2:3] == ["arm"])
        or (start < at and words[start].key in gr.HOLD | {"unworn", "holding"})
    )
