"""The page in a real browser: what it paints, says and does, by pointer and by keys."""

import numpy as np
import pytest

from intertwine.show.palette import palette
from tests.show.browser import drawings
from tests.solved import thinned

pytestmark = pytest.mark.slow

ENTRIES = [
    ("deepsets", 2, 2),
    ("deepsets", 2, 5),
    ("maron_2_2", 7, 9),
    ("chsh", 2, 4),
    ("chsh", 0, 3),
    ("weight_space", 1, 16),
    ("ammonia", 4, 1),
    ("p4m_pixels", 0, 9),
    ("rubiks_cube", 5, 40),
]
SMALL = ["p4m_pixels"]
SLOWER = ["p4m_pixels", "rubiks_cube"]
MOVED = ["deepsets", "maron_2_2", "chsh", "weight_space"]


def assert_told(page, drawing, row, column):
    """The page says of an entry what its drawing says."""
    code = int(drawing.weight.codes[row, column])
    told = page.tab.locator(".card dd").all_text_contents()
    spoken, meaning = page.text(".spoken"), page.text(".card .meaning")
    sign = {1: "plus", -1: "minus", 0: "none"}[int(np.sign(code))]
    assert told[:3] == [drawing.rows.point(row), drawing.columns.point(column), sign]
    size = drawing.weight.sizes[abs(code) - 1] if code else drawing.weight.zeros
    assert told[3].startswith(f"{size:,} of {drawing.weight.codes.size:,} entries")
    if code:
        assert drawing.weight.meanings[abs(code) - 1].startswith(meaning + "; ")
    else:
        assert meaning == "Every equivariant map is zero here."
    assert meaning.removesuffix(".") in spoken
    assert f"Output {drawing.rows.point(row)}, input {drawing.columns.point(column)}." in spoken


@pytest.mark.parametrize(("name", "row", "column"), ENTRIES)
def test_pointing_at_an_entry_lights_exactly_its_orbital_and_tells_it(opened, name, row, column):
    codes = np.abs(drawings(name)[0].weight.codes.astype(int))
    with opened(name) as page:
        page.point_at(row, column)
        rows, columns, found = page.pixels()
        assert_told(page, drawings(name)[0], row, column)
    lit = found[..., 3] == 255
    expected = codes[rows, columns] == codes[row, column]
    away = np.ones_like(lit)
    if name in SMALL:  # the ring covers the neighbours of the entry
        away[max(0, row - 3) : row + 5, column - 3 : column + 5] = False
    np.testing.assert_array_equal(lit & away, expected & away)


def test_entries_smaller_than_a_pixel_light_the_pixels_that_they_touch(opened):
    codes = drawings("large_graphs")[0].weight.codes
    with opened("large_graphs") as page:
        page.point_at(300, 310)
        tile = int(page.text(".card h3").removeprefix("w"))
        cell = page.tab.evaluate("views[0].picture.geometry.cell.width")
        lit = page.pixels(0, 0)[2][..., 3] == 255
    assert cell < 1
    places = np.floor(np.arange(900) * cell + 1e-6).astype(int)
    touched = np.zeros((places[-1] + 1,) * 2, dtype=bool)
    row, column = np.nonzero(codes == tile + 1)
    touched[places[row], places[column]] = True
    expected = touched[places][:, places]
    away = np.ones_like(lit)
    away[290:320, 300:320] = False
    np.testing.assert_array_equal(lit & away, expected & away)


TOLD = """(colours) => {
  const { canvas, geometry } = views[0].picture;
  const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext("2d");
  copy.drawImage(canvas, 0, 0);
  const { data, width } = copy.getImageData(0, 0, canvas.width, canvas.height);
  const box = canvas.getBoundingClientRect();
  const pairs = [];
  for (let y = geometry.top; y < geometry.top + geometry.inner.height - 1; y += 3) {
    for (let x = geometry.left; x < geometry.left + geometry.inner.width - 1; x += 3) {
      const at = 4 * (y * width + x);
      const { tile } = views[0].under({ clientX: box.left + x + 0.5, clientY: box.top + y + 0.5 });
      pairs.push([colours.indexOf(data.slice(at, at + 3).join()), tile]);
    }
  }
  return pairs;
}"""


