"""What Python may hand over: documents for specs, exact numbers of any library, attributes."""

from fractions import Fraction
from types import MappingProxyType

import igraph
import networkx
import numpy as np
import pytest
import sympy
import torch

import intertwine
from intertwine import SpecError, TooLargeError, kernel_symmetry
from intertwine.audit.module import audit_module as audit_of_module
from intertwine.pipeline import count, solve
from intertwine.spec.load import load_document

RING = {"name": "ring", "group": {"cyclic": 5}, "input": "points", "output": "points"}
TURNED = {"irrep": 1}
STAGES = [{"action": "points", "channels": 3}, {"action": "trivial", "channels": 2}]
NETWORK = {"name": "net", "group": {"symmetric": 4}, "input": "points", "network": STAGES}


def matrices(listed, group=None, output="trivial"):
    given = {"name": "a", "group": group or {"generators": ["a"]}}
    return {**given, "input": {"matrices": {"a": listed}}, "output": output}


# Documents.


def test_a_document_stands_for_its_spec(tmp_path):
    document = intertwine.load_spec(RING)
    assert intertwine.load_spec(document) is document is load_document(document)
    assert intertwine.solve(document).dimension == intertwine.count(document).dimension == 5
    assert intertwine.compile_spec(document, tmp_path) == tmp_path / "ring.py"
    assert intertwine.solve(document).module_class(1, 1).weight.shape == (5, 1, 1)
    assert solve(document).dimension == count(document).dimension == 5


def test_a_document_from_a_file_reads_what_stands_beside_it(tmp_path):
    np.save(tmp_path / "turn.npy", np.array([1, 2, 3, 0]))
    path = tmp_path / "ring.yaml"
    path.write_text(
        "name: ring\ngroup: {generators: {file: turn.npy}}\ninput: points\noutput: points\n"
    )
    assert intertwine.solve(intertwine.load_spec(path)).dimension == 4


def test_a_document_of_a_network_stands_for_its_spec():
    document = load_document(NETWORK)
    space = intertwine.solve(document)
    assert [space.dimensions(stage) for stage in space.stages] == [[2], [1]]
    assert count(document).stages == {"stage_1": [2], "stage_2": [1]}
    assert intertwine.solve(document).module_class()(torch.zeros(1, 1, 4)).shape == (1, 2, 1)
    with pytest.raises(SpecError, match="given a network; expected the spec of one layer"):
        intertwine.load_spec(document)
    with pytest.raises(SpecError, match="given the rule orbitals for a network; expected"):
        intertwine.solve(document, rule="orbitals")


@pytest.mark.parametrize("former", ["layer_class", "solve_network"])
def test_a_former_name_says_its_new_one(former):
    with pytest.raises(ImportError, match=f"intertwine.{former} is gone; use intertwine.solve"):
        exec(f"from intertwine import {former}")
    assert former not in dir(intertwine)


def test_audits_take_specs():
    """A circulant matrix has residual 0; a diagonal of one entry has lost all but its mean."""
    turn = np.roll(np.eye(5), 1, 0)
    module = torch.nn.Conv1d(1, 1, 1)
    given = [RING, intertwine.load_spec(RING), intertwine.solve(RING), MappingProxyType(RING)]
    for one in given:
        assert intertwine.audit_weight(one, turn).residual.maximum == 0
        lost = intertwine.audit_weight(one, np.diag([1.0, 0, 0, 0, 0])).lost
        assert lost == pytest.approx(np.sqrt(1 - 1 / 5))
        found = intertwine.audit_module(one, module)
        assert str(found.reaches) == str(audit_of_module(intertwine.solve(RING), module).reaches)
    with pytest.raises(SpecError, match="given a network; expected the spec of one layer"):
        intertwine.audit_module(NETWORK, module)
    with pytest.raises(SpecError, match="given 5, of type int"):
        intertwine.audit_weight(5, turn)


def test_audits_keep_to_the_layout_of_the_spec():
    """One map, flattened with channels first and with channels last."""
    weight = np.random.default_rng(0).standard_normal((2, 5, 3, 5))
    last = {**RING, "layer": {"layout": "channels_last"}}
    moved = weight.transpose(1, 0, 3, 2).reshape(10, 15)
    lost = intertwine.audit_weight(RING, weight.reshape(10, 15)).lost
    assert intertwine.audit_weight(last, moved).lost == pytest.approx(lost)
    assert intertwine.audit_weight(RING, moved, True).lost == pytest.approx(lost)


# Graphs.


