"""Clauses that cannot stand without the description they lean on, and go with it: `her feet are laced into [boots]`.

Tried before the other rules, sentence by sentence. What somebody does is none of these: `A man hides behind [his hat]`.
"""

from __future__ import annotations

from fluxdiag.dataset.finding import lexicon as lx
from fluxdiag.dataset.rewriting.parts import CLASS, FINITE, HOLE, NEW_CLAUSE, PARTICIPLE, START, TO_WHAT
from fluxdiag.dataset.rewriting.rule import rules_of

OPENS = rf"(?:{START}|,?\s+(?:and|while|as|but)\s+)(?=[^.!?;,\0]*\0)"
"""where a clause begins that a description is in before the next mark"""
NOUN = rf"(?!(?:she|he|they|it|who|which|that|there|I|we|you|and|but)\b|(?:{CLASS}|{lx.pattern(lx.ANIMAL)})\b(?!['’]))[\w'’-]+"
SUBJECT = rf"(?:{NOUN}\s+){{1,7}}?"
"""a thing or a part of the body"""
PART = (
    r"(?:lips|eyes|cheeks|ears|brows|eyebrows|nose|mouth|face|neck|wrists?|fingers|hands?|arms?|legs|feet|ankles|nails|head|hair"
    r"|shoulders|throat)"
)
FIXED = (
    r"(?:hidden|covered|shaded|shadowed|obscured|concealed|masked|veiled|framed|laced|fixed|tied|fastened|attached|clipped|pinned|hooked"
    r"|tucked|stuffed|strapped|wrapped|bound|sheathed|encased|squeezed|slipped|zipped|sewn|stitched|embroidered|stuck|lodged|wedged"
    r"|clamped|buried|swallowed|shod|clad|threaded|looped|slung|thrust|jammed|shoved|poked|hemmed|ringed|rimmed|crowned|topped)"
)
"""what says nothing without the thing it is fixed to or hidden by"""
SHOWN = r"(?:mirrored|reflected|doubled|repeated|caught|echoed|visible)"
AT = (
    r"(?:in|into|to|by|behind|under|beneath|underneath|from|on|onto|at"
    r"|over|through|with|inside|between|against|within|beside|round|around)"
)
OF = r"(?:(?:the|an?|each|one|both|its)\s+(?:[\w-]+\s+){1,3}?of\s+)?"
"""`the brim of [his hat]`"""
HANGS = (
    r"(?:hangs?|dangles?|loops?|peeks?|pokes?|sticks?|protrudes?|swings?|trails?|jingles?|clinks?|rattles?"
    r"|pops|juts?|spills?|escapes?|escape|tumbles?)"
)
UNSEEN_FACE = (
    r"(?:his|her|their|the)\s+(?:\w+\s+)?faces?\s+(?:is|are|was|were)\s+(?:\w+ly\s+|half\s+)?(?:hidden|obscured|concealed)\b"
)
STUFF = (
    r"(?:frost|ice|snow|snowflakes|raindrops|droplets|dew|sweat|dust|sawdust|flour|mud|paint|ash|soot|crumbs|petals|confetti|sand"
    r"|salt|grease|pollen|glitter|leaves|blood|foam|water|chalk|clay)"
)
STAYS_ON = (
    r"(?:(?:has|have)\s+(?:formed|settled|gathered|collected|dried|frozen|crusted|worked|beaded|melted|caught|stuck)"
    r"|(?:cling|stick|settle|gather|collect|bead|glisten|sparkle|melt|rest|lie)s?|is\s+\w+ed|are\s+\w+ed)"
)
END = rf"(?={NEW_CLAUSE}|\s*,?\s*\0)"
IN_HAIR = r"(?:hair|curls|locks|braids?|tresses|mane|fringe|bangs|beard|moustache|mustache|ponytail)"
THUMB = (
    r"(?:(?:his|her|their)\s+(?:left|right)(?:\s+one)?(?=\s)"
    r"|(?:(?:an?|one|both|his|her|their)\s+)?(?:\w+\s+)?(?:thumbs?|hands?|fingers?|arms?))"
)
ITEM = (
    rf"(?:(?:an?|the|two|some|his|her|their)\s+)?(?!(?:is|are|was|were|and|or|but|while|as|who|with|in|on|at|she|he|they|it|one)\b|{PARTICIPLE}\b)"
    rf"(?!{CLASS}\b)[\w'’-]+(?:\s+(?!(?:{CLASS}|and|or)\b|{FINITE})[\w'’-]+){{0,7}}?"
)
"""a piece of a list: `grease on his knuckles`"""
LEANING = rules_of(
    (
        # `his eyes are hidden behind [glasses]`, `a lamp is fixed to [his helmet]`; that a face is not seen tells of the picture
        (
            rf"{OPENS}(?!{UNSEEN_FACE}){SUBJECT}(?:is|are|was|were)\s+(?:\w+ly\s+|half\s+)?{FIXED}\s+(?:up\s+|away\s+|low\s+)?{AT}\s+{OF}\0{END}",
            HOLE,
        ),
        # `lights his face and is mirrored in [his glasses]`
        (
            rf"\s+(?:and|that|which)\s+(?:is|are|was|were)\s+(?:\w+ly\s+)?(?:{FIXED}|{SHOWN})\s+{AT}\s+{OF}\0(?:{END}|(?=\s+and\b))",
            HOLE,
        ),
        # `straps dangle from [her trousers]`
        (
            rf"{OPENS}{SUBJECT}{HANGS}\s+(?:(?:out|down|up)\s+)?(?:from|of|out\s+of|at|in|on|under|beneath|over|across|behind)\s+{OF}\0{END}",
            HOLE,
        ),
        # `frost has formed on the bristles of [his moustache]`
        (
            rf"{OPENS}(?:{NOUN}\s+){{0,3}}?{STUFF}\s+{STAYS_ON}\s+(?:on|in|to|into|across|over|along|onto|under)\s+{OF}\0{END}",
            HOLE,
        ),
        # `, and her lips carry [a trace of lipstick]`
        (
            rf"{OPENS}(?:his|her|their)\s+(?:[\w-]+\s+)?{PART}\s+(?:carry|carries|bears?|shows?|has|have|wears?|sports?|gleams?\s+with)\s+\0{END}",
            HOLE,
        ),
        # `Her hair has been swept into [a chignon] with flowers pinned into it`
        (
            rf"{OPENS}(?:his|her|their|the\s+\w+['’]s)\s+(?:[\w-]+\s+){{0,2}}?{IN_HAIR}\s+(?:is|are|was|(?:has|have)\s+been)\s+(?:\w+ly\s+)?"
            rf"(?:\w+ed|swept|worn|cut|drawn|bound|put|wound|held|done|set)\s+(?:up\s+|back\s+)?(?:in|into|with|by|to|under|through)\s+\0[^.!?;,\0]*?{NEW_CLAUSE}",
            HOLE,
        ),
        # `her belly, over which [a dress] is stretched tight,`
        (
            r",?\s+(?:over|under|beneath|on|upon|in|from|around|across|above|below|through|into|against|behind)\s+which\s+\0[^,.!?;\0]*",
            HOLE,
        ),
        # `[a bun], from which a few strands have escaped,`, `[a doublet], the sheen of which is dull`
        (
            r"\0\s*,\s*(?:(?:on|in|from|to|over|under|beneath|among|around|behind|with|at|through|into|across|above|below|between|against|upon)\s+which"
            rf"|(?:the|each|both|all|some|one)\s+(?:\w+\s+)?of\s+which)\s[^,.!?;]*(?:,\s*(?=(?:is|are|was|were|{FINITE}|\w+s\s+(?:{TO_WHAT}))\b))?",
            f"{HOLE} ",
        ),
        # `The sequins on [his jacket] throw back the light`
        (
            rf"{OPENS}(?:the|an?|its|his|her)\s+(?!(?:sun|moon|lamp)?light\b|sun\b|shadows?\b|glow\b|reflections?\b)(?:{NOUN}\s+){{1,3}}?(?:on|at|along|down|across|around)\s+\0\s+"
            rf"(?!(?:and|or|with|in|on|at|by|of|to|from|that|which|who|while|as)\b|{PARTICIPLE})[a-z][^.!?;,\0]*?{NEW_CLAUSE}",
            HOLE,
        ),
        # `, and his [mane of hair] has come loose`
        (rf"{OPENS}(?:his|her|their)\s+\0\s+(?:is|are|was|were|has|have|{FINITE})[^.!?;\0]*?{NEW_CLAUSE}", HOLE),
        # `[a veil] wraps her head, and the robes beneath are the same blue`
        (
            r"(\0[^.!?;\0]*?),?\s+(?:and|while)\s+(?:the|his|her|their)\s+(?:[\w-]+\s+){1,4}?(?:is|are)\s+(?:(?:of|in|almost|exactly|nearly|about)\s+)?"
            rf"the\s+same\s+(?:\w+\s+)?(?:{lx.pattern(lx.COLOUR)}|colou?r|shade|hue|tone|fabric|material|cloth)(?=\s*(?:[.!?;,]|$))",
            r"\1",
        ),
        # `one hand on [her hat] and the other on a rope`
        (
            rf"(\bone\s+(?:hand|foot|arm))(?:\s+\w+)?\s+{AT}\s+\0\s*,?\s*(?:and|while)\s+(?:the|his|her)\s+other(?:\s+(?:hand|foot|arm|one))?\s+(?={AT}\s|{PARTICIPLE}\b)",
            r"\1 ",
        ),
        (
            rf"(\bone\s+(?:hand|foot|arm)\b[^.!?;\0]*?),?\s+(?:and|while)\s+(?:the|his|her)\s+other(?:\s+(?:hand|foot|arm|one))?\s+(?:\w+\s+)?{AT}\s+{OF}\0",
            rf"\1{HOLE}",
        ),
        # `looks at [her shoes] and the floor`
        (
            rf"\s(?!(?:in|with|by)\s)({AT})\s+\0\s+and\s+(?=(?:the|an?|its|his|her)\s+(?!other\b)(?:(?!{FINITE}|(?:on|in|at|with)\b)[\w'’-]+\s+){{0,2}}?[\w'’-]+(?:[,.;]|$))",
            r" \1 ",
        ),
        # `a thumb hooked into [her belt]`
        (
            rf"(?:,\s*(?:and\s+|with\s+)?|\s+and\s+|\s+with\s+){THUMB}\s+{FIXED}\s+{AT}\s+{OF}\0(?=\s*(?:[.!?;,]|$|and\b|\0))",
            HOLE,
        ),
        # `[eye shadow] to match the uniform`, `[shorts] with her name stitched along the waistband`
        (
            r"\0\s*,?\s+(?:to\s+(?:match|go\s+with|complement)|in\s+keeping\s+with)\s(?:(?!\s+(?:and|while|as)\b)[^,.!?;\0])*",
            HOLE,
        ),
        (
            r"\0\s*,?\s+with\s+(?:his|her|their|the|an?)\s+(?:[\w'’-]+\s+){0,3}?(?:name|number|initials|logo|crest|badge|emblem|slogan|word|words|letters)\b[^,.!?;\0]*",
            HOLE,
        ),
        (
            r"\0\s*,?\s+with\s+(?:an?\s+|the\s+)?(?:[\w'’-]+\s+){1,4}?(?:dangling|hanging|clipped|pinned|sewn|stitched|embroidered|tied|attached|poking|peeking|sticking|tucked)"
            r"\s+(?:(?:out|down|up)\s+)?(?:from|to|on|onto|at|of|in|into|along|across|over|around)\s+(?:the|its|each|one|it)\b[^,.!?;\0]*",
            HOLE,
        ),
        # `with [a gap], grease on his knuckles, and [glasses]` -> `with grease on his knuckles`
        (rf"\b(with|has|have|had)\s+\0\s*,\s*(?={ITEM}\s*,?\s+and\s+\0)", r"\1 "),
        # `The fencer's dog and [jacket] are spotless` -> `The fencer's dog is spotless`
        (rf"{START}((?:the|his|her|their|an?)\s+(?:[\w'’-]+\s+){{0,2}}\w*[a-rt-z])\s+and\s+\0\s+are\s+(?!\w+ing\b)", r"\1 is "),
        (r",\s*\0\s*,\s*(?=(?:can|could|may|might|will|would|must)\s)", " "),
    )
)
