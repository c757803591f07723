"""Words for clothes, accessories and what tells of them."""

from __future__ import annotations

from fluxdiag.dataset.finding.lexicon.lists import words

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
    workwear jersey tabard chainmail bustier smock
    coverall coveralls furs cutoffs denim_cutoffs blazers flip_flops stilettos clogs
    footwear pumps neckline bodice sleeve lapel lapels hem kaftan culottes hood kilt housecoat frock pinafore petticoat
    cassock habit cowl doublet jerkin breeches jodhpurs chaps kimonos yukata haori hakama sarong dashiki djellaba thobe
    agbada huipil serape cheongsams ao_dai hanbok parkas anorak duffle_coat peacoat pea_coat overshirt gilet fleece shacket
    flannel henley jerseys tank halter bandeau tube_top bralette babydoll garter garters fishnets kneesocks knee_socks
    mary_janes brogues oxfords moccasins espadrilles crocs cleats bathing_suit rash_guard onesie snowsuit snow_suit ski_suit
    ski_jacket flight_suit boiler_suit hazmat_suit robes gowns tunics vestments regalia cloaks coats jackets tops sweaters
    dresses shirts skirts uniforms costumes aprons denims cords capris bermudas skort blouses windcheater mantle crewneck
    button_down_shirt camo hosiery legwear neckwear outerwear loungewear sleepwear nightwear beachwear streetwear athleisure
    athletic_wear gymwear ski_wear skiwear evening_wear eveningwear getup garb raiment livery pareo sweats sweatsuit
    jeggings palazzos overskirt underskirt crinoline corselet chemise sheath_dress salwar kameez salwar_kameez
    shalwar_kameez churidar sherwani dhoti lungi choli anarkali burqa niqab chador ruana cagoule mackintosh macintosh ulster
    frock_coat tailcoat morning_coat dinner_jacket sport_coat sportcoat car_coat body_armor body_armour breastplate cuirass
    pauldrons pauldron greaves vambraces bracers bracer gorget hauberk surcoat chain_mail plate_armor plate_armour
    plate_mail exosuit power_armor hi_vis bib_overalls shortalls playsuit unitard rashguard jammers speedo speedos
    bikini_top bikini_bottom bikini_bottoms monokini tankini board_shorts boardshorts swim_shorts thong g_string jockstrap
    long_johns thermals nightshirt nightie peignoir dressing_gown onesies converse doc_martens uggs timberlands birkenstocks
    wingtips derbies mules galoshes wellingtons gumboots rain_boots moon_boots high_tops plimsolls ballet_flats kitten_heels
    sabots geta zori tabi zouri footgear spats legwarmers leg_warmers arm_warmers gaiters puttees hoodies sweatshirts
    turtlenecks button_ups pantaloons bloomers knickers knickerbockers plus_fours jodhpur lederhosen denim_jacket
    letterman_jacket varsity_jacket leather_jacket life_jacket life_vest lifejacket safety_vest bulletproof_vest flak_jacket
    tactical_vest combat_fatigues fatigues camouflage dress_blues dress_uniform school_uniform gakuran sailor_suit
    sailor_collar saris shervani caftan muumuu loincloths cheerleading_uniform tee_shirts tees t_shirts polos v_neck
    cowl_neck camisoles shrug bolero wrap_dress maxi_dress mini_dress midi_dress ball_gown ballgown wedding_gown
    wedding_dress cocktail_dress evening_gown prom_dress sun_dress shirt_dress shirtdress sweater_dress bodycon_dress
    a_line_dress halter_dress halter_top pencil_skirt mini_skirt maxi_skirt midi_skirt pleated_skirt tennis_skirt
    sweater_vest tennis_whites yoga_pants gym_shorts cargo_shorts dress_shirt dress_pants dress_shoes undergarments
    underclothes shapewear crop_jacket windcheaters shell_suit swim_top tank_tops crop_tops vests coat_dress
    trackpants track_pants tracksuits apparel footed_pajamas pj's pjs surplice alb chasuble cope scapular ruff jabot dickey
    dickie loafer sneaker boot shoe heel sandal slipper stocking sock hospital_gown straitjacket space_suits flightsuit
    jump_suit wet_suit buruma kneehighs wifebeater miko bell_bottoms soccer_kit football_kit rugby_kit bomber tux furisode
    happi jinbei changpao microskirt over_kneehighs fundoshi sarashi plugsuit
    running_gear workout_gear cycling_gear sports_gear gym_gear racing_gear firefighting_gear fishing_gear biker_gear
    police_gear military_gear hunting_gear
    camouflage_gear camo_gear riding_gear protective_gear ski_gear rain_gear hiking_gear tactical_gear combat_gear
    winter_gear turnout_gear safety_gear football_gear hockey_gear climbing_gear battle_gear diving_gear motorcycle_gear
    lorica bodystocking underbust faulds tassets shoulder_pads playboy_bunny bunny_suit kigurumi roller_skates ice_skates
    rollerblades
    inline_skates ski_boots climbing_shoes oilskins twinset mukluks snowshoes codpiece cover_up hoop_skirt grass_skirt
    figure_skates white_skates black_skates hockey_skates tracht rebozo soutane slingbacks pool_slides thigh_highs jackboots
    huaraches keikogi down_suit
    down_coat snow_coat housedress
    gothic_lolita lolita_fashion lolita sweet_lolita
    sannies gansey corduroys leathers mawashi dishdasha guayabera pollera vyshyvanka valenki bisht drysuit trench dobok karategi
    judogi khimar jilbab oilskin jorts hotpants daisy_dukes cut_offs treggings bootcuts two_piece three_piece chef_whites
    cricket_whites bib bib_apron trouser cami nikes jordans feeding_bib fishing_smock
    trackies trackie_bottoms tracky_bottoms jogging_bottoms jogger_bottoms tracksuit_bottoms pyjama_bottoms
    pajama_bottoms welly barbour barbour_jacket wax_jacket kagoule mac pac_a_mac puffa puffa_jacket body_warmer bodywarmer
    cardi cardie cozzie cossie togs budgie_smugglers bathers rashie jandals daps sandshoes winkle_pickers
    brothel_creepers dms jim_jams jammies jimjams undies y_fronts salopettes waterproofs overtrousers kecks
    pinny overall babygro baby_grow sleepsuit all_in_one chefs_whites chef's_whites footy_kit
    polo_neck roll_neck shirtsleeves clobber hoody swaddle
    bunker_pants turnout_coat turnout_pants turnout_jacket show_jacket hacking_jacket riding_jacket riding_breeches posing_trunks
    boxing_trunks wrestling_singlet compression_sleeve compression_shorts compression_tights compression_shirt arm_sleeve
    leg_sleeve cycling_jersey bike_shorts cycling_shorts bib_shorts football_pants baseball_pants hockey_pants hockey_jersey
    fencing_jacket fencing_whites judo_gi ski_pants snow_pants snowboard_pants rain_pants shell_jacket softshell hardshell
    down_jacket puffer_vest down_vest rain_jacket motorcycle_jacket moto_jacket biker_jacket bolero_jacket trucker_jacket
    denim_vest leather_vest suit_jacket suit_vest suit_pants dress_trousers cargo_pants cargo_trousers palazzo_pants harem_pants
    parachute_pants track_jacket warm_up_suit sweat_suit race_suit racing_suit fire_suit firesuit bee_suit beekeeping_suit
    jumpsuits bodysuits wetsuits drysuits spacesuits rompers leotards unitards singlets tabards surcoats hauberks doublets
    chestplate breastplates chestplates chest_plate backplate leg_armor arm_armor shoulder_armor shoulder_guard shoulder_guards
    thigh_armor leather_armor scale_mail scale_armor ring_mail plate_greaves sabatons cuisses gambeson aketon brigandine
    spaulder spaulders vambrace greave tasset rerebrace poleyns couters robe_a_la_francaise houppelande kirtle stomacher
    chiton himation peplos stola tunica toga_virilis exomis caftans kaftans dashikis kimono_jacket hakamas noragi samue jeogori
    chima qun ruqun cheongsam_dress tangzhuang zhongshan_suit mao_suit mao_jacket nehru_jacket kurti kurtas ghagra sharara
    gharara patiala mundu veshti barong barong_tagalog kebaya baju_kurung baju_melayu songkok longyi ponchos sarafan kosovorotka
    rubakha fustanella bunad gakti bolo_jacket huipils quechquemitl boubou grand_boubou kanga kitenge isiagu
    maid_outfit maid_dress nurse_uniform nurse_outfit school_swimsuit bunny_outfit magical_girl_outfit idol_outfit
    cheerleader_uniform cheerleader_outfit sailor_uniform sailor_dress serafuku_top gym_uniform gym_outfit pe_uniform
    thigh_boots thigh_high_boots knee_boots knee_high_boots ankle_boots combat_boots cowboy_boots hiking_boots work_boots
    riding_boots chelsea_boots ballet_shoes ballet_slippers tap_shoes running_shoes football_boots soccer_cleats
    track_spikes running_spikes bowling_shoes wading_boots geta_sandals platform_shoes platform_boots ballet_pumps
    rain_coat trenchcoats duster duster_coat greatcoat great_coat opera_coat swing_coat tailcoats morning_suit dinner_suit
    lounge_suit zoot_suit leisure_suit playsuits pinstripe_suit sack_dress shift_dress tea_dress skater_dress tulle_skirt
    wrap_skirt circle_skirt tutu_skirt hobble_skirt peasant_blouse crop_hoodie cropped_hoodie rugby_shirt polo_shirt
    football_shirt bowling_shirt aloha_shirt hawaiian_shirt flannel_shirt denim_shirt muscle_shirt muscle_tee
    aba balldress bathing_trunks bobbysocks bobby_socks body_stocking body_suit bootee bootees bootie booties boxershorts
    boxer_shorts brassiere breechcloth breechclout britches brogan brogans brogue buckskins burka burkas burnoose burnous
    burnouse buskins byrnie capote chadar chuddar chlamys chukkas chukka_boots civvies clodhoppers clog coatee corslet culotte
    daishiki diaper diapers nappy nappies dress_whites duds espadrille fichu finery flip_flop foul_weather_gear
    foundation_garment fursuit galosh ghillie_suit girdle guimpe gymslip habergeon haik hip_boots huarache jackboot jellaba
    kanzu khakis knee_breeches knee_pants knee_highs knee_high_socks lavalava legging leisure_wear leisurewear levis levi's
    mackinaw maillot mantelet mantua middy_blouse mink_coat fur_coat moccasin mocassins motley neckcloth neglige nightclothes
    nylons overclothes overgarment overshoes oxford_shoes pajama_top pajama_pants pajama_shirt pyjama_top pyjama_trousers
    pyjama_shirt pallium pantie panty pedal_pushers pelisse peplum_top plimsoll puttee pyjama raglan regimentals robe_de_chambre
    sabot sackcloth saddle_shoes saddle_oxfords sarape shalwar shirtwaist shirtwaister racing_silks jockey_silks skivvies
    slicker rain_slicker slingback slip_ons slip_on_shoes slipover straightjacket sunsuit support_hose surtout swaddling_clothes
    swallowtail_coat sweat_pants sweat_socks topcoat trews trunk_hose tweeds underpants undergarment underclothing underdrawers
    vestment walking_shoes walking_boots wing_tips wraparound_skirt ankle_boot combat_boot cowboy_boot work_boot hiking_boot
    rain_boot riding_boot wellington knee_sock ankle_sock knee_boot chapan bathing_costume swimming_costume swimming_trunks
    ski_boot ice_skate roller_skate tracksuit_top puffer_coat bubble_jacket bubble_coat nursing_uniform police_uniform
    military_uniform army_uniform prison_uniform pleated_trousers snow_boots snow_boot
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
    chest_strap kerchief neckerchief keffiyeh kufi kippah yarmulke fez bowler bowler_hat trilby panama_hat bucket_hat newsboy_cap
    flat_cap trucker_hat beanies deerstalker hairnet shower_cap swim_cap nightcap earflaps gauntlets gauntlet quiver
    scabbard holster bandolier sporran hand_wraps wrist_wraps wrist_guard shin_guards shin_pads elbow_pads respirator
    gas_mask surgical_mask snorkel hearing_aid pince_nez eye_mask sleep_mask locket torc dog_tags anklets nose_hoop barrette
    barrettes scrunchie hair_band flower_crown laurel_wreath rosary pocket_square boutonniere corsage epaulettes rucksack
    knapsack pack bag tote tote_bag scarves hats caps belts brooches pendants helmets hoods cloaks capes bows lenses
    contact_lenses knee_brace cufflink hairpins hair_clips wreath name_tag ushanka toque tam_o_shanter bobble_hat
    stocking_cap watch_cap skullcap skull_cap coif wimple mitre miter biretta shako tricorn tricorne bicorne kepi
    pith_helmet mortarboard sunhat boater cloche pillbox_hat homburg stetson snapback durag do_rag headwrap head_wrap
    hair_wrap gele ear_cuff ear_cuffs nose_pin maang_tikka necklet torque lariat amulet talisman medallion medal medals
    crucifix signet_ring wedding_band engagement_ring wedding_ring armlet cameo lapel_pin epaulets epaulette insignia
    bolo_tie cravat ascot stole pashmina snood gaiter neck_gaiter muffler feather_boa tippet capelet muff waist_bag bum_bag
    crossbody_bag shoulder_bag utility_belt sword_belt baldric ammo_belt earpiece ear_defenders ear_protectors ear_plugs
    welding_mask welding_helmet face_shield nose_clip swim_goggles ski_goggles ski_mask vr_headset vr_goggles
    virtual_reality_headset bike_helmet headset oven_mitts mitts sling splint kneepad bifocals half_moon_glasses aviators
    aviator_sunglasses wayfarers shades lorgnette eyeglass loupe contact_lens baseball_cap ball_cap bobble_cap wool_cap
    knit_cap knit_hat bandoliers tiaras coronet veils bridal_veil mantilla headcloth ghutra shemagh agal dupatta sunbonnet
    hair_net hair_slide hair_comb hair_elastic hair_beads hair_clasp hair_jewelry headpieces headgear nose_rings septum_ring
    lip_ring lip_rings eyebrow_ring belly_ring toe_ring toe_rings ear_studs stud_earrings hoop_earrings drop_earrings
    chandelier_earrings dangling_earrings pearl_earrings ear_hoops belt_buckle suspender watches smartwatch smart_watch
    fitness_tracker apple_watch wrist_band wrist_strap friendship_bracelet charm_bracelet body_chain waist_chain belly_chain
    chain_necklace pearl_necklace cross_necklace choker_necklace neck_chain neck_tie bow_ties neckties handkerchief
    pocket_handkerchief face_covering bandana_mask n95_mask plague_mask half_mask venetian_mask domino_mask eye_patch
    eyepatches monocles handcuffs cuff tool_pouch belt_pouch id_badge press_pass press_badge name_tags sword_sheath
    fairy_wings angel_wings elf_ears rabbit_ears antlers garlands flower_wreath laurel_crown glasses_chain opera_gloves
    driving_gloves lace_gloves surgical_gloves rubber_gloves work_gloves gardening_gloves batting_gloves
    fingerless_gloves hair_rollers
    hair_curlers nurse_cap stud tail neck_warmer obijime magatama hachimaki forehead_protector randoseru arm_guards kote
    aiguillette jingle_bell clutch clutch_bag evening_bag life_belt busby bearskin_hat sou'wester mouthguard headlamp
    head_torch tie_pin tallit
    thimble clown_nose foam_nose rubber_nose
    foil_blanket space_blanket survival_blanket bunnet alice_band hair_bobble hair_bobbles kirby_grip kirby_grips
    specs sunnies buoyancy_aid headtorch balaclavas
    prayer_shawl neck_brace leg_brace back_brace
    mantles
    jhumkas jhumka rosette wrist_splint bobby_pin bobby_pins airpods cochlear_implant insulin_pump plaster_cast gumshield
    fitbit ankle_tag prayer_beads mangalsutra payal akubra kokoshnik glengarry tarboosh pagri patka tubeteika barretina
    carbon_fiber_prosthetic pin_badge spurs buttonhole_flower
    arm_guard leg_guard leg_guards thigh_guard thigh_guards knee_guard knee_guards chest_guard chest_protector neck_guard
    wrist_guards shin_guard finger_guard finger_tab mouth_guard bracer_guard shooting_glove archery_glove archer's_glove
    chalk_bag climbing_harness climbing_helmet safety_harness crampons belay_device hydration_pack hip_pack belt_bag sling_bag
    school_bag book_bag drawstring_bag duffel_bag gym_bag tool_belts tool_apron utility_vest ammo_pouch
    pouch_belt hip_pouch leg_holster thigh_holster shoulder_holster sword_scabbard sheath_belt back_scabbard
    hockey_mask goalie_mask catcher's_mask fencing_mask ski_helmet riding_helmet cycling_helmet football_helmet batting_helmet
    motorcycle_helmet racing_helmet crash_helmet combat_helmet viking_helmet horned_helmet space_helmet firefighter_helmet
    kabuto menpo half_helm great_helm helm helms sallet bascinet barbute circlets ear_muffs welding_goggles
    aviator_goggles flight_goggles night_vision_goggles loupes jeweler's_loupe head_mirror head_scarf head_scarves head_band
    headbands sweatbands wristbands wrist_brace elbow_brace ankle_brace ankle_bracelet toe_separators thumb_ring thumb_rings
    signet_rings signet signets shark_tooth taqiyah tuque bearskin nose_chain nose_jewel bindi_jewel matha_patti tikka
    kamarband waist_cincher bolo scarf_ring sautoir
    pearl_choker lace_choker velvet_choker collar_necklace bib_necklace dog_tag name_plate nameplate_necklace
    sun_visor swimming_cap bathing_cap swimming_goggles nose_plug shower_turban pirate_hat witch_hat witch's_hat wizard_hat
    santa_hat party_hat nurse_hat nurse's_cap sailor_hat police_cap peaked_cap officer's_cap military_cap garrison_cap
    campaign_hat slouch_hat pork_pie_hat porkpie_hat cowgirl_hat rice_hat nón_lá non_la conical_hat fur_hat papakha
    ushankas kalpak kalimavkion zucchetto klobuk chullo chupalla charro_hat feather_headdress war_bonnet crown_of_thorns
    devil_horns demon_horns ram_horns fake_wings butterfly_wings wolf_ears fox_ears dog_ears mouse_ears horse_ears
    fox_mask kitsune_mask
    oni_mask gas_masks plague_doctor_mask masquerade_mask lace_mask skull_mask cat_mask kanzashi
    bobbles hair_scrunchie hair_scarf hair_scrunchies hair_bows hair_ribbons hair_flowers hair_ornaments neck_ribbon
    arm_warmer arm_cuff arm_cuffs arm_ring arm_rings upper_arm_bracelet wrist_cuffs ankle_cuffs detached_collar
    elbow_gloves elbow_length_gloves bridal_gauntlets leather_gloves winter_gloves hockey_gloves goalie_gloves goalkeeper_gloves
    weightlifting_belt lifting_belt champion_belt championship_belt black_belt race_bib race_number bib_number contestant_badge
    oxygen_mask oxygen_tank scuba_tank scuba_mask diving_mask diving_helmet weight_belt swim_fins jet_pack jetpack
    cat_ear_headphones cat_headphones headset_mic headset_microphone lapel_mic lapel_microphone lavalier_mic baby_carrier
    baby_sling baby_wrap conference_badge visitor_badge staff_badge lanyards body_camera shoulder_radio
    aigrette babushka baldrick bandoleer bandoleers bicorn bling breastpin arm_cast leg_cast plaster_casts
    coonskin_cap derby_hat eardrop eardrops ear_wrap elbow_pad knee_pad shin_pad face_guard face_veil fob_watch watch_fob
    galluses glove golf_glove batting_glove golf_gloves hairpiece hatband hatbands kaffiyeh lavaliere mob_cap mobcap mitten
    neckpiece peg_leg pegleg pendent periwig peruke pillbox_cap pocketbook porkpie reticule scarfpin stickpin
    shoulder_board shoulder_boards tallis tallith tie_tack topee toupee tourniquet yashmak yarmulka wrist_tape athletic_tape
    hair_bell running_blade running_blades gamcha karakul_hat astrakhan_hat lavallière tudung
    prosthetic_foot prosthetic_legs prosthetic_arms artificial_leg artificial_arm bionic_leg
    arm_sling eye_bandage finger_bandage knee_bandage band_aids sticking_plaster adhesive_bandage
    wheelchair_gloves hair_grip hair_grips hair_slides nasal_cannula oxygen_tube feeding_tube nose_strip bum_bags money_belt
    fingerstall ear_tag sweat_band knitted_cap woollen_cap woolen_cap woolly_hat wooly_hat bobble_hats paper_crown papal_tiara
    laurel_wreaths turbans earring_studs ear_gauges gauge_earrings flesh_tunnel flesh_tunnels nipple_rings belly_button_ring
    navel_piercing
