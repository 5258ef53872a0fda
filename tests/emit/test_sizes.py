"""Emitted layers of any size, against Fractions, full matrices, and all that PyTorch may do."""

import contextlib
import copy
import io
import itertools
import math
import pickle
import sys
from fractions import Fraction

import numpy as np
import pytest
import torch
from torch.func import functional_call, vmap

from intertwine import from_dense, solve
from tests.partitions import exact_block, matrix, points_averaged, strings
from tests.solved import ANY_SIZE, imported, solved, thinned

torch.set_num_threads(1)  # Two workers of pytest-xdist share two cores.

SIZES = (1, 2, 3, 5, 17, 64)
MOST_ENTRIES = 1 << 24
# One of each kind of page: one group, several fields, products, fixed axes, an invariant.
KINDS = ["deepsets", "maron_2_2", "graph_network", "exchangeable_matrix", "social_network",
         "weight_space", "graph_pooling", "images"]  # fmt: skip
FIRST = {"layout": "channels_first"}
# Fixed axes beside several that move, in different places of input and output.
IMAGES = {
    "name": "images",
    "group": {"symmetric": 4},
    "input": {"tensor": [{"trivial": 2}, {"power": ["points", 2]}]},
    "output": {"tensor": ["points", {"trivial": 3}, "points"]},
}
WAYS = [{}, {"normalize": "sum"}, {"layout": "channels_last"}, {"strategy": "expand"}]

# Variances of initial weights are fractions whose numerators or denominators pass 64 bits.
HUGE = [
    ({"symmetric": 100_000}, {"power": ["points", 4]}, "points"),
    (
        {"product": {"u": {"symmetric": 10**5}, "v": {"symmetric": 10**5}}},
        {"tensor": ["u", "v", "u", "v"]},
        {"tensor": ["u", "v"]},
    ),
    (
        {"symmetric": 70_000},
        {"fields": {"a": {"power": ["points", 4]}, "b": "points"}},
        {"fields": {"c": "points"}},
    ),
]

named = pytest.mark.parametrize("name", [*ANY_SIZE, "images"])
kinds = pytest.mark.parametrize("kind", KINDS)
ways = pytest.mark.parametrize("way", WAYS, ids=["mean", "sum", "last", "expand"])
some = pytest.mark.parametrize("name", thinned([*ANY_SIZE, "images"], 2))


@pytest.fixture(scope="session")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("pages")


def space_of(name, way=()):
    """A solved spec, its layer's channels first unless `way` has options."""
    options = FIRST | dict(way)
    return solve(IMAGES | {"layer": options}) if name == "images" else solved(name, **options)


def made(name, in_channels=2, out_channels=3, way=(), dtype=torch.float64, **options):
    """A layer with random weights and biases."""
    torch.manual_seed(0)
    layer = space_of(name, way).layer(in_channels, out_channels, dtype=dtype, **options)
    return randomized(layer)


@torch.no_grad()
def randomized(layer, whole=False):
    for parameter in layer.parameters():
        parameter.copy_(torch.randint(-4, 5, parameter.shape)) if whole else parameter.normal_()
    return layer


def page(layer):
    return sys.modules[type(layer).__module__]


def larger(layer, extra):
    """Sizes of each factor: the first is `extra` larger than the spec's, the second one more..."""
    return {name: size + extra + k for k, (name, size) in enumerate(page(layer).SIZES.items())}


def alike(layer, n):
    """Sizes of each factor that are about n: n, n + 1, ..."""
    return {name: n + k for k, name in enumerate(page(layer).SIZES)}


def as_given(sizes):
    """What `dense_weight` takes: a number where there is one group."""
    return sizes["n"] if set(sizes) == {"n"} else sizes


def shapes_of(layer, sizes, side="INPUTS"):
    return {
        name: tuple(sizes.get(axis, axis) for axis in axes)
        for name, axes in getattr(page(layer), side).items()
    }


def width(channels, name):
    return channels[name] if isinstance(channels, dict) else channels


def inputs_of(layer, sizes, batch=(), dtype=None):
    """A random input for each field, channels first."""
    dtype = dtype or next(layer.parameters()).dtype
    return [
        torch.randn(*batch, width(layer.in_channels, name), *shape, dtype=dtype)
        for name, shape in shapes_of(layer, sizes).items()
    ]


def laid(x, shapes, way, back=False):
    """Tensors with channels where the layout has them."""
    if dict(way).get("layout") != "channels_last":
        return list(x)
    places = [(-len(s) - 1, -1) for s in shapes.values()]
    moves = [p[::-1] if back else p for p in places]
    return [a.movedim(*move) for a, move in zip(x, moves, strict=True)]


def outputs_of(layer, x, sizes, way=(), **options):
    """The outputs of a layer, channels first, whatever its layout."""
    y = layer(*laid(x, shapes_of(layer, sizes), way), **options)
    parts = y if isinstance(y, tuple) else (y,)
    return laid(parts, shapes_of(layer, sizes, "OUTPUTS"), way, back=True)


def joined(layer, parts):
    """All outputs as one vector a batch element."""
    axes = page(layer).OUTPUTS.values()
    parts = parts if isinstance(parts, tuple | list) else (parts,)
    return torch.cat([p.flatten(-len(a) - 1) for p, a in zip(parts, axes, strict=True)], -1)


