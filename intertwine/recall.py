"""Solving what was not solved before: answers come from the cache, or are found and kept there.

What solves is imported when it is needed: an answer that is recalled should not wait for it.
"""

from __future__ import annotations

from dataclasses import dataclass
from time import perf_counter
from typing import TYPE_CHECKING

from intertwine.cache import Cache, key_of
from intertwine.emit.load import loaded_class
from intertwine.show.outcome import Outcome
from intertwine.spec.load import NetworkDocument, SpecDocument, load_document

if TYPE_CHECKING:
    import torch

    from intertwine.network.space import NetworkSpace
    from intertwine.pipeline import SpecLike
    from intertwine.solution import SpecSpace


@dataclass(frozen=True)
class Question:
    """What is asked of a spec: by which rule to solve it, and whether a layer is to be emitted."""

    document: SpecDocument | NetworkDocument
    rule: str | None = None
    emits: bool = True

    @property
    def key(self) -> str:
        """The key of the answer in a cache."""
        return key_of(spec=self.document.digest, rule=self.rule, emits=self.emits)

    def recalled(self, cache: Cache) -> Outcome | None:
        """The answer that was found before, or None; one to something else is as good as none."""
        found = Outcome.of_plain(cache.recall(self.key))
        if found is None or found.name != self.document.spec.name:
            return None
        return None if self.emits and found.page is None else found

    def solved(self) -> SpecSpace | NetworkSpace:
        """The space, solved now."""
        from intertwine.pipeline import solve_document

        return solve_document(self.document, self.rule, self.emits)

    @staticmethod
    def load_solver() -> float:
        """Import what solves and tells, and say in how many seconds."""
        started = perf_counter()
        import intertwine.pipeline
        import intertwine.show.network  # noqa: F401

        return perf_counter() - started

    def answer(self, space: SpecSpace | NetworkSpace, cache: Cache | None) -> Outcome:
        """What a solved space says, kept for the next time."""
        from intertwine.show.network import network_outcome
        from intertwine.show.solved import outcome_of
        from intertwine.solution import SpecSpace

        if isinstance(space, SpecSpace):
            found = outcome_of(space, self.emits)
        else:
            found = network_outcome(space)
        if cache is not None:
            cache.keep(self.key, found.as_plain())
        return found


def layer_class(given: SpecLike, cache: bool = True) -> type[torch.nn.Module]:
    """The emitted class of a spec, of a layer or of a network: solved once, then recalled.

    >>> spec = {"name": "ring", "group": {"cyclic": 5}, "input": "points", "output": "points"}
    >>> layer_class(spec)(2, 3).weight.shape
    torch.Size([5, 3, 2])
    """
    question, kept = Question(load_document(given)), Cache.of_user() if cache else None
    outcome = question.recalled(kept) if kept else None
    if outcome is None:
        outcome = question.answer(question.solved(), kept)
    found: type[torch.nn.Module] = loaded_class(
        outcome.page or "", outcome.name, outcome.class_name
    )
    return found
