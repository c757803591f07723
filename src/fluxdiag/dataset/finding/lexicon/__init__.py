"""Words for how a person looks, by what they describe. Lists only; the grammar is in `spans.py` and its neighbours.

people.py   beings            looks.py   the body and its parts    verbs.py   what persons, things and scenes do
dress.py    what is worn      details.py what garments have        styles.py  how hair is worn
moods.py    expressions       booru.py   tags that the grammar would not see
lists.py    how a list is written
"""

from fluxdiag.dataset.finding.lexicon.booru import BOORU
from fluxdiag.dataset.finding.lexicon.dress import ACCESSORIES, AMBIGUOUS, CLOTH, DRINKING_GLASSES, GARMENTS
from fluxdiag.dataset.finding.lexicon.lists import Words, pattern, words
from fluxdiag.dataset.finding.lexicon.looks import (
    AGE,
    BEARDS,
    BEAUTY,
    BODY,
    BODY_HEADS,
    BODY_HEADS_ALONE,
    BODY_SIZE,
    COLOUR,
    DEGREE,
    ETHNICITY,
    EYE_HEADS,
    EYES,
    FACE,
    FACE_HEADS,
    FACE_HEADS_ALONE,
    HAIR,
    HAIR_HEADS,
    HAIR_HEADS_WITH_ADJECTIVE,
    MARK,
    MARK_HEADS,
    MARK_NEEDS_ADJECTIVE,
    QUANTITY,
    SKIN,
    SKIN_HEADS,
)
from fluxdiag.dataset.finding.lexicon.moods import EXPRESSIONS, FELT, MOOD_HEADS, MOODS
from fluxdiag.dataset.finding.lexicon.people import (
    ANIMAL,
    CLASS_NOUNS,
    FEMALE,
    MALE,
    PERSON,
    PLURAL_PERSON,
    ROLE_OF_SUBJECT,
    THING,
)

__all__ = [
    "ACCESSORIES",
    "AGE",
    "AMBIGUOUS",
    "ANIMAL",
    "BEARDS",
    "BEAUTY",
    "BODY",
    "BODY_HEADS",
    "BODY_HEADS_ALONE",
    "BODY_SIZE",
    "BOORU",
    "CLASS_NOUNS",
    "CLOTH",
    "COLOUR",
    "DEGREE",
    "DRINKING_GLASSES",
    "ETHNICITY",
    "EXPRESSIONS",
    "EYES",
    "EYE_HEADS",
    "FACE",
    "FACE_HEADS",
    "FACE_HEADS_ALONE",
    "FELT",
    "FEMALE",
    "GARMENTS",
    "HAIR",
    "HAIR_HEADS",
    "HAIR_HEADS_WITH_ADJECTIVE",
    "MALE",
    "MARK",
    "MARK_HEADS",
    "MARK_NEEDS_ADJECTIVE",
    "MOODS",
    "MOOD_HEADS",
    "PERSON",
    "PLURAL_PERSON",
    "QUANTITY",
    "ROLE_OF_SUBJECT",
    "SKIN",
    "SKIN_HEADS",
    "THING",
    "Words",
    "pattern",
    "words",
]
