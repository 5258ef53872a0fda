"""What networks are compared with: perceptrons, which know of no symmetry."""

from __future__ import annotations

import torch
from torch import nn


class Flat(nn.Sequential):
    """A perceptron on all numbers of its inputs."""

    def forward(self, *inputs: torch.Tensor) -> torch.Tensor:
        """Apply the layers to inputs (batch, ...), flattened and concatenated."""
        return super().forward(torch.cat([x.flatten(1).float() for x in inputs], 1))


def perceptron(
    inputs: int,
    width: int,
    outputs: int,
    kind: type[Flat] = Flat,
    activation: type[nn.Module] = nn.ReLU,
    dropout: float = 0.0,
) -> Flat:
    """A perceptron of two hidden layers."""
    hidden = nn.Linear(inputs, width), activation(), nn.Linear(width, width), activation()
    return kind(*hidden, nn.Dropout(dropout), nn.Linear(width, outputs))
