"""The weights of an emitted layer that come nearest to a given matrix, as a warm start."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from intertwine.errors import needing_torch

with needing_torch("taking the weights of a matrix"):
    import torch

_SMALLEST = 1e-30
_UNREACHED = 1e-9


def from_dense(layer: torch.nn.Module, matrix: torch.Tensor, *n: Any) -> torch.nn.Module:
    """Give an emitted layer the weights of the equivariant map nearest to a matrix.

    The matrix has the shape of `layer.dense_weight(*n)`, and nearest is meant in the Frobenius
    norm: the weights solve the normal equations of `weights -> dense_weight`, by conjugate
    gradients in double precision.  Where maps depend on each other, as diagrams do at small n, the
    weights are those of a map that is nearest.  The bias stays as it is.

    Args:
        layer: a layer of an emitted page, or of `solve(...).layer()`; it is returned.
        matrix: of shape (out_channels, *output, in_channels, *input).
        n: the size, or sizes, of a layer of any size; the spec's by default.

    Raises:
        ValueError: for a matrix of another shape.

    >>> import torch
    >>> from intertwine import from_dense, solve
    >>> spec = {"name": "sets", "group": {"symmetric": 3}, "input": "points", "output": "points"}
    >>> layer = from_dense(solve(spec).layer(1, 1), torch.diag(torch.arange(3.0))[None, :, None])
    >>> print(layer.dense_weight().squeeze().round(decimals=3).tolist()[0])
    [1.0, 0.0, 0.0]
    """
    pieces: Any = layer
    own = _weights(layer)
    dtype = torch.promote_types(own[0].dtype, torch.float64)
    to = {"device": matrix.device, "dtype": dtype}
    twin = type(pieces)(pieces.in_channels, pieces.out_channels, bias=False, **to)
    weights = _weights(twin)

    def pulled(given: torch.Tensor) -> torch.Tensor:
        """The gradient of <dense_weight, given> with respect to all weights."""
        with torch.enable_grad():
            whole = twin.dense_weight(*n)
        if given.shape != whole.shape:
            shape, expected = tuple(given.shape), tuple(whole.shape)
            raise ValueError(f"given a matrix of shape {shape}, expected {expected}")
        parts = torch.autograd.grad(whole, weights, given.to(whole), materialize_grads=True)
        return torch.cat([part.flatten() for part in parts])

    def normal(flat: torch.Tensor) -> torch.Tensor:
        """What the normal equations make of weights."""
        torch.nn.utils.vector_to_parameters(flat, weights)
        return pulled(twin.dense_weight(*n))

    with torch.no_grad():
        solution = _solution(normal, pulled(matrix), 4 * sum(map(len, weights)) + 99)
        torch.nn.utils.vector_to_parameters(solution, weights)
        for weight, nearest in zip(own, weights, strict=True):
            weight.copy_(nearest)
    return layer


def _weights(layer: torch.nn.Module) -> list[torch.nn.Parameter]:
    """All weights of a layer, and no bias."""
    return [w for name, w in layer.named_parameters() if name.split(".")[0] == "weight"]


def _solution(
    normal: Callable[[torch.Tensor], torch.Tensor], wanted: torch.Tensor, steps: int
) -> torch.Tensor:
    """A solution of normal equations by conjugate gradients, scaled by the sums of rows."""
    residual = wanted
    scale = normal(torch.ones_like(wanted)).real
    scale = torch.where(scale > _UNREACHED * scale.sum(), scale, 1)
    solution, direction, before = torch.zeros_like(wanted), torch.zeros_like(wanted), 1.0
    for _ in range(steps):
        size = float(residual.vdot(residual / scale).real)
        if size <= _SMALLEST * float(wanted.vdot(wanted / scale).real):
            break
        direction, before = residual / scale + size / before * direction, size
        image = normal(direction)
        step = size / float(direction.vdot(image).real)
        solution, residual = solution + step * direction, residual - step * image
    return solution
