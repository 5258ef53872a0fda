"""The examples in messages are what they say: specs that work."""

import pytest

from intertwine.errors import IntertwineError
from intertwine.spec.actions import ActionBuilder
from intertwine.spec.build import build_actions
from intertwine.spec.examples import ACTION_EXAMPLES, EXAMPLES, GROUP_EXAMPLES
from intertwine.spec.load import load_spec
from intertwine.spec.schema import Spec
from intertwine.spec.yaml import read_yaml

DATA = {"name": "bad", "group": {"symmetric": 3}, "input": "trivial", "output": "trivial"}
FORMS = Spec.model_json_schema()["$defs"]


def parsed(example):
    return read_yaml(example.replace("GROUP", "{symmetric: 3}")).data


@pytest.mark.parametrize("example", GROUP_EXAMPLES.values(), ids=GROUP_EXAMPLES)
def test_groups(example):
    assert build_actions(load_spec({**DATA, "group": parsed(example)})).group.order > 1


@pytest.mark.parametrize(("key", "example"), ACTION_EXAMPLES.items(), ids=ACTION_EXAMPLES)
def test_actions(key, example):
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
    heads = {name for form in FORMS.values() for name in form["properties"]}
    assert set(ACTION_EXAMPLES) <= heads
    with pytest.raises(IntertwineError) as refused:
        load_spec({**DATA, "input": {"none": 1}})
    assert f"a mapping with one of {', '.join(ACTION_EXAMPLES)};" in str(refused.value)


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
