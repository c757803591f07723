"""The face recognisers of the laboratory: 112x112 aligned crops to 128 numbers, as InsightFace's ArcFace models.

A residual network, and a depthwise one of another kind to show that swapping the network moves no verdict. Both learn
under the large-margin cosine loss (CosFace, 1801.09414), from drawn faces only.
"""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import torch
from insightface.utils import face_align
from torch import Tensor, nn
from torch.nn import functional

from fluxlab.draw import draw
from fluxlab.onnx_files import write_bare
from fluxlab.training import Course, adamw, brisk, train
from fluxlab.world import Person, Picture, sample_figure, sample_person, sample_scene

PEOPLE, PICTURES = 1600, 10
CROP = 56
"""px: the 112x112 crop after the network's first layer, which halves it; training starts there"""
SCALE, MARGIN = 16.0, 0.25
BATCH = 64
FRAMINGS = ("close-up", "portrait", "portrait", "cowboy shot")


class Recogniser(nn.Module):
    """(n, 3, 112, 112) RGB in [-1, 1] to (n, 128), not normalised."""

    def __init__(self, stem: nn.Module, stages: nn.Module, embed: nn.Module) -> None:
        super().__init__()
        self.stem, self.stages, self.embed = stem, stages, embed

    def forward(self, crops: Tensor) -> Tensor:
        return self.from_half(functional.avg_pool2d(crops, 2))

    def from_half(self, crops: Tensor) -> Tensor:
        """The rest of the network on (n, 3, 56, 56)."""
        features: Tensor = self.embed(self.stages(self.stem(crops)))
        return features


def residual() -> Recogniser:
    stages = nn.Sequential(Residual(32, 64), Residual(64, 96), Residual(96, 160))
    return Recogniser(conv(3, 32, 2), stages, nn.Sequential(nn.Flatten(), nn.Linear(160 * 4 * 4, 128), nn.BatchNorm1d(128)))


def depthwise() -> Recogniser:
    """As MobileFaceNet (1804.07573): separable convolutions, and at the end one weight a place and channel."""
    stages = nn.Sequential(Separable(24, 48), Separable(48, 96), Separable(96, 192))
    last = nn.Sequential(nn.Conv2d(192, 192, 4, groups=192, bias=False), nn.BatchNorm2d(192), nn.Flatten(), nn.Linear(192, 128))
    return Recogniser(conv(3, 24, 2), stages, nn.Sequential(*last, nn.BatchNorm1d(128)))


ARCHITECTURES = {"recogniser": residual, "recogniser-depthwise": depthwise}
"""by the name of the checkpoint"""


class Separable(nn.Module):
    """Widen, look around channel by channel at half the size, narrow; then the same again with a short cut."""

    def __init__(self, inside: int, outside: int) -> None:
        super().__init__()
        self.down, self.stay = _separable(inside, outside, 2), _separable(outside, outside, 1)

    def forward(self, x: Tensor) -> Tensor:
        halved = self.down(x)
        narrow: Tensor = halved + self.stay(halved)
        return narrow


def _separable(inside: int, outside: int, stride: int) -> nn.Sequential:
    wide = 2 * inside
    look = nn.Conv2d(wide, wide, 3, stride, 1, groups=wide, bias=False)
    return nn.Sequential(
        nn.Conv2d(inside, wide, 1, bias=False),
        nn.BatchNorm2d(wide),
        nn.PReLU(wide),
        look,
        nn.BatchNorm2d(wide),
        nn.PReLU(wide),
        nn.Conv2d(wide, outside, 1, bias=False),
        nn.BatchNorm2d(outside),
    )


class Residual(nn.Module):
    def __init__(self, inside: int, outside: int) -> None:
        super().__init__()
        self.body = nn.Sequential(conv(inside, outside, 2), nn.Conv2d(outside, outside, 3, padding=1), nn.BatchNorm2d(outside))
        self.side = nn.Conv2d(inside, outside, 1, stride=2)

    def forward(self, x: Tensor) -> Tensor:
        return functional.relu(self.body(x) + self.side(x))


