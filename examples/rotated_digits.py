"""Which digit is it, however turned: group convolutions against plain ones of equal parameters.

The task of Cohen and Welling 2016, Group Equivariant Convolutional Networks, on the 1797 images of
8 x 8 that come with scikit-learn: 1000 to learn from, 797 to be asked about at every angle.
"""

from __future__ import annotations

import time
from collections import defaultdict
from pathlib import Path

import torch
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from scipy import ndimage
from sklearn.datasets import load_digits
from torch.nn.functional import cross_entropy

from examples.table import Row, table
from examples.training import predicted, train
from generated.cnn_digits import CnnDigits
from generated.p4_digits import P4Digits
from generated.p4m_digits import P4mDigits

NETWORKS = {"p4m": P4mDigits, "p4": P4Digits, "CNN": CnnDigits}
STYLES = {"p4m": ("#0072B2", "-"), "p4": ("#009E73", "--"), "CNN": ("#D55E00", ":")}
ANGLES = range(0, 360, 15)
LEARNT = 1000
DRAWN = (4, 7)


def turned(images: torch.Tensor, degrees: float) -> torch.Tensor:
    """Images (..., 8, 8) turned about the centre, by cubic splines; a quarter turn moves pixels."""
    planes = ndimage.rotate(images.numpy(), degrees, axes=(-1, -2), reshape=False, order=3)
    return torch.from_numpy(planes).clamp(0, 1)


def loss(scores: torch.Tensor, digits: torch.Tensor) -> torch.Tensor:
    """Cross entropy of scores (samples, 10, 1)."""
    return cross_entropy(scores[..., 0], digits)


def main(
    seeds: int = 5, epochs: int = 12, folder: Path = Path(__file__).parent / "pictures"
) -> list[Row]:
    """Train every network on upright and on turned digits, and ask each about turned ones.

    Args:
        seeds: how many trainings; each has its own split, weights and batches.
        epochs: of one training.
        folder: where the picture goes.
    """
    pixels, targets = load_digits(return_X_y=True)
    images = torch.tensor(pixels, dtype=torch.float32).view(-1, 1, 8, 8) / 16
    digits = torch.tensor(targets)
    circle = torch.stack([turned(images, angle) for angle in ANGLES])

    accuracies, seconds, answers = defaultdict(list), defaultdict(list), {}
    for seed in range(seeds):
        torch.manual_seed(seed)
        learnt, asked = torch.randperm(len(images)).tensor_split([LEARNT])
        angles = (360 * torch.rand(LEARNT)).tolist()
        tasks = {
            "upright": images[learnt],
            "turned": torch.stack([*map(turned, images[learnt], angles)]),
        }
        for task, inputs in tasks.items():
            for name, network in NETWORKS.items():
                torch.manual_seed(seed)
                model = network()
                start = time.perf_counter()
                train(model, [inputs], digits[learnt], loss, epochs, f"{name}, {task}", rate=1e-2)
                seconds[task, name].append(time.perf_counter() - start)
                scores = torch.stack([predicted(model, [turn[asked]]) for turn in circle])
                given = scores[..., 0].argmax(-1)
                accuracies[task, name].append((given == digits[asked]).double().mean(-1))
                answers[task, name] = given
    by_angle = {case: torch.stack(values) for case, values in accuracies.items()}

    figure = Figure(figsize=(9, 7.2), layout="constrained")
    top, bottom = figure.subfigures(2, 1, height_ratios=[1.1, 1])
    top.suptitle("What networks that learnt from upright digits say of turned ones")
    for digit, ax in zip(DRAWN, top.subplots(len(DRAWN)), strict=True):
        first = (digits[asked] == digit).nonzero()[0].item()
        said = {name: answers["upright", name][:, first] for name in NETWORKS}
        draw_digit(ax, digit, circle[:, asked[first], 0], said)
    for task, ax in zip(tasks, bottom.subplots(1, 2, sharey=True), strict=True):
        draw_accuracies(ax, {name: by_angle[task, name] for name in NETWORKS})
        ax.set_title(f"learnt from {task} digits")
        ax.label_outer()
    ax.legend(loc="lower right")
    folder.mkdir(parents=True, exist_ok=True)
    figure.savefig(folder / "rotated_digits.png", dpi=100)

    rows = []
    for (task, name), values in by_angle.items():
        quarter = len(ANGLES) // 4
        measures = {
            "upright": values[:, 0],
            "quarter turns": values[:, quarter::quarter].mean(1),
            "any angle": values.mean(1),
        }
        size = sum(parameter.numel() for parameter in NETWORKS[name]().parameters())
        spent = sum(seconds[task, name]) / seeds
        for measure, found in measures.items():
            said = f"digits learnt {task}: accuracy"
            rows.append(Row(said, name, size, measure, found.tolist(), spent))
    return rows


def draw_digit(ax: Axes, digit: int, images: torch.Tensor, said: dict[str, torch.Tensor]) -> None:
    """One digit (angles, 8, 8) at every third angle, and below it what the networks say it is."""
    for place, turn in enumerate(range(0, len(ANGLES), 3)):
        middle = 10 * place
        ax.imshow(images[turn], cmap="gray_r", vmin=-0.1, extent=(middle - 4, middle + 4, 8, 0))
        ax.text(middle, -0.5, f"{ANGLES[turn]}°", ha="center")
        for line, (name, answers) in enumerate(said.items()):
            mark = "✓" if answers[turn] == digit else "✗"
            text = f"{name}: {answers[turn]} {mark}"
            ax.text(middle, 9.8 + 1.8 * line, text, color=STYLES[name][0], ha="center")
    ax.set(xlim=(-5, middle + 5), ylim=(14, -2))
    ax.axis("off")


def draw_accuracies(ax: Axes, accuracies: dict[str, torch.Tensor]) -> None:
    """Accuracies (seeds, angles) against the angle: their mean, from the least to the largest."""
    for name, values in accuracies.items():
        colour, style = STYLES[name]
        ax.fill_between(ANGLES, values.amin(0), values.amax(0), color=colour, alpha=0.2, lw=0)
        ax.plot(ANGLES, values.mean(0), color=colour, linestyle=style, label=name)
    ax.set(xlabel="angle of the digits asked about (degrees)", ylabel="accuracy")
    ax.set(xticks=ANGLES[::3], xlim=(0, ANGLES[-1]), ylim=(0, 1))
    ax.grid(alpha=0.3)


if __name__ == "__main__":
    print(table(main()))
