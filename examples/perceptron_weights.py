"""The accuracy of a perceptron from its weights alone (Navon et al. 2023, Zhou et al. 2023).

A thousand perceptrons of widths (16, 8, 8, 10) learn scikit-learn's digits, pooled to 4 x 4, all
at once: each from its own initial scale, at its own rate, for its own number of steps. From the
weights of some, networks learn to predict the test accuracy of the others. Permuting the hidden
neurons of a perceptron changes its weights and leaves what it computes.
"""

from __future__ import annotations

import time
from collections import defaultdict
from pathlib import Path

import matplotlib
import torch
from matplotlib import pyplot
from scipy.stats import kendalltau
from sklearn.datasets import load_digits
from torch import nn
from torch.func import grad, vmap

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
FAN_IN = {"weight_1": 16, "weight_2": 8, "weight_3": 8}
Weights = dict[str, torch.Tensor]


class Flat(nn.Sequential):
    """A perceptron on all numbers of its inputs."""

    def forward(self, *inputs: torch.Tensor) -> torch.Tensor:
        """Apply the layers to inputs (batch, ...), flattened and concatenated."""
        return super().forward(torch.cat([x.flatten(1) for x in inputs], 1))


def scores(weights: Weights, images: torch.Tensor) -> torch.Tensor:
    """What one perceptron gives for images (n, 16): (n, 10)."""
    x = (images @ weights["weight_1"] + weights["bias_1"]).relu()
    x = (x @ weights["weight_2"][0].T + weights["bias_2"]).relu()
    return x @ weights["weight_3"].T + weights["bias_3"].T


def entropy(weights: Weights, images: torch.Tensor, digits: torch.Tensor) -> torch.Tensor:
    """The cross entropy of one perceptron."""
    return nn.functional.cross_entropy(scores(weights, images), digits)


def population(count: int, steps: int) -> tuple[Weights, torch.Tensor]:
    """Perceptrons, each weight of shape (count, *shape), and their test accuracies (count,)."""
    data = load_digits()
    images = torch.tensor(data.images, dtype=torch.float32)
    images = nn.functional.avg_pool2d(images[:, None], 2).flatten(1) / 8 - 0.6
    digits = torch.tensor(data.target)
    fitted, tested = torch.randperm(len(images)).split(900)
    scale = torch.empty(count).uniform_(-1.5, 1).exp()
    rate = torch.empty(count).uniform_(-5, 0.5).exp()
    until = torch.randint(steps // 10, steps + 1, (count,))
    weights = {
        name: scale.view(-1, *[1] * len(shape)) * torch.randn(count, *shape) / fan_in**0.5
        for name, shape in SHAPES.items()
        for fan_in in [FAN_IN.get(name, 16)]
    }
    slopes = vmap(grad(entropy), in_dims=(0, None, None))
    for step in range(steps):
        some = fitted[torch.randint(len(fitted), (64,))]
        slope = slopes(weights, images[some], digits[some])
        size = slope_norm(slope)
        going = (until > step) * rate / size.clamp(min=1)
        for name, value in weights.items():
            value -= going.view(-1, *[1] * len(SHAPES[name])) * slope[name]
    found = vmap(scores, in_dims=(0, None))(weights, images[tested]).argmax(-1)
    return weights, (found == digits[tested]).float().mean(1)


def slope_norm(slope: Weights) -> torch.Tensor:
    """The length of the gradient of each perceptron: (count,)."""
    return sum(part.flatten(1).square().sum(1) for part in slope.values()).sqrt()


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
