"""Malformed and hostile specs: each gives one line, with its line number, and leaves nothing behind."""

# ruff: noqa: E501  (a table reads best with one case a line)

import pytest

from tests.spec.refusals import refused, spec

HUGE = "1" + "0" * 3000
NESTED = 18


def group(text, **parts):
    return spec(group=text, **parts)


def on_input(text, group="{symmetric: 4}", output="points"):
    return spec(group=group, input=text, output=output)


def more(text, **parts):
    return spec(more=text, **parts)


def one_of(*names):
    """A product of so many factors."""
    return "{product: {" + ", ".join(f"{name}: {{symmetric: 5}}" for name in names) + "}}"


def nest(head, core, tail, depth):
    return head * depth + core + tail * depth


LAUGHS = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]\n" for i in range(1, 12)
)
QUADRATIC = f"a: &a [{'1, ' * 3000} 1]\nb: [{'*a, ' * 3000} *a]\n"

# What each text is, the line that the message must name (None: none), and words that it must hold.
WRONG = {
    # Permutations.
    "not a bijection": (group("{generators: {a: [0, 0, 1]}}"), 2, "generators.a", "[0, 0, 1]", "0 stands at places 0 and 1, and 2 is missing"),
    "unequal degrees": (group("\n  generators:\n    a: [1, 0]\n    b: [1, 2, 0]"), 4, "a list of 2 images", "3, the number of points"),
    "unequal cycles and lists": (group("{generators: {a: '(0 5)', b: [1, 0]}}"), 2, "generators.b", "a list of 2", "6"),
    "fewer images than points": (group("{generators: {a: [1, 0]}, points: 3}"), 2, "a list of 2 images", "3 images"),
    "a point beyond points": (group("{generators: {a: '(0 7)'}, points: 3}"), 2, "the point 7", "0 .. 2"),
    "one-based list": (group("{generators: {a: [2, 3, 1]}}"), 2, "count from 1", "`base: 1`"),
    "one-based cycles": (group("{generators: {a: '(1 2 3)'}, points: 3}"), 2, "the point 3", "`base: 1`"),
    "cycles from 1": (group("\n  generators:\n    a: (1,2,3)\n    b: (1,2)"), 3, "group.generators", "cycles that never mention the point 0, such as (1,2,3)", "`base: 1` beside `generators`", "`points: 4` if 0 is a fixed point"),
    "cycles from 1 and the identity": (group("{generators: {a: '(1 2 3)', b: ()}}"), 2, "never mention the point 0", "`points: 4`"),
    "cycles from 10": (group("{generators: {a: '(10 20)'}}"), 2, "never mention the point 0", "`points: 21`"),
    "cycles from 1, in a factor": (group("{product: {f: {generators: {a: '(1 2)'}}}}"), 2, "group.product.f.generators", "`base: 1`"),
    "cycles from 1, of an action": (on_input("{permutations: {a: '(1 2)', b: '(1 2 3)'}}", "{generators: [a, b]}", "trivial"), 3, "input.permutations", "never mention the point 0, such as (1 2 3)", "write `(0)` if 0 is a fixed point"),
    "zero-based list under base 1": (group("{generators: {a: [1, 2, 0]}, base: 1}"), 2, "count from 0", "leave out `base: 1`"),
    "zero-based cycles under base 1": (group("{generators: {a: '(0 1 2)'}, base: 1}"), 2, "count from 0", "leave out `base: 1`"),
    "base 2": (group("{generators: {a: [1, 2, 0]}, base: 2}"), 2, "group.base", "given 2", "one of 0, 1"),
    "base true": (group("{generators: {a: [2, 1]}, base: true}"), 2, "group.base", "given true", "an integer"),
    "base 1.0": (group("{generators: {a: [2, 1]}, base: 1.0}"), 2, "group.base", "given 1.0"),
    "base as text": (group("{generators: {a: [2, 1]}, base: '1'}"), 2, "group.base", "given '1'"),
    "a cycle repeats a point": (group("{generators: {a: '(0 1 0)'}}"), 2, "the point 0 more than once", "disjoint cycles"),
    "two cycles share a point": (group("{generators: {a: '(0 1)(1 2)'}}"), 2, "the point 1 more than once", "multiply the cycles out"),
    "a cycle is not closed": (group("{generators: {a: '(0 1'}}"), 2, "'(0 1'", "begin with ( and end with )"),
    "a letter in a cycle": (group("{generators: {a: '(0 x)'}}"), 2, "'x' is not a point"),
    "a negative point": (group("{generators: {a: '(0 -1)'}}"), 2, "'-1' is not a point"),
    "nested cycles": (group("{generators: {a: '((0 1))'}}"), 2, "'(0' is not a point"),
    "a comma alone": (group("{generators: {a: '(0,,1)'}}"), 2, "one comma or blank between two points"),
    "points in Arabic digits": (group("{generators: {a: '(\u0660 \u0661)'}}"), 2, "is not a point"),
    "an invisible space in a cycle": (group("{generators: {a: '(0\u200b1)'}}"), 2, "\\u200b", "is not a point"),
    "empty text for cycles": (group("{generators: {a: ''}}"), 2, "given ''", "cycles such as"),
    "a point too long to read": (group(f"{{generators: {{a: '(0 {'9' * 30})'}}}}"), 2, "too large for a point"),
    "an image too large": (group(f"{{generators: {{a: [1, {'9' * 30}]}}}}"), 2, "far too large"),
    "the image 2^63": (group("{generators: {a: [1, 9223372036854775808]}}"), 2, "far too large"),
    "the image -2^63": (group("{generators: {a: [1, -9223372036854775808]}}"), 2, "far too large"),
    "a negative image": (group("{generators: {a: [0, -1]}}"), 2, "the image -1 at place 1"),
    "a fractional image": (group("{generators: {a: [1.0, 0]}}"), 2, "1.0 at place 0", "write whole numbers"),
    "an image that is NaN": (group("{generators: {a: [.nan, 0]}}"), 2, "nan at place 0"),
    "an image that is text": (group("{generators: {a: ['1', 0]}}"), 2, "'1' at place 0"),
    "images that are truth values": (group("{generators: {a: [true, false]}}"), 2, "True at place 0"),
    "images in lists": (group("{generators: {a: [[1], [0]]}}"), 2, "[1] at place 0"),
    "an empty image list": (group("{generators: {a: []}}"), 2, "an empty list", "at least 1"),
    "a number for a permutation": (group("{generators: {a: 1}}"), 2, "generators.a", "given 1", "an image list such as"),
    "nothing for a permutation": (group("{generators: {a: }}"), 2, "generators.a", "given nothing"),
    "identities of no points": (group("{generators: {a: '()'}}"), 2, "no points", "add `points:`"),
    "signed image 0": (on_input("{signed_permutations: {a: [0, 1]}}", "{generators: {a: [1, 0]}}"), 3, "the image 0 at place 1", "0 has no sign"),
    "signed images repeat": (on_input("{signed_permutations: {a: [1, -1]}}", "{generators: {a: [1, 0]}}"), 3, "1 stands at places 1 and 2"),
    "signed images as cycles": (on_input("{signed_permutations: {a: '(1 2)'}}", "{generators: {a: [1, 0]}}"), 3, "a signed image list such as"),
    "signed images of unequal length": (on_input("{signed_permutations: {a: [1], b: [1, 2]}}", "{generators: [a, b]}", "trivial"), 3, "signed_permutations.b", "2 images"),
    # Generators.
    "no generators": (group("{generators: {}}"), 2, "no generators and no points"),
    "no generator names": (group("{generators: []}"), 2, "no generators"),
    "a generator's name twice": (group("{generators: [a, b, a]}"), 2, "the generator a twice"),
    "generators left out": (group("{generators: }"), 2, "given nothing", "a mapping from generators to permutations"),
    "generators in a text": (group("{generators: '(0 1)'}"), 2, "group.generators", "a mapping from generators to permutations"),
    "a generator without a partner": (on_input("{permutations: {a: [1, 0]}}", "{generators: [a, b]}", "trivial"), 3, "images of a;", "one for each of the generators of <a, b>: a, b; add b"),
    "a partner without a generator": (on_input("{permutations: {a: [1, 0], c: [1, 0]}}", "{generators: [a]}", "trivial"), 3, "remove c"),
    "other generators in the output": (spec("{generators: [a]}", "{permutations: {a: [1, 0]}}", "{permutations: {b: [1, 0]}}"), 4, "output.permutations", "images of b", "rename b to a"),
    "a generator by another name": (on_input("{permutations: {swap: [1, 0, 2], turn: [1, 2, 0]}}", "{symmetric: 3}"), 3, "images of swap, turn", "the generators of S_3: swap, shift", "rename turn to shift"),
    "generators by other names": (on_input("{signed_permutations: {a: [1], b: [1]}}", "{symmetric: 3}"), 3, "images of a, b", "S_3: swap, shift", "rename a, b to swap, shift"),
    "one generator for two": (on_input("{permutations: {a: [1, 2, 0]}}", "{symmetric: 3}"), 3, "S_3: swap, shift", "rename a; missing: swap, shift"),
    "generators in a list": (group("\n  generators:\n  - [1, 2, 0]\n  - [1, 0, 2]"), 4, "generators.0", "given [1, 2, 0]", "the name of a generator, or a mapping", 'write {generators: {a: [1, 2, 0], b: "(0 1)"}}'),
    "cycles in a list": (group("{generators: ['(0 1)', '(0 1 2)']}"), 2, "generators.0", "given '(0 1)'", "write {generators: {a: [1, 2, 0]"),
    "images against the relations": (on_input("{permutations: {a: [1, 2, 0]}}", "{generators: {a: [1, 0]}}"), 3, "generate a group of order 6", "respect the group's relations"),
    "permutations of a trivial group": (on_input("{permutations: {}}", "{trivial: 3}"), 3, "no generators", "{trivial: d}"),
    "the sign of names alone": (on_input("sign", "{generators: [a]}", "trivial"), 3, "sign, of the group <a>", "natural points"),
    "the regular action of names alone": (on_input("regular", "{generators: [a]}", "trivial"), 3, "regular, of <a>", "a group that permutations define"),
    "the points of names alone": (on_input("points", "{generators: [a]}", "trivial"), 3, "the action points", "one of trivial, or a mapping with one of trivial, power,"),
    "a generator's name with a quote": (group("{generators: {'a\"b': [1, 0]}}"), 2, "given 'a\"b'", "a name, or names joined by dots"),
    "a generator's name is code": (group("{generators: {'x\": __import__(\"os\").getcwd(), \"y': [1, 0]}}"), 2, "__import__", "a name, or names joined by dots"),
    "a generator's name with a line break": (group('{generators: {"a\\nb": [1, 0]}}'), 2, "a\\nb"),
    "a generator's name is a keyword": (group("{generators: {lambda: [1, 0]}}"), 2, "no Python keyword"),
    "a generator's name is a number": (group("{generators: {1: [1, 0]}}"), 2, "given '1'"),
    # Names that are not known.
    "an unknown group": (group("{symetric: 4}"), 2, "{'symetric': 4}", "did you mean `symmetric`?"),
    "an unknown set": (on_input("pionts"), 3, "the action pionts", "points, trivial, regular, sign", "did you mean `points`?"),
    "an unknown factor": (spec(one_of("users", "movies"), "{tensor: [users, moovies]}", "users"), 3, "tensor.1", "the action moovies", "did you mean `movies`?"),
    "an unknown set of a factor": (spec("{product: {cube: {polyhedron: {name: cube}}}}", "cube.face", "cube.faces"), 3, "face", "did you mean `faces`?"),
    "a factor without natural points": (spec("{product: {a: {product: {b: {cyclic: 3}}}}}", "a", "trivial"), 3, "the factor a, which has no natural points"),
    "the regular action of a product": (spec(one_of("a"), "regular", "a"), 3, "the action regular", "one of trivial, a, a.points, a.regular, a.sign, a.standard, or a mapping with one of", "did you mean `a.regular`?"),
    "a set of two factors": (spec(one_of("users", "movies"), "points", "users"), 3, "users.points, users.regular, users.sign, users.standard, movies.points", "did you mean `users.points` or `movies.points`?"),
    "a set of three hundred factors": (spec(one_of(*(f"a{i}" for i in range(300))), "points", "trivial"), 3, "one of trivial, a0, a1, a2", "...", "`a0.points`"),
    "a set with a form's name": (on_input("power"), 3, "the action power", "a mapping with one of trivial, power", "write {power: [points, 2]}"),
    "an unknown action": (on_input("{pwoer: [points, 2]}"), 3, "did you mean `power`?"),
    "an unknown key": (more("expcet: {dimension: 2}\n"), 5, "the unknown key expcet", "did you mean `expect`?"),
    "an unknown key in layer": (more("layer:\n  layout: channels_last\n  bais: true\n"), 7, "layer.bais", "class_name, bias, strategy, support, boundary, init, normalize, layout", "did you mean `bias`?"),
    "an unknown key in expect": (more("expect: {dimenson: 2}\n"), 5, "order, dimension, bias_dimension", "did you mean `dimension`?"),
    "an unknown key in grid": (group("{grid: {shpe: [3, 3]}}"), 2, "the unknown key shpe", "did you mean `shape`?"),
    "an unknown key in a graph": (group("{automorphisms: {graph: petersen, label: colour}}"), 2, "the unknown key label", "vertex_label", "did you mean"),
    "an unknown key in a file": (group("{generators: {file: a.npz, arry: a}}"), 2, "the unknown key arry", "file, array", "did you mean `array`?"),
    "an unknown key in a file of one image list": (on_input("{permutations: {a: {file: a.npz, arry: a}}}", "{generators: [a]}"), 3, "the unknown key arry", "did you mean `array`?"),
    "an unknown key in cosets": (on_input("{cosets: {subgroup: [], of: a}}"), 3, "cosets.of", "subgroup, factor"),
    "an unknown key in a wreath product": (group("{wreath: {base: {cyclic: 2}, top: {cyclic: 2}, middle: 3}}"), 2, "wreath.middle", "base, top"),
    "an unknown graph": (group("{automorphisms: {graph: peterson}}"), 2, "graph: peterson", "did you mean petersen?"),
    "an unknown solid": (group("{polyhedron: {name: qube}}"), 2, "polyhedron.name", "did you mean `cube`?"),
    "an unknown symmetry": (group("{grid: {shape: [3, 3], symmetry: p6}}"), 2, "grid.symmetry", "one of p1, p2, pm, pmm, p4, p4m"),
    "a hexagonal symmetry": (group("{grid: {shape: [3, 3], symmetry: p6m}}"), 2, "grid.symmetry", "given p6m; expected one of p1, p2, pm, pmm, p4, p4m; write one of them"),
    "an unknown strategy": (more("layer: {strategy: fast}\n"), 5, "given fast", "one of auto, expand"),
    "an unknown layout": (more("layer: {layout: chanels_last}\n"), 5, "did you mean `channels_last`?"),
    "an unknown rule": (more("rule: orbits\n"), 5, "did you mean `orbitals`?"),
    "a rule that does not apply": (more("rule: signs\n"), 5, "a rule that applies (no action has signs)"),
    "two groups at once": (group("{symmetric: 4, cyclic: 4}"), 2, "the unknown key cyclic", "one of symmetric"),
    "a group that is a text": (group("symmetric"), 2, "given symmetric", "write {symmetric: 4}"),
    "a group that is a list": (group("[symmetric, 4]"), 2, "['symmetric', 4]", "write {symmetric: 4}"),
    "a group that is a number": (group("4"), 2, "given 4", "a mapping with one of symmetric"),
    "a group left out": (group(""), 2, "given nothing"),
    "an empty group": (group("{}"), 2, "given {}"),
    "an empty product": (group("{product: {}}"), 2, "group.product", "at least 1 entry"),
    "a product in a list": (group("{product: [users, movies]}"), 2, "group.product", "['users', 'movies']", "a mapping; write {product: {users: GROUP, movies: GROUP}}"),
    "a wreath product in a list": (group("{wreath: [{cyclic: 2}, {cyclic: 3}]}"), 2, "group.wreath", "a mapping; write {wreath: {base: GROUP, top: GROUP}}"),
    "a grid in a list": (group("{grid: [8, 8]}"), 2, "group.grid", "a mapping; write {grid: {shape: [8, 8], symmetry: p4m}}"),
    "a shape that is a number": (group("{grid: {shape: 8}}"), 2, "grid.shape", "a list; write {grid: {shape: [8, 8]"),
    "a solid that is a text": (group("{polyhedron: cube}"), 2, "group.polyhedron", "a mapping; write {polyhedron: {name: cube}}"),
    "a graph that is a text": (group("{automorphisms: petersen}"), 2, "group.automorphisms", "a mapping; write {automorphisms: {graph: petersen}}"),
    "edges in a mapping": (group("{automorphisms: {edges: {0: 1}}}"), 2, "automorphisms.edges", "a list; write {automorphisms: {edges: [[0, 1], [1, 2]]}}"),
    "a form of a later version": (on_input("{lie: {a: [[0, 1], [1, 0]]}}", "{generators: [a]}"), 3, "a mapping with one of trivial, power"),
    # Expectations.
    "a wrong dimension": (more("expect:\n  dimension: 3\n"), 6, "expect.dimension", "given 3", "expected 2"),
    "a wrong bias dimension": (more("expect:\n  dimension: 2\n  bias_dimension: 4\n"), 7, "given 4", "expected 1"),
    "a wrong order": (more("expect:\n  order: 23\n"), 6, "given 23", "expected 24"),
    "an order that is far too long": (more(f"expect: {{order: {HUGE}}}\n"), 5, "given 1.000e3000", "expected 24"),
    "an order that nobody writes": (more(f"expect: {{order: {HUGE}00000000000{HUGE}}}\n"), 5, "an integer of 6013 digits"),
    "a negative dimension": (more("expect: {dimension: -1}\n"), 5, "given -1", "at least 0"),
    "a dimension that is text": (more("expect: {dimension: '2'}\n"), 5, "given '2'", "an integer"),
    "a dimension that is a fraction": (more("expect: {dimension: 2.0}\n"), 5, "given 2.0", "an integer"),
    "a dimension that is NaN": (more("expect: {dimension: .nan}\n"), 5, "given nan", "an integer"),
    # Sizes.
    "no points": (group("{symmetric: 0}"), 2, "group.symmetric", "given 0", "at least 1"),
    "fewer than no points": (group("{cyclic: -3}"), 2, "given -3", "at least 1"),
    "a size with a point": (group("{symmetric: 4.0}"), 2, "given 4.0", "an integer"),
    "a size in quotes": (group("{symmetric: '4'}"), 2, "given '4'", "without quotes"),
    "a size that is true": (group("{symmetric: true}"), 2, "given true", "an integer"),
    "a size that is NaN": (group("{symmetric: .nan}"), 2, "given nan", "an integer"),
    "an infinite size": (group("{symmetric: -.inf}"), 2, "given -inf", "an integer"),
    "a size that is a date": (group("{symmetric: 2024-01-01}"), 2, "given '2024-01-01'", "an integer"),
    "a size left out": (group("{symmetric: }"), 2, "given nothing", "an integer"),
    "a size in a list": (group("{symmetric: [4]}"), 2, "given [4]", "an integer"),
    "a hexadecimal size": (group("{symmetric: 0x10}"), 2, "given 0x10", "a decimal integer"),
    "an octal size": (group("{symmetric: 0o10}"), 2, "given 0o10", "a decimal integer"),
    "a size that was octal once": (group("{symmetric: 010}"), 2, "given 010", "a decimal integer"),
    "a size with an underscore": (group("{symmetric: 1_000}"), 2, "given 1_000", "a decimal integer"),
    "a size in sixties": (group("{symmetric: 1:30}"), 2, "given '1:30'"),
    "a size with an exponent": (group("{symmetric: 1e3}"), 2, "given 1000.0"),
    "a size of 5001 digits": (group(f"{{symmetric: {HUGE}{'0' * 2000}}}"), 2, "an integer of 5001 digits", "at most 4000"),
    "a polygon without corners": (group("{dihedral: 0}"), 2, "given 0", "at least 1"),
    "no such Mathieu group": (group("{mathieu: 13}"), 2, "given 13", "11, 12, 22, 23, 24"),
    "a Mathieu group by a fraction": (group("{mathieu: 11.0}"), 2, "given 11.0", "an integer"),
    "no axes": (group("{grid: {shape: []}}"), 2, "grid.shape", "at least 1 entry"),
    "an axis of no points": (group("{grid: {shape: [3, 0]}}"), 2, "grid.shape.1", "given 0"),
    "too many axes": (group(f"{{grid: {{shape: [{', '.join('2' * 40)}]}}}}"), 2, "grid.shape", "at most 16 entries"),
    "a quarter turn of a rectangle": (group("{grid: {shape: [3, 4], symmetry: p4}}"), 2, "a square"),
    "a wallpaper in space": (group("{grid: {shape: [2, 2, 2], symmetry: p4}}"), 2, "two axes"),
    "reflections that are 1": (group("{polyhedron: {name: cube, reflections: 1}}"), 2, "given 1", "true or false"),
    "bias that is yes": (more("layer: {bias: yes}\n"), 5, "given yes", "true or false"),
    "layer left out": (more("layer:\n"), 5, "given nothing", "a mapping"),
    "layer in a list": (more("layer: [bias]\n"), 5, "given ['bias']", "a mapping; write layer: {bias: true}"),
    "a subset larger than the set": (on_input("{subsets: [points, 5]}"), 3, "size 5 of 4 points", "from 0 to 4"),
    "a subset of -1 points": (on_input("{subsets: [points, -1]}"), 3, "subsets.1", "given -1", "at least 0"),
    "an exterior power beyond the top": (on_input("{exterior_power: [points, 5]}"), 3, "size 5 of 4 points"),
    "subsets of signed axes": (spec("{hyperoctahedral: 3}", "{subsets: [axes, 2]}", "axes"), 3, "acts with signs"),
    "the power 0": (on_input("{power: [points, 0]}"), 3, "power.1", "at least 1"),
    "the power 1.5": (on_input("{power: [points, 1.5]}"), 3, "power.1", "given 1.5"),
    "a power without exponent": (on_input("{power: [points]}"), 3, "input.power", "given ['points']", "an action and a number; write {power: [points, 2]}"),
    "a power of three parts": (on_input("{power: [points, 2, 3]}"), 3, "['points', 2, 3]", "an action and a number"),
    "a power of a text": (on_input("{power: points}"), 3, "an action and a number"),
    "subsets in a mapping": (on_input("{subsets: {points: 2}}"), 3, "input.subsets", "an action and a number; write {subsets: [points, 2]}"),
    "a tensor product of a text": (on_input("{tensor: points}"), 3, "input.tensor", "a list; write {tensor: [points, points]}"),
    "a sum in a mapping": (on_input("{sum: {a: points}}"), 3, "input.sum", "a list; write {sum: [points, trivial]}"),
    "signed permutations in a list": (on_input("{signed_permutations: [[1, -2]]}", "{generators: [a]}"), 3, "a mapping; write {signed_permutations: {a: [-2, 1, 3]}}"),
    "permutations in a list": (on_input("{permutations: [[1, 0]]}", "{generators: [a]}"), 3, "a mapping from generators to permutations", 'write {permutations: {a: [1, 2, 0], b: "(0 1)"}}'),
    "a power the wrong way round": (on_input("{power: [2, points]}"), 3, "power.0", "given 2", "the name of a set"),
    "an empty tensor product": (on_input("{tensor: []}"), 3, "at least 1 entry"),
    "an empty sum": (on_input("{sum: []}"), 3, "at least 1 entry"),
    "no fields": (on_input("{fields: {}}"), 3, "at least 1 entry"),
    "fields in a list": (on_input("{fields: [points]}"), 3, "given ['points']", "a mapping; write {fields: {a: points, b: trivial}}"),
    "fields in a sum": (on_input("{sum: [{fields: {a: points}}, points]}"), 3, "sum.0", "fields as the whole input or output"),
    "no edges and no vertices": (group("{automorphisms: {edges: []}}"), 2, "a graph without vertices"),
    "an edge to vertex -1": (group("{automorphisms: {edges: [[0, -1]]}}"), 2, "the edge [0, -1]"),
    "edges that count from 1": (group("\n  automorphisms:\n    edges: [[1, 2], [2, 3], [3, 1]]"), 4, "automorphisms.edges", "edges between vertices from 1 on: vertex 0 has no edge", "vertices that count from 0", "count from 0, or write `vertices: 4` if vertex 0 is to stand alone"),
    "edges that count from 7": (group("{automorphisms: {edges: [[9, 7]]}}"), 2, "vertices from 7 on: vertex 0 has no edge", "`vertices: 10`"),
    "an edge beyond the vertices": (group("{automorphisms: {edges: [[0, 5]], vertices: 3}}"), 2, "the edge [0, 5]", "from 0 to 2"),
    "an edge of three ends": (group("{automorphisms: {edges: [[0, 1], [0, 1, 2]]}}"), 2, "edges.1", "[0, 1, 2]", "two vertices"),
    "an edge of one end": (group("{automorphisms: {edges: [[0]]}}"), 2, "edges.0", "given [0]", "two vertices; write {automorphisms: {edges: [[0, 1], [1, 2]]}}"),
    "an edge between letters": (group("{automorphisms: {edges: [[a, b]]}}"), 2, "edges.0.0", "given a", "an integer"),
    "no graph": (group("{automorphisms: {}}"), 2, "exactly one of graph, file, edges"),
    "two graphs": (group("{automorphisms: {graph: petersen, edges: [[0, 1]]}}"), 2, "exactly one of graph, file, edges"),
    "a label that no vertex has": (group("{automorphisms: {graph: petersen, vertex_label: colour}}"), 2, "vertex 0 without colour"),
    "a wreath product without a top": (group("\n  wreath:\n    base: {symmetric: 3}"), 3, "no `top`", "add `top:`"),
    "a wreath product of a product": (group("\n  wreath:\n    base: {product: {a: {symmetric: 3}}}\n    top: {symmetric: 2}"), 3, "natural points"),
    "cosets of no subgroup": (on_input("{cosets: {subgroup: ['(0 1)']}}", "{alternating: 4}"), 3, "subgroup element 0: (0 1)", "an element of A_4"),
    "cosets of a point too far": (on_input("{cosets: {subgroup: ['(0 9)']}}"), 3, "subgroup.0", "the point 9", "0 .. 3"),
    "cosets in an unknown factor": (spec(one_of("a"), "{cosets: {subgroup: [], factor: b}}", "a"), 3, "factor: b", "one of a"),
    "cosets in a product": (spec(one_of("a"), "{cosets: {subgroup: ['(0 1)']}}", "a"), 3, "no natural points"),
    "a subgroup that is a text": (on_input("{cosets: {subgroup: '(0 1)'}}"), 3, "given '(0 1)'", 'a list; write {cosets: {subgroup: ["(0 1)"]}}'),
    "cosets of a text": (on_input("{cosets: '(0 1)'}"), 3, "input.cosets", "given '(0 1)'", 'a mapping; write {cosets: {subgroup: ["(0 1)"]}}'),
    # The document.
    "an empty file": ("", 1, "an empty document"),
    "only comments": ("# nothing\n# here\n", 1, "an empty document"),
    "null": ("~\n", 1, "given nothing"),
    "a text": ("hello\n", 1, "given hello", "a mapping with name, group, input and output"),
    "a list": ("- name\n", 1, "given ['name']"),
    "no name": ("group: {symmetric: 4}\ninput: points\noutput: points\n", 1, "no `name`"),
    "no group": ("name: bad\ninput: points\noutput: points\n", 1, "no `group`"),
    "no output": ("name: bad\ngroup: {symmetric: 4}\ninput: points\n", 1, "no `output`"),
    "two documents": (spec() + "---\n" + spec(), 5, "a second document"),
    "a tab": ("name: bad\ngroup:\n\tsymmetric: 4\n", 3, "\\t", "valid YAML", "indent with spaces, not with tabs"),
    "a quote not closed": ('name: "bad\ngroup: 1\n', 1, "end of stream"),
    "a brace not closed": ("name: bad\ngroup: {symmetric: 4\ninput: points\n", 2, "valid YAML", "close the bracket that opens on this line"),
    "an unknown escape": ('name: "\\q"\n', 1, "unknown escape character"),
    "a BOM and a wrong key": ("\ufeff" + more("x: 1\n"), 5, "the unknown key x"),
    "Windows' line ends and a wrong key": (more("x: 1\n").replace("\n", "\r\n"), 5, "the unknown key x"),
    "UTF-16": (spec().encode("utf-16"), 1, "not UTF-8, at byte 0"),
    "Latin 1": (b"name: bad\ndescription: caf\xe9\n", 2, "not UTF-8, at byte 26"),
    "overlong UTF-8": (b"name: \xc0\x80\n", 1, "not UTF-8"),
    "all bytes": (bytes(range(256)), 2, "not UTF-8, at byte 128"),
    "a null byte": ("name: bad\ndescription: a\0b\n", 2, "\\x00"),
    "a key twice": (more("name: worse\n"), 5, "the key name twice"),
    "a key twice, deep inside": (group("\n  product:\n    a: {symmetric: 3}\n    a: {symmetric: 4}"), 5, "the key a twice"),
    "a key twice, once in quotes": (more('"name": worse\n'), 5, "the key name twice"),
    "a key twice, once as a number": (group("{generators: {1: [0], '1': [0]}}"), 2, "the key 1 twice"),
    "a key that is a number": (more("1: 2\n"), 5, "the unknown key '1'"),
    "a key that is NaN": (more(".nan: 2\n"), 5, "the unknown key '.nan'"),
    "a key that is nothing": (more("~: 2\n"), 5, "the unknown key '~'"),
    "a key that is empty": (more("'': 2\n"), 5, "the unknown key ''"),
    "a key that is a list": (more("[a, b]: 2\n"), 5, "a key that is no text"),
    "a key that is a mapping": (more("? {a: 1}\n: 2\n"), 5, "a key that is no text"),
    "a key with a line break": (more('"a\\nb": 1\n'), 5, "a\\nb"),
    "a key that clears the screen": (more('"\\e[2J": 1\n'), 5, "\\x1b[2J"),
    "a key that runs backwards": (more('"\u202eemag": 1\n'), 5, "\\u202eemag"),
    "a value that runs backwards": (on_input("po\u202eints"), 3, "po\\u202eints"),
    "a value with an invisible letter": (on_input("poi\u200bnts"), 3, "poi\\u200bnts"),
    "a value in wide letters": (on_input("\uff50oints"), 3, "a name, or names joined by dots"),
    "a very long value": (group("k" * 100_000), 2, "kkk ..."),
    "a surrogate": ('name: "\\ud800"\n' + spec()[10:], 1, "\\ud800"),
    "a merge key": (group("\n  <<: {symmetric: 4}"), 3, "the merge key <<"),
    "YAML 1.1": ("%YAML 1.1\n---\n" + spec(), 2, "YAML 1.1", "YAML 1.2"),
    "YAML 9.9": ("%YAML 9.9\n---\n" + spec(), 1, "valid YAML"),
    "an unknown alias": (group("*nowhere"), 2, "undefined alias 'nowhere'"),
    "an alias in itself": (group("&a {product: {x: *a}}"), 2, "an alias that contains itself"),
    "two aliases in each other": (group("&a {product: {x: &b {product: {y: *a}}}}"), 2, "an alias that contains itself"),
    "a billion laughs": (LAUGHS + spec(), 1, "aliases, values or nesting without end"),
    "a quadratic blow-up": (QUADRATIC + spec(), 1, "aliases, values or nesting without end"),
    "a hundred thousand brackets": (on_input("[" * 100_000), 3, "aliases, values or nesting without end"),
    "a hundred thousand braces": (group("{a: " * 100_000), 2, "aliases, values or nesting without end"),
    "products forty deep": (group(nest("{product: {a: ", "{symmetric: 3}", "}}", 40)), 2, "nested at most 40 deep"),
    "a tag that runs a command": (group("!!python/object/apply:os.system ['touch pwned']"), 2, "!!python/object/apply:os.system", "plain data, no tags"),
    "a tag that makes an object": (group("!!python/object/new:subprocess.Popen [[touch, pwned]]"), 2, "plain data, no tags"),
    "a tag on a key": ("!!python/name:os.system name: bad\n", 1, "plain data, no tags"),
    "a tag of one's own": (group("!mine {symmetric: 4}"), 2, "the tag !mine"),
    "a tag by another name": ("%TAG ! tag:example.org,2000:\n---\n" + group("!x {symmetric: 4}"), 4, "tag:example.org,2000:x"),
    "a set": (group("!!set {symmetric}"), 2, "the tag !!set"),
    "bytes": (group("{symmetric: !!binary NA==}"), 2, "the tag !!binary"),
    "a number by tag": (group("{symmetric: !!int four}"), 2, "the tag !!int"),
    "a float by tag": (group("{symmetric: !!float four}"), 2, "the tag !!float"),
    # Names that would become Python.
    "the class name of a keyword": (more("layer: {class_name: 'None'}\n"), 5, "no Python keyword"),
    "a class name in lower case": (more("layer: {class_name: sets}\n"), 5, "CamelCase"),
    "a class name with a brace": (more("layer: {class_name: '{version}'}\n"), 5, "CamelCase"),
    "a class name that is true": (more("layer: {class_name: true}\n"), 5, "given true", "text"),
    "a class name that the page uses": (more("layer: {class_name: GENERATORS}\n"), 1, "the class name GENERATORS", "class_name"),
    "a class name of Python's": (more("layer: {class_name: ValueError}\n"), 1, "the class name ValueError"),
    "a field that is self": (on_input("{fields: {self: points}}"), 3, "the field name self"),
    "a field that ParameterDict uses": (on_input("{fields: {points: points, keys: points}}"), 3, "the field name keys", "ParameterDict"),
    "a field with two underscores": (on_input("{fields: {a__b: points}}"), 3, "fields.a__b", "single underscores"),
    "a field with a brace": (on_input("{fields: {'{version}': points}}"), 3, "given '{version}'"),
    "a field that is a keyword": (on_input("{fields: {lambda: points}}"), 3, "no Python keyword"),
    "a field that is code": (on_input("{fields: {'x): print(1)  #': points}}"), 3, "a name of at most 60 letters"),
    "a factor with a quote": (spec("{product: {'a\"b': {symmetric: 3}}}", "trivial", "trivial"), 2, "given 'a\"b'"),
    "a description in a list": (more("description: [a]\n"), 5, "given ['a']", "text"),
    "a description that is a number": (more("description: 4\n"), 5, "given 4", "text"),
}  # fmt: skip

