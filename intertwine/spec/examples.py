"""One example of each form, for messages: what to write where something else was found."""

from __future__ import annotations

_PAIR = "{{{}: [points, 2]}}"
_LIST = "{{{}: [points, points]}}"

# A group that stands for itself in examples is GROUP; each example's first key is its form.
EXAMPLES = {
    "generators": '{generators: {a: [1, 2, 0], b: "(0 1)"}}',
    "product": "{product: {users: GROUP, movies: GROUP}}",
    "wreath": "{wreath: {base: GROUP, top: GROUP}}",
    "automorphisms": "{automorphisms: {edges: [[0, 1], [1, 2]]}}",
    "grid": "{grid: {shape: [8, 8], symmetry: p4m}}",
    "polyhedron": "{polyhedron: {name: cube}}",
    **{key: _LIST.format(key) for key in ("tensor", "sum")},
    **{
        key: _PAIR.format(key)
        for key in ("power", "subsets", "injections", "symmetric_power", "exterior_power")
    },
    "fields": "{fields: {a: points, b: trivial}}",
    "cosets": '{cosets: {subgroup: ["(0 1)"]}}',
    "permutations": '{permutations: {a: [1, 2, 0], b: "(0 1)"}}',
    "signed_permutations": "{signed_permutations: {a: [-2, 1, 3]}}",
    "layer": "layer: {bias: true}",
    "expect": "expect: {dimension: 4}",
}

# The same for keys inside a form.
INNER_EXAMPLES = {
    "subgroup": EXAMPLES["cosets"],
    "edges": EXAMPLES["automorphisms"],
    "shape": EXAMPLES["grid"],
}
