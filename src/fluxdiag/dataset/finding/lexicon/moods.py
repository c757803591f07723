"""Words for a moment's expression, which is no lasting look."""

from __future__ import annotations

from fluxdiag.dataset.finding.lexicon.lists import words

EXPRESSIONS = words("""
    smiling smile smiles smiled grinning grin frowning frown laughing laugh laughs smirking smirk pouting crying scowling
    closed_eyes eyes_closed half_closed_eyes eyes_open open_mouth mouth_open parted_lips closed_mouth blush blushing
    expressionless :d ;d :o :p >:( xd fang tongue_out light_smile shouting clenched_teeth teeth_showing frowns grins smirks
    beaming yawning screaming pouty_lips tears one_eye_closed wink winking thoughtful sneer scowl peaceful_face serious
    tongue_sticking_out
    cracking_up melancholic scowls glaring squinting pouts weeping sobbing giggling giggles chuckling grimacing
    grimace sneering
    winks yawns furrowed_brow raised_eyebrow
""")

FELT = words("""
    happy sad angry excited pleased bored tired weary exhausted sleepy drowsy anxious worried nervous shy smug proud
    embarrassed flustered
    surprised shocked astonished startled amazed awestruck bewildered confused puzzled perplexed quizzical inquisitive
    skeptical sceptical suspicious wary pensive wistful contemplative stoic stoical sultry defiant haughty joyful gleeful
    ecstatic elated jubilant determined confident self_assured arrogant coy bashful timid demure aloof deadpan impassive
    expressionless thoughtful introspective brooding sullen sulky petulant furious enraged irritated annoyed exasperated
    frustrated disgusted disdainful contemptuous rueful amused bemused delighted cheerful tearful teary teary_eyed weepy
    grief_stricken forlorn dejected despondent eager enthusiastic flirtatious cheeky cocky anguished resigned unimpressed
    terrified scared frightened horrified petrified thrilled relieved disappointed miserable grumpy stressed overwhelmed
    heartbroken livid dazed panicked panicky concerned mortified exhilarated triumphant smitten lovestruck overjoyed upset
    distressed distraught lonely guilty apologetic incredulous ashamed sheepish stunned dumbfounded speechless surly crabby
    cranky jaded world_weary careworn bleary bleary_eyed dozy groggy hungover queasy nauseous tipsy giddy exuberant perky
    chipper bubbly upbeat vivacious engrossed studious unruffled unbothered unfazed nonplussed indifferent apathetic
    listless lethargic seasick stone_faced carefree nonchalant deranged unhinged hysterical frantic desperate uneasy
    unsettled doubtful unsure
    hesitant apprehensive reluctant disapproving scolding fuming seething irate incensed indignant offended crestfallen glum
    morose defeated deflated disheartened discouraged devastated traumatised traumatized knackered chuffed gutted fed_up
    satisfied contented melancholic mournful mirthful jovial grateful thankful prayerful bloodthirsty murderous flirty
    self_conscious absent_minded
""")
"""adjectives of people alone, who feel so, and of no scene and no picture: a mood without any noun that says so"""

MOODS = FELT | words("""
    serious neutral calm stern gentle warm bright big wide slight soft broad playful mischievous relaxed friendly intense
    smiling focused subtle faint peaceful goofy inviting serene knowing sly genuine dreamy solemn toothy somber sombre
    curious tense fierce small light blank cold mysterious seductive content radiant quiet hopeful fearful dazzling
    reserved concentrated blissful closed_mouth pleasant composed reflective distant vacant emotionless unreadable enigmatic
    cryptic mona_lisa alluring provocative teasing impish roguish wry ironic sardonic sarcastic crooked lopsided half forced
    strained polite welcoming sunny faraway far_away glazed wide_eyed pained agonized grim dour moody gloomy sorrowful alert
    attentive intent keen resolute steely unwavering steady commanding authoritative heroic battle_hardened menacing
    sinister evil wicked maniacal crazed wild ferocious loving tender affectionate compassionate kind kindly earnest sincere
    honest humble innocent pure naive vulnerable delicate closed_lipped tight_lipped open_mouthed gap_toothed mild
    infectious smouldering smoldering pouty pouting steadfast scowling cautious watchful tranquil zen meditative edgy
    ponderous expectant uncertain smirking merry shattered lazy half_lidded unblinking encouraging victorious placid meek
    lighthearted light_hearted grave severe guarded detached rapt absorbed haunted hollow icy piercing unflinching
    inscrutable threatening animated lively emotional sober poised regal dignified majestic stately patient adoring fond
    doting reverent devout pleading imploring longing gruff sour bitter languid mellow easygoing manic troubled conflicted
    strict judging judgmental bleak drained awake wide_awake immersed rowdy worn_out spaced_out zoned_out laid_back
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

TRACES = words("trace hint touch flicker flash glimmer glint gleam twinkle spark sparkle look expression air traces hints glints")

BEAMS = words("beams beaming beam glows glowing bursting bursts radiates")

OF_LIDS = words("closed shut half_closed half_shut half_open open squeezed screwed pressed narrowed lowered downcast widened")
OF_TEETH = words("bared gritted clenched")
OF_JAW = words("set clenched tight")
OF_MOUTH = words("pinched parted pursed open wide_open agape ajar closed pressed clamped compressed set curled curved twisted")
FROWNS = words("raised lifted lowered furrowed knit knitted drawn pinched contracted wrinkled creased puckered")
DRAWN = words("wrinkled creased puckered")
"""without a word for the feeling a lasting look: `His brow is wrinkled`"""
