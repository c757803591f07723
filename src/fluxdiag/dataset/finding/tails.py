"""What is told of a part of the body after its noun: `skin browned by the sun`, `freckles across her nose`."""

from __future__ import annotations

from collections.abc import Sequence

from fluxdiag.dataset.finding import grammar as gr
from fluxdiag.dataset.finding import lexicon as lx
from fluxdiag.dataset.finding.lexicon import verbs
from fluxdiag.dataset.finding.tokens import Token

BODY_PART = lx.words(
    "bicep shin shins earlobe earlobes collarbones jawline cheekbone cheekbones hairline sternum ribcage eyelid eyelids"
    " finger fingers cheek cheeks nose lip lips eye eyes eyebrow eyebrows chin face neck arm arms forehead"
    " temple hand hands shoulder"
    " shoulders chest"
    " ears wrists ankles ankle toes knee knees calf calves hips hip waist breast throat scalp belly stomach biceps"
    " corner corners palms palm fists fingertip fingertips"
    " back body skin forearm forearms wrist leg legs thigh collarbone head ear mouth brow jaw side ribs teeth"
    " bridge knuckles nostril torso spine shoulder_blade shoulder_blades temples nape nostrils elbow elbows thumb"
)
ON_BODY = lx.words("at behind on in above over across under below beside near along covering around running down scattered"
    " between up sprinkled dotting"
                   " adorning adorn adorns cover covers dot peeking out from visible crinkle etch dots"
                   " dusted of through just")  # fmt: skip
BODY_TAIL = (
    ON_BODY
    | BODY_PART
    | lx.words(
        "her his their my our the one each both two front inner outer left right upper lower of and all entire bridge"
        " sun_worn way up"
    )
)
UNDERGONE = lx.words("cut painted browned covered framed marked dusted weathered tanned kissed lined worn kept done swept bronzed"
    " dotted streaked flecked touched creased etched burned burnt reddened darkened smeared caked"
    " glistening gathered coming spilling"
    " escaping held bound wound crusted frosted matted beaded sprinkled inked tinged flushed set shaped")  # fmt: skip
"""participles after a part of the body that say how it looks; the other ones say what it does or where it is"""
OF_LOOKS = UNDERGONE | {"crinkled", "ringed", "rimmed", "outlined"}
OF_MARK = lx.words("of tattooed inked down spelling reading depicting")
RIMMED = lx.words("rimmed ringed lined outlined framed clouded smudged shadowed")
SHOWN = lx.words(
    "covers cover runs run stretches stretch extends extend wraps wrap reaches snakes"
    " crosses cuts bisects curves splits mars marks disappears peeks curls climbs creeps winds circles encircles trails"
    " has have was were show appear deepen form crinkle shows appears deepens forms dot"
)
BEARING = (
    lx.words("that which"),
    lx.words("are is"),
    lx.words("tattooed covered inked scarred freckled dusted lined wrinkled bandaged"),
)
"""`arms that are tattooed from wrist to shoulder`"""
TATTOOS = lx.words("tattoo tattoos birthmark scar drawing map bruise")


GOES_ON = lx.words("""
    is was stands sits leans walks holds looks smiles kneels poses rides runs plays lies carries works laughs waits gazes stares
    points jumps dances sings reads eats drinks cooks paints crouches speaks talks listens sleeps swims throws kicks serves pours
    stirs lifts pushes leads takes bends steps emerges crosses enters peers watches strides pauses performs prepares stops
""")
"""what the person does, after a relative clause that needs no verb any more"""


def undergone_end(words: Sequence[Token], end: int, kind: str) -> int:
    """`skin browned by the sun`, `hair cut in a short, practical style`, `a tattoo of an anchor on his forearm`."""
    key = words[end].key if end < len(words) else ""
    if kind in ("face", "body") and (aged := _aged(words, end)) > end:
        return aged
    if kind in ("mark", "face", "skin", "body") and (told := _where(words, end)) is not None:
        return told
    if kind == "mark" and key == "from" and end + 1 < len(words) and words[end + 1].key in CAUSES:
        return _cause(words, end + 1)
    if kind in ("face", "skin") and [token.key for token in words[end : end + 2]] == ["from", "the"]:
        return end + 3 if end + 2 < len(words) and words[end + 2].key in WEATHER else end  # `a red nose from the cold`
    if kind == "mark" and key in OF_MARK and words[end - 1].key in TATTOOS:
        return _to_body(words, end + 1)
    if (
        kind == "eyes"
        and key == ","
        and end + 2 < len(words)
        and words[end + 1].key in RIMMED
        and words[end + 2].key in ("with", "in", "by")
    ):
        at = end + 3
        while at < len(words) and words[at].is_word and words[at].key not in ("and", "while", "as"):
            at += 1
        return at
    if kind == "eyes" and key not in ("crinkled", "lined", "ringed", "rimmed", "outlined", "framed"):
        return end
    if kind not in ("skin", "face", "hair", "mark", "eyes") or key not in OF_LOOKS or end + 1 >= len(words):
        return end
    if words[end + 1].key not in gr.PREPOSITIONS | gr.ARTICLES | lx.COLOUR | lx.HAIR | lx.FACE and not words[
        end + 1
    ].key.endswith("ly"):
        return end
    at = end + 1
    while at < len(words) and words[at].is_word and words[at].key not in gr.WEAR | {"while", "as", "who", "which"}:
        if words[at].key == "and" and not _last_part(words, at + 1):
            break
        at += 1
    return adjectives_and_style(words, at)