def block_of(layer, target, source, sizes):
    """The full matrix between two fields: (out, *output, in, *input)."""
    whole = layer.dense_weight(as_given(sizes)).detach()
    if not isinstance(layer.weight, torch.nn.ParameterDict):
        return whole
    for axis, fields, name in ((1, "OUTPUTS", target), (3, "INPUTS", source)):
        shapes = shapes_of(layer, sizes, fields)
        parts = whole.split([torch.Size(shape).numel() for shape in shapes.values()], axis)
        whole = dict(zip(shapes, parts, strict=True))[name]
    outputs = shapes_of(layer, sizes, "OUTPUTS")[target]
    return whole.reshape(len(whole), *outputs, whole.shape[2], *shapes[source])


def weight_of(layer, target, source):
    many = isinstance(layer.weight, torch.nn.ParameterDict)
    return (layer.weight[f"{target}__{source}"] if many else layer.weight).detach()


def bias_of(layer, target):
    return (layer.bias[target] if isinstance(layer.bias, torch.nn.ParameterDict) else
            layer.bias).detach()  # fmt: skip


def exact_bias(layer, target, axes, sizes):
    """The bias as a tensor (out, *output), from integers."""
    whole = bias_of(layer, target)[..., None].long().numpy()
    value = exact_block(whole, axes, (), sizes, mean=False)[..., 0]
    return torch.from_numpy(value.astype(np.float64))


def entries(layer, sizes):
    fields = [[math.prod(s) for s in shapes_of(layer, sizes, side).values()]
              for side in ("INPUTS", "OUTPUTS")]  # fmt: skip
    return sum(fields[0]) * sum(fields[1])


# What it computes


@pytest.mark.parametrize("normalize", ["mean", "sum"])
@some
def test_the_dense_weight_is_exact(name, normalize):
    layer = randomized(made(name, 1, 2, {"normalize": normalize}), whole=True)
    for n in (1, 2, 3):
        sizes = alike(layer, n)
        for target, source in itertools.product(page(layer).OUTPUTS, page(layer).INPUTS):
            found = block_of(layer, target, source, sizes)
            axes = page(layer).OUTPUTS[target], page(layer).INPUTS[source]
            weight = weight_of(layer, target, source).long().numpy()
            expected = exact_block(weight, *axes, sizes, normalize == "mean")
            assert found.shape == expected.shape
            difference = expected.astype(np.float64) - found.numpy()
            # All powers of n are powers of 2 where all sizes are.
            dyadic = normalize == "sum" or all(size in (1, 2, 4) for size in sizes.values())
            assert np.abs(difference).max(initial=0) <= (0 if dyadic else 1e-13)


@ways
@some
def test_one_file_serves_every_size(name, way, folder):
    space = space_of(name, way)
    path = space.emit(folder / "-".join(way.values()))
    layer_class = getattr(imported(path), space.plan.labels.class_name)
    torch.manual_seed(0)
    most = MOST_ENTRIES // (64 if "strategy" in way else 1)
    served = []
    for n in SIZES:
        channels = (2, 3) if n < 17 else (1, 1)
        layer = randomized(layer_class(*channels, dtype=torch.float64), whole=True)
        sizes = alike(layer, n)
        if entries(layer, sizes) > most:
            continue
        x = inputs_of(layer, sizes, (2,))
        y = outputs_of(layer, x, sizes, way)
        for (target, axes), value in zip(page(layer).OUTPUTS.items(), y, strict=True):
            expected = exact_bias(layer, target, axes, sizes).expand(value.shape)
            for source, given in zip(page(layer).INPUTS, x, strict=True):
                dense = block_of(layer, target, source, sizes).flatten(len(axes) + 1)
                expected = expected + (given.flatten(1) @ dense.flatten(0, -2).T).view(value.shape)
            torch.testing.assert_close(value, expected, rtol=1e-11, atol=1e-11 * n)
        served.append(n)
    assert served[:3] == [1, 2, 3]
    assert served == list(SIZES) or entries(layer, sizes) > most


@named
def test_where_no_dense_matrix_fits_it_computes_the_plan(name):
    layer = made(name, 1, 2)
    plan = space_of(name).plan
    sizes = alike(layer, 17)
    x = inputs_of(layer, sizes, (1,))
    (source_names, target_names) = (
        {s: s if plan.labels.fields else "x" for s in plan.inputs},
        {t: f"y_{t}" if plan.labels.fields else "y" for t in plan.outputs},
    )
    weights = {
        (target_names[b.target], source_names[b.source]): weight_of(
            layer, b.target, b.source
        ).numpy()
        for b in plan.blocks
    }
    biases = {v: bias_of(layer, t).numpy() for t, v in target_names.items()}
    inputs = dict(zip(source_names.values(), (a.numpy() for a in x), strict=True))
    y = outputs_of(layer, x, sizes)
    found = plan.program.run(inputs, weights, biases)
    for value, own in zip(y, found.values(), strict=True):
        torch.testing.assert_close(value, torch.from_numpy(own), rtol=1e-11, atol=1e-10)


def decoded(letters, names):
    """The diagram of letters, checked to be a growth string that ties axes of one factor."""
    plain = letters.replace(" ", "")
    string = tuple(sorted(set(plain)).index(letter) for letter in plain)
    assert string in strings(names)
    return string


@pytest.mark.parametrize("normalize", ["mean", "sum"])
@pytest.mark.parametrize("name", ["deepsets", "maron_1_2", "maron_2_1", "maron_2_2",
                                  "exchangeable_matrix", "user_pooling"])  # fmt: skip
