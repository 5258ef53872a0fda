"""The page for everybody: small screens, dark ones, keys only, and names for what is pressed."""

import re
from itertools import product

import numpy as np
import pytest

from tests.show.browser import drawings

pytestmark = pytest.mark.slow

EVERY = [
    *("maron_2_2", "chsh", "ammonia", "weight_space"),
    *("cnn_digits", "large_graphs", "no_pseudovector", "fully_connected"),
]
SHIFTS = """() => {
  window.shifted = 0;
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) window.shifted += entry.value;
  }).observe({ type: "layout-shift", buffered: true });
}"""
NAMELESS = """() => [...document.querySelectorAll("button, a, summary, canvas, section, nav")]
  .filter((element) => {
    const by = element.getAttribute("aria-labelledby");
    const said = by ? document.getElementById(by).textContent : element.getAttribute("aria-label");
    const hidden = element.closest("details:not([open])") && element.tagName !== "SUMMARY";
    const sectioning = element.tagName === "SECTION" && element.querySelector("h3");
    return !hidden && !sectioning && !(said || element.textContent).trim();
  })
  .map((element) => element.outerHTML)"""


@pytest.mark.parametrize("name", EVERY)
def test_a_narrow_page_does_not_scroll_sideways_and_all_has_a_name(opened, name):
    with opened(name, width=320, height=640) as page:
        for summary in page.tab.locator("summary").all():
            summary.click()
        page.settle()
        assert page.tab.evaluate("document.documentElement.scrollWidth") <= 320
        assert page.tab.evaluate(NAMELESS) == []
        ids = page.tab.evaluate("[...document.querySelectorAll('[id]')].map((e) => e.id)")
        assert len(ids) == len(set(ids))
        described = page.tab.locator("canvas[aria-describedby]").first
        assert page.text("#" + described.get_attribute("aria-describedby"))


@pytest.mark.parametrize("name", ["maron_2_2", "weight_space"])
def test_nothing_jumps_when_entries_are_looked_at(opened, name):
    with opened(name) as page:
        page.tab.evaluate(SHIFTS)
        for row, column in product((0, 5, 16), (0, 7, -1)):
            page.point_at(row, column)
        page.tab.locator(".generator").first.click()
        page.settle()
        assert page.tab.evaluate("window.shifted") == 0


def luminance(colour):
    """The relative luminance of WCAG 2.1 of a colour such as rgb(1, 2, 3)."""
    parts = np.array([*map(int, re.findall(r"\d+", colour)[:3])]) / 255
    linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    return linear @ [0.2126, 0.7152, 0.0722]


GROUNDED = """() => [...document.querySelectorAll("body *")]
  .filter((element) => [...element.childNodes].some((c) => c.nodeType === 3 && c.data.trim()))
  .filter((element) => element.checkVisibility() && element.tagName !== "NOSCRIPT")
  .map((element) => {
    let ground = element;
    const clear = () => getComputedStyle(ground).backgroundColor === "rgba(0, 0, 0, 0)";
    while (clear() && ground.parentElement) ground = ground.parentElement;
    return [element.textContent, getComputedStyle(element).color,
      getComputedStyle(ground).backgroundColor];
  })"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_is_told_from_its_ground(opened, scheme):
    with opened("cnn_digits", color_scheme=scheme) as page:
        page.point_at(3, 3)
        page.tab.mouse.down()
        page.tab.mouse.up()
        found = page.tab.evaluate(GROUNDED)
    assert len(found) > 50
    dark = luminance(found[0][2]) < 0.1
    assert dark == (scheme == "dark")
    for text, ink, ground in found:
        darker, lighter = sorted([luminance(ink), luminance(ground)])
        assert (lighter + 0.05) / (darker + 0.05) >= 4.5, text


def test_the_list_is_gone_through_with_the_keys(opened):
    drawing = drawings("chsh")[0]
    with opened("chsh") as page:
        keys = page.tab.keyboard
        page.tab.locator(".tile").first.focus()
        keys.press("ArrowDown")
        keys.press("ArrowDown")
        codes = np.abs(drawing.weight.codes)
        page.settle()
        rows, columns, found = page.pixels()
        np.testing.assert_array_equal(found[..., 3] == 255, codes[rows, columns] == 3)
        keys.press("End")
        assert page.text(".card h3") == "b0"
        keys.press("Enter")
        keys.press("Tab")
        assert page.tab.locator(".card.held").count() == 1
        assert page.text(".tile[aria-pressed=true] .name") == "b0"


def test_generators_are_reached_with_the_tab_key(opened):
    with opened("chsh", reduced_motion="reduce") as page:
        page.tab.locator("canvas").first.focus()
        page.tab.keyboard.press("Tab")
        assert page.tab.evaluate("document.activeElement.textContent").startswith("parties")
        page.tab.keyboard.press("Enter")
        assert "parties" in page.arrived()


def test_zooming_keeps_the_entry_in_view(opened):
    with opened("rubiks_cube") as page:
        page.tab.locator("canvas").first.focus()
        for key in ["Control+End", *"+++"]:
            page.tab.keyboard.press(key)
        page.settle()
        rows, columns, found = page.pixels()
        assert (rows.stop, columns.stop) == (48, 48)
        assert rows.start > 0
        codes = np.abs(drawings("rubiks_cube")[0].weight.codes)
        lit = codes[rows, columns] == codes[47, 47]
        np.testing.assert_array_equal(found[1:, 1:, 3] == 255, lit[1:, 1:])


def test_a_fine_screen_shows_the_same(opened):
    codes = np.abs(drawings("maron_2_2")[0].weight.codes)
    with opened("maron_2_2", device_scale_factor=2) as page:
        page.point_at(3, 14)
        rows, columns, found = page.pixels()
    np.testing.assert_array_equal(found[..., 3] == 255, (codes == codes[3, 14])[rows, columns])


def test_a_network_has_a_section_a_layer(opened):
    layers = drawings("cnn_digits")
    with opened("cnn_digits") as page:
        assert page.tab.locator("h2").all_text_contents() == [layer.name for layer in layers]
        page.tab.locator("nav a").nth(1).click()
        page.point_at(2, 3, view=1)
        codes = layers[1].weight.codes
        lit = page.pixels(view=1)[2][..., 3] == 255
        np.testing.assert_array_equal(lit, codes == codes[2, 3])


@pytest.mark.parametrize("name", ["maron_2_2", "cross_product"])
def test_basis_elements_are_drawn_when_they_are_asked_for(opened, name):
    drawing = drawings(name)[0]
    painted = """(canvas) => [...canvas.getContext("2d")
      .getImageData(0, 0, canvas.width, canvas.height).data]"""
    with opened(name) as page:
        assert page.tab.locator(".multiples canvas").count() == 0
        page.tab.locator("summary").click()
        page.tab.locator(".multiples canvas").first.wait_for()
        found = [c.evaluate(painted) for c in page.tab.locator(".multiples canvas").all()]
    assert len(found) == drawing.dimension
    for number, data in enumerate(found):
        element = drawing.element(number)
        alpha = np.array(data).reshape(*element.shape, 4)[..., 3]
        np.testing.assert_array_equal(alpha == 255, element > 0)
        np.testing.assert_array_equal(alpha > 0, element != 0)
