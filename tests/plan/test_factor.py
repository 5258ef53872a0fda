"""The factored program, against the sum of all diagrams, in exact integers and Fractions."""

from collections import Counter
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from intertwine.plan.diagram import Axes
from intertwine.plan.factor import factored
from intertwine.plan.steps.axes import Average, Lead, Tie, Trail
from intertwine.plan.steps.channels import Mix
from tests.partitions import matrix, points_averaged, strings

# No input is a number of points without any axis: a size could be read nowhere.
ORDERS = [(k, o) for k in range(4) for o in range(4) if k or not o]


def axes(words, sizes):
    factors = tuple(word if isinstance(word, str) else None for word in words)
    return Axes(factors, tuple(sizes.get(word, word) for word in words))


def moved_sizes(field):
    return [field.sizes[a] for a in field.moved]


def batch(random, *shape):
    return random.integers(-4, 5, shape)


def summed(sources, targets, inputs, weights, biases, scale):
    """`scale` times every output by full matrices, in integers; with `scale`, pools are means."""
    found = {}
    for t, target in targets.items():
        outer = moved_sizes(target)
        total = np.zeros((2, *biases[t].shape[1:], int(np.prod(outer, dtype=int))), dtype=np.int64)
        for string, bias in zip(strings(target.names), biases[t], strict=True):
            total += (scale or 1) * np.multiply.outer(bias, matrix(string, outer).ravel())
        for s, source in sources.items():
            sizes = outer + moved_sizes(source)
            full = 0
            for string, weight in zip(
                strings(target.names + source.names), weights[t, s], strict=True
            ):
                over = points_averaged(string, len(outer), sizes)
                dense = matrix(string, sizes).reshape(total.shape[-1], -1)
                full = full + np.multiply.outer(weight * (scale // over if scale else 1), dense)
            total += np.einsum("abocji,zcbi->zaoj", full, by_copies(inputs[s], source))
        found[t] = total
    return found


def by_copies(x, field):
    """A value (batch, channels, axes...) as (batch, channels, fixed indices, moved indices)."""
    first = [2 + a for a in (*field.fixed, *field.moved)]
    return x.transpose(0, 1, *first).reshape(*x.shape[:2], field.copies, -1)


def check(inside, outside, sizes, mean, seed=0):
    """The program of these fields, after comparing what it computes with the full matrices."""
    random = np.random.default_rng(seed)
    sources = {name: axes(words, sizes) for name, words in inside.items()}
    targets = {name: axes(words, sizes) for name, words in outside.items()}
    widths = {name: 1 + place % 2 for place, name in enumerate(sources)}
    wider = {name: 2 - place % 2 for place, name in enumerate(targets)}
    inputs = {s: batch(random, 2, widths[s], *field.sizes) for s, field in sources.items()}
    weights = {
        (t, s): batch(
            random,
            len(strings(target.names + source.names)),
            target.copies,
            source.copies,
            wider[t],
            widths[s],
        )
        for t, target in targets.items()
        for s, source in sources.items()
    }
    biases = {
        t: batch(random, len(strings(target.names)), target.copies, wider[t])
        for t, target in targets.items()
    }
    most = max((len(source.names) for source in sources.values()), default=0)
    scale = int(np.prod([n**most for n in sizes.values()], dtype=np.int64)) if mean else 0
    expected = summed(sources, targets, inputs, weights, biases, scale)
    program = factored(sources, targets, mean)
    numbers = {s: fractions(x) if mean else x for s, x in inputs.items()}
    kept = {s: x.copy() for s, x in numbers.items()}
    rows = {pair: weight.reshape(-1, *weight.shape[-2:]) for pair, weight in weights.items()}
    found = program.run(numbers, rows, {t: b.reshape(-1, b.shape[-1]) for t, b in biases.items()})
    assert list(found) == list(targets)
    for t, target in targets.items():
        assert found[t].shape == (2, wider[t], *target.sizes)
        result = by_copies(found[t] * (scale or 1), target).transpose(0, 2, 1, 3)
        assert (result == expected[t]).all(), t
        if mean and result.size:
            assert type(result.flat[0]) is Fraction
    assert all((numbers[s] == kept[s]).all() for s in sources), "an input was changed"
    return program


def fractions(x):
    return np.vectorize(Fraction, otypes=[object])(x)


means = pytest.mark.parametrize("mean", [False, True])


@means
@pytest.mark.parametrize(("inputs", "outputs"), ORDERS)
def test_between_tensors_of_one_group(inputs, outputs, mean):
    for n in (1, 2, 3, 4):
        check({"x": ("",) * inputs}, {"y": ("",) * outputs}, {"": n}, mean)


@means
@pytest.mark.parametrize(
    ("inside", "outside"),
    [
        (("u", "m"), ("u", "m")),
        (("u", "m"), ("m", "u")),
        (("u", "m"), ("u",)),
        (("u", "m"), ()),
        (("u", "m", "u"), ("m", "u")),
        (("u", "m", "u"), ("m", "u", "u", "m")),
        (("u", "m", "t"), ("u", "m", "t")),
        (("t", "m", "u"), ("u", "t", "u")),
        (("u", "t", "u", "m"), ("m", "u", "t")),
    ],
)
def test_between_tensors_of_products(inside, outside, mean):
    for sizes in ({"u": 3, "m": 2, "t": 2}, {"u": 1, "m": 3, "t": 2}, {"u": 2, "m": 2, "t": 3}):
        here = {name: n for name, n in sizes.items() if name in inside}
        check({"x": inside}, {"y": outside}, here, mean)


@means
@pytest.mark.parametrize(
    ("inside", "outside"),
    [
        ((2,), (3,)),
        (("", 2), (2, "")),
        ((2, "", 3, ""), ("", 2)),
        (("", 1), (1, "", 2, "")),
        (("u", 2, "m"), (3, "m", "u", 2)),
        ((2, 3, "u"), ("u", "u")),
        (("u", "u", 2), (2, 2)),
    ],
)
def test_fixed_axes(inside, outside, mean):
    for sizes in ({"": 3, "u": 3, "m": 2}, {"": 1, "u": 2, "m": 1}):
        here = {name: n for name, n in sizes.items() if name in inside}
        check({"x": inside}, {"y": outside}, here, mean)


FIELDS = [
    ({"x": ("u",), "e": ("u", "u")}, {"x": ("u",), "e": ("u", "u"), "label": ()}),
    ({"f": ("u", "u"), "r": ("u", "m")}, {"f": ("u", "u"), "r": ("u", "m")}),
    (
        {"w1": ("u", "i"), "b1": ("u",), "w2": ("o", "u"), "b2": ("o",)},
        {"w1": ("u", "i"), "b1": ("u",), "w2": ("o", "u"), "b2": ("o",)},
    ),
    (
        {"a": ("u", 2), "b": ("u",), "c": (3, "u"), "d": (2,)},
        {"a": ("u", 2), "b": ("u",), "c": (3, "u"), "d": (2,)},
    ),
    # Names that values of the program would have.
    ({"x": ("u", "u"), "x_a": ("u",), "x_ia": ("u", "u"), "x_a_": ()}, {"y": ("u",), "y_a": ()}),
    ({"x": ("u", "u", "u"), "x_ij": ("u", "u")}, {"x_ij_turned": ("u", "u"), "x_i": ("u",)}),
]


@means
@pytest.mark.parametrize(("inside", "outside"), FIELDS)
def test_between_several_fields(inside, outside, mean):
    for sizes in ({"u": 3, "m": 2, "i": 2, "o": 2}, {"u": 1, "m": 2, "i": 3, "o": 1}):
        used = {word for words in inside.values() for word in words}
        here = {name: n for name, n in sizes.items() if name in used}
        owned = [{f"{side}{k}": w for k, w in d.items()} for side, d in
                 (("", inside), ("to_", outside))]  # fmt: skip
        check(*owned, here, mean)


words = st.lists(st.sampled_from(["u", "u", "m", 1, 2]), max_size=3).map(tuple)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(words, min_size=1, max_size=3),
    st.lists(words, min_size=1, max_size=2),
    st.integers(1, 3),
    st.integers(1, 3),
    st.booleans(),
    st.integers(0, 999),
)
def test_between_any_fields(inside, outside, n, m, mean, seed):
    read = {word for field in inside for word in field}
    assume(all(word in read for field in outside for word in field if isinstance(word, str)))
    sizes = {name: size for name, size in (("u", n), ("m", m)) if name in read}
    sources = {f"x{k}": field for k, field in enumerate(inside)}
    check(sources, {f"y{k}": field for k, field in enumerate(outside)}, sizes, mean, seed)


# What makes it fast


def powers(inputs, outputs):
    sides = (Axes(("",) * r, (7,) * r) for r in (inputs, outputs))
    return factored(*({name: side} for name, side in zip("xy", sides, strict=True)))


@pytest.mark.parametrize(("inputs", "outputs"), ORDERS)
def test_every_diagram_is_mixed_once(inputs, outputs):
    cells = Counter(d for mix in powers(inputs, outputs).mixes for row in mix.cells for d in row)
    assert cells == Counter(range(len(strings(("",) * (inputs + outputs)))))


@pytest.mark.parametrize(
    ("inputs", "outputs", "split"),
    [
        (1, 1, {0: 1, 1: 1}),
        (2, 0, {0: 2}),
        (1, 2, {0: 2, 1: 3}),
        (2, 1, {0: 2, 1: 3}),
        (2, 2, {0: 4, 1: 9, 2: 2}),
        (3, 3, {0: 25, 1: 100, 2: 72, 3: 6}),
    ],
)
def test_each_is_mixed_where_it_has_fewest_axes(inputs, outputs, split):
    found = Counter()
    for mix in powers(inputs, outputs).mixes:
        found[len(mix.level)] += sum(map(len, mix.cells))
    assert found == split


def test_what_is_added_to_an_only_value_is_its_base():
    said = [str(step) for step in powers(2, 2).steps]
    assert "y_ij = y_ij_rest + mix(x)" in said
    assert [s for s in map(str, powers(1, 1).steps) if "mix" in s] == [
        "y_a = mix(x_a)",
        "y_i = y_a + mix(x)",
    ]


@pytest.mark.parametrize(("inputs", "outputs"), ORDERS)
def test_a_pool_is_made_once(inputs, outputs):
    program = powers(inputs, outputs)
    pools = [(step.given, step.axis) for step in program.steps if isinstance(step, Average)]
    assert len(set(pools)) == len(pools)
    for mix in program.mixes:
        assert len(set(mix.givens)) == len(mix.givens)
        assert len(set(mix.outs)) == len(mix.outs)


@pytest.mark.parametrize(("inputs", "outputs"), [(2, 3), (3, 2)])
def test_crossings_turn_the_side_that_has_fewer_values(inputs, outputs):
    mix = powers(inputs, outputs).mixes[-1]
    assert len(mix.level) == 2
    assert (len(mix.givens), len(mix.outs)) == ((2, 6) if inputs == 2 else (6, 2))


def test_pools_come_first_and_fixed_axes_return_last():
    steps = factored(
        {"a": Axes(("", None), (4, 2)), "b": Axes(("", ""), (4, 4))},
        {"y": Axes(("", "", None), (4, 4, 2))},
    ).steps
    mixes = [place for place, step in enumerate(steps) if isinstance(step, Mix)]
    for place, step in enumerate(steps):
        if isinstance(step, Lead | Tie | Average):
            assert place < mixes[0]
        if isinstance(step, Trail):
            assert place > mixes[-1]


def test_a_step_says_what_it_does():
    said = [str(step) for step in powers(2, 2).steps]
    assert said[:5] == [
        "x_ii = diagonal(x, -2, -1)",
        "x_aa = mean(x_ii, -1)",
        "x_ia = mean(x, -1)",
        "x_ai = mean(x, -2)",
        "x_ab = mean(x_ia, -1)",
    ]
    assert said[-1] == "y_ij = y_ij + y_ii on the diagonal ((-2, -1),)"
    fixed = factored({"x": Axes((None, ""), (2, 5))}, {"y": Axes(("", None), (5, 3))})
    assert str(fixed.steps[0]) == "x = lead(x, (-2,))"
    assert str(fixed.steps[-1]) == "y_i = trail(y_i, (-1,))"
