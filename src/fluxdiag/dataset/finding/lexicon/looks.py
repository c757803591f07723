"""Words for the body and its parts: adjectives and nouns, by what they describe."""

from __future__ import annotations

from fluxdiag.dataset.finding.lexicon.lists import Words, words

PLAIN = words("black brown red grey gray blue green pink purple orange yellow white gold silver blonde")
"""in pairs: `grey-green`"""
COLOUR = words("""
    black brown blonde blond red grey gray blue green pink purple orange yellow white golden gold silver copper auburn
    chestnut ginger brunette platinum ash sandy honey caramel hazel amber violet turquoise teal beige navy maroon burgundy
    greying graying crimson scarlet cream ivory tan khaki olive lavender magenta lilac mint peach bronze charcoal raven jet
    multicoloured multicolored colourful colorful strawberry dirty mousy chocolate mahogany dark light bright deep pale
    medium vivid pastel neon two_tone two_toned two_coloured steel emerald sapphire icy indigo aqua cyan rose rust mustard
    jet_black fiery lime coral multi_colored multi_coloured rainbow cream_colored cream_coloured dark_brown light_brown
    steel_blue ice_blue grey_blue blue_grey blue_green honey_blonde reddish brownish greenish bluish cobalt plum fuchsia
    midnight midnight_blue sandy_blonde dirty_blonde ash_blonde ash_brown strawberry_blonde golden_blonde light_blonde
    dark_blonde platinum_blonde icy_blonde honey_brown chestnut_brown chocolate_brown medium_brown raven_black blue_black
    aquamarine umber
    off_white snow_white silver_grey silver_gray steel_grey steel_gray ash_grey slate slate_grey slate_gray sky_blue
    navy_blue royal_blue baby_blue powder_blue electric_blue forest_green olive_green sea_green mint_green emerald_green
    lime_green hot_pink blush_pink dusty_pink rose_gold wine ruby ochre sienna tawny taupe russet vermilion ecru eggshell
    champagne camel mocha espresso cinnamon cognac coffee terracotta salmon apricot periwinkle mauve teal_blue azure
    cerulean cornflower cornflower_blue jade sage moss scarlet_red brick_red cherry_red blood_red dark_red dark_blue
    dark_green dark_gray dark_grey light_blue light_gray light_grey light_green light_pink pale_blue pale_pink pale_green
    bright_red bright_blue bright_yellow bright_orange bright_green bright_pink deep_blue deep_red deep_green deep_purple
    greyish grayish purplish pinkish yellowish orangish blonde_brown vibrant butterscotch titian
""") | Words(f"{one} {other}" for one in PLAIN for other in PLAIN if one != other)

DEGREE = words("""
    very slightly quite somewhat extremely naturally rather strikingly subtly visibly neatly slight shade shades deeply
    gently softly lightly heavily perfectly closely partly partially almost mostly noticeably loosely a_bit fairly
    incredibly carefully well finely moderately remarkably exceptionally distinctly markedly relatively especially
    particularly meticulously impeccably artfully elegantly casually effortlessly intricately delicately vividly richly
    highly painfully sharply clearly unusually extraordinarily immensely terribly strongly
    uniformly evenly freshly half completely entirely fully really super so pretty
""")

HAIR = words("""
    little kept well_kept maintained well_maintained
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
    severe prim soaking dripping sopping
    flyaway center_parted centre_parted rolled victory finger chin_grazing faded tapered wispy close_shaven vibrant frosted
    tinted crimped teased tangled knotted stringy straggly scraggly wiry coarse silken satiny lustrous glistening gleaming
    luxuriant luxurious abundant ample untamed mussed bedhead bed_head rumpled spilling coiled corkscrew collar_length
    hip_length knee_length floor_length jaw_length neck_length ankle_length thigh_length elbow_length mid_back clipped
    razor_cut asymmetric inverted angled stacked graduated very absurdly_long side_parted middle_parted deep_side tapering
    grown_out overgrown thinned slick gelled oiled wind_tossed windtossed sweaty sweat_soaked rain_soaked flat plaited
    beaded cornrowed dreadlocked locked twisted brushed sculpted gravity_defying magnificent majestic impressive day_old
    two_day three_day five_day designer grizzled greyed grayed whitening silvering prematurely peroxide henna_dyed
    fair dishwater shorn upswept unbound dull brittle
    two_colored fringed thick_set drooping untrimmed rounded puffy cloud_like halo_like finely bluntly
""")