@pytest.mark.parametrize("directed", [False, True])
@pytest.mark.parametrize("multiple", [False, True])
def test_a_graph_of_networkx_follows_the_advice(directed, multiple):
    kinds = networkx.Graph, networkx.DiGraph, networkx.MultiGraph, networkx.MultiDiGraph
    graph = kinds[2 * multiple + directed]([("a", "b"), ("b", "c"), ("c", "a")])
    graph.add_node("alone")
    with pytest.raises(SpecError) as refused:
        intertwine.load_spec({**RING, "group": {"automorphisms": {"graph": graph}}})
    assert "edges: list(G.edges()), vertices: len(G)" in str(refused.value)
    assert "G = networkx.convert_node_labels_to_integers(graph)" in str(refused.value)
    assert ("directed: True" in str(refused.value)) == directed
    G = networkx.convert_node_labels_to_integers(graph)
    parts = {"edges": list(G.edges()), "vertices": len(G)} | (
        {"directed": True} if directed else {}
    )
    data = {**RING, "group": {"automorphisms": parts}, "input": "vertices", "output": "vertices"}
    assert intertwine.solve(data).order == (3 if directed else 6), "a triangle and a point"


def test_a_graph_of_igraph_follows_the_advice():
    graph = igraph.Graph.Ring(5)
    with pytest.raises(SpecError, match=r"edges: graph\.get_edgelist\(\), vertices: graph\.vcount"):
        intertwine.load_spec({**RING, "group": {"automorphisms": {"graph": graph}}})
    parts = {"edges": graph.get_edgelist(), "vertices": graph.vcount()}
    data = {**RING, "group": {"automorphisms": parts}, "input": "vertices", "output": "vertices"}
    assert (intertwine.solve(data).order, intertwine.solve(data).dimension) == (10, 3)
    with pytest.raises(SpecError, match="graph: petersen"):
        intertwine.load_spec({**RING, "group": {"automorphisms": {"graph": 5}}})


# Numbers.

HALF = [[Fraction(1, 2), Fraction(3, 4)], [1, Fraction(-1, 2)]]  # its square is 1
ROOT = sympy.sqrt(3) / 2
INVOLUTIONS = {
    "integers": [[0, 1], [1, 0]],
    "whole floats": [[0.0, 1.0], [1.0, -0.0]],
    "NumPy's floats": np.array([[0.0, 1.0], [1.0, 0.0]]),
    "NumPy's narrow floats": np.array([[0, 1], [1, 0]], dtype=np.float16),
    "NumPy's integers": [[np.int8(0), np.int64(1)], [np.uint8(1), np.int32(0)]],
    "rows that are arrays": [np.array([0, 1]), np.array([1.0, 0.0])],
    "torch's floats": torch.tensor([[0.0, 1.0], [1.0, 0.0]]),
    "fractions": HALF,
    "an array of fractions": np.array(HALF, dtype=object),
    "texts": [["1/2", "3/4"], ["1", "-1/2"]],
    "SymPy's rationals": [
        [sympy.Rational(1, 2), sympy.Rational(3, 4)],
        [sympy.S(1), -sympy.S.Half],
    ],
    "SymPy's matrix": sympy.Matrix([[-sympy.S.Half, ROOT], [ROOT, sympy.S.Half]]),
    "SymPy's cosines": [
        [sympy.cos(2 * sympy.pi / 7), sympy.sin(2 * sympy.pi / 7)],
        [sympy.sin(2 * sympy.pi / 7), -sympy.cos(2 * sympy.pi / 7)],
    ],
    "by entries": {"size": 2, "entries": [[0, 1, Fraction(1, 2)], [1, 0, np.int64(2)]]},
}


@pytest.mark.parametrize("listed", INVOLUTIONS.values(), ids=list(INVOLUTIONS))
def test_exact_numbers_of_any_library(listed):
    """Of an involution of trace 0 the eigenvalue 1 has one line: one invariant."""
    space = intertwine.solve(matrices(listed))
    assert (space.order, space.dimension) == (2, 1)
    matrix = next(space.basis()).toarray()
    assert matrix.shape == (1, 2) and np.abs(matrix).max() > 0


def test_fractions_are_told_apart_by_the_digest():
    """A digest that took all fractions for one would recall another's layer."""
    given = [matrices([[0, Fraction(1, n)], [n, 0]]) for n in (1, 2, 3)]
    given += [matrices([[0, sympy.Rational(1, n)], [n, 0]]) for n in (2, 3)]
    assert len({intertwine.load_spec(data).digest for data in given}) == 5


def test_a_network_may_hold_fractions_and_arrays():
    stages = [{"action": {"matrices": {"a": HALF}}, "channels": 2}]
    for listed in (HALF, np.array([[0, 1], [1, 0]])):
        data = matrices(listed)
        del data["output"]
        space = intertwine.solve({**data, "network": stages})
        assert [space.dimensions(stage) for stage in space.stages] == [[2]]


