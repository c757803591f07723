"""What somebody does beside how he looks: `A woman wears [a dress] and holds a cup` -> `A woman holds a cup`.

The subject is a noun phrase for a person, or a name, that opens its clause; the verbs that told its looks go, the next one stays.
"""

from __future__ import annotations

import re

from fluxdiag.dataset.finding import lexicon as lx
from fluxdiag.dataset.finding.lexicon import verbs
from fluxdiag.dataset.rewriting.parts import A_VERB, CLASS, HAS, MANY, PARTICIPLE, SAME_SEX, START, TO_WHAT
from fluxdiag.dataset.rewriting.rule import rules_of

SOME = r"(?:two|three|four|five|several|some|many|both|these|all)"
OPENS = r"(?<!\S)(?:(?<=^)|(?<=[.!?;:,]\s)|(?<=\band\s)|(?<=\bwhile\s)|(?<=\bbut\s))"
PLACED = (
    r"(?:\s+(?:in|on|at|by|near|behind|beside|to|under|inside)\s+(?:an?|the|this|his|her|their)\s+(?:[\w'-]+\s+){0,2}?[\w'-]+"
    r"(?:\s+of\s+the\s+[\w'-]+)?)?"
)
WITH = r"(?:\s*,?\s*(?:(?:who\s+(?:is|are)\s+)?(?:wearing|dressed\s+in|clad\s+in)|in|with)\s+\0\s*,?)*"
NAME = (
    r"(?!(?:she|he|they|it|i|we|you|there|this|that|these|those|who|which|what|his|her|their|its|the|an?|and|but|with|in|on|at|one|both)\b)"
    r"[\w'-]+"
)
PERSON = rf"(?:(?:an?|the|this|one|another|each)\s+(?:[\w'-]+\s+){{0,3}}?{CLASS}(?!\s+{CLASS})|(?:the|this)\s+(?:\w+\s+)?one)"
PEOPLE = rf"(?:(?:{SOME}|the)\s+(?:of\s+the\s+)?(?:[\w'-]+\s+){{0,3}}?{MANY}|both)"
ONE = rf"({OPENS}{PERSON}{PLACED}|{START}{NAME}(?:\s+{CLASS})?){WITH}"
SEVERAL = rf"({OPENS}{PEOPLE}{PLACED}){WITH}"
LOOKS = rf"\s+(?:also\s+)?{HAS}\s+\0(?:\s*,?\s*(?:and\s+)?(?:{HAS}|with|in)\s+\0)*"
THEN = r"\s*,?\s*(?:and|while|as|but)?\s*(?:(?:is|are)\s+)?"
DO = rf"(?:{lx.pattern(verbs.PERSON_DOES)})\b"
NO_PLACE = (
    r"(?!(?:\w+\s+){1,4}?(?:style|shades?|manner|way|fashion|colou?rs?|tones?|pattern|top|back|front|waist|neck|sides?|shape|size|hair|head"
    r"|shoulders?|arms?|hands?|face|chest|wrists?|ears?|tip|ends?|edges?|bridge|corners?|collar|hem|sleeves?|pocket)\b)"
)
PLACE = (
    r"(?=(?:in|on|at|under|beside|behind|inside|outside|near|against|next\s+to|in\s+front\s+of|surrounded\s+by)\s+"
    rf"{NO_PLACE}(?:an?|the)\s)"
)
TO_PLACE = (
    r"(?=(?:(?:the|an?|his|her|their|my|our)\s+)(?:[\w'’-]+\s+){0,2}?(?:beach|party|wedding|office|gym|school|church|park|game|match|market|festival"
    r"|concert|ball|prom|ceremony|airport|premiere|gala|dance|carnival|fair|picnic|station|pool|mall|museum|event|race)\b(?!\s+and\s+(?:an?|the|his|her)\b)|work\b|school\b|church\b|prom\b)"
)
ELSE = rf"\s*,?\s*(?:and|while|as)\s+(?=(?:an?|the|his|her|their)\s+(?:[\w'-]+\s+){{1,2}}{A_VERB}\s)"
THEY_TOO = (
    (rf"{START}(?:she|he|they){LOOKS}{ELSE}", ""),
    (
        rf"\bthat\s+time\s+((?:(?:my|our)\s+)?(?!we\b|you\b|they\b)[\w-]+)\s+(?:wore|had\s+on)\s+\0\s+to\s+{TO_PLACE}",
        r"that time \1 was at ",
    ),  # `that time Phil wore [a tie] to work`
    (rf"{START}(she|he)\s+wears\s+\0\s+to\s+{TO_PLACE}", r"\1 is at "),
    (rf"{START}(she|he)\s+wore\s+\0\s+to\s+{TO_PLACE}", r"\1 was at "),
    (rf"{START}(they){LOOKS}\s*,?\s*{PLACE}", r"\1 are "),
    (rf"{START}(she|he){LOOKS}\s*,?\s*{PLACE}", r"\1 is "),
)
"""the same of pronouns, of which `rules.py` knows the rest"""
SOMEBODY = re.compile(rf"(?<!\bshe)(?<!\bhe)(?<!\bthey)\s(?:also\s+)?{HAS}\s+\0", re.IGNORECASE)
"""without this none of `GOES_ON_TO` applies"""
GOES_ON_TO = rules_of(
    (
        (rf"{ONE}{LOOKS}\s*,?\s*and\s+(?=(?:is|was|has)\s+(?!\0)|{A_VERB}\b)", r"\1 "),
        (
            rf"{ONE}{LOOKS}\s+(?:with|in|of|made|featuring|over|under|from)\s[^,.!?;\0]*?\s*,?\s+and\s+"
            rf"(?=(?:is\s+\w+ing\b|{A_VERB}\s(?:{TO_WHAT})\b))",
            r"\1 ",
        ),  # `A woman wears [a suit] with LED lights and holds a rifle`
        (rf"\b(who|that){LOOKS}\s*,?\s*and\s+(?=(?:is|was|has)\s+(?!\0)|{A_VERB}\b)", r"\1 "),
        (rf"{ONE}\s+(has|had)\s+\0\s*,?\s*and\s+(?=an?\s(?!(?:[\w'-]+\s+){{1,2}}{A_VERB}\s))", r"\1 \2 "),
        (
            rf"(?:{ONE}|{SEVERAL}){LOOKS}{ELSE}",
            "",
        ),  # `A woman wears [a hat], and a dog runs`
        (rf"{SEVERAL}{LOOKS}\s*,?\s*and\s+(?=(?:are|were|have)\s+(?!\0)|{DO})", r"\1 "),
        (  # `The woman is wearing [a coat], holding a cup, and smiling` -> `The woman is holding a cup and smiling`
            rf"{ONE}{LOOKS}\s*,\s*({PARTICIPLE}\b[^.!?;,\0]*),\s*and\s+(?={PARTICIPLE}\b[^,\0]*$)",
            r"\1 is \2 and ",
        ),
        (rf"{SEVERAL}{LOOKS}{THEN}(?={PARTICIPLE}\b)", r"\1 are "),
        (rf"{ONE}{LOOKS}{THEN}(?={PARTICIPLE}\b)", r"\1 is "),
        (rf"{OPENS}{SAME_SEX}(?:{ONE}|{SEVERAL}){LOOKS}\s*,?\s*(?:and|as|while)\s+(?:she|he|they)\s+(?!{HAS}\s+\0)", r"\1\2 "),
        (
            rf"{ONE}{LOOKS}\s*,?\s*(?:and\s+)?(?:with\s+)?"
            r"(?=(?:(?:his|her|their)\s+(?:\w+\s+)?(?:hands?|arms?|fingers?)\s+(?:in|on|at|over|around|behind|under|against)\b"
            r"|an?\s[^,.;\0]*\bin\s+(?:one|each|both|his|her|their)(?:\s+\w+)?\s+hands?\b))",
            r"\1 has ",
        ),
        (rf"{SEVERAL}{LOOKS}\s*,?\s*{PLACE}", r"\1 are "),
        (rf"{ONE}{LOOKS}\s*,?\s*{PLACE}", r"\1 is "),
    )
)
