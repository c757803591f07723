"""What is told of hair after its noun: `hair tied back in a bun`, `hair dyed a bright pink`, `a beard with flecks of grey`."""

from __future__ import annotations

from collections.abc import Sequence

from fluxdiag.dataset.finding import grammar as gr
from fluxdiag.dataset.finding import lexicon as lx
from fluxdiag.dataset.finding.lexicon import verbs
from fluxdiag.dataset.finding.tails import BODY_PART, GOES_ON, adjectives_and_style, on_body
from fluxdiag.dataset.finding.tokens import Token

STYLED = lx.words("""
    tied_back falls flows cascades frames reaches hangs tied pulled styled swept worn gathered put slicked braided parted
    slicked_back
    cascading falling flowing blowing framing reaching pinned held_back tucked twisted arranged down loose cut dyed hanging
    combed flying floating drifting tumbling fanned draped spilling swept_back wrapped coming flies flutters blows
    fluttering brushed curled shaved cropped trimmed streaked touching covering hanging_down decorated adorned flowing_down
    everywhere woven secured fastened clipped knotted coiled rolled teased piled heaped tossed plastered tousled whipping
    streaming trailing draping spills tumbles drapes curls held bound wound drawn let sticking poking peeking spiked spread
    worn_in half half_up threaded waxed oiled gelled clinging cut hidden kept piling layered sweeping done fixed
    faded bunched scraped slicked wound knotted looped brushed_back fluffed feathered straightened crimped plaited shorn
    graying greying thinning receding
    set pulled_back swept_to tucked_behind slicked_down braided_into
""")
ONE_DOES = lx.words("falls flows cascades frames reaches hangs flies flutters blows spills tumbles drapes")
"""no verb of several: `a girl in [pigtails] blows out the candles`"""
DOES_SO = verbs.PERSON_DOING - verbs.THING_DOING | lx.words("sitting standing running")
WRAPS = lx.words("scarf towel bandana headscarf bonnet hairnet turban kerchief net snood")
DYED = lx.words("going turning fading dyed tinted coloured colored bleached streaked painted tipped")
SHOT = lx.words("streaked flecked peppered speckled sprinkled threaded dusted laced shot tinged touched highlighted mixed")
AFTER_COMMA = lx.words(
    "shaved dyed styled tied pulled swept cut parted braided woven slicked cropped gathered pinned cascading framing tucked"
    " streaked highlighted worn brushed combed twisted curled layered trimmed secured"
)
TO_WHOSE = gr.POSSESSIVE | {"the"}
STYLE_NOUNS = lx.words("""
    curlers rollers foils scrunchie ornament ornaments skull bundle heap coil gel wax
    style manner way fashion shape wind breeze side sides middle top back ribbon ribbons flower flowers pin pins pencil
    chopstick chopsticks stick sticks clip clips tie elastic band beads feathers feather gel gems comb claw bow bows center
    centre combs clasp clasps barrette barrettes crown points knot locs cuffs roses daisies blossoms leaves thread
    pillow pillows cushion cord string lace elastics pomade rings cuffs pearls spikes
""")
HAIR_PREPOSITIONS = lx.words(
    "out away against in into with by under over around behind on at to from down past across above below onto along off"
)
STYLE_TAIL = STYLED | lx.words(
    "back up down behind into in over to past around at on of off with against across out a an the her his their its one"
    " each both long loose low high messy side middle"
    " left right top half bunches ponytail bun buns braid braids pigtails plait plaits curls shoulder shoulders wave waves"
    " wind waist face ear ears"
    " neat tight bangs chin nape neck forehead head eyes back_of layers layered style bob and short choppy sleek elegant"
    " bandana ribbon flowers clip headband updo knot topknot ornamental pins traditional red white black small water breeze"
    " twist roll chignon beehive pompadour bouffant beads gold silver"
    " away from hair simple casual soft tightly loosely neatly gently softly green blue pink tails crown just below"
    " shaved sides"
    " through everywhere strands few cornrows french dutch fishtail twin double single straight"
)
ORNAMENTS = lx.words("beads ribbons ribbon flowers feathers pins clips rings cuffs shells charms bows pearls")
ROLLS = lx.words("twist roll chignon beehive pompadour bouffant wave knot knots twists")
DANGLING = lx.words("in into over to past around at on of off with against across out a an the her his their and each"
    " one both from just"
                    " few behind white red black blue green pink small water")  # fmt: skip
"""what a tail never ends with"""
HOLDS_HAIR = BODY_PART | STYLE_NOUNS | lx.HAIR_HEADS | lx.HAIR_HEADS_WITH_ADJECTIVE


