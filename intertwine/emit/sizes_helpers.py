"""The small functions that a page of any size may hold, each only where it is used."""

from __future__ import annotations

MIX_ONTO = '''\
def _mix_onto(base: torch.Tensor, matrix: torch.Tensor, x: torch.Tensor) -> torch.Tensor:
    """What is given plus a matrix on the channels of x, of shape (..., channels, points)."""
    if x.ndim == 2:
        return _mix_onto(base[None], matrix, x[None])[0]
    if x.ndim > 3:
        batch = x.shape[:-2]
        base = base.expand(*batch, -1, -1).flatten(0, -3)
        return _mix_onto(base, matrix, x.flatten(0, -3)).unflatten(0, batch)
    return torch.baddbmm(base, matrix.expand(x.shape[0], -1, -1), x)'''

MIX_INTO = '''\
def _mix_into(base: torch.Tensor, matrix: torch.Tensor, x: torch.Tensor) -> torch.Tensor:
    """The same, in the memory of what is given where no gradient needs it."""
    alike = base.dtype == matrix.dtype == x.dtype and base.shape[:-2] == x.shape[:-2]
    if torch.is_grad_enabled() or not alike or x.ndim != 3:
        return _mix_onto(base, matrix, x)
    return base.baddbmm_(matrix.expand(x.shape[0], -1, -1), x)'''

MEAN = '''\
def _mean(x: torch.Tensor, axis: int, count: int | torch.Tensor) -> torch.Tensor:
    """The mean over an axis that holds `count` points, one number or one a sample."""
    total = x.sum(axis)
    if isinstance(count, torch.Tensor):
        count = count.clamp(min=1).view(count.shape + (1,) * (total.ndim - count.ndim))
    return total / count'''

COUNT = '''\
def _count(mask: torch.Tensor | None, n: int) -> int | torch.Tensor:
    """How many points are no padding."""
    return n if mask is None else mask.sum(-1)'''

FITTED = '''\
def _fitted(mask: torch.Tensor | None, n: int, batch: int) -> torch.Tensor | None:
    """The mask with as many batch axes as the input, which it is broadcast over."""
    if mask is None:
        return None
    if mask.shape[-1:] != (n,) or mask.ndim > batch + 1:
        given = f"a mask of shape {tuple(mask.shape)}"
        raise ValueError(f"given {given}, expected (..., {n}) with at most {batch} batch axes")
    return mask.view((1,) * (batch + 1 - mask.ndim) + mask.shape).bool()'''

MASKS = '''\
def _masks(
    mask: dict[str, torch.Tensor] | None, sizes: dict[str, int]
) -> dict[str, torch.Tensor | None]:
    """A mask, or None, for every factor."""
    given = {} if mask is None else mask
    if not isinstance(given, dict) or set(given) - set(sizes):
        said = sorted(given) if isinstance(given, dict) else type(given).__name__
        raise ValueError(f"given a mask for {said}, expected a dictionary by {list(sizes)}")
    return {name: given.get(name) for name in sizes}'''

SIZED = '''\
def _sized(n: dict[str, int] | None, sizes: dict[str, int]) -> dict[str, int]:
    """The size of every factor, the spec's where none is given."""
    if set(n or {}) - set(sizes):
        raise ValueError(f"given sizes for {sorted(n)}, expected some of {list(sizes)}")
    return sizes | (n or {})'''

SIZE = '''\
def _size(x: torch.Tensor, axis: int) -> int:
    """How many points there are along an axis of x; none without it."""
    return x.shape[axis] if x.ndim >= -axis else 0'''

MASKED = '''\
def _masked(x: torch.Tensor, mask: torch.Tensor | None, *axes: int) -> torch.Tensor:
    """Zeros in place of padding: wherever, along one of the axes, the mask does not hold."""
    for axis in axes if mask is not None else ():
        ones = (1,) * (x.ndim + axis + 1 - mask.ndim)
        kept = mask.view(mask.shape[:-1] + ones + mask.shape[-1:] + (1,) * (-axis - 1))
        x = torch.where(kept, x, 0)
    return x'''

