"""Every network of `specs/networks`: end to end it commutes, and it is as PyTorch modules are."""

import copy
import importlib
import pickle
import subprocess
import sys

import pytest
import torch
from safetensors.torch import load_model, save_model

from intertwine import solve
from tests.network import oracle
from tests.network.acting import (
    acted,
    assert_equal,
    assert_padding_changes_nothing,
    count,
    moved_fields,
    outputs,
    perturbed,
    random_element,
    sized,
)
from tests.network.acting import inputs as inputs_of
from tests.solved import NETWORKS, ROOT, network
from tests.verify.direct import verified

ANY_SIZE = [name for name in NETWORKS if network(name).plan.sizes is not None]


def made(name):
    return perturbed(network(name))


def inputs(name, batch=(4,)):
    return inputs_of(network(name), batch)


@pytest.mark.parametrize("training", [False, True])
@pytest.mark.parametrize("name", NETWORKS)
def test_it_commutes_with_random_elements(name, training):
    space, x = network(name), inputs(name)
    if not count(moved_fields(space)):
        pytest.skip("no element but the identity")
    model = made(name).train(training)
    for module in model.modules():
        if isinstance(module, torch.nn.Dropout1d):
            module.eval()
    problem = space.problem
    for seed in range(3):
        sources, targets = random_element(space, seed)
        moved = acted(problem.source, x, sources)
        assert max(float((a - b).abs().max()) for a, b in zip(x, moved, strict=True)) > 0
        expected = acted(problem.stages[-1].target, outputs(model, x), targets)
        assert_equal(outputs(model, moved), expected)


@pytest.mark.parametrize("name", NETWORKS)
def test_it_checks_itself(name):
    model = made(name).train()
    assert model.check_equivariance(*inputs(name)) < 1e-10
    assert all(module.training for module in model.modules())


@pytest.mark.parametrize("name", NETWORKS)
def test_the_check_can_fail(name):
    """A functional of the input that no element keeps is added to every output."""
    if not count(moved_fields(network(name))):
        pytest.skip("no element but the identity")
    model, right = made(name), made(name)

    def forward(*given):
        flat = torch.cat([part.flatten(1) for part in given], 1)
        added = flat @ torch.linspace(1, 2, flat.shape[1], dtype=flat.dtype)
        wrong = [y + added.view(-1, *[1] * (y.ndim - 1)) for y in outputs(right, given)]
        return tuple(wrong) if network(name).plan.labels.output_fields else wrong[0]

    model.forward = forward
    assert model.check_equivariance(*inputs(name)) > 1e-3


def test_quarter_turns_and_mirrors_of_images():
    for name, turns, mirrors in (("p4_digits", 4, 1), ("p4m_digits", 4, 2)):
        model, (x,) = made(name), inputs(name)
        y = model(x)
        for quarter in range(turns):
            for mirrored in range(mirrors):
                moved = torch.rot90(x.flip(-1) if mirrored else x, quarter, (-2, -1))
                torch.testing.assert_close(model(moved), y, rtol=1e-10, atol=1e-10)


def test_a_plain_network_keeps_no_turns():
    model, (x,) = made("cnn_digits"), inputs("cnn_digits")
    assert (model(torch.rot90(x, 1, (-2, -1))) - model(x)).abs().max() > 1e-3
    assert network("cnn_digits").left == "nothing but the identity"
    assert model.check_equivariance(x) == 0


@pytest.mark.parametrize("name", ANY_SIZE)
def test_other_sizes(name):
    plan, model = network(name).plan, made(name)
    sizes = {factor: n + 2 for factor, n in plan.sizes.items()}
    x = [
        torch.randn(3, v.channels, *sized(v.axes, sizes), dtype=torch.float64) for v in plan.inputs
    ]
    assert model.check_equivariance(*x) < 1e-10


@pytest.mark.parametrize("training", [False, True])
@pytest.mark.parametrize("name", ANY_SIZE)
def test_padding_changes_nothing(name, training):
    """What a mask hides may hold anything; a batch of one size is as if there were no mask."""
    model = made(name).train(training)
    for module in model.modules():
        if isinstance(module, torch.nn.Dropout1d):
            module.eval()
    assert_padding_changes_nothing(network(name), model, inputs(name, (3,)), 3)


@pytest.mark.parametrize("name", ["deepsets_classifier", "invariant_graph_network"])
def test_samples_of_different_sizes(name):
    """A padded batch gives what each sample gives alone."""
    plan, model = network(name).plan, made(name)
    n = plan.sizes[""]
    counts = [n, n - 4, 3]
    padded = inputs(name, (3,))
    mask = torch.arange(n) < torch.tensor(counts)[:, None]
    together = outputs(model, padded, mask=mask)
    for number, size in enumerate(counts):
        alone = [
            part[number : number + 1][(..., *[slice(size)] * len(v.shape))]
            for part, v in zip(padded, plan.inputs, strict=True)
        ]
        assert_equal(outputs(model, alone), [y[number : number + 1] for y in together])


@pytest.mark.parametrize("name", NETWORKS)
def test_it_is_a_module_like_any_other(name, tmp_path):
    model, x = made(name), inputs(name)
    y = outputs(model, x)
    assert_equal(outputs(copy.deepcopy(model), x), y)
    assert_equal(outputs(pickle.loads(pickle.dumps(model)), x), y)
    fresh = network(name).model(dtype=torch.float64).eval()
    fresh.load_state_dict(model.state_dict())
    assert_equal(outputs(fresh, x), y)
    save_model(model, tmp_path / "weights.safetensors")
    other = network(name).model(dtype=torch.float64).eval()
    load_model(other, tmp_path / "weights.safetensors")
    assert_equal(outputs(other, x), y)
    empty = network(name).model(dtype=torch.float64, device="meta").to_empty(device="cpu").eval()
    empty.load_state_dict(model.state_dict())
    assert_equal(outputs(empty, x), y)