def hair_end(words: Sequence[Token], end: int) -> int:
    """`hair tied back in a ponytail`, `hair that falls over her shoulders`, `hair in a bun`."""
    at = end
    if at < len(words) - 1 and words[at].key in ("that", "which"):
        return end if _somebody_does(words, at + 1) else _clause(words, at + 1)
    if at < len(words) and words[at - 1].key.endswith("s") and words[at].key in ONE_DOES:
        return end
    if at < len(words) and words[at].key == "is":
        at += 1
    if at >= len(words) or [token.key for token in words[at : at + 2]] == ["reaches", "for"]:
        return end
    if words[at].key == "to" and at + 2 < len(words) and words[at + 1].key in TO_WHOSE and words[at + 2].key in BODY_PART:
        return at + 3  # `brown hair to the shoulders`
    if words[at].key == "in" and [word.key for word in words[at + 1 : at + 3]] in (
        ["her", "hair"],
        ["his", "hair"],
        ["their", "hair"],
    ):
        return at + 3
    if [word.key for word in words[at : at + 4]] == ["all", "over", "the", "place"]:
        return at + 4
    if (sided := _other_side(words, at)) > at:
        return sided
    if words[at].key == "coming" and (
        at + 1 == len(words) or words[at + 1].key not in ("loose", "undone", "down", "free", "out")
    ):
        return end
    if words[at].key == "coming" and words[at + 1].key == "out" and not _out_of_style(words, at + 2):
        return end
    if (
        words[at].key in ("blowing", "flying", "cut", "down")
        and at + 1 < len(words)
        and words[at + 1].key not in STYLE_TAIL | {",", "."}
    ):
        return end
    if (coloured := _dyed(words, at) or _shot_with(words, at)) is not None:
        return _after_comma(words, coloured)
    if words[at].key in ("over", "down", "across", "on", "all") and (place := on_body(words, end)) > end:
        return place  # `a braid over her shoulder`
    starts = words[at].key in STYLED or (
        words[at].key in ("in", "with", "up", "over", "on")
        and (_hair_soon(words, at) or _wrapped(words, at) or _ornamented(words, at))
    )
    if starts:
        led = max(_prepositional(words, at), _prepositional(words, at + 1))
        styled = _behind_them(words, max(adjectives_and_style(words, tail(words, at, STYLE_TAIL)), led))
        return _after_comma(words, _likened(words, _prepositional(words, _with_pin(words, styled))))
    return _after_comma(words, max(_flecked(words, end), _side_shaved(words, end), _streaked(words, end)))


def _other_side(words: Sequence[Token], at: int) -> int:
    """`[a shaved head on one side and white hair] on the other`; `at` itself where nothing of the kind is told"""
    if [token.key for token in words[at : at + 3]] != ["on", "the", "other"]:
        return at
    if ["one", "side"] not in [[words[one].key, words[one + 1].key] for one in range(max(0, at - 10), at - 1)]:
        return at
    end = at + 3 + (at + 3 < len(words) and words[at + 3].key == "side")
    return end if end == len(words) or not words[end].is_word or words[end].key in gr.STOPPERS else at


STREAKS = lx.words("streak streaks stripe stripes highlights undertones")


def _streaked(words: Sequence[Token], end: int) -> int:
    """`[black hair] with a single white streak`, `[thick hair] of the same color`"""
    if [token.key for token in words[end : end + 3]] == ["of", "the", "same"] and end + 3 < len(words):
        return end + 4 if words[end + 3].key in ("color", "colour", "shade", "hue") else end
    if end + 2 >= len(words) or words[end].key != "with":
        return end
    for at in range(end + 1, min(end + 6, len(words))):
        if words[at].key in STREAKS:
            return at + 1
        if words[at].key not in lx.COLOUR | lx.HAIR | lx.MARK | gr.ARTICLES | lx.DEGREE:
            break
    return end


def _behind_them(words: Sequence[Token], end: int) -> int:
    """`[flying] out behind her`, `[braided along one side] of her head`"""
    after = [token.key for token in words[end : end + 4]]
    if after[:1] == ["out"] and after[1:2] == ["behind"]:
        after, end = after[1:], end + 1
    if after[:1] == ["behind"] and after[1:2] and after[1] in ("her", "him", "them"):
        closed = len(after) == 2 or after[2] in gr.CONJUNCTIONS or not after[2][0].isalnum()
        return end + 2 if closed else end
    of_head = after[:1] == ["of"] and len(after) > 2 and after[1] in TO_WHOSE and after[2] in ("head", "face", "neck")
    return end + 3 if of_head and words[end - 1].key in ("side", "sides", "back", "top") else end