@pytest.mark.parametrize(("number", "advice"), [
    (-0.49999999999, '-1/2'), (0.5, '1/2'), (np.float32(1 / 3), '1/3'), (np.float64(0.75), '3/4'),
    (3**0.5 / 2, 'sqrt(3/4)'), (-(0.5**0.5), '-sqrt(1/2)'), (0.30901699437, 'cos(2*pi/5)'),
])  # fmt: skip
def test_rounded_numbers_are_refused_and_the_advice_is_near(number, advice):
    with pytest.raises(SpecError) as refused:
        intertwine.solve(matrices([[number]]))
    assert f'write "{advice}" if you mean that' in str(refused.value)
    assert "input.matrices.a.0.0" in str(refused.value)
    # x -> -1/x after a sign is an involution with the number in it, whatever the number is.
    followed = [[advice, "1"], [f"1-({advice})^2", f"-({advice})"]]
    assert intertwine.solve(matrices(followed)).dimension == 1


@pytest.mark.parametrize("number", [
    0.123456789, float("nan"), float("-inf"), True, None, 1j, sympy.I, sympy.Symbol("x"),
    sympy.Float(0.5), sympy.sqrt(2) * 1.0, 10**5000, Fraction(1, 10**40), 1e300, object(), sympy.pi,
], ids=lambda number: type(number).__name__)  # fmt: skip
def test_other_numbers_are_refused(number):
    with pytest.raises(SpecError) as refused:
        intertwine.solve(matrices([[number]]))
    large = isinstance(number, int) and number > 10**4300
    place = "an integer of thousands of digits" if large else "input.matrices.a.0.0: given"
    assert place in str(refused.value)


def test_sizes_may_be_numbers_of_numpy():
    data = {**RING, "group": {"cyclic": np.int64(5)}, "layer": {"bias": np.bool_(False)}}
    assert intertwine.solve(data).dimension == 5
    assert (
        intertwine.load_spec(data).digest
        == intertwine.load_spec({**RING, "group": {"cyclic": 5}, "layer": {"bias": False}}).digest
    )
    inner = MappingProxyType({"cyclic": 5})
    assert intertwine.solve({**RING, "group": inner}).dimension == 5


def test_sympy_is_not_imported_by_the_package():
    import subprocess
    import sys

    script = (
        "import sys, intertwine; from intertwine import solve; assert 'sympy' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", script], check=True)


# Attributes.


def objects():
    """Public values of every kind, also those whose attributes cannot all be made."""
    specs = [
        RING,
        {**RING, "group": {"symmetric": 5}, "input": {"power": ["points", 2]}},
        {**RING, "group": {"cyclic": 12}, "input": TURNED},
        {**RING, "input": TURNED, "output": {"tensor": ["points", TURNED]}},
        {**RING, "group": {"symmetric": 5}, "layer": {"strategy": "convolve"}},
        {**RING, "group": {"cyclic": 6}, "input": "sign", "layer": {"support": {"radius": 1}}},
        {**RING, "group": {"generators": ["a"]}, "input": {"permutations": {"a": [1, 0]}},
         "output": "trivial"},
    ]  # fmt: skip
    for data in specs:
        space = intertwine.solve(data)
        yield from (space, space.document, space.form, space.problem, space.found)
        yield from (space.source, space.target, space.source.group)
    network = intertwine.solve(NETWORK)
    yield from (network, network.problem, network.document)
    dice = np.random.default_rng(0)
    turned = intertwine.acting_by(intertwine.solve(specs[2]).source)
    for acting, shape in [(kernel_symmetry([3, 3]), (4, 1, 3, 3)), (turned, (4, 2))]:
        found = intertwine.discover_symmetry(dice.standard_normal(shape), acting, draws=0)
        yield from (found, acting, found.families[0], found.turns[0])
    yield intertwine.audit_weight(RING, np.eye(5))
    yield intertwine.audit_module(RING, torch.nn.Conv1d(1, 1, 1))


def test_hasattr_never_raises():
    asked = 0
    for value in objects():
        for name in dir(value):
            hasattr(value, name)
            asked += 1
    assert asked > 1000


def test_what_is_lacking_says_why():
    space = intertwine.solve({**RING, "input": TURNED})
    for name in ("labels", "signs", "codes", "pattern"):
        assert not hasattr(space, name) and getattr(space, name, None) is None
        with pytest.raises(SpecError, match="where an action has matrices"):
            getattr(space, name)
    assert hasattr(intertwine.solve(RING), "labels")


def test_a_layer_that_cannot_be_made_has_no_plan():
    refused = intertwine.solve(
        {**RING, "group": {"symmetric": 5}, "layer": {"strategy": "convolve"}}
    )
    assert not hasattr(refused, "plan") and not hasattr(refused, "page")
    with pytest.raises(
        SpecError, match=r"<dict>: layer.strategy: given strategy: convolve"
    ) as error:
        refused.page  # noqa: B018
    assert error.value.exit_code == 2
    large = intertwine.solve({**RING, "group": {"cyclic": 3000}})
    assert large.dimension == 3000
    if not hasattr(large, "plan"):
        with pytest.raises(TooLargeError):
            large.plan  # noqa: B018
