"""A small spec for each way to write a page."""

from intertwine import solve

POINTS = {"name": "page", "input": "points", "output": "points"}
PAIRS = {"power": ["points", 2]}
GRID = {"grid": {"shape": [4, 4], "symmetry": "p4"}}
STAGES = [
    {"name": "first", "action": "points", "channels": 3, "nonlinearity": "relu"},
    {"name": "last", "action": "trivial", "channels": 2},
]
PAGES = {
    "expansion": {**POINTS, "group": {"dihedral": 4}, "input": PAIRS},
    "signs": {**POINTS, "group": {"hyperoctahedral": 3}, "input": "axes",
              "output": {"tensor": ["axes", "axes"]}},
    "walk": {**POINTS, "group": {"alternating": 9}, "input": PAIRS, "output": PAIRS,
             "layer": {"strategy": "expand"}},
    "fft": {**POINTS, "group": {"grid": {"shape": [8, 8], "symmetry": "p4m"}}, "input": "pixels",
            "output": "pixels"},
    "taps": {**POINTS, "group": GRID, "input": "pixels", "output": "poses",
             "layer": {"support": {"radius": 1}, "strategy": "convolve"}},
    "ends": {**POINTS, "group": {"grid": {"shape": [6, 6], "symmetry": "p1"}}, "input": "pixels",
             "output": "pixels", "layer": {"support": {"radius": 1}, "boundary": "zeros"}},
    "small sets": {**POINTS, "group": {"alternating": 7}, "input": {"subsets": ["points", 2]},
                   "output": {"subsets": ["points", 2]}, "layer": {"strategy": "factor"}},
    "sums over axes": {**POINTS, "group": {"wreath": {"base": {"symmetric": 3},
                                                      "top": {"symmetric": 3}}},
                       "input": "tuples", "output": "tuples", "layer": {"strategy": "factor"}},
    "isotypic": {**POINTS, "group": {"cyclic": 24}, "input": {"tensor": [{"irrep": 5}, "points"]},
                 "output": {"tensor": [{"irrep": 7}, "points"]}},
    "matrices": {**POINTS, "group": {"dihedral": 5}, "input": {"tensor": ["vector", "vector"]},
                 "output": {"tensor": ["vector", "vector"]}},
    "matrices over points": {**POINTS, "group": {"dihedral": 3},
                             "input": {"tensor": ["points", "vector"]},
                             "output": {"tensor": ["points", "vector"]}},
    "any size": {**POINTS, "group": {"symmetric": 5}, "input": PAIRS, "output": PAIRS},
    "two sizes": {**POINTS, "group": {"product": {"a": {"symmetric": 4}, "b": {"symmetric": 3}}},
                  "input": {"tensor": ["a", "b"]},
                  "output": {"tensor": [{"trivial": 2}, "a", "b"]}},
    "fields": {**POINTS, "group": {"dihedral": 5},
               "input": {"fields": {"a": "points", "b": "trivial"}},
               "output": {"fields": {"c": "points", "d": PAIRS}}},
    "fields of any size": {**POINTS, "group": {"symmetric": 4},
                           "input": {"fields": {"a": "points", "b": PAIRS}},
                           "output": {"fields": {"c": "points", "d": "trivial"}}},
    "network on a grid": {
        "name": "page", "group": {"grid": {"shape": [4, 4], "symmetry": "p4"}}, "input": "pixels",
        "network": [
            {"name": "lifted", "action": "poses", "channels": 2, "nonlinearity": "relu",
             "normalization": "batch", "support": {"radius": 1}},
            {"name": "kept", "action": "poses", "channels": 2, "residual": True,
             "nonlinearity": "relu", "support": {"radius": 1}},
            {"name": "last", "action": "trivial", "channels": 2},
        ],
    },
    "network": {"name": "page", "group": {"dihedral": 5}, "input": "points", "network": STAGES},
    "network of any size": {"name": "page", "group": {"symmetric": 5}, "input": "points",
                            "network": STAGES},
}  # fmt: skip


def page_of(name):
    """The page of one of them."""
    return solve(PAGES[name]).page
