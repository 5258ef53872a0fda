"""What a hostile or unlucky spec of a network does: it commutes, or it is refused in one line."""

import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch

from intertwine import SpecError, solve
from intertwine.action.element import AtomUnion
from intertwine.algebra.scalars import REALS
from intertwine.errors import IntertwineError, TooLargeError
from intertwine.limits import limited_to
from tests.network.acting import (
    acted,
    assert_padding_changes_nothing,
    inputs,
    outputs,
    perturbed,
    random_element,
)
from tests.solved import ROOT
from tests.verify.direct import verified

PAIRS = {"power": ["points", 2]}
EDGES = {"exterior_power": ["points", 2]}
STANDARD = {"standard": "points"}
VECTORS = {"tensor": ["points", "vector"]}
S4 = {"symmetric": 4}
C6 = {"cyclic": 6}
P4 = {"grid": {"shape": [4, 4], "symmetry": "p4"}}


def net(group, given, *stages, **more):
    return {"name": "net", "group": group, "input": given, "network": list(stages), **more}


def gap(space):
    """How far a network is from commuting with a random word of generators, by dense matrices.

    Under the whole group the matrices are those of one element, followed through its images on the
    atoms of both sides at once; else of what the network says is left.
    """
    source, target = space.problem.source, space.problem.stages[-1].target
    if space.left:
        elements = random_element(space, 0)
    else:
        union = AtomUnion([*source.fields.values(), *target.fields.values()])
        letters = np.random.default_rng(0).integers(len(union.generators), size=7)
        whole = union.generators[letters[0]]
        for letter in letters[1:]:
            whole = whole * union.generators[letter]
        element = union.element(whole)
        elements = [
            {n: a.matrix(element, REALS).toarray().astype(float) for n, a in side.fields.items()}
            for side in (source, target)
        ]
    model, x = perturbed(space), inputs(space)
    with torch.no_grad():
        y = outputs(model, x)
        moved = outputs(model, acted(source, x, elements[0]))
    expected = acted(target, y, elements[1])
    scale = max(1.0, *(float(part.abs().max()) for part in y))
    assert model.check_equivariance(*x) < 1e-9 * scale
    return max(float((a - b).abs().max()) for a, b in zip(moved, expected, strict=True)) / scale


def refusal(spec):
    with pytest.raises(IntertwineError) as error:
        solve(spec).page  # noqa: B018
    assert "\n" not in str(error.value)
    return str(error.value)


def mix(**said):
    return {"name": "mix", "action": "points", "channels": 2, **said}


SMALL = [
    ("standard", S4, STANDARD),
    ("dual", S4, {"dual": STANDARD}),
    ("irrep", S4, {"irrep": [2, 2]}),
    ("points of matrices", S4, {"tensor": ["points", STANDARD]}),
    ("edges", S4, EDGES),
    ("edges of edges", S4, {"tensor": [EDGES, "points"]}),
    ("symmetric power", C6, {"symmetric_power": ["vector", 2]}),
    ("points of vectors", C6, VECTORS),
    ("a sum of vectors", C6, {"sum": ["vector", VECTORS]}),
    ("sign", S4, {"tensor": ["points", "sign"]}),
    (
        "induced",
        S4,
        {
            "induced": {
                "subgroup": ["(0 1)", "(0 1 2)"],
                "matrices": [[[0, 1], [1, 0]], [[0, -1], [1, -1]]],
            }
        },
    ),
    ("by name alone", {"generators": ["f"]}, {"matrices": {"f": [[1, 1], [0, -1]]}}),
    (
        "wreath",
        {"wreath": {"base": {"symmetric": 2}, "top": {"symmetric": 3}}},
        {"tensor": ["points", "points"]},
    ),
]


@pytest.mark.parametrize("word", ["norm", "gated", "tensor_product"])
@pytest.mark.parametrize(("label", "group", "action"), SMALL, ids=[row[0] for row in SMALL])
def test_what_has_coordinates_over_points(label, group, action, word):
    """Either it commutes, or the refusal names the stage and the word."""
    given = action if "generators" in group else "points"
    alone = given == action
    first = [] if alone else [mix(name="first", action=PAIRS)]
    stage = mix(action=action, nonlinearity=word, residual=alone)
    spec = net(group, given, *first, stage, channels=2)
    try:
        space = solve(spec)
    except SpecError as error:
        assert word == "norm" or "some map" in str(error)
        assert f"network.{len(first)}" in str(error)
        assert "mix" in str(error)
        return
    assert gap(space) < 1e-9


