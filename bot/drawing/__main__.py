"""`python -m bot.drawing`: what is to be drawn comes as JSON on a line of standard input, and leaves on standard output
(`ANSWER`, then so many bytes) as a PNG, or as what went wrong. It ends when nothing was asked for a while, or after
many pictures.
"""

from __future__ import annotations

import json
import resource
import signal
import sys

from bot.makers.answers import ANSWER
from monitors.orphans import die_with_parent

MOST_MEMORY = 1536 * 1024 * 1024
"""Bytes of address space: several times what the largest picture takes."""
KEPT_S = 300
"""Whoever looks at one picture soon looks at another, and importing matplotlib takes longer than drawing."""
MOST_PICTURES = 50
"""Each leaves a megabyte behind."""


def main() -> None:
    die_with_parent()
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    for _ in range(MOST_PICTURES):
        if not (asked := _next()):
            return
        try:
            drawn, content = True, _drawn(asked)
        except Exception as error:  # whatever it is, whoever asked says it
            drawn, content = False, repr(error).encode()
        sys.stdout.buffer.write(ANSWER.pack(drawn, len(content)) + content)
        sys.stdout.buffer.flush()


def _next() -> bytes:
    """What is asked next; nothing once nobody can ask. The signal ends a process that nobody asks."""
    signal.alarm(KEPT_S)
    asked = sys.stdin.buffer.readline()
    signal.alarm(0)
    return asked


def _drawn(asked: bytes) -> bytes:
    from bot.drawing.mentions import Mentions, draw

    return draw(Mentions.read(json.loads(asked)))


if __name__ == "__main__":
    main()
