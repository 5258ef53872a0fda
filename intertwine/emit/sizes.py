"""The page of a layer that serves every size."""

from __future__ import annotations

from intertwine.emit import helpers, page, sizes_page
from intertwine.emit.names import comment
from intertwine.emit.sizes_tables import SizeTables
from intertwine.emit.steps import Scope
from intertwine.emit.text import (
    INDENT,
    WIDTH,
    bracketed,
    cut,
    sentence,
    wrapped,
)
from intertwine.plan.diagram import Axes
from intertwine.plan.program import Mix
from intertwine.plan.sizes import cells_of


class SizeWriter(SizeTables):
    """Fills the holes of the page from a plan."""

    def page(self, version: str) -> str:
        """The whole text."""
        plan, labels = self.plan, self.plan.labels
        tables, reset, forward = self.filled_tables(), self.reset(), self.forward()
        said = f": {comment(labels.description)}" if comment(labels.description) else "."
        constants = [*self.tables.constants, *self.constants()]
        text = page.filled(
            sizes_page.PAGE,
            title=sentence(f"{plan.class_name}: {plan.title}, equivariant under {plan.group}"),
            description=wrapped(f"Spec `{plan.name}`{said}", "") + "\n",
            version=version,
            name=plan.name,
            digest=labels.digest[:16],
            class_name=plan.class_name,
            group=cut(comment(f"{plan.group}, for every n"), 58),
            facts=self.facts(),
            meanings=self.meanings(),
            layout="channels come last" if labels.channels_last else "channels come first",
            shapes=self.shapes(),
            channels="int | dict[str, int]" if plan.fields else "int",
            bias=labels.bias,
            init=self.init(),
            reset=reset,
            filling=tables,
            arguments=self.arguments(),
            result="tuple[torch.Tensor, ...]" if plan.output_fields else "torch.Tensor",
            doing=self.doing(),
            forward=forward,
            methods=self.methods(),
            diagrams=sum(block.rows for block in plan.blocks),
            helpers="{helpers}",
            constants="\n\n".join(constants),
            layer=bracketed(
                f"layer = {plan.class_name}(", ["2", "3", 'device="cpu"', "dtype=torch.float64"],
                ")", 1,
            ),
            sample="4, *shape, 2" if labels.channels_last else "4, 2, *shape",
            outputs="" if plan.output_fields else "[",
            end="" if plan.output_fields else "]",
        )  # fmt: skip
        return text.replace("{helpers}", self.helpers(text))

    def init(self) -> str:
        """The parameters and buffers."""
        if self.plan.fields:
            return page.filled(sizes_page.INIT_FIELDS)
        (block,) = self.plan.blocks
        order = "" if self.apart else page.filled(sizes_page.ORDER_ONE, rows=block.rows)
        return page.filled(
            sizes_page.INIT_ONE,
            rows=block.rows,
            bias_rows=self.bias_rows(block.target),
            order=order,
        )

    def reset(self) -> str:
        """Initial values."""
        if not self.plan.fields:
            (block,) = self.plan.blocks
            return page.filled(
                sizes_page.RESET_ONE,
                variances=self.variances("VARIANCES", block),
                fill="" if self.apart else f"\n{INDENT * 2}self.fill_tables()",
            )
        lines = [
            f"{INDENT * 3}{self.variances(f'VARIANCES_{self.upper(block)}', block)},"
            for block in self.plan.blocks
        ]
        return page.filled(sizes_page.RESET_FIELDS, variances="\n".join(lines))

    def arguments(self) -> str:
        """The arguments of forward."""
        size = "torch.Tensor" if self.single else "dict[str, torch.Tensor]"
        given = self.plan.inputs if self.plan.fields else ["x"]
        parts = ["self", *(f"{name}: torch.Tensor" for name in given)]
        if not self.plan.expand and self.plan.sizes:
            parts.append(f"mask: {size} | None = None")
        result = "tuple[torch.Tensor, ...]" if self.plan.output_fields else "torch.Tensor"
        return bracketed("", parts, "", 1, reserve=len(f"def forward() -> {result}:"))

    def doing(self) -> str:
        """The docstring of forward."""
        if self.plan.expand or not self.plan.sizes:
            return "Apply the map, at any size, by its full matrix."
        if self.single:
            return "Apply the map, at any size; `mask` (batch..., n) is false at padding."
        return "Apply the map, at any size; `mask` of a factor (batch..., n) is false at padding."

    def sizes(self) -> str:
        """The dictionary of sizes in forward, by name."""
        items = [f'"{self.keys[f]}": {self.vars[f]}' for f in self.plan.sizes]
        return bracketed("{", items, "}", 2, call=False, reserve=25)

    def default_sizes(self) -> str:
        """The dictionary of sizes in a method that takes `n`."""
        return 'SIZES if n is None else {"n": n}' if self.single else "_sized(n)"

    def methods(self) -> str:
        """The dense twin and its inverse."""
        size = "int" if self.single else "dict[str, int]"
        given = ["self", "matrix: torch.Tensor", f"n: {size} | None = None"]
        signature = bracketed("def from_dense(", given, f') -> "{self.plan.class_name}":', 1)
        if self.plan.fields:
            return page.filled(
                sizes_page.METHODS_FIELDS,
                size=size,
                sizes=self.default_sizes(),
                from_dense=signature,
            )
        (block,) = self.plan.blocks
        return page.filled(
            sizes_page.METHODS_ONE,
            size=size,
            sizes=self.default_sizes(),
            target=block.target,
            source=block.source,
            from_dense=signature,
        )

    def forward(self) -> str:
        """The checks of shape, the program, and the outputs."""
        plan, last = self.plan, self.plan.labels.channels_last
        masked = not plan.expand and bool(plan.sizes)
        lines = self.reads()
        for name, axes in plan.inputs.items():
            x, channels = self.source[name], self.channels("in", name)
            shape = self.with_channels(axes, channels, self.vars)
            closing = ")" if axes.sizes else ",)"
            lines.append(bracketed("expected = (", shape, closing, 2, call=False))
            check = page.filled(
                sizes_page.CHECK,
                name=x,
                places=f"-{len(axes.sizes) + 1}:",
                said=f"{name}: " if plan.fields else "",
            )
            lines.append(check.strip())
            if last and axes.sizes:
                lines.append(f"{x} = {x}.movedim(-1, {-len(axes.sizes) - 1})")
            if masked:
                lines += self.masking(x, axes)
        lines += self.expanded() if plan.expand else self.program()
        results = []
        for name, axes in plan.outputs.items():
            y = self.result(name)
            if masked:
                lines += self.masking(y, axes)
            if last and axes.sizes:
                lines.append(f"{y} = {y}.movedim({-len(axes.sizes) - 1}, -1)")
            results.append(y)
        listed = ", ".join(results)
        alone = plan.output_fields and len(results) == 1
        lines.append(f"return ({listed},)" if alone else f"return {listed}")
        return "\n".join(INDENT * 2 + line for line in lines)

    def result(self, name: str) -> str:
        """The variable of an output."""
        if self.plan.expand:
            return self.target[name]
        return dict(self.plan.program.results)[self.target[name]]

    def reads(self) -> list[str]:
        """Where each size is read."""
        lines = [f"{self.source[n]} = {n}" for n in self.plan.inputs if self.numbered]
        if not self.single and not self.plan.expand:
            lines.append("masks = _masks(mask)")
        for factor in self.plan.sizes:
            name, axes = next((n, a) for n, a in self.plan.inputs.items() if factor in a.factors)
            place = axes.factors.index(factor) - len(axes.factors)
            place -= self.plan.labels.channels_last
            said = f', "{name}: "' if self.plan.fields and not self.numbered else ""
            rank = len(axes.factors) + 1
            read = f"_size({self.source[name]}, {place}, {rank}{said})"
            lines.append(f"{self.vars[factor]} = {read}")
            if not self.plan.expand:
                mask = self.masks[factor]
                if not self.single:
                    lines.append(f'mask = masks["{self.keys[factor]}"]')
                batch = f"{self.source[name]}.ndim - {len(axes.factors) + 1}"
                lines.append(f"{mask} = _fitted(mask, {self.vars[factor]}, {batch})")
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
        scope = Scope(
            self.vars,
            self.counts,
            channels | {results[v]: text for v, text in channels.items()},
            {v: plan.outputs[name].copies for v, name in targets.items()},
            self.matrices(),
            plan.mean,
        )
        order, bias = ["weight = self.weight.index_select(0, self.order)"], "self.bias.flatten()"
        if self.apart:
            order = ["weight = self.weight.unbind()"]
        if plan.fields:
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

    def matrices(self) -> dict[tuple[str, ...], list[str]]:
        """For each mix, the lines that make its matrix of weights; the last is an expression."""
        starts = {(b.target, b.source): 0 for b in self.plan.blocks}
        found = {}
        for mix in self.plan.program.mixes:
            lines, rows = [], []
            for name, t in self.target.items():
                row = [
                    self.slice(mix, (name, source), (t, s), starts)
                    for source, s in self.source.items()
                    if t in mix.targets and s in mix.sources
                ]
                if len(row) == 1:
                    rows.append(row[0])
                elif row:
                    lines.append(bracketed("blocks = [", row, "]", 2, call=False))
                    lines.append(f"row_{t} = torch.cat(blocks, 1)")
                    rows.append(f"row_{t}")
            if len(rows) > 1:
                lines.append(bracketed("rows = [", rows, "]", 2, call=False))
            found[mix.outs] = [*lines, rows[0] if len(rows) == 1 else "torch.cat(rows)"]
        return found

    def slice(
        self,
        mix: Mix,
        key: tuple[str, str],
        names: tuple[str, str],
        starts: dict[tuple[str, str], int],
    ) -> str:
        """The matrix of one pair of fields in a mix."""
        block = next(b for b in self.plan.blocks if (b.target, b.source) == key)
        cells = cells_of(mix, *names)
        size = sum(map(len, cells)) * block.copies[0] * block.copies[1]
        start = starts[key]
        starts[key] += size
        weight = f'weight["{key[0]}__{key[1]}"]' if self.plan.fields else "weight"
        if self.numbered:
            weight = f"weight[{self.plan.blocks.index(block)}]"
        if self.apart:
            return f"weight[{cells[0][0]}]"
        if size == 1:
            return f"{weight}[{start}]"
        return f"_blocks({weight}[{start}:{start + size}], {len(cells) * block.copies[0]})"

    def unpacked(self) -> str:
        """The variables of all outputs, as the target of an assignment."""
        names = list(self.target.values())
        if len(names) == 1:
            return f"({names[0]},)"
        flat = ", ".join(names)
        return flat if len(flat) < WIDTH - 20 else bracketed("(", names, ")", 2, call=False)

    def expanded(self) -> list[str]:
        """The lines that apply the full matrix."""
        plan = self.plan
        if plan.fields:
            text = page.filled(
                sizes_page.EXPAND_FIELDS,
                given=bracketed("[", list(self.source.values()), "]", 2, call=False, reserve=8),
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

    def helpers(self, text: str) -> str:
        """The helpers that the page calls, directly or through others."""
        last = self.plan.labels.channels_last
        spread = sizes_page.SPREAD_OVER_MEAN if self.plan.mean else sizes_page.SPREAD_OVER_SUM
        skipped = {sizes_page.SPREAD_OVER_MEAN, sizes_page.SPREAD_OVER_SUM} - {spread}
        every = [
            *(
                h
                for h in (
                    helpers.NUMBERS,
                    helpers.PACKED,
                    helpers.MIX,
                    helpers.MIX_ONTO,
                    *sizes_page.ORDER,
                )
                if h not in skipped
            ),
            sizes_page.PERMUTED_LAST if last else sizes_page.PERMUTED_FIRST,
            helpers.BY_FIELD,
        ]
        used: list[str] = []
        while True:
            called = text + "".join(used)
            more = [h for h in every if h not in used and f"{_defined(h)}(" in called]
            if not more:
                return "\n\n\n".join(h for h in every if h in used)
            used += more


def _defined(helper: str) -> str:
    return helper.split("(", 1)[0].removeprefix("def ")
