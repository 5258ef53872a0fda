"""The parts of a page that goes through isotypic components: templates with holes and no logic."""

from __future__ import annotations

MATRIX = """\
        {name} = torch.empty({rows}, {columns}, device=device, dtype=dtype)
        self.register_buffer("{name}", {name}, persistent=False)"""

FILLED = """\
        self.{name}.copy_({table}.view_as(self.{name}))"""

CELLS = '''\
    def cells(self) -> list[torch.Tensor]:
        """The weights of each component, between copies: (spreads, pools, out, in channels)."""
        cells = (self.change @ self.weight.flatten(1)).unflatten(1, self.weight.shape[1:])
        parts = cells.split([pools * spreads for _, pools, spreads in COPIES])
        sizes = [(spreads, pools) for _, pools, spreads in COPIES]
        return [part.unflatten(0, size) for part, size in zip(parts, sizes, strict=True)]'''

FORWARD = """\
        pools = torch.nn.functional.linear({flat}, self.pool)
        parts = pools.split([degree * pools for degree, pools, _ in COPIES], -1)
        mixed = [_mixed(*both) for both in zip(parts, self.cells(), strict=True)]
        y = torch.cat(mixed, -1) @ self.spread
        if self.bias is not None:
            y = y + {bias}"""

MIXED = '''\
def _mixed(x: torch.Tensor, cells: torch.Tensor) -> torch.Tensor:
    """Mix channels and copies; x is (..., in channels, coordinates), the copies of each in turn."""
    spreads, pools = cells.shape[:2]
    matrix = cells.permute(2, 0, 3, 1).flatten(2).flatten(0, 1)
    x = x.unflatten(-1, (-1, pools)).movedim(-3, -2).flatten(-2)
    y = torch.nn.functional.linear(x, matrix).unflatten(-1, (-1, spreads))
    return y.movedim(-2, -3).flatten(-2)'''
