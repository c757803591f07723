"""Rounds whose pictures are made up: what each variant shows of the person is known. The bookkeeping is the product's own."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from fluxdiag.instruments.tables import SHOT_COLUMNS, Tables
from fluxdiag.plan import noise_seed
from fluxdiag.profiles import load_profile
from fluxdiag.records import Case, GatherInfo, StepFormula
from fluxdiag.runs import Run
from fluxdiag.searching.rounds import Rounds, question_of
from fluxdiag.suites import load_suite
from fluxdiag.variants import Variant

DIM = 32
Shown = Callable[[Variant], tuple[float, float]]
"""variant -> cosine to the person with the trigger and with the class word"""


@dataclass
class PaintedRounds(Rounds):
    """Draws nothing; tables as a LoRA would give that shows this much of the person."""

    shown: Shown = field(default=lambda variant: (0.0, 0.0))
    spread: float = 0.02
    """standard deviation of a picture's cosine"""
    references: int = 8
    blind: bool = False
    """no picture shows a face"""
    lost: Callable[[Variant, int], bool] = field(default=lambda variant, place: False)
    """whether the variant paints no face in the prompt at this place"""

    def take_over(self, other: Run) -> int:
        return 0

    def draw(self) -> Tables:
        rows, faces = [], {}
        prompts = {prompt.id: prompt for prompt in self.question.prompts}
        places = list(prompts)
        for variant, prompt, seed in sorted(self.drawn, key=str):
            cosines = (0.02, 0.0) if variant is None else self.shown(variant)
            arms = ("trigger-base", "base") if variant is None else ("trigger", "class")
            for arm, cosine in zip(arms, cosines, strict=True):
                noise, name = noise_seed(prompts[prompt], seed), variant.name if variant else "full"
                shot = f"{self.run.folder.name}.{arm}.{prompt}.{noise}.{name}"
                gone = self.blind or (variant is not None and self.lost(variant, places.index(prompt)))
                if not gone:
                    faces[shot] = self._face(cosine, shot, f"{prompt}{noise}")
                outcome = "no-face" if gone else "ok"
                rows.append((shot, arm, prompt, prompt, "person", noise, variant is not None, name, outcome))
        gather = GatherInfo.model_construct(gaps={}, smallest_face=64, modules_adapted=1, delta_error=0.0)
        shots = pd.DataFrame(rows, columns=list(SHOT_COLUMNS))
        return Tables(
            self.case,
            gather,
            StepFormula(per_image=100, plus=350),
            load_profile("flux1-dev").bands,
            shots,
            faces,
            self._references(),
            {},
            {},
            None,
        )

    def _face(self, cosine: float, shot: str, noise: str) -> np.ndarray:
        """Pictures of one prompt and seed share most of what chance does to them, as paired arms do."""
        shared, own = (np.random.default_rng(list(text.encode())).normal() for text in (noise, shot))
        value = float(np.clip(cosine + self.spread * (shared + 0.3 * own), -0.99, 0.99))
        other = np.random.default_rng(list(shot.encode())).normal(size=DIM)
        other[0] = 0.0
        face = np.sqrt(1 - value**2) * other / np.linalg.norm(other)
        face[0] = value
        return face[None].astype(np.float32)

    def _references(self) -> np.ndarray:
        rng = np.random.default_rng(7)
        found = rng.normal(size=(self.references, DIM)) / np.sqrt(DIM)
        found[:, 0] = 1.6
        return (found / np.linalg.norm(found, axis=1, keepdims=True)).astype(np.float32)


def painted(folder, case: Case, shown: Shown, **more) -> PaintedRounds:
    question = question_of(load_suite("quick")[0])
    return PaintedRounds(Run(folder), case, question, None, None, shown=shown, **more)
