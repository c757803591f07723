"""The version before, measured with the same probes: what changed, prompt by prompt."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from fluxdiag.comparing.pairs import PAIRED, paired
from fluxdiag.errors import FluxdiagError
from fluxdiag.instruments.better import BETTER
from fluxdiag.instruments.tables import Tables, load_tables
from fluxdiag.pairing import refuse_incomparable
from fluxdiag.records import Measurement
from fluxdiag.reporting.figures import Axis, axis_over
from fluxdiag.reporting.series import Shift, person_of
from fluxdiag.reporting.words import last_part
from fluxdiag.runs import Run


@dataclass(frozen=True)
class Changed:
    """`change` is new minus old over the prompts that both have, or why there is none."""

    key: str
    label: str
    before: Measurement | None
    now: Measurement | None
    change: Measurement | str

    @property
    def state(self) -> str:
        """`yes` clearly better, `no` clearly worse, `unclear` where the interval holds zero or there is none."""
        if isinstance(self.change, str):
            return "unclear"
        up, down = self.change.clearly_above(0.0), self.change.clearly_below(0.0)
        better, worse = (up, down) if BETTER[self.key] == "rise" else (down, up)
        return "yes" if better else "no" if worse else "unclear"


@dataclass(frozen=True)
class Previous:
    """`refused` says why two runs cannot be compared; there are no rows then."""

    lora: str
    sentence: str
    rows: tuple[Changed, ...]
    refused: str = ""
    prompts: tuple[Shift, ...] = ()
    """likeness with the trigger, before and now, of the prompts that both have"""

    @property
    def axis(self) -> Axis:
        return axis_over(end for shift in self.prompts for end in (shift.off, shift.on))


def previous_of(run: Run, before: Run, labels: Mapping[str, str]) -> Previous:
    """Raises FluxdiagError when the older run cannot be read at all."""
    lora, sentence = last_part(before.case().lora.path), before.diagnosis().sentence
    try:
        refuse_incomparable(run, before)
    except FluxdiagError as error:
        return Previous(lora, sentence, (), error.what)
    new, old = load_tables(run), load_tables(before)
    now, then = run.evidence(), before.evidence()
    keys = [key for key in PAIRED if key in now.measurements or key in then.measurements]
    rows = (Changed(key, labels.get(key, key), then.get(key), now.get(key), paired(key, new, old)) for key in keys)
    return Previous(lora, sentence, tuple(rows), prompts=_prompts(old, new))


def _prompts(old: Tables, new: Tables) -> tuple[Shift, ...]:
    """The largest rise first."""
    before, now = (person_of(tables).by_prompt("trigger") for tables in (old, new))
    both = (Shift(prompt, "person", before[prompt], now[prompt]) for prompt in before if prompt in now)
    return tuple(sorted(both, key=lambda shift: (shift.off - shift.on, shift.prompt_id)))
