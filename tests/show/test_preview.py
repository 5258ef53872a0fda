"""The preview in a terminal says every entry, with colours and without."""

import os
import re
import subprocess
import sys
from dataclasses import replace
from io import StringIO

import numpy as np
import pytest
from rich.color import ColorTriplet
from rich.console import Console

from intertwine.show.drawing import Side, Summand, drawing_of
from intertwine.show.palette import FAINT, ZERO, ink_on, mixed, palette
from intertwine.show.preview import preview, print_previews
from tests.solved import ROOT, solved

LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"


def console(colours, width=100):
    """A terminal, or a pipe where there are no colours."""
    return Console(
        file=StringIO(), width=width, height=40, color_system=colours, no_color=False, _environ={},
        force_terminal=colours is not None, legacy_windows=False,
    )  # fmt: skip


def printed(name, colours=None, width=100):
    """What is printed of a layer, with its escapes."""
    screen = console(colours, width)
    screen.print(preview(drawing_of(solved(name)), screen))
    return screen.file.getvalue()


def lines_of(drawing, screen):
    """Every line as characters with their foreground and background."""
    lines = screen.render_lines(preview(drawing, screen), pad=False)
    return [
        [
            (character, *(c and c.triplet for c in (style.color, style.bgcolor)))
            for text, style, _ in line
            for character in text
        ]
        for line in lines
    ]


def triplet(colour):
    return ColorTriplet(*(int(colour[place : place + 2], 16) for place in (1, 3, 5)))


@pytest.mark.parametrize(
    "name", ["chsh", "circulant", "maron_2_2", "negacyclic", "no_pseudovector"]
)
def test_without_colours_every_entry_is_a_letter(name):
    drawing = drawing_of(solved(name))
    lines = printed(name).splitlines()
    assert lines[0] == str(drawing)
    for line, codes, bias in zip(
        lines[1:], drawing.weight.codes.tolist(), drawing.bias.codes.tolist(), strict=False
    ):
        said = [f"{'-' * (c < 0)}{LETTERS[abs(c) - 1]}" if c else "·" for c in [*codes, *bias]]
        cells = [line[2 * k : 2 * k + 2].strip() for k in range(len(codes))]
        place = 2 * len(codes) + 3
        assert [*cells, line[place : place + 2].strip()] == said


def test_many_tiles_are_numbers_and_parts_are_apart_and_named():
    drawing = drawing_of(solved("ammonia"))
    lines = printed("ammonia").splitlines()
    assert lines[1].split() == ["charges", "displacements"]
    numbers = [re.findall(r"-?\d+|·", line[11:]) for line in lines[2:19]]
    matrix = np.hstack([drawing.weight.codes, drawing.bias.codes]).tolist()
    said = [[f"{'-' * (c < 0)}{abs(c) - 1}" if c else "·" for c in row] for row in matrix]
    assert [row for row in numbers if row] == said
    assert [line[:11].strip() for line in lines[2:19] if line[:11].strip()] == [
        "energy", "forces", "dipole", "handedness"
    ]  # fmt: skip
    assert not any(lines[2:19][row].strip() for row in (1, 11, 15))


@pytest.mark.parametrize("name", ["chsh", "deepsets", "maron_2_2", "methane_dipole"])
def test_with_all_colours_every_entry_has_that_of_its_tile(name):
    drawing = drawing_of(solved(name))
    lines = lines_of(drawing, console("truecolor"))
    lines = [line for line in lines if any(back for _, _, back in line)]
    colours = palette(drawing.weight.count)
    for line, codes in zip(lines, drawing.weight.codes.tolist(), strict=False):
        cells = [cell for cell in line if cell[2]]
        for code, left, right in zip(codes, cells[::2], cells[1::2], strict=False):
            colour = colours[abs(code) - 1] if code else ZERO
            assert left[2] == right[2] == triplet(colour)
            assert left[0] + right[0] == ("· " if code == 0 else "- " if code < 0 else "  ")
            if code <= 0:
                assert left[1] == triplet(ink_on(colour) if code else FAINT)


