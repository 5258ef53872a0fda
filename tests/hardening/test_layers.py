"""Emitted layers under random shapes."""

from itertools import product

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

import intertwine
from tests.hardening import random_groups as random
from tests.hardening.layers import TOLERANCE, Layer, assert_close
from tests.hardening.tally import examples, tried
from tests.solved import solved

pytestmark = pytest.mark.slow

torch.set_num_threads(1)

LISTED = [
    "alternating_matrices", "ammonia", "antisymmetric_matrices", "circulant", "cosets",
    "cross_polytope", "cube_gradient", "deepsets", "discrete_gradient", "edges_to_arcs",
    "exchangeable_matrix", "fano_plane", "graph_network",
    "hexagon_forces", "kekule_benzene", "maron_1_2", "maron_2_2_small",
    "negacyclic", "p4_lifting", "p4m_pooling", "p4m_projection", "parity_readout",
    "periodic_convolution", "petersen", "pmm_pixels", "quaternions", "rotated_vectors",
    "set_pooling", "signnet", "specht_module", "translation_pooling", "triads", "weight_space",
]  # fmt: skip
batches = st.lists(st.integers(0, 3), max_size=3).map(tuple)
LAYOUTS = ["channels_first", "channels_last"]


def strided(x, how):
    """The same numbers, at other places in memory."""
    if how == "sliced":
        wide = torch.zeros(*x.shape[:-1], 2 * x.shape[-1], dtype=x.dtype)
        wide[..., ::2] = x
        return wide[..., ::2]
    if how == "transposed":
        back = tuple(reversed(range(x.dim())))
        return x.permute(back).contiguous().permute(back)
    return x.unsqueeze(0).expand(3, *x.shape)[1]


def check(space, data):
    """Shapes, the dense matrix, and equivariance, on one random batch."""
    torch.manual_seed(data.draw(st.integers(0, 2**31)))
    dtype, batch = data.draw(st.sampled_from(list(TOLERANCE))), data.draw(batches)
    layer = Layer(
        space, dtype, data.draw(st.integers(1, 4)), *data.draw(st.tuples(*[st.booleans()] * 2))
    )
    x = layer.inputs(batch)
    y = layer(x)
    for found, side, count in zip(y, layer.targets, layer.outs, strict=True):
        assert (found.shape, found.dtype) == ((*batch, *layer.shape(side, count)), dtype)
        assert found.isfinite().all()
    how = data.draw(st.sampled_from(["sliced", "transposed", "expanded"]))
    assert_close(layer([strided(one, how) for one in x]), y, dtype)
    flat_x, flat_y = layer.rows(x, layer.sources), layer.rows(y, layer.targets)
    if layer.alike:
        still = layer.rows(layer([torch.zeros_like(one) for one in x]), layer.targets)
        expected = layer.through_dense(flat_x) + torch.cat(still, -1)
        assert_close([torch.cat(flat_y, -1)], [expected], dtype)
    for number in range(len(space.source.group.generators)):
        given_ = layer.fields(layer.turned(flat_x, layer.sources, number), layer.sources)
        expected = layer.turned(flat_y, layer.targets, number)
        assert_close(layer.rows(layer(given_), layer.targets), expected, dtype)
    tried(1, "batches")


@pytest.mark.parametrize("name", LISTED)
@examples(2)
@given(data=st.data())
@torch.no_grad()
def test_published_specs(name, data):
    """Specs of `specs/`: shapes, strides, the full matrix's product, and every generator."""
    check(solved(name, layout=data.draw(st.sampled_from(LAYOUTS))), data)


@st.composite
def random_specs(draw):
    """Random groups; sides whole or of fields, in either layout."""
    group = draw(random.groups(most=5))
    first, second, third, fourth = (draw(random.sides(group, most=12)).form for _ in range(4))
    source = draw(st.sampled_from([first, {"fields": {"a": first, "b": third}}]))
    target = draw(st.sampled_from([second, {"fields": {"c": second, "d": fourth}}]))
    layout = {"layout": draw(st.sampled_from(LAYOUTS))}
    return random.spec(group, source, target, layer=layout)