@pytest.mark.parametrize("word", ["norm", "gated"])
@pytest.mark.parametrize(
    "action",
    [
        {"tensor": ["vector", "points"]},
        {"tensor": ["points", "vector", "points"]},
        {"power": [VECTORS, 2]},
        {"tensor": ["points", {"sum": ["vector", "trivial"]}]},
        {"sum": [{"tensor": ["vector", "vector"]}, "trivial", "trivial"]},
        {"sum": ["vector", {"tensor": ["vector", "points"]}]},
        {"exterior_power": [VECTORS, 2]},
    ],
)
def test_coordinates_that_stand_apart_are_not_scaled_together(action, word):
    """They were once grouped by their places in memory, and the network did not commute."""
    message = refusal(net({"cyclic": 3}, VECTORS, mix(action=action, nonlinearity=word)))
    assert "on stage mix" in message


def test_products_of_coordinates_that_stand_apart():
    stage = mix(action={"tensor": ["vector", "points"]}, nonlinearity="tensor_product")
    assert gap(solve(net({"cyclic": 3}, VECTORS, stage))) < 1e-9


@pytest.mark.parametrize("kind", ["stride", "window"])
@pytest.mark.parametrize("small", ["vector", {"irrep": 3}, {"dual": "vector"}])
def test_strides_of_points_with_a_small_action(small, kind):
    """What is left of the group acts on the small part by powers of its matrices."""
    for action in ({"tensor": ["points", small]}, {"tensor": [small, "points"]}):
        said = {"stride": 2} if kind == "stride" else {"pooling": {"window": 2}}
        spec = net({"cyclic": 8}, "points", mix(action=action, subgroup=True, **said))
        if kind == "stride":
            assert gap(solve(spec)) < 1e-9
        else:
            assert "max pooling on stage mix" in refusal(spec)


GROUPS_OF_ONE = [
    {"symmetric": 1}, {"alternating": 1}, {"alternating": 2}, {"cyclic": 1}, {"trivial": 3},
    {"generators": {}, "points": 3}, {"generators": {"e": "()"}, "points": 2},
]  # fmt: skip


@pytest.mark.parametrize("word", ["relu", "gated", "norm", "tensor_product"])
@pytest.mark.parametrize("group", GROUPS_OF_ONE, ids=str)
def test_groups_of_order_one(group, word):
    stages = [mix(nonlinearity=word, normalization="rms"), {"action": "trivial", "channels": 1}]
    model = solve(net(group, "points", *stages)).model(dtype=torch.float64)
    x = torch.randn(2, 1, group.get("points", group.get("trivial", group.get("alternating", 1))))
    assert model(x.double()).shape == (2, 1, 1)
    assert model.check_equivariance(x.double()) < 1e-12


def test_a_grid_that_shrinks_to_one_point():
    stages = [
        mix(action="poses", stride=2, subgroup=True, nonlinearity="relu"),
        mix(name="last", action="pixels"),
    ]
    group = {"grid": {"shape": [2, 2], "symmetry": "p4m"}}
    assert gap(solve(net(group, "pixels", *stages))) < 1e-9


def test_large_groups():
    for group in ({"symmetric": 50}, {"mathieu": 24}):
        given = PAIRS if "symmetric" in group else "points"
        stage = mix(action=given, normalization="layer", nonlinearity="gated", residual=True)
        assert gap(solve(net(group, given, stage, channels=2))) < 1e-9


def test_rubik(tmp_path):
    text = (ROOT / "specs" / "rubiks_cube.yaml").read_text().split("output:")[0]
    path = tmp_path / "rubik.yaml"
    path.write_text(
        text + "network:\n"
        "  - {action: points, channels: 4, normalization: layer, nonlinearity: relu}\n"
        "  - {action: points, channels: 2, nonlinearity: gated}\n"
        "  - {action: trivial, channels: 1}\n"
    )
    assert gap(solve(path)) < 1e-9


NAMES = ["mask", "x", "y", "g", "a", "generators", "given", "worst", "module", "empty", "print",
         "stages", "super", "match", "net_layer", "l" * 60]  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_names_of_stages(name):
    stage = mix(name=name, normalization="batch", dropout=0.5, nonlinearity="tanh")
    last = mix(name="last", action=PAIRS, residual=False)
    third = {"name": "third", "residual": name, "pooling": {"onto": "trivial"}}
    back = mix(name="back", residual=name)
    space = solve(net(S4, "points", stage, last, back, third))
    assert gap(space) < 1e-9
    assert name in space.model().summary()


