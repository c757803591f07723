"""What becomes of the words around a hole that a description left: regular expressions, tried in order until none applies."""

from __future__ import annotations

import re

from fluxdiag.dataset import lexicon as lx

HOLE = "\0"
PERSON = lx.pattern(lx.PERSON)
DEGREE = lx.pattern(lx.DEGREE)
VERB = (
    r"\b(?:with|wearing|wears|wear|wore|has|have|having|(?:\w+ly\s+)?(?:dressed|clad|outfitted|attired|wrapped|robed|swathed|cloaked|garbed|draped"
    r"|costumed|kitted(?:\s+out)?|suited|gowned|clothed|enveloped|layered|swaddled|arrayed|bundled(?:\s+up)?|decked(?:\s+out)?)"
    r"\s+(?:(?:\w+ly|all|only|just)\s+)?in|donning|dons|sporting|sports"
    r"|featuring|features|in|revealing|possesses|displaying|showing(?:\s+off)?|exposing|baring|flashing|shows\s+off|adorned\s+(?:with|in)|complete\s+with|together\s+with|along\s+with|paired\s+with"
    r"|covered\s+(?:with|in|by)|fastened\s+with|accented\s+(?:with|by)|accessorized\s+with|complemented\s+by|surrounded\s+by(?=\s*\0)|(?:from\s+)?(?:behind|under|beneath|underneath|upon|on|across)(?=\s+\0)"
    r"|there\s+(?:is|are)(?=\s+\0))"
)
BE = r"(?:(?:and\s+)?(?:(?:who|that)\s+)?(?:is|are|was)\s+)?"
MAYBE = r"(?:(?:likely|probably|possibly|perhaps|apparently|also|only|just|currently)\s+)?"
CLAUSE = rf"(?:,\s*(?:and\s+)?(?:she|he|they|who)\s+|,\s*|\s+(?:and\s+)?(?:who|that(?=\s+(?:is|are|was|has|wears)\s))\s+)?{MAYBE}"
PERSON_NEXT = rf"(?:[\w'-]+\s+){{0,3}}(?:{PERSON})\b"
FINITE_SOON = r"(?:[\w'-]+\s+){1,5}(?:hangs?|rests?|sits|gleams?|glints?|falls?|frames|covers?|dangles?|drapes?|stands"
FINITE_SOON += r"|peeks?|lies|is|are)\s"
STILL_LISTED = (
    rf"(?!{PERSON_NEXT})(?!{FINITE_SOON})(?!(?:his|her|their|the|one)\s+\w+(?:\s\w+)?\s+(?:is|are|was|were)\b)"
    r"(?=(?:an?|the|his|her|their|one|two|arms|hands|both)\b)"
)
CLASS = rf"(?:{PERSON})"
SUBJECT = (
    rf"(?:she|he|they|it|(?:the|both|this|these)\s+(?:\w+\s+)?{CLASS}(?:\s+in\s+front|\s+(?:in|of|on|to|at)\s+(?:the|this|his|her)\s+\w+"
    r"(?:\s+(?:side|of\s+(?:the|this)\s+\w+))?)?)"
)
START = r"(?:(?<=^)|(?<=[.!?;:]\s)|(?<=:\*\*\s))"
END = r"(?=\s*(?:[.!?;]|$))"
NEW_CLAUSE = (
    r"(?=,?\s+(?:and|but|while|as)\s+(?:she|he|they|her|his|their|the|an?|there)\b|,?\s+(?:and|but|while|as)\s*\0|[.!?;]|$)"
)
SEEMS = r"(?:appears?|seems?|looks?)(?:\s+to\s+be)?"
GOES_ON = (
    r"(?:falls?|hangs?|flows?|cascades?|frames?|reach(?:es)?|tumbles?|brush(?:es)?|spills?|ends?|is|are|has|have|creeps?|climbs?"
    r"|extends?|runs?|winds?|curls?|continues?|disappears?|trails?|snakes?|wraps?|covers?|adds?|gives?|complements?|contrasts?"
    r"|match(?:es)?|appears?|seems?|glows?|gleams?|sways?|stands?\s+out)\s"
)
FLOWS = r"(?:fluttering|billowing|flying|blowing|drifting|trailing|swirling|flowing|waving|hanging|pushed|pulled|draped|tucked)"
ADDS = (
    r"(?:(?:further|also|perhaps|all|thus|thereby)\s+)?(?:giving|adding|creating|making|lending|contrasting|complementing"
    r"|enhancing|highlighting|emphasi[sz]ing|accentuating|accenting|suggesting|indicating|hinting|implying|contributing|blending"
    r"|matching|completing|evoking|conveying|exuding|providing|allowing|showcasing|reinforcing|echoing|leaving"
    r"|drawing\s+attention|standing\s+out)\b"
)
"""what a garment or a look is said to do to the picture"""
LOOK = (
    r"(?:look|outfit|ensemble|attire|costume|uniform|style|appearance|features?|accessories|jewell?e?ry|clothing|clothes|dress"
    r"|garb|kit|hairstyle|makeup|wardrobe|details?|getup|face|hair|head|eyes|arms|hands|skin)"
)
CUT = r"(?:slit|train|neckline|bodice|waistline|hemline|collar|hem|sleeves|lapels|cuffs|straps|skirt|pleats|ruffles|embroidery)"
WRAPPED = (
    r"(?:covered|adorned|decorated|marked|wrapped|hidden|protected|clad|sheathed|encased|lined|shielded|shaded|framed|bound)"
)
PLACED = r"(?:on|around|in|over|across|atop|at|from|under|beneath|about|upon|through)"
SIDE = r"(?:far\s+)?(?:left|right|middle|cent(?:er|re)|front|foreground|back)(?:\s+side)?"
COMMENTS = (
    r"(?:suggests?|indicates?|reflects?|adds?|gives?|contrasts?|complements?|evokes?|makes?|stands?|conveys?|hints?|lends?"
    r"|is|are)"
)
HANGS = r"swings?|hangs?|rests?|dangles?|glints?|gleams?|sits?|sit|peeks?|lies|catch(?:es)?|drapes?|shines?|is|are"
DOES = (
    r"(?:stands|sits|looks|holds|walks|runs|smiles|leans|poses|carries|plays|rides|lies|kneels|points|reaches|waves|laughs"
    r"|gazes)\b"
)
FINITE = (
    r"(?!(?:his|hers|its|this|always|perhaps|as|arms|hands|eyes|legs|feet|fingers|shoulders|lips|knees|fists|palms|yes|plus|across"
    r"|jeans|pants|shorts|boots|shoes|socks|glasses|lights|trees|mountains|buildings|clouds|stars|leaves|waves)\b)"
    r"(?:are|were|have|was|had|stood|sat|[a-z]{2,}[^su\W]s|\w+sses)\s"
)
"""a verb, as far as endings tell"""
PARTICIPLE = r"(?!(?:wearing|having|featuring|sporting|during|evening|morning|being|ring)\b)\w{2,}ing"

