"""Speed and memory on one CUDA card, on a base of FLUX.1 [dev]'s size with random weights: it computes exactly as the real one.

    python tests/bench_gpu.py FOLDER [PARTS] [--example SCRIPT] [--small]

FOLDER gets the base (24 GB, kept for the next time; a folder in main memory is read fastest) and `gpu-PART.json`. Every part is a
process of its own. SCRIPT is diffusers' `examples/dreambooth/train_dreambooth_lora_flux.py`, for the part `example`. `--small`
takes one block of each kind, to try the script itself; it then runs without a card too.
"""

from __future__ import annotations

import argparse
import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import torch

import bench_inspect
from fluxdiag.engines import placing
from fluxdiag.engines.adapter import Adapter, load_transformer
from fluxdiag.engines.encoders import EncodedPhoto, decode_image, load_encoders
from fluxdiag.engines.lora_training import LoraTraining
from fluxdiag.engines.loss_probe import LossReader, ProbedPhoto
from fluxdiag.engines.placing import place
from fluxdiag.engines.sampling import Sampler
from fluxdiag.engines.training_cache import Encoded, Example
from fluxdiag.engines.velocity import predict_velocity
from fluxdiag.lora import Lora, LoraModule
from fluxdiag.lora.forms import LowRank
from fluxdiag.profiles import Profile, load_profile
from fluxdiag.records import LossProbe
from fluxdiag.trainers.setup import setup_for

CARD = torch.device("cuda" if torch.cuda.is_available() else "cpu")
LABORATORY = Path(__file__).parents[1] / "src" / "fluxlab"
FLUX_VAE = {
    "block_out_channels": (128, 256, 512, 512),
    "down_block_types": ("DownEncoderBlock2D",) * 4,
    "up_block_types": ("UpDecoderBlock2D",) * 4,
    "layers_per_block": 2,
    "latent_channels": 16,
    "norm_num_groups": 32,
    "sample_size": 1024,
    "scaling_factor": 0.3611,
    "shift_factor": 0.1159,
    "use_quant_conv": False,
    "use_post_quant_conv": False,
}
STEPS = 4
"""of sampling: each costs the same"""
RANK = 16
SIDES, WORDS = (512, 1024), 512
"""px, and tokens of text; in the last size pictures are drawn"""
if "--small" in sys.argv:
    SIDES, WORDS = (64, 128), 16
SMALL_CARD = 24e9
Figures = dict[str, float]


# ------------------------------------------------------------------------------------------------ the base


def make_base(folder: Path, small: bool) -> None:
    """The whole pipeline; text encoders of one layer, of the real widths, with the laboratory's tokenizers."""
    from diffusers import AutoencoderKL, FlowMatchEulerDiscreteScheduler, FluxPipeline, FluxTransformer2DModel
    from transformers import AutoTokenizer, CLIPTextConfig, CLIPTextModel, T5Config, T5EncoderModel

    lab = LABORATORY / "weights" / "base"
    blocks = {"num_layers": 1, "num_single_layers": 1} if small else {}
    torch.set_default_dtype(torch.bfloat16)
    with CARD:
        transformer = FluxTransformer2DModel(guidance_embeds=True, **blocks)
        vae = AutoencoderKL(**FLUX_VAE)
        clip = CLIPTextModel(CLIPTextConfig(hidden_size=768, num_hidden_layers=1, num_attention_heads=12))
        t5 = T5EncoderModel(T5Config(d_model=4096, num_layers=1, num_heads=64, d_ff=64, vocab_size=32128))
    scheduler = FlowMatchEulerDiscreteScheduler(use_dynamic_shifting=True, shift=3.0)
    tokenizers = (AutoTokenizer.from_pretrained(lab / name) for name in ("tokenizer", "tokenizer_2"))
    FluxPipeline(scheduler, vae, clip, next(tokenizers), t5, next(tokenizers), transformer).save_pretrained(folder)


