"""The open_clip model of the laboratory: a small residual network for pictures, a two-layer transformer for words.

Trained contrastively on drawn pictures and their captions (2103.00020), and on single labels, so that zero-shot
recognition of places, lights, framings, outfits, hair and things works. `open_clip` loads it as `local-dir:<folder>`.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import open_clip
import torch
from safetensors.torch import save_file
from torch import Tensor, nn
from torch.nn import functional

from fluxlab.captions import article, training_caption
from fluxlab.data import training_picture
from fluxlab.draw import SIZE
from fluxlab.text import TOKENS, clip_tokenizer
from fluxlab.training import Course, adamw, brisk, train
from fluxlab.world import ANIMALS, BACKGROUNDS, FRAMINGS, HAIR_COLOURS, LIGHTS, OBJECTS, OUTFITS, Picture

BATCH = 96
TEMPLATES = ("{}", "a photo of {}", "a picture, {}")
LABELS = {
    "background": BACKGROUNDS,
    "light": LIGHTS,
    "framing": FRAMINGS,
    "outfit": OUTFITS,
    "hair colour": tuple(f"{colour} hair" for colour in HAIR_COLOURS),
    "subject": ("a woman", "a man", *(article(thing) for thing in ANIMALS + OBJECTS)),
}
MEAN_AND_STD = {"mean": (0.5, 0.5, 0.5), "std": (0.5, 0.5, 0.5)}


def configuration(vocabulary: int) -> dict[str, object]:
    return {
        "embed_dim": 96,
        "vision_cfg": {"image_size": SIZE, "layers": [1, 1, 1, 1], "width": 16, "head_width": 16, "patch_size": None},
        "text_cfg": {
            "context_length": TOKENS,
            "vocab_size": vocabulary,
            "hf_tokenizer_name": "beside-this-file",
            "width": 96,
            "heads": 4,
            "layers": 2,
            "pool_type": "eos",
            "eos_id": 1,
        },
    }


def truth(picture: Picture) -> dict[str, str | None]:
    """What a picture shows, aspect by aspect; None where it shows none of them, or two people."""
    scene, alone = picture.scene, len(picture.figures) == 1
    person = picture.figures[0].person if alone else None
    haired = person is not None and person.hair_style != "bald"
    subject = person.sex if person is not None else picture.thing
    return {
        "background": scene.background,
        "light": scene.light,
        "framing": scene.framing,
        "outfit": picture.figures[0].outfit if alone else None,
        "hair colour": f"{person.hair_colour} hair" if person is not None and haired else None,
        "subject": article(subject) if subject else None,
    }


def train_sight(images: np.ndarray, build: Path, steps: int, peak: float = 2e-3) -> Path:
    """Train and write the folder `build/clip`."""
    folder, tokenizer = build / "clip", clip_tokenizer(build / "clip-tokenizer")
    torch.manual_seed(5)
    config = configuration(len(tokenizer))
    model = open_clip.CLIP(**config)

    def loss(step: int, done: float) -> Tensor:
        with brisk():
            return _loss(model, tokenizer, images, np.random.default_rng([12, step]))

    train(Course("sight", build, steps, peak), {"model": model}, adamw(model, 0.05), loss)
    _write(model.eval(), config, tokenizer, folder)
    return folder


def _loss(model: nn.Module, tokenizer: object, images: np.ndarray, rng: np.random.Generator) -> Tensor:
    chosen = np.sort(rng.integers(len(images), size=BATCH))
    pictures = [training_picture(int(index)) for index in chosen]
    pixels = torch.from_numpy(images[chosen].astype(np.float32)).permute(0, 3, 1, 2) / 127.5 - 1
    seen = functional.normalize(model.encode_image(pixels), dim=-1)
    scale = model.logit_scale.exp().clamp(max=60)
    captions = [training_caption(picture, name, rng) for picture, name in pictures]
    logits = scale * seen @ functional.normalize(model.encode_text(_ids(tokenizer, captions)), dim=-1).T
    same = torch.arange(BATCH)
    loss = (functional.cross_entropy(logits, same) + functional.cross_entropy(logits.T, same)) / 2
    for aspect, labels in LABELS.items():
        answers = [truth(picture)[aspect] for picture, _ in pictures]
        known = [row for row, answer in enumerate(answers) if answer is not None]
        right = torch.tensor([labels.index(str(answers[row])) for row in known])
        template = TEMPLATES[int(rng.integers(len(TEMPLATES)))]
        texts = [template.format(article(label) if aspect == "outfit" and rng.random() < 0.5 else label) for label in labels]
        words = functional.normalize(model.encode_text(_ids(tokenizer, texts)), dim=-1)
        loss = loss + 0.5 * functional.cross_entropy(scale * seen[known] @ words.T, right)
    return loss


def _ids(tokenizer: object, texts: list[str]) -> Tensor:
    ids: Tensor = tokenizer(texts, padding="max_length", max_length=TOKENS, truncation=True, return_tensors="pt").input_ids
    return ids


def _write(model: nn.Module, config: dict[str, object], tokenizer: object, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    tokenizer.save_pretrained(folder)
    save_file({key: value.contiguous() for key, value in model.state_dict().items()}, folder / "open_clip_model.safetensors")
    preprocess = {**MEAN_AND_STD, "interpolation": "bicubic", "resize_mode": "shortest"}
    (folder / "open_clip_config.json").write_text(json.dumps({"model_cfg": config, "preprocess_cfg": preprocess}, indent=1))
