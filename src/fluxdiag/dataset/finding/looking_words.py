"""What one adjective of a person is about: `bald` is hair, `broad-shouldered` the body, `sad-looking` an expression."""

from __future__ import annotations

from functools import cache

from fluxdiag.dataset.finding import lexicon as lx
from fluxdiag.records import AppearanceKind

HAIRED = (
    "haired",
    "eyed",
    "skinned",
    "faced",
    "bearded",
    "cheeked",
    "lipped",
    "legged",
    "shouldered",
    "chested",
    "bodied",
    "complexioned",
    "eared",
    "nosed",
    "browed",
    "jawed",
    "lashed",
    "toothed",
    "bellied",
    "necked",
    "waisted",
    "hipped",
    "knuckled",
    "fingered",
    "breasted",
    "limbed",
    "mustached",
    "moustached",
    "stubbled",
    "freckled",
    "tattooed",
    "aged",
)
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
BEFORE_PERSON: tuple[tuple[AppearanceKind, lx.Words], ...] = (
    (
        "hair",
        lx.words(
            "blonde blond brunette redhead redheaded red_headed bald balding bearded clean_shaven unshaven ginger mustachioed"
            " long_haired"
        ),
    ),
    (
        "skin",
        lx.ETHNICITY
        | lx.words(
            "pale tanned dark_skinned fair_skinned light_skinned sunburnt sunburned tan swarthy sallow ruddy pasty sun_kissed"
            " weather_beaten weathered weather_worn"
        ),
    ),
    ("face", lx.BEAUTY | lx.words("toothless heavily_made_up made_up")),
    ("age", lx.AGE),
    ("mark", lx.words("freckled tattooed scarred wrinkled pierced")),
    ("accessory", lx.words("bespectacled masked hooded helmeted veiled turbaned")),
    (
        "clothing",
        lx.words(
            "shirtless topless barefoot naked nude well_dressed scantily_clad robed uniformed suited cloaked caped costumed"
        ),
    ),
    ("body", lx.BODY | lx.words("gaunt haggard bow_legged stooped pigeon_toed")),
    ("expression", lx.FELT | lx.words("smiling laughing grinning crying serious")),
)
ADJECTIVE: dict[str, AppearanceKind] = {word: kind for kind, group in reversed(BEFORE_PERSON) for word in group}


@cache
def adjective_kind(key: str) -> AppearanceKind | None:
    looking, _, last = key.rpartition(" ")
    if last == "looking":
        return "face" if looking in lx.BEAUTY else "expression" if looking in lx.MOODS else None
    last = last or key
    if key in ADJECTIVE:
        return ADJECTIVE[key]
    return next((KIND_OF[end] for end in HAIRED if last.endswith(end)), None)
