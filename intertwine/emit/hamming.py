"""The page of a layer that sums over sets of axes."""

from __future__ import annotations

from itertools import chain

from intertwine.emit import hamming_page, page
from intertwine.emit.tabled import TableWriter
from intertwine.emit.text import INDENT, bracketed
from intertwine.emit.writer import filling
from intertwine.plan.nodes import Plan
from intertwine.plan.strategy.axis_sums import Axes, AxisSums


class HammingWriter(TableWriter):
    """Fills the holes for one input and one output of the same axes."""

    def __init__(self, plan: Plan, route: AxisSums) -> None:
        super().__init__(plan)
        self.route = route

    def computed(self) -> list[str]:
        """By the sums of the route."""
        return [f"Computed by {self.route}."]

    def init(self) -> list[str]:
        """The parameters and buffers."""
        change = page.filled(hamming_page.CHANGE, dimension=self.block.dimension)
        return [*super().init(), change]

    def buffers(self) -> dict[str, int]:
        """The table of the bias."""
        return {"bias_index": self.bias.codes.size}

    def methods(self) -> list[str]:
        """The tables, and the full matrix."""
        dimension = self.block.dimension
        change = self.tables.add("CHANGE", self.route.change)
        tables = [
            self.bias_filling("bias_index", "BIAS_CODES", self.bias, plain=True),
            filling("change", f"{change}.view({dimension}, {dimension})"),
        ]
        return [*self.filled(tables), *self.forward_methods(pays=False)]

    def forward(self) -> str:
        """Sums over sets of axes, each from a smaller one; a mix a class; and back again."""
        route, target, last = self.route, self.target, self.labels.channels_last
        rank = len(self.source.shape) + 1
        sets = sorted(chain(*route.classes), key=lambda several: (len(several), several))
        lines = [f"x = x.movedim(-1, -{rank})"] if last else []
        lines += [f"{_x(s)} = {_x(s[:-1])}.sum({self.place(s)})" for s in sets if s]
        mixes = [line for number in range(len(route.classes)) for line in self.mixed(number)]
        spreads = [
            f"{_y(s[:-1])} = {_y(s[:-1])} + {_y(s)}.unsqueeze({self.place(s)})"
            for s in reversed(sets)
            if s
        ]
        done = f"return y.movedim(-{rank}, -1)" if last else "return y"
        return "\n".join([
            self.checked("x", self.source.name),
            *(INDENT * 2 + line for line in lines),
            page.filled(page.CHANGED),
            *(INDENT * 2 + line for line in [*mixes, *spreads]),
            page.filled(page.BIAS_ADDED, fold=f".unflatten(-1, {target.shape})"),
            INDENT * 2 + done,
        ])  # fmt: skip

    def place(self, summed: Axes) -> int:
        """The place, from the end, of the last of these axes among those that the others leave."""
        before = self.route.kept(summed[:-1])
        return before.index(summed[-1]) - len(before)

    def mixed(self, number: int) -> list[str]:
        """The statements that mix channels for one class, as one product."""
        several = self.route.classes[number]
        rank = len(self.route.kept(several[0]))
        flat = f".flatten(-{rank})" if rank > 1 else "" if rank else "[..., None]"
        if len(several) == 1:
            shape = tuple(self.route.shape[a] for a in self.route.kept(several[0]))
            fold = f".unflatten(-1, {shape})" if rank > 1 else "" if rank else "[..., 0]"
            return [f"{_y(several[0])} = _mix(cells[{number}], {_x(several[0])}{flat}){fold}"]
        pools = bracketed("pools = [", [f"{_x(s)}{flat}" for s in several], "]", 2, call=False)
        sizes = [str(self.route.points(s)) for s in several]
        names = bracketed("", [_y(s) for s in several], "", 2, call=False)
        split = bracketed("sizes = [", sizes, "]", 2, call=False)
        lines = [pools, split, f"mixed = _mix(cells[{number}], torch.cat(pools, -1))"]
        lines.append(f"{names} = mixed.split(sizes, -1)")
        for s in several if rank > 1 else ():
            shape = tuple(self.route.shape[a] for a in self.route.kept(s))
            lines.append(f"{_y(s)} = {_y(s)}.unflatten(-1, {shape})")
        return lines


def _x(summed: Axes) -> str:
    return "x_" + "".join(map(str, summed)) if summed else "x"


def _y(summed: Axes) -> str:
    return "y_" + "".join(map(str, summed)) if summed else "y"
