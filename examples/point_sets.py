"""Digits as sets of points in the plane, by DeepSets (Zaheer et al. 2017): any order, any size.

A set is drawn from an 8 x 8 image of scikit-learn's digits: pixels at random, in proportion to
their intensity, each moved at random within its square. Sets of 8 to 32 points are padded to 32.
The baseline is a perceptron on the padded list of points, given from left to right or shuffled.
"""

from __future__ import annotations

import time
from collections import defaultdict
from pathlib import Path
from statistics import mean

import matplotlib
import torch
from matplotlib import pyplot
from sklearn.datasets import load_digits
from torch import nn

from examples.perceptron import perceptron
from examples.table import Row, table
from examples.training import predicted, train
from generated.deepsets_classifier import DeepsetsClassifier

matplotlib.use("Agg")
TASK = "digits as sets of points: accuracy"
SMALLEST, LARGEST = 8, 32
SIZES = (2, 4, 8, 16, 32, 64, 128, 256)
TRAINED, ANY = f"{SMALLEST} to {LARGEST} points", "shuffled"
DEEPSETS, SORTED, SHUFFLED = "DeepSets", "MLP, trained left to right", "MLP, trained shuffled"
CURVES = {
    (DEEPSETS, ANY): ("#0072B2", "o-"),
    (SORTED, "left to right"): ("#D55E00", "s-"),
    (SORTED, ANY): ("#D55E00", "s:"),
    (SHUFFLED, ANY): ("#CC79A7", "^-"),
}


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


def orders(points: torch.Tensor, mask: torch.Tensor) -> dict[str, torch.Tensor]:
    """The same sets (batch, 3, n) in two orders, padding last: from left to right, and shuffled."""
    given = {}
    for name, key in {"left to right": points[:, 0], ANY: torch.rand(mask.shape)}.items():
        order = key.masked_fill(~mask, torch.inf).argsort(1)
        given[name] = points.gather(2, order[:, None].expand_as(points))
    return given


def loss(scores: torch.Tensor, digits: torch.Tensor) -> torch.Tensor:
    """Cross entropy of scores (batch, 10) or (batch, 10, 1)."""
    return nn.functional.cross_entropy(scores.flatten(1), digits)


def main(
    seeds: int = 3,
    epochs: int = 20,
    draws: int = 4,
    folder: Path = Path("examples/pictures"),
) -> list[Row]:
    """Train on `draws` sets an image of three quarters of the images, test on the others'."""
    data = load_digits()
    images, digits = torch.tensor(data.images, dtype=torch.float32), torch.tensor(data.target)
    accuracies, seconds, parameters = defaultdict(list), {}, {}
    for seed in range(seeds):
        torch.manual_seed(seed)
        fitted, tested = torch.randperm(len(images)).split(1350)
        fitted = fitted.repeat(draws)
        points, mask = drawn(images[fitted], torch.randint(SMALLEST, LARGEST + 1, fitted.shape))
        given = orders(points, mask)
        models = {
            DEEPSETS: (DeepsetsClassifier(), given["left to right"]),
            SORTED: (perceptron(4 * LARGEST, 94, 10, dropout=0.1), given["left to right"]),
            SHUFFLED: (perceptron(4 * LARGEST, 94, 10, dropout=0.1), given[ANY]),
        }
        for name, (model, x) in models.items():
            start = time.perf_counter()
            said = f"{name}, seed {seed}"
            train(model, (x, mask), digits[fitted], loss, epochs, said, rate=1e-2)
            seconds[name] = time.perf_counter() - start
            parameters[name] = sum(p.numel() for p in model.parameters())
        tests = {size: torch.full_like(tested, size) for size in SIZES}
        tests[TRAINED] = torch.randint(SMALLEST, LARGEST + 1, tested.shape)
        for size, sizes in tests.items():
            points, mask = drawn(images[tested], sizes)
            for order, x in orders(points, mask).items():
                for name, (model, _) in models.items():
                    if name == DEEPSETS or mask.shape[1] == LARGEST:
                        found = predicted(model, (x, mask)).flatten(1).argmax(1)
                        right = (found == digits[tested]).double()
                        accuracies[name, order, size].append(right.mean().item())
    draw(images[3], accuracies, folder / "point_sets.png")
    return [
        Row(
            TASK,
            name,
            parameters[name],
            order,
            values,
            seconds[name],
        )
        for (name, order, size), values in accuracies.items()
        if size == TRAINED
    ]


def draw(image: torch.Tensor, accuracies: dict, path: Path) -> None:
    """A picture of one set on its image, and of the accuracy against the number of points."""
    shape = {"figsize": (9, 3.6), "width_ratios": (1, 2), "layout": "constrained"}
    figure, (left, right) = pyplot.subplots(1, 2, **shape)
    x, y, _ = drawn(image[None], torch.tensor([LARGEST]))[0][0]
    left.imshow(image, cmap="Greys", vmax=32, extent=(-1, 1, -1, 1))
    left.scatter(x, y, s=18, color=CURVES[DEEPSETS, ANY][0])
    left.set(title=f"{LARGEST} points of a digit", xlabel="x", ylabel="y")
    for (name, order), (colour, style) in CURVES.items():
        sizes = [size for size in SIZES if (name, order, size) in accuracies]
        means = [mean(accuracies[name, order, size]) for size in sizes]
        right.plot(sizes, means, style, color=colour, label=f"{name}; tested {order}")
    right.axvspan(SMALLEST, LARGEST, color="#DDDDDD", label="sizes trained on")
    right.set_xscale("log", base=2)
    right.set_xticks(SIZES, SIZES)
    right.set(title="test accuracy", xlabel="points of a set", ylabel="accuracy", ylim=(0, 1))
    right.legend(fontsize=7, loc="upper left")
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=100)
    pyplot.close(figure)


if __name__ == "__main__":
    print(table(main()))
