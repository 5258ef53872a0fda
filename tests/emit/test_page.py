"""The text of emitted pages: the same bytes, torch alone, clean, inert, and small."""

import ast
import os
import re
import subprocess
import sys

import pytest

from intertwine import load_spec, solve
from intertwine.emit import fixed_page, page, sizes_page
from tests.solved import NETWORKS, ROOT, SPECS, network, solved

SETS = {"name": "sets", "group": {"symmetric": 3}, "input": "points", "output": "points"}
EVENS = {**SETS, "name": "evens", "group": {"alternating": 4}}  # in tables, not of every size
PAIRS = {"power": ["points", 2]}
EXPAND = {"strategy": "expand"}


def fields(**actions):
    return {"fields": actions}


# Pages that no spec of the folder makes: long names, many axes, many generators, odd sizes.
# A pair of fields gives a key that is longer than a line from here on.
LONGEST = 37
ODD = {
    "long_name": {"name": "n" * 60},
    "long_class": {"layer": {"class_name": "N" * 60}},
    "no_generators": {"group": {"trivial": 3}},
    "one_point": {"group": {"symmetric": 1}},
    "many_generators": {"group": {"generators": {f"g{i}": "(0 1)" for i in range(30)}}},
    "long_generators": {"group": {"generators": {"a" * 60: "(0 1)", "b" * 60: "(0 1 2)"}}},
    "long_cycles": {"group": {"generators": {"a" * 50: [*range(1, 40), 0]}}},
    "many_axes": {"group": {"symmetric": 1}, "input": {"power": ["points", 40]},
                  "output": {"power": ["points", 30]}},
    "fields_with_many_axes": {"group": {"symmetric": 2},
                              "input": fields(a={"power": ["points", 9]})},
    "one_field_each": {"input": fields(a="points"), "output": fields(b="points")},
    "fields_in": {"input": fields(a="points", b=PAIRS)},
    "fields_out": {"output": fields(a="points", b=PAIRS)},
    "fields_by_case": {"group": {"symmetric": 6}, "input": fields(a=PAIRS, A="points"),
                       "output": fields(a=PAIRS, A={"injections": ["points", 2]})},
    "fields_called_roots": {"group": {"symmetric": 9}, "input": fields(c=PAIRS, c_roots="points"),
                            "output": fields(a=PAIRS, c="points")},
    "fields_with_signs": {"input": fields(a="points", b="sign"), "output": fields(b="sign")},
    "fields_of_nothing": {"input": fields(a="sign"), "output": fields(b="trivial")},
    "long_product": {"group": {"product": {"u" * 60: {"symmetric": 2}, "v" * 60: {"cyclic": 3}}},
                     "input": {"tensor": ["u" * 60, "v" * 60]}, "output": "u" * 60},
    "pool": {"group": {"symmetric": 60}, "input": PAIRS, "output": "trivial"},
    "spread": {"group": {"symmetric": 80}, "input": "trivial", "output": PAIRS},
} | {
    f"fields_of_{length}_{size}": {"group": {"symmetric": size},
                                   "input": fields(**{"a" * length: PAIRS, "z": "points"}),
                                   "output": fields(**{"b" * length: PAIRS, "z": "trivial"})}
    for length in (5, 12, 18, 20, 33, LONGEST) for size in (3, 9)
}  # fmt: skip
# The same in tables, as no layer of every size is: alternating groups, and expanded where asked.
ODD |= {
    f"even_{name}": {
        "layer": EXPAND, **spec,
        "group": {"alternating": max(spec.get("group", {}).get("symmetric", 3), 4)},
    }
    for name, spec in ODD.items() if "symmetric" in spec.get("group", {"symmetric": 3})
    and "sign" not in str(spec) and "power': ['points', 40" not in str(spec)
}  # fmt: skip
# Layers of every size by their full matrix, by sums, and of several groups.
ODD |= {
    f"{layer['strategy']}_{name}_{layer.get('normalize', 'mean')}": {**ODD[name], "layer": layer}
    for name in ("fields_in", "fields_out", "fields_of_33_9", "one_point", "pool")
    for layer in (EXPAND, {"strategy": "auto", "normalize": "sum"})
} | {
    f"{strategy}_product_{length}": {
        "group": {"product": {"u" * length: {"symmetric": 2}, "v" * length: {"symmetric": 3}}},
        "input": {"tensor": ["u" * length, {"trivial": 2}, "v" * length, "u" * length]},
        "output": {"tensor": ["v" * length, "u" * length]}, "layer": {"strategy": strategy},
    }
    for length in (2, 20, 60) for strategy in ("auto", "expand")
}  # fmt: skip

HOSTILE = [
    'a" """ \'\'\' " b',
    '"""\nimport os\nos.system("false")\n"""',
    "ends with a backslash \\",
    "\\N{BULLET} \\x41 {title} {0} {{ %s $HOME `x`",
    "\x00\x1b[31m\u2028\u202e\ud800\ufeff",
    "-*- coding: latin-1 -*-\n# fmt: off\n# ruff: noqa\n# type: ignore",
    ">>> raise SystemExit",
    "Returns",
    "Args:\n\n  x: 1",
    "=====\n-----",
    "word " * 200,
    "w" * 300,
    'ends with a quote"',
    "\u00e9\u4e2d\u0130",
]


