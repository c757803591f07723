"""The fix as the page tells it: what to change, what it costs, what it should bring, and what would prove it wrong."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from fluxdiag.plan import duration
from fluxdiag.prescribe import MOVES, direction_of
from fluxdiag.profiles import DEFAULT_BASE
from fluxdiag.records import Case, Change, Diagnosis, Evidence, GatherInfo, Measurement
from fluxdiag.reporting.findings import BLEEDS, Headline
from fluxdiag.reporting.plots import prompts_needed
from fluxdiag.reporting.words import number, value_of
from fluxdiag.suites import THOROUGH, USUAL

PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9 _-]{0,60}", re.ASCII)
"""triggers that may stand in a command line that people copy; any other is theirs to type"""
WITHOUT_TRAINING = {"strength": "no training", "file": "an export, perhaps no training"}
"""changes that are not of the training itself, and what they cost"""
PROMPTS_OF_FULL, WITHIN_REACH = 16, 32
"""identity prompts of the largest suite, and as many as somebody would write and wait for"""


@dataclass(frozen=True)
class Disproof:
    """What has to move when the cause is this one, as (measurement, as it is now)."""

    title: str
    cited: tuple[Measurement, ...]


@dataclass(frozen=True)
class Remedy:
    changes: tuple[Change, ...]
    cost: str
    gain: str
    disproof: tuple[Disproof, ...]
    commands: tuple[tuple[str, str], ...]
    """(what it does, the command)"""
    diff: str
    """the changes as lines with - and +, to be copied"""
    more: tuple[str, ...]
    """what would decide it: a sentence for each number, and photos of the person where there are none"""


def remedy_of(
    case: Case,
    made: GatherInfo,
    evidence: Evidence,
    diagnosis: Diagnosis,
    headlines: list[Headline],
    hide: Callable[[object], str],
) -> Remedy:
    changes = diagnosis.prescription
    return Remedy(
        changes=changes,
        cost=_cost(case, made, changes) if changes else "",
        gain=_gain(diagnosis, headlines),
        disproof=tuple(_disproof(diagnosis, evidence)),
        commands=tuple(_commands(case, made, diagnosis)),
        diff="\n".join(_diff(changes, hide)),
        more=tuple(_more(case, diagnosis, headlines)),
    )


def _cost(case: Case, made: GatherInfo, changes: Iterable[Change]) -> str:
    pictures = f"the same {made.shots} pictures again"
    pictures += f" ({duration(made.seconds['all'] / 60)} on this machine)" if "all" in made.seconds else ""
    spared = [WITHOUT_TRAINING.get(change.setting) for change in changes]
    if all(spared):
        return f"{spared[0]}, then {pictures}"
    steps = case.settings.get("steps")
    known = f" (the last took {number(float(steps.value))} steps)" if steps and _numeric(steps.value) else ""
    return f"one more training{known}, then {pictures}"


def _numeric(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _gain(diagnosis: Diagnosis, headlines: list[Headline]) -> str:
    """What the changes should make of those of the first screen's numbers that they move; nothing is promised beyond the line."""
    moved = {key for change in diagnosis.prescription for key in _moved_by(change, diagnosis)}
    return ", ".join(_goal(h, h.found) for h in headlines if h.found is not None and h.state != "yes" and _asks(h) in moved)


def _moved_by(change: Change, diagnosis: Diagnosis) -> tuple[str, ...]:
    direction = direction_of(change.setting, diagnosis.findings)
    return MOVES.get((change.setting, direction), MOVES.get((change.setting, None), ()))


def _asks(headline: Headline) -> str:
    """The key that changes are known to move: whom the person bleeds into makes no difference to them."""
    return "bleed.class" if headline.key in BLEEDS else headline.key


def _goal(headline: Headline, found: Measurement) -> str:
    """An estimate that lies on the right side already has to become clear of its line."""
    label, side, line, now = headline.label.lower(), headline.side, number(headline.line), value_of(found)
    right = found.value > headline.line if side == "above" else found.value < headline.line
    return f"{label} clearly {side} {line} (now {now})" if right else f"{label} from {now} to {side} {line}"


def _disproof(diagnosis: Diagnosis, evidence: Evidence) -> Iterable[Disproof]:
    for finding in diagnosis.findings:
        if finding.status == "present":
            probed = [key for key in finding.cites if not key.startswith(("setting.", "captions.", "file."))]
            yield Disproof(finding.title, tuple(evidence.measurements[key] for key in probed if key in evidence.measurements))