def test_a_weight_multiplies_its_diagram(name, normalize):
    layer = made(name, 1, 1, {"normalize": normalize}, bias=False)
    (target,), (source,) = page(layer).OUTPUTS.values(), page(layer).INPUTS.values()
    for sizes in (alike(layer, 3), alike(layer, 4)):
        points = [sizes[axis] for axis in target + source]
        x = torch.eye(math.prod(points[len(target) :]), dtype=torch.float64)
        x = x.unflatten(1, (1, *points[len(target) :]))
        for k, letters in enumerate(page(layer).DIAGRAMS):
            with torch.no_grad():
                layer.weight.zero_()
                layer.weight[k] = 1
            string = decoded(letters, target + source)
            over = points_averaged(string, len(target), points) if normalize == "mean" else 1
            expected = torch.from_numpy(matrix(string, points) / over)
            dense = layer.dense_weight(as_given(sizes)).detach()
            assert dense.shape == (1, *points[: len(target)], 1, *points[len(target) :])
            assert torch.equal(dense.reshape(expected.shape), expected)
            columns = layer(x).squeeze(1).movedim(0, -1)
            torch.testing.assert_close(columns.reshape(expected.shape), expected)


@ways
@named
def test_a_page_is_equivariant_at_several_sizes(name, way):
    layer = made(name, way=way)
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        residual = page(layer).equivariance_residual()
    assert residual < 1e-9
    assert printed.getvalue().count("residual") == 3


# Masks


def padded_case(layer, batch, most, seed=0):
    """Samples of different sizes: each alone, and all in one batch with NaN at scattered padding.

    Gives the padded inputs, the masks by factor, and for each sample its inputs and its places.
    """
    random = np.random.default_rng(seed)
    shapes = shapes_of(layer, most)
    dtype = next(layer.parameters()).dtype
    full = [torch.full((batch, width(layer.in_channels, f), *s), math.nan, dtype=dtype)
            for f, s in shapes.items()]  # fmt: skip
    masks = {f: torch.zeros(batch, n, dtype=torch.bool) for f, n in most.items()}
    samples = []
    for sample in range(batch):
        kept = {}
        for factor, n in most.items():
            count = int(random.integers(1, n + 1))
            kept[factor] = torch.from_numpy(np.sort(random.permutation(n)[:count]))
            masks[factor][sample, kept[factor]] = True
        alone = inputs_of(layer, {factor: len(places) for factor, places in kept.items()})
        for whole, own, axes in zip(full, alone, page(layer).INPUTS.values(), strict=True):
            whole[sample][places_of(whole[sample], axes, kept)] = own
        samples.append((alone, kept))
    return full, masks, samples


def places_of(x, axes, kept):
    """The index of the points that are no padding, on (channels, axes...)."""
    points = [kept.get(axis, torch.arange(n)) for axis, n in zip(axes, x.shape[1:], strict=True)]
    return torch.meshgrid(torch.arange(len(x)), *points, indexing="ij")


def as_mask(masks):
    return masks["n"] if set(masks) == {"n"} else masks


@pytest.mark.parametrize("way", WAYS[:3], ids=["mean", "sum", "last"])
@named
def test_a_padded_batch_gives_what_each_would_alone(name, way):
    layer = made(name, way=way)
    most = alike(layer, 4)
    full, masks, samples = padded_case(layer, 5, most)
    y = outputs_of(layer, full, most, way, mask=as_mask(masks))
    for sample, (alone, kept) in enumerate(samples):
        sizes = {factor: len(places) for factor, places in kept.items()}
        expected = outputs_of(layer, alone, sizes, way)
        for value, own, axes in zip(y, expected, page(layer).OUTPUTS.values(), strict=True):
            zeros = torch.zeros_like(value[sample])
            zeros[places_of(zeros, axes, kept)] = own
            torch.testing.assert_close(value[sample], zeros, rtol=1e-12, atol=1e-12)
            padding = torch.ones_like(zeros, dtype=torch.bool)
            padding[places_of(zeros, axes, kept)] = False
            assert (value[sample][padding] == 0).all()


@kinds
def test_a_mask_that_keeps_all_does_nothing(kind):
    layer = made(kind)
    sizes = larger(layer, 1)
    x = inputs_of(layer, sizes, (2, 3))
    masks = {f: torch.ones(2, 3, n, dtype=torch.bool) for f, n in sizes.items()}
    torch.testing.assert_close(
        joined(layer, layer(*x, mask=as_mask(masks))), joined(layer, layer(*x))
    )
    one = {f: torch.ones(n, dtype=torch.bool) for f, n in sizes.items()}
    alone = [a[0, 0] for a in x]
    torch.testing.assert_close(
        joined(layer, layer(*alone, mask=as_mask(one))), joined(layer, layer(*alone))
    )


@pytest.mark.parametrize("kind", ["exchangeable_matrix", "social_network"])
def test_one_factor_may_be_masked_and_the_other_not(kind):
    layer = made(kind)
    sizes = alike(layer, 4)
    x = inputs_of(layer, sizes, (2,))
    for factor, n in sizes.items():
        mask = torch.tensor([[True, True, False] + [True] * (n - 3)] * 2)
        others = {f: torch.ones(2, m, dtype=torch.bool) for f, m in sizes.items() if f != factor}
        found = layer(*x, mask={factor: mask})
        assert torch.equal(
            joined(layer, found), joined(layer, layer(*x, mask={factor: mask, **others}))
        )
        assert not torch.equal(joined(layer, found), joined(layer, layer(*x)))


