"""Words for how a person looks, by what they describe. Lists only; the grammar is in `spans.py`."""

from __future__ import annotations


def words(text: str) -> str:
    """`a b_c d` -> an alternative for a regular expression, longest first; `_` is a space or hyphen, or nothing."""
    found = sorted(set(text.split()), key=lambda word: (-len(word), word))
    return "|".join(word.replace("_", r"[\s-]?") for word in found)


PERSON = words(
    "woman man person girl boy lady guy gentleman female male women men people girls boys ladies guys model child kid teen"
    " teenager adult bride groom soldier warrior actor actress singer businessman businesswoman mother father"
)
ANIMAL = words(
    "dog puppy cat kitten horse pony bird parrot owl cow bull sheep goat pig rabbit bear wolf fox lion tiger deer monkey"
    " dragon fish snake animal pet teddy doll statue mannequin dogs cats horses birds animals"
)

COLOUR = words(
    "black brown blonde blond red grey gray blue green pink purple orange yellow white golden gold silver copper auburn"
    " chestnut ginger brunette platinum ash sandy honey caramel hazel amber violet turquoise teal beige navy maroon burgundy"
    " gr[ae]ying crimson scarlet cream ivory tan khaki olive lavender magenta lilac mint peach bronze charcoal raven jet"
    " multi_?colou?red colou?rful strawberry dirty mousy chocolate mahogany dark light bright deep pale medium vivid pastel neon"
    " two_tone"
)
DEGREE = words("very slightly quite somewhat extremely naturally rather strikingly subtly visibly neatly slight")

HAIR = words(
    "long short medium medium_length shoulder_length waist_length chin_length mid_length ear_length curly wavy straight kinky"
    " coily frizzy messy tousled spiky spiked sleek silky shiny glossy thick thin thinning fine voluminous wild flowing loose"
    " braided slicked_back slicked swept_back swept shaggy layered feathered unkempt neat styled natural cropped close_cropped"
    " shaved buzzed receding permed bleached dyed ombre highlighted balayage salt_and_pepper wet damp windswept disheveled"
    " dishevelled full asymmetrical big beautiful gorgeous lovely soft healthy textured choppy blunt sidesswept side_swept"
    " high low double twin tight bushy trimmed well_trimmed well_groomed groomed scruffy patchy small large patterned feminine"
)
HAIR_HEADS = words(
    "ponytail ponytails pigtail pigtails braid braids dreadlocks dreads cornrows afro mohawk mullet bangs buzz_?cut"
    " crew_cut pixie_cut bob_cut undercut haircut hairstyle hairdo hairline updo top_?knot ringlets man_bun twintails"
)
HAIR_HEADS_WITH_ADJECTIVE = words("bob bun buns curls locks fringe waves tresses highlights strands mane cut")
"""a bob, a bun or locks may be something else: they count only after a word for hair"""
BEARDS = words(
    "beard moustache mustache goatee stubble sideburns facial_hair five_o'clock_shadow mutton_chops whiskers soul_patch"
)

EYES = words(
    "big large small almond almond_shaped piercing striking expressive round narrow wide wide_set close_set deep_set hooded"
    " upturned downturned monolid heterochromatic mismatched beautiful gorgeous sparkling shining intense captivating soulful"
    " doe clear icy steely warm bright soft gentle kind tired glowing"
)
EYE_HEADS = words("eyes eye eyelashes lashes irises")

FACE = words(
    "round oval square long heart_shaped diamond_shaped angular chisell?ed thin narrow wide slim slender chubby full plump"
    " beautiful pretty handsome attractive gorgeous delicate soft sharp strong defined well_defined prominent high rosy"
    " youthful young old small large big button aquiline hooked crooked pointed pointy weathered wrinkled thick bushy arched"
    " pouty flushed sunken hollow symmetrical feminine masculine gaunt broad flat upturned cleft double freckled dimpled"
    " aged mature elfin fine clean_shaven striking"
)
FACE_HEADS = words(
    "face jaw jawline chin cheekbones cheeks nose lips mouth forehead brow features facial_features eyebrows brows ears"
    " dimples teeth lipstick makeup make_up eyeliner eye_?shadow mascara blush"
)
FACE_HEADS_ALONE = words("eyebrows dimples lipstick makeup make_up eyeliner eye_?shadow mascara")

SKIN = words(
    "pale fair light dark olive brown tan tanned black white ebony porcelain smooth freckled glowing sun_kissed dewy wrinkled"
    " medium warm golden deep caramel ivory bronze bronzed flawless rosy pinkish reddish clear creamy alabaster weathered"
    " sunburnt sunburned glowing beautiful rich cool neutral yellow milky light_brown dark_brown translucent healthy oily"
)
SKIN_HEADS = words("skin complexion skin_tone skintone skin_colou?r")
ETHNICITY = words(
    "asian east_asian south_asian african african_american caucasian hispanic latina latino indian chinese japanese korean"
    " black white european middle_eastern arab nordic scandinavian mixed_race biracial"
)

