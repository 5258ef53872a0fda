"""A slow twin of a network's forward in eval mode: NumPy and loops, from the stages of the spec.

It reads the given forms, the features and the actions of `space.problem.stages`, never the steps of
a plan nor the emitted text; of the model only its state, by name.  Linear maps are sums over the
exact basis of the hom layer, one sparse matrix a weight.  Only a layer for every size has weights
that multiply other maps, the diagrams: these are made here, entry by entry, from their definition.
Tensors are arrays of shape (batch, channels, points), with all axes of an action in one.
"""

import inspect
from collections import deque
from itertools import combinations, product
from math import erf, prod

import numpy as np
import scipy.sparse as sp

from intertwine.action.action import SetAction, Trivial
from intertwine.action.lifted import Lifted
from intertwine.action.structure import Tensor
from intertwine.hom.space import IntertwinerSpace

EPS = 1e-5


def forward(space, model, given):
    """What the network gives for a list of tensors, as a list of arrays."""
    state = {key: value.detach().numpy() for key, value in model.state_dict().items()}
    document, problem = space.document, space.problem
    names = problem.source.fields
    x = {n: v.numpy().reshape(*v.shape[:2], -1) for n, v in zip(names, given, strict=True)}
    kept = {"input": x}
    for stage in problem.stages:
        x = _stage(Layers(document.spec.layer, model, state), stage, x, kept)
        kept[stage.name] = x
    shapes = {n: action.shape for n, action in problem.stages[-1].target.fields.items()}
    return [x[n].reshape(*x[n].shape[:2], *shape) for n, shape in shapes.items()]


def _stage(layers, stage, x, kept):
    given, before, x = stage.given, x, dict(x)
    words = _by_field(stage.mapped, given.nonlinearity)
    gates = {}
    if given.action is not None:
        named = (stage.source.named, stage.mapped.named)
        sides = (stage.source.fields, stage.mapped.fields)
        if hasattr(layers.model, stage.name):
            x = layers.many(stage.name, *sides, before, given, named)
        else:
            x = {
                n: layers.many(
                    f"{stage.name}_{n}", sides[0], {n: a}, before, given, (False, False)
                )[n]
                for n, a in sides[1].items()
            }
        over = {n: a.points for n, a in stage.mapped.fields.items() if words.get(n) == "gated"}
        if over:
            gates = layers.many(f"{stage.name}_gates", sides[0], over, before, given, named)
    if given.stride is not None:
        x = {n: _strided(x[n], a, given.stride) for n, a in stage.mapped.fields.items()}
    for name, kind in _by_field(stage.strided, given.normalization).items():
        x[name] = _normalized(x[name], kind, layers.state, _member(stage, "norm", name))
    if given.residual is not False:
        added = before if given.residual is True else kept[given.residual]
        x = {n: part + added[n] for n, part in x.items()}
    for name, word in words.items():
        action = stage.strided.fields[name]
        if word == "gated":
            x[name] = _scaled(x[name], action, lambda p, v, g=gates[name]: _sigmoid(g[..., p]))
        elif word == "norm":
            lengths = _member(stage, "lengths", name)
            a = layers.state[f"{lengths}.scale"].ravel()
            b = layers.state[f"{lengths}.shift"].ravel()
            x[name] = _scaled(
                x[name],
                action,
                lambda p, v, a=a, b=b: _sigmoid(a * np.sqrt((v * v).sum(-1)) + b),
            )
        elif word == "tensor_product":
            partners = layers.state[f"{_member(stage, 'partners', name)}.weight"]
            mixed = np.einsum("oc,bc...->bo...", partners, x[name])
            square, products = _products(action, x[name], mixed)
            module = _member(stage, "products", name)
            x[name] = x[name] + layers.whole(module, square, action, products, given)
        else:
            x[name] = FUNCTIONS[word](x[name])
    pooling = given.pooling
    if pooling is None:
        return x
    reduce = {"max": np.max, "mean": np.mean, "sum": np.sum}[pooling.kind]
    if pooling.window is not None:
        return {
            n: _windowed(x[n], a, pooling.window, reduce) for n, a in stage.strided.fields.items()
        }
    return {
        n: _pooled(x[n], a, stage.target.fields[n], reduce) for n, a in stage.strided.fields.items()
    }


