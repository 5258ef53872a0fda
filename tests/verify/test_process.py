"""A page runs in a process of its own: whatever it does, the command says one line and goes on."""

import os
import re
import time

import pytest

from intertwine import SpecError, TooLargeError, solve
from intertwine.errors import IntertwineError, PageError
from intertwine.limits import limited_to
from intertwine.verify.process import Nursery
from intertwine.verify.verify import verify_page

SETS = {"name": "sets", "group": {"alternating": 4}, "input": "points", "output": "points"}


@pytest.fixture(scope="module")
def page():
    return solve(SETS).page


@pytest.fixture(scope="module")
def nursery():
    with Nursery() as shared:
        yield shared


def written(text, folder):
    path = folder / "page.py"
    path.write_text(text)
    return path


def beginning(page, code):
    """The page with code of its own before all else."""
    return page.replace("import torch\n", f"import torch\n\n{code}\n", 1)


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("raise ValueError('no\\nline')", "that raises ValueError: no"),
        ("raise SystemExit(3)", "that raises SystemExit: 3"),
        ("raise KeyboardInterrupt", "that raises KeyboardInterrupt"),
        ("import os; os._exit(7)", r"that ends the process \(with 7\)"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)", "that ends the process"),
        ("1 +", "that raises SyntaxError"),
        ("def f(): f()\nf()", "that raises RecursionError"),
        ("import sys; sys.path.clear(); import nothing", "that raises ModuleNotFoundError"),
        ("import os\nfor n in range(3, 40):\n    try: os.write(n, b'\\xff' * 64)\n"
         "    except OSError: pass", "that answers nonsense|answer of .* would need"),
        ("import os; os.closerange(3, 40)", "that "),
    ],
)  # fmt: skip
def test_a_page_that_ends_early_is_refused_in_a_line(code, said, page, nursery, tmp_path):
    with pytest.raises((SpecError, TooLargeError), match=said) as caught:
        verify_page(written(beginning(page, code), tmp_path), nursery)
    assert caught.value.exit_code in (2, 4)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("code", "memory"),
    [
        ("import time; time.sleep(1000)", None),
        ("while True: pass", None),
        ("x = 'a' * (1 << 32)", 1 << 28),
        ("import torch\nx = torch.ones(1 << 29)", 1 << 28),
    ],
)
def test_a_page_without_end_is_ended(code, memory, page, nursery, tmp_path):
    path = written(beginning(page, code), tmp_path)
    before = time.monotonic()
    with pytest.raises(TooLargeError, match=r"--time|--memory") as caught, limited_to(memory, 1):
        verify_page(path, nursery)
    assert caught.value.exit_code == 4
    assert time.monotonic() - before < 30


def test_what_a_page_leaves_running_is_ended(page, nursery, tmp_path):
    told = tmp_path / "pid"
    code = (
        "import os, time\nif (pid := os.fork()) == 0:\n    time.sleep(1000)\n"
        f"open({str(told)!r}, 'w').write(str(pid))"
    )
    assert "dimension 2" in verify_page(written(beginning(page, code), tmp_path), nursery)
    for _ in range(50):
        try:
            os.kill(int(told.read_text()), 0)
        except ProcessLookupError:
            return
        time.sleep(0.1)
    raise AssertionError("the process is still there")


def test_a_page_leaves_nothing_to_the_next(page, tmp_path):
    """One nursery for several: what the first does to torch and to our modules, no other meets."""
    spoilt = (
        "import intertwine.verify.ran as ran, numpy\n"
        "torch.Tensor.uniform_ = lambda x, *ends: x.zero_()\n"
        "ran.Page.forward = lambda *given: (None, [])\nnumpy.array = None"
    )
    with Nursery() as nursery:
        with pytest.raises(IntertwineError):
            verify_page(written(beginning(page, spoilt), tmp_path), nursery)
        assert "dimension 2" in verify_page(written(page, tmp_path), nursery)
        wrong = page.replace("Dimension: 2", "Dimension: 3")
        assert wrong != page
        with pytest.raises(PageError):
            verify_page(written(wrong, tmp_path), nursery)


def test_a_page_that_prints_without_end_is_not_heard(page, nursery, tmp_path, capfd):
    noise = "import os, sys\nprint('x' * 10**6)\nos.write(1, b'y' * 10**6)\nos.write(2, b'z' * 100)"
    assert "dimension 2" in verify_page(written(beginning(page, noise), tmp_path), nursery)
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"input": (4,)', '"input": (1 << 45,)', "does not say what an emitted page says"),
        ('"input": (4,)', '"input": ("n",)', "does not say what an emitted page says"),
        ('"input": (4,)', '"input": (-4,)', "does not say what an emitted page says"),
        ("GENERATORS = {", "GENERATORS = 3 or {", "does not say"),
        ("GENERATORS = {", "GENERATORS = {object(): 3} or {", "a constant that is a object"),
        ("return y.unflatten", "return y.T.unflatten", "that raises|has shape"),
        ("return y.unflatten", "return float('nan') * y.unflatten", "not finite"),
        ("return y.unflatten", "return 3 or y.unflatten", "in place of a tensor"),
        ("return y.unflatten", "return (y, y) or y.unflatten", "it gives 2 outputs"),
    ],
)
def test_a_page_that_lies_is_refused(old, new, said, page, nursery, tmp_path):
    assert old in page
    with pytest.raises(IntertwineError, match=said) as caught:
        verify_page(written(page.replace(old, new), tmp_path), nursery)
    assert caught.value.exit_code in (2, 3)
    assert "\n" not in str(caught.value)


def test_an_object_that_only_looks_like_a_tensor_is_none(page, nursery, tmp_path):
    code = """
class Odd(torch.Tensor):
    @property
    def shape(self):
        return torch.Size([3, 4])
"""
    text = beginning(page, code).replace("return y.unflatten(", "return y.as_subclass(Odd) or (")
    with pytest.raises(IntertwineError):
        verify_page(written(text, tmp_path), nursery)


def test_what_is_no_file_or_no_page_is_refused(nursery, tmp_path):
    (tmp_path / "folder.py").mkdir()
    for name in ("missing.py", "folder.py"):
        with pytest.raises(SpecError, match=name):
            verify_page(tmp_path / name, nursery)
    for text in ("", "import torch\n", "class Layer: pass\n"):
        with pytest.raises(SpecError, match="an emitted page"):
            verify_page(written(text, tmp_path), nursery)


def test_a_page_that_differs_says_what_to_do(page, nursery, tmp_path):
    changed = re.sub(r"Dimension: 2", "Dimension: 3", page)
    with pytest.raises(
        PageError, match="says 3 for the dimension, which is 2; solve its spec"
    ) as e:
        verify_page(written(changed, tmp_path), nursery)
    assert e.value.exit_code == 3
