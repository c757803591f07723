"""Tables whose faces lie at given cosines to the person: an array of prompts by seeds for each arm and variant, NaN: no face."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from fluxdiag.instruments.statistics import centroid, leave_one_out
from fluxdiag.instruments.tables import SHOT_COLUMNS, Tables
from fluxdiag.profiles import load_profile
from fluxdiag.records import GatherInfo, StepFormula
from simulated import HEALTHY, Simulation, Truth

EYE = np.eye(9)
REFERENCES = np.stack([0.9 * EYE[0] + np.sqrt(1 - 0.81) * EYE[axis] for axis in (1, 2, 3, 4)])
CENTRE = centroid(REFERENCES)
CEILING = float(leave_one_out(REFERENCES).mean())
CASE = Simulation("unused", Truth(HEALTHY)).case()


def tables(cosines: Mapping[tuple[str, str], np.ndarray]) -> Tables:
    """(arm, variant) -> (prompts, seeds)."""
    rows, faces = [], {}
    for (arm, variant), shown in cosines.items():
        for (prompt, seed), value in np.ndenumerate(shown):
            name = f"{arm}-{variant}-{prompt}-{seed}"
            if not np.isnan(value):
                faces[name] = (value * CENTRE + np.sqrt(1 - value**2) * EYE[8])[None]
            outcome = "no-face" if np.isnan(value) else "ok"
            lora = not arm.endswith("base")
            rows.append((name, arm, f"p{prompt:02}", f"p{prompt:02}", "person", 100 * prompt + seed, lora, variant, outcome))
    return Tables(
        case=CASE,
        gather=GatherInfo.model_construct(gaps={}, smallest_face=64, modules_adapted=1, delta_error=0.0, stopped=None),
        formula=StepFormula(per_image=100, plus=350),
        bands=load_profile("flux1-dev").bands,
        shots=pd.DataFrame(rows, columns=list(SHOT_COLUMNS)),
        faces=faces,
        references=REFERENCES,
        clip={},
        labels={},
        losses=None,
    )


def without(cosines: np.ndarray, lost: np.ndarray) -> np.ndarray:
    """The same with no face where `lost`."""
    return np.where(lost, np.nan, cosines)
