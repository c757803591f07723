"""Words for clothes, accessories and what tells of them."""

from __future__ import annotations

from fluxdiag.dataset.lexicon.lists import words

GARMENTS = words("""
    t_shirt tee_shirt tee shirt blouse sweater jumper pullover cardigan hoodie sweatshirt jacket coat raincoat overcoat
    parka trench_coat trenchcoat blazer suit tuxedo dress gown skirt jeans trousers pants shorts leggings tights stockings
    socks shoes boots sneakers trainers heels sandals slippers uniform robe kimono sari swimsuit bikini swimwear underwear
    lingerie bra vest waistcoat tank_top crop_top top tunic overalls dungarees jumpsuit romper pyjamas pajamas nightgown
    lab_coat apron armour armor costume outfit clothes clothing attire polo turtleneck corset poncho toga tracksuit
    sportswear sweatpants joggers bodysuit leotard camisole sundress minidress miniskirt sleeves garment garments suspenders
    scrubs spacesuit space_suit wetsuit tutu pointe_shoes windbreaker activewear ensemble gi swim_trunks trunks chinos
    slacks thighhighs pantyhose serafuku obi maid frills long_sleeves short_sleeves puffy_sleeves bare_shoulders
    off_shoulder sleeveless flats loafers singlet cheongsam qipao lehenga kurta wellies waders bomber_jacket loincloth towel
    bathrobe negligee panties briefs boxers swim_briefs catsuit hanfu saree abaya dirndl one_piece one_piece_swimsuit slip
    slip_dress puffer pantsuit knitwear sportsbra sports_bra undershirt nightdress fur_trim winter_clothes formal_wear
    workwear jersey tabard chainmail bustier smock coveralls furs cutoffs denim_cutoffs blazers flip_flops stilettos clogs
    footwear pumps neckline bodice sleeve lapel lapels hem kaftan culottes hood kilt housecoat frock pinafore petticoat
    cassock habit cowl doublet jerkin breeches jodhpurs chaps kimonos yukata haori hakama sarong dashiki djellaba thobe
    agbada huipil serape cheongsams ao_dai hanbok parkas anorak duffle_coat peacoat pea_coat overshirt gilet fleece shacket
    flannel henley jerseys tank halter bandeau tube_top bralette babydoll garter garters fishnets kneesocks knee_socks
    mary_janes brogues oxfords moccasins espadrilles crocs cleats bathing_suit rash_guard onesie snowsuit snow_suit ski_suit
    ski_jacket flight_suit boiler_suit hazmat_suit robes gowns tunics vestments regalia cloaks coats jackets tops sweaters
    dresses shirts skirts uniforms costumes aprons denims cords capris bermudas skort blouses windcheater mantle
""")

ACCESSORIES = words("""
    fins flippers glasses sunglasses eyeglasses spectacles goggles hat cap beanie beret fedora helmet scarf shawl necklace
    necklaces earring earrings bracelet bracelets watch wristwatch headband hairband crown tiara veil gloves tie bow_tie
    bowtie necktie belt handbag purse backpack headphones choker pendant nose_ring hair_clip hair_pin hijab turban bandana
    eyepatch jewellery jewelry brooch headscarf headdress lanyard badge monocle ring rings ribbon cape cloak mittens
    earmuffs earphones earbuds hard_hat hardhat wide_brimmed_hat sun_hat straw_hat cowboy_hat top_hat captain's_hat
    chef's_hat stethoscope harness anklet hair_ribbon hair_ornament hair_flower hair_tie hair_bow hairclip hairpin
    hair_accessory fake_animal_ears cat_ears animal_ears bunny_ears neck_bell knee_pads kneepads visor safety_glasses
    safety_goggles name_badge face_mask mask bandanna bangle bangles ear_rings balaclava sombrero bonnet pocket_watch
    watch_chain chain collar cufflinks wrist_watch fascinator tie_clip hoops studs pearls maid_headdress boxing_gloves
    latex_gloves nose_stud ear_piercing_ eyewear headwear sash cummerbund wig boa halo horns wings lei garland armband
    wristband sweatband tool_belt satchel messenger_bag fanny_pack headpiece circlet diadem thigh_strap arm_strap leg_strap
    chest_strap kerchief neckerchief keffiyeh kufi kippah yarmulke fez bowler trilby panama_hat bucket_hat newsboy_cap
    flat_cap trucker_hat beanies deerstalker hairnet shower_cap swim_cap nightcap earflaps gauntlets gauntlet quiver
    scabbard holster bandolier sporran hand_wraps wrist_wraps wrist_guard shin_guards shin_pads elbow_pads respirator
    gas_mask surgical_mask snorkel hearing_aid pince_nez eye_mask sleep_mask locket torc dog_tags anklets nose_hoop barrette
    barrettes scrunchie hair_band flower_crown laurel_wreath rosary pocket_square boutonniere corsage epaulettes rucksack
    knapsack pack bag tote tote_bag scarves hats caps belts brooches pendants helmets hoods cloaks capes bows lenses
    contact_lenses knee_brace cufflink hairpins hair_clips wreath name_tag
""")

