"""What is known of the training setup. Facts, not estimates: they inform a rule, they never convict."""

from __future__ import annotations

from collections.abc import Iterator

from fluxdiag.instruments.readings import exact
from fluxdiag.instruments.tables import Tables
from fluxdiag.records import Case, Gap, Measurement, StepFormula
from fluxdiag.registry import instrument

FACTS = {
    "setting.steps": ("steps", "steps"),
    "setting.learning-rate": ("learning_rate", "rate"),
    "setting.regularisation-images": ("regularisation_images", "images"),
}


UNRANKED = "it was trained as whole factors or differences, that nobody gave a rank"


@instrument(gives=(*FACTS, "setting.images", "setting.rank", "setting.exposure-ratio"))
def measure(tables: Tables) -> Iterator[Measurement | Gap]:
    case = tables.case
    for key, (setting, unit) in FACTS.items():
        value = number(case, setting)
        yield exact(key, value, unit) if value is not None else Gap(key=key, reason=why_unknown(case, setting))
    yield exact("setting.rank", case.lora.rank_median, "rank") if case.lora.ranked else Gap(key="setting.rank", reason=UNRANKED)
    images = image_count(case)
    yield exact("setting.images", images, "images") if images else Gap(key="setting.images", reason=why_unknown(case, "images"))
    yield _exposure(case, tables.formula)


def number(case: Case, setting: str) -> float | None:
    fact = case.settings.get(setting)
    return None if fact is None else fact.number


def why_unknown(case: Case, setting: str) -> str:
    if setting in case.settings:
        return f"the {case.settings[setting].source} says {case.settings[setting].value!r}, which is no number"
    if setting == "regularisation_images" and "regularisation" in case.settings:
        return f"the {case.settings['regularisation'].source} says that there were some, and not how many"
    return case.gaps.get(setting, f"neither the file nor what lies beside it tells the {setting.replace('_', ' ')}")


def image_count(case: Case) -> float | None:
    """Images of the subject: as the trainer recorded them, else the readable ones of the dataset."""
    readable = sum(photo.problem is None for photo in case.photos)
    return number(case, "images") or float(readable) or None


def _exposure(case: Case, formula: StepFormula) -> Measurement | Gap:
    """Pictures of the subject shown in training, over the guide's number of steps (section 4, which is for batch 1)."""
    key, steps, images = "setting.exposure-ratio", number(case, "steps"), image_count(case)
    if steps is None or images is None:
        return Gap(key=key, reason=why_unknown(case, "steps" if steps is None else "images"))
    shown = steps * max(1, number(case, "batch_size") or 1) * max(1, number(case, "accumulation") or 1)
    return exact(key, formula.exposure(shown, images, case.beside_others), "ratio")
