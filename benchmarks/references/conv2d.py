"""Bare two-dimensional convolutions, of the shapes that a symmetric layer on a grid reduces to.

Source: LeCun et al. 1998, Gradient-Based Learning Applied to Document Recognition, on a torus
(`padding_mode="circular"`); Cohen and Welling 2016, Group Equivariant Convolutional Networks,
section 7: a group convolution is one `conv2d` with the poses of the point group among the channels,
so the bare convolution of that shape, without the making of its filter, bounds it from below.
"""

from __future__ import annotations

import torch


def circular(in_channels: int, out_channels: int, kernel: int) -> torch.nn.Conv2d:
    """(batch, channels, n, m) on a torus, with an odd kernel."""
    return torch.nn.Conv2d(
        in_channels, out_channels, kernel, padding=kernel // 2, padding_mode="circular"
    )


class BareGroupConvolution(torch.nn.Module):
    """(batch, channels, poses, n, m) by one `conv2d`: zeros at the border, nothing shared."""

    def __init__(self, in_channels: int, out_channels: int, poses: int, kernel: int) -> None:
        super().__init__()
        self.poses = poses
        self.convolution = torch.nn.Conv2d(
            in_channels * poses, out_channels * poses, kernel, padding=kernel // 2
        )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.convolution(x.flatten(1, 2)).unflatten(1, (-1, self.poses))
