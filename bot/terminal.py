"""Standard output as the place where alerts are shown: written whole, or known not to have been.

Python's own stream is passed by. Its buffer keeps what could not be written, and whoever ends while another thread
writes to a reader that has stopped waits for that thread.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import os
import select
import threading
from typing import TextIO

_GONE = {errno.EPIPE, errno.EIO, errno.EBADF}
"""A reader that has ended, a terminal that was closed (tty_ioctl(4)), a descriptor somebody closed."""


def is_gone(error: OSError) -> bool:
    """Whether nobody will ever read there again."""
    return error.errno in _GONE


class Terminal:
    """Where a stream leads. Raises `OSError` when that is nowhere."""

    def __init__(self, stream: TextIO | None) -> None:
        if stream is None:  # Python's word for a descriptor that was closed before it started
            raise OSError(errno.EBADF, "standard output is closed")
        self._descriptor = stream.fileno()
        self._encoding = stream.encoding
        self.interactive = stream.isatty()

    async def write(self, text: str) -> None:
        """Returns when all of it is written, however slowly it is read. Raises `OSError`.

        What the encoding does not know is shown as `?`. The thread is one nobody has to wait for at exit.
        """
        loop = asyncio.get_running_loop()
        written: asyncio.Future[None] = loop.create_future()
        data = text.encode(self._encoding, "replace")

        def settle(problem: OSError | None) -> None:
            if written.done():
                return
            if problem is None:
                written.set_result(None)
            else:
                written.set_exception(problem)

        def run() -> None:
            problem = None
            try:
                _write_all(self._descriptor, data)
            except OSError as error:
                problem = error
            with contextlib.suppress(RuntimeError):  # the loop has ended meanwhile
                loop.call_soon_threadsafe(settle, problem)

        threading.Thread(target=run, name="terminal", daemon=True).start()
        await written


def _write_all(descriptor: int, data: bytes) -> None:
    while data:
        try:
            data = data[os.write(descriptor, data) :]
        except BlockingIOError:  # another program that shares the terminal made it non-blocking
            select.select([], [descriptor], [])
