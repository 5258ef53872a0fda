"""Emitted layers, against the plan in float64 and in all that PyTorch may do to a module."""

import contextlib
import copy
import inspect
import io
import json
import math
import pickle
import subprocess
import sys

import numpy as np
import pytest
import torch
from torch.func import functional_call, vmap

from intertwine import solve
from tests.partitions import matrix, points_averaged, strings
from tests.solved import (
    ANY_SIZE,
    FIELDS,
    MATRICED,
    SPECS,
    TABLED,
    channels,
    evaluated,
    imported,
    random_weights,
    solved,
    thinned,
)

torch.set_num_threads(1)  # Two workers of pytest-xdist share two cores.

LAYOUTS = ("channels_first", "channels_last")
SETS = {"name": "sets", "group": {"symmetric": 4}, "input": "points", "output": "points"}
NODES_AND_EDGES = {"fields": {"node": "points", "edge": {"power": ["points", 2]}}}
GRAPHS = {**SETS, "name": "graphs", "input": NODES_AND_EDGES, "output": NODES_AND_EDGES}
POOLING = {**SETS, "name": "pooling", "input": NODES_AND_EDGES, "output": "trivial"}
NOTHING = {**SETS, "name": "nothing", "input": "sign", "output": "points"}
SIGNED = {**SETS, "name": "signed", "group": {"symmetric": 4}, "input": "points",
          "output": {"sum": ["points", "sign", {"exterior_power": ["points", 2]}]}}  # fmt: skip
PLANES = {"exterior_power": ["points", 2]}
WALKED = {**SETS, "name": "walked", "group": {"symmetric": 12}, "input": PLANES, "output": PLANES,
          "layer": {"strategy": "expand"}}  # fmt: skip
MATRICES = {**SETS, "name": "matrices", "input": {"power": ["points", 2]},
            "output": {"power": ["points", 2]}}  # fmt: skip
FIXED = {**SETS, "name": "fixed", "input": {"tensor": [{"trivial": 2}, "points"]},
         "output": {"tensor": ["points", {"trivial": 3}, "points"]}}  # fmt: skip


def even(spec, degree):
    """The same layer in tables: alternating groups have these maps on at most n - 2 axes."""
    layer = {"strategy": "expand"}
    return {
        **spec,
        "name": f"even_{spec['name']}",
        "group": {"alternating": degree},
        "layer": layer,
    }


# Layers of every size, then one of each kind of page with tables: plain, with signs and zeros, of
# dimension 0, fields on both sides or one, and with a walk, with signs and without.
ANY_SIZED = {spec["name"]: spec for spec in (SETS, GRAPHS, POOLING, MATRICES, FIXED)}
WITH_TABLES = {
    spec["name"]: spec
    for spec in (even(SETS, 4), even(GRAPHS, 6), even(POOLING, 6), even(MATRICES, 10),
                 even(FIXED, 6), SIGNED, NOTHING, WALKED)
}  # fmt: skip
KINDS = ANY_SIZED | WITH_TABLES
POINTS = {"sets": 4, "graphs": 4, "even_sets": 4, "even_graphs": 6}


@pytest.fixture(scope="session")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("pages")


def page_of(space, folder):
    """The module of an emitted file, and its class."""
    module = imported(space.emit(folder))
    return module, getattr(module, space.plan.labels.class_name)


def space_of(kind):
    return solved("maron_3_3") if kind == "maron_3_3" else solve(KINDS[kind])


def made(kind, in_channels=2, out_channels=3, dtype=torch.float64, **options):
    torch.manual_seed(0)
    layer = space_of(kind).layer(in_channels, out_channels, dtype=dtype, **options)
    with torch.no_grad():
        for parameter in layer.parameters():
            parameter.normal_()
    return layer


def shapes_of(layer, side):
    """The shape of every field, at the sizes of the spec."""
    module = sys.modules[type(layer).__module__]
    sizes = getattr(module, "SIZES", {})
    return {n: tuple(sizes.get(a, a) for a in axes) for n, axes in getattr(module, side).items()}


def inputs_of(layer, batch=(), dtype=None):
    """A random input for each field, of the type of the weights."""
    shapes = shapes_of(layer, "INPUTS")
    width, given = layer.in_channels, dtype or next(layer.parameters()).dtype
    return [
        torch.randn(*batch, width[n] if isinstance(width, dict) else width, *shape, dtype=given)
        for n, shape in shapes.items()
    ]


def joined(y, layer):
    """All outputs as one vector a batch element."""
    shapes = shapes_of(layer, "OUTPUTS").values()
    parts = y if isinstance(y, tuple) else (y,)
    return torch.cat([p.flatten(-len(s) - 1) for p, s in zip(parts, shapes, strict=True)], -1)


def output_of(layer, *inputs):
    return joined(layer(*inputs), layer)


kinds = pytest.mark.parametrize("kind", [*KINDS, "maron_3_3"])


