"""What stays of a description where a verb needs its noun: `biting her [plump] lip` -> `biting her lip`."""

from __future__ import annotations

import re

from fluxdiag.dataset.finding import lexicon as lx
from fluxdiag.dataset.finding.lexicon import verbs
from fluxdiag.dataset.rewriting.parts import FINITE, MANY_DO, PICTURE, THEY_DO, VERB
from fluxdiag.records import Span

PART = lx.pattern(
    lx.FACE_HEADS
    | lx.FACE_HEADS_ALONE
    | lx.BODY_HEADS
    | lx.EYE_HEADS
    | lx.HAIR_HEADS_WITH_ADJECTIVE
    | lx.BEARDS
    | lx.words("skin braid braids ponytail pigtails bun")
)
PLACE = r"(?:over|up|down|off|back|across|around|behind|from|to|on|onto|into|at|out|in|against|through)\b"
STAYS = rf"(?:\s+{PLACE}[\w\s'’-]*)?"
"""where hands or the wind put it"""
OWNED_PART = re.compile(
    rf"(?:the\s+(?:strands|curls|waves|locks|folds|curve|contours)\s+of\s+)?(?:her|his|their|its|one|both)\s+(?P<told>(?:(?!{PLACE})[\w'’,-]+\s+)+?)?(?:{PART}){STAYS}",
    re.IGNORECASE,
)
HANDLES = re.compile(
    r"\b(?:(?:tak|remov)(?:es|ing)\s+off|put(?:s|ting)\s+on|t(?:ies|ying)|lac(?:es|ing)|wrap(?:s|ping)"
    r"|(?:adjust|tip|tug|straighten|loosen|smooth|lift|button|unbutton|tie|untie|remov|doff|tuck|twirl|brush|pull|grip|clutch|tighten|fasten|zip|trim"
    r"|unzip|fix|push|comb|braid|stroke|strok|wring|twist|gather|fluff|toss|flip|shav|wip|polish|admir|inspect|examin|check|clean|wash|fold|iron)(?:s|es|ed|ing)|(?:fiddl|play|toy|fidget|fuss)(?:es|s|ing)\s+with)\s+(?:(?:at|on|up|off|down|back)\s+)?$",
    re.IGNORECASE,
)
BUTTONS = re.compile(
    r"\b(?:the|its|with|two|three)\s+(?:[\w-]+\s+){0,2}(?:buttons|laces|folds|ties|zips|trims|braids|twists|checks)\s+(?:on|at|down)\s+$",
    re.IGNORECASE,
)
"""`The brass buttons on [his coat]`: no verb"""
HANDLED = re.compile(
    r"(?:(?:an?|the)\s+(?:strand|lock|curl|wisp|piece)s?\s+of\s+)?(?:(?:her|his|their)\s+)?(?P<told>(?:[\w'’,-]+\s+)*?)(?:hair|[\w-]+)"
    + STAYS,
    re.IGNORECASE,
)
"""`adjusts his [blue] tie`, `tucks a strand of [blonde] hair`: what the hands do needs its thing"""
STATED = re.compile(rf"((?:her|his|their)\s+(?:{PART}))\s+(?:is|are|was|were)\b.*", re.IGNORECASE)
TOLD_BESIDE = re.compile(rf"((?:her|his|their)\s+(?:{PART}))\s*,\s.*", re.IGNORECASE)
VERB_NEXT = re.compile(rf"\s*,(?=\s+(?:is|are|was|were|{FINITE}|{THEY_DO}\b|{MANY_DO}\b))", re.IGNORECASE)
"""`[His eyes, framed by thick brows], are fixed on us` -> `His eyes are fixed on us`"""
HAVING = re.compile(r"\b(?:having|has|have|gets?|getting)\s+$", re.IGNORECASE)
DONE_BY = re.compile(r"\s+(?:\w{3,}ed|done|cut|put)(?:\s+\w+)?\s+by\b")
"""`having [his tie] straightened by his wife`: what is done to a garment needs it"""
LOOKS_ON = re.compile(
    r"(\s+and)\s+(?:looks?|gazes?|stares?|meets?|rests?|holds?|grips?|focus|stretch(?:es)?|is|are|reach(?:es)?)\b", re.IGNORECASE
)
"""`Her eyes[ are green and] look at us`"""
WHOSE = re.compile(r"\s+of\s+(?:an?|the)\s")
FACE_OF = re.compile(rf"(?:the|an?)\s+(?P<told>(?:[\w'’,-]+\s+)+?)(?:{PART})", re.IGNORECASE)
"""`the [weathered] face of a fisherman`"""
PICTURE_OF = re.compile(rf"\b{PICTURE}s?\s+of\s+$", re.IGNORECASE)
"""`Close-up of [weathered] hands`"""
GENITIVE = re.compile(r"([\w-]+)['’]s\s+$")
WHOSE_PART = re.compile(r"(?:\b(?:an?|the|this|another)\s+)?(?:[\w-]+\s+)?[\w-]+['’]s\s+$", re.IGNORECASE)
"""`shows [a man's] face`"""
MANY_PARTS = re.compile(
    r"(?P<told>(?!(?:her|his|their|the|its|two|an?)\b)(?:[\w'’-]+,?\s+)+?)(?:fingers|hands|lips|eyes|arms|legs|feet|toes)",
    re.IGNORECASE,
)
THEY_DO_SO = re.compile(rf"\s+(?:{lx.pattern(verbs.PERSON_DOES - verbs.THING_DOES)})\s", re.IGNORECASE)
"""`[Thick, calloused] fingers work the twine`"""
LIT_PART = re.compile(
    r"(?=[^.]*\b(?:(?:sun|lamp|fire|candle|moon|day)?light|glow|shadows?|reflections?|flames)\s+(?:\w+ly\s+)?(?:falls?|plays?|rakes?|dances?"
    r"|flickers?|spills?|streams?|pours?|washes|streaks?|shines?|glows?|filters?|slants?|slides?|lands?)\s)"
    rf"[^.]*?\s{PLACE}\s+(?:her|his|their)\s(?P<told>(?:[\w'’,-]+\s+)*?)(?:{PART})",
    re.IGNORECASE,
)
"""`Stripes of light fall across his [lined] face`"""
DOING_PART = re.compile(
    rf"(?:her|his|their|one|both|an?)\s+(?P<told>(?:(?!{PLACE})[\w'’-]+,?\s+)+?)(?:hands?|arms?|fingers?|fists?|foot|feet|legs?)\s+"
    rf"(?:reach(?:es)?\s+(?:for|out|up|towards?|into|over|through|across|behind)|{lx.pattern(verbs.PERSON_ALONE)})\s.*",
    re.IGNORECASE,
)
"""`Her [gloved] hand reaches for the rope`"""
LIMB = re.compile(r"an?\s+(?P<told>(?:[\w'’-]+,?\s+)+?)(?:arm|hand|finger|foot|leg|fist)", re.IGNORECASE)
LIMB_DOES = re.compile(
    r"\s+(?:reaches|holds|grips|rests|points|pushes|pulls|waves|lets|emerges|lies|appears|hangs|clutches|beckons)\b"
)
"""`[A thin] arm reaches out of the window`: somebody, whose looks it is not"""
GENITIVE_PART = re.compile(rf"(?!(?:an?|the)\s)(?P<told>(?:[\w'’,-]+\s+)+?)(?:{PART})", re.IGNORECASE)
SUBJECT_HERE = re.compile(r"(?:^|[.!?;,]\s+|\b(?:and|but|while|as)\s+|['’]s\s+)$", re.IGNORECASE)
SAYS_NO_MORE = (
    r"(?!(?:has|have)\s+come\s+(?:loose|undone|untied)\b|(?:(?:partly|partially|almost|half|also|sharply|beautifully|nicely)\s+)?(?:stands?\s+out|pops?|contrasts?|hides?|conceals?"
    r"|obscures?|complements?|match(?:es)?|gives?|lends?|adds?|draws?\s+attention|creates?)\b)"
)
"""what a look does to another look or to the picture: `His [green] eyes stand out`"""
DOES = re.compile(
    rf"\s+{SAYS_NO_MORE}"
    r"(?:gently\s+|lightly\s+|firmly\s+)?(?!(?:and|or|with|in|on|at|that|which|who|of|from|under|over|to|while|as|for|by)\b)[a-z]+"
)
TOO = re.compile(
    rf"\s+and\s+(?:the|an?|his|her|their)\s+(?:[\w'’-]+\s+){{0,2}}?\w*[a-rt-z]\s+(?!(?:{MANY_DO})\b)(?:are|were|have|{lx.pattern(verbs.BASE)})\s",
    re.IGNORECASE,
)
"""`His [weathered] face and the calm sea tell of a storm`: the verb needs both"""
BARE = re.compile(r"\b(?:bare|naked)\s", re.IGNORECASE)
"""`Her [bare] shoulders shake`"""
OBJECT = re.compile(
    r"\b(?:\w{2,}ing|\w{2,}s|hidden|buried|held|pressed|cupped)\s+(?:(?:out|up|down|off|away|back|into|through|over|against|at|on|onto"
    r"|across|behind|from|around|to|under|in|toward|towards|past|along|near|beneath)\s+){0,2}$"
    r"|\b(?:through|over|against|across|behind|around|beneath|along|down|to|toward|towards|from|on|onto|into|in|by|of)\s+$",
    re.IGNORECASE,
)
NOT_OBJECT = re.compile(rf"{VERB}\s+(?:only\s+)?$|\b(?:is|has|was|having|wearing|looks|appears|seems)\s+$", re.IGNORECASE)
IN_HAND = re.compile(r"\bin\s+(?:her|his|their)\s[^.,]*\b(?:hands?|fists?|palms?|fingers|arms|lap)$", re.IGNORECASE)
WIND = re.compile(r"\b(?:wind|breeze|gust|air|rain|snow|hands?)\b[^.,;]*\s$", re.IGNORECASE)
"""what moves hair: `Wind whips [her hair across her face]`"""
NEAR = 80
"""characters before a phrase that say what it hangs on"""


