"""Words for how a person looks, by what they describe. Lists only; the grammar is in `spans.py` and its neighbours."""

from __future__ import annotations

from collections.abc import Iterable

Words = frozenset[str]


def words(text: str) -> Words:
    """`a b_c` -> {a, b c, bc}: `_` stands for a space, a hyphen or nothing (keys never hold hyphens)."""
    found = text.split()
    return frozenset(word.replace("_", " ") for word in found) | frozenset(word.replace("_", "") for word in found)


def pattern(*lists: Iterable[str]) -> str:
    """The words as one alternative of a regular expression, longest first; a space also stands for a hyphen."""
    found = sorted({word for one in lists for word in one}, key=lambda word: (-len(word), word))
    return "|".join(word.replace(" ", r"[\s-]") for word in found)


FEMALE = words("woman girl lady female women girls ladies bride actress businesswoman mother daughter sister"
    " grandmother waitress"
               " policewoman queen princess gal 1girl 1woman she her hers")  # fmt: skip
MALE = words("man boy guy gentleman male men boys guys groom actor businessman father son brother grandfather waiter policeman"
             " king prince dude 1boy 1man he him his fisherman")  # fmt: skip
PERSON = words(
    "woman man person girl boy lady guy gentleman female male women men people girls boys ladies guys model child kid teen"
    " teenager adult bride groom soldier warrior actor actress singer businessman businesswoman mother father subject figure"
    " character individual athlete dancer ballerina chef musician artist scientist teacher knight wizard astronaut fisherman"
    " boxer doctor nurse student baby newborn infant toddler friend friends sister brother daughter son grandmother grandfather"
    " waiter waitress barber guitarist drummer worker workers colleague customer vendor guests children kids crowd"
    " couple family"
    " passers_by pedestrian pedestrians travellers spectators passenger passengers pupils students assistant stranger strangers"
    " bystander neighbour neighbor boyfriend girlfriend wife husband human humans pirate witch elf queen king prince princess"
    " firefighter officer policeman policewoman surfer skier cyclist runner climber painter photographer pianist violinist"
    " cowboy cowgirl samurai ninja swimmer farmer gardener hiker rider diver monk nun welder skater skateboarder biker gymnast"
    " wrestler barista priest sailor captain pilot miner carpenter blacksmith tailor baker butcher lifeguard jogger tourist"
    " traveler traveller shopper driver guard hunter archer viking worshipper surgeon dentist lawyer soldier cheerleader"
    " mechanic player players 1girl 1boy 1man 1woman 2girls 2boys poodle_owner shopkeeper bartender bridesmaids"
    " groomsmen bridesmaid"
)
CLASS_NOUNS = words(
    "woman man person girl boy lady guy gentleman female male women men people girls boys ladies guys model child kid teen"
    " teenager adult bride groom soldier warrior actor actress singer businessman businesswoman mother father"
)
"""what a trigger phrase ends with: `ohwx woman`"""
PLURAL_PERSON = words("women men people girls boys ladies guys friends guests children kids crowd workers pedestrians"
    " travellers"
                      " spectators passengers pupils students strangers players humans 2girls 2boys bridesmaids groomsmen"
                      " passers_by couple family")  # fmt: skip
ROLE_OF_SUBJECT = words("subject character model figure individual person woman man girl boy lady guy gentleman female male")
ANIMAL = words(
    "dog puppy cat kitten horse pony bird parrot owl cow bull sheep goat pig rabbit bear wolf fox lion tiger deer monkey"
    " dragon fish snake animal pet teddy doll statue mannequin dogs cats horses birds animals poodle labrador retriever"
    " robot toy mannequins sculpture poster puppet teddy_bear kittens puppies goat goats chicken hen turtle camel"
    " hamster duck swan eagle snowman gargoyle billboard mural scarecrow husky"
)
THING = words(
    "chair table car van motorcycle bicycle bike sofa couch bed vase truck house building train bus sculpture"
    " armchair stool lamp mug bottle"
)
"""may have legs, arms, a body or a face, but wears nothing"""