def test_a_wide_matrix_is_in_half_blocks_two_rows_a_line():
    drawing = drawing_of(solved("steerable_p4m"))
    lines = lines_of(drawing, console("truecolor", width=60))
    colours = palette(drawing.weight.count)
    codes = drawing.weight.codes.tolist()
    for number in range(25):
        for column in range(50):
            expected = [
                triplet(ZERO if not c else mixed(colours[abs(c) - 1], 0.45 if c < 0 else 1.0))
                for c in (codes[2 * number][column], codes[2 * number + 1][column])
            ]
            assert lines[1 + number][column] == ("▀", *expected)


@pytest.mark.parametrize(("colours", "width"), [(None, 80), ("truecolor", 80), ("truecolor", 40)])
def test_what_does_not_fit_is_said_and_what_to_do(colours, width):
    said = re.sub(r"\x1b\[[0-9;]*m", "", printed("large_graphs", colours, width))
    assert " ".join(said.split()) == (
        "large_graphs: 900 x 900, 15 parameters, 15 tiles; bias 2: too large for this terminal; "
        "-o large_graphs.png draws it in a file"
    )


@pytest.mark.parametrize("name", ["ammonia", "chsh", "maron_2_2", "p4m_pixels", "weight_space"])
@pytest.mark.parametrize("width", [40, 80, 200])
@pytest.mark.parametrize("colours", [None, "standard", "256", "truecolor"])
def test_no_line_is_wider_than_the_terminal(name, width, colours):
    plain = re.sub(r"\x1b\[[0-9;]*m", "", printed(name, colours, width))
    assert all(len(line) <= width for line in plain.splitlines())


def test_a_terminal_of_sixteen_colours_has_letters():
    assert printed("maron_2_2", "standard").splitlines()[1].startswith(" a b b b b c d e e")


def test_the_legend_says_what_the_tiles_are():
    said = printed("maron_2_2", None, 200)
    for number, meaning in enumerate(drawing_of(solved("maron_2_2")).weight.meanings):
        assert f" {LETTERS[number]} {meaning}" in said
    assert "and 62 more" in printed("ammonia")


def test_a_pipe_and_no_color_get_no_escapes(monkeypatch, capsys):
    drawing = drawing_of(solved("chsh"))
    print_previews([drawing, drawing])
    piped = capsys.readouterr().out
    assert piped.count("chsh: 5 x 5") == 2
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("FORCE_COLOR", "1")
    print_previews([drawing])
    said = capsys.readouterr().out
    assert "38;2" not in said
    assert "48;2" not in said
    assert " · b · c c" in said


def test_nothing_that_a_spec_says_is_more_than_words():
    hostile = "[bold red]x[/] \x1b[2J\u202e"
    drawing = drawing_of(solved("ammonia"))
    sides = [
        Side(hostile, tuple(Summand(hostile, p.action, p.start) for p in side.parts))
        for side in (drawing.rows, drawing.columns)
    ]
    weight = replace(drawing.weight, meanings=(hostile,) * drawing.weight.count)
    hostile = replace(drawing, name=hostile, rows=sides[0], columns=sides[1], weight=weight)
    screen = console(None)
    screen.print(preview(hostile, screen))
    said = screen.file.getvalue()
    assert "\x1b" not in said
    assert "\u202e" not in said
    assert "[bold red]x[/] \\x1b[2J" in said


@pytest.mark.parametrize(
    "environment",
    [{"COLUMNS": "0"}, {"LC_ALL": "C", "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}],
)
def test_a_terminal_without_columns_or_without_dots_is_drawn_on(environment):
    done = subprocess.run(
        [sys.executable, "-m", "intertwine", "show", ROOT / "specs" / "chsh.yaml"],
        env={**os.environ, **environment}, capture_output=True, text=True,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.count("b 1 <- 1; 4 entries") == 1