HAIR_HEADS = words("""
    ponytail ponytails pigtail pigtails braid braids dreadlocks dreads cornrows afro mohawk mullet bangs buzz_cut buzzcut
    crew_cut pixie_cut bob_cut undercut haircut hairstyle hairdo hairline updo top_knot topknot ringlets man_bun twintails
    twin_tails twintail sidelocks ahoge hime_cut side_part facial_hair_ sidecut widow's_peak bowl_cut quiff pompadour
    balayage hair_bun hair_buns double_bun plait plaits hair_down hair_up hair_over_one_eye hair_between_eyes hair_intakes
    hair_strand bald_spot drill_hair curtain_bangs space_buns fringe_bangs pixie dreadlock tresses low_ponytail
    high_ponytail half_updo curtain_hair locs fade_haircut bald_head shaved_head balding_head bald_scalp shaven_head
    grey_temples gray_temples greying_temples graying_temples silver_temples buzzed_head shorn_head victory_rolls
    finger_waves chignon bouffant beehive_hairdo comb_over flat_top baby_bangs pin_curls hair_extensions lob shag pageboy
    faux_hawk fauxhawk combover top_bun low_bun high_bun messy_bun side_ponytail side_braid french_braid french_braids
    dutch_braids fishtail_braid fishtail crown_braid box_braids cornrow afro_puffs afro_puff puff_ponytail jheri_curl buzz
    high_top_fade taper_fade skin_fade low_fade mid_fade caesar_cut mop_top mop_of_hair bedhead tonsure rat_tail rattail
    sidelock forelock cowlick kiss_curl baby_hairs flyaways hair_color hair_colour hair_length hair_texture bald_patch
    receding_hair frosted_tips perm fringe_cut wolf_cut pixie_haircut topknots man_bob chest_hair body_hair pageboy_cut
    mohican bowl_haircut pudding_bowl_haircut french_plait french_plaits blonde_beehive tall_beehive high_beehive
    backcombed_beehive french_twist french_twists chignons ombre_hair ducktail half_up_hair
    shaved_scalp shaven_scalp shorn_scalp
    peach_fuzz rat's_tail beehive_hair beehive_updo
""")

HAIR_HEADS_WITH_ADJECTIVE = words("""
    hair bob bun buns curls locks fringe waves strands mane cut crown_braid streaks highlights sides drills tendrils roots
    coils spikes knots twists plaits puffs puff ends layers parting part tips fade spirals
    bunches
""")
"""a bob, a bun or locks may be something else: they count only after a word for hair"""

BEARDS = words("""
    beard moustache mustache goatee stubble sideburns facial_hair five_o'clock_shadow five_o’clock_shadow mutton_chops
    whiskers soul_patch beards mustaches moustaches goatees sideburn van_dyke vandyke handlebar_mustache chin_strap_beard
    chinstrap scruff beard_stubble five_o'clock_stubble day_old_growth imperial_beard walrus_mustache mustachios fu_manchu
    tache tash handlebar_moustache stache staches walrus_moustache walrus_stache pornstache chinstrap_beard
""")

EYES = words("""
    big large small almond almond_shaped piercing striking expressive round narrow wide wide_set close_set deep_set hooded
    upturned downturned monolid heterochromatic mismatched beautiful gorgeous sparkling shining intense captivating soulful
    doe clear warm bright soft gentle kind tired glowing long thick mesmerizing sunken bloodshot swollen slanted crinkled
    half_closed weary sleepy lively slit_pupil narrowed droopy hypnotic dark_rimmed almond_eyed glassy watery hazy limpid
    pouchy smoky smokey deep lined heavy_lidded wise smiling wide_spaced deepset sloe doe_like cat_like catlike feline steely
    stormy icy cold cool rheumy bleary puffy baggy bulging protruding beady shifty keen alert vivid luminous luminescent
    radiant liquid twinkling gleaming glittering flashing fiery smoldering smouldering haunting haunted penetrating
    brilliant jewel_like bottomless inky dreamy thick_lashed long_lashed made_up kohl_rimmed kohl_lined red_rimmed
    tear_filled tearful teary crossed one single two artificial cybernetic robotic blind milky clouded pale fake false
    curled curly
    full fluttery mascaraed lush defined cloudy
    prominent slanting huge enormous tiny hollow slitted sightless unseeing filmy glazed lashless piggy saucer_like
    reptilian odd_coloured odd_colored vertical_pupilled faded colourless colorless washed_out sad mournful merry dancing melting
""")

