"""The face detector of the laboratory, with the nine outputs of SCRFD (2105.04714): scores, boxes, keypoints by stride.

Trained on the base's training pictures, which hold animals, objects and empty scenes too; never on generated ones.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from fluxlab.data import training_picture
from fluxlab.draw import SIZE, FaceMark, draw
from fluxlab.onnx_files import write_bare
from fluxlab.training import Course, adamw, train

INPUT = 128
"""px a side of the network's input; insightface scales a picture up to it"""
STRIDES = (8, 16, 32)
HEIGHTS = ((0.0, 34.0), (26.0, 62.0), (50.0, 1000.0))
"""px at INPUT: which stride finds which face heights; where two overlap both do"""
TOLERANCE = 1.2
"""a stride whose heights a face misses by no more than this factor is free to fire on it; beyond it must be silent, else it
answers a small face with a box of its own size"""
BATCH = 32
PICTURES = 14_000
ANCHORS = 2
"""anchors at each place that insightface expects; the second never fires"""


class Detector(nn.Module):
    """(1, 3, 128, 128) RGB in about [-1, 1] to scores, boxes and keypoints of the three strides, scores first."""

    def __init__(self) -> None:
        super().__init__()
        widths = (48, 64, 80)
        self.stem = nn.Sequential(_conv(3, 16, 1), _conv(16, 24, 2), _conv(24, 32, 1), _conv(32, widths[0], 2))
        self.deeper = nn.ModuleList([_conv(widths[0], widths[1], 2), _conv(widths[1], widths[2], 2)])
        self.necks = nn.ModuleList([nn.Sequential(_conv(w, w, 1), _conv(w, w, 1)) for w in widths])
        self.heads = nn.ModuleList([nn.Conv2d(w, 15, 1) for w in widths])
        for head in self.heads:
            nn.init.constant_(head.bias[:1], -4.0)

    def maps(self, half: Tensor) -> list[Tensor]:
        """(n, 3, 64, 64) to three maps (n, 15, rows, columns): score logit, 4 distances, 10 keypoint offsets, in strides."""
        found, features = [], self.stem(half)
        for level in range(3):
            features = features if level == 0 else self.deeper[level - 1](features)
            found.append(self.heads[level](self.necks[level](features)))
        return found

    def forward(self, image: Tensor) -> tuple[Tensor, ...]:
        maps = [m[0].flatten(1).T for m in self.maps(functional.avg_pool2d(image, 2))]  # (places, 15)
        scores = [_with_silent_twin(torch.sigmoid(m[:, :1])) for m in maps]
        return (*scores, *(_twice(m[:, 1:5]) for m in maps), *(_twice(m[:, 5:]) for m in maps))


def _twice(rows: Tensor) -> Tensor:
    return rows.repeat_interleave(ANCHORS, dim=0)


def _with_silent_twin(scores: Tensor) -> Tensor:
    return torch.stack([scores, scores * 0], dim=1).reshape(-1, 1)


def _conv(inside: int, outside: int, stride: int) -> nn.Sequential:
    return nn.Sequential(nn.Conv2d(inside, outside, 3, stride, 1, bias=False), nn.BatchNorm2d(outside), nn.ReLU())


def targets(marks: list[FaceMark]) -> list[np.ndarray]:
    """Per stride (16, rows, columns): 1 face / 0 none / -1 do not care, then boxes and keypoints in strides, then a weight."""
    out = []
    for stride, (low, high) in zip(STRIDES, HEIGHTS, strict=True):
        side = INPUT // stride
        target = np.zeros((16, side, side), np.float32)
        for mark in marks:
            _add(target, mark, stride, low, high)
        out.append(target)
    return out