def _side_shaved(words: Sequence[Token], end: int) -> int:
    """`[a bob] with the left side shaved`"""
    if end + 2 >= len(words) or words[end].key != "with":
        return end
    for at in range(end + 2, min(end + 6, len(words))):
        if words[at].key in AFTER_COMMA and words[at - 1].key in ("side", "sides", "back", "top", "half"):
            return at + 1
        if not words[at].is_word or words[at].key in gr.STOPPERS - gr.ARTICLES - {"back", "top"}:
            break
    return end


def _somebody_does(words: Sequence[Token], at: int) -> bool:
    """`a man with [a beard] that is looking at the camera`"""
    doing = at + 1 < len(words) and words[at].key in ("is", "are") and words[at + 1].key in DOES_SO
    return doing


def _out_of_style(words: Sequence[Token], at: int) -> bool:
    """`[hair coming out] of its bun`, not `of the shower`"""
    after = [token.key for token in words[at : at + 4]]
    return after[:1] == ["of"] and any(key in lx.HAIR_HEADS | lx.HAIR_HEADS_WITH_ADJECTIVE for key in after)


def _likened(words: Sequence[Token], end: int) -> int:
    """`[parted] like a film star`"""
    if end >= len(words) or words[end].key != "like":
        return end
    reach = _to_comma(words, end)
    return reach if reach < end + 6 else end


def _dyed(words: Sequence[Token], at: int) -> int | None:
    """`[hair] dyed a bright cotton-candy pink`"""
    if words[at].key not in DYED:
        return None
    for place in range(at + 1, min(at + 6, len(words))):
        key, following = words[place].key, words[place + 1].key if place + 1 < len(words) else "."
        if key in lx.COLOUR and following not in lx.COLOUR | {"and", "to"} and " " not in following:
            return place + 1
        if not words[place].is_word or key in gr.STOPPERS - gr.ARTICLES - gr.CONJUNCTIONS - {"to", "in"}:
            return None
    return None


def _shot_with(words: Sequence[Token], at: int) -> int | None:
    """`[hair] streaked with gray and white`"""
    at += 1 + (words[at].key == "shot") if words[at].key in SHOT else len(words)
    if at + 1 >= len(words) or words[at].key != "with":
        return None
    end = at + 1
    while end < len(words) and words[end].key in lx.COLOUR | lx.DEGREE | {"and", "streaks", "strands", "threads"}:
        end += 1
    if end < len(words) and gr.head_kind(words[end].key) is not None:
        end = next((place for place in range(end - 1, at, -1) if words[place].key == "and"), end)  # `with gray and [green eyes]`
    end -= words[end - 1].key == "and"
    return end if end > at + 1 else None


def _prepositional(words: Sequence[Token], end: int) -> int:
    """`tucked under a red bandana`, `secured with a jade pin`: while prepositions lead to hair, body, or what holds hair."""
    while end < len(words) and words[end - 1].key in ("dyed", "coloured", "colored", "tinted") and words[end].key in lx.COLOUR:
        end += 1
    while end + 1 < len(words) and words[end].key in HAIR_PREPOSITIONS:
        last = end
        particle = 0
        while (
            particle < 3
            and end + particle + 1 < len(words)
            and words[end + particle + 1].key in HAIR_PREPOSITIONS | {"beneath", "underneath"}
        ):
            particle += 1
        for at in range(end + 1 + particle, min(end + 7, len(words))):
            key = words[at].key
            if key in HOLDS_HAIR or gr.garment_kind(key):
                last = at + 1
            elif last > end or not words[at].is_word or key in gr.STOPPERS - gr.ARTICLES - gr.POSSESSIVE or key in lx.PERSON:
                break
        if last == end:
            break
        end = last
    return end


def _after_comma(words: Sequence[Token], end: int) -> int:
    """`an asymmetrical cut, shaved on one side and dyed blue on the other`"""
    if end + 1 >= len(words) or words[end].key != "," or words[end + 1].key not in AFTER_COMMA:
        return end
    if end + 2 >= len(words) or not words[end + 2].is_word:
        return end
    at = end + 1
    while at < len(words) and words[at].is_word and words[at].key not in gr.WEAR | {"while", "as", "who", "standing", "sitting"}:
        if words[at].key == "and" and (at + 1 == len(words) or words[at + 1].key not in STYLED | AFTER_COMMA):
            break
        at += 1
    return at


