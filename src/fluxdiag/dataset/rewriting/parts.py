"""Pieces of the patterns in `rules.py`: who it is said of, what holds a description, and what goes on about it."""

from __future__ import annotations

from fluxdiag.dataset.finding import lexicon as lx
from fluxdiag.dataset.finding.lexicon import verbs

HOLE = "\0"
PERSON = lx.pattern(lx.PERSON)
DEGREE = lx.pattern(lx.DEGREE)
VERB = (
    r"\b(?:with|w/|w(?=\s+\0)|without|wearing|wears|wear|wore|carr(?:y|ies|ied|ying)"
    r"|equipped\s+with|(?:has|have|had|having)(?:\s+on)?|(?:\w+ly\s+)?(?:dressed|clad|outfitted|attired|wrapped|robed|swathed|cloaked|garbed|draped"
    r"|costumed|kitted(?:\s+out)?|suited|gowned|clothed|enveloped|layered|swaddled|arrayed|bundled(?:\s+up)?|decked(?:\s+out)?)"
    r"\s+(?:(?:\w+ly|all|only|just)\s+)?in|donning|dons|sporting|sports"
    r"|(?:has|have|had)\s+(?:tied|rolled(?:\s+up)?|pulled(?:\s+(?:on|up|down))?|put\s+on|thrown\s+on|slipped\s+(?:on|into|off)|kicked\s+off"
    r"|lost|grown|dyed|shaved|taken\s+off|buttoned|draped|wrapped|tucked(?:\s+in)?|loosened|unbuttoned|removed)"
    r"|featuring|features|in|revealing|possesses|displaying|showing(?:\s+off)?|exposing|baring|flashing|shows\s+off|adorned\s+(?:with|in)|complete\s+with|together\s+with|along\s+with|paired\s+with"
    r"|covered\s+(?:with|in|by)|(?:protected|shielded|shaded|warmed|framed)\s+by(?=\s+\0)|fastened\s+with|accented\s+(?:with|by)|accessorized\s+with|complemented\s+by|surrounded\s+by(?=\s*\0)|(?:from\s+)?(?:behind|under|beneath|underneath|upon|on|across)(?=\s+\0)"
    r"|there\s+(?:is|are)(?=\s+\0))"
)
BE = r"(?:(?:and\s+)?(?:(?:who|that)\s+)?(?:is|are|was)(?:n['’]t|\s+not)?\s+)?"
MAYBE = (
    r"(?:\b(?:likely|probably|possibly|perhaps|maybe|apparently|also|only|just|currently|always|usually|often|typically|still|now|simply"
    r"|normally|sometimes|proudly|both|each|all)\s+)?"
)
CLAUSE = (
    r"(?:(?:,\s*(?:(?:and|but|yet|though|although)\s+)?|\s+(?:and|but)\s+)(?:she|he|they|who)\s+|,\s*"
    rf"|\s+(?:and\s+)?(?:who|that(?=\s+(?:is|are|was|has|wears)\s))\s+)?{MAYBE}"
)
PERSON_NEXT = rf"(?:[\w'-]+\s+){{0,3}}(?:{PERSON})\b"
FINITE_SOON = r"(?:[\w'-]+\s+){1,5}(?:hangs?|rests?|sits|gleams?|glints?|falls?|frames|covers?|dangles?|drapes?|stands"
FINITE_SOON += r"|peeks?|lies|is|are|looks?|gazes?|stares?|meets?|shines?|sparkles?|glows?|glisten|flows?)\s"
CLASS = rf"(?:{PERSON})"
ONE_OF = r"(?:older|younger|taller|shorter|first|second|other)(?:\s+of\s+(?:the|these)(?:\s+\w+){1,2}?)?"
SUBJECT = (
    rf"(?:she|he|they|it|everyone|everybody|(?:the|both|this|these)\s+(?:(?:\w+\s+)?(?:{CLASS}|one)|{ONE_OF})(?:\s+in\s+front|\s+(?:in|of|on|to|at)\s+(?:the|this|his|her)\s+\w+"
    r"(?:\s+(?:side|of\s+(?:the|this)\s+\w+))?)?)"
)
START = r"(?<!\S)(?:(?<=^)|(?<=[.!?;:]\s)|(?<=:\*\*\s))"  # the first only saves looking within words
END = r"(?=\s*(?:[.!?;]|$))"
LEAVE = lx.pattern(verbs.BASE - lx.words("light face hand head line cut open set close"))
NEW_CLAUSE = (
    r"(?=,?\s+(?:and|but|while|as)\s+(?:she|he|they|her|his|their|the|an?|there)\b|,?\s+(?:and|but|while|as)\s*\0"
    rf"|,\s+and\s+[a-z]+[a-rt-z]s\s+(?:{lx.pattern(verbs.THING_DOES)})\s|[.!?;]|$)"
)
SEEMS = r"(?:appears?|seems?|looks?)(?:\s+to\s+be)?"
GOES_ON = (
    r"(?:(?:partly|partially|almost|nearly|barely|slightly|just)\s+)?(?:falls?|hangs?|flows?|cascades?|frames?|reach(?:es)?|tumbles?|brush(?:es)?|spills?|ends?|is|are|has|have|creeps?|climbs?"
    r"|extends?|runs?|winds?|curls?|continues?|disappears?|trails?|snakes?|wraps?|covers?|adds?|gives?|complements?|contrasts?"
    r"|match(?:es)?|appears?|seems?|glows?|gleams?|sways?|stands?\s+out)\s"
)
ADDS = (
    r"(?:(?:further|also|perhaps|all|thus|thereby)\s+)?(?:giving\s+(?:him|her|them|it|the|this|an?\s+(?:[\w-]+\s+){1,3}(?:look|air|appearance|feel|touch|effect|vibe))|adding|creating|making\s+(?:him|her|them|it|the|his|their)|lending|contrasting|complementing"
    r"|enhancing|highlighting|emphasi[sz]ing|accentuating|accenting|suggesting|indicating|hinting|implying|contributing|blending"
    r"|matching|completing|evoking|conveying|exuding|providing|allowing|showcasing|reinforcing|echoing|leaving\s+(?:him|her|them|his|their|only|little|the)"
    r"|drawing\s+attention|standing\s+out|(?:accentuated|enhanced|complemented|highlighted|emphasi[sz]ed|set\s+off|offset)\s+by)\b"
)
"""what a garment or a look is said to do to the picture"""
HEADING = (
    r"(?:hair\w*|eyes?|face|facial|skin|cloth\w*|outfit|attire|dress|appearance|accessor\w+|features?|body|build|make-?up|wear\w*"
    r"|jewel\w+|age|looks?|footwear|headwear|expression|costume|uniform|tops?|bottoms?|shoes|physique|complexion|beard|tattoos?|marks?)\b"
)
"""what a list of looks is headed by"""
LOOK = (
    r"(?:look|outfit|ensemble|attire|costume|uniform|style|appearance|features?|accessories|jewell?e?ry|clothing|clothes|dress"
    r"|garb|kit|hairstyle|makeup|wardrobe|details?|getup|face|hair|head|eyes|arms|hands|skin)"
)
OUTFIT = r"(?:look|outfit|ensemble|attire|costume|uniform|style|appearance)"
CUT = (
    r"(?:slit|train|neckline|bodice|waistline|hemline|collar|hem|sleeves|lapels|cuffs|straps|skirt|pleats|ruffles|embroidery|patterns?"
    r"|prints?|motifs?|trim|lining|designs?|fins?|seams|stitching)"
)
WRAPPED = (
    r"(?:covered|adorned|decorated|marked|wrapped|hidden|protected|clad|sheathed|encased|lined|shielded|shaded|framed|bound)"
)
ALONG = (
    r"with|over|under|rolled\s+up|underneath|beneath|including|such\s+as|like|plus|as\s+well\s+as|along\s+with|together\s+with|complete\s+with"
    r"|worn\s+with|worn\s+over|(?:paired|teamed|matched|combined|topped|finished|coordinated)(?:\s+off)?\s+with"
)
"""what joins one piece of an outfit to the next"""
PUT_ON = (
    r"(?:cinched|belted|tied|tucked|buttoned|fastened|trimmed|embroidered|embellished|decorated|adorned|accented|secured|edged"
    r"|lined|held|layered|gathered|closed|clasped|pinned|bound|set|fitted|accessori[sz]ed|styled|worn)"
)
COVERS = (
    r"(?:(?:covers?|stains?|splatters?|soaks?|dusts?|dirt(?:y|ies)|streaks?|smears?|smudges?|speckles?|spatters?|coats?|cakes?"
    r"|drench(?:es)?|splash(?:es)?|protects?|hides?|conceals?|adorns?|decorates?|crusts?)(?=\s+\0)"
    r"|(?:clings?|sticks?)\s+to(?=\s+\0))"
)
"""what dust, rain or an apron does to a garment"""
CATCHES = (
    r"(?:catch(?:es|ing)?|highlight(?:s|ing)?|illuminat(?:es?|ing)|accentuat(?:es?|ing)|emphasi[sz](?:es?|ing)|enhanc(?:es?|ing)"
    r"|complement(?:s|ing)?|showcas(?:es?|ing)|reveal(?:s|ing)?|bring(?:s|ing)?\s+out|light(?:s|ing)?\s+up|ruffl(?:es?|ing)"
    r"|tousl(?:es?|ing)|lift(?:s|ing)?|flatter(?:s|ing)?|draw(?:s|ing)?\s+attention\s+to|focus(?:es|ing)?\s+on|match(?:es|ing)?"
    r"|contrast(?:s|ing)?\s+with|echo(?:es|ing)?|mirror(?:s|ing)?|soften(?:s|ing)?|fram(?:es?|ing)|reflect(?:s|ing)?|dappl(?:es?|ing)|warm(?:s|ing)?|caress(?:es|ing)?)"
)
"""what light, wind or the picture does to a look; without it nothing is done"""
PICTURE = (
    r"(?:photo|photograph|picture|portrait|image|close[\s-]up|shot|view|illustration|painting|drawing|sketch|render|closeup)"
)
DOES = (
    r"(?:stands|sits|looks|holds|walks|runs|smiles|leans|poses|carries|plays|rides|lies|kneels|points|reaches|waves|laughs"
    r"|gazes)\b"
)
A_VERB = (
    r"\b(?!(?:his|hers|its|this|always|perhaps|as|arms|hands(?!\s+(?:an?|the|over|out|him|her|them)\b)|eyes|legs|feet|fingers|thumbs|shoulders|lips|knees|fists|palms|yes|plus|across"
    r"|jeans|pants|shorts|boots|shoes|socks|glasses|lights|trees|mountains|buildings|clouds|stars|leaves|waves(?!\s+(?:at|to|back|from|goodbye)\b))\b)"
    rf"(?:{lx.pattern(verbs.IRREGULAR, verbs.THIRD)})"
)
"""a verb, as far as endings tell"""
DOES_OR_NOT = r"(?:\w+s\b(?!\s+of\b)|can(?:['’]t|not)?\b|\w+n['’]t\b)"
FINITE = rf"{A_VERB}\s"
STILL_LISTED = (
    rf"(?!{PERSON_NEXT})(?!{FINITE_SOON})(?!(?:his|her|their|the|one)\s+\w+(?:\s\w+)?\s+(?:is|are|was|were)\b)"
    rf"(?!(?:his|her|their|the)\s+(?:[\w'-]+\s+){{1,2}}{FINITE})"
    rf"(?!(?:his|her|their|the)\s+(?:[\w'-]+\s+){{0,2}}(?:\w+s|feet)\s+(?:{LEAVE})\s+\w)"
    r"(?=(?:an?|the|his|her|their|one|two|arms|hands|both)\b)"
)
TO_WHAT = r"an?|the|his|her|their|at|in|on|to|toward|towards|into|from|with|out|over|down|up|through|as|against|for|it|him|them"
MANY = rf"(?:{lx.pattern(lx.PLURAL_PERSON)})"
THEY_DO = (
    r"(?:stand|sit|walk|run|pose|look|smile|hold|play|lean|kneel|dance|ride|share|wait|work|gather|lie|laugh|talk|chat|embrace"
    r"|hug|kiss|face|jump|read|eat|drink|cook|sing|sleep|swim|climb|watch|wave|perform|carry|crouch|march|stare|gaze)"
)
TOOL = (
    r"(?:foam|cream|sticks?|poles?|rods?|pots?|pans?|machines?|needles?|boards?|bags?|glass(?:es)?|gloves?|crops?|gear|equipment|shoes"
    r"|boots|cans?|bowls?|kni(?:fe|ves)|lamps?|mats?|tools?|goggles|ropes?|paper|papers|card|cards|book|books)\b"
)
HUMAN_DOING = lx.pattern(verbs.PERSON_DOING - verbs.THING_DOING)
"""what only somebody does"""
SOMEBODY_DOING = (
    rf"(?:(?!(?:{lx.pattern(verbs.THING_DOING)}|\w*(?:covering|shading|matching|showing|missing|coming|going))\b)\w+ing\b"
    r"|(?:sitting|standing|running)\b(?!\s+(?:on\s+top|(?:on|atop|over|around|down)\s+(?:his|her|their))\b))"
)
MANY_DO = rf"(?:{lx.pattern(verbs.THING_DOES, verbs.SCENE_DOES)}|give|make)"
NO_DOING = (
    r"(?:during|evening|morning|being|ring|ceiling|railing|awning|clearing|clothing|string|spring|king|wing|thing|nothing|something"
    r"|everything|anything|earring|stocking|pudding|sterling|sling|wedding"
    r"|(?:lighting|building|painting|setting|crossing|landing|styling|engraving|carving)(?!\s+(?:an?|the|his|her|their|up|down)\b))\b"
)
"""a noun that ends like a participle: `evening light`, `lighting from above`, but not `lighting a cigarette`"""
PARTICIPLE = (
    rf"(?!(?:wearing|having|featuring|sporting)\b|{NO_DOING})"
    rf"(?!(?:shaving|walking|hiking|fishing|cooking|sewing|knitting|swimming|sleeping|watering|frying|mixing|measuring|greeting)\s+{TOOL})\w{{2,}}ing"
)
"""what somebody does, and no `shaving foam`"""

