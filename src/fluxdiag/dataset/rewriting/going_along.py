"""What is said of a description beside its sentence, and goes with it: tried before the rules, sentence by sentence."""

from __future__ import annotations

from fluxdiag.dataset.finding import lexicon as lx
from fluxdiag.dataset.finding.lexicon import verbs
from fluxdiag.dataset.rewriting.parts import (
    A_VERB,
    ADDS,
    ALONG,
    ANOTHER,
    CATCHES,
    CLASS,
    CUT,
    END,
    FINITE,
    GOES_ON,
    HAS,
    HEADING,
    HOLE,
    HUMAN_DOING,
    LOOK,
    MANY,
    MANY_DO,
    NEW_CLAUSE,
    ON_BODY,
    OUTFIT,
    PARTICIPLE,
    PUT_ON,
    SOMEBODY_DOING,
    START,
    SUBJECT,
    THEY_DO,
    VERB,
    WRAPPED,
)
from fluxdiag.dataset.rewriting.rule import rules_of

ACTS = lx.pattern(verbs.PERSON_ALONE)
"""what no garment does, even in a manner of speaking"""
WHAT_GOES_ALONG = rules_of(
    (
        (r"\b(?:with|in|wearing)\s+an?\s+(?=(?:with|in|wearing)\s+\0)", ""),  # `a woman with a with [a straw hat]`
        (  # `ohwx woman reading, ohwx woman has [a bob] and wears [a coat], cafe`: the name that the caption begins with, again
            rf"^([\w-]+(?:\s+(?:{CLASS}))?)\b([^.!?;\0]*),\s+\1\s+{HAS}\s+\0(?:\s+and\s+(?:{HAS}\s+)?\0)*(?=\s*(?:,|$))",
            rf"\1\2, {HOLE}",
        ),
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
        (  # `[A string of shells] hangs around her neck, and two dolphins leap`; `[a rag] hangs from his pocket, tool wall`
            r"\0\s+(?:hangs?|dangles?|swings?)\s+(?:a?round|from|at|on|over|across|against)\s+(?:his|her|their)\s+(?:\w+\s+)?\w+(?=\s*(?:[,.;!?]|$))",
            HOLE,
        ),
        (rf"(?:{START}|,?\s+(?:and|while)\s+){ON_BODY}\s+\0", HOLE),  # `Around his waist is [a belt], and on his head is [a hat]`
        (  # `The guy on the left with [the beard] is me`
            rf"{START}((?=the|this|these|both){SUBJECT})(?:\s+(?:and\s+)?(?:with|in|wearing)\s+\0)+\s+(?=(?:is|are|was|were|{FINITE}))",
            r"\1 ",
        ),
        (
            rf"{START}((?:the|both|these)\s+(?:\w+\s+)?{MANY})\s+(?:in|with|wearing)\s+\0\s+(?={PARTICIPLE}\b)",
            r"\1 ",
        ),  # no sentence
        (  # `He has [his hood pulled up] and his hands in his pockets`
            rf"{START}({SUBJECT})\s+(has|had)\s+\0\s*,?\s*and\s+(?=(?:his|her|their)\s+(?:\w+\s+)?(?:hands?|arms?|head|eyes|mouth|chin|legs?|feet)\s+"
            rf"(?!(?:is|are|was|were|{FINITE}|{THEY_DO}\s)))",
            r"\1 \2 ",
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
        (  # `Her hair and [red dress] create a look`
            rf"{START}(?:his|her|their|the)\s+(?:[\w-]+\s+)?{LOOK}\s+and\s+\0\s+(?:{MANY_DO}|create)\s[^.!?;\0]*?{NEW_CLAUSE}",
            HOLE,
        ),
        (  # `Her calm gaze and [red dress] create a look` -> `Her calm gaze creates a look`
            rf"{START}((?:his|her|their|the)\s+(?:[\w-]+\s+){{0,3}}?\w+[a-rt-z])\s+and\s+\0\s+(?=(?:give|make|lend|create|add|suggest|convey|draw|bring|stand|hint|evoke)\s)(\w+)",
            r"\1 \2s",
        ),
        (  # `The overall look is completed by [boots]`
            rf"{START}(?:the|his|her|their|this)\s+(?:\w+\s+){{0,2}}{OUTFIT}\s+(?:is|are|was)\s+(?:\w+ly\s+)?\w+ed\s+(?:off\s+)?(?:by|with)\s*\0",
            HOLE,
        ),
        (  # `He has a flute hanging from [his belt]`: what is worn
            r"(?:(?:\b(?:with|and)\s+)?\b(?:an?|two|several)\s+(?:[\w-]+\s+){1,3}?|\0\s+)(?:hanging|dangling|tucked|clipped|attached|strapped|slung|pinned"
            r"|stuck|fastened|tied|sheathed)\s+(?:from|in|into|on|onto|to|at|over|across|around|behind|under|beneath)\s+\0",
            HOLE,
        ),
        (  # `There is [a lantern hanging from his belt] and a dog at his feet`
            rf"\b(there\s+(?:is|are))\s+\0\s*,?\s*and\s+(?=(?:an?|two|some|several)\s)(?!an?\s(?:[\w'’-]+\s+){{1,4}}?(?:is|{A_VERB})\b)",
            r"\1 ",
        ),
        (
            rf"{START}\0\s*,?\s+(?:and|while|with)\s+its\s[^.!?;,\0]*(?=[.!?;,]|$)",
            HOLE,
        ),  # `[The suit is white], and its visor hides the face`
        (
            rf"{START}(?:{SUBJECT}\s+{HAS}\s+)?\0\s*,?\s+(?:but|yet)\s+(?=(?:she|he|they|his|her|their|the)\s)",
            "",
        ),  # `[His chin is unshaven], yet he smiles`
        (  # `Over [a shirt] she wears [an apron]`
            rf"{START}(?:over|under|underneath|beneath|atop|on\s+top\s+of)\s+\0\s*,?\s*(?=(?:{SUBJECT}|\w+)\s+{HAS}\s+\0)",
            "",
        ),
        (
            rf",\s+(?!{VERB}\s)\w+ing\s+(?:(?:off|on|over|up|down)\s+)?\0(?:{END}|(?=\s*,?\s+(?:as|while)\s+(?:she|he|they)\b))",
            HOLE,
        ),  # `Steam rises, fogging [his glasses].`
        (  # `lies with his face in [his gloves]`
            r"\b(?:with|,)\s+(?:his|her|their)\s+\w+\s+(?:(?:buried|hidden|tucked|wrapped)\s+)?(?:in|into|under|inside|behind|beneath)\s+\0",
            HOLE,
        ),
        (
            rf"{START}what\s+[^.!?;,\0]*?\s(?:is|are)\s+\0(?:{END}|\s*,?\s+(?:which|that|as|with)\b[^.!?;\0]*|(?=\s*,?\s+(?:but|and|yet|while)\s+(?:she|he|they|the)\b))",
            HOLE,
        ),  # `What stands out is [a tattoo]`
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
            r"(?:,\s*(?:with\s+)?|(?<=\0)\s+(?:and\s+)?)(?:his|her|their)\s+\w+\s+(?:\w+ly\s+)?"
            rf"{WRAPPED}\s+(?:in|with|by|behind|under)\s*\0",
            HOLE,
        ),
        (  # a heading of which nothing is left: `- **Hair:** [long]`, `Outfit: [blue suit]`
            r"(?=(?-i:[-•*A-Z]))(?:(?:^|(?<=\s))[-•*]\s+)?(?:\*\*[\w /&']{2,40}:?\*\*:?|"
            rf"\b(?=[^:.\n]{{0,30}}\b{HEADING})(?-i:[A-Z])\w+(?:[ /&]+\w+){{0,2}}:)"
            r"\s*\0(?=\s*(?:[.;,]|$|-\s))\s*[.;]?",
            HOLE,
        ),
        (r":\s*\0(?=\s*(?:[.;]|$))", HOLE),  # `Reza, 2016: [good suit, pocket square].`
        (
            rf"\0\s*,?\s*\b(?:(?:that|which)\s+|that['’]s\s+)(?!(?:she|he|they)\b|(?:is|are)\s+{SOMEBODY_DOING})[^,.!?;\0]*?(?:\san?\s\w+,\s\w+\s\w+)?"
            rf"(?=\s+(?:as|while|when)\s+(?:she|he|they)\b|\s+and\s+(?:{ACTS}|reads(?=\s+(?:an?|the|his|her)\b))\s|(?<!\bis)(?<!\bare)(?<!\bfor)\s+(?:{HUMAN_DOING})\s|[,.!?;\0]|$)",
            HOLE,
        ),  # `[a coat] that billows in the wind`
        (  # `[a gown] that hugs her, with a slit up the side`
            rf"\0\s*,?\s+with\s+(?:(?:an?|its|the)\s+)?(?:[\w-]+,?\s+){{0,3}}{CUT}\b[^.!?;,\0]*",
            HOLE,
        ),
        (rf"\s+(?:that|which)\s+(?:\w+ly\s+)?(?:shows?|exposes?|bares?|displays?|{CATCHES})\s*\0", HOLE),
        (rf"\0\s+from\s+(?:(?:her|his|my|our|their)\s+)?{CLASS}(?=\s*(?:[,.!?;]|$))", HOLE),  # `[the necklace] from grandma`
        (r"\0\s+(?:because\s+of|due\s+to|thanks\s+to)\b[^,.!?;\0]*", HOLE),
        (  # `[a harness is fastened], and a bag dangles from it`
            rf"\0\s*,?\s+(?:and|with|while)\s+(?:an?|two|several|some)\s[^.!?;,\0]*\b(?:from|to|on|onto|of|over|under|beneath|around"
            rf"|into|inside|behind|at|in)\s+(?:it|them){END}",
            HOLE,
        ),
        (rf"{START}(?:although|though|while|since)\s+\0\s*[,–—-]\s*(?=\w)", ""),
        (r"\0\s+(?:consisting|composed|made\s+up)\s+of\s*\0", HOLE),
        (  # `[Her costume is detailed], made up of foam plates`
            rf"{START}\0\s*,\s*(?:\w+ly\s+)?(?:made|composed|worn|cut|consisting|comprising|featuring|complete|\w{{3,}}ed)\b[^.!?;]*?{NEW_CLAUSE}",
            HOLE,
        ),
        (  # `[Hairpins] with dangling blossoms decorate her hair`
            rf"{START}\0\s+(?:with|of)\s+(?:(?!(?:she|he|they|it|who|that|which|and)\b)[\w'’-]+\s+){{1,7}}?"
            rf"(?:is|are|was|were|{MANY_DO}|{A_VERB})\s[^.!?;\0]*?{NEW_CLAUSE}",
            HOLE,
        ),
        (  # `a woman, framed by [a mane of hair]`, `[braids], each tied with [a ribbon]`
            r"(?:,?\s+and)?,?\s+(?:(?:each|both|all|one)\s+)?(?:\w+ly\s+)?(?:framed|accentuated|enhanced|complemented|crowned|topped|highlighted"
            r"|emphasi[sz]ed|flanked|tied|fastened|secured|adorned|decorated|embellished|held(?:\s+back)?|trimmed|streaked|dotted)"
            r"\s+(?:by|with|in)\s+\0(?=\s*(?:[,.!?;]|$))",
            HOLE,
        ),
        (r",\s*(?:\w+ly\s+)?(?:bent|\w{3,}ed)\s+(?:over|onto|against|to|behind|under|into|on)\s+\0(?=\s*(?:[,.!?;]|$))", HOLE),
        (  # `two boys, one with [red hair] and the other in [a cap]`
            rf",?\s+(?:the\s+)?one\s+(?:is\s+)?{VERB}\s+\0\s*,?\s*(?:and|while|but)?\s*(?:the\s+other|another|one)\s+(?:is\s+)?{VERB}\s+\0",
            HOLE,
        ),
        (r",?\s+aged\s+\0", HOLE),
        (
            rf",?\s+(?=\w+ing\b){CATCHES}\s+\0\s*,?\s*and\s+(?={A_VERB}\b)",
            " and ",
        ),  # `She smiles, revealing [a gap], and lifts a cup`
        (
            rf"\s+and\s+{CATCHES}\s+(?:(?:in|on|off|from|against)\s+)?\0{END}",
            HOLE,
        ),  # `lights up her face and reflects in [her glasses]`
        (  # `brings out the texture of [her sweater] and the warmth of her smile`
            rf"\b({CATCHES})\s+(?:the\s+(?:[\w-]+\s+){{1,3}}?of\s+)?\0\s*,?\s*and\s+(?=(?:the|his|her|their)\s)(?!(?:the|his|her|their)\s(?:[\w'’-]+\s+){{1,3}}?(?:is|are|{FINITE}|{MANY_DO}\s))",
            r"\1 ",
        ),
        (r"\0\s*,?\s+from\s+head\s+to\s+(?:toe|foot|tail)\b", HOLE),
        (  # `complement [her dress] and give a mood`, `highlighting [her freckles] and casting a shadow`
            rf"\b(?:{CATCHES}|complement|highlight|accentuate|enhance|frame|match)\s+\0\s*,?\s*and\s+"
            rf"(?=(?:{A_VERB}|{PARTICIPLE}|{MANY_DO})\b)",
            "",
        ),
        (r"\bwhat\s+(?:(?:appears?|seems?|looks?)(?:\s+to\s+be|\s+like)?|(?:might|may|could)\s+be|is\s+\w+ly)\s+\0", HOLE),
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
            r"(?:^|(?<=[,.!?]\s))(?:(?:you|we)\s+can\s+(?:(?:even|just|still)\s+)?see|check\s+out|look\s+at|loving|note|notice|observe|admire)\s+\0",
            HOLE,
        ),
        (  # `[a robe in red] and gold with a dragon motif`
            rf"\0\s*,?\s+and\s+(?:{lx.pattern(lx.COLOUR)})(?:\s+with\s+an?\s+(?:[\w-]+\s+)?(?:motif|pattern|print|trim|design|lining|border))?"
            r"(?=\s*(?:[,.!?;]|$|\s(?:and|with)\b))",
            HOLE,
        ),
        (  # `The rest of the outfit consists of [trousers]`
            rf"{START}(?:the|his|her|their|this)\s+(?:[\w-]+\s+){{0,4}}{OUTFIT}\s+(?:also\s+)?(?:consists\s+of|includes|features|comprises|is\s+made\s+up\s+of)\s*\0(?:\s|,|and|\0)*{END}",
            HOLE,
        ),
        (r"\0\s*,?\s+(?:and|but)\s+(?:nothing|little|not\s+much)\s+else", HOLE),
    )
)
