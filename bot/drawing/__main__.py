"""`python -m bot.drawing`: what is to be drawn comes as JSON on standard input, the PNG leaves on standard output."""

from __future__ import annotations

import ctypes
import json
import resource
import signal
import sys

MOST_MEMORY = 1536 * 1024 * 1024
"""Bytes of address space: several times what the largest picture takes."""

_PR_SET_PDEATHSIG = 1  # prctl(2)


def main() -> None:
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    asked = json.load(sys.stdin)
    from bot.drawing.mentions import Mentions, draw

    sys.stdout.buffer.write(draw(Mentions.read(asked)))


if __name__ == "__main__":
    main()
