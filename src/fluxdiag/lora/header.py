"""What the metadata says beside the settings: which trainer wrote it, which words it was trained on, how strong to use it.

Every value is text. Trainers write "None" for what they do not know, and JSON inside the text.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Mapping
from typing import Any

from fluxdiag.records import Fact

Metadata = Mapping[str, str]

STRENGTH_KEYS = ("recommended_strength", "recommended_weight", "preferred_weight", "preferred weight")
STRENGTH_IN_PROSE = re.compile(r"(?:weight|strength)\D{0,12}?([01](?:\.\d+)?)", re.IGNORECASE)
STRONGEST = 2.0

NOT_TRIGGERS = re.compile(
    r"(1girl|1boy|solo|woman|man|girl|boy|person|people|photo\w*|portrait|close-?up|looking at viewer|simple background"
    r"|realistic|high quality|masterpiece|best quality|(full|upper) body( shot)?|a (photo|portrait|picture|wo?man|person)\b.*)",
    re.IGNORECASE,
)
NEARLY_ALL = 0.9


def text(metadata: Metadata, key: str) -> str | None:
    """A value that is really there: trainers write "None" and "" for nothing."""
    value = metadata.get(key, "").strip()
    return None if value in {"", "None", "null"} else value


def number(metadata: Metadata, key: str) -> float | None:
    """A finite number, or None for whatever else is written there."""
    try:
        value = float(text(metadata, key) or "")
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def json_object(value: str | None) -> dict[str, Any]:
    """The object inside a JSON text, or an empty one where there is none."""
    found = _json(value)
    return found if isinstance(found, dict) else {}


def json_objects(value: str | None) -> list[dict[str, Any]]:
    """The objects of a JSON list."""
    found = _json(value)
    return [item for item in found if isinstance(item, dict)] if isinstance(found, list) else []


def _json(value: str | None) -> Any:
    try:
        return json.loads(value or "null")
    except (ValueError, RecursionError):
        return None


def trainer_of(metadata: Metadata) -> str | None:
    """The program that trained it, by the traces that each leaves; None where there are none."""
    software = json_object(metadata.get("software")).get("name")
    if isinstance(software, str) and software:
        return software
    if any(key.startswith("ot_") for key in metadata):
        return "onetrainer"
    if "ss_network_module" in metadata or "ss_sd_scripts_commit_hash" in metadata:
        return "kohya"
    if "trained_words" in metadata or "global_step" in metadata:
        return "simpletuner"
    return "diffusers" if "lora_adapter_metadata" in metadata else None


def subsets(metadata: Metadata) -> list[dict[str, Any]]:
    """kohya's folders of images, each once: a second dataset is mostly the same folder at another resolution."""
    found: dict[str, dict[str, Any]] = {}
    for dataset in json_objects(metadata.get("ss_datasets")):
        for subset in dataset.get("subsets") or ():
            if isinstance(subset, dict):
                found.setdefault(f"{subset.get('image_dir')}/{subset.get('is_reg')}", subset)
    for key, regular in (("ss_dataset_dirs", False), ("ss_reg_dataset_dirs", True)):
        for folder, entry in json_object(metadata.get(key)).items() if not found or regular else ():
            if isinstance(entry, dict):
                named = re.fullmatch(r"\d+_(.+)", folder)
                words = named[1] if named else None
                found.setdefault(f"{folder}/{regular}", {
                    "image_dir": folder, "is_reg": regular, "class_tokens": words,
                    "img_count": entry.get("img_count"), "num_repeats": entry.get("n_repeats"),
                })  # fmt: skip
    return list(found.values())


def trigger_candidates(metadata: Metadata) -> Iterator[Fact]:
    """What the header offers as a trigger, the surest first; the captions decide which of them was trained."""
    if phrase := text(metadata, "modelspec.trigger_phrase"):
        yield Fact(value=phrase, source="header modelspec.trigger_phrase")
    for subset in subsets(metadata):
        words = subset.get("class_tokens")
        if isinstance(words, str) and words.strip() not in {"", "None"} and not subset.get("is_reg"):
            yield Fact(value=words.strip(), source="header class_tokens")
    if words := text(metadata, "trained_words"):
        yield Fact(value=words.split(",")[0].strip(), source="header trained_words")
    yield from _from_tags(metadata)


def _from_tags(metadata: Metadata) -> Iterator[Fact]:
    """A clause that nearly all captions share. ai-toolkit makes its one entry up from the trigger word it was given."""
    others = {str(subset.get("image_dir")) for subset in subsets(metadata) if subset.get("is_reg")}
    for folder, tags in json_object(metadata.get("ss_tag_frequency")).items():
        counts = {tag.strip(): n for tag, n in tags.items() if isinstance(n, int)} if isinstance(tags, dict) else {}
        named = {tag: n for tag, n in counts.items() if tag and not NOT_TRIGGERS.fullmatch(tag)}
        if not named or folder in others:
            continue
        best = max(named, key=lambda tag: named[tag])
        if trainer_of(metadata) == "ai-toolkit":
            yield Fact(value=best, source="header ss_tag_frequency (ai-toolkit's trigger_word)")
        elif named[best] > 1 and named[best] >= NEARLY_ALL * max(counts.values()):
            yield Fact(value=best, source="header ss_tag_frequency, in lower case: the clause in most captions")


def recommended_strength(metadata: Metadata) -> float | None:
    """What an uploader or trainer recommends, if anything within reason."""
    values = [number(metadata, key) for key in STRENGTH_KEYS]
    if hint := STRENGTH_IN_PROSE.search(metadata.get("modelspec.usage_hint", "")):
        values.append(float(hint[1]))
    return next((value for value in values if value is not None and 0 < value <= STRONGEST), None)


def other_base(metadata: Metadata) -> str | None:
    """The base that the header names where it is not FLUX.1 [dev]: `flux-1-schnell`, `chroma`, `flux.1_kontext`."""
    said = text(metadata, "modelspec.architecture") or text(metadata, "ss_base_model_version") or ""
    name = said.split("/")[0].lower()
    return None if name in {"", "flux1", "flux.1", "flux", "flux-1-dev", "flux.1-dev", "flux1-dev", "flux-1", "flux_1"} else name
