"""Rows of made-up LoRAs whose faults leave the marks that the laboratory's trial found, with noise between and within people."""

import numpy as np

from fluxlab.bench.rows import Judged, Row

SOUND = {
    "identity.ceiling": (0.85, 0.01),
    "identity.trigger": (0.62, 0.06),
    "consistency.trigger": (0.5, 0.07),
    "trigger.effect": (0.45, 0.06),
    "bleed.class": (0.12, 0.05),
    "bleed.same-sex": (0.05, 0.05),
    "bleed.other-sex": (0.03, 0.05),
    "loss.binding": (4.5, 0.7),
    "loss.heldout-gain": (4.0, 1.5),
    "loss.gap": (18.0, 3.0),
    "loss.face-share": (1.0, 1.5),
    "loss.description": (0.0, 0.5),
    "obedience.background": (0.0, 0.05),
    "obedience.outfit": (0.0, 0.08),
    "variety.within-prompt": (1.0, 0.15),
    "strength.less": (-0.3, 0.05),
    "strength.more": (0.08, 0.05),
    "captions.appearance-share": (0.0, 0.0),
    "dataset.effective-images": (10.0, 1.0),
    "file.delta-norm": (17.0, 1.0),
    "setting.rank": (16.0, 0.0),
    "setting.exposure-ratio": (0.5, 0.0),
    "setting.regularisation-images": (60.0, 0.0),
}
MARKS = {
    "healthy": {},
    "overcaptioned": {
        "identity.trigger": 0.15, "consistency.trigger": 0.05, "trigger.effect": 0.04, "loss.binding": 0.6, "loss.gap": 14.0,
        "loss.description": 8.0, "description.effect": 0.3, "captions.appearance-share": 1.0,
    },
    "low-diversity": {
        "identity.trigger": 0.42, "trigger.effect": 0.2, "loss.gap": 95.0, "loss.binding": -2.5, "loss.heldout-gain": -11.0,
        "loss.face-share": -6.0, "obedience.background": -0.5, "dataset.effective-images": 1.3,
    },
    "under": {
        "identity.trigger": 0.25, "consistency.trigger": 0.1, "trigger.effect": 0.1, "loss.gap": 8.0, "loss.binding": 1.8,
        "strength.more": 0.2, "file.delta-norm": 5.0, "setting.exposure-ratio": 0.06,
    },
    "over": {
        "loss.gap": 55.0, "loss.heldout-gain": -12.0, "bleed.class": 0.2, "loss.binding": 0.8, "variety.within-prompt": 0.5,
        "strength.less": -0.05, "strength.more": -0.12, "file.delta-norm": 28.0, "setting.exposure-ratio": 2.0,
    },
    "rank-low": {
        "identity.trigger": 0.35, "consistency.trigger": 0.15, "trigger.effect": 0.15, "loss.gap": 7.5, "loss.binding": 3.2,
        "file.delta-norm": 8.0, "setting.rank": 1.0,
    },
    "rank-high": {
        "loss.gap": 42.0, "bleed.class": 0.35, "loss.heldout-gain": -2.0, "file.delta-norm": 24.0, "setting.rank": 64.0,
    },
    "no-regularisation": {
        "bleed.class": 0.7, "bleed.same-sex": 0.6, "bleed.other-sex": 0.6, "trigger.effect": 0.1, "loss.gap": 50.0,
        "loss.heldout-gain": -13.0, "setting.regularisation-images": 0.0, "setting.exposure-ratio": 1.0,
    },
    "decoy-rank": {"loss.gap": 17.0, "setting.rank": 64.0, "file.delta-norm": 16.0},
}  # fmt: skip
TELLS = {
    "file+references": ("captions.", "dataset.", "leak.", "loss.gap", "loss.face-share", "loss.description", "description."),
    "file+dataset": ("loss.gap", "loss.binding", "loss.heldout-gain"),
    "file": ("captions.", "dataset.", "leak.", "loss.", "identity.", "description."),
}
"""state -> beginnings of the keys that it lacks"""


def numbers(planted: str, rng: np.random.Generator, severity: float = 1.0) -> dict:
    """Measurements as a row keeps them; a milder fault lies between the sound value and its full mark."""
    found = {}
    for key in [*SOUND, *(key for key in MARKS[planted] if key not in SOUND)]:
        sound, spread = SOUND.get(key, (0.05, 0.05))
        centre = sound + severity * (MARKS[planted].get(key, sound) - sound)
        value = centre + spread * rng.normal()
        half = 0.0 if key.startswith(("setting", "captions", "dataset", "file")) else 1.2 * spread
        value = max(value, 0.01) if key.startswith(("variety", "dataset", "file")) else value
        found[key] = (value, value - half if half else value, value + half if half else value, 8)
    return found


def row(planted: str, subject: int, seed: int = 0, severity: float = 1.0, probe_seeds: int = 0, world: str = "w") -> Row:
    rng = np.random.default_rng([subject, seed, probe_seeds, sorted(MARKS).index(planted)])
    measured = numbers(planted, rng, severity)
    states = {"all": Judged(measurements=measured, verdict="healthy", findings=())}
    for state, lacking in TELLS.items():
        keys = tuple(key for key in measured if key.startswith(lacking))
        states[state] = Judged(gaps={"not known here": keys}, verdict="undetermined", findings=())
    return Row(
        planted=planted, severity=severity, subject=subject, seed=seed, probe_seeds=probe_seeds, setup={"steps": 1400.0},
        style="plain", header="kohya", world=world, suite="quick", versions={},
        shots={"trigger": 16, "class": 16, "base": 16, "trigger/strength-1.5": 16}, cached=16, passes=64 * 20 + 100,
        loss_passes=100, seconds={"all": 30.0, "plant": 100.0}, states=states,
    )  # fmt: skip


def rows(subjects, planted=tuple(MARKS)) -> list[Row]:
    return [row(fault, subject) for subject in subjects for fault in planted]
