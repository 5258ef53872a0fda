"""The small functions that an emitted page may hold, each only where it is used."""

from __future__ import annotations

NUMBERS = '''\
def _numbers(text: str) -> torch.Tensor:
    """The integers of a text."""
    return torch.tensor([int(word) for word in text.split()], dtype=torch.long, device="cpu")'''

PACKED = '''\
def _packed(text: str, dtype: torch.dtype) -> torch.Tensor:
    """Integers packed, little-endian, in hexadecimal digits."""
    return torch.frombuffer(bytearray.fromhex(text), dtype=dtype).long()'''

WALKED = '''\
def _walked(
    roots: torch.Tensor, rows: torch.Tensor, steps: torch.Tensor, field: tuple[int, int]
) -> torch.Tensor:
    """A table of codes: its rows at the roots, carried along a tree of generators.

    A step (child, parent, g) says that row `child` is row `parent` moved by generator g; `field`
    says which input and output the generators are taken on.
    """
    moves = []
    for sources, targets in GENERATORS.values():
        order = sources[field[0]].abs().argsort()
        signs = sources[field[0]][order].sign()
        moves.append((order, signs, targets[field[1]].sign().tolist()))
    rows, edges = rows.view(len(roots), -1), steps.view(-1, 3).tolist()
    table = rows.new_zeros(len(roots) + len(edges), rows.shape[1])
    table[roots] = rows
    for child, parent, g in edges:
        order, signs, flips = moves[g]
        table[child] = table[parent].index_select(0, order) * signs * flips[parent]
    return table.flatten()'''

MOVED_FIRST = '''\
def _moved(x: torch.Tensor, g: torch.Tensor, rank: int) -> torch.Tensor:
    """The action of an element g on the points of x, its last `rank` axes."""
    flat = x.flatten(-rank)
    return torch.zeros_like(flat).index_copy(-1, g.abs() - 1, flat * g.sign()).view(x.shape)'''

MOVED_LAST = '''\
def _moved(x: torch.Tensor, g: torch.Tensor, rank: int) -> torch.Tensor:
    """The action of an element g on the points of x, the `rank` axes before its channels."""
    flat = x.flatten(-rank - 1, -2)
    signed = flat * g.sign()[:, None]
    return torch.zeros_like(flat).index_copy(-2, g.abs() - 1, signed).view(x.shape)'''

BY_FIELD = '''\
def _by_field(channels: int | dict[str, int], fields: dict[str, tuple]) -> dict[str, int]:
    """The channels of each field, from one number for all or a number each."""
    if not isinstance(channels, dict):
        return dict.fromkeys(fields, channels)
    if set(channels) != set(fields):
        raise ValueError(f"given channels for {sorted(channels)}, expected {sorted(fields)}")
    return {name: channels[name] for name in fields}'''

SIZE = '''\
def _size(shape: tuple[int, ...]) -> int:
    """How many points a shape has."""
    return torch.Size(shape).numel()'''

ORDER = (NUMBERS, PACKED, WALKED, MOVED_FIRST, MOVED_LAST, BY_FIELD, SIZE)
