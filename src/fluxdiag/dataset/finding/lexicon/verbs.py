"""Verbs that captions use, by who can do them, and their forms: whether a word can be the verb of a sentence."""

from __future__ import annotations

from fluxdiag.dataset.finding.lexicon.lists import Words, words

PERSON_DOES = words("""
    accept address adjust aim announce answer approach argue arrive ask attend balance bathe beam beat begin bend bike bite
    blend blow board bow box braid break breathe bring brush build buy call caress carry carve cast catch celebrate chase chat
    check cheer chew chop clap clasp clean climb close clutch comb come concentrate conduct consider cook count cradle craft
    crawl create cross crouch cry cuddle cut dance deadlift deliver demonstrate dig dip direct dive do draw dribble drink
    drive eat embrace emerge enjoy enter examine exchange extend face feed feel fight fill film finish fish fix flex flip
    float fly focus fold follow frown gather gaze gesture get giggle give glance go grab greet grill grimace grin grip grow
    guide hammer hand haul head help hike hit hoist hold hug hum hunt inhale inspect instruct iron jog join juggle jump keep
    kick kiss kneel knit know laugh launch lead lean leap learn leave lie lift light listen load look lounge lunge make marvel
    march massage measure meditate meet melt mend mix mount move nap nod observe offer open operate pack paddle paint pass
    pause pay pedal peek peel peer perch perform pet photograph pick place plant play plough point polish pose pour practice
    practise pray prepare present press pretend pull push put race raise reach read recline relax repair rest return ride roll
    rub run sail salute saw say scan scream scroll sculpt search see sell serve set sew shake share shave shoot shop shout
    show shovel shower sing sip sit skate ski slap sleep slice smell smile smirk smoke sneeze snap sow speak spin splash
    spread sprint squat squint stack stand stare start steer step stir stitch stop strain stretch stride stroke stroll strum
    study surf swallow sweep swim take talk taste teach tell tend test text think throw tie tilt toast toss touch travel tuck turn
    adorn bake beckon chisel clamber compete crochet dab descend dodge duck dunk fetch flick glide grind hop knead lower nudge
    plate pluck plunge prune rinse roar scrub shear shuffle sift sketch slump smooth squeeze stumble swat tap tighten
    tow tug twist wade wring
    abandon accompany achieve acknowledge admire advance amble anticipate apply appreciate assemble assist attach await
    awaken betray boast brandish bury choose chuckle coax collapse collect combine communicate compare compose confront
    contemplate converse convince crush cultivate curtsy daydream decide deflect defend dedicate describe devour disappear
    discover discuss dismount dissolve distribute doze earn educate encounter encourage engage entertain evade evaluate
    exhale expect explain explore expose express extinguish fasten fidget find flee flinch flirt forage forge gallop gasp
    gesticulate gobble grasp gulp hail hesitate hurl hurry ignore imagine imitate improvise interact interrupt introduce
    invite jab ladle lick linger lob loiter maintain maneuver manipulate mimic mingle mourn muse navigate notice nuzzle
    obey oversee overtake participate peruse plead ponder pounce preach prefer proceed proclaim propose prove provoke
    pore pursue rappel react reassure receive recite recoil recover rehearse rejoice remove repeat replace rescue resist
    respond restrain retrieve reveal revel rummage rush savor savour scamper scoop scowl scramble scribble scrutinize seek
    seize select separate serenade shiver shove shriek sidestep sigh slouch slurp snarl sneak sniff snore snuggle soar
    socialize sob soothe sprawl squeal stabilize stagger stoop straddle stray strike strive strut struggle succeed summon
    supervise suppress surrender survive swerve swoop tackle tame tease teeter thank thrust tickle tiptoe toil tolerate
    transfer transport traverse tread treat tremble trot trudge undo undress unlock unroll unwrap unwind urge utter vow
    wag wail warm weigh welcome whirl whittle wiggle wince witness worship wriggle yank
    twirl type unfold use vault visit wait wake walk wander wash watch water wave weave weld whisper whistle wield win wipe
    wink wonder work wrestle write yawn yell
""")  # fmt: skip
THING_DOES = words("""
    blow flap billow flow trail stream flutter dangle hang drip drift swing sway bounce glint gleam shine sparkle glitter
    shimmer glisten glow ripple fan spill fall tumble cascade frame cover peek poke stick cling curl whip swirl miss slip
    slide flop bulge jingle clink rustle stand lie rest sit match spread reach drape fly come float fray peel drag flare bunch
    puff hug wrap reflect catch show bear read contrast complement add accentuate brush graze sweep soak melt run
    complete protect hide conceal obscure adorn decorate encircle nestle loop coil
""")  # fmt: skip
"""what a garment, hair or a piece of jewellery does"""
SCENE_DOES = words("""
    appear bathe become begin belong break burn capture circle cluster consist contain continue crash depict descend dominate
    drift end evoke exist fade feature fill filter form happen highlight illuminate include indicate lead line loom mean
    mirror need occur overlook radiate remain rise scatter seem set settle shimmer shift stretch suggest surround swell tower
    allow amplify bloom blossom bob brighten clash collide comprise connect crumble darken deepen denote differ diffuse
    diminish divide dwarf embody emit encompass enclose enrich ensure envelop erupt establish expand flank flicker
    heighten hint hover impart imply infuse instill intensify intersect intertwine lend lurk meander merge occupy oppose
    overhang overflow permeate pierce possess predominate prevail produce protrude recede refract reinforce render
    resemble reside resonate sag signify soften sprout symbolize temper transform twinkle underscore vary
    wash create emphasize emphasise convey enhance provide exude want love like have blur
""")  # fmt: skip
IRREGULAR = words("""
    is are was were has have had does did do can could will would may might must should stood sat wore held took went came saw
    made got gave ran ate drank threw caught felt left kept lay knelt leaned drove rode swam sang spoke wrote said told
""")  # fmt: skip
BASE = PERSON_DOES | THING_DOES | SCENE_DOES


