"""A page in this process in place of one of its own, for tests that verify many."""

import signal
from contextlib import contextmanager

from intertwine.errors import SpecError
from intertwine.verify.ran import TAKE_ARRAYS, Page
from intertwine.verify.verify import verify_running


class Slow(BaseException):
    """A page that runs too long."""


@contextmanager
def within(seconds):
    """Raise `Slow` where something takes longer."""

    def stop(number, frame):
        raise Slow

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


class Direct:
    """Answers as the process of a page does."""

    def __init__(self, path):
        self.path, self.page = path, None

    def ask(self, name, arguments=(), arrays=()):
        given = [list(arrays)] if name in TAKE_ARRAYS else []
        try:
            self.page = self.page or Page(self.path)
            return getattr(self.page, name)(*arguments, *given)
        except (Exception, SystemExit) as error:
            raise SpecError(f"a page that raises {error}", "a page", "solve it again") from None


def verified(path):
    """What `verify` says of a page, which raises where it refuses."""
    return verify_running(path.name, Direct(path))
