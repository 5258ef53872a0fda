"""Groups by generators: permutations by name, names alone, or the arrays of a file."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path as FilePath
from typing import Annotated, Any, Literal

from pydantic import Discriminator, Tag

from intertwine.errors import SpecError, located
from intertwine.group.group import Group, GSet
from intertwine.spec.files import read_arrays
from intertwine.spec.forms import (
    ArrayFile,
    DottedName,
    GroupForm,
    Identifier,
    Permutation,
    Size,
    WholeNumber,
    how_listed,
)
from intertwine.spec.permutations import parse_all, refuse_unsaid_base


class Generators(GroupForm):
    """Permutations by name, or names alone, or the arrays of a file."""

    example = '{generators: {a: [1, 2, 0], b: "(0 1)"}}'

    generators: Annotated[
        Annotated[ArrayFile, Tag("file")]
        | Annotated[dict[DottedName, Permutation], Tag("listed")]
        | Annotated[list[Identifier], Tag("names")],
        Discriminator(how_listed),
    ]
    points: Size | None = None
    base: Annotated[Literal[0, 1], WholeNumber] = 0

    @property
    def said_base(self) -> int | None:
        """The `base` that stands beside the generators, if it does."""
        return self.base if "base" in self.model_fields_set else None

    def build(self, folder: FilePath | None) -> Group:
        """What they generate on `points`; by names alone, a group without any set."""
        with located("generators"):
            if isinstance(self.generators, list):
                return _by_names_alone(tuple(self.generators))
            listed: Mapping[str, Any] = (
                read_arrays(self.generators, folder)
                if isinstance(self.generators, ArrayFile)
                else self.generators
            )
            return self._listed(listed, folder)

    def _listed(self, listed: Mapping[str, Any], folder: FilePath | None) -> Group:
        if not listed and self.points is None:
            raise SpecError(
                "no generators and no points", "generators, or `points`", "write {trivial: n}"
            )
        images = parse_all(listed, folder, self.base, self.points)
        degree = images[0].degree if images else self.points or 0
        if self.points is None and self.said_base is None:
            refuse_unsaid_base(
                listed,
                "write `base: 1` beside `generators` if they count from 1, as GAP prints them, "
                f"or `points: {degree}` if 0 is a fixed point",
            )
        if degree == 0:
            raise SpecError("identities of no points", "at least one point", "add `points:`")
        points = GSet("points", (degree,), lambda: images)
        name = f"<{', '.join(listed)}>"
        return Group(name, tuple(listed), {"points": points}, natural="points")


def _by_names_alone(names: tuple[str, ...]) -> Group:
    repeated = next((name for name in names if names.count(name) > 1), None)
    if repeated is not None or not names:
        raise SpecError(
            f"the generator {repeated} twice" if repeated else "no generators",
            "each generator's name once",
            "name them a, b, ...",
        )
    return Group(f"<{', '.join(names)}>", names, {})
