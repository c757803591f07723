"""A fixed file without retraining, when another strength, a lower rank or fewer blocks are enough. Says when they are not.

    OUT/search/               the pictures of the variants that were tried
    OUT/NAME-repaired.safetensors
    OUT/run/                  the repaired file's own run: the whole suite, its report, its answer at the gate
    OUT/repair.json           all that was tried, with intervals; written last, and never over another LoRA's or policy's

The file is judged as any other: by its own run at the gate. What the search saw does not count there, and what is kept and
left of the whole LoRA is measured once more with starting noise that the search has not seen.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal

from pydantic import ConfigDict, Field, ValidationError

from fluxdiag.errors import FluxdiagError
from fluxdiag.gate import gate
from fluxdiag.gating.policy import Policy
from fluxdiag.gating.result import GateResult
from fluxdiag.plan import duration, estimate, size
from fluxdiag.profiles import profile_of
from fluxdiag.records import Case, Measurement, Record
from fluxdiag.runs import Run, sha256_file
from fluxdiag.searching.candidates import Needs, needs_of, ranked
from fluxdiag.searching.rounds import new_rounds, question_of
from fluxdiag.searching.search import Found, search
from fluxdiag.searching.trials import Trial
from fluxdiag.unchanged import refuse_changed
from fluxdiag.variants import FULL, Variant, edited

if TYPE_CHECKING:
    from fluxdiag.engines.studio import Progress
    from fluxdiag.lora import Lora

Outcome = Literal["repaired", "improved", "not-repairable", "nothing-to-repair"]
SUITES = 3
"""at most the pictures of so many suites"""


class Repair(Record):
    """What came of it. Shares and measurements of `chosen` are from starting noise that the search has not seen."""

    schema_: Literal[1] = Field(default=1, alias="schema")
    outcome: Outcome
    sentence: str
    lora_sha256: str
    policy: str
    before: str = Field(description="the gate's headline for the file as it is")
    after: str | None = Field(default=None, description="and for the repaired one")
    chosen: Trial | None = None
    tried: tuple[Trial, ...] = Field(default=(), description="best first; over the prompts and seeds that each was drawn with")
    file: str | None = Field(default=None, description="beside this record")
    file_sha256: str | None = None
    pictures: int = Field(description="drawn with the LoRA on, the repaired file's own run included")
    at_most: int = Field(description="what three suites would draw")

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


def repair(run: Run, policy: Policy, out: Path, suite_name: str = "quick", progress: Progress | None = None) -> Repair:
    """From a finished run to `repair.json`. Raises FluxdiagError for a run that cannot be repaired by probes at all."""
    from fluxdiag.gather import planned
    from fluxdiag.lora import read_lora
    from fluxdiag.suites import load_suite

    case, before, (suite, _) = run.case(), gate(run, policy), load_suite(suite_name)
    needs, lora = needs_of(policy), read_lora(Path(case.lora.path))
    _refuse(case, lora)
    refuse_changed((*case.photos, *case.references))  # the repaired file's own run reads them, after all of the search
    _refuse_other(out, case, policy)
    asked = planned(case, suite).tasks
    own_run = sum(task.arm.lora for task in asked)
    fresh = 2 * 2 * len(question_of(suite).prompts)

    from fluxdiag.engines.studio import Held

    rounds = new_rounds(out / "search", case, suite, Held(), progress)
    found = search(rounds, run, lora, needs, SUITES * len(asked) - own_run - fresh)
    order = ranked(found.trials, needs)
    record = Repair(
        outcome="nothing-to-repair" if before.status == "passed" else "not-repairable",
        sentence=_why_not(found, order, needs, before),
        lora_sha256=case.lora.sha256,
        policy=policy.name,
        before=before.headline,
        chosen=found.fresh,
        tried=tuple(found.trials[variant] for variant in (*order, FULL)),
        pictures=found.pictures,
        at_most=SUITES * len(asked),
    )
    if found.fresh is not None and (before.status != "passed" or _aims(found.fresh, needs)):
        file = _file(out, lora, order[0], case)
        after = gate(_own_run(out, case, file, suite_name, progress), policy)
        record = _judged(record, found.fresh, file, needs, before, after, own_run)
    Run(out).write(out / "repair.json", record)
    return record


def cost(case: Case, suite_name: str = "quick") -> str:
    """What it will take at most, in a sentence, before anything is drawn.

    Raises FluxdiagError for a suite that cannot tell, and where the profile does not know what a picture costs on this device.
    """
    from fluxdiag.engines.encoders import best_device
    from fluxdiag.gather import planned
    from fluxdiag.suites import load_suite

    suite, _ = load_suite(suite_name)
    question_of(suite)
    one = estimate(planned(case, suite), (), case, suite.model_copy(update={"losses": None}), best_device().type)
    most = SUITES * one.images
    time, disk = duration(SUITES * one.minutes), size(SUITES * one.disk_gb)
    room = f"{one.vram_gb:g} GB of memory for the model, {disk} of disk"
    return f"at most {most} pictures, about {time}, {room}; fewer where an edit leaves no doubt, or none can help"


def _refuse(case: Case, lora: Lora) -> None:
    from fluxdiag.lora.forms import LowRank

    if case.trigger is None:
        why = case.gaps.get("trigger", "the trigger is not known")
        raise FluxdiagError(why, where=case.lora.path, do="Give --trigger to `fluxdiag report`, then repair its run")
    other = next((module for module in lora.all_modules() if not isinstance(module.form, LowRank)), None)
    if other is not None:
        what = f"{other.path} is no plain LoRA, so an edit of it cannot be written"
        do = "Run `fluxdiag convert --rank 32` first, then report and repair the new file"
        raise FluxdiagError(what, where=str(lora.path), do=do)


def _refuse_other(out: Path, case: Case, policy: Policy) -> None:
    """The record of another repair stays, and its file never lies beside a record that knows nothing of it."""
    path = out / "repair.json"
    if not path.exists():
        return
    try:
        there = Repair.model_validate_json(path.read_bytes())
    except (ValidationError, OSError):
        there = None
    if there is None or (there.lora_sha256, there.policy) != (case.lora.sha256, policy.name):
        what = "is of another version" if there is None else f"is of another LoRA or policy ({there.policy})"
        raise FluxdiagError(what, where=str(path), do="Choose another --out, or take this folder away")


# ------------------------------------------------------------------------------------------------ what comes of it


def _why_not(found: Found, order: list[Variant], needs: Needs, before: GateResult) -> str:
    """Why no file is written, in a sentence."""
    best = found.trials[order[0]]
    if before.status == "passed":
        nearest = best if found.fresh is None else found.fresh
        return f"The file passes the gate as it is. The best edit, {nearest.variant}, {_shares(nearest)}: not worth it."
    refused = needs.refused(best)
    if refused is None:
        return f"No edit comes nearer to what is needed than the file as it is; the nearest is {best.variant}. Retrain."
    return f"No strength, rank or blocks are enough: even at {best.variant}, the best of {len(order)} tried, {refused}. Retrain."


def _aims(fresh: Trial, needs: Needs) -> bool:
    """Whether both aims are reached, and it clearly gives up more of the bleed than of the identity.

    Where there was nothing to halve, nothing is gained.
    """
    if fresh.kept is None or fresh.left is None:
        return False
    return fresh.kept.value >= needs.kept and fresh.left.value <= needs.left and fresh.left.high < fresh.kept.low


def _judged(
    record: Repair, fresh: Trial, file: Path, needs: Needs, before: GateResult, after: GateResult, own_run: int
) -> Repair:
    """The gate decides. Of a file that passed before, only what reaches both aims has come this far."""
    said = f"{fresh.variant} {_shares(fresh)}; the gate: {after.headline}"
    outcome, sentence = "not-repairable", f"Not enough: {said}. Retrain."
    if after.status == "passed":
        outcome, sentence = "repaired", f"Repaired without retraining: {said}."
    elif before.status == "passed":
        outcome, sentence = "nothing-to-repair", f"The file passes the gate as it is, and its best edit does not: {said}."
    elif _no_worse(before, after) and (_mended(before, after) or _aims(fresh, needs)):
        outcome, sentence = "improved", f"Better, but not enough: {said}. What is left needs a retraining."
    changes = {"outcome": outcome, "sentence": sentence, "after": after.headline, "file": file.name}
    digest = {"file_sha256": sha256_file(file), "pictures": record.pictures + own_run}
    return record.model_copy(update=changes | digest)


def _mended(before: GateResult, after: GateResult) -> set[str]:
    """Lines that failed and now pass: an interval that lay beyond its limit lies within it, so the gain is clear."""
    return {one.id for one in before.failed} & {one.id for one in after.results if one.outcome == "pass"}


def _no_worse(before: GateResult, after: GateResult) -> bool:
    """No line blocks that did not block before, and none lost its number: what is not measured has not been mended."""
    failed, blocking = ({one.id for one in answer} for answer in (before.failed, [*before.failed, *before.unanswered]))
    unmeasured, now = ({one.id for one in gate.unanswered if one.outcome == "unmeasured"} for gate in (before, after))
    fails = {one.id for one in after.failed} - failed
    return not fails and now <= unmeasured and {one.id for one in after.unanswered} <= blocking


def _shares(fresh: Trial) -> str:
    """`keeps 95% [90%, 100%] of the identity and 40% [30%, 50%] of the bleed`; of what is unknown also why."""
    return f"keeps {_share(fresh, 'kept')} of the identity and {_share(fresh, 'left')} of the bleed"


def _share(fresh: Trial, name: str) -> str:
    found: Measurement | None = getattr(fresh, name)
    if found is None:
        return f"an unknown share ({fresh.gaps[name]})" if name in fresh.gaps else "an unknown share"
    return f"{found.value:.0%} [{found.low:.0%}, {found.high:.0%}]"


def _file(out: Path, lora: Lora, variant: Variant, case: Case) -> Path:
    """The edited LoRA, in the dialect of the file where that can be written. Written again it is the same to the last byte.

    Raises FluxdiagError where another edit or another LoRA was repaired here: its file would be judged in this one's place.
    """
    from fluxdiag.lora.write import write_lora

    path = out / f"{lora.path.stem}-repaired.safetensors"
    written = path.with_name(f"unfinished-{path.name}")
    written.unlink(missing_ok=True)
    write_lora(edited(lora, variant, profile_of(case)), written, "kohya" if lora.dialect == "kohya" else "diffusers")
    if path.exists() and sha256_file(path) != sha256_file(written):
        written.unlink()
        do = "Choose another --out, or take this folder away"
        raise FluxdiagError(f"is of another repair, and now {variant.name} is the best edit", where=str(path), do=do)
    written.replace(path)
    return path


def _own_run(out: Path, case: Case, file: Path, suite: str, progress: Progress | None) -> Run:
    """The repaired file examined as any other."""
    from fluxdiag.case import SETTINGS
    from fluxdiag.flow import examine
    from fluxdiag.lora import lora_file, read_lora
    from fluxdiag.lora.settings import settings_of

    read = read_lora(file)
    said = settings_of(read.metadata, tuple(read.modules.values()))
    settings = case.settings | {name: said[name] for name in SETTINGS if name in said}
    repaired = case.model_copy(update={"lora": lora_file(read), "settings": settings})
    run = Run(out / "run")
    examine(repaired, run, suite, progress)
    return run
