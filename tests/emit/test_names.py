"""Names that become identifiers, and text that must stay text."""

import ast
import builtins
import keyword
import subprocess
import sys

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from intertwine import SpecError, solve
from intertwine.emit.names import comment, quoted
from intertwine.names import check_module, class_name
from tests.solved import thinned

SETS = {"name": "sets", "group": {"symmetric": 3}, "input": "points", "output": "points"}
EVENS = {**SETS, "name": "evens", "group": {"alternating": 4}}  # in tables, not of every size


@pytest.mark.parametrize(
    ("module", "expected"),
    [
        ("sets", "Sets"), ("exchangeable_matrix", "ExchangeableMatrix"), ("maron_2_2", "Maron22"),
        ("p4m", "P4m"), ("a", "A"), ("a_", "A"), ("deep_sets2", "DeepSets2"),
    ],
)  # fmt: skip
def test_class_names(module, expected):
    assert class_name(module) == expected
    assert class_name(module).isidentifier()


@pytest.mark.parametrize("module", ["torch", "numpy", "intertwine", "json", "sys", "types", "re"])
def test_a_module_that_shadows_another_is_refused(module):
    with pytest.raises(SpecError, match=f"given the name {module}; .*{module}_layer"):
        check_module(module, class_name(module))
    with pytest.raises(SpecError, match=f"<dict>.* name: given the name {module}"):
        _ = solve({**SETS, "name": module}).page


@pytest.mark.parametrize(
    "chosen",
    ["None", "True", "ValueError", "SystemExit", "CODES", "FANS", "INPUTS", "OUTPUTS",
     "GENERATORS", "DIMENSIONS", "SIZES", "DIAGRAMS", "ROWS", "ORDER", "VARIANCES", "TEXT",
     "KERNEL"],
)  # fmt: skip
def test_a_class_that_shadows_a_name_of_the_page_is_refused(chosen):
    assert chosen in (*keyword.kwlist, *vars(builtins)) or chosen.isupper()
    with pytest.raises(SpecError, match=f"the class name {chosen}.*{chosen}Layer"):
        check_module("sets", chosen)
    with pytest.raises(SpecError, match="class"):
        _ = solve({**SETS, "layer": {"class_name": chosen}}).page


def test_a_class_name_that_is_derived_can_be_refused_too():
    with pytest.raises(SpecError, match="the class name ValueError"):
        _ = solve({**SETS, "name": "value_error"}).page
    chosen = solve({**SETS, "name": "value_error", "layer": {"class_name": "Errors"}})
    assert type(chosen.layer(1, 1)).__name__ == "Errors"


def test_every_constant_of_a_page_is_refused_as_a_class():
    """Were a class called like a constant, the constant would take its place."""
    pairs = {"power": ["points", 2]}
    triples = {"input": {"power": ["points", 3]}, "output": pairs, "layer": {"strategy": "expand"}}
    sides = {"input": {"fields": {"a": pairs}}, "output": {"fields": {"a": pairs}}}
    hidden = {"input": {"tensor": ["points", {"trivial": 9}]}, "output": pairs}
    circle = {**SETS, "group": {"cyclic": 99}}
    pages = [EVENS, {**EVENS, **sides}, circle, {**circle, "layer": {"strategy": "expand"}}]
    pages += [SETS, {**SETS, **sides}, {**SETS, **triples}, {**SETS, **hidden}]
    found = set()
    for spec in pages:
        for node in ast.parse(solve(spec).page).body:
            if isinstance(node, ast.Assign) and "_" not in node.targets[0].id:
                found.add(node.targets[0].id)
                with pytest.raises(SpecError):
                    check_module("sets", node.targets[0].id)
    assert found >= {"CODES", "GENERATORS", "DIMENSIONS"}
    assert found >= {"SIZES", "DIAGRAMS", "ROWS", "ORDER", "VARIANCES", "TEXT"}


def forward_of(spec, inputs="points"):
    """The forward of a page with fields."""
    fields = {"fields": {"first": inputs, "second": inputs}}
    tree = ast.parse(solve({**spec, "input": fields, "output": fields}).page)
    layer = next(node for node in tree.body if isinstance(node, ast.ClassDef))
    return next(n for n in layer.body if isinstance(n, ast.FunctionDef) and n.name == "forward")


def names_in(forward, context):
    """What a forward reads (ast.Load) or assigns to (ast.Store)."""
    return {n.id for n in ast.walk(forward) if isinstance(n, ast.Name) and type(n.ctx) is context}


