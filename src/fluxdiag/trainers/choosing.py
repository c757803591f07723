"""Which trainer: the one that was asked for, else the first that knows the base."""

from __future__ import annotations

from pathlib import Path

from fluxdiag.errors import FluxdiagError
from fluxdiag.profiles import Profile
from fluxdiag.trainers.ai_toolkit import AiToolkit
from fluxdiag.trainers.contract import Trainer
from fluxdiag.trainers.kohya import Kohya
from fluxdiag.trainers.own import BuiltIn
from fluxdiag.trainers.places import installed

EXTERNAL: dict[str, type[AiToolkit] | type[Kohya]] = {"ai-toolkit": AiToolkit, "kohya": Kohya}
NAMES = ("builtin", *EXTERNAL)


def trainer_for(asked: str | None, profile: Profile, base: str, home: Path | None, python: Path | None) -> Trainer:
    """Raises FluxdiagError for a trainer that does not know the base, and for a checkout where none is used."""
    known = profile.trainers
    name = asked or known[0]
    if name not in known:
        what = f"{name} does not know this base; {' and '.join(known)} does"
        raise FluxdiagError(what, where=base, do=f"Use --trainer {known[0]}")
    told = home or python
    if name == "builtin" and told:
        what = "the built-in trainer has no checkout and runs in fluxdiag's own python"
        others = (f"--trainer {one}" for one in known if one in EXTERNAL)
        raise FluxdiagError(what, where=str(told), do=" or ".join(("Leave it out", *others)))
    if name == "builtin":
        return BuiltIn(memory_gb())
    return EXTERNAL[name](installed(name, home, python), memory_gb())


def memory_gb() -> float:
    """Of the card; without one the config is written for the usual 24 GB, for it will be started elsewhere."""
    from fluxdiag.engines.machine import device

    found = device()
    return found.memory_gb if found.kind == "cuda" else 24.0
