"""What parameters reach, against ranks of Jacobians by autograd and pair graphs."""

import numpy as np
import pytest
import torch

from benchmarks.references.neural_functional import NeuralFunctional
from intertwine import solve
from intertwine.audit.module import audit_module
from intertwine.audit.reach import Reach
from tests.audit.modules import Gated, Rectified, Residual, Scaled, Sets, Squared, Tied, linear
from tests.oracle import orbital_codes, signed
from tests.solved import ANY_SIZE, TABLED, solved

WIDTHS = {
    (2, 3, 2): (98, 72, 74),
    (2, 3, 3, 2): (142, 112, 114),
    (2, 3, 3, 3): (196, 160, 163),
    (1, 2, 1): None,
    (3, 4, 2, 2): None,
}


def perceptron(widths):
    """The spec of the weights of a perceptron with its hidden neurons permuted."""
    hidden = {f"hidden_{i}": {"symmetric": n} for i, n in enumerate(widths[1:-1], 1)}
    ends = {0: {"trivial": widths[0]}, len(widths) - 1: {"trivial": widths[-1]}}
    sides = [ends.get(i, f"hidden_{i}") for i in range(len(widths))]
    fields = {}
    for i in range(len(widths) - 1):
        fields |= {f"weight_{i}": {"tensor": [sides[i + 1], sides[i]]}, f"bias_{i}": sides[i + 1]}
    both = {"fields": fields}
    return {"name": "perceptron", "group": {"product": hidden}, "input": both, "output": both}


class Mended(NeuralFunctional):
    """With the bias of the hidden neuron before the last weight, for itself."""

    def __init__(self, widths):
        super().__init__(widths)
        self.seen = torch.nn.Parameter(torch.zeros(widths[-1]))

    def forward(self, *fields):
        *others, weight, bias = super().forward(*fields)
        return *others, weight + self.seen[:, None] * fields[-3][:, :, None, :], bias


def by_autograd(space, module, shapes):
    """Rank of the reach, of all intertwiners, and of both, as floats have it."""
    module = module.double()
    names = [name for name, p in module.named_parameters() if p.requires_grad]
    values = [p.detach() for p in module.parameters() if p.requires_grad]
    sizes = [int(np.prod(shape)) for shape in shapes]

    def output(theta, x):
        given = dict(zip(names, theta, strict=True))
        fields = [p.reshape(1, *s) for p, s in zip(x.split(sizes), shapes, strict=True)]
        found = torch.func.functional_call(module, given, tuple(fields))
        found = found if isinstance(found, tuple) else (found,)
        return torch.cat([y.flatten() for y in found])

    x = torch.zeros(sum(sizes), dtype=torch.float64)
    mixed = torch.func.jacrev(torch.func.jacrev(output, 1), 0)(tuple(values), x)
    reached = torch.cat([j.reshape(j.shape[0] * j.shape[1], -1) for j in mixed], 1).T.numpy()
    sides = signed(space.target), signed(space.source)
    codes = orbital_codes(*sides, space.target.dimension, space.source.dimension).ravel()
    every = np.stack([np.sign(codes) * (abs(codes) == k) for k in range(1, codes.max() + 1)])
    ranks = [np.linalg.matrix_rank(m) for m in (reached, every, np.concatenate([reached, every]))]
    return int((reached != 0).any(1).sum()), *map(int, ranks)


@pytest.mark.parametrize("widths", WIDTHS)
def test_the_published_layer_is_redundant_and_incomplete(widths):
    torch.manual_seed(0)
    space, module = solve(perceptron(widths)), NeuralFunctional(widths)
    found = audit_module(space, module)
    linear = found.reaches.linear
    assert found.residual.vanishes and found.bias.residual.vanishes
    shapes = [(1, *part.shape) for part in space.source.parts]
    parameters, rank, dimension, both = by_autograd(space, module, shapes)
    assert (linear.parameters, linear.rank, linear.dimension) == (parameters, rank, dimension)
    assert len(linear.redundant) == parameters - rank
    assert len(linear.missing) == both - rank
    assert linear.outside == both - dimension == 0
    if WIDTHS[widths]:
        assert WIDTHS[widths] == (parameters, linear.reached, dimension)


