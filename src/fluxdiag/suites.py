"""Probe suites (`probes/*.toml`) and the arms that they name. An arm is a condition; its meaning never varies by suite."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator
from fnmatch import filter as filter_names
from fnmatch import fnmatchcase
from pathlib import Path

from pydantic import ValidationError

from fluxdiag.errors import FluxdiagError
from fluxdiag.errors_in_files import why
from fluxdiag.instruments.parts import LOSSES, made_from, part
from fluxdiag.manual import manual_page
from fluxdiag.records import Arm, Case, Probe, Prompt, SubjectKind, Suite
from fluxdiag.variants import KNOWN, is_variant, parsed

USUAL, THOROUGH = "quick", "full"
"""what is asked unless told otherwise, and the suite that draws whatever any measurement is made from"""
HOW = f"{manual_page('probes.md')} says how to write one"
ARMS: dict[str, Arm] = {
    arm.name: arm
    for arm in (
        Arm(name="trigger", lora=True, subject="trigger"),
        Arm(name="class", lora=True, subject="class"),
        Arm(name="base", lora=False, subject="class"),
        Arm(name="trigger-base", lora=False, subject="trigger"),
        Arm(name="description", lora=True, subject="description"),
        Arm(name="description-base", lora=False, subject="description"),
        Arm(name="both", lora=True, subject="both"),
        Arm(name="contrast", lora=True, subject="trigger"),
        Arm(name="contrast-base", lora=False, subject="class"),
        Arm(name="others", lora=True, subject="none"),
        Arm(name="others-base", lora=False, subject="none"),
    )
}


def probes_folder() -> Path:
    """Where the suites lie: inside an installed wheel, or at the top of a checkout."""
    installed = Path(__file__).parent / "_probes"
    return installed if installed.is_dir() else Path(__file__).parents[2] / "probes"


def load_suite(name: str) -> tuple[Suite, Path]:
    """A suite by name (`quick`) or by path to a TOML, and the file that it was read from."""
    path = Path(name) if name.endswith(".toml") else probes_folder() / f"{name}.toml"
    if not path.is_file():
        if Path(name).is_file():
            raise FluxdiagError("a probe suite is a .toml file", where=name, do=HOW)
        known = ", ".join(sorted(file.stem for file in probes_folder().glob("*.toml")))
        raise FluxdiagError("there is no such probe suite", where=name, do=f"Known suites: {known}. {HOW}")
    try:
        suite = Suite.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, ValidationError) as error:
        raise FluxdiagError(f"not a probe suite ({why(error)})", where=str(path), do=HOW) from error
    _refuse_unknown(suite, path)
    return suite, path


def _refuse_unknown(suite: Suite, path: Path) -> None:
    unknown = sorted({arm for probe in suite.probes for arm in probe.arms} - ARMS.keys())
    if unknown:
        raise FluxdiagError(f"unknown arms {', '.join(unknown)}", where=str(path), do=f"Known arms: {', '.join(ARMS)}")
    strange = sorted({name for probe in suite.probes for name in probe.variants if not is_variant(name)})
    if strange:
        raise FluxdiagError(f"unknown adapter variants {', '.join(strange)}", where=str(path), do=f"Known variants: {KNOWN}")


def parts_of(suite: Suite) -> frozenset[str]:
    """What a suite draws, before it is known of which case: variants by the names that it gives them."""
    pictures = {
        part(arm, variant, prompt.kind)
        for probe in suite.probes
        for arm in probe.arms
        for variant in (probe.variants if ARMS[arm].lora else ("full",))
        for prompt in probe.prompts
    }
    return frozenset(pictures | ({LOSSES} if suite.losses else set()))


def extended(suite: Suite, keys: Iterable[str]) -> Suite:
    """The suite and, from the thorough one, what these measurements are made from and the suite does not draw itself."""
    wanted = {pattern for key in keys for pattern in made_from().get(key, ())}
    missing = {pattern for pattern in wanted if not pattern.startswith(LOSSES) and not filter_names(parts_of(suite), pattern)}
    if not missing:
        return suite
    more, _ = load_suite(THOROUGH)
    return suite.model_copy(
        update={"probes": (*suite.probes, *(found for p in more.probes for found in _only(p, missing, suite)))}
    )


def _only(probe: Probe, patterns: Iterable[str], suite: Suite) -> Iterator[Probe]:
    """Of a probe what bears one of these names; on the suite's own prompts where it has them, so that they are paired."""
    own = {prompt.id for each in suite.probes for prompt in each.prompts}
    prompts = tuple(prompt for prompt in probe.prompts if prompt.id in own) or probe.prompts
    for variant in probe.variants:
        for kind in dict.fromkeys(prompt.kind for prompt in prompts):
            names = {arm: part(arm, variant if ARMS[arm].lora else "full", kind) for arm in probe.arms}
            arms = tuple(arm for arm, name in names.items() if any(fnmatchcase(name, pattern) for pattern in patterns))
            if arms:
                asked = tuple(prompt for prompt in prompts if prompt.kind == kind)
                yield probe.model_copy(update={"arms": arms, "variants": (variant,), "prompts": asked})


def strength_factor(variant: str) -> float | None:
    """By what a variant of the adapter multiplies the case's strength; None where there is no such variant."""
    if not is_variant(variant):
        return None
    found = parsed(variant)
    return 1.0 if found is None else found.strength


def subject_phrase(case: Case, kind: SubjectKind) -> str | None:
    """What stands for {subject} in this arm, or None when the case cannot say it (no trigger, no description)."""
    trigger = None if case.trigger is None else str(case.trigger.value)
    class_word = str(case.class_word.value)
    phrases: dict[SubjectKind, str | None] = {
        "trigger": trigger,
        "class": f"a {class_word}",
        "description": None if case.description is None else f"a {class_word} with {case.description}",
        "both": None if case.description is None or trigger is None else f"{trigger} with {case.description}",
        "none": "",
    }
    return phrases[kind]


def ask(prompt: Prompt, subject: str) -> str:
    """The text of a prompt with its subject in place."""
    return prompt.text.replace("{subject}", subject)
