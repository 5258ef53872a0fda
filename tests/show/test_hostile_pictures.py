"""Pictures and words of awkward specs: equal summands, supports, ends of grids, odd sizes."""

import numpy as np
import pytest

from intertwine import solve
from intertwine.show.drawing import Side, drawing_of
from intertwine.show.preview import print_previews
from intertwine.show.why import why

RING = {
    "name": "ring",
    "group": {"grid": {"shape": [5], "symmetry": "p1"}},
    "input": "pixels",
    "output": "pixels",
}


def twice(action, times=2):
    return solve(
        {"name": "twice", "group": {"cyclic": 3}, "input": {"sum": [action] * times},
         "output": "points"}
    )  # fmt: skip


def test_equal_summands_have_names_of_their_own():
    assert [part.name for part in Side.of(twice("points", 3).source).parts] == [
        "points_0", "points_1", "points_2",
    ]  # fmt: skip
    product = {"power": ["points", 2]}
    names = [part.name for part in Side.of(twice(product).source).parts]
    assert len(set(names)) == 2


def test_numbered_names_are_not_those_of_other_summands():
    sets = {"product": {"u": {"symmetric": 2}, "u_0": {"symmetric": 2}}}
    spec = {"name": "x", "group": sets, "input": {"sum": ["u", "u_0", "u"]}, "output": "u"}
    assert [part.name for part in Side.of(solve(spec).source).parts] == ["u_1", "u_0", "u_2"]


def test_two_weights_never_have_the_same_words():
    drawing = drawing_of(twice("points"))
    assert len(set(drawing.weight.meanings)) == drawing.weight.count == 6


def test_why_names_points_of_equal_summands_apart():
    lines = list(why(twice("points"), "0,0", "0,points_1:0"))
    assert [line.split(" is ")[0] for line in lines[:2]] == ["0 <- points_0 0", "0 <- points_1 0"]
    assert lines[2].startswith("no word")


@pytest.mark.parametrize("boundary", ["periodic", "zeros"])
def test_why_says_of_every_entry_what_the_picture_shows(boundary):
    space = solve({**RING, "layer": {"support": {"radius": 1}, "boundary": boundary}})
    codes = drawing_of(space).weight.codes
    for row, column in np.ndindex(codes.shape):
        line = next(why(space, f"{row},{column}", "0,0"))
        said = line.removeprefix(f"{row} <- {column} is ").split(":")[0]
        code = int(codes[row, column])
        assert said == (f"+w{code - 1}" if code else "0 whatever the weights")


def test_why_ties_no_entries_that_a_layer_leaves_out():
    space = solve({**RING, "layer": {"support": {"radius": 1}, "boundary": "zeros"}})
    *_, last = why(space, "0,4", "1,0")
    assert last == "no word ties entries that the layer's support or the ends of its grid leave out"
    assert any(line.startswith("tied by shift_0") for line in why(space, "0,1", "1,2"))


def test_what_is_too_wide_for_a_picture_is_not_sent_there(capsys):
    spec = {"name": "wide", "group": {"symmetric": 9000}, "input": "points", "output": "trivial"}
    print_previews([drawing_of(solve(spec))])
    assert "-o wide.html" in " ".join(capsys.readouterr().out.split())
