"""Little memory: a command solves, or says one line and leaves no file."""

import resource

import pytest

from intertwine import limits
from tests.hardening.processes import assert_clear, run
from tests.hardening.tally import EFFORT, tried
from tests.solved import ROOT

pytestmark = pytest.mark.slow

MEBIBYTE = 2**20
SPECS = ROOT / "specs"
HUGE = {
    "listed": "group: {alternating: 200}\ninput: {power: [points, 2]}\n"
    "output: {power: [points, 2]}\n",
    "endless": "group: {symmetric: 9}\ninput: regular\noutput: regular\n",
    "walked": "group: {cyclic: 20000}\ninput: points\noutput: points\n",
    "grid": "group: {grid: {shape: [400, 400], symmetry: p4m}}\ninput: poses\noutput: pixels\n",
    "linear": "group: {dihedral: 300}\ninput: {tensor: [points, vector]}\n"
    "output: {tensor: [points, vector]}\n",
}
SMALL = ["ammonia", "chess_board", "maron_2_2", "weight_space"]


@pytest.fixture(scope="module")
def specs(tmp_path_factory):
    """Paths of specs from small to huge, by name."""
    folder = tmp_path_factory.mktemp("specs")
    for name, text in HUGE.items():
        (folder / f"{name}.yaml").write_text(f"name: {name}\n{text}")
    return {name: folder / f"{name}.yaml" for name in HUGE} | {
        name: SPECS / f"{name}.yaml" for name in SMALL
    }


def assert_whole(folder):
    """Every file that stands there is Python to its end."""
    for path in folder.iterdir():
        assert path.suffix == ".py", path
        compile(path.read_bytes(), path.name, "exec")


LEVELS = [32, 250, 256, 320] + [280, 300, 400, 512, 800, 1200] * (EFFORT > 1)
ULIMITS = [
    (name, level)
    for place, name in enumerate([*HUGE, *SMALL])
    for level in (LEVELS if EFFORT > 1 else LEVELS[place % 2 :: 2])
    if name in HUGE or level >= 256
]


@pytest.mark.slow
@pytest.mark.parametrize(("name", "level"), ULIMITS)
def test_address_space(specs, tmp_path, name, level):
    """Under `ulimit -v`: exit code 0 or 4, one line, and no partial file."""
    limit = [(resource.RLIMIT_AS, level * MEBIBYTE)]
    arguments = ["solve", specs[name], "--quiet", "--emit", tmp_path / "out"]
    code, out, error = run(*arguments, cwd=tmp_path, limits=limit)
    assert_clear(code, error, (0, 4))
    assert out == ""
    assert code == 4 or level >= 256
    assert (tmp_path / "out" / f"{name}.py").exists() == (code == 0)
    if code == 0:
        assert_whole(tmp_path / "out")
    tried(1, "processes")


@pytest.mark.parametrize("name", ["listed", "walked", "grid", *SMALL])
def test_memory_option(specs, tmp_path, cli, name):
    """With `--memory`: exit code 0 and the page of an unlimited solve, or 4 and no file."""
    pages = {}
    for size in ["1", "1K", "100K", "1M", "8M", "64M", "256M"]:
        folder = tmp_path / size
        code, out, error = cli(
            "solve",
            str(specs[name]),
            "--memory",
            size,
            "--quiet",
            "--emit",
            str(folder),
        )
        assert_clear(code, error, (0, 4))
        assert out == ""
        assert folder.exists() == (code == 0)
        if code == 0:
            assert_whole(folder)
            pages[size] = (folder / f"{name}.py").read_bytes()
        tried(1, "solves")
    assert len(set(pages.values())) <= 1
    assert name not in SMALL or "256M" in pages
    assert name in SMALL or "1K" not in pages


def test_every_size_of_memory_solves_or_refuses(specs, tmp_path, cli):
    """What a limit allows, every larger one allows too."""
    for name in SMALL:
        codes = [
            cli("count", str(specs[name]), "--quiet", "--memory", str(2**power))[0]
            for power in range(0, 30, 2)
        ]
        assert set(codes) <= {0, 4}
        assert codes == sorted(codes, reverse=True)
        tried(len(codes), "counts")


def test_what_is_free_is_that_of_the_smallest_limit(tmp_path):
    """The default limit knows the machine's memory, a container's and the process's own."""
    (tmp_path / "memory.max").write_text("1000000\n")
    (tmp_path / "memory.current").write_text("700000\n")
    (tmp_path / "memory.stat").write_text("anon 400000\ninactive_file 200000\n")
    assert limits._of_container(str(tmp_path)) == [500000]
    (tmp_path / "memory.max").write_text("max\n")
    assert limits._of_container(str(tmp_path)) == []
    assert limits._of_container(str(tmp_path / "none")) == []
    code, _, error = run("solve", "-", cwd=tmp_path, limits=[(resource.RLIMIT_AS, 100 * MEBIBYTE)])
    assert (code, "100.0 MiB of address space" in error) == (4, True)
    tried(5, "limits")