# Linear maps


class Layers:
    """The emitted layers' weights, and the maps that they multiply."""

    def __init__(self, said, model, state):
        self.said, self.model, self.state = said, model, state

    def whole(self, module, source, target, x, given):
        """A layer between two actions whatever the support of the stage."""
        one = given.model_copy(update={"support": None, "boundary": None})
        said = self.said.model_copy(update={"support": None, "boundary": "periodic"})
        made = Layers(said, self.model, self.state)
        return made.many(module, {"x": source}, {"x": target}, {"x": x}, one, (False, False))["x"]

    def many(self, module, sources, targets, x, given, named):
        """Every output field as the sum over all input fields, and the bias."""
        layer = getattr(self.model, module)
        any_size = bool(inspect.signature(layer.dense_weight).parameters)
        bias = self.said.bias if given.bias is None else given.bias
        result = {}
        for t, target in targets.items():
            rows = target.dimension
            y = np.zeros((next(iter(x.values())).shape[0], self._outs(module, t, named), rows))
            for s, source in sources.items():
                weight = self._weight(module, t, s, named)
                if any_size:
                    found = diagrams(target, source, mean=self.said.normalize == "mean")
                else:
                    found = kept_maps(source, target, *self._reach(source, target, given))
                for coefficient, matrix in zip(weight, found, strict=True):
                    flat = x[s].reshape(-1, source.dimension).T
                    moved = (matrix.tocsr() @ flat).T.reshape(*x[s].shape[:2], rows)
                    y += np.einsum("oi,bir->bor", coefficient, moved)
            key = f"{module}.bias" + (f".{t if named[1] else 'output'}" if any(named) else "")
            if bias:
                trivial = Trivial(target.group)
                if any_size:
                    found = diagrams(target, trivial, mean=True)
                else:
                    found = IntertwinerSpace(trivial, target).basis()
                for coefficient, matrix in zip(self.state[key], found, strict=True):
                    y += coefficient[:, None] * matrix.toarray().reshape(1, rows)
            else:
                assert key not in self.state
            result[t] = y
        return result

    def _reach(self, source, target, given):
        """The support, and whether there are zeros at the ends.

        What is said of all stages is for those from a grid to a grid.
        """
        grids = bool(grid_axes(source) and grid_axes(target))
        support = given.support or (self.said.support if grids else None)
        return support, (given.boundary or (grids and self.said.boundary)) == "zeros"

    def _outs(self, module, t, named):
        keys = [k for k in self.state if k.startswith(f"{module}.weight")]
        if any(named):
            keys = [
                k for k in keys if k.startswith(f"{module}.weight.{t if named[1] else 'output'}__")
            ]
        return self.state[keys[0]].shape[1]

    def _weight(self, module, t, s, named):
        if not any(named):
            return self.state[f"{module}.weight"]
        block = f"{t if named[1] else 'output'}__{s if named[0] else 'input'}"
        return self.state[f"{module}.weight.{block}"]


def kept_maps(source, target, support, zeros):
    """The basis in its canonical order, or what a support keeps of it."""
    found = list(IntertwinerSpace(source, target).basis())
    if support is None or (support.radius is None and support.orbitals is None):
        return found
    if support.orbitals is not None:
        return [found[k] for k in sorted(set(support.orbitals))]
    kept = []
    for matrix in found:
        near, inside = _reach(matrix.tocoo(), source, target, support.radius)
        if near.any():
            assert near.all()
            entries = matrix.tocoo()
            data = entries.data * (inside if zeros else 1)
            kept.append(sp.coo_array((data, entries.coords), shape=matrix.shape))
    return kept


def _reach(matrix, source, target, radius):
    """Which entries join places within reach, round the grid and without going round."""
    near = inside = np.ones(len(matrix.data), dtype=bool)
    ends = [
        np.unravel_index(places, action.shape)
        for places, action in zip(matrix.coords, (target, source), strict=True)
    ]
    pairs = zip(grid_axes(target), grid_axes(source), strict=True)
    for out, into in pairs:
        n = target.shape[out]
        gap = ends[1][into] - ends[0][out]
        near = near & (np.minimum(gap % n, -gap % n) <= radius)
        inside = inside & (np.abs(gap) <= radius)
    return near, inside


