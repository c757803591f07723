"""Muon in single precision: PyTorch's own orthogonalises in bfloat16, whatever the processor.

Where a processor does not compute in bfloat16 that takes two thirds of a step of the base; in float32, with the matrices
of one shape in one stack, a twentieth of that.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable

import torch
from torch import Tensor, nn

COEFFICIENTS = (3.4445, -4.7750, 2.0315)
"""of the quintic, steepest at nought (Jordan et al. 2024, kellerjordan.github.io/posts/muon)"""
ROUNDS = 5
RMS_OF_ADAMW = 0.2
"""root mean square of what AdamW adds at rate 1, to which updates are scaled (2502.16982, section 2.2)"""


class Muon(torch.optim.Optimizer):
    """Momentum, orthogonalised, for matrices (p, q) only; Nesterov, decoupled weight decay, updates as large as AdamW's."""

    def __init__(self, params: Iterable[nn.Parameter], lr: float, momentum: float = 0.95, weight_decay: float = 0.01) -> None:
        super().__init__(params, {"lr": lr, "momentum": momentum, "weight_decay": weight_decay})

    @torch.no_grad()
    def step(self, closure: None = None) -> None:
        for group in self.param_groups:
            by_shape: dict[torch.Size, list[nn.Parameter]] = defaultdict(list)
            for parameter in group["params"]:
                if parameter.grad is not None:
                    by_shape[parameter.shape].append(parameter)
            for shape, parameters in by_shape.items():
                updates = orthogonalised(torch.stack([self._ahead(p, group["momentum"]) for p in parameters]))
                for parameter, update in zip(parameters, updates, strict=True):
                    parameter.mul_(1 - group["lr"] * group["weight_decay"])
                    parameter.add_(update, alpha=-group["lr"] * RMS_OF_ADAMW * math.sqrt(max(shape)))

    def _ahead(self, parameter: nn.Parameter, momentum: float) -> Tensor:
        """Nesterov: where the momentum will be after this gradient once more."""
        state, gradient = self.state[parameter], parameter.grad
        assert gradient is not None, "parameters without a gradient are left out before"
        mean = state.setdefault("momentum_buffer", torch.zeros_like(gradient))
        mean.lerp_(gradient, 1 - momentum)
        return gradient.lerp(mean, momentum)


def orthogonalised(matrices: Tensor) -> Tensor:
    """(n, p, q) -> the same shape: each U S V' becomes about U V', its singular values between 0.7 and 1.2."""
    wide = matrices if matrices.shape[1] <= matrices.shape[2] else matrices.mT
    a, b, c = COEFFICIENTS
    # A Frobenius norm of 1 bounds the spectral norm, which the quintic needs.
    wide = wide / torch.linalg.matrix_norm(wide, keepdim=True).clamp(min=1e-7)
    for _ in range(ROUNDS):
        gram = wide @ wide.mT
        wide = a * wide + (b * gram + c * gram @ gram) @ wide
    return wide if matrices.shape[1] <= matrices.shape[2] else wide.mT
