"""What is left of the sentences of a rewritten caption, mended or left out where they cannot stand."""

from __future__ import annotations

import re

from fluxdiag.dataset.finding import lexicon as lx
from fluxdiag.dataset.rewriting.parts import A_VERB, MANY, PARTICIPLE
from fluxdiag.dataset.rewriting.rule import ruled, rules_of

LOOSE_END = re.compile(
    r"(?<!than she)(?<!than he)(?<!than it)(?<!than they)(?<!as she)(?<!as he)(?<!as it)(?<!as they)"
    r"(?:[\s,]+(?:a|an|the|and|but|so|yet|or|with|of|from|by|as|into|onto|his|their|its|wearing|showing|revealing|featuring|has|have"
    r"|had|is|are|was|were|very|through|while|that|which|who|where|both))+(?=\s*[.!?]?$)",
    re.IGNORECASE,
)
LAST_WORDS = re.compile(r"\w+ \w+[.!?]?$")
SENTENCES = re.compile(r"(?<=[.!?])\s+")
COUNTED = re.compile(r"(?:^|\s)\d{1,2}[.)]\s")
NUMBERS = re.compile(r"(?:^|(?<=\s))\d{1,2}[.)]\s+(?=\d{1,2}[.)](?:\s|$))|\s+\d{1,2}[.)]$")
TAGS = re.compile(r"[a-z0-9][\w'’ ()-]*,\s")
STUMP = 5
"""words"""
ACTION = re.compile(
    r"\b(?:(?:is|are|was|'s|’s)\s+(?!showing|wearing|revealing|having|featuring)\w+ing\b"
    r"|^(?:his|her|their)\s+(?:hands?|eyes|fingers|arms|lips|legs|feet)\s+(?!(?:is|are|was|has|have|falls?|hangs?)\b)\w+"
    r"|(?:looks|seems|appears)\s+(?:\w+ly\s+)?\w+[.!?]|looks?\s+(?:straight|directly|at|up|down|out|back|over|away|off|ahead)\s+\w|^(?:she|he|they)\s+\w+(?<!i)s(?:\s+(?:away|back|up|down|on|off|forward|around|out|in|ashore))?[.!?]"
    r"|^(?:his|her|their)\s+\w+\s+(?:is|are)\s+(?:\w+ly\s+)?\w+[.!?]$"
    rf"|^(?:she|he|they)\s+(?:(?:\w+ly|never|always|often|still|just|also)\s+)?(?!(?:is|are|was|were|has|have|had|wears|wore|looks|seems|appears)\b){A_VERB}\s+\w"
    r"|^(?:she|he|they)(?:\s+(?:is|are|was|were)|['’](?:s|re))\s+(?:(?:very|so|quite|really|always)\s+)?"
    r"(?!(?:\w+ly|very|so|quite|also|both|just|only|now|still|all|too|not|in|on|with|a|an|the|wearing|dressed|shown|seen)\b)\w+[.!?]$"
    r"|\w+s\s+(?:an?|the|her|his|their|at|on|in|into|with)\s+(?!where\b)\w+(?!\s+where\b))",
    re.IGNORECASE,
)
CLASS = lx.pattern(lx.CLASS_NOUNS)
SHOWN = (
    r"(?:depicted|shown|portrayed|pictured|presented|represented|rendered|drawn|illustrated|painted|described|seen|imagined"
    r"|captured)"
)
IS_SOMEBODY = (
    rf"^(she|he|they|the\s+(?:{CLASS}))(?:(?:\s+(?:is|are|was|were)|['’]s)(?:\s+{SHOWN}\s+as)?|\s+(?:appears?|seems?|looks?)\s+to\s+be)"
    rf"\s+an?\s+(?:{CLASS})"
)
"""`She is a woman`, `He is depicted as a man`: it says nothing"""
EMPTY = re.compile(
    r"^(?:she|he|they)(?:,|\s+(?:with|of|over|under|and|his|her|their|the|an?|beneath|against|on|in|by|as)\b)"
    rf"|{IS_SOMEBODY}[.!?]?$"
    r"|^(?:create|give|lend|make|add|complete|convey|suggest|complement|emphasize|frame|contribute)s?\s+(?:an?|the|to|his|her|their)\b",
    re.IGNORECASE,
)
"""`She over a.`, `He with the longer hair on top`, `She is a woman.`, `Create a futuristic look.`"""
MENDED = rules_of(
    (
        (r"^((?:the|a|an)\s+\w+|she|he|they),\s+(?=(?:is|are|was|looks|stands|sits|leans|holds|walks|smiles|kneels)\b)", r"\1 "),
        (
            r"^(the\s+\w+|she|he),\s+((?:seen|shown|pictured|captured|viewed|\w{2,}ing|\w{3,}ed|lost|bent|caught)\b[^,]*)$",
            r"\1 is \2",
        ),
        (rf"^((?:the|both|these)\s+{MANY})\s+is\s+(?=[\w]+(?:ing|ed|en)\b)", r"\1 are "),
        (r"^(the\s+\w+),\s+((?:on|in|at|to)\s+the\s+\w+[.!?]?)$", r"\1 is \2"),
        (rf"^an?\s+(?:{CLASS}),\s+(?=(?:she|he)\s)", ""),  # `A [tall] woman in [heels], she towers`
        (r"^(?:she|he|they)\s+(?=(?:his|her|their)\s+\w+\s+(?:is|are)\b)", ""),
        (rf"{IS_SOMEBODY}\s*,?\s+and\s+(?!(?:she|he|they|his|her|their|the|an?)\b)(?=\w+s\b)", r"\1 "),
        (rf"{IS_SOMEBODY}\s*,?\s+(?={PARTICIPLE}\b)", r"\1 is "),  # `He is a man, holding a cup`
        (
            rf"{IS_SOMEBODY}\s+(?:who|that)\s+(?=is\s+\w+ing\b|(?!is\b|was\b){A_VERB}\b)",
            r"\1 ",
        ),  # `She is a woman who holds a cup`
        (
            rf"{IS_SOMEBODY}(?:\s*,\s*|\s+)(?:and|as|while|who|when)\s+(?=(?:she|he|they)\b)",
            "",
        ),  # `He is a man, and he runs`
        (rf"{IS_SOMEBODY}\s*,?\s+and\s+(?=(?:his|her|their|the)\s+(?:[\w'’-]+\s+){{1,3}}?(?:is|are|{A_VERB})\s)", ""),
    )
)