def diagrams(target, source, mean):
    """The maps of a layer for every size: set partitions of the axes, in lexicographic order.

    Tied axes are equal, and what is tied to input axes alone is averaged, or added up.  Of an axis
    that nothing permutes every index has maps of its own.
    """
    axes = [*_axes(target), *_axes(source)]
    outer = len(target.shape)
    sizes = {factor: n for factor, n in axes if factor is not None}
    moved = [a for a, (factor, _) in enumerate(axes) if factor is not None]
    fixed = [a for a, (factor, _) in enumerate(axes) if factor is None]
    places = np.indices([n for _, n in axes]).reshape(len(axes), -1)
    size = (target.dimension, source.dimension)
    for string in growth_strings([axes[a][0] for a in moved]):
        crossing = {b for a, b in zip(moved, string, strict=True) if a < outer}
        loose = {b: axes[a][0] for a, b in zip(moved, string, strict=True) if b not in crossing}
        scale = prod(sizes[factor] for factor in loose.values()) if mean else 1
        tied = np.ones(places.shape[1], dtype=bool)
        for (a, block), (c, other) in combinations(list(zip(moved, string, strict=True)), 2):
            if block == other:
                tied &= places[a] == places[c]
        for chosen in product(*(range(axes[a][1]) for a in fixed)):
            entries = tied.copy()
            for a, index in zip(fixed, chosen, strict=True):
                entries &= places[a] == index
            yield sp.coo_array(entries.reshape(size) / scale)


def growth_strings(factors, made=()):
    """All ways to tie axes into blocks, each block named by its first axis; factors do not mix."""
    if len(made) == len(factors):
        yield made
        return
    here = factors[len(made)]
    for block in range(max(made, default=-1) + 2):
        others = {factors[a] for a, b in enumerate(made) if b == block}
        if others <= {here}:
            yield from growth_strings(factors, (*made, block))


def _axes(action):
    """The factor that permutes each axis, or None, with its length."""
    if isinstance(action, Trivial):
        return [(None, action.size)]
    if isinstance(action, Tensor):
        return [axis for part in action.members for axis in _axes(part)]
    if isinstance(action, Lifted):
        return [(f if f is None else action.factor, n) for f, n in _axes(action.inner)]
    assert isinstance(action, SetAction)
    return [("", action.dimension)]


# Points


def grid_axes(action):
    """The axes along which a grid extends."""
    if isinstance(action, Tensor):
        found, start = [], 0
        for part in action.members:
            found += [start + a for a in grid_axes(part)]
            start += len(part.shape)
        return found
    inner = action.inner if isinstance(action, Lifted) else action
    if isinstance(inner, SetAction) and inner.name in ("pixels", "poses", "points"):
        return list(range(inner.name == "poses", len(inner.shape)))
    return []