@pytest.mark.parametrize("kind", ["deepsets", "maron_2_2", "graph_pooling"])
def test_a_sample_of_padding_alone_gives_zeros_and_its_invariants_the_bias(kind):
    layer = made(kind)
    (shape,) = shapes_of(layer, {"n": 3}).values()
    x = torch.full((2, 2, *shape), math.nan, dtype=torch.float64)
    x[0] = 1.0
    y = layer(x, torch.tensor([[True] * 3, [False] * 3]))
    bias = layer.bias.T if kind == "graph_pooling" else torch.zeros_like(y[1])
    torch.testing.assert_close(y[1], bias)
    torch.testing.assert_close(y[0], layer(x[0]))
    y.square().sum().backward()
    assert all(parameter.grad.isfinite().all() for parameter in layer.parameters())


@kinds
def test_padding_has_no_gradient_and_harms_none(kind):
    layer = made(kind)
    most = alike(layer, 4)
    full, masks, samples = padded_case(layer, 4, most)
    x = [a.clone().requires_grad_() for a in full]
    joined(layer, layer(*x, mask=as_mask(masks))).square().sum().backward()
    by_mask = {name: p.grad.clone() for name, p in layer.named_parameters()}
    for whole, given in zip(x, full, strict=True):
        assert (whole.grad[given.isnan()] == 0).all()
        assert whole.grad.isfinite().all()
    layer.zero_grad()
    sum(joined(layer, layer(*alone)).square().sum() for alone, _ in samples).backward()
    for name, parameter in layer.named_parameters():
        torch.testing.assert_close(by_mask[name], parameter.grad)


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16, torch.float16])
@kinds
def test_a_masked_batch_keeps_the_type(kind, dtype):
    layer = made(kind, dtype=dtype)
    full, masks, _ = padded_case(layer, 3, alike(layer, 4))
    y = joined(layer, layer(*full, mask=as_mask(masks)))
    assert y.dtype == dtype
    exact = made(kind)
    exact.load_state_dict(layer.state_dict())
    expected = joined(exact, exact(*(a.double() for a in full), mask=as_mask(masks)))
    close = 1e-5 if dtype == torch.float32 else 0.03
    assert (y - expected).abs().max() <= close * max(expected.abs().max(), 1)


# From and to full matrices


@pytest.mark.parametrize("normalize", ["mean", "sum"])
@pytest.mark.parametrize("name", ANY_SIZE[::4])
def test_from_dense_inverts_dense_weight(name, normalize):
    way = {"normalize": normalize}
    layer, other = made(name, 1, 2, way), made(name, 1, 2, way)
    plan = space_of(name).plan
    most = max(len(t.names + s.names) for t in plan.outputs.values() for s in plan.inputs.values())
    enough = min(most, 5) + (most == 6)
    for n in (1, 2, 3, enough, *([enough + 1] if most < 6 else [])):
        randomized(other)
        given = as_given(alike(layer, n))
        dense = layer.dense_weight(given).detach()
        assert from_dense(other, dense, given) is other
        torch.testing.assert_close(other.dense_weight(given).detach(), dense)
        if n >= most:
            torch.testing.assert_close(weights_of(other), weights_of(layer))
    assert n >= most


def weights_of(layer):
    return {name: p.detach() for name, p in layer.named_parameters() if name[:6] == "weight"}


@pytest.mark.parametrize("name", ANY_SIZE[::2])
def test_from_dense_takes_the_nearest_equivariant_map(name):
    space = space_of(name)
    layer = made(name, 2, 1)
    rows, columns = space.target.dimension, space.source.dimension
    dense = torch.randn(layer.dense_weight().shape, dtype=torch.float64)
    from_dense(layer, dense)
    found = layer.dense_weight().detach().reshape(1, rows, 2, columns)
    for channel in range(2):
        given = dense.reshape(1, rows, 2, columns)[0, :, channel].numpy()
        np.testing.assert_allclose(found[0, :, channel], space.project(given), atol=1e-10)


@pytest.mark.parametrize("degree", [1, 2, 3, 6])
def test_from_dense_takes_the_nearest_at_other_sizes(degree):
    edges = {"power": ["points", 2]}
    space = solve(
        {"name": "edges", "group": {"symmetric": degree}, "input": edges, "output": edges}
    )
    layer = made("maron_2_2", 1, 1)
    dense = torch.randn(1, *[degree] * 2, 1, *[degree] * 2, dtype=torch.float64)
    found = from_dense(layer, dense, degree).dense_weight(degree).detach()
    projected = space.project(dense.reshape(degree**2, degree**2).numpy())
    np.testing.assert_allclose(found.reshape(projected.shape), projected, atol=1e-12)


@named
def test_without_a_size_the_spec_has_one(name):
    layer = made(name)
    sizes = dict(page(layer).SIZES)
    assert torch.equal(layer.dense_weight(), layer.dense_weight(as_given(sizes)))
    if len(sizes) > 1:
        first = next(iter(sizes))
        assert torch.equal(layer.dense_weight({first: sizes[first]}), layer.dense_weight())


# The published layer of 15 operations


def mean_over(x, *axes):
    """An exact mean that keeps its axes."""
    points = math.prod(x.shape[axis] for axis in axes)
    return x.sum(axis=axes, keepdims=True) / points


