"""The last words around a hole: how it is closed, and marks and spaces that nothing stands between any more."""

from __future__ import annotations

from fluxdiag.dataset.rewriting.parts import A_VERB, CLASS, FINITE, MANY, ON_SIDE, THEY_DO
from fluxdiag.dataset.rewriting.rule import rules_of

AS_HE = r"(?:as|while)\s+(?:she|he|they)\b(?!\s+(?:does|do|did|always|usually|often|is\s+known)\b)"
"""`as he walks`, but not `, as he does every evening`"""
CLOSE = rules_of(
    (
        (rf"(?<=\w),\s*an?\s+{CLASS}\s*\0\s*,\s*(?=(?:is|{FINITE}))", " "),  # `The father, a man[ with ...], holds`
        (
            r"((?:^|[.!?;]\s|\b(?:and|while|but)\s)(?:his|her|their|(?:\w+\s+){1,3}?\w+['’]s)\s+(?:\w+\s+)?\w+)\s*,\s*\0\s*,\s*(?=\w)",
            r"\1 ",
        ),
        (
            rf"((?:^|[.!?;]\s)(?:his|her|their)\s+(?:\w+\s+)?\w+)\s*\0\s*,\s*(?=(?:are|is|{THEY_DO}|{FINITE})\b)",
            r"\1 ",
        ),  # `Her hands[, knotted], work`
        (rf"(,\s*(?:\w+ing|with)\b[^.!?;\0]*)\s*\0\s*,\s*(?=(?:is|{FINITE}))", r"\1, "),  # both commas stay, or none
        (  # `Two girls[, one blonde], run along the beach`
            rf"((?:^|[.!?;]\s)(?:two|three|four|several|the|a\s+group\s+of|some|an?)\s+(?:[\w-]+\s+){{0,2}}{MANY}),?\s*\0\s*,\s*(?={THEY_DO}\b)",
            r"\1 ",
        ),
        (
            rf"((?:^|[.!?;]\s)[^,.!?;:]{{3,60}}),?\s*\0\s*,\s*(?=(?:is|{FINITE}|[a-z]+s\s+(?:an?|the|his|her|its|their)\s))",
            r"\1 ",
        ),  # `A man[, bald], sits at a bar`
        (  # `while the man[, in a striped shirt], claps`
            rf"(\b(?:while|and|but|as|whereas)\s+(?:the|an?|another)\s+(?:[\w-]+\s+){{0,2}}?{CLASS}),?\s*\0\s*,\s*(?=(?:is|{A_VERB})\b)",
            r"\1 ",
        ),
        (rf"(?<=\w)\s*,?\s*\0\s*,\s*and\s+(?=(?:is|has|{A_VERB})\b)", " and "),  # `He sits[, his beard blowing], and watches`
        (  # `with a rod, [a hat] and a pipe`
            r"(\b(?:with|has|have|had|holds?|holding|carrying|carries|includes?|including|of)\s[^,.;:!?\0]+),?\s*\0\s*,?\s*and\s+"
            rf"(?=(?:an?|the|one|two|three|some|several|his|her|their)\s(?!(?:[\w'-]+\s+){{0,2}}{FINITE}))",
            r"\1 and ",
        ),
        (r"(,\s*\w+ing\b[^,.!?;\0]*),?\s*\0\s*,?\s*and\s+(?=\w+ing\b)", r"\1 and "),
        (r"(?<=\w)\s*,?\s*\0\s*,\s*and\s+(?=\w+ing\b)", ", "),
        (rf"(?<=\w)\s*,?\s*\0\s*,?\s*and\s+(?=\w+ing\b[^,.!?;\0]*,\s*(?:is|{FINITE}))", ", "),
        (r",\s*\0\s*and\s+(?=[\w-]+\s*(?:[,.!?;]|$))", ", "),  # `the two of us, [sweaty] and happy`
        (rf",\s*\0\s*(?={AS_HE})", " "),  # `He bows[, his spurs jingling] as he walks`
        (rf"(?<=\w)\s*\0\s*,\s*(?={AS_HE})", " "),
        (r",\s*\0\s*and\s+(?=\w+ing\b)", ", "),  # `A woman, [old] and smiling, knits`
        (r"(?<=\w)\s*\0\s*\band\s+(?=\w+ing\b)", " "),
        (r"\s+[-–—]\s*\0\s*[-–—]\s+(?=\w)", " "),  # `Photo of Marco - [hoodie, joggers] - leaning`
        (r"\s*:\s*\0\s*(?=[.!?]|$)", ""),
        (r"\s*\0\s*(?=:\s)", ""),  # `three women [in saris]: one is pouring tea`
        (r",\s*\0\s*and\s+(?=\w{3,}ed\s+(?:in|with|by|on|to|from)\b)", ", "),  # `a drummer, [shirtless] and drenched in sweat`
        (r"\0\s*(?=[.!?])", ""),
        (r"\s*\0\s*", " "),
    )
)
"""what is left of a hole, sentence by sentence"""
TIDY = rules_of(
    (
        (  # `The boy is on the left; the boy on the right`
            rf"\b(?-i:The)(\s+(\w+)\s+is\s+{ON_SIDE})(?=\s*[,.;].*?\bthe\s+\2\s+(?:on|in|at|to)\b)",
            r"A\1",
        ),
        (r"\s+([,.;!?])", r"\1"),
        (r"\s*\([\s!?,;]*(?::[\d.]+)?\s*\)", ""),  # a weight around nothing
        (r",\s*(?=\))", ""),
        (r"[,:]\s*;(?:\s*[,;])*", ";"),  # `foil extended, [...]; his opponent steps back`
        (r"([,;:])(?:\s*[,;])+", r"\1"),
        (r"[,;]\s*(?=\.(?!\d))", ""),
        (r"(?<=\s[-–—]),", ""),
        (r"\s+[–—](?=[.!?])", ""),
        (r"\|\s*(?=\|)", ""),  # parts between bars
        (r"(?<=[.!?])(?:\s+[.!?,;]+|[.,;]+|(?<=\.)[!?]+)(?!\d)", ""),  # `!!` is the user's own
        (r"^[\s,.;:!?|]+", ""),
        (r"[\s,;:|]+$", ""),
        (r"[^\S\n]{2,}", " "),
    )
)
