"""The command: what each subcommand prints, writes and returns."""

import json
import os
import pty
import re
import select
import subprocess
import sys
from pathlib import Path

import pytest

import intertwine
from intertwine.hom.rules import RULES
from intertwine.plan.strategies import STRATEGIES
from intertwine.spec.templates import TEMPLATES
from tests.solved import ROOT

SPEC = """\
name: graphs
group: {symmetric: 4}
input: {power: [points, 2]}
output: points
expect: {order: 24, dimension: 5, bias_dimension: 1}
"""
# A_6 is 4-transitive, so it has the maps of S_6 between pairs and points, but in tables.
EVENS = """\
name: evens
group: {alternating: 6}
input: {power: [points, 2]}
output: points
layer: {strategy: expand}
expect: {order: 360, dimension: 5, bias_dimension: 1}
"""
WRONG = SPEC.replace("dimension: 5", "dimension: 6")
HUGE = """\
name: huge
group: {alternating: 1000}
input: {power: [points, 3]}
output: {power: [points, 3]}
"""


@pytest.fixture
def run(tmp_path, monkeypatch, cli):
    """Run the command in a folder of its own: (exit code, standard output, standard error)."""
    (tmp_path / "graphs.yaml").write_text(SPEC)
    (tmp_path / "evens.yaml").write_text(EVENS)
    (tmp_path / "wrong.yaml").write_text(WRONG)
    (tmp_path / "huge.yaml").write_text(HUGE)
    (tmp_path / "factored.yaml").write_text(HUGE.replace("alternating", "symmetric"))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")

    return cli


def written():
    return sorted(path.as_posix() for path in Path().rglob("*.py"))


def test_solve_prints_a_table_and_writes_a_layer(run):
    code, out, err = run("solve", "graphs.yaml")
    assert (code, err) == (0, "")
    assert out.splitlines()[0].strip() == "graphs"
    cells = dict(re.findall(r"^│ (\w+) +│ (.*?) +│$", out, re.M))
    assert list(cells) == ["group", "input", "output", "dimension", "bias", "rule", "proof",
                           "seconds", "layer"]  # fmt: skip
    assert cells["group"] == "S_4, of order 24"
    assert cells["input"] == "points^2, R^16"
    assert (cells["dimension"], cells["bias"], cells["rule"]) == ("5", "1", "partitions")
    assert cells["layer"] == "generated/graphs.py: Graphs"
    assert written() == ["generated/graphs.py"]


def test_solve_writes_where_it_is_told_or_not_at_all(run):
    assert run("solve", "graphs.yaml", "--emit", "a/b", "--quiet") == (0, "", "")
    assert written() == ["a/b/graphs.py"]
    code, out, _ = run("solve", "graphs.yaml", "--no-emit")
    assert code == 0
    assert "not written" in out
    assert written() == ["a/b/graphs.py"]


def test_what_is_too_large_to_write_can_be_solved(run):
    code, out, err = run("solve", "huge.yaml")
    assert (code, out) == (4, "")
    assert "1000000000 x 1000000000 entries" in err
    assert "--no-emit" in err
    code, out, _ = run("solve", "huge.yaml", "--no-emit", "--json")
    found = json.loads(out)
    assert (code, found["dimension"], found["bias_dimension"]) == (0, 203, 5)
    assert found["emitted"] is None
    assert len(found["group"]["order"]) == 2568
    assert written() == []
    code, out, err = run("solve", "factored.yaml", "--json")
    assert (code, err, json.loads(out)["emitted"]) == (0, "", "generated/huge.py")
    assert written() == ["generated/huge.py"]


def test_json_is_one_object_with_these_fields(run):
    code, out, err = run("solve", "graphs.yaml", "--json")
    assert (code, err) == (0, "")
    assert out.count("\n") == 1
    found = json.loads(out)
    seconds = found.pop("seconds")
    assert isinstance(seconds, float)
    assert 0 <= seconds < 60
    assert found.pop("certificate").keys() == {"basis", "second_count", "second_method"}
    assert found == {
        "name": "graphs",
        "group": {"name": "S_4", "order": "24", "generators": ["swap", "shift"]},
        "input": {"action": "points^2", "dimension": 16},
        "output": {"action": "points", "dimension": 4},
        "dimension": 5,
        "kept": None,
        "bias_dimension": 1,
        "unreached": [],
        "rule": "partitions",
        "note": None,
        "emitted": "generated/graphs.py",
    }
    assert run("solve", "graphs.yaml", "--json", "--quiet")[1].count("\n") == 1


