"""What a tile is said to be is what it is: meanings are parsed, and held against every entry."""

import re
from itertools import chain

import numpy as np
import pytest

from intertwine.show.drawing import drawing_of
from intertwine.show.meanings import Meanings
from tests.solved import solved

BY_AXES = [
    "attributed_network", "deck_of_cards", "deepsets", "emlp_readme", "exchangeable_matrix",
    "exchangeable_tensor", "graph_network", "graph_pooling", "maron_1_2", "maron_2_1",
    "maron_2_2", "maron_2_2_small", "maron_3_1", "set_pooling", "user_pooling", "weight_space",
]  # fmt: skip
BY_OFFSETS = [
    "circulant", "necklace", "p2_pixels", "p4m_pixels", "periodic_volume", "pm_pixels",
    "pmm_pixels",
]  # fmt: skip
BY_ENTRY = [
    "antisymmetric_matrices", "chsh", "methane_dipole", "petersen",
    "rubiks_cube", "sudoku",
]  # fmt: skip


def axes(action):
    """The lengths of the tensor factors of an action."""
    return [factor.dimension for factor in action.factors()]


def places(drawing):
    """For every pair of parts: their names, the block of codes, and each axis's index by entry."""
    for target in drawing.rows.parts:
        for source in drawing.columns.parts:
            block = drawing.weight.codes[target.start : target.stop, source.start : source.stop]
            lengths = [axes(target.action), axes(source.action)]
            labels = [
                f"{s}{k}" for s, ls in zip("oi", lengths, strict=True) for k in range(len(ls))
            ]
            grid = np.indices([*chain(*lengths)]).reshape(len(labels), *block.shape)
            yield (
                " <- ".join(filter(None, (target.name, source.name))),
                block,
                dict(zip(labels, grid, strict=True)),
            )


def satisfied(words, index):
    """Which entries of a block are as the words say."""
    good = np.ones(next(iter(index.values())).shape if index else (1, 1), dtype=bool)
    for clause in words.split("; ") if words else ():
        fixed = re.findall(r"([oi]\d+) at (\d+)", clause)
        for label, at in fixed:
            good &= index[label] == int(at)
        if fixed:
            continue
        blocks = [block.split("=") for block in clause.split(" | ")]
        for block in blocks:
            for label in block[1:]:
                good &= index[block[0]] == index[label]
        for number, block in enumerate(blocks):
            for other in blocks[:number]:
                good &= index[block[0]] != index[other[0]]
    return good


@pytest.mark.parametrize("name", BY_AXES)
def test_a_set_partition_is_that_of_every_entry_of_its_tile_and_of_no_other(name):
    drawing = drawing_of(solved(name))
    told = set()
    for names, block, index in places(drawing):
        for tile in np.unique(np.abs(block[block != 0])).tolist():
            meaning = drawing.weight.meanings[tile - 1]
            said, count = meaning.rsplit("; ", 1)
            assert said.startswith(names)
            words = said.removeprefix(names).removeprefix(": ")
            np.testing.assert_array_equal(satisfied(words, index), np.abs(block) == tile)
            assert int(count.split()[0]) == np.count_nonzero(np.abs(block) == tile)
            told.add(tile)
    assert told == set(range(1, drawing.weight.count + 1))


@pytest.mark.parametrize("name", BY_OFFSETS)
def test_an_offset_leads_from_the_output_to_the_input_of_every_entry_of_its_tile(name):
    drawing = drawing_of(solved(name))
    shape = np.array(drawing.rows.parts[0].action.shape)
    codes = drawing.weight.codes
    rows, columns = (np.stack(np.unravel_index(np.arange(n), shape), 1) for n in codes.shape)
    steps = (columns - rows[:, None]) % shape
    for tile, meaning in enumerate(drawing.weight.meanings, start=1):
        said = re.fullmatch(r"offset (.*?)(?: and (\d+) more)?; (\d+) entr(y|ies)", meaning)
        listed = {
            tuple(np.array([int(s) for s in one.strip("()").split(", ")]) % shape)
            for one in said[1].split(" or ")
        }
        found = {tuple(step) for step in steps[np.abs(codes) == tile].tolist()}
        assert listed <= found
        assert len(found) == len(listed) + int(said[2] or 0)
        np.testing.assert_array_equal(
            np.isin(np.ravel_multi_index(np.moveaxis(steps, 2, 0), shape),
                    [np.ravel_multi_index(step, shape) for step in found]),
            np.abs(codes) == tile,
        )  # fmt: skip
        assert int(said[3]) == np.count_nonzero(np.abs(codes) == tile)


@pytest.mark.parametrize("name", [*BY_AXES, *BY_OFFSETS])
def test_every_entry_of_a_tile_has_one_meaning_and_no_two_tiles_have_the_same(name):
    drawing = drawing_of(solved(name))
    meanings = Meanings(drawing.rows, drawing.columns)
    codes = np.abs(drawing.weight.codes)
    random = np.random.default_rng(0)
    some = [random.permutation(np.argwhere(codes == k + 1))[:40] for k in range(codes.max())]
    said = [{meanings(int(row), int(column)) for row, column in entries} for entries in some]
    assert all(len(words) == 1 for words in said)
    assert len(set.union(*said)) == len(said)


@pytest.mark.parametrize("name", BY_ENTRY)
def test_where_nothing_else_names_a_tile_its_first_entry_does(name):
    drawing = drawing_of(solved(name))
    for tile, meaning in enumerate(drawing.weight.meanings, start=1):
        if "offset" in meaning:
            continue
        row, column = np.argwhere(drawing.weight.codes == tile)[0]
        assert meaning.startswith(f"{drawing.rows.point(row)} <- {drawing.columns.point(column)}; ")


def test_an_offset_of_a_factor_stands_beside_the_partition_of_another():
    """Sets of five images on a torus: the same image or another, and the step between pixels."""
    drawing = drawing_of(solved("sets_of_images"))
    for tile, meaning in enumerate(drawing.weight.meanings, start=1):
        said = re.match(r"offset \((.*), (.*)\) from o1 to i1; (.*); ", meaning)
        down, right, same = said.groups()
        for row, column in np.argwhere(drawing.weight.codes == tile):
            (i, y, x), (j, v, u) = (np.unravel_index(p, (5, 4, 4)) for p in (row, column))
            assert same == ("o0=i0" if i == j else "o0 | i0")
            assert ((v - y - int(down)) % 4, (u - x - int(right)) % 4) == (0, 0)