def noun_stays(caption: str, span: Span) -> bool:
    return adjectives_only(caption[max(0, span.start - NEAR) : span.start], span, caption[span.end :]) is not None


def adjectives_only(before: str, span: Span, after: str) -> tuple[int, int] | None:
    """`biting her [plump] lip`, `His [calloused] hands grip`: start and end of what goes, as the verb needs the rest."""
    if (kept := _goes_on(span, after)) is not None:
        return kept
    if (whole := _shown(before, span, after)) is not None:
        return span.start + whole.start("told"), span.start + whole.end("told")
    genitive = GENITIVE.search(before)
    whose = WHOSE_PART.sub("", before) if genitive else before
    part = GENITIVE_PART if genitive and genitive[1].lower() in lx.PERSON else OWNED_PART
    bare = span.kind == "clothing" and BARE.search(span.text) and SUBJECT_HERE.search(before)
    if not (bare or span.kind in ("face", "body", "eyes", "hair", "skin", "mark")) or not (owned := part.fullmatch(span.text)):
        return None
    if not (
        _is_object(whose)
        or IN_HAND.search(before + span.text)
        or (SUBJECT_HERE.search(before) and (DOES.match(after) or TOO.match(after)))
    ):
        return None
    if not owned["told"]:
        return (span.start, span.start) if WIND.search(before) else None
    return span.start + owned.start("told"), span.start + owned.end("told")