def operations(x):
    """The fifteen operations on (..., n, n), after Maron et al. 2019, Appendix A, with means."""
    n = x.shape[-1]
    eye = np.eye(n, dtype=int)
    diagonal = np.diagonal(x, axis1=-2, axis2=-1)
    trace = mean_over(diagonal, -1)[..., None]
    over_columns = mean_over(x, -1)
    over_rows = mean_over(x, -2)
    total = mean_over(x, -2, -1)
    ones = np.ones((n, n), dtype=int)
    return [
        eye * diagonal[..., None],
        eye * trace,
        eye * over_columns,
        eye * np.swapaxes(over_rows, -1, -2),
        eye * total,
        ones * over_columns,
        ones * np.swapaxes(over_rows, -1, -2),
        ones * np.swapaxes(over_columns, -1, -2),
        ones * over_rows,
        x,
        np.swapaxes(x, -1, -2),
        ones * diagonal[..., None],
        ones * diagonal[..., None, :],
        ones * trace,
        ones * total,
    ]


def exact_matrices(n):
    """The matrix of each operation in Fractions: (15, n^2, n^2)."""
    basis = np.eye(n * n, dtype=int).reshape(n * n, n, n)
    inputs = np.vectorize(Fraction, otypes=[object])(basis)
    return np.array([op.reshape(n * n, n * n).T for op in operations(inputs)], dtype=object)


def exact_diagrams(n):
    """The matrix of each diagram with its power of n in Fractions: (15, n^2, n^2)."""
    size = (n,) * 4
    parts = [
        matrix(s, size).reshape(n * n, n * n) * Fraction(1, points_averaged(s, 2, size))
        for s in strings(("",) * 4)
    ]
    return np.array(parts, dtype=object)


def solved_exactly(columns, rights):
    """X with `columns @ X = rights` over Q, by elimination; columns are independent."""
    table = np.concatenate([columns, rights], axis=1) + Fraction(0)
    count = columns.shape[1]
    for k in range(count):
        pivot = next(r for r in range(k, len(table)) if table[r, k])
        table[[k, pivot]] = table[[pivot, k]]
        table[k] = table[k] / table[k, k]
        for r in range(len(table)):
            if r != k and table[r, k]:
                table[r] = table[r] - table[r, k] * table[k]
    assert not table[count:].any()
    return table[:count, count:]


def test_fifteen_operations_are_the_fifteen_diagrams_exactly():
    ports = solved_exactly(
        exact_diagrams(4).reshape(15, -1)[:, ::1].T, exact_matrices(4).reshape(15, -1).T
    )
    for n in (1, 2, 3, 5):
        diagrams = exact_diagrams(n)
        ported = np.tensordot(ports.T, diagrams, axes=1)
        assert (ported == exact_matrices(n)).all()
    weight = np.array(ports.astype(np.float64))
    assert (weight == ports).all()
    random = np.random.default_rng(0)
    own = random.standard_normal((15, 3, 2))
    layer = made("maron_2_2", bias=False)
    layer.load_state_dict({"weight": torch.from_numpy(np.tensordot(weight, own, axes=1))})
    for n in (1, 2, 3, 5, 8):
        x = random.standard_normal((4, 2, n, n))
        expected = sum(
            np.einsum("oc,zcij->zoij", w, op) for w, op in zip(own, operations(x), strict=True)
        )
        torch.testing.assert_close(layer(torch.from_numpy(x)).detach(), torch.from_numpy(expected))


# Other strategies and layouts


@pytest.mark.parametrize("bias", [True, False])
@named
def test_the_state_does_not_depend_on_the_strategy(name, bias):
    factored = made(name, bias=bias)
    expanded = made(name, way={"strategy": "expand"}, bias=bias)
    shapes = [{k: v.shape for k, v in layer.state_dict().items()} for layer in (factored, expanded)]
    assert shapes[0] == shapes[1]
    assert list(shapes[0]) == list(shapes[1])
    sizes = alike(factored, 3)
    x = inputs_of(factored, sizes, (2,))
    for one, other in ((factored, expanded), (expanded, factored)):
        randomized(one)
        other.load_state_dict(one.state_dict())
        results = [outputs_of(layer, x, sizes) for layer in (one, other)]
        torch.testing.assert_close(*results, rtol=1e-11, atol=1e-11)


@pytest.mark.parametrize("normalize", ["mean", "sum"])
@kinds
def test_strategies_agree_with_other_options(kind, normalize):
    way = {"normalize": normalize, "layout": "channels_last"}
    factored, expanded = made(kind, way=way), made(kind, way=way | {"strategy": "expand"})
    expanded.load_state_dict(factored.state_dict())
    sizes = alike(factored, 4)
    x = inputs_of(factored, sizes)
    results = [outputs_of(layer, x, sizes, way) for layer in (factored, expanded)]
    torch.testing.assert_close(*results, rtol=1e-11, atol=1e-11)


@named
def test_channels_last_is_the_same_map(name):
    first, last = (made(name, way={"layout": f"channels_{end}"}) for end in ("first", "last"))
    last.load_state_dict(first.state_dict())
    sizes = larger(first, 1)
    x = inputs_of(first, sizes, (2,))
    given = laid(x, shapes_of(first, sizes), {"layout": "channels_last"})
    for a, axes in zip(given, page(first).INPUTS.values(), strict=True):
        assert a.shape[-1] == 2
        assert a.ndim == len(axes) + 2
    expected = outputs_of(first, x, sizes)
    torch.testing.assert_close(outputs_of(last, x, sizes, {"layout": "channels_last"}), expected)


