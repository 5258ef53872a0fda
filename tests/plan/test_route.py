"""How a layer is computed: what a spec may ask for, what is chosen, and which maps stay."""

import numpy as np
import pytest

from intertwine import solve
from intertwine.errors import SpecError
from intertwine.plan.strategy.convolution import Convolution
from intertwine.plan.strategy.small_sets import SmallSets
from tests.solved import solved
from tests.spec.refusals import refused, spec

P4M = {"grid": {"shape": [6, 6], "symmetry": "p4m"}}
# The group, input, output and layer in YAML, and words of the refusal.
REFUSED = {
    "a radius without translations": (
        "{alternating: 4}", "points", "points", "{support: {radius: 1}}",
        ("support: radius", "commute and shift input and output freely"),
    ),
    "a radius on a fixed output": (
        "{cyclic: 6}", "points", "trivial", "{support: {radius: 1}}", ("support: radius",),
    ),
    "a convolution without translations": (
        "{alternating: 4}", "points", "{subsets: [points, 2]}", "{strategy: convolve}",
        ("strategy: convolve", "translations on both sides"),
    ),
    "a convolution of signs": (
        "{symmetric: 4}", "points", "{exterior_power: [points, 2]}", "{strategy: convolve}",
        ("strategy: convolve",),
    ),
    "a radius too large": (
        "{cyclic: 6}", "points", "points", "{support: {radius: 3}}",
        ("radius: 3", "at least 7 places", "lower the radius"),
    ),
    "a radius too large for one axis": (
        "{grid: {shape: [9, 4], symmetry: p1}}", "pixels", "pixels", "{support: {radius: 2}}",
        ("9 x 4 places", "at least 5 places"),
    ),
    "a radius on four axes": (
        "{grid: {shape: [3, 3, 3, 3], symmetry: p1}}", "pixels", "pixels",
        "{support: {radius: 1}}", ("3 x 3 x 3 x 3 places", "at most 3 axes"),
    ),
    "zeros without a radius": (
        "{cyclic: 6}", "points", "points", "{boundary: zeros}",
        ("boundary: zeros without a support", "add a radius"),
    ),
    "zeros with orbitals": (
        "{cyclic: 6}", "points", "points", "{boundary: zeros, support: {orbitals: [0]}}",
        ("boundary: zeros without a support",),
    ),
    "an orbital too many": (
        "{cyclic: 6}", "points", "points", "{support: {orbitals: [0, 6]}}",
        ("orbital 6", "numbers from 0 to 5"),
    ),
    "a factoring of signs": (
        "{symmetric: 4}", "points", "{exterior_power: [points, 2]}", "{strategy: factor}",
        ("strategy: factor", "without signs"),
    ),
    "a factoring of nothing": (
        "{alternating: 5}", "points", "{exterior_power: [points, 2]}", "{strategy: factor}",
        ("strategy: factor", "dimension from 1"),
    ),
    "a factoring of many maps": (
        "{trivial: 23}", "points", "points", "{strategy: factor}", ("from 1 to 512",),
    ),
    "a negative radius": ("{cyclic: 6}", "points", "points", "{support: {radius: -1}}", ()),
    "a negative orbital": ("{cyclic: 6}", "points", "points", "{support: {orbitals: [-1]}}", ()),
    "an unknown strategy": ("{cyclic: 6}", "points", "points", "{strategy: guess}", ("guess",)),
    "an unknown boundary": ("{cyclic: 6}", "points", "points", "{boundary: ones}", ("ones",)),
}  # fmt: skip


def route_of(group, source, target, **layer):
    spec = {"name": "one", "group": group, "input": source, "output": target, "layer": layer}
    return solve(spec).plan.route


@pytest.mark.parametrize("case", REFUSED)
def test_what_the_actions_do_not_allow_is_refused(case, capsys, monkeypatch, tmp_path):
    group, source, target, layer, said = REFUSED[case]
    (tmp_path / "bad.yaml").write_text(spec(group, source, target, f"layer: {layer}\n"))
    refused(capsys, monkeypatch, tmp_path, ["solve", "bad.yaml", "--emit", "out"], 2, *said)