BLOCKS = '''\
def _blocks(weight: torch.Tensor, rows: int) -> torch.Tensor:
    """Weights (rows x columns, out, in) as one matrix, (rows x out, columns x in)."""
    blocks = weight.unflatten(0, (rows, -1))
    return blocks.transpose(1, 2).flatten(2).flatten(0, 1)'''

EXPANDED = '''\
def _expanded(
    weight: torch.Tensor, diagrams: tuple, target: tuple, source: tuple, sizes: dict[str, int]
) -> torch.Tensor:
    """The matrix of all diagrams, entry by entry: (out, *output, in, *input)."""
    fixed = [a for a in target + source if isinstance(a, int)]
    points = [sizes[a] for a in target + source if isinstance(a, str)]
    full = weight.new_zeros(*fixed, *weight.shape[1:], *points)
    weights = weight.unflatten(0, (len(diagrams), *fixed))
    for diagram, value in zip(diagrams, weights, strict=True):
        view = _tied(full, diagram)
        value = value / _spread_over(diagram, target, source, sizes)
        view += value[(..., *[None] * (view.ndim - value.ndim))]
    return full.permute(_places(target, source))'''

TIED = '''\
def _tied(x: torch.Tensor, diagram: str) -> torch.Tensor:
    """The view of x in which its last axes that have the same letter are one."""
    letters = list(diagram.replace(" ", ""))
    for letter in dict.fromkeys(letters):
        while letters.count(letter) > 1:
            first = letters.index(letter)
            second = letters.index(letter, first + 1)
            x = x.diagonal(dim1=first - len(letters), dim2=second - len(letters))
            letters = [a for k, a in enumerate(letters) if k not in (first, second)] + [letter]
    return x'''

SPREAD_OVER_MEAN = '''\
def _spread_over(diagram: str, target: tuple, source: tuple, sizes: dict[str, int]) -> int:
    """n^p: over how many points the diagram averages, along blocks that no output axis is in."""
    factors = [a for a in target + source if isinstance(a, str)]
    letters = diagram.replace(" ", "")
    outputs = letters[: sum(isinstance(a, str) for a in target)]
    points = 1
    for letter in set(letters) - set(outputs):
        points *= sizes[factors[letters.index(letter)]]
    return points'''

SPREAD_OVER_SUM = '''\
def _spread_over(diagram: str, target: tuple, source: tuple, sizes: dict[str, int]) -> int:
    """One: the diagrams of this layer sum and do not average."""
    return 1'''

LISTED = '''\
def _listed(text: str) -> tuple[str, ...]:
    """The diagrams of a text, between commas."""
    return tuple(diagram.strip() for diagram in text.split(","))'''

PLACES = '''\
def _places(target: tuple, source: tuple) -> list[int]:
    """Where (out, *output, in, *input) stand behind (*fixed axes, out, in, *moved axes)."""
    fixed = [k for k, a in enumerate(target + source) if isinstance(a, int)]
    moved = [k for k, a in enumerate(target + source) if isinstance(a, str)]
    place = {k: p for p, k in enumerate([*fixed, "out", "in", *moved])}
    inner = range(len(target), len(target + source))
    return [place[k] for k in ("out", *range(len(target)), "in", *inner)]'''

SHAPE = '''\
def _shape(axes: tuple, sizes: dict[str, int]) -> torch.Size:
    """The shape of a field at these sizes."""
    return torch.Size([sizes.get(a, a) for a in axes])'''

PERMUTED_FIRST = '''\
def _permuted(x: torch.Tensor, axes: tuple, g: dict[str, torch.Tensor]) -> torch.Tensor:
    """The points of each axis in another order."""
    for place, name in enumerate(axes):
        x = x.index_select(place - len(axes), g[name]) if name in g else x
    return x'''

PERMUTED_LAST = '''\
def _permuted(x: torch.Tensor, axes: tuple, g: dict[str, torch.Tensor]) -> torch.Tensor:
    """The points of each axis in another order."""
    for place, name in enumerate(axes):
        x = x.index_select(place - len(axes) - 1, g[name]) if name in g else x
    return x'''

ORDER = (
    MIX_ONTO, MIX_INTO, MEAN, COUNT, FITTED, MASKS, SIZED, SIZE, MASKED, BLOCKS, EXPANDED, TIED,
    LISTED, PLACES, SHAPE,
)  # fmt: skip
