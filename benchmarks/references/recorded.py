"""Figures of other tools, measured once on another machine, and not by this program.

A virtual machine with 2 cores of an AMD EPYC, Python 3.11.7, one core pinned, medians of 3 runs.
GAP 4.12.1; AutoEquiv at 832b316 (June 2021); EMLP 1.0.3 with jax 0.4.20; scipy 1.17.1.
"""

from __future__ import annotations

NOT = "not run"
# Time to the basis: pair graph (our own 15 lines), GAP (orbits of a stabilizer), AutoEquiv, EMLP.
LADDER: dict[str, tuple[str, str, str, str]] = {
    "S_5, 2 -> 2": ("1 ms", "0.9 ms", "0.4 ms", "1.28 s"),
    "S_8, 2 -> 2": ("0.8 ms", "0.7 ms", "4.6 ms", "7.5 s"),
    "S_10, 2 -> 2": ("1.5 ms", "0.8 ms", "14 ms", "21 s"),
    "S_16, 2 -> 2": ("7.8 ms", "5.4 ms", "130 ms", "> 120 s"),
    "S_20, 2 -> 2": ("18 ms", "13 ms", "260 ms", NOT),
    "S_32, 2 -> 2": ("230 ms", "87 ms", "1.68 s", NOT),
    "S_50, 2 -> 2": ("1.23 s", "780 ms", "11.8 s", NOT),
    "S_100, 2 -> 2": ("19 s", "41 s", "> 120 s", NOT),
    "S_10, 1 -> 1": ("1 ms", "0.6 ms", "0.06 ms", "910 ms"),
    "S_100, 1 -> 1": ("1.9 ms", "1.74 s", "8.9 ms", "> 120 s"),
    "S_1000, 1 -> 1": ("110 ms", "> 150 s", "1.43 s", NOT),
    "S_6, 3 -> 3": ("4.6 ms", "2.2 ms", "120 ms", "> 120 s"),
    "S_8, 3 -> 3": ("28 ms", "3.5 ms", "430 ms", NOT),
    "S_10, 3 -> 3": ("130 ms", "4.4 ms", "1.68 s", NOT),
    "C_16 regular": ("0.6 ms", "0.6 ms", "0.1 ms", "730 ms"),
    "C_64 regular": ("0.7 ms", "0.6 ms", "2.8 ms", "19 s"),
    "C_256 regular": ("4.6 ms", "1.1 ms", "110 ms", "> 120 s"),
    "C_1024 regular": ("55 ms", "2.6 ms", "1.01 s", NOT),
    "C_4096 regular": ("1.07 s", "9.6 ms", "30 s", NOT),
    "S_10 x S_10 table": ("2.9 ms", "1.5 ms", "11 ms", "20.6 s, wrong"),
    "S_30 x S_40 table": ("250 ms", "960 ms", "2.66 s", "115 s"),
    "S_100 x S_100 table": ("out of memory", "> 142 s", "> 120 s", "refuses"),
    "p4m 8x8 pixels": ("1.5 ms", "0.6 ms", "6.9 ms", "2.5 s"),
    "p4m 16x16 pixels": ("11 ms", "5.2 ms", "140 ms", "> 120 s"),
    "p4m 32x32 pixels": ("280 ms", "22 ms", "2.52 s", NOT),
    "p4m 64x64 pixels": ("5.8 s", "100 ms", "55 s", NOT),
    "p4m 4x4 regular": ("3.9 ms", "1.8 ms", "60 ms", "72 s"),
    "p4m 8x8 regular": ("54 ms", "3.9 ms", "350 ms", "> 120 s"),
    "Rubik, 48 -> 48": ("1.1 ms", "3.8 ms", "4.2 ms", "2.6 s, wrong"),
    "M24, 2 -> 2": ("67 ms", "4.1 ms", "740 ms", "> 120 s"),
    "signed B_4, 2 -> 2": ("1.2 ms", NOT, "cannot", "1.02 s"),
    "signed B_6, 2 -> 2": ("2.3 ms", NOT, "cannot", "3.2 s"),
    "signed B_10, 2 -> 2": ("7.8 ms", NOT, "cannot", "7.2 s"),
}

# Milliseconds in GAP 4.12.1 on one core: a stabilizer chain and the orbits of point stabilizers;
# all pairs, their permutations built and their orbits taken.
GAP: dict[str, tuple[int, int]] = {
    "S_20, 2 -> 2": (14, 26),
    "M24 octads": (9, 139),
    "S_10, 3 -> 3": (7, 184),
    "p4m 32x32 pixels": (20, 465),
    "S_12, 3 -> 3": (11, 970),
    "Suz on 1782": (19, 1748),
    "p4m 16x16 regular": (14, 2350),
    "S_7, 4 -> 4": (18, 1682),
    "S_50, 2 -> 2": (1338, 2683),
    "M24 dodecads": (90, 3943),
    "S_5, 5 -> 5": (96, 2852),
    "Ru on 4060": (80, 11216),
    "C_4096 regular": (11, 3038),
    "S_16, 3 -> 3": (41, 6038),
    "12-cube": (81, 10979),
    "S_64 x S_64 table": (71401, 11347),
}

# Seconds of SymPy 1.14 for the order of S_100, from two generators; too slow to repeat here.
SYMPY_S100 = 73
