"""What would break equivariance is refused, in one line that names the stage."""

import pytest
import torch

import intertwine
from intertwine import SpecError, TooLargeError, solve
from intertwine.names import is_name

SETS = {"name": "net", "group": {"symmetric": 5}, "input": "points"}
GRID = {"name": "net", "group": {"grid": {"shape": [8, 8], "symmetry": "p4m"}}, "input": "pixels"}
HEXAGON = {"name": "net", "group": {"cyclic": 6}, "input": {"tensor": ["points", "vector"]}}
EDGES = {"exterior_power": ["points", 2]}
PAIRS = {"power": ["points", 2]}
FIELDS = {"fields": {"a": "points", "b": PAIRS}}


def refusal(spec, *stages):
    with pytest.raises(SpecError) as error:
        solve({**spec, "network": list(stages)}).page  # noqa: B018
    message = str(error.value)
    assert "\n" not in message
    return message


def mix(**said):
    return {"name": "mix", "action": "points", "channels": 4, **said}


@pytest.mark.parametrize("word", ["relu", "gelu", "sigmoid", "softplus"])
def test_functions_of_every_number_on_signs(word):
    message = refusal(SETS, mix(), mix(name="edges", action=EDGES, nonlinearity=word))
    assert f"network.1.nonlinearity: given {word} on stage edges" in message
    assert "change sign; expected an odd function (tanh, softsign), or norm, gated" in message


@pytest.mark.parametrize("word", ["relu", "tanh"])
def test_functions_of_every_number_on_matrices(word):
    vectors = mix(action={"tensor": ["points", "vector"]}, nonlinearity=word)
    message = refusal(HEXAGON, vectors)
    assert f"network.0.nonlinearity: given {word} on stage mix" in message
    assert "are mixed by matrices; expected one of norm, gated or tensor_product" in message


@pytest.mark.parametrize("word", ["tanh", "softsign", "norm", "gated"])
def test_odd_functions_of_signs_are_taken(word):
    stages = [mix(action=EDGES, nonlinearity=word)]
    space = solve({**SETS, "input": PAIRS, "network": stages})
    assert space.stages[0].name == "mix"


def test_a_field_is_named():
    message = refusal(
        {**SETS, "input": PAIRS},
        mix(action={"fields": {"a": "points", "b": EDGES}}, nonlinearity={"b": "relu"}),
    )
    assert "given relu on stage mix, whose features exteriorpower" in message
    message = refusal(SETS, mix(action=FIELDS, nonlinearity={"c": "relu"}))
    assert "network.0.nonlinearity: given the field c; expected one of a, b" in message
    message = refusal(SETS, mix(nonlinearity={"c": "relu"}))
    assert "expected one of no fields: one word" in message


def test_lengths_that_are_not_kept():
    spec = {**SETS, "input": PAIRS}
    for said in ({"nonlinearity": "norm"}, {"normalization": "rms"}):
        message = refusal(spec, mix(action={"standard": "points"}, **said))
        assert "on stage mix, whose matrices (standard) do not keep lengths" in message
    uneven = {"tensor": ["points", {"sum": ["vector", "trivial"]}]}
    message = refusal(HEXAGON, mix(action=uneven, nonlinearity="norm"))
    assert "are not as many over each, or stand apart" in message
    turned = mix(action={"tensor": ["vector", "points"]}, nonlinearity="gated")
    assert "write the points first" in refusal(HEXAGON, turned)


def test_batch_normalization_across_orbits():
    message = refusal(SETS, mix(name="pairs", action=PAIRS, normalization="batch"))
    assert "network.0.normalization: given batch normalization on stage pairs" in message
    assert "whose points are 2 orbits; expected points that are one orbit" in message
    assert refusal(SETS, mix(action={"trivial": 3}, normalization="batch"))
    for word in ("batch", "layer", "point"):
        spec = {**SETS, "input": PAIRS}
        message = refusal(spec, mix(action=EDGES, normalization=word))
        assert "it takes a mean away; expected rms" in message


@pytest.mark.parametrize(
    ("said", "step", "about"),
    [
        ({"stride": 2}, "stride", "a kept point"),
        ({"pooling": {"kind": "max", "window": 2}}, "pooling.window", "a window"),
    ],
)
def test_strides_that_leave_a_subgroup(said, step, about):
    message = refusal(GRID, mix(name="halved", action="poses", **said))
    assert f"network.0.{step}: given 2 on stage halved, which leaves of p4m(8 x 8) only" in message
    assert "a subgroup: p4m(4 x 4), of order 128 and index 4: translations by 2" in message
    assert f"with the point group about {about}" in message
    assert "write `subgroup: true`" in message
    stages = [mix(name="halved", action="poses", subgroup=True, **said), mix(action="poses")]
    space = solve({**GRID, "network": stages})
    assert space.left == "p4m(4 x 4), of order 128"
    assert [s.shape for stage in space.stages for s in stage.results] == [(8, 4, 4), (8, 4, 4)]


