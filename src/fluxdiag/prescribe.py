"""From findings to one list of changes: merged by setting; two values for one setting is a stated conflict, neither applied."""

from __future__ import annotations

from collections.abc import Iterable

from fluxdiag.records import Change, Conflict, Finding


def prescribe(findings: Iterable[Finding]) -> tuple[tuple[Change, ...], tuple[Conflict, ...]]:
    """The changes of the causes that are present, in the findings' order, and the settings on which they disagree."""
    wanted: dict[str, list[tuple[str, Change]]] = {}
    for finding in findings:
        if finding.status == "present":
            for change in finding.changes:
                wanted.setdefault(change.setting, []).append((finding.cause, change))
    changes = tuple(_merge([change for _, change in entries]) for entries in wanted.values() if _agree(entries))
    conflicts = tuple(
        Conflict(setting=setting, wanted=tuple(f"{cause}: {change.to}" for cause, change in entries))
        for setting, entries in wanted.items()
        if not _agree(entries)
    )
    return changes, conflicts


def _agree(entries: list[tuple[str, Change]]) -> bool:
    return len({change.to for _, change in entries}) == 1


def _merge(changes: list[Change]) -> Change:
    """One change with every reason; it is safe only if all say so."""
    because = "; ".join(dict.fromkeys(change.because for change in changes))
    return changes[0].model_copy(update={"because": because, "safe": all(change.safe for change in changes)})