LONG_AGO = (["long", "ago"], ["years", "ago"])


def _aged(words: Sequence[Token], end: int) -> int:
    """`[ears] grown large with age`, `[a nose] broken long ago`; `end` itself where nothing of the kind is told"""
    after = [token.key for token in words[end : end + 4]]
    if len(after) > 1 and after[0] == "grown" and after[1] in SIZES:
        return end + (4 if after[2:] == ["with", "age"] else 2)
    if after[:1] != ["broken"]:
        return end
    return end + 3 if after[1:3] in LONG_AGO else end + 2 if after[1:2] == ["twice"] else end


SIZES = lx.words("large long big heavy thin")


def _last_part(words: Sequence[Token], at: int) -> bool:
    """`smeared across his chest and [arms]`"""
    return at < len(words) and words[at].key in BODY_PART and (at + 1 == len(words) or not words[at + 1].is_word)


NO_SHADE = gr.STOPPERS | verbs.THIRD
WEATHER = lx.words("cold wind heat sun frost salt exertion effort chill weather exercise run")
CAUSES = gr.ARTICLES | gr.POSSESSIVE | lx.words("old childhood past years surgery battle")


def _cause(words: Sequence[Token], at: int) -> int:
    """`[a scar] from a childhood fall`"""
    while at < len(words) and words[at].is_word and words[at].key not in gr.CONJUNCTIONS | gr.WEAR | {"while", "as"} | GOES_ON:
        at += 1
    return at


def _where(words: Sequence[Token], at: int) -> int | None:
    """`a gap where a tooth is missing`, `a tan line where her shorts end`, `dimples that show when she smiles`"""
    following = words[at + 1].key if at + 1 < len(words) else ""
    shown = words[at].key in ("that", "which") and following in SHOWN if at < len(words) else False
    shown = shown or [word.key in group for word, group in zip(words[at : at + 3], BEARING, strict=False)] == [True] * 3
    smiles = at + 1 < len(words) and words[at].key == "when" and following in ("she", "he", "they")
    if not shown and not smiles and (at >= len(words) or words[at].key != "where"):
        return None
    first = at + 2
    while at < len(words) and words[at].is_word and words[at].key not in ("and", "while", "as", "who"):
        if (shown or smiles) and at > first and words[at].key in GOES_ON and words[at - 1].key not in gr.PRONOUNS:
            break
        at += 1
    return at


def _to_body(words: Sequence[Token], at: int) -> int:
    """Over what it shows, and on to the part of the body where it is, if that is said."""
    shown = at
    while shown < len(words) and words[shown].is_word and words[shown].key not in gr.STOPPERS - gr.ARTICLES - {"of"}:
        shown += 1
    return on_body(words, shown)


def of_the_colour(words: Sequence[Token], end: int) -> int:
    """`[a coat] the color of wet bark`, `[hair] the colour of honey`"""
    keys = [token.key for token in words[end : end + 3]]
    if keys[::2] != ["the", "of"] or keys[1] not in ("color", "colour", "shade"):
        return end
    at = end + 3
    while at < len(words) and at < end + 6 and words[at].is_word and words[at].key not in NO_SHADE:
        at += 1
    return at if at > end + 3 else end


def adjectives_and_style(words: Sequence[Token], end: int) -> int:
    """`cut in a short, practical style`."""
    if end + 1 >= len(words) or words[end].key != "," or words[end - 1].key not in lx.HAIR | lx.FACE:
        return end
    at = end + 1
    while at < len(words) and at - end < 5 and words[at].is_word and words[at].key not in gr.STOPPERS:
        at += 1
    return at if words[at - 1].key in ("style", "cut", "manner", "fashion", "shape") else end


def on_body(words: Sequence[Token], end: int) -> int:
    """`across her nose and cheeks`, `on his left shoulder`, `cover both of his arms`."""
    if end >= len(words) or words[end].key not in ON_BODY | {"all"}:
        return end
    at = end
    while at < len(words) and words[at].key in BODY_TAIL:
        at += 1
    while at > end and words[at - 1].key not in BODY_PART:
        at -= 1
    if (
        at > end
        and [token.key for token in words[at : at + 1]] == ["and"]
        and words[at + 1 : at + 2]
        and words[at + 1].key in ON_BODY
    ):
        return max(at, on_body(words, at + 1))  # `on his forehead and around his eyes`
    if at == end and [word.key for word in words[end : end + 2]] in (
        ["above", "it"],
        ["below", "it"],
        ["beside", "it"],
        ["under", "it"],
    ):
        return end + 2
    return at
