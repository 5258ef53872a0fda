"""The 15 maps from matrices to matrices by hand: mixed before they are broadcast.

Source: the maps of Maron et al. 2019 (graph_full.py), with the same parameters.  9 of them go
through vectors (diagonal, row means, column means) and 4 through numbers (trace, total), so they
are mixed there; only x and its transpose are mixed at n x n.

Optimised for a CPU: `bmm` with an expanded matrix, never `W @ x`; the broadcast vectors are what
the product accumulates upon; sums are divided when they are small, because the gradient of a mean
divides at full size; the diagonal is written in place on a tensor that is no view, and nothing is
sliced out of a large product, since the gradient of a slice fills the whole with zeros; no buffer
is larger than x, since the allocator returns the larger ones and the system faults them in again.
"""

from __future__ import annotations

import torch

from benchmarks.references.graph_full import OPERATIONS

_NUMBERS = ("aa bb", "aa bc", "ab cc", "ab cd")
_VECTORS = ("aa aa", "aa ab", "aa ba", "ab aa", "ab ac", "ab ca", "ab bb", "ab bc", "ab cb")


class GraphFactored(torch.nn.Module):
    """A matrix (batch, channels, n, n) to a matrix, for any n; the parameters of `GraphFull`."""

    def __init__(self, in_channels: int, out_channels: int) -> None:
        super().__init__()
        bound = (15 * in_channels) ** -0.5
        weight = torch.empty(15, out_channels, in_channels).uniform_(-bound, bound)
        self.weight = torch.nn.Parameter(weight)
        self.bias = torch.nn.Parameter(torch.zeros(2, out_channels))
        order = [OPERATIONS.index(name) for name in (*_NUMBERS, *_VECTORS, "ab ab", "ab ba")]
        self.register_buffer("order", torch.tensor(order), persistent=False)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        batch, _, n, _ = x.shape
        numbers, vectors, entry, mirrored = self.weight[self.order].split((4, 9, 1, 1))
        diagonal = x.diagonal(dim1=-2, dim2=-1)
        rows, columns = x.sum(-1) / n, x.sum(-2) / n
        pooled = torch.cat([diagonal.sum(-1), rows.sum(-1)], -1) / n
        spread = torch.nn.functional.linear(pooled, _matrix(numbers, 2), self.bias.flatten())
        spread = torch.nn.functional.pad(spread, (0, self.weight.shape[1])).unsqueeze(-1)
        pools = torch.cat([diagonal, rows, columns], -2)
        mixed = torch.baddbmm(spread, _matrix(vectors, 3).expand(batch, -1, -1), pools)
        on_diagonal, along_rows, along_columns = mixed.split(self.weight.shape[1], -2)
        points = x.flatten(-2)
        y = (along_rows.unsqueeze(-1) + along_columns.unsqueeze(-2)).flatten(-2)
        y = torch.baddbmm(y, entry.expand(batch, -1, -1), points)
        y.index_add_(-1, torch.arange(0, n * n, n + 1, device=x.device), on_diagonal)
        other = torch.bmm(mirrored.expand(batch, -1, -1), points)
        return y.unflatten(-1, (n, n)) + other.unflatten(-1, (n, n)).transpose(-2, -1)


def _matrix(weights: torch.Tensor, rows: int) -> torch.Tensor:
    """Channel matrices, row by row, as the blocks of one."""
    return weights.unflatten(0, (rows, -1)).transpose(1, 2).flatten(2).flatten(0, 1)