COLOUR = words(
    "black brown blonde blond red grey gray blue green pink purple orange yellow white golden gold silver copper auburn"
    " chestnut ginger brunette platinum ash sandy honey caramel hazel amber violet turquoise teal beige navy maroon burgundy"
    " greying graying crimson scarlet cream ivory tan khaki olive lavender magenta lilac mint peach bronze charcoal raven jet"
    " multicoloured multicolored colourful colorful strawberry dirty mousy chocolate mahogany dark light bright deep"
    " pale medium vivid pastel neon"
    " two_tone two_toned two_coloured steel emerald sapphire icy indigo aqua cyan rose rust mustard jet_black fiery lime coral"
    " multi_colored multi_coloured rainbow cream_colored cream_coloured dark_brown light_brown steel_blue ice_blue grey_blue"
    " blue_grey blue_green honey_blonde jet_black reddish brownish greenish bluish cobalt plum fuchsia midnight midnight_blue"
)
DEGREE = words("very slightly quite somewhat extremely naturally rather strikingly subtly visibly neatly slight shade shades"
               " deeply gently softly lightly heavily perfectly closely partly partially almost mostly noticeably loosely a_bit"
               " fairly incredibly carefully well finely")  # fmt: skip

HAIR = words(
    "long short medium medium_length shoulder_length waist_length chin_length mid_length ear_length curly wavy straight kinky"
    " coily frizzy messy tousled spiky spiked sleek silky shiny glossy thick thin thinning fine voluminous wild flowing loose"
    " braided slicked_back slicked swept_back swept shaggy layered feathered unkempt neat styled natural cropped close_cropped"
    " shaved buzzed receding permed bleached dyed ombre highlighted balayage salt_and_pepper wet damp windswept disheveled"
    " dishevelled full asymmetrical big beautiful gorgeous lovely soft healthy textured choppy blunt sidesswept side_swept"
    " high low double twin tight bushy trimmed well_trimmed well_groomed groomed scruffy patchy small large patterned feminine"
    " cascading tight intricate tidy combed wind_blown windblown curled unruly luscious lush elegant straightened greasy"
    " tumbling pinned gathered absurdly single side drill french dutch fishtail sharp trendy stylish handlebar pencil"
    " box bob bowl goddess micro spread tied_back tied waterfall milkmaid space beach bubblegum bubblegum_pink"
    " mermaid two bantu thinning_grey bouncy kinky tied gradient hime afro_textured loose_fitting impeccable feathery"
    " sparse rugged"
)
HAIR_HEADS = words(
    "ponytail ponytails pigtail pigtails braid braids dreadlocks dreads cornrows afro mohawk mullet bangs buzz_cut buzzcut"
    " crew_cut pixie_cut bob_cut undercut haircut hairstyle hairdo hairline updo top_knot topknot ringlets man_bun twintails"
    " twin_tails twintail sidelocks ahoge hime_cut side_part facial_hair_ sidecut widow's_peak bowl_cut quiff pompadour"
    " hair_bun hair_buns double_bun plait plaits hair_down hair_up hair_over_one_eye hair_between_eyes hair_intakes hair_strand"
    " bald_spot drill_hair curtain_bangs space_buns fringe_bangs pixie dreadlock tresses low_ponytail high_ponytail half_updo"
    " curtain_hair locs fade_haircut bald_head shaved_head balding_head bald_scalp shaven_head"
)
HAIR_HEADS_WITH_ADJECTIVE = words("hair bob bun buns curls locks fringe waves strands mane cut crown_braid streaks highlights")
"""a bob, a bun or locks may be something else: they count only after a word for hair"""
BEARDS = words(
    "beard moustache mustache goatee stubble sideburns facial_hair five_o'clock_shadow five_o’clock_shadow"
    " mutton_chops whiskers soul_patch"
)

