"""The 15 maps from matrices to matrices, all materialised at n x n and then mixed.

Source: Maron et al. 2019, Invariant and Equivariant Graph Networks, Theorem 1, the operations in
the order usual in public implementations, with means for sums (their normalization "inf").  Those
stack the operations and mix them by one `einsum`, which copies them all once more; `fused` mixes
by one matrix product over operations and channels together, with no copy.
"""

from __future__ import annotations

import torch

# Output axes, then input axes: equal letters are tied, letters of the input alone are averaged.
OPERATIONS = ("aa aa", "aa bb", "aa ab", "aa ba", "aa bc", "ab cb", "ab bc", "ab ca", "ab ac",
              "ab ab", "ab ba", "ab bb", "ab aa", "ab cc", "ab cd")  # fmt: skip


class GraphFull(torch.nn.Module):
    """A matrix (batch, channels, n, n) to a matrix, for any n.

    `weight[k]` multiplies operation k; `bias[0]` is added on the diagonal, `bias[1]` everywhere.
    """

    def __init__(self, in_channels: int, out_channels: int, fused: bool = False) -> None:
        super().__init__()
        self.fused = fused
        bound = (15 * in_channels) ** -0.5
        weight = torch.empty(15, out_channels, in_channels).uniform_(-bound, bound)
        self.weight = torch.nn.Parameter(weight)
        self.bias = torch.nn.Parameter(torch.zeros(2, out_channels))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        n = x.shape[-1]
        if self.fused:
            matrix = self.weight.transpose(0, 1).flatten(1).expand(len(x), -1, -1)
            mixed = torch.bmm(matrix, torch.cat(operate(x), 1).flatten(-2)).unflatten(-1, (n, n))
        else:
            mixed = torch.einsum("kos,bksij->boij", self.weight, torch.stack(operate(x), 1))
        on_diagonal = torch.eye(n, dtype=x.dtype, device=x.device) * self.bias[0].view(-1, 1, 1)
        return mixed + (on_diagonal + self.bias[1].view(-1, 1, 1))


def operate(x: torch.Tensor) -> list[torch.Tensor]:
    """The 15 operations on (batch, channels, n, n), each of that shape."""
    diagonal = x.diagonal(dim1=-2, dim2=-1)
    rows, columns = x.mean(-1), x.mean(-2)
    trace, total = diagonal.mean(-1, keepdim=True), rows.mean(-1, keepdim=True)
    return [
        torch.diag_embed(diagonal),
        torch.diag_embed(trace.expand_as(diagonal)),
        torch.diag_embed(rows),
        torch.diag_embed(columns),
        torch.diag_embed(total.expand_as(diagonal)),
        columns.unsqueeze(-2).expand_as(x),
        rows.unsqueeze(-2).expand_as(x),
        columns.unsqueeze(-1).expand_as(x),
        rows.unsqueeze(-1).expand_as(x),
        x,
        x.transpose(-2, -1),
        diagonal.unsqueeze(-2).expand_as(x),
        diagonal.unsqueeze(-1).expand_as(x),
        trace.unsqueeze(-1).expand_as(x),
        total.unsqueeze(-1).expand_as(x),
    ]
