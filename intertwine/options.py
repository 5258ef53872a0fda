"""What each kind of layer obeys of a spec's `layer`, in one table: no key is left out silently.

Every key is listed, with the values that some layers cannot obey.  What is listed under none of its
conditions is obeyed by every layer; `tests/test_options.py` holds each key to its effect.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from intertwine.errors import SpecError, located
from intertwine.plan.support import only_permuted

if TYPE_CHECKING:
    from intertwine.form import Form
    from intertwine.spec.layer_forms import Layer


@dataclass(frozen=True)
class Unheard:
    """A value of a key that some layers do not obey: when, what they do obey, and what to do.

    `given` describes the value, with a hole for the layer as the spec says it.
    """

    says: Callable[[Layer], bool]
    where: Callable[[Form], bool]
    given: str
    expected: str
    advice: str = "leave it out"


def _restricts(layer: Layer) -> bool:
    return layer.support.radius is not None or layer.support.orbitals is not None


def _strategy(*words: str) -> Callable[[Layer], bool]:
    return lambda layer: layer.strategy in words


def _matrices(form: Form) -> bool:
    return form.axes is None and form.stacked


def _between_fields(form: Form) -> bool:
    return any(form.named)


def _never_alike(form: Form) -> bool:
    pairs = [(s, t) for s in form.sources.values() for t in form.targets.values()]
    return not any(only_permuted(source, target) for source, target in pairs)


def _always(form: Form) -> bool:
    return True


OPTIONS: Mapping[str, tuple[Unheard, ...]] = {
    "class_name": (),
    "bias": (),
    "strategy": (
        Unheard(
            _strategy("convolve"),
            lambda form: form.axes is not None,
            "strategy: convolve",
            "auto, factor or expand: this layer serves every size",
        ),
        Unheard(
            _strategy("convolve", "factor"),
            _matrices,
            "strategy: {layer.strategy}, where an action has matrices",
            "auto or expand: what is convolved or factored are patterns of equal weights",
        ),
        Unheard(
            lambda layer: layer.strategy == "factor" and _restricts(layer),
            _always,
            "strategy: factor beside a support",
            "auto, convolve or expand: only all maps together are factored",
        ),
    ),
    "support": (
        Unheard(
            lambda layer: layer.support.radius is not None and layer.support.orbitals is not None,
            _always,
            "support: a radius and orbitals",
            "one of the two",
            "leave one of them out",
        ),
        Unheard(
            lambda layer: layer.support.orbitals is not None,
            _between_fields,
            "support: orbitals beside fields",
            "a radius, or an input and an output without named fields",
            "leave it out, or make a layer for each pair of fields",
        ),
    ),
    "boundary": (
        Unheard(
            lambda layer: layer.boundary == "zeros" and layer.support.radius is None,
            _always,
            "boundary: zeros without a support",
            "support: {radius: r} beside it",
            "add a radius",
        ),
        Unheard(
            lambda layer: layer.boundary == "zeros",
            _between_fields,
            "boundary: zeros beside fields",
            "an input and an output without named fields",
            "leave it out, or make a layer for each pair of fields",
        ),
    ),
    "init": (
        Unheard(
            lambda layer: layer.init == "correlated",
            _never_alike,
            "init: correlated, where the group changes signs or mixes coordinates",
            "independent: inputs that are equal at all points are not kept by the group",
        ),
    ),
    "normalize": (
        Unheard(
            lambda layer: layer.normalize == "sum",
            lambda form: form.axes is None,
            "normalize: sum on a layer of one size",
            "mean: only layers that serve every size divide by sizes",
        ),
    ),
    "layout": (),
}


def unheard(form: Form) -> Iterator[tuple[str, Unheard]]:
    """The keys of a layer that it would not obey, each with why."""
    for key, cases in OPTIONS.items():
        for case in cases:
            if case.says(form.spec.layer) and case.where(form):
                yield key, case


def refuse_unheard(form: Form) -> None:
    """Refuse what a layer is asked for and would not obey, at its key."""
    for key, case in unheard(form):
        with located("layer", key):
            given = case.given.format(layer=form.spec.layer)
            raise SpecError(given, case.expected, case.advice)
