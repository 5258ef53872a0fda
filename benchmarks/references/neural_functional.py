"""The layer between weight spaces of perceptrons whose hidden neurons alone are permuted, by hand.

Source: Zhou et al. 2023, Permutation Equivariant Neural Functionals, HNPLinear; written anew from
its formula.  It is equivariant, but not all of what is: the last weight does not see the bias of
its own hidden neuron, and what is pooled twice in different words is counted twice.

A perceptron of widths (n_0, ..., n_L) has weights W_i of shape (n_{i+1}, n_i) and biases b_i; the
layer takes and gives them as (batch, channels, ...) in the order W_0, b_0, W_1, b_1, ...
"""

from __future__ import annotations

from collections.abc import Sequence

import torch

Tensor = torch.Tensor


class NeuralFunctional(torch.nn.Module):
    """Weights and biases to weights and biases, from rows of single neurons and pooled numbers."""

    def __init__(self, widths: Sequence[int], in_channels: int = 1, out_channels: int = 1) -> None:
        super().__init__()
        self.widths = tuple(widths)
        self.channels = (out_channels, in_channels)
        depth = len(widths) - 1
        if depth < 2:
            raise ValueError("a perceptron without hidden neurons")
        n_in, n_out = self.widths[0], self.widths[-1]
        pooled = 2 * depth + n_in + 2 * n_out
        beside = [self._row_length(i) for i in range(depth)]
        above = [self._column_length(i) for i in range(depth)]
        parts: dict[str, torch.nn.Module] = {}
        for i in range(depth):
            if i == 0:
                parts["weight_0_each"] = self._linear(beside[0], n_in)
                parts["weight_0_pooled"] = self._linear(pooled, n_in)
                parts["bias_0_each"] = self._linear(beside[0], 1)
                parts["bias_0_pooled"] = self._linear(pooled, 1)
            elif i == depth - 1:
                parts[f"weight_{i}_each"] = self._linear(above[i], n_out)
                parts[f"weight_{i}_pooled"] = self._linear(pooled, n_out)
                parts[f"bias_{i}_pooled"] = self._linear(pooled, n_out)
            else:
                parts[f"weight_{i}_itself"] = self._linear(1, 1)
                parts[f"weight_{i}_row"] = self._linear(beside[i], 1)
                parts[f"weight_{i}_column"] = self._linear(above[i], 1)
                parts[f"weight_{i}_pooled"] = self._linear(pooled, 1)
                parts[f"bias_{i}_each"] = self._linear(beside[i], 1)
                parts[f"bias_{i}_pooled"] = self._linear(pooled, 1)
        self.parts = torch.nn.ModuleDict(parts)

    def forward(self, *fields: Tensor) -> tuple[Tensor, ...]:
        weights, biases = fields[::2], fields[1::2]
        last = len(weights) - 1
        pooled = self.pooled(weights, biases)
        found: list[Tensor] = []
        for i in range(last + 1):
            spread = self.apply_part(f"weight_{i}_pooled", pooled[..., None, :])
            if i == 0:
                rows = self.row(0, weights, biases)
                weight = self.apply_part("weight_0_each", rows) + spread
            elif i == last:
                columns = self.column(i, weights, biases)
                weight = (self.apply_part(f"weight_{i}_each", columns) + spread).transpose(-1, -2)
            else:
                rows, columns = self.row(i, weights, biases), self.column(i, weights, biases)
                itself = self.apply_part(f"weight_{i}_itself", weights[i][..., None])[..., 0]
                weight = (
                    itself
                    + self.apply_part(f"weight_{i}_row", rows)
                    + self.apply_part(f"weight_{i}_column", columns).transpose(-1, -2)
                    + spread
                )
            bias = self.apply_part(f"bias_{i}_pooled", pooled)
            if i < last:
                bias = bias + self.apply_part(f"bias_{i}_each", rows)[..., 0]
            found += [weight, bias]
        return tuple(found)

    def pooled(self, weights: Sequence[Tensor], biases: Sequence[Tensor]) -> Tensor:
        """What no hidden permutation changes: (batch, channels, numbers)."""
        means = [w.mean((-1, -2)) for w in weights] + [b.mean(-1) for b in biases]
        ends = [weights[0].mean(-2), weights[-1].mean(-1), biases[-1]]
        return torch.cat([torch.stack(means, -1), *ends], -1)

    def row(self, i: int, weights: Sequence[Tensor], biases: Sequence[Tensor]) -> Tensor:
        """What each neuron after weight i has for itself: (batch, channels, neurons, numbers)."""
        last = len(weights) - 1
        own = weights[0] if i == 0 else weights[i].mean(-1, keepdim=True)
        parts = [own, biases[i][..., None], weights[i + 1].mean(-2)[..., None]]
        return torch.cat([*parts, weights[last].transpose(-1, -2)] if i == last - 1 else parts, -1)

    def column(self, i: int, weights: Sequence[Tensor], biases: Sequence[Tensor]) -> Tensor:
        """What each neuron before weight i has for itself."""
        last = len(weights) - 1
        before = weights[i - 1].mean(-1, keepdim=True)
        if i == last:
            parts = [weights[i].transpose(-1, -2), before]
        else:
            parts = [weights[i].mean(-2)[..., None], before, biases[i - 1][..., None]]
        return torch.cat([*parts, weights[0]] if i == 1 else parts, -1)

    def apply_part(self, name: str, numbers: Tensor) -> Tensor:
        """A linear map of channels with numbers, on (batch, channels, ..., numbers)."""
        part = self.parts[name]
        moved = numbers.movedim(1, -2).flatten(-2)
        outs = self.channels[0]
        return part(moved).unflatten(-1, (outs, -1)).movedim(-2, 1)

    def _linear(self, given: int, made: int) -> torch.nn.Linear:
        outs, ins = self.channels
        return torch.nn.Linear(ins * given, outs * made)

    def _row_length(self, i: int) -> int:
        depth, widths = len(self.widths) - 1, self.widths
        return (widths[0] if i == 0 else 1) + 2 + (widths[-1] if i == depth - 2 else 0)

    def _column_length(self, i: int) -> int:
        depth, widths = len(self.widths) - 1, self.widths
        own = widths[-1] + 1 if i == depth - 1 else 3
        return own + (widths[0] if i == 1 else 0)


def of_small_perceptrons() -> NeuralFunctional:
    """The layer for perceptrons of widths (2, 3, 2), of one channel: what `audit` is shown with."""
    torch.manual_seed(0)
    return NeuralFunctional((2, 3, 2))
