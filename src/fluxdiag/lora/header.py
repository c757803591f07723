"""What the metadata says beside the settings: which trainer wrote it, which words it was trained on, how strong to use it.

Every value is text. Trainers write "None" for what they do not know, and JSON inside the text.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from fluxdiag.records import Fact

Metadata = Mapping[str, str]

LONGEST_TEXT, LONGEST_JSON = 2_000, 8_000_000
"""characters of one plain value, and of one JSON text"""
LARGEST = 1e15
"""no setting of a training is larger; python's own integers know no end"""

STRENGTH_KEYS = ("recommended_strength", "recommended_weight", "preferred_weight", "preferred weight")
STRENGTH_IN_PROSE = re.compile(r"\b(?:weight|strength)\b(?! decay)\D{0,12}?([01](?:\.\d+)?)(?![.\d]*\s*%|\d)", re.IGNORECASE)
WEAKEST, STRONGEST = 0.3, 2.0
"""what anybody would recommend; less is another number of the header"""

NOT_TRIGGERS = re.compile(
    r"(1girl|1boy|solo|woman|man|girl|boy|person|people|photo\w*|portrait|close-?up|looking at viewer|simple background"
    r"|realistic|high quality|masterpiece|best quality|(full|upper) body( shot)?|a (photo|portrait|picture|wo?man|person)\b.*)",
    re.IGNORECASE,
)
NEARLY_ALL = 0.9
MOST_TAGS = 2_000
"""clauses of one folder that are looked at: no set of a character has as many"""


def text(metadata: Metadata, key: str) -> str | None:
    """A value that is really there: trainers write "None" and "" for nothing. Cut where no honest value is so long."""
    value = metadata.get(key, "")[:LONGEST_TEXT].strip()
    return None if value in {"", "None", "null"} else value


def number(metadata: Metadata, key: str) -> float | None:
    """A finite number, or None for whatever else is written there."""
    try:
        value = float(text(metadata, key) or "")
    except ValueError:
        return None
    return None if finite(value) is None else value


def finite(value: Any) -> int | float | None:
    """A number of JSON or YAML that can be reckoned with; not True, not NaN, not one of a thousand digits."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return value if -LARGEST <= value <= LARGEST else None


def at(found: Any, *place: str | int) -> Any:
    """What lies at a place of foreign JSON, YAML or TOML; None where it is shaped otherwise."""
    for key in place:
        if isinstance(found, dict):
            found = found.get(key)
        elif isinstance(found, list) and isinstance(key, int) and key < len(found):
            found = found[key]
        else:
            return None
    return found


def scalar(value: Any) -> str | int | float | None:
    """A number or a short text; YAML reads `1e-4` as text, it is a number to everybody else."""
    if isinstance(value, str) and re.fullmatch(r"\d[\d.]*e[-+]?\d+", value, re.IGNORECASE) and value.count(".") < 2:
        value = float(value)
    return value[:200] if isinstance(value, str) and value else finite(value)


def json_object(value: str | None) -> dict[str, Any]:
    """The object inside a JSON text, or an empty one where there is none."""
    found = _json(value)
    return found if isinstance(found, dict) else {}


def json_objects(value: str | None) -> list[dict[str, Any]]:
    """The objects of a JSON list."""
    found = _json(value)
    return [item for item in found if isinstance(item, dict)] if isinstance(found, list) else []


def _json(value: str | None) -> Any:
    """Python keeps ten times a JSON text's size in objects, so that what is far too long is not even tried."""
    try:
        return json.loads(value or "null") if len(value or "") <= LONGEST_JSON else None
    except (ValueError, RecursionError):
        return None


JSON_KEYS = (
    "ss_datasets", "ss_tag_frequency", "ss_dataset_dirs", "ss_reg_dataset_dirs", "ss_bucket_info", "ss_network_args",
    "training_info", "software", "ot_config", "lora_adapter_metadata",
)  # fmt: skip


def unread(metadata: Metadata) -> tuple[str, ...]:
    """The keys whose JSON does not parse, is nested without end or is too long: nothing was taken from them."""
    return tuple(key for key in JSON_KEYS if text(metadata, key) is not None and _json(metadata[key]) is None)


