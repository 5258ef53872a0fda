"""Files beside a spec that are not what they should be, or not beside it: one line each.

Nothing in them is ever run, nothing outside the spec's folder is read, and a small file that claims
to be a large one is refused before it grows.
"""

# ruff: noqa: E501  (a table reads best with one case a line)

import io
import os
import pickle
import struct
import zipfile

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from intertwine.errors import IntertwineError
from intertwine.spec.files import read_arrays
from intertwine.spec.forms import ArrayFile
from intertwine.spec.graphs import GraphParts
from tests.spec.refusals import refused, spec

VERTICES = {"input": "vertices", "output": "vertices"}


class Hostile:
    def __reduce__(self):
        return os.system, ("touch pwned",)


def npy(array, **options):
    stream = io.BytesIO()
    np.save(stream, array, **options)
    return stream.getvalue()


def npz(**arrays):
    stream = io.BytesIO()
    np.savez(stream, **arrays)
    return stream.getvalue()


def header(shape, kind="<i8"):
    """A .npy file that says this of itself, and 64 bytes."""
    text = f"{{'descr': '{kind}', 'fortran_order': False, 'shape': {shape}, }}".encode()
    text += b" " * (118 - len(text)) + b"\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text)) + text + bytes(64)


def zipped(members, method=zipfile.ZIP_STORED):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return stream.getvalue()


def changed(archive, local, central, value):
    """An archive with two bytes at these offsets of its headers changed."""
    content = bytearray(archive)
    for mark, offset in ((b"PK\x03\x04", local), (b"PK\x01\x02", central)):
        place = content.rfind(mark) + offset
        content[place : place + 2] = struct.pack("<H", value)
    return bytes(content)


SWAP = npy(np.array([1, 0]))
BOMB = zipped({"a.npy": bytes(300 << 20)}, zipfile.ZIP_DEFLATED)

# The file, its content, and words of the message.
ARRAYS = {
    "a pickle in .npy": ("a.npy", npy(np.array([Hostile()]), allow_pickle=True), "an array of object"),
    "a pickle in .npz": ("a.npz", npz(a=np.array([Hostile()])), "an array of object"),
    "a pickle by itself": ("a.npy", pickle.dumps(Hostile()), "arrays of integers that NumPy saved"),
    "a header that is code": ("a.npy", header("__import__('os').system('touch pwned')"), "that NumPy saved"),
    "a header of brackets": ("a.npy", header("(" * 60), "that NumPy saved"),
    "a header without end": ("a.npy", b"\x93NUMPY\x01\x00\xff\xff" + b"(" * 70_000, "that NumPy saved"),
    "a version of the future": ("a.npy", b"\x93NUMPY\x09\x00" + bytes(200), "that NumPy saved"),
    "a header that lies": ("a.npy", header("(1000000000000,)"), "that NumPy saved"),
    "a header that lies, in .npz": ("a.npz", zipped({"a.npy": header("(1000000000000,)")}), "that NumPy saved"),
    "a shape of 10^40": ("a.npy", header(f"(1{'0' * 40},)"), "that NumPy saved"),
    "a shape of 0 x 10^40": ("a.npy", header(f"(0, 1{'0' * 40})"), "that NumPy saved"),
    "a negative shape": ("a.npy", header("(-8,)"), "that NumPy saved"),
    "empty .npy": ("a.npy", b"", "that NumPy saved"),
    "empty .npz": ("a.npz", b"", "that NumPy saved"),
    "no arrays": ("a.npz", npz(), "no generators"),
    "cut short": ("a.npy", npy(np.arange(1000))[:500], "that NumPy saved"),
    "an archive cut short": ("a.npz", npz(a=np.arange(1000))[:-30], "that NumPy saved"),
    "an archive by the other name": ("a.npy", npz(a=np.array([1, 0])), "that NumPy saved"),
    "an array by the other name": ("a.npz", SWAP, "that NumPy saved"),
    "an archive of texts": ("a.npz", zipped({"a.txt": b"hello"}), "that NumPy saved"),
    "an archive with a password": ("a.npz", changed(npz(a=np.array([1, 0])), 6, 8, 1), "that NumPy saved"),
    "an unknown compression": ("a.npz", changed(npz(a=np.array([1, 0])), 8, 10, 99), "that NumPy saved"),
    "an array twice": ("a.npz", None, "the array a twice"),
    "fractions": ("a.npy", npy(np.array([1.0, 0.0])), "an array of float64", "integers"),
    "NaN": ("a.npy", npy(np.array([np.nan])), "an array of float64"),
    "truth values": ("a.npy", npy(np.array([True, False])), "an array of bool"),
    "texts": ("a.npy", npy(np.array(["a"])), "an array of <U1"),
    "dates": ("a.npy", npy(np.zeros(2, "M8[s]")), "an array of datetime64[s]"),
    "records": ("a.npy", npy(np.zeros(2, [("a", int)])), "an array of [('a', '<i8')]"),
    "a number": ("a.npy", npy(np.array(3)), "an array of shape ()", "one image list a row"),
    "a cube": ("a.npy", npy(np.zeros((2, 2, 2), int)), "an array of shape (2, 2, 2)"),
    "a square in .npz": ("a.npz", npz(a=np.zeros((2, 2), int)), "the array a (2, 2)"),
    "no bijection": ("a.npy", npy(np.array([[1, 0], [1, 1]])), "generators.g1", "[1, 1]"),
    "no images": ("a.npy", npy(np.zeros((3, 0), int)), "an empty list"),
    "2^64 - 1": ("a.npy", npy(np.array([2**64 - 1, 0], np.uint64)), "far too large"),
    "-2^63": ("a.npy", npy(np.array([-(2**63), 0])), "the image -9223372036854775808"),
    "a name that is code": ("a.npz", zipped({'x": __import__("os").getcwd(), "y.npy': SWAP}), "an array with the name", "__import__"),
    "a name with a line break": ("a.npz", zipped({"a\nb.npy": SWAP}), "a\\nb"),
    "a name that is a path": ("a.npz", zipped({"../../a.npy": SWAP}), "../../a"),
    "a name that is a keyword": ("a.npz", zipped({"class.npy": SWAP}), "the name class", "no keywords"),
    "a name that is empty": ("a.npz", zipped({".npy": SWAP}), "an array with the name"),
    "another ending": ("a.txt", b"1 0", "a .npy or .npz file"),
}  # fmt: skip

