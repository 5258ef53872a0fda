"""The accuracy of a perceptron from its weights alone (Navon et al. 2023, Zhou et al. 2023).

Two thousand perceptrons of widths (16, 8, 8, 10) learn scikit-learn's digits, pooled to 4 x 4, all
at once: each from its own initial scale, at its own rate, for its own number of steps. From the
weights of some, networks learn to predict the test accuracy of the others. Permuting the hidden
neurons of a perceptron changes its weights and leaves what it computes. As random weights come in
no order of neurons, a model that is not invariant loses little by that: it has lost it before.
"""

from __future__ import annotations

import time
from collections import defaultdict
from pathlib import Path

import matplotlib
import torch
from matplotlib import pyplot
from rich.console import Console
from rich.progress import track
from scipy.stats import kendalltau
from sklearn.datasets import load_digits
from torch import nn
from torch.func import grad, vmap

from examples.perceptron import Flat, perceptron
from examples.table import Row, table
from examples.training import predicted, train
from generated.perceptron_accuracy import PerceptronAccuracy

matplotlib.use("Agg")
SHAPES = {
    "weight_1": (16, 8),
    "bias_1": (1, 8),
    "weight_2": (1, 8, 8),
    "bias_2": (1, 8),
    "weight_3": (10, 8),
    "bias_3": (10, 1),
}
FAN_IN = 8
TASK = "perceptrons from their weights: accuracy"
NETWORK, STATISTICS = "weight-space network", "MLP on statistics of each layer"
GIVEN, SHUFFLED = "MLP, trained as given", "MLP, trained permuted"
COLOURS = {NETWORK: "#0072B2", STATISTICS: "#009E73", GIVEN: "#D55E00", SHUFFLED: "#CC79A7"}
Weights = dict[str, torch.Tensor]


class Statistics(Flat):
    """A perceptron on mean, deviation and quartiles of each input (Unterthiner et al. 2020)."""

    def forward(self, *inputs: torch.Tensor) -> torch.Tensor:
        """Apply the layers to 7 numbers of each of the inputs (batch, ...)."""
        quarters = torch.linspace(0, 1, 5)
        flat = [x.flatten(1) for x in inputs]
        moments = [m for x in flat for m in (x.mean(1, keepdim=True), x.std(1, keepdim=True))]
        return super().forward(*moments, *(x.quantile(quarters, 1).T for x in flat))


def scores(weights: Weights, images: torch.Tensor) -> torch.Tensor:
    """What one perceptron gives for images (n, 16): (n, 10)."""
    x = (images @ weights["weight_1"] + weights["bias_1"]).relu()
    x = (x @ weights["weight_2"][0].T + weights["bias_2"]).relu()
    return x @ weights["weight_3"].T + weights["bias_3"].T


def entropy(weights: Weights, images: torch.Tensor, digits: torch.Tensor) -> torch.Tensor:
    """The cross entropy of one perceptron."""
    return nn.functional.cross_entropy(scores(weights, images), digits)


