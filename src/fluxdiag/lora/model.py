"""A LoRA as everything after the reading knows it: un-fused layers under diffusers' names, scales folded in."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, cast

from fluxdiag.lora.dtypes import Floats
from fluxdiag.lora.forms import Form, LowRank


@dataclass(frozen=True, eq=False)
class Magnitude:
    """DoRA's learnt length of each row (`out`, as in Liu et al. 2402.09353) or column (`in`, OneTrainer) of the weight."""

    values: Floats
    """(out,) or (in,)"""
    axis: Literal["out", "in"]


class _FormField:
    """A form, or how to read it: what layers do not share stays in the file until it is asked for, each time anew."""

    def __get__(self, module: object | None, owner: type | None = None) -> Form:
        if module is None:
            raise AttributeError("a form has no default")
        held: Form | Callable[[], Form] = module.__dict__["form"]
        return held() if callable(held) else held

    def __set__(self, module: object, form: Form | Callable[[], Form]) -> None:
        module.__dict__["form"] = form


def when_asked(read: Callable[[], Form]) -> Form:
    """For `LoraModule(path, form, ...)`, where the form is to be read from its file."""
    return cast("Form", read)


@dataclass(frozen=True, eq=False)
class Origin:
    """The layer of the file that a module is, or is a part of."""

    name: str
    """as the file calls it"""
    keys: Mapping[str, str]
    """what a tensor is to the layer -> what the file calls it"""
    paths: tuple[str, ...]
    """of all its parts, in their order"""
    by_alpha: bool
    """whether alpha / rank is its scale"""
    factor: float = 1.0
    """by which edits have scaled it since"""


KINDS = {"hada_": "LoHa", "lokr_": "LoKr", "down": "LoRA", "diff": "full difference"}
"""part of a tensor's role -> what users call a layer that has it; a LoRA may have a `diff_b` beside its matrices"""


@dataclass(frozen=True, eq=False)
class LoraModule:
    """One adapted linear layer. Parts of one fused layer share their `down`."""

    path: str
    """below the pipeline: `transformer.single_transformer_blocks.0.attn.to_q`"""
    form: Form
    """the change of the weights, every scale folded in; with a magnitude, what is added before the length is set"""
    rank: int
    """as trained: of the matrices of a LoRA or LoHa, of the factored half of a LoKr"""
    alpha: float | None
    """so that alpha / rank is the scale that is folded in; None: the file has none, so the scale is 1"""
    magnitude: Magnitude | None = None
    bias: Floats | None = None
    """(out,) to be added to the layer's bias"""
    numbers: int | None = None
    """how many were trained, counted once for all parts of a fused layer; None: as many as are in the arrays"""
    origin: Origin | None = None
    """None: an edit has put other matrices in place of the file's"""

    @property
    def plain(self) -> bool:
        """A LoRA and nothing more, which every program can load."""
        return isinstance(self.form, LowRank) and self.magnitude is None and self.bias is None

    @property
    def ranked(self) -> bool:
        """Whether `rank` is one that somebody chose: whole factors and full differences have none but their sides'."""
        return self.origin is None or self.origin.by_alpha

    @property
    def kind(self) -> str:
        """As users call it. Told by the names of the tensors, without reading them."""
        roles = "down" if self.origin is None else " ".join(self.origin.keys)
        named = next((name for role, name in KINDS.items() if role in roles), "LoRA")
        if self.magnitude is None:
            return named
        return "DoRA" if named == "LoRA" else f"{named} with DoRA"

    @property
    def down(self) -> Floats:
        """(rank, in)"""
        return self._low_rank.down

    @property
    def up(self) -> Floats:
        """(out, rank)"""
        return self._low_rank.up

    @property
    def squared_norm(self) -> float:
        """Of `form`; of a DoRA that is not the whole change, which needs the base's weights."""
        return self.form.squared_norm

    @property
    def _low_rank(self) -> LowRank:
        if isinstance(self.form, LowRank):
            return self.form
        raise TypeError(f"{self.path} is a {type(self.form).__name__}, which has no `down` and `up`: use `form`")


# A descriptor in the class body would be taken for a default, and the fields after it have none.
LoraModule.form = _FormField()  # type: ignore[assignment]


@dataclass(frozen=True)
class Remark:
    """What the reader has to say of a file. What is decided goes by `kind`, for `text` quotes names that others chose."""

    kind: str
    """one of the reader's own words"""
    text: str
    left_out: bool = False
    """whether something of the file is not in the layers that were read"""


@dataclass(frozen=True, eq=False)
class Lora:
    path: Path
    sha256: str
    dialect: str
    trainer: str | None
    modules: dict[str, LoraModule]
    """of the transformer, by path"""
    text_encoder: dict[str, LoraModule]
    """of both text encoders, by path; may be empty"""
    metadata: dict[str, str]
    problems: tuple[Remark, ...]
    ignored: dict[str, str] = field(default_factory=dict)
    """layers and tensors of the file that were not read, as the file calls them -> why"""
    unread: int = 0
    """those of them that were trained for FLUX.1 and are broken, or of a form that cannot be taken apart"""

    def state_dict(self) -> dict[str, Floats]:
        """The plain layers as `<path>.lora_A.weight` and `<path>.lora_B.weight`, to be loaded at scale 1."""
        state = {}
        for module in self.all_modules():
            if module.plain:
                state[f"{module.path}.lora_A.weight"] = module.down
                state[f"{module.path}.lora_B.weight"] = module.up
        return state

    def all_modules(self) -> tuple[LoraModule, ...]:
        return (*self.modules.values(), *self.text_encoder.values())

    @property
    def delta_norm(self) -> float:
        """Frobenius norm of all weight changes together."""
        return math.sqrt(sum(module.squared_norm for module in self.all_modules()))