def load(layer, weights, biases):
    """Put the weights of a plan where the layer keeps them."""
    with torch.no_grad():
        for (target, source), w in weights.items():
            fields = isinstance(layer.weight, torch.nn.ParameterDict)
            own = layer.weight[f"{target}__{source}"] if fields else layer.weight
            own.copy_(torch.from_numpy(w))
        for target, b in biases.items() if layer.bias is not None else ():
            own = layer.bias[target] if fields else layer.bias
            own.copy_(torch.from_numpy(b))


# What it computes


@pytest.mark.parametrize(
    ("name", "layout"),
    [
        *thinned([(name, LAYOUTS[0]) for name in (*TABLED, *WITH_TABLES, *MATRICED)], 2),
        *thinned([(name, LAYOUTS[1]) for name in (*WITH_TABLES, *TABLED, *MATRICED)], 4),
    ],
)
def test_it_computes_the_plan(name, layout, folder):
    laid_out = {"layer": {"layout": layout, "strategy": "expand"}}
    space = solve(KINDS[name] | laid_out) if name in KINDS else solved(name, layout=layout)
    plan = space.plan
    _, layer_class = page_of(space, folder / layout)
    named = bool(plan.labels.fields)
    widths = channels(plan.inputs, 2)
    wider = channels(plan.outputs, 1)
    weights, biases = random_weights(plan, widths, wider)
    random = np.random.default_rng(7)
    for bias, batch in ((True, ()), (False, (2, 3))):
        layer = layer_class(
            widths if named else widths[plan.inputs[0].name],
            wider if named else wider[plan.outputs[0].name],
            bias=bias,
            dtype=torch.float64,
        )
        load(layer, weights, biases)
        x = [random.standard_normal((*batch, widths[f.name], *f.shape)) for f in plan.inputs]
        expected = evaluated(plan, weights, biases if bias else {}, x)
        given = [laid(a, f, layout) for a, f in zip(x, plan.inputs, strict=True)]
        y = layer(*given)
        found = y if plan.labels.output_fields else (y,)
        assert len(found) == len(plan.outputs)
        for result, value, field in zip(found, expected, plan.outputs, strict=True):
            torch.testing.assert_close(result, laid(value, field, layout), rtol=1e-10, atol=1e-9)


def laid(x, field, layout):
    """A tensor of the layout from an array with channels first."""
    tensor = torch.from_numpy(x)
    rank = len(field.shape)
    return tensor if layout == "channels_first" else tensor.movedim(-rank - 1, -1)


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("strategy", ["auto", "expand"])
@pytest.mark.parametrize("name", thinned([*ANY_SIZE, *ANY_SIZED], 2))
def test_it_computes_the_diagrams_at_every_size(name, strategy, layout, folder):
    """`y = sum_d w_d A_d x / n^p`, with each A_d written out entry by entry."""
    options = {"layout": layout, "strategy": strategy}
    space = solve(KINDS[name] | {"layer": options}) if name in KINDS else solved(name, **options)
    plan = space.plan
    module, layer_class = page_of(space, folder / layout / strategy)
    widths = {field: 2 + place for place, field in enumerate(plan.inputs)}
    wider = {field: 1 + place for place, field in enumerate(plan.outputs)}
    random = np.random.default_rng(7)
    for bias, batch, larger in ((True, (), 0), (False, (2, 3), 0), (True, (2,), 1)):
        layer = layer_class(
            widths if plan.labels.fields else 2, wider if plan.labels.fields else 1, bias=bias,
            dtype=torch.float64,
        )  # fmt: skip
        with torch.no_grad():
            for parameter in layer.parameters():
                parameter.normal_()
        sizes = {key: size + larger for key, size in module.SIZES.items()}
        x = {
            field: random.standard_normal(
                (*batch, widths[field], *(sizes.get(a, a) for a in module.INPUTS[field]))
            )
            for field in plan.inputs
        }
        y = layer(*(turned(a, module.INPUTS[f], layout) for f, a in x.items()))
        found = y if plan.labels.output_fields else (y,)
        assert len(found) == len(plan.outputs)
        for (field, axes), result in zip(module.OUTPUTS.items(), found, strict=True):
            expected = by_diagrams(layer, module, field, x, sizes, plan.labels.fields)
            shape = (*batch, wider[field], *(sizes.get(a, a) for a in axes))
            assert expected.shape == shape
            result = result if layout == "channels_first" else result.movedim(-1, -len(axes) - 1)
            torch.testing.assert_close(
                result.detach(), torch.from_numpy(expected), rtol=1e-10, atol=1e-9
            )


def turned(x, axes, layout):
    """A tensor of the layout from an array with channels first."""
    tensor = torch.from_numpy(x)
    return tensor if layout == "channels_first" else tensor.movedim(-len(axes) - 1, -1)