def test_a_sign_that_is_not_the_determinant_is_noted(run):
    """In the table and in JSON, of layers and of networks; where they agree, nothing is said."""
    square = "name: square\ngroup: {dihedral: 4}\ninput: {sum: [vector, sign, trivial]}\n"
    noted = "sign is the parity on the points of D_4; its determinant on vectors is `determinant`"
    Path("layer.yaml").write_text(f"{square}output: trivial\n")
    Path("net.yaml").write_text(f"{square}network:\n  - {{action: trivial, channels: 2}}\n")
    for name in ("layer", "net"):
        code, out, err = run("solve", f"{name}.yaml", "--no-emit")
        assert (code, err) == (0, "")
        assert "note" in out and noted in " ".join(re.sub("[│]", " ", out).split())
        assert json.loads(run("solve", f"{name}.yaml", "--json")[1])["note"] == noted
    for other in ("dihedral: 3", "dihedral: 4"):
        said = square.replace("dihedral: 4", other)
        said = said if "3" in other else said.replace("sign", "determinant")
        Path("agree.yaml").write_text(f"{said}output: trivial\n")
        assert "note" not in run("solve", "agree.yaml", "--no-emit")[1]


def test_the_certificate_in_json_counts_twice(run):
    found = json.loads(run("solve", "graphs.yaml", "--json", "--no-emit")[1])["certificate"]
    assert found["basis"] == "5 independent maps, tested against 2 generators"
    assert found["second_count"] == 5
    assert "characters" in found["second_method"]


@pytest.mark.parametrize("group, action, said", [
    ("{cyclic: 5}", "rotation", "the action rotation is called vector now"),
    ("{product: {a: {product: {b: {cyclic: 5}}}, d: {symmetric: 3}}}", "a.b.rotation",
     "the action rotation is called vector now"),
])  # fmt: skip
def test_a_former_name_is_taken_and_says_the_new_one(run, group, action, said):
    for word in (action, action.replace("rotation", "vector")):
        Path("v.yaml").write_text(f"name: v\ngroup: {group}\ninput: {word}\noutput: {word}\n")
        found = json.loads(run("solve", "v.yaml", "--json", "--no-emit")[1])
        assert found["dimension"] == 2
        assert found["note"] == (said if word == action else None)
    assert "vector" in found["input"]["action"]


def test_explain_says_which_rule_and_why_no_other(run):
    plain = run("solve", "graphs.yaml")[1]
    code, out, _ = run("solve", "graphs.yaml", "--explain")
    assert code == 0
    assert "Rules, in order" not in plain
    table = " ".join(out[out.index("Rules, in order") :].split())
    for words in ("points^2 -> points", "partitions", "Maron", "not trivial:", "not products:"):
        assert words in re.sub(r" *│ *│[ │]*", " ", table)


def test_explain_says_what_every_strategy_proposes(run, tmp_path):
    fields = "{fields: {a: points, b: trivial}}"
    text = "name: ring\ngroup: {cyclic: 64}\ninput: " + fields + "\noutput: points\n"
    Path("ring.yaml").write_text(text)
    code, out, _ = run("solve", "ring.yaml", "--explain", "--no-emit")
    assert "Strategies" not in out and code == 0
    out = run("solve", "ring.yaml", "--explain")[1]
    table = out[out.index("Strategies, the cheapest") : out.index("Cost of a sample")]
    rows = [[cell.strip() for cell in line.split("│")[1:-1]] for line in table.splitlines()]
    rows = [row for row in rows if len(row) == 4]
    names = [row[1] for row in rows if row[0]]
    assert names == [strategy.name for strategy in STRATEGIES] * 2
    taken = {row[0]: (row[1], row[2]) for row in rows if row[3].endswith("*")}
    assert taken["a -> output"][0] == "transforms"
    assert taken["b -> output"][0] == "full matrix"
    assert "no radius" in " ".join(row[2] for row in rows)


@pytest.mark.parametrize("rule", ["partitions", "orbitals", "nullspace"])
def test_a_rule_can_be_asked_for(run, rule):
    code, out, _ = run("solve", "graphs.yaml", "--rule", rule, "--json", "--emit", rule)
    found = json.loads(out)
    assert (code, found["rule"], found["dimension"]) == (0, rule, 5)


def test_all_rules_write_the_same_tables(run):
    for rule in ("partitions", "orbitals", "nullspace"):
        for spec in ("evens.yaml", "graphs.yaml"):
            assert run("solve", spec, "--rule", rule, "--quiet", "--emit", rule)[0] == 0
    for name in ("evens", "graphs"):
        pages = [Path(path).read_text() for path in written() if path.endswith(f"{name}.py")]
        assert len(pages) == 3
        assert len({page.split("def __init__")[1] for page in pages}) == 1


