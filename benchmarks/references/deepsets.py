"""DeepSets by hand: y = W1 x + W2 mean(x) + b on sets.

Source: Zaheer et al. 2017, Deep Sets, Lemma 3 (there lambda I + gamma 1 1^T), with matrices on the
channels for the two numbers, and the mean for the sum.

Optimised for a CPU: the pooled channels are mixed once a set and enter the matrix product as what
it accumulates upon, and the sum, not the mean, is taken at full size, because the gradient of a
mean divides at full size.
"""

from __future__ import annotations

import torch


class DeepSets(torch.nn.Module):
    """A set (batch, channels, n) to a set, for any n.

    `weight[0]` multiplies every point and `weight[1]` the mean over the points.
    """

    def __init__(self, in_channels: int, out_channels: int) -> None:
        super().__init__()
        bound = in_channels**-0.5
        weight = torch.empty(2, out_channels, in_channels).uniform_(-bound, bound)
        self.weight = torch.nn.Parameter(weight)
        self.bias = torch.nn.Parameter(torch.zeros(out_channels))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        each, pooled = self.weight.unbind()
        mean = x.sum(-1) / x.shape[-1]
        shared = torch.nn.functional.linear(mean, pooled, self.bias)
        return torch.baddbmm(shared.unsqueeze(-1), each.expand(len(x), -1, -1), x)
