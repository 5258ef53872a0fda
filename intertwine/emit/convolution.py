"""The page of a layer that is a convolution over freely acting translations."""

from __future__ import annotations

import numpy as np

from intertwine.emit import convolution_page, page
from intertwine.emit.tabled import TableWriter, axes
from intertwine.emit.text import INDENT, bracketed
from intertwine.emit.writer import filling
from intertwine.plan.convolution import Convolution
from intertwine.plan.nodes import Plan

_TABLE = "torch.cat([self.weight, self.weight.new_zeros(1, *self.weight.shape[1:])])"


class ConvolutionWriter(TableWriter):
    """Fills the holes for one input and one output, a number of orbits of translations each."""

    def __init__(self, plan: Plan, route: Convolution) -> None:
        super().__init__(plan)
        self.route = route
        self.rows, self.columns = route.orbits
        self.taps = ", ".join(map(str, route.kernel.shape[2:]))
        self.plain = bool((route.kernel > 0).all())
        places = {"sources": route.sources.ravel(), "targets": np.argsort(route.targets.ravel())}
        self.orders = {
            name: order
            for name, order in places.items()
            if not np.array_equal(order, np.arange(order.size))
        }

    def facts(self) -> list[str]:
        """What was solved, how it is computed, and what stays exact of the symmetry."""
        route = self.route
        lines = [f"Computed as a {route}, by {'FFT' if route.radius is None else 'taps'}."]
        if not route.wraps:
            lines.append(
                "Boundary: zeros beyond the ends. Motions that keep the ends stay exact; "
                f"translations are exact at points further than {route.radius} from an end."
            )
        return [*super().facts(), *lines]

    def buffers(self) -> dict[str, int]:
        """The kernel, the bias of each orbit, and the orders of points."""
        orders = {name: order.size for name, order in self.orders.items()}
        return {"kernel": self.route.kernel.size, "bias_index": self.rows, **orders}

    def methods(self) -> list[str]:
        """The index tables and the full matrix."""
        route, dimension = self.route, self.block.dimension
        kernel = self.tables.add("KERNEL", route.kernel.astype(np.int64))
        roots = self.bias.codes[route.targets.reshape(self.rows, -1)[:, 0]]
        shifted = f"{kernel} - 1" if self.plain else f"({kernel} - 1) % {dimension + 1}"
        tables = [
            filling("kernel", shifted),
            filling("bias_index", self.tables.add("BIAS_CODES", roots) + " - 1"),
            *(filling(n, self.tables.add(n.upper(), order)) for n, order in self.orders.items()),
        ]
        index = page.filled(
            convolution_page.ENTRIES,
            rows=self.rows,
            columns=self.columns,
            taps=self.taps,
            periods=route.periods,
            dimension=dimension,
            reach="" if route.radius is None else f", {route.radius}, {route.wraps}",
        ).splitlines()
        if "targets" in self.orders:
            index.append("index = index.index_select(0, self.targets)")
        if "sources" in self.orders:
            index.append("index = index.index_select(1, self.sources.argsort())")
        table = [f"table = {_TABLE}", "entries = table.index_select(0, index.flatten())"]
        return [self.filling(tables), self.dense_methods([*index, *table])]

    def forward(self) -> str:
        """Translations on the last axes, orbits and channels before them."""
        route, last = self.route, self.labels.channels_last
        rank, count = len(self.source.shape) + 1, len(route.periods) + 2
        orbits = [count, 0, count + 1, 1]
        order = [*range(2, count), *orbits] if route.radius is None else [*orbits, *range(2, count)]
        view = [
            str(self.rows), str(self.columns), self.taps, "self.out_channels", "self.in_channels",
        ]  # fmt: skip
        empty = self.with_channels(axes(self.target), "self.out_channels")
        weights = page.filled(
            convolution_page.FORWARD,
            rank=rank,
            empty=", ".join(["*batch", *empty]),
            table="self.weight" if self.plain else _TABLE,
            kernel=bracketed("kernel = kernel.view(", view, ")", 2),
            order=", ".join(map(str, order)),
        )
        lines = []
        if last:
            lines.append(f"x = x.movedim(-1, -{rank})")
        if "sources" in self.orders:
            lines.append(f"x = x.flatten(-{rank - 1}).index_select(-1, self.sources)")
        periods = ", ".join(map(str, route.periods))
        lines.append(f"x = x.reshape(-1, self.in_channels * {self.columns}, {periods})")
        convolved = self.spectral() if route.radius is None else self.direct(lines, route.radius)
        return "\n".join([
            self.checked("x", axes(self.source), "self.in_channels"),
            weights,
            *(INDENT * 2 + line for line in lines),
            convolved,
            *(INDENT * 2 + line for line in self.returning()),
        ])  # fmt: skip

    def returning(self) -> list[str]:
        """The statements that put y in the order and shape of the output."""
        lines = []
        if "targets" in self.orders:
            points = f"*batch, self.out_channels, {self.target.points}"
            lines.append(f"y = y.reshape({points}).index_select(-1, self.targets)")
        shape = ["*batch", "self.out_channels", *axes(self.target)]
        if not self.labels.channels_last:
            return [*lines, bracketed("return y.reshape(", shape, ")", 2)]
        turned = f"return y.movedim(-{len(self.target.shape) + 1}, -1)"
        return [*lines, bracketed("y = y.reshape(", shape, ")", 2), turned]

    def direct(self, lines: list[str], radius: int) -> str:
        """PyTorch's own convolution of the taps; where the axes wrap, x is padded before."""
        count = len(self.route.periods)
        if self.route.wraps:
            ends = ", ".join([str(radius)] * (2 * count))
            lines.append(f'x = torch.nn.functional.pad(x, ({ends}), mode="circular")')
        return page.filled(
            convolution_page.DIRECT,
            rows=self.rows,
            columns=self.columns,
            taps=self.taps,
            axes=count,
            padding="" if self.route.wraps else f", padding={radius}",
        )

    def spectral(self) -> str:
        """A product a frequency."""
        count = len(self.route.periods)
        return page.filled(
            convolution_page.SPECTRAL,
            rows=self.rows,
            columns=self.columns,
            periods=", ".join(map(str, self.route.periods)),
            first=tuple(range(count)),
            last=count - 1,
            dims=tuple(range(-count, 0)),
            start=-count,
            periods_of=self.route.periods,
            ones=f".view(-1{', 1' * count})",
        )