def _third(verb: str) -> str:
    """`watch` -> `watches`, `carry` -> `carries`"""
    if verb.endswith(("s", "sh", "ch", "x", "z", "o")):
        return f"{verb}es"
    return f"{verb[:-1]}ies" if verb.endswith("y") and verb[-2] not in "aeiou" else f"{verb}s"


def _ing(verb: str) -> str:
    """`sit` -> `sitting`, `ride` -> `riding`, `lie` -> `lying`"""
    if verb.endswith("ie"):
        return f"{verb[:-2]}ying"
    if verb.endswith("e") and not verb.endswith("ee"):
        return f"{verb[:-1]}ing"
    vowels = sum(letter in "aeiou" for letter in verb.replace("qu", "q"))
    short = verb[-1] not in "aeiouwxy" and verb[-2] in "aeiou" and vowels == 1
    return f"{verb}{verb[-1]}ing" if short or verb == "begin" else f"{verb}ing"


THIRD = Words(_third(verb) for verb in BASE) | words("wears dons sports stands")
PERSON_ACTS = Words(_third(verb) for verb in PERSON_DOES - THING_DOES)
"""what no hair or garment does"""
THING_TOO = Words(_third(verb) for verb in words("""
    keep hold make give draw turn look touch hit meet carry move follow press pull show stop take cross create lead raise
    cast catch cut end begin bring break buy close feel fill fold grow help hug lift open pick push rise roll seem set share
    shake spread sweep tie tuck twist travel wash blend blow brush bear betray suggest frame tell see say expose reveal
""")) | words("goes")  # fmt: skip
PERSON_ALONE = PERSON_ACTS - THING_TOO
"""likewise, and not in a manner of speaking: a coat `keeps her warm`"""
THING_DOING = Words(_ing(verb) for verb in THING_DOES)
PERSON_DOING = Words(_ing(verb) for verb in PERSON_DOES)
