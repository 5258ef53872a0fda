"""Tables as text: what a page reads is what was written."""

import numpy as np
import pytest
import torch

from intertwine.emit.helpers import NUMBERS, PACKED, PACKED_REALS, REALS
from intertwine.emit.tables import Tables, packed, readable

HELPERS = "\n".join(["import torch", NUMBERS, PACKED, REALS, PACKED_REALS, ""])


def read_back(tables, expression):
    """The value of an expression on a page that holds the tables."""
    page = {}
    exec(HELPERS + "\n".join(tables.constants), page)
    return eval(expression, page)


@pytest.mark.parametrize(
    "table",
    [
        np.array([], dtype=np.int64),
        np.array([0]),
        np.arange(12),
        np.arange(13),
        np.arange(-6, 6).reshape(3, 4),
        np.arange(2500).reshape(50, 50),
        np.arange(2501),
        np.full((12,), 10**9),
        -np.arange(3000, dtype=np.int16).reshape(30, 100),
        np.arange(-127, 128, dtype=np.int8).repeat(20),
        np.full(3000, -128, dtype=np.int64),
        np.full(3000, 128, dtype=np.int64),
        np.full(3000, 2**15),
        np.full(3000, -(2**31)),
        np.full(3000, 2**40),
        np.arange(2600).reshape(-1, 1),
        np.arange(100, 200).reshape(1, 100),
        np.arange(9000).reshape(90, 100)[::3, ::2],
    ],
    ids=lambda table: f"{table.dtype}{list(table.shape)}",
)
def test_a_table_is_read_as_it_was_written(table):
    tables = Tables()
    found = read_back(tables, tables.add("TABLE", table))
    assert found.dtype == torch.int64
    assert found.tolist() == table.ravel().tolist()
    lines = "\n".join(tables.constants).splitlines()
    assert max(map(len, lines), default=0) <= 100
    assert not [line for line in lines if line != line.rstrip()]


def test_tables_are_read_on_the_cpu_wherever_tensors_are_made():
    tables = Tables()
    small, large = (tables.add("T", np.arange(size)) for size in (5, 3000))
    with torch.device("meta"):
        assert read_back(tables, small).tolist() == [0, 1, 2, 3, 4]
        assert read_back(tables, large).device.type == "cpu"


@pytest.mark.parametrize(
    ("size", "form"),
    [(12, '_numbers("'), (13, "_numbers(T)"), (500, "_numbers(T)"), (2000, "_packed(T, 16, 2000)")],
)
def test_small_is_inline_middling_readable_large_packed(size, form):
    tables = Tables()
    assert tables.add("T", np.arange(size)).startswith(form)
    assert len(tables.constants) == (size > 12)


@pytest.mark.parametrize("bits", [1, 2, 4, 8, 16, 32])
@pytest.mark.parametrize("signed", [False, True])
def test_a_large_table_takes_the_bits_that_it_needs(bits, signed):
    values = np.random.default_rng(bits).integers(0, 1 << bits, 5001) - 3 * signed
    tables = Tables()
    call = tables.add("T", values)
    assert read_back(tables, call).tolist() == values.tolist()
    wider = bits + signed if bits < 32 else 64
    least = next(b for b in (1, 2, 4, 8, 16, 32, 64) if b >= wider)
    assert len("".join(tables.constants)) < 5001 * least / 4 * 1.1 + 40


def test_numbers_of_bits_are_read_by_hand():
    """Lowest bits first: 1 0 0 1 1 is 0b00011001, and 258 is 2 + 256."""
    assert packed(np.array([1, 0, 0, 1, 1]), 1) == "19"
    assert packed(np.array([3, 1, 0, 2]), 2) == "87"
    assert packed(np.array([258]), 16) == "0201"


@pytest.mark.parametrize(
    "table",
    [
        np.array([4.000000000000001, 0.1 + 0.2]),
        np.arange(3000) % 7 / 3,
        np.random.default_rng(0).normal(size=800),
        np.zeros((0, 3)),
        np.full(900, 1 / 3),
    ],
    ids=["a few", "few values", "all different", "none", "one value"],
)
def test_real_numbers_are_read_to_fifteen_digits(table):
    tables = Tables()
    call = tables.add_reals("T", table)
    found = read_back(tables, call)
    assert found.dtype == torch.float64
    np.testing.assert_allclose(found.numpy(), table.ravel(), rtol=1e-14, atol=0)
    assert "0000000001" not in "".join(tables.constants) + call
    assert max(map(len, "\n".join(tables.constants).splitlines()), default=0) <= 100


def test_a_wide_table_is_not_inline():
    tables = Tables()
    assert tables.add("T", np.full(12, 10**9)) == "_numbers(T)"


def test_rows_stand_under_each_other():
    rows = np.arange(10 * 20).reshape(20, 10)
    lines = readable(rows).splitlines()
    assert len(lines) == 20 and len(set(map(len, lines))) == 1
    assert lines[0].split() == list(map(str, range(10)))


def test_equal_tables_are_written_once():
    tables = Tables()
    first = tables.add("FIRST", np.arange(20))
    assert tables.add("SECOND", np.arange(20)) == first
    assert len(tables.constants) == 1
    assert tables.add("SECOND", np.arange(21)) == "_numbers(SECOND)"


def test_a_name_that_is_taken_gets_a_number():
    tables = Tables()
    calls = [tables.add("CODES", np.arange(size)) for size in (20, 21, 22)]
    assert calls == ["_numbers(CODES)", "_numbers(CODES_2)", "_numbers(CODES_3)"]
    assert [len(read_back(tables, call)) for call in calls] == [20, 21, 22]


def test_the_same_digits_of_another_width_are_another_table():
    narrow = np.full(8000, 1)
    wide = np.full(1000, 255)
    assert packed(narrow, 1) == packed(wide, 8)
    tables = Tables()
    calls = tables.add("NARROW", narrow), tables.add("WIDE", wide)
    assert [read_back(tables, call).tolist() for call in calls] == [narrow.tolist(), wide.tolist()]
