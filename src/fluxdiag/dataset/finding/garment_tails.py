"""What is told of a garment after its noun: `with white dots`, `of emerald velvet`, `on his left wrist`, `made of straw`."""

from __future__ import annotations

from collections.abc import Sequence

from fluxdiag.dataset.finding import grammar as gr
from fluxdiag.dataset.finding import lexicon as lx
from fluxdiag.dataset.finding.garment_states import (
    QUOTES,
    TOLD_AFTER,
    WEARS,
    aside,
    coloured,
    held_by,
    in_colour,
    made,
    on_cord,
    peeled,
    quote_end,
    too_big,
)
from fluxdiag.dataset.finding.lexicon import verbs
from fluxdiag.dataset.finding.tokens import CLAUSE_END, Token

MADE_OF = lx.words("""suit gown dress crown tunic robe cloak cape coat jacket skirt shirt blouse wreath garland necklace bracelet
    veil scarf shawl headdress belt armor armour crown string strand pair collar mantle vest costume outfit ensemble quiver
    sari saree kimono toga gowns robes blanket turban sash apron corset bodice lehenga kaftan lei""")
FASTENED = lx.words("""
    clinging dangling attached hooked secured fastened buckled cinched slipped balanced tied perched wrapped draped pushed
    slung pulled hung hanging resting worn looped knotted strapped clipped pinned propped pulled_up tucked
    slipping sliding falling
    pressed clamped jammed pulled_down shoved lowered
""")  # fmt: skip
WITH_DETAIL = lx.words("""
    ears antlers pom_pom pompom waistband applique appliques appliqué appliqués flap bib ear_flaps earflaps drawstring drawstrings
    pendant pendants
    design print pattern sleeves collar hood neckline details trim embroidery stripe stripes straps buttons visor logo lace
    dots engravings patches slit train back pockets cuffs hem lapels fringe ruffles accents graphic letters lines polka_dots
    motif motifs text fabric bodice waist brim frames frame lenses beads stones cuff ribbon zipper elements flowers bow
    sequins prints patterns reading polka feathers number numbers seam seams collars necklines brims hoods strap lapel
    button zippers pocket emblem emblems crest badge badges insignia lettering slogan word words cutout cutouts slits trims
    edge edges panels panel tassels tassel ruffle pleats fringes embellishments embroideries shoulders soles sole laces
    heels toes tip tips veil crown bands band chain chains clasp charm charms gem gems jewels jewel pearls pearl stone
    crystals studs spikes rivets buckles buckle belt sash ribbons bows petals leaves butterflies hearts stars star heart
    skull skulls animals cartoon character image picture photo face squares circles swirls checks arms rims rim handle
    handles detail detailing stitching piping beading trimming lining edging lace_up v_neckline v_neck turtleneck neck
    ladder hole holes rip rips tear tears stain stains run fabric_ epaulettes plates plate plating sections accents_
    sticker stickers
    inserts patch bell bells zip label monogram tag sheen finish texture weave toggle toggles peplum ruching drape cowl flounce
    flounces smocking
    daisies roses sunflowers poppies cherries strawberries lemons bananas palm_trees stripe unicorn dinosaur dinosaurs
    feather plume plumes cockade tuft tufts pin chinstrap chin_strap
    inserts patchwork layers layer tiers overlay closure fastening
    fastenings ties tie knot knots hemline shoulder sleeve front
    border borders cage grille facemask chinguard faceguard carabiner carabiners quickdraws quickdraw arrows pouches
    holsters graphics crests
    plumes spurs overskirt bustle underskirt facings piping bindings binding tag tags embellishment ornament ornaments
    medallions medallion filigree brocade fasteners eyelets lacing laces corsage rosettes rosette ribbing
    dragon dragons flame flames lightning_bolt lightning_bolts anchor anchors eagle phoenix lions tigers koi
    snowflakes reindeer snowman pumpkins bats cobwebs mandala swoosh slogans spandex
    piercings cat_face smiley rainbow rainbows rune runes sigil sigils glyphs motto
""")  # fmt: skip
ON_WEARER = lx.words("on_top_of atop onto to down past off low around on over across in into atop upon from under round above at")
ON_WHICH = lx.words("""
    end edge side corner crook bottom lower upper middle index ring third little both the left right of one around each over
    bridge tip top back her his several many some two three both every all
""")
WHERE_ON_IT = lx.words(
    "knee knees elbow elbows front back chest sleeve sleeves shoulder shoulders pocket side sides"
    " collar hem breast bodice cuffs waist edge edges seam seams hems brim neck neckline shoulder shoulders"
)