def random_lora(transformer: torch.nn.Module) -> Lora:
    """Rank 16 on every layer that this base has of FLUX.1's 494."""
    rng = np.random.default_rng(0)
    known = {f"transformer.{name}" for name, _ in transformer.named_modules()}
    modules = {}
    for path, rows, columns in bench_inspect.layers():
        if path in known:
            down, up = (rng.standard_normal(shape, dtype=np.float32) / 100 for shape in ((RANK, columns), (rows, RANK)))
            modules[path] = LoraModule(path, LowRank(down, up), RANK, None)
    return Lora(Path("random.safetensors"), "0" * 64, "diffusers", None, modules, {}, {}, ())


def profile_of(steps: int) -> Profile:
    return load_profile("flux1-dev").model_copy(update={"steps": steps, "resolution": (SIDES[-1], SIDES[-1])})


def text() -> tuple[torch.Tensor, torch.Tensor]:
    return torch.randn(WORDS, 4096).bfloat16(), torch.randn(768).bfloat16()


# ------------------------------------------------------------------------------------------------ the clock


def synchronised() -> float:
    if CARD.type == "cuda":
        torch.cuda.synchronize()
    return time.perf_counter()


@contextmanager
def measured(figures: Figures, name: str, times: int = 1) -> Iterator[None]:
    """Seconds for each of `times`, and the peak of the card's memory in GB."""
    if CARD.type == "cuda":
        torch.cuda.reset_peak_memory_stats()
    began = synchronised()
    yield
    figures[f"{name}, s"] = (synchronised() - began) / times
    figures[f"{name}, peak GB"] = torch.cuda.max_memory_allocated() / 1e9 if CARD.type == "cuda" else 0.0
    print(f"{name}: {figures[f'{name}, s']:.4g} s, {figures[f'{name}, peak GB']:.4g} GB", flush=True)


# ------------------------------------------------------------------------------------------------ the parts


def drawing(folder: Path, figures: Figures) -> None:
    """A forward pass alone, the sampler with the LoRA off and on, the loss probe, and decoding."""
    base, profile = str(folder / "base"), profile_of(STEPS)
    with measured(figures, "load transformer"):
        transformer = load_transformer(base, "bfloat16").requires_grad_(False).eval()
    adapter = Adapter(transformer, random_lora(transformer))
    with measured(figures, "to the card"):
        place(transformer, CARD)
    with measured(figures, "check all layers of the LoRA"):
        found = adapter.check(1.0)
    figures["layers of the LoRA"], figures["largest error"] = found.layers, found.error
    adapter.off()
    for batch in (1, 2, 4):
        forward(transformer, batch, figures)
    pipeline = load_encoders(base, "bfloat16")
    sampler = Sampler(pipeline, transformer, profile, CARD)
    for batch in (1, 2, 4):
        for name, switch in (("off", adapter.off), ("on", lambda: adapter.on(1.0))):
            switch()
            with measured(figures, f"sampler, LoRA {name}, batch {batch}, an image and step", batch * STEPS):
                latents = sampler.draw([text()] * batch, list(range(batch)))
    probe(adapter, profile, figures)
    for _ in range(2):
        with measured(figures, "decode an image"):
            decode_image(pipeline, latents[0], profile.resolution, CARD)


