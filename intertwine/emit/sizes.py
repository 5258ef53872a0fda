"""The page of a layer that serves every size."""

from __future__ import annotations

from intertwine.emit import page, sizes_page
from intertwine.emit.affine import Affine, fused_class
from intertwine.emit.sizes_tables import SizeTables
from intertwine.emit.sizes_words import sizes_of
from intertwine.emit.steps import Scope, kept_flat
from intertwine.emit.text import INDENT, enclosed
from intertwine.plan.diagram import Axes
from intertwine.plan.steps.channels import Mix
from intertwine.plan.strategy.diagrams import cells_of

# A program of fewer steps is as fast as any product; a step takes as long as these multiply-adds.
_FEW_STEPS = 6
_STEP = 3 << 18
_LONGEST_NAMES = 60


class SizeWriter(SizeTables):
    """Fills the holes of the page from a plan."""

    @property
    def doing(self) -> str:
        """The docstring of forward."""
        if self.plan.expand:
            return "Apply the map, at any size, by its full matrix, which takes no `mask`."
        if self.single:
            return "Apply the map, at any size; `mask` (batch..., n) is false at padding."
        return "Apply the map, at any size; `mask` of a factor (batch..., n) is false at padding."

    def init(self) -> list[str]:
        """The parameters and buffers."""
        if self.labels.fields:
            return [page.filled(page.PARAMETERS_OF_FIELDS, rows="ROWS", bias_rows="BIAS_ROWS")]
        (block,) = self.plan.blocks
        bias_rows = self.bias_rows(block.target)
        return [page.filled(page.PARAMETERS, rows=block.rows, bias_rows=bias_rows)]

    def reset(self) -> str:
        """Initial values."""
        if self.labels.fields:
            lines = [
                f"{INDENT * 3}{self.variances(f'VARIANCES_{self.upper(block)}', block)},"
                for block in self.plan.blocks
            ]
            return page.filled(page.RESET_FIELDS, variances="\n".join(lines))
        (block,) = self.plan.blocks
        variance = block.variances[0]
        if len(set(block.variances)) == 1:
            said = f"{variance.numerator} / {variance.denominator}"
            return page.filled(page.RESET_ALIKE, variance=said)
        return page.filled(page.RESET, variance=self.variances("VARIANCES", block))

    def counted(self) -> str:
        """The number of diagrams."""
        return f"diagrams={sum(block.rows for block in self.plan.blocks)}"

    def arguments(self) -> list[str]:
        """The inputs, and a mask for each factor."""
        given = self.plan.inputs if self.labels.fields else ["x"]
        parts = [f"{name}: torch.Tensor" for name in given]
        return [*parts, f"mask: {self.mask} | None = None"]

    def sizes(self) -> str:
        """The dictionary of sizes in forward, by name."""
        items = [f'"{self.keys[f]}": {self.vars[f]}' for f in self.plan.sizes]
        return enclosed("{", items, "}")

    @property
    def affine(self) -> Affine:
        """What writes the layer as a matrix, of given sizes."""
        plan, size = self.plan, "int" if self.single else "dict[str, int]"
        return Affine(
            self.labels, list(plan.inputs), list(plan.outputs), size, sizes_of(self.single)
        )

    def layer(self) -> str:
        """The class, and that of its full matrix where fields are named."""
        labels, plan = self.labels, self.plan
        if not labels.fields:
            return super().layer()
        sides = f"Fused{labels.class_name}", list(plan.inputs), len(plan.outputs)
        return f"{super().layer()}\n\n\n{fused_class(*sides, labels.output_fields, self.mask)}"

    def methods(self) -> list[str]:
        """The index tables, the full matrix, its inverse, and what is deployed."""
        affine = self.affine
        if self.labels.fields:
            dense = affine.dense_fields()
        else:
            dense = affine.dense_weight()
        steps = len(self.plan.program.steps)
        fused = affine.fused(most=None if self.plan.expand else steps * _STEP)
        if not self.plan.expand and steps < _FEW_STEPS:
            fused = affine.copied()
        self.write_orders()
        return [dense, fused]

    def forward(self) -> str:
        """The checks of shape, the program, and the outputs."""
        plan, last = self.plan, self.labels.channels_last
        lines = self.reads()
        for name, axes in plan.inputs.items():
            channels = self.channels("in", name)
            words = self.with_channels(self.words(axes, self.vars), channels)
            field = f"{name}: " if self.labels.fields else ""
            names = ", ".join(self.words(axes, self.keys)) if set(axes.factors) - {None} else ""
            if len(names) > _LONGEST_NAMES:
                names = ", ".join(self.words(axes, self.vars))
            said = [f'"{field}"', f'"{names}"'] if names else [f'"{field}"'] if field else []
            given = [self.source[name], f"[{', '.join(words)}]", self.held(), *said]
            lines.append(enclosed("_check(", given, ")"))
        lines += [] if plan.expand else self.masks_read()
        for name, axes in plan.inputs.items():
            x = self.source[name]
            if last and axes.sizes:
                lines.append(f"{x} = {x}.movedim(-1, {-len(axes.sizes) - 1})")
            if not plan.expand:
                lines += self.masking(x, axes)
        lines += self.expanded() if plan.expand else self.program()
        results = []
        for name, axes in plan.outputs.items():
            y = self.result(name)
            if not plan.expand:
                lines += self.masking(y, axes)
            if last and axes.sizes:
                lines.append(f"{y} = {y}.movedim({-len(axes.sizes) - 1}, -1)")
            results.append(y)
        listed = ", ".join(results)
        alone = self.labels.output_fields and len(results) == 1
        lines.append(f"return ({listed},)" if alone else f"return {listed}")
        return "\n".join(INDENT * 2 + line for line in lines)

    def held(self) -> str:
        """What is on meta where the layer is."""
        block = self.plan.blocks[0]
        key = f"{block.target}__{block.source}"
        if self.apart or self.plan.expand:
            return f'self.weight["{key}"]' if self.labels.fields else "self.weight"
        return f"self.order_{key}" if self.labels.fields else "self.order"

    def result(self, name: str) -> str:
        """The variable of an output."""
        if self.plan.expand:
            return self.target[name]
        return dict(self.plan.program.results)[self.target[name]]

    def place(self, factor: str) -> tuple[str, Axes, int]:
        """An input that has a factor, its axes, and where the factor is among those of x."""
        name, axes = next((n, a) for n, a in self.plan.inputs.items() if factor in a.factors)
        place = axes.factors.index(factor) - len(axes.factors)
        return name, axes, place - self.labels.channels_last

    def reads(self) -> list[str]:
        """Where each size is read."""
        lines = sizes_page.UNMASKED.splitlines() if self.plan.expand else []
        lines += [f"{self.source[n]} = {n}" for n in self.plan.inputs if self.numbered]
        for factor in self.plan.sizes:
            name, _, place = self.place(factor)
            lines.append(f"{self.vars[factor]} = _size({self.source[name]}, {place})")
        return lines

    def masks_read(self) -> list[str]:
        """Where each mask is read, and how many points it leaves."""
        lines = [] if self.single else ["masks = _masks(mask, SIZES)"]
        for factor in self.plan.sizes:
            name, axes, _ = self.place(factor)
            mask, given = self.masks[factor], f'masks["{self.keys[factor]}"]'
            batch = f"{self.source[name]}.ndim - {len(axes.factors) + 1}"
            fitted = ["mask" if self.single else given, self.vars[factor], batch]
            lines.append(enclosed(f"{mask} = _fitted(", fitted, ")"))
            if self.plan.mean:
                lines.append(f"{self.counts[factor]} = _count({mask}, {self.vars[factor]})")
        return lines

    def masking(self, value: str, axes: Axes) -> list[str]:
        """Zeros at padding, for each factor."""
        lines = []
        for factor in dict.fromkeys(axes.names):
            places = [a - len(axes.factors) for a, f in enumerate(axes.factors) if f == factor]
            lines.append(
                f"{value} = _masked({value}, {self.masks[factor]}, {', '.join(map(str, places))})"
            )
        return lines

    def program(self) -> list[str]:
        """The program's lines."""
        plan = self.plan
        targets = {value: name for name, value in self.target.items()}
        results = dict(plan.program.results)
        channels = {v: self.channels("out", name) for v, name in targets.items()}
        widths = []
        if self.numbered:
            widths = [f"c_{v} = {text}" for v, text in channels.items()]
            channels = {v: f"c_{v}" for v in channels}
        matrices, parts = self.matrices()
        scope = Scope(
            self.vars,
            self.counts,
            channels | {results[v]: text for v, text in channels.items()},
            {v: plan.outputs[name].copies for v, name in targets.items()},
            matrices,
            kept_flat(plan.program),
        )
        order = ["weight = self.weight.unbind()"]
        bias = "self.bias.flatten()"
        if not self.apart:
            made = "weight = self.weight.index_select(0, self.order).split("
            order = [enclosed(made, [f"[{', '.join(map(str, parts))}]"], ")")]
        if self.labels.fields:
            made = 'value.index_select(0, getattr(self, f"order_{key}"))'
            order = [
                "weight = {}",
                "for key, value in self.weight.items():",
                f"    weight[key] = {made}",
                *(["weight = list(weight.values())"] if self.numbered else []),
            ]
            bias = "torch.cat([b.flatten() for b in self.bias.values()])"
        lines = [*widths, *order, f"bias = None if self.bias is None else {bias}"]
        return lines + [scope.line(step) for step in plan.program.steps]

    def matrices(self) -> tuple[dict[tuple[str, ...], list[str]], list[int]]:
        """For each mix, the lines that make its matrix of weights; the last is an expression.

        Second, how many weights each takes, where they are those of a single block.
        """
        taken: dict[tuple[str, str], list[int]] = {
            (b.target, b.source): [] for b in self.plan.blocks
        }
        found = {}
        for mix in self.plan.program.mixes:
            lines, rows = [], []
            for name, t in self.target.items():
                row = [
                    self.slice(mix, (name, source), (t, s), taken[name, source])
                    for source, s in self.source.items()
                    if t in mix.targets and s in mix.sources
                ]
                if len(row) == 1:
                    rows.append(row[0])
                elif row:
                    lines.append(enclosed("blocks = [", row, "]"))
                    lines.append(f"row_{t} = torch.cat(blocks, 1)")
                    rows.append(f"row_{t}")
            if len(rows) > 1:
                lines.append(enclosed("rows = [", rows, "]"))
            found[mix.outs] = [*lines, rows[0] if len(rows) == 1 else "torch.cat(rows)"]
        return found, next(iter(taken.values()))

    def slice(
        self, mix: Mix, key: tuple[str, str], names: tuple[str, str], taken: list[int]
    ) -> str:
        """The matrix of one pair of fields in a mix; `taken` are the sizes of those before."""
        block = next(b for b in self.plan.blocks if (b.target, b.source) == key)
        cells = cells_of(mix, *names)
        size = sum(map(len, cells)) * block.copies[0] * block.copies[1]
        start, number = sum(taken), len(taken)
        taken.append(size)
        rows = len(cells) * block.copies[0]
        if self.apart:
            return f"weight[{cells[0][0]}]"
        if not self.labels.fields:
            return f"weight[{number}][0]" if size == 1 else f"_blocks(weight[{number}], {rows})"
        weight = f'weight["{key[0]}__{key[1]}"]'
        if self.numbered:
            weight = f"weight[{self.plan.blocks.index(block)}]"
        if size == 1:
            return f"{weight}[{start}]"
        return f"_blocks({weight}[{start}:{start + size}], {rows})"

    def unpacked(self) -> str:
        """The variables of all outputs, as the target of an assignment."""
        names = list(self.target.values())
        return f"({names[0]},)" if len(names) == 1 else ", ".join(names)

    def expanded(self) -> list[str]:
        """The lines that apply the full matrix."""
        plan = self.plan
        if self.labels.fields:
            text = page.filled(
                sizes_page.EXPAND_FIELDS,
                given=enclosed("[", list(self.source.values()), "]"),
                named=self.sizes(),
                made=self.unpacked(),
            )
        else:
            ((name, source),) = plan.inputs.items()
            ((goal, target),) = plan.outputs.items()
            shape = [self.channels("out", goal), *(
                str(size) if factor is None else self.vars[factor]
                for factor, size in zip(target.factors, target.sizes, strict=True)
            )]  # fmt: skip
            text = page.filled(
                sizes_page.EXPAND_ONE,
                named=self.sizes(),
                source=name,
                outer=len(target.sizes) + 1,
                inner=len(target.sizes),
                target=goal,
                start=-len(source.sizes) - 1,
                shape=", ".join(shape) + ("," if len(shape) == 1 else ""),
            )
        return [line[len(INDENT * 2) :] for line in text.splitlines()]
