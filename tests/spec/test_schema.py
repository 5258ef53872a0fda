"""The JSON Schema that editors use, and the names that fields may not have."""

import json
import keyword
import re
import sys

import pytest
import torch
from pydantic import ValidationError

from intertwine import SpecError, solve
from intertwine.cli import main
from intertwine.names import FIELDS, is_name
from intertwine.spec.forms import StrictMapping
from intertwine.spec.load import load_document
from intertwine.spec.schema import NetworkSpec, Spec, json_schema
from intertwine.spec.yaml import read_yaml
from tests.solved import ROOT

SCHEMA = json_schema()
SPECS = sorted((ROOT / "specs").rglob("*.yaml"))
DATA = {"name": "bad", "group": {"symmetric": 4}, "input": "points", "output": "points"}
KINDS = {
    "object": dict, "array": list, "string": str,
    "integer": int, "number": (int, float), "boolean": bool, "null": type(None),
}  # fmt: skip


def fits(value, schema):
    """Whether a value fits a JSON Schema, by the keywords that ours uses; others are an error."""
    known = {
        "$defs", "$ref", "additionalProperties", "anyOf", "const", "default", "description", "enum",
        "exclusiveMaximum", "items", "maxItems", "maximum", "minItems", "minProperties", "minimum",
        "oneOf", "pattern", "prefixItems", "properties", "propertyNames", "required", "title",
        "type",
    }  # fmt: skip
    assert set(schema) <= known, set(schema) - known
    if "$ref" in schema:
        return fits(value, SCHEMA["$defs"][schema["$ref"].removeprefix("#/$defs/")])
    if "type" in schema and not is_kind(value, schema["type"]):
        return False
    tests = [
        "anyOf" not in schema or any(fits(value, s) for s in schema["anyOf"]),
        "oneOf" not in schema or sum(fits(value, s) for s in schema["oneOf"]) == 1,
        value in schema.get("enum", [value]) and value == schema.get("const", value),
    ]
    if is_kind(value, "number"):
        tests.append(value < schema.get("exclusiveMaximum", value + 1))
        tests.append(schema.get("minimum", value) <= value <= schema.get("maximum", value))
    if isinstance(value, str):
        tests.append(re.search(schema.get("pattern", ""), value) is not None)
    if isinstance(value, list):
        first = schema.get("prefixItems", [])
        tests += [fits(item, s) for item, s in zip(value, first, strict=False)]
        tests += [fits(item, schema.get("items", {})) for item in value[len(first) :]]
        tests.append(schema.get("minItems", 0) <= len(value) <= schema.get("maxItems", len(value)))
    if isinstance(value, dict):
        named, others = schema.get("properties", {}), schema.get("additionalProperties", True)
        tests += [key in value for key in schema.get("required", [])]
        tests += [fits(value[key], named[key]) for key in named if key in value]
        rest = [item for key, item in value.items() if key not in named]
        tests += [fits(item, others) if isinstance(others, dict) else others for item in rest]
        tests += [fits(key, schema.get("propertyNames", {})) for key in value]
        tests.append(len(value) >= schema.get("minProperties", 0))
    return all(tests)


def is_kind(value, kind):
    return isinstance(value, KINDS[kind]) and (kind == "boolean" or not isinstance(value, bool))


@pytest.mark.parametrize("path", SPECS, ids=lambda path: path.stem)
def test_the_schema_and_the_forms_accept_every_spec(path):
    data = read_yaml(path.read_text(encoding="utf-8")).data
    assert fits(data, SCHEMA)
    kind = NetworkSpec if path.parent.name == "networks" else Spec
    assert kind.model_validate(data).name == path.stem


@pytest.mark.parametrize(
    "change",
    [
        {"group": {"symmetric": 0}}, {"group": {"symmetric": "4"}}, {"group": {"symmetric": True}},
        {"group": {"symmetric": 4, "cyclic": 4}}, {"group": {}}, {"group": "symmetric"},
        {"group": None},
        {"group": {"mathieu": 13}}, {"group": {"dihedral": 0}}, {"group": {"product": {}}},
        {"group": {"generators": {"a": 1}}}, {"group": {"grid": {"shape": []}}},
        {"group": {"wreath": {"base": {"cyclic": 2}}}}, {"group": {"polyhedron": {"name": "qube"}}},
        {"input": {"power": ["points"]}}, {"input": {"power": ["points", 0]}},
        {"input": {"pwr": 2}},
        {"input": {"tensor": []}}, {"input": {"fields": {}}}, {"input": 4}, {"input": ["points"]},
        {"layer": {"bias": 1}}, {"layer": {"layout": "nhwc"}}, {"expect": {"dimension": -1}},
        {"rule": "magic"}, {"extra": 1}, {"name": 4},
    ],
    ids=str,
)  # fmt: skip
def test_the_schema_and_the_forms_refuse_the_same(change):
    data = {**DATA, **change}
    assert not fits(data, SCHEMA)
    with pytest.raises(ValidationError):
        Spec.model_validate(data)


