"""Pages are read back without being run, proved again, and refused where they were changed."""

import re

import numpy as np
import pytest

from intertwine import CertificateError, SpecError, solve
from intertwine.plan.diagram import spelled
from intertwine.reprove import verify_page
from tests.solved import ANY_SIZE, ROOT, TABLED, read_page, solved

SETS = {"name": "sets", "group": {"symmetric": 4}, "input": "points", "output": "points"}
DOUBLED = {**SETS, "output": {"tensor": ["points", {"trivial": 2}]}}
# A_4 is 2-transitive and A_60 4-transitive: maps as of symmetric groups, but in tables.
EVENS = {**SETS, "name": "evens", "group": {"alternating": 4}, "layer": {"strategy": "expand"}}
GRAPHS = {**EVENS, "name": "graphs", "group": {"alternating": 10},
          "input": {"power": ["points", 2]}, "output": {"power": ["points", 2]}}  # fmt: skip
POOLING = {**GRAPHS, "name": "pooling", "group": {"alternating": 60}, "output": "trivial"}
PAIRS = {"power": ["points", 2]}
NODES = {**SETS, "name": "nodes", "input": {"fields": {"a": "points", "b": PAIRS}},
         "output": {"fields": {"b": {"tensor": [{"trivial": 2}, "points"]}}}}  # fmt: skip
WIDE = {**SETS, "name": "wide", "input": {"power": ["points", 3]}, "output": PAIRS}
FIELDS = {**SETS, "name": "fields", "input": {"fields": {"a": "points", "b": "trivial"}},
          "output": {"fields": {"b": "trivial", "c": "sign", "a": "points"}}}  # fmt: skip
SIGNED = {**SETS, "name": "signed", "input": "points", "output": {"exterior_power": ["points", 2]}}


def emitted(spec, folder):
    path = solve(spec).emit(folder)
    return path, path.read_text()


@pytest.mark.parametrize("layout", ["channels_first", "channels_last"])
@pytest.mark.parametrize("name", TABLED)
def test_it_says_what_the_plan_says(name, layout, tmp_path):
    space = solved(name, layout=layout)
    plan = space.plan
    page = read_page(space.emit(tmp_path))
    assert page.generator_count == len(plan.generators)
    for read, fields in ((page.inputs, plan.inputs), (page.outputs, plan.outputs)):
        assert list(read) == [field.name for field in fields]
        for field in fields:
            assert read[field.name].points == field.points
            rows = np.array(read[field.name].generators).reshape(field.generators.shape)
            np.testing.assert_array_equal(rows, field.generators)
    expected = {(b.target, b.source): b.codes for b in plan.blocks}
    expected |= {(b.target, None): b.codes for b in plan.biases}
    assert set(page.codes) == set(expected)
    for key, codes in expected.items():
        np.testing.assert_array_equal(page.codes[key], codes.ravel())


@pytest.mark.parametrize("strategy", ["auto", "expand"])
@pytest.mark.parametrize("layout", ["channels_first", "channels_last"])
@pytest.mark.parametrize("name", ANY_SIZE)
def test_it_says_what_the_plan_of_every_size_says(name, layout, strategy, tmp_path):
    space = solved(name, layout=layout, strategy=strategy)
    plan = space.plan
    page = read_page(space.emit(tmp_path))
    assert list(page.sizes.values()) == list(plan.sizes.values())
    keys = dict(zip(plan.sizes, page.sizes, strict=True))
    for read, fields in ((page.inputs, plan.inputs), (page.outputs, plan.outputs)):
        assert list(read) == list(fields)
        for field, axes in fields.items():
            pairs = zip(axes.factors, axes.sizes, strict=True)
            assert read[field] == tuple(n if f is None else keys[f] for f, n in pairs)
    pairs = [(block.target, block.source) for block in plan.blocks]
    assert list(page.diagrams) == pairs
    assert list(page.orders) in ([], pairs)
    for block in plan.blocks:
        words = page.diagrams[block.target, block.source]
        outer = len(plan.outputs[block.target].names)
        assert words == tuple(spelled(string, outer) for string in block.strings)
        if page.orders:
            assert page.orders[block.target, block.source].tolist() == list(block.order)
        assert sorted(block.order) == list(range(block.rows))