def test_of_entries_under_one_pixel_the_one_that_is_seen_is_told(opened):
    colours = [",".join(map(str, bytes.fromhex(colour[1:]))) for colour in palette(17)]
    with opened("large_graphs") as page:
        pairs = np.array(page.tab.evaluate(TOLD, colours))
    seen, told = pairs[pairs[:, 0] >= 0].T  # the others are under the lines of axes
    np.testing.assert_array_equal(seen, told)
    assert len(seen) > 20_000 and len(np.unique(seen)) > 9


def test_a_large_matrix_is_zoomed_into_until_its_entries_are_seen(opened):
    codes = drawings("large_graphs")[0].weight.codes
    with opened("large_graphs") as page:
        for _ in range(2):
            page.tab.get_by_label("Larger").click()
        page.point_at(40, 41)
        assert page.tab.evaluate("views[0].picture.geometry.cell.width") == 1
        rows, columns, found = page.pixels()
    away = np.ones(found.shape[:2], dtype=bool)
    away[35:46, 35:46] = False
    expected = codes[rows, columns] == codes[40, 41]
    np.testing.assert_array_equal((found[..., 3] == 255) & away, expected & away)


@pytest.mark.parametrize("name", ["maron_2_2", "chsh", "p4m_pixels"])
def test_every_entry_has_the_colour_of_its_tile(opened, name):
    drawing = drawings(name)[0]
    codes = np.abs(drawing.weight.codes.astype(int))
    colours = palette(drawing.weight.count + drawing.bias.count)
    table = np.array([[255, 255, 255], *([*bytes.fromhex(c[1:])] for c in colours)])
    with opened(name) as page:
        rows, columns, found = page.pixels()
    np.testing.assert_array_equal(found[..., :3], table[codes][rows, columns])


def test_a_bias_entry_lights_its_orbit_and_no_weight(opened):
    codes = drawings("maron_2_2")[0].bias.codes[:, 0]
    with opened("maron_2_2") as page:
        page.point_at(6, -1)
        assert not (page.pixels()[2][..., 3] == 255).any()
        assert page.text(".card h3") == "b0"
        assert "the orbit of (0, 0)" in page.text(".card")
        assert f"{(codes == codes[6]).sum()} of 25 entries" in page.text(".card")


def test_the_matrix_is_gone_through_with_the_keys(opened):
    drawing = drawings("weight_space")[0]
    with opened("weight_space") as page:
        keys, tab = page.tab.keyboard, page.tab
        while not tab.evaluate("document.activeElement.matches('canvas')"):
            keys.press("Tab")
        at = {}
        for key in [
            *("ArrowDown", "ArrowRight", "End", "PageDown", "Home", "ArrowUp"),
            *("Control+End", "Control+Home", "ArrowLeft", "PageUp"),
        ]:
            keys.press(key)
            at[key] = page.text(".spoken").split(".")[0]
        keys.press("End")
        keys.press("ArrowRight")
        assert page.text(".spoken").startswith("Output weight_1 (0, 0), bias. b0:")
    names = {
        "ArrowDown": (1, 0),
        "ArrowRight": (1, 1),
        "End": (1, 16),
        "PageDown": (11, 16),
        "Home": (11, 0),
        "ArrowUp": (10, 0),
        "Control+End": (16, 16),
        "Control+Home": (0, 0),
        "ArrowLeft": (0, 0),
        "PageUp": (0, 0),
    }
    for key, (row, column) in names.items():
        said = f"Output {drawing.rows.point(row)}, input {drawing.columns.point(column)}"
        assert at[key] == said, key


def test_enter_holds_an_orbital_and_escape_frees_it(opened):
    with opened("maron_2_2") as page:
        page.tab.locator("canvas").first.focus()
        page.tab.keyboard.press("ArrowRight")
        page.tab.keyboard.press("Enter")
        held = page.text(".card .meaning")
        page.point_at(20, 3)
        assert page.text(".card .meaning") == held
        assert page.text(".spoken").endswith("Held.")
        assert page.tab.locator(".tile[aria-pressed=true]").count() == 1
        page.tab.keyboard.press("Escape")
        page.point_at(20, 4)
        assert page.text(".card .meaning") != held
        page.tab.mouse.down()
        page.tab.mouse.up()
        page.tab.mouse.move(0, 0)
        assert page.tab.locator(".card.held").count() == 1


