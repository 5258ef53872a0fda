"""The examples in messages are what they say: specs that work."""

from pathlib import Path

import pytest

from intertwine.errors import IntertwineError
from intertwine.spec.actions import ACTIONS
from intertwine.spec.build import ActionBuilder, build_actions
from intertwine.spec.groups import GROUPS
from intertwine.spec.load import load_spec
from intertwine.spec.schema import EXAMPLES, Spec
from intertwine.spec.yaml import read_yaml

DOCS = Path(__file__).parents[2] / "docs" / "spec.md"
DATA = {"name": "bad", "group": {"symmetric": 3}, "input": "trivial", "output": "trivial"}
FORMS = Spec.model_json_schema()["$defs"]


def parsed(example):
    return read_yaml(example.replace("GROUP", "{symmetric: 3}")).data


@pytest.mark.parametrize("kind", GROUPS, ids=lambda kind: kind.key())
def test_groups(kind):
    assert set(parsed(kind.example)) == {kind.key()}
    group = build_actions(load_spec({**DATA, "group": parsed(kind.example)})).group
    assert (group.order > 1) == (kind.key() != "trivial")


@pytest.mark.parametrize("kind", ACTIONS, ids=lambda kind: kind.key())
def test_actions(kind):
    key, example = kind.key(), kind.example
    assert set(parsed(example)) == {key}
    two = key == "permutations"
    generators = ["a", "b"] if two else ["a"]
    listed = key.endswith("permutations") or key in ("matrices", "fibre")
    group = {"generators": generators} if listed else {"symmetric": 3}
    assert build_actions(load_spec({**DATA, "group": group, "input": parsed(example)})).source


@pytest.mark.parametrize("key", ["layer", "expect"])
def test_parts_of_a_spec(key):
    assert load_spec({**DATA, **parsed(EXAMPLES[key])}).spec


@pytest.mark.parametrize("key", ["subgroup", "edges", "shape"])
def test_keys_inside_a_form_show_themselves(key):
    assert f"{key}: [" in EXAMPLES[key]


def test_every_form_of_an_action_has_one():
    keys = [kind.key() for kind in ACTIONS]
    assert set(keys) <= {name for form in FORMS.values() for name in form["properties"]}
    with pytest.raises(IntertwineError) as refused:
        load_spec({**DATA, "input": {"none": 1}})
    assert f"a mapping with one of {', '.join(keys)};" in str(refused.value)


@pytest.mark.parametrize("group", [
    {"symmetric": 3}, {"hyperoctahedral": 2}, {"generators": ["a"]},
    {"polyhedron": {"name": "cube"}},
    {"product": {"a": {"cyclic": 3}, "b": {"grid": {"shape": [2, 2]}}}},
    {"product": {"a": {"product": {"c": {"cyclic": 3}}}, "b": {"symmetric": 2}}},
])  # fmt: skip
def test_every_name_that_a_message_lists_is_an_action(group):
    built = build_actions(load_spec({**DATA, "group": group})).group
    builder = ActionBuilder(built, None)
    assert len(set(builder.names())) == len(builder.names())
    for name in builder.names():
        assert builder.named(name).dimension >= 1


@pytest.mark.parametrize("kind", [*GROUPS, *ACTIONS], ids=lambda kind: kind.__name__)
def test_every_form_stands_in_the_tables_of_the_docs(kind):
    tables = [line for line in DOCS.read_text().splitlines() if line.startswith("| ")]
    assert any(f"`{{{kind.key()}: " in line for line in tables)