@pytest.mark.parametrize(
    "name",
    ["x", "y", "g", "a", "X", "SIZES", "STAGES", "GENERATORS", "CHANNELS", "getattr", "int", "list",
     "dict", "str", "print", "worst", "module", "n", "count", "y_a", "x_0", "T", "p", "Net"],
)  # fmt: skip
def test_names_of_fields(name):
    fields = {"fields": {name: "points", "b": PAIRS}}
    stage = mix(action=fields, normalization="layer", nonlinearity="relu", residual=True)
    assert gap(solve(net(S4, fields, stage, channels=2))) < 1e-9


@pytest.mark.parametrize(
    "name", ["torch", "self", "to", "training", "parameters", "summary", "class", "A", "a__b", "é",
             "", '"; import os', "a b", "1a"]
)  # fmt: skip
def test_names_that_are_refused(name):
    message = refusal(net(S4, "points", mix(name=name)))
    assert "network.0.name: given" in message


@pytest.mark.parametrize(
    "name", ["mask", "masks", "shortcut", "gate_a", "square", "moved_x", "windows"]
)
def test_names_that_forward_needs(name):
    assert f"given the field name {name}" in refusal(net(S4, {"fields": {name: "points"}}, mix()))


def test_names_that_differ_in_underscores_only():
    stages = [mix(name=name, action=PAIRS if "_" in name else "points")
              for name in ("one_1", "one1", "a_b", "ab")]  # fmt: skip
    space = solve(net(S4, "points", *stages))
    called = [one.form.class_name for one in space.layer_spaces]
    assert len(set(called)) == len(called)
    assert gap(space) < 1e-9


def test_two_hundred_stages_and_no_more():
    stages = [{"action": "points", "channels": 2, "residual": k > 0} for k in range(200)]
    space = solve(net(S4, "points", *stages))
    assert len(space.layer_spaces) == 1
    assert perturbed(space)(*inputs(space)).shape == (4, 2, 4)
    assert "at most 200 entries" in refusal(net(S4, "points", *stages, mix()))


EVIL = ['"""\nimport os\n', "\\", "{x} %s {0}", "\u202e # noqa", "\x00", "é" * 5, "\\N{BULLET}"]


@pytest.mark.parametrize("text", EVIL)
def test_text_reaches_no_code(text):
    space = solve(net(S4, "points", mix(nonlinearity="relu"), description=text))
    assert space.page.isascii()
    assert not any(line.startswith("import os") for line in space.page.splitlines())
    compile(space.page, "page", "exec")
    assert gap(space) < 1e-9


