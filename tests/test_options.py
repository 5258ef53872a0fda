"""Every key of `layer:` times every kind of layer: obeyed, with the effect it has, or refused.

Matrices of generators, places and supports are written out here from their definitions; the maps
that a layer may have are the nullspace of dense constraints.
"""

import contextlib
import io
from functools import cache
from itertools import product

import numpy as np
import pytest
import torch

from intertwine import SpecError, solve
from intertwine.options import OPTIONS
from intertwine.plan.strategy.convolution import Convolution
from intertwine.plan.strategy.diagrams import SizePlan
from intertwine.plan.strategy.expand import Expansion
from intertwine.plan.strategy.small_sets import SmallSets
from intertwine.show.drawing import drawing_of
from intertwine.show.why import why
from intertwine.spec.layer_forms import Layer
from tests.solved import imported
from tests.verify.direct import verified

N = 8
VECTORS = {"tensor": ["points", "vector"]}
SIGNED = {"tensor": ["ring", "two.sign"]}
FIELDS = {"fields": {"a": "points", "v": VECTORS}}
TIMES = {"product": {"ring": {"cyclic": N}, "two": {"symmetric": 2}}}
# The group, the input and the output of each kind of layer.
KINDS = {
    "any size": ({"symmetric": 4}, "points", "points"),
    "one size": ({"cyclic": N}, "points", "points"),
    "signed": (TIMES, SIGNED, SIGNED),
    "fields": ({"cyclic": N}, {"fields": {"a": "points", "b": "points"}}, "points"),
    "matrices": ({"cyclic": N}, VECTORS, VECTORS),
    "mirrors": ({"dihedral": 7}, VECTORS, VECTORS),
    "from matrices": ({"cyclic": N}, VECTORS, "points"),
    "fields of matrices": ({"cyclic": N}, FIELDS, "points"),
}  # fmt: skip
RADIUS = {"support": {"radius": 1}}
ENDS = {**RADIUS, "boundary": "zeros"}
VALUES = {
    "class_name": {"class_name": "Other"},
    "bias": {"bias": False},
    "layout": {"layout": "channels_last"},
    "strategy: expand": {"strategy": "expand"},
    "strategy: factor": {"strategy": "factor"},
    "strategy: convolve": {"strategy": "convolve"},
    "support: radius": RADIUS,
    "support: orbitals": {"support": {"orbitals": [1, 0]}},
    "boundary: zeros": ENDS,
    "init: correlated": {"init": "correlated"},
    "normalize: sum": {"normalize": "sum"},
}
FIXED = [kind for kind in KINDS if kind != "any size"]
STACKED = ["matrices", "mirrors", "from matrices", "fields of matrices"]
MANY = ["fields", "fields of matrices"]
# Which kinds refuse which values; the others obey.
REFUSED = {
    "strategy: factor": ["signed", *STACKED],
    "strategy: convolve": ["any size", *STACKED],
    "support: radius": ["any size"],
    "support: orbitals": MANY,
    "boundary: zeros": ["any size", *MANY],
    "init: correlated": ["signed", "matrices", "mirrors", "from matrices"],
    "normalize: sum": FIXED,
}
TABLE = [*product(KINDS, VALUES)]
OBEYED = [(k, v) for k, v in TABLE if k not in REFUSED.get(v, [])]
SUPPORTED = ["one size", "signed", "matrices", "mirrors", "from matrices"]


def spec_of(kind, layer):
    group, source, target = KINDS[kind]
    return {"name": "one", "group": group, "input": source, "output": target, "layer": layer}


@cache
def space_of(kind, value=None):
    return solve(spec_of(kind, VALUES[value] if value else {}))


def layer_of(space, outs=1, ins=1, **options):
    torch.manual_seed(0)
    return space.layer(outs, ins, dtype=torch.float64, **options)


