"""Where a file comes from: the program that wrote it, and the base it was trained on. What the tensors show wins over words."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence

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

DEV, SCHNELL, CHROMA = "flux1-dev", "flux1-schnell", "chroma"
UNGUIDED = (SCHNELL, CHROMA)
"""those without a guidance embedder"""
VARIETIES = ("flux1-kontext", "flux1-krea", "flux1-fill", "flux1-redux", "flux1-canny", "flux1-depth")
"""of [dev], whose full names say dev, too"""
FLUX_2 = re.compile(r"(^|[^a-z])flux[._ -]?2[._ -]?(dev|klein|pro|flex|$)")
WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
"""`fluxKreaDev_fp8` has four, as Civitai spells names"""
NAME_KEY = "ss_sd_model_name"
MODEL_KEYS = ("modelspec.architecture", "ss_base_model_version")
"""sd-scripts names the architecture `flux-1-dev` whatever FLUX.1 it trains on (flux_train_network.py, get_sai_model_spec), so
that the name of the checkpoint tells more"""
ARCHITECTURE = f"header {MODEL_KEYS[0]}"
LONGEST_NAME = 60
"""characters of a base's name that are repeated"""


def base(metadata: Metadata, paths: Iterable[str], beside: Fact | None = None) -> tuple[Fact | None, tuple[str, ...]]:
    """Which base it was trained on, if that can be known, be it a FLUX.1 or not, and what contradicts it."""
    tensors, header, files = tuple(_tensors(paths)), tuple(_header(metadata)), tuple(_beside(beside))
    told = (*tensors, *header, *files)
    if not told:
        return _foreign(metadata), ()
    first = _most_telling(header or files, UNGUIDED if tensors else ()) or told[0]
    alike = (first.value, DEV) if first.value in VARIETIES else (first.value,)
    against = [fact for fact in told if fact.value not in alike]
    return first, tuple(
        f"it was trained on {first.value} ({first.source}), but {fact.source} says {fact.value}" for fact in against
    )


def _most_telling(told: Sequence[Fact], ruled_out: Collection[str]) -> Fact | None:
    """Programs say dev where they do not know better, so that any other base counts more."""
    return next((fact for fact in told if fact.value not in (DEV, *ruled_out)), None)


def named(judged: str, family: str, metadata: Metadata, paths: Iterable[str]) -> Fact | None:
    """The base that the file names; None where it says nothing that could tell another from the one it is judged on.

    `judged` is a hub id or a folder; where its name says no kind, the profile's family does. ai-toolkit, OneTrainer, diffusers
    and headers that were stripped say nothing; an architecture of dev is all that is ever said of dev's varieties.
    """
    found, _ = base(metadata, paths)
    always = found is not None and (found.value, found.source) == (DEV, ARCHITECTURE)
    return None if always and _own(judged, family) in VARIETIES else found


def other_than(judged: str, family: str, metadata: Metadata, paths: Iterable[str]) -> str | None:
    """The base that the file names where it is another than the one it is judged on; None also where nothing is said."""
    found = named(judged, family, metadata, paths)
    if found is None or found.value == _own(judged, family):
        return None
    name = str(found.value)
    return None if _letters(name) in _letters(judged) else name


def _own(judged: str, family: str) -> str:
    return _kind(judged) or family


def _letters(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())


def _tensors(paths: Iterable[str]) -> Iterator[Fact]:
    if any(".guidance_embedder." in path for path in paths):
        yield Fact(value=DEV, source="tensors: the guidance embedder, which schnell lacks")


def _header(metadata: Metadata) -> Iterator[Fact]:
    for key in (NAME_KEY, *MODEL_KEYS):
        if kind := _kind(text(metadata, key)):
            yield Fact(value=kind, source=f"header {key}")
    if kind := _kind(json_object(metadata.get("ot_config")).get("base_model_name")):
        yield Fact(value=kind, source="header ot_config")


def _beside(said: Fact | None) -> Iterator[Fact]:
    if said is not None and (kind := _kind(said.value)):
        yield Fact(value=kind, source=said.source)


def _foreign(metadata: Metadata) -> Fact | None:
    """A model that is no FLUX.1 by its name, such as `flex.1`: only where no kind that is known is named at all."""
    for key in MODEL_KEYS:
        name = (text(metadata, key) or "").split("/")[0].lower()[:LONGEST_NAME]
        if name and not re.fullmatch(r"flux[._-]?1?", name):
            return Fact(value=name, source=f"header {key}")
    return None


def _kind(said: object) -> str | None:
    """`FLUX.1-Krea-dev` is krea, `flux-1-dev/lora` dev; `flux1` alone says nothing, and a folder's name is no base.

    Neither does a merge of dev and schnell: whoever trains on one may call it anything.
    """
    name = re.split(r"[\\/]", re.sub(r"/lora$", "", said, flags=re.IGNORECASE))[-1] if isinstance(said, str) else ""
    words = [word.lower() for word in WORD.findall(name)]
    if FLUX_2.search(name.lower()):
        return "flux2"
    if words[:1] == [CHROMA]:
        return CHROMA
    if "flux" not in words or {"dev", "schnell"} <= set(words):
        return None
    return next((kind for kind in (*VARIETIES, SCHNELL, DEV) if kind.removeprefix("flux1-") in words), None)
