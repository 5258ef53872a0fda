"""The group network of `specs/networks/p4m_digits.yaml`, built from bare `conv2d` calls.

Source: Cohen and Welling 2016, Group Equivariant Convolutional Networks: of the same shapes, with
poses among the channels, but nothing is shared and no filter is made, which bounds it from below.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import torch


class BareGroupNetwork(torch.nn.Module):
    """(batch, 1, n, n) to (batch, classes, 1): three convolutions, group pooling, two products.

    `widths` are the channels of the convolutions and of the hidden read-out.
    """

    def __init__(self, widths: Sequence[int], poses: int, classes: int) -> None:
        super().__init__()
        first, second, third, hidden = widths
        sizes = [1, first * poses, second * poses, third * poses]
        self.convolutions = torch.nn.ModuleList(
            torch.nn.Conv2d(a, b, 3, padding=1, padding_mode="circular") for a, b in pairwise(sizes)
        )
        self.norms = torch.nn.ModuleList(torch.nn.BatchNorm1d(c) for c in (first, second, third))
        self.readout = torch.nn.Linear(third, hidden)
        self.classes = torch.nn.Linear(hidden, classes)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        for number, (convolution, norm) in enumerate(
            zip(self.convolutions, self.norms, strict=True)
        ):
            x = convolution(x)
            channels = norm.num_features
            x = norm(x.view(len(x), channels, -1)).view(x.shape).relu()
            if number == 1:
                x = torch.nn.functional.max_pool2d(x, 2)
        x = x.unflatten(1, (channels, -1)).amax(2).mean((-2, -1))
        return self.classes(self.readout(x).relu())[..., None]
