"""The turns and mirrors of a convolution's kernel, with the names and senses of `group/grid`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import prod

import numpy as np

from intertwine.action.action import SetAction
from intertwine.discover.acting import Acting, acting_by
from intertwine.errors import SpecError
from intertwine.group.group import Group, GSet
from intertwine.group.permutation import Indices, SignedPermutation

_Named = Mapping[str, tuple[tuple[int, ...], ...]]

# (row, column) -> (a row + b column, c row + d column), from the kernel's centre; rows go down, so
# that (0, -1; 1, 0) is a quarter turn to the left.  A mirror is named by its line.
_PLANE: _Named = {
    "1": ((1, 0), (0, 1)),
    "turn 90°": ((0, -1), (1, 0)),
    "turn 180°": ((-1, 0), (0, -1)),
    "turn 270°": ((0, 1), (-1, 0)),
    "mirror |": ((1, 0), (0, -1)),
    "mirror \\": ((0, 1), (1, 0)),
    "mirror -": ((-1, 0), (0, 1)),
    "mirror /": ((0, -1), (-1, 0)),
}
_LINE: _Named = {"1": ((1,),), "reversal": ((-1,),)}


def kernel_symmetry(shape: Sequence[int], turns: bool = True, mirrors: bool = True) -> Acting:
    r"""The symmetries of a kernel about its centre.

    A square kernel has quarter turns and mirrors, p4m's point group of order 8; another kernel of
    two axes the half turn and two mirrors; a kernel of one axis its reversal.

    Args:
        shape: the kernel's axes, one or two.
        turns: with quarter turns; with turns alone there are no mirrors.
        mirrors: with mirrors; alone, those in the two axes and the half turn, their product.

    Raises:
        SpecError: another number of axes, one place only, or turns of a kernel that is not square.

    >>> acting = kernel_symmetry([3, 3])
    >>> print(acting)
    D_4 on R^9, 8 elements
    >>> print(", ".join(element.name for element in acting.elements[1:]))
    turn 90°, turn 180°, turn 270°, mirror |, mirror \, mirror -, mirror /
    """
    axes = tuple(shape)
    if len(axes) not in (1, 2) or prod(axes) < 2:
        raise SpecError(
            f"a kernel of shape {axes}",
            "a convolution's weight, (out, in, length) or (out, in, height, width)",
            "say with --spec how a group acts on the input",
        )
    square = len(axes) == 2 and axes[0] == axes[1]
    if turns and not mirrors and not square:
        raise SpecError(
            f"turns of a kernel of shape {axes}",
            "a square kernel",
            "leave --turns out: every kernel has its mirrors",
        )
    if len(axes) == 1:
        name, named, generators = "Z_2", _LINE, {"reflection": "reversal"}
    elif square and turns and mirrors:
        name, named = "D_4", _PLANE
        generators = {"rotation": "turn 90°", "reflection": "mirror |"}
    elif turns and not mirrors:
        name, named, generators = "C_4", _PLANE, {"rotation": "turn 90°"}
    else:
        name, named = "Z_2 x Z_2", _PLANE
        generators = {"rotation": "turn 180°", "reflection": "mirror |"}
    sets = {
        "points": GSet(
            "points",
            axes,
            lambda: tuple(SignedPermutation(_places(named[g], axes)) for g in generators.values()),
        )
    }
    group = Group(name, tuple(generators), sets, natural="points")
    fitting = {k: m for k, m in named.items() if square or m[0][0]}
    names: dict[bytes, str] = {}
    for said, matrix in fitting.items():
        names.setdefault(_places(matrix, axes).tobytes(), said)
    acting = acting_by(SetAction(group, "points"), names)
    return replace(acting, declaration=_declaration(group, prod(axes)))


def _declaration(group: Group, degree: int) -> str:
    """The kernel's group as generators on its places, in row-major order."""
    images = zip(group.generators, group.sets["points"].images, strict=True)
    listed = ", ".join(f"{name}: {image.images.tolist()}" for name, image in images)
    return (
        f"name: discovered\ngroup: {{generators: {{{listed}}}, points: {degree}}}\ninput: points\n"
    )


def _places(matrix: tuple[tuple[int, ...], ...], axes: tuple[int, ...]) -> Indices:
    """Where each place of a row-major kernel goes, about its centre."""
    ends = np.array(axes, dtype=np.intp)[:, None] - 1
    places = 2 * np.indices(axes, dtype=np.intp).reshape(len(axes), -1) - ends
    moved = (np.array(matrix, dtype=np.intp) @ places + ends) // 2
    return np.asarray(np.ravel_multi_index(tuple(moved), axes), dtype=np.intp)
