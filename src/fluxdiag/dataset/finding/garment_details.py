"""What a garment has: `with white polka dots`, `with the sleeves rolled up`, `with "LA VIDA" printed on it`."""

from __future__ import annotations

from collections.abc import Sequence

from fluxdiag.dataset.finding import grammar as gr
from fluxdiag.dataset.finding import lexicon as lx
from fluxdiag.dataset.finding.garment_states import QUOTES, STUFFS, TOLD_AFTER, WEARS, quote_end
from fluxdiag.dataset.finding.garments import ENDINGS, ING_WORN, VERBS_TOO, may_modify
from fluxdiag.dataset.finding.lexicon.details import WITH_DETAIL
from fluxdiag.dataset.finding.tokens import CLAUSE_END, Token

ON_WEARER = lx.words(
    "on_top_of atop onto to down past off low around on over across in into upon from under round above at behind"
)
ON_WHICH = lx.words("""
    end edge side corner crook bottom lower upper middle index ring third little pinky both the left right of one around each over
    pinkie bridge tip top back her his several many some two three every all
""")
WHERE_ON_IT = lx.words(
    "cuff knee knees elbow elbows front back chest sleeve sleeves shoulder shoulders pocket side sides"
    " waistband"
    " arms legs thighs collar hem breast bodice cuffs waist edge edges seam seams hems brim neck neckline"
)
PICTURES = lx.words(
    "pattern graphic image picture photo print drawing illustration face logo emblem crest silhouette design cartoon"
)
"""`a shirt with a graphic [of a flaming skull]`"""
ELBOWS = lx.words("elbow elbows knee knees toe toes heel heels")
BENT = gr.MODIFIERS["mark"] | lx.words("raised crossed folded bent")
SHADES = lx.COLOUR - {"colorful", "colourful"} | {"and"}
ALONG = lx.words("on across at down in along around")
DRAWN = gr.MODIFIERS["cloth"] | lx.words("glowing illuminated dangling tiny little cartoon")
TELLING = lx.COLOUR | lx.words(
    "dangling glowing illuminated shiny metallic floral geometric intricate ornate embroidered painted printed gilded"
)
STILL = lx.words(
    ", and while as is are adorn adorns decorate decorates hang hangs frame rest rests sit sits cover covers sparkle catch"
)
NO_DETAIL = gr.STOPPERS | gr.HOLD | lx.PERSON | lx.words("background walls sky light mountains trees water")
PUT = lx.words(
    "clipped pinned tucked sewn stitched hooked attached stuck fastened woven printed embroidered painted hanging dangling"
    " strapped tied slung mounted"
)
ROWS = lx.words("row rows pair pairs line lines set")
OF_CAP = lx.words("flap flaps tab tabs pads strap straps")
OF_COAT = lx.words("collar collars")
"""an accessory of its own, too, but among parts of a garment one of them"""
TRIMMINGS = lx.words("frogging")
NEAR = lx.words("mouth lips ear")


def detail_end(words: Sequence[Token], end: int) -> int:
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
        if key in ELBOWS and words[at - 1].key.endswith("ed") and words[at - 1].key not in BENT:
            return at + 1  # `with a darned elbow`
        if key == "'s" and at == end + 3 and words[end + 1].key in ("a", "an"):
            continue  # `with a corporal's stripes`
        if gr.garment_kind(key) == "accessory" and words[at - 1].key in gr.ARTICLES | {"and"} and key not in WITH_DETAIL:
            break
        if key in WITH_DETAIL or key.rpartition(" ")[2] in WITH_DETAIL:
            following = words[at + 1].key if at + 1 < len(words) else ""
            if (
                key in gr.MODIFIERS["cloth"]
                and _thing(following)
                and (at + 2 >= len(words) or words[at + 2].key in CLAUSE_END | {",", "and"})
            ):
                return at + 2  # `a shirt with pearl snaps, and a belt`
            if following in VERBS_TOO and at + 2 < len(words) and words[at + 2].key in gr.POSSESSIVE:
                return at + 1  # `a hat with a torn brim shades his eyes`
            if following in WITH_DETAIL or gr.garment_kind(following) or gr.head_kind(following):
                continue
            return _detail_more(words, at + 1)
        if _between_adjectives(words, end + 1, at) or _several(words, at):
            continue
        if (
            (key in gr.STOPPERS - gr.ARTICLES - gr.CONJUNCTIONS and key not in ("rolled", "raised", "lowered", "crossed", "cut"))
            or key in CLAUSE_END
            or key == ","
        ):
            break
        of_cap = at + 1 < len(words) and words[at + 1].key in OF_CAP  # `a hat with ear flaps`
        if gr.head_kind(key) is not None and key not in ("back", "waist", "lip") and not of_cap:
            break
    return end


def _between_adjectives(words: Sequence[Token], start: int, comma: int) -> bool:
    """`with a gold[,] embroidered phoenix pattern`, `with glowing[,] blue seams`: adjectives before the comma, and behind it up
    to a part of the garment; of `with fur, black boots` the boots are no part."""
    if words[comma].key != "," or comma == start:
        return False
    first = start + (words[start].key in gr.ARTICLES)
    before = [token.key for token in words[first:comma]]
    if not before or not all(may_modify(key) or key.endswith(ENDINGS) or key.endswith("ing") for key in before):
        return False
    for at in range(comma + 1, min(comma + 6, len(words))):
        key = words[at].key
        if key in WITH_DETAIL and at > comma + 1:
            return at + 1 == len(words) or gr.garment_kind(words[at + 1].key) is None
        if key != "," and (not words[at].is_word or key in gr.STOPPERS or gr.garment_kind(key) is not None):
            return False
    return False


def _several(words: Sequence[Token], at: int) -> bool:
    """`with a [row] of buttons down the front`"""
    here, before = words[at].key, words[at - 1].key
    return (here in ROWS and at + 1 < len(words) and words[at + 1].key == "of") or (here == "of" and before in ROWS)


def _put_on_it(words: Sequence[Token], start: int) -> int | None:
    """`[a coat with] a pen clipped to the pocket`, `[a headset with] a microphone near her mouth`: a detail's detail."""
    for at in range(start + 1, min(start + 6, len(words) - 2)):
        put = words[at].key in PUT and words[at + 1].key in ON_WEARER | {"in", "inside", "behind", "through", "off", "along"}
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
    if words[at - 1].key in ("layers", "folds", "panels") and at + 1 < len(words) and words[at].key == "of":
        at += 2 * (words[at + 1].key in STUFFS)
    while at < len(words) and words[at].key.isdecimal():
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
        if (gr.garment_kind(words[more].key) == "accessory" and words[more].key not in OF_COAT) or _worn_for(words, more):
            break
        if words[more].key == "heels":
            break  # `with an open back and red heels`
        if words[more].key in WITH_DETAIL and not (more + 1 < len(words) and gr.garment_kind(words[more + 1].key)):
            return _where_on_it(words, more + 1)
        if gr.garment_kind(words[more].key) or words[more].key in gr.STOPPERS - gr.ARTICLES:
            break
    return at


def _worn_for(words: Sequence[Token], at: int) -> bool:
    """`and [lace-up] boxing boots`: no part, but what a piece of its own is like."""
    return at + 2 < len(words) and words[at + 1].key in ING_WORN and gr.garment_kind(words[at + 2].key) is not None


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
    return key.isalpha() and not known and key not in NO_DETAIL and (not key.endswith(("ing", "ly")) or key in TRIMMINGS)


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
        return at + 3 if at + 2 < len(words) and words[at + 2].key in WEARS else at
    return at