def population(count: int, steps: int) -> tuple[Weights, torch.Tensor]:
    """Perceptrons, each weight of shape (count, *shape), and their test accuracies (count,).

    Gradients longer than 1 are cut to 1, so that no perceptron diverges.
    """
    data = load_digits()
    images = torch.tensor(data.images, dtype=torch.float32)
    images = nn.functional.avg_pool2d(images[:, None], 2).flatten(1) / 8 - 0.6
    digits = torch.tensor(data.target)
    fitted, tested = torch.randperm(len(images)).split(900)
    scale = torch.empty(count).uniform_(-1.5, 1).exp()
    rate = torch.empty(count).uniform_(-4, 0.5).exp()
    until = torch.randint(steps // 10, steps + 1, (count,))
    weights = {
        name: torch.einsum("p,p...->p...", scale, torch.randn(count, *shape)) / FAN_IN**0.5
        for name, shape in SHAPES.items()
    }
    slopes = vmap(grad(entropy), in_dims=(0, None, None))
    said = f"{count} perceptrons"
    for step in track(range(steps), said, console=Console(stderr=True), transient=True):
        some = fitted[torch.randint(len(fitted), (64,))]
        slope = slopes(weights, images[some], digits[some])
        length = sum(part.flatten(1).square().sum(1) for part in slope.values()).sqrt()
        going = (step < until) * rate / length.clamp(min=1)
        for name, value in weights.items():
            value -= torch.einsum("p,p...->p...", going, slope[name])
    found = vmap(scores, in_dims=(0, None))(weights, images[tested]).argmax(-1)
    return weights, (found == digits[tested]).float().mean(1)


def permuted(weights: Weights) -> Weights:
    """The same perceptrons with the neurons of both hidden layers in random orders."""
    first, second = torch.rand(2, len(weights["bias_3"]), 1, 8).argsort(-1)
    columns = torch.take_along_dim(weights["weight_2"], first[:, None], -1)
    return {
        "weight_1": torch.take_along_dim(weights["weight_1"], first, -1),
        "bias_1": torch.take_along_dim(weights["bias_1"], first, -1),
        "weight_2": torch.take_along_dim(columns, second[..., None], -2),
        "bias_2": torch.take_along_dim(weights["bias_2"], second, -1),
        "weight_3": torch.take_along_dim(weights["weight_3"], second, -1),
        "bias_3": weights["bias_3"],
    }


def loss(logits: torch.Tensor, accuracies: torch.Tensor) -> torch.Tensor:
    """Cross entropy of shares of right answers, given as logits (batch, 1) or (batch, 1, 1)."""
    return nn.functional.binary_cross_entropy_with_logits(logits.flatten(), accuracies)


def explained(found: torch.Tensor, truth: torch.Tensor) -> float:
    """R^2: how much of the variance of the truth (count,) a prediction explains."""
    return 1 - ((found - truth).square().mean() / truth.var(correction=0)).item()


def main(
    seeds: int = 3,
    epochs: int = 50,
    count: int = 2000,
    steps: int = 200,
    copies: int = 8,
    folder: Path = Path("examples/pictures"),
) -> list[Row]:
    """Predict the accuracies of a quarter of the perceptrons from those of the others."""
    torch.manual_seed(0)
    weights, accuracies = population(count, steps)
    results, seconds, parameters = defaultdict(list), {}, {}
    for seed in range(seeds):
        torch.manual_seed(seed)
        fitted, tested = torch.randperm(count).split([count - count // 4, count // 4])
        given = {name: value[fitted] for name, value in weights.items()}
        many = permuted({name: value[fitted.repeat(copies)] for name, value in weights.items()})
        models = {
            NETWORK: (PerceptronAccuracy(), given, 1),
            STATISTICS: (perceptron(7 * len(SHAPES), 75, 1, Statistics, nn.GELU, 0.2), given, 1),
            GIVEN: (perceptron(298, 28, 1, Flat, nn.GELU, 0.2), given, 1),
            SHUFFLED: (perceptron(298, 28, 1, Flat, nn.GELU, 0.2), many, copies),
        }
        for name, (model, inputs, times) in models.items():
            start = time.perf_counter()
            said, targets = f"{name}, seed {seed}", accuracies[fitted.repeat(times)]
            train(model, [*inputs.values()], targets, loss, epochs, said, rate=1e-2)
            seconds[name] = time.perf_counter() - start
            parameters[name] = sum(p.numel() for p in model.parameters())
        left, truth = {name: value[tested] for name, value in weights.items()}, accuracies[tested]
        predictions = {}
        for order, inputs in ("as given", left), ("neurons permuted", permuted(left)):
            for name, (model, *_) in models.items():
                found = predicted(model, [*inputs.values()]).flatten().sigmoid()
                results[order, name, "R²"].append(explained(found, truth))
                results[order, name, "Kendall's τ"].append(kendalltau(found, truth).statistic)
                predictions[name] = found
    draw(predictions, truth, folder / "perceptron_weights.png")
    return [
        Row(
            TASK,
            name,
            parameters[name],
            f"{measure} {order}",
            values,
            seconds[name],
        )
        for (order, name, measure), values in results.items()
    ]


def draw(predictions: dict[str, torch.Tensor], truth: torch.Tensor, path: Path) -> None:
    """A picture of predicted against true accuracies, neurons permuted, for each model."""
    shape = {"figsize": (9, 2.9), "sharex": True, "sharey": True, "layout": "constrained"}
    figure, places = pyplot.subplots(1, len(predictions), **shape)
    for place, (name, found) in zip(places, predictions.items(), strict=True):
        place.plot([0, 0.9], [0, 0.9], color="#999999", linewidth=1)
        place.scatter(truth, found, s=4, color=COLOURS[name])
        place.set_title(f"{name}\nR² = {explained(found, truth):.2f}", fontsize=8)
        place.set(xlabel="accuracy", xlim=(0, 0.9), ylim=(0, 0.9), aspect="equal")
    places[0].set_ylabel("predicted from the weights")
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=100)
    pyplot.close(figure)


if __name__ == "__main__":
    print(table(main()))