def maps_of(space):
    """The dense maps of all unit weights, an array (maps, rows, columns)."""
    layer = layer_of(space)
    found = []
    for number in range(len(layer.weight)):
        with torch.no_grad():
            layer.weight.zero_()
            layer.weight[number] = 1
            dense = layer.dense_weight()
        found.append(dense.numpy().reshape(space.target.dimension, space.source.dimension))
    return np.array(found).reshape(-1, space.target.dimension, space.source.dimension)


# The oracle: generators, places and supports from their definitions.


def turn(angle):
    return np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])


def cycle(n):
    return np.roll(np.eye(n), 1, axis=0)


def mirror(n):
    return np.eye(n)[(-np.arange(n)) % n]


def generators(kind):
    """The matrices of some generators on output and input, and how many coordinates a point has."""
    n = 7 if kind == "mirrors" else N
    shift, turned = cycle(n), np.kron(cycle(n), turn(2 * np.pi / n))
    flipped = np.kron(mirror(n), np.diag([1.0, -1.0]))
    both = {
        "one size": ([shift], [shift], 1, 1),
        "signed": ([shift, -np.eye(n)], [shift, -np.eye(n)], 1, 1),
        "matrices": ([turned], [turned], 2, 2),
        "mirrors": ([turned, flipped], [turned, flipped], 2, 2),
        "from matrices": ([shift], [turned], 1, 2),
    }
    return (n, *both[kind])


def allowed(kind, zeros):
    """An orthonormal basis of the maps within radius 1, and then without what passes an end."""
    n, lefts, rights, tall, wide = generators(kind)
    rows, columns = np.arange(n * tall) // tall, np.arange(n * wide) // wide
    gap = np.abs(rows[:, None] - columns)
    near = np.minimum(gap, n - gap) <= 1
    size = near.size
    constraints = [
        np.kron(left, np.eye(n * wide)) - np.kron(np.eye(n * tall), right.T)
        for left, right in zip(lefts, rights, strict=True)
    ]
    constraints.append(np.eye(size)[~near.ravel()])
    _, values, vectors = np.linalg.svd(np.concatenate(constraints))
    kernel = vectors[int((values > 1e-9).sum()) :]
    return np.linalg.qr((kernel * (gap <= 1).ravel()).T)[0].T if zeros else kernel


def assert_spans(maps, kernel):
    """The maps are independent and span what the rows of the kernel do."""
    flat = maps.reshape(len(maps), -1)
    assert len(flat) == len(kernel) == np.linalg.matrix_rank(flat)
    np.testing.assert_allclose(flat @ kernel.T @ kernel, flat, atol=1e-12)


@pytest.mark.parametrize("kind", MANY)
@pytest.mark.parametrize("value", ["support: radius", None])
def test_between_fields_each_block_is_the_layer_of_its_own(kind, value):
    group, source, target = KINDS[kind]
    space = space_of(kind, value)
    layer = layer_of(space)
    first = 0
    whole = layer.dense_weight().detach()
    for name, field in source["fields"].items():
        spec = {"name": "one", "group": group, "input": field, "output": target}
        alone = solve({**spec, "layer": VALUES[value] if value else {}})
        block = layer_of(alone)
        weight = layer.weight[f"output__{name}"]
        assert weight.shape == block.weight.shape
        block.load_state_dict({"weight": weight.detach(), "bias": block.bias.detach()})
        size = alone.source.dimension
        expected = block.dense_weight().detach().reshape(1, -1, 1, size)
        torch.testing.assert_close(whole[..., first : first + size], expected)
        first += size
    assert first == whole.shape[-1]


# The table


def test_every_key_stands_in_the_table():
    assert set(OPTIONS) == set(Layer.model_fields)
    assert {value.split(":")[0] for value in VALUES} == set(Layer.model_fields)


@pytest.mark.parametrize(("value", "kind"), [(v, k) for v, kinds in REFUSED.items() for k in kinds])
def test_what_a_layer_would_not_obey_is_refused_by_its_key(value, kind):
    key = value.split(":")[0]
    with pytest.raises(SpecError) as error:
        solve(spec_of(kind, VALUES[value])).plan  # noqa: B018
    said = str(error.value)
    # A boundary stands beside a support, which is refused first.
    assert f"{key}: " in said or f"layer.{key}: " in said or key == "boundary"
    assert "support" in said or "boundary: zeros beside fields" in said or key != "boundary"
    assert "\n" not in said


