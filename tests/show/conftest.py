"""One browser a session, and the pages of specs in it."""

import pytest

from tests.show.browser import executable, launched, page_of


@pytest.fixture(scope="session")
def browser():
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with playwright.sync_playwright() as started:
        if executable(started) is None:
            pytest.skip("no Chromium: apt-get install chromium, or playwright install chromium")
        yield launched(started)


@pytest.fixture(scope="session")
def opened(browser, tmp_path_factory):
    """Opens the page of a spec, offline; it must not complain of anything."""
    folder = tmp_path_factory.mktemp("pages")
    return lambda name, **options: page_of(browser, folder, name, **options)
