"""The child that parses: `python -m crawler.parsing.worker`. Started, fed and killed by `crawler.parsing.pool`.

It reads requests from standard input and answers on standard output until its input ends. Outside bytes can make a
parser hang, eat all memory or crash; here that costs a process of which nothing else depends.
"""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import sys
from collections.abc import Callable
from typing import Any, BinaryIO

from crawler.parsing.wire import PARSERS, READY, Refused, read_request, write_answer

_PR_SET_PDEATHSIG, _PR_SET_NO_NEW_PRIVS = 1, 38
_MAX_OPEN_FILES = 64
LARGE = 256 * 1024
"""Bytes of a document after which memory is given back: trees of it take tens of megabytes."""

BEHIND_THE_LOOP = 5
"""How much nicer than the process that feeds it: whatever is parsed, the loop that polls must go on."""


def main() -> None:
    memory_mb, parent = int(sys.argv[1]), int(sys.argv[2])
    answers = _claim_output()
    confine(memory_mb=memory_mb, parent=parent)
    serve(sys.stdin.buffer, answers)


def confine(*, memory_mb: int, parent: int) -> None:
    """Bounds on memory and files, no new privileges, and death with the parent."""
    resource.setrlimit(resource.RLIMIT_AS, (memory_mb << 20, memory_mb << 20))
    resource.setrlimit(resource.RLIMIT_NOFILE, (_MAX_OPEN_FILES, _MAX_OPEN_FILES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.nice(BEHIND_THE_LOOP)
    # The pool decides when a child ends; Ctrl-C on the terminal reaches the whole process group.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform == "linux":
        libc = ctypes.CDLL(None, use_errno=True)
        libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
        libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        if os.getppid() != parent:  # it died before we asked to be told
            sys.exit(0)


def serve(requests: BinaryIO, answers: BinaryIO) -> None:
    answers.write(READY)
    answers.flush()
    while (request := read_request(requests)) is not None:
        # The kernel ends us with SIGPROF when the time is up, whatever C code we are in (setitimer(2)).
        signal.setitimer(signal.ITIMER_PROF, request.cpu_s)
        answer = _answer(PARSERS[request.task], request.body, request.arguments)
        write_answer(answers, answer)
        signal.setitimer(signal.ITIMER_PROF, 0)
        if len(request.body) > LARGE:
            del request, answer
            _give_back_memory()


def _give_back_memory() -> None:
    """To the system, what the C library keeps for later (malloc_trim(3)); elsewhere than on Linux nothing is done."""
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
        if trim is not None:
            trim(0)


def _answer(parse: Callable[..., Any], body: bytes, arguments: dict[str, Any]) -> Any:
    try:
        return parse(body, **arguments)
    except MemoryError:
        # What is left of the heap is no place to go on in; the pool sees the death and counts a strike.
        os._exit(1)
    except Exception as error:  # any exception of any parser on any input must come back as an answer
        return Refused.by(error)


def _claim_output() -> BinaryIO:
    """Our own copy of standard output; what libraries print goes to standard error, not between the answers."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return answers


if __name__ == "__main__":
    main()
