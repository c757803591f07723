"""Pictures in rounds: what the next ones should be follows from those that are there. Repeating a round draws nothing again.

A round is a suite like any other, of the probes of all rounds so far, gathered into one run folder; the base and the
encoders stay loaded in between.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from fluxdiag.errors import FluxdiagError
from fluxdiag.gather import gather_suite, holds, planned, start
from fluxdiag.instruments.tables import Tables, load_tables
from fluxdiag.profiles import profile_of
from fluxdiag.records import Case, Probe, Prompt, Suite
from fluxdiag.runs import Run, as_json, sha256_text, write_bytes
from fluxdiag.suites import THOROUGH, load_suite
from fluxdiag.variants import FULL, Variant

if TYPE_CHECKING:
    from fluxdiag.engines.studio import Held, Progress
    from fluxdiag.plan import Plan

LORA_ON, LORA_OFF = ("trigger", "class"), ("base", "trigger-base")


@dataclass(frozen=True)
class Question:
    """The prompts and seeds of a suite that compare trigger, class word and base."""

    probe: str
    prompts: tuple[Prompt, ...]
    seeds: tuple[int, ...]


def question_of(suite: Suite) -> Question:
    """Raises FluxdiagError where the suite has no such probe."""
    for probe in suite.probes:
        if {*LORA_ON, *LORA_OFF} <= set(probe.arms) and FULL.name in probe.variants:
            return Question(probe.name, probe.prompts, probe.seeds)
    what = f"has no probe with the arms {', '.join((*LORA_ON, *LORA_OFF))}"
    raise FluxdiagError(what, where=f"suite {suite.name}", do="Use `--suite quick`")


def unseen(question: Question) -> Question:
    """As many other prompts, one seed: on what it was chosen by, the best of many looks better than it is.

    They are the thorough suite's. Where it has not got so many, or the question is of another kind, they are the same prompts
    with another seed, which is less: what a LoRA does to just these prompts goes on counting for it.
    """
    known = question_of(load_suite(THOROUGH)[0]).prompts
    others = tuple(prompt for prompt in known if prompt not in question.prompts)[: len(question.prompts)]
    if len(others) == len(question.prompts) and all(prompt in known for prompt in question.prompts):
        return replace(question, prompts=others, seeds=question.seeds[:1])
    return replace(question, seeds=(max(question.seeds) + 1,))


@dataclass
class Rounds:
    """One LoRA's pictures in one run folder."""

    run: Run
    case: Case
    question: Question
    held: Held
    progress: Progress | None = None
    drawn: set[tuple[Variant | None, str, int]] = field(default_factory=set)
    """(variant, or None for the LoRA off; prompt; seed of the suite)"""
    probes: list[Probe] = field(default_factory=list)

    def apart(self, question: Question) -> Rounds:
        """The same LoRA asked something else, with a run folder of its own beside this one's."""
        folder = self.run.folder
        return replace(self, run=Run(folder.with_name(f"{folder.name}-again")), question=question, drawn=set(), probes=[])

    def ask(self, variants: Iterable[Variant], prompts: Iterable[Prompt], seeds: Iterable[int]) -> None:
        """Add to the next round: trigger and class word with each variant, and the base's pictures of the same prompts."""
        prompts, seeds = tuple(prompts), tuple(seeds)
        for variant in (None, *variants):
            for seed in seeds:
                self._add(variant, prompts, seed)

    def _add(self, variant: Variant | None, prompts: tuple[Prompt, ...], seed: int) -> None:
        missing = tuple(prompt for prompt in prompts if (variant, prompt.id, seed) not in self.drawn)
        if not missing:
            return
        self.drawn |= {(variant, prompt.id, seed) for prompt in missing}
        shown = {"arms": LORA_OFF} if variant is None else {"arms": LORA_ON, "variants": (variant.name,)}
        self.probes.append(Probe.model_validate({"name": self.question.probe, "prompts": missing, "seeds": (seed,), **shown}))

    @property
    def suite(self) -> Suite:
        return Suite(schema=1, name="rounds", about="Drawn round by round", probes=tuple(self.probes))

    def planned(self) -> Plan:
        return planned(self.case, self.suite)

    @property
    def with_lora(self) -> int:
        """Pictures with the LoRA on that all rounds have asked for."""
        return len(LORA_ON) * sum(variant is not None for variant, _, _ in self.drawn)

    def take_over(self, other: Run) -> int:
        """Copies what another run has drawn of the same; returns how many pictures with the LoRA on that spares."""
        from fluxdiag.engines.settling import settle

        settle(self.case.base, profile_of(self.case))
        spared = 0
        for task in self.planned().tasks:
            there, here = (run.shots_folder / f"{task.id}.png" for run in (other, self.run))
            if there.is_file() and not here.exists():
                write_bytes(here, there.read_bytes())
            spared += task.arm.lora and there.is_file()
        return spared

    def draw(self) -> Tables:
        """All rounds so far as tables; draws what is missing."""
        digest = sha256_text(as_json(self.suite))
        start(self.run, self.case)
        if not holds(self.run, digest):
            gather_suite(self.run, self.suite, digest, self.progress, self.held, faces_only=True)
        return load_tables(self.run)


def new_rounds(folder: Path, case: Case, suite: Suite, held: Held, progress: Progress | None = None) -> Rounds:
    return Rounds(Run(folder), case, question_of(suite), held, progress)