def _commands(case: Case, made: GatherInfo, diagnosis: Diagnosis) -> Iterable[tuple[str, str]]:
    """Capitals stand for what the user has to put in: the page names no folder, and no word of a file enters a command."""
    settings = {change.setting for change in diagnosis.prescription}
    if not settings:
        if diagnosis.verdict == "faulty" and any(symptom.name == "bleed" for symptom in diagnosis.symptoms):
            yield "look for a weaker edit of the file that bleeds less, without a training", "fluxdiag repair RUN"
        # Without photos of the person its own pictures could not be judged either.
        if diagnosis.verdict in ("faulty", "undetermined") and case.photos and case.reference_source != "none":
            yield "try the quickest experiment, few photos without captions", "fluxdiag retrain RUN --captionless"
        return
    known = "TRIGGER" if case.trigger is None else str(case.trigger.value)
    trigger = f"'{known}'" if PLAIN.fullmatch(known) else "TRIGGER"
    if "captions" in settings:
        yield (
            "rewrite the captions into a new folder",
            f"fluxdiag captions fix DATASET --trigger {trigger} --out NEW_DATASET --with-photos",
        )
    if settings - WITHOUT_TRAINING.keys():
        photos = " --dataset NEW_DATASET" if "images" in settings else ""
        yield "see all of it as a training, beside the last one (--launch starts it)", f"fluxdiag retrain RUN{photos}"
    yield "look at the new LoRA with the same probes", f"fluxdiag report NEW.safetensors{_same(case, made)} --out NEW_RUN"
    yield "see what has changed", "fluxdiag compare RUN NEW_RUN --out COMPARED.html"
    yield "explain a cause", "fluxdiag explain CAUSE"


def _same(case: Case, made: GatherInfo) -> str:
    """What a report has to be told to ask the same of another LoRA, where the program would otherwise take something else."""
    suite = "" if made.suite == USUAL else " --suite full" if made.suite == THOROUGH else " --suite SUITE"
    references = " --references REFERENCES" if case.reference_source == "held-out" else ""
    base = "" if case.base == DEFAULT_BASE else " --base BASE"
    return references + suite + base


def _diff(changes: tuple[Change, ...], hide: Callable[[object], str]) -> Iterable[str]:
    for change in changes:
        if change.from_ is not None:
            yield f"- {hide(change.setting)}: {hide(change.from_)}"
        yield f"+ {hide(change.setting)}: {hide(change.to)}"


def _more(case: Case, diagnosis: Diagnosis, headlines: list[Headline]) -> Iterable[str]:
    """What would decide an open verdict; a fault without a cause may show it with photos of the person."""
    undecided = diagnosis.verdict == "undetermined"
    if case.reference_source == "none" and (undecided or (diagnosis.verdict == "faulty" and not diagnosis.prescription)):
        yield "With three or more photos of the person (--references FOLDER) likeness could be measured."
    for headline in headlines:
        if not undecided or headline.found is None or headline.state != "unclear":
            continue
        yield _more_prompts(case, headline, headline.found)


def _more_prompts(case: Case, headline: Headline, found: Measurement) -> str:
    """How many prompts would decide, and where they are to be had; beyond reach, what else there is to do."""
    wanted = prompts_needed(found, headline.line)
    if wanted is None:
        return f"{headline.label} lies so near to its line ({number(headline.line)}) that more prompts would hardly decide it."
    told = f"{headline.label}: about {wanted} prompts instead of {found.n} would probably decide, if the mean stays where it is"
    if wanted <= PROMPTS_OF_FULL:
        return f"{told} (--suite full has {PROMPTS_OF_FULL})."
    if wanted <= WITHIN_REACH:
        # In words: the report names no folder of the user's machine.
        own = "with a suite of your own (--suite MINE.toml; “Probe suites” in the documentation says how)"
        return f"{told}: {own}, for --suite full has {PROMPTS_OF_FULL}."
    return f"{told}, which is hardly within reach{_instead(case)}."


def _instead(case: Case) -> str:
    """The captionless experiment needs photos to train on and others to judge by."""
    able = case.photos and case.reference_source != "none"
    return ": the run without captions (fluxdiag retrain RUN --captionless) tells more" if able else ""
