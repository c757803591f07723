"""Words for the body and its parts: adjectives and nouns, by what they describe."""

from __future__ import annotations

from fluxdiag.dataset.lexicon.lists import words

COLOUR = words("""
    black brown blonde blond red grey gray blue green pink purple orange yellow white golden gold silver copper auburn
    chestnut ginger brunette platinum ash sandy honey caramel hazel amber violet turquoise teal beige navy maroon burgundy
    greying graying crimson scarlet cream ivory tan khaki olive lavender magenta lilac mint peach bronze charcoal raven jet
    multicoloured multicolored colourful colorful strawberry dirty mousy chocolate mahogany dark light bright deep pale
    medium vivid pastel neon two_tone two_toned two_coloured steel emerald sapphire icy indigo aqua cyan rose rust mustard
    jet_black fiery lime coral multi_colored multi_coloured rainbow cream_colored cream_coloured dark_brown light_brown
    steel_blue ice_blue grey_blue blue_grey blue_green honey_blonde reddish brownish greenish bluish cobalt plum fuchsia
    midnight midnight_blue
""")

DEGREE = words("""
    very slightly quite somewhat extremely naturally rather strikingly subtly visibly neatly slight shade shades deeply
    gently softly lightly heavily perfectly closely partly partially almost mostly noticeably loosely a_bit fairly
    incredibly carefully well finely
""")

HAIR = words("""
    long short medium medium_length shoulder_length waist_length chin_length mid_length ear_length curly wavy straight kinky
    coily frizzy messy tousled spiky spiked sleek silky shiny glossy thick thin thinning fine voluminous wild flowing loose
    braided slicked_back slicked swept_back swept shaggy layered feathered unkempt neat styled natural cropped close_cropped
    shaved buzzed receding permed bleached dyed ombre highlighted balayage salt_and_pepper wet damp windswept disheveled
    dishevelled full asymmetrical big beautiful gorgeous lovely soft healthy textured choppy blunt sidesswept side_swept
    high low double twin tight bushy trimmed well_trimmed well_groomed groomed scruffy patchy small large patterned feminine
    cascading intricate tidy combed wind_blown windblown curled unruly luscious lush elegant straightened greasy tumbling
    pinned gathered absurdly single side drill french dutch fishtail sharp trendy stylish handlebar pencil box bob bowl
    goddess micro spread tied_back tied waterfall milkmaid space beach bubblegum bubblegum_pink mermaid two bantu
    thinning_grey bouncy gradient hime afro_textured loose_fitting impeccable feathery sparse rugged striking salted
    peppered sun_bleached fluffy downy dense springy limp lank matted floppy mousey ratty poker_straight pin_straight
    flyaway center_parted centre_parted rolled victory finger chin_grazing faded tapered wispy close_shaven
""")

HAIR_HEADS = words("""
    ponytail ponytails pigtail pigtails braid braids dreadlocks dreads cornrows afro mohawk mullet bangs buzz_cut buzzcut
    crew_cut pixie_cut bob_cut undercut haircut hairstyle hairdo hairline updo top_knot topknot ringlets man_bun twintails
    twin_tails twintail sidelocks ahoge hime_cut side_part facial_hair_ sidecut widow's_peak bowl_cut quiff pompadour
    hair_bun hair_buns double_bun plait plaits hair_down hair_up hair_over_one_eye hair_between_eyes hair_intakes
    hair_strand bald_spot drill_hair curtain_bangs space_buns fringe_bangs pixie dreadlock tresses low_ponytail
    high_ponytail half_updo curtain_hair locs fade_haircut bald_head shaved_head balding_head bald_scalp shaven_head
    grey_temples gray_temples greying_temples graying_temples silver_temples buzzed_head shorn_head victory_rolls
    finger_waves chignon bouffant beehive_hairdo comb_over flat_top baby_bangs pin_curls hair_extensions
""")

HAIR_HEADS_WITH_ADJECTIVE = words("""
    hair bob bun buns curls locks fringe waves strands mane cut crown_braid streaks highlights sides drills tendrils roots
    coils spikes
""")
"""a bob, a bun or locks may be something else: they count only after a word for hair"""

BEARDS = words("""
    beard moustache mustache goatee stubble sideburns facial_hair five_o'clock_shadow five_o’clock_shadow mutton_chops
    whiskers soul_patch
""")

EYES = words("""
    big large small almond almond_shaped piercing striking expressive round narrow wide wide_set close_set deep_set hooded
    upturned downturned monolid heterochromatic mismatched beautiful gorgeous sparkling shining intense captivating soulful
    doe clear warm bright soft gentle kind tired glowing long thick mesmerizing sunken bloodshot swollen slanted crinkled
    half_closed weary sleepy lively slit_pupil narrowed droopy hypnotic dark_rimmed almond_eyed glassy watery hazy limpid
    smoky smokey deep lined heavy_lidded wise smiling
""")

EYE_HEADS = words("""
    eyes eye eyelashes lashes irises pupils eyelid eyelids eyelash heterochromia
""")

