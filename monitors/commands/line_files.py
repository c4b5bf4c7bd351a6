"""Files of JSON Lines that commands are given: by name or on standard input, compressed or not."""

from __future__ import annotations

import gzip
import os
import stat
import sys
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Self, cast

from monitors.errors import RasidError, UsageError
from monitors.files import STANDARD
from monitors.json_lines import Line, read_lines


class LineFile:
    """A file, or standard input, uncompressed if need be. Raises `RasidError`, and `UsageError` when there is none."""

    def __init__(self, name: str) -> None:
        self.called = "standard input" if name == STANDARD else name
        try:
            self._raw = sys.stdin.buffer if name == STANDARD else Path(name).open("rb")  # noqa: SIM115  # see close
            status = os.fstat(self._raw.fileno())
        except OSError as error:
            raise UsageError(f"{self.called} cannot be read: {error.strerror}.") from None
        self._file = cast(BinaryIO, gzip.GzipFile(fileobj=self._raw)) if is_gzip(name) else self._raw
        self.bytes = status.st_size if stat.S_ISREG(status.st_mode) else None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._raw is not sys.stdin.buffer:
            self._raw.close()

    def lines(self) -> Iterator[Line]:
        try:
            yield from read_lines(self._file)
        except (EOFError, gzip.BadGzipFile, zlib.error):
            raise RasidError(f"{self.called} is damaged, or not compressed by gzip.") from None
        except OSError as error:
            raise RasidError(f"{self.called} cannot be read: {error.strerror}.") from None

    def bytes_read(self) -> int:
        """Of the file as it is, compressed or not."""
        return self._raw.tell()


def is_gzip(name: str) -> bool:
    return name.endswith(".gz")
