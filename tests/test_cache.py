"""The cache of solves: what it recalls, what it refuses, and that it never changes an answer."""

import hashlib
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import intertwine
from intertwine import cache as caching
from intertwine.cache import Cache, key_of
from intertwine.recall import Question
from intertwine.show.outcome import Outcome
from intertwine.spec.load import load_document
from tests.solved import ROOT

SPEC = ROOT / "specs" / "maron_2_1.yaml"
NETWORK = ROOT / "specs" / "networks" / "deepsets_classifier.yaml"


@pytest.fixture
def cache(tmp_path):
    return Cache(tmp_path / "cache")


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def entries():
    return [path for path, _ in Cache.of_user().entries()]


def timeless(text):
    return re.sub(r"seconds.*", "", text)


def test_what_is_kept_is_recalled_under_its_key_alone(cache):
    cache.keep("a", {"x": [1, 2, "ü\x1b"]})
    assert cache.recall("a") == {"x": [1, 2, "ü\x1b"]}
    assert cache.recall("b") is None
    cache.keep("a", {"x": 3})
    assert cache.recall("a") == {"x": 3}


@pytest.mark.parametrize(
    "damage",
    [
        lambda path, text: path.write_bytes(b""),
        lambda path, text: path.write_bytes(text[:-1]),
        lambda path, text: path.write_bytes(text.replace(b"15", b"16")),
        lambda path, text: path.write_bytes(text[65:]),
        lambda path, text: path.write_bytes(b"\xff" + text),
        lambda path, text: path.chmod(0o666),
        lambda path, text: (path.unlink(), path.mkdir()),
        lambda path, text: (path.unlink(), path.symlink_to(path)),
    ],
)
def test_a_damaged_entry_is_none(cache, damage):
    cache.keep("a", {"dimension": 15})
    path = cache.folder / "a.json"
    damage(path, path.read_bytes())
    assert cache.recall("a") is None


def test_an_entry_under_another_key_is_none(cache):
    cache.keep("a", {"dimension": 15})
    (cache.folder / "a.json").rename(cache.folder / "b.json")
    assert cache.recall("b") is None


def test_only_the_user_can_read_or_write_it(cache):
    cache.keep("a", {"dimension": 15})
    assert (cache.folder / "a.json").stat().st_mode & 0o777 == 0o600
    assert cache.folder.stat().st_mode & 0o077 == 0


def test_the_longest_unused_goes_first_when_there_is_no_room(cache, monkeypatch):
    for number, name in enumerate("abc"):
        cache.keep(name, {"text": "x" * 1000})
        os.utime(cache.folder / f"{name}.json", (number, number))
    cache.recall("a")
    monkeypatch.setattr(caching, "MOST_BYTES", 3 * 1150)
    cache.keep("d", {"text": "x" * 1000})
    assert {path.stem for path, _ in cache.entries()} == {"a", "c", "d"}


def test_what_is_too_large_is_not_kept(cache, monkeypatch):
    monkeypatch.setattr(caching, "MOST_BYTES_OF_ENTRY", 100)
    cache.keep("a", {"text": "x" * 1000})
    assert not cache.entries()


def test_a_key_is_for_the_spec_the_rule_and_the_code(monkeypatch):
    document = load_document(SPEC)
    keys = {
        Question(document).key,
        Question(document, "orbitals").key,
        Question(document, None, False).key,
        Question(load_document(NETWORK)).key,
        key_of(),
    }
    monkeypatch.setattr(caching, "_solver", lambda: {"intertwine": "another"})
    assert len(keys | {Question(document).key}) == 6


def test_the_code_is_all_files_of_the_package():
    package = Path(intertwine.__file__).parent
    before = caching._solver.__wrapped__()
    added = package / "show" / "_an_added_file_of_a_test.py"
    try:
        added.write_text("")
        assert caching._solver.__wrapped__()["sources"] != before["sources"]
    finally:
        added.unlink()
    assert caching._solver.__wrapped__() == before


@pytest.mark.parametrize("path", [SPEC, NETWORK])
def test_a_second_solve_prints_and_writes_the_same(here, cli, path):
    code, first, _ = cli("solve", str(path))
    (page,) = Path("generated").glob("*.py")
    written = page.read_bytes()
    page.unlink()
    again, second, _ = cli("solve", str(path))
    assert (code, again) == (0, 0)
    assert "recalled" in second and "recalled" not in first
    assert page.read_bytes() == written
    assert timeless(second) == timeless(first)
    objects = [
        json.loads(cli("solve", str(path), "--json", *flag)[1]) for flag in ([], ["--no-cache"])
    ]
    for found in objects:
        found.pop("seconds")
    assert objects[0] == objects[1]


