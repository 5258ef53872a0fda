"""The groups of the language: each form with its fields, its example, and the group it declares."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path as FilePath
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import Field, StrictBool

from intertwine.errors import located
from intertwine.group.grid import grid
from intertwine.group.group import Group
from intertwine.group.mathieu import mathieu
from intertwine.group.named import (
    alternating,
    cyclic,
    dihedral,
    hyperoctahedral,
    symmetric,
    trivial,
)
from intertwine.group.polyhedron import polyhedron
from intertwine.group.product import direct_product, wreath
from intertwine.spec.forms import (
    GroupForm,
    Identifier,
    Size,
    StrictMapping,
    WholeNumber,
    one_of,
)
from intertwine.spec.generators import Generators
from intertwine.spec.graphs import GraphParts


class Symmetric(GroupForm):
    """All permutations of n points."""

    example = "{symmetric: 4}"
    letters = "S"

    symmetric: Size

    def build(self, folder: FilePath | None) -> Group:
        """S_n."""
        return symmetric(self.symmetric)


class Alternating(GroupForm):
    """All even permutations of n points."""

    example = "{alternating: 4}"
    letters = "A"

    alternating: Size

    def build(self, folder: FilePath | None) -> Group:
        """A_n."""
        return alternating(self.alternating)


class Cyclic(GroupForm):
    """The rotations of n points on a circle."""

    example = "{cyclic: 4}"
    letters = "CZ"

    cyclic: Size

    def build(self, folder: FilePath | None) -> Group:
        """C_n."""
        return cyclic(self.cyclic)

    @property
    def lengths(self) -> Sequence[int]:
        """How many points stand on the circle."""
        return (self.cyclic,)

    def resized(self, lengths: list[int]) -> GroupForm:
        """A circle of another length."""
        return Cyclic(cyclic=lengths[0])


class Dihedral(GroupForm):
    """The 2n symmetries of a regular n-gon."""

    example = "{dihedral: 4}"
    letters = "D"

    dihedral: Size

    def build(self, folder: FilePath | None) -> Group:
        """D_n, of order 2n."""
        return dihedral(self.dihedral)


class TrivialGroup(GroupForm):
    """One element, on n fixed points."""

    example = "{trivial: 4}"

    trivial: Size

    def build(self, folder: FilePath | None) -> Group:
        """The group of one element."""
        return trivial(self.trivial)


class Hyperoctahedral(GroupForm):
    """The signed permutations of n axes."""

    example = "{hyperoctahedral: 3}"
    letters = "B"

    hyperoctahedral: Size

    def build(self, folder: FilePath | None) -> Group:
        """B_n."""
        return hyperoctahedral(self.hyperoctahedral)


class Mathieu(GroupForm):
    """A Mathieu group on its natural points."""

    example = "{mathieu: 11}"
    letters = "M"

    mathieu: Annotated[Literal[11, 12, 22, 23, 24], WholeNumber]

    def build(self, folder: FilePath | None) -> Group:
        """M_n."""
        return mathieu(self.mathieu)


class DirectProduct(GroupForm):
    """A direct product of named factors."""

    example = "{product: {users: GROUP, movies: GROUP}}"

    product: Annotated[dict[Identifier, AnyGroup], Field(min_length=1)]

    def build(self, folder: FilePath | None) -> Group:
        """The product of its factors, in order."""
        factors = {}
        for name, factor in self.product.items():
            with located("product", name):
                factors[name] = factor.build(folder)
        return direct_product(factors)


class WreathParts(StrictMapping):
    """The base group, and the top group that permutes its copies."""

    base: AnyGroup
    top: AnyGroup


class Wreath(GroupForm):
    """A wreath product."""

    example = "{wreath: {base: GROUP, top: GROUP}}"

    wreath: WreathParts

    def build(self, folder: FilePath | None) -> Group:
        """The copies of the base, one a point of the top, and the top."""
        with located("wreath"):
            with located("base"):
                base = self.wreath.base.build(folder)
            with located("top"):
                top = self.wreath.top.build(folder)
            return wreath(base, top)


class Automorphisms(GroupForm):
    """The automorphism group of a graph."""

    example = "{automorphisms: {graph: petersen}}"

    automorphisms: GraphParts

    def build(self, folder: FilePath | None) -> Group:
        """All symmetries of the graph that keep its labels."""
        with located("automorphisms"):
            return self.automorphisms.symmetries(folder)


class GridParts(StrictMapping):
    """A periodic grid and its wallpaper symmetry."""

    examples: ClassVar = {"shape": "{grid: {shape: [8, 8], symmetry: p4m}}"}

    shape: Annotated[list[Size], Field(min_length=1, max_length=16)]
    symmetry: Literal["p1", "p2", "pm", "pmm", "p4", "p4m"] = "p1"


class Grid(GroupForm):
    """The symmetries of a periodic grid."""

    example = GridParts.examples["shape"]

    grid: GridParts

    def build(self, folder: FilePath | None) -> Group:
        """The translations and the point group."""
        with located("grid"):
            return grid(tuple(self.grid.shape), self.grid.symmetry)

    @property
    def lengths(self) -> Sequence[int]:
        """How many points stand along each axis."""
        return self.grid.shape

    def resized(self, lengths: list[int]) -> GroupForm:
        """The same symmetry on a grid of other lengths."""
        return Grid(grid=self.grid.model_copy(update={"shape": lengths}))


class PolyhedronParts(StrictMapping):
    """One of the five regular solids."""

    name: Literal["tetrahedron", "cube", "octahedron", "dodecahedron", "icosahedron"]
    reflections: StrictBool = False


class Polyhedron(GroupForm):
    """The symmetries of a regular solid."""

    example = "{polyhedron: {name: cube}}"

    polyhedron: PolyhedronParts

    def build(self, folder: FilePath | None) -> Group:
        """Its turns, and its mirrors where they are asked for."""
        return polyhedron(self.polyhedron.name, self.polyhedron.reflections)


# Every group of the language, in the order in which messages name them.
GROUPS: tuple[type[GroupForm], ...] = (
    Symmetric, Alternating, Cyclic, Dihedral, TrivialGroup, Hyperoctahedral, Mathieu, Generators,
    DirectProduct, Wreath, Automorphisms, Grid, Polyhedron,
)  # fmt: skip

if TYPE_CHECKING:
    AnyGroup = GroupForm
else:
    AnyGroup = one_of(GROUPS)
    for recursive in (WreathParts, *GROUPS):
        recursive.model_rebuild()

_LETTERS = {letter: kind.key() for kind in GROUPS for letter in kind.letters}
_USUAL = re.compile(rf"([{''.join(_LETTERS)}])_?([1-9][0-9]{{0,8}})\Z")


def by_usual_name(text: str) -> str | None:
    """The form of a group by its usual name, such as S_4; None for any other text.

    >>> by_usual_name("S_4"), by_usual_name("D6"), by_usual_name("monster")
    ('{symmetric: 4}', '{dihedral: 6}', None)
    """
    match = _USUAL.match(text)
    return f"{{{_LETTERS[match[1]]}: {match[2]}}}" if match else None
