"""Is a tree a caterpillar? Told by an invariant graph network (Maron et al. 2019), at any size.

A caterpillar is a tree that is a path once its leaves are gone; of the trees of n nodes,
2^(n-4) + 2^(floor(n/2)-2) are (Harary and Schwenk 1973), about half for n = 12. Degrees do not
tell. The trees are networkx's, one of each isomorphism class. Networks of order 2 see of a graph
what colour refinement sees (Chen et al. 2020), which is too little for some, but all of a tree.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from statistics import mean

import matplotlib
import networkx
import torch
from matplotlib import pyplot
from sklearn.metrics import balanced_accuracy_score
from torch import nn

from examples.perceptron import Flat, perceptron
from examples.table import Row, table
from examples.training import predicted, train
from generated.invariant_graph_network import InvariantGraphNetwork

matplotlib.use("Agg")
LARGEST = 12
SMALLEST, ALONE = 7, 10
ALL = f"{SMALLEST} to {LARGEST} nodes"
IGN, DEGREES = "invariant graph network", "MLP on sorted degrees"
LISTED, SHUFFLED = "MLP, trained as listed", "MLP, trained relabelled"
CURVES = {
    (DEGREES, "relabelled"): ("#009E73", "^-"),
    (LISTED, "as listed"): ("#D55E00", "s-"),
    (LISTED, "relabelled"): ("#D55E00", "s:"),
    (SHUFFLED, "relabelled"): ("#CC79A7", "D-"),
    (IGN, "relabelled"): ("#0072B2", "o-"),
}
Graphs = tuple[torch.Tensor, torch.Tensor, torch.Tensor]


class Degrees(Flat):
    """A perceptron on the degrees in order of size, and on the number of nodes."""

    def forward(self, nodes: torch.Tensor, edges: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Apply the layers."""
        return super().forward(edges.mean((1, 2)).sort(1).values, mask.sum(1, keepdim=True))


def is_caterpillar(tree: networkx.Graph) -> bool:
    """Whether no node has three neighbours that are no leaves."""
    inner = tree.subgraph([node for node in tree if tree.degree(node) > 1])
    return all(degree <= 2 for _, degree in inner.degree)


def trees(sizes: Sequence[int], padded: int) -> tuple[Graphs, torch.Tensor]:
    """All trees of n nodes for some n, padded, and which of them are caterpillars.

    A graph is nodes (1, padded) of ones, edges (1, padded, padded), n times the adjacency matrix,
    so that means over n nodes are sums over neighbours, and a mask (padded,).
    """
    found = [tree for n in sizes for tree in networkx.nonisomorphic_trees(n)]
    mask = torch.arange(padded) < torch.tensor([len(tree) for tree in found])[:, None]
    edges = torch.zeros(len(found), 1, padded, padded)
    for matrix, tree in zip(edges, found, strict=True):
        start, end = torch.tensor(list(tree.edges)).T
        matrix[0, start, end] = matrix[0, end, start] = len(tree)
    return (mask[:, None].float(), edges, mask), torch.tensor([*map(is_caterpillar, found)]).long()


def relabelled(nodes: torch.Tensor, edges: torch.Tensor, mask: torch.Tensor) -> Graphs:
    """The same graphs with their nodes in random order, padding last."""
    order = torch.rand(mask.shape).masked_fill(~mask, 2).argsort(1)[:, None]
    rows = edges.gather(2, order[..., None].expand_as(edges))
    return nodes, rows.gather(3, order[:, :, None].expand_as(edges)), mask