def test_unknown_rules_are_named_against_the_known(run):
    code, out, err = run("solve", "graphs.yaml", "--rule", "magic")
    assert (code, out) == (2, "")
    assert all(rule.name in err for rule in RULES)


def test_count(run):
    code, out, err = run("count", "graphs.yaml")
    assert (code, err) == (0, "")
    assert re.fullmatch(r"graphs: dimension 5, bias 1 \(\d+\.\d{3} s\)\n", out)
    code, out, _ = run("count", "huge.yaml", "--json")
    found = json.loads(out)
    assert found.pop("seconds") >= 0
    assert found == {"name": "huge", "dimension": 203, "bias_dimension": 5}
    assert run("count", "huge.yaml", "--quiet") == (0, "", "")


def test_verify_a_spec_and_a_layer(run):
    code, out, err = run("verify", "graphs.yaml")
    assert (code, err) == (0, "")
    assert out.startswith("graphs.yaml: dimension 5; 5 independent maps, tested against 2 gen")
    assert written() == []
    proofs = {
        "evens": "dimension 5, the orbitals of its 2 generators",
        "graphs": "dimension 5 at n = 4, every set partition of its axes listed once",
    }
    same = (
        "forward, fused, bias and dense_weight are these maps', "
        "first weights are for independent inputs"
    )
    for name, proof in proofs.items():
        run("solve", f"{name}.yaml", "--quiet")
        code, out, err = run("verify", f"generated/{name}.py")
        assert (code, err) == (0, "")
        assert out == f"generated/{name}.py: {proof}; run: {same}\n"
        assert run("verify", f"generated/{name}.py", "--quiet") == (0, "", "")


@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    [
        ("evens", "Dimension: 5", "Dimension: 6", "its docstring says 6 for the dimension"),
        ("evens", "uniform_(-1, 1)", "uniform_(-1, 2)", "its first weights do not keep unit"),
        ("graphs", '"a ab"', '"a ba"', "the diagrams of output from input are wrong"),
        ("graphs", '_numbers("3 4 0 1 2")', '_numbers("3 4 0 2 1")', "forward in train mode"),
    ],
)
def test_a_layer_that_was_changed_is_refused(run, name, old, new, said):
    run("solve", f"{name}.yaml", "--quiet")
    layer = Path(f"generated/{name}.py")
    text = layer.read_text()
    assert text.count(old) == 1
    layer.write_text(text.replace(old, new))
    code, out, err = run("verify", f"generated/{name}.py")
    assert (code, out) == (3, "")
    assert err.startswith(f"intertwine: generated/{name}.py: {said}")


@pytest.mark.parametrize("command", ["solve", "count", "verify"])
def test_a_wrong_expectation_names_both_numbers(run, command):
    code, out, err = run(command, "wrong.yaml")
    assert (code, out) == (2, "")
    assert err.startswith("intertwine: wrong.yaml:5: expect.dimension: given 6; expected 5,")
    assert err.count("\n") == 1
    assert written() == []


@pytest.mark.parametrize("command", ["solve", "count", "verify"])
def test_a_missing_spec(run, command):
    code, out, err = run(command, "missing.yaml")
    assert (code, out) == (2, "")
    assert err.startswith("intertwine: missing.yaml: given ")
    assert "a file that does not exist" in err


def test_the_memory_limit(run):
    code, out, err = run("solve", "graphs.yaml", "--memory", "100")
    assert (code, out) == (4, "")
    assert "limit is 100 bytes" in err
    assert run("solve", "graphs.yaml", "--memory", "1G", "--quiet") == (0, "", "")


def test_schema_is_json_schema_that_the_specs_meet(run):
    code, out, err = run("schema")
    assert (code, err) == (0, "")
    for kind, own in (("Spec", {"output"}), ("NetworkSpec", {"network"})):
        schema = json.loads(out)["$defs"][kind]
        assert {"name", "group", "input", "layer", "expect", *own} <= set(schema["properties"])
        assert set(schema["required"]) == {"name", "group", "input", *own}
        assert schema["additionalProperties"] is False


@pytest.mark.parametrize("template", TEMPLATES)
def test_every_template_makes_a_spec_that_solves(run, template):
    code, out, err = run("new", "my_layer", "--from", template)
    assert (code, err) == (0, "")
    assert re.search(
        r"wrote my_layer\.yaml; .*dimension.*\d+.*intertwine solve my_layer\.yaml", out
    )
    code, out, err = run("solve", "my_layer.yaml", "--json")
    assert (code, err) == (0, "")
    found = json.loads(out)
    assert found.get("dimension", found.get("parameters")) > 0
    assert found["name"] == "my_layer"


