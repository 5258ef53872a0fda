"""The invariant graph network of order 2, built from layers of 15 operations at n x n.

Source: Maron et al. 2019, Invariant and Equivariant Graph Networks: equivariant layers on matrices
with a ReLU between them, then the two invariants of a matrix, and a perceptron.
"""

from __future__ import annotations

import torch

from benchmarks.references.graph_full import GraphFull


class FullGraphNetwork(torch.nn.Module):
    """(batch, channels, n, n) to (batch, classes, 1)."""

    def __init__(self, in_channels: int, channels: int, classes: int, fused: bool = False) -> None:
        super().__init__()
        self.layers = torch.nn.ModuleList([
            GraphFull(in_channels, channels, fused),
            GraphFull(channels, channels, fused),
            GraphFull(channels, channels, fused),
        ])  # fmt: skip
        self.readout = torch.nn.Linear(2 * channels, channels)
        self.classes = torch.nn.Linear(channels, classes)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        for layer in self.layers:
            x = layer(x).relu()
        trace = x.diagonal(dim1=-2, dim2=-1).mean(-1)
        invariants = torch.cat([trace, x.mean((-2, -1))], -1)
        return self.classes(self.readout(invariants).relu())[..., None]