def by_diagrams(layer, module, field, inputs, sizes, named):
    """An output as the sum over the diagrams of every input, and its bias."""
    target = module.OUTPUTS[field]
    total = 0
    sources = {s: (module.INPUTS[s], x, layer.weight) for s, x in inputs.items()}
    if layer.bias is not None:
        sources[None] = ((), np.ones((1,)), layer.bias)
    for name, (source, x, weight) in sources.items():
        key = field if name is None else f"{field}__{name}"
        own = (weight[key] if named else weight).detach().numpy()
        own = own[..., None] if name is None else own
        factors = [a for a in (*target, *source) if isinstance(a, str)]
        points = [sizes[a] for a in factors]
        outer = sum(isinstance(a, str) for a in target)
        fixed = [[(k, a) for k, a in enumerate(s) if not isinstance(a, str)]
                 for s in (target, source)]  # fmt: skip
        copies = [math.prod(a for _, a in side) for side in fixed]
        diagrams = strings(factors)
        own = own.reshape(len(diagrams), *copies, *own.shape[1:])
        front = [k - len(source) for k, _ in fixed[1]]
        lead = x.ndim - len(source)
        flat = np.moveaxis(x, front, range(lead, lead + len(front)))
        flat = flat.reshape(*x.shape[:lead], copies[1], -1)
        for string, w in zip(diagrams, own, strict=True):
            entries = matrix(string, points) / points_averaged(string, outer, points)
            entries = entries.reshape(math.prod(points[:outer]), -1)
            total = total + np.einsum("aboc,ji,...cbi->...oaj", w, entries, flat)
    moved = [sizes[a] for a in target if isinstance(a, str)]
    shape = [a for a in target if not isinstance(a, str)]
    total = total.reshape(*total.shape[:-2], *shape, *moved)
    lead = total.ndim - len(target)
    places = [k - len(target) for k, a in enumerate(target) if not isinstance(a, str)]
    return np.moveaxis(total, range(lead, lead + len(shape)), places)


def test_deep_sets_by_hand():
    layer = solve(SETS).layer(1, 1, dtype=torch.float64)
    with torch.no_grad():
        layer.weight.copy_(torch.tensor([10.0, 1.0]).view(2, 1, 1))
        layer.bias.fill_(100)
    y = layer(torch.tensor([[1.0, 2.0, 3.0]], dtype=torch.float64))
    assert y.tolist() == [[100 + 10 + 2, 100 + 20 + 2, 100 + 30 + 2]]


ALONE = """
import contextlib, importlib.util, io, json, sys
from pathlib import Path
import torch
torch.set_num_threads(1)

class Absent:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] == "intertwine":
            raise ImportError("this reader has no intertwine")

sys.meta_path.insert(0, Absent())
residuals = {}
for path in sorted(Path(sys.argv[1]).glob("*.py")):
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        residuals[path.stem] = module.equivariance_residual()
    checks = len(module.GENERATORS) if hasattr(module, "GENERATORS") else 3
    assert printed.getvalue().count("residual") == checks
assert not [name for name in sys.modules if name.split(".")[0] == "intertwine"]
print(json.dumps(residuals))
"""


