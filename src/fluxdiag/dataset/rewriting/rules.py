"""What becomes of the words around a hole that a description left: regular expressions, tried in order until none applies."""

from __future__ import annotations

from fluxdiag.dataset.rewriting.parts import (
    A_VERB,
    BE,
    CATCHES,
    CLASS,
    CLAUSE,
    COVERS,
    DOES,
    DOES_OR_NOT,
    END,
    FINITE,
    GOES_ON,
    HAS,
    HOLE,
    MANY,
    MANY_DO,
    NEW_CLAUSE,
    ON_SIDE,
    PARTICIPLE,
    PICTURE,
    POSED,
    POSED_ALL,
    SAME_SEX,
    SEEMS,
    SHINING,
    START,
    STILL_LISTED,
    SUBJECT,
    THEY_DO,
    TO_WHAT,
    VERB,
)
from fluxdiag.dataset.rewriting.rule import rules_of
from fluxdiag.dataset.rewriting.somebody import PLACE, THEY_TOO

OWN_CLAUSE = rf"an?\s+(?:(?!(?:that|who|which|as|while|and|with)\b)[\w'’-]+\s+){{2,4}}(?:is\s|{FINITE})"
"""`[He wears a cap], and a pair of tongs is in his hand`"""
A_CLAUSE = rf"an?\s+(?:[\w'’-]+\s+){{1,5}}?{FINITE}"
RULES = rules_of(
    (
        *THEY_TOO,
        (
            rf"{START}({SUBJECT})\s+(has|wears|had)\s+\0\s*(?:,\s*)?\band\s+"
            rf"(?!(?:an?\s+)?(?:[\w'-]+\s+){{1,2}}{FINITE}|{OWN_CLAUSE})(?=an?\b|(?!he\b|she\b|they\b|is\b|has\b|\w+s\b|{PARTICIPLE}\b|(?:his|her|their|the|one)\b|\0)\w)",
            r"\1 \2 ",
        ),
        (  # `He wears [a cap], and water streams off the roof`
            rf"{START}{SUBJECT}(?:\s+(?:is|was))?(?:\s+{VERB})?\s+\0\s*,\s*and\s+(?!{FINITE}|(?:is|has|was|she|he|they)\b)"
            rf"(?=(?:[\w'-]+\s+){{1,2}}{FINITE}|{OWN_CLAUSE})",
            "",
        ),
        (  # `He's clad in [a jacket], and his face carries a smirk`
            rf"{START}{SUBJECT}(?:\s+(?:is|was))?(?:\s+{VERB})?\s+\0\s*,?\s*\band\s+(?=(?:his|her|their|the)\s+(?:\0\s*)?(?:[\w'-]+\s+){{1,2}}{FINITE})",
            HOLE,
        ),
        (  # `His hands are oily and the name "Rick" is stitched on [his coveralls]`
            rf"(?:{START}|,?\s+(?:and|while|as)\s+)(?!(?:she|he|they|I|we)\b)(?:(?!\s(?:is|are|was|were)\s)[^.!?;,\0]){{3,60}}?"
            rf"\s(?:is|are)\s+(?:stitched|printed|written|embroidered|stencilled|emblazoned)\s+(?:on|onto|across)\s+\0{NEW_CLAUSE}",
            HOLE,
        ),
        (  # `Sawdust covers [his jeans], and he is measuring a plank`
            rf"(?:{START}|,?\s+(?:and|while|as)\s+)(?!(?:she|he|they|I|we)\b)(?:[\w'’-]+\s+){{1,6}}?{COVERS}\s+\0{NEW_CLAUSE}"
            rf"(?!,?\s+and\s+(?:the|an?|his|her|their)\s(?!(?:[\w'’-]+\s+){{1,3}}?(?:is|are|{FINITE}|{MANY_DO}\s)))",
            HOLE,
        ),
        (rf"({COVERS})\s+\0\s*,?\s*and\s+(?=(?:an?|the|his|her|their)\s)", r"\1 "),  # `cover [his apron] and the bench`
        (  # `The flash creates [highlights] and a crisp look`
            rf"\b(?=\w+\s+\0)(?!(?:has|have|had|is|are|was|were|wear|wears|wore)\b)({A_VERB}|\b{MANY_DO}\b)\s+\0\s*,?\s+and\s+(?=(?:an?|the|his|her)\s)"
            rf"(?!(?:an?|the|his|her)\s(?:[\w'’-]+\s+){{1,3}}?{FINITE})",
            r"\1 ",
        ),
        (rf"(,\s*(?:she|he|they|I))\s+{HAS}\s+\0\s*,?\s*and\s+(?=(?:is|am|are)\s|{FINITE})", r"\1 "),
        (  # `a man at a desk, he is wearing [a cap] and he is typing`
            rf",\s*(?:she|he|they|I)(?:['’](?:s|m|re))?\s+(?:{HAS}|wearing)\s+\0\s*,?\s*and\s+(?=(?:she|he|they|I)\b)",
            ", ",
        ),
        (rf"{START}(?:I|we)\s+(?:am\s+)?(?:{HAS}|wear)\s+\0\s*,?\s*and\s+(?=(?:[\w'’-]+\s+){{1,3}}?(?:is|are|{A_VERB})\b)", ""),
        (rf"\b(?:I['’]m|we['’]re|you['’]re)\s+(?:{VERB}\s*)?\0\s*,?\s*and\s+(?=(?:I|we|you)\b)", ""),
        (rf"\b((?:is|are|was)\s+(?:wearing|dressed\s+in))\s+\0\s*(?:,\s*)?\band\s+{STILL_LISTED}", r"\1 "),
        (rf"\b(who\s+(?:has|have|wears?))\s+\0\s*(?:,\s*)?\band\s+{STILL_LISTED}", r"\1 "),
        (rf"\bwith\s+\0\s*,?\s*and\s+(?=(?:{SHINING})\s+\w)", "with "),  # `with [a beard] and glowing lines on her face`
        (  # `with [a backpack] and hiking poles`
            rf"\bwith\s+\0\s*(?:,\s*)?\band\s+(?!{FINITE}|(?:{TO_WHAT}|she|he|they|who|is|are|very)\b|\w+ly\b|{PARTICIPLE}\s+(?!\w+s\b))"
            r"(?=[a-z]+\s[^,.\0]*)(?![\w\s]*?\s(?:is|are|was)\b)",
            "with ",
        ),
        (rf"{VERB}\s+\0\s*(?:,\s*)?\band\s+{STILL_LISTED}", r"with "),  # `with [brown hair] and arms crossed`
        (
            rf"{START}the\s+(?:combination|contrast|mix|blend|juxtaposition|interplay|pairing)\s+(?:of|between)\b[^.!?;]*\0[^.!?;]*",
            HOLE,
        ),
        (  # `The man, wearing [a suit], and the woman are dancing`
            rf"{START}({SUBJECT})\s*,\s*(?:(?:who\s+)?(?:is|are|{VERB})\s+)?\0\s*,\s*(?=and\s+(?:the|an?|his|her|another)\s+(?:\w+\s+)?{CLASS}\b)",
            r"\1 ",
        ),
        (  # `he's the one with [a mullet]`
            rf",?\s+(?:and\s+)?(?:she|he|who)(?:['’]s|\s+is|\s+was)\s+the\s+(?:one|{CLASS})\s+(?:with|in|wearing)\s+\0",
            HOLE,
        ),
        (  # `She wears [a coat], her chin resting on her hand.` -> `Her chin is resting on her hand.`
            rf"{START}{SUBJECT}\s+(?:{VERB}|is|are)?\s*(?:\w+\s+in\s+)?\0\s*,\s*(?:with\s+)?((?:her|his|their)\s+(?:\w+\s+)?{POSED})\s+"
            rf"(?={PARTICIPLE}\b|(?:crossed|folded|clasped|raised|tilted|bowed|turned|outstretched|stretched|tucked|pressed|closed)\b)",
            r"\1 is ",
        ),
        (  # likewise with more than one
            rf"{START}{SUBJECT}\s+(?:{VERB}|is|are)?\s*(?:\w+\s+in\s+)?\0\s*,\s*(?:with\s+)?((?:her|his|their)\s+(?:\w+\s+)?{POSED_ALL})\s+"
            rf"(?={PARTICIPLE}\b|(?:crossed|folded|clasped|raised|outstretched|stretched|tucked|pressed|closed|spread)\b)",
            r"\1 are ",
        ),
        (
            r"(?:^|(?<=,))\s*(?!(?:she|he|they|who|and|it|that|which|but)\s)(?:the\s+)?[\w-]+\s+(?:has|had|wears|is\s+wearing|is\s+in)\s+\0\s*"
            rf"(?=,(?!\s*(?:and|but|while|as)\b|\s*{FINITE}))",
            "",
        ),  # `at a bar, ohwx has [curls], rain`
        (  # `hidden by the brim of [his hat]`, `The red of [her dress] glows`
            rf"(?:{START}|\s(?:and|by|off|from|under|beneath|behind|through)\s+)(?:the|his|her|their)\s+(?:[\w-]+\s+)?(?!{PICTURE})[\w-]+"
            r"\s+of\s+\0",
            HOLE,
        ),
        (  # `The sunlight catches [the folds of her shawl]`
            rf"(?:{START}|,?\s+(?:and|while|as)\s+)(?:the|an?|this|sunlight|light|wind)\b[^.!?;,\0]*?\s{CATCHES}\s+(?:the\s+(?:[\w-]+\s+){{1,3}}?of\s+)?\0"
            rf"(?:{END}|(?=\s+(?:as|while)\s+(?:she|he|they)\b))",
            HOLE,
        ),
        (  # `A watch chain loops across [his vest]`
            rf"{START}an?\s+(?:[\w-]+\s+){{1,4}}?(?:hangs|dangles|loops|peeks|pokes|sticks|protrudes|swings)\s+(?:(?:out|down)\s+)?"
            rf"(?:from|in|into|on|over|across|around|behind|under|beneath|of|out\s+of)\s+\0{END}",
            HOLE,
        ),
        (
            r"\s+(?:(?:all|right|halfway|just)\s+)?(?:off|through|against|onto|into|beside|inside|over|at|to|around|behind|between|near|across)\s+\0(?=\s*(?:[,.!?;]|$)|\s+(?:and|while|but|sparkle|shine|gleam|glow|glint|shimmer|stand|look|seem|appear)\b)",
            HOLE,
        ),  # `reflects off [his glasses]`
        (
            r"\s+with\s+(?:the|one)\s+(?:corner|hem|edge|sleeve|tail|cuff|end)\s+of\s+\0",
            HOLE,
        ),  # `wipes his glasses with the hem of [his shirt]`
        (rf"{CLAUSE}{BE}{VERB}\s+(?:only\s+|just\s+|nothing\s+(?:but|except)\s+)?\0", HOLE),
        (rf"{CLAUSE}(?:who\s+)?\b(?:{SEEMS}|is|are|was)\s+(?:in\s+|of\s+)?\0", HOLE),
        (r"\s(?:turns|turning)\s+\0", f" {HOLE}"),
        (r"(?:,\s*)?\b(?:likely|probably|possibly|perhaps|maybe|apparently)\s+\0", HOLE),
        (r"\b(?:of|by|for|from)\s+(?:about\s+|around\s+)?\0", HOLE),
        (r"(?:\s*,)?\s+(?:and|or|&)\s+\0", HOLE),
        (r"\0\s*,?\s*so\s+(?:that\b|(?=(?:neither|only|none|no|much|most|little)\b))[^.!?;\0]*", HOLE),
        (
            rf"{START}\0(?:\s*,)?\s*\b(?:as|while|whereas|and)\s+(?=(?:she|he|they|her|his|the)\b|{A_CLAUSE})",
            "",
        ),  # `[Her hair is up] as she looks`, `[Her hair drifts] as a school of fish passes`
        (rf"{START}\0(?:\s*,)?\s*\band\s+{GOES_ON}[^.!?;\0]*?{NEW_CLAUSE}", HOLE),  # `[Her hair is dark] and falls to her waist`
        (rf"{START}\0(?:\s*,)?\s*\band\s+", ""),
        (
            rf"\b(I['’]m|we['’]re|you['’]re)\s*\0[^.!?;]*?,\s*(?={PARTICIPLE}\b)",
            r"\1 ",
        ),  # `I'm[ wearing a coat], way too big, waiting`
        (rf"{START}(they|both\s+\w+|the\s+{MANY})\s*\0(?:\s*,)?\s*(?:and\s+|while\s+|as\s+)?(?={PARTICIPLE}\b)", r"\1 are "),
        (  # `The woman[ wears a coat], holding a cup, and smiling` -> `The woman is holding a cup and smiling`
            rf"{START}(she|he|the\s+{CLASS})\s*\0\s*,\s*({PARTICIPLE}\b[^.!?;,\0]*),\s*and\s+(?={PARTICIPLE}\b[^,\0]*$)",
            r"\1 is \2 and ",
        ),
        (  # `The warrior[, in black armor] and wielding a sword, charges`
            rf"{START}({SUBJECT})(?:\s*,)?\s*\0(?:\s*,)?\s*(?:and\s+)?(?={PARTICIPLE}\b[^.!?;,\0]*,\s*(?:is|{FINITE}|[a-z]{{3,}}s\s+(?:{TO_WHAT})\b))",
            r"\1, ",
        ),
        (rf"{START}({SUBJECT})\s*\0(?:\s*,)?\s*(?:and\s+|while\s+|as\s+)?(?={PARTICIPLE}\b)", r"\1 is "),
        (
            rf"{START}({SUBJECT})(?:\s*,)?\s*\0(?:\s*,)?\s*and\s+(?={DOES_OR_NOT})",
            r"\1 ",
        ),  # `She[ has brown hair and] is`
        (
            rf"{START}((?:the|this)\s+(?:\w+\s+)?{CLASS})\s*\0\s*(?=(?:is|are|was)\s+\w+ing\b|{DOES})",
            r"\1 ",
        ),  # `The boy [with curls] is hugging`
        (rf"{START}({SUBJECT})\s*,?\s*\0\s*,\s*(?=(?:is|{FINITE}))", r"\1 "),  # `The boy[, who has freckles], laughs`
        (
            rf"{START}({SUBJECT})\s*\0\s*,\s*(?:with\s+)?(?=an?\s[^,.;\0]*\bin\s+(?:one|each|(?:his|her|their)(?:\s+\w+)?)\s+hands?\b)",
            r"\1 has ",
        ),
        (rf"{START}({SUBJECT})\s*\0\s*,?\s*with\s+(?=(?:an?|two|his|her|their)\s[^\0.!?;]*(?:[.!?;]|$))", r"\1 has "),
        (  # `The woman on the left wears [a coat].` -> `The woman is on the left.`
            rf"{START}(the\s+{CLASS})\s*,?\s+({ON_SIDE})\s*,?\s*\0"
            r"(?=\s*(?:[.!?;]|$|,\s*(?:and\s+|while\s+|whereas\s+)?(?:the|another)\b))",
            r"\1 is \2",
        ),
        (  # `The fisherman, [his beard] white with salt, hauls a net`
            rf"{START}({SUBJECT})\s*,\s*\0[^,.!?;\0]*,\s*(?=(?:is\s+\w+ing\b|{FINITE}(?:{TO_WHAT})\b))",
            r"\1 ",
        ),
        (
            rf"{START}({SUBJECT})\s*\0\s*,?\s*and\s+(?=(?:are|were|have|{THEY_DO})\s)",
            r"\1 ",
        ),  # `They[ wear hats and] are laughing`
        (  # `The older one wears [a coat]; she is singing` -> `The older one is singing`
            rf"{START}{SAME_SEX}(?![^,.!?;\0]*?\s(?:{FINITE}))((?:the|this|both)\s[^,.!?;\0]{{3,50}}?)\s*,?\s*\0\s*(?:;|,?\s+(?:and|as|while))\s+(?:she|he|they)\s+(?=(?:is|are|was|{FINITE}))",
            r"\1 ",
        ),
        (
            rf"{START}\0\s*,\s*with\s+(?!(?:his|her|their|one|both|an?\s+\w+\s+in)\b)[^.!?;\0]*?{NEW_CLAUSE}",
            HOLE,
        ),  # `[His arm is metal], with wires`
        (  # `She wears [a dress], its hem damp, and carries a pail`
            rf"{START}({SUBJECT})\s*,?\s*\0[^.!?;\0]*?,\s*and\s+(?=(?:is\s+\w+ing\b|{FINITE}(?:{TO_WHAT})\b))",
            r"\1 ",
        ),
        (  # `She[ wears a suit] with LED lights and holds a rifle`
            rf"{START}({SUBJECT})\s*\0\s+(?:with|in|of|made|featuring|over|under|from)\s[^,.!?;\0]*?\s*,?\s+and\s+"
            rf"(?=(?:is\s+\w+ing\b|{FINITE}(?:{TO_WHAT})\b))",
            r"\1 ",
        ),
        (  # `He[ is wearing a bib] with ducks and laughing at someone`
            rf"{START}(she|he|the\s+{CLASS})\s*\0\s+(?:with|in|of|made|featuring|over|under|from)\s[^,.!?;\0]*?\s*,?\s+and\s+"
            rf"(?={PARTICIPLE}\s+(?:{TO_WHAT})\b)",
            r"\1 is ",
        ),
        *(  # `He[ wears a lamp] and, with one hand on the rope, looks down` -> `With one hand on the rope, he looks down`
            (rf"{START}{who}\s*\0\s*,?\s*and,\s+([^,.!?;\0]+),\s+(?=(?:is|are|{FINITE}|{THEY_DO}\s))", rf"\1, {who} ")
            for who in ("she", "he", "they")
        ),
        (rf"{START}(the\s+{CLASS})\s*\0\s*,?\s*and,\s+(?=[^,.!?;\0]+,\s+(?:is|{FINITE}))", r"\1, "),
        (rf"{START}({SUBJECT})\s*\0\s*,[^.!?;\0]*,\s*(?={PARTICIPLE}\b[^.!?;\0,]*(?:[.!?;]|$))", r"\1 "),
        (
            rf"{START}((?=the|this|these|both){SUBJECT})\s*\0((?:\s+{PLACE}[^.!?;,\0]*)?)[^.!?;,\0]*(?=,\s*{PARTICIPLE}\b)",
            r"\1\2",
        ),
        (
            rf"{START}{SUBJECT}\s*\0\s*,\s*(?=(?:she|he|they)\s+(?:is|are|{FINITE}|{THEY_DO}\s))",
            "",
        ),  # `he[ wears a coat], he is waving`
        (rf"{START}{SUBJECT}\s*,?\s*\0[^.!?;\0]*?{NEW_CLAUSE}", HOLE),  # nothing but the description was said
        (r",?\s+(?:while|as|though|although|but|yet|whereas)\s+\0", HOLE),
        (r"\b((?:glanc|peer|look|gaz|star|peek)(?:es|s|e|ing|ed)?(?:\s+up)?)\s+(?:over|above)\s+\0", rf"\1{HOLE}"),
        (
            rf"{START}\0(?:\s+|\s*[—–]\s*)(?=(?-i:[a-z]))(?!(?:and|with|in|on|at|by|while|as|she|he|they|I|we)\b)[^.!?;,\0]*?(?:,\s+\w+ing\b[^.!?;\0]*?)?(?:{NEW_CLAUSE}|(?=\s*\0))(?<!^)",
            HOLE,
        ),  # `[Glasses] rest on her nose`
    )
)
