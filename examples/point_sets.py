"""Digits as sets of points in the plane, by DeepSets (Zaheer et al. 2017): any order, any size.

A set is drawn from an 8 x 8 image of scikit-learn's digits: pixels at random, in proportion to
their intensity, each moved at random within its square. Sets of 8 to 32 points are padded to 32.
The baseline is a perceptron on the padded list of points, given from left to right or shuffled.
"""

from __future__ import annotations

import time
from collections import defaultdict
from pathlib import Path

import matplotlib
import torch
from matplotlib import pyplot
from sklearn.datasets import load_digits
from torch import nn

from examples.table import Row, table
from examples.training import predicted, train
from generated.deepsets_classifier import DeepsetsClassifier

matplotlib.use("Agg")
LARGEST = 32
SIZES = (2, 4, 8, 16, 32, 64, 128)
DEEPSETS, SORTED, SHUFFLED = "DeepSets", "MLP, trained left to right", "MLP, trained shuffled"
COLOURS = {DEEPSETS: "#0072B2", SORTED: "#D55E00", SHUFFLED: "#E69F00"}


class Flat(nn.Sequential):
    """A perceptron on all numbers of its inputs."""

    def forward(self, *inputs: torch.Tensor) -> torch.Tensor:
        """Apply the layers to inputs (batch, ...), flattened and concatenated."""
        return super().forward(torch.cat([x.flatten(1).float() for x in inputs], 1))


def drawn(images: torch.Tensor, sizes: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Points (batch, 3, n), in x, y and intensity, of images (batch, 8, 8); and a mask (batch, n).

    Each image gives as many points as `sizes` (batch,) says, drawn with replacement.
    """
    mask = torch.arange(max(LARGEST, int(sizes.max()))) < sizes[:, None]
    pixels = torch.multinomial(images.flatten(1), mask.shape[1], replacement=True)
    within = torch.rand(2, *pixels.shape)
    x, y = (pixels % 8 + within[0]) / 4 - 1, 1 - (pixels // 8 + within[1]) / 4
    intensity = images.flatten(1).gather(1, pixels) / 16
    return torch.stack([x, y, intensity], 1) * mask[:, None], mask


def ordered(points: torch.Tensor, mask: torch.Tensor, keys: torch.Tensor) -> torch.Tensor:
    """The points in the order of their keys (batch, n), padding last."""
    order = keys.masked_fill(~mask, torch.inf).argsort(1)
    return points.gather(2, order[:, None].expand_as(points))


def orders(points: torch.Tensor, mask: torch.Tensor) -> dict[str, torch.Tensor]:
    """The same sets in two orders: from left to right, and at random."""
    keys = {"left to right": points[:, 0], "shuffled": torch.rand(mask.shape)}
    return {name: ordered(points, mask, key) for name, key in keys.items()}


def loss(scores: torch.Tensor, digits: torch.Tensor) -> torch.Tensor:
    """Cross entropy of scores (batch, 10) or (batch, 10, 1)."""
    return nn.functional.cross_entropy(scores.flatten(1), digits)


def main(
    seeds: int = 3,
    epochs: int = 20,
    draws: int = 8,
    folder: Path = Path("examples/pictures"),
) -> list[Row]:
    """Train on `draws` sets an image of three quarters of the images, test on the others'."""
    data = load_digits()
    images = torch.tensor(data.images, dtype=torch.float32)
    digits = torch.tensor(data.target)
    accuracies, seconds, parameters = defaultdict(list), {}, {}
    for seed in range(seeds):
        torch.manual_seed(seed)
        fitted, tested = torch.randperm(len(images)).split(1350)
        fitted = fitted.repeat(draws)
        points, mask = drawn(images[fitted], torch.randint(8, LARGEST + 1, fitted.shape))
        given = orders(points, mask)
        models = {
            DEEPSETS: (DeepsetsClassifier(), given["left to right"]),
            SORTED: (perceptron(), given["left to right"]),
            SHUFFLED: (perceptron(), given["shuffled"]),
        }
        for name, (model, inputs) in models.items():
            start = time.perf_counter()
            train(model, (inputs, mask), digits[fitted], loss, epochs, f"{name}, seed {seed}")
            seconds[name] = time.perf_counter() - start
            parameters[name] = sum(p.numel() for p in model.parameters())
        of_any = torch.randint(8, LARGEST + 1, tested.shape)
        tests = {size: torch.full_like(tested, size) for size in SIZES} | {"8 to 32": of_any}
        for size, sizes in tests.items():
            points, mask = drawn(images[tested], sizes)
            for order, inputs in orders(points, mask).items():
                for name, (model, _) in models.items():
                    if name == DEEPSETS or mask.shape[1] == LARGEST:
                        found = predicted(model, (inputs, mask)).flatten(1).argmax(1)
                        accuracy = (found == digits[tested]).double().mean().item()
                        accuracies[name, order, size].append(accuracy)
    draw(images, accuracies, folder / "point_sets.png")
    return [
        Row(f"digits of points, {order}", name, parameters[name], "accuracy", values, seconds[name])
        for (name, order, size), values in accuracies.items()
        if size == "8 to 32"
    ]


def perceptron() -> Flat:
    """A perceptron on 32 points and their mask, of about as many parameters as the DeepSets."""
    hidden = nn.Linear(4 * LARGEST, 94), nn.ReLU(), nn.Linear(94, 94), nn.ReLU()
    return Flat(*hidden, nn.Dropout(0.2), nn.Linear(94, 10))


if __name__ == "__main__":
    print(table(main()))
