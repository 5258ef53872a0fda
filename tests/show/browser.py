"""Pages in a real browser: a headless Chromium, and what it paints.

`python -m tests.show.browser maron_2_2 7,9 docs/pictures/maron_2_2_page.png` writes a screenshot
of a spec's page while the pointer is on an entry.
"""

import shutil
import sys
from base64 import b64decode
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from intertwine.show.drawing import drawing_of
from intertwine.show.web.page import html_page
from tests.solved import NETWORKS, network, solved

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
SAMPLE = """([view, dx, dy]) => {
  const { canvas, geometry, scroll } = views[view].picture;
  const scale = window.devicePixelRatio;
  const { rows, columns } = geometry.range(scroll);
  const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext("2d");
  copy.drawImage(canvas, 0, 0);
  const { width, data } = copy.getImageData(0, 0, canvas.width, canvas.height);
  let found = "";
  for (let row = rows[0]; row < rows[1]; row += 1) {
    for (let column = columns[0]; column < columns[1]; column += 1) {
      const x = Math.floor(geometry.x(column + dx, scroll) * scale);
      const y = Math.floor(geometry.y(row + dy, scroll) * scale);
      const at = 4 * (y * width + x);
      found += String.fromCharCode(...data.slice(at, at + 4));
    }
  }
  return [rows, columns, btoa(found)];
}"""
PLACE = """([view, row, column]) => {
  const { geometry, canvas, scroll } = views[view].picture;
  const box = canvas.getBoundingClientRect();
  const x = column < 0 ? geometry.biasLeft + geometry.bias / 2 : geometry.x(column + 0.5, scroll);
  return [box.left + x, box.top + geometry.y(row + 0.5, scroll)];
}"""


@cache
def drawings(name):
    """The layers of a spec or of a network's spec."""
    spaces = network(name).layer_spaces if name in NETWORKS else [solved(name)]
    return [drawing_of(space) for space in spaces]


def executable(playwright):
    """Where a Chromium is, if there is one: on the path, or playwright's own."""
    own = Path(playwright.chromium.executable_path)
    return next(filter(None, map(shutil.which, NAMES)), str(own) if own.exists() else None)


def launched(playwright):
    """A headless Chromium that needs neither a sandbox nor a graphics card."""
    arguments = ["--no-sandbox", "--disable-gpu"]
    return playwright.chromium.launch(executable_path=executable(playwright), args=arguments)


class Page:
    """A page in a tab that is offline; `errors` are what its console complains of."""

    def __init__(self, browser, path, width=1280, height=800, **options):
        self.context = browser.new_context(viewport={"width": width, "height": height}, **options)
        self.context.set_offline(True)
        self.tab = self.context.new_page()
        self.errors = []
        self.tab.on("pageerror", lambda error: self.errors.append(str(error)))
        self.tab.on("console", lambda said: self.errors.append(said.text))
        self.tab.goto(path.as_uri())

    def point_at(self, row, column, view=0):
        """Move the pointer over an entry; column -1 is the bias."""
        self.tab.mouse.move(*self.tab.evaluate(PLACE, [view, row, column]))
        self.settle()

    def settle(self):
        """Wait for what is to be painted."""
        self.tab.evaluate("new Promise((done) => requestAnimationFrame(() => setTimeout(done)))")

    def pixels(self, dx=0.2, dy=0.2, view=0):
        """Rows and columns in view, and of every entry the pixel at a place in it, as RGBA."""
        rows, columns, found = self.tab.evaluate(SAMPLE, [view, dx, dy])
        shape = (rows[1] - rows[0], columns[1] - columns[0], 4)
        return (
            slice(*rows),
            slice(*columns),
            np.frombuffer(b64decode(found), np.uint8).reshape(shape),
        )

    def picture(self, view=0):
        """All that the canvas shows, as text."""
        return self.tab.evaluate("(view) => views[view].picture.canvas.toDataURL()", view)

    def arrived(self):
        """Wait until a generator has moved everything: what is said then."""
        self.tab.locator(".status", has_text="unchanged").wait_for(timeout=20_000)
        return self.text(".status")

    def text(self, selector):
        """The text of the first element that is selected."""
        return self.tab.locator(selector).first.text_content()


@contextmanager
def page_of(browser, folder, name, **options):
    """The page of a spec, which must not complain of anything."""
    path = Path(folder) / f"{name}.html"
    if not path.exists():
        path.write_text(html_page(drawings(name)), "ascii")
    page = Page(browser, path, **options)
    yield page
    page.context.close()
    assert not page.errors, page.errors


def screenshot(name, row, column, path):
    """Write what the page of a spec looks like with the pointer on an entry, 1280 x 800."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright, TemporaryDirectory() as folder:
        with page_of(launched(playwright), folder, name) as page:
            page.point_at(row, column)
            page.tab.screenshot(path=path)


if __name__ == "__main__":
    screenshot(sys.argv[1], *map(int, sys.argv[2].split(",")), sys.argv[3])
