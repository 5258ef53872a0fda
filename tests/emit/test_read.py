"""Pages are read back without being run, proved again, and refused where they were changed."""

import re

import numpy as np
import pytest

from intertwine import CertificateError, SpecError, solve
from intertwine.emit.read import read_page
from intertwine.reprove import verify_page
from tests.solved import ROOT, SPECS, solved

SETS = {"name": "sets", "group": {"symmetric": 4}, "input": "points", "output": "points"}
GRAPHS = {**SETS, "name": "graphs", "group": {"symmetric": 9}, "input": {"power": ["points", 2]},
          "output": {"power": ["points", 2]}}  # fmt: skip
POOLING = {**GRAPHS, "name": "pooling", "group": {"symmetric": 60}, "output": "trivial"}
FIELDS = {**SETS, "name": "fields", "input": {"fields": {"a": "points", "b": "trivial"}},
          "output": {"fields": {"b": "trivial", "c": "sign", "a": "points"}}}  # fmt: skip
SIGNED = {**SETS, "name": "signed", "input": "points", "output": {"exterior_power": ["points", 2]}}


def emitted(spec, folder):
    path = solve(spec).emit(folder)
    return path, path.read_text()


@pytest.mark.parametrize("layout", ["channels_first", "channels_last"])
@pytest.mark.parametrize("name", SPECS)
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


@pytest.mark.parametrize("name", SPECS)
def test_every_page_is_proved_again(name, tmp_path):
    space = solved(name)
    said = verify_page(space.emit(tmp_path))
    assert f": dimension {space.dimension}, every table equal to the orbitals of its " in said


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
        (SETS, "1 2 2 2\n2 1 2 2", "1 2 2 2\n2 2 1 2"),
        (SETS, "1 2 2 2\n2 1 2 2\n2 2 1 2\n2 2 2 1", "2 1 1 1\n1 2 1 1\n1 1 2 1\n1 1 1 2"),
        (SETS, '_numbers("1 1 1 1")', '_numbers("1 1 1 2")'),
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
    with pytest.raises(CertificateError, match="is wrong") as caught:
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
        ('_numbers("2 3 4 1")', '_numbers("2 3 4 4")'),
        ('_numbers("2 3 4 1")', '_numbers("2 3 4 5")'),
        ('_numbers("2 3 4 1")', '_numbers("2 3 4 1 5")'),
        ('_numbers("2 3 4 1")', '_packed("0203", torch.int16)'),
        ('_numbers("2 3 4 1")', '_packed("0203", torch.int128)'),
        ("class Sets", "def Sets"),
    ],
)
def test_a_page_that_is_none_any_more_is_refused(old, new, tmp_path):
    path, text = emitted(SETS, tmp_path)
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
    path, text = emitted(SETS, tmp_path)
    touched = tmp_path / "touched"
    danger = f"__import__('pathlib').Path({str(touched)!r}).touch()"
    hostile = text.replace("import torch\n", f"import torch\n\n{danger}\n", 1)
    path.write_text(hostile)
    assert "dimension 2" in verify_page(path)
    for place in ("_numbers(CODES)", '"input": (4,)', '_numbers("2 3 4 1")'):
        path.write_text(text.replace(place, place[:-1] + f" or {danger})"))
        with pytest.raises(SpecError):
            verify_page(path)
    assert not touched.exists()