ON_BODY = (
    r"(?:(?:placed|resting|sitting|slung|hanging|worn|set|stuck|bound|\w{2,}ed)\s+(?:(?:low|high|tightly|loosely|neatly|up|down)\s+)?)?"
    r"(?:to|into|onto|between|around|on|in|over|at|across|from|atop|upon|under|beneath|above)\s+(?:his|her|their|each|one|both)\s+(?:\w+\s+){1,3}?"
    r"(?:is|are|was|were|hangs?|sits?|rests?|dangles?|gleams?)"
)
"""`on his head is`"""
ON_SIDE = r"(?:on|in|to|at)\s+(?:the|this)\s+(?:far\s+)?(?:left|right|middle|cent(?:er|re)|front|foreground|back)(?:\s+side)?"
HAS = r"(?:wears?|wore|has|have|had|(?:is|are|was|were)(?:\s+(?:wearing|(?:\w+ly\s+)?(?:dressed|clad)\s+in|in))?)"
"""a finite verb that tells a look"""
ANOTHER = rf"(?:the|another|one)\s+(?:\w+\s+){{0,2}}?(?:{CLASS}|one|other)(?:\s+on\s+the\s+\w+)?"
"""another subject of the same sentence"""
POSED = r"(?:hand|chin|head|face|gaze|arm|back|body|foot|elbow|mouth|weight)"
POSED_ALL = r"(?:hands|arms|legs|eyes|fingers|feet|elbows|knees|lips|shoulders|palms)"
SHINING = r"glowing|gleaming|shining|sparkling|glittering|glistening|shimmering|burning|flowing|piercing|striking|flaming"
"""a participle that tells how a thing is"""
SAME_SEX = "".join(
    rf"(?!(?=[^.!?\0]*\0[^.!?\0]*?(?:;|\s(?:and|as|while))\s+{pronoun}\s)[^.!?;\0]*\b(?:{lx.pattern(nouns)})\b)"
    for nouns, pronoun in ((lx.FEMALE, "he"), (lx.MALE, "she"))
)
"""not `The bride wears [a gown], and he waves`"""