def test_a_refusal_is_a_spec_error():
    with pytest.raises(SpecError, match="support: radius"):
        route_of({"alternating": 4}, "points", "points", support={"radius": 1})


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("p4m_pixels", Convolution),
        ("periodic_convolution", Convolution),
        ("periodic_volume", Convolution),
        ("sets_of_images", Convolution),
        ("sudoku_cells", SmallSets),
        ("sudoku", SmallSets),
        ("circulant", type(None)),
        ("dodecahedron_vertices", type(None)),
        ("petersen", type(None)),
        ("p4m_pooling", type(None)),
        ("emlp_readme", type(None)),
        ("weight_space_tanh", type(None)),
    ],
)
def test_auto_chooses(name, kind):
    plan = solved(name, strategy="auto").plan
    assert type(plan.route) is kind
    assert plan.restricted == 0


@pytest.mark.parametrize(
    ("strategy", "kind"),
    [("expand", type(None)), ("factor", SmallSets), ("convolve", Convolution)],
)
@pytest.mark.parametrize("name", ["circulant", "p4m_pixels", "sets_of_images"])
def test_a_strategy_is_what_is_asked_for(name, strategy, kind):
    plan, auto = solved(name, strategy=strategy).plan, solved(name).plan
    assert type(plan.route) is kind
    np.testing.assert_array_equal(plan.blocks[0].codes, auto.blocks[0].codes)


def test_a_radius_keeps_the_maps_within_reach():
    group = {"cyclic": 8}
    spec = {"name": "one", "group": group, "input": "points", "output": "points"}
    plan = solve({**spec, "layer": {"support": {"radius": 1}}}).plan
    assert (plan.dimension, plan.restricted, plan.route.radius) == (3, 8, 1)
    codes = plan.blocks[0].codes
    gap = (np.arange(8)[:, None] - np.arange(8)) % 8
    np.testing.assert_array_equal(codes != 0, np.isin(gap, (0, 1, 7)))
    assert len(np.unique(codes[codes > 0])) == 3
    whole = solve({**spec, "layer": {"support": {"radius": 1}}})
    assert whole.dimension == 8


@pytest.mark.parametrize("strategy", ["auto", "expand", "convolve"])
def test_orbitals_keep_the_maps_of_these_numbers(strategy):
    spec = {"name": "one", "group": P4M, "input": "pixels", "output": "pixels"}
    space = solve({**spec, "layer": {"strategy": strategy, "support": {"orbitals": [3, 1, 3]}}})
    plan, codes = space.plan, space.plan.blocks[0].codes
    assert (plan.dimension, plan.restricted) == (2, space.dimension)
    expected = np.where(space.codes == 2, 1, 0) + np.where(space.codes == 4, 2, 0)
    np.testing.assert_array_equal(codes, expected)
    if strategy == "convolve":
        np.testing.assert_array_equal(plan.route.codes(), expected)


def test_orbitals_keep_their_signs():
    spec = {"name": "one", "group": {"symmetric": 4}, "input": {"exterior_power": ["points", 2]},
            "output": {"exterior_power": ["points", 2]}}  # fmt: skip
    space = solve({**spec, "layer": {"support": {"orbitals": [1]}}})
    expected = np.where(np.abs(space.codes) == 2, np.sign(space.codes), 0)
    np.testing.assert_array_equal(space.plan.blocks[0].codes, expected)


@pytest.mark.parametrize(
    ("group", "target", "names"),
    [
        (P4M, "pixels", ("rotation", "reflection")),
        (P4M, "poses", ("rotation", "reflection")),
        ({"grid": {"shape": [6, 6], "symmetry": "p4"}}, "poses", ("rotation",)),
        ({"grid": {"shape": [6, 6], "symmetry": "p1"}}, "pixels", ()),
        ({"dihedral": 7}, "points", ("flip",)),
    ],
)
def test_motions_that_keep_the_ends_stay_exact_beside_zeros(group, target, names):
    source = "points" if "dihedral" in group else "pixels"
    layer = {"support": {"radius": 1}, "boundary": "zeros"}
    spec = {"name": "one", "group": group, "input": source, "output": target, "layer": layer}
    plan = solve(spec).plan
    assert len(plan.generators) == len(names)
    assert plan.generators == names or "dihedral" in group
    assert not plan.route.wraps
    codes = plan.blocks[0].codes
    sides = zip(plan.inputs[0].generators, plan.outputs[0].generators, strict=True)
    for s, t in sides:
        moved = np.empty_like(codes)
        moved[np.ix_(t - 1, s - 1)] = codes
        np.testing.assert_array_equal(moved, codes)
    # Each image of a translation would wrap: the corner stays a corner.
    corners = {0, 5, 30, 35} if source == "pixels" else {0, 6}
    for s in plan.inputs[0].generators:
        assert {int(s[corner]) - 1 for corner in corners} == corners
