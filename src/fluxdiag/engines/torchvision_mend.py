"""torchvision's wheels are built for CUDA; beside a CPU build of torch their import fails.

torchvision registers fake implementations for `torchvision::nms` at import time. Its compiled library, which defines
that operator, does not load beside a CPU torch, so the import ends with "operator torchvision::nms does not exist"
and takes transformers, diffusers and open_clip down with it. Defining the two schemas that are missing is enough:
nothing here ever calls them. Where the real operators load, nothing is done.
"""

from __future__ import annotations

import torch

from fluxdiag.installed import installed_version

_SCHEMAS = (
    "nms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor",
    "qnms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor",
)
_library: torch.library.Library | None = None  # kept: its operators vanish with it


def mend_torchvision() -> None:
    """Define what torchvision's import needs, on CPU builds of torch with torchvision installed, once."""
    global _library
    if _library is not None or torch.version.cuda is not None or installed_version("torchvision") is None:
        return
    if torch._C._dispatch_has_kernel("torchvision::nms"):
        return
    _library = torch.library.Library("torchvision", "DEF")  # type: ignore[no-untyped-call]
    for schema in _SCHEMAS:
        _library.define(schema)  # type: ignore[no-untyped-call]


def is_mended() -> bool:
    """Whether torchvision runs on the schemas defined here, without its compiled operators."""
    return _library is not None