EYES = words(
    "big large small almond almond_shaped piercing striking expressive round narrow wide wide_set close_set deep_set hooded"
    " upturned downturned monolid heterochromatic mismatched beautiful gorgeous sparkling shining intense captivating soulful"
    " doe clear warm bright soft gentle kind tired glowing long thick mesmerizing sunken bloodshot swollen slanted crinkled"
    " half_closed weary sleepy lively slit_pupil narrowed droopy hypnotic dark_rimmed"
)
EYE_HEADS = words("eyes eye eyelashes lashes irises pupils eyelid eyelids eyelash heterochromia")

FACE = words(
    "round oval square long heart_shaped diamond_shaped angular chiselled chiseled thin narrow wide slim slender"
    " chubby full plump"
    " beautiful pretty handsome attractive gorgeous delicate soft sharp strong defined well_defined prominent high rosy"
    " youthful young old small large big button aquiline hooked crooked pointed pointy weathered wrinkled thick bushy arched"
    " pouty flushed sunken hollow symmetrical feminine masculine gaunt broad flat upturned cleft double freckled dimpled"
    " aged mature elfin fine clean_shaven striking rounded straight elf_like cute petite rugged dainty plush glossy matte"
    " winged bold graphic parted heavy subtle smoky smokey natural minimal dramatic glamorous sculpted refined roman"
    " snub perfect"
    " pearly bright roughly elongated shaped well_shaped neatly smooth light strong_jawed oval_shaped kind gentle nude"
)
FACE_HEADS = words(
    "face jaw jawline chin cheekbones cheekbone cheeks nose lips mouth forehead brow features facial_features"
    " eyebrows brows ears"
    " dimples teeth lipstick makeup make_up eyeliner eye_shadow mascara blush nostrils ear lip cheek_bones facial_structure"
)
FACE_HEADS_ALONE = words("eyebrows dimples lipstick makeup make_up eyeliner eyeshadow eye_shadow mascara brows"
    " cheekbones jawline lip_gloss collarbone"
                         " pointy_ears eye_makeup double_chin unibrow")  # fmt: skip

SKIN = words(
    "pale fair light dark olive brown tan tanned black white ebony porcelain smooth freckled glowing sun_kissed dewy wrinkled"
    " medium warm golden deep caramel ivory bronze bronzed flawless rosy pinkish reddish clear creamy alabaster weathered"
    " sunburnt sunburned beautiful rich cool neutral yellow milky light_brown dark_brown translucent healthy oily soft"
    " ruddy sun_tanned radiant shiny even fair_toned silky tattooed glistening leathery ashen blotchy glossy"
)
SKIN_HEADS = words("skin complexion skin_tone skintone skin_color skin_colour tanlines tan_lines suntan skin_tones undertones")
ETHNICITY = words(
    "asian east_asian south_asian southeast_asian african african_american caucasian hispanic latina latino indian"
    " chinese japanese korean"
    " black white european middle_eastern arab nordic scandinavian mixed_race biracial mediterranean slavic"
)

BODY = words(
    "tall short petite slim slender skinny thin muscular athletic fit curvy plump chubby overweight heavyset heavy_set stocky"
    " fat obese busty lean toned broad_shouldered voluptuous lanky burly bulky wiry willowy buff shapely hourglass"
    " well_built lithe pregnant sturdy slightly_built long_legged chiseled chiselled svelte stout rotund well_toned"
)
BODY_SIZE = words("broad narrow wide large small big long average medium well_defined defined huge flat perky"
    " delicate strong hairy ample round"
                  " bare slender_waisted powerful sculpted")  # fmt: skip
BODY_HEADS = words(
    "build body figure physique frame stature abs shoulders breasts bust cleavage waist hips legs arms muscles torso"
    " chest belly"
    " fingers thighs midriff stomach biceps breast hands neck curves navel silhouette height"
)
BODY_HEADS_ALONE = words("abs breasts cleavage navel midriff physique biceps six_pack")

AGE = words("young old elderly middle_aged teenage teenaged older younger mature youthful aged adolescent senior preteen")
BEAUTY = words("beautiful pretty handsome attractive gorgeous cute stunning lovely good_looking")

