"""The page of a layer that factors through small sets."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from intertwine.emit import factoring_page, page
from intertwine.emit.tabled import TableWriter
from intertwine.emit.text import INDENT, bracketed, dictionary
from intertwine.emit.writer import filling
from intertwine.plan.cost import CHANNELS
from intertwine.plan.nodes import Plan
from intertwine.plan.strategy.small_sets import SmallSets, Stage, kind_of


class FactoringWriter(TableWriter):
    """Fills the holes for one input and one output: pools, mixes and spreads, stage by stage."""

    def __init__(self, plan: Plan, route: SmallSets) -> None:
        super().__init__(plan)
        self.route = route
        self.shapes_of_tables: dict[str, str] = {}

    def computed(self) -> list[str]:
        """By the stages of the route."""
        return [f"Computed {self.route}."]

    def init(self) -> list[str]:
        """The parameters and buffers."""
        return [*super().init(), page.filled(factoring_page.BUFFERS)]

    def buffers(self) -> dict[str, int]:
        """The table of the bias; those of the stages are in TABLES."""
        return {"bias_index": self.bias.codes.size}

    def constants(self) -> list[str]:
        """The shapes of the buffers."""
        lines = [f'{INDENT}"{name}": {shape},' for name, shape in self.shapes_of_tables.items()]
        return [*super().constants(), dictionary("TABLES", lines)]

    def methods(self) -> list[str]:
        """The tables, and the full matrix, which pays where it is less work than the stages."""
        dense = CHANNELS * CHANNELS * self.source.points * self.target.points
        pays = dense <= self.route.work(CHANNELS)
        return [*self.filled(self.filled_tables()), *self.forward_methods(pays)]

    def filled_tables(self) -> list[str]:
        """The bias, the change of basis, and the moves of every stage."""
        grid, denominator = self.route.grid(), self.route.denominator
        change = self.tables.add("CHANGE", grid)
        shape = f"{grid.shape[0]}, {grid.shape[1]}"
        over = "" if denominator == 1 else f".double() / {denominator}"
        self.shapes_of_tables["change"] = f"({shape})"
        lines = [
            self.bias_filling("bias_index", "BIAS_CODES", self.bias, plain=True),
            filling("change", f"{change}.view({shape}){over}"),
        ]
        for number, stage in enumerate(self.route.stages):
            for word, moves in (("pool", stage.pools), ("spread", stage.spreads)):
                lines += self.moves(f"{word}_{number}", moves)
        return lines

    def moves(self, name: str, moves: tuple[NDArray[np.bool_], ...]) -> list[str]:
        """The tables of the pools, or of the spreads, of a stage."""
        lines = []
        summed = [move for move in moves if kind_of(move) == "sum"]
        rows, columns = moves[0].shape
        if summed:
            codes = sum((k + 1) * move.astype(np.int64) for k, move in enumerate(summed))
            text = self.tables.add(name.upper(), np.asarray(codes))
            shown = f"_shown({text}, {len(summed)}, {columns})"
            if name.startswith("pool"):
                self.shapes_of_tables[name] = f"({columns}, {len(summed) * rows})"
                lines.append(filling(name, f"{shown}.T"))
            else:
                self.shapes_of_tables[name] = f"({len(summed) * columns}, {rows})"
                turned = f"{shown}.view({len(summed)}, {rows}, {columns}).mT.flatten(0, 1)"
                lines.append(filling(name, turned))
        for k, move in enumerate(moves):
            if kind_of(move) == "gather":
                places = _places(move)
                buffer = f"places_{name}_{k}"
                self.shapes_of_tables[buffer] = f"{places.shape}"
                text = self.tables.add(buffer.upper(), places)
                lines.append(filling(buffer, f"{text}.view{places.shape}"))
        return lines

    def forward(self) -> str:
        """Stage after stage, then the bias."""
        target, last = self.target, self.labels.channels_last
        rank = len(self.source.shape) + 1
        lines = [f"x = x.movedim(-1, -{rank})"] if last else []
        if rank > 2:
            lines.append(f"x = x.flatten(-{rank - 1})")
        lines.append(page.filled(page.CHANGED).strip())
        start = 0
        for number, stage in enumerate(self.route.stages):
            lines += self.stage(number, stage, start)
            start += len(stage.pools) * len(stage.spreads)
        done = [] if len(target.shape) == 1 else [f"y = y.unflatten(-1, {target.shape})"]
        done.append(f"return y.movedim(-{len(target.shape) + 1}, -1)" if last else "return y")
        return "\n".join([
            self.checked("x", self.source.name),
            *(INDENT * 2 + line for line in lines),
            page.filled(page.BIAS_ADDED, fold=""),
            *(INDENT * 2 + line for line in done),
        ])  # fmt: skip

    def stage(self, number: int, stage: Stage, start: int) -> list[str]:
        """The lines of one stage, which adds its part to y."""
        pools, spreads = len(stage.pools), len(stage.spreads)
        lines = [f"# {len(stage.cells)} maps mix on {stage.name}, {stage.points} points."]
        pooled = self.pooled(f"pool_{number}", stage)
        lines += pooled[:-1]
        stop = start + pools * spreads
        lines.append(f"matrix = _cells(cells[{start}:{stop}], {spreads})")
        lines.append(f"mixed = _mix(matrix, {pooled[-1]})")
        if spreads > 1:
            lines.append(f"mixed = mixed.unflatten(-2, (-1, {spreads}))")
        terms = self.spread(f"spread_{number}", stage)
        added = terms if number == 0 else [f"y + {terms[0]}", *terms[1:]]
        lines.append(f"y = {added[0]}")
        lines += [f"y = y + {term}" for term in added[1:]]
        return lines

    def pooled(self, name: str, stage: Stage) -> list[str]:
        """Lines, and last the expression of all pools: (..., channels x pools, points)."""
        kinds = [kind_of(move) for move in stage.pools]
        count = len(kinds)
        if count == 1:
            return [self.one(name, 0, kinds[0])]
        if set(kinds) == {"sum"}:
            return [f"(x @ self.{name}).unflatten(-1, ({count}, -1)).flatten(-3, -2)"]
        lines, items, summed = [], [], 0
        if kinds.count("sum"):
            lines.append(f"sums = (x @ self.{name}).unflatten(-1, ({kinds.count('sum')}, -1))")
        for k, kind in enumerate(kinds):
            if kind == "sum":
                items.append(f"sums[..., {summed}, :]")
                summed += 1
            else:
                items.append(self.one(name, k, kind))
        lines.append(bracketed("pools = [", items, "]", 2, call=False))
        return [*lines, "torch.stack(pools, -2).flatten(-3, -2)"]

    def one(self, name: str, number: int, kind: str) -> str:
        """The expression of a single pool."""
        if kind == "identity":
            return "x"
        if kind == "gather":
            return f"_gathered(x, self.places_{name}_{number})"
        return f"x @ self.{name}"

    def spread(self, name: str, stage: Stage) -> list[str]:
        """The terms that a stage adds to y."""
        kinds = [kind_of(move) for move in stage.spreads]
        alone = len(kinds) == 1
        terms, summed = [], [k for k, kind in enumerate(kinds) if kind == "sum"]
        if summed:
            if alone:
                terms.append(f"mixed @ self.{name}")
            elif len(summed) == len(kinds):
                terms.append(f"mixed.flatten(-2) @ self.{name}")
            else:
                picked = f"mixed[..., {summed}, :]"
                terms.append(f"{picked}.flatten(-2) @ self.{name}")
        for k, kind in enumerate(kinds):
            value = "mixed" if alone else f"mixed[..., {k}, :]"
            if kind == "identity":
                terms.append(value)
            elif kind == "gather":
                terms.append(f"_gathered({value}, self.places_{name}_{k})")
        return terms


def _places(move: NDArray[np.bool_]) -> NDArray[np.intp]:
    """The columns of each row's ones, filled up with the number of columns."""
    rows, columns = move.shape
    places = np.full((rows, int(move.sum(axis=1).max())), columns)
    for row, ones in enumerate(move):
        found = np.flatnonzero(ones)
        places[row, : len(found)] = found
    return places