@named
def test_without_a_bias(name):
    layer, unbiased = made(name), made(name, bias=False)
    assert unbiased.bias is None
    assert not [key for key in unbiased.state_dict() if key[:4] == "bias"]
    unbiased.load_state_dict(weights_of(layer))
    sizes = alike(layer, 3)
    x = inputs_of(layer, sizes)
    zero = [torch.zeros_like(a) for a in x]
    whole, alone, constant = (
        outputs_of(*case, sizes) for case in ((layer, x), (unbiased, x), (layer, zero))
    )
    for total, linear, shift in zip(whole, alone, constant, strict=True):
        torch.testing.assert_close(total, linear + shift)


def test_channels_by_field():
    widths = channels_by_field(solved("graph_network").plan.inputs, 1)
    wider = channels_by_field(solved("graph_network").plan.outputs, 3)
    layer = made("graph_network", widths, wider)
    assert (layer.in_channels, layer.out_channels) == (widths, wider)
    y = layer(*inputs_of(layer, {"n": 7}, (2,)))
    assert [tuple(v.shape) for v in y] == [(2, 3, 7), (2, 4, 7, 7), (2, 5, 1)]
    with pytest.raises(ValueError, match="expected as many for every field"):
        layer.dense_weight()


def channels_by_field(fields, first):
    return {name: first + k for k, name in enumerate(fields)}


# What PyTorch does to it


@ways
@kinds
def test_no_batch_axis_or_many(kind, way):
    layer = made(kind, way=way)
    sizes = larger(layer, 2)
    many = inputs_of(layer, sizes, (2, 1, 3))
    y = outputs_of(layer, many, sizes, way)
    for place in ((0, 0, 0), (1, 0, 2)):
        alone = outputs_of(layer, [x[place] for x in many], sizes, way)
        torch.testing.assert_close(alone, [value[place] for value in y])
    empty = outputs_of(layer, inputs_of(layer, sizes, (0,)), sizes, way)
    assert [e.shape for e in empty] == [torch.Size([0, *v.shape[3:]]) for v in y]


@kinds
def test_inputs_need_not_be_contiguous_and_are_not_changed(kind):
    layer = made(kind)
    x = inputs_of(layer, larger(layer, 1), (5,))
    kept = [a.clone() for a in x]
    y = joined(layer, layer(*x))
    assert all(torch.equal(a, b) for a, b in zip(x, kept, strict=True))
    strided = [a.movedim(0, -1).contiguous().movedim(-1, 0) for a in x]
    torch.testing.assert_close(joined(layer, layer(*strided)), y)
    expanded = [a[:1].expand(5, *a.shape[1:]) for a in x]
    copied = [a.clone() for a in expanded]
    torch.testing.assert_close(joined(layer, layer(*expanded)), joined(layer, layer(*copied)))


@ways
@kinds
def test_functional_call_and_vmap(kind, way):
    layers = [made(kind, way=way), randomized(made(kind, way=way))]
    sizes = larger(layers[0], 1)
    x = laid(inputs_of(layers[0], sizes, (5,)), shapes_of(layers[0], sizes), way)
    states = [{k: p.detach() for k, p in layer.named_parameters()} for layer in layers]
    stacked = {k: torch.stack([state[k] for state in states]) for k in states[0]}

    def called(state, inputs):
        return joined(layers[0], functional_call(layers[0], state, tuple(inputs)))

    ensemble = vmap(called, in_dims=(0, None))(stacked, x)
    for layer, result in zip(layers, ensemble, strict=True):
        torch.testing.assert_close(result, joined(layer, layer(*x)))
    samples = vmap(called, in_dims=(None, 0))(states[0], x)
    torch.testing.assert_close(samples, joined(layers[0], layers[0](*x)))
    both = vmap(called, in_dims=(0, 0))(stacked, [a[:2] for a in x])
    torch.testing.assert_close(both[1], joined(layers[1], layers[1](*(a[1] for a in x))))


@kinds
def test_vmap_over_weights_alone(kind):
    layer = made(kind)
    x = inputs_of(layer, larger(layer, 1), (2,))
    biases = {k: p.detach() for k, p in layer.named_parameters() if k not in weights_of(layer)}
    stacked = {k: torch.stack([p, 2 * p]) for k, p in weights_of(layer).items()}

    def called(weights):
        return joined(layer, functional_call(layer, weights | biases, tuple(x)))

    second = {k: w[1] for k, w in stacked.items()}
    torch.testing.assert_close(vmap(called)(stacked)[1], called(second))


@kinds
def test_vmap_over_samples_with_masks(kind):
    layer = made(kind)
    full, masks, _ = padded_case(layer, 3, alike(layer, 3))

    def called(inputs, mask):
        return joined(layer, layer(*inputs, mask=as_mask(mask)))

    found = vmap(called)(full, masks)
    torch.testing.assert_close(found, called(full, masks))


@ways
@kinds
def test_gradients(kind, way):
    layer = made(kind, 2, 2, way)
    names = [name for name, _ in layer.named_parameters()]
    sizes = alike(layer, 3)
    x = [a.contiguous().requires_grad_()
         for a in laid(inputs_of(layer, sizes, (2,)), shapes_of(layer, sizes), way)]  # fmt: skip
    masks = {f: torch.tensor([[True] * n, [True, False] + [True] * (n - 2)])
             for f, n in sizes.items()}  # fmt: skip
    options = [{}] if "strategy" in way else [{}, {"mask": as_mask(masks)}]
    parameters = [p.detach().clone().requires_grad_() for p in layer.parameters()]
    for given in options:

        def function(*tensors, given=given):
            values = dict(zip(names, tensors[len(x) :], strict=True))
            return functional_call(layer, values, tensors[: len(x)], given)

        assert torch.autograd.gradcheck(function, (*x, *parameters), fast_mode=True)