EYE_HEADS = words("""
    eyes eye eyelashes lashes irises pupils eyelid eyelids eyelash heterochromia eye_color eye_colour eye_shape eye_bags
    eyelid_crease epicanthic_folds sclera iris
""")

FACE = words("""
    plump
    round oval square long heart_shaped diamond_shaped angular chiselled chiseled thin narrow wide slim slender chubby full
    beautiful pretty handsome attractive gorgeous delicate soft sharp strong defined well_defined prominent high rosy
    youthful young old small large big button aquiline hooked crooked pointed pointy weathered wrinkled thick bushy arched
    pouty flushed sunken hollow symmetrical feminine masculine gaunt broad flat upturned cleft double freckled dimpled aged
    mature elfin fine clean_shaven striking rounded straight elf_like cute petite rugged dainty plush glossy matte winged
    bold graphic parted heavy subtle smoky smokey natural minimal dramatic glamorous sculpted refined roman snub perfect
    pearly bright roughly elongated shaped well_shaped neatly smooth light strong_jawed oval_shaped kind gentle nude painted
    cracked chapped lined deeply_lined careworn tanned open broken bulbous hawkish ruddy lean craggy triangular oblong
    pear_shaped v_shaped heart_like moon_shaped baby_faced childlike boyish girlish cherubic angelic elegant graceful noble
    regal aristocratic patrician classic classical exotic fine_boned bony haggard drawn lived_in leathery scarred pockmarked
    acne_scarred bearded stubbled bruised grizzled jowly fleshy pudgy doughy puffy bloated swollen reddened sunburnt
    sunburned windburned wind_burned hollowed high_set wide_set low_set petal_like bow_shaped cupid's_bow bee_stung luscious
    dry crimson red_painted glossed lip_glossed uneven gapped gap_toothed white stained yellowed missing front buck chipped
    tattooed pencil_thin pencilled penciled plucked tweezed unruly thinly_arched well_groomed groomed sharply_arched
    high_arched well_sculpted sculptural pronounced firm square_jawed weak receding jutting proud hawk_like eagle_like
    ski_jump turned_up retrousse flared pierced protruding stuck_out elf fox_like wolfish flawless fresh fresh_faced bare
    clean glowing dewy full_coverage evening stage theatrical clown gothic goth soft_glam cat_eye colorful colourful
    glittery shimmering neutral shapely lipsticked expressive lovely stunning unblemished unlined porcelain sun_weathered
    wind_weathered sun_kissed time_worn world_weary visible lower upper weather_beaten battered lopsided stretched
    glitter glittering split overlined understated pug lantern low crossed roman_nosed cauliflower
    skeletal pixie_like florid stubbly hollow_cheeked moon_like horse_like pinched skull_like seamed furrowed sun_creased
    ashen unshaven homely ugly asymmetrical powdered made_up mud_streaked tear_streaked soot_blackened hatchet
""")

FACE_HEADS = words("""
    face cheek jaw jawline chin cheekbones cheekbone cheeks nose lips mouth forehead brow features facial_features eyebrows
    brows eyebrow
    ears dimples teeth lipstick makeup make_up eyeliner eye_shadow mascara blush nostrils ear lip cheek_bones
    facial_structure countenance visage temples temple philtrum cupid's_bow chin_dimple gums nose_bridge eye_makeup contour
    contouring blusher rouge foundation bronzer highlighter lip_liner lip_color lip_colour lip_gloss lipgloss jowls
    bone_structure earlobes earlobe posture appearance cheek_bone chin_cleft adam's_apple tooth face_shape fangs
""")

FACE_HEADS_ALONE = words("""
    eyebrows dimples lipstick makeup make_up eyeliner eyeshadow eye_shadow mascara brows cheekbones jawline lip_gloss
    collarbone pointy_ears eye_makeup double_chin unibrow fangs tusks lipgloss lip_liner lipliner concealer rouge blusher
    bronzer face_powder clown_makeup heavy_makeup stage_makeup gap_teeth buck_teeth adam's_apple jowls cleft_chin eye_liner
    face_shape elf_ears lippy cat_eyeliner winged_eyeliner false_eyelashes winged_liner cat_eye_liner kohl overbite
    underbite monolids ombre_lips baby_face babyface
""")