WREATHS = lx.words("crown wreath garland necklace bracelet headdress string strand lei collar")
PICTURES = lx.words("graphic image picture photo print drawing illustration face logo emblem crest silhouette design cartoon")
"""`a shirt with a graphic [of a flaming skull]`"""
SHADES = lx.COLOUR - {"colorful", "colourful"} | {"and"}
ALONG = lx.words("on across at down in along around")
DRAWN = gr.MODIFIERS["cloth"] | lx.words("glowing illuminated dangling tiny little cartoon")
TELLING = lx.COLOUR | lx.words(
    "dangling glowing illuminated shiny metallic floral geometric intricate ornate embroidered painted printed gilded"
)
STILL = lx.words(
    ", and while as is are adorn adorns decorate decorates hang hangs frame rest rests sit sits cover covers sparkle catch"
)
NO_DETAIL = gr.STOPPERS | gr.HOLD | lx.PERSON | lx.PLURAL_PERSON | lx.words("background walls sky light mountains trees water")
PUT = lx.words(
    "clipped pinned tucked sewn stitched hooked attached stuck fastened woven printed embroidered painted hanging dangling"
    " strapped tied slung mounted"
)
HEADGEAR = lx.words("helmet hat cap hood")
NEAR = lx.words("mouth lips ear")


def described_end(words: Sequence[Token], end: int) -> int:
    """`with white polka dots`, `covered with patches`, `around her neck`, `on his left wrist`, `made of velvet`."""
    while True:
        at = _detail(words, end)
        at = _of_cloth(words, at)
        at = on_wearer_end(words, at)
        at = on_cord(words, at)
        at = made(words, at)
        at = peeled(words, at)
        at = held_by(words, at)
        at = aside(words, at)
        at = too_big(words, at)
        at = coloured(words, at)
        at = in_colour(words, at)
        if at < len(words) - 1 and words[at].key == "of" and words[at - 1].key in ("crown", "string", "wreath", "pair"):
            at += 2
        if at == end:
            return end
        end = at


def _of_cloth(words: Sequence[Token], end: int) -> int:
    """`a gown of emerald velvet`, `a suit of silver armor`, `a crown of white flowers`: what it is made of."""
    if end + 1 >= len(words) or words[end].key != "of" or words[end - 1].key not in MADE_OF:
        return end
    for at in range(end + 1, min(end + 5, len(words))):
        following = words[at + 1].key if at + 1 < len(words) else "."
        if words[at].key in gr.STOPPERS or not words[at].is_word:
            return end
        if words[at].key in lx.COLOUR and following == "and" and at + 2 < len(words) and words[at + 2].key in lx.COLOUR:
            end = at + 3  # `a tunic of red and gold`
            return _of_named_cloth(words, end)
        if following == "and" and words[end - 1].key in WREATHS and _another_stuff(words, at + 2):
            return at + 3  # `a crown of coral and bone`
        if following in gr.STOPPERS or following in (",", ".", ";", ")", "trimmed", "lined", "\n"):
            return at + 1
    return end


def _of_named_cloth(words: Sequence[Token], at: int) -> int:
    """`[a suit of red and black] lacquered armor`: on to what has the two colours."""
    place = at
    while (
        place < len(words) and place - at < 3 and (words[place].key in gr.MODIFIERS["cloth"] or words[place].key.endswith("ed"))
    ):
        place += 1
    noun = place < len(words) and gr.garment_kind(words[place].key) is not None
    last_of_cloth = place > at and not noun  # `of red and gold silk`
    return place + noun if noun or last_of_cloth else at


def _another_stuff(words: Sequence[Token], at: int) -> bool:
    """A single noun that is no piece of its own closes the list: `and bone`."""
    if at >= len(words) or not words[at].is_word:
        return False
    key = words[at].key
    acts = key in verbs.THIRD | verbs.IRREGULAR | lx.MOOD_HEADS  # `a crown of roses and smiles`
    named = acts or key in gr.STOPPERS or gr.garment_kind(key) is not None or gr.head_kind(key) is not None
    return not named and (at + 1 == len(words) or not words[at + 1].is_word or words[at + 1].key in gr.STOPPERS)