@named
def test_every_weight_is_trained_where_points_are_enough(name):
    layer = made(name)
    sizes = alike(layer, 6)
    parts = outputs_of(layer, inputs_of(layer, sizes, (3,)), sizes)
    sum(part.square().sum() for part in parts).backward()
    for key, parameter in layer.named_parameters():
        assert (parameter.grad.flatten(1).abs().sum(1) > 0).all(), key


@pytest.mark.parametrize("way", WAYS[:3], ids=["mean", "sum", "last"])
@kinds
def test_autocast(kind, way):
    layer = made(kind, way=way, dtype=torch.float32)
    sizes = larger(layer, 1)
    x = inputs_of(layer, sizes, (3,))
    with torch.autocast("cpu", dtype=torch.bfloat16):
        y = outputs_of(layer, x, sizes, way)
        mixed = outputs_of(layer, [x[0].bfloat16(), *x[1:]], sizes, way)
    assert {v.dtype for v in (*y, *mixed)} == {torch.bfloat16}
    exact = outputs_of(layer, x, sizes, way)
    for value, expected in zip(y, exact, strict=True):
        assert (value - expected).abs().max() <= 0.03 * max(expected.abs().max(), 1)
    sum(v.float().sum() for v in y).backward()
    assert {p.grad.dtype for p in layer.parameters()} == {torch.float32}


@kinds
def test_meta_then_load_or_reset(kind):
    original = made(kind)
    sizes = larger(original, 1)
    x = inputs_of(original, sizes, (3,))
    layer = made(kind, device="meta")
    assert all(tensor.is_meta for tensor in (*layer.parameters(), *layer.buffers()))
    assert joined(layer, layer(*(a.to("meta") for a in x))).is_meta
    layer.to_empty(device="cpu")
    for buffer in layer.buffers():
        buffer.fill_(0)
    network = torch.nn.Sequential(layer)
    network.load_state_dict(torch.nn.Sequential(original).state_dict())
    assert torch.equal(joined(layer, layer(*x)), joined(original, original(*x)))
    for buffer in layer.buffers():
        buffer.fill_(0)
    for either in (layer, original):
        torch.manual_seed(3)
        either.reset_parameters()
    assert torch.equal(joined(layer, layer(*x)), joined(original, original(*x)))


@kinds
def test_a_state_is_the_parameters_alone(kind):
    layer = made(kind)
    assert list(layer.state_dict()) == [name for name, _ in layer.named_parameters()]
    other = space_of(kind).layer(2, 3, dtype=torch.float64)
    assert str(other.load_state_dict(layer.state_dict())) == "<All keys matched successfully>"
    for key, value in layer.state_dict().items():
        assert torch.equal(other.state_dict()[key], value)


@kinds
def test_copies_and_pickles(kind):
    layer = made(kind)
    x = inputs_of(layer, larger(layer, 1), (3,))
    expected = joined(layer, layer(*x)).detach()
    stream = io.BytesIO()
    torch.save(layer, stream)
    others = [copy.deepcopy(layer), pickle.loads(pickle.dumps(layer)),
              torch.load(io.BytesIO(stream.getvalue()), weights_only=False)]  # fmt: skip
    with torch.no_grad():
        for parameter in layer.parameters():
            parameter.zero_()
    for other in others:
        assert torch.equal(joined(other, other(*x)), expected)


@pytest.mark.parametrize("kind", ["deepsets", "maron_2_2", "graph_network"])
def test_fresh_weights_have_the_variance_of_the_plan_and_no_bias(kind):
    plan = solved(kind).plan
    torch.manual_seed(0)
    layer = solved(kind).layer(100, 200)
    for block in plan.blocks:
        weight = weight_of(layer, block.target, block.source)
        for own, variance in zip(weight, block.variances, strict=True):
            assert own.abs().max() <= math.sqrt(3 * variance / 100) * (1 + 1e-6)
            assert own.var().item() * 100 == pytest.approx(float(variance), rel=0.05)
    x = inputs_of(layer, dict(page(layer).SIZES), (100,))
    for part in layer(*x) if plan.labels.output_fields else (layer(*x),):
        assert part.var().item() == pytest.approx(1, abs=0.1)
    assert all(p.abs().max() == 0 for name, p in layer.named_parameters() if name[:4] == "bias")


@pytest.mark.parametrize(
    ("kind", "shapes", "said"),
    [
        ("deepsets", [(5, 3, 4)], r"given shape \(5, 3, 4\), expected \(batch\.\.\., 2, n\)$"),
        ("deepsets", [(4, 2)], r"expected \(batch\.\.\., 2, n\): channels come before points$"),
        ("maron_2_2", [(2, 3, 4)], r"given shape \(2, 3, 4\), expected \(batch\.\.\., 2, 3, 3\)$"),
        ("maron_2_2", [(5, 3, 3, 2)], r"\(batch\.\.\., 2, n, n\): channels come before points$"),
        ("maron_2_2", [(5, 3, 3, 3)], r"given shape \(5, 3, 3, 3\)"),
        (
            "graph_network",
            [(2, 4), (2, 5, 5), (2,)],
            r"edges: .*, expected \(batch\.\.\., 2, 4, 4\)$",
        ),
        ("graph_network", [(2, 4), (2, 4, 4), (3,)], r"label: given shape \(3\)"),
        ("weight_space", [(2, 4, 3), (2, 4), (2, 2, 4), (2, 2)], r"weight_1: given shape"),
    ],
)
def test_a_wrong_shape_is_refused(kind, shapes, said):
    layer = made(kind)
    with pytest.raises(ValueError, match=said):
        layer(*(torch.randn(shape, dtype=torch.float64) for shape in shapes))