def odd(name):
    return {**SETS, "name": name, **ODD[name]}


@pytest.mark.slow
def test_ruff_has_nothing_to_say(tmp_path):
    """Pages of the specs and odd ones, in both layouts, and some with hostile descriptions."""
    for layout, names in (("channels_first", SPECS), ("channels_last", SPECS[::3])):
        for name in names:
            solved(name, layout=layout).emit(tmp_path / layout)
        for name in ODD:
            layer = {**ODD[name].get("layer", {}), "layout": layout}
            solve({**odd(name), "layer": layer}).emit(tmp_path / layout / "odd" / name)
    for number, description in enumerate(HOSTILE):
        solve({**SETS, "name": f"hostile_{number}", "description": description}).emit(tmp_path)
    for name in NETWORKS:
        network(name).emit(tmp_path / "networks")
    written = len(list(tmp_path.rglob("*.py")))
    assert written == len(SPECS) + len(SPECS[::3]) + 2 * len(ODD) + len(HOSTILE) + len(NETWORKS)
    config = str(ROOT / "pyproject.toml")
    for command, said in (
        (["check"], "All checks passed!"),
        (["format", "--check"], f"{written} files already formatted"),
    ):
        done = subprocess.run(
            [sys.executable, "-m", "ruff", *command, "--no-cache", "--config", config, tmp_path],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout[:3000] + done.stderr[:3000]
        assert said in done.stdout


@pytest.mark.parametrize("name", ODD)
def test_odd_pages_work(name, capsys):
    space = solve(odd(name))
    layer = space.layer(2, 3)
    assert sys.modules[type(layer).__module__].equivariance_residual() < 1e-9
    checks = len(getattr(space.plan, "generators", range(3)))
    assert capsys.readouterr().out.count("residual") == checks


@pytest.mark.parametrize("name", SPECS)
def test_a_page_imports_torch_and_nothing_else(name):
    nodes = list(ast.walk(ast.parse(solved(name).page)))
    imports = [n for n in nodes if isinstance(n, ast.Import | ast.ImportFrom)]
    assert [ast.unparse(n) for n in imports] == ["import torch"]
    calls = {ast.unparse(n.func) for n in nodes if isinstance(n, ast.Call)}
    assert not calls & {"eval", "exec", "compile", "open", "__import__"}


EMIT_ALL = """
import sys
from pathlib import Path
from tests.solved import NETWORKS, SPECS, network, solved
for name in SPECS[::3]:
    solved(name).emit(sys.argv[1])
for name in NETWORKS:
    network(name).emit(sys.argv[1])
"""


@pytest.mark.slow
def test_the_same_spec_gives_the_same_bytes_in_another_process(tmp_path):
    seed = "2" if os.environ.get("PYTHONHASHSEED") == "1" else "1"
    environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)}
    subprocess.run([sys.executable, "-c", EMIT_ALL, tmp_path], env=environment, check=True)
    pages = {n: solved(n).page for n in SPECS[::3]} | {n: network(n).page for n in NETWORKS}
    different = [n for n, page in pages.items() if (tmp_path / f"{n}.py").read_text() != page]
    assert different == []


def test_a_path_a_dict_and_a_spec_give_the_same_page(tmp_path):
    path = tmp_path / "sets.yaml"
    path.write_text("# why\nname: sets\ngroup: {symmetric: 3}\ninput: points\n\noutput: points\n")
    spec = load_spec(SETS).spec
    assert solve(path).page == solve(str(path)).page == solve(SETS).page == solve(spec).page


def test_the_digest_is_of_the_content():
    def digest(**parts):
        return re.search(r"sha256 ([0-9a-f]{16}): do not edit", solve({**SETS, **parts}).page)[1]

    pages = [{}, {"description": "x"}, {"layer": {"bias": False}}, {"group": {"symmetric": 4}}]
    assert len({digest(**parts) for parts in pages}) == len(pages)
    assert digest() == load_spec(SETS).digest[:16]


@pytest.mark.parametrize("description", HOSTILE)
def test_a_hostile_description_is_inert_text(description):
    benign, hostile = (solve({**SETS, "description": text}).page for text in ("x", description))
    trees = [ast.parse(text) for text in (benign, hostile)]
    said = [ast.get_docstring(tree) for tree in trees]
    for tree in trees:
        tree.body.pop(0)
    assert ast.dump(trees[0]) == ast.dump(trees[1])
    assert hostile.isascii()
    assert said[0].splitlines()[0] == said[1].splitlines()[0]
    assert "Check with `python -m generated.sets`." in said[1]