def trainer_of(metadata: Metadata) -> str | None:
    """The program that trained it, by the traces that each leaves in a header; None where there are none."""
    software = json_object(metadata.get("software")).get("name")
    if isinstance(software, str) and software.strip():
        return software.strip()[:LONGEST_TEXT]
    if any(key.startswith("ot_") for key in metadata):
        return "onetrainer"
    if "ss_network_module" in metadata or "ss_sd_scripts_commit_hash" in metadata:
        return "kohya"
    if "trained_words" in metadata or "global_step" in metadata:
        return "simpletuner"
    if isinstance(json_object(metadata.get("training_info")).get("step"), int):
        return "ai-toolkit"
    return "diffusers" if "lora_adapter_metadata" in metadata else None


def subsets(metadata: Metadata) -> list[dict[str, Any]]:
    """kohya's folders of images, each once: a second dataset is mostly the same folder at another resolution."""
    found: dict[str, dict[str, Any]] = {}
    for dataset in json_objects(metadata.get("ss_datasets")):
        for subset in dataset["subsets"] if isinstance(dataset.get("subsets"), list) else ():
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
            yield Fact(value=words.strip()[:LONGEST_TEXT], source="header class_tokens")
    if words := (text(metadata, "trained_words") or "").split(",")[0].strip():
        yield Fact(value=words, source="header trained_words")
    yield from _from_tags(metadata)


def regularisation_phrase(metadata: Metadata) -> str | None:
    """What kohya called the ordinary people beside the character: `1_woman` -> `woman`. That is the class word by definition."""
    for subset in subsets(metadata):
        words = subset.get("class_tokens")
        if isinstance(words, str) and words.strip() not in {"", "None"} and subset.get("is_reg"):
            return words.strip()[:LONGEST_TEXT]
    return None


def _from_tags(metadata: Metadata) -> Iterator[Fact]:
    """A clause that nearly all captions share. ai-toolkit makes its one entry up from the trigger word it was given."""
    for folder, counts in _tags_by_folder(metadata):
        yield from _shared_clause(metadata, folder, counts)


def tag_counts(metadata: Metadata) -> dict[str, float]:
    """Clause of the character's captions -> in how many it stood, at most in the folder where it stood most often."""
    found: dict[str, float] = {}
    for _, counts in _tags_by_folder(metadata):
        for tag, n in list(counts.items())[:MOST_TAGS]:
            found[tag[:LONGEST_TEXT]] = max(n, found.get(tag[:LONGEST_TEXT], 0))
    return found


def _tags_by_folder(metadata: Metadata) -> Iterator[tuple[str, dict[str, float]]]:
    """kohya's count of the clauses between commas, of each folder that is not regularisation."""
    others = {str(subset.get("image_dir")) for subset in subsets(metadata) if subset.get("is_reg")}
    for folder, tags in json_object(metadata.get("ss_tag_frequency")).items():
        counts = {tag.strip(): n for tag, n in tags.items() if finite(n) is not None} if isinstance(tags, dict) else {}
        if counts and folder not in others:
            yield folder, counts


def _shared_clause(metadata: Metadata, folder: str, counts: Mapping[str, float]) -> Iterator[Fact]:
    """`1_ohwx: {ohwx: 1}` is made up, whoever has rewritten the rest of the header since."""
    named = {tag: n for tag, n in counts.items() if tag and not NOT_TRIGGERS.fullmatch(tag)}
    best = max(named, key=lambda tag: named[tag], default=None)
    word = folder.removeprefix("1_").strip()
    if word and counts == {word: 1}:
        yield Fact(value=word[:LONGEST_TEXT], source="header ss_tag_frequency (ai-toolkit's trigger_word)")
    elif best is not None and named[best] > 1 and named[best] >= NEARLY_ALL * max(counts.values()):
        note = "SimpleTuner keeps what most share" if trainer_of(metadata) == "simpletuner" else "in lower case"
        yield Fact(value=best[:LONGEST_TEXT], source=f"header ss_tag_frequency, {note}: the clause in most captions")


def recommended_strength(metadata: Metadata) -> float | None:
    """What an uploader or trainer recommends, if anything within reason."""
    values = [number(metadata, key) for key in STRENGTH_KEYS]
    if hint := STRENGTH_IN_PROSE.search(metadata.get("modelspec.usage_hint", "")[:LONGEST_TEXT]):
        values.append(float(hint[1]))
    return next((value for value in values if value is not None and WEAKEST <= value <= STRONGEST), None)