def test_strides_where_there_is_no_grid():
    message = refusal(SETS, mix(stride=2, subgroup=True))
    assert "network.0.stride: given 2 on S_5; expected a grid or a cyclic group" in message
    message = refusal(GRID, mix(action="poses", stride=3, subgroup=True))
    assert "given 3 on p4m(8 x 8); expected a divisor of 8" in message
    message = refusal(GRID, mix(action={"trivial": 3}, stride=2, subgroup=True))
    assert "expected pixels, poses or points, or their tensor with a small action" in message
    ends = mix(action="pixels", stride=2, subgroup=True, boundary="zeros", support={"radius": 1})
    message = refusal(GRID, ends)
    assert "network.0.stride: given a stride on stage mix beside `boundary: zeros`" in message


def test_residual_connections_between_unlike_features():
    first = mix(name="first", channels=3)
    message = refusal(SETS, first, mix(residual=True))
    assert (
        "network.1.residual: given its input, 3 channels of points, added to stage mix" in message
    )
    message = refusal(SETS, first, mix(residual="last"))
    assert "given last on stage mix; expected true, input, or an earlier stage" in message
    message = refusal(SETS, first, mix(action=PAIRS, channels=3, residual="first"))
    assert "given stage first, 3 channels of points" in message
    halved = mix(name="less", action="poses", stride=2, subgroup=True)
    assert "under the same group" in refusal(GRID, mix(name="a", action="poses"), halved,
                                             mix(action="poses", residual="a"))  # fmt: skip


def test_a_stage_through_which_nothing_passes():
    parity = {"name": "net", "group": {"generators": ["flip"]},
              "input": {"signed_permutations": {"flip": [-1]}}}  # fmt: skip
    message = refusal(parity, mix(action="trivial"))
    assert "given signed_permutations -> trivial on stage mix; expected some map" in message
    message = refusal(
        {**parity, "input": {"fields": {"a": parity["input"], "b": "trivial"}}},
        mix(action=parity["input"], nonlinearity="tensor_product"),
    )
    assert "nothing passes" in message
    kept = mix(support={"orbitals": []})
    assert "network.0: given points -> points on stage mix" in refusal(
        {**SETS, "group": {"alternating": 5}}, kept
    )


@pytest.mark.parametrize("kind", ["max", "mean", "sum"])
def test_pooling_of_what_is_more_than_permuted(kind):
    vectors = {"tensor": ["points", "vector"]}
    pooled = mix(action=vectors, pooling={"kind": kind, "onto": "vector"})
    assert f"given {kind} pooling on stage mix" in refusal(HEXAGON, pooled)


def test_pooling_onto_what_is_not_below():
    message = refusal(SETS, mix(pooling={"onto": {"trivial": 2}}))
    assert "given trivial(2) on stage mix, which has points of shape (5,)" in message
    message = refusal(GRID, mix(action="pixels", pooling={"onto": "poses"}))
    assert "expected trivial, or an action on some of its axes" in message
    message = refusal(SETS, mix(action=FIELDS, pooling={"onto": "trivial"}))
    assert "expected an action with the same fields" in message


def test_what_belongs_to_a_map():
    for key, value in {"channels": 3, "bias": False, "stride": 2, "dimension": 1}.items():
        message = refusal(SETS, mix(), {"name": "pool", key: value, "nonlinearity": "relu"})
        assert f"network.1.{key}: given {key} on stage pool, which maps nothing" in message


def test_what_says_nothing():
    assert "stage idle, which does nothing" in refusal(SETS, mix(), {"name": "idle"})
    message = refusal(SETS, mix(subgroup=True))
    assert "network.0.subgroup: given `subgroup: true` on stage mix, which keeps" in message
    message = refusal({**SETS, "channels": {"x": 3}}, mix())
    assert "channels: given {'x': 3}; expected one number: points has no fields" in message


def test_names():
    assert "two stages called mix" in refusal(SETS, mix(), mix())
    assert "a stage called forward" in refusal(SETS, mix(name="forward"))
    assert "a stage called summary" in refusal(SETS, mix(name="summary"))
    twice = [mix(name="mix", normalization="batch"), mix(name="mix_norm")]
    assert "two parts of the network called mix_norm" in refusal(SETS, *twice)
    field = mix(action={"fields": {"shortcut_a": "points", "b": "points"}})
    assert "given the field name shortcut_a" in refusal(SETS, field)
    last = {**SETS, "layer": {"layout": "channels_last"}}
    assert "expected channels_first" in refusal(last, mix())


