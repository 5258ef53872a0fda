"""The advice works: each refusal's words, and the spec that follows them, which then solves."""

# ruff: noqa: E501  (a table reads best with one case a line)

import re
from random import Random

import pytest

from intertwine.errors import IntertwineError
from intertwine.pipeline import solve
from intertwine.spec.build import build_actions
from intertwine.spec.load import load_spec
from intertwine.spec.printed import action_form
from intertwine.spec.yaml import read_yaml
from tests.spec.refusals import spec

NET = "name: bad\ngroup: {symmetric: 4}\ninput: points\nnetwork: "
LAST = ", {action: trivial, channels: 2}]\n"
PAIR = "{product: {users: {symmetric: 3}, movies: {symmetric: 4}}}"
CUBE = "{polyhedron: {name: cube}}"
GRID = "{grid: {shape: [6, 6], symmetry: p4}}"
TWO = "{generators: {a: [1, 0, 2], b: [1, 2, 0]}}"
# The quaternions i and j: their group has order 8, its image on the points order 4.
TURNS = (
    "[[0, -1, 0, 0], [1, 0, 0, 0], [0, 0, 0, -1], [0, 0, 1, 0]]",
    "[[0, 0, -1, 0], [0, 0, 0, 1], [1, 0, 0, 0], [0, -1, 0, 0]]",
)
QUATERNIONS = f"{{matrices: {{a: {TURNS[0]}, b: {TURNS[1]}}}}}"
KLEIN = '{a: "(0 1)(2 3)", b: "(0 2)(1 3)"}'


def stage(text):
    return f"{NET}[{text}{LAST}"


def group(text, **parts):
    return spec(group=text, **parts)


def on(text, group="{symmetric: 4}", output="points"):
    return spec(group, text, output)


def more(text, **parts):
    return spec(more=text, **parts)


