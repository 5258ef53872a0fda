"""Each test's counts go to its row of the table: its module's first line, and its own."""

import pytest

from tests.hardening import tally


def _first_line(thing):
    return (thing.__doc__ or thing.__name__).strip().splitlines()[0].rstrip(".")


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item):
    place = item.path.name, item.location[1]
    tally.begin(place, _first_line(item.module), _first_line(item.function))


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    outcome = yield
    if outcome.get_result().failed:
        tally.failed()


def pytest_sessionfinish():
    tally.write()