def test_a_page_says_what_it_is():
    text = solved("maron_2_2").page
    head, layer = text.split("\n\n\n", 2)[:2]
    assert head.startswith('"""Maron22: points^2 -> points^2, equivariant under S_5.\n')
    assert "Spec `maron_2_2`: graph to graph, the fifteen maps between 5 x 5 matrices" in head
    assert re.search(r"Generated by intertwine \S+, from sha256 [0-9a-f]{16}: do not edit", head)
    for line in (
        "Group: S_5 at n = 5, of order 120.",
        "Action: points^2 -> points^2.",
        "Dimension: 15, bias 2, at n = 5.",
        "Proof: 15 independent maps, tested against 2 generators; second count: 15",
        "Any size: y = sum over diagrams d of weight[d] A_d x; pools are means: one set of weights",
        "Where n < 4, diagrams of more than that many blocks depend on the others.",
        "0: aa aa",
        "14: ab cd",
        "`bias[k]` is added where output axes are tied: aa, ab.",
        "input   (in_channels, n, n)",
        "output  (out_channels, n, n)",
    ):
        assert f"    {line}" in layer


def test_a_page_with_tables_says_what_it_is():
    group = {"group": {"alternating": 6}, "layer": EXPAND}
    text = solve({**EVENS, **group, "input": PAIRS, "output": PAIRS}).page
    head, layer = text.split("\n\n\n", 2)[:2]
    assert head.startswith('"""Evens: points^2 -> points^2, equivariant under A_6.\n')
    assert re.search(r"Generated by intertwine \S+, from sha256 [0-9a-f]{16}: do not edit", head)
    for line in (
        "Group: A_6, of order 360.",
        "Action: points^2 -> points^2.",
        "Dimension: 15, bias 2.",
        "Proof: 15 independent maps, tested against 2 generators; second count: 15",
        "0: o0=o1=i0=i1",
        "14: o0 | o1 | i0 | i1",
        "1: the orbit of (0, 1), 30 points",
        "input   (in_channels, 6, 6)",
        "output  (out_channels, 6, 6)",
    ):
        assert f"    {line}" in layer


def test_a_page_with_fields_says_what_every_weight_is():
    text = solved("weight_space_tanh").page
    plan = solved("weight_space_tanh").plan
    flat = " ".join(text.split())
    for block in plan.blocks:
        (line,) = re.findall(rf"^ {{8}}{block.target}__{block.source}, (\d+):", text, re.M)
        assert int(line) == block.dimension
        assert all(f"[{k}] {meaning}" in flat for k, meaning in enumerate(block.meanings))
    for field in plan.inputs:
        assert f"input   {field.name} (in_channels, {', '.join(map(str, field.shape))})" in text
    counts = ", ".join(f"{bias.target} {bias.dimension}" for bias in plan.biases)
    assert f"holds its invariants: {counts}." in text


def test_a_page_of_every_size_with_fields_says_what_every_weight_is():
    text = solved("weight_space").page
    for block in solved("weight_space").plan.blocks:
        copies = block.copies[0] * block.copies[1]
        (line,) = re.findall(rf"^ {{8}}{block.target}__{block.source}, (.*): \[0\]", text, re.M)
        times = "" if copies == 1 else f" times {copies} pairs of fixed indices"
        assert line == f"{len(block.strings)}{times}"
        assert block.rows == len(block.strings) * copies
    assert "weight_1__weight_2, 2 times 4 pairs of fixed indices: [0] a a; [1] a b\n" in text
    assert "input   weight_1 (in_channels, n, 2)" in text
    assert "input   weight_2 (in_channels, 2, n)" in text


@pytest.mark.slow
def test_large_tables_are_packed():
    text = solve(odd("even_pool")).page
    assert "_packed(INPUT_0_0, 16, 3600)" in text
    assert "_packed(CODES, 2, 3600)" in text
    literals = []
    for name in SPECS:
        text = solved(name).page
        assert len(text) < 512 * 1024, name
        literals += re.findall(r'"""\n([-0-9 \n]+?)\n"""', text)
    assert len(literals) > 20
    assert max(len(literal.split()) for literal in literals) <= 2500


def test_holes_are_the_fields():
    assert page.filled("{a} and {{b}}", a=1) == "1 and {b}"
    for holes in ({}, {"a": 1, "b": 2}, {"b": 1}):
        with pytest.raises(KeyError):
            page.filled("{a} and {{b}}", **holes)


@pytest.mark.parametrize(
    ("module", "least"),
    [
        (page, 8),
        (fixed_page, 6),
        (sizes_page, 4),
    ],
    ids=lambda given: getattr(given, "__name__", given),
)
def test_every_template_is_used_and_has_holes_without_logic(module, least):
    templates = {n: text for n, text in vars(module).items() if n.isupper()}
    assert len(templates) >= least
    stem = module.__name__.rpartition(".")[2]
    source = "".join(path.read_text() for path in (ROOT / "intertwine/emit").glob("*.py"))
    used = [(n, text, re.search(rf"\b{stem}\.{n}\b", source)) for n, text in templates.items()]
    for name, text, is_used in used:
        assert is_used, name
        holes = re.findall(r"(?<!{){([^{}]*)}(?!})", text.replace("{{", "").replace("}}", ""))
        assert all(hole.isidentifier() for hole in holes), name
