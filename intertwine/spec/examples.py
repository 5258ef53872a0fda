"""One example of each form, for messages: what to write where something else was found."""

from __future__ import annotations

# GROUP stands for any group.
GROUP_EXAMPLES = {
    "symmetric": "{symmetric: 4}",
    "alternating": "{alternating: 4}",
    "cyclic": "{cyclic: 4}",
    "dihedral": "{dihedral: 4}",
    "hyperoctahedral": "{hyperoctahedral: 3}",
    "mathieu": "{mathieu: 11}",
    "generators": '{generators: {a: [1, 2, 0], b: "(0 1)"}}',
    "product": "{product: {users: GROUP, movies: GROUP}}",
    "wreath": "{wreath: {base: GROUP, top: GROUP}}",
    "automorphisms": "{automorphisms: {graph: petersen}}",
    "grid": "{grid: {shape: [8, 8], symmetry: p4m}}",
    "polyhedron": "{polyhedron: {name: cube}}",
}
ACTION_EXAMPLES = {
    "trivial": "{trivial: 2}",
    "power": "{power: [points, 2]}",
    "tensor": "{tensor: [points, points]}",
    "sum": "{sum: [points, trivial]}",
    "fields": "{fields: {a: points, b: trivial}}",
    "subsets": "{subsets: [points, 2]}",
    "injections": "{injections: [points, 2]}",
    "symmetric_power": "{symmetric_power: [points, 2]}",
    "exterior_power": "{exterior_power: [points, 2]}",
    "cosets": '{cosets: {subgroup: ["(0 1)"]}}',
    "permutations": '{permutations: {a: [1, 2, 0], b: "(0 1)"}}',
    "signed_permutations": "{signed_permutations: {a: [-2, 1, 3]}}",
    "matrices": "{matrices: {a: [[0, -1], [1, 0]]}}",
    "fibre": "{fibre: {over: {trivial: 3}, matrices: {a: [[0, -1], [1, 0]]}}}",
    "induced": '{induced: {subgroup: ["(0 1)"], matrices: [[[-1]]]}}',
    "dual": "{dual: standard}",
    "standard": "{standard: points}",
    "irrep": "{irrep: [2, 1]}",
}
# What may be written under a key of the language.
EXAMPLES = {
    **GROUP_EXAMPLES,
    **ACTION_EXAMPLES,
    "subgroup": ACTION_EXAMPLES["cosets"],
    "edges": "{automorphisms: {edges: [[0, 1], [1, 2]]}}",
    "shape": GROUP_EXAMPLES["grid"],
    "network": "[{action: points, channels: 8}, {action: trivial, channels: 2}]",
    "pooling": "{kind: max, onto: trivial}",
    "support": "{radius: 1}",
    "layer": "layer: {bias: true}",
    "expect": "expect: {dimension: 4}",
}