SLOW = [
    pytest.param("weight_space", marks=pytest.mark.all),
    *(pytest.param(name, marks=pytest.mark.all) for name in SLOWER),
]


@pytest.mark.parametrize("name", thinned(["chsh", "maron_2_2", "large_graphs"], 3) + SLOW)
def test_every_generator_ends_in_the_same_picture(opened, name):
    motions = drawings(name)[0].motions
    with opened(name) as page:
        buttons = page.tab.locator(".generator")
        assert buttons.count() == len(motions)
        before = page.picture()
        for number, motion in enumerate(motions):
            assert motion.name in buttons.nth(number).text_content()
            buttons.nth(number).click()
            said = page.arrived()
            assert said.startswith(f"{motion.name}: ")
            assert f"all {drawings(name)[0].weight.codes.size} entries agree" in said
            assert page.picture() == before


@pytest.mark.parametrize("name", [*MOVED, *SLOW[1:]])
def test_columns_go_where_the_generator_takes_them(opened, name):
    """With reduced motion the picture rests at T rho(g)^-1: the oracle permutes the codes."""
    drawing = drawings(name)[0]
    colours = palette(drawing.weight.count + drawing.bias.count)
    table = np.array([[255, 255, 255], *([*bytes.fromhex(c[1:])] for c in colours)])
    with opened(name, reduced_motion="reduce") as page:
        for number, motion in enumerate(drawing.motions):
            page.tab.locator(".generator").nth(number).click()
            rows, columns, found = page.pixels()
            moved = np.empty_like(drawing.weight.codes)
            moved[:, motion.columns.images] = drawing.weight.codes
            expected = table[np.abs(moved.astype(int))][rows, columns]
            np.testing.assert_array_equal(found[..., :3], expected)
            assert "unchanged" not in page.text(".status")


STAY = """() => {
  const { picture } = views[0];
  picture.move = (state) => state && Picture.prototype.move.call(picture, state);
}"""


@pytest.mark.parametrize("name", ["maron_2_2", "weight_space"])
def test_rows_go_after_the_columns_to_where_all_agrees(opened, name):
    """The last picture of a motion, which is kept here, has every entry where it began."""
    with opened(name, reduced_motion="reduce") as page:
        before = page.pixels()[2]
        page.tab.evaluate(STAY)
        page.tab.locator(".generator").nth(1).click()
        assert not np.array_equal(page.pixels()[2], before)
        page.arrived()
        np.testing.assert_array_equal(page.pixels()[2], before)


def test_signs_flip_on_the_way(opened):
    drawing = drawings("chsh")[0]
    ((number, flip),) = [(k, m) for k, m in enumerate(drawing.motions) if m.name == "settings"]
    with opened("chsh", reduced_motion="reduce") as page:
        page.tab.locator(".generator").nth(number).click()
        centres = page.pixels(0.5, 0.5)[2][..., :3].astype(int)
        grounds = page.pixels()[2][..., :3].astype(int)
    moved = np.empty_like(drawing.weight.codes)
    moved[:, flip.columns.images] = drawing.weight.codes * flip.columns.signs
    marked = (np.abs(centres - grounds).sum(axis=-1) > 0) & (moved != 0)
    np.testing.assert_array_equal(marked, moved < 0)
    assert not np.array_equal(moved, drawing.weight.codes)


BETWEEN = """() => new Promise((done) => {
  const look = () => {
    const { travel, canvas } = views[0].picture;
    const time = travel && travel.columns.time;
    if (time > 0.3 && time < 1) done(canvas.toDataURL());
    else requestAnimationFrame(look);
  };
  document.querySelector(".generator").click();
  look();
})"""


def test_the_picture_moves_in_between(opened):
    with opened("deepsets") as page:
        before = page.picture()
        assert page.tab.evaluate(BETWEEN) != before


def test_a_generator_that_acts_by_matrices_says_so(opened):
    with opened("ammonia") as page:
        before = page.picture()
        page.tab.locator(".generator").first.click()
        assert "rotation acts by matrices: rows and columns turn into sums" in page.text(".status")
        assert page.picture() == before
