"""Documents: where a spec comes from, which files it may read, and what its digest depends on."""

import math
import re
import subprocess
import sys
from array import array

import numpy as np
import pytest
import torch

import intertwine
from intertwine import Spec, SpecError, TooLargeError, count, load_spec, permutation_from, solve
from intertwine.spec.build import build_actions
from intertwine.spec.files import file_beside
from tests.spec.refusals import spec

DATA = {"name": "bad", "group": {"symmetric": 4}, "input": "points", "output": "points"}


class Wrapped:
    """An array of a library of which nothing is known but this method."""

    def __array__(self, dtype=None, copy=None):
        return np.array([1, 2, 3, 0])


def stored(folder, text, name="bad.yaml"):
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_path_a_text_a_mapping_and_a_spec_are_the_same(tmp_path):
    path = stored(tmp_path, spec())
    documents = [load_spec(given) for given in (path, str(path), DATA, Spec.model_validate(DATA))]
    assert len({document.spec.model_dump_json() for document in documents}) == 1
    assert len({document.digest for document in documents}) == 1
    assert [document.folder for document in documents] == [tmp_path, tmp_path, None, None]
    assert {count(given).dimension for given in (path, DATA, Spec.model_validate(DATA))} == {2}


def test_the_digest_is_of_the_content_alone(tmp_path):
    plain = load_spec(stored(tmp_path, spec()))
    commented = (
        "# why\noutput: 'points'\ninput:   points\ngroup:\n  symmetric: 4   # 4\nname: bad\n"
    )
    moved = load_spec(stored(tmp_path, commented, "other.yaml"))
    assert plain.digest == moved.digest
    assert plain.digest != load_spec(stored(tmp_path, spec("{symmetric: 5}"))).digest
    assert plain.digest != load_spec(stored(tmp_path, spec(name="good"))).digest


def test_the_digest_holds_the_files(tmp_path):
    path = stored(tmp_path, spec("{generators: {file: a.npy}}"))
    digests = []
    for images in ([1, 0, 2], [1, 2, 0], [1, 0, 2]):
        np.save(tmp_path / "a.npy", np.array(images))
        digests.append(load_spec(path).digest)
    assert digests[0] == digests[2] != digests[1]


def test_a_document_knows_its_lines(tmp_path):
    document = load_spec(stored(tmp_path, "# why\n" + spec("\n  symmetric: 4")))
    assert document.lines["group", "symmetric"] == 4
    assert str(document).startswith(f"bad ({tmp_path / 'bad.yaml'}, sha256 {document.digest[:12]}")


@pytest.mark.parametrize("images", [
    [1, 2, 3, 0], (1, 2, 3, 0), "(0 1 2 3)",
    np.array([1, 2, 3, 0]), np.array([1, 2, 3, 0], np.uint8),
    permutation_from(lambda x: np.roll(x, 1), (4,)),
    permutation_from(lambda x: torch.roll(x, 1), (4,)),
    torch.tensor([1, 2, 3, 0]), torch.tensor([1, 2, 3, 0], dtype=torch.uint8),
    array("i", [1, 2, 3, 0]), Wrapped(),
])  # fmt: skip
def test_a_mapping_may_hold_arrays(images):
    document = load_spec({**DATA, "group": {"generators": {"a": images}}})
    group = build_actions(document).group
    assert group.sets["points"].images[0].images.tolist() == [1, 2, 3, 0]
    assert count({**DATA, "group": {"generators": {"a": images}}}).dimension == 4


def test_arrays_and_lists_have_one_digest():
    arrays = [[1, 0], np.array([1, 0]), torch.tensor([1, 0]), array("q", [1, 0])]
    given = [{**DATA, "group": {"generators": {"a": a}}} for a in arrays]
    assert len({load_spec(data).digest for data in given}) == 1
    others = [torch.tensor([0, 1]), Wrapped()]
    digests = {load_spec({**DATA, "group": {"generators": {"a": a}}}).digest for a in others}
    assert len(digests - {load_spec(given[0]).digest}) == 2