MARK = words(
    "small large big prominent visible faint light dark long facial several many some few single scattered tiny deep natural"
    " subtle noticeable thin heavy colorful colourful tribal floral full_sleeve sleeve intricate nose lip ear eyebrow septum"
    " navel belly arm neck chest back cute hoop cybernetic lightning dragon rose visible sparse fine old body facial beauty"
)
MARK_HEADS = words(
    "freckle freckles mole moles birthmark birthmarks scar scars beauty_mark beauty_spot tattoo tattoos piercing piercings"
    " wrinkles wrinkle vitiligo acne blemish blemishes pimples crow's_feet age_spots laugh_lines scarring dimple"
    " face_paint facepaint skin_pores tattooed_forearms tattooed_arms skin_texture nails nail_polish gap"
    " cybernetic_implant implant pores"
    " war_paint creases crease bandage fake_nails mole_under_eye mole_under_mouth scar_across_eye scar_on_cheek"
    " facial_mark whisker_markings beauty_marks"
)
MARK_NEEDS_ADJECTIVE = words("creases crease bandage nails gap implant pores dimple")

GARMENTS = words(
    "t_shirt tee_shirt tee shirt blouse sweater jumper pullover cardigan hoodie sweatshirt jacket coat raincoat overcoat parka"
    " trench_coat trenchcoat blazer suit tuxedo dress gown skirt jeans trousers pants shorts leggings tights"
    " stockings socks shoes boots"
    " sneakers trainers heels sandals slippers uniform robe kimono sari swimsuit bikini swimwear underwear lingerie bra vest"
    " waistcoat tank_top crop_top top tunic overalls dungarees jumpsuit romper pyjamas pajamas nightgown lab_coat apron"
    " armour armor costume outfit clothes clothing attire polo turtleneck corset poncho toga tracksuit sportswear"
    " sweatpants joggers bodysuit leotard camisole sundress minidress miniskirt sleeves garment garments suspenders"
    " scrubs spacesuit space_suit wetsuit tutu pointe_shoes windbreaker activewear ensemble gi swim_trunks trunks chinos slacks"
    " thighhighs pantyhose serafuku obi maid frills long_sleeves short_sleeves puffy_sleeves bare_shoulders"
    " off_shoulder sleeveless"
    " boots heels flats loafers singlet cheongsam qipao lehenga kurta wellies waders bomber_jacket loincloth"
    " towel bathrobe negligee panties briefs boxers swim_briefs vest catsuit hanfu saree abaya dirndl"
    " one_piece one_piece_swimsuit slip slip_dress puffer pantsuit knitwear sportsbra sports_bra undershirt nightdress fur_trim"
    " winter_clothes formal_wear workwear trousers jersey tabard chainmail bustier smock coveralls furs cutoffs"
    " denim_cutoffs blazers flip_flops stilettos clogs footwear pumps"
    " neckline bodice sleeve lapel lapels hem kaftan culottes hood"
)
ACCESSORIES = words(
    "fins flippers glasses sunglasses eyeglasses spectacles goggles hat cap beanie beret fedora helmet scarf"
    " shawl necklace necklaces earring"
    " earrings bracelet bracelets watch wristwatch headband hairband crown tiara veil gloves tie bow_tie bowtie"
    " necktie belt handbag"
    " purse backpack headphones choker pendant nose_ring hair_clip hair_pin hijab turban bandana eyepatch jewellery jewelry"
    " brooch headscarf headdress lanyard badge monocle ring rings ribbon cape cloak mittens earmuffs earphones earbuds"
    " hard_hat hardhat wide_brimmed_hat sun_hat straw_hat cowboy_hat top_hat captain's_hat chef's_hat stethoscope"
    " harness anklet"
    " hair_ribbon hair_ornament hair_flower hair_tie hair_bow hairclip hairpin hair_accessory fake_animal_ears"
    " cat_ears animal_ears bunny_ears"
    " neck_bell knee_pads kneepads visor safety_glasses safety_goggles name_badge face_mask mask bandanna bangle"
    " bangles ear_rings"
    " balaclava sombrero bonnet pocket_watch watch_chain chain collar cufflinks wrist_watch fascinator tie_clip hoops"
    " studs pearls"
    " maid_headdress boxing_gloves latex_gloves seat_belt seatbelt nose_stud ear_piercing_ eyewear headwear sash"
    " cummerbund wig boa"
    " halo horns wings lei garland armband wristband sweatband tool_belt satchel messenger_bag fanny_pack headpiece"
    " circlet diadem"
)
AMBIGUOUS = words("top ring rings tie watch cap belt badge collar mask chain harness wings horns halo suit slip crown"
    " bell ribbon"
                  " pearls studs hoops sleeves slippers trainers heels flats pumps towel sleeve hem hood visor lei garland cape"
                  " polo chains fins flippers costume uniform armor armour sash outfit clothes clothing formal casual"
                  " maid boxers pants"
                  " shorts suspenders jersey purse handbag satchel seat_belt seatbelt veil goggles puffer neckline"
                  " frills")  # fmt: skip
