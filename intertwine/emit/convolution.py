"""The page of a layer that is a convolution over freely acting translations."""

from __future__ import annotations

from math import prod

import numpy as np

from intertwine.emit import convolution_page, helpers, page
from intertwine.emit.text import INDENT, bracketed, wrapped
from intertwine.emit.writer import Writer, axes, filling
from intertwine.plan.convolution import Convolution
from intertwine.plan.nodes import Plan


class ConvolutionWriter(Writer):
    """Fills the holes for one input and one output, a number of orbits of translations each."""

    def __init__(self, plan: Plan, route: Convolution) -> None:
        super().__init__(plan)
        self.route = route
        self.helpers.add(helpers.UNROLLED)
        self.rows, self.columns = route.orbits
        self.taps = ", ".join(map(str, route.kernel.shape[2:]))
        self.periods = ", ".join(map(str, route.periods))
        self.gathers = not _in_order(route.sources)
        self.scatters = not _in_order(route.targets)

    def facts(self) -> str:
        """What was solved, how it is computed, and what stays exact of the symmetry."""
        route = self.route
        lines = [f"Computed as a {route}, by {'FFT' if route.radius is None else 'taps'}."]
        if not route.wraps:
            lines.append(
                "Boundary: zeros beyond the ends. Motions that keep the ends stay exact; "
                f"translations are exact at points further than {route.radius} from an end."
            )
        return "\n".join([super().facts(), *(wrapped(line, INDENT, INDENT) for line in lines)])

    def init(self) -> str:
        """The parameters and buffers."""
        block, bias = self.plan.blocks[0], self.plan.biases[0]
        parts = [
            page.filled(
                convolution_page.INIT,
                dimension=block.dimension,
                bias_dimension=bias.dimension,
                entries=self.route.kernel.size,
                rows=self.rows,
            )
        ]
        for name, used, places in self.orders():
            if used:
                parts.append(page.filled(convolution_page.PLACES, name=name, points=places.size))
        return "\n".join(parts)

    def orders(self) -> list[tuple[str, bool, np.ndarray]]:
        """The buffers that put points in the order of orbits and shifts, and back."""
        back = np.argsort(self.route.targets.ravel())
        return [
            ("sources", self.gathers, self.route.sources.ravel()),
            ("targets", self.scatters, back),
        ]

    def filled_tables(self) -> str:
        """The kernel, the bias of each orbit, and the orders of points."""
        block, bias = self.plan.blocks[0], self.plan.biases[0]
        shift = " - 1" if self.plain() else f" % {block.dimension + 1}"
        kernel = self.tables.add("KERNEL", self.route.kernel.astype(np.int64))
        if not self.plain():
            kernel = f"({kernel} - 1)"
        roots = bias.codes[self.route.targets.reshape(self.rows, -1)[:, 0]]
        lines = [
            filling("kernel", kernel + shift),
            filling("bias_index", self.tables.add("BIAS_CODES", roots) + " - 1"),
        ]
        for name, used, places in self.orders():
            if used:
                lines.append(filling(name, self.tables.add(name.upper(), places)))
        return "\n".join(lines)

    def plain(self) -> bool:
        """Whether every tap has a weight."""
        return bool((self.route.kernel > 0).all())

    def methods(self) -> str:
        """The expansion."""
        route, source, target = self.route, self.plan.inputs[0], self.plan.outputs[0]
        places = []
        if self.scatters:
            places.append("index = index.index_select(0, self.targets)")
        if self.gathers:
            places.append("index = index.index_select(1, self.sources.argsort())")
        reach = "" if route.radius is None else f", {route.radius}, {route.wraps}"
        shape = ["self.out_channels", *axes(target), "self.in_channels", *axes(source)]
        text = page.filled(
            convolution_page.METHODS,
            rows=self.rows,
            columns=self.columns,
            taps=self.taps,
            periods=_tuple(route.periods),
            dimension=self.plan.blocks[0].dimension,
            reach=reach,
            places="\n".join(INDENT * 2 + line for line in places) or "%",
            shape=bracketed("shape = (", shape, ")", 2, call=False),
        )
        return text.replace("%\n", "")

    def forward(self) -> str:
        """Translations on the last axes, orbits and channels before them."""
        route, source, target = self.route, self.plan.inputs[0], self.plan.outputs[0]
        last, axes_count = self.plan.channels_last, len(route.periods)
        rank, lines = len(source.shape) + 1, []
        if last:
            lines.append(f"x = x.movedim(-1, -{rank})")
        if self.gathers:
            lines.append(f"x = x.flatten(-{rank - 1}).index_select(-1, self.sources)")
        count = axes_count + 2
        if route.radius is not None:
            order = [count, 0, count + 1, 1, *range(2, count)]
            body = self.direct()
        else:
            order = [*range(2, count), count, 0, count + 1, 1]
            body = self.spectral()
        tail = ["self.out_channels", *axes(target)]
        points = ["self.out_channels", str(target.points)]
        done = []
        if self.scatters:
            done.append(
                f"y = y.reshape(*batch, {', '.join(points)}).index_select(-1, self.targets)"
            )
        result = bracketed("y = y.reshape(", ["*batch", *tail], ")", 2)
        done += [result, f"return y.movedim(-{len(target.shape) + 1}, -1)"] if last else [
            result.replace("y = ", "return ", 1)
        ]  # fmt: skip
        view = ["self.out_channels", "self.in_channels"]
        kernel = bracketed(
            "kernel = kernel.view(", [str(self.rows), str(self.columns), self.taps, *view], ")", 2
        )
        return page.filled(
            convolution_page.FORWARD,
            expected=bracketed(
                "expected = (", self.with_channels(source, "self.in_channels"), ")", 2, call=False
            ),
            rank=rank,
            empty=", ".join(["*batch", *self.with_channels(target, "self.out_channels")]),
            table=convolution_page.TABLE_PLAIN if self.plain() else convolution_page.TABLE_ZEROS,
            kernel=kernel,
            order=", ".join(map(str, order)),
            convolved="\n".join([*(INDENT * 2 + line for line in lines), body]),
            result=f"\n{INDENT * 2}".join(done),
        )

    def direct(self) -> str:
        """PyTorch's own convolution of the taps."""
        route = self.route
        ends = ", ".join([str(route.radius)] * (2 * len(route.periods)))
        pad = f'        x = torch.nn.functional.pad(x, ({ends}), mode="circular")\n'
        text = page.filled(
            convolution_page.DIRECT,
            rows=self.rows,
            columns=self.columns,
            taps=self.taps,
            periods=self.periods,
            pad="%",
            axes=len(route.periods),
            x="x",
            padding="" if route.wraps else f", padding={route.radius}",
        )
        return text.replace("%\n", pad if route.wraps else "")

    def spectral(self) -> str:
        """A product a frequency."""
        count = len(self.route.periods)
        return page.filled(
            convolution_page.SPECTRAL,
            rows=self.rows,
            columns=self.columns,
            periods=self.periods,
            first=_tuple(tuple(range(count))),
            last=count - 1,
            dims=_tuple(tuple(range(-count, 0))),
            start=-count,
            sizes=_tuple(self.route.periods),
            ones=f".view(-1{', 1' * count})",
        )


def _in_order(places: np.ndarray) -> bool:
    return prod(places.shape) == 0 or bool((places.ravel() == np.arange(places.size)).all())


def _tuple(numbers: tuple[int, ...]) -> str:
    return f"({', '.join(map(str, numbers))}{',' if len(numbers) == 1 else ''})"
