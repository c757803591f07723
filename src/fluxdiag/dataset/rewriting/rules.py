"""What becomes of the words around a hole that a description left: regular expressions, tried in order until none applies."""

from __future__ import annotations

import re

from fluxdiag.dataset.rewriting.parts import (
    A_VERB,
    ADDS,
    ALONG,
    ANOTHER,
    BE,
    CATCHES,
    CLASS,
    CLAUSE,
    CUT,
    DOES,
    DOES_OR_NOT,
    END,
    FINITE,
    GOES_ON,
    HAS,
    HEADING,
    HOLE,
    LOOK,
    MANY,
    MANY_DO,
    NEW_CLAUSE,
    ON_BODY,
    ON_SIDE,
    OUTFIT,
    PARTICIPLE,
    PICTURE,
    POSED,
    POSED_ALL,
    PUT_ON,
    SEEMS,
    SOMEBODY_DOING,
    START,
    STILL_LISTED,
    SUBJECT,
    THEY_DO,
    TO_WHAT,
    VERB,
    WRAPPED,
)
from fluxdiag.dataset.rewriting.somebody import THEY_TOO

WHAT_GOES_ALONG = tuple(
    (re.compile(pattern, re.IGNORECASE), into)
    for pattern, into in (
        (
            rf"\0(?:(?:\s*[,:—–])?(?:\s*\b(?:and|or|in|on|(?:and\s+)?(?:{ALONG})|(?:\w+ly\s+)?{PUT_ON}\s+(?:[\w\s]{{0,24}}\s)?(?:with|by|in|over|under))\b)?"
            r"\s*\0)+",
            HOLE,
        ),  # a list of holes is one
        (
            rf"\0\s*,?\s*\b(?:{ADDS})[^.!?;\0]*?(?:{NEW_CLAUSE}|(?=,\s+(?:is|{FINITE})))",
            HOLE,
        ),  # `[a coat], giving him a rugged look`
        (rf"{START}((?:{SUBJECT}\s+)?(?:\w+\s+)?)\0\s*,?\s+as\s+(?:if|though)\b[^.!?;\0]*", rf"\1{HOLE}"),
        (  # `[their costumes] (skeleton and pumpkin)`, but not `(she made it herself)`
            r"\0\s*\((?!(?:on|in|left|right|cent|top|bottom)\b|[^()]*\b(?:she|he|they|I|we)\b)[^()\0]*\)",
            HOLE,
        ),
        (rf"(?:{START}|,?\s+(?:and|while)\s+){ON_BODY}\s+\0", HOLE),  # `Around his waist is [a belt], and on his head is [a hat]`
        (  # `The guy on the left with [the beard] is me`
            rf"{START}((?=the|this|these|both){SUBJECT})(?:\s+(?:and\s+)?(?:with|in|wearing)\s+\0)+\s+(?=(?:is|are|was|were|{FINITE}))",
            r"\1 ",
        ),
        (  # `While the woman wears [a coat], the man waits`
            rf"{START}(?:while|as|although|though|because)\s+(?:she|he|they|{ANOTHER})\s+{HAS}\s+\0\s*,\s*(?=\w)",
            "",
        ),
        (  # `Her hair and calm expression give her a serene look`
            rf"{START}\0\s+and\s+(?!(?:she|he|they|it|there|the|an?|his|her|their|is|are|was)\b)(?:[\w'-]+\s+){{1,3}}?{MANY_DO}\s"
            rf"[^.!?;\0]*?{NEW_CLAUSE}",
            HOLE,
        ),
        (  # `The overall look is completed by [boots]`
            rf"{START}(?:the|his|her|their|this)\s+(?:\w+\s+){{0,2}}{OUTFIT}\s+(?:is|are|was)\s+(?:\w+ly\s+)?\w+ed\s+(?:off\s+)?(?:by|with)\s*\0",
            HOLE,
        ),
        (  # `Over [a shirt] she wears [an apron]`
            rf"{START}(?:over|under|underneath|beneath|atop|on\s+top\s+of)\s+\0\s*,?\s*(?=(?:{SUBJECT}|\w+)\s+{HAS}\s+\0)",
            "",
        ),
        (rf",\s+(?!{VERB}\s)\w+ing\s+(?:(?:off|on|over|up|down)\s+)?\0{END}", HOLE),  # `Steam rises, fogging [his glasses].`
        (  # `lies with his face in [his gloves]`
            r"\b(?:with|,)\s+(?:his|her|their)\s+\w+\s+(?:(?:buried|hidden|tucked|wrapped)\s+)?(?:in|into|under|inside|behind|beneath)\s+\0",
            HOLE,
        ),
        (rf"{START}what\s+[^.!?;,\0]*?\s(?:is|are)\s+\0{END}", HOLE),  # `What stands out is [a tattoo]`
        (  # `, and the girl wears [a dress] and has [a hat].`
            rf",?\s+(?:and|while|but|as|whereas)\s+{ANOTHER}\s+(?:{HAS}\s+\0\s*,?\s*(?:and\s+)?)+{END}",
            HOLE,
        ),
        (rf"(,?\s+(?:and|while|but|as|whereas)\s+{ANOTHER})\s+{HAS}\s+\0\s*,?\s*and\s+(?={FINITE})", r"\1 "),
        (  # `my brother when he still had [long hair]`
            r",?\s+(?:when|because|since|if)\s+(?:she|he|they|I|we|you)\s+(?:(?:still|just|also|always|never|only)\s+)?"
            rf"(?:{HAS}|{VERB})\s+\0",
            HOLE,
        ),
        (r"(?:^|(?<=[,.!?;]\s))(?:I['’]m|we['’]re|you['’]re|I\s+am|we\s+are)(?:\s+in)?\s+\0(?=\s*(?:[,.!?;]|$))", HOLE),
        (rf"\b(she|he|who)['’]s(?=\s+{VERB}\s+\0)", r"\1 is"),  # what follows knows `He is dressed in [boots]`
        (r"(?:['’]s|['’]ve|\s+has|\s+have|\s+had|\s+is)\s+got\s+\0", f" has {HOLE}"),
        (
            r"\b(is|are|was)\s+(?:\w+ly\s+)?\w+ed\s+(?:by|with|in)\s+\0\s*,?\s*and\s+(?=\w*(?:ed|lit|en)\b)",
            r"\1 ",
        ),  # `is framed by [curls] and lit`
        (
            rf"{START}(?:{SUBJECT}\s+)?(?:has\s+)?"
            r"(?:accessori[sz]ed?s?|completed?s?|pairs|paired|topped|tops|finishe[sd]|matche[sd]|layered)\s+"
            rf"(?:(?:his|her|their|the|this|it|them)\s+)?(?:{LOOK}\s+)?(?:off\s+)?(?:with|by)?\s*\0",
            HOLE,
        ),
        (  # `[The man], his chest covered in [tattoos]`
            r",\s*(?:with\s+)?(?:his|her|their)\s+\w+\s+(?:\w+ly\s+)?"
            rf"{WRAPPED}\s+(?:in|with|by|behind|under)\s*\0",
            HOLE,
        ),
        (  # a heading of which nothing is left: `- **Hair:** [long]`, `Outfit: [blue suit]`
            r"(?:(?:^|(?<=\s))[-•*]\s+)?(?:\*\*[\w /&']{2,40}:?\*\*:?|"
            rf"\b(?=[^:.\n]{{0,30}}\b{HEADING})(?-i:[A-Z])\w+(?:[ /&]+\w+){{0,2}}:)"
            r"\s*\0(?=\s*(?:[.;,]|$|-\s))\s*[.;]?",
            HOLE,
        ),
        (r":\s*\0(?=\s*(?:[.;]|$))", HOLE),  # `Reza, 2016: [good suit, pocket square].`
        (
            rf"\0\s*,?\s*\b(?:that|which)\s+(?!(?:she|he|they)\b|(?:is|are)\s+{SOMEBODY_DOING})[^,.!?;\0]*?(?=\s+(?:as|while|when)\s+(?:she|he|they)\b|[,.!?;\0]|$)",
            HOLE,
        ),  # `[a coat] that billows in the wind`
        (  # `[a gown] that hugs her, with a slit up the side`
            rf"\0\s*,?\s+with\s+(?:(?:an?|its|the)\s+)?(?:[\w-]+\s+){{0,2}}{CUT}\b[^.!?;,\0]*",
            HOLE,
        ),
        (rf"\s+(?:that|which)\s+(?:\w+ly\s+)?(?:shows?|exposes?|bares?|displays?|{CATCHES})\s*\0", HOLE),
        (r"\0\s+(?:because\s+of|due\s+to|thanks\s+to)\b[^,.!?;\0]*", HOLE),
        (  # `[a harness is fastened], and a bag dangles from it`
            rf"\0\s*,?\s+(?:and|with|while)\s+(?:an?|two|several|some)\s[^.!?;,\0]*\b(?:from|to|on|onto|of|over|under|beneath|around"
            rf"|into|inside|behind|at|in)\s+(?:it|them){END}",
            HOLE,
        ),
        (rf"{START}(?:although|though|while|since)\s+\0\s*[,–—-]\s*(?=\w)", ""),
        (r"\0\s+(?:consisting|composed|made\s+up)\s+of\s*\0", HOLE),
        (
            r"\0\s+(?:as\s+(?:usual|always|ever)|again|obvs|obviously|of\s+course|for\s+once|since\s+\w+)(?=\s*(?:[,.!?;]|$))",
            HOLE,
        ),
        (r"\0\s+(?:before|since|because|until)\s+(?:she|he|I)\s[^,.!?;\0]*", HOLE),  # `[beard] before he shaved it`
        (r"\0\s+like\s+an?\s+\w+(?=\s*[,.;])", HOLE),  # `[a coat over his shoulders] like a cape`
        (
            r"\0\s*,\s*(?:embroidered|trimmed|decorated|lined|patterned|stained|splattered|shaped|printed|edged|studded|knitted|sewn)"
            r"\s+(?:with|in|by|like|from|at)\s[^,.!?;\0]*,?",
            f"{HOLE} ",
        ),
        (r"\0\s*,\s*(?:almost\s+|nearly\s+)?the\s+same\s+(?:shade|colou?r)\b[^,.!?;\0]*", HOLE),
        (rf"\0\s*,?\s+and\s+it\s+{GOES_ON}[^,.!?;\0]*(?:\0[^,.!?;\0]*)*", HOLE),
        (r"\b(?:always|usually|still|just|only)\s+\0(?=\s*(?:[,.;)]|$))", HOLE),
        (r"\b((?:wearing|wears|wore)\s+\0)\s+as\s+(?:an?|her|his|my)\s+[\w-]+(?=\s*(?:and\b|[,.;]|$))", r"\1"),
        (r"\(\s*the\s+one\s+(?:in|with|wearing)\s+\0\s*\)", HOLE),
        (
            r"(?:^|(?<=[,.!?]\s))(?:(?:you|we)\s+can\s+(?:(?:even|just|still)\s+)?see|check\s+out|look\s+at|loving|note)\s+\0",
            HOLE,
        ),
        (r"\0\s*,?\s+(?:and|but)\s+(?:nothing|little|not\s+much)\s+else", HOLE),
    )
)
"""what is said of a description beside the sentence"""
RULES = tuple(
    (re.compile(pattern, re.IGNORECASE), into)
    for pattern, into in (
        *THEY_TOO,
        (
            rf"{START}({SUBJECT})\s+(has|wears|had)\s+\0\s*(?:,\s*)?\band\s+"
            rf"(?!(?:an?\s+)?(?:[\w'-]+\s+){{1,2}}{FINITE})(?=an?\b|(?!he\b|she\b|they\b|is\b|has\b|\w+s\b|{PARTICIPLE}\b|(?:his|her|their|the|one)\b|\0)\w)",
            r"\1 \2 ",
        ),
        (  # `He wears [a cap], and water streams off the roof`
            rf"{START}{SUBJECT}(?:\s+(?:is|was))?(?:\s+{VERB})?\s+\0\s*,\s*and\s+(?!{FINITE}|(?:is|has|was|she|he|they)\b)"
            rf"(?=(?:[\w'-]+\s+){{1,2}}{FINITE})",
            "",
        ),
        (  # `He's clad in [a jacket], and his face carries a smirk`
            rf"{START}{SUBJECT}(?:\s+(?:is|was))?(?:\s+{VERB})?\s+\0\s*,?\s*\band\s+(?=(?:his|her|their|the)\s+(?:\0\s*)?(?:[\w'-]+\s+){{1,2}}{FINITE})",
            HOLE,
        ),
        (rf"(,\s*(?:she|he|they|I))\s+{HAS}\s+\0\s*,?\s*and\s+(?=(?:is|am|are)\s|{FINITE})", r"\1 "),
        (rf"\b(?:I['’]m|we['’]re|you['’]re)\s+(?:{VERB}\s*)?\0\s*,?\s*and\s+(?=(?:I|we|you)\b)", ""),
        (rf"\b((?:is|are|was)\s+(?:wearing|dressed\s+in))\s+\0\s*(?:,\s*)?\band\s+{STILL_LISTED}", r"\1 "),
        (rf"\b(who\s+(?:has|have|wears?))\s+\0\s*(?:,\s*)?\band\s+{STILL_LISTED}", r"\1 "),
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
            rf"{START}({SUBJECT})\s*,\s*(?:{VERB}\s+)?\0\s*,\s*(?=and\s+(?:the|an?|his|her|another)\s+(?:\w+\s+)?{CLASS}\b)",
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
            r"(?:^|(?<=,))\s*(?!(?:she|he|they|who|and|it|that|which|but)\s)(?:the\s+)?[\w-]+\s+(?:has|had|wears|is\s+wearing|is\s+in)\s+\0\s*(?=,)",
            "",
        ),  # `at a bar, ohwx has [curls], rain`
        (  # `hidden by the brim of [his hat]`, `The red of [her dress] glows`
            rf"(?:{START}|\s(?:and|by|off|from|under|beneath|behind|through)\s+)(?:the|his|her|their)\s+(?:[\w-]+\s+)?(?!{PICTURE})[\w-]+"
            r"\s+of\s+\0",
            HOLE,
        ),
        (  # `The sunlight catches [the folds of her shawl]`
            rf"(?:{START}|,?\s+(?:and|while|as)\s+)(?:the|an?|this|sunlight|light|wind)\b[^.!?;,\0]*?\s{CATCHES}\s+(?:the\s+\w+\s+of\s+)?\0{END}",
            HOLE,
        ),
        (
            r"\s+(?:(?:all|right|halfway|just)\s+)?(?:off|through|against|onto|into|beside|inside|over|at|to|around|behind|between|near|across)\s+\0(?=\s*(?:[,.!?;]|$))",
            HOLE,
        ),  # `reflects off [his glasses]`
        (rf"{CLAUSE}{BE}{VERB}\s+(?:only\s+|just\s+|nothing\s+(?:but|except)\s+)?\0", HOLE),
        (rf"{CLAUSE}(?:who\s+)?\b(?:{SEEMS}|is|are|was)\s+(?:in\s+|of\s+)?\0", HOLE),
        (r"\s(?:turns|turning)\s+\0", f" {HOLE}"),
        (r"(?:,\s*)?\b(?:likely|probably|possibly|perhaps|maybe|apparently)\s+\0", HOLE),
        (r"\b(?:of|by|for|from)\s+(?:about\s+|around\s+)?\0", HOLE),
        (r"(?:\s*,)?\s+(?:and|or|&)\s+\0", HOLE),
        (r"\0\s*,?\s*so\s+(?:that\b|(?=(?:neither|only|none|no|much|most|little)\b))[^.!?;\0]*", HOLE),
        (
            rf"{START}\0(?:\s*,)?\s*\b(?:as|while|whereas|and)\s+(?=(?:she|he|they|her|his|the)\b)",
            "",
        ),  # `[Her hair is up] as she looks`
        (rf"{START}\0(?:\s*,)?\s*\band\s+{GOES_ON}[^.!?;\0]*?{NEW_CLAUSE}", HOLE),  # `[Her hair is dark] and falls to her waist`
        (rf"{START}\0(?:\s*,)?\s*\band\s+", ""),
        (
            rf"\b(I['’]m|we['’]re|you['’]re)\s*\0[^.!?;]*?,\s*(?={PARTICIPLE}\b)",
            r"\1 ",
        ),  # `I'm[ wearing a coat], way too big, waiting`
        (rf"{START}(they|both\s+\w+|the\s+{MANY})\s*\0(?:\s*,)?\s*(?:and\s+|while\s+|as\s+)?(?={PARTICIPLE}\b)", r"\1 are "),
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
            rf"{START}((?:the|this|both)\s[^,.!?;\0]{{3,50}}?)\s*,?\s*\0\s*(?:;|,?\s+(?:and|as|while))\s+(?:she|he|they)\s+(?=(?:is|are|was|{FINITE}))",
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
        (rf"{START}({SUBJECT})\s*\0\s*,[^.!?;\0]*,\s*(?={PARTICIPLE}\b[^.!?;\0,]*(?:[.!?;]|$))", r"\1 "),
        (rf"{START}((?=the|this|these|both){SUBJECT})\s*\0[^.!?;,\0]*(?=,\s*{PARTICIPLE}\b)", r"\1"),
        (rf"{START}{SUBJECT}\s*,?\s*\0[^.!?;\0]*?{NEW_CLAUSE}", HOLE),  # nothing but the description was said
        (r",?\s+(?:while|as|though|although|but|yet|whereas)\s+\0", HOLE),
        (
            rf"{START}\0(?:\s+|\s*[—–]\s*)(?=(?-i:[a-z]))(?!(?:and|with|in|on|at|by|while|as|she|he|they|I|we)\b)[^.!?;,\0]*?(?:,\s+\w+ing\b[^.!?;\0]*?)?(?:{NEW_CLAUSE}|(?=\s*\0))(?<!^)",
            HOLE,
        ),  # `[Glasses] rest on her nose`
    )
)
CLOSE = tuple(
    (re.compile(pattern, re.IGNORECASE), into)
    for pattern, into in (
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
        (rf"(?<=\w)\s*,?\s*\0\s*,\s*and\s+(?=(?:is|has|{A_VERB})\b)", " and "),  # `He sits[, his beard blowing], and watches`
        (  # `with a rod, [a hat] and a pipe`
            r"(\b(?:with|has|have|had|holds?|holding|carrying|carries|includes?|including|of)\s[^,.;:!?\0]+),?\s*\0\s*,?\s*and\s+"
            rf"(?=(?:an?|the|one|two|three|some|several|his|her|their)\s(?!(?:[\w'-]+\s+){{1,2}}{FINITE}))",
            r"\1 and ",
        ),
        (r"(,\s*\w+ing\b[^,.!?;\0]*),?\s*\0\s*,?\s*and\s+(?=\w+ing\b)", r"\1 and "),
        (r"(?<=\w)\s*,?\s*\0\s*,\s*and\s+(?=\w+ing\b)", ", "),
        (rf"(?<=\w)\s*,?\s*\0\s*,?\s*and\s+(?=\w+ing\b[^,.!?;\0]*,\s*(?:is|{FINITE}))", ", "),
        (r",\s*\0\s*and\s+(?=\w+ing\b)", ", "),  # `A woman, [old] and smiling, knits`
        (r"(?<=\w)\s*\0\s*\band\s+(?=\w+ing\b)", " "),
        (r"\s+[-–—]\s*\0\s*[-–—]\s+(?=\w)", " "),  # `Photo of Marco - [hoodie, joggers] - leaning`
        (r"\s*:\s*\0\s*(?=[.!?]|$)", ""),
        (r"\0\s*(?=[.!?])", ""),
        (r"\s*\0\s*", " "),
    )
)
"""what is left of a hole, sentence by sentence"""
TIDY = tuple(
    (re.compile(pattern, re.IGNORECASE), into)
    for pattern, into in (
        (  # `The boy is on the left; the boy on the right`
            rf"\b(?-i:The)(\s+(\w+)\s+is\s+{ON_SIDE})(?=\s*[,.;].*?\bthe\s+\2\s+(?:on|in|at|to)\b)",
            r"A\1",
        ),
        (r"\s+([,.;!?])", r"\1"),
        (r"\s*\([\s!?,;]*(?::[\d.]+)?\s*\)", ""),  # a weight around nothing
        (r",\s*(?=\))", ""),
        (r"([,;:])(?:\s*[,;])+", r"\1"),
        (r"[,;]\s*(?=\.(?!\d))", ""),
        (r"(?<=\s[-–—]),", ""),
        (r"\|\s*(?=\|)", ""),  # parts between bars
        (r"(?<=[.!?])(?:\s+[.!?,;]+|[.,;]+|(?<=\.)[!?]+)(?!\d)", ""),  # `!!` is the user's own
        (r"^[\s,.;:!?|]+", ""),
        (r"[\s,;:|]+$", ""),
        (r"[^\S\n]{2,}", " "),
    )
)