def test_it_says_where_diagrams_depend_on_one_another():
    for kind, said in (
        ("maron_2_2", "Where n < 4, diagrams of more than that many blocks depend on the others."),
        ("deepsets", "Where n < 2,"),
        ("user_pooling", "Where users < 2,"),
    ):
        assert said in " ".join(type(made(kind)).__doc__.split())
    assert "depend on" not in type(made("set_pooling")).__doc__


def test_it_prints_what_it_is():
    assert str(made("deepsets")) == "DeepSets(2, 3, diagrams=2, bias=True)"
    said = "{'nodes': 1, 'edges': 2, 'label': 3}, {'nodes': 4, 'edges': 4, 'label': 4}"
    printed = str(made("graph_network", channels_by_field(("nodes", "edges", "label"), 1), 4))
    assert f"{said}, diagrams=34, bias=True" in printed


# The compiler


@pytest.mark.parametrize("kind", ["deepsets", "maron_2_2", "graph_network", "weight_space",
                                  "exchangeable_matrix"])  # fmt: skip
def test_exported_for_any_size_and_batch(kind):
    layer = made(kind)
    sizes = larger(layer, 1)
    x = inputs_of(layer, sizes, (3,))
    batch = torch.export.Dim("batch")
    dims = {name: torch.export.Dim(name, min=2) for name in sizes}
    dynamic = [
        {0: batch, **{2 + a: dims[name] for a, name in enumerate(axes) if name in dims}}
        for axes in page(layer).INPUTS.values()
    ]
    program = torch.export.export(layer, tuple(x), dynamic_shapes=tuple(dynamic)).module()
    for n, count in ((2, 2), (6, 8)):
        x = inputs_of(layer, alike(layer, n), (count,))
        torch.testing.assert_close(joined(layer, program(*x)), joined(layer, layer(*x)))


@pytest.mark.all
def test_compiled_without_a_break():
    layer = made("maron_2_2")
    compiled = torch.compile(layer, fullgraph=True)
    for n, batch in ((4, ()), (4, (3,)), (7, (3,)), (9, (5,))):
        (x,) = inputs_of(layer, {"n": n}, batch)
        y = compiled(x)
        torch.testing.assert_close(y, layer(x))
    mask = torch.rand(5, 9) < 0.7
    torch.testing.assert_close(compiled(x, mask), layer(x, mask))
    y.sum().backward()
    assert all(parameter.grad is not None for parameter in layer.parameters())


@pytest.mark.parametrize("hidden", ["users", "movies"])
def test_the_mask_of_any_factor_counts_in_eval_mode(hidden):
    """No product with a full matrix, which knows of no mask, takes the program's place."""
    table = {"tensor": ["users", "movies"]}
    group = {"product": {"users": {"symmetric": 6}, "movies": {"symmetric": 8}}}
    layer = solve({"name": "table", "group": group, "input": table, "output": table}).layer(2, 2)
    layer.double().eval()
    x = torch.randn(3, 2, 6, 8, dtype=torch.float64)
    mask = {hidden: torch.arange(x.shape[2 + (hidden == "movies")]) < 4}
    trained = layer(x, mask=mask)
    with torch.no_grad():
        torch.testing.assert_close(layer(x, mask=mask), trained)


def test_a_product_that_others_are_placed_upon():
    """Two axes of different factors: nothing but the output's own matrix may stay flat."""
    group = {"product": {"users": {"symmetric": 3}, "movies": {"symmetric": 4}}}
    source = {"tensor": ["movies", "users"]}
    target = {"tensor": ["movies", "users", "users"]}
    spec = {"name": "pairs", "group": group, "input": source, "output": target}
    layer = randomized(solve(spec).layer(2, 3, bias=False, dtype=torch.float64))
    for sizes in ({"movies": 4, "users": 3}, {"movies": 1, "users": 2}, {"movies": 2, "users": 5}):
        (x,) = inputs_of(layer, sizes, (2,))
        dense = layer.dense_weight(sizes)
        torch.testing.assert_close(layer(x), torch.einsum("omuvcnw,bcnw->bomuv", dense, x))


def test_a_full_matrix_takes_no_mask():
    layer = made("deepsets", way={"strategy": "expand"})
    assert "takes no `mask`" in type(layer).forward.__doc__
    x = torch.randn(1, 2, 3, dtype=torch.float64)
    with pytest.raises(ValueError, match="given a mask, expected none: solve without `strategy"):
        layer(x, mask=torch.ones(3, dtype=torch.bool))
    assert layer(x, mask=None).shape == (1, 3, 3)


@pytest.mark.parametrize(("group", "source", "target"), HUGE, ids=lambda part: str(part)[:30])
def test_variances_of_more_than_64_bits(group, source, target):
    """The first weights have the variances of the plan, rounded once."""
    space = solve({"name": "huge", "group": group, "input": source, "output": target})
    layer = space.layer(200, 200)
    weights = layer.weight.values() if space.form.named[0] else [layer.weight]
    for weight, block in zip(weights, space.plan.blocks, strict=True):
        expected = torch.tensor([float(variance) for variance in block.variances]) / 200
        apart = weight.detach().flatten(1).double().square().mean(1) / expected
        torch.testing.assert_close(apart, torch.ones_like(apart), rtol=0.05, atol=0)