@pytest.mark.parametrize("name", TABLED)
def test_every_page_is_proved_again(name, tmp_path):
    space = solved(name)
    said = verify_page(space.emit(tmp_path))
    assert f": dimension {space.dimension}, every table equal to the orbitals of its " in said


@pytest.mark.parametrize("strategy", ["auto", "expand"])
@pytest.mark.parametrize("name", ANY_SIZE)
def test_every_page_of_every_size_is_proved_again(name, strategy, tmp_path):
    space = solved(name, strategy=strategy)
    said = verify_page(space.emit(tmp_path))
    assert f": dimension {space.dimension} at " in said
    assert said.endswith(", every set partition of its axes listed once")


def changed_number(text, constant):
    """The page with one number of a readable constant raised by one, or of a packed one changed."""
    found = re.search(rf'{constant} = """\n(.*?)\n"""', text, re.S)
    body = found[1]
    if re.fullmatch(r"[0-9a-f\n]+", body) and " " not in body:
        place = len(body) // 2 // 2 * 2
        place += body[place] == "\n"
        other = body[:place] + ("2" if body[place] != "2" else "3") + body[place + 1 :]
    else:
        words = re.split(r"(\s+)", body)
        middle = len(words) // 2 // 2 * 2
        while not words[middle].strip():
            middle += 1
        words[middle] = str(int(words[middle]) % 5 + 1)
        other = "".join(words)
    assert other != body
    return text.replace(body, other)


@pytest.mark.parametrize(
    ("spec", "old", "new"),
    [
        (EVENS, "1 2 2 2\n2 1 2 2", "1 2 2 2\n2 2 1 2"),
        (EVENS, "1 2 2 2\n2 1 2 2\n2 2 1 2\n2 2 2 1", "2 1 1 1\n1 2 1 1\n1 1 2 1\n1 1 1 2"),
        (EVENS, '_numbers("1 1 1 1")', '_numbers("1 1 1 2")'),
        (SETS, '("a a", "a b")', '("a b", "a a")'),
        (SETS, '("a a", "a b")', '("a a", "a a")'),
        (SETS, '("a a", "a b")', '("a a", "b a")'),
        (SETS, '("a a", "a b")', '("a a", "")'),
        (DOUBLED, '_numbers("2 3 0 1")', '_numbers("0 1 2 3")'),
        (DOUBLED, '_numbers("2 3 0 1")', '_numbers("2 2 0 1")'),
        (DOUBLED, '_numbers("2 3 0 1")', '_numbers("2 3 0 -1")'),
        (NODES, '("b", "a"): ("a a", "a b")', '("b", "a"): ("a a", "a c")'),
        (NODES, 'order_b__a.copy_(_numbers("2 3 0 1")', 'order_b__a.copy_(_numbers("0 1 2 3")'),
        (WIDE, "ab cac,", "ab cca,"),
        (WIDE, "ab cac,", "ab abc,"),
        (SIGNED, "1 -1  0  0", "1  1  0  0"),
        (SIGNED, "1 -1  0  0", "1 -1  0  1"),
        (SIGNED, "_numbers(CODES) % 3", "_numbers(CODES) % 1"),
        (FIELDS, 'index_b__a.copy_(_numbers("1 1 1 1")', 'index_b__a.copy_(_numbers("1 2 1 1")'),
        (FIELDS, 'bias_index_b.copy_(_numbers("1")', 'bias_index_b.copy_(_numbers("0")'),
        (FIELDS, 'index_c__b.copy_(_numbers("0") % 1', 'index_c__b.copy_(_numbers("1") % 3'),
    ],
)  # fmt: skip
def test_a_wrong_table_is_no_certificate(spec, old, new, tmp_path):
    path, text = emitted(spec, tmp_path)
    assert text.count(old) == 1
    path.write_text(text.replace(old, new))
    with pytest.raises(CertificateError, match=r"(is|are) wrong") as caught:
        verify_page(path)
    assert caught.value.exit_code == 3


