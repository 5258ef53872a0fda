"""The page of a layer that is a convolution over freely acting translations."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from intertwine.emit import convolution_page, page
from intertwine.emit.affine import BATCH
from intertwine.emit.layer import axes
from intertwine.emit.tabled import TableWriter
from intertwine.emit.text import INDENT, bracketed
from intertwine.emit.writer import filling
from intertwine.plan.cost import CHANNELS
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
        places = zip(("sources", "targets"), route.orders, strict=True)
        self.orders = {name: order for name, order in places if order is not None}

    def computed(self) -> list[str]:
        """By taps, or by transforms."""
        route = self.route
        return [f"Computed as a {route}, by {'FFT' if route.radius is None else 'taps'}."]

    def helpers(self) -> Sequence[str]:
        """Those of pages with tables, and the transforms."""
        return (convolution_page.CORRELATED, *super().helpers())

    def buffers(self) -> dict[str, int]:
        """The kernel, the bias of each orbit, and the orders of points; none that is 0, 1, ..."""
        sizes = {} if self.route.direct else {"kernel": self.route.kernel.size}
        if self.shared:
            sizes["bias_index"] = self.rows
        return sizes | {name: order.size for name, order in self.orders.items()}

    def methods(self) -> list[str]:
        """The index tables and the full matrix."""
        pays = self.route.radius is None and BATCH * self.dense <= _TRANSFORMED[min(self.count, 3)]
        *methods, fused = self.forward_methods(pays)
        return [*self.filled(self.filled_tables()), *methods, self.fused() or fused]

    @property
    def dense(self) -> int:
        """How many multiply-adds of a sample the full matrix takes."""
        return CHANNELS * CHANNELS * self.source.points * self.target.points

    @property
    def count(self) -> int:
        """How many axes translations move along."""
        return len(self.route.periods)

    def filled_tables(self) -> list[str]:
        """The statements that fill the kernel, the bias of each orbit, and the orders of points."""
        route, dimension = self.route, self.block.dimension
        tables = []
        if not route.direct:
            codes = self.tables.add("KERNEL", route.kernel.astype(np.int64))
            shifted = f"{codes} - 1" if self.plain else f"({codes} - 1) % {dimension + 1}"
            if self.signed:
                shifted = f"{codes} % {2 * dimension + 1}"
            tables = [filling("kernel", shifted)]
        if self.shared:
            roots = self.tables.add("BIAS_CODES", self.roots)
            shifted = (
                f"{roots} - 1" if self.bias.plain else f"{roots} % {2 * self.bias.dimension + 1}"
            )
            tables.append(filling("bias_index", shifted))
        for name, order in self.orders.items():
            tables.append(filling(name, self.tables.add(name.upper(), order)))
        return tables

    def layer(self) -> str:
        """The class, and that of its taps alone."""
        if self.route.radius is None:
            return super().layer()
        applied = self.applied("self.kernel", "self.bias")
        shape = self.with_channels(axes(self.source), "self.in_channels")
        given = ["self", "kernel: torch.Tensor", "bias: torch.Tensor | None"]
        given += [f"{name}: torch.Tensor" for name in self.orders]
        taps = page.filled(
            convolution_page.TAPS,
            class_name=self.labels.class_name,
            given=bracketed("", given, "", 1, reserve=len("def __init__() -> None:")),
            buffers="".join(
                f'\n{INDENT * 2}self.register_buffer("{name}", {name})' for name in self.orders
            ),
            rows=self.rows,
            columns=self.columns,
            arguments=", ".join(["self", *self.arguments()]),
            doing=self.doing,
            expected=bracketed("expected = [", shape, "]", 2, call=False),
            rank=len(shape),
            applied="\n".join(INDENT * 2 + line for line in applied),
        )
        return f"{super().layer()}\n\n\n{taps}"

    def fused(self) -> str:
        """The method that gives the class of taps alone."""
        if self.route.radius is None:
            return ""
        given = ["kernel", "bias", *(f"self.{name}.clone()" for name in self.orders)]
        shapes = self.affine.shapes("inputs", "in")
        return page.filled(
            convolution_page.FUSED,
            source=shapes["inputs"],
            prepared="\n".join(INDENT * 2 + line for line in self.prepared()),
            made=bracketed(f"return Fused{self.labels.class_name}(", given, ").eval()", 2),
        )

    def forward(self) -> str:
        """Translations on the last axes, orbits and channels before them."""
        lines = [*self.prepared(), *self.applied("kernel", "bias")]
        return "\n".join([
            self.checked("x", self.source.name), *(INDENT * 2 + line for line in lines)
        ])  # fmt: skip

    def prepared(self) -> list[str]:
        """The statements that make the kernel and the bias."""
        bias = "self.bias.index_select(0, self.bias_index)" if self.shared else "self.bias"
        biased = page.filled(convolution_page.BIAS, bias=bias)
        if self.shared and not self.bias.plain:
            biased = page.filled(convolution_page.BIAS_SIGNED)
        return [*self.kernel(), *(line.removeprefix(INDENT * 2) for line in biased.splitlines())]

    def applied(self, kernel: str, bias: str) -> list[str]:
        """The statements that apply a kernel and a bias."""
        route, rank = self.route, len(self.source.shape) + 1
        lines = [f"batch = list(x.shape[:-{rank}])"]
        if self.labels.channels_last:
            lines.append(f"x = x.movedim(-1, -{rank})")
        if "sources" in self.orders:
            lines.append(f"x = x.flatten(-{rank - 1}).index_select(-1, self.sources)")
        periods = ", ".join(map(str, route.periods))
        lines.append(f"x = x.reshape(-1, {self.ins}, {periods})")
        if route.radius is None:
            lines.append(f"y = _correlated({kernel}, x)")
            ones = ", 1" * self.count
            lines += [f"if {bias} is not None:", f"    y = y + {bias}.view(-1{ones})"]
        else:
            lines += [*self.padding(route.radius), self.local(kernel, bias, route.radius)]
        return [*lines, *self.returning()]

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
        if self.strides:
            poses = ["self.out_channels", *axes(self.target)[: -self.count]]
            shape = bracketed("shape = [", poses, "]", 2, call=False)
            return [shape, f"return y.reshape(batch + shape + list(y.shape[-{self.count}:]))"]
        lines = []
        if "targets" in self.orders:
            lines = [
                f"y = y.reshape(-1, self.out_channels, {self.route.targets.size})",
                "y = y.index_select(-1, self.targets)",
            ]
        whole = ["self.out_channels", *axes(self.target)]
        lines.append(bracketed("shape = [", whole, "]", 2, call=False))
        if not self.labels.channels_last:
            return [*lines, "return y.reshape(batch + shape)"]
        return [*lines, f"return y.reshape(batch + shape).movedim(-{len(whole)}, -1)"]

    def padding(self, radius: int) -> list[str]:
        """The statement that repeats the ends of axes that wrap, before taps meet them."""
        if not self.route.wraps:
            return []
        ends = ", ".join([str(radius)] * (2 * self.count))
        return [f'x = torch.nn.functional.pad(x, ({ends}), mode="circular")']

    def local(self, kernel: str, bias: str, radius: int) -> str:
        """PyTorch's own convolution of the taps."""
        given = ["x", kernel, bias, *(["stride"] if self.strides else [])]
        given += [] if self.route.wraps else [f"padding={radius}"]
        return bracketed(f"y = torch.nn.functional.conv{self.count}d(", given, ")", 2)