AMBIGUOUS = words("""
    top ring rings tie watch cap belt badge collar mask chain harness wings horns halo suit slip crown bell ribbon pearls
    studs hoops sleeves slippers trainers heels flats pumps towel sleeve hem hood visor lei garland cape polo chains fins
    flippers costume uniform armor armour sash outfit clothes clothing formal casual maid boxers pants shorts suspenders
    jersey purse handbag satchel veil goggles puffer neckline frills bag pack tote tote_bag rucksack knapsack tank fleece
    habit oxfords cleats robes flannel holster scabbard quiver snorkel locket chaps cords wreath lenses bows hats scarves
    caps belts helmets tops coats jackets dresses shirts shoulder mantle bowler
""")
"""not worn by anyone unless the words around say so"""

CLOTH = words("""
    leather denim cotton wool woollen woolen silk satin lace velvet linen knit knitted striped plaid checkered checked
    floral patterned polka_dot printed casual formal elegant simple plain sleeveless long_sleeved short_sleeved long_sleeve
    fitted loose oversized baggy tight ripped torn faded vintage fancy strapless off_the_shoulder v_neck crew_neck collared
    button_up button_down hooded zip_up puffer fur fuzzy fluffy sequined sparkly embroidered sheer flowing long short lab
    business evening wedding cocktail school military sports baseball straw woolly thick_rimmed round rimless aviator
    horn_rimmed wire_rimmed gold silver pearl beaded hoop large small big stylish traditional summer winter matching ankle
    knee_high high_heeled running hiking three_piece double_breasted tailored sporty graphic open cropped ruffled tweed
    tulle pleated layered camel cargo pencil puffy studded spiked fishnet chunky cable_knit cozy cosy crisp sleek polished
    heavy thin thick thick_knit form_fitting slim_fit high_waisted wide_brimmed wide high_visibility band muddy army old
    prom rubber trench bomber captain's backless halter tie_dye leopard animal_print camouflage camo flannel corduroy polka
    dotted fur_trimmed fur_lined ornate wide_leg rolled_up bucket cowboy statement drop diamond dangling delicate turtleneck
    tight_fitting close_fitting loose_fitting unzipped unbuttoned buttoned belted soft cashmere merino mohair angora chiffon
    taffeta organza brocade damask burlap canvas nylon vinyl latex neoprene suede houndstooth pinstriped pinstripe
    herringbone gingham paisley tartan argyle sequinned metallic iridescent threadbare tattered worn dirty stained
    paint_stained dusty frayed patched quilted padded lined sheepskin shearling feathered fringed netted asymmetrical
    one_shouldered low_cut high_necked high_neck empire_waist mini midi maxi floor_length ankle_length calf_length
    full_length cap_sleeved wide_legged bell_bottom skinny distressed acid_wash bleached embellished bejeweled jeweled
    rhinestone cat_eye tortoiseshell turtle_shell mirrored tinted steel reading half_moon protective surgical fingerless
    woven crocheted macrame floppy knotted strappy bulky heavy_duty waterproof waxed rain ski oilskin ceremonial medieval
    victorian renaissance monastic academic unlaced untucked
""")
