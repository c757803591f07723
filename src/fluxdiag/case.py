"""The first stage: who is on trial and all that is known of it. No model is loaded and nothing is written.

What is not given is looked for: options win, then `fluxdiag.toml` beside the LoRA, then its header, ai-toolkit's
`config.yaml`, the folders `dataset/` and `references/`, and the captions. Each fact says where it was read; what cannot be
found is a gap with a reason. What lies beside the LoRA is other people's: it never chooses the base.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from fluxdiag.bases import is_hub_id, refuse_file
from fluxdiag.dataset.layout import images
from fluxdiag.dataset.mined import mined_description
from fluxdiag.dataset.photos import Reading, read_folder, read_set, trained_on
from fluxdiag.dataset.trigger import chosen, class_noun, common_class, holds, opening, with_class
from fluxdiag.errors import FluxdiagError
from fluxdiag.lora import Lora, lora_file, read_lora
from fluxdiag.lora.beside import Notes, TrainerConfig, notes, trainer_config
from fluxdiag.lora.header import Metadata, recommended_strength, regularisation_phrase, trigger_candidates
from fluxdiag.lora.origin import named, other_than
from fluxdiag.lora.settings import settings_of
from fluxdiag.profiles import chosen_base, load_profile
from fluxdiag.records import Case, Fact

SETTINGS = (
    "steps", "learning_rate", "rank", "alpha", "batch_size", "accumulation", "images", "repeats", "regularisation_images",
    "regularisation", "optimizer", "scheduler", "warmup", "caption_dropout", "resolution",
)  # fmt: skip
ReferenceSource = Literal["held-out", "training", "none"]


@dataclass(frozen=True)
class References:
    reading: Reading
    source: ReferenceSource
    overlap: tuple[str, ...] = ()


def build_case(
    lora: Path,
    *,
    dataset: Path | None = None,
    references: Path | None = None,
    trigger: str | None = None,
    class_word: str | None = None,
    base: str | None = None,
    strength: float | None = None,
    face_pack: str | None = None,
) -> Case:
    """Raises FluxdiagError for a file, folder or option that cannot be used; whatever else is missing becomes a gap."""
    file = read_lora(lora)
    said, config = notes(lora.parent), trainer_config(lora.parent)
    gaps = {} if config.problem is None else {"config.yaml": config.problem}
    where = _base(base)
    profile = load_profile(where)
    training = _training(dataset, said, lora.parent, max(profile.resolution), gaps)
    known = _references(references, said, lora.parent, max(profile.resolution), training, gaps)
    phrase = _trigger(trigger, said, config, file, training, gaps)
    training = training if phrase is None else training.calling(str(phrase.value))
    _note_other_base(file, where, gaps)
    return Case(
        lora=lora_file(file),
        base=where,
        profile=profile.name,
        face_pack=_face_pack(face_pack),
        strength=_strength(strength, file),
        trigger=phrase,
        class_word=_class_word(class_word, said, phrase, file, training),
        description=_description(training, gaps),
        settings=_settings(file, config, said, training, gaps),
        photos=training.photos,
        references=known.reading.photos,
        reference_source=known.source,
        overlap=known.overlap,
        gaps=gaps,
    )


def _base(given: str | None) -> str:
    """A folder becomes absolute, so that the case means the same from everywhere; a hub id stays as it is."""
    base = chosen_base(given)
    if Path(base).is_dir():
        return str(Path(base).resolve())
    refuse_file(base)
    if not is_hub_id(base):
        what = "there is no such folder, and it is no OWNER/NAME of the hub either"
        raise FluxdiagError(what, where=f"--base {base}", do="Give a folder or hub id of a FLUX.1 pipeline in diffusers' layout")
    return base


def _face_pack(given: str | None) -> str | None:
    """Chosen by the user, never by what lies beside the LoRA; a folder becomes absolute, as the base does."""
    pack = given or os.environ.get("FLUXDIAG_FACES")
    return str(Path(pack).expanduser().resolve()) if pack and Path(pack).expanduser().is_dir() else pack or None


def _note_other_base(file: Lora, base: str, gaps: dict[str, str]) -> None:
    """Another base than the one it is judged on, or that the file names none: what it does not say clears nobody."""
    family = load_profile(base).family
    other = other_than(base, family, file.metadata, file.modules)
    if named(base, family, file.metadata, file.modules) is None:
        gaps["base-in-header"] = "nothing in the file names the base that it was trained on"
    if other is not None:
        gaps["base"] = f"the header says it was trained on {other!r}, and it is judged on {base}"


def _strength(given: float | None, file: Lora) -> float:
    if given is not None and not 0 < abs(given) <= 10:
        raise FluxdiagError(f"{given} is no usable strength", where="--strength", do="Give a number such as 0.8 or 1")
    return given if given is not None else recommended_strength(file.metadata) or 1.0


# ------------------------------------------------------------------------------------------------ photos


def _training(given: Path | None, said: Notes, beside: Path, resolution: int, gaps: dict[str, str]) -> Reading:
    """The training photos, wherever they are; their captions' gaps too."""
    folder = _folder(given, said.dataset, beside / "dataset", "--dataset")
    if folder is None:
        why = "no dataset was given (--dataset) and none lies beside the file"
        gaps |= {"photos": why, "captions": why}
        return Reading()
    training = read_set(folder, resolution)
    if not training.photos:
        gaps["photos"] = f"there are no images in {folder}"
    elif not training.readable:
        gaps["photos"] = f"none of the {len(training.photos)} images in {folder} can be read"
    if training.bad_captions:
        names = ", ".join(training.bad_captions[:3]) + (", ..." if len(training.bad_captions) > 3 else "")
        gaps["captions"] = f"{len(training.bad_captions)} captions are not UTF-8 text ({names})"
    elif not training.captions:
        gaps["captions"] = gaps.get("photos", "no image has a caption: a captionless training, or the text files are elsewhere")
    return training