@torch.inference_mode()
def forward(transformer: Any, batch: int, figures: Figures) -> None:
    """The least that an image and step can cost: 1024 px, 512 text tokens."""
    prompt, pooled = (torch.stack([part] * batch).to(CARD) for part in text())
    noisy, sigma = torch.randn(batch, (SIDES[-1] // 16) ** 2, 64).bfloat16().to(CARD), torch.full((batch,), 0.5, device=CARD)
    for times in (1, STEPS):
        with measured(figures, f"forward pass alone, batch {batch}, an image", batch * times):
            for _ in range(times):
                predict_velocity(transformer, noisy, sigma, prompt, pooled, 3.5, (SIDES[-1] // 16, SIDES[-1] // 16))


def probe(adapter: Adapter, profile: Profile, figures: Figures) -> None:
    """The loss probe on one photo under two texts; its passes per second beside those of the forward pass alone."""
    side = SIDES[-1]
    photo = EncodedPhoto(torch.randn((side // 16) ** 2, 64), (side // 16, side // 16), np.zeros((side, side, 3), np.uint8))
    asked = LossProbe(sigmas=(0.3, 0.5, 0.7, 0.9), noises=2, photos=1)
    probed = ProbedPhoto("0" * 64, "train", photo, {name: (text(), text()) for name in ("class", "trigger")}, None)
    passes = 2 * 2 * len(asked.sigmas) * asked.noises
    with measured(figures, "loss probe, a reading", passes):
        LossReader(adapter, asked, profile, CARD).read(probed, 1.0)
    alone = figures[f"forward pass alone, batch {profile.batch}, an image, s"]
    figures["loss probe, share of the transformer's throughput"] = alone / figures["loss probe, a reading, s"]


def offloaded(folder: Path, figures: Figures) -> None:
    """As on a card of 24 GB: a ballast takes the rest. The picture must be that of a card that holds the whole base."""
    base, profile = str(folder / "base"), profile_of(2)
    pipeline, words = load_encoders(base, "bfloat16"), text()
    drawn = []
    for name in ("whole", "visiting"):
        transformer = load_transformer(base, "bfloat16").requires_grad_(False).eval()
        adapter = Adapter(transformer, random_lora(transformer))
        ballast = _ballast() if name == "visiting" else None
        if CARD.type != "cuda":
            placing.ROOMY = 0.0
        with measured(figures, f"blocks {name}, placing them"):
            place(transformer, CARD)
        adapter.on(1.0)
        sampler = Sampler(pipeline, transformer, profile, CARD)
        for batch in (1, 4):
            with measured(figures, f"blocks {name}, batch {batch}, an image and step", 2 * batch):
                latents = sampler.draw([words] * batch, list(range(batch)))
            if ballast is not None:
                figures[f"blocks {name}, batch {batch}, an image and step, peak GB"] -= ballast.numel() / 1e9
        drawn.append(latents)
        del transformer, adapter, sampler, ballast
    figures["visiting draws the same to the bit"] = float(torch.equal(*drawn))


def _ballast() -> torch.Tensor | None:
    if CARD.type != "cuda":
        return None
    torch.cuda.empty_cache()
    return torch.empty(int(torch.cuda.mem_get_info()[0] - SMALL_CARD), dtype=torch.uint8, device=CARD)


def training(folder: Path, figures: Figures, kept: str) -> None:
    """The built-in trainer: batch 1, rank 16, AdamW in 8 bits, recomputed activations; alone, and with other people."""
    optimizer, precision = ("adamw8bit", "bfloat16") if CARD.type == "cuda" else ("adamw", "float32")
    told = {"rank": RANK, "quantised": kept, "optimizer": optimizer, "precision": precision, "steps": 99}
    setup = setup_for(str(folder / "base"), "d", "x.safetensors", 20, **told)
    with measured(figures, f"trainer, {kept}: load"):
        trainer = LoraTraining(setup, Encoded((_example(SIDES[0]),), text()), folder / "none", "")
    for side in SIDES:
        alone, other = _example(side), _example(side, regularisation=True)
        _steps(trainer, [alone], [], f"trainer, {kept}: {side} px", figures)
        _steps(trainer, [alone], [other], f"trainer, {kept}: {side} px, every second of other people", figures)


def _example(side: int, regularisation: bool = False) -> Example:
    grid = side // 16, side // 16
    return Example(torch.randn(grid[0] * grid[1], 64), grid, *text(), regularisation)


def _steps(trainer: LoraTraining, subject: list[Example], others: list[Example], name: str, figures: Figures) -> None:
    trainer.subject, trainer.others = subject, others
    trainer.grids = tuple(e.grid for e in subject), tuple(e.grid for e in others)
    trainer.advance(), trainer.advance()
    with measured(figures, f"{name}, a step", STEPS):
        for _ in range(STEPS):
            trainer.advance()


def example(folder: Path, figures: Figures, script: Path) -> None:
    """diffusers' own script on the same base, with the same layers, rank, optimizer and batch, until enough steps are timed."""
    import runpy

    from accelerate import Accelerator
    from PIL import Image

    photos = folder / "photos"
    photos.mkdir(exist_ok=True)
    Image.effect_noise((1024, 1024), 60).convert("RGB").save(photos / "a.png")
    layers = "attn.to_q,attn.to_k,attn.to_v,attn.to_out.0,attn.add_q_proj,attn.add_k_proj,attn.add_v_proj,attn.to_add_out,"
    layers += "ff.net.0.proj,ff.net.2,ff_context.net.0.proj,ff_context.net.2,proj_mlp,proj_out"
    for side in SIDES:
        moments: list[float] = []

        def log(self: Accelerator, values: object, step: int, moments: list[float] = moments) -> None:
            moments.append(synchronised())
            if len(moments) == 7:
                raise SystemExit

        Accelerator.log = log
        places = {"pretrained_model_name_or_path": folder / "base", "instance_data_dir": photos, "output_dir": folder / "out"}
        told = {"instance_prompt": "a photo", "resolution": side, "rank": RANK, "train_batch_size": 1, "max_train_steps": 99}
        told |= {"lora_layers": layers, "guidance_scale": 1, "max_sequence_length": WORDS, **places}
        told |= {"mixed_precision": "bf16"} if CARD.type == "cuda" else {}
        switches = ["--gradient_checkpointing", "--cache_latents", *(["--use_8bit_adam"] if CARD.type == "cuda" else [])]
        sys.argv = [str(script), *switches, *(word for name, value in told.items() for word in (f"--{name}", str(value)))]
        try:
            with measured(figures, f"example script, {side} px, whole"):
                runpy.run_path(str(script), run_name="__main__")
        except SystemExit:
            if CARD.type == "cuda":
                figures[f"example script, {side} px, peak GB"] = torch.cuda.max_memory_allocated() / 1e9
        figures[f"example script, {side} px, a step, s"] = median(np.diff(moments[2:]))


PARTS: dict[str, Callable[[argparse.Namespace, Figures], None]] = {
    "base": lambda given, figures: make_base(given.folder / "base", given.small),
    "draw": lambda given, figures: drawing(given.folder, figures),
    "offload": lambda given, figures: offloaded(given.folder, figures),
    "train": lambda given, figures: training(given.folder, figures, "no"),
    "train-8bit": lambda given, figures: training(given.folder, figures, "8bit"),
    "train-4bit": lambda given, figures: training(given.folder, figures, "4bit"),
    "example": lambda given, figures: example(given.folder, figures, given.example),
}


def alone(part: str, given: argparse.Namespace) -> None:
    """One part in this process; what it had measured is kept also where it fails or is ended."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    figures: Figures = {}
    try:
        with measured(figures, f"part {part}"):
            PARTS[part](given, figures)
    finally:
        card = torch.cuda.get_device_name() if CARD.type == "cuda" else "no card"
        found = {"card": card, "torch": torch.__version__, "figures": figures}
        (given.folder / f"gpu-{part}.json").write_text(json.dumps(found, indent=2) + "\n")


def main() -> None:
    parsing = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parsing.add_argument("folder", type=Path)
    parsing.add_argument("parts", nargs="*", default=[], metavar="PART", help=", ".join(PARTS))
    parsing.add_argument("--example", type=Path)
    parsing.add_argument("--small", action="store_true")
    given = parsing.parse_args()
    parts = given.parts or [part for part in PARTS if part != "example" or given.example]
    given.folder.mkdir(parents=True, exist_ok=True)
    if len(parts) == 1:
        return alone(parts[0], given)
    options = [*(["--example", str(given.example)] if given.example else []), *(["--small"] if given.small else [])]
    failed = [part for part in parts if subprocess.run([sys.executable, __file__, given.folder, part, *options]).returncode]
    sys.exit(f"failed: {', '.join(failed)}" if failed else 0)


if __name__ == "__main__":
    main()