@pytest.mark.slow
def test_every_page_stands_alone_and_is_equivariant(tmp_path):
    for name in SPECS:
        solved(name).emit(tmp_path)
    done = subprocess.run(
        [sys.executable, "-c", ALONE, str(tmp_path)],
        capture_output=True, text=True, cwd=tmp_path, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    residuals = json.loads(done.stdout)
    assert list(residuals) == SPECS
    assert max(residuals.values()) < 1e-9
    assert sum(residual > 0 for residual in residuals.values()) > len(SPECS) / 2


def test_a_wrong_pool_has_a_residual(folder, monkeypatch, capsys):
    module, _ = page_of(solved("maron_2_2"), folder)
    assert module.equivariance_residual() < 1e-9
    monkeypatch.setattr(module, "_mean", lambda x, axis, count: x.select(axis, 0))
    assert module.equivariance_residual() > 1e-3
    assert "{'n': 7}: residual " in capsys.readouterr().out


def test_a_wrong_table_has_a_residual(folder, capsys):
    module, layer_class = page_of(solve(KINDS["even_matrices"]), folder)
    assert module.equivariance_residual() < 1e-9
    fill = layer_class.fill_tables

    def filled_wrong(layer):
        fill(layer)
        layer.basis[:, 0] = layer.basis[:, 0].roll(1)

    layer_class.fill_tables = filled_wrong
    assert module.equivariance_residual() > 1e-3
    first = solve(KINDS["even_matrices"]).plan.generators[0]
    assert f"{first}: residual " in capsys.readouterr().out


@pytest.mark.slow
def test_a_page_runs_as_a_program(tmp_path):
    path = solved("vectors").emit(tmp_path)
    done = subprocess.run([sys.executable, path], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert [line.split(": residual ")[0] for line in done.stdout.splitlines()] == list(
        solved("vectors").plan.generators
    )
    text = path.read_text()
    path.write_text(text.replace('"1 0 0 0 1 0 0 0 1"', '"1 1 0 0 1 0 0 0 1"'))
    assert path.read_text() != text
    assert subprocess.run([sys.executable, path], capture_output=True, check=False).returncode == 1


@pytest.mark.slow
def test_a_page_of_every_size_runs_as_a_program(tmp_path):
    path = solved("deepsets").emit(tmp_path)
    done = subprocess.run([sys.executable, path], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    said = [line.split(": residual ")[0] for line in done.stdout.splitlines()]
    assert said == [f"{{'n': {n}}}" for n in (10, 11, 12)]
    text = path.read_text()
    path.write_text(text.replace("total = x.sum(axis)", "total = x.select(axis, 0)"))
    assert path.read_text() != text
    assert subprocess.run([sys.executable, path], capture_output=True, check=False).returncode == 1


@pytest.mark.parametrize("name", ["vectors", "deepsets"])
def test_the_check_leaves_the_random_state_of_its_caller(name, folder):
    module, _ = page_of(solved(name), folder)
    residuals, following = set(), set()
    for seed in (5, 6):
        torch.manual_seed(seed)
        with contextlib.redirect_stdout(io.StringIO()):
            residuals.add(module.equivariance_residual())
        following.add(torch.rand(()).item())
    assert len(residuals) == 1
    assert len(following) == 2


@kinds
def test_no_batch_axis_or_many(kind):
    layer = made(kind)
    many = inputs_of(layer, (2, 1, 3))
    y = output_of(layer, *many)
    for place in ((0, 0, 0), (1, 0, 2)):
        torch.testing.assert_close(output_of(layer, *(x[place] for x in many)), y[place])
    assert output_of(layer, *inputs_of(layer, (0,))).shape == (0, y.shape[-1])


@kinds
def test_inputs_need_not_be_contiguous(kind):
    layer = made(kind)
    x = inputs_of(layer, (5,))
    strided = [a.movedim(0, -1).contiguous().movedim(-1, 0) for a in x]
    torch.testing.assert_close(output_of(layer, *strided), output_of(layer, *x))


def test_nothing_commutes_gives_zeros_and_the_bias():
    layer = made("nothing")
    assert layer.weight.shape == (0, 3, 2)
    (x,) = inputs_of(layer, (5,))
    torch.testing.assert_close(layer(x), layer.bias.T.expand(5, 3, 4))
    unbiased = made("nothing", bias=False)
    assert unbiased.bias is None
    assert torch.equal(unbiased(x), torch.zeros(5, 3, 4, dtype=x.dtype))
    neither = solved("no_pseudovector").layer(2, 3, bias=True)
    assert torch.equal(neither(torch.randn(5, 2, 3)), torch.zeros(5, 3, 3))


# Its weights


@pytest.mark.parametrize("name", [n for n in (*TABLED, *MATRICED) if n not in FIELDS])
def test_the_dense_weight_is_the_expansion_of_the_space(name):
    space = solved(name)
    layer = space.layer(2, 3, dtype=torch.float64)
    dense = layer.dense_weight().detach()
    assert dense.shape == (3, *space.target.shape, 2, *space.source.shape)
    expanded = space.expand(layer.weight.detach().numpy())
    expected = torch.from_numpy(expanded).permute(2, 0, 3, 1).reshape(dense.shape)
    torch.testing.assert_close(dense, expected, rtol=1e-10, atol=1e-12)
    first = solved(name, layout="channels_first").layer(2, 3, bias=False, dtype=torch.float64)
    first.load_state_dict({"weight": layer.weight})
    (x,) = inputs_of(first)
    product = torch.tensordot(dense, x, dims=x.ndim)
    torch.testing.assert_close(first(x), product, atol=1e-9, rtol=1e-9)


@pytest.mark.parametrize("name", [name for name in ANY_SIZE if name not in FIELDS])
def test_the_dense_weights_of_every_size_span_the_space(name):
    space = solved(name)
    layer = space.layer(2, 3, dtype=torch.float64)
    dense = layer.dense_weight().detach()
    assert dense.shape == (3, *space.target.shape, 2, *space.source.shape)
    blocks = dense.reshape(3, space.target.dimension, 2, space.source.dimension)
    for o in range(3):
        for i in range(2):
            assert space.residual(blocks[o, :, i].numpy()) < 1e-12
    rows = layer.weight.shape[0]
    unit = space.layer(1, rows, dtype=torch.float64)
    with torch.no_grad():
        unit.weight.copy_(torch.eye(rows, dtype=torch.float64).unsqueeze(2))
    every = unit.dense_weight().detach()
    every = every.reshape(rows, space.target.dimension, space.source.dimension).numpy()
    outputs, inputs = space.pattern.firsts.T
    assert np.linalg.matrix_rank(every[:, outputs, inputs]) == space.dimension
    first = solved(name, layout="channels_first").layer(2, 3, bias=False, dtype=torch.float64)
    first.load_state_dict({"weight": layer.weight})
    (x,) = inputs_of(first)
    product = torch.tensordot(dense, x, dims=x.ndim)
    torch.testing.assert_close(first(x), product, atol=1e-9, rtol=1e-9)


@pytest.mark.parametrize("name", FIELDS)
def test_the_dense_weight_of_fields_is_over_their_concatenated_points(name):
    space = solved(name)
    layer = space.layer(2, 3, bias=False, dtype=torch.float64)
    dense = layer.dense_weight().detach()
    assert dense.shape == (3, space.target.dimension, 2, space.source.dimension)
    for o in range(3):
        for i in range(2):
            residual = space.residual(dense[o, :, i].numpy())
            assert residual == 0 if name in TABLED else residual < 1e-12
    x = inputs_of(layer)
    y = layer(*x)
    given = torch.cat([a.flatten(1) for a in x], 1)
    found = torch.cat([a.flatten(1) for a in (y if space.plan.labels.output_fields else (y,))], 1)
    torch.testing.assert_close(torch.einsum("ojci,ci->oj", dense, given), found)


@pytest.mark.parametrize("kind", ["graphs", "even_graphs"])
def test_the_dense_weight_of_fields_with_unequal_channels_is_refused(kind):
    layer = made(kind, {"node": 1, "edge": 2}, 3)
    with pytest.raises(ValueError, match="expected as many for every field"):
        layer.dense_weight()


@pytest.mark.parametrize("kind", ["graphs", "even_graphs"])
def test_channels_by_field(kind):
    n = POINTS[kind]
    layer = made(kind, {"edge": 1, "node": 2}, {"node": 3, "edge": 4})
    assert layer.in_channels == {"node": 2, "edge": 1}
    node, edge = layer(*inputs_of(layer, (7,)))
    assert (node.shape, edge.shape) == ((7, 3, n), (7, 4, n, n))
    assert layer.weight["edge__node"].shape == (5, 4, 2)
    assert layer.bias["edge"].shape == (2, 4)
    numpy = made(kind, np.int64(2), np.int64(3))
    assert numpy.out_channels == {"node": 3, "edge": 3}
    pooling = kind.replace("graphs", "pooling")
    assert made(pooling, {"node": 1, "edge": 2}, 5).bias["output"].shape == (1, 5)
    for wrong in ({"node": 2}, {"node": 2, "edge": 1, "other": 3}):
        with pytest.raises(ValueError, match=r"expected \['edge', 'node'\]"):
            made(kind, wrong, 3)


@pytest.mark.parametrize("prefix", ["", "even_"])
def test_parameters_are_those_of_the_space(prefix):
    layer = made(f"{prefix}sets", 5, 7)
    assert {k: tuple(p.shape) for k, p in layer.named_parameters()} == {
        "weight": (2, 7, 5), "bias": (1, 7),
    }  # fmt: skip
    assert {k: tuple(p.shape) for k, p in made(f"{prefix}graphs", 5, 7).named_parameters()} == {
        "weight.node__node": (2, 7, 5), "weight.node__edge": (5, 7, 5),
        "weight.edge__node": (5, 7, 5), "weight.edge__edge": (15, 7, 5),
        "bias.node": (1, 7), "bias.edge": (2, 7),
    }  # fmt: skip


@pytest.mark.parametrize("kind", ["sets", "graphs"])
def test_fresh_weights_of_every_size_have_the_variance_of_the_plan_and_no_bias(kind):
    plan = solve(KINDS[kind]).plan
    torch.manual_seed(0)
    layer = solve(KINDS[kind]).layer(200, 300)
    for block in plan.blocks:
        weight = (
            layer.weight[f"{block.target}__{block.source}"] if plan.labels.fields else layer.weight
        )
        assert block.copies == (1, 1)
        for own, variance in zip(weight.detach(), block.variances, strict=True):
            assert own.abs().max() <= math.sqrt(3 * variance / 200) * (1 + 1e-6)
            assert own.var().item() * 200 / float(variance) == pytest.approx(1, abs=0.03)
    y = layer(*inputs_of(layer, (100,)))
    for axes, part in zip(plan.outputs.values(), y if isinstance(y, tuple) else (y,), strict=True):
        found = part.flatten(-len(axes.sizes)).var((0, 1))
        assert found.mean().item() == pytest.approx(1, abs=0.12)
        assert 0.4 < found.min() <= found.max() < 2.2
    assert all(b.abs().max() == 0 for name, b in layer.named_parameters() if "bias" in name)


@pytest.mark.parametrize("kind", ["even_sets", "signed", "even_graphs"])
def test_fresh_weights_have_the_variance_of_the_plan_and_no_bias(kind):
    plan = solve(KINDS[kind]).plan
    torch.manual_seed(0)
    layer = solve(KINDS[kind]).layer(200, 300)
    for block in plan.blocks:
        weight = (
            layer.weight[f"{block.target}__{block.source}"] if plan.labels.fields else layer.weight
        )
        for own, fan in zip(weight.detach(), block.fans, strict=True):
            assert own.abs().max() <= math.sqrt(3 / (fan * 200)) * (1 + 1e-6)
            assert own.var().item() * fan * 200 == pytest.approx(1, abs=0.03)
    y = layer(*inputs_of(layer, (100,)))
    for field, part in zip(plan.outputs, y if isinstance(y, tuple) else (y,), strict=True):
        found = part.flatten(-len(field.shape)).var((0, 1)).tolist()
        expected = [float(plan.variance(field, point)) for point in range(field.points)]
        assert found == pytest.approx(expected, abs=0.12)
    assert all(b.abs().max() == 0 for name, b in layer.named_parameters() if "bias" in name)


@pytest.mark.parametrize("kind", ["sets", "even_sets"])
def test_fresh_weights_follow_the_seed_and_differ(kind):
    layers = []
    for seed in (3, 3, 4):
        torch.manual_seed(seed)
        layers.append(solve(KINDS[kind]).layer(2, 3))
    assert torch.equal(layers[0].weight, layers[1].weight)
    assert not torch.equal(layers[0].weight, layers[2].weight)


# What PyTorch does to it


@kinds
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64, torch.bfloat16, torch.float16])
def test_types(kind, dtype):
    layer = made(kind)
    x = inputs_of(layer, (3,))
    exact = output_of(layer, *x)
    small = made(kind, dtype=dtype)
    small.load_state_dict(layer.state_dict())
    assert {p.dtype for p in small.parameters()} == {dtype}
    y = output_of(small, *(a.to(dtype) for a in x))
    assert y.dtype == dtype
    close = {torch.float64: 1e-12, torch.float32: 1e-5}.get(dtype, 0.03)
    assert (y - exact).abs().max() <= close * max(exact.abs().max(), 1)
    converted = layer.to(dtype)
    assert {p.dtype for p in converted.parameters()} <= {dtype}
    tables = {name: b.dtype for name, b in converted.named_buffers()}
    assert tables.pop("basis", dtype) is dtype
    assert set(tables.values()) <= {torch.long}
    torch.testing.assert_close(output_of(converted, *(a.to(dtype) for a in x)), y)


@pytest.mark.parametrize("kind", ["sets", "even_sets"])
def test_the_default_type_is_the_default(kind):
    torch.set_default_dtype(torch.float64)
    try:
        assert solve(KINDS[kind]).layer(2, 3).weight.dtype == torch.float64
    finally:
        torch.set_default_dtype(torch.float32)
    assert solve(KINDS[kind]).layer(2, 3).weight.dtype == torch.float32


@kinds
def test_autocast(kind):
    layer = made(kind, dtype=torch.float32)
    x = inputs_of(layer, (3,))
    with torch.autocast("cpu", dtype=torch.bfloat16):
        y = output_of(layer, *x)
        mixed = output_of(layer, x[0].bfloat16(), *x[1:])
    assert y.dtype == mixed.dtype == torch.bfloat16
    exact = output_of(layer, *x)
    assert (y - exact).abs().max() <= 0.03 * max(exact.abs().max(), 1)
    y.float().sum().backward()
    assert {p.grad.dtype for p in layer.parameters()} == {torch.float32}


@kinds
def test_copies_and_pickles(kind):
    layer = made(kind)
    x = inputs_of(layer, (3,))
    expected = output_of(layer, *x).detach()
    copied = copy.deepcopy(layer)
    pickled = pickle.loads(pickle.dumps(layer))
    stream = io.BytesIO()
    torch.save(layer, stream)
    saved = torch.load(io.BytesIO(stream.getvalue()), weights_only=False)
    with torch.no_grad():
        for parameter in layer.parameters():
            parameter.zero_()
    for other in (copied, pickled, saved):
        assert torch.equal(output_of(other, *x), expected)


@pytest.mark.parametrize(("kind", "pages"), [("sets", 1), ("even_sets", 2)])
def test_layers_of_one_space_by_two_rules_can_both_be_pickled(kind, pages):
    """Diagrams are the same by every rule; tables say in words how they were found."""
    rules = ("partitions", "orbitals", "partitions")
    layers = [solve(KINDS[kind], rule).layer(2, 3) for rule in rules]
    assert len({type(layer) for layer in layers}) == pages
    for layer in layers:
        assert torch.equal(pickle.loads(pickle.dumps(layer)).weight, layer.weight)


@kinds
def test_a_state_is_the_parameters_alone(kind):
    layer, other = made(kind), made(kind)
    with torch.no_grad():
        for parameter in other.parameters():
            parameter.zero_()
    state = layer.state_dict()
    assert list(state) == [name for name, _ in layer.named_parameters()]
    assert str(other.load_state_dict(state, strict=True)) == "<All keys matched successfully>"
    x = inputs_of(layer)
    assert torch.equal(output_of(other, *x), output_of(layer, *x))
    unbiased = made(kind, bias=False)
    assert not [name for name in unbiased.state_dict() if "bias" in name]
    with pytest.raises(RuntimeError, match="Unexpected key"):
        unbiased.load_state_dict(state)
    with pytest.raises(RuntimeError, match="size mismatch"):
        made(kind, 4, 3).load_state_dict(state)


@kinds
def test_meta_then_reset(kind):
    x = inputs_of(made(kind), (3,))
    on_purpose = made(kind, device="meta")
    with torch.device("meta"):
        by_context = made(kind)
    for layer in (on_purpose, by_context):
        assert all(tensor.is_meta for tensor in (*layer.parameters(), *layer.buffers()))
        assert output_of(layer, *(a.to("meta") for a in x)).is_meta
        layer.to_empty(device="cpu")
        fresh = made(kind)
        for either in (layer, fresh):
            torch.manual_seed(9)
            either.reset_parameters()
        assert torch.equal(output_of(layer, *x), output_of(fresh, *x))


@kinds
def test_meta_then_load(kind):
    """Index tables are in no state, and `to_empty` leaves garbage in them: loading mends them."""
    original = made(kind)
    x = inputs_of(original, (3,))
    layer = made(kind, device="meta").to_empty(device="cpu")
    for buffer in layer.buffers():
        buffer.fill_(0)
    network = torch.nn.Sequential(layer)
    network.load_state_dict(torch.nn.Sequential(original).state_dict())
    assert torch.equal(output_of(layer, *x), output_of(original, *x))


@kinds
def test_skip_init(kind):
    original = made(kind)
    layer = torch.nn.utils.skip_init(type(original), 2, 3, dtype=torch.float64)
    layer.load_state_dict(original.state_dict())
    x = inputs_of(original)
    assert torch.equal(output_of(layer, *x), output_of(original, *x))


def test_it_prints_what_it_is():
    assert str(made("sets")) == "Sets(2, 3, diagrams=2, bias=True)"
    assert str(made("even_sets")) == "EvenSets(2, 3, dimension=2, bias=True)"
    assert repr(made("nothing", 4, 5, bias=False)) == "Nothing(4, 5, dimension=0, bias=False)"
    for kind, counted in (("graphs", "diagrams=27"), ("even_graphs", "dimension=27")):
        printed = str(made(kind, {"node": 1, "edge": 2}, 3))
        assert (
            f"{{'node': 1, 'edge': 2}}, {{'node': 3, 'edge': 3}}, {counted}, bias=True" in printed
        )


@pytest.mark.parametrize("kind", KINDS)
def test_gradients(kind):
    layer = made(kind, 2, 2)
    names = [name for name, _ in layer.named_parameters()]
    x = [a.requires_grad_() for a in inputs_of(layer, (2,))]

    def function(*tensors):
        values = dict(zip(names, tensors[len(x) :], strict=True))
        return functional_call(layer, values, tensors[: len(x)])

    parameters = [p.detach().clone().requires_grad_() for p in layer.parameters()]
    assert torch.autograd.gradcheck(function, (*x, *parameters), fast_mode=True)


@kinds
def test_every_parameter_that_matters_is_trained(kind):
    layer = made(kind)
    output_of(layer, *inputs_of(layer, (3,))).square().sum().backward()
    for name, parameter in layer.named_parameters():
        assert parameter.requires_grad
        assert (parameter.grad.flatten(1).abs().sum(1) > 0).all(), name
    layer.requires_grad_(False)
    assert not output_of(layer, *inputs_of(layer)).requires_grad


@pytest.mark.parametrize("kind", ["graphs", "even_graphs"])
def test_a_step_of_descent(kind):
    layer = made(kind)
    x = inputs_of(layer, (3,))
    optimiser = torch.optim.AdamW(layer.parameters(), lr=1e-2)
    losses = []
    for _ in range(20):
        optimiser.zero_grad()
        losses.append(output_of(layer, *x).square().mean())
        losses[-1].backward()
        optimiser.step()
    assert losses[-1] < 0.8 * losses[0]


@kinds
def test_functional_call_and_vmap(kind):
    layers = [made(kind), made(kind)]
    with torch.no_grad():
        for parameter in layers[1].parameters():
            parameter.normal_()
    x = inputs_of(layers[0], (5,))
    states = [{k: p.detach() for k, p in layer.named_parameters()} for layer in layers]
    stacked = {k: torch.stack([state[k] for state in states]) for k in states[0]}

    def called(state, inputs):
        return joined(functional_call(layers[0], state, tuple(inputs)), layers[0])

    ensemble = vmap(called, in_dims=(0, None))(stacked, x)
    for layer, result in zip(layers, ensemble, strict=True):
        torch.testing.assert_close(result, output_of(layer, *x))
    samples = vmap(called, in_dims=(None, 0))(states[0], x)
    torch.testing.assert_close(samples, output_of(layers[0], *x))


@pytest.mark.parametrize(
    ("kind", "shapes", "said"),
    [
        ("sets", [(5, 3, 4)], r"given shape \(5, 3, 4\), expected \(batch\.\.\., 2, n\)$"),
        ("sets", [(4, 2)], r"given shape \(4, 2\), .*: channels come before points$"),
        ("sets", [(4,)], r"given shape \(4\)"),
        ("sets", [()], r"given shape \(\)"),
        ("graphs", [(2, 4), (2, 4, 5)], r"edge: given shape \(2, 4, 5\).*, 2, 4, 4\)$"),
        ("graphs", [(4, 2), (2, 4, 4)], r"node: given shape \(4, 2\)"),
        ("graphs", [(2, 5), (2, 4, 4)], r"edge: given shape \(2, 4, 4\).*, 2, 5, 5\)$"),
        ("graphs", [(), (2, 4, 4)], r"node: given shape \(\)"),
        ("matrices", [(2, 4, 5)], r"given shape \(2, 4, 5\)"),
        ("matrices", [(4,)], r"given shape \(4\)"),
        ("fixed", [(2, 3, 4)], r"given shape \(2, 3, 4\), expected .*, 2, 2, 4\)$"),
        ("even_sets", [(5, 3, 4)], r"given shape \(5, 3, 4\), expected \(batch\.\.\., 2, 4\)$"),
        ("even_sets", [(2, 5)], r"given shape \(2, 5\), expected \(batch\.\.\., 2, 4\)$"),
        ("even_sets", [(4, 2)], r"given shape \(4, 2\), .*: channels come before points$"),
        ("even_sets", [(4,)], r"given shape \(4\)"),
        ("even_sets", [()], r"given shape \(\)"),
        ("even_graphs", [(2, 6), (2, 6, 5)], r"edge: given shape \(2, 6, 5\).*, 2, 6, 6\)$"),
        ("even_graphs", [(6, 2), (2, 6, 6)], r"node: .*: channels come before points$"),
    ],
)
def test_a_wrong_shape_is_refused(kind, shapes, said):
    layer = made(kind)
    with pytest.raises(ValueError, match=said):
        layer(*(torch.randn(shape) for shape in shapes))


@pytest.mark.parametrize(("kind", "points"), [("sets", "n"), ("even_sets", "4")])
def test_a_wrong_shape_with_channels_last_is_refused(kind, points):
    laid_out = {**KINDS[kind].get("layer", {}), "layout": "channels_last"}
    layer = solve({**KINDS[kind], "layer": laid_out}).layer(2, 3)
    assert layer(torch.randn(5, 4, 2)).shape == (5, 4, 3)
    said = rf"given shape \(5, 2, 4\), expected \(batch\.\.\., {points}, 2\): channels come after"
    with pytest.raises(ValueError, match=said):
        layer(torch.randn(5, 2, 4))


@kinds
def test_the_layer_of_a_space_is_the_page_that_it_emits(kind, folder):
    space = space_of(kind)
    path = space.emit(folder / "same")
    layer = space.layer(2, 3)
    assert path.read_text() == space.page
    assert inspect.getsource(sys.modules[type(layer).__module__]) == space.page
    assert inspect.getsource(type(layer)) in space.page
    assert type(layer) is type(space_of(kind).layer(4, 5))


@pytest.mark.parametrize(
    "kind",
    [
        pytest.param("signed", marks=pytest.mark.slow),
        *(
            pytest.param(kind, marks=pytest.mark.all)
            for kind in ("graphs", "even_graphs", "even_matrices", "fixed", "maron_3_3")
        ),
    ],
)
def test_compiled_without_a_break(kind):
    layer = made(kind)
    compiled = torch.compile(layer, fullgraph=True)
    for batch in ((), (3,)):
        x = inputs_of(layer, batch)
        y = joined(compiled(*x), layer)
        torch.testing.assert_close(y, output_of(layer, *x))
    y.sum().backward()
    assert all(parameter.grad is not None for parameter in layer.parameters())


@kinds
def test_exported_for_any_batch(kind):
    layer = made(kind)
    x = inputs_of(layer, (3,))
    batch = torch.export.Dim("batch")
    program = torch.export.export(layer, tuple(x), dynamic_shapes=tuple({0: batch} for _ in x))
    for size in (3, 8):
        x = inputs_of(layer, (size,))
        found = joined(program.module()(*x), layer)
        torch.testing.assert_close(found, output_of(layer, *x))


SCREW = [["cos(pi/16)", "-sin(pi/16)", 0], ["sin(pi/16)", "cos(pi/16)", 0], [0, 0, 1]]
DEEP = {"fibre": {"over": "points", "matrices": {"shift": SCREW}}}


@pytest.mark.parametrize("given", [DEEP, {"fields": {"deep": DEEP, "flat": "trivial"}}])
def test_fewer_maps_meet_in_an_entry_than_stand_over_its_orbital(given, folder):
    """A plane and a line over each point: nine maps over a pair, of which four meet."""
    spec = {**SETS, "name": "deep", "group": {"cyclic": 32}, "input": given, "output": DEEP}
    space = solve(spec)
    block = space.plan.blocks[0]
    met = np.bincount(block.stack.tocoo().coords[1]).max()
    assert block.carried is not None and met < block.depth == 9
    module, _ = page_of(space, folder)
    assert module.equivariance_residual() < 1e-9
