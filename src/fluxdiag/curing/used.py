"""The training that made the LoRA on trial, as far as it is known, in the recipe's words."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fluxdiag.blocks import DOUBLE_BLOCKS, SINGLE_BLOCKS, block_of
from fluxdiag.curing.ordinary import FEWEST
from fluxdiag.dataset.layout import images
from fluxdiag.errors import FluxdiagError
from fluxdiag.lora import Lora, LoraModule, read_lora
from fluxdiag.lora.beside import notes
from fluxdiag.lora.geometry import DOUBLE, SINGLE
from fluxdiag.lora.header import number
from fluxdiag.lora.settings import without_alpha, written_scale
from fluxdiag.profiles import Profile
from fluxdiag.records import Case, Fact
from fluxdiag.trainers.recipe import ADAMW_HIGHEST, Layers, Optimizer
from fluxdiag.trainers.setup import LAYERS

WHOLE = {"steps": 1, "batch_size": 1, "accumulation": 1, "warmup": 0}
"""settings that are whole numbers, and the least that each can be"""
GUIDES = "the guide's are"
OPTIMIZERS: dict[str, Optimizer] = {
    "adamw": "adamw", "adamwbf16": "adamw", "pagedadamw": "adamw", "pagedadamw32bit": "adamw",
    "adamw8bit": "adamw8bit", "pagedadamw8bit": "adamw8bit", "prodigy": "prodigy",
}  # fmt: skip
"""those that all trainers have, and what is the same but for where its moments lie: a rate means the same with both"""
OF_ITS_OPTIMIZER = ("learning_rate", "scheduler", "warmup")
"""settings that mean something else with another optimizer: 1.0 is Prodigy's usual rate and AdamW's ruin"""
MODULATION = re.compile(r"norm\d?(_context)?\.linear$")
BEYOND_ATTENTION = re.compile(r"\.(ff|ff_context|proj_mlp|proj_out)\b")


@dataclass(frozen=True)
class Used:
    """Fields of the recipe that are known; what is missing is not known."""

    fields: dict[str, Any]
    base: str
    """that the LoRA is judged on; also among the fields unless its header names another"""
    uncounted_others: bool = False
    """pictures of other people were trained on, and nobody says how many"""

    @property
    def beside_others(self) -> bool:
        return self.uncounted_others or bool(self.get("regularisation_images"))

    def get(self, field: str) -> Any:
        return self.fields.get(field)


def used(case: Case, profile: Profile) -> Used:
    """Header, tensors and what lies beside the file tell it; what is no number, or is in doubt, counts as unknown."""
    file = _file(case)
    settings = _believed(case, file)
    found: dict[str, Any] = {"class_word": str(case.class_word.value)}
    found |= {} if "base" in case.gaps else {"base": case.base}  # else it is the base that it is judged on, not trained on
    found |= {"trigger": str(case.trigger.value)} if case.trigger else {}
    found |= {_field(name): int(value) for name, least in WHOLE.items() if (value := _number(settings, name, least)) is not None}
    if (rate := _number(settings, "learning_rate", 0)) is not None and rate > 0:
        found["learning_rate"] = rate
    if (dropout := _number(settings, "caption_dropout", 0)) is not None and dropout < 1:
        found["caption_dropout"] = dropout
    if case.lora.ranked:
        found["rank"] = max(1, round(case.lora.rank_median))
    if case.lora.ranked and (scale := _scale(case, settings, file)) is not None and scale > 0:
        found["alpha"] = None if scale == 1 else scale * found["rank"]
    found |= _words(settings) | _resolution(settings) | _layers(case, file)
    if (ordinary := _ordinary_people(case, settings)) is not None:
        found["regularisation_images"] = ordinary
    return Used(found, base=case.base, uncounted_others=ordinary is None and "regularisation" in settings)


def _file(case: Case) -> Lora | None:
    """None where the file is no longer there: then only the case tells."""
    try:
        return read_lora(Path(case.lora.path))
    except FluxdiagError:
        return None


def _believed(case: Case, file: Lora | None) -> dict[str, Fact]:
    """The settings that a recipe may take over as they are."""
    if doubt(case):
        return {}
    idle = OF_ITS_OPTIMIZER if foreign(case) else ("learning_rate",) if _scaleless(case, file) else ()
    return {name: fact for name, fact in case.settings.items() if name not in idle}


def not_taken_over(case: Case) -> tuple[str, ...]:
    """What the user is told of settings that are known and not carried on."""
    file = _file(case)
    told = (doubt(case), foreign(case), _scaleless(case, file), _other_layers(case, file))
    return tuple(why for why in told if why is not None)


def foreign(case: Case) -> str | None:
    """Why rate and schedule are not taken over although they are known, or None: they are of an optimizer that is not."""
    if doubt(case):
        return None
    rate = _number(case.settings, "learning_rate", 0)
    if "optimizer" in case.settings and _optimizer(case.settings) is None:
        name = str(case.settings["optimizer"].value)
        return f"{name} is no optimizer that all trainers have: it, its rate and its schedule are not taken over, {GUIDES}"
    if rate is not None and rate > ADAMW_HIGHEST and _optimizer(case.settings) != "prodigy":
        return f"a learning rate of {rate:g} is none of AdamW's: it and its schedule are not taken over, {GUIDES}"
    return None


def _scaleless(case: Case, file: Lora | None) -> str | None:
    """Why the rate is not taken over although it is known, or None: alpha / rank is a factor of it, and nobody tells alpha.

    A file without alpha is loaded at scale 1, which is not what it was trained at where the trainer multiplied it in.
    """
    rate = _number(case.settings, "learning_rate", 0)
    if file is None or rate is None or doubt(case) or foreign(case) or _optimizer(case.settings) == "prodigy":
        return None
    if not without_alpha(_layers_of(file)) or written_scale(file.metadata, _layers_of(file), case.settings) is not None:
        return None
    return f"neither the tensors nor the settings tell alpha, by which a rate acts: {rate:g} is not taken over, {GUIDES}"


def _scale(case: Case, settings: dict[str, Fact], file: Lora | None) -> float | None:
    """alpha / rank of the training: off the tensors, or as it is written where they carry none."""
    if file is None or not without_alpha(_layers_of(file)):
        return case.lora.alpha_over_rank
    written = written_scale(file.metadata, _layers_of(file), settings)
    return None if written is None else float(written.value)


def _layers_of(file: Lora) -> tuple[LoraModule, ...]:
    return tuple(file.modules.values())


def doubt(case: Case) -> str | None:
    """Why header and settings are not believed, or None: they are of another training than the photos.

    A header that was copied, merged or edited tells somebody else's steps and rate; carried over, they would spoil the cure.
    Where the photos were changed since, the guide's numbers suit the new set better than the old ones do. Of the file only
    its tensors count then.
    """
    readable, told = sum(photo.problem is None for photo in case.photos), _number(case.settings, "images", 1)
    if told is None or not readable:
        return None
    source = case.settings["images"].source
    if source != "dataset":
        differs, says = told != readable, f"the {source} says {told:g} photos"
    else:
        shown = _with_repeats(case)
        differs, says = shown % readable != 0, f"the header says {shown} photos, their repeats counted,"
    return f"{says} and there are {readable}: none of its numbers are taken over, {GUIDES}" if differs else None


def _with_repeats(case: Case) -> int:
    """kohya's count of an epoch's photos, a multiple of their number; 0 where the header has none."""
    file = _file(case)
    return 0 if file is None else int(number(file.metadata, "ss_num_train_images") or 0)


def _ordinary_people(case: Case, settings: dict[str, Fact]) -> int | None:
    """How many there were; where nothing tells, those in the folder beside the file."""
    told = _number(settings, "regularisation_images", 0)
    if told is not None:
        return int(told)
    folder = regularisation_folder(case)
    return None if folder is None else len(images(folder))


def _field(setting: str) -> str:
    return {"warmup": "warmup_steps"}.get(setting, setting)


def _number(settings: dict[str, Fact], name: str, least: float) -> float | None:
    fact = settings.get(name)
    try:
        value = None if fact is None else float(fact.value)
    except ValueError:
        return None
    return value if value is not None and least <= value < 1e9 else None


def _words(settings: dict[str, Fact]) -> dict[str, str]:
    """Optimizer and scheduler where they are among those that all trainers have."""
    optimizer = _optimizer(settings)
    found: dict[str, str] = {} if optimizer is None else {"optimizer": optimizer}
    scheduler = str(settings["scheduler"].value).lower() if "scheduler" in settings else ""
    kinds = {"cosine": "cosine", "constant": "constant", "constant_with_warmup": "constant"}
    return found | ({"scheduler": kinds[scheduler]} if scheduler in kinds else {})


def _optimizer(settings: dict[str, Fact]) -> Optimizer | None:
    said = str(settings["optimizer"].value).lower() if "optimizer" in settings else ""
    return OPTIMIZERS.get(re.sub(r"[^a-z0-9]", "", said))


def _resolution(settings: dict[str, Fact]) -> dict[str, tuple[int, int]]:
    """`512x768`, `1024`, or `512, 768, 1024`, of which the largest counts."""
    sides = [int(side) for side in re.findall(r"\d+", str(settings["resolution"].value))] if "resolution" in settings else []
    if not sides or not 16 <= max(sides) <= 4096:
        return {}
    return {"resolution": (sides[0], sides[1]) if len(sides) == 2 else (max(sides), max(sides))}


def _layers(case: Case, file: Lora | None) -> dict[str, Any]:
    """Which layers of which blocks the file adapts."""
    if file is None:
        return {}
    paths = list(file.modules)
    return {"layers": layers_of(paths), "blocks": blocks_of(paths, *_counts(case.base))}


def _other_layers(case: Case, file: Lora | None) -> str | None:
    """What is said where a recipe, which knows three kinds of layers and whole blocks, cannot name the layers of this file."""
    if file is None:
        return None
    paths = list(file.modules)
    layers, counts = layers_of(paths), _counts(case.base)
    now = layers_in(layers, blocks_of(paths, *counts), *counts)
    if now == set(paths):
        return None
    more, less = len(now - set(paths)), len(set(paths) - now)
    differs = " and ".join(said for said in (f"{more} more" if more else "", f"{less} left out" if less else "") if said)
    return f"its layers cannot be kept exactly: {len(paths)} were trained, {len(now)} will be ({layers}), {differs}"


def layers_in(layers: Layers, blocks: str, doubles: int, singles: int) -> set[str]:
    """The paths of all layers that a recipe means."""
    kinds = (("transformer_blocks", doubles, DOUBLE), ("single_transformer_blocks", singles, SINGLE))
    every = (
        (f"transformer.{kind}.{number}.", leaf) for kind, count, leaves in kinds for number in range(count) for leaf in leaves
    )
    return {block + leaf for block, leaf in every if re.search(blocks, block) and re.fullmatch(LAYERS[layers], leaf)}


def _counts(base: str) -> tuple[int, int]:
    """Double and single blocks of the base, by its own config; FLUX.1's where it is not at hand."""
    try:
        said = json.loads((Path(base) / "transformer" / "config.json").read_text(encoding="utf-8"))
        return int(said["num_layers"]), int(said["num_single_layers"])
    except (OSError, ValueError, KeyError, TypeError):
        return DOUBLE_BLOCKS, SINGLE_BLOCKS


def blocks_of(paths: list[str], doubles: int, singles: int) -> str:
    """A pattern for the blocks that have a LoRA; empty where all of them do."""
    found = {(block.kind, block.number) for path in paths if (block := block_of(path))}
    if len(found) >= doubles + singles or not found:
        return ""
    kinds = {kind: sorted(number for name, number in found if name == kind) for kind in dict(sorted(found))}
    parts = [rf"{kind}\.({'|'.join(map(str, of))})" for kind, of in kinds.items()]
    return rf"^transformer\.({'|'.join(parts)})\."


def layers_of(paths: list[str]) -> Layers:
    if any(MODULATION.search(path) for path in paths):
        return "modulation"
    return "all" if any(BEYOND_ATTENTION.search(path) for path in paths) else "attention"


def regularisation_folder(case: Case) -> Path | None:
    """The pictures of ordinary people that were used: named in the user's notes, or in `regularisation/` beside the file."""
    beside = Path(case.lora.path).parent
    try:
        said = notes(beside).regularisation
    except (FluxdiagError, OSError):
        said = None
    folder = said or beside / "regularisation"
    return folder if folder.is_dir() and len(images(folder)) >= FEWEST else None