SKIN = words("""
    pearlescent opalescent shimmering shimmery glittering sparkling
    pale fair light dark olive brown tan tanned black white ebony porcelain smooth freckled glowing sun_kissed dewy wrinkled
    medium warm golden deep caramel ivory bronze bronzed flawless rosy pinkish reddish clear creamy alabaster weathered
    sunburnt sunburned beautiful rich cool neutral yellow milky light_brown dark_brown translucent healthy oily soft ruddy
    ebon cocoa florid rubicund
    sun_tanned radiant shiny even fair_toned silky tattooed glistening leathery ashen blotchy glossy dusky sallow pallid
    peachy sun_bronzed sun_browned velvety taut lined leathered pink sweaty wet matte dappled luminous alabaster_white
    milk_white snow_white paper_white lily_white chalky pasty ghostly ghostly_pale tawny cinnamon chocolate mocha espresso
    mahogany copper coppery almond honey honeyed sandy nut_brown coffee chestnut bronze_colored olive_toned dark_toned
    light_toned medium_toned warm_toned cool_toned rose_tinted sun_darkened sun_weathered sun_damaged wind_burned windburned
    wind_chapped chapped rough coarse scarred pockmarked blemished blemish_free unblemished flushed moisturized oiled glassy
    polished supple youthful aging aged papery thin mottled patchy lightly_tanned deeply_tanned deep_brown rich_brown
    medium_brown blue green grey gray red purple scaly metallic iridescent slick sweat_slicked sweat_soaked perspiring
    freckly freckle_covered sun_freckled darker lighter paler visible sharp faint peeling
""")

SKIN_HEADS = words("""
    sweat perspiration skin complexion skin_tone skintone skin_color skin_colour tanlines tan_lines suntan skin_tones
    undertones tan_line sunburn skin_texture undertone complexions skin_type skin_tan tan
""")

ETHNICITY = words("""
    asian east_asian south_asian southeast_asian african african_american caucasian hispanic latina latino indian chinese
    japanese korean black white european middle_eastern arab nordic scandinavian mixed_race biracial mediterranean slavic
    native_american indigenous pacific_islander polynesian filipino filipina vietnamese thai indonesian malaysian pakistani
    bangladeshi persian iranian turkish greek italian spanish french german russian ukrainian polish irish scottish british
    english swedish norwegian finnish danish brazilian mexican colombian puerto_rican dominican cuban jamaican nigerian
    ethiopian kenyan somali egyptian moroccan berber jewish israeli lebanese eurasian afro_latina afro_latino afro_caribbean
    caribbean mestizo creole maori aboriginal inuit mongolian tibetan nepalese nepali sri_lankan tamil punjabi sikh
    american_indian latin latinx latin_american multiracial anglo_saxon northern_european southern_european eastern_european
    west_african east_african north_african central_asian
""")

BODY = words("""
    tall short petite slim slender skinny thin muscular athletic fit curvy plump chubby overweight heavyset heavy_set stocky
    fat obese busty lean toned broad_shouldered voluptuous lanky burly bulky wiry willowy buff shapely hourglass well_built
    lithe pregnant sturdy slightly_built long_legged chiseled chiselled svelte stout rotund well_toned long_limbed gangly
    frail brawny beefy portly pudgy strapping leggy barrel_chested pear_shaped paunchy full_figured big_boned small_framed
    sinewy emaciated waifish hulking well_muscled statuesque rangy spindly scrawny solidly_built compact muscled ripped
    chunky hefty large_framed rounded diminutive tiny towering imposing thickset thick_set squat bony angular average_height
    average_build medium_build plus_sized plus_size full_bodied lissome trim well_proportioned bow_legged knock_kneed
    stooped hunched wasp_waisted long_necked narrow_shouldered wide_hipped bosomy buxom flat_chested pot_bellied potbellied
    heavily_built powerfully_built strongly_built stockily_built big_bellied sculpted muscly jacked shredded swole elfin
    coltish reedy rail_thin skeletal underweight zaftig rubenesque pixie_like bear_like giant dwarfish long_armed
    round_bellied round_shouldered square_shouldered wide_shouldered big_busted large_breasted small_breasted thick_waisted
    slim_waisted slender_waisted thick_necked slim_hipped narrow_hipped able_bodied heavyweight sportive heavily_muscled
    lightly_muscled finely_built delicately_built well_developed strong solid slight curvaceous huge
""")