def _blocks(action, step):
    """For every point of the coarser grid, those of its window; the first is the kept one."""
    axes = grid_axes(action)
    coarse = [n // step if a in axes else n for a, n in enumerate(action.shape)]
    for place in product(*map(range, coarse)):
        spans = [range(i * step, (i + 1) * step) if a in axes else [i] for a, i in enumerate(place)]
        yield [int(np.ravel_multi_index(p, action.shape)) for p in product(*spans)]


def _strided(x, action, step):
    return np.stack([x[..., window[0]] for window in _blocks(action, step)], axis=-1)


def _windowed(x, action, step, reduce):
    return np.stack([reduce(x[..., w], axis=-1) for w in _blocks(action, step)], axis=-1)


def _pooled(x, source, target, reduce):
    below = points_below(source, target)
    return np.stack(
        [reduce(x[..., below == point], axis=-1) for point in range(target.dimension)], axis=-1
    )


def points_below(source, target):
    """The map of points that commutes with the group and keeps some axes, the first that does.

    It is spread from one point of each orbit along the generators, and must agree with itself.
    """
    if isinstance(target, Trivial) and target.size == 1:
        return np.zeros(source.dimension, dtype=int)
    if target == source:
        return np.arange(source.dimension)
    rank = len(source.shape)
    places = np.array(list(product(*map(range, source.shape))))
    for axes in combinations(range(rank), len(target.shape)):
        if len(axes) < rank and tuple(source.shape[a] for a in axes) == target.shape:
            wanted = np.ravel_multi_index(tuple(places[:, a] for a in axes), target.shape)
            if (spread(source, target, wanted) == wanted).all():
                return wanted
    raise AssertionError("no map commutes")


def spread(source, target, wanted):
    """The map that agrees with `wanted` at one point of each orbit, or -1 where there is none."""
    moves = [
        (g.images.tolist(), h.images.tolist())
        for g, h in zip(source.generators, target.generators, strict=True)
    ]
    found = np.full(source.dimension, -1)
    for root in range(source.dimension):
        if found[root] >= 0:
            continue
        found[root] = wanted[root]
        queue = deque([root])
        while queue:
            point = queue.popleft()
            for up, down in moves:
                image = down[found[point]]
                if found[up[point]] < 0:
                    found[up[point]] = image
                    queue.append(up[point])
                elif found[up[point]] != image:
                    return np.full(source.dimension, -1)
    return found


# What follows a linear map


def _normalized(x, kind, state, module):
    if kind == "rms":
        squares = (x * x).mean(axis=(1, 2), keepdims=True)
        return x / np.sqrt(squares + 1e-5)
    weight, bias = (state[f"{module}.{key}"][:, None] for key in ("weight", "bias"))
    if kind == "batch":
        mean, variance = (state[f"{module}.running_{key}"][:, None] for key in ("mean", "var"))
    else:
        axes = 1 if kind == "point" else (1, 2)
        mean = x.mean(axis=axes, keepdims=True)
        variance = ((x - mean) ** 2).mean(axis=axes, keepdims=True)
    return (x - mean) / np.sqrt(variance + EPS) * weight + bias


def _scaled(x, action, factor):
    """The coordinates over each point times a number a channel."""
    result = np.empty_like(x)
    for point in range(action.points.dimension):
        over = np.flatnonzero(action.fibre_of == point)
        vectors = x[..., over]
        result[..., over] = vectors * factor(point, vectors)[..., None]
    return result


def _products(action, x, y):
    """The products of a coordinate of x and one of y over a point, and the action on them.

    Points are tuples of what the first factors permute; without such there is one point.
    """
    members = action.members if isinstance(action, Tensor) else (action,)
    still = 0
    while still < len(members) and not (members[still].linear or members[still].signed):
        still += 1
    over, rest = members[:still], members[still:]
    count = prod(part.dimension for part in over)
    left, right = (part.reshape(*x.shape[:2], count, -1) for part in (x, y))
    if not rest:
        return action, x * y
    products = [
        np.outer(left[b, c, p], right[b, c, p]).ravel()
        for b, c, p in product(*map(range, left.shape[:3]))
    ]
    square = Tensor(action.group, (*over, *rest, *rest))
    return square, np.array(products).reshape(*x.shape[:2], -1)


def _sigmoid(x):
    return 1 / (1 + np.exp(-x))


FUNCTIONS = {
    "relu": lambda x: np.where(x > 0, x, 0),
    "leaky_relu": lambda x: np.where(x > 0, x, 0.01 * x),
    "elu": lambda x: np.where(x > 0, x, np.exp(np.minimum(x, 0)) - 1),
    "gelu": lambda x: x * (1 + np.vectorize(erf)(x / np.sqrt(2))) / 2,
    "silu": lambda x: x * _sigmoid(x),
    "softplus": lambda x: np.logaddexp(0, x),
    "sigmoid": _sigmoid,
    "tanh": np.tanh,
    "softsign": lambda x: x / (1 + np.abs(x)),
}


# Names


def _by_field(features, said):
    if said is None:
        return {}
    return said if isinstance(said, dict) else dict.fromkeys(features.fields, said)


def _member(stage, what, name):
    module = f"{stage.name}_{what}"
    return f"{module}_{name}" if stage.mapped.named else module
