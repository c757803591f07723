"""The weights of a base, where they were fitted, and the file that holds them (`docs/calibration.md`)."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationError

from fluxdiag.errors import FluxdiagError
from fluxdiag.errors_in_files import why
from fluxdiag.profiles import load_profile
from fluxdiag.records import Record
from fluxdiag.runs import as_json, sha256_text
from fluxdiag.weighing.speaking import Form

PRIOR = 0.2
"""of every target where a calibration states none: somebody who asks for a diagnosis has one problem in about seven"""


class Weight(Record):
    """What a measurement is worth: `weight` log-odds for each `scale` that it lies beyond `line`, at most two scales."""

    key: str
    form: Form = "as is"
    line: float = Field(description="where the measurement says nothing; in the form's units")
    scale: float = Field(gt=0)
    weight: float = Field(description="natural log-odds per scale; negative where the measurement speaks as it falls")


class CauseWeights(Record):
    """The evidence table of one target; `intercept` is for even odds, so that any prior can be put before it."""

    target: str = Field(description="`cause` or `cause:direction`")
    intercept: float
    positives: int = Field(description="LoRAs with the cause that it was fitted on")
    negatives: int
    weights: tuple[Weight, ...]


class Calibration(Record):
    """Fitted weights with their provenance. Good for the base that `profile` and `world` name, and for no other."""

    schema_: Literal[1] = Field(default=1, alias="schema")
    name: str
    profile: str = Field(description="name of the base's profile that the runs were made with")
    about: str = Field(description="what it was fitted on, in a sentence for a stranger")
    subjects: tuple[str, ...] = Field(description="the people it was fitted on: figures on these are no evidence")
    loras: int
    ridge: float
    world: str = ""
    prior: dict[str, float] = Field(default={}, description="probability of a target before anything is measured; may be edited")
    causes: tuple[CauseWeights, ...]

    model_config = Record.model_config | {"populate_by_name": True}

    def of(self, cause: str) -> tuple[CauseWeights, ...]:
        """The tables of a cause, one for each of its directions; none where it was not fitted."""
        return tuple(table for table in self.causes if table.target.partition(":")[0] == cause)

    def prior_of(self, target: str) -> float:
        return self.prior.get(target, PRIOR)


def calibration_file(base: str) -> Path | None:
    """FLUXDIAG_CALIBRATION, else what the profile names, else `calibration.json` in the base's folder; None without any."""
    named = os.environ.get("FLUXDIAG_CALIBRATION") or load_profile(base).calibration
    if named.endswith(".json"):
        return Path(base, named) if Path(base).is_dir() else Path(named)
    own = Path(base) / "calibration.json"
    return own if own.is_file() else None


def load_calibration(base: str, profile: str | None = None) -> Calibration | None:
    """The weights for this base; `profile` as a run noted it. Raises FluxdiagError for a file that is none, or another base's."""
    file = calibration_file(base)
    if file is None:
        return None
    calibration = read_calibration(file)
    judged = profile or load_profile(base).name
    if calibration.profile != judged:
        raise FluxdiagError(
            f"these weights were fitted on {calibration.profile!r}, and the base is {judged!r}",
            where=str(file),
            do="Fit your own with `fluxdiag calibrate`, or leave them out",
        )
    return calibration


def digest_of_weights(base: str) -> str:
    """Of the weights for this base; empty without any."""
    weights = load_calibration(base)
    return "" if weights is None else sha256_text(as_json(weights))


def read_calibration(file: Path) -> Calibration:
    try:
        return Calibration.model_validate_json(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        do = "Correct `calibration` in the profile, or FLUXDIAG_CALIBRATION"
        raise FluxdiagError(f"cannot be read ({why(error)})", where=str(file), do=do) from error
    except ValidationError as error:
        do = "`fluxdiag calibrate` makes one"
        raise FluxdiagError(f"not a calibration ({why(error)})", where=str(file), do=do) from error