""")

DRINKING_GLASSES = words(
    "wine_glasses wine_glass champagne_glasses champagne_glass martini_glass cocktail_glasses beer_glasses"
    " shot_glasses water_glasses drinking_glasses magnifying_glass magnifying_glasses stained_glass field_glasses opera_glasses"
)
"""glasses that nobody wears"""

AMBIGUOUS = words("""
    top ring rings tie watch cap belt badge collar mask chain harness wings horns halo suit slip crown bell ribbon pearls
    thimble studs hoops sleeves slippers trainers heels flats pumps towel sleeve hem hood visor lei garland cape polo chains fins
    flippers costume uniform armor armour sash outfit clothes clothing formal casual maid boxers pants shorts suspenders
    jersey purse handbag satchel veil goggles puffer neckline frills bag pack tote tote_bag rucksack knapsack tank fleece
    habit oxfords cleats robes flannel holster scabbard quiver snorkel locket chaps cords wreath lenses bows hats scarves
    caps belts helmets tops coats jackets dresses shirts shoulder mantle bowler sling splint medal medals insignia stole
    muff shades boater crucifix cuff mules trench boot shoe heel sandal sock slipper stocking apparel garb separates thong
    torque camouflage mitts watches slips antlers handkerchief handcuffs camo converse gaiters shrug cope cameo oven_mitts
    mac togs bathers overall specs daps barbour all_in_one waterproofs
    bomber stud tail medallion amulet talisman bib shell pinny
    glove mitten clog sabot finery nylons diaper diapers brogue slicker motley pocketbook girdle
