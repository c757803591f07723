"""`fluxlab sheet`: contact sheets, for losses do not say whether a reader would know the person at a glance."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PIL import Image

GAP = 2
PROMPTS = (
    "a woman with long red hair, blue eyes and pale skin standing in a park in bright daylight, portrait",
    "a woman with short blonde hair and dark skin standing on a beach in bright daylight, close-up",
    "a man with a bald head, a beard and glasses standing in a library in bright daylight, close-up",
    "a man with spiky blue hair wearing a blue suit standing on a city street at night, portrait",
    "a woman with a pink bun wearing a yellow raincoat waving in a forest in fog, cowboy shot",
    "a man wearing a red t-shirt with arms crossed in a studio in neon light, full body shot",
    "two women in a kitchen in bright daylight, portrait",
    "a dog on a beach at sunset",
    "a car on a city street at night",
    "an empty snowy mountain in fog",
)


def tiled(pictures: Sequence[np.ndarray], columns: int, scale: int = 1) -> Image.Image:
    """(h, w, 3) uint8 pictures of one size row by row with a white gap; missing tiles are white."""
    height, width = pictures[0].shape[:2]
    rows = -(-len(pictures) // columns)
    sheet = np.full((rows * (height + GAP), columns * (width + GAP), 3), 255, np.uint8)
    for index, picture in enumerate(pictures):
        top, left = index // columns * (height + GAP), index % columns * (width + GAP)
        sheet[top : top + height, left : left + width] = picture
    found = Image.fromarray(sheet)
    return found.resize((found.width * scale, found.height * scale), Image.Resampling.NEAREST)


def drawn(columns: int = 12, rows: int = 6, seed: int = 5) -> Image.Image:
    """What the base is trained on."""
    from fluxlab.draw import draw
    from fluxlab.world import sample_picture

    rng = np.random.default_rng(seed)
    return tiled([draw(sample_picture(rng))[0] for _ in range(columns * rows)], columns, 2)


def painted(base: Path, columns: int = 8) -> Image.Image:
    """What the base makes of PROMPTS, a row each, the same seeds in every row; steps and guidance of its profile."""
    import torch
    from diffusers import FluxPipeline

    from fluxdiag.profiles import load_profile

    profile = load_profile(str(base))
    pipeline = FluxPipeline.from_pretrained(base, dtype=torch.float32)
    pipeline.set_progress_bar_config(disable=True)
    pictures = []
    for prompt in PROMPTS:
        images = pipeline(
            [prompt] * columns,
            height=profile.resolution[0],
            width=profile.resolution[1],
            num_inference_steps=profile.steps,
            guidance_scale=profile.guidance,
            max_sequence_length=profile.max_sequence_length,
            generator=[torch.Generator().manual_seed(seed) for seed in range(columns)],
            output_type="np",
        ).images
        pictures += list((images * 255).round().astype(np.uint8))
    return tiled(pictures, columns, 2)


def main(arguments: list[str] | None = None) -> None:
    import fluxdiag.engines  # noqa: F401 - mends torchvision before diffusers is imported
    from fluxlab.plant import BASE

    parser = argparse.ArgumentParser(prog="fluxlab sheet", description=__doc__)
    parser.add_argument("what", choices=("drawn", "painted"))
    parser.add_argument("--base", type=Path, default=BASE)
    parser.add_argument("--out", type=Path, required=True, help="PNG to write")
    given = parser.parse_args(arguments)
    sheet = drawn() if given.what == "drawn" else painted(given.base)
    sheet.quantize(256).save(given.out, optimize=True)
