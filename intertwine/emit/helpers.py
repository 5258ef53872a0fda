"""The small functions that an emitted page may hold, each only where it is used."""

from __future__ import annotations

from collections.abc import Sequence

NUMBERS = '''\
def _numbers(text: str) -> torch.Tensor:
    """The integers of a text."""
    return torch.tensor([int(word) for word in text.split()], dtype=torch.long, device="cpu")'''

PACKED = '''\
def _packed(text: str, dtype: torch.dtype) -> torch.Tensor:
    """Integers packed, little-endian, in hexadecimal digits."""
    return torch.frombuffer(bytearray.fromhex(text), dtype=dtype).long()'''

REALS = '''\
def _reals(text: str) -> torch.Tensor:
    """The real numbers of a text."""
    return torch.tensor([float(word) for word in text.split()], dtype=torch.double, device="cpu")'''

PACKED_REALS = '''\
def _packed_reals(text: str) -> torch.Tensor:
    """Real numbers packed, little-endian, in hexadecimal digits."""
    return torch.frombuffer(bytearray.fromhex(text), dtype=torch.double)'''

WALKED = '''\
def _walked(
    roots: torch.Tensor,
    rows: torch.Tensor,
    steps: torch.Tensor,
    field: tuple[int, int],
    generators: dict[str, tuple],
) -> torch.Tensor:
    """A table of codes: its rows at the roots, carried along a tree of generators.

    A step (child, parent, g) says that row `child` is row `parent` moved by generator g; `field`
    says which input and output the generators are taken on.
    """
    moves = []
    for sources, targets in generators.values():
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

CHANNELS = '''\
def _channels(count: int) -> int:
    """A number of channels, if it is one."""
    if isinstance(count, bool) or not hasattr(count, "__index__") or count < 1:
        raise ValueError(f"given {count!r} channels, expected a whole number from 1 up")
    return count'''

_CHECKED = '''\
def _checked(layer: torch.nn.Module, x: torch.Tensor, inputs: dict, field: str) -> None:
    """Refuse another shape, and a layer on the meta device, of which PyTorch would make noise."""
    several, channels, shape = isinstance(layer.in_channels, dict), layer.in_channels, inputs[field]
    said, channels = (f"{{field}}: ", channels[field]) if several else ("", channels)
    expected = {expected}
    given = tuple(x.shape[-len(expected) :])
    if given != expected:
        advice = ": {advice}" if {moved} == expected else ""
        words = ", ".join(map(str, expected))
        said += f"given shape {{tuple(x.shape)}}, expected (batch..., {{words}}){{advice}}"
        raise ValueError(said)
{meta}'''

# At any size, points are said by name.
_CHECKED_SIZES = '''\
def _checked(
    layer: torch.nn.Module, x: torch.Tensor, inputs: dict, field: str, shape: tuple | None = None
) -> None:
    """Refuse another shape, and a layer on the meta device, of which PyTorch would make noise.

    The points expected are those of the field, by name where any size will do, or of this shape.
    """

    def fits(given: tuple, words: tuple) -> bool:
        sizes = dict(zip(words, given, strict=False))
        return given == tuple(w if isinstance(w, int) else sizes.get(w) for w in words)

    several, channels, axes = isinstance(layer.in_channels, dict), layer.in_channels, inputs[field]
    said, channels = (f"{{field}}: ", channels[field]) if several else ("", channels)
    shape = axes if shape is None else shape
    expected, words = {expected}, {words}
    given = tuple(x.shape[-len(expected) :])
    if given != expected:
        words = expected if fits(given, words) else words
        advice = ": {advice}" if fits({moved}, words) else ""
        words = ", ".join(map(str, words))
        said += f"given shape {{tuple(x.shape)}}, expected (batch..., {{words}}){{advice}}"
        raise ValueError(said)
{meta}'''

_META = """\
    held = (*layer._parameters.values(), *layer._buffers.values())
    if not x.is_meta and any(tensor is not None and tensor.is_meta for tensor in held):
        said += f"given x on {x.device}, but the layer is on meta: "
        raise RuntimeError(f"{said}load_state_dict(..., assign=True) or to_empty first")"""


def checked(last: bool, sizes: bool) -> str:
    """The function that refuses inputs, where channels come last, or where points have any size."""
    order = "after" if last else "before"
    holes = {
        "expected": "(*shape, channels)" if last else "(channels, *shape)",
        "moved": "given[1:] + given[:1]" if last else "given[-1:] + given[:-1]",
        "advice": f"channels come {order} points",
        "meta": _META,
    }
    if not sizes:
        return _CHECKED.format(**holes)
    return _CHECKED_SIZES.format(
        words="(*axes, channels)" if last else "(channels, *axes)", **holes
    )


FOLLOW = '''\
def _follow(layer: torch.nn.Module, state: dict, prefix: str, options: dict) -> None:
    """Make the tables anew where the parameters to be assigned are, and of their type."""
    given = [value for name, value in state.items() if name.startswith(prefix)]
    if given and options.get("assign_to_params_buffers"):
        for name, table in layer._buffers.items():
            dtype = given[0].dtype if table.is_floating_point() else table.dtype
            table = torch.empty_like(table, device=given[0].device, dtype=dtype)
            layer._buffers[name] = table'''

BY_FIELD = '''\
def _by_field(channels: int | dict[str, int], fields: dict[str, tuple]) -> dict[str, int]:
    """The channels of each field, from one number for all or a number each."""
    if not isinstance(channels, dict):
        return dict.fromkeys(fields, _channels(channels))
    if set(channels) != set(fields):
        raise ValueError(f"given channels for {sorted(channels)}, expected {sorted(fields)}")
    return {name: _channels(channels[name]) for name in fields}'''

POINTS = '''\
def _points(shape: tuple[int, ...]) -> int:
    """How many points a shape has."""
    return torch.Size(shape).numel()'''

MIX = '''\
def _mix(matrix: torch.Tensor, x: torch.Tensor) -> torch.Tensor:
    """A matrix on the channels of x, of shape (..., channels, points)."""
    return matrix.expand(*x.shape[:-2], -1, -1) @ x'''

APPLIED = '''\
def _applied(layer: object, x: torch.Tensor, inputs: list[list[int]]) -> torch.Tensor:
    """What a layer makes of rows, each of which is all its inputs, one after another; as rows."""
    parts = x.split([_points(shape) for shape in inputs], -1)
    given = [part.unflatten(-1, shape) for part, shape in zip(parts, inputs, strict=True)]
    y = layer(*given)
    return torch.cat([part.flatten(1) for part in (y if isinstance(y, tuple) else (y,))], 1)'''

MATRIX = '''\
def _matrix(layer: torch.nn.Module, inputs: list[list[int]]) -> torch.Tensor:
    """The full matrix over channels and points: what the layer makes of unit inputs, no bias.

    Where it has fewer rows than columns, it is the gradient of each output.
    """
    weight, columns = next(layer.parameters()), sum(map(_points, inputs))
    to = {"device": weight.device, "dtype": weight.dtype}
    rows = _applied(layer, weight.new_zeros(1, columns), inputs).shape[1]
    if rows < columns:
        with torch.enable_grad():
            x = torch.zeros(rows, columns, **to).requires_grad_()
            y = _applied(layer, x, inputs).diagonal()
        again = {"create_graph": torch.is_grad_enabled()}
        return torch.autograd.grad(y, x, torch.ones_like(y), **again)[0].conj()
    named = layer.named_parameters()
    zeros = {name: torch.zeros_like(p) for name, p in named if name.split(".")[0] == "bias"}
    units = torch.eye(columns + 1, columns, **to)
    y = _applied(lambda *x: torch.func.functional_call(layer, zeros, x), units, inputs)
    return (y[:-1] - y[-1]).T'''

FROZEN = '''\
def _frozen(
    module: torch.nn.Module, twin: torch.nn.Module, *zeros: torch.Tensor
) -> torch.nn.Module:
    """A twin that was made on meta, with all numbers of a module, in eval mode."""
    module(*zeros)  # so that hooks make the weights of today
    state = {}
    for name in twin.state_dict():
        value = module
        for part in name.split("."):
            value = getattr(value, part)
        state[name] = value.detach().clone()
    twin.load_state_dict(state, assign=True)
    return twin.eval().requires_grad_(False)'''

TAKE_NEAREST = '''\
def _take_nearest(
    layer: torch.nn.Module, twin: torch.nn.Module, matrix: torch.Tensor, *n: object
) -> None:
    """Set the weights to those whose full matrix is nearest to one, by a twin in double precision.

    The gradient in the direction of a matrix is the transpose of the map from weights to matrices.
    Conjugate gradients for the least squares start from the quotients of <T, matrix> and
    <T, sum of all maps>, which they leave as they are where no two maps T share an entry.
    """
    own, weights = (
        [w for name, w in module.named_parameters() if name.split(".")[0] == "weight"]
        for module in (layer, twin)
    )
    for weight in weights:
        weight.requires_grad_().fill_(1)
    with torch.enable_grad():
        whole = twin.dense_weight(*n)
    if matrix.shape != whole.shape:
        given, expected = tuple(matrix.shape), tuple(whole.shape)
        raise ValueError(f"given a matrix of shape {given}, expected {expected}")

    def transposed(given: torch.Tensor) -> torch.Tensor:
        options = {"retain_graph": True, "materialize_grads": True}
        parts = torch.autograd.grad(whole, weights, given.to(whole), **options)
        return torch.cat([part.flatten() for part in parts])

    def normal(flat: torch.Tensor) -> torch.Tensor:
        torch.nn.utils.vector_to_parameters(flat, weights)
        return transposed(twin.dense_weight(*n))

    wanted, scale = transposed(matrix), transposed(whole).real
    scale = torch.where(scale > 1e-9 * scale.sum(), scale, 1)
    solution, direction, before = wanted / scale, 0, 1
    residual, least = wanted - normal(solution), 1e-30 * wanted.vdot(solution).real
    for _ in range(4 * sum(map(len, weights)) + 99):
        size = residual.vdot(residual / scale).real
        if size <= least:
            break
        direction, before = residual / scale + size / before * direction, size
        image = normal(direction)
        step = size / direction.vdot(image).real
        solution, residual = solution + step * direction, residual - step * image
    torch.nn.utils.vector_to_parameters(solution, weights)
    for weight, nearest in zip(own, weights, strict=True):
        weight.copy_(nearest)'''

CELLS = '''\
def _cells(cells: torch.Tensor, spreads: int) -> torch.Tensor:
    """Weights (spreads x pools, out, in) as one matrix, (out x spreads, in x pools)."""
    blocks = cells.unflatten(0, (spreads, -1))
    return blocks.permute(2, 0, 3, 1).flatten(2).flatten(0, 1)'''

GATHERED = '''\
def _gathered(x: torch.Tensor, places: torch.Tensor) -> torch.Tensor:
    """Sums of the points of x at each row of places; the number behind the last point is none."""
    padded = torch.cat([x, x.new_zeros(*x.shape[:-1], 1)], -1)
    return padded.index_select(-1, places.flatten()).unflatten(-1, places.shape).sum(-1)'''

SHOWN = '''\
def _shown(codes: torch.Tensor, count: int, columns: int) -> torch.Tensor:
    """For each of the codes from 1 on, the matrix of ones where it stands; stacked along rows."""
    table = codes.view(-1, columns)
    return torch.cat([(table == number + 1).double() for number in range(count)])'''

BASIS = '''\
def _basis(codes: torch.Tensor, dimension: int) -> torch.Tensor:
    """A row a map: map k is 1 where the code is k + 1, and -1 where it is -(k + 1)."""
    number = torch.arange(1, dimension + 1, device=codes.device)
    return (codes == number[:, None]).float() - (codes == -number[:, None]).float()'''

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

# What a layer is as a matrix, and the layer of a matrix.
AFFINE = (MATRIX, APPLIED, FROZEN, TAKE_NEAREST)

ORDER = (
    FOLLOW, NUMBERS, PACKED, REALS, PACKED_REALS, WALKED, BASIS, SHOWN, CELLS, GATHERED, MIX,
    *AFFINE, CHANNELS, BY_FIELD, POINTS,
)  # fmt: skip


def called(text: str, known: Sequence[str]) -> str:
    """Those helpers that a text calls, directly or through others, in their order.

    >>> print(called("_points((2, 3))", ORDER).splitlines()[0])
    def _points(shape: tuple[int, ...]) -> int:
    """
    used: set[str] = set()
    while more := {h for h in known if h not in used and f"{defined(h)}(" in text + "".join(used)}:
        used |= more
    return "\n\n\n".join(helper for helper in known if helper in used)


def defined(helper: str) -> str:
    """The name of the function, or of the class."""
    return helper.split("(", 1)[0].removeprefix("def ").removeprefix("class ")