def linted(page, folder):
    path = folder / "page.py"
    path.write_text(page)
    ruff = Path(sys.executable).parent / "ruff"
    for command in (["check", "--quiet"], ["format", "--check", "--quiet"]):
        done = subprocess.run(
            [ruff, *command, "--config", ROOT / "pyproject.toml", path],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_pages_are_clean(tmp_path):
    fields = {"fields": {"nodes": "points", "edges": PAIRS, "c": "trivial"}}
    many = {"fields": {f"part_{k}": "points" for k in range(4)}}
    for spec in (
        net(S4, fields, mix(action=fields, channels={"nodes": 2, "edges": 3, "c": 4},
                            normalization={"nodes": "batch", "edges": "point"}, dropout=0.1,
                            nonlinearity={"nodes": "gated", "edges": "tensor_product"})),
        net(S4, many, mix(action=many, normalization="layer", residual=True, dropout=0.1,
                          nonlinearity="gelu"), channels=2),
        net(P4, "pixels", mix(action="poses", pooling={"kind": "sum", "window": 2}, subgroup=True,
                              normalization="batch", nonlinearity="gated"),
            {"pooling": {"kind": "mean", "onto": "pixels"}}),
        net(C6, VECTORS, mix(action=VECTORS, nonlinearity="norm", normalization="rms")),
        net({"symmetric": 1}, "points", mix()),
    ):  # fmt: skip
        linted(solve(spec).page, tmp_path)


# Masks


PRODUCT = {"product": {"u": {"symmetric": 3}, "v": {"symmetric": 4}}}
ENTRIES = {"tensor": ["u", "v"]}
FIELDS = {"fields": {"a": "points", "b": PAIRS, "c": "trivial"}}
MASKED = {
    **{
        f"{word} behind a map": net(S4, "points", mix(normalization=word), mix(name="last"))
        for word in ("batch", "layer", "point", "rms")
    },
    **{
        f"{word} before any": net(S4, "points", {"normalization": word}, mix(), channels=2)
        for word in ("batch", "layer", "point", "rms")
    },
    **{
        f"{kind} pool": net(
            S4, PAIRS,
            {"pooling": {"kind": kind, "onto": "points"}},
            mix(nonlinearity="softplus", pooling={"kind": kind, "onto": "trivial"}),
        )
        for kind in ("max", "mean", "sum")
    },
    "fields": net(
        S4, FIELDS,
        mix(action=FIELDS, residual=True, normalization={"a": "batch", "b": "layer"}),
        {"name": "second", "action": FIELDS, "normalization": "rms", "nonlinearity": "gelu"},
        channels=2,
    ),
    "a table": net(
        PRODUCT, ENTRIES,
        mix(action=ENTRIES, residual=True, nonlinearity="sigmoid", normalization="layer"),
        mix(name="rows", action=ENTRIES, pooling={"kind": "mean", "onto": "u"}),
        channels=2,
    ),
}  # fmt: skip


@pytest.mark.parametrize("training", [False, True])
@pytest.mark.parametrize("case", MASKED)
def test_what_a_mask_hides_changes_nothing(case, training):
    space = solve(MASKED[case])
    model = perturbed(space).train(training)
    assert_padding_changes_nothing(space, model, inputs(space, (3,)), 2, 1e6)


# Memory


@pytest.mark.parametrize(
    "spec",
    [
        net({"grid": {"shape": [1024, 1024], "symmetry": "p1"}}, "pixels", mix(action="pixels")),
        net({"grid": {"shape": [10**9, 10**9], "symmetry": "p1"}}, "pixels", mix(action="pixels")),
        net({"symmetric": 9}, {"power": ["points", 5]}, mix(action={"power": ["points", 5]},
                                                            pooling={"onto": "points"})),
        net({"cyclic": 10**7}, "points", mix(nonlinearity="gated")),
    ],
)  # fmt: skip
def test_what_is_too_large_is_refused_at_once(spec):
    with limited_to(2**30), pytest.raises(TooLargeError) as error:
        solve(spec).page  # noqa: B018
    assert "\n" not in str(error.value)


def test_many_channels_cost_nothing_until_a_model_is_made():
    spec = net(C6, "points", mix(channels=65536), mix(name="last", channels=65536))
    space = solve(spec)
    assert space.parameters == 65536 * (6 + 1 + 6 * 65536 + 1)
    assert len(space.page) < 50_000
    assert space.model(device="meta")(torch.empty(1, 1, 6, device="meta")).shape == (1, 65536, 6)
    for channels in (65537, 0, -1, True, 1.0, "4", [], {}):
        assert "network.0.channels: given" in refusal(net(C6, "points", mix(channels=channels)))


@pytest.mark.parametrize(
    ("key", "value"),
    [("stride", 1), ("stride", True), ("dropout", 1), ("dropout", True), ("dropout", float("nan")),
     ("residual", "A b"), ("nonlinearity", []), ("nonlinearity", {}), ("normalization", True),
     ("pooling", {}), ("pooling", "max"), ("pooling", {"window": 2, "onto": "trivial"}),
     ("dimension", -1), ("bias", "yes"), ("support", {"radius": -1}), ("boundary", "none"),
     ("subgroup", 1), ("init", "none"), ("strategy", "x")],
)  # fmt: skip
def test_values_of_the_wrong_kind(key, value):
    assert f"network.0.{key}" in refusal(net(C6, "points", mix(**{key: value})))


# What is written is proved again


@pytest.fixture(scope="module")
def page():
    stage = mix(action="poses", nonlinearity="tensor_product", normalization="batch")
    return solve(net(P4, "pixels", stage, {"action": "trivial", "channels": 1})).page


def proved(page, folder):
    path = folder / "page.py"
    path.write_text(page)
    return verified(path)


HEXADECIMAL = re.compile("[0-9a-f]{10,}")


def test_every_table_of_a_page_is_read(page, tmp_path):
    """Two numbers of any table of a layer change places: no such file is proved."""
    assert len(proved(page, tmp_path).splitlines()) == 4
    for table in [line.split(" = ")[0] for line in page.splitlines() if line.endswith(' = """')]:
        start = page.index(f'\n{table} = """') + len(table) + 8
        end = page.index('"""', start)
        space, words = " ", page[start:end].split()
        if all(map(HEXADECIMAL.fullmatch, words)):
            space, words = "", re.findall("..", "".join(words))
        other = next((k for k, word in enumerate(words) if word != words[0]), None)
        if other is None:
            continue
        words[0], words[other] = words[other], words[0]
        changed = page[:start] + space.join(words) + "\n" + page[end:]
        with pytest.raises(IntertwineError, match=r"wrong|given|says|differ|do not"):
            proved(changed, tmp_path)


def test_a_page_that_is_cut_short_is_no_page(page, tmp_path):
    for text in ("", "import torch\n", page[: len(page) // 2], page.replace("GENERATORS", "G")):
        with pytest.raises(IntertwineError):
            proved(text, tmp_path)