def test_stages_are_called_like_nothing_of_torch_s_modules():
    for name in dir(torch.fx.GraphModule):
        if is_name(name) and name.islower():
            assert f"a stage called {name}" in refusal(SETS, mix(name=name))


def test_channels():
    message = refusal(SETS, mix(action=FIELDS, channels={"a": 2}))
    assert "network.0.channels: given {'a': 2}; expected one number for each of a, b" in message
    message = refusal(SETS, mix(channels={"a": 2}))
    assert "expected one number: points has no fields" in message
    mixed = mix(name="first", action=FIELDS, channels={"a": 2, "b": 3})
    message = refusal(SETS, mixed, {"name": "last", "action": "trivial"})
    assert "network.1.channels: given no channels" in message


def test_expectations():
    assert "given 3 on stage mix; expected 2, which is what the" in refusal(SETS, mix(dimension=3))
    spec = {**SETS, "network": [mix()], "expect": {"parameters": 11}}
    with pytest.raises(SpecError, match=r"expect\.parameters: given 11; expected 12"):
        solve(spec)
    with pytest.raises(SpecError, match=r"expect\.order: given 1; expected 120"):
        solve({**spec, "expect": {"order": 1, "parameters": 12}})


FIELD = {"fields": {"b_c": "points", "z": "points"}}


def test_no_two_connections_share_a_variable():
    """The fields `b_c` of stage a and `c` of stage a_b, once both called shortcut_a_b_c."""
    turned = {"permutations": {"shift": [2, 3, 0, 1]}}
    other = {"fields": {"c": turned, "z": "points"}}
    stages = [
        {"name": "a", "action": FIELD, "channels": 2},
        {"name": "a_b", "action": other, "channels": 2},
        {"name": "g", "action": FIELD, "channels": 2, "residual": "a"},
        {"name": "h", "action": other, "channels": 2, "residual": "a_b"},
        {"name": "b_c", "action": FIELD, "channels": 2},
        {"name": "last", "action": FIELD, "channels": 2, "residual": True},
        {"name": "end", "action": FIELD, "channels": 2, "residual": "b_c"},
    ]
    spec = {"name": "net", "group": {"cyclic": 4}, "input": "points", "network": stages}
    model = solve(spec).model(dtype=torch.float64)
    assert model.check_equivariance(torch.randn(2, 1, 4, dtype=torch.float64)) < 1e-12


@pytest.mark.parametrize(
    ("name", "said", "layer"),
    [
        ("conv_layer", {"name": "conv"}, {}),
        ("net", {"name": "conv_1"}, {"class_name": "Conv1Layer"}),
        ("net", {"name": "a_1", "nonlinearity": "gated"}, {"class_name": "A1GatesLayer"}),
    ],
)
def test_no_two_classes_have_one_name(name, said, layer):
    spec = {**SETS, "name": name, "layer": layer, "network": [mix(**said), mix(name="a1")]}
    model = solve(spec).model(dtype=torch.float64)
    assert model(torch.randn(2, 1, 5, dtype=torch.float64)).shape == (2, 4, 5)


@pytest.mark.parametrize("called", ["STAGES", "CHANNELS", "NormNonlinearity", "SampleNorm"])
def test_names_of_the_page(called):
    with pytest.raises(SpecError, match=f"name: given the class name {called}"):
        solve({**SETS, "layer": {"class_name": called}, "network": [mix()]})


@pytest.mark.parametrize("on", ["stage", "network"])
def test_a_support_of_vectors_on_a_grid(on):
    """5 of 10 maps: the offsets within one pixel, up to the point group."""
    vectors = {"tensor": ["pixels", "vector"]}
    group = {"grid": {"shape": [4, 4], "symmetry": "p4m"}}
    near = {"support": {"radius": 1}}
    stage = mix(action=vectors, **(near if on == "stage" else {}))
    spec = {"name": "net", "group": group, "input": vectors, "network": [stage]}
    space = solve(spec | ({"layer": near} if on == "network" else {}))
    assert space.dimensions(space.stages[0]) == [5]


def test_strides_of_vectors_on_a_grid():
    vectors = {"tensor": ["pixels", "vector"]}
    stage = mix(action=vectors, stride=2, subgroup=True)
    spec = {**GRID, "input": vectors, "network": [stage]}
    model = solve(spec).model(dtype=torch.float64)
    assert model.check_equivariance(torch.randn(2, 1, 8, 8, 2, dtype=torch.float64)) < 1e-12


@pytest.mark.parametrize("part", ["sign", {"standard": "points"}])
def test_strides_beside_what_changes_with_the_grid(part):
    spec = {"name": "net", "group": {"cyclic": 8}, "input": "points"}
    message = refusal(spec, mix(action={"tensor": ["points", part]}, stride=2, subgroup=True))
    assert "network.0.stride: given 2 on stage mix, of whose features points x" in message


