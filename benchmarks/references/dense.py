"""The layer that shares nothing: `torch.nn.Linear` of the full size.

Source: none needed; every linear map is one, and any layer's expanded weight can be loaded into it.
It is what the mission's expanding layers cost once their matrix is made.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch


class Dense(torch.nn.Module):
    """(batch, channels, *points) to (batch, channels, *points) by one matrix on all of them."""

    def __init__(
        self, source: Sequence[int], target: Sequence[int], in_channels: int, out_channels: int
    ) -> None:
        super().__init__()
        self.shape = (out_channels, *target)
        self.linear = torch.nn.Linear(in_channels * math.prod(source), math.prod(self.shape))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.linear(x.flatten(1)).unflatten(1, self.shape)


def parameters(in_points: int, out_points: int, in_channels: int, out_channels: int) -> int:
    """The entries of its matrix."""
    return in_points * out_points * in_channels * out_channels
