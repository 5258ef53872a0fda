"""BLISS, through igraph: automorphisms and canonical orders of coloured graphs.

No size tells how long it takes: graphs are known on which it takes for ever.  So larger graphs are
given to a process of its own, which is ended when the time that is left has passed.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from contextlib import suppress
from typing import Any

import numpy as np

from intertwine.errors import TooLargeError
from intertwine.group.permutation import Indices
from intertwine.limits import human_time, memory_limit, seconds_left

_LARGEST_AT_HOME = 300
_LIBRARIES = 1 << 30

# Colours, the two ends of each edge, and whether edges are directed.
Plain = tuple[list[int], list[list[int]], bool]


def automorphism_generators(graph: Plain) -> list[Indices]:
    """Permutations of the vertices that generate the automorphism group.

    >>> [g.tolist() for g in automorphism_generators(([0, 1, 0], [[0, 1], [1, 2]], False))]
    [[2, 1, 0]]
    """
    return [np.array(g, dtype=np.intp) for g in _answered("automorphism_group", graph)]


def canonical_place(graph: Plain) -> Indices:
    """The place of each vertex in an order that isomorphic graphs share."""
    return np.array(_answered("canonical_permutation", graph), dtype=np.intp)


def _answered(question: str, graph: Plain) -> list[Any]:
    count = len(graph[0])
    if count <= _LARGEST_AT_HOME:
        return _answer(question, graph)
    seconds = seconds_left()
    what = f"the automorphisms of a graph of {count} vertices without twins"
    try:
        run = subprocess.run(
            [sys.executable, "-m", "intertwine.group.bliss"],
            input=pickle.dumps((question, graph, memory_limit() + _LIBRARIES)),
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise TooLargeError(
            f"{what} were not found in {human_time(seconds)}; take a smaller graph, or allow more "
            "with --time"
        ) from None
    if run.returncode:
        raise TooLargeError(f"{what} need more memory than the limit; take a smaller graph")
    found: list[Any] = pickle.loads(run.stdout)
    return found


def _answer(question: str, graph: Plain) -> list[Any]:
    import igraph

    colours, ends, directed = graph
    bliss = igraph.Graph(len(colours), ends, directed=directed)
    answer: list[Any] = getattr(bliss, question)(color=colours)
    return answer


def _answer_apart() -> None:
    """What the process of its own does, under a limit on its memory where there are such."""
    question, graph, limit = pickle.load(sys.stdin.buffer)
    with suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (limit, resource.getrlimit(resource.RLIMIT_AS)[1]))
    pickle.dump(_answer(question, graph), sys.stdout.buffer)


if __name__ == "__main__":
    _answer_apart()