def _goes_on(span: Span, after: str) -> tuple[int, int] | None:
    """`Her eyes[ are green and] look`, `His eyes[, framed by brows,] are fixed`: the part has another verb."""
    if span.kind in ("eyes", "face", "body") and (stated := STATED.fullmatch(span.text)) and (goes := LOOKS_ON.match(after)):
        return span.start + stated.end(1), span.end + goes.end(1)
    if (beside := TOLD_BESIDE.fullmatch(span.text)) and (verb := VERB_NEXT.match(after)):
        return span.start + beside.end(1), span.end + verb.end()
    return None


def _shown(before: str, span: Span, after: str) -> re.Match[str] | None:
    """What hands do something to, or a picture is of."""
    if span.kind in ("clothing", "accessory", "hair") and _is_handled(before, after):
        return HANDLED.fullmatch(span.text)
    if span.kind in ("skin", "face", "mark") and (lit := LIT_PART.fullmatch(span.text)):
        return lit
    if span.kind == "body" and (does := DOING_PART.fullmatch(span.text)):
        return does
    if span.kind in ("body", "skin") and (limb := LIMB.fullmatch(span.text)) and LIMB_DOES.match(after):
        return limb
    doing = span.kind in ("body", "skin") and SUBJECT_HERE.search(before) and THEY_DO_SO.match(after)
    if doing and (bare := MANY_PARTS.fullmatch(span.text)):
        return bare
    if WHOSE.match(after):
        return FACE_OF.fullmatch(span.text)
    pictured = span.kind in ("body", "skin", "face", "eyes") and PICTURE_OF.search(before)
    return GENITIVE_PART.fullmatch(span.text) if pictured else None


def _is_handled(before: str, after: str) -> bool:
    by_hand = HANDLES.search(before) is not None and not BUTTONS.search(before)
    return by_hand or (HAVING.search(before) is not None and DONE_BY.match(after) is not None)


def _is_object(before: str) -> bool:
    return NOT_OBJECT.search(before) is None and OBJECT.search(before) is not None
