"""A shoe that tells where the foot is: `[one boot] propped on the bumper` -> `one foot propped on the bumper`.

The pose is not lost with the shoe; a heel that is set down or lifted is the foot's own.
"""

from __future__ import annotations

import re

from fluxdiag.records import Span

SHOE = re.compile(
    r"((?:one|his|her|their|the\s+other)\s+(?:(?:left|right|front|back)\s+)?)(?:[\w-]+,?\s+){0,3}?(boot|shoe|sneaker|trainer|sandal|slipper|heel)",
    re.IGNORECASE,
)
OPENS = re.compile(r"(?:(?:^|[.!?;,]\s+|\b(?:with|and|while|as|until|before|when|instant|moment|where)\s+))$", re.IGNORECASE)
FEET = re.compile(r"((?:his|her|their)\s+)(?:[\w-]+,?\s+){0,3}?(?:boots|shoes|sneakers|trainers|sandals|slippers)", re.IGNORECASE)
PLACED = re.compile(r"\b(?:between|around|beside|beneath|at|under|before|in\s+front\s+of)\s$")
"""`A suitcase stands between [his polished shoes]`"""
LOOKS_AT = re.compile(r"\b(?:look|star|gaz|glanc|point|peer|squint)(?:s|es|ed|ing|e)?\s+(?:down\s+)?at\s$")
POSED = re.compile(
    r"\s+(?:is\s+)?(?:\w+ly\s+)?(?:propped|planted|rest(?:ed|ing)|raised|lifted|braced|pressed|poised|perched|hooked"
    r"|(?:up\s+)?(?:on|off|against|in)\s+(?:an?|the|its)|ahead|forward|meets|strikes|hits|touches|leaves|lands|rests|presses|nudges|kicks|taps)\b",
    re.IGNORECASE,
)
NEAR = 20
"""characters before a phrase that say what it hangs on"""


def posed_foot(caption: str, span: Span) -> str | None:
    """What stays of the phrase, where it tells how somebody stands; None where it only says what is worn."""
    before = caption[max(0, span.start - NEAR) : span.start]
    if span.kind == "clothing" and (feet := FEET.fullmatch(span.text)) and PLACED.search(before) and not LOOKS_AT.search(before):
        return f"{feet[1]}feet"
    shoe = SHOE.fullmatch(span.text) if span.kind in ("clothing", "body") else None
    if shoe is None or not OPENS.search(before) or not POSED.match(caption, span.end):
        return None
    return shoe[1] + ("heel" if shoe[2].lower() == "heel" else "foot")