def names_used_by_forward():
    """What the forward of a page with tables for fields reads, besides its arguments."""
    forward = forward_of(EVENS)
    return sorted(names_in(forward, ast.Load) - names_in(forward, ast.Store) - {"first", "second"})


def names_that_any_size_uses():
    """Every name in the forward of a page of every size that a field might have too."""
    pairs = {"power": ["points", 2]}
    tensors = {"tensor": ["points", {"trivial": 2}]}
    used = set()
    for strategy in ("auto", "expand"):
        for inputs in ("points", pairs, tensors):
            forward = forward_of({**SETS, "layer": {"strategy": strategy}}, inputs)
            used |= names_in(forward, ast.Load) | names_in(forward, ast.Store)
            used |= {argument.arg for argument in forward.args.args}
    return sorted(name for name in used if not name.startswith("_"))


def attributes_of_torch():
    """Names that a ParameterDict has and does not give to a parameter."""
    taken = {*dir(torch.nn.ParameterDict()), *dir(torch.nn.Module())}
    return sorted(name for name in taken if not name.startswith("_"))


BREAKING = sorted({*names_used_by_forward(), *attributes_of_torch(), "self"})


@pytest.mark.parametrize("field", BREAKING)
def test_a_field_that_would_break_the_layer_is_refused(field):
    with pytest.raises(SpecError, match=field):
        solve({**SETS, "input": {"fields": {field: "points"}}})


@pytest.mark.parametrize("field", ["x", "y", "shape", "name", "given", "flat", "part", "expected"])
@pytest.mark.parametrize("spec", [SETS, EVENS], ids=["sets", "evens"])
def test_a_field_may_be_called_like_a_variable_of_the_page(spec, field):
    fields = {"fields": {field: "points", "other": "trivial"}}
    (points,) = spec["group"].values()
    layer = solve({**spec, "input": fields, "output": fields}).layer(2, 3)
    y, other = layer(torch.randn(5, 2, points), torch.randn(5, 2, 1))
    assert (y.shape, other.shape) == ((5, 3, points), (5, 3, 1))


@pytest.mark.parametrize("field", names_that_any_size_uses())
@pytest.mark.parametrize("strategy", thinned(["auto", "expand"], 2))
def test_a_field_called_like_anything_in_a_page_of_every_size_is_refused_or_works(field, strategy):
    pairs = {"power": ["points", 2]}
    options = {"layer": {"strategy": strategy}}
    for members, sides in (
        ({field: pairs}, {"input", "output"}),
        ({field: pairs, "other": "points"}, {"input"}),
        ({"o": "points", field: pairs}, {"output"}),
    ):
        fields = {side: {"fields": members} for side in sides}
        try:
            space = solve({**SETS, **options, **fields})
        except SpecError:
            continue
        layer = space.layer(2, 3, dtype=torch.float64)
        module = sys.modules[type(layer).__module__]
        assert module.equivariance_residual() < 1e-9
        assert field in module.INPUTS or field in module.OUTPUTS


TEXTS = st.text(max_size=40) | st.text(
    '"\\\n\r\t{}%#\u2028\u202e\x00\ud800\u0130\u00d7abc ', max_size=40
)


@given(TEXTS)
def test_a_comment_is_inert(text):
    line = comment(text)
    assert line.isascii()
    assert line.isprintable()
    assert not {'"', "\\", "\n"} & set(line)
    assert line == " ".join(line.split()) == comment(line)
    assert ast.literal_eval(f'"""{line}."""') == f"{line}."
    assert ast.dump(ast.parse(f"x = 1  # {line}")) == ast.dump(ast.parse("x = 1"))


@given(TEXTS)
def test_a_literal_says_what_it_was_given(text):
    literal = quoted(text)
    assert literal.isascii()
    assert "\n" not in literal
    plain = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    said = ast.literal_eval(literal).encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    assert said == plain


def test_a_comment_keeps_what_can_be_read():
    given = "Erdős\u2013Rényi, 3 \u00d7 4 \u201cpixels\u201d \u4e2d"
    assert comment(given) == "Erdos-Renyi, 3 x 4 'pixels' ?"
    assert comment('say "hi" \\ {x}') == "say 'hi' / {x}"


def test_names_cost_no_torch():
    code = "import intertwine.emit.module, sys; assert 'torch' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)