# What is wrong; the spec; words of the message, of which those after the last `;` are the advice;
# and the spec that follows it.
ADVICE = {
    # Keys that are not known, at every level.
    "inputs": (spec().replace("input:", "inputs:"), ("the unknown key inputs", "did you mean `input`?"), spec()),
    "outputs": (spec().replace("output:", "outputs:"), ("the unknown key outputs", "did you mean `output`?"), spec()),
    "groups": (spec().replace("group:", "groups:"), ("the unknown key groups", "did you mean `group`?"), spec()),
    "a capital": (spec().replace("name:", "Name:"), ("the unknown key Name", "did you mean `name`?"), spec()),
    "target": (spec().replace("output:", "target:"), ("the unknown key target", "did you mean `output`?"), spec()),
    "networks": (stage("{action: points, channels: 3}").replace("network:", "networks:"), ("the unknown key networks", "did you mean `network`?"), stage("{action: points, channels: 3}")),
    "layers": (more("layers: {bias: false}\n"), ("the unknown key layers", "did you mean `layer`?"), more("layer: {bias: false}\n")),
    "in a layer": (more("layer: {baias: false}\n"), ("layer.baias", "did you mean `bias`?"), more("layer: {bias: false}\n")),
    "in a support": (group("{cyclic: 5}", more="layer: {support: {radus: 1}}\n"), ("did you mean `radius`?",), group("{cyclic: 5}", more="layer: {support: {radius: 1}}\n")),
    "in expect": (more("expect: {dimensions: 2}\n"), ("did you mean `dimension`?",), more("expect: {dimension: 2}\n")),
    "in a grid": (on("pixels", "{grid: {size: [3, 3], symetry: p4}}", "pixels"), ("the unknown key size", "one of shape, symmetry"), on("pixels", "{grid: {shape: [3, 3], symmetry: p4}}", "pixels")),
    "in a graph": (on("vertices", "{automorphisms: {edge: [[0, 1]]}}", "vertices"), ("the unknown key edge", "did you mean `edges`?"), on("vertices", "{automorphisms: {edges: [[0, 1]]}}", "vertices")),
    "in a solid": (on("faces", "{polyhedron: {name: cube, reflection: true}}", "faces"), ("did you mean `reflections`?",), on("faces", "{polyhedron: {name: cube, reflections: true}}", "faces")),
    "in generators": (group("{generators: {a: [1, 0]}, point: 2}"), ("the unknown key point", "did you mean `points`?"), group("{generators: {a: [1, 0]}, points: 2}")),
    "in cosets": (on('{cosets: {subgroups: ["(0 1)"]}}'), ("did you mean `subgroup`?",), on('{cosets: {subgroup: ["(0 1)"]}}')),
    "in a wreath product": (group("{wreath: {base: {cyclic: 2}, tops: {cyclic: 3}}}"), ("did you mean `top`?",), group("{wreath: {base: {cyclic: 2}, top: {cyclic: 3}}}")),
    "in a stage": (stage("{action: points, chanels: 3}"), ("network.0.chanels", "did you mean `channels`?"), stage("{action: points, channels: 3}")),
    "activation": (stage("{action: points, channels: 3, activation: relu}"), ("the unknown key activation", "did you mean `nonlinearity`?"), stage("{action: points, channels: 3, nonlinearity: relu}")),
    "norm": (stage("{action: points, channels: 3, norm: batch}"), ("did you mean `normalization`?",), stage("{action: points, channels: 3, normalization: batch}")),
    "pool": (stage("{action: points, channels: 3, pool: {onto: trivial}}"), ("did you mean `pooling`?",), stage("{action: points, channels: 3, pooling: {onto: trivial}}")),
    "in pooling": (stage("{action: points, channels: 3, pooling: {kind: max, ontop: trivial}}"), ("did you mean `onto`?",), stage("{action: points, channels: 3, pooling: {kind: max, onto: trivial}}")),
    # A space after the colon; braces, brackets, tabs and quotes.
    "a group without a space": (group("{symmetric:5}"), ("YAML needs a space after a colon: write `symmetric: 5`",), group("{symmetric: 5}")),
    "a block without a space": (group("\n  symmetric:5"), ("write {symmetric: 5}",), group("{symmetric: 5}")),
    "an option without a space": (more("layer: {bias:false}\n"), ("the unknown key 'bias:false'", "write `bias: false`"), more("layer: {bias: false}\n")),
    "a space before the colon": (group("{cyclic :5}"), ("write `cyclic: 5`",), group("{cyclic: 5}")),
    "a key without a space": ("name: bad\ngroup: {symmetric: 4}\ninput:points\noutput: points\n", ("bad.yaml:3: ", "put a space after the colon"), spec()),
    "a first key without a space": ("name:bad\ngroup: {symmetric: 4}\ninput: points\noutput: points\n", ("mapping values", "space after its colon"), spec()),
    "no braces": (group("symmetric: 4"), ("bad.yaml:2: ", "braces such as {key: value}"), group("{symmetric: 4}")),
    "a tab before a key": ("name: bad\ngroup:\n\tsymmetric: 4\ninput: points\noutput: points\n", ("bad.yaml:3: ", "indent with spaces, not with tabs"), group("\n  symmetric: 4")),
    "a tab after spaces": ("name: bad\ngroup:\n  product:\n\t  a: {symmetric: 3}\ninput: a\noutput: a\n", ("bad.yaml:4: ", "indent with spaces"), "name: bad\ngroup:\n  product:\n    a: {symmetric: 3}\ninput: a\noutput: a\n"),
    "a brace left open": (group("{symmetric: 4"), ("bad.yaml:2: ", "close the bracket that opens on this line"), group("{symmetric: 4}")),
    "a brace too many": (group("{symmetric: 4}}"), ("remove the bracket that closes nothing",), group("{symmetric: 4}")),
    "other indentation": (group("\n  generators: {a: [1, 0]}\n base: 0"), ("give the keys of one mapping the same indentation",), group("\n  generators: {a: [1, 0]}\n  base: 0")),
    "a colon in a text": (more("description: sets: of 4\n"), ("put a text with a colon in quotes",), more("description: 'sets: of 4'\n")),
    "a sign before a text": (more("description: @home\n"), ("put a text with signs in quotes",), more("description: '@home'\n")),
    "cycles with commas": (group("{generators: {a: (0,1,2)}}"), ("put cycles with commas in quotes",), group('{generators: {a: "(0,1,2)"}}')),
    "a key and no value": (group("{symmetric, 4}"), ("a key, a colon, a space and its value",), group("{symmetric: 4}")),
    # Names for groups.
    "S_4": (group("S_4"), ("given S_4", "write {symmetric: 4}"), group("{symmetric: 4}")),
    "D6": (group("D6"), ("write {dihedral: 6}",), group("{dihedral: 6}")),
    "a call": (group("symmetric(5)"), ("write {symmetric: 5}",), group("{symmetric: 5}")),
    "a name alone": (group("symmetric"), ("write {symmetric: 4}",), group("{symmetric: 4}")),
    "a list": (group("[cyclic, 7]"), ("write {cyclic: 7}",), group("{cyclic: 7}")),
    "a misspelled group": (group("{symetric: 4}"), ("did you mean `symmetric`?",), group("{symmetric: 4}")),
    "a size in quotes": (group("{symmetric: '4'}"), ("a whole number, without quotes",), group("{symmetric: 4}")),
    "a misspelled graph": (on("vertices", "{automorphisms: {graph: peterson}}", "vertices"), ("did you mean petersen?",), on("vertices", "{automorphisms: {graph: petersen}}", "vertices")),
    "edges from 1": (on("vertices", "{automorphisms: {edges: [[1, 2], [2, 3]]}}", "vertices"), ("count from 0, or write `vertices: 4`",), on("vertices", "{automorphisms: {edges: [[1, 2], [2, 3]], vertices: 4}}", "vertices")),
    # Actions as output prints them.
    "a square": (on("points^2"), ("given 'points^2'", "write {power: [points, 2]}"), on("{power: [points, 2]}")),
    "a square with stars": (on("points**2"), ("write {power: [points, 2]}",), on("{power: [points, 2]}")),
    "a product": (on("users x movies", PAIR, "users"), ("write {tensor: [users, movies]}",), on("{tensor: [users, movies]}", PAIR, "users")),
    "a sum": (on("points + trivial"), ("write {sum: [points, trivial]}",), on("{sum: [points, trivial]}")),
    "standard of a set": (on("standard(vertices)", CUBE, "vertices"), ("write {standard: vertices}",), on("{standard: vertices}", CUBE, "vertices")),
    "subsets": (on("subsets(points, 2)"), ("write {subsets: [points, 2]}",), on("{subsets: [points, 2]}")),
    "several fixed points": (on("trivial(3)"), ("write {trivial: 3}",), on("{trivial: 3}")),
    "of a factor": (on("users.subsets(points, 2) x movies", PAIR, "users"), ("write {tensor: [{subsets: [users.points, 2]}, movies]}",), on("{tensor: [{subsets: [users.points, 2]}, movies]}", PAIR, "users")),
    "in fields": (on("{fields: {a: points^2}}"), ("input.fields.a", "write {power: [points, 2]}"), on("{fields: {a: {power: [points, 2]}}}")),
    "in a stage's action": (stage("{action: points^2, channels: 3}"), ("write {power: [points, 2]}",), stage("{action: {power: [points, 2]}, channels: 3}")),
    # Actions.
    "a misspelled set": (on("pionts"), ("did you mean `points`?",), on("points")),
    "a misspelled form": (on("{pwoer: [points, 2]}"), ("did you mean `power`?",), on("{power: [points, 2]}")),
    "a power without its number": (on("{power: points}"), ("write {power: [points, 2]}",), on("{power: [points, 2]}")),
    "a power the wrong way round": (on("{power: [2, points]}"), ("write {power: [points, 2]}",), on("{power: [points, 2]}")),
    "a tensor of one name": (on("{tensor: points}"), ("write {tensor: [points, points]}",), on("{tensor: [points, points]}")),
    "actions in a list": (on("[points, trivial]"), ("write {sum: [A, B]}",), on("{sum: [points, trivial]}")),
    "a form alone": (on("{standard}"), ("write {standard: points}",), on("{standard: points}")),
    "a form's name as an action": (on("power"), ("write {power: [points, 2]}",), on("{power: [points, 2]}")),
    "fields in a list": (on("{fields: [points]}"), ("write {fields: {a: points, b: trivial}}",), on("{fields: {a: points, b: trivial}}")),
    "fields in a power": (on("{power: [{fields: {a: points}}, 2]}"), ("write `sum` here",), on("{power: [{sum: [points]}, 2]}")),
    "the points of a product": (on("points", PAIR, "users"), ("did you mean `users.points` or `movies.points`?",), on("users.points", PAIR, "users")),
    "the regular action of a product": (on("regular", PAIR, "users"), ("`users.regular`",), on("users.regular", PAIR, "users")),
    "a subgroup in a text": (on("{cosets: {subgroup: '(0 1)'}}"), ('write {cosets: {subgroup: ["(0 1)"]}}',), on('{cosets: {subgroup: ["(0 1)"]}}')),
    "an action of no such group": (on("pixels"), ("one of points, trivial, regular",), on("regular")),
    "images of other names": (on("{permutations: {x: [1, 0, 2], y: [1, 2, 0]}}", TWO), ("rename x, y to a, b",), on("{permutations: {a: [1, 0, 2], b: [1, 2, 0]}}", TWO)),
    "an image too few": (on("{permutations: {a: [1, 0, 2]}}", TWO), ("add b",), on("{permutations: {a: [1, 0, 2], b: [1, 2, 0]}}", TWO)),
    "an image too many": (on("{permutations: {a: [1, 0, 2], b: [1, 2, 0], c: [0, 1, 2]}}", TWO), ("remove c",), on("{permutations: {a: [1, 0, 2], b: [1, 2, 0]}}", TWO)),
    # Permutations that count from 1.
    "a list from 1": (group("{generators: {a: [2, 3, 1]}}"), ("the image 3 at place 2", "write `base: 1` beside `generators`"), group("{generators: {a: [2, 3, 1]}, base: 1}")),
    "cycles from 1": (group('{generators: {a: "(1 2 3)"}}'), ("write `base: 1` beside `generators`",), group('{generators: {a: "(1 2 3)"}, base: 1}')),
    "cycles from 1 that leave out 0": (group('{generators: {a: "(1 2 3)"}}'), ("or `points: 4` if 0 is a fixed point",), group('{generators: {a: "(1 2 3)"}, points: 4}')),
    "a list from 0 under base 1": (group("{generators: {a: [1, 2, 0]}, base: 1}"), ("the image 0 at place 2", "leave out `base: 1`"), group("{generators: {a: [1, 2, 0]}}")),
    "an image twice, counted from 1": (group("{generators: {a: [2, 2, 1]}, base: 1}"), ("each of 1 .. 3 once", "2 stands at places 1 and 2, and 3 is missing"), group("{generators: {a: [2, 3, 1]}, base: 1}")),
    "a fraction, counted from 1": (group("{generators: {a: [2, 1.0]}, base: 1}"), ("1.0 at place 2", "write whole numbers"), group("{generators: {a: [2, 1]}, base: 1}")),
    "a signed image twice": (on("{signed_permutations: {a: [1, -1]}}", "{generators: [a]}", "trivial"), ("1 stands at places 1 and 2, and 2 is missing",), on("{signed_permutations: {a: [1, -2]}}", "{generators: [a]}", "trivial")),
    "a signed image 0": (on("{signed_permutations: {a: [0, 1]}}", "{generators: [a]}", "trivial"), ("the image 0 at place 1", "count the axes from 1"), on("{signed_permutations: {a: [1, -2]}}", "{generators: [a]}", "trivial")),
    "permutations in a list": (group("{generators: [[1, 2, 0], [1, 0, 2]]}"), ("write {generators: {a: [1, 2, 0]",), group("{generators: {a: [1, 2, 0], b: [1, 0, 2]}}")),
    # Matrices.
    "points that do not show all of the group": (on(QUATERNIONS, f"{{generators: {KLEIN}}}", "trivial"), ("a group of order 8; expected 4", "{generators: [a, b]}", "`permutations`"), on(f"{{sum: [{QUATERNIONS}, {{permutations: {KLEIN}}}]}}", "{generators: [a, b]}", "trivial")),
    "a decimal": (on("{matrices: {a: [[0.5, 0.75], [1, -0.5]]}}", "{generators: [a]}", "trivial"), ("input.matrices.a.0.0", 'write "1/2" if you mean that'), on('{matrices: {a: [["1/2", "3/4"], [1, "-1/2"]]}}', "{generators: [a]}", "trivial")),
    "a rounded root": (on("{matrices: {a: [[0.8660254037844386, 0.5], [0.5, -0.8660254037844386]]}}", "{generators: [a]}", "trivial"), ('write "sqrt(3/4)" if you mean that',), on('{matrices: {a: [["sqrt(3/4)", "1/2"], ["1/2", "-sqrt(3/4)"]]}}', "{generators: [a]}", "trivial")),
    "a row too short": (on("{matrices: {a: [[0, 1], [1]]}}", "{generators: [a]}", "trivial"), ("a row of 1; expected 2 entries",), on("{matrices: {a: [[0, 1], [1, 0]]}}", "{generators: [a]}", "trivial")),
    "a matrix in a text": (on("{matrices: {a: 1}}", "{generators: [a]}", "trivial"), ("write such as [[0, ",), on('{matrices: {a: [[0, "-1/2"], [-2, 0]]}}', "{generators: [a]}", "trivial")),
    # Networks.
    "a stage that is no list": (f"{NET}{{action: points, channels: 8}}\n", ("write [{action: points, channels: 8}, {action: trivial, channels: 2}]",), f"{NET}[{{action: points, channels: 8}}, {{action: trivial, channels: 2}}]\n"),
    "output and network": (stage("{action: points, channels: 3}") + "output: points\n", ("both `output` and `network`", "the last stage gives the output"), stage("{action: points, channels: 3}")),
    "a nonlinearity with a capital": (stage("{action: points, channels: 3, nonlinearity: ReLU}"), ("write such as relu",), stage("{action: points, channels: 3, nonlinearity: relu}")),
    "channels in a text": (stage("{action: points, channels: many}"), ("write such as 16",), stage("{action: points, channels: 16}")),
    "a stage that does nothing": (stage("{channels: 3}"), ("expected an `action`; add one",), stage("{action: points, channels: 3}")),
    "pooling by a word": (stage("{action: points, channels: 3, pooling: max}"), ("write {kind: max, onto: trivial}",), stage("{action: points, channels: 3, pooling: {kind: max, onto: trivial}}")),
    "two stages of one name": (stage("{name: a, action: points, channels: 3}, {name: a, action: points}"), ("rename one",), stage("{name: a, action: points, channels: 3}, {name: b, action: points}")),
    "a stride on points": (stage("{action: points, channels: 3, stride: 2, subgroup: true}"), ("pool onto a smaller action",), stage("{action: points, channels: 3, pooling: {onto: trivial}}")),
    "windows without leave": (f"name: bad\ngroup: {GRID}\ninput: pixels\nnetwork: [{{action: poses, channels: 2, pooling: {{window: 2}}}}, {{pooling: {{onto: trivial}}}}]\n", ("write `subgroup: true` on the stage",), f"name: bad\ngroup: {GRID}\ninput: pixels\nnetwork: [{{action: poses, channels: 2, pooling: {{window: 2}}, subgroup: true}}, {{pooling: {{onto: trivial}}}}]\n"),
    # The document.
    "no name": (spec().replace("name: bad\n", ""), ("no `name`", "add `name:`"), spec()),
    "no output": (spec().replace("output: points\n", ""), ("no `output`", "add `output:`"), spec()),
    "a name with a dash": (spec(name="my-layer"), ("snake_case", "rename it"), spec(name="my_layer")),
    "a name that is a module": (spec(name="torch"), ("torch_layer",), spec(name="torch_layer")),
    "a wrong expectation": (more("expect: {dimension: 3}\n"), ("given 3; expected 2", "correct the expectation"), more("expect: {dimension: 2}\n")),
    "a strategy of no such layer": (more("layer: {strategy: convolve}\n"), ("leave it out",), spec()),
    "true in quotes": (more("layer: {bias: 'false'}\n"), ("true or false; write one of them",), more("layer: {bias: false}\n")),
    "a class in snake_case": (more("layer: {class_name: my_sets}\n"), ("CamelCase",), more("layer: {class_name: MySets}\n")),
}  # fmt: skip


