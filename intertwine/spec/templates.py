"""Specs to start from, for `intertwine new`."""

from __future__ import annotations

TEMPLATES = {
    "sets": """\
group: {symmetric: 10}          # any number of interchangeable things
input: points                   # a feature vector on each
output: points
""",
    "graphs": """\
group: {symmetric: 6}           # the nodes of a graph, in any order
input: {power: [points, 2]}     # a feature vector on each ordered pair of nodes
output: points                  # and one on each node
""",
    "product": """\
group: {product: {users: {symmetric: 6}, movies: {symmetric: 8}}}
input: {tensor: [users, movies]}   # a table whose rows and columns are unordered
output: {tensor: [users, movies]}
""",
    "grid": """\
group: {grid: {shape: [8, 8], symmetry: p4m}}   # translations, rotations and reflections
input: pixels
output: poses                   # one point a symmetry: a lifting layer
""",
    "generators": """\
group:
  generators: {a: "(0 1 2)(3 4 5)", b: [3, 4, 5, 0, 1, 2]}   # cycles, or image lists
input: points
output: points
""",
    "signs": """\
group: {generators: [mirror]}   # a name; the actions below say what it does
input: {signed_permutations: {mirror: [2, 1, -3, -4]}}   # one-based; -3: the axis changes sign
output: {signed_permutations: {mirror: [-1, 2]}}
""",
    "fields": """\
group: {symmetric: 5}
input: {fields: {nodes: points, edges: {power: [points, 2]}, label: trivial}}
output: {fields: {nodes: points, edges: {power: [points, 2]}, label: trivial}}
""",
    "network": """\
group: {symmetric: 10}          # a whole network: a classifier of sets of any size
input: points
channels: 3                     # features of each member of a set
network:
  - {action: points, channels: 32, normalization: batch, nonlinearity: relu}
  - {action: points, channels: 32, residual: true, nonlinearity: relu}
  - {pooling: {kind: max, onto: trivial}}
  - {action: trivial, channels: 2}
""",
    "group_cnn": """\
group: {grid: {shape: [8, 8], symmetry: p4m}}   # images that may be turned and mirrored
input: pixels
network:
  - {action: poses, channels: 8, support: {radius: 1}, normalization: batch, nonlinearity: relu}
  - action: poses
    channels: 16
    support: {radius: 1}
    normalization: batch
    nonlinearity: relu
    pooling: {kind: max, window: 2}
    subgroup: true              # half as many pixels: go on with the symmetry that is left
  - {pooling: {kind: max, onto: trivial}}
  - {action: trivial, channels: 10}
""",
    "molecule": """\
group: {automorphisms: {edges: [[0, 1], [1, 2], [2, 3], [3, 4], [4, 5], [5, 0]]}}   # a ring
input: vertices
output: edges
""",
}


def from_template(name: str, template: str) -> str:
    """The text of a new spec.

    >>> print(from_template("my_layer", "sets").splitlines()[1])
    name: my_layer
    """
    return (
        f"# Source: say where the numbers under `expect` come from.\n"
        f"name: {name}\n"
        f"description: started from the template {template}\n"
        f"{TEMPLATES[template]}"
    )
