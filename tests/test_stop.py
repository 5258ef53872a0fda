"""Signals stop the command, whatever a library makes of the exception that they raise."""

import os
import signal
import subprocess
import sys
import time

import pytest

from intertwine.cli.stop import Stop
from tests.hardening.processes import environment, heard
from tests.solved import ROOT

SPEC = ROOT / "specs" / "deepsets.yaml"
NUMBERS = [signal.SIGINT, signal.SIGTERM]
SAID = {signal.SIGINT: "interrupted", signal.SIGTERM: "terminated"}
# A command that gets signals where it does its work, and a library that takes the exception.
STRUCK = """\
import contextlib, os, signal, sys, time, weakref
way, number, times = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
sys.argv = ["intertwine", *sys.argv[4:]]
def strike():
    os.kill(os.getpid(), number)
    for _ in range(1000):
        time.sleep(0.001)
class Struck:
    def __del__(self):
        strike()
strikes = iter(range(times))
def work(*given):
    for _ in strikes:
        if way == "schema":
            import pydantic
            from pydantic_core import core_schema
            class Struck_by(int):
                @classmethod
                def __get_pydantic_core_schema__(cls, source, handler):
                    try:
                        strike()
                    except BaseException as error:
                        raise pydantic.errors.PydanticSchemaGenerationError("broken") from error
            class Form(pydantic.BaseModel):
                number: Struck_by
        elif way == "turned":
            try:
                strike()
            except BaseException:
                raise ImportError("cannot allocate memory") from None
        elif way == "caught":
            with contextlib.suppress(BaseException):
                strike()
        elif way == "exec":
            exec("strike()", {"strike": strike})
        elif way == "exit":
            try:
                strike()
            except BaseException:
                sys.exit(0)
        elif way == "lost":
            Struck()
    if times == 1 and way == "caught":
        return load_document(*given)
    while True:
        time.sleep(0.01)
import intertwine.spec.load as load
load_document, load.load_document = load.load_document, work
from intertwine.cli import main
main()
"""


def struck(way, number, times=1):
    """How a solve ends that is struck: the exit code, and what was said."""
    command = [sys.executable, "-c", STRUCK, way, str(int(number)), str(times)]
    done = subprocess.run(
        [*command, "solve", SPEC, "--no-emit"],
        env=environment(), preexec_fn=heard, capture_output=True, text=True, timeout=60,
        check=False,
    )  # fmt: skip
    return done.returncode, done.stderr


@pytest.mark.parametrize("number", NUMBERS)
@pytest.mark.parametrize("way", ["schema", "turned", "caught", "exec", "exit", "lost"])
def test_a_signal_ends_the_command_whatever_a_library_makes_of_it(way, number):
    line = f"intertwine: {SAID[number]}; nothing was half written\n"
    assert struck(way, number) == (128 + number, line)


@pytest.mark.parametrize("number", NUMBERS)
def test_a_second_signal_ends_the_process_at_once(number):
    assert struck("caught", number, times=2) == (-number, "")


@pytest.mark.parametrize("number", NUMBERS)
def test_the_exception_is_raised_again_until_the_block_ends(number):
    started, times = time.monotonic(), 0
    with (stop := Stop()):
        while times < 3:
            try:
                time.sleep(10) if times else signal.raise_signal(number)
            except KeyboardInterrupt:
                times += 1
    stop.restore()
    assert (stop.code, times) == (128 + number, 3)
    assert 1.5 < time.monotonic() - started < 8
    assert signal.getitimer(signal.ITIMER_REAL) == (0, 0)


def test_without_a_signal_all_is_as_before():
    before = [signal.getsignal(number) for number in (*NUMBERS, signal.SIGALRM)]
    hook = sys.unraisablehook
    with pytest.raises(ValueError, match="ours"), (stop := Stop()):
        raise ValueError("ours")
    stop.restore()
    assert [signal.getsignal(number) for number in (*NUMBERS, signal.SIGALRM)] == before
    assert sys.unraisablehook is hook
    assert (stop.said, stop.code) == ("", 0)


def test_a_signal_that_the_shell_ignores_stays_ignored():
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with (stop := Stop()):
            signal.raise_signal(signal.SIGINT)
            assert signal.getsignal(signal.SIGINT) == signal.SIG_IGN
        stop.restore()
    finally:
        signal.signal(signal.SIGINT, before)
    assert stop.code == 0


def test_signals_are_looked_after_before_anything_heavy_is_imported():
    code = "import intertwine.cli, sys; print(sorted(m for m in sys.modules if m[0] != '_'))"
    done = subprocess.run(
        [sys.executable, "-S", "-c", code],
        env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    light = {"intertwine", "intertwine.cli", "intertwine.cli.main", "intertwine.cli.stop"}
    mine = {m for m in eval(done.stdout) if m.split(".")[0] not in sys.stdlib_module_names}
    assert mine == light
    assert not {"pathlib", "subprocess", "dataclasses", "inspect"} & set(eval(done.stdout))
