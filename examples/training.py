"""Training a network: minibatches of Adam, with a progress bar."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import torch
from rich.console import Console
from rich.progress import track

Loss = Callable[[torch.Tensor, torch.Tensor], torch.Tensor]
Tensors = Sequence[torch.Tensor]


def train(
    model: torch.nn.Module,
    inputs: Tensors,
    targets: torch.Tensor,
    loss: Loss,
    epochs: int,
    said: str,
    rate: float = 3e-3,
    batch: int = 64,
    decay: float = 1e-4,
) -> None:
    """Fit a model to samples, in random order, with a learning rate that falls to zero.

    Args:
        model: takes `inputs` (and whatever keyword it needs by closure), gives what `loss` takes.
        inputs: one tensor or several, the samples along their first axis.
        targets: what the loss compares with, sample by sample.
        loss: of the model's output and the targets.
        epochs: how often every sample is seen.
        said: what the progress bar says.
        rate: the largest learning rate of Adam.
        batch: how many samples a step takes.
        decay: of the weights, times the learning rate, at every step.
    """
    optimizer = torch.optim.AdamW(model.parameters(), rate, weight_decay=decay)
    steps = epochs * (len(targets) // batch)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, rate, total_steps=steps)
    model.train()
    for _ in track(range(epochs), said, console=Console(stderr=True), transient=True):
        for chosen in torch.randperm(len(targets)).split(batch):
            if len(chosen) < batch:
                continue
            optimizer.zero_grad()
            loss(model(*(x[chosen] for x in inputs)), targets[chosen]).backward()
            optimizer.step()
            schedule.step()
    model.eval()


@torch.no_grad()
def predicted(model: torch.nn.Module, inputs: Tensors, batch: int = 256) -> torch.Tensor:
    """What a model in eval mode gives for all samples."""
    model.eval()
    parts = zip(*(x.split(batch) for x in inputs), strict=True)
    return torch.cat([model(*part) for part in parts])
