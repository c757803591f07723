"""The judge of what the base obeys: a residual network with one answer for each aspect of a picture.

CLIP shares its words with the base and is part of what fluxdiag sees with, so it would judge its own cause. This network has
no words, learns from drawings only, and nobody but `fluxlab check` asks it.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file, save_file
from torch import Tensor, nn
from torch.nn import functional

from fluxlab.codec import as_tensor
from fluxlab.data import training_picture
from fluxlab.detector import softened
from fluxlab.recogniser import Residual, conv
from fluxlab.sight import LABELS, truth
from fluxlab.training import Course, adamw, brisk, train
from fluxlab.world import HAIR_STYLES, Picture

ASPECTS: dict[str, tuple[str, ...]] = LABELS | {"hair style": HAIR_STYLES}
BATCH = 64
UNASKED = -100
"""where a picture shows no such aspect: what cross_entropy ignores"""


class Judge(nn.Module):
    """(n, 3, 64, 64) in [-1, 1] to one row of logits an aspect, in the order of ASPECTS."""

    def __init__(self) -> None:
        super().__init__()
        self.body = nn.Sequential(conv(3, 32, 2), Residual(32, 64), Residual(64, 96), Residual(96, 160))
        self.head = nn.Linear(160 * 4 * 4, sum(map(len, ASPECTS.values())))

    def forward(self, pictures: Tensor) -> tuple[Tensor, ...]:
        features = functional.dropout(self.body(pictures).flatten(1), 0.2, self.training)
        return self.head(features).split([len(labels) for labels in ASPECTS.values()], dim=1)

    @torch.no_grad()
    def answers(self, pictures: np.ndarray) -> dict[str, list[str]]:
        """(n, 64, 64, 3) uint8 -> by aspect, one label a picture."""
        chosen = [logits.argmax(1).tolist() for logits in self.eval()(as_tensor(pictures))]
        return {aspect: [labels[i] for i in rows] for (aspect, labels), rows in zip(ASPECTS.items(), chosen, strict=True)}


def shown(picture: Picture) -> dict[str, str | None]:
    """The right answers; None where the picture shows no such aspect."""
    alone = picture.figures[0].person if len(picture.figures) == 1 else None
    return truth(picture) | {"hair style": alone.hair_style if alone else None}


def train_judge(images: np.ndarray, build: Path, steps: int, peak: float = 2e-3) -> Judge:
    """`images` are the first of the training pictures."""
    torch.manual_seed(14)
    judge = Judge()

    def loss(step: int, done: float) -> Tensor:
        rng = np.random.default_rng([14, step])
        chosen = np.sort(rng.integers(len(images), size=BATCH))
        pictures = softened(as_tensor(images[chosen]), rng)
        with brisk():
            said = judge.train()(pictures)
        right = wanted([training_picture(int(index))[0] for index in chosen])
        losses = [functional.cross_entropy(a.float(), b, ignore_index=UNASKED) for a, b in zip(said, right, strict=True)]
        return torch.stack(losses).mean()

    train(Course("judge", build, steps, peak), {"judge": judge}, adamw(judge, 0.02), loss)
    return judge.eval()


def wanted(pictures: list[Picture]) -> tuple[Tensor, ...]:
    """(n,) indices an aspect, in the order of ASPECTS."""
    answers = [shown(picture) for picture in pictures]
    return tuple(
        torch.tensor([UNASKED if (said := each[aspect]) is None else labels.index(said) for each in answers])
        for aspect, labels in ASPECTS.items()
    )


def write_judge(judge: Judge, folder: Path) -> None:
    """In half precision, for it travels with the code."""
    folder.mkdir(parents=True, exist_ok=True)
    save_file({key: value.half().contiguous() for key, value in judge.state_dict().items()}, folder / "judge.safetensors")


def load_judge(folder: Path) -> Judge:
    judge = Judge()
    judge.load_state_dict({key: value.float() for key, value in load_file(folder / "judge.safetensors").items()})
    return judge.eval()
