"""Pictures show every entry in the colour of its tile, are safe to open, and always the same."""

import base64
import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from io import BytesIO

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.image import imread

from intertwine.errors import TooLargeError
from intertwine.pipeline import solve
from intertwine.show.drawing import Side, Summand, drawing_of
from intertwine.show.palette import FAINT, ZERO, ink_on, mixed, palette
from intertwine.show.picture.layers import picture
from intertwine.show.picture.panel import MARGIN, cell_of, draw_panel
from intertwine.show.picture.sheet import Sheet
from tests.solved import solved

SVG = "{http://www.w3.org/2000/svg}"
LINK = "{http://www.w3.org/1999/xlink}href"


def negacyclic(size):
    """Shifts whose wrap turns the sign."""
    shift = [*range(2, size + 1), -1]
    side = {"signed_permutations": {"shift": shift}}
    spec = {"name": "turn", "group": {"generators": ["shift"]}, "input": side, "output": side}
    return drawing_of(solve(spec))


def pixels_of(content):
    """Shape (height, width, 3), 0 to 255."""
    return np.round(imread(BytesIO(content), format="png")[..., :3] * 255).astype(int)


def channels(colour):
    """The three numbers of #rrggbb."""
    return [int(colour[place : place + 2], 16) for place in (1, 3, 5)]


def corner(pixels, colour):
    """The upper left pixel of the first box of a colour from above."""
    at = (pixels == channels(colour)).all(axis=2)
    top = np.flatnonzero(at.any(axis=1))[0]
    return top, np.flatnonzero(at[top])[0]


def sampled(drawing, down, across):
    """The pixel that is so far down and across every cell, shape (rows, columns, 3)."""
    pixels = pixels_of(picture([drawing], ".png", False))
    width, height = (round(2 * side) for side in cell_of(drawing.rows.size, drawing.columns.size))
    top, left = corner(pixels, expected(drawing)[0][0])
    rows = top + np.arange(drawing.rows.size) * height + round(down * (height - 2) + 0.1)
    columns = left + np.arange(drawing.columns.size) * width + round(across * (width - 2) + 0.1)
    return pixels[np.ix_(rows, columns)]


def expected(drawing, negative=lambda colour: colour, zero=ZERO):
    """The colours of the cells."""
    colours = palette(drawing.weight.count)
    look = lambda code: (  # noqa: E731
        zero if code == 0 else colours[code - 1] if code > 0 else negative(colours[-code - 1])
    )
    return [[look(code) for code in row] for row in drawing.weight.codes.tolist()]


def in_channels(colours):
    return np.array([[channels(colour) for colour in row] for row in colours])


@pytest.mark.parametrize(
    "name",
    [
        "ammonia", "antisymmetric_matrices", "chsh", "deepsets", "fully_connected",
        "hamming_scheme", "maron_2_2", "methane_dipole", "p4m_convolution",
        "p4m_pixels",
        "set_pooling", "steerable_p4m", "weight_space",
    ],
)  # fmt: skip
def test_every_cell_has_the_colour_of_its_tile(name):
    drawing = drawing_of(solved(name))
    np.testing.assert_array_equal(
        sampled(drawing, 0.2, 0.2), in_channels(expected(drawing)), strict=False
    )


@pytest.mark.parametrize("drawing", [lambda: drawing_of(solved("chsh")), lambda: negacyclic(20)])
def test_a_cell_with_the_opposite_sign_has_a_minus_and_a_zero_a_dot(drawing):
    drawing = drawing()
    np.testing.assert_array_equal(
        sampled(drawing, 0.5, 0.5), in_channels(expected(drawing, ink_on, FAINT))
    )
    np.testing.assert_array_equal(sampled(drawing, 0.9, 0.5), in_channels(expected(drawing)))


def test_signs_are_seen_where_cells_are_painted():
    drawing = negacyclic(110)
    np.testing.assert_array_equal(
        sampled(drawing, 0.5, 0.5), in_channels(expected(drawing, ink_on))
    )
    np.testing.assert_array_equal(sampled(drawing, 0, 0), in_channels(expected(drawing)))


def test_signs_are_lighter_tints_where_cells_are_small():
    drawing = negacyclic(250)
    tint = expected(drawing, lambda colour: mixed(colour, 0.45))
    np.testing.assert_array_equal(sampled(drawing, 0, 0), in_channels(tint))


def boxes(svg, colour):
    """How many boxes of a colour a picture has."""
    paths = ET.fromstring(svg).iter(f"{SVG}path")
    return sum(p.get("d").count("M") for p in paths if f"fill: {colour}" in p.get("style", ""))


@pytest.mark.parametrize("name", ["antisymmetric_matrices", "deepsets", "maron_2_2", "rubiks_cube"])
def test_a_vector_picture_has_a_box_for_every_cell(name):
    """And one in the legend; the first colour stands there for the opposite sign as well."""
    drawing = drawing_of(solved(name))
    svg = picture([drawing], ".svg", False)
    colours = palette(drawing.weight.count)
    for number, (size, colour) in enumerate(zip(drawing.weight.sizes, colours, strict=True)):
        signed = bool((drawing.weight.codes < 0).any())
        assert boxes(svg, colour) == size + 1 + (signed and number == 0)


def test_a_large_matrix_is_an_image_of_its_cells():
    drawing = drawing_of(solved("hamming_scheme"))
    root = ET.fromstring(picture([drawing], ".svg", False))
    (image,) = root.iter(f"{SVG}image")
    assert "pixelated" in image.get("style")
    content = base64.b64decode(image.get(LINK).removeprefix("data:image/png;base64,"))
    np.testing.assert_array_equal(pixels_of(content), in_channels(expected(drawing)))


