"""The parts of a page whose layer sums over sets of axes: templates with holes and no logic."""

from __future__ import annotations

CHANGE = """\
        change = torch.empty({dimension}, {dimension}, device=device, dtype=dtype)
        self.register_buffer("change", change, persistent=False)"""
