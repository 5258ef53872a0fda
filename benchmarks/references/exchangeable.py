"""The exchangeable matrix layer by hand: 4 maps, mixed before they are broadcast.

Source: Hartford et al. 2018, Deep Models of Interactions Across Sets, Theorem 2.1 and equation (2):
each entry, the mean of its row, the mean of its column, and the mean of everything.

Optimised for a CPU: only the entries themselves are mixed at n x m.  A gradient wants the sum of
the broadcast means out of place, since a step in place on a view clones what comes back; without
one the product accumulates upon it in place.
"""

from __future__ import annotations

import torch


class Exchangeable(torch.nn.Module):
    """A table (batch, channels, n, m) to a table, for any n and m.

    `weight` multiplies: the entry, the mean over its row, over its column, over the table.
    """

    def __init__(self, in_channels: int, out_channels: int) -> None:
        super().__init__()
        bound = in_channels**-0.5
        weight = torch.empty(4, out_channels, in_channels).uniform_(-bound, bound)
        self.weight = torch.nn.Parameter(weight)
        self.bias = torch.nn.Parameter(torch.zeros(out_channels))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        batch, _, n, m = x.shape
        entry, row, column, table = self.weight.unbind()
        row_means, column_means = x.sum(-1) / m, x.sum(-2) / n
        shared = torch.nn.functional.linear(row_means.sum(-1) / n, table, self.bias)
        rows = torch.baddbmm(shared.unsqueeze(-1), row.expand(batch, -1, -1), row_means)
        columns = torch.bmm(column.expand(batch, -1, -1), column_means)
        spread = (rows.unsqueeze(-1) + columns.unsqueeze(-2)).flatten(-2)
        accumulate = torch.baddbmm if torch.is_grad_enabled() else torch.Tensor.baddbmm_
        return accumulate(spread, entry.expand(batch, -1, -1), x.flatten(-2)).unflatten(-1, (n, m))