BODY_SIZE = words("""
    sunburned sunburnt suntanned bronzed
    gauntleted mittened
    gloved broad narrow wide large small big long average medium well_defined defined huge flat perky delicate strong hairy
    ample
    round bare slender_waisted powerful sculpted veined veiny sinewy tattooed freckled tanned scarred brawny beefy corded
    meaty bony gnarled calloused callused thick thin sweaty slight moderate medium_sized average_sized small_sized
    large_sized full generous modest massive enormous well_developed developed tight firm soft rounded rippling bulging
    chiseled chiselled muscular lean solid heavy graceful elegant slender dainty petite short stubby tapered manicured
    wrinkled weathered work_worn rough hairless smooth shaved shaven tan pale protruding distended swollen rotund tiny
    prominent oiled glistening well_sculpted bodybuilder athletic swimmer's dancer's gymnast's curvaceous hourglass imposing
    intimidating square squared sloping stooped hunched natural ageing aging skinny arthritic thick_set six_pack womanly
    boyish girlish feminine masculine robust stocky visible sturdy trim taut knobby knobbly bandy bowed turned_out freckly
    hunchbacked narrow_waisted
    grazed scraped skinned scuffed bruised split bloodied cracked barrel sharp blunt androgynous
""")

BODY_HEADS = words("""
    build body figure physique frame stature abs shoulders breasts bust cleavage waist hips legs arms muscles torso chest
    belly fingers thighs midriff stomach biceps breast hands neck curves navel silhouette height forearms forearm calves
    limbs shoulder pectorals pecs triceps quads glutes buttocks butt derriere ankles wrists knees abdomen midsection paunch
    potbelly pot_belly gut beer_belly love_handles musculature proportions bosom decolletage décolletage hourglass_figure
    knuckles palms bodies tummy muscle_definition dad_bod beach_bod abdominal_muscles arm_muscles stomach_muscles
    chest_muscles back_muscles
    lats obliques thigh hip backside rear collarbones shoulder_blades rib_cage ribcage hand ankle wrist knee leg arm
    body_type body_shape bone_structure upper_body lower_body upper_arms calf bust_line bustline waistline
""")

BODY_HEADS_ALONE = words("""
    abs breasts cleavage navel midriff physique biceps six_pack pecs pectorals six_pack_abs washboard_abs hourglass_figure
    beer_belly pot_belly potbelly love_handles musculature muscle_definition baby_bump abdominal_muscles decolletage
    décolletage bosom bustline paunch dad_bod beach_bod beer_gut hunchback pot_bellies spare_tire
""")

AGE = words("""
    young old elderly middle_aged teenage teenaged older younger mature youthful aged adolescent senior preteen little
    pubescent prepubescent pre_teen twentysomething thirtysomething fortysomething fiftysomething twenty_something
    thirty_something forty_something fifty_something middle_age ageing aging ancient geriatric grown grown_up infant teen
    newborn baby_faced school_aged college_aged university_aged retirement_age
""")

BEAUTY = words("""
    beautiful pretty handsome attractive gorgeous cute stunning lovely good_looking sexy hot alluring charming elegant
    striking glamorous ravishing breathtaking dashing rugged ruggedly_handsome photogenic adorable fetching comely
    plain_looking ordinary_looking average_looking model_like doll_like sultry youthful_looking young_looking older_looking
""")