@examples(40)
@given(random_specs(), st.data())
@torch.no_grad()
def test_random_specs(spec, data):
    """Random groups, actions and fields: the same of their layers, made in memory."""
    check(intertwine.solve(spec), data)


@pytest.mark.parametrize("bias", [True, False])
def test_fields_without_any_map(bias):
    """Fields by matrices between which there is no map: zeros of the right shapes."""
    fields = {"fields": {"c": "standard", "d": {"tensor": ["sign", "standard"]}}}
    space = intertwine.solve(random.spec({"symmetric": 5}, "trivial", fields))
    layer = space.layer(2, 3, bias=bias)
    found = layer(torch.randn(6, 2, 1))
    assert [tuple(y.shape) for y in found] == [(6, 3, 4), (6, 3, 1, 4)]
    assert not any(y.any() for y in found)
    assert layer.load_state_dict(layer.state_dict()).missing_keys == []
    tried(1, "layers")


@examples(40)
@given(
    inside=st.integers(1, 2), outside=st.integers(0, 2), size=st.integers(3, 6),
    other=st.integers(1, 7), batch=batches, data=st.data(),
)  # fmt: skip
@torch.no_grad()
def test_any_size(inside, outside, size, other, batch, data):
    """Layers of S_n at another n: the full matrix's product, and renaming the points."""
    sides = ["trivial", "points", {"power": ["points", 2]}]
    space = intertwine.solve(random.spec({"symmetric": size}, sides[inside], sides[outside]))
    layer = space.layer(2, 3, bias=False, dtype=torch.float64)
    x = torch.randn(*batch, 2, *[other] * inside, dtype=torch.float64)
    y = layer(x)
    dense = layer.dense_weight(other).reshape(3, -1, 2, other**inside)
    rows = torch.einsum("oyix,...ix->...oy", dense, x.flatten(-inside))
    assert_close([y.flatten(-max(outside, 1))], [rows], torch.float64)
    order = torch.tensor(data.draw(st.permutations(range(other))))
    assert_close([layer(renamed(x, order, inside))], [renamed(y, order, outside)], torch.float64)
    tried(1, "batches")


def renamed(x, order, axes):
    for axis in range(1, axes + 1):
        x = x.index_select(-axis, order)
    return x


def wrong(layer, batch):
    """Inputs that do not fit: channels, points, axes, and fields of different batches."""
    x = layer.inputs(batch)
    for place, side in enumerate(layer.sources):
        axes = 1 + len(side.shape)
        shapes = [x[place].shape[:-axes] + s for s in resized(x[place].shape[-axes:])]
        shapes.append(x[place].shape[-axes:][1:])
        for shape in shapes:
            yield [*x[:place], torch.randn(shape).to(layer.dtype), *x[place + 1 :]]
        if len(x) > 1:
            for other in ((), (1, *batch), (*batch, 2), (7,), (1,)):
                if other != batch:
                    yield [*x[:place], layer.inputs(other)[place], *x[place + 1 :]]


def resized(shape):
    for place, step in product(range(len(shape)), (-1, 1)):
        yield torch.Size(s + step * (k == place) for k, s in enumerate(shape))


@examples(40)
@given(random_specs(), st.sampled_from([(), (2,), (2, 3)]))
@torch.no_grad()
def test_wrong_shapes(spec, batch):
    """Inputs of wrong shapes are refused, never broadcast."""
    layer = Layer(intertwine.solve(spec), torch.float32, 2)
    for x in wrong(layer, batch):
        refused(layer, x)
        tried(1, "inputs")


@pytest.mark.parametrize("name", [n for n in LISTED if n not in {"parity_readout"}])
@torch.no_grad()
def test_wrong_shapes_of_published_specs(name):
    """The same of specs in `specs/`, where sizes are free only along the axes of sets."""
    layer = Layer(solved(name), torch.float32, 2)
    free = "Any size:" in type(layer.module).__doc__
    for x in wrong(layer, (2,)):
        if not free or {one.shape[0] for one in x} != {2}:
            refused(layer, x)
            tried(1, "inputs")


def refused(layer, x):
    with pytest.raises((ValueError, RuntimeError)) as error:
        y = layer(x)
        pytest.fail(f"{[tuple(one.shape) for one in x]} gave {[tuple(one.shape) for one in y]}")
    assert str(error.value)