def test_the_two_maps_of_74_are_the_hidden_bias_to_its_own_weights():
    found = audit_module(solved("weight_space"), NeuralFunctional((2, 3, 2)))
    linear, bias = found.reaches.linear, found.reaches.bias
    assert str(linear) == (
        "98 parameters of rank 72 reach 72 of 74 dimensions: 26 redundant, 2 missing, 0 outside"
    )
    words = [(one.output, one.input, one.entries) for one in linear.missing]
    assert words == [("weight_2[0, 0]", "bias_1[0]", 3), ("weight_2[1, 0]", "bias_1[0]", 3)]
    for one in linear.missing:
        element = list(solved("weight_space").basis())[one.element].toarray()
        columns = element[9:15, 6:9].reshape(2, 3, 3)
        assert sorted(np.abs(columns).sum((1, 2)).tolist()) == [0, 3]
        assert np.abs(element).sum() == 3
        assert any(np.array_equal(part, np.eye(3)) for part in columns)
    lacking = [(p.output, p.input, p.dimension, p.missing) for p in linear.pairs if p.missing]
    assert lacking == [("weight_2", "bias_1", 4, 2)]
    assert sum(p.dimension for p in linear.pairs) == 74
    assert (bias.parameters, bias.rank, bias.dimension, len(bias.missing)) == (12, 7, 7, 0)
    assert sum(linear.redundant_by_tensor.values()) == len(linear.redundant) == 26


@pytest.mark.parametrize("widths", [(2, 3, 2), (2, 3, 3, 3)])
def test_the_layer_is_mended_by_the_missing_term(widths):
    found = audit_module(solve(perceptron(widths)), Mended(widths)).reaches.linear
    assert len(found.missing) == 0 and found.outside == 0
    assert found.reached == found.rank == found.dimension


class Pruned(torch.nn.Module):
    """A module some of whose parameters are multiplied by zero."""

    def __init__(self, module, names):
        super().__init__()
        self.module = module
        self.masks = {name: torch.ones_like(p) for name, p in module.named_parameters()}
        for name in names:
            tensor, _, index = name.partition("[")
            self.masks[tensor][tuple(int(i) for i in index.rstrip("]").split(","))] = 0

    def forward(self, *fields):
        kept = {name: p * self.masks[name] for name, p in self.module.named_parameters()}
        return torch.func.functional_call(self.module, kept, fields)


def test_without_the_redundant_parameters_the_same_is_reached_once():
    space, module = solved("weight_space"), NeuralFunctional((2, 3, 2))
    first = audit_module(space, module).reaches
    redundant = (*first.linear.redundant, *first.bias.redundant)
    again = audit_module(space, Pruned(module, redundant)).reaches
    assert (again.linear.parameters, again.linear.rank, again.linear.reached) == (72, 72, 72)
    assert (again.bias.parameters, again.bias.rank) == (7, 7)
    assert again.idle == len(redundant) == 31
    assert again.linear.missing == first.linear.missing


@pytest.mark.parametrize(
    "name", ["weight_space", "deepsets", "maron_2_2", "circulant", "negacyclic"]
)
def test_our_own_layers_reach_everything_once(name):
    space = solved(name)
    found = audit_module(space, space.layer(1, 1)).reaches
    for reach, dimension in ((found.linear, space.dimension), (found.bias, space.bias_dimension)):
        assert (reach.rank, reach.reached, reach.dimension) == (dimension,) * 3
        assert reach.parameters == dimension and not reach.redundant and reach.outside == 0


def test_channels_multiply_the_space():
    space = solved("deepsets")
    found = audit_module(space, space.layer(3, 2))
    linear, bias = found.reaches.linear, found.reaches.bias
    assert found.linear.layout.channels == (2, 3)
    assert (linear.rank, linear.dimension, linear.channel_pairs) == (12, 12, 6)
    assert (bias.rank, bias.dimension, bias.channel_pairs) == (2, 2, 2)
    half = audit_module(space, torch.nn.Conv1d(3, 2, 1)).reaches.linear
    assert (half.rank, half.dimension, len(half.missing)) == (6, 12, 6)
    assert [one.channels for one in half.missing] == [(o, i) for o in range(2) for i in range(3)]
    assert {(one.output, one.input, one.entries) for one in half.missing} == {("[0]", "[1]", 90)}


def test_channels_multiply_every_pair_of_fields():
    space = solved("weight_space")
    shapes = [(2, *part.shape) for part in space.source.parts]
    module = NeuralFunctional((2, 3, 2), in_channels=2)
    found = audit_module(space, module, shapes=shapes).reaches.linear
    assert (found.rank, found.dimension, len(found.missing)) == (2 * 72, 2 * 74, 4)
    assert sum(pair.dimension for pair in found.pairs) == 2 * 74
    lacking = [(p.output, p.input, p.dimension, p.reached) for p in found.pairs if p.missing]
    assert lacking == [("weight_2", "bias_1", 8, 4)]