POSED = r"(?:hand|chin|head|face|gaze|arm|back|body|foot|elbow|mouth|weight)"
POSED_ALL = r"(?:hands|arms|legs|eyes|fingers|feet|elbows|knees|lips|shoulders|palms)"

RULES = tuple(
    (re.compile(pattern, re.IGNORECASE), into)
    for pattern, into in (
        (
            r"\0(?:(?:\s*[,:])?(?:\s*\b(?:and|or|with|over|under|underneath|beneath|in|on)\b)?\s*\0)+",
            HOLE,
        ),  # a list of holes is one
        (
            rf"\0\s*,?\s*\b(?:{ADDS})[^.!?;\0]*?(?:{NEW_CLAUSE}|(?=,\s+(?:is|{FINITE})))",
            HOLE,
        ),  # `[a coat], giving him a rugged look`
        (rf"{START}((?:{SUBJECT}\s+)?(?:\w+\s+)?)\0\s*,?\s+as\s+(?:if|though)\b[^.!?;\0]*", rf"\1{HOLE}"),
        (r"(?:['’]s|['’]ve|\s+has|\s+have|\s+had|\s+is)\s+got\s+\0", f" has {HOLE}"),
        (  # `On her head is [a hat]`, `Perched on his nose are [glasses]`
            rf"{START}(?:(?:also\s+)?\w+(?:ed|ing|ung|ied)\s+)?(?:\w+ly\s+)?(?:on|around|in|over|across|atop|at|from|under|beneath|about|upon|through)\s+"
            rf"(?:(?:each|both|one)\s+of\s+)?(?:his|her|their|each|both|one)\s+[^.!?;\0]*?\0{END}",
            HOLE,
        ),
        (rf"{START}(?:what|most|equally|also)\s[^.!?;,\0]*\s(?:is|are)\s+\0[^.!?;\0]*{END}", HOLE),
        (  # `The outfit is completed by [boots]`, `Her jewelry includes [rings]`
            rf"{START}(?:the|his|her|their|this|\w+\s+\w+['’]s)\s+(?:\w+\s+){{0,3}}{LOOK}\s+(?:(?:also|further|then)\s+)?(?:is|are|includes?|consists?\s+of|features?|comprises)"
            rf"\s+(?:(?:\w+ly\s+)?\w+ed\s+(?:\w+\s+)?(?:by|with|in|of|off\s+with|from)\s+|made\s+(?:up\s+)?of\s+|hidden\s+(?:by|behind|under|beneath)\s+)?\0[^.!?;\0]*?(?:{NEW_CLAUSE})",
            HOLE,
        ),
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
            r"(?:(?:^|(?<=\s))[-•*]\s+)?(?:\*\*[\w /&']{2,40}:?\*\*:?|\b(?-i:[A-Z])\w+(?:[ /&]+\w+){0,2}:)"
            r"\s*\0(?=\s*(?:[.;,]|$|-\s))\s*[.;]?",
            HOLE,
        ),
        (r"\0\s*,?\s*\b(?:that|which)\s+(?!(?:she|he|they)\b)[^,.!?;\0]*", HOLE),  # `[a coat] that billows in the wind`
        (  # `[a gown] that hugs her, with a slit up the side`
            rf"\0\s*,?\s+with\s+(?:(?:an?|its|the)\s+)?(?:[\w-]+\s+){{0,2}}{CUT}\b[^.!?;,\0]*",
            HOLE,
        ),
        (rf"\0\s+{FLOWS}\s+(?:in|from|around|behind|over|under|on|to|against|up|down|by|about|like)\b[^,.!?;\0]*", HOLE),
        (r"\s+(?:that|which)\s+(?:shows?|reveals?|exposes?|bares?|displays?)\s*\0", HOLE),
        (r"\0\s+on(?=\s*[,.!?;]|\s*$)", HOLE),  # `[sunglasses] on`
        (r"\0\s+(?:again|too|as\s+(?:always|usual|well))(?=\s*[,.!?;]|\s*$)", HOLE),
        (  # `[a belt] with several keys swings at her hip`
            rf"{START}\0\s+(?:with|in|on|from|around|of)\s+[^.!?;,\0]*?\s(?:{HANGS})\b[^.!?;\0]*?{NEW_CLAUSE}",
            HOLE,
        ),
        (  # `[a harness is fastened], and a bag dangles from it`
            rf"\0\s*,?\s+(?:and|with|while)\s+(?:an?|two|several|some)\s[^.!?;,\0]*\b(?:from|to|on|onto|of|over|under|beneath|around"
            rf"|into|inside|behind|at|in)\s+(?:it|them){END}",
            HOLE,
        ),
        (r"\0\s+(?:consisting|composed|made\s+up)\s+of\s*\0", HOLE),
        (r"\0\s*,?\s+(?:and|but)\s+(?:nothing|little|not\s+much)\s+else", HOLE),
        (
            rf"{START}({SUBJECT})\s+(has|wears|had)\s+\0\s*(?:,\s*)?\band\s+"
            r"(?=an?\b|(?!he\b|she\b|they\b|is\b|has\b|\w+s\b|\w+ing\b|(?:his|her|their|the|one)\b|\0)\w)",
            r"\1 \2 ",
        ),
        (rf"{VERB}\s+\0\s*(?:,\s*)?\band\s+{STILL_LISTED}", r"with "),  # `with [brown hair] and arms crossed`
        (
            rf"{START}the\s+(?:combination|contrast|mix|blend|juxtaposition|interplay|pairing)\s+(?:of|between)\b[^.!?;]*\0[^.!?;]*",
            HOLE,
        ),
        (r",?\s+(?:so|such)\s+(?:that\s+)?(?:only\s+)?\0[^.!?;\0]*", HOLE),
        (
            rf"{START}\0\s*,\s+[^,.!?;\0]{{3,60}},\s+(?={FINITE})[^.!?;\0]*?{NEW_CLAUSE}",
            HOLE,
        ),  # `[The gown], designed by Dior, sparkles`
        (rf"{START}\0\s*,\s*{COMMENTS}\b[^.!?;\0]*?{NEW_CLAUSE}", HOLE),  # `[His attire, a suit], suggests wealth`
        (r",\s*(?:both|all|each)\s*\0\s*,?", " "),
        (rf"(?:{START}|;\s*)(?:both|all|each)\s+(?:of\s+them\s+)?(?:is|are|has)?\s*\0{END}", HOLE),
        (  # `The man, wearing [a suit], and the woman are dancing`
            rf"{START}({SUBJECT})\s*,\s*(?:{VERB}\s+)?\0\s*,\s*(?=and\s+(?:the|an?|his|her|another)\s+(?:\w+\s+)?{CLASS}\b)",
            r"\1 ",
        ),
        (  # `he's the one with [a mullet]`
            rf",?\s+(?:and\s+)?(?:she|he|who)(?:['’]s|\s+is|\s+was)\s+the\s+(?:one|{CLASS})\s+(?:with|in|wearing)\s+\0",
            HOLE,
        ),
        (r",\s*(she|he|they|who)\s+(has|have|wears?)\s+\0\s*,?\s*and\s+(?=(?:an?|two|some)\s)", r", \1 \2 "),
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
        (rf"{CLAUSE}{BE}{VERB}\s+(?:only\s+|just\s+)?\0", HOLE),
        (r",\s*whose\s+\0\s*,?", " "),
        (rf"{CLAUSE}(?:who\s+)?\b(?:{SEEMS}|is|are|was)\s+(?:in\s+|of\s+)?\0", HOLE),
        (r"(?:,\s*)?\b(?:likely|probably|possibly|perhaps|apparently)\s+\0", HOLE),
        (r"\b(?:of|by|for|from)\s+(?:about\s+|around\s+)?\0", HOLE),
        (r"(?:\s*,)?\s+(?:and|or|&)\s+\0", HOLE),
        (rf"{START}(?:only|just|even|both|all)\s+\0", HOLE),
        (rf"{START}\0\s*,?\s*so\s+that\b[^.!?;\0]*", HOLE),
        (rf"{START}\0\s*,?\s+can\s+be\s+seen\b[^.!?;\0]*", HOLE),
        (rf"{START}\0(?:\s*,)?\s*\b(?:as|while|and)\s+(?=(?:she|he|they|her|his)\b)", ""),  # `[Her hair is up] as she looks`
        (rf"{START}\0(?:\s*,)?\s*\band\s+{GOES_ON}[^.!?;\0]*?{NEW_CLAUSE}", HOLE),  # `[Her hair is dark] and falls to her waist`
        (rf"{START}\0(?:\s*,)?\s*\band\s+", ""),
        (rf"{START}({SUBJECT})\s*\0(?:\s*,)?\s*(?:and\s+)?(?={PARTICIPLE}\b)", r"\1 is "),
        (rf"{START}({SUBJECT})\s*\0(?:\s*,)?\s*and\s+(?=\w+s\b(?!\s+of\b))", r"\1 "),  # `She[ has brown hair and] is`
        (rf"{START}({SUBJECT})\s*\0\s*,\s*(?=(?:looks|stands|sits|holds|is|walks|smiles|gazes)\b)", r"\1 "),
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
            rf"{START}(the\s+{CLASS})\s+((?:on|in|to|at)\s+(?:the|this)\s+(?:far\s+)?(?:left|right|middle|cent(?:er|re)|front|foreground|back)(?:\s+side)?)\s*,?\s*\0{END}",
            r"\1 is \2",
        ),
        (rf"{START}{SUBJECT}\s*,?\s*\0[^.!?;\0]*?{NEW_CLAUSE}", HOLE),  # nothing but the description was said
        (rf"{START}(?:his|her|their)\s+\w+\s*\0{END}", HOLE),
        (r",?\s+(?:while|as|though|although|but|yet|whereas)\s+\0", HOLE),
        (
            rf"{START}\0\s+(?=(?-i:[a-z]))(?!(?:and|with|in|on|at|by|while|as)\b)[^.!?;,\0]*?(?:,\s+\w+ing\b[^.!?;\0]*?)?(?:{NEW_CLAUSE}|(?=\s*\0))(?<!^)",
            HOLE,
        ),  # `[Glasses] rest on her nose`
    )
)
TIDY = tuple(
    (re.compile(pattern, re.IGNORECASE), into)
    for pattern, into in (
        (
            r"((?:^|[.!?;]\s|\b(?:and|while|but)\s)(?:his|her|their|(?:\w+\s+){1,3}?\w+['’]s)\s+(?:\w+\s+)?\w+)\s*,\s*\0\s*,\s*(?=\w)",
            r"\1 ",
        ),  # `Her hands[, knotted], work`
        (rf"((?:^|[.!?;]\s)[^,.!?;:\0]{{3,60}}),?\s*\0\s*,\s*(?=(?:is|{FINITE}))", r"\1 "),  # `A man[, bald], sits at a bar`
        (  # `a woman[ with ...], standing` -> `a woman standing`
            r"(?<=\w)\s*\0\s*,\s*(?=(?:\w+ing|with|in|on|at|behind|beside|under|inside|near|against|seated|perched|posed|captured"
            r"|surrounded|bathed)\b)",
            " ",
        ),
        (r"(,\s*an?\s+\w+)\s*\0\s*,\s*(?=(?:is|are|was|stands|sits|leans|looks|holds)\b)", r"\1, "),  # closes an apposition
        (r"(?<=\w)\s*\0\s*,\s*(?=(?:is|are|was|stands|sits|leans|poses|walks|kneels|looks|smiles|holds)\b)", " "),
        (r"(?<=\w)\s*\0\s*\band\s+(?=\w+ing\b)", " "),
        (r"\0\s*(?=[.!?])", ""),
        (r"\s*\0\s*", " "),
        (r"\s+([,.;!?])", r"\1"),
        (r"\(\s*(?::[\d.]+)?\s*\)", ""),  # a weight around nothing
        (r"([,;:])(?:\s*[,;])+", r"\1"),
        (r"[,;]\s*(?=\.(?!\d))", ""),
        (r"(?<=[.!?])\s*[.!?,;]+(?!\d)", ""),
        (r"^[\s,.;:!?]+", ""),
        (r"[\s,;:]+$", ""),
        (r",\s*\.", "."),
        (r"[^\S\n]{2,}", " "),
    )
)