BODY = words(
    "tall short petite slim slender skinny thin muscular athletic fit curvy plump chubby overweight heavyset heavy_set stocky"
    " fat obese busty lean toned broad_shouldered voluptuous lanky burly bulky wiry willowy buff shapely hourglass"
)
BODY_SIZE = words("broad narrow wide large small big long average")
BODY_HEADS = words(
    "build body figure physique frame stature abs shoulders breasts bust cleavage waist hips legs arms muscles torso"
)

AGE = words("young old elderly middle_aged teenage teenaged older younger mature youthful aged adolescent senior")
BEAUTY = words("beautiful pretty handsome attractive gorgeous cute stunning lovely good_looking")

MARK = words(
    "small large big prominent visible faint light dark long facial several many some few single scattered tiny deep natural"
    " subtle noticeable thin heavy colou?rful tribal floral full_sleeve sleeve intricate"
)
MARK_HEADS = words(
    "freckle freckles mole moles birthmark birthmarks scar scars beauty_mark beauty_spot tattoo tattoos piercing piercings"
    " wrinkles wrinkle vitiligo acne blemish blemishes pimples crow's_feet age_spots laugh_lines"
)

GARMENTS = words(
    "t_?shirt tee_?shirt shirt blouse sweater jumper pullover cardigan hoodie sweatshirt jacket coat raincoat overcoat parka"
    " trench_?coat blazer suit tuxedo dress gown skirt jeans trousers pants shorts leggings tights stockings socks shoes boots"
    " sneakers trainers heels sandals slippers uniform robe kimono sari swimsuit bikini swimwear underwear lingerie bra vest"
    " waistcoat tank_?top crop_?top top tunic overalls dungarees jumpsuit romper pyjamas pajamas nightgown lab_?coat apron"
    " armou?r costume outfit clothes clothing attire polo turtleneck corset cape cloak poncho toga tracksuit sportswear"
    " sweatpants joggers bodysuit leotard camisole sundress minidress miniskirt sleeves garment garments suspenders"
)
ACCESSORIES = words(
    "glasses sunglasses eyeglasses spectacles goggles hat cap beanie beret fedora helmet scarf shawl necklace necklaces earring"
    " earrings bracelet bracelets watch wristwatch headband hairband crown tiara veil gloves tie bow_?tie necktie belt handbag"
    " purse backpack headphones choker pendant nose_ring hair_?clip hair_?pin hijab turban bandana eyepatch jewell?ery jewelry"
    " brooch headscarf headdress lanyard badge monocle ring rings ribbon"
)
WORN_ALONE = words(
    "glasses sunglasses eyeglasses spectacles necklace earrings bracelet headband choker tiara hijab turban bandana eyepatch"
    " beanie beret fedora scarf jewell?ery jewelry t_?shirt hoodie sweatshirt blouse cardigan jeans leggings sundress"
)
"""worn by a person wherever a caption names them; the others count only after a word for cloth, or after `wearing`"""
CLOTH = words(
    "leather denim cotton wool woollen woolen silk satin lace velvet linen knit knitted striped plaid checkered checked floral"
    " patterned polka_dot printed casual formal elegant simple plain sleeveless long_sleeved short_sleeved long_sleeve fitted"
    " loose oversized baggy tight ripped torn faded vintage fancy strapless off_the_shoulder v_neck crew_neck collared"
    " button_up button_down hooded zip_up puffer fur fuzzy fluffy sequined sparkly embroidered sheer flowing long short lab"
    " business evening wedding cocktail school military sports baseball straw woolly thick_rimmed round rimless aviator"
    " horn_rimmed wire_rimmed gold silver pearl beaded hoop large small big stylish traditional summer winter matching"
    " ankle knee_high high_heeled running hiking three_piece double_breasted tailored sporty graphic open cropped ruffled"
)

EXPRESSIONS = words(
    "smiling smile smiles grinning grin frowning frown laughing laugh smirking smirk pouting crying scowling"
    " closed_eyes eyes_closed half_closed_eyes eyes_open open_mouth mouth_open"
)
MOODS = words(
    "happy sad angry serious neutral surprised joyful cheerful calm thoughtful pensive stern gentle warm bright big wide slight"
    " soft broad confident determined playful mischievous melancholic worried relaxed friendly intense shy smiling focused"
    " subtle faint contemplative"
)
