"""Words for a moment's expression, which is no lasting look."""

from __future__ import annotations

from fluxdiag.dataset.finding.lexicon.lists import words

EXPRESSIONS = words("""
    smiling smile smiles smiled grinning grin frowning frown laughing laugh laughs smirking smirk pouting crying scowling
    closed_eyes eyes_closed half_closed_eyes eyes_open open_mouth mouth_open parted_lips closed_mouth blush blushing
    expressionless :d ;d :o :p >:( xd fang tongue_out light_smile shouting clenched_teeth teeth_showing frowns grins smirks
    beaming yawning screaming pouty_lips tears one_eye_closed wink winking thoughtful sneer scowl peaceful_face serious
    tongue_sticking_out
    melancholic scowls glaring squinting squints pouts weeping sobbing giggling giggles chuckling grimacing grimace sneering
    winks yawns furrowed_brow raised_eyebrow
""")

MOODS = words("""
    happy sad angry serious neutral surprised joyful cheerful calm thoughtful pensive stern gentle warm bright big wide
    slight soft broad confident determined playful mischievous melancholic worried relaxed friendly intense shy smiling
    focused subtle faint contemplative peaceful goofy inviting serene tired wistful knowing sly genuine dreamy solemn toothy
    sultry somber sombre curious tense fierce stoic amused small light excited bored shocked blank cold mysterious seductive
    smug content radiant quiet hopeful fearful dazzling reserved concentrated concerned puzzled blissful ecstatic
    closed_mouth pleasant composed reflective introspective contented satisfied proud amazed astonished startled bewildered
    confused perplexed frustrated annoyed irritated disgusted disdainful haughty aloof distant vacant stoical impassive
    deadpan emotionless unreadable enigmatic cryptic mona_lisa coy flirtatious flirty alluring provocative teasing cheeky
    impish roguish wry ironic sardonic sarcastic crooked lopsided half forced strained polite welcoming sunny dazed faraway
    far_away glazed wide_eyed anxious nervous frightened terrified scared panicked desperate pained agonized grim dour
    sullen moody brooding gloomy sorrowful mournful tearful weary exhausted sleepy drowsy alert attentive intent keen
    resolute steely unwavering steady commanding authoritative heroic battle_hardened menacing sinister evil wicked maniacal
    crazed wild ferocious enraged furious gleeful jubilant elated exuberant enthusiastic loving tender affectionate
    compassionate kind kindly earnest sincere honest humble innocent pure naive vulnerable delicate closed_lipped
    tight_lipped open_mouthed gap_toothed mild infectious bashful demure smouldering smoldering pouty pouting steadfast
    scowling cautious skeptical sceptical suspicious wary watchful tranquil zen meditative carefree nonchalant edgy
    ponderous quizzical inquisitive expectant uncertain hesitant apprehensive rueful smirking mirthful jovial merry
    traumatised traumatized shattered knackered chuffed gutted unimpressed delighted thrilled relieved embarrassed
    mortified horrified disappointed fed_up miserable grumpy stressed overwhelmed devastated heartbroken livid
    bemused lazy faraway self_assured half_lidded unblinking defiant encouraging dejected
    exhilarated triumphant victorious placid meek lighthearted light_hearted
""")

MOOD_HEADS = words("""
    expression expressions smile look gaze face grin frown smirk stare demeanor demeanour countenance grimace sneer scowl
    laugh half_smile
""")

FEELINGS = words("""
    melancholy sadness joy determination pride amusement happiness delight surprise excitement concern worry anger fear awe
    wonder longing nostalgia weariness mischief defiance sorrow grief relief satisfaction curiosity contentment confidence
    exhaustion concentration fatigue tiredness disappointment distress
    frustration anxiety boredom resignation warmth tenderness irritation disdain contempt glee regret vulnerability
""")
"""nouns: `a trace of melancholy`, `beams with pride`"""

TRACES = words("trace hint touch flicker flash glimmer look expression air traces hints")

BEAMS = words("beams beaming beam glows glowing bursting bursts radiates")

OF_LIDS = words("closed shut half_closed half_shut half_open open squeezed screwed pressed narrowed lowered downcast widened")
OF_MOUTH = words("parted pursed open wide_open agape ajar closed pressed clamped compressed set curled curved twisted")
FROWNS = words("raised lifted lowered furrowed knit knitted drawn pinched contracted wrinkled creased puckered")
DRAWN = words("wrinkled creased puckered")
"""without a word for the feeling a lasting look: `His brow is wrinkled`"""
