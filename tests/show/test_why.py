"""`intertwine why`: the lines it prints, and how entries are named."""

import re

import pytest

from intertwine.action.action import SetAction
from intertwine.action.structure import power
from intertwine.errors import SpecError
from intertwine.group.named import symmetric
from intertwine.show.drawing import Side
from intertwine.show.why import parsed_entry, why
from tests.solved import ROOT, solved


def said(name, first, second):
    return list(why(solved(name), first, second))


def test_tied_entries_are_told_with_the_word_and_every_step():
    lines = said("deepsets", "0,1", "3,2")
    assert lines[0] == "0 <- 1 is +w1: o0 | i0; 90 entries"
    assert lines[1] == "3 <- 2 is +w1: o0 | i0; 90 entries"
    assert re.fullmatch("tied by .*, which takes the first to the second:", lines[2])
    assert lines[-1].endswith(": 3 <- 2")


def test_entries_of_different_orbitals_are_told_apart():
    lines = said("deepsets", "0,0", "3,2")
    assert [line.split(" is ")[1][:3] for line in lines[:2]] == ["+w0", "+w1"]
    assert lines[2] == "no word in the generators ties them: they lie in different orbitals"


def test_an_entry_is_tied_to_itself_by_nothing():
    assert said("deepsets", "4,4", "4,4")[-1] == "they are one entry"


def test_a_zero_is_explained_by_a_word_that_turns_its_sign():
    lines = said("chsh", "1,2", "0,0")
    assert lines[0] == "1 <- 2 is 0 whatever the weights"
    assert re.fullmatch("1 <- 2 is zero, for .* takes it to minus itself:", lines[2])
    assert "-1 <- 2" in lines[5]


def test_entries_of_opposite_signs_are_tied_with_a_minus():
    lines = said("negacyclic", "0,1", "7,0")
    assert any("minus the second" in line for line in lines)


def test_matrices_are_told_to_mix_entries():
    lines = said("ammonia", "0,0", "forces:1.2,charges:3")
    assert lines[-1] == (
        "no word ties entries where an action has matrices: its generators mix them"
    )


@pytest.mark.parametrize(
    ("text", "entry"),
    [
        ("0,0", (0, 0)),
        ("16,5", (16, 5)),
        ("weight_1:2.1,bias_1:0", (5, 6)),
        ("bias_1:2,weight_2:1.2", (8, 14)),
        (" weight_2:0 , bias_2:1 ", (9, 16)),
    ],
)
def test_entries_are_named_by_number_field_and_axes(text, entry):
    space = solved("weight_space")
    assert parsed_entry(text, Side.of(space.target), Side.of(space.source)) == entry


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("0", "one comma"),
        ("0,0,0", "one comma"),
        ("17,0", "places below 17"),
        ("0,weight_1:3.0", "places below 3 x 2"),
        ("0,weight_1:0.0.0", "places below 3 x 2"),
        ("0,weight_9:0", "weight_1, bias_1"),
        ("-1,0", "count from 0"),
        ("a\x1b[2J,0", r"\x1b"),
        ("0," + "9" * 30, "count from 0"),
    ],
)
def test_wrong_entries_are_refused(text, word):
    space = solved("weight_space")
    with pytest.raises(SpecError, match=re.escape(word)):
        parsed_entry(text, Side.of(space.target), Side.of(space.source))


def test_entries_of_a_matrix_of_more_than_64_bits_have_numbers():
    points = SetAction(symmetric(100000), "points")
    rows, columns = Side.of(power(points, 4)), Side.of(points)
    entry = parsed_entry("99999.0.0.1,7", rows, columns)
    assert entry == (99999 * 10**15 + 1, 7)


def test_the_command_prints_the_lines_or_one_refusal(cli):
    spec = str(ROOT / "specs" / "deepsets.yaml")
    code, out, err = cli("why", spec, "0,1", "3,2")
    assert (code, err) == (0, "")
    assert out.splitlines() == said("deepsets", "0,1", "3,2")
    code, out, err = cli("why", spec, "0,1", "nowhere")
    assert (code, out) == (2, "")
    assert err.startswith("intertwine: given the entry nowhere; expected output,input")


def test_elements_are_for_pictures_in_a_file(cli, tmp_path):
    spec = str(ROOT / "specs" / "deepsets.yaml")
    for flags in ([], ["-o", str(tmp_path / "x.html")]):
        code, _, err = cli("show", spec, "--elements", *flags)
        assert code == 2 and "given --elements; expected -o with a .png or .svg" in err
    assert not list(tmp_path.iterdir())