FACE = words("""
    round oval square long heart_shaped diamond_shaped angular chiselled chiseled thin narrow wide slim slender chubby full
    plump beautiful pretty handsome attractive gorgeous delicate soft sharp strong defined well_defined prominent high rosy
    youthful young old small large big button aquiline hooked crooked pointed pointy weathered wrinkled thick bushy arched
    pouty flushed sunken hollow symmetrical feminine masculine gaunt broad flat upturned cleft double freckled dimpled aged
    mature elfin fine clean_shaven striking rounded straight elf_like cute petite rugged dainty plush glossy matte winged
    bold graphic parted heavy subtle smoky smokey natural minimal dramatic glamorous sculpted refined roman snub perfect
    pearly bright roughly elongated shaped well_shaped neatly smooth light strong_jawed oval_shaped kind gentle nude painted
    cracked chapped lined deeply_lined careworn tanned open broken bulbous hawkish ruddy lean craggy
""")

FACE_HEADS = words("""
    face jaw jawline chin cheekbones cheekbone cheeks nose lips mouth forehead brow features facial_features eyebrows brows
    ears dimples teeth lipstick makeup make_up eyeliner eye_shadow mascara blush nostrils ear lip cheek_bones
    facial_structure
""")

FACE_HEADS_ALONE = words("""
    eyebrows dimples lipstick makeup make_up eyeliner eyeshadow eye_shadow mascara brows cheekbones jawline lip_gloss
    collarbone pointy_ears eye_makeup double_chin unibrow fangs tusks
""")

SKIN = words("""
    pale fair light dark olive brown tan tanned black white ebony porcelain smooth freckled glowing sun_kissed dewy wrinkled
    medium warm golden deep caramel ivory bronze bronzed flawless rosy pinkish reddish clear creamy alabaster weathered
    sunburnt sunburned beautiful rich cool neutral yellow milky light_brown dark_brown translucent healthy oily soft ruddy
    sun_tanned radiant shiny even fair_toned silky tattooed glistening leathery ashen blotchy glossy dusky sallow pallid
    peachy sun_bronzed sun_browned velvety taut lined leathered pink sweaty wet matte dappled
""")

SKIN_HEADS = words("""
    skin complexion skin_tone skintone skin_color skin_colour tanlines tan_lines suntan skin_tones undertones
""")

ETHNICITY = words("""
    asian east_asian south_asian southeast_asian african african_american caucasian hispanic latina latino indian chinese
    japanese korean black white european middle_eastern arab nordic scandinavian mixed_race biracial mediterranean slavic
""")

BODY = words("""
    tall short petite slim slender skinny thin muscular athletic fit curvy plump chubby overweight heavyset heavy_set stocky
    fat obese busty lean toned broad_shouldered voluptuous lanky burly bulky wiry willowy buff shapely hourglass well_built
    lithe pregnant sturdy slightly_built long_legged chiseled chiselled svelte stout rotund well_toned long_limbed gangly
    frail brawny beefy portly pudgy strapping leggy barrel_chested pear_shaped paunchy full_figured big_boned small_framed
    sinewy emaciated waifish hulking well_muscled statuesque
""")

BODY_SIZE = words("""
    broad narrow wide large small big long average medium well_defined defined huge flat perky delicate strong hairy ample
    round bare slender_waisted powerful sculpted veined veiny sinewy tattooed freckled tanned scarred brawny beefy corded
    meaty bony gnarled calloused callused thick thin sweaty
""")

BODY_HEADS = words("""
    build body figure physique frame stature abs shoulders breasts bust cleavage waist hips legs arms muscles torso chest
    belly fingers thighs midriff stomach biceps breast hands neck curves navel silhouette height forearms forearm calves
    limbs shoulder
""")

BODY_HEADS_ALONE = words("""
    abs breasts cleavage navel midriff physique biceps six_pack
""")

AGE = words("""
    young old elderly middle_aged teenage teenaged older younger mature youthful aged adolescent senior preteen
""")

BEAUTY = words("""
    beautiful pretty handsome attractive gorgeous cute stunning lovely good_looking
""")

MARK = words("""
    small large big prominent visible faint light dark long facial several many some few single scattered tiny deep natural
    subtle noticeable thin heavy colorful colourful tribal floral full_sleeve sleeve intricate nose lip ear eyebrow septum
    navel belly arm neck chest back cute hoop cybernetic lightning dragon rose sparse fine old body beauty purple healed
    jagged red raised geometric japanese blackwork dental metal black blue full half crescent_shaped painted varicose
""")

MARK_HEADS = words("""
    freckle freckles mole moles birthmark birthmarks scar scars beauty_mark beauty_spot tattoo tattoos piercing piercings
    wrinkles wrinkle vitiligo acne blemish blemishes pimples crow's_feet age_spots laugh_lines scarring dimple face_paint
    facepaint skin_pores tattooed_forearms tattooed_arms skin_texture nails nail_polish gap cybernetic_implant implant pores
    war_paint creases crease bandage fake_nails mole_under_eye mole_under_mouth scar_across_eye scar_on_cheek facial_mark
    whisker_markings beauty_marks bandaid band_aid henna mehndi braces stretch_marks bruise bruises dark_circles sunspots
    liver_spots rash burn_scar tattoo_sleeve sleeve_tattoo bindi stitches rosacea veins fine_lines deep_lines smile_lines
    frown_lines
""")

MARK_NEEDS_ADJECTIVE = words("""
    creases crease bandage nails gap implant pores dimple veins stitches bruise bruises
""")

QUANTITY = words("""
    pair scattering dusting hint touch string strand strands mop lock locks streak streaks head set layer splash wisp wisps
    sprinkling smattering bit number array couple few mane cascade crown bunch shock sea lots lot plenty dash sheen trace
    hints map web
""")
