"""The parts of a page whose layer sums over sets of axes: templates with holes and no logic."""

from __future__ import annotations

CHANGE = """\
        change = torch.empty({dimension}, {dimension}, device=device, dtype=dtype)
        self.register_buffer("change", change, persistent=False)"""

CELLS = """\
        cells = (self.change @ self.weight.flatten(1)).unflatten(1, self.weight.shape[1:])"""

BIAS_ADDED = """\
        if self.bias is not None:
            y = y + self.bias.index_select(0, self.bias_index).T.unflatten(-1, {shape})"""