@pytest.mark.parametrize(("kind", "value"), OBEYED)
def test_the_page_of_what_is_obeyed_is_proved_and_commutes(kind, value, tmp_path):
    path = space_of(kind, value).emit(tmp_path)
    verified(path)
    with contextlib.redirect_stdout(io.StringIO()):
        assert imported(path).equivariance_residual() < 1e-9


@pytest.mark.parametrize("kind", KINDS)
def test_defaults_that_are_written_out_are_harmless(kind):
    usual = {
        "bias": True, "strategy": "auto", "support": {}, "boundary": "periodic",
        "init": "independent", "normalize": "mean", "layout": "channels_first",
    }  # fmt: skip
    page = solve(spec_of(kind, usual)).page
    lines = [line for line in page.splitlines() if "from sha256" not in line]
    assert lines == [x for x in space_of(kind).page.splitlines() if "from sha256" not in x]


@pytest.mark.parametrize("kind", KINDS)
def test_names_and_biases(kind):
    assert type(layer_of(space_of(kind, "class_name"))).__name__ == "Other"
    assert layer_of(space_of(kind, "bias")).bias is None
    assert layer_of(space_of(kind)).bias is not None


@pytest.mark.parametrize("kind", KINDS)
def test_a_layout_moves_the_channels(kind):
    first, last = layer_of(space_of(kind), 2, 3), layer_of(space_of(kind, "layout"), 2, 3)
    last.load_state_dict(first.state_dict())
    x = [
        torch.randn(5, 2, *a.shape, dtype=torch.float64)
        for a in space_of(kind).form.sources.values()
    ]
    torch.testing.assert_close(last(*(a.movedim(1, -1) for a in x)).movedim(-1, 1), first(*x))


@pytest.mark.parametrize("strategy", ["expand", "factor", "convolve"])
@pytest.mark.parametrize("kind", KINDS)
def test_a_strategy_is_taken_and_changes_no_function(kind, strategy):
    if kind in REFUSED.get(f"strategy: {strategy}", []):
        return
    space = space_of(kind, f"strategy: {strategy}")
    if isinstance(space.plan, SizePlan):
        assert space.plan.expand == (strategy == "expand")
    else:
        kinds = {"expand": Expansion, "factor": SmallSets, "convolve": Convolution}
        assert all(type(block.route) is kinds[strategy] for block in space.plan.blocks)
    usual, asked = layer_of(space_of(kind), 2, 3), layer_of(space, 2, 3)
    asked.load_state_dict(usual.state_dict())
    x = [torch.randn(5, 2, *a.shape, dtype=torch.float64) for a in space.form.sources.values()]
    torch.testing.assert_close(asked(*x), usual(*x))


def test_a_strategy_beside_a_support():
    for kind in SUPPORTED:
        near = space_of(kind, "boundary: zeros")
        layer = {**ENDS, "strategy": "expand"}
        expanded = solve(spec_of(kind, layer))
        assert expanded.plan.route is None
        np.testing.assert_allclose(maps_of(expanded), maps_of(near), atol=1e-12)
        with pytest.raises(SpecError, match="strategy: factor"):
            solve(spec_of(kind, {**RADIUS, "strategy": "factor"})).plan  # noqa: B018
    with pytest.raises(SpecError, match="strategy: factor beside a support"):
        solve(spec_of("one size", {**RADIUS, "strategy": "factor"})).plan  # noqa: B018
    assert type(space_of("one size", "support: radius").plan.route) is Convolution


