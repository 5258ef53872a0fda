"""Random stages over a dozen groups: refused in one line, or equivariant from end to end."""

import hypothesis.strategies as st
import pytest
import torch
from hypothesis import HealthCheck, given, settings

from intertwine import SpecError, solve
from intertwine.spec.network_forms import NONLINEARITIES
from tests.network.acting import (
    acted,
    assert_equal,
    count,
    inputs,
    moved_fields,
    outputs,
    perturbed,
    random_element,
)

PAIRS = {"power": ["points", 2]}
EDGES = {"exterior_power": ["points", 2]}
VECTORS = {"tensor": ["points", "vector"]}
FIELDS = {"fields": {"a": "points", "b": PAIRS}}
WORLDS = [
    ({"symmetric": 4}, ["points", "trivial", PAIRS, EDGES, {"standard": "points"}, FIELDS]),
    ({"cyclic": 6}, ["points", "trivial", "regular", "vector", VECTORS]),
    ({"dihedral": 5}, ["points", "vector", VECTORS, {"fields": {"a": "points", "v": VECTORS}}]),
    ({"hyperoctahedral": 3}, ["axes", "points", {"power": ["axes", 2]}, "trivial"]),
    ({"alternating": 4}, ["points", EDGES, {"standard": "points"}, "trivial"]),
    ({"generators": {"a": "(0 1 2)(3 4)", "b": "(0 1)"}}, ["points", "trivial", PAIRS]),
    (
        {"product": {"u": {"symmetric": 3}, "v": {"symmetric": 4}}},
        [{"tensor": ["u", "v"]}, "u", "v", "trivial", {"fields": {"u": "u", "v": "v"}}],
    ),
    (
        {"grid": {"shape": [4, 4], "symmetry": "p4"}},
        ["pixels", "poses", "trivial", {"tensor": ["pixels", "vector"]}],
    ),
    ({"grid": {"shape": [6], "symmetry": "p1"}}, ["pixels", "trivial"]),
    (
        {"polyhedron": {"name": "tetrahedron", "reflections": True}},
        ["vertices", "edges", "vector", {"tensor": ["vertices", "vector"]}, "trivial"],
    ),
    ({"polyhedron": {"name": "icosahedron"}}, ["vertices", "vector", "trivial"]),
    ({"generators": ["flip"]}, [
        {"signed_permutations": {"flip": [-1, 2]}}, {"permutations": {"flip": [1, 0]}}, "trivial",
    ]),
]  # fmt: skip


@st.composite
def specs(draw):
    """The spec of a network of up to four stages."""
    group, actions = draw(st.sampled_from(WORLDS))
    maybe = lambda strategy: st.one_of(st.none(), strategy)  # noqa: E731
    stages = []
    for _ in range(draw(st.integers(1, 4))):
        stage = {
            "action": draw(maybe(st.sampled_from(actions))),
            "channels": draw(st.integers(1, 3)),
            "normalization": draw(maybe(st.sampled_from(["batch", "layer", "point", "rms"]))),
            "residual": draw(st.booleans()),
            "nonlinearity": draw(maybe(st.sampled_from(NONLINEARITIES))),
            "dropout": draw(maybe(st.just(0.5))),
            "stride": draw(maybe(st.just(2))) if "grid" in group or "cyclic" in group else None,
            "pooling": draw(
                maybe(
                    st.fixed_dictionaries({
                        "kind": st.sampled_from(["max", "mean", "sum"]),
                        "onto": st.sampled_from(actions),
                    })
                )
            ),
            "subgroup": True,
        }  # fmt: skip
        if stage["action"] is None:
            stage["channels"] = None
        stages.append({key: value for key, value in stage.items() if value is not None})
    return {
        "name": "random_network",
        "group": group,
        "input": draw(st.sampled_from(actions)),
        "channels": draw(st.integers(1, 2)),
        "network": stages,
    }


def solved(spec):
    """A network, with what is refused taken out of it; None where nothing is left."""
    given = fitted(spec)
    return None if given is None else solve(given)


def fitted(spec):
    """The spec without what is refused, taken out one thing at a time; None if nothing is left."""
    spec = {**spec, "network": [dict(stage) for stage in spec["network"]]}
    for _ in range(60):
        try:
            solve(spec).page  # noqa: B018
            return spec
        except SpecError as error:
            assert "\n" not in str(error)
            assert error.path[0] == "network", error
            number, *rest = error.path[1:]
            stage = spec["network"][number]
            key = rest[0] if rest and rest[0] in stage else "action"
            if key == "action" and len(spec["network"]) == 1:
                return None
            if key == "action":
                del spec["network"][number]
            else:
                del stage[key]
    raise AssertionError("refused for ever")


@pytest.mark.slow
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(specs(), st.integers(0, 99))
def test_a_random_network_commutes(spec, seed):
    space = solved(spec)
    if space is None:
        return
    torch.manual_seed(seed)
    model, x = perturbed(space), inputs(space)
    assert model.check_equivariance(*x) < 1e-9
    assert space.parameters == sum(p.numel() for p in model.parameters())
    if count(moved_fields(space)):
        sources, targets = random_element(space, seed)
        moved = acted(space.problem.source, x, sources)
        expected = acted(space.problem.stages[-1].target, outputs(model, x), targets)
        scale = max(1.0, *(float(y.detach().abs().max()) for y in expected))
        # A norm of what cancels to zero is 300 times the rounding of what it cancels from.
        found = [y / scale for y in outputs(model, moved)]
        assert_equal(found, [y / scale for y in expected], bound=1e-8)