@pytest.mark.parametrize("constant", ["CODES_ROWS", "CODES_STEPS", "INPUT_1_0", "BIAS_CODES"])
def test_a_changed_number_is_noticed_in_a_walk(constant, tmp_path):
    path, text = emitted(GRAPHS, tmp_path)
    path.write_text(changed_number(text, constant))
    with pytest.raises((CertificateError, SpecError)):
        verify_page(path)


@pytest.mark.parametrize("constant", ["CODES", "INPUT_0_0"])
def test_a_changed_number_is_noticed_in_a_packed_table(constant, tmp_path):
    path, text = emitted(POOLING, tmp_path)
    path.write_text(changed_number(text, constant))
    with pytest.raises((CertificateError, SpecError)):
        verify_page(path)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("        self.index.copy_(_numbers(CODES) - 1)\n", ""),
        ("_numbers(CODES) - 1", "_numbers(CODES) - 2"),
        ("_numbers(CODES) - 1", "_numbers(CODES) % 4"),
        ("_numbers(CODES) - 1", "_numbers(CODES)"),
        ("_numbers(CODES) - 1", "_numbers(CODES) % 5.0"),
        ("def fill_tables", "def fill_table"),
        ("INPUTS = {", "INPUTS = dict() or {"),
        ('"input": (4,)', '"input": (2,)'),
        ('_numbers("2 3 1 4")', '_numbers("2 3 1 1")'),
        ('_numbers("2 3 1 4")', '_numbers("2 3 1 5")'),
        ('_numbers("2 3 1 4")', '_numbers("2 3 1 4 5")'),
        ('_numbers("2 3 1 4")', '_packed("0203", torch.int16)'),
        ('_numbers("2 3 1 4")', '_packed("0203", torch.int128)'),
        ("class Evens", "def Evens"),
    ],
)
def test_a_page_that_is_none_any_more_is_refused(old, new, tmp_path):
    path, text = emitted(EVENS, tmp_path)
    assert old in text
    path.write_text(text.replace(old, new))
    with pytest.raises(SpecError, match="expected a file that `intertwine solve` wrote"):
        verify_page(path)


