"""Files that commands are told to read and write, "-" being standard input and output."""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import BinaryIO

from monitors.errors import UsageError

STANDARD = "-"


def called(file: str) -> str:
    """What a sentence about its content begins with."""
    return "The input" if file == STANDARD else file


def read_whole(file: str, *, most: int, hint: str, smaller: str) -> bytes:
    """All of the file, which may have `most` bytes; no more are read, for a device may never end.

    Raises `UsageError`, with `hint` when it cannot be read and `smaller` when it is too large.
    """
    try:
        if file == STANDARD:
            content = sys.stdin.buffer.read(most + 1)
        else:
            with Path(file).open("rb") as opened:
                content = opened.read(most + 1)
    except OSError as error:
        raise UsageError(f"{file} cannot be read: {error.strerror}.", hint=hint) from None
    if len(content) > most:
        raise UsageError(f"{called(file)} is larger than {most / 1_000_000:.0f} MB.", hint=smaller)
    return content


def standard_output() -> BinaryIO:
    """Where bytes are written that somebody waits for. Raises `UsageError` when it was closed."""
    if sys.stdout is None:
        raise UsageError("Standard output is closed.", hint="Leave it open, or name a file if you can.")
    return sys.stdout.buffer


def write_whole(file: str, content: bytes) -> None:
    """The file as a whole or not at all. Raises `UsageError`."""
    if file == STANDARD:
        output = standard_output()
        output.write(content)
        output.flush()
        return
    path = Path(file)
    try:
        with NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as part:
            part.write(content)
        Path(part.name).replace(path)
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}.") from None
