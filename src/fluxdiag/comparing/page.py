"""All that the page of two runs shows; how it looks is in `reports/templates/compare.html.jinja`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from fluxdiag.comparing.changes import JUDGED
from fluxdiag.comparing.records import Changed, Compared, Held
from fluxdiag.instruments.tables import load_tables
from fluxdiag.records import Measurement, Shot
from fluxdiag.reporting.assets import policy
from fluxdiag.reporting.environment import environment
from fluxdiag.reporting.figures import Axis, axis_over
from fluxdiag.reporting.pictures import NO_PICTURE, Picture, encoded, small_pixels, small_side
from fluxdiag.reporting.series import person_of
from fluxdiag.reporting.words import arm_label, hide_folders
from fluxdiag.runs import Run
from fluxdiag.swapped import picture_file, swapped

TITLES = {
    "better": "Better",
    "equal": "No difference that matters",
    "worse": "Worse",
    "mixed": "Better and worse",
    "undecided": "Not decided",
}
LOOKS = {"better": "healthy", "equal": "healthy", "worse": "faulty", "mixed": "undetermined", "undecided": "undetermined"}
"""the house's colours of a verdict"""
STATES = {"better": "better", "worse": "worse", "same": "the same", "unclear": "not clear", "moved": "changed"}
CHIPS = {"better": "yes", "worse": "no", "held": "yes", "failed": "no"}
HELD: dict[Held, str] = {"held": "held", "failed": "did not hold", "open": "not decided"}
SHOWN = ("trigger", "class", "description", "both", "contrast", "others")
"""arms in which the LoRA shows; the others are the same pictures in both runs"""
Place = tuple[str, str, int]
"""arm, prompt, seed"""


@dataclass(frozen=True)
class Side:
    """A picture of one run. `likeness` is None without a face or a scale."""

    picture: Picture
    likeness: float | None


@dataclass(frozen=True)
class Cell:
    """The same arm, prompt and seed in both runs."""

    arm: str
    before: Side
    after: Side
    alt: str


@dataclass(frozen=True)
class Row:
    prompt: str
    seed: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Probe:
    name: str
    arms: tuple[str, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Page:
    compared: Compared
    title: str
    look: str
    headlines: tuple[Changed, ...]
    rest: tuple[Changed, ...]
    axis: Axis
    probes: tuple[Probe, ...]
    base: str
    hide: Callable[[object], str]


def rendered(compared: Compared, before: Run, after: Run) -> str:
    """The whole page; everything from the runs is escaped, nothing is loaded, no script runs."""
    words = {"states": STATES, "chips": CHIPS, "held": HELD, "labels": JUDGED}
    template = environment().get_template("compare.html.jinja")
    return template.render(page=page_of(compared, before, after), policy=policy(), **words)


def page_of(compared: Compared, before: Run, after: Run) -> Page:
    judged = [changed for key in JUDGED for changed in compared.changes if changed.key == key]
    drawn = [changed.change for changed in judged if changed.change is not None and changed.unit in ("scale", "share")]
    hides = [hide_folders(run.case(), str(run.folder.resolve())) for run in (before, after)]
    return Page(
        compared=compared,
        title=TITLES[compared.answer],
        look=LOOKS[compared.answer],
        headlines=tuple(judged),
        rest=tuple(changed for changed in compared.changes if changed.key not in JUDGED),
        axis=_axis(drawn),
        probes=_probes(before, after),
        base=after.case().profile,
        hide=lambda value: hides[1](hides[0](value)),
    )


def _axis(changes: Iterable[Measurement]) -> Axis:
    """Nought in it; where many ticks would crowd, only halves and wholes."""
    axis = axis_over((end for change in changes for end in (change.low, change.high)), (-0.5, 0.5))
    crowded = len(axis.ticks) > 5
    return replace(axis, ticks=tuple(tick for tick in axis.ticks if not crowded or (2 * tick).is_integer()))


def _probes(before: Run, after: Run) -> tuple[Probe, ...]:
    then, now = _sides(before), _sides(after)
    shots = [shot for shot in after.shots() if _shown(shot)]
    names = dict.fromkeys(shot.probe for shot in shots)
    return tuple(_probe(name, [shot for shot in shots if shot.probe == name], then, now) for name in names)


def _shown(shot: Shot) -> bool:
    return shot.arm in SHOWN and shot.variant == "full"


def _probe(name: str, shots: list[Shot], then: Mapping[Place, Side], now: Mapping[Place, Side]) -> Probe:
    drawn = {shot.arm for shot in shots}
    arms = tuple(arm for arm in SHOWN if arm in drawn)
    rows = dict.fromkeys((shot.prompt_id, shot.seed) for shot in shots)
    texts = {shot.prompt_id: shot.prompt for shot in reversed(shots)}
    return Probe(
        name,
        tuple(arm_label(arm) for arm in arms),
        tuple(Row(texts[prompt], seed, tuple(_cell(arm, prompt, seed, then, now) for arm in arms)) for prompt, seed in rows),
    )


def _cell(arm: str, prompt: str, seed: int, then: Mapping[Place, Side], now: Mapping[Place, Side]) -> Cell:
    nothing = Side(NO_PICTURE, None)
    place = (arm, prompt, seed)
    return Cell(arm, then.get(place, nothing), now.get(place, nothing), f"{prompt}, seed {seed}, {arm_label(arm)}")


def _sides(run: Run) -> dict[Place, Side]:
    drawn = run.shots()
    shown = [shot for shot in drawn if _shown(shot)]
    others = swapped(run, shown)
    shots = [shot for shot in shown if shot.id not in others]
    likely = person_of(load_tables(run)).by_shot(drawn)
    side = min(192, small_side(2 * len(shots)))
    return {(shot.arm, shot.prompt_id, shot.seed): Side(_picture(run, shot, side), likely.get(shot.id)) for shot in shots}


def _picture(run: Run, shot: Shot, side: int) -> Picture:
    """Only a file of this run: the names in a run folder may be somebody else's."""
    file = picture_file(run, shot)
    pixels = None if file is None else small_pixels(file)
    return NO_PICTURE if pixels is None else encoded(pixels, side)