def sound(before: str, after: str) -> str:
    """The caption `after` with its changed sentences mended, and less those in which nothing is left."""
    known = set(SENTENCES.split(before))
    first, *rest = [one if one in known else mended(one, before) for one in SENTENCES.split(after)]
    return _counted(before, " ".join([first, *(one for one in rest if one in known or _says_something(one))]))


def _counted(before: str, after: str) -> str:
    """Of a numbered list, no number without its item: `1. 2. She sits.` -> `2. She sits.`"""
    if len(COUNTED.findall(before)) < 2:
        return after
    return NUMBERS.sub("", after)


def mended(sentence: str, before: str = "") -> str:
    """`She smiles, showing a.` -> `She smiles.`; `The man, seen from behind.` -> `The man is seen from behind.` What the caption
    `before` ended with is no loose end: `watching the boats go by.`"""
    return ruled(sentence if _ended_so(sentence, before) else LOOSE_END.sub("", sentence), MENDED)


def _ended_so(sentence: str, before: str) -> bool:
    """Whether a sentence of the caption `before` had the same last two words."""
    end = LAST_WORDS.search(sentence)
    return end is not None and (end[0] in before if end[0][-1] in ".!?" else before.endswith(end[0]))


def _says_something(sentence: str) -> bool:
    """No stump such as `She is extremely.`: at least five words, or something is done or had; or a list of tags."""
    if EMPTY.search(sentence):
        return False
    return bool(TAGS.match(sentence)) or len(sentence.split()) >= STUMP or ACTION.search(sentence) is not None