@pytest.mark.parametrize(
    ("spec", "old", "new"),
    [
        (DOUBLED, '        self.order.copy_(_numbers("2 3 0 1"))\n', "        pass\n"),
        (DOUBLED, "self.order.copy_", "self.other.copy_"),
        (DOUBLED, '_numbers("2 3 0 1")', '_numbers("1")'),
        (DOUBLED, '_numbers("2 3 0 1")', '_numbers("2 3 0 1 4")'),
        (DOUBLED, '_numbers("2 3 0 1")', '_numbers("2 3 0 x")'),
        (DOUBLED, '_numbers("2 3 0 1")', '_numbers("2 3 0 1") - 0'),
        (DOUBLED, '_numbers("2 3 0 1")', '_walked("0", "0", "0", (0, 0))'),
        (DOUBLED, "def fill_tables", "def fill_table"),
        (SETS, "class Sets", "def Sets"),
        (SETS, "INPUTS = {", "INPUTS = dict() or {"),
        (SETS, '"input": ("n",)', '"input": "n"'),
        (SETS, '"input": ("n",)', '"input": ["n"]'),
        (SETS, '"input": ("n",)', '"input": ("m",)'),
        (SETS, '"input": ("n",)', '"input": (("n",),)'),
        (SETS, '"input": ("n",)', '"input": ("n", 0)'),
        (SETS, '"input": ("n",)', '"input": ("n", -1)'),
        (DOUBLED, '"input": ("n",)', '"input": ("n", 2)'),
        (SETS, '"input": ("n",)', '"input": ("n", 10**9)'),
        (SETS, '"input": ("n",)', '"input": ("n", True)'),
        (SETS, '"input": ("n",)', '"input": ("n", 1.0)'),
        (SETS, '"input": ("n",)', '"input": ("n",' + ' "n",' * 20 + ")"),
        (SETS, '"input": ("n",)', '"input": ("n",), "more": ("n",)'),
        (SETS, '"input": ("n",)', '"input": ()'),
        (SETS, '    "input": ("n",),\n', ""),
        (SETS, '    "output": ("n",),\n', ""),
        (SETS, '"output": ("n",)', '"output": ("n", "m")'),
        (SETS, '"n": 4', '"n": "4"'),
        (SETS, '"n": 4', '"n": 0'),
        (SETS, '"n": 4', '"n": 4.0'),
        (SETS, '"n": 4', '"n": True'),
        (SETS, '"n": 4', '"m": 4'),
        (SETS, '"n": 4', '"n": 4, "m": 4'),
        (SETS, '    "n": 4,\n', ""),
        (SETS, '("a a", "a b")', '"a a, a b"'),
        (SETS, '("a a", "a b")', '["a a", "a b"]'),
        (SETS, '("a a", "a b")', '("a a", 1)'),
        (SETS, '("a a", "a b")', '("a a", b"a b")'),
        (SETS, '("a a", "a b")', '("a a", ("a b",))'),
        (DOUBLED, '("a a", "a b")', '("a a",)'),
        (DOUBLED, '("a a", "a b")', '("a a", "a b", "a b")'),
        (SETS, '("a a", "a b")', "()"),
        (SETS, '("a a", "a b")', "None"),
        (SETS, '("a a", "a b")', "2"),
        (SETS, '("a a", "a b")', "{}"),
        (SETS, '("a a", "a b")', '{"a a", "a b"}'),
        (SETS, '("a a", "a b")', '{**{}, ("output", "input"): ("a a", "a b")}'),
        (SETS, '("a a", "a b")', '{("output", "other"): ("a a", "a b")}'),
        (SETS, '("a a", "a b")', '{"output": ("a a", "a b")}'),
        (SETS, '("a a", "a b")', '{["output", "input"]: ("a a", "a b")}'),
        (SETS, '("a a", "a b")', 'open("a a", "a b")'),
        (SETS, '("a a", "a b")', "_listed(TEXT)"),
        (SETS, '("a a", "a b")', "_listed()"),
        (SETS, '("a a", "a b")', "_listed(3)"),
        (WIDE, "_listed(TEXT)", "_joined(TEXT)"),
        (WIDE, 'TEXT = """', 'TEXT = b"""'),
        (WIDE, "ab cac,", ""),
        (NODES, '    ("b", "a"): ("a a", "a b"),\n', ""),
        (NODES, '("b", "a"): ("a a", "a b")', '("b", "c"): ("a a", "a b")'),
        (NODES, '"b": (2, "n")', '"b": (3, "n")'),
        (NODES, '"b": (2, "n")', '"b": (2, "n", 2)'),
    ],
)
def test_a_page_of_every_size_that_is_none_any_more_is_refused(spec, old, new, tmp_path):
    path, text = emitted(spec, tmp_path)
    assert old in text
    path.write_text(text.replace(old, new))
    with pytest.raises(SpecError, match="expected a file that `intertwine solve` wrote"):
        verify_page(path)


def test_files_that_are_no_pages_are_refused(tmp_path):
    (tmp_path / "folder.py").mkdir()
    for name in ("missing.py", "folder.py"):
        with pytest.raises(SpecError, match=name):
            read_page(tmp_path / name)
    sources = sorted((ROOT / "intertwine" / "emit").glob("*.py"))
    assert len(sources) > 5
    for path in sources:
        with pytest.raises(SpecError):
            read_page(path)


def test_a_hostile_file_is_not_run(tmp_path):
    touched = tmp_path / "touched"
    danger = f"__import__('pathlib').Path({str(touched)!r}).touch()"
    for spec, places in (
        (EVENS, ("_numbers(CODES)", '"input": (4,)', '_numbers("2 3 1 4")')),
        (DOUBLED, ('_numbers("2 3 0 1")', '"input": ("n",)', '("a a", "a b")')),
    ):
        path, text = emitted(spec, tmp_path)
        hostile = text.replace("import torch\n", f"import torch\n\n{danger}\n", 1)
        path.write_text(hostile)
        assert "dimension" in verify_page(path)
        for place in places:
            assert place in text
            path.write_text(text.replace(place, place[:-1] + f" or {danger})"))
            with pytest.raises(SpecError):
                verify_page(path)
    assert not touched.exists()