LAUGHS = "".join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10}">' for i in range(1, 11))
GRAPHML = '<graphml><graph edgedefault="undirected"><node id="{}"/></graph></graphml>'
GRAPHS = {
    "a billion laughs": ("a.graphml", f'<!DOCTYPE x [<!ENTITY l0 "l">{LAUGHS}]>{GRAPHML.format("&l10;")}', "defines entities"),
    "a file of someone else's": ("a.graphml", f'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>{GRAPHML.format("&e;")}', "defines entities"),
    "laughs in UTF-16": ("a.graphml", f'<!DOCTYPE x [<!ENTITY l0 "l">{LAUGHS}]>{GRAPHML.format("&l10;")}'.encode("utf-16"), "read_graphml reads"),
    "tags without end": ("a.graphml", "<a>" * 100_000, "read_graphml reads"),
    "no XML": ("a.graphml", "hello", "read_graphml reads", "syntax error"),
    "an empty file": ("a.graphml", "", "read_graphml reads"),
    "no graph": ("a.graphml", "<graphml/>", "read_graphml reads"),
    "broken GML": ("a.gml", "graph [ node [ id", "read_gml reads"),
    "GML without end": ("a.gml", "graph " + "[ a " * 100_000, "read_gml reads"),
    "a vertex twice": ("a.gml", 'graph [ node [ id 0 label "a" ] node [ id 0 label "b" ] ]', "duplicated"),
    "labels that are NaN": ("a.gml", 'graph [ node [ id 0 label "a" z NAN ] node [ id 1 label "b" z NAN ] ]', "z = nan", {"vertex_label": "z"}),
    "labels that are mappings": ("a.gml", 'graph [ node [ id 0 label "a" z [ q 1 ] ] ]', "a number or a text", {"vertex_label": "z"}),
    "a label that is missing": ("a.edgelist", "a b\n", "edge a - b without z", {"edge_label": "z"}),
    "a vertex that clears the screen": ("a.edgelist", "\x1b[2J b\n", "\\x1b[2J", {"vertex_label": "z"}),
    "data that are code": ("a.edgelist", "a b __import__('os').system('touch pwned')\n", "read_edgelist reads"),
    "bytes that are no text": ("a.edgelist", b"\xff\xfe a\n", "read_edgelist reads"),
    "no edges": ("a.edgelist", "", "a graph with no vertices"),
    "no adjacencies": ("a.adjlist", "", "a graph with no vertices"),
    "broken graph6": ("a.g6", "\x01\x02", "read_graph6 reads"),
    "graph6 that lies": ("a.g6", "~~~~~~~~", "read_graph6 reads"),
    "two graphs": ("a.g6", "D?{\nD?{\n", "2 graphs"),
    "no graphs": ("a.g6", "", "0 graphs"),
    "broken sparse6": ("a.s6", "hello", "read_sparse6 reads"),
    "a pickled graph": ("a.gpickle", pickle.dumps(Hostile()), "a graph in one of .graphml"),
    "no ending": ("a", "x", "a graph in one of .graphml"),
}  # fmt: skip