@pytest.mark.parametrize("zeros", [False, True])
@pytest.mark.parametrize("kind", SUPPORTED)
def test_a_radius_keeps_the_maps_that_vanish_outside(kind, zeros):
    space = space_of(kind, "boundary: zeros" if zeros else "support: radius")
    kernel = allowed(kind, zeros)
    assert_spans(maps_of(space), kernel)
    assert space.plan.dimension == len(kernel) == space.maps.dimension < space.dimension
    assert f"Support: {len(kernel)} of these maps." in space.page
    x = torch.randn(4, 1, *space.source.shape, dtype=torch.float64)
    layer = layer_of(space, bias=False)
    flat = layer.dense_weight().reshape(space.target.dimension, -1)
    y = x.reshape(4, -1) @ flat.T
    torch.testing.assert_close(layer(x).reshape(4, -1), y)


def test_twelve_vectors_on_a_circle_keep_twelve_of_48():
    layer = {"support": {"radius": 1}}
    spec = {"name": "one", "group": {"cyclic": 12}, "input": VECTORS, "output": VECTORS}
    space = solve({**spec, "layer": layer})
    assert (space.dimension, space.plan.dimension, len(layer_of(space).weight)) == (48, 12, 12)


@pytest.mark.parametrize("kind", ["any size", *SUPPORTED])
def test_orbitals_keep_the_maps_of_these_numbers(kind):
    some = [0, 1] if kind == "any size" else [0, 2]
    layer = {"support": {"orbitals": some[::-1]}}
    whole = [m.toarray() for m in space_of(kind).basis()]
    np.testing.assert_allclose(
        maps_of(solve(spec_of(kind, layer))), [whole[k] for k in some], atol=1e-12
    )
    none = solve(spec_of(kind, {"support": {"orbitals": []}}))
    assert len(layer_of(none).weight) == 0
    assert not layer_of(none).dense_weight().any()
    with pytest.raises(SpecError, match="orbital 999"):
        solve(spec_of(kind, {"support": {"orbitals": [999]}})).plan  # noqa: B018


@pytest.mark.parametrize("kind", ["any size", "one size", *MANY])
def test_first_weights_for_equal_inputs_keep_their_size(kind):
    """The variance of a point is the sum over maps of var(w) (row sum)^2, for unit variance."""
    space = space_of(kind, "init: correlated")
    layer = layer_of(space, bias=False)
    torch.manual_seed(0)
    sources = space.form.sources.values()
    equal = [torch.full((1, 1, *a.shape), float(not a.linear)).double() for a in sources]
    draws = []
    for _ in range(4000):
        layer.reset_parameters()
        draws.append(layer(*equal).detach().numpy().ravel())
    expected = 1.0
    if kind == "fields of matrices":  # vectors are zero here: the share of the maps from points
        blocks = {block.source: block.dimension for block in space.plan.blocks}
        expected = blocks["a"] / sum(blocks.values())
    np.testing.assert_allclose(np.var(draws, axis=0), expected, rtol=0.15)


def test_sums_are_not_divided():
    mean, total = space_of("any size"), space_of("any size", "normalize: sum")
    for space, scale in ((mean, 4), (total, 1)):
        maps = maps_of(space)
        wanted = [np.eye(4), np.ones((4, 4)) / scale]
        assert sorted(m.sum() for m in maps) == sorted(m.sum() for m in wanted)


@pytest.mark.parametrize("value", ["support: radius", "support: orbitals", "boundary: zeros"])
@pytest.mark.parametrize("kind", SUPPORTED)
def test_what_a_support_keeps_is_drawn_and_told(kind, value):
    space = space_of(kind, value)
    drawing = drawing_of(space)
    assert drawing.dimension == space.plan.dimension
    seen = np.abs(drawing.weight.codes) > 0
    np.testing.assert_array_equal(seen, np.abs(maps_of(space)).max(axis=0) > 1e-9)
    far = 3 * space.source.dimension // (7 if kind == "mirrors" else N)
    lines = list(why(space, f"0,{far}", "0,0"))
    assert lines[0].endswith("is 0 whatever the weights")
    assert (
        lines[-1]
        == "no word ties entries that the layer's support or the ends of its grid leave out"
    )
