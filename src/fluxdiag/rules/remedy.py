"""Changes as rules propose them."""

from __future__ import annotations

from fluxdiag.records import Change


def change(setting: str, *, now: str | None, to: str, because: str, safe: bool = True) -> Change:
    """One edit to the training setup; `now` is None when the present value is not known."""
    return Change.model_validate({"setting": setting, "from": now, "to": to, "because": because, "safe": safe})
