"""What symmetry does a network find by itself: kernels learnt from upright and from turned digits.

Olah et al. 2020, Naturally Occurring Equivariance in Neural Networks, saw families of turned
features in networks that had learnt from photographs.  Here an ordinary convolutional network
learns the digits of 8 x 8 that come with scikit-learn, upright or in all eight positions, and
`intertwine.discover` looks for turned and mirrored copies among its kernels.
"""

from __future__ import annotations

import time
from collections import defaultdict
from pathlib import Path

import torch
from sklearn.datasets import load_digits
from torch import nn
from torch.nn.functional import cross_entropy

from examples.table import Row, table
from examples.training import predicted, train
from intertwine.discover.discover import discover_symmetry
from intertwine.discover.discovery import Discovery
from intertwine.discover.kernel import kernel_symmetry
from intertwine.show.picture.kernels import picture

CHANNELS, SIDE = 96, 5
LEARNT = 1000
# Small weights at first and decay: little of the random start is left.
START, DECAY = 0.1, 0.3


def positions(images: torch.Tensor) -> torch.Tensor:
    """Images (samples, 1, 8, 8) in all eight positions of a square, one after another."""
    turned = [torch.rot90(images, quarter, (-2, -1)) for quarter in range(4)]
    return torch.cat([*turned, *(image.flip(-1) for image in turned)])


def network() -> nn.Sequential:
    """A layer of kernels, each asked for its largest answer anywhere, and a linear classifier."""
    kernels = nn.Conv2d(1, CHANNELS, SIDE, padding=SIDE // 2)
    with torch.no_grad():
        for parameter in kernels.parameters():
            parameter *= START
    return nn.Sequential(
        kernels,
        nn.ReLU(),
        nn.AdaptiveMaxPool2d(1),
        nn.Flatten(),
        nn.Linear(CHANNELS, 10),
    )


def main(
    seeds: int = 3, epochs: int = 30, folder: Path = Path(__file__).parent / "pictures"
) -> list[Row]:
    """Train on upright and on turned digits, and look for symmetry before and after.

    Args:
        seeds: how many trainings; each has its own split, weights and batches.
        epochs: of one training, over eight copies of each digit.
        folder: where the picture goes.
    """
    pixels, targets = load_digits(return_X_y=True)
    images = torch.tensor(pixels, dtype=torch.float32).view(-1, 1, 8, 8) / 16
    digits = torch.tensor(targets)
    acting = kernel_symmetry([SIDE, SIDE])
    measures: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    seconds: dict[str, float] = defaultdict(float)
    for seed in range(seeds):
        torch.manual_seed(seed)
        learnt, asked = torch.randperm(len(images)).tensor_split([LEARNT])
        tasks = {
            "untrained": None,
            "upright": images[learnt].repeat(8, 1, 1, 1),
            "turned": positions(images[learnt]),
        }
        for task, inputs in tasks.items():
            torch.manual_seed(seed)
            model, start = network(), time.perf_counter()
            if inputs is not None:
                answers = digits[learnt].repeat(8)
                options = {"rate": 1e-2, "decay": DECAY}
                train(model, [inputs], answers, cross_entropy, epochs, task, **options)
            seconds[task] += time.perf_counter() - start
            said = predicted(model, [positions(images[asked])]).argmax(-1)
            found = discover_symmetry(model[0].weight.detach().numpy(), acting)
            right = (said == digits[asked].repeat(8)).double().mean().item()
            for name, value in {"accuracy in any position": right, **figures(found)}.items():
                measures[task][name].append(value)
    folder.mkdir(parents=True, exist_ok=True)
    drawn = picture("kernels learnt from turned digits", found, "png")
    (folder / "discovered_symmetry.png").write_bytes(drawn)
    size = sum(parameter.numel() for parameter in network().parameters())
    return [
        Row("kernels of digits", task, size, name, values, seconds[task] / seeds)
        for task, several in measures.items()
        for name, values in several.items()
    ]


def figures(found: Discovery) -> dict[str, float]:
    """The mean score of all turns and mirrors, the largest that chance gives, and the families."""
    scores = [turn.score for turn in found.turns]
    chances = [turn.alike.largest for turn in found.turns if turn.alike is not None]
    return {
        "score": sum(scores) / len(scores),
        "of chance, at most": sum(chances) / len(chances),
        "elements above chance, of 7": sum(turn.above_chance for turn in found.turns),
        "channels in families": found.in_families,
        "by chance": found.by_chance or 0,
        "holes": found.holes,
    }


if __name__ == "__main__":
    print(table(main()))
