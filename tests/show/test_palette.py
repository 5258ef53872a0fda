"""Colours are told apart by everybody, measured by other models than those that chose them."""

from itertools import combinations

import numpy as np
import pytest

from intertwine.show.palette import (
    FAINT,
    INK,
    MOST_COLOURS,
    PAPER,
    ZERO,
    ink_on,
    palette,
)

# Machado, Oliveira and Fernandes 2009, severity 1, on linear sRGB.
MACHADO = {
    "normal": np.eye(3),
    "protan": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
    "deutan": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
    "tritan": np.array(
        [
            [1.255528, -0.076749, -0.178779],
            [-0.078411, 0.930809, 0.147602],
            [0.004733, 0.691367, 0.303900],
        ]
    ),
}


def linear(colour):
    """Linear sRGB of #rrggbb."""
    values = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    return np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)


def lab(rgb):
    """CIELAB (D65) of linear sRGB."""
    xyz = (
        np.array(
            [
                [0.4124564, 0.3575761, 0.1804375],
                [0.2126729, 0.7151522, 0.0721750],
                [0.0193339, 0.1191920, 0.9503041],
            ]
        )
        @ rgb
        / np.array([0.95047, 1.0, 1.08883])
    )
    f = np.where(xyz > (6 / 29) ** 3, np.cbrt(xyz), xyz / (3 * (6 / 29) ** 2) + 4 / 29)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def apart(one, other):
    """The least distance in CIELAB over all visions; about 2.3 is just noticeable."""
    return min(
        np.linalg.norm(lab(np.clip(m @ linear(one), 0, 1)) - lab(np.clip(m @ linear(other), 0, 1)))
        for m in MACHADO.values()
    )


@pytest.mark.parametrize(
    ("count", "least"),
    [(2, 75), (3, 28), (5, 25), (8, 12), (15, 12), (24, 6.5), (MOST_COLOURS, 4.5)],
)
def test_colours_are_apart_to_all(count, least):
    pairs = combinations(palette(count), 2)
    assert min(apart(one, other) for one, other in pairs) > least


@pytest.mark.parametrize(("ground", "least"), [(PAPER, 17), (INK, 18), (ZERO, 12), (FAINT, 7)])
def test_no_colour_is_taken_for_the_ground(ground, least):
    assert min(apart(colour, ground) for colour in palette(MOST_COLOURS)) > least


def test_a_picture_of_less_has_the_same_first_colours():
    assert all(palette(200)[:n] == palette(n) for n in range(201))
    assert len(set(palette(MOST_COLOURS))) == MOST_COLOURS


@pytest.mark.parametrize("colour", palette(MOST_COLOURS))
def test_what_is_written_on_a_colour_is_read(colour):
    """The contrast of WCAG: 4.5 is asked of text, 3 of signs; 4 is kept here."""
    weights = np.array([0.2126, 0.7152, 0.0722])
    light, dark = sorted((weights @ linear(colour), weights @ linear(ink_on(colour))))[::-1]
    assert (light + 0.05) / (dark + 0.05) > 4