def conv(inside: int, outside: int, stride: int) -> nn.Sequential:
    return nn.Sequential(nn.Conv2d(inside, outside, 3, stride, 1, bias=False), nn.BatchNorm2d(outside), nn.ReLU())


def face_crop(person: Person, rng: np.random.Generator) -> np.ndarray:
    """One drawn photo of a person, aligned as InsightFace aligns: (56, 56, 3) uint8.

    Keypoints shake and the photo is blurred a little, as a detector's and an autoencoder's output is.
    """
    scene = sample_scene(rng, str(rng.choice(FRAMINGS)))
    picture = Picture((sample_figure(rng, person),), None, scene, int(rng.integers(2**31)))
    image, (mark,) = draw(picture)
    blur = rng.uniform(0, 1.3)
    softened = cv2.GaussianBlur(image, (0, 0), blur) if blur > 0.3 else image
    height = mark.box[3] - mark.box[1]
    keypoints = mark.keypoints + rng.normal(0, 0.012 * height, mark.keypoints.shape)
    return cv2.resize(face_align.norm_crop(softened, keypoints), (CROP, CROP), interpolation=cv2.INTER_AREA)


def training_crops(build: Path) -> np.ndarray:
    """(PEOPLE, PICTURES, 56, 56, 3) uint8, kept in `build/faces.npy`."""
    file = build / "faces.npy"
    if not file.exists():
        rngs = [np.random.default_rng([8, number]) for number in range(PEOPLE)]
        people = [(sample_person(rng), rng) for rng in rngs]
        crops = np.stack([[face_crop(person, rng) for _ in range(PICTURES)] for person, rng in people])
        np.save(build / "faces.partial.npy", crops)
        (build / "faces.partial.npy").rename(file)
    return np.load(file)


def train_recogniser(build: Path, steps: int, name: str = "recogniser", peak: float = 2e-3) -> Recogniser:
    """`name` is of ARCHITECTURES."""
    crops = training_crops(build)
    torch.manual_seed(3)
    network, classes = ARCHITECTURES[name](), nn.Linear(128, PEOPLE, bias=False)
    modules = nn.ModuleDict({"network": network, "classes": classes})

    def loss(step: int, done: float) -> Tensor:
        rng = np.random.default_rng([9, step])
        people, pictures = rng.integers(PEOPLE, size=BATCH), rng.integers(PICTURES, size=BATCH)
        with brisk():
            features = network.from_half(as_input(crops[people, pictures], rng))
        # The margin grows in: from the start it would keep the loss from falling at all.
        return margin_loss(features.float(), classes.weight, torch.from_numpy(people), MARGIN * min(1.0, done / 0.4))

    train(Course(name, build, steps, peak), modules, adamw(modules, 0.02), loss)
    return network.eval()


def as_input(crops: np.ndarray, rng: np.random.Generator) -> Tensor:
    """(n, 56, 56, 3) uint8 to (n, 3, 56, 56) in [-1, 1], with a random gain, offset and shift of a pixel."""
    down, right = rng.integers(-2, 3, size=2)
    batch = torch.from_numpy(np.roll(crops, (down, right), axis=(1, 2)).astype(np.float32)).permute(0, 3, 1, 2) / 127.5 - 1
    gain = torch.from_numpy(rng.uniform(0.9, 1.1, (len(crops), 1, 1, 1)).astype(np.float32))
    offset = torch.from_numpy(rng.uniform(-0.08, 0.08, (len(crops), 3, 1, 1)).astype(np.float32))
    return (batch * gain + offset).clamp(-1, 1)


def margin_loss(features: Tensor, centres: Tensor, people: Tensor, margin: float) -> Tensor:
    cosines = functional.linear(functional.normalize(features), functional.normalize(centres))
    with_margin = cosines - margin * functional.one_hot(people, len(centres))
    return functional.cross_entropy(SCALE * with_margin, people)


def export(network: Recogniser, file: Path) -> None:
    torch.onnx.export(network.eval(), (torch.zeros(1, 3, 112, 112),), file, input_names=["input.1"], output_names=["embedding"],
                      dynamic_shapes={"crops": {0: torch.export.Dim("n")}}, external_data=False)  # fmt: skip
    write_bare(file)