NAMES = {
    "__init__": "snake_case", "__main__": "snake_case", "a__b": "snake_case", "_": "snake_case", "_a": "snake_case",
    "9a": "snake_case", "A": "snake_case", "a-b": "snake_case", "a.b": "snake_case", "a b": "snake_case",
    "../bad": "snake_case", "/etc/bad": "snake_case", "a/b": "snake_case", "bad.py": "snake_case", "''": "snake_case",
    "'a\"b'": "snake_case", '"a\\nb"': "a\\nb", '"a\\0b"': "a\\x00b", "'{version}'": "snake_case", "b\u0430d": "snake_case",
    "ba\u200dd": "\\u200d", "\uff41": "snake_case", "x" * 61: "snake_case", "2024-01-01": "snake_case",
    "class": "keyword", "async": "keyword", "true": "given true", "none": "the class name None", "'true'": "the class name True",
    "1": "given 1", "1.5": "given 1.5", "[a]": "given ['a']", "{a: b}": "given {'a': 'b'}", "": "given nothing",
    "os": "os_layer", "torch": "torch_layer", "numpy": "numpy_layer", "typing": "typing_layer", "site": "site_layer",
    "builtins": "builtins_layer", "intertwine": "intertwine_layer", "generated": "generated_layer", "con": "con_layer",
    "sitecustomize": "sitecustomize_layer", "conftest": "conftest_layer", "value_error": "the class name ValueError",
}  # fmt: skip