def test_tensors_with_signs():
    """One-based with signs, as a layer's own code might hold them."""
    images = {"swap": torch.tensor([2, 1]), "flip": torch.tensor([-1, 2])}
    data = {**DATA, "group": {"generators": ["swap", "flip"]}}
    side = {"signed_permutations": images}
    space = solve({**data, "input": side, "output": side})
    assert (space.order, space.dimension) == (8, 1)


def test_torch_is_not_imported_for_arrays_of_others():
    """A class that only looks like an array, in a process that never imports torch."""
    script = """
import sys
from array import array
import intertwine
spec = {"name": "a", "group": {"generators": {"a": array("i", [1, 2, 0])}}}
assert intertwine.count({**spec, "input": "points", "output": "points"}).dimension == 3
assert "torch" not in sys.modules
"""
    subprocess.run([sys.executable, "-c", script], check=True)


def test_cycles_may_count_from_0_and_leave_it_alone():
    """`points`, `base: 0`, a cycle (0) or an image list say that 0 is a fixed point."""
    a, b = "(1 2 3)", "(1 2)"
    for group in (
        {"generators": {"a": a, "b": b}, "points": 4},
        {"generators": {"a": a, "b": b}, "base": 0},
        {"generators": {"a": a, "b": "(0)(1 2)"}},
        {"generators": {"a": [0, 2, 3, 1], "b": b}},
    ):
        assert solve({**DATA, "group": group}).dimension == 5
    assert solve({**DATA, "group": {"generators": {"a": a, "b": b}, "base": 1}}).dimension == 2
    assert solve({**DATA, "group": {"generators": {"a": "()"}, "points": 2}}).dimension == 4


def test_cycles_of_actions_may_leave_0_alone():
    names = {**DATA, "group": {"generators": ["a"]}, "output": "trivial"}
    fixed = {"permutations": {"a": "(0)(1 2 3)"}}
    assert solve({**names, "input": fixed}).dimension == 2
    ones = {**names, "group": {"generators": ["a"], "base": 1}}
    assert solve({**ones, "input": {"permutations": {"a": "(1 2 3)"}}}).dimension == 1


def test_a_graph_may_leave_vertex_0_alone():
    edges = {"edges": [[1, 2], [2, 3]], "vertices": 4}
    data = {**DATA, "group": {"automorphisms": edges}, "input": "vertices", "output": "vertices"}
    assert (solve(data).order, solve(data).dimension) == (2, 10)
    data["group"] = {"automorphisms": {"edges": [[0, 1], [1, 2]]}}
    assert solve(data).dimension == 5


@pytest.mark.parametrize("function", [solve, count, load_spec])
@pytest.mark.parametrize(("given", "said"), [
    (spec(), "given YAML text, 'name: bad\\ngroup: {symmetric: 4}"),
    ("points\n", "given YAML text, 'points\\n'"),
    (5, "given 5, of type int"), (None, "given nothing, of type NoneType"),
    (b"bad.yaml", "given b'bad.yaml', of type bytes"), ([1], "given [1], of type list"),
])  # fmt: skip
def test_what_is_neither_a_path_nor_a_mapping(function, given, said):
    with pytest.raises(SpecError) as refused:
        function(given)
    assert said in str(refused.value) and "\n" not in str(refused.value)
    assert "expected a path to a spec in YAML, a dict, a Spec, or what `load_spec` gave; " in str(
        refused.value
    )


