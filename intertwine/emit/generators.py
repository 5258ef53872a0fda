"""The generators of a page: signed images of points, or matrices by columns."""

from __future__ import annotations

from collections.abc import Sequence

from intertwine.emit.names import quoted
from intertwine.emit.tables import Tables
from intertwine.emit.text import dictionary, enclosed
from intertwine.plan.nodes import Field
from intertwine.plan.stack import LinearField, Move

_IMAGES = "# Each generator g on inputs and outputs: point i goes to |g[i]| - 1, with its sign."
_MATRICES = (
    "# Each generator's matrices on inputs and outputs by columns: the rows of entries,\n"
    "# as many in every column, and the entries."
)
_DUALS = "# Each generator's matrices on inputs, inverted and transposed."

AnyField = Field | LinearField


def listed_generators(
    tables: Tables, names: Sequence[str], inputs: Sequence[AnyField], outputs: Sequence[AnyField]
) -> str:
    """The dictionary of generators: for each, what it does on every input and output."""
    lines = []
    for number, name in enumerate(names):
        sides = []
        for side, fields in (("INPUT", inputs), ("OUTPUT", outputs)):
            moves = [
                _moved(tables, f"{side}_{number}_{place}", field, number)
                for place, field in enumerate(fields)
            ]
            sides.append(enclosed("[", moves, "]"))
        lines.append(enclosed(f"{quoted(name)}: (", sides, ")"))
    linear = any(isinstance(field, LinearField) for field in (*inputs, *outputs))
    return f"{_MATRICES if linear else _IMAGES}\n" + dictionary("GENERATORS", lines)


def listed_duals(tables: Tables, names: Sequence[str], inputs: Sequence[LinearField]) -> str:
    """The dictionary of inverses transposed."""
    lines = []
    for number, name in enumerate(names):
        duals = [(f.moves if f.duals is None else f.duals)[number] for f in inputs]
        moves = [_matrix(tables, f"DUAL_{number}_{k}", move) for k, move in enumerate(duals)]
        lines.append(enclosed(f"{quoted(name)}: [", moves, "]"))
    return f"{_DUALS}\n" + dictionary("DUALS", lines)


def _moved(tables: Tables, name: str, field: AnyField, number: int) -> str:
    if isinstance(field, Field):
        return tables.add(name, field.generators[number])
    return _matrix(tables, name, field.moves[number])


def _matrix(tables: Tables, name: str, move: Move) -> str:
    """The pair of rows and entries."""
    return f"({tables.add(f'{name}_ROWS', move.rows)}, {tables.add_reals(name, move.values)})"
