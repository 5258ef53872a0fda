"""The page of a layer that serves every size."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import lcm

import numpy as np

from intertwine.emit import helpers, page, sizes_page
from intertwine.emit.names import comment
from intertwine.emit.steps import Scope
from intertwine.emit.tables import Tables
from intertwine.emit.text import (
    INDENT,
    LISTED,
    WIDTH,
    bracketed,
    cut,
    dictionary,
    itemized,
    listed,
    sentence,
    wrapped,
)
from intertwine.emit.writer import filling
from intertwine.plan.diagram import Axes, spelled
from intertwine.plan.program import Mix
from intertwine.plan.sizes import DiagramBlock, SizePlan, cells_of

_ONLY = ""
_LONGEST_FACTOR = 12


class SizeWriter:
    """Fills the holes of the page from a plan."""

    def __init__(self, plan: SizePlan) -> None:
        self.plan = plan
        self.tables = Tables()
        self.texts: list[str] = []
        self.single = set(plan.sizes) == {_ONLY}
        self.keys = {factor: "n" if factor == _ONLY else factor for factor in plan.sizes}
        short = max(map(len, plan.sizes)) <= _LONGEST_FACTOR
        named = {f: f"_{f}" if short else f"_{k}" for k, f in enumerate(plan.sizes)}
        named |= {_ONLY: ""}
        self.vars = {f: f"n{named[f]}" for f in plan.sizes}
        self.counts = {f: f"count{named[f]}" for f in plan.sizes}
        self.masks = {f: f"mask{named[f]}" for f in plan.sizes}
        self.source, self.target = plan.names
        self.apart = not plan.fields and all(
            len(mix.outs) == len(mix.givens) == 1 and plan.blocks[0].copies == (1, 1)
            for mix in plan.program.mixes
        )
        self.numbered = plan.fields and any(n != v for n, v in self.source.items())

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

    # ------------------------------------------------------------------------------ docstring

    def facts(self) -> str:
        """What was solved and how it was proved."""
        plan, labels = self.plan, self.plan.labels
        sizes = ", ".join(f"{self.keys[f]} = {n}" for f, n in plan.sizes.items())
        pools = "means: one set of weights serves every size" if plan.mean else "sums"
        lines = [
            f"Group: {plan.group} at {sizes}, of order {labels.order}.",
            f"Action: {plan.title}.",
            f"Dimension: {plan.dimension}, bias {plan.bias_dimension}, at {sizes}.",
            f"Proof: {labels.certificate}.",
            f"Any size: y = sum over diagrams d of weight[d] A_d x; pools are {pools}.",
            *self.coincidences(),
        ]
        return "\n".join(wrapped(comment(line), INDENT, INDENT) for line in lines)

    def coincidences(self) -> list[str]:
        """What is said of sizes at which diagrams depend on one another."""
        most: dict[str, int] = {}
        for target in self.plan.outputs.values():
            for source in self.plan.inputs.values():
                names = target.names + source.names
                for factor in set(names):
                    most[factor] = max(most.get(factor, 0), names.count(factor))
        bounds = ", ".join(f"{self.keys[f]} < {m}" for f, m in sorted(most.items()) if m > 1)
        if not bounds:
            return []
        return [f"Where {bounds}, diagrams of more than that many blocks depend on the others."]

    def meanings(self) -> str:
        """A line a diagram, in letters."""
        plan = self.plan
        legend = (
            "output axes, then input axes; equal letters are tied, letters of the input alone are "
            "averaged" if plan.mean else
            "output axes, then input axes; equal letters are tied, letters of the input alone are "
            "summed"
        )  # fmt: skip
        if not plan.fields:
            (block,), (target,) = plan.blocks, plan.outputs.values()
            names = [spelled(s, len(target.names)) or "1" for s in block.strings]
            head = f"`weight[k]` multiplies diagram k ({legend}):"
            bias = [spelled(s, len(target.names)) or "1" for s in plan.invariants(block.target)]
            copies = block.copies[0] * block.copies[1]
            note = [] if copies == 1 else [
                wrapped(f"Each has {copies} rows, one a pair of fixed indices of output and input.",
                        INDENT)
            ]  # fmt: skip
            return "\n".join([
                wrapped(head, INDENT, INDENT),
                listed(names, len(names)).replace(", by first entries in row-major order", ""),
                *note,
                "",
                wrapped(f"`bias[k]` is added where output axes are tied: {', '.join(bias)}.",
                        INDENT, INDENT),
            ])  # fmt: skip
        lines = [wrapped(f'`weight["output__input"][k]` multiplies diagram k ({legend}):', INDENT)]
        for block in plan.blocks:
            outputs = len(plan.outputs[block.target].names)
            names = [f"[{k}] {spelled(s, outputs) or '1'}" for k, s in enumerate(block.strings)]
            more = ["..."] if len(names) > LISTED else []
            copies = block.copies[0] * block.copies[1]
            times = "" if copies == 1 else f" times {copies} pairs of fixed indices"
            key = f"{block.target}__{block.source}, {len(names)}{times}:"
            lines.append(itemized(key, names[:LISTED] + more))
        return "\n".join(lines)

    def shapes(self) -> str:
        """The shapes of every field."""
        lines = []
        for word, side in (("in", self.plan.inputs), ("out", self.plan.outputs)):
            for name, axes in side.items():
                given = f"{word}put  " if word == "out" else f"{word}put   "
                label = f"{given}{name} " if self.plan.fields else given
                lines.append(f"{label}({', '.join(self.with_channels(axes, f'{word}_channels'))})")
        return "\n".join(wrapped(line, INDENT * 2, INDENT * 2) for line in lines)

    def with_channels(
        self, axes: Axes, channels: str, sizes: dict[str, str] | None = None
    ) -> list[str]:
        """The shape of a field with its channels, as words."""
        words = [
            str(size) if factor is None else (sizes or self.keys)[factor]
            for factor, size in zip(axes.factors, axes.sizes, strict=True)
        ]
        return [*words, channels] if self.plan.labels.channels_last else [channels, *words]

    # -------------------------------------------------------------------------------- methods

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

    def bias_rows(self, target: str) -> int:
        """How many coefficients a bias has a channel."""
        return len(self.plan.invariants(target)) * self.plan.outputs[target].copies

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

    def variances(self, name: str, block: DiagramBlock) -> str:
        """The expression of the variances of a block's first weights."""
        copies = block.copies[0] * block.copies[1]
        every = [v for v in block.variances for _ in range(copies)]
        whole = lcm(*(v.denominator for v in every))
        if len(set(every)) == 1:
            value = Fraction(every[0])
            quotient = f"{value.numerator} / {value.denominator}"
            return f'torch.full(({len(every)},), {quotient}, device="cpu")'
        table = np.array([int(v * whole) for v in every], dtype=np.int64)
        return f"{self.tables.add(name, table)} / {whole}"

    def upper(self, block: DiagramBlock) -> str:
        """What constants of a block are called."""
        key = f"{block.target}_{block.source}".upper()
        row = list(self.plan.outputs).index(block.target)
        column = list(self.plan.inputs).index(block.source)
        return key if len(key) <= 40 else f"{row}_{column}"

    def filled_tables(self) -> str:
        """The order of the weights by levels, where they are not taken one by one."""
        if self.apart:
            return ""
        lines = []
        for block in self.plan.blocks:
            table = np.array(block.order, dtype=np.int64)
            if self.plan.fields:
                name, buffer = f"ORDER_{self.upper(block)}", f"order_{block.target}__{block.source}"
            else:
                name, buffer = "ORDER", "order"
            lines.append(filling(buffer, self.tables.add(name, table)))
        return page.filled(sizes_page.FILLING, tables="\n".join(lines)) + "\n\n"

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

    def channels(self, side: str, name: str) -> str:
        """The expression of a field's channels."""
        return f'self.{side}_channels["{name}"]' if self.plan.fields else f"self.{side}_channels"

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

    # ------------------------------------------------------------------------------ constants

    def constants(self) -> list[str]:
        """Sizes, axes and diagrams."""
        plan = self.plan
        sizes = dictionary(
            "SIZES", [f'{INDENT}"{self.keys[f]}": {n},' for f, n in plan.sizes.items()]
        )
        found = [sizes, self.axes("INPUTS", plan.inputs), self.axes("OUTPUTS", plan.outputs)]
        if plan.fields:
            rows = [self.keyed(b, str(b.rows)) for b in plan.blocks]
            heights = [f'{INDENT}"{t}": {self.bias_rows(t)},' for t in plan.outputs]
            found += [dictionary("ROWS", rows), dictionary("BIAS_ROWS", heights)]
        found.append(self.diagram_constant())
        if plan.expand:
            found.append(self.bias_constant())
        return self.texts + found

    def diagram_constant(self) -> str:
        """All diagrams, of each pair of fields."""
        blocks = self.plan.blocks
        if not self.plan.fields:
            return f"DIAGRAMS = {self.spelled_list('TEXT', blocks[0].strings, blocks[0].target, 0)}"
        lines = [
            self.keyed(b, self.spelled_list(f"TEXT_{self.upper(b)}", b.strings, b.target, 1))
            for b in blocks
        ]
        return dictionary("DIAGRAMS", lines)

    def keyed(self, block: DiagramBlock, value: str) -> str:
        """An item of a dictionary by pairs of fields."""
        pair = [f'"{block.target}"', f'"{block.source}"']
        if not self.numbered:
            return f"{INDENT}({', '.join(pair)}): {value},"
        return INDENT + bracketed("(", pair, f"): {value},", 1, call=False)

    def bias_constant(self) -> str:
        """All diagrams of each output's bias."""
        plan = self.plan
        listed = {
            t: self.spelled_list(f"BIAS_TEXT_{t.upper()}", plan.invariants(t), t, int(plan.fields))
            for t in plan.outputs
        }
        if not plan.fields:
            return f"BIAS_DIAGRAMS = {next(iter(listed.values()))}"
        return dictionary("BIAS_DIAGRAMS", [f'{INDENT}"{t}": {d},' for t, d in listed.items()])

    def spelled_list(
        self, name: str, strings: Sequence[tuple[int, ...]], target: str, depth: int
    ) -> str:
        """The expression of a tuple of diagrams in letters."""
        outputs = len(self.plan.outputs[target].names)
        words = [spelled(s, outputs) for s in strings]
        if len(words) > LISTED or self.numbered:
            text = wrapped(", ".join(w.replace(" ", "\x1f") for w in words), "")
            self.texts.append(f'{name} = """\n{text}\n"""'.replace("\x1f", " "))
            return f"_listed({name})"
        closing = ",)" if len(words) == 1 else ")"
        quoted = [f'"{word}"' for word in words]
        return bracketed("(", quoted, closing, depth, call=False, reserve=20)

    def axes(self, name: str, fields: Mapping[str, Axes]) -> str:
        """A dictionary of axes by field: the name of a factor, or a fixed size."""
        lines = []
        for field, axes in fields.items():
            words = [
                str(size) if factor is None else f'"{self.keys[factor]}"'
                for factor, size in zip(axes.factors, axes.sizes, strict=True)
            ]
            closing = ",)," if len(words) == 1 else "),"
            lines.append(INDENT + bracketed(f'"{field}": (', words, closing, 1, call=False))
        return dictionary(name, lines)

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