def _detail(words: Sequence[Token], end: int) -> int:
    if [token.key for token in words[end : end + 3]] in (["in", "shades", "of"], ["in", "tones", "of"]):
        while end + 3 < len(words) and words[end + 3].key in SHADES:
            end += 1
        return end + 3 - (words[end + 2].key == "and")
    if end >= len(words) or words[end].key not in ("with", "featuring"):
        return end
    if (quoted := _quoted(words, end + 1)) > end + 1:
        return quoted  # `with "BROOKLYN" written across the front`
    if (put := _put_on_it(words, end + 1)) is not None:
        return put
    if (plain := _plain_detail(words, end + 1)) is not None:
        return plain
    for at in range(end + 1, min(end + 7, len(words))):
        key = words[at].key
        if (on_it := _on_it(words, at)) is not None:
            return on_it
        if gr.garment_kind(key) == "accessory" and words[at - 1].key in gr.ARTICLES | {"and"} and key not in WITH_DETAIL:
            break
        if key in WITH_DETAIL or key.rpartition(" ")[2] in WITH_DETAIL:
            following = words[at + 1].key if at + 1 < len(words) else ""
            if following in WITH_DETAIL or gr.garment_kind(following) or gr.head_kind(following):
                continue
            return _detail_more(words, at + 1)
        if (
            (key in gr.STOPPERS - gr.ARTICLES - gr.CONJUNCTIONS and key not in ("rolled", "raised", "lowered", "crossed", "cut"))
            or key in CLAUSE_END
            or key == ","
        ):
            break
        if gr.head_kind(key) is not None and key not in ("back", "waist", "lip"):
            break
    return end


def _put_on_it(words: Sequence[Token], start: int) -> int | None:
    """`[a coat with] a pen clipped to the pocket`, `[a headset with] a microphone near her mouth`: a detail's detail."""
    for at in range(start + 1, min(start + 6, len(words) - 2)):
        put = words[at].key in PUT and words[at + 1].key in ON_WEARER | {"in", "inside", "behind", "through", "off"}
        if put or words[at].key in ("near", "at", "by"):
            place = at + 1 + put
            while place < len(words) and words[place].key in gr.POSSESSIVE | ON_WHICH:
                place += 1
            known = WHERE_ON_IT | {"it", "them", "waist", "belt", "lapel", "brim", "top", "bottom"} if put else NEAR
            last = words[place].key.rpartition(" ")[2] if place < len(words) else ""
            pocket = place + 1 < len(words) and words[place + 1].key == "pocket"
            if last not in known and words[place - 1].key in known:
                return place  # `to the top`
            return place + 1 + pocket if last in known else None
        if not words[at].is_word or (words[at].key in gr.STOPPERS - gr.ARTICLES and not words[at].key.endswith(("ing", "ed"))):
            return None
    return None


def _on_it(words: Sequence[Token], at: int) -> int | None:
    """`[a bib with] cartoon dinosaurs on it`: the end, if it follows within the clause."""
    for place in range(at + 1, min(at + 5, len(words) - 1)):
        if words[place].key in ("on", "in") and words[place + 1].key in ("it", "them"):
            return place + 2
        where = [token.key for token in words[place : place + 3]]
        if where[0] in ("on", "across") and where[1] == "the" and where[2:] and where[2] in WHERE_ON_IT:
            return _another_detail(words, place + 3)  # `with beading on the bodice and a long train`
        if words[place].key in CLAUSE_END | {","} or words[place].key in gr.STOPPERS - gr.CONJUNCTIONS - gr.ARTICLES:
            return None
    return None


def _detail_more(words: Sequence[Token], at: int) -> int:
    """`with lace sleeves and an open back`, `with the sleeves rolled up`, `with beading on the bodice and a long train`."""
    while at < len(words) and words[at].key.isdigit():
        at += 1
    at = _quoted(words, at)
    at = _pictured(words, at)
    if (place := _where_on_it(words, at)) > at:
        return _another_detail(words, place)
    if at < len(words) and words[at].key in TOLD_AFTER:
        return _to_part(words, at + 1 + (at + 1 < len(words) and words[at + 1].key in ("up", "down", "back", "off", "out")))
    return _another_detail(words, at)


def _pictured(words: Sequence[Token], at: int) -> int:
    """`[a graphic] of a flaming skull`, `[a print] of cats`: what is to be seen on it, up to the end of the noun phrase."""
    if at + 1 >= len(words) or words[at].key != "of" or words[at - 1].key not in PICTURES:
        return at
    end = at + 1
    while end < len(words) and words[end].is_word and words[end].key not in gr.STOPPERS - gr.ARTICLES:
        end += 1
    return end if at + 1 < end < at + 7 else at


