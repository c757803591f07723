"""What one adjective of a person is about: `bald` is hair, `broad-shouldered` the body, `sad-looking` an expression."""

from __future__ import annotations

from functools import cache

from fluxdiag.dataset.finding import lexicon as lx
from fluxdiag.records import AppearanceKind

KIND_OF: dict[str, AppearanceKind] = {
    "haired": "hair", "bearded": "hair", "eyed": "eyes", "skinned": "skin", "complexioned": "skin", "faced": "face",
    "cheeked": "face", "lipped": "face",
    "eared": "face", "nosed": "face", "browed": "face", "jawed": "face", "lashed": "eyes", "toothed": "face",
    "bellied": "body", "necked": "body", "waisted": "body", "hipped": "body", "breasted": "body", "limbed": "body",
    "mustached": "hair", "moustached": "hair", "stubbled": "hair", "freckled": "mark", "tattooed": "mark",
    "aged": "age",
    "knuckled": "body", "fingered": "body",
    "legged": "body", "shouldered": "body", "chested": "body", "bodied": "body",
}  # fmt: skip
BEFORE_ENDING = (
    lx.COLOUR
    | lx.HAIR
    | lx.EYES
    | lx.FACE
    | lx.SKIN
    | lx.BODY
    | lx.words("bare bow broad one two three wide square hook middle long")
)
"""`barelegged`, `darkhaired`; `engaged` and `splashed` end as looks do by chance"""
BEFORE_PERSON: tuple[tuple[AppearanceKind, lx.Words], ...] = (
    (
        "hair",
        lx.words(
            "blonde blond brunette redhead redheaded red_headed bald balding bearded clean_shaven unshaven ginger mustachioed"
            " long_haired"
            " grizzled goateed beardless whiskered bewhiskered whiskery hirsute hairy hairless shaven smooth_shaven"
            " clean_shaved stubbly tonsured towheaded tow_headed grey_headed gray_headed white_headed bald_headed bald_pated"
            " curly_headed shock_headed unshaved permed platinum_blonde ash_blonde strawberry_blonde platinum_blond"
            " golden_blonde dirty_blonde ringleted moustachioed"
        ),
    ),
    (
        "skin",
        lx.ETHNICITY
        | lx.words(
            "pale tanned dark_skinned fair_skinned light_skinned sunburnt sunburned tan swarthy sallow ruddy pasty sun_kissed"
            " weather_beaten weathered weather_worn"
            " bronzed suntanned pallid wan rubicund florid dusky swart ashen sun_tanned windburned windburnt wind_burned"
            " leathery sun_browned jaundiced sunbaked sun_baked sun_bronzed sun_darkened sun_weathered tawny"
        ),
    ),
    (
        "face",
        lx.BEAUTY
        | lx.words(
            "toothless heavily_made_up made_up"
            " ugly homely pockmarked pocked jowly jowled disfigured double_chinned unattractive winsome bonny hideous"
            " ill_favoured ill_favored rouged wizened tusked boyish girlish better_looking"
        ),
    ),
    ("age", lx.AGE | lx.words("youngish oldish decrepit octogenarian nonagenarian septuagenarian sexagenarian preadolescent")),
    ("mark", lx.words("freckled tattooed scarred wrinkled pierced wrinkly inked scarified heavily_tattooed heavily_inked")),
    (
        "accessory",
        lx.words(
            "bespectacled masked hooded helmeted veiled turbaned"
            " spectacled monocled bejeweled bejewelled cowled goggled hatted bowler_hatted crowned visored bonneted mantled"
        ),
    ),
    (
        "clothing",
        lx.words(
            "shirtless topless barefoot naked nude well_dressed scantily_clad robed uniformed suited cloaked caped costumed"
            " barefooted shoeless bare_footed bare_chested barechested half_naked half_dressed unclothed undressed seminude"
            " gowned booted sandaled sandalled slippered trousered tuxedoed kilted aproned armored armoured cassocked"
            " leather_clad fully_clothed uniform_clad jackbooted toga_clad"
        ),
    ),
    (
        "body",
        lx.BODY
        | lx.words(
            "gaunt haggard bow_legged stooped pigeon_toed"
            " corpulent dumpy flabby fleshy gangling tallish shortish smallish hulky humpbacked hunchbacked crookbacked puny"
            " rawboned raw_boned roly_poly runty scraggy square_built squatty stubby stumpy swaybacked sylphlike tubby podgy"
            " weedy well_knit lank robust pint_sized undersized boney well_endowed cadaverous anorexic full_bosomed big_bosomed"
            " one_armed one_handed armless legless lame crippled blubbery double_jointed"
        ),
    ),
    ("expression", lx.FELT | lx.words("smiling laughing grinning crying serious")),
)
ADJECTIVE: dict[str, AppearanceKind] = {word: kind for kind, group in reversed(BEFORE_PERSON) for word in group}


@cache
def adjective_kind(key: str) -> AppearanceKind | None:
    if key in ADJECTIVE:
        return ADJECTIVE[key]
    looking, _, last = key.rpartition(" ")
    if last == "looking":
        return "face" if looking in lx.BEAUTY else "expression" if looking in lx.MOODS else None
    ending = next((end for end in KIND_OF if (last or key).endswith(end)), None)
    if ending is None:
        return None
    whole = bool(looking) or key == ending or key.removesuffix(ending) in BEFORE_ENDING
    return KIND_OF[ending] if whole else None
