"""Words for a moment's expression, which is no lasting look."""

from __future__ import annotations

from fluxdiag.dataset.lexicon.lists import words

EXPRESSIONS = words("""
    smiling smile smiles smiled grinning grin frowning frown laughing laugh laughs smirking smirk pouting crying scowling
    closed_eyes eyes_closed half_closed_eyes eyes_open open_mouth mouth_open parted_lips closed_mouth blush blushing
    expressionless :d ;d :o :p >:( xd fang tongue_out light_smile shouting clenched_teeth teeth_showing frowns grins smirks
    beaming yawning screaming pouty_lips tears one_eye_closed wink winking thoughtful sneer scowl peaceful_face serious
    melancholic
""")

MOODS = words("""
    happy sad angry serious neutral surprised joyful cheerful calm thoughtful pensive stern gentle warm bright big wide
    slight soft broad confident determined playful mischievous melancholic worried relaxed friendly intense shy smiling
    focused subtle faint contemplative peaceful goofy inviting serene tired wistful knowing sly genuine dreamy solemn toothy
    sultry somber sombre curious tense fierce stoic amused small light excited bored shocked blank cold mysterious seductive
    smug content radiant quiet hopeful fearful dazzling reserved concentrated concerned puzzled blissful ecstatic
    closed_mouth
""")

MOOD_HEADS = words("""
    expression expressions smile look gaze face grin frown smirk stare demeanor demeanour
""")
