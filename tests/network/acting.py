"""Networks with weights that are not the first ones, and group elements acting on their tensors."""

import copy

import numpy as np
import torch

from intertwine.network.symmetry import own_words
from intertwine.plan.moved import moved_field


def perturbed(space, **options):
    """A network in double precision, with weights and statistics that are not the first ones."""
    torch.manual_seed(0)
    model = space.model(**{"dtype": torch.float64, **options})
    with torch.no_grad():
        for parameter in model.parameters():
            parameter += torch.randn_like(parameter) / 10
        for key, buffer in model.named_buffers():
            if key.endswith("running_mean"):
                buffer.normal_()
            if key.endswith("running_var"):
                buffer.uniform_(0.5, 2)
    return model.eval()


def inputs(space, batch=(4,), dtype=torch.float64):
    torch.manual_seed(1)
    return [torch.randn(*batch, v.channels, *v.shape, dtype=dtype) for v in space.plan.inputs]


def outputs(model, x, **options):
    y = model(*x, **options)
    return y if isinstance(y, tuple) else (y,)


def assert_equal(left, right, bound=1e-10):
    for a, b in zip(left, right, strict=True):
        torch.testing.assert_close(a, b, rtol=bound, atol=bound)


def acted(features, parts, element):
    """What an element, given by its images on the group's own sets, does to tensors."""
    return [
        torch.einsum(
            "ij,...j->...i", torch.from_numpy(matrix), part.flatten(part.ndim - len(action.shape))
        ).reshape(part.shape)
        for part, action, matrix in (
            (part, action, element[name])
            for part, (name, action) in zip(parts, features.fields.items(), strict=True)
        )
    ]


def random_element(space, seed):
    """Matrices, on input and output, of a random product of what the network says it keeps."""
    random = np.random.default_rng(seed)
    sides = []
    moved = moved_fields(space)
    letters = random.integers(count(moved), size=11)
    for fields in moved:
        matrices = {}
        for field in fields:
            whole = np.eye(field.points)
            for letter in letters:
                whole = whole @ dense(field, letter)
            matrices[field.name] = whole
        sides.append(matrices)
    return sides


def moved_fields(space):
    """Inputs and outputs with the generators that are left; of a network of any size, all."""
    plan = space.plan
    if plan.sizes is None:
        return plan.moved_inputs, plan.moved_outputs
    ends = space.problem.source, space.problem.stages[-1].target
    words = own_words(space.problem.group)
    return [[moved_field(n, a, words, False) for n, a in f.fields.items()] for f in ends]


def count(moved):
    """How many generators there are."""
    field = moved[0][0]
    return len(field.moves) if hasattr(field, "moves") else len(field.generators)


def dense(field, letter):
    if hasattr(field, "moves"):
        return field.moves[letter].matrix
    row = field.generators[letter]
    matrix = np.zeros((field.points, field.points))
    matrix[np.abs(row) - 1, np.arange(field.points)] = np.sign(row)
    return matrix


def sized(axes, sizes):
    """The lengths of axes where those of the factors are `sizes`."""
    return [sizes.get(factor, size) for factor, size in zip(axes.factors, axes.sizes, strict=True)]


def assert_padding_changes_nothing(space, model, x, more, size=1.0):
    """Padded by `more` points a factor, of numbers as large as `size`, x gives what it does alone.

    Models are copied, for running statistics change in training.
    """
    larger = {factor: n + more for factor, n in space.plan.sizes.items()}
    padded = []
    for part, value in zip(x, space.plan.inputs, strict=True):
        shape = (len(part), value.channels, *sized(value.axes, larger))
        full = size * torch.randn(*shape, dtype=torch.float64)
        full[(..., *(slice(n) for n in value.shape))] = part
        padded.append(full)
    counts = space.plan.sizes.items()
    masks = {f: (torch.arange(larger[f]) < n).expand(len(x[0]), -1) for f, n in counts}
    mask = masks[""] if set(masks) == {""} else masks
    found = outputs(copy.deepcopy(model), padded, mask=mask)
    kept = [
        part[(..., *(slice(n) for n in value.shape))]
        for part, value in zip(found, space.plan.outputs, strict=True)
    ]
    assert_equal(kept, outputs(copy.deepcopy(model), x), 1e-9)
