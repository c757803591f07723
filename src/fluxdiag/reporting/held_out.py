"""Which reference photos the training never saw, and what the numbers lose by the others: as the run really left them out."""

from __future__ import annotations

from collections.abc import Iterable

from fluxdiag.dataset.audit.records import Audit
from fluxdiag.records import Case

LOSSES = ("loss.gap", "loss.heldout-gain", "loss.binding")
"""of photos that were never trained on"""


def said_of_references(case: Case, audit: Audit | None) -> str:
    """After `9 reference photos`: never trained on, or how many of them were."""
    if case.reference_source != "held-out":
        return {"training": "the training photos themselves", "none": "none given"}[case.reference_source]
    if not (known := len(case.overlap) + len(unnoticed(case, audit))):
        return "never trained on"
    return f"{len(case.references) - known} of them never trained on; {known} {were_trained_on(known)}"


def were_trained_on(count: int) -> str:
    """After their number."""
    twins = "was trained on, or is a twin of such a photo" if count == 1 else "were trained on, or are twins of such photos"
    return f"{twins} (the same picture, cropped closer or a moment later)"


def unnoticed(case: Case, audit: Audit | None) -> tuple[str, ...]:
    """References that the audit takes for twins and this run counted as never seen: it was gathered when only the same picture
    was looked for."""
    if audit is None or audit.references is None or case.reference_source != "held-out":
        return ()
    found = (overlap.reference for overlap in audit.references.overlaps)
    return tuple(name for name in found if not any(_is(path, name) for path in case.overlap))


def remarks(case: Case, audit: Audit | None, keys: Iterable[str]) -> dict[str, str]:
    """Measurement -> what it loses by the references that are no outside photos; those that lose nothing are left out."""
    if case.reference_source != "held-out":
        return {}
    left_out, kept = len(case.overlap), len(unnoticed(case, audit))
    losses = " ".join(filter(None, (_without(left_out), _in_spite(kept))))
    likeness = _flattered(left_out + kept, len(case.references))
    said = {key: losses if key in LOSSES else likeness if key.startswith("identity.") else "" for key in keys}
    return {key: told for key, told in said.items() if told}


def _without(count: int) -> str:
    return f"Without {count} reference{_s(count)} that {_are(count)} no outside photo{_s(count)}." if count else ""


def _in_spite(count: int) -> str:
    if not count:
        return ""
    return f"{count} of the photos that it takes for never seen {_are(count)} twin{_s(count)} of training photos; gather again."


def _flattered(count: int, of: int) -> str:
    """Likeness counts them all the same, for only on one scale can two runs be compared."""
    return (
        f"{count} of the {of} references {_are(count)} trained on or twins: what was learnt by heart scores there too."
        if count
        else ""
    )


def _is(path: str, name: str) -> bool:
    return path == name or path.endswith(f"/{name}")


def _are(count: int) -> str:
    return "is" if count == 1 else "are"


def _s(count: int) -> str:
    return "" if count == 1 else "s"
