"""Does the person leak into other people? Likeness without the trigger, LoRA on minus off, by kind of prompt."""

from __future__ import annotations

from collections.abc import Iterator

from fluxdiag.instruments.likeness import Likeness, likeness
from fluxdiag.instruments.readings import reading
from fluxdiag.instruments.tables import Tables
from fluxdiag.records import Gap, Measurement
from fluxdiag.registry import instrument

OTHER_SEX = {"woman": "man", "man": "woman"}
SEX_OF = {
    **dict.fromkeys(("woman", "girl", "female", "lady", "actress"), "woman"),
    **dict.fromkeys(("man", "boy", "male", "guy", "actor"), "man"),
}
SEXES = ("others:man", "others:woman", "others-base:man", "others-base:woman")
PARTS = {"bleed.group": ("others:group", "others-base:group"), "bleed.same-sex": SEXES, "bleed.other-sex": SEXES}


@instrument(gives=("bleed.class", "bleed.same-sex", "bleed.other-sex", "bleed.group"), arms=("class", "base"))
def measure(tables: Tables) -> Iterator[Measurement | Gap]:
    person = likeness(tables)
    yield reading("bleed.class", person.above_base("class"), "scale", "prompts show a measurable face with and without the LoRA")
    yield _others(person, "bleed.group", "group")
    word = str(tables.case.class_word.value)
    for key in ("bleed.same-sex", "bleed.other-sex"):
        kind = prompt_kind(key, word)
        yield _others(person, key, kind) if kind else Gap(key=key, reason=no_sex(word))


def prompt_kind(key: str, class_word: str) -> str | None:
    """The kind of the prompts that a reading is made from; None where the class word does not say a sex."""
    sex = next((SEX_OF[part] for part in class_word.lower().split() if part in SEX_OF), None)
    kinds = {"bleed.class": "person", "bleed.group": "group", "bleed.same-sex": sex, "bleed.other-sex": OTHER_SEX.get(sex or "")}
    return kinds[key]


def no_sex(class_word: str) -> str:
    """The reason of a gap."""
    return f"the class word `{class_word}` does not say a sex"


def _others(person: Likeness, key: str, kind: str) -> Measurement | Gap:
    return reading(
        key, person.leaked(kind), "scale", f"prompts with another {kind} show a measurable face with and without the LoRA"
    )
