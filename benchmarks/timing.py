"""Medians of interleaved runs: each round runs every contender, so that noise hits all alike."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Mapping
from statistics import median

import numpy as np

_LEAST_ROUNDS = 3

# A contender prepares what is not timed, and returns what is.
Contender = Callable[[], Callable[[], object]]


def medians(
    contenders: Mapping[str, Contender], rounds: int = 7, seconds: float = 1.5, collect: bool = True
) -> dict[str, float]:
    """The median seconds of each; from the fourth round on who has used up `seconds` sits out.

    Garbage is collected before each run, unless that would take longer than what is timed.

    Raises:
        SystemExit: two contenders disagree on the dimension, so that a comparison means nothing.
    """
    times: dict[str, list[float]] = {name: [] for name in contenders}
    answers: dict[str, int] = {}
    for number in range(rounds):
        for name, prepare in contenders.items():
            if number >= _LEAST_ROUNDS and sum(times[name]) > seconds:
                continue
            work = prepare()
            if collect:
                gc.collect()
            started = time.perf_counter()
            result = work()
            times[name].append(time.perf_counter() - started)
            answer = dimension(result)
            if answer is not None:
                answers[name] = answer
            del result, work
    if len(set(answers.values())) > 1:
        raise SystemExit(f"contenders disagree: {answers}")
    return {name: median(values) for name, values in times.items()}


def dimension(result: object) -> int | None:
    """The number of basis elements in an array of codes, or the number itself."""
    if isinstance(result, np.ndarray):
        return int(result.max(initial=0))
    return result if isinstance(result, int) else None


def writing(count: int) -> Contender:
    """The floor: fill an array of that many bytes."""
    return lambda: lambda: _fill(count)


def _fill(count: int) -> None:
    np.empty(count, dtype=np.int8).fill(1)