def test_ends_of_a_product():
    frame = {"grid": {"shape": [4, 4], "symmetry": "p4"}}
    spec = {"name": "net", "group": {"product": {"images": {"symmetric": 3}, "frame": frame}},
            "input": "frame.pixels"}  # fmt: skip
    message = refusal(spec, mix(action="frame.pixels", support={"radius": 1}, boundary="zeros"))
    assert "group: given S_3 x p4(4 x 4) with `boundary: zeros`" in message


def test_pooling_of_one_point_and_onto_itself():
    spec = {**SETS, "group": {"symmetric": 1}, "input": PAIRS}
    stages = [mix(action=PAIRS, pooling={"onto": "points"}), mix(name="last")]
    model = solve({**spec, "network": stages}).model()
    assert model(torch.randn(2, 1, 1, 1)).shape == (2, 4, 1)
    onto = {"fields": {"a": "points", "b": "points"}}
    some = mix(action=FIELDS, pooling={"kind": "mean", "onto": onto})
    model = solve({**SETS, "network": [some]}).model()
    assert [y.shape for y in model(torch.randn(2, 1, 5))] == [(2, 4, 5), (2, 4, 5)]
    two = {"product": {"u": {"symmetric": 1}, "v": {"symmetric": 1}}}
    pooled = mix(action={"tensor": ["u", "v"]}, pooling={"onto": "v"})
    space = solve({"name": "net", "group": two, "input": "u", "network": [pooled]})
    assert [axes for axes in space.stages[0].results[0].axes.factors] == ["v"]


@pytest.mark.slow
def test_pooling_large_tensors_lists_no_points():
    spec = {**SETS, "group": {"symmetric": 10**6}, "input": PAIRS}
    stages = [{"pooling": {"kind": "mean", "onto": "points"}}, mix()]
    assert solve({**spec, "network": stages}).stages[0].steps[0].axes == (-1,)
    with pytest.raises(TooLargeError, match="image lists of 2 elements on 1000000000000 points"):
        solve({**spec, "network": stages[:1]})
    swapped = {"power": [{"permutations": {"swap": [0, 1]}}, 9]}
    spec = {**SETS, "group": {"symmetric": 2}, "input": {"power": ["points", 18]}}
    assert "expected trivial, or an action on some" in refusal(spec, {"pooling": {"onto": swapped}})


@pytest.mark.parametrize("word", ["layer", "rms", "batch", "point"])
@pytest.mark.parametrize("held", [float("nan"), float("inf")])
def test_padding_may_hold_anything(word, held):
    stages = [{"normalization": word}, mix()]
    model = solve({**SETS, "network": stages}).model().eval()
    x = torch.randn(2, 1, 5)
    mask = torch.arange(7) < 5
    padded = torch.cat([x, torch.full((2, 1, 2), held)], -1)
    found = model(padded, mask=mask.expand(2, -1))[..., :5]
    torch.testing.assert_close(found, model(x), rtol=1e-5, atol=1e-5)


def test_features_that_vanish_stay_small():
    vectors = {"tensor": ["points", "vector"]}
    stages = [
        {"action": vectors, "channels": 4, "nonlinearity": "gated"},
        {"action": "vector", "channels": 2, "normalization": "rms"},
    ]
    spec = {"name": "net", "group": {"cyclic": 6}, "input": "trivial", "network": stages}
    model = solve(spec).model(dtype=torch.float64)
    assert model.check_equivariance(torch.randn(2, 1, 1, dtype=torch.float64)) < 1e-10


def test_products_of_many_coordinates():
    spec = {**SETS, "group": {"symmetric": 8}, "input": PAIRS}
    action = {"power": [{"standard": "points"}, 2]}
    with pytest.raises(TooLargeError, match="tensor_product on stage mix, of 49 coordinates"):
        solve({**spec, "network": [mix(action=action, nonlinearity="tensor_product")]})


def test_a_layer_that_cannot_be_made_is_placed_at_its_stage(tmp_path):
    path = tmp_path / "net.yaml"
    path.write_text(
        "name: net\ngroup: {alternating: 5}\ninput: points\nnetwork:\n"
        "  - {action: points, channels: 2}\n"
        "  - {action: points, channels: 2, support: {orbitals: [7]}}\n"
    )
    with pytest.raises(SpecError, match=r"net\.yaml:6: network\.1: given support: orbital 7"):
        solve(path)


def test_a_layer_is_no_network():
    with pytest.raises(SpecError, match="network: given a network; expected the spec of one layer"):
        intertwine.load_spec({**SETS, "network": [mix()]})
    with pytest.raises(SpecError, match="given both `output` and `network`"):
        solve({**SETS, "output": "points", "network": [mix()]})