def test_new_writes_over_nothing_and_takes_only_good_names(run):
    assert run("new", "my_layer")[0] == 0
    before = Path("my_layer.yaml").read_text()
    for arguments, said in (
        (["my_layer"], "my_layer.yaml, which exists"),
        (["My-Layer"], "snake_case"),
        (["torch"], "torch_layer"),
        (["../up"], "snake_case"),
        (["other", "--from", "nothing"], "sets, graphs"),
    ):
        code, out, err = run("new", *arguments)
        assert (code, out) == (2, "")
        assert said in err
    assert Path("my_layer.yaml").read_text() == before
    assert not Path("../up.yaml").exists()


def test_help_and_version(run):
    assert run("--version") == (0, f"intertwine {intertwine.__version__}\n", "")
    code, out, _ = run("--help")
    assert code == 0
    for command in ("solve", "count", "verify", "schema", "new"):
        assert command in out
        assert run(command, "--help")[0] == 0
    assert run("solve")[:2] == (2, "")
    assert run("frobnicate")[:2] == (2, "")


# The command as a process: what it imports, its pipes and its terminal.


def process(*arguments, **options):
    command = [sys.executable, "-m", "intertwine", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, **options)


def test_a_pipe_gets_the_table_and_no_progress(tmp_path):
    done = process("solve", str(ROOT / "specs" / "hoffman_singleton.yaml"), cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert "\x1b" not in done.stdout
    assert max(map(len, done.stdout.splitlines())) <= 80
    assert (tmp_path / "generated" / "hoffman_singleton.py").exists()


def test_a_reader_that_leaves_is_no_error(tmp_path):
    script = f"{sys.executable} -m intertwine schema | head -c 10 > /dev/null"
    done = subprocess.run(script, shell=True, capture_output=True, text=True, check=False)
    assert done.stderr == ""


def test_neither_help_nor_solving_imports_torch(tmp_path):
    (tmp_path / "graphs.yaml").write_text(SPEC)
    heavy = ("torch", "sympy", "matplotlib", "scipy.optimize")
    code = (
        "import sys; from intertwine.cli import main\n"
        "try: main()\n"
        f"finally: print([m for m in {heavy} if m in sys.modules], file=sys.stderr)"
    )
    for arguments in (["--help"], ["solve", "graphs.yaml"], ["count", "graphs.yaml"]):
        done = subprocess.run(
            [sys.executable, "-c", code, *arguments],
            capture_output=True, text=True, cwd=tmp_path, check=False,
        )  # fmt: skip
        assert (done.returncode, done.stderr) == (0, "[]\n")


def on_a_terminal(arguments, cwd):
    """What the command writes to a terminal (both streams), and its exit code."""
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "intertwine", *arguments]
    environment = {**os.environ, "TERM": "xterm", "COLUMNS": "80"}
    child = subprocess.Popen(
        command, stdin=theirs, stdout=theirs, stderr=theirs, cwd=cwd, env=environment
    )
    os.close(theirs)
    seen = b""
    while select.select([ours], [], [], 60)[0]:
        try:
            chunk = os.read(ours, 4096)
        except OSError:
            break
        if not chunk:
            break
        seen += chunk
    os.close(ours)
    return seen.decode(), child.wait(60)


def test_a_terminal_gets_progress(tmp_path):
    path = tmp_path / "circle.yaml"
    path.write_text("name: circle\ngroup: {dihedral: 500}\ninput: points\noutput: points\n")
    arguments = ["solve", str(path), "--no-emit"]
    seen, code = on_a_terminal(arguments, tmp_path)
    assert code == 0
    assert "closing test" in seen
    assert "dimension" in seen
    quiet, code = on_a_terminal([*arguments, "--quiet"], tmp_path)
    assert (quiet, code) == ("", 0)
    structured, code = on_a_terminal([*arguments, "--json"], tmp_path)
    assert code == 0
    assert json.loads(structured)["dimension"] == 251


def test_characters_are_printed_on_request(run):
    """Of (3, 2) on the cycle types of S_5 (James and Kerber 1981, Appendix I.A)."""
    code, out, err = run(
        "solve", str(ROOT / "specs" / "specht_module.yaml"), "--no-emit", "--characters"
    )
    assert (code, err) == (0, "")
    rows = [[cell.strip() for cell in line.split("│")[1:-1]] for line in out.splitlines()]
    found = {row[0]: row[1:] for row in rows if len(row) == 4}
    assert found["5"] == ["24", "0", "0"]
    assert found["4 + 1"] == ["30", "-1", "0"]
    assert found["3 + 2"] == ["20", "1", "1"]
    assert found["1 + 1 + 1 + 1 + 1"] == ["1", "5", "10"]
    assert (
        run("solve", str(ROOT / "specs" / "rubiks_cube.yaml"), "--no-emit", "--characters")[0] == 0
    )
