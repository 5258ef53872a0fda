"""Random layers for every size as specs, and their maps as full matrices at any of the sizes.

A matrix is made entry by entry from the definition of a diagram: the package has no part in it.
"""

from dataclasses import dataclass
from functools import partial
from math import prod
from random import Random

import torch

from intertwine.spec.network_forms import POINTWISE
from tests.partitions import matrix, points_averaged, strings

FACTORS = ["users", "movies", "a", "n", "x", "a_long_name_of_a_factor"]
FIELDS = ["nodes", "y", "count", "rows", "x", "a_field_of_a_very_long_name"]
MOST_AXES = 5
MOST_ENTRIES = 1 << 15


@dataclass(frozen=True)
class Problem:
    """A spec, and the axes of its fields: names of factors, or fixed sizes."""

    spec: dict
    inputs: dict
    outputs: dict
    sizes: dict

    @property
    def mean(self):
        return self.spec["layer"]["normalize"] == "mean"

    @property
    def last(self):
        return self.spec["layer"]["layout"] == "channels_last"

    @property
    def expands(self):
        return self.spec["layer"]["strategy"] == "expand"

    def shapes(self, side, sizes):
        return {name: [sizes.get(a, a) for a in axes] for name, axes in side.items()}

    def entries(self, sizes):
        sides = [self.shapes(side, sizes).values() for side in (self.inputs, self.outputs)]
        return prod(sum(map(prod, shapes)) for shapes in sides)

    def dimension(self, sizes):
        """The orbits of pairs of an output's and an input's points: the ways to tie their axes."""
        return sum(self._patterns(t, s, sizes) for t in self.outputs.values()
                   for s in self.inputs.values())  # fmt: skip

    def bias_dimension(self, sizes):
        return sum(self._patterns(t, (), sizes) for t in self.outputs.values())

    def _patterns(self, target, source, sizes):
        axes = (*target, *source)
        moved = [a for a in axes if isinstance(a, str)]
        fits = [
            all(
                len({b for b, a in zip(string, moved, strict=True) if a == f}) <= n
                for f, n in sizes.items()
            )
            for string in strings(moved)
        ]
        return sum(fits) * prod(a for a in axes if isinstance(a, int))


def problem_of(number):
    """The problem of a number: a product of symmetric groups, or one, on tensors of any axes."""
    random = Random(number)
    factors = random.sample(FACTORS, random.choice([0, 1, 2, 2, 2, 3]))
    sizes = {factor: random.randint(1, 4) for factor in factors or ["n"]}
    inputs = _fields(random, list(sizes), 3)
    if not any(isinstance(a, str) for axes in inputs.values() for a in axes):
        inputs[next(iter(inputs))] = (next(iter(sizes)),)
    moved = sorted({a for axes in inputs.values() for a in axes if isinstance(a, str)})
    outputs = _fields(random, moved, MOST_AXES - max(map(len, inputs.values())))
    spec = {
        "name": "random_layer",
        "group": _group(factors, sizes.values()),
        "input": _form(inputs, not factors),
        "output": _form(outputs, not factors),
        "layer": {
            "normalize": random.choice(["mean", "sum"]),
            "layout": random.choice(["channels_first", "channels_last"]),
            "strategy": random.choice(["auto", "auto", "auto", "auto", "expand"]),
            "bias": random.random() < 0.8,
        },
    }
    return Problem(spec, inputs, outputs, {f: n for f, n in sizes.items() if f in moved})


def _fields(random, factors, most):
    """The axes of a tensor, or of several by name, mostly moved ones."""
    names = random.sample(FIELDS, random.choice([0, 0, 0, 0, 1, 2, 3])) or [None]
    most = min(most, 3 if len(names) < 2 else 2)
    fields = {}
    for name in names:
        axes = [
            random.choice(factors)
            for _ in range(random.choice([0, *range(1, most + 1), *range(1, most + 1), most]))
        ]
        if axes and random.random() < 0.2:
            axes[random.randrange(len(axes))] = random.choice([1, 2])
        fields[name] = tuple(axes) or (1,)
    return fields


