"""`fluxlab make`: every model of the laboratory from fixed seeds, stage by stage; a kill costs minutes, not the whole.

    pictures -> autoencoder -> latents -> words -> base -> guidance -> eyes (faces, CLIP), judge -> weights/ -> two example LoRAs

Budgets are steps, some six hours of two CPU cores in all; most of them are the base's.
"""

from __future__ import annotations

import argparse
import json
import shutil
from pathlib import Path

import torch
from diffusers import AutoencoderKL, FlowMatchEulerDiscreteScheduler, FluxPipeline

from fluxlab import detector, recogniser
from fluxlab.base import Base, distil_guidance, new_base, train_base
from fluxlab.codec import encode_all, refine_decoder, train_codec
from fluxlab.data import training_images
from fluxlab.judge import train_judge, write_judge
from fluxlab.plant import plant
from fluxlab.sight import train_sight
from fluxlab.words import train_words

HERE = Path(__file__).parent
WEIGHTS, EXAMPLES = HERE / "weights", HERE / "examples"
BUILD = Path("lab-build")
STEPS = {"codec": 1000, "words": 1200, "base": 8000, "guidance": 250, "decoder": 1200, "detector": 3000,
         "recogniser": 1600, "recogniser-depthwise": 4000, "sight": 1200, "judge": 1500}  # fmt: skip
HELD_OUT = 2000
"""training pictures that no eye learns from, so that they can be judged on them"""
FACE_PACKS = {"faces": "recogniser", "faces-depthwise": "recogniser-depthwise"}
"""folder -> architecture of the recogniser in it; the detector is the same"""
SMALLEST_FACE = 16
"""px of face height in a 64 px picture"""
EXAMPLE_LORAS = (("healthy", 100), ("overcaptioned", 12))
"""fault, which names the folder too, and subject"""


def make(build: Path = BUILD, scale: float = 1.0) -> None:
    """Everything; what is done already in `build` is not done again. `scale` multiplies every number of steps."""
    build.mkdir(parents=True, exist_ok=True)
    steps = {stage: max(1, round(scale * whole)) for stage, whole in STEPS.items()}
    images = training_images(build)
    codec = train_codec(images, build, steps["codec"])
    latents = encode_all(codec, images, build)
    factor, shift = codec.config.scaling_factor, codec.config.shift_factor
    base = train_words(new_base(build), build, steps["words"])
    base = train_base(base, latents, factor, shift, build, steps["base"])
    base = distil_guidance(base, latents, factor, shift, build, steps["guidance"])
    codec = refine_decoder(codec, images, latents, build, steps["decoder"])
    assemble(base, codec, WEIGHTS / "base")
    found = detector.train_detector(build, steps["detector"])
    for folder, name in FACE_PACKS.items():
        assemble_faces(found, recogniser.train_recogniser(build, steps[name], name), WEIGHTS / folder)
    shutil.copytree(train_sight(images[:-HELD_OUT], build, steps["sight"]), WEIGHTS / "clip", dirs_exist_ok=True)
    write_judge(train_judge(images[:-HELD_OUT], build, steps["judge"]), WEIGHTS / "judge")
    make_examples()


def assemble(base: Base, codec: AutoencoderKL, folder: Path) -> None:
    """A folder that FluxPipeline.from_pretrained loads as it is; half precision, for it travels with the code."""
    scheduler = FlowMatchEulerDiscreteScheduler(
        use_dynamic_shifting=True, base_shift=0.5, max_shift=1.15, base_image_seq_len=256, max_image_seq_len=4096, shift=3.0
    )
    pipeline = FluxPipeline(
        scheduler=scheduler,
        vae=codec,
        text_encoder=base.clip,
        tokenizer=base.clip_tokenizer,
        text_encoder_2=base.t5,
        tokenizer_2=base.t5_tokenizer,
        transformer=base.transformer,
    )
    pipeline.to(torch.float16).save_pretrained(folder)
    shutil.copyfile(HERE / "profile.toml", folder / "profile.toml")


def assemble_faces(found: detector.Detector, told: recogniser.Recogniser, folder: Path) -> None:
    """A folder that insightface's FaceAnalysis loads as a model pack."""
    folder.mkdir(parents=True, exist_ok=True)
    detector.export(found, folder / "detector.onnx")
    recogniser.export(told, folder / "recogniser.onnx")
    (folder / "pack.toml").write_text(f"smallest_face = {SMALLEST_FACE}\n", encoding="utf-8")


def make_examples() -> None:
    """The two LoRAs that `fluxdiag demo` diagnoses, as their users would have them."""
    for fault, subject in EXAMPLE_LORAS:
        file = plant(fault, subject, 0, EXAMPLES / fault)
        print(json.dumps({"example": fault, "file": file.name}), flush=True)


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="fluxlab make", description=__doc__)
    parser.add_argument("--build", type=Path, default=BUILD, help="where half-made things lie")
    parser.add_argument("--scale", type=float, default=1.0, help="multiplies the steps of every stage")
    given = parser.parse_args(arguments)
    make(given.build, given.scale)
