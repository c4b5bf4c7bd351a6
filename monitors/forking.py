"""One kind of work on many things by several processes: in order, a bounded number of things at a time."""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import Any, TypeVar

from monitors.errors import RasidError
from monitors.orphans import die_with_parent

T = TypeVar("T")
R = TypeVar("R")

AHEAD = 3
"""Things given out for each process before the first answer is waited for."""


def in_order(work: Callable[[T], R], things: Iterable[T], *, processes: int) -> Iterator[R]:
    """What the work makes of each thing, in the order of the things, of which only a few are taken ahead.

    With one process it is done here. The processes are forks of this one, so what `work` holds is shared and not sent;
    things and results are. Raises RasidError when a process dies.
    """
    if processes < 2:
        yield from map(work, things)
        return
    _Forked.work = work
    gc.freeze()  # what is never looked at for garbage stays shared
    executor = ProcessPoolExecutor(processes, multiprocessing.get_context("fork"), _begin, (os.getpid(),))
    try:
        waiting: deque[Future[R]] = deque()
        for thing in things:
            waiting.append(executor.submit(_do, thing))
            if len(waiting) >= AHEAD * processes:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    except BrokenProcessPool:
        raise RasidError("A process died at work, perhaps for want of memory.", hint="Try fewer workers.") from None
    finally:
        executor.shutdown(cancel_futures=True)
        gc.unfreeze()


class _Forked:
    """What a fork inherits: there is no other way to give it something that cannot be sent."""

    work: Callable[[Any], Any]


def _do(thing: Any) -> Any:
    return _Forked.work(thing)


def _begin(parent: int) -> None:
    """Ctrl-C reaches all processes of the terminal, but the one that was started ends the others.

    They would never learn that it was killed: each holds all ends of the pipes it waits at (prctl(2)).
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform == "linux":
        die_with_parent()
        if os.getppid() != parent:  # it died before we asked to be told
            os._exit(1)
