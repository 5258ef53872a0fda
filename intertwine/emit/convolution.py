"""The page of a layer that is a convolution over freely acting translations."""

from __future__ import annotations

import numpy as np

from intertwine.emit import convolution_page, page
from intertwine.emit.layer import axes
from intertwine.emit.tabled import TableWriter
from intertwine.emit.text import INDENT, bracketed
from intertwine.emit.writer import filling
from intertwine.plan.nodes import Plan
from intertwine.plan.strategy.convolution import Convolution

_PADDED = "torch.cat([self.weight, self.weight.new_zeros(1, *self.weight.shape[1:])])"
_ZERO = "zero = self.weight.new_zeros(1, *self.weight.shape[1:])"
_SIGNED = "torch.cat([zero, self.weight, -self.weight.flip(0)])"

# How many multiply-adds of a dense product take as long as a transform of so many axes.
_TRANSFORMED = {1: 5_000_000, 2: 20_000_000, 3: 60_000_000}


class ConvolutionWriter(TableWriter):
    """Fills the holes for one input and one output, a number of orbits of translations each.

    With `strides`, as a network may ask, forward takes a stride.
    """

    strides = False

    def __init__(self, plan: Plan, route: Convolution) -> None:
        super().__init__(plan)
        self.route = route
        self.rows, self.columns = route.orbits
        self.outs = "self.out_channels" if self.rows == 1 else f"self.out_channels * {self.rows}"
        self.ins = "self.in_channels" if self.columns == 1 else f"self.in_channels * {self.columns}"
        self.taps = ", ".join(map(str, route.kernel.shape[2:]))
        self.plain = bool((route.kernel > 0).all())
        self.signed = bool((route.kernel < 0).any())
        self.table = _SIGNED if self.signed else _PADDED
        self.roots = self.bias.codes[route.targets.reshape(self.rows, -1)[:, 0]]
        self.shared = not np.array_equal(self.roots, np.arange(1, self.rows + 1))
        places = {"sources": route.sources.ravel(), "targets": np.argsort(route.targets.ravel())}
        self.orders = {
            name: order
            for name, order in places.items()
            if not np.array_equal(order, np.arange(order.size))
        }

    def computed(self) -> list[str]:
        """By taps, or by transforms."""
        route = self.route
        return [f"Computed as a {route}, by {'FFT' if route.radius is None else 'taps'}."]

    def buffers(self) -> dict[str, int]:
        """The kernel, the bias of each orbit, and the orders of points; none that is 0, 1, ..."""
        sizes = {} if self.route.direct else {"kernel": self.route.kernel.size}
        if self.shared:
            sizes["bias_index"] = self.rows
        return sizes | {name: order.size for name, order in self.orders.items()}

    def methods(self) -> list[str]:
        """The index tables and the full matrix."""
        route, dimension = self.route, self.block.dimension
        tables, kernel = [], f"torch.arange({dimension}, device=self.weight.device)"
        if not route.direct:
            codes = self.tables.add("KERNEL", route.kernel.astype(np.int64))
            shifted = f"{codes} - 1" if self.plain else f"({codes} - 1) % {dimension + 1}"
            if self.signed:
                shifted = f"{codes} % {2 * dimension + 1}"
            tables, kernel = [filling("kernel", shifted)], "self.kernel"
        if self.shared:
            roots = self.tables.add("BIAS_CODES", self.roots)
            shifted = (
                f"{roots} - 1" if self.bias.plain else f"{roots} % {2 * self.bias.dimension + 1}"
            )
            tables.append(filling("bias_index", shifted))
        for name, order in self.orders.items():
            tables.append(filling(name, self.tables.add(name.upper(), order)))
        index = page.filled(
            convolution_page.ENTRIES,
            kernel=kernel,
            rows=self.rows,
            columns=self.columns,
            taps=self.taps,
            periods=route.periods,
            nothing=0 if self.signed else dimension,
            reach="" if route.radius is None else f", {route.radius}, {route.wraps}",
        ).splitlines()
        if "targets" in self.orders:
            index.append("index = index.index_select(0, self.targets)")
        if "sources" in self.orders:
            index.append("index = index.index_select(1, self.sources.argsort())")
        zero = [_ZERO] if self.signed else []
        taken = [f"table = {self.table}", "entries = table.index_select(0, index.flatten())"]
        return [*self.filled(tables), self.dense_methods([*index, *zero, *taken])]

    def forward(self) -> str:
        """Translations on the last axes, orbits and channels before them."""
        route, rank = self.route, len(self.source.shape) + 1
        empty = self.with_channels(axes(self.target), "self.out_channels")
        lines = self.kernel()
        if self.labels.channels_last:
            lines.append(f"x = x.movedim(-1, -{rank})")
        if "sources" in self.orders:
            lines.append(f"x = x.flatten(-{rank - 1}).index_select(-1, self.sources)")
        periods = ", ".join(map(str, route.periods))
        lines.append(f"x = x.reshape(-1, {self.ins}, {periods})")
        lines += self.padding()
        convolved = self.spectral() if route.radius is None else self.local(route.radius)
        bias = "self.bias.index_select(0, self.bias_index)" if self.shared else "self.bias"
        biased = page.filled(convolution_page.BIAS, bias=bias)
        if self.shared and not self.bias.plain:
            biased = page.filled(convolution_page.BIAS_SIGNED)
        return "\n".join([
            self.checked("x", axes(self.source), "self.in_channels"),
            page.filled(convolution_page.EMPTY, rank=rank, empty=", ".join(["*batch", *empty])),
            *self.small(),
            *(INDENT * 2 + line for line in lines),
            biased,
            convolved,
            *(INDENT * 2 + line for line in self.returning()),
        ])  # fmt: skip

    def small(self) -> list[str]:
        """Where a kept matrix is faster than a transform: one of several short axes is slow."""
        if self.route.radius is not None:
            return []
        most = _TRANSFORMED[min(len(self.route.periods), 3)]
        rank = len(self.source.shape) + 1
        return [self.by_matrix({"x": rank}, [str(self.target.points)], most)]

    def kernel(self) -> list[str]:
        """Statements that make the kernel: `(out, in, *taps)`, or `(*periods, out, in)` for FFT."""
        full = self.route.radius is None
        lines, weights = [], "self.weight"
        if not self.route.direct:
            lines += [_ZERO] if self.signed else []
            lines.append(f"table = {weights if self.plain else self.table}")
            weights = "table.index_select(0, self.kernel)"
        if self.rows == self.columns == 1:
            view = [self.taps, "self.out_channels", "self.in_channels"]
            viewed = bracketed(f"kernel = {weights}.view(", view, ")", 2)
            taps = self.route.kernel.shape[2:]
            turned = f"kernel = {weights}.permute(1, 2, 0).unflatten(-1, {taps})"
            return [*lines, viewed if full else turned]
        view = [
            str(self.rows), str(self.columns), self.taps, "self.out_channels", "self.in_channels",
        ]  # fmt: skip
        count = len(self.route.periods) + 2
        orbits = [count, 0, count + 1, 1]
        order = [*range(2, count), *orbits] if full else [*orbits, *range(2, count)]
        sides = [self.outs, self.ins]
        shape = [self.taps, *sides] if full else [*sides, self.taps]
        return [
            *lines,
            bracketed(f"kernel = {weights}.view(", view, ")", 2),
            f"kernel = kernel.permute({', '.join(map(str, order))})",
            bracketed("kernel = kernel.reshape(", shape, ")", 2),
        ]

    def arguments(self) -> list[str]:
        """The only input, and a stride."""
        return [*super().arguments(), *(["stride: int = 1"] if self.strides else [])]

    @property
    def doing(self) -> str:
        """The docstring of forward."""
        kept = ", and keep every stride-th point along each axis" if self.strides else ""
        return f"Apply the map{kept}."

    def returning(self) -> list[str]:
        """The statements that put y in the order and shape of the output."""
        lines = []
        if self.strides:
            places = len(self.route.periods)
            poses = ["*batch", "self.out_channels", *axes(self.target)[:-places]]
            return [bracketed("return y.reshape(", [*poses, f"*y.shape[-{places}:]"], ")", 2)]
        if "targets" in self.orders:
            points = f"*batch, self.out_channels, {self.target.points}"
            lines.append(f"y = y.reshape({points}).index_select(-1, self.targets)")
        shape = ["*batch", "self.out_channels", *axes(self.target)]
        if not self.labels.channels_last:
            return [*lines, bracketed("return y.reshape(", shape, ")", 2)]
        turned = f"return y.movedim(-{len(self.target.shape) + 1}, -1)"
        return [*lines, bracketed("y = y.reshape(", shape, ")", 2), turned]

    def padding(self) -> list[str]:
        """The statement that repeats the ends of axes that wrap, before taps meet them."""
        route = self.route
        if route.radius is None or not route.wraps:
            return []
        ends = ", ".join([str(route.radius)] * (2 * len(route.periods)))
        return [f'x = torch.nn.functional.pad(x, ({ends}), mode="circular")']

    def local(self, radius: int) -> str:
        """PyTorch's own convolution of the taps."""
        return page.filled(
            convolution_page.DIRECT,
            axes=len(self.route.periods),
            padding="" if self.route.wraps else f", padding={radius}",
            stride=", stride" if self.strides else "",
        )

    def spectral(self) -> str:
        """A product a frequency."""
        periods = self.route.periods
        count = len(periods)
        several = count > 1
        dims = f", dim={tuple(range(-count, 0))}" if several else ""
        waves = page.filled(
            convolution_page.SPECTRAL,
            n="n" if several else "",
            dims=dims,
            first=f"dim={tuple(range(count))}" if several else "dim=0",
        )
        product = page.filled(convolution_page.PRODUCT)
        if several:
            product = page.filled(convolution_page.PRODUCT_FLAT, last=count - 1, start=-count)
        back = page.filled(
            convolution_page.BACK,
            n="n" if several else "",
            periods=f"s={periods}" if several else f"n={periods[0]}",
            dims=dims,
            ones=f".view(-1{', 1' * count})",
        )
        return "\n".join([waves, product, back])