def _add(target: np.ndarray, mark: FaceMark, stride: int, low: float, high: float) -> None:
    x0, y0, x1, y1 = (edge * INPUT / SIZE for edge in mark.box)
    ys, xs = np.mgrid[0 : target.shape[1], 0 : target.shape[2]].astype(np.float32) * stride
    away = np.maximum(np.abs(xs - (x0 + x1) / 2) / (x1 - x0), np.abs(ys - (y0 + y1) / 2) / (y1 - y0))
    near = away < max(0.2, 0.51 * stride / min(x1 - x0, y1 - y0))
    if not low <= y1 - y0 < high:
        if low / TOLERANCE <= y1 - y0 < high * TOLERANCE:
            target[0][near] = -1
        return
    target[0][(away < 0.5) & ~near & (target[0] == 0)] = -1
    points = mark.keypoints.reshape(-1) * INPUT / SIZE
    offsets = [points[i] - (xs if i % 2 == 0 else ys) for i in range(10)]
    values = np.stack([xs - x0, ys - y0, x1 - xs, y1 - ys, *offsets]) / stride
    target[0][near] = 1
    target[1:15, near] = values[:, near]
    target[15][near] = stride / (y1 - y0)


def _loss(maps: list[Tensor], wanted: list[Tensor]) -> Tensor:
    """Focal loss on scores, L1 on places where there is a face, in units of the face's height."""
    total = torch.zeros(())
    faces = sum(float((t[:, 0] == 1).sum()) for t in wanted) + 1.0
    for found, target in zip(maps, wanted, strict=True):
        care, face = target[:, 0] >= 0, target[:, 0] == 1
        raw = functional.binary_cross_entropy_with_logits(found[:, 0], face.float(), reduction="none")
        focal = (raw * (1 - torch.exp(-raw)) ** 2)[care].sum()
        error = (found[:, 1:] - target[:, 1:15]).abs().mean(dim=1) * target[:, 15]
        total = total + focal + 4.0 * error[face].sum()
    return total / faces


def training_set(build: Path) -> dict[str, np.ndarray]:
    """Pictures and targets of the first PICTURES training pictures, kept in `build/detector.npz`."""
    file = build / "detector.npz"
    if not file.exists():
        drawn = [draw(training_picture(index)[0]) for index in range(PICTURES)]
        wanted = [targets(marks) for _, marks in drawn]
        arrays = {f"stride{i}": np.stack([w[i] for w in wanted]).astype(np.float16) for i in range(3)}
        np.savez(build / "detector.partial.npz", images=np.stack([image for image, _ in drawn]), **arrays)
        (build / "detector.partial.npz").rename(file)
    with np.load(file) as arrays:
        return dict(arrays)


def train_detector(build: Path, steps: int, peak: float = 3e-3) -> Detector:
    data = training_set(build)
    torch.manual_seed(4)
    network = Detector()

    def loss(step: int, done: float) -> Tensor:
        rng = np.random.default_rng([11, step])
        chosen = rng.integers(len(data["images"]), size=BATCH)
        images = torch.from_numpy(data["images"][chosen].astype(np.float32)).permute(0, 3, 1, 2) / 127.5 - 1
        wanted = [torch.from_numpy(data[f"stride{i}"][chosen].astype(np.float32)) for i in range(3)]
        return _loss(network.maps(softened(images, rng)), wanted)

    train(Course("detector", build, steps, peak, clip=5.0), {"network": network}, adamw(network), loss)
    return network.eval()


def softened(images: Tensor, rng: np.random.Generator) -> Tensor:
    """Each picture blurred by its own amount and with a little noise, as generated ones are."""
    share = torch.from_numpy(rng.uniform(0, 1, (len(images), 1, 1, 1)).astype(np.float32))
    blurred = functional.avg_pool2d(functional.avg_pool2d(images, 3, 1, 1), 3, 1, 1)
    noise = torch.from_numpy(rng.normal(0, 0.02, images.shape).astype(np.float32))
    return (1 - share) * images + share * blurred + noise


def export(network: Detector, file: Path) -> None:
    names = [f"{part}_{stride}" for part in ("score", "box", "points") for stride in STRIDES]
    torch.onnx.export(network.eval(), (torch.zeros(1, 3, INPUT, INPUT),), file, input_names=["input.1"], output_names=names,
                      external_data=False)  # fmt: skip
    write_bare(file)
