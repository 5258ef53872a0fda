"""The form of the layer that a spec asks for, and what is refused before anything is solved."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from intertwine.action.action import Action
from intertwine.action.structure import fields_of
from intertwine.errors import SpecError, located
from intertwine.names import check_module, class_name
from intertwine.options import refuse_unheard
from intertwine.plan.diagram import Axes
from intertwine.plan.lower import MOST_ENTRIES, refuse_large, refuse_long
from intertwine.plan.strategies import must_expand
from intertwine.plan.strategy.diagrams import axes_of_any_size
from intertwine.plan.support import Wish
from intertwine.spec.schema import Spec


@dataclass(frozen=True)
class Form:
    """A layer's input and output, with the spec that asks for it.

    >>> from intertwine.group.named import symmetric
    >>> from intertwine.action.action import SetAction
    >>> points = SetAction(symmetric(5), "points")
    >>> spec = Spec(name="sets", group={"symmetric": 5}, input="points", output="points")
    >>> Form(spec, points, points).axes is not None
    True
    """

    spec: Spec
    source: Action
    target: Action

    @property
    def sources(self) -> dict[str, Action]:
        """The inputs, by name."""
        return fields_of(self.source) or {"input": self.source}

    @property
    def targets(self) -> dict[str, Action]:
        """The outputs, by name."""
        return fields_of(self.target) or {"output": self.target}

    @property
    def named(self) -> tuple[bool, bool]:
        """Whether the input, and the output, is a tuple of named fields."""
        return bool(fields_of(self.source)), bool(fields_of(self.target))

    @cached_property
    def axes(self) -> tuple[dict[str, Axes], dict[str, Axes]] | None:
        """The axes of all fields, where the layer serves every size."""
        return None if self.restricts else axes_of_any_size(self.sources, self.targets)

    @property
    def restricts(self) -> bool:
        """Whether the layer keeps some maps only."""
        return self.wish.restricts

    @property
    def stacked(self) -> bool:
        """Whether some action has matrices, so that maps may have any coefficients."""
        return any(a.linear for a in (*self.sources.values(), *self.targets.values()))

    @property
    def class_name(self) -> str:
        """The name of the layer's class."""
        return self.spec.layer.class_name or class_name(self.spec.name)

    @property
    def wish(self) -> Wish:
        """How the layer is to be computed, and which maps it keeps."""
        layer = self.spec.layer
        orbitals = layer.support.orbitals
        kept = None if orbitals is None else tuple(sorted(set(orbitals)))
        return Wish(layer.strategy, layer.support.radius, kept, layer.boundary == "zeros")

    def refuse(self) -> None:
        """Refuse a layer whose names, options or size are impossible."""
        with located("name"):
            check_module(self.spec.name, self.class_name)
        self._refuse_nothing()
        refuse_unheard(self)
        if self.axes is None:
            pairs = [(s, t) for s in self.sources.values() for t in self.targets.values()]
            large = sum(s.dimension * t.dimension for s, t in pairs) > MOST_ENTRIES
            if large or self.wish.strategy == "expand":
                refuse_long(pairs)
                refuse_large([(s, t) for s, t in pairs if must_expand(s, t, self.wish)])

    def _refuse_nothing(self) -> None:
        """Refuse tensors without entries, such as a number for every edge of no edges."""
        for key, side in (("input", self.sources), ("output", self.targets)):
            for action in side.values():
                if not action.dimension:
                    with located(key):
                        raise SpecError(
                            f"a layer for {action}, which has no points",
                            "at least one number a channel",
                            "leave it out, or ask for the spaces alone with --no-emit",
                        )
