"""Where a file comes from: the program that wrote it, and the base it was trained on. What the tensors show wins over words."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator

from fluxdiag.lora.header import Metadata, json_object, text, trainer_of
from fluxdiag.records import Fact

REPLICATE = "flux_train_replicate"
"""the name under which Replicate's trainer runs ai-toolkit"""

BY_KEY = (
    (r"_lora\d?\.(down|up)\.weight$", "xlabs", "`processor` keys"),
    (r"(query|key)_norm\.scale$", "black-forest-labs", "scales of query and key norms, as in its control LoRAs"),
    (r"^lora_transformer_|^bundle_emb\.", "onetrainer", "`lora_transformer_` or `bundle_emb` keys"),
    (r"^transformer\.(double|single)_blocks\.\d+\.\w+\.(qkv\.\d|linear1\.\d)\.", "onetrainer", "numbered parts of fused layers"),
    (r"^lycoris_", "lycoris", "`lycoris_` keys, as SimpleTuner and ai-toolkit write them"),
    (r"^lora_unet_(double|single)_blocks_", "kohya", "`lora_unet_` keys"),
    (r"^(transformer\.)?base_model\.model\.", "peft", "`base_model.model.` keys"),
)
BY_COUNT = {
    494: ("ai-toolkit", "494 adapted layers, its default"),
    342: ("diffusers", "342 adapted layers, the default of its DreamBooth script"),
    419: ("simpletuner", "419 adapted layers, its target `all+ffs`"),
    266: ("simpletuner", "266 adapted layers, attention only, as SimpleTuner's `all`; OneTrainer can do the same"),
}
"""only files with diffusers' names and without alpha: other dialects say who wrote them"""


def trainer(metadata: Metadata, keys: Collection[str], modules: int, beside: str | None = None) -> Fact | None:
    """The program, and how it is known: its own word, a file beside the LoRA, the spelling of the keys, their number."""
    said = trainer_of(metadata)
    if said == "ai-toolkit" and REPLICATE in {metadata.get("name"), metadata.get("ss_output_name")}:
        return Fact(value="replicate", source="header name, written by ai-toolkit")
    if said == "kohya" and beside == "fluxgym":
        return Fact(value="fluxgym", source="train.sh and dataset.toml beside the file; the header is kohya's")
    if said is not None:
        return Fact(value=said, source="header")
    if beside is not None:
        return Fact(value=beside, source="the settings beside the file")
    return _by_tensors(keys, modules)


def _by_tensors(keys: Collection[str], modules: int) -> Fact | None:
    for pattern, name, why in BY_KEY:
        if any(re.search(pattern, key) for key in keys):
            return Fact(value=name, source=why)
    own = all(key.startswith(("transformer.", "text_encoder")) and not key.endswith(".alpha") for key in keys)
    if own and modules in BY_COUNT:
        name, why = BY_COUNT[modules]
        return Fact(value=name, source=why)
    return None


# ------------------------------------------------------------------------------------------------ the base

KINDS = ("schnell", "kontext", "krea", "fill", "redux", "canny", "depth", "dev")
BASE_KEYS = ("modelspec.architecture", "ss_sd_model_name", "ss_base_model_version")


def base(metadata: Metadata, paths: Iterable[str], beside: Fact | None = None) -> tuple[Fact | None, tuple[str, ...]]:
    """Which FLUX.1 it was trained on, if that can be known, and what contradicts it."""
    told = list(_told(metadata, paths, beside))
    if not told:
        return None, ()
    first, *others = told
    against = [fact for fact in others if fact.value != first.value]
    return first, tuple(
        f"it was trained on {first.value} ({first.source}), but {fact.source} says {fact.value}" for fact in against
    )


def other_than(judged: str, family: str, metadata: Metadata, paths: Iterable[str]) -> str | None:
    """The base that the file names where none that it names is the one it is judged on; None also where nothing is said.

    `judged` is a hub id or a folder; where its name says no kind, the profile's family does.
    """
    told = [str(fact.value) for fact in _told(metadata, paths, None)]
    if told:
        return None if (_kind(judged) or family) in told else told[0]
    said = text(metadata, "modelspec.architecture") or text(metadata, "ss_base_model_version") or ""
    name = said.split("/")[0].lower()
    flux = re.fullmatch(r"flux[._-]?1?", name) is not None
    return None if not name or flux or _letters(name) in _letters(judged) else name


def _letters(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())


def _told(metadata: Metadata, paths: Iterable[str], beside: Fact | None) -> Iterator[Fact]:
    if any(".guidance_embedder." in path for path in paths):
        yield Fact(value="flux1-dev", source="tensors: the guidance embedder, which schnell lacks")
    for key in BASE_KEYS:
        if kind := _kind(text(metadata, key)):
            yield Fact(value=kind, source=f"header {key}")
    if kind := _kind(json_object(metadata.get("ot_config")).get("base_model_name")):
        yield Fact(value=kind, source="header ot_config")
    if beside is not None and (kind := _kind(beside.value)):
        yield Fact(value=kind, source=beside.source)


def _kind(said: object) -> str | None:
    """`FLUX.1-Krea-dev` is krea, `flux-1-dev/lora` dev; `flux1` alone says nothing, and a folder's name is no base."""
    name = re.split(r"[\\/]", said.lower().removesuffix("/lora"))[-1] if isinstance(said, str) else ""
    words = re.findall(r"[a-z]+", name)
    return next((f"flux1-{kind}" for kind in KINDS if kind in words), None) if "flux" in words else None