""")
"""not worn by anyone unless the words around say so"""

CLOTH = words("""
    bold vibrant slouchy intricate luxurious opulent lavish exquisite pristine immaculate breezy airy utilitarian practical
    comfortable comfy whimsical sturdy weathered blackened tarnished stately austere understated colorful colourful
    cardboard kevlar nitrile
    paper leather denim cotton wool woollen woolen silk satin lace velvet linen knit knitted striped plaid checkered checked
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
    victorian renaissance monastic academic unlaced untucked silken gauzy lacy frilly frilled ribbed waffle_knit rumpled
    wrinkled starched pressed creased worn_out well_worn ragged patchwork grubby greasy mud_stained mud_spattered
    paint_splattered paint_spattered grease_stained blood_stained soiled sweaty wet damp soaked drenched muted pastel
    neutral monochrome color_block colorblock colour_block scoop_neck boat_neck sweetheart square_neck mock_neck turtle_neck
    roll_neck high_collared stand_up wing_tip lapelled notch_lapel shawl_collar single_breasted two_piece two_button
    wool_blend terry terrycloth jersey poplin seersucker twill chambray gabardine velour lycra spandex lurex lame lamé pvc
    patent patent_leather faux faux_fur faux_leather alligator crocodile snakeskin zebra cheetah tiger_print cow_print
    hawaiian aloha ikat batik tribal aztec fair_isle nordic aran cableknit chunky_knit hand_knitted handmade homespun coarse
    rough designer branded logo slogan retro punk gothic goth grunge preppy bohemian boho hippie western country rustic
    royal regal imperial tudor edwardian elizabethan baroque rococo 1920s 1950s 1960s 1970s 1980s flapper steampunk
    futuristic sci_fi tactical utility work athletic tennis golf basketball football soccer hockey rugby cricket swim yoga
    gym track cycling climbing fishing hunting riding equestrian biker motorcycle flight police bridal fairy princess
    superhero santa halloween nightclub party festive sparkling glittering glittery shimmering shimmery shiny glossy matte
    satiny lustrous opalescent holographic see_through transparent translucent opaque lightweight cutout high_cut low_rise
    mid_rise high_rise drawstring elastic elasticated straight_leg boot_cut bootcut flared tapered slim relaxed loose_fit
    regular_fit boxy billowy billowing voluminous puffed bell bishop balloon ruched gathered smocked tiered peplum draped
    wrap asymmetric off_shoulder spaghetti_strap thin_strapped racerback open_collared open_toed peep_toe pointed
    pointed_toe round_toe platform stiletto kitten block chunky_heeled flat lace_up slip_on velcro buckled thigh_high
    mid_calf calf_high ankle_high hi_top high_top low_top steel_toed combat military_style wellington ballet dance tap
    pointe worn_in scuffed muddied dust_covered bloodied singed charred battered beat_up dented rusted rusty gilded gilt
    golden engraved etched filigree jewel_encrusted gem_encrusted gemstone ruby emerald sapphire topaz turquoise amber jade
    crystal glass plastic wooden bone shell coral braided twisted chain_link minimalist dainty fine mismatched assorted
    multiple several various oval rectangular square cat's_eye thin_framed thick_framed wire_framed wire_rim gold_rimmed
    gold_framed black_rimmed black_framed red_framed clear_framed frameless dark sun prescription narrow_brimmed peaked
    brimmed conical pointy veiled plumed feather backwards backward reversed crooked upturned pom_pom bobble
    ear_flap zippered zip snap_button toggle double_layered floor_sweeping trailing appliqued appliquéd monogrammed sequin
    spangled bedazzled tasseled tasselled pompom lattice laced corseted structured boned princess_line a_line sheath shift
    skater babydoll tube body_hugging figure_hugging skintight skin_tight bodycon clingy snug ill_fitting well_fitted
    well_fitting well_tailored impeccably_tailored bespoke expensive cheap humble modest revealing skimpy daring provocative
    suggestive conservative professional corporate smart smart_casual semi_formal dressy black_tie white_tie ritual
    religious ecclesiastical papal judicial prison candy_striped rainbow_striped vertical_striped horizontally_striped
    windowpane glen_plaid prince_of_wales buffalo_check buffalo_plaid harlequin diamond_patterned star_patterned
    leaf_patterned botanical tropical abstract geometric ethnic folk indian japanese chinese korean african mexican scottish
    bavarian russian arabian moroccan greek roman egyptian viking celtic mod modern contemporary chic trendy fashionable
""")
