"""Emitted layers and networks of any size."""

from random import Random

import pytest
import torch

import intertwine
from intertwine.plan.strategy.diagrams import SizePlan
from tests.hardening.any_size import MOST_ENTRIES, applied, network_of, problem_of
from tests.hardening.tally import times, tried
from tests.network import oracle
from tests.network.acting import assert_padding_changes_nothing, inputs, outputs, perturbed
from tests.network.test_random_networks import fitted

pytestmark = pytest.mark.slow

torch.set_num_threads(1)


def layer_of(problem, space):
    """The layer in double precision with random weights, each field's channels its own."""
    named = space.form.named
    channels = [
        {name: first + k for k, name in enumerate(side)} if is_named else first
        for side, first, is_named in zip(
            (problem.inputs, problem.outputs), (1, 2), named, strict=True
        )
    ]
    layer = space.layer(*channels, dtype=torch.float64)
    for parameter in layer.parameters():
        torch.nn.init.normal_(parameter)
    return layer


def inputs_of(problem, layer, sizes, batch):
    channels = layer.in_channels
    return [
        torch.randn(
            *batch, channels[name if name else "input"] if isinstance(channels, dict) else channels,
            *shape, dtype=torch.float64,
        )
        for name, shape in problem.shapes(problem.inputs, sizes).items()
    ]  # fmt: skip


def outputs_of(problem, layer, x, **options):
    """The outputs, channels first, of inputs that have them first."""
    places = [[(-1 - len(axes), -1) for axes in side.values()]
              for side in (problem.inputs, problem.outputs)]  # fmt: skip
    if problem.last:
        x = [a.movedim(*place) for a, place in zip(x, places[0], strict=True)]
    y = layer(*x, **options)
    y = list(y) if isinstance(y, tuple) else [y]
    if problem.last:
        y = [a.movedim(*place[::-1]) for a, place in zip(y, places[1], strict=True)]
    return y


def assert_same(found, expected):
    for a, b in zip(found, expected, strict=True):
        torch.testing.assert_close(a, b, rtol=1e-9, atol=1e-9)


def check_values(problem, layer, sizes, batch):
    """Training, evaluation and gradients are those of the full matrices."""
    x = [a.requires_grad_() for a in inputs_of(problem, layer, sizes, batch)]
    expected = applied(problem, layer, x, sizes)
    y = outputs_of(problem, layer.train(), x)
    assert_same(y, expected)
    toward = [torch.randn_like(a) for a in y]
    leaves = [*x, *layer.parameters()]
    gradients = [
        torch.autograd.grad(parts, leaves, toward, allow_unused=True, materialize_grads=True)
        for parts in (y, expected)
    ]
    assert_same(*gradients)
    with torch.no_grad():
        for _ in range(2):
            assert_same(outputs_of(problem, layer.eval(), x), expected)


def check_masks(problem, layer, sizes):
    """A padded batch gives what each sample gives alone by its full matrix, and zeros elsewhere."""
    count = 2
    kept = {f: torch.rand(count, n) < 0.5 for f, n in sizes.items()}
    for mask in kept.values():
        mask[:, 0] |= ~mask.any(1)
    full = inputs_of(problem, layer, sizes, (count,))
    shapes = problem.shapes(problem.inputs, sizes).values()
    grids = [
        [_places(axes, shape, kept, k) for k in range(count)]
        for axes, shape in zip(problem.inputs.values(), shapes, strict=True)
    ]
    alone = [[full[f][k][grids[f][k]] for f in range(len(full))] for k in range(count)]
    padded = [torch.full_like(a, torch.nan) for a in full]
    for f, a in enumerate(padded):
        for k in range(count):
            a[k][grids[f][k]] = full[f][k][grids[f][k]]
    mask = kept["n"] if "product" not in problem.spec["group"] else kept
    y = outputs_of(problem, layer, padded, mask=mask)
    shapes = problem.shapes(problem.outputs, sizes).values()
    for k in range(count):
        own = {f: int(m[k].sum()) for f, m in kept.items()}
        for value, expected, axes, shape in zip(
            y, applied(problem, layer, alone[k], own), problem.outputs.values(), shapes, strict=True
        ):
            whole = torch.zeros_like(value[k])
            whole[_places(axes, shape, kept, k)] = expected
            torch.testing.assert_close(value[k], whole, rtol=1e-9, atol=1e-9)


def _places(axes, shape, kept, sample):
    """The index of what is no padding, on (channels, *axes)."""
    along = [
        kept[a][sample].nonzero()[:, 0] if isinstance(a, str) else torch.arange(n)
        for a, n in zip(axes, shape, strict=True)
    ]
    rank = len(along)
    views = [p.view([-1 if k == a else 1 for k in range(rank)]) for a, p in enumerate(along)]
    return (slice(None), *views)


def tried_each(count, check):
    """Of each number's problem; what fails says which it is."""
    for number in range(times(count)):
        try:
            check(number)
        except Exception as error:
            error.add_note(f"number {number} of the catalogue")
            raise


def check_layer(number):
    problem, random = problem_of(number), Random(number)
    space = intertwine.solve(problem.spec)
    assert isinstance(space.plan, SizePlan)
    assert space.dimension == problem.dimension(problem.sizes)
    assert space.bias_dimension == problem.bias_dimension(problem.sizes)
    torch.manual_seed(number)
    layer = layer_of(problem, space)
    least = dict.fromkeys(problem.sizes, random.randint(1, 2))
    others = {f: n + random.choice([-1, 1, 2]) or 3 for f, n in problem.sizes.items()}
    for sizes in (problem.sizes, least, others):
        if problem.entries(sizes) > MOST_ENTRIES:
            continue
        check_values(problem, layer, sizes, random.choice([(), (2,), (0,), (1, 3)]))
        if problem.expands:
            with pytest.raises(ValueError, match="given a mask, expected none"):
                layer(*inputs_of(problem, layer, sizes, ()), mask={})
        else:
            check_masks(problem, layer, sizes)
        tried(1, "sizes")


def check_network(number):
    (spec, group), random = network_of(number), Random(number)
    own = random.randint(2, 4), random.randint(2, 4)
    spec = fitted({**spec, "group": group(own)})
    space = None if spec is None else intertwine.solve(spec)
    if space is None or space.plan.sizes is None:
        return
    model = perturbed(space)
    others = random.randint(1, 5), random.randint(1, 5)
    for sizes in (own, (1, 1), others):
        there = intertwine.solve({**spec, "group": group(sizes)})
        for count in (1, 3):
            x = inputs(there, (count,))
            with torch.no_grad():
                y = outputs(model.eval(), x)
            assert_same(y, [torch.from_numpy(part) for part in oracle.forward(there, model, x)])
            assert_padding_changes_nothing(there, model, x, 2)
        assert_padding_changes_nothing(there, model.train(), x, 2)
        tried(1, "sizes")


def test_layers():
    """Random products and orders of axes: values, gradients and masks, at three sizes each."""
    tried_each(200, check_layer)


def test_networks():
    """Random stages: what a slow twin makes of each size, and padding that changes nothing."""
    tried_each(100, check_network)