@pytest.mark.parametrize("name", NETWORKS)
def test_any_batch_axes(name):
    model, x = made(name), inputs(name, (2, 3))
    flat = outputs(model, [part.flatten(0, 1) for part in x])
    assert_equal([part.flatten(0, 1) for part in outputs(model, x)], flat)


@pytest.mark.parametrize("name", NETWORKS)
def test_gradients_reach_every_weight(name):
    model, x = made(name).train(), inputs(name)
    sum(part.square().sum() for part in outputs(model, x)).backward()
    for key, parameter in model.named_parameters():
        if parameter.requires_grad:
            assert parameter.grad is not None, key


@pytest.mark.parametrize("name", NETWORKS)
def test_parameters_are_counted(name):
    space, model = network(name), made(name)
    assert space.parameters == sum(p.numel() for p in model.parameters())
    lines = model.summary().splitlines()
    assert [line.split()[0] for line in lines] == [
        "stage", *(stage.name for stage in space.stages), "all",
    ]  # fmt: skip
    counted = [int(line.split()[-1].replace(",", "")) for line in lines[1:]]
    assert counted[:-1] == [space.plan.parameters(stage) for stage in space.stages]
    assert sum(counted[:-1]) == counted[-1] == space.parameters


@pytest.mark.parametrize("name", NETWORKS)
def test_every_layer_of_a_file_is_proved_again(name):
    *said, last = verified(ROOT / "generated" / f"{name}.py").splitlines()
    assert last.endswith("what else stands between them is not checked")
    assert len(said) == len(network(name).layer_spaces)
    for line, space in zip(said, network(name).layer_spaces, strict=True):
        assert f": {space.form.class_name}: " in line


@pytest.mark.parametrize("name", ["p4m_digits", "ratings_autoencoder", "methane_forces"])
def test_a_network_checks_itself_as_a_module(name):
    done = subprocess.run(
        [sys.executable, "-m", f"generated.{name}"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("residual ")


QUICK = {"p4m_digits", "methane_forces"}


@pytest.mark.parametrize(
    "name", [n if n in QUICK else pytest.param(n, marks=pytest.mark.all) for n in NETWORKS]
)
def test_it_is_compiled_and_exported_whole(name):
    model, x = made(name), inputs(name)
    y = outputs(model, x)
    torch._dynamo.reset()
    compiled = torch.compile(model, fullgraph=True, backend="aot_eager")
    assert_equal(outputs(compiled, x), y)
    exported = torch.export.export(model, tuple(x)).module()
    assert_equal(outputs(exported, x), y)


def test_the_emitted_class_is_imported_from_its_file():
    module = importlib.import_module("generated.deepsets_classifier")
    model = module.DeepsetsClassifier()
    assert model(torch.randn(2, 3, 7)).shape == (2, 10, 1)


@pytest.mark.parametrize("pooled", ["u", "m"])
def test_a_factor_may_be_pooled_away_before_the_first_layer(pooled):
    """A network knows the sizes of all its features, of those too that no layer has."""
    stages = [
        {"pooling": {"kind": "mean", "onto": pooled}},
        {"action": pooled, "channels": 3},
    ]
    spec = {"name": "table", "input": {"tensor": ["u", "m"]}, "channels": 2, "network": stages}
    spaces = [
        solve(spec | {"group": {"product": {"u": {"symmetric": a}, "m": {"symmetric": b}}}})
        for a, b in ((3, 4), (1, 1), (5, 2))
    ]
    model = perturbed(spaces[0])
    assert set(spaces[0].plan.sizes) == {"u", "m"}
    for space in spaces:
        x = inputs_of(space)
        expected = [torch.from_numpy(part) for part in oracle.forward(space, model, x)]
        assert_equal(outputs(model, x), expected)
        assert_padding_changes_nothing(space, model, x, 2)


@pytest.mark.parametrize("group", [{"cyclic": 3}, {"symmetric": 3}])
@pytest.mark.parametrize("training", [False, True])
def test_a_single_number_normalized_over_its_sample_is_the_bias(group, training):
    stage = {"name": "all", "action": "trivial", "channels": 1, "normalization": "layer"}
    second = {"name": "points", "action": "points", "channels": 1, "normalization": "layer"}
    spec = {"name": "one", "group": group, "input": "points", "network": [stage]}
    model = perturbed(solve(spec)).train(training)
    for batch in ((1,), (5,), ()):
        y = model(torch.randn(*batch, 1, 3, dtype=torch.float64))
        assert_equal([y], [model.all_norm.bias.expand(*batch, 1).unsqueeze(-1)])
    if "symmetric" in group:
        model = perturbed(solve(spec | {"network": [second]})).train(training)
        for mask in (None, torch.ones(1, 1, dtype=torch.bool)):
            y = model(torch.randn(1, 1, 1, dtype=torch.float64), mask=mask)
            assert_equal([y], [model.points_norm.bias.view(1, 1, 1)])


@pytest.mark.parametrize("name", NETWORKS)
def test_a_batch_of_no_samples(name):
    model = made(name)
    whole = outputs(model, inputs(name, (2, 1)))
    for none in ((0,), (2, 0)):
        for part, own in zip(outputs(model, inputs(name, none)), whole, strict=True):
            assert part.shape == (*none, *own.shape[2:])