def loss(scores: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    """Cross entropy of scores (batch, 2) or (batch, 2, 1)."""
    return nn.functional.cross_entropy(scores.flatten(1), labels)


def main(
    seeds: int = 3,
    epochs: int = 40,
    copies: int = 16,
    larger: Sequence[int] = (13, 14, 15),
    folder: Path = Path("examples/pictures"),
) -> list[Row]:
    """Train on 700 trees of 7 to 12 nodes, test on the other 273 and on all that are larger."""
    graphs, labels = trees(range(SMALLEST, LARGEST + 1), LARGEST)
    sizes = graphs[2].sum(1)
    beyond = {n: trees([n], n) for n in larger}
    accuracies, seconds, parameters = defaultdict(list), {}, {}
    for seed in range(seeds):
        torch.manual_seed(seed)
        fitted, tested = torch.randperm(len(labels)).split([700, len(labels) - 700])
        given = tuple(x[fitted] for x in graphs)
        many = relabelled(*(x[fitted.repeat(copies)] for x in graphs))
        models = {
            IGN: (InvariantGraphNetwork(), given, 1),
            DEGREES: (perceptron(LARGEST + 1, 109, 2, Degrees), given, 1),
            LISTED: (perceptron(LARGEST * (LARGEST + 2), 60, 2), given, 1),
            SHUFFLED: (perceptron(LARGEST * (LARGEST + 2), 60, 2), many, copies),
        }
        for name, (model, inputs, times) in models.items():
            start = time.perf_counter()
            said, targets = f"{name}, seed {seed}", labels[fitted.repeat(times)]
            train(model, inputs, targets, loss, epochs, said, rate=1e-2)
            seconds[name] = time.perf_counter() - start
            parameters[name] = sum(p.numel() for p in model.parameters())
        alone = range(ALONE, LARGEST + 1)
        parts = {n: tested[sizes[tested] == n] for n in alone} | {ALL: tested}
        tests = {n: (tuple(x[part] for x in graphs), labels[part]) for n, part in parts.items()}
        for n, (listed, truth) in (tests | beyond).items():
            for order, inputs in ("as listed", listed), ("relabelled", relabelled(*listed)):
                for name, (model, *_) in models.items():
                    if name == IGN or n not in beyond:
                        found = predicted(model, inputs).flatten(1).argmax(1)
                        accuracies[name, order, n].append(balanced_accuracy_score(truth, found))
    draw(accuracies, [*alone, *larger], folder / "graph_classes.png")
    return [
        Row(
            "caterpillars among trees: balanced accuracy",
            name,
            parameters[name],
            f"{n if n == ALL else f'{n} nodes'} {order}",
            values,
            seconds[name],
        )
        for (name, order, n), values in accuracies.items()
        if n == ALL or (n == max(larger) and order == "relabelled")
    ]


def draw(accuracies: dict, sizes: Sequence[int], path: Path) -> None:
    """A picture of two trees, and of the balanced accuracy against the number of nodes."""
    figure = pyplot.figure(figsize=(9, 3.6), layout="constrained")
    places = figure.subplot_mosaic("acc;bcc")
    ten = list(networkx.nonisomorphic_trees(10))
    for place, kind in ("a", True), ("b", False):
        tree = next(tree for tree in ten[40:] if is_caterpillar(tree) is kind)
        shown = {"node_size": 25, "node_color": "#0072B2" if kind else "#D55E00"}
        networkx.draw_kamada_kawai(tree, ax=places[place], **shown)
        places[place].set_title("a caterpillar" if kind else "not a caterpillar")
    for (name, order), (colour, style) in CURVES.items():
        known = [n for n in sizes if (name, order, n) in accuracies]
        means = [mean(accuracies[name, order, n]) for n in known]
        places["c"].plot(known, means, style, color=colour, label=f"{name}; tested {order}")
    places["c"].axvspan(ALONE, LARGEST, color="#DDDDDD", label="sizes trained on, from 7")
    places["c"].set(xlabel="nodes of a tree", ylabel="balanced accuracy", ylim=(0.3, 1.02))
    places["c"].legend(fontsize=7, frameon=False, loc="lower right")
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=100)
    pyplot.close(figure)


if __name__ == "__main__":
    print(table(main()))
