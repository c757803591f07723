"""A checkout that behaves as ai-toolkit does when it is started: its bars, its files, its resuming, and ways to fail.

Lines, files and headers are those that version 0.12.26 was seen to print and write; only its bar comes at every fiftieth step
alone. It goes on from the youngest file of its name, whole or not. FAKE_TRAINER in the environment says what goes wrong.
"""

from __future__ import annotations

import stat
import sys
from pathlib import Path

EMPTY = ("oyaml", "dotenv", "accelerate", "optimum", "bitsandbytes", "prodigyopt", "torchvision", "torchaudio", "torchao",
         "lycoris", "albumentations", "controlnet_aux", "lpips", "timm", "av")  # fmt: skip
RUN = """
import glob, json, os, sys, time
import numpy as np
import yaml
from safetensors import safe_open
from safetensors.numpy import load_file, save_file

fault = os.environ.get("FAKE_TRAINER", "")
config = yaml.safe_load(open(sys.argv[1], encoding="utf-8"))["config"]
process, name = config["process"][0], config["name"]
root, steps, rank = os.path.join(process["training_folder"], name), process["train"]["steps"], process["network"]["linear"]
os.makedirs(root, exist_ok=True)
yaml.safe_dump(config, open(os.path.join(root, "config.yaml"), "w"))
print("Running 1 job", flush=True)


def weights(seed):
    rng = np.random.default_rng(seed)
    tensors = {}
    for path in ("transformer.single_transformer_blocks.0.attn.to_q", "transformer.transformer_blocks.0.attn.to_k"):
        tensors[path + ".lora_A.weight"] = rng.normal(size=(rank, 64)).astype(np.float16)
        tensors[path + ".lora_B.weight"] = rng.normal(size=(64, rank)).astype(np.float16)
    if fault == "nan":
        tensors = {key: np.full_like(value, np.nan) for key, value in tensors.items()}
    return tensors


def save(step, ending):
    trigger = process.get("trigger_word")
    said = {
        "name": name, "version": "1.0", "format": "pt", "ss_output_name": name, "ss_base_model_version": "flux.1",
        "training_info": json.dumps({"step": step, "epoch": 0}),
        "software": json.dumps({"name": "ai-toolkit", "repo": "https://github.com/ostris/ai-toolkit", "version": "0.12.26"}),
    }
    if trigger:
        said["ss_tag_frequency"] = json.dumps({"1_" + trigger: {trigger: 1}})
    file, state = os.path.join(root, name + ending + ".safetensors"), os.path.join(root, "optimizer.pt")
    save_file(weights(step), file, said)
    print(f"Saved checkpoint to {file}", flush=True)
    open(state, "wb").write(b"PK")
    print(f"Saved optimizer to {state}", flush=True)
    return file


start = 0
found = glob.glob(os.path.join(root, name + "*"))
if found:
    last = max(found, key=os.path.getctime)
    print(f"#### IMPORTANT RESUMING FROM {last} ####", flush=True)
    print(f"Loading from {last}", flush=True)
    load_file(last)
    with safe_open(last, "np") as file:
        start = json.loads(file.metadata()["training_info"])["step"]
    print(f"Found step {start} in metadata, starting from there", flush=True)
    print(f"Loading optimizer state from {os.path.join(root, 'optimizer.pt')}", flush=True)
    print("Updating optimizer LR from params", flush=True)
for dataset in process["datasets"]:
    folder = dataset["folder_path"]
    count = len([file for ending in ("png", "jpg", "jpeg", "webp") for file in glob.glob(os.path.join(folder, "*." + ending))])
    print(f"Dataset: {folder}\\n  -  Preprocessing image dimensions", flush=True)
    sys.stderr.write(f"\\r100%|██████████| {count}/{count} [00:00<00:00, 1152.36it/s]\\n")
    open(os.path.join(folder, ".aitk_size.json"), "w").write('{"__version__": "0.1.2"}')
    os.makedirs(os.path.join(folder, "_latent_cache"), exist_ok=True)
    print(f"  -  Found {count} images", flush=True)
    assert count > 0, f"no images found in {folder}"
    print(f"Caching latents for {folder}\\n - Saving latents to disk", flush=True)
    sys.stderr.write(f"\\rCaching latents to disk: 100%|██████████| {count}/{count} [00:05<00:00,  3.10it/s]\\n")
print("Skipping first sample due to config setting", flush=True)
loss = "nan" if fault == "nan-loss" else "3.456e-01"
for step in range(start, steps):
    if step % 50 == 0 or fault == "nan-loss":
        percent = f"{100 * step // steps:3d}%|█         |"
        bar = f"{percent} {step}/{steps} [00:01<00:09,  1.11s/it, lr: 1.0e-04 loss: {loss}]"
        sys.stderr.write(f"\\r{name}: {bar}")
        sys.stderr.flush()
    if fault == "waits" and step == 700:
        time.sleep(120)
    if step != start and step % process["save"]["save_every"] == 0:
        print(f"\\nSaving at step {step}", flush=True)
        last = save(step, f"_{step:09d}")
        if fault == "torn" and step >= 700:
            os.truncate(last, os.path.getsize(last) // 2)
            sys.exit(1)
    if fault == "dies" and step == 700:
        raise MemoryError("CUDA out of memory. Tried to allocate 2.00 GiB")
if fault == "nothing":
    sys.exit(0)
if fault == "half":
    open(os.path.join(root, name + ".safetensors"), "wb").write(b"\\x40\\x00\\x00\\x00\\x00\\x00\\x00\\x00{\\"a\\"")
    sys.exit(0)
save(steps, "")
"""


def checkout(folder: Path) -> Path:
    """The files that are looked for, and a `run.py` that does the above."""
    (folder / "toolkit").mkdir(parents=True)
    (folder / "run.py").write_text(RUN, encoding="utf-8")
    for name in ("config.py", "config_modules.py"):
        (folder / "toolkit" / name).touch()
    return folder


def python(folder: Path, *, card: bool = True, lacks: str | None = None) -> Path:
    """This python with the libraries of the trainer's environment: empty ones, for they are looked for and not used."""
    packages = folder / "packages"
    for name in EMPTY:
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
