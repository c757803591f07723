"""Tags of image boards, as WD14 writes them, that describe looks as a whole and that the grammar would not see as such."""

from __future__ import annotations

from fluxdiag.dataset.finding.lexicon.lists import words

BOORU = {
    "hair": words("""
        hair_spread_out braid_over_shoulder hair_behind_ears hair_in_eyes hair_in_face
        hair_over_shoulder hair_over_one_eye hair_over_eyes hair_between_eyes hair_behind_ear hair_slicked_back
        hair_pulled_back hair_tied_back hair_down hair_up hair_flaps hair_rings hair_intakes hair_strand hair_tied floating_hair
        colored_tips colored_inner_hair multicolored_hair gradient_hair two_tone_hair split_color_hair streaked_hair big_hair
        wavy_hair spiked_hair flipped_hair curtained_hair expressive_hair shiny_hair antenna_hair low_tied_long_hair
        low_tied_hair one_side_up two_side_up twin_drills jheri_curls wolf_cut inverted_bob flattop cowlick goatee_stubble
        alternate_hairstyle alternate_hair_color bun_cover braided_bun body_hair chest_hair arm_hair leg_hair armpit_hair
        navel_hair pubic_hair hairy balding thick_mustache very_long_hair absurdly_long_hair roots_visible
        shaved_side shaved_sides dark_roots crossed_bangs folded_ponytail side_drill quad_tails chonmage fake_mustache
        beehive quiff bunches dreadtails stubbly bun bald_on_top
    """),
    "eyes": words("""
        heterochromia tsurime tareme jitome sanpaku slit_pupils constricted_pupils dilated_pupils bright_pupils white_pupils
        heart_shaped_pupils star_shaped_pupils symbol_shaped_pupils no_pupils eyelashes colored_eyelashes ringed_eyes
        glowing_eyes empty_eyes multicolored_eyes gradient_eyes colored_sclera black_sclera red_sclera third_eye one_eyed
        bags_under_eyes crossed_eyed one_eye_covered blank_eyes hollow_eyes long_lower_eyelashes
    """),
    "face": words("""
        lips thick_lips puffy_lips shiny_lips big_nose pointy_nose dot_nose red_nose sharp_teeth upper_teeth_only
        buck_teeth missing_tooth missing_teeth tooth_gap gap_teeth gap_toothed fang skin_fang
        eyebrows no_eyebrows forked_eyebrows cleft_chin double_chin pointy_ears long_pointy_ears cheekbones
        eyeliner eyeshadow makeup heavy_makeup no_makeup blush_stickers facial_features adam's_apple long_neck
        chubby_cheeks forehead_mark short_eyebrows hikimayu snout muzzle beak single_horn gills forked_tongue long_tongue
        freckled_nose red_cheeks
    """),
    "skin": words("""
        dark_skinned_female dark_skinned_male very_dark_skin light_skinned tan tanlines tan_lines bikini_tan colored_skin
        blue_skin green_skin red_skin grey_skin purple_skin orange_skin shiny_skin oiled sunburn wet_skin
        skin_texture goosebumps wet sweaty scarred_skin fur white_fur black_fur brown_fur grey_fur gray_fur orange_fur
        red_fur blue_fur body_fur
        two_tone_fur scales white_scales green_scales red_scales blue_scales feathers deathly_pale ghostly_pale oil albino
        ganguro
    """),
    "body": words("""
        hunched_back
        breasts cleavage sideboob underboob navel midriff stomach abs pectorals large_pectorals biceps thighs thick_thighs
        thigh_gap ass huge_ass hips wide_hips narrow_waist waist collarbone collarbones shoulder_blades ribs armpits bare_legs
        bare_arms bare_back hip_bones median_furrow groin obliques veins veiny_hands muscular_male muscular_female toned_male
        toned_female tall_female tall_male fat_man thick_arms thick_legs plus_size flat_chest bodybuilder big_belly belly
        nipples bulge curves legs_visible slender_body hourglass_figure clavicle claws paws hooves
        extra_arms doll_joints loli shota
    """),
    "mark": words("""
        freckled tattooed scarred fingernails toenails nail_art body_markings body_writing bodypaint facepaint bandages
        bandaged_arm bandaged_hand bandaged_leg bandaged_head bandaid_on_face bandaid_on_nose bandaid_on_cheek
        bandaid_on_knee bandaid_on_leg injury prosthesis prosthetic_arm prosthetic_leg mechanical_arm mechanical_arms cyborg
        mole_on_breast mole_on_cheek mole_on_neck mole_on_chin mole_above_mouth full_body_tattoo blood_on_face
        toenail_polish nosebleed scar_on_face scar_on_nose
        scar_on_forehead scar_on_chest scar_on_arm scar_on_neck scar_on_mouth scar_on_leg scar_on_hand
        scales_on_cheeks scales_on_cheek scales_on_face scales_on_arms
        freckles_on_cheeks freckles_on_nose blood_on_cheek dirt_on_face paint_on_face dirty_face bruise bruises
    """),
    "clothing": words("""
        whites
        shirtless topless topless_male topless_female bottomless barefoot bare_feet naked nude completely_nude no_shirt
        bare_chest naked_towel naked_shirt casual formal sleeves_rolled_up bare_shoulders single_bare_shoulder
        zettai_ryouiki sleeves_past_wrists sleeves_past_fingers shirt_tucked_in tucked_in_shirt untucked_shirt open_clothes
        torn_clothes wet_clothes see_through clothing_cutout cleavage_cutout navel_cutout shoulder_cutout back_cutout
        side_slit high_slit highleg strapless backless_outfit halterneck criss_cross_halter spaghetti_strap spaghetti_straps
        v_neck crew_neck underwear_only no_bra no_panties no_shoes no_pants pantylines bra_strap bra_straps covered_nipples
        covered_navel skin_tight skindentation striped plaid checkered polka_dot floral_print argyle camouflage
        animal_print leopard_print denim latex leather lace frills frilled lace_trim fur_trim gold_trim ribbon_trim
        fur_collar asymmetrical_legwear mismatched_legwear single_thighhigh unbuttoned partially_unbuttoned unzipped
        partially_unzipped open_fly buttons zipper pocket pockets breast_pocket hood_up hood_down sleeveless
        long_sleeves short_sleeves wide_sleeves puffy_sleeves puffy_short_sleeves puffy_long_sleeves detached_sleeves
        detached_collar wing_collar popped_collar ribbed unworn_shirt_ layered_sleeves cross_laced_footwear
        center_opening pelvic_curtain cutout_above_navel gyaru japanese_clothes chinese_clothes traditional_clothes
    """),
    "accessory": words("""
        pads lid_on drawstring drawstrings
        eyewear_on_head sunglasses_on_head glasses_on_head goggles_on_head hat_on_back mask_on_head mask_around_neck
        goggles_around_neck headphones_around_neck towel_around_neck scarf_around_neck jacket_around_waist
        clothes_around_waist sweater_around_waist shirt_around_waist hair_ornament hair_stick kanzashi hair_bobbles hair_tubes
        hair_scrunchie head_wreath belt_pouch belt_buckle buckle garter_straps thigh_strap single_earring stud_earrings
        wedding_band rabbit_ears fox_ears dog_ears wolf_ears horse_ears extra_ears tail fox_tail cat_tail demon_horns
        angel_wings blindfold gagged piercing gem id_card dog_tags shoulder_bag bead_necklace beads bell
        multiple_tails dragon_tail rabbit_tail bunny_tail animal_ear_fluff red_bow waist_bow back_bow hair_feather
        goggles_on_headwear eyewear_hang over_rim_eyewear tinted_eyewear opaque_glasses headset ear_tag drop_earrings
    """),
    "expression": words("""
        smile light_smile evil_smile seductive_smile crazy_smile forced_smile grin evil_grin smirk smug frown light_frown pout
        open_mouth closed_mouth parted_lips pursed_lips puckered_lips tongue tongue_out clenched_teeth laughing crying
        crying_with_eyes_open tears streaming_tears blush light_blush full_face_blush nose_blush embarrassed shy angry annoyed
        sad serious expressionless surprised scared worried nervous bored sleepy happy wavy_mouth triangle_mouth
        naughty_face furrowed_brow raised_eyebrow raised_eyebrows v_shaped_eyebrows one_eye_closed wink closed_eyes
        half_closed_eyes half_closed_eye narrowed_eyes squinting wide_eyed glaring scowl yawning drooling licking_lips
        duckface no_expression teeth_showing biting_own_lip lip_biting upturned_mouth ^_^ disgust confused flustered
    """),
    "age": words("""
        child teen teenage old old_man old_woman mature_female mature_male aged_up aged_down elderly young middle_aged
        female_child male_child toddler infant adult_female adult_male
    """),
}
"""kind -> tags"""