PATHS = {
    "absolute": ("/etc/passwd", "no path out of the spec's folder"),
    "of the machine": ("/dev/zero", "no path out of the spec's folder"),
    "of the process": ("/proc/self/mem", "no path out of the spec's folder"),
    "above": ("../secret.npz", "no path out of the spec's folder"),
    "above, on the way": ("sub/../../secret.npz", "no path out of the spec's folder"),
    "the folder above": ("..", "no path out of the spec's folder"),
    "the folder itself": (".", "a file in the spec's folder"),
    "empty": ("", "a file in the spec's folder"),
    "at home": ("~/a.npz", "a file in the spec's folder"),
    "on the web": ("http://localhost:1/a.npz", "a file in the spec's folder"),
    "missing": (
        "missing.npz",
        "file: missing.npz, which does not exist; expected a file in the spec's folder, /",
    ),
    "missing in a folder": ("sub/missing.npz", "file: sub/missing.npz, which does not exist"),
    "a folder": (
        "folder.npz",
        "file: folder.npz, which is no file; expected a file in the spec's folder, /",
    ),
    "a pipe": ("pipe.npz", "a file in the spec's folder"),
    "a link out": ("link.npz", "no path out of the spec's folder"),
    "a link to a folder out": ("sub/link/secret.npz", "no path out of the spec's folder"),
    "a link to itself": ("loop.npz", "file: loop.npz"),
    "a link to nothing": ("nothing.npz", "a file in the spec's folder"),
    "too long": ("x" * 5000 + ".npz", "a readable file"),
    "with a null byte": ("a\\0.npz", "a\\x00.npz", "a readable file"),
    "with a line break": ("a\\nb.npz", "a\\nb.npz", "a file in the spec's folder"),
}


def store(folder, name, content):
    if content is None:
        with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(folder / name, "w") as z:
            z.writestr("a.npy", SWAP)
            z.writestr("a.npy", SWAP)
        return
    folder.joinpath(name).write_bytes(content if isinstance(content, bytes) else content.encode())


@pytest.mark.parametrize(
    ("name", "content", "said"), [(n, c, w) for n, c, *w in ARRAYS.values()], ids=list(ARRAYS)
)
def test_arrays(name, content, said, tmp_path, capsys, monkeypatch):
    store(tmp_path, name, content)
    store(tmp_path, "bad.yaml", spec(f"\n  generators:\n    file: {name}"))
    line = refused(capsys, monkeypatch, tmp_path, ["solve", "bad.yaml"], 2, *said)
    assert ":4: group.generators" in line or ":3: group.generators" in line


@pytest.mark.parametrize(
    ("name", "content", "said"), [(n, c, w) for n, c, *w in GRAPHS.values()], ids=list(GRAPHS)
)
def test_graphs(name, content, said, tmp_path, capsys, monkeypatch):
    *words, options = said if isinstance(said[-1], dict) else (*said, {})
    lines = "".join(f"\n    {key}: {value}" for key, value in options.items())
    store(tmp_path, name, content)
    store(tmp_path, "bad.yaml", spec(f"\n  automorphisms:\n    file: {name}{lines}", **VERTICES))
    line = refused(capsys, monkeypatch, tmp_path, ["solve", "bad.yaml"], 2, *words)
    assert ":4: group.automorphisms" in line or ":3: group.automorphisms" in line