STAGE = {"action": "points", "channels": 4}


@pytest.mark.parametrize(
    "change",
    [
        {"output": "points"}, {"network": []}, {"network": STAGE}, {"network": ["points"]},
        {"channels": 0}, {"channels": "many"}, {"channels": {"a": 0}}, {"expect": {"dimension": 2}},
        *({"network": [{**STAGE, **change}]} for change in (
            {"nonlinearity": "rulu"}, {"nonlinearity": {"a": 1}}, {"normalization": "bath"},
            {"residual": 1}, {"dropout": 1.0}, {"dropout": -0.1}, {"stride": 1}, {"pooling": "max"},
            {"pooling": {"kind": "most", "window": 2}}, {"pooling": {"window": 1}},
            {"support": 1}, {"boundary": "ones"}, {"subgroup": 1}, {"dimension": -1},
            {"action": ["points"]}, {"actoin": "points"}, {"name": "Mix"},
        )),
    ],
    ids=str,
)  # fmt: skip
def test_the_schema_and_the_forms_refuse_the_same_networks(change):
    data = {"name": "bad", "group": {"symmetric": 4}, "input": "points", "network": [STAGE]}
    assert fits(data, SCHEMA)
    NetworkSpec.model_validate(data)
    assert not fits({**data, **change}, SCHEMA) or "name" in change["network"][0]
    with pytest.raises(ValidationError):
        NetworkSpec.model_validate({**data, **change})
    with pytest.raises(SpecError) as error:
        load_document({**data, **change})
    assert "\n" not in str(error.value)


def below(form):
    """Every form that stands on one, however far above it."""
    return [inner for own in form.__subclasses__() for inner in (own, *below(own))]


def test_every_form_and_every_reference_is_described():
    defined, text = SCHEMA["$defs"], json.dumps(SCHEMA)
    assert set(re.findall(r"#/\$defs/(\w+)", text)) == set(defined)
    forms = {form.__name__ for form in below(StrictMapping) if form.model_fields} - {"Spec"}
    assert forms <= set(defined)
    assert all(defined[form]["additionalProperties"] is False for form in forms)
    assert all(defined[form]["description"] for form in forms)


def test_the_command_prints_it(capsys, monkeypatch):
    monkeypatch.setattr(sys, "argv", ["intertwine", "schema"])
    with pytest.raises(SystemExit) as stop:
        main()
    assert not stop.value.code
    assert json.loads(capsys.readouterr().out) == SCHEMA


def fields_spec(name, layout="channels_first"):
    side = {"fields": {name: "points", "others": "trivial"}}
    return {**DATA, "input": side, "output": side, "layer": {"layout": layout}}


def names_that_torch_uses():
    empty = torch.nn.ParameterDict()
    return {name for name in (*dir(empty), *vars(empty)) if is_name(name)}


def test_reserved_names_hold_all_that_parameter_dicts_use():
    assert names_that_torch_uses() <= FIELDS
    assert not any(map(keyword.iskeyword, FIELDS))


@pytest.mark.parametrize("name", ["keys", "update", "type", "float", "self", "torch", "INPUTS"])
def test_reserved_names_are_refused(name):
    with pytest.raises(SpecError, match=f"input.fields.{name}: given the field name {name}"):
        solve(fields_spec(name))


def names_of_a_page():
    """Every word of an emitted page that a field might be called: locals, tables, attributes."""
    page = solve(fields_spec("points")).page
    return sorted({w for w in re.findall(r"\w+", page) if is_name(w)} - FIELDS)


@pytest.mark.parametrize(
    "layout", ["channels_first", pytest.param("channels_last", marks=pytest.mark.all)]
)
def test_any_other_word_of_the_page_can_be_a_field(layout):
    for name in {*names_of_a_page(), "x", "flat", "given", "expected", "GENERATORS", "DIMENSIONS"}:
        if name in FIELDS | {"others"}:
            continue
        layer = solve(fields_spec(name, layout)).layer(2, 3)
        shapes = {"channels_first": ((5, 2, 4), (5, 2, 1)), "channels_last": ((5, 4, 2), (5, 1, 2))}
        given = [torch.randn(shape) for shape in shapes[layout]]
        outputs = layer(*given)
        assert [tuple(y.shape) for y in outputs] == [
            tuple(3 if n == 2 else n for n in shape) for shape in shapes[layout]
        ], name
        assert set(layer.weight) == {
            f"{t}__{s}" for t in (name, "others") for s in (name, "others")
        }