"""not worn by anyone unless the words around say so"""
CLOTH = words(
    "leather denim cotton wool woollen woolen silk satin lace velvet linen knit knitted striped plaid checkered checked floral"
    " patterned polka_dot printed casual formal elegant simple plain sleeveless long_sleeved short_sleeved long_sleeve fitted"
    " loose oversized baggy tight ripped torn faded vintage fancy strapless off_the_shoulder v_neck crew_neck collared"
    " button_up button_down hooded zip_up puffer fur fuzzy fluffy sequined sparkly embroidered sheer flowing long short lab"
    " business evening wedding cocktail school military sports baseball straw woolly thick_rimmed round rimless aviator"
    " horn_rimmed wire_rimmed gold silver pearl beaded hoop large small big stylish traditional summer winter matching"
    " ankle knee_high high_heeled running hiking three_piece double_breasted tailored sporty graphic open cropped ruffled"
    " tweed tulle pleated layered camel cargo pencil puffy studded spiked fishnet chunky cable_knit cozy cosy crisp sleek"
    " polished heavy thin thick thick_knit form_fitting slim_fit high_waisted wide_brimmed wide high_visibility band"
    " muddy army old"
    " prom rubber trench bomber captain's backless halter tie_dye leopard animal_print camouflage camo flannel corduroy"
    " polka dotted fur_trimmed fur_lined ornate wide_leg rolled_up bucket cowboy statement drop diamond dangling"
    " delicate turtleneck"
)
QUANTITY = words("pair scattering dusting hint touch string strand strands mop lock locks streak streaks head set layer splash"
                 " wisp wisps sprinkling smattering bit number array couple few mane cascade crown bunch shock sea")  # fmt: skip

EXPRESSIONS = words(
    "smiling smile smiles smiled grinning grin frowning frown laughing laugh laughs smirking smirk pouting crying scowling"
    " closed_eyes eyes_closed half_closed_eyes eyes_open open_mouth mouth_open parted_lips closed_mouth blush"
    " blushing expressionless"
    " :d ;d :o :p >:( xd fang tongue_out light_smile shouting clenched_teeth teeth_showing frowns grins smirks"
    " beaming yawning screaming"
    " pouty_lips tears one_eye_closed wink winking thoughtful sneer scowl peaceful_face serious melancholic"
)
MOODS = words(
    "happy sad angry serious neutral surprised joyful cheerful calm thoughtful pensive stern gentle warm bright big wide slight"
    " soft broad confident determined playful mischievous melancholic worried relaxed friendly intense shy smiling focused"
    " subtle faint contemplative peaceful goofy inviting serene tired wistful knowing sly genuine dreamy solemn toothy sultry"
    " somber sombre curious tense fierce stoic amused small light excited bored shocked blank cold mysterious seductive smug"
    " content radiant quiet hopeful fearful dazzling reserved concentrated concerned puzzled blissful ecstatic closed_mouth"
)
MOOD_HEADS = words("expression expressions smile look gaze face grin frown smirk stare demeanor demeanour")