def written(folder, text):
    path = folder / "bad.yaml"
    path.write_text(text)
    return path


@pytest.mark.parametrize(("wrong", "said", "mended"), ADVICE.values(), ids=list(ADVICE))
def test_the_advice_works_when_it_is_followed(wrong, said, mended, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(IntertwineError) as refused:
        solve(written(tmp_path, wrong), None, True)
    line = str(refused.value)
    assert [words for words in said if words not in line] == [], line
    assert refused.value.exit_code == 2 and "\n" not in line
    solve(written(tmp_path, mended), None, True)


def test_there_are_many_cases():
    assert len(ADVICE) > 100


PRINTED = (
    "points", "trivial", "{trivial: 2}", "standard", "{power: [A, 2]}", "{tensor: [A, B]}",
    "{sum: [A, B]}", "{subsets: [points, 2]}", "{injections: [points, 2]}", "{dual: standard}",
    "{symmetric_power: [points, 2]}", "{exterior_power: [points, 2]}", "{standard: {subsets: [points, 2]}}",
)  # fmt: skip


def drawn(dice, depth=3):
    form = dice.choice(PRINTED)
    while depth == 0 and "A" in form:
        form = dice.choice(PRINTED)
    return re.sub("[AB]", lambda _: drawn(dice, depth - 1), form)


@pytest.mark.parametrize("seed", range(60))
def test_what_output_prints_of_an_action_names_its_form(seed):
    """The form that is told for a printed action is an action that prints the same."""

    def printed(text, group):
        document = {"name": "a", "group": group, "input": text, "output": "trivial"}
        return build_actions(load_spec(document)).source

    dice = Random(seed)
    action = printed(read_yaml(drawn(dice)).data, {"symmetric": 4})
    form = action_form(str(action))
    again = action if form is None else printed(read_yaml(form).data, {"symmetric": 4})
    assert str(again) == str(action) and again.dimension == action.dimension
    assert form is not None or re.fullmatch(r"\w+", str(action)), str(action)