def _references(
    given: Path | None, said: Notes, beside: Path, resolution: int, training: Reading, gaps: dict[str, str]
) -> References:
    folder = _folder(given, said.references, beside / "references", "--references")
    reading = read_folder(folder, resolution) if folder is not None else Reading()
    if reading.readable:
        overlap = trained_on(reading, training)
        if len(overlap) == len(reading.readable):
            gaps["references"] = (
                f"all {len(overlap)} references are training photos too, or twins of some, so nothing is held out"
            )
            return References(reading, "training", overlap)
        if overlap:
            outside = len(reading.readable) - len(overlap)
            gaps["references"] = (
                f"{len(overlap)} of {len(reading.readable)} references are training photos too, or twins of some; "
                f"{outside} are held out"
            )
        return References(reading, "held-out", overlap)
    if folder is None:
        why = "no reference photos were given (--references) and none lie beside the file"
    else:
        why = f"there are no readable images in {folder}"
    if not training.readable:
        gaps["references"] = why
        return References(reading, "none")
    gaps["references"] = f"{why}: identity is scored on the photos it was trained on, and nothing is held out"
    own = Reading(training.readable, training.prints)
    return References(own, "training", tuple(photo.path for photo in own.photos))


def _folder(given: Path | None, noted: Path | None, usual: Path, option: str) -> Path | None:
    """The folder that wins. Raises FluxdiagError when the one given on the command line is not there."""
    if given is not None and not given.exists():
        raise FluxdiagError("there is no such folder", where=str(given), do=f"Correct {option}, or leave it out")
    return given or noted or (usual if usual.is_dir() else None)


# ------------------------------------------------------------------------------------------------ words


def _trigger(
    given: str | None, said: Notes, config: TrainerConfig, file: Lora, training: Reading, gaps: dict[str, str]
) -> Fact | None:
    """The phrase that stands for the person in the captions; with a note where no caption holds it."""
    captions = training.captions
    if given and given.strip():
        found: Fact | None = with_class(Fact(value=" ".join(given.split()), source="option --trigger"), captions)
    else:
        found = known_trigger(said, config, file.metadata, captions)
    if found is None:
        gaps["trigger"] = "neither header, settings nor captions tell the trigger word; give it with --trigger"
        return None
    if captions and not any(holds(caption, str(found.value)) for caption in captions):
        gaps["trigger-in-captions"] = f"none of the {len(captions)} captions holds {str(found.value)!r} ({found.source})"
    return found


def known_trigger(said: Notes, config: TrainerConfig, metadata: Metadata, captions: Sequence[str]) -> Fact | None:
    """The phrase as the user's notes, the header, the trainer's settings or the captions tell it, the surest first."""
    if said.trigger is not None:
        return with_class(Fact(value=said.trigger, source="fluxdiag.toml"), captions)
    offered = (*trigger_candidates(metadata), *([config.trigger] if config.trigger else []))
    found = chosen(offered, captions) or opening(captions)
    return None if found is None else with_class(found, captions)


def _class_word(given: str | None, said: Notes, trigger: Fact | None, file: Lora, training: Reading) -> Fact:
    if given and given.strip():
        return Fact(value=" ".join(given.split()), source="option --class-word")
    if said.class_word is not None:
        return Fact(value=said.class_word, source="fluxdiag.toml")
    noun = class_noun(str(trigger.value)) if trigger is not None else None
    if noun is not None:
        return Fact(value=noun, source="trigger")
    ordinary = class_noun(regularisation_phrase(file.metadata) or "")
    if ordinary is not None:
        return Fact(value=ordinary, source="header class_tokens of the regularisation set")
    return common_class(training.captions) or Fact(value="person", source="default")


def _description(training: Reading, gaps: dict[str, str]) -> str | None:
    description = mined_description(training.photos)
    if description is None:
        shared = "no phrase about the person's looks is in at least half of the captions"
        gaps["description"] = shared if training.captions else gaps.get("captions", "there are no captions to mine it from")
    return description


# ------------------------------------------------------------------------------------------------ settings


def known_settings(in_file: Mapping[str, Fact], config: TrainerConfig, said: Notes) -> dict[str, Fact]:
    """Tensors and header win over what lies beside the file, which may have been edited since."""
    found = {**config.settings, **in_file}
    if said.regularisation is not None and "regularisation_images" not in found:
        found["regularisation_images"] = Fact(value=len(images(said.regularisation)), source="fluxdiag.toml regularisation")
    return found


def _settings(file: Lora, config: TrainerConfig, said: Notes, training: Reading, gaps: dict[str, str]) -> dict[str, Fact]:
    found = known_settings(settings_of(file.metadata, tuple(file.modules.values())), config, said)
    readable = len(training.readable)
    if readable:
        found.setdefault("images", Fact(value=readable, source="dataset"))
        if found["images"].value != readable:
            told = f"{found['images'].value} images ({found['images'].source})"
            gaps["dataset"] = f"the training saw {told}, the dataset has {readable} readable ones: it may have changed since"
    who = f"the header of {file.trainer}" if file.trainer else "the header"
    gaps |= {name: f"neither {who} nor what lies beside the file tells it" for name in SETTINGS if name not in found}
    return {name: found[name] for name in SETTINGS if name in found}