@pytest.mark.parametrize(("path", "said"), [(p, w) for p, *w in PATHS.values()], ids=list(PATHS))
@pytest.mark.parametrize("kind", ["generators", "automorphisms"])
def test_paths(kind, path, said, tmp_path, capsys, monkeypatch):
    (tmp_path / "secret.npz").write_bytes(npz(a=np.array([1, 0])))
    folder = tmp_path / "specs"
    (folder / "sub").mkdir(parents=True)
    (folder / "folder.npz").mkdir()
    os.mkfifo(folder / "pipe.npz")
    for link, target in {
        "link.npz": "../secret.npz", "sub/link": "../..", "loop.npz": "loop.npz", "nothing.npz": "gone"
    }.items():  # fmt: skip
        (folder / link).symlink_to(target)
    store(folder, "bad.yaml", spec(f'\n  {kind}:\n    file: "{path}"'))
    place = f"intertwine: bad.yaml:4: group.{kind}.file: "
    refused(capsys, monkeypatch, folder, ["solve", "bad.yaml"], 2, place, *said)


def test_a_bomb_is_refused_before_it_grows(tmp_path, capsys, monkeypatch):
    store(tmp_path, "a.npz", BOMB)
    store(tmp_path, "bad.yaml", spec("{generators: {file: a.npz}}"))
    arguments = ["count", "bad.yaml", "--memory", "100M"]
    refused(capsys, monkeypatch, tmp_path, arguments, 4, "600.0 MiB", "the limit is 100.0 MiB")


@pytest.mark.parametrize("content", [":~~~~~~~~", ":~~?@????", ":~~??F~~~", ">>sparse6<<:~~?@????"])
def test_sparse6_of_millions_of_vertices_is_refused(content, tmp_path, capsys, monkeypatch):
    store(tmp_path, "a.s6", content)
    store(tmp_path, "bad.yaml", spec("{automorphisms: {file: a.s6}}", **VERTICES))
    refused(capsys, monkeypatch, tmp_path, ["solve", "bad.yaml"], 4, "vertices passes 1000000")


def test_files_that_are_too_long_are_refused_unread(tmp_path, capsys, monkeypatch):
    for name in ("a.npz", "a.gml"):
        with (tmp_path / name).open("wb") as stream:
            stream.truncate(65 << 20)
    store(tmp_path, "arrays.yaml", spec("{generators: {file: a.npz}}"))
    store(tmp_path, "graph.yaml", spec("{automorphisms: {file: a.gml}}", **VERTICES))
    for name in ("arrays.yaml", "graph.yaml"):
        refused(
            capsys,
            monkeypatch,
            tmp_path,
            ["solve", name],
            2,
            f"{name}:2: ",
            "at most 67108864 bytes",
        )
    os.truncate(tmp_path / "a.gml", 9 << 20)
    refused(capsys, monkeypatch, tmp_path, ["solve", "graph.yaml"], 2, "at most 8388608 bytes")


def mutated(data, content):
    """The content with some bytes replaced, and perhaps cut short."""
    changed = bytearray(content)
    for _ in range(data.draw(st.integers(0, 6))):
        changed[data.draw(st.integers(0, len(changed) - 1))] = data.draw(st.integers(0, 255))
    return bytes(changed[: data.draw(st.integers(0, len(changed)))])


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_broken_arrays_never_raise_anything_else(data, tmp_path):
    suffix = data.draw(st.sampled_from([".npy", ".npz"]))
    whole = {
        ".npy": npy(np.array([[1, 0], [0, 1]])),
        ".npz": npz(a=np.array([1, 0]), b=np.arange(9)),
    }
    (tmp_path / f"a{suffix}").write_bytes(mutated(data, whole[suffix]))
    try:
        read_arrays(ArrayFile(file=f"a{suffix}"), tmp_path)
    except IntertwineError as error:
        assert str(error).isprintable()


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_broken_graphs_never_raise_anything_else(data, tmp_path):
    whole = {
        "a.graphml": GRAPHML.format("a").encode(), "a.gml": b'graph [ node [ id 0 label "a" ] ]',
        "a.edgelist": b"a b {'w': 1}\nb c\n", "a.adjlist": b"a b c\nb c\n", "a.g6": b"D?{\n", "a.s6": b":Fa@x^\n",
    }  # fmt: skip
    name = data.draw(st.sampled_from(sorted(whole)))
    (tmp_path / name).write_bytes(mutated(data, whole[name]))
    try:
        GraphParts(file=name).read(tmp_path)
    except IntertwineError as error:
        assert str(error).isprintable()