# What would exceed every bound: an estimate and exit code 4, before anything is allocated.
TOO_LARGE = {
    "ten trillion points": (group("{alternating: 10000000000000}"), "10000000000000 x 10000000000000", "about 10^27 bytes", "intertwine count"),
    "10^3000 points": (group(f"{{symmetric: {HUGE}}}"), ":2: group.symmetric: the size 1.000e3000"),
    "a circle of 10^12 points": (group("{cyclic: 1000000000000}"), "10^25 bytes"),
    "an orthoplex of 10^12 axes": (spec("{hyperoctahedral: 1000000000000}", "axes", "axes"), "10^25 bytes"),
    "a trivial group of 10^18 points": (group("{trivial: 1000000000000000000}"), "10^37 bytes"),
    "10^18 fixed points": (on_input("{trivial: 1000000000000000000}"), "4 x 1000000000000000000 entries"),
    "10^3000 fixed points": (on_input(f"{{trivial: {HUGE}}}"), ":3: input.trivial: the size 1.000e3000"),
    "a grid of 10^10 pixels": (spec("{grid: {shape: [100000, 100000]}}", "pixels", "pixels"), "10000000000 x 10000000000"),
    "a grid of 10^72 pixels": (spec(f"{{grid: {{shape: [{', '.join(['1000000000'] * 8)}]}}}}", "pixels", "pixels"), "1.000e72 x 1.000e72"),
    "the power 10^9": (on_input("{power: [points, 1000000000]}"), ":3: input.power", "tuples of 1000000000 points", "10^602059991"),
    "the power 10^3000": (on_input(f"{{power: [points, {HUGE}]}}"), ":3: input.power.1: the size 1.000e3000"),
    "the power 64": (on_input("{power: [points, 64]}"), "4 x 3.402e38 entries"),
    "powers of powers": (on_input(nest("{power: [", "points", ", 60]}", 5)), "3600 axes"),
    "powers of powers of one point": (on_input(nest("{power: [", "trivial", ", 60]}", 5)), "3600 axes"),
    "powers of sums": (on_input("{power: [{sum: [points, points]}, 40]}"), "1099511627776 direct summands"),
    "powers of sums of sums": (on_input(nest("{power: [{sum: [", "points", ", trivial]}, 9]}", 6)), "direct summands"),
    "half of a million points": (on_input("{subsets: [points, 500000]}", "{symmetric: 1000000}"), "tuples of 500000 points"),
    "sixty of a million points": (on_input("{subsets: [points, 60]}", "{symmetric: 1000000}"), "entries"),
    "subsets of subsets of subsets": (on_input(nest("{subsets: [", "points", ", 40]}", 3), "{symmetric: 1000000}"), "an action of dimension about 10^7635"),
    "symmetric power 10^9": (on_input("{symmetric_power: [points, 1000000000]}"), "tuples of 1000000000 points"),
    "injections of twenty": (on_input("{injections: [points, 20]}", "{symmetric: 40}"), "entries"),
    "a thousand factors": (on_input(f"{{tensor: [{', '.join(['points'] * 1000)}]}}"), "1.148e602"),
    "a sum of thirty thousand": (on_input(f"{{sum: [{', '.join(['trivial'] * 30_000)}]}}"), "parts"),
    "too many blocks": (spec(input=f"{{sum: [{', '.join(['points'] * 900)}]}}", output=f"{{sum: [{', '.join(['points'] * 900)}]}}"), "810000 blocks"),
    "a product of a thousand factors": (spec(one_of(*(f"a{i}" for i in range(1000))), f"{{tensor: [{', '.join(f'a{i}' for i in range(1000))}]}}", "a0"), "entries"),
    "wreath products, deep": (group(nest("{wreath: {base: ", "{symmetric: 3}", ", top: {symmetric: 3}}}", NESTED)), "entries"),
    "a wreath product of a million by a million": (group("{wreath: {base: {symmetric: 1000000}, top: {symmetric: 1000000}}}"), "1000000000000 x 1000000000000"),
    "tuples of a wreath product": (spec("{wreath: {base: {symmetric: 1000000}, top: {symmetric: 1000}}}", "tuples", "tuples"), "an action of dimension about 10^6000"),
    "a wreath product by 10^12 fixed points": (group("{wreath: {base: {cyclic: 3}, top: {trivial: 1000000000000}}}"), ":2: group.wreath", "21.8 TiB"),
    "S_20 on itself": (on_input("regular", "{symmetric: 20}"), "2432902008176640000"),
    "S_1000000 on itself": (on_input("regular", "{symmetric: 1000000}"), ":3: input", "an action of dimension about 10^5565709"),
    "S_100000000 on itself": (on_input("regular", "{symmetric: 100000000}"), ":3: input", "the order 100000000!"),
    "cosets of nothing": (on_input("{cosets: {subgroup: []}}", "{symmetric: 14}"), "14 x 87178291200"),
    "cosets in S of 10^12": (on_input("{cosets: {subgroup: ['(0 1)']}}", "{symmetric: 1000000000000}"), ":3: input.cosets", "the order 1000000000000!"),
    "cosets in S_1000000": (on_input("{cosets: {subgroup: []}}", "{symmetric: 1000000}"), ":3: input.cosets", "a search of a group of order about 10^5565709"),
    "images of S_2000": (on_input("{permutations: {swap: [1, 0], shift: [1, 0]}}", "{symmetric: 2000}"), ":3: input.permutations", "a search of a group of order about 10^5735"),
    "a point in the trillions": (group("{generators: {a: '(0 999999999999)'}}"), ":2: group.generators.a", "21.8 TiB"),
    "points in the trillions": (group("{generators: {a: '(0 1)'}, points: 1000000000000}"), ":2: group.generators.a", "21.8 TiB"),
    "10^3000 points by generators": (group(f"{{generators: {{a: '(0 1)'}}, points: {HUGE}}}"), ":2: group.points: the size 1.000e3000"),
    "fixed points in the trillions": (group("{generators: {}, points: 1000000000000}"), "1000000000000"),
    "a graph of 10^13 vertices": (group("{automorphisms: {edges: [[0, 10000000000000]]}}"), ":2: group.automorphisms.edges", "a graph of 10000000000001 vertices"),
    "a graph of a million vertices": (group("{automorphisms: {edges: [], vertices: 1000000}}"), ":2: group.automorphisms", "953.7 MiB"),
    "the order of S_20000000": (spec("{symmetric: 20000000}", "trivial", "trivial", "expect: {order: 5}\n"), "the order 20000000!"),
}  # fmt: skip