def test_a_recalled_answer_is_not_solved_again(here, cli, monkeypatch):
    assert cli("solve", str(SPEC), "--quiet")[0] == 0
    monkeypatch.setattr(Question, "solved", lambda self: pytest.fail("solved again"))
    assert cli("solve", str(SPEC), "--quiet")[0] == 0
    assert (
        Path("generated/maron_2_1.py").read_text() == (ROOT / "generated/maron_2_1.py").read_text()
    )


def test_without_a_cache_nothing_is_recalled_or_kept(here, cli):
    cli("solve", str(SPEC), "--no-cache", "--quiet")
    assert not entries()
    cli("solve", str(SPEC), "--quiet")
    assert "recalled" not in cli("solve", str(SPEC), "--no-cache")[1]


def test_reasons_are_found_anew_and_still_kept(here, cli):
    code, out, _ = cli("solve", str(SPEC), "--explain")
    assert code == 0 and "Rules, in order" in out
    assert "recalled" in cli("solve", str(SPEC))[1]
    assert "Rules, in order" in cli("solve", str(SPEC), "--explain")[1]


def test_a_changed_spec_or_file_beside_it_is_another_question(here, cli):
    import numpy as np

    np.savez("moves.npz", a=np.array([1, 2, 0]))
    Path("s.yaml").write_text(
        "name: s\ngroup: {generators: {file: moves.npz}}\ninput: points\noutput: points\n"
    )
    first = cli("solve", "s.yaml")[1]
    np.savez("moves.npz", a=np.array([1, 0, 2]))
    second = cli("solve", "s.yaml")[1]
    assert "recalled" not in second
    assert [re.search(r"dimension │ (\d+)", text)[1] for text in (first, second)] == ["3", "5"]


def test_a_refused_spec_leaves_no_entry(here, cli):
    Path("s.yaml").write_text("name: s\ngroup: {symmetric: 3}\ninput: points\noutput: nowhere\n")
    assert cli("solve", "s.yaml")[0] == 2
    assert not entries()


def test_a_cache_that_cannot_be_written_changes_nothing(here, cli, monkeypatch):
    Path("taken").write_text("a file")
    monkeypatch.setenv("XDG_CACHE_HOME", str(here / "taken"))
    for _ in range(2):
        code, out, err = cli("solve", str(SPEC))
        assert (code, err) == (0, "") and "recalled" not in out


def test_the_command_says_where_it_is_and_empties_it(here, cli):
    cli("solve", str(SPEC), "--quiet")
    folder = Cache.of_user().folder
    assert re.fullmatch(rf"{re.escape(str(folder))}: 1 entry, .* KiB\n", cli("cache")[1])
    assert cli("cache", "--clear")[1] == f"{folder}: 1 entry removed\n"
    assert cli("cache", "--clear")[1] == f"{folder}: 0 entries removed\n"


def test_an_outcome_survives_json():
    question = Question(load_document(NETWORK))
    outcome = question.answer(question.solved(), None)
    assert Outcome.of_plain(json.loads(json.dumps(outcome.as_plain()))) == outcome
    assert Outcome.of_plain({"name": "x"}) is None


def test_a_layer_class_is_recalled_with_the_same_weights(monkeypatch):
    torch = pytest.importorskip("torch")
    first = intertwine.layer_class(SPEC)
    monkeypatch.setattr(Question, "solved", lambda self: pytest.fail("solved again"))
    again = intertwine.layer_class(SPEC)
    torch.manual_seed(0)
    one = first(2, 3)
    torch.manual_seed(0)
    assert torch.equal(one.weight, again(2, 3).weight)


def test_recalling_imports_no_solver(here, cli):
    cli("solve", str(SPEC), "--quiet")
    script = (
        "import sys; from intertwine.cli import main\n"
        f"sys.argv = ['intertwine', 'solve', {str(SPEC)!r}, '--quiet']\n"
        "try: main()\nexcept SystemExit: print('intertwine.hom.rules' in sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert done.stdout == "False\n", done.stderr


@pytest.mark.parametrize(
    "body",
    [b"[]", b"null", b"3", b"{}", b'{"key": "a"}', b'{"key": "a", "value": 3}', b"\xff\xfe",
     b"[" * 200_000, b"9" * 10_000],
    ids=range(9),
)  # fmt: skip
def test_an_entry_with_the_right_digest_and_the_wrong_form_is_none(cache, body):
    cache.keep("a", {"dimension": 15})
    path = cache.folder / "a.json"
    path.write_bytes(hashlib.sha256(body).hexdigest().encode() + b"\n" + body)
    assert cache.recall("a") is None