def _where_on_it(words: Sequence[Token], at: int) -> int:
    """`[a stripe] down the side`, `[filigree] along the edges`"""
    where = [token.key for token in words[at : at + 3]]
    known = len(where) == 3 and where[0] in ALONG and where[1] in ("the", "one", "each", "both", "its")
    return at + 3 if known and where[2] in WHERE_ON_IT else at


def _another_detail(words: Sequence[Token], at: int) -> int:
    """`[lace sleeves] and an open back`: over the next part of the garment, if it is one and no piece of its own."""
    if at >= len(words) or words[at].key not in ("and", "on", "in"):
        return at
    for more in range(at + 1, min(at + 5, len(words))):
        if gr.garment_kind(words[more].key) == "accessory":
            break
        if words[more].key in WITH_DETAIL and not (more + 1 < len(words) and gr.garment_kind(words[more + 1].key)):
            return _where_on_it(words, more + 1)
        if gr.garment_kind(words[more].key) or words[more].key in gr.STOPPERS - gr.ARTICLES:
            break
    return at


def _plain_detail(words: Sequence[Token], start: int) -> int | None:
    """`[a suit with] glowing LED lights`, `[a bib with] yellow ducks`: one or two unknown nouns behind a colour or the like,
    without an article, up to the end of what is said. `with bright eyes`, `with wet hair`, `with small children` are none."""
    at = start
    while at < len(words) and words[at].key in DRAWN:
        at += 1
    if at == start or not any(token.key in TELLING for token in words[start:at]):
        return None
    noun = at
    while at < len(words) and at - noun < 2 and _thing(words[at].key):
        at += 1
    if at == noun and (at - 1 == start or words[at - 1].key in lx.COLOUR | lx.DEGREE | gr.ARTICLES):
        return None  # of `gold filigree` the last is the noun
    end = _where_on_it(words, at)
    return end if end > at or end == len(words) or words[end].key in CLAUSE_END | STILL else None


def _thing(key: str) -> bool:
    known = gr.garment_kind(key) or gr.head_kind(key)
    return key.isalpha() and not known and key not in NO_DETAIL and not key.endswith(("ing", "ly"))


def _quoted(words: Sequence[Token], at: int) -> int:
    """`[the words] "LA VIDA" printed on it`: over what is quoted, and where."""
    if at >= len(words) or words[at].key not in QUOTES:
        return at
    end = quote_end(words, at)
    if end > at and end < len(words) and words[end].key in PUT | {"written", "across", "on"}:
        while end < len(words) and words[end].key in PUT | WHERE_ON_IT | {"written", "across", "on", "it", "the", "them"}:
            end += 1
    return end


def _to_part(words: Sequence[Token], at: int) -> int:
    """`[sleeves rolled up] to his elbows`"""
    if (
        at + 1 < len(words)
        and words[at].key in ("to", "over", "past", "above", "around")
        and words[at + 1].key in gr.POSSESSIVE | {"the"}
    ):
        return at + 3 if at + 2 < len(words) and words[at + 2].key in WEARS | {"elbows", "elbow", "head"} else at
    return at


def on_wearer_end(words: Sequence[Token], end: int) -> int:
    at = end + (end < len(words) and words[end].key in FASTENED)
    at += at < len(words) and words[at].key in ("up", "down", "low", "high", "back", "loosely", "tightly")
    first = at
    slips = at > end and words[end].key in ("slipping", "sliding", "falling") and at < len(words) and words[at].key == "off"
    if at + 1 < len(words) and (words[at].key in ON_WEARER or slips):
        at += 1
        while at < len(words) and words[at].key in gr.POSSESSIVE | ON_WHICH:
            at += 1
        at = _past_colours(words, at)
        if (at == len(words) or words[at].key not in WEARS) and words[at - 1].key in WEARS:
            at -= 1  # `on her back`, where `back` is the part itself
        held = words[first].key == "in" and at < len(words) and words[at].key in ("hand", "hands", "arms", "mouth", "teeth")
        worn_on = at < len(words) and (words[at].key in WEARS or (at > first and words[at].key in HEADGEAR))
        if worn_on and not held and (at > first + 1 or words[first].key in ("around", "round", "over", "under")):
            return at + 1 + (at + 1 < len(words) and words[at + 1].key == "pocket")
    return end


def _past_colours(words: Sequence[Token], at: int) -> int:
    """`over her lilac hair`: to the hair, if nothing but its adjectives stand before it."""
    place = at
    while place < len(words) and place - at < 3 and words[place].key in gr.MODIFIERS["hair"]:
        place += 1
    return place if place < len(words) and words[place].key == "hair" else at