MARK = words("""
    dense small large big prominent visible faint light dark long facial several many some few single scattered tiny deep natural
    subtle noticeable thin heavy colorful colourful tribal floral full_sleeve sleeve intricate nose lip ear eyebrow septum
    navel belly arm neck chest back cute hoop cybernetic lightning dragon rose sparse fine old body beauty purple healed
    jagged red raised geometric japanese blackwork dental metal black blue full half crescent_shaped painted varicose wide
    curved diagonal vertical horizontal deep_set healing fresh surgical ragged zigzag y_shaped star_shaped heart_shaped
    strawberry port_wine brown pale silvery white pinkish polynesian celtic maori traditional abstract ornate elaborate
    detailed fading faded hidden monochrome grayscale black_and_grey black_and_gray snake butterfly skull anchor koi wolf
    lion eagle phoenix bird feather compass script lettered minimalist fine_line watercolor sleeve_like full_back full_body
    half_sleeve leg knee shoulder wrist finger hand face thigh calf ankle throat ribcage forearm bicep tongue cheek bridge
    labret monroe medusa dermal industrial helix tragus daith cartilage silver gold multiple double numerous assorted
    various manicured acrylic short pointed almond_shaped stiletto coffin french chipped glossy polished dirty bitten
    dark_red nude pink bright matte bloody bandaged adhesive gauze stick_on ritual war fierce sooty smudged robotic
    mechanical bionic prosthetic deepening delicate distinct distinctive endless sun pigmented dappled permanent rows rosy
    glowing luminous shimmering glittering swirling winding curling sprawling bleeding
    inflamed weathered spine hip foot rib collarbone sternum smaller larger bigger second third matching similar
""")

MARK_HEADS = words("""
    wart warts
    freckle freckles mole moles birthmark birthmarks scar scars beauty_mark beauty_spot tattoo tattoos piercing piercings
    wrinkles wrinkle vitiligo acne blemish blemishes pimples crow's_feet age_spots laugh_lines scarring dimple face_paint
    facepaint skin_pores tattooed_forearms tattooed_arms skin_texture nails nail_polish gap cybernetic_implant implant pores
    war_paint creases crease bandage fake_nails mole_under_eye mole_under_mouth scar_across_eye scar_on_cheek facial_mark
    whisker_markings beauty_marks bandaid band_aid henna mehndi braces stretch_marks bruise bruises dark_circles sunspots
    liver_spots rash burn_scar tattoo_sleeve sleeve_tattoo bindi stitches rosacea veins fine_lines deep_lines smile_lines
    frown_lines body_ink body_art sleeve_tattoos face_tattoo face_tattoos neck_tattoo arm_tattoo arm_tattoos leg_tattoo
    chest_tattoo back_tattoo hand_tattoos tattoo_sleeves half_sleeve lip_piercing nose_piercing ear_piercings
    eyebrow_piercing belly_piercing belly_button_piercing body_piercings body_piercing age_lines expression_lines
    nasolabial_folds worry_lines furrows pockmarks pock_marks acne_scars stubble_burn birth_mark keloid eczema psoriasis
    scabs scab calluses callouses manicure french_manicure fingernails toenails pedicure fake_nail acrylics prosthetic_leg
    prosthetic_arm prosthesis bionic_arm mechanical_arm robotic_arm stretchmarks varicose_veins beautymark tear_drop_tattoo
    tattooing pimple zits zit pore bags_under_eyes under_eye_bags eye_bags undereye_circles scarification cicatrice gash
    scrapes warpaint body_paint bodypaint facial_markings face_markings markings facial_tattoos facial_tattoo
    facial_piercings facial_piercing facial_scar facial_scars teeth_gap tooth_gap gap_tooth gold_tooth gold_teeth
    teardrop_tattoo teardrop_tat tat tats neck_tat face_tats port_wine_stain birth_stain harelip cleft_lip
    missing_finger missing_fingers missing_leg missing_arm prosthetic_hand
    wooden_leg hook_hand tramp_stamp black_eye black_eyes farmer's_tan albinism dwarfism down_syndrome goosebumps cataracts
    dentures crinkles henna_designs henna_patterns henna_tattoos vitiligo_patches mehndi_designs face_glitter body_glitter
""")

MARK_NEEDS_ADJECTIVE = words("""
    creases crease bandage nails gap implant pores dimple veins stitches bruise bruises fingernails toenails markings
    scrape scratch scratches graze grazes blister blisters
    furrows scabs scab implants bandages calluses manicure pore gash prosthesis scrapes
""")

QUANTITY = words("""
    beads drops droplets rivulets pair scattering dusting hint touch string strand strands mop lock locks streak streaks
    head set layer splash wisp wisps sprinkling smattering bit number array couple few mane cascade crown bunch shock sea
    lots lot plenty dash sheen trace hints map web flecks fleck specks speck touches patches patch tufts tuft swath curtain
    waterfall tangle mass cloud crop thatch fan coating film glimmer glint constellation spray smudge swipe slick swoop row
    rows stripe stripes series handful collection pop profusion riot abundance full curl
""")
