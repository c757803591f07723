"""Muon in single precision: what PyTorch's own does, but for its rounding, and singular values near one."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from fluxlab.muon import Muon, orthogonalised


@pytest.mark.parametrize("shape", [(6, 6), (4, 9), (9, 4), (1, 5)])
def test_singular_values_come_near_one_and_directions_stay(shape):
    matrices = torch.randn(3, *shape, generator=torch.Generator().manual_seed(1))
    u, spectrum, v = torch.linalg.svd(matrices, full_matrices=False)
    inside = u.mT @ orthogonalised(matrices) @ v.mT
    values = torch.diagonal(inside, dim1=1, dim2=2)
    large = spectrum > 0.1 * spectrum[:, :1]
    assert ((values > 0.6) & (values < 1.25))[large].all()
    assert torch.allclose(inside, torch.diag_embed(values), atol=1e-4)


def test_a_matrix_of_noughts_stays_one():
    assert torch.equal(orthogonalised(torch.zeros(1, 3, 4)), torch.zeros(1, 3, 4))


def test_it_walks_as_pytorchs_own():
    """Two matrices of one shape and one of another, ten steps, one of them without a gradient at first."""
    generator = torch.Generator().manual_seed(2)
    start = [torch.randn(shape, generator=generator) for shape in [(8, 16), (16, 8), (8, 16)]]
    ours, theirs = [nn.Parameter(w.clone()) for w in start], [nn.Parameter(w.clone()) for w in start]
    mine = Muon(ours, lr=0.02, weight_decay=0.1)
    own = torch.optim.Muon(theirs, lr=0.02, weight_decay=0.1, adjust_lr_fn="match_rms_adamw")
    for step in range(10):
        gradients = [torch.randn(w.shape, generator=generator) for w in start]
        for parameters, optimizer in ((ours, mine), (theirs, own)):
            for index, (parameter, gradient) in enumerate(zip(parameters, gradients, strict=True)):
                parameter.grad = None if index == 2 and step < 3 else gradient.clone()
            optimizer.step()
    for mine_, theirs_, first in zip(ours, theirs, start, strict=True):
        moved = (theirs_ - first).norm()
        assert moved > 0.02 * first.norm()
        assert (mine_ - theirs_).norm() < 0.03 * moved
