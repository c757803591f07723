"""What had been promised, and whether it came to pass."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from fluxdiag.comparing.records import Changed, Held, Promise
from fluxdiag.curing.record import FILE, Retraining
from fluxdiag.curing.record import read as read_retraining
from fluxdiag.errors import FluxdiagError
from fluxdiag.prescribe import Prediction, direction_of, predicted
from fluxdiag.runs import Run

Promised = list[tuple[str, Prediction]]
"""(setting, what its change was to do)"""


def promises(before: Run, after: Run, changes: Iterable[Changed]) -> tuple[tuple[Promise, ...], str]:
    """Each prediction once, with its outcome, and where they were read."""
    found, origin = _promised(before, after)
    by_key = {changed.key: changed for changed in changes}
    once = {prediction.key: (setting, prediction) for setting, prediction in reversed(found)}
    return tuple(_judged(setting, one, by_key) for setting, one in reversed(once.values())), origin


def _promised(before: Run, after: Run) -> tuple[Promised, str]:
    """From the retraining that made the second LoRA, else what the first run's prescription would have promised."""
    retrained = _retraining(before, after)
    if retrained is not None:
        return [(one.setting, prediction) for one in retrained.applied for prediction in one.predictions], FILE
    diagnosis, evidence = before.diagnosis(), before.evidence()
    if not diagnosis.prescription:
        return [], "the run before prescribes nothing"
    settings = [(change.setting, direction_of(change.setting, diagnosis.findings)) for change in diagnosis.prescription]
    found = [(setting, one) for setting, way in settings for one in predicted(setting, way, evidence)]
    return found, "the prescription of the run before; whether it was followed is not known"


def _retraining(before: Run, after: Run) -> Retraining | None:
    """The record beside the second run or its LoRA, if it is of these two files."""
    case = after.case()
    for folder in (after.folder, after.folder.resolve().parent, Path(case.lora.path).parent):
        try:
            record = read_retraining(folder)
        except (FluxdiagError, OSError):
            continue
        if record is not None and record.lora_sha256 == before.case().lora.sha256 and _made(record, case.lora.sha256):
            return record
    return None


def _made(record: Retraining, sha256: str) -> bool:
    return record.result is not None and record.result.sha256 == sha256


def _judged(setting: str, prediction: Prediction, changes: Mapping[str, Changed]) -> Promise:
    held, sentence = outcome(prediction, changes.get(prediction.key))
    fields = {name: getattr(prediction, name) for name in ("key", "way", "by", "line", "unit")}
    return Promise(setting=setting, held=held, sentence=sentence, **fields)


def outcome(prediction: Prediction, changed: Changed | None) -> tuple[Held, str]:
    """Held: clearly moved the right way, and beyond its line now. Failed: the interval excludes what was promised."""
    if changed is None or changed.change is None or changed.after is None:
        return "open", "it was not measured in both runs"
    sign = 1 if prediction.way == "rise" else -1
    ends = sorted((sign * changed.change.low, sign * changed.change.high))
    behind = sign * (changed.after.value - prediction.line) >= 0
    if ends[0] > 0 and behind:
        return "held", "moved as promised, and is now on the right side of its line"
    if ends[1] < prediction.by or ends[1] <= 0:
        return "failed", "moved the right way, but not far enough" if ends[0] > 0 else "did not move as promised"
    clear = "moved the right way; whether far enough" if ends[0] > 0 else "whether it moved at all"
    return "open", f"{clear} cannot be told from so few prompts"