@pytest.mark.parametrize("suffix", [".png", ".svg"])
@pytest.mark.parametrize("name", ["ammonia", "hamming_scheme", "no_pseudovector"])
def test_the_same_layer_is_the_same_bytes(name, suffix):
    drawing = drawing_of(solved(name))
    before = dict(mpl.rcParams)
    first = picture([drawing], suffix, True)
    with mpl.rc_context({"font.size": 30, "text.usetex": True, "svg.fonttype": "path"}):
        again = picture([drawing], suffix, True)
    assert first == again
    assert dict(mpl.rcParams) == before
    assert not re.search(rb"20\d\d-\d\d|[Mm]atplotlib", first)


HOSTILE = '<script>alert("&")</script> $\\frac{1}{0}$ ]]> \x1b[2J\x00 \ud800 \u202e 数 -->'


def test_nothing_that_a_spec_says_is_more_than_words():
    drawing = drawing_of(solved("ammonia"))
    sides = [
        Side(HOSTILE, tuple(Summand(HOSTILE, p.action, p.start) for p in side.parts))
        for side in (drawing.rows, drawing.columns)
    ]
    weight = replace(drawing.weight, meanings=(HOSTILE,) * drawing.weight.count)
    drawing = replace(
        drawing, name=HOSTILE, description=HOSTILE, group=HOSTILE, weight=weight,
        rows=sides[0], columns=sides[1],
    )  # fmt: skip
    svg = picture([drawing], ".svg", True)
    root = ET.fromstring(svg)
    kinds = {element.tag.removeprefix(SVG) for element in root.iter() if SVG in element.tag}
    assert kinds <= {
        "svg", "title", "desc", "metadata", "defs", "style", "g", "path", "text", "tspan", "image",
        "clipPath", "rect",
    }  # fmt: skip
    assert not [
        (key, value)
        for element in root.iter()
        for key, value in element.attrib.items()
        if key.startswith("on") or (key == LINK and not value.startswith("data:image/png;"))
    ]
    assert '<script>alert("&")</script> $\\frac{1}{0}$' in root.find(f"{SVG}desc").text
    assert "\\x1b[2J\\x00 \\ud800 \\u202e" in root.find(f"{SVG}title").text
    assert b"<script" not in svg
    assert pixels_of(picture([drawing], ".png", True)).ndim == 3


def test_words_of_a_vector_picture_are_words():
    drawing = drawing_of(solved("weight_space"))
    root = ET.fromstring(picture([drawing], ".svg", False))
    words = {element.text for element in root.iter(f"{SVG}text")}
    assert {"weight_space", "weight_1", "bias_2", "and 58 more", "output", "bias"} <= words
    assert root.find(f"{SVG}title").text == "weight_space"
    assert "17 x 17, 74 parameters" in root.find(f"{SVG}desc").text
    assert {str(number) for number in range(74)} <= words


@pytest.mark.parametrize(
    "name",
    ["ammonia", "emlp_readme", pytest.param("graph_network", marks=pytest.mark.all),
     "large_graphs", "methane_dipole", "set_pooling", "social_network", "weight_space_tanh"],
)  # fmt: skip
def test_words_lie_on_the_sheet_and_not_on_each_other(name):
    """By the boxes in which Matplotlib draws them."""
    sheet = Sheet()
    draw_panel(sheet, drawing_of(solved(name)), MARGIN)
    figure = sheet.figure(MARGIN)
    texts = [text for text in figure.axes[0].texts if text.get_text()]
    left, below, right, above = np.array([text.get_window_extent().extents for text in texts]).T
    assert min(left.min(), below.min()) >= 0
    assert right.max() <= figure.bbox.width
    assert above.max() <= figure.bbox.height
    beside = (left[:, None] >= right) | (right[:, None] <= left)
    over = (below[:, None] >= above) | (above[:, None] <= below)
    assert (beside | over | np.eye(len(texts), dtype=bool)).all()


@pytest.mark.parametrize("name", ["maron_2_2", "hexagon_forces", "emlp_readme", "large_graphs"])
def test_elements_are_shown_with_their_names(name):
    drawing = drawing_of(solved(name))
    root = ET.fromstring(picture([drawing], ".svg", True))
    words = [element.text for element in root.iter(f"{SVG}text")]
    shown = min(drawing.dimension, 64)
    assert [f"w{k}" for k in range(shown)] == [w for w in words if re.fullmatch(r"w\d+", w)]
    assert (f"The first 64 of {drawing.dimension} basis elements" in words) == (shown == 64)


def test_a_network_is_its_layers_one_under_the_other():
    drawings = [drawing_of(solved(name)) for name in ("maron_2_1", "maron_1_2")]
    both = pixels_of(picture(drawings, ".png", False))
    heights = [pixels_of(picture([one], ".png", False)).shape[0] for one in drawings]
    assert sum(heights) - 100 < both.shape[0] < sum(heights) + 100


def test_more_points_than_pixels_are_refused():
    spec = {
        "name": "long", "group": {"symmetric": 100}, "input": {"power": ["points", 2]},
        "output": "trivial",
    }  # fmt: skip
    with pytest.raises(TooLargeError, match="10000 points on a side"):
        picture([drawing_of(solve(spec))], ".png", False)
