"""Convolution on a cycle with a kernel as long as the cycle: by FFT, and by `conv1d`.

Source: Davis 1979, Circulant Matrices, Theorem 3.2.2 (the Fourier matrix diagonalises them all);
with channels, Mathieu et al. 2014, Fast Training of Convolutional Networks through FFTs: transform,
one complex matrix product a frequency, transform back.
"""

from __future__ import annotations

import torch


class CirculantFFT(torch.nn.Module):
    """A cycle (batch, channels, n) to itself: y_i = b + sum over d of weight[d] x_(i - d)."""

    def __init__(self, in_channels: int, out_channels: int, n: int) -> None:
        super().__init__()
        bound = (n * in_channels) ** -0.5
        weight = torch.empty(n, out_channels, in_channels).uniform_(-bound, bound)
        self.weight = torch.nn.Parameter(weight)
        self.bias = torch.nn.Parameter(torch.zeros(out_channels))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        waves = torch.fft.rfft(x).permute(2, 0, 1)
        kernel = torch.fft.rfft(self.weight, dim=0).transpose(1, 2)
        mixed = torch.bmm(waves, kernel).permute(1, 2, 0)
        return torch.fft.irfft(mixed, x.shape[-1]) + self.bias.unsqueeze(-1)


class CirculantConv(torch.nn.Conv1d):
    """The same by `torch.nn.Conv1d`.

    It correlates, so that its `weight[..., n - 1 - d]` is the other's `weight[d]`.
    """

    def __init__(self, in_channels: int, out_channels: int, n: int) -> None:
        super().__init__(in_channels, out_channels, n)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        wrapped = torch.nn.functional.pad(x, (x.shape[-1] - 1, 0), mode="circular")
        return torch.nn.functional.conv1d(wrapped, self.weight, self.bias)
