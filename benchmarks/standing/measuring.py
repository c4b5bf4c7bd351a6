"""CPU times and memory, each for one thing at a time."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterable, Sequence
from math import inf
from typing import TypeVar

import psutil

T = TypeVar("T")
R = TypeVar("R")


def cpu_ms(work: Callable[[T], R], things: Sequence[T], *, backend: int | None = None) -> tuple[float, list[R]]:
    """The mean CPU time that work on one thing took, that of the process `backend` included, and what came of it."""
    gc.collect()
    gc.freeze()  # what stands is no garbage; the service does the same once its watches are loaded
    server = _cpu_s(backend)
    start = time.process_time()
    results = [work(thing) for thing in things]
    taken = time.process_time() - start + _cpu_s(backend) - server
    return taken * 1000 / len(things), results


def side_by_side_ms(works: Sequence[Callable[[T], object]], things: Sequence[T], *, turns: int) -> list[float]:
    """The mean CPU time that each work on one thing takes, of so many turns the fastest.

    The works take turns at each thing, so that whatever else the machine does slows all of them, and at who is first:
    the others find memory warm.
    """
    gc.collect()
    gc.freeze()
    fastest = [[inf] * len(things) for _ in works]
    contest = list(zip(works, fastest, strict=True))
    for _ in range(turns):
        contest.append(contest.pop(0))
        for number, thing in enumerate(things):
            for work, times in contest:
                start = time.process_time()
                work(thing)
                times[number] = min(times[number], time.process_time() - start)
    return [sum(times) * 1000 / len(things) for times in fastest]


def _cpu_s(process: int | None) -> float:
    if process is None:
        return 0.0
    times = psutil.Process(process).cpu_times()
    return float(times.user + times.system)


def resident_bytes() -> int:
    gc.collect()
    return int(psutil.Process().memory_info().rss)


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """The first column to the left, the others to the right."""
    lines = [heads, *rows]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join(
        "  ".join(
            [line[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(line[1:], widths[1:], strict=True))]
        )
        for line in lines
    )