def _flecked(words: Sequence[Token], end: int) -> int:
    """`a beard with flecks of grey`"""
    if end + 3 >= len(words) or words[end].key not in ("with", "showing"):
        return end
    for at in range(end + 1, min(end + 5, len(words) - 1)):
        if words[at].key == "of" and words[at - 1].key in lx.QUANTITY:
            last = at + 1
            while last < len(words) and words[last].key in lx.COLOUR | {"and"}:
                last += 1
            return last - (words[last - 1].key == "and") if last > at + 1 else end
        if words[at].key in gr.STOPPERS - gr.ARTICLES or not words[at].is_word:
            break
    return end


def _with_pin(words: Sequence[Token], end: int) -> int:
    """`pinned up with a wooden pencil`: up to three more words that end the clause."""
    if end + 2 >= len(words) or words[end].key != "with" or words[end + 1].key not in ("a", "an", "two"):
        return end
    for at in range(end + 2, min(end + 6, len(words))):
        if not words[at].is_word or words[at].key in gr.CONJUNCTIONS:
            return at
        if words[at].key in gr.STOPPERS or gr.head_kind(words[at].key) is not None:
            break
    return end


def _clause(words: Sequence[Token], at: int) -> int:
    """To the next comma, full stop, `and`, verb of wearing, or second verb: `[hair that blows in the wind] stands`."""
    first = at + 1
    while at < len(words) and words[at].is_word and words[at].key not in gr.WEAR | {"and", "while", "as", "who"}:
        if at > first and words[at].key in GOES_ON and words[first - 1].key not in gr.PRONOUNS:
            break
        at += 1
    if [token.key for token in words[at : at + 2]] in (["as", "if"], ["as", "though"]):
        return _to_comma(words, at)
    return at


def _to_comma(words: Sequence[Token], at: int) -> int:
    while at < len(words) and words[at].is_word and words[at].key not in gr.CONJUNCTIONS | gr.WEAR:
        at += 1
    return at


def _wrapped(words: Sequence[Token], at: int) -> bool:
    """`[hair] in a scarf`"""
    after = words[at + 1 : at + 4]
    return words[at].key == "in" and bool(after) and after[0].key in gr.ARTICLES and any(one.key in WRAPS for one in after[1:])


def _ornamented(words: Sequence[Token], at: int) -> bool:
    """`[box braids] with gold beads`, `[hair] in a french twist`"""
    for place in range(at + 1, min(at + 5, len(words))):
        closed = place + 1 == len(words) or not words[place + 1].is_word or words[place + 1].key in ("and", "woven", "braided")
        if words[place].key in (ORNAMENTS if words[at].key == "with" else ROLLS) and closed:
            return True
        if words[place].key in gr.STOPPERS - gr.ARTICLES:
            return False
    return False


def _hair_soon(words: Sequence[Token], at: int) -> bool:
    """A noun for hair within the next words, and nothing else before it: `in a high ponytail`, `with bangs`."""
    for token in words[at + 1 : at + 6]:
        if token.key in lx.HAIR_HEADS | lx.HAIR_HEADS_WITH_ADJECTIVE | {"clip", "curlers", "rollers"}:
            return token.key != "hair"
        plain = token.key in lx.HAIR | lx.COLOUR | gr.ARTICLES | gr.POSSESSIVE | STYLE_NOUNS or token.key in ("one", "eye")
        if not plain and not token.key.endswith((" style", " inspired", " era")):
            break  # `in a 1920s-style bob`
    return words[at].key in ("up", "down") and (
        at + 1 == len(words) or not words[at + 1].is_word or words[at + 1].key in ("in", "and")
    )


def tail(words: Sequence[Token], at: int, allowed: lx.Words) -> int:
    """As far as the allowed words go, less those that cannot end a phrase."""
    end = at
    while end < len(words) and (words[end].key in allowed or words[end].key in lx.HAIR_HEADS):
        if words[end].key == "and" and (end + 1 == len(words) or not _goes_on(words, end + 1)):
            break
        if words[end].key in ("decorated", "adorned") and end + 2 < len(words) and words[end + 1].key == "with":
            return _clause(words, end + 2)
        end += 1
    if end > at + 1 and words[end - 1].key == "off" and (end == len(words) or not words[end].is_word):
        return end  # `half his beard shaved off`
    while end > at and words[end - 1].key in DANGLING:
        end -= 1
    return end


def _goes_on(words: Sequence[Token], at: int) -> bool:
    return words[at].key in STYLED | BODY_PART or words[at].key in ("on", "around", "over", "in", "chin")