def _group(factors, sizes):
    groups = [{"symmetric": size} for size in sizes]
    return {"product": dict(zip(factors, groups, strict=False))} if factors else groups[0]


def _form(fields, single):
    tensors = {}
    for name, axes in fields.items():
        forms = [{"trivial": a} if isinstance(a, int) else "points" if single else a for a in axes]
        tensors[name] = {"tensor": forms}
    return tensors[None] if None in tensors else {"fields": tensors}


def network_of(number):
    """The network of a number, mostly of parts that serve all sizes; and its group by the sizes."""
    random = Random(number)
    factors = random.choice([[], ["u", "m"], ["m", "u"]])
    moved = factors or ["points"]

    def single():
        axes = [random.choice(moved) for _ in range(random.choice([0, 1, 2, 2]))]
        return {"tensor": axes} if len(axes) > 1 else axes[0] if axes else "trivial"

    def action():
        return random.choice([single(), single(), {"fields": {"f": single(), "g": single()}}])

    stages = []
    for _ in range(random.randint(1, 3)):
        stage = {"action": action(), "channels": random.randint(1, 3)}
        if random.random() < 0.4:
            stage = {}
        more = {
            "residual": random.random() < 0.5,
            "normalization": random.choice(["batch", "layer", "point", "rms"]),
            "nonlinearity": random.choice(POINTWISE),
            "pooling": {
                "kind": random.choice(["max", "mean", "sum"]),
                "onto": random.choice([*moved, *moved, "trivial"]),
            },
        }
        stages.append(stage | {key: more[key] for key in more if random.random() < 0.5})
    spec = {"name": "random_network", "input": action(), "channels": random.randint(1, 2)}
    return {**spec, "network": stages}, partial(_group, factors)


def dense(weight, target, source, sizes, mean):
    """The matrix (out, *output, in, *input) of weights (rows, out, in), as torch follows it."""
    axes = (*target, *source)
    fixed = [a for a in axes if isinstance(a, int)]
    moved = [a for a in axes if isinstance(a, str)]
    outputs = sum(isinstance(a, str) for a in target)
    points = [sizes[a] for a in moved]
    maps = torch.stack([
        torch.from_numpy(matrix(s, points)).double()
        / (max(points_averaged(s, outputs, points), 1) if mean else 1)
        for s in strings(moved)
    ])  # fmt: skip
    values = weight.reshape(len(maps), *fixed, *weight.shape[1:])
    total = torch.tensordot(values.movedim(0, -1).to(maps), maps, 1)
    # Axes now are (fixed, out, in, moved).
    homes = [1 + k if k < len(target) else 2 + k for k in range(len(axes))]
    still = [h for h, a in zip(homes, axes, strict=True) if isinstance(a, int)]
    move = [h for h, a in zip(homes, axes, strict=True) if isinstance(a, str)]
    now = [*still, 0, 1 + len(target), *move]
    return total.permute([now.index(place) for place in range(len(now))])


def applied(problem, layer, x, sizes):
    """What the layer's weights give for tensors (batch..., channels, *axes), by full matrices."""
    results = []
    for t, target in problem.outputs.items():
        total = 0
        for (s, source), given in zip(problem.inputs.items(), x, strict=True):
            weight = _parameter(layer.weight, f"{_word(t, 'output')}__{_word(s, 'input')}")
            whole = dense(weight, target, source, sizes, problem.mean)
            rows = whole.flatten(len(target) + 1).flatten(0, len(target))
            total = total + given.flatten(-len(source) - 1) @ rows.T
        if layer.bias is not None:
            bias = _parameter(layer.bias, _word(t, "output"))[..., None]
            total = total + dense(bias, target, (), sizes, False).flatten()
        shape = problem.shapes({t: target}, sizes)[t]
        results.append(total.unflatten(-1, (-1, *shape)))
    return results


def _word(name, alone):
    return alone if name is None else name


def _parameter(parameters, key):
    return parameters[key] if isinstance(parameters, torch.nn.ParameterDict) else parameters
