"""Which figure answers which question. From the tables to figures; how they look lies in the templates."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from fluxdiag.records import Case, Evidence, Measurement, Shot
from fluxdiag.reporting.figures import Axis, Chart, Curve, Mark, Stretch, Trace, area_labels, axis_over, chart, curve, marks_of
from fluxdiag.reporting.figures import identity_labels as labels_of_arms
from fluxdiag.reporting.ranks import Ranks, ranks_of
from fluxdiag.reporting.scenes import Scenes, scenes_of
from fluxdiag.reporting.series import (
    LOSS_COLUMNS,
    Person,
    Shift,
    gains_by_noise,
    likeness_at_strengths,
    likeness_of_edits,
    mean_of,
    nearest_photos,
    noise_of_seeds,
    shifts,
    widths,
)
from fluxdiag.reporting.words import variant_words as words_of

EFFECTS = {
    "trigger.effect": "the trigger adds",
    "description.effect": "the description adds",
    "trigger.interaction": "trigger beside the description",
}
SLOPES = (("on", "LoRA on", "class", "trigger"), ("off", "LoRA off", "base", "trigger-base"))
LIKENESS, HALF = "likeness; higher = more like the person", "half the width, in likeness; lower = surer"
CHANGING = ("clothing", "accessory", "expression")
"""kinds of appearance that are not a part of the person"""
WORDS = ((0.0, "class word"), (1.0, "trigger"))


@dataclass(frozen=True)
class Share:
    """How many of the captions name this kind of appearance."""

    kind: str
    captions: int
    of: int

    @property
    def whose(self) -> str:
        """What stays with the person is to come with the trigger; the rest changes from photo to photo."""
        return "may change" if self.kind in CHANGING else "the person's own"


@dataclass(frozen=True)
class Edit:
    """Something done to the file without training, and the likeness that is left with and without the trigger."""

    words: str
    trigger: Measurement | None
    bleed: Measurement | None


@dataclass(frozen=True)
class Plots:
    """Every figure of the page; None or empty where there is nothing to draw, and the section then says why."""

    identity: Chart
    effects: Chart
    bleed: Chart
    slopes: tuple[Curve, ...]
    shifts: tuple[Shift, ...]
    shift_axis: Axis
    noise: float | None
    """of other seeds without the LoRA, in likeness"""
    strength: Curve | None
    edits: tuple[Edit, ...]
    losses: Curve | None
    nearest: tuple[Shift, ...]
    """CLIP cosine to the nearest training photo, without the LoRA and with the trigger"""
    nearest_axis: Axis
    widths: Curve | None
    captions: tuple[Share, ...]
    scenes: Scenes
    ranks: Ranks


def plots_of(
    person: Person,
    evidence: Evidence,
    likely: Mapping[str, float],
    shots: tuple[Shot, ...],
    needed: dict[str, float],
) -> Plots:
    moved, copies = tuple(shifts(likely, shots)), tuple(nearest_photos(person.tables))
    drawn = Plots(
        identity=_identity(person, evidence, needed),
        effects=chart(evidence, EFFECTS, needed),
        bleed=chart(evidence, area_labels(evidence, "bleed."), needed),
        slopes=_slopes(person, evidence),
        shifts=moved,
        shift_axis=axis_over(end for shift in moved for end in (shift.off, shift.on)),
        noise=noise_of_seeds(likely, shots),
        strength=_strength(person, needed.get("identity.trigger")),
        edits=_edits(person),
        losses=_losses(person),
        nearest=copies,
        nearest_axis=axis_over((end for shift in copies for end in (shift.off, shift.on)), least=(0.9, 1.0)),
        widths=_widths(person, evidence.get("identity.trigger"), needed.get("identity.trigger")),
        captions=caption_shares(person.tables.case),
        scenes=scenes_of(person.tables),
        ranks=ranks_of(person.tables.case.lora.spectra),
    )
    return _on_one_scale(drawn)


def _on_one_scale(plots: Plots) -> Plots:
    """Likeness has the same axis wherever it is drawn, so that a length means the same in every figure."""
    charts = (plots.identity, plots.effects, plots.bleed)
    figures = [figure for one in charts for figure in one.figures if figure.unit == "scale"]
    curves = [*plots.slopes, *([plots.strength] if plots.strength else [])]
    axes = [*(one.axis for one in figures), *(one.y_axis for one in curves), *([plots.shift_axis] if plots.shifts else [])]
    axis = axis_over(end for one in axes for end in (one.low, one.high))
    return replace(
        plots,
        identity=plots.identity.on(axis),
        effects=plots.effects.on(axis),
        bleed=plots.bleed.on(axis),
        slopes=tuple(replace(one, y_axis=axis) for one in plots.slopes),
        strength=plots.strength and replace(plots.strength, y_axis=axis),
        shift_axis=axis,
    )


def _identity(person: Person, evidence: Evidence, needed: dict[str, float]) -> Chart:
    labels = labels_of_arms(evidence)
    points = {key: person.by_prompt(key.partition(".")[2]) for key in labels}
    strangers = list(person.by_prompt("base", paired=False).values())
    own = person.reference_range()
    stretches = [Stretch(min(strangers), max(strangers), "strangers")] if strangers else []
    stretches += [Stretch(*own, "the references")] if own else []
    return chart(evidence, labels, needed, points, tuple(stretches))


def _slopes(person: Person, evidence: Evidence) -> tuple[Curve, ...]:
    """Class word to trigger, prompt by prompt, LoRA on beside LoRA off."""
    found = {id_: _both(person, class_arm, trigger_arm) for id_, _, class_arm, trigger_arm in SLOPES}
    drawn = [(id_, title, arms) for id_, title, *arms in SLOPES if len(found[id_]) >= 2]
    made = (
        curve(
            f"slope-{id_}",
            title,
            ("", LIKENESS),
            WORDS,
            _slope_traces(found[id_], arms, evidence),
        )
        for id_, title, arms in drawn
    )
    return tuple(one for one in made if one is not None)


def _both(person: Person, before: str, after: str) -> dict[str, tuple[float, float]]:
    first, second = person.by_prompt(before, paired=False), person.by_prompt(after, paired=False)
    return {prompt: (first[prompt], second[prompt]) for prompt in first if prompt in second}


def _slope_traces(pairs: Mapping[str, tuple[float, float]], arms: Iterable[str], evidence: Evidence) -> list[Trace]:
    """The mean is the measured one wherever it was measured: a page has one interval for one number.

    The prompts' own values are not paired with the base, for the base's are drawn beside them; measurements are.
    """
    single = [Trace(prompt, "thin", (_exact(0, a), _exact(1, b))) for prompt, (a, b) in pairs.items()]
    means = [mean_of(arm, {prompt: pair[at] for prompt, pair in pairs.items()}) for at, arm in enumerate(arms)]
    sides = [evidence.measurements.get(f"identity.{mean.key}", mean) for mean in means]
    return [*single, Trace("mean of the prompts", "main", marks_of(enumerate(sides)))]


def _exact(x: float, value: float) -> Mark:
    return Mark(x, value, value, value)


def _strength(person: Person, needed: float | None) -> Curve | None:
    """With the trigger and, where it was drawn, without: how much of the one has to be given up to be rid of the other."""
    arms = (("trigger", "main", "with the trigger"), ("class", "other", "with the class word"))
    found = [(name, kind, likeness_at_strengths(person, arm)) for arm, kind, name in arms]
    traces = [Trace(name, kind, (_exact(0.0, 0.0), *marks_of(marks))) for name, kind, marks in found if len(marks) > 1]
    ticks = sorted({(mark.x, f"{mark.x:g}") for trace in traces for mark in trace.marks})
    return curve(
        "strength",
        "Likeness against strength",
        ("strength of the LoRA", LIKENESS),
        ticks,
        traces,
        needed=needed,
    )


def _edits(person: Person) -> tuple[Edit, ...]:
    found = {arm: dict(likeness_of_edits(person, arm)) for arm in ("trigger", "class")}
    names = dict.fromkeys(name for edits in found.values() for name in edits)
    return tuple(Edit(words_of(name), found["trigger"].get(name), found["class"].get(name)) for name in names)


def _losses(person: Person) -> Curve | None:
    found = gains_by_noise(person.tables)
    kinds = dict(zip(LOSS_COLUMNS, ("main", "other"), strict=True))
    traces = [Trace(LOSS_COLUMNS[split], kinds[split], marks_of(points)) for split, points in found.items()]
    ticks = sorted({(mark.x, f"{mark.x:g}") for trace in traces for mark in trace.marks})
    axes = ("noise level (sigma), 1 = noise alone", "loss lowered, %; higher = learnt more of these photos")
    return curve("losses", "What the LoRA learnt of photos", axes, ticks, sorted(traces, key=lambda t: t.kind), least=(0.0, 5.0))


def _widths(person: Person, mean: Measurement | None, asked: float | None) -> Curve | None:
    """The line is how far the mean lies from what the verdict asks for: below it the interval holds that no more."""
    line = None if mean is None or asked is None else abs(mean.value - asked)
    found = widths(person.by_prompt("trigger"))
    if len(found) < 2:
        return None
    marks = tuple(_exact(float(count), width) for count, width in found)
    ticks = [(mark.x, f"{mark.x:g}") for mark in marks]
    title, trace = "Half the width of the interval of likeness", Trace("with so many prompts", "main", marks)
    return curve("widths", title, ("prompts", HALF), ticks, [trace], needed=line, least=(0.0, 0.25))


def caption_shares(case: Case) -> tuple[Share, ...]:
    """Kind of appearance -> in how many captions it is named, most frequent first."""
    captioned = [photo for photo in case.photos if photo.caption is not None]
    named = Counter(kind for photo in captioned for kind in dict.fromkeys(span.kind for span in photo.appearance))
    return tuple(Share(kind, count, len(captioned)) for kind, count in named.most_common())


def prompts_needed(found: Measurement, line: float) -> int | None:
    """How many prompts would probably put the interval on one side of the line, if the mean stays: its width falls as 1/sqrt(n).

    None where no reasonable number would: the mean lies on the line.
    """
    half, distance = (found.high - found.low) / 2, abs(found.value - line)
    if distance <= 0 or found.n < 2:
        return None
    wanted = int(found.n * (half / distance) ** 2 * 1.1) + 1
    return wanted if found.n < wanted <= 10 * found.n else None