def test_a_redundant_parameter_is_named():
    found = audit_module(solved("deepsets"), Sets())
    linear, bias = found.reaches.linear, found.reaches.bias
    assert (linear.parameters, linear.rank, linear.redundant) == (3, 2, ("total",))
    assert (bias.parameters, bias.rank, bias.redundant) == (2, 1, ("shift[1]",))
    assert not linear.missing and not bias.missing and found.reaches.idle == 0
    spare = audit_module(solved("deepsets"), Sets(spare=False)).reaches.linear
    assert (spare.parameters, spare.rank, spare.redundant) == (2, 2, ())


def test_a_parameter_with_two_names_is_one():
    found = audit_module(solved("deepsets"), Tied()).reaches.linear
    assert (found.parameters, found.rank, len(found.redundant)) == (1, 1, 0)
    assert [(one.output, one.input) for one in found.missing] == [("[0]", "[0]")]


def test_a_dense_layer_reaches_everything_and_more():
    found = audit_module(solved("deepsets"), linear())
    reach = found.reaches.linear
    assert (reach.parameters, reach.rank, reach.reached, reach.outside) == (100, 100, 2, 98)
    assert found.reaches.bias.outside == 9 and found.residual.maximum > 0.1


def test_a_kernel_that_is_too_small_misses_the_far_offsets():
    space = solved("periodic_convolution")
    layer = torch.nn.Conv2d(1, 1, 3, padding=1, padding_mode="circular")
    found = audit_module(space, layer).reaches.linear
    offsets = {tuple(int(n) for n in one.input[1:-1].split(",")) for one in found.missing}
    near = {(i % 8, j % 8) for i in (-1, 0, 1) for j in (-1, 0, 1)}
    assert offsets == {(i, j) for i in range(8) for j in range(8)} - near
    assert all(one.output == "[0, 0]" and one.entries == 64 for one in found.missing)
    zeros = audit_module(space, torch.nn.Conv2d(1, 1, 3, padding=1))
    assert zeros.residual.maximum > 0.1 and zeros.reaches.linear.outside == 8


def test_a_fixed_map_is_told():
    found = audit_module(solved("deepsets"), Residual()).reaches
    assert found.linear.shifted and found.linear.parameters == found.linear.rank == 1
    assert found.idle == 3
    assert not audit_module(solved("deepsets"), Sets()).reaches.linear.shifted


@pytest.mark.parametrize(
    ("module", "said"),
    [
        (Squared(), "not affine in its parameters"),
        (torch.nn.utils.parametrizations.weight_norm(linear()), "not affine in its parameters"),
        (Gated(), "with other parameters it is not affine"),
        (Rectified(), "affine modules only"),
        (torch.nn.Identity(), "no parameters to train"),
    ],
)
def test_ranks_are_told_or_a_sentence_is(module, said):
    found = audit_module(solved("deepsets"), module)
    assert said in found.reaches


def test_what_is_not_rational_has_no_rank():
    found = audit_module(solved("deepsets"), Scaled()).reaches
    assert "no fractions" in found.linear and isinstance(found.bias, Reach)
    space = solved("hexagon_forces")
    assert not space.found.rational
    found = audit_module(space, space.layer(1, 1))
    assert "irrational" in found.reaches.linear and found.residual.maximum < 1e-12


def test_ranks_of_huge_modules_are_not_sought():
    found = audit_module(solved("deepsets"), torch.nn.Conv1d(32, 32, 1))
    assert "fewer channels" in found.reaches


@pytest.mark.parametrize("name", TABLED + ANY_SIZE)
def test_every_small_layer_of_ours_reaches_every_map_once(name):
    """By whatever plan it is computed: exactly the dimension that the solver proved."""
    space = solved(name)
    if space.source.dimension * space.target.dimension > 400:
        pytest.skip("large: it takes long to take it apart")
    last = space.document.spec.layer.layout == "channels_last"
    found = audit_module(space, space.layer(1, 1), last)
    if not space.dimension + space.bias_dimension:
        assert "no parameters" in found.reaches
        return
    linear, bias = found.reaches.linear, found.reaches.bias
    assert found.residual.maximum < 1e-12
    assert (linear.reached, linear.dimension, linear.outside) == (space.dimension,) * 2 + (0,)
    assert (bias.reached, bias.outside) == (space.bias_dimension, 0)