def test_a_missing_file_says_where_it_was_looked_for(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    said = f"given a file that does not exist; expected a YAML spec in the folder {tmp_path}"
    for given in ("bad.yaml", "sub/../bad.yaml", tmp_path / "bad.yaml"):
        with pytest.raises(SpecError, match=re.escape(said)):
            load_spec(given)
    (tmp_path / "bad.yaml").write_text(spec("{generators: {file: a.npz}}"))
    said = (
        f"given file: a.npz, which does not exist; expected a file in the spec's folder, {tmp_path}"
    )
    with pytest.raises(SpecError, match=re.escape(said)):
        load_spec("bad.yaml")


def test_a_graph_is_named_once():
    for graph, name in (({"graph": "petersen"}, "petersen"), ({"edges": [[0, 1]]}, "graph")):
        sides = {"input": "vertices", "output": "vertices"}
        document = load_spec({**DATA, **sides, "group": {"automorphisms": graph}})
        assert str(build_actions(document).group) == f"Aut({name})"


def test_the_package_lists_its_public_names():
    assert dir(intertwine) == sorted(intertwine.__all__)
    assert all(hasattr(intertwine, name) for name in dir(intertwine))


def test_counting_from_one():
    """A generator list of GAP's, in cycles and in images, for the group and for a subgroup."""
    cycles = {**DATA, "group": {"generators": {"a": "(1,2,3,4)(5)", "b": "(1 3)"}, "base": 1}}
    images = {
        **DATA,
        "group": {"generators": {"a": [2, 3, 4, 1, 5], "b": [3, 2, 1, 4, 5]}, "base": 1},
    }
    zero = {**DATA, "group": {"generators": {"a": "(0 1 2 3)(4)", "b": "(0 2)"}}}
    orders = {solve(data).order for data in (cycles, images, zero)}
    assert orders == {8}
    cosets = {**cycles, "input": {"cosets": {"subgroup": ["(1 3)"]}}}
    assert solve(cosets).source.dimension == 4


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"group": {"generators": {"a": np.array([0.0, 1.0])}}}, "an array of float64"),
        ({"group": {"generators": {"a": np.eye(2, dtype=int)}}}, "shape (2, 2)"),
        ({"group": {"generators": {"a": np.array([1, 1])}}}, "1 stands at places 0 and 1"),
        ({"group": {"generators": {"a": np.array([[0], [1, 2]], dtype=object)}}}, "object"),
        ({"group": {"generators": {"file": "a.npz"}}}, "no files in a dict"),
        ({"group": {"symmetric": np.float64(4)}}, "an integer"),
        ({"group": {"symmetric": math.nan}}, "given nan"),
        ({"group": {1: 2}}, "a mapping with one of symmetric"),
        ({"group": {None: None}}, "a mapping with one of symmetric"),
        ({"group": object}, "a mapping with one of symmetric"),
        ({"name": b"bad"}, "text"),
        ({1: 2}, "keys that are text"),
    ],
)  # fmt: skip
def test_mappings_are_held_to_the_same(change, said):
    with pytest.raises(SpecError) as refused:
        build_actions(load_spec({**DATA, **change}))
    assert said in str(refused.value) and str(refused.value).startswith("<dict>: ")
    assert "\n" not in str(refused.value)


def test_a_surrogate_in_a_description_is_harmless():
    document = load_spec({**DATA, "description": "\ud800"})
    assert len(document.digest) == 64
    assert solve({**DATA, "description": "\ud800"}).page.isascii()


def test_a_mapping_in_itself_is_refused():
    group = {}
    group["product"] = {"a": group}
    with pytest.raises(SpecError, match="<dict>"):
        load_spec({**DATA, "group": group})
    with pytest.raises(TooLargeError, match=r"the size 1\.000e5000 passes"):
        load_spec({**DATA, "group": {"symmetric": 10**5000}})


def test_files_lie_beside_the_spec_or_below(tmp_path):
    (tmp_path / "sub").mkdir()
    for name in ("a.npz", "sub/a.npz"):
        (tmp_path / name).touch()
        assert file_beside(tmp_path, name) == tmp_path / name
    assert file_beside(tmp_path, "sub/../a.npz") == tmp_path / "a.npz"
    (tmp_path / "link.npz").symlink_to("sub/a.npz")
    assert file_beside(tmp_path, "link.npz") == tmp_path / "sub" / "a.npz"


def test_a_spec_is_found_from_anywhere(tmp_path, monkeypatch):
    np.save(tmp_path / "a.npy", np.array([1, 0]))
    stored(tmp_path, spec("{generators: {file: a.npy}}"))
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    assert count("../bad.yaml").dimension == 2
    (tmp_path / "elsewhere" / "link.yaml").symlink_to("../bad.yaml")
    assert count("link.yaml").dimension == 2


def test_fixed_points_of_a_factor_are_fixed_points():
    group = {"product": {"atoms": {"symmetric": 5}, "space": {"cyclic": 4}}}
    spec = {"name": "still", "group": group, "output": "atoms"}
    for given in ({"tensor": ["atoms", "space.trivial"]}, {"sum": ["atoms", "space.trivial"]}):
        assert count({**spec, "input": given}).dimension == 2 + ("sum" in given)
