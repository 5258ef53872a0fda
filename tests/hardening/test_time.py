"""Small specs that would run past a minute: their numbers by structure, or a refusal in time."""

from pathlib import Path

import pytest

from intertwine.errors import SpecError, TooLargeError
from intertwine.limits import (
    accounted,
    human_time,
    limited_to,
    parse_duration,
    seconds_left,
    spend,
)
from intertwine.pipeline import count
from tests.hardening.clock import within
from tests.hardening.processes import run
from tests.hardening.tally import tried

SLOW = sorted((Path(__file__).parents[1] / "truth" / "slow").glob("*.yaml"))

# What structure says; None where only orbits would tell, and too many points are in the way.
DIMENSIONS = {
    "aut_empty8000": 2,  # all of S_8000
    "aut_star": 2,  # S_2 x S_5998 has two orbits of vertices
    "fields_pow": 121**2 * 203,  # Bell's number of six axes for each pair of fields
    "hyp_ext": 0,  # -1 acts with (-1)^12 and with -1
    "m24_sub": None,
    "std1000": 1,
    "std100000": 1,
    "sum500": 500**2 * 7,
    "sum500m": 250**2,
    "sym_ext": 2,  # wedges 12 and 13 of the standard representation
    "sym_reg11": 11,
    "sym_sub3": 2,  # a point is in the subset or not
    "wr_big": 3,
    "wr_cyc": 100_001,
    "wr_tuples4": 26,  # Hamming distances 0 .. 25
}
MEMORY = 2 << 30
QUICK = ("hyp_ext", "std1000", "sym_sub3", "wr_big", "wr_cyc")
LAYERS = [
    pytest.param(p, marks=pytest.mark.slow if p.stem in QUICK else pytest.mark.all) for p in SLOW
]


@pytest.mark.parametrize("path", SLOW, ids=lambda path: path.stem)
def test_counts_of_slow_specs(path):
    expected = DIMENSIONS[path.stem]
    with within(60), limited_to(MEMORY):
        if expected is None:
            with pytest.raises(TooLargeError, match=r"would take about .*--time"):
                count(path)
        else:
            assert count(path).dimension == expected
    tried(1, "counts")


@pytest.mark.parametrize("path", LAYERS, ids=lambda value: getattr(value, "stem", None))
def test_layers_of_slow_specs_end(path, tmp_path):
    """Solved with the right dimension, or refused with what would be needed; within a minute."""
    limits = ("--memory", "2G", "--quiet", "--emit", tmp_path)
    with within(60):
        code, _, error = run("solve", path, *limits, cwd=tmp_path)
    assert code in (0, 4), error
    assert (code == 0) == any(tmp_path.glob("*.py"))
    if code == 4:
        assert ("would " in error and "limit" in error) or "at most" in error
    tried(1, "layers")


def test_every_slow_spec_has_its_number():
    assert {path.stem for path in SLOW} == set(DIMENSIONS)


def test_more_time_may_be_allowed():
    """The same spec is refused within a second, and solved within a minute."""
    spec = {
        "name": "rows",
        "group": {"generators": {"a": [*range(1, 3000), 0], "b": [0, *range(2999, 0, -1)]}},
        "input": "points",
        "output": "points",
    }
    with limited_to(MEMORY, seconds=0.5), pytest.raises(TooLargeError, match="limit is 1 s"):
        count(spec)
    with limited_to(MEMORY, seconds=60):
        assert count(spec).dimension == 1501


def test_the_command_allows_more_time(tmp_path):
    spec = tmp_path / "gon.yaml"
    spec.write_text("name: gon\ngroup: {dihedral: 3000}\ninput: points\noutput: points\n")
    code, _, error = run("count", spec, "--time", "10ms", cwd=tmp_path)
    assert (code, error) == (
        2,
        "intertwine: given --time 10ms; expected a time such as 90s, 10m or 2h; write a positive "
        "time\n",
    )
    code, _, error = run("count", spec, "--time", "0.01s", cwd=tmp_path)
    assert code == 4 and error.count("\n") == 1
    assert "would take about" in error and "allow more with --time" in error
    code, out, _ = run("count", spec, "--time", "1m", cwd=tmp_path)
    assert code == 0 and out.startswith("gon: dimension 1501, bias 1")


def test_what_a_command_agrees_to_adds_up():
    with limited_to(seconds=10):
        for _ in range(3):
            spend(3, "a part", "take less")
        assert seconds_left() == 1.0
        with pytest.raises(TooLargeError) as refusal:
            spend(3, "the last part", "take less")
    assert str(refusal.value) == (
        "the last part would take about 12 s, and the limit is 10 s; take less, or allow more "
        "with --time"
    )
    with accounted():
        spend(50, "a part", "take less")
        with accounted(), pytest.raises(TooLargeError):
            spend(50, "another", "take less")
    spend(50, "what stands alone", "take less")


@pytest.mark.parametrize(
    ("text", "seconds"), [("90", 90), ("90s", 90), (" 10M ", 600), ("1.5 h", 5400), ("2d", 172800)]
)
def test_times_are_read(text, seconds):
    assert parse_duration(text) == seconds


@pytest.mark.parametrize("text", ["", "0", "-1", "m", "1 week", "1e9", "nan", "10m5s", "٣s"])
def test_what_is_no_time(text):
    with pytest.raises(SpecError, match="expected a time such as"):
        parse_duration(text)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "1 s"), (59, "59 s"), (3600, "1 h"), (86400, "1 day"), (1e9, "32 years")],
)
def test_times_as_people_say_them(seconds, text):
    assert human_time(seconds) == text
