"""A checkout that behaves as ai-toolkit does when it is started: its bars, its files, its resuming, and ways to fail.

It reads the YAML that it is given, prints tqdm's lines, saves checkpoints under the training folder and goes on from them.
FAKE_TRAINER in the environment says what goes wrong.
"""

from __future__ import annotations

import stat
import sys
from pathlib import Path

RUN = """
import glob, os, sys, time
import numpy as np
import yaml
from safetensors.numpy import save_file

fault = os.environ.get("FAKE_TRAINER", "")
config = yaml.safe_load(open(sys.argv[1], encoding="utf-8"))["config"]
process, name = config["process"][0], config["name"]
root, steps, rank = os.path.join(process["training_folder"], name), process["train"]["steps"], process["network"]["linear"]
os.makedirs(root, exist_ok=True)
captions = sorted(glob.glob(os.path.join(process["datasets"][0]["folder_path"], "*.txt")))
assert captions, "no captions"
open(os.path.join(process["datasets"][0]["folder_path"], ".aitk_size.json"), "w").write("{}")


def weights(seed):
    rng = np.random.default_rng(seed)
    tensors = {}
    for path in ("transformer.single_transformer_blocks.0.attn.to_q", "transformer.transformer_blocks.0.attn.to_k"):
        tensors[path + ".lora_A.weight"] = rng.normal(size=(rank, 64)).astype(np.float16)
        tensors[path + ".lora_B.weight"] = rng.normal(size=(64, rank)).astype(np.float16)
    if fault == "nan":
        tensors = {key: np.full_like(value, np.nan) for key, value in tensors.items()}
    return tensors


found = sorted(glob.glob(os.path.join(root, name + "*.safetensors")), key=lambda f: (os.path.getctime(f), f))
start = int(found[-1][-21:-12]) if found else 0
if found:
    print(f"#### IMPORTANT RESUMING FROM {found[-1]} ####", flush=True)
print("Caching latents to disk: 100%|##########| 10/10 [00:01<00:00,  9.1it/s]", flush=True)
loss = "nan" if fault == "nan-loss" else "3.456e-01"
for step in range(start, steps):
    if step % 50 == 0 or fault == "nan-loss":
        bar = f"{100 * step // steps}%|#         | {step}/{steps} [00:01<00:09,  1.11s/it, lr: 1.0e-04 loss: {loss}]"
        sys.stderr.write(f"\\r{name}:  {bar}")
        sys.stderr.flush()
    if fault == "waits" and step == 700:
        time.sleep(120)
    if step and step % process["save"]["save_every"] == 0:
        save_file(weights(step), os.path.join(root, f"{name}_{step:09d}.safetensors"))
    if fault == "dies" and step == 700:
        raise MemoryError("CUDA out of memory. Tried to allocate 2.00 GiB")
if fault == "nothing":
    sys.exit(0)
if fault == "half":
    open(os.path.join(root, name + ".safetensors"), "wb").write(b"\\x40\\x00\\x00\\x00\\x00\\x00\\x00\\x00{\\"a\\"")
    sys.exit(0)
save_file(weights(steps), os.path.join(root, name + ".safetensors"), {"software": '{"name": "ai-toolkit"}'})
print(f"Saved checkpoint to {root}", flush=True)
"""


def checkout(folder: Path) -> Path:
    """The files that are looked for, and a `run.py` that does the above."""
    (folder / "toolkit").mkdir(parents=True)
    (folder / "run.py").write_text(RUN)
    for name in ("config.py", "config_modules.py"):
        (folder / "toolkit" / name).touch()
    return folder


def python(folder: Path, *, card: bool = True, lacks: str | None = None) -> Path:
    """This python with the libraries of the trainer's environment: empty ones, for they are looked for and not used."""
    packages = folder / "packages"
    for name in ("oyaml", "dotenv", "accelerate", "optimum", "bitsandbytes", "prodigyopt"):
        if name != lacks:
            (packages / name).mkdir(parents=True)
            (packages / name / "__init__.py").touch()
    if lacks != "optimum":
        (packages / "optimum" / "quanto").mkdir()
        (packages / "optimum" / "quanto" / "__init__.py").touch()
    (packages / "torch").mkdir(parents=True)
    (packages / "torch" / "__init__.py").write_text(
        f"__version__ = '2.9.0'\nclass cuda:\n    is_available = staticmethod(lambda: {card})\n"
    )
    script = folder / "python"
    script.write_text(f"#!/bin/sh\nPYTHONPATH='{packages}' exec '{sys.executable}' \"$@\"\n")
    script.chmod(script.stat().st_mode | stat.S_IXUSR)
    return script