def written(folder, content):
    folder.joinpath("bad.yaml").write_bytes(
        content if isinstance(content, bytes) else content.encode("utf-8")
    )


@pytest.mark.parametrize(
    ("content", "line", "said"), [(t, n, w) for t, n, *w in WRONG.values()], ids=list(WRONG)
)
def test_a_wrong_spec_gives_one_line(content, line, said, tmp_path, capsys, monkeypatch):
    written(tmp_path, content)
    place = f"intertwine: bad.yaml:{line}: "
    refused(capsys, monkeypatch, tmp_path, ["solve", "bad.yaml"], 2, place, *said)


@pytest.mark.parametrize(("name", "said"), NAMES.items(), ids=map(ascii, NAMES))
def test_a_name_that_is_no_module_is_refused(name, said, tmp_path, capsys, monkeypatch):
    written(tmp_path, spec(name=name))
    place = "intertwine: bad.yaml:1: name: "
    refused(capsys, monkeypatch, tmp_path, ["solve", "bad.yaml"], 2, place, said)


@pytest.mark.parametrize(
    ("content", "said"), [(t, w) for t, *w in TOO_LARGE.values()], ids=list(TOO_LARGE)
)
def test_what_is_too_large_is_estimated(content, said, tmp_path, capsys, monkeypatch):
    written(tmp_path, content)
    refused(capsys, monkeypatch, tmp_path, ["solve", "bad.yaml"], 4, "intertwine: bad.yaml:", *said)


def test_there_are_hundreds_of_cases():
    assert len(WRONG) + len(NAMES) + len(TOO_LARGE) > 200
