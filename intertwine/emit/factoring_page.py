"""The parts of a page whose layer factors through small sets: templates with holes and no logic."""

from __future__ import annotations

BUFFERS = """\
        for name, shape in TABLES.items():
            whole = torch.long if name.startswith("places") else dtype
            table = torch.empty(shape, device=device, dtype=whole)
            self.register_buffer(name, table, persistent=False)"""
