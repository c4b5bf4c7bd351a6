"""Bodies as they were before the server compressed them, with bounds on layers, size, and time on the event loop.

A few kilobytes can unpack to a gigabyte, so nothing is unpacked beyond a limit; and what takes more than a few
milliseconds is unpacked in a thread (zlib lets go of the interpreter meanwhile).
"""

from __future__ import annotations

import asyncio
import zlib

from scrapy.exceptions import IgnoreRequest

MAX_LAYERS = 2
"""gzip in gzip occurs; 200 layers are an attack."""

INLINE = 256 * 1024
"""Bytes unpacked on the event loop; takes about a millisecond."""

LARGE_AT_ONCE = 2
"""Bodies unpacked in threads at the same time: each may take twice the limit of memory."""

_GZIP = {"gzip", "x-gzip"}
_ANY_HEADER, _RAW = zlib.MAX_WBITS | 32, -zlib.MAX_WBITS


class TooManyLayers(IgnoreRequest):
    """A body wrapped in more layers of compression than any honest server uses."""


class TooLarge(IgnoreRequest):
    """A body that unpacks to more than we take."""


def layers_of(header: str) -> list[str]:
    """The codings of a Content-Encoding header, outermost first (RFC 9110 §8.4). Raises `TooManyLayers`."""
    layers = [name for part in header.split(",") if (name := part.strip().lower()) not in ("", "identity")]
    if len(layers) > MAX_LAYERS:
        raise TooManyLayers(f"{len(layers)} content encodings")
    return layers[::-1]


class Decompressor:
    """Unpacks bodies up to `limit` bytes, only a few large ones at a time."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._large = asyncio.Semaphore(LARGE_AT_ONCE)

    async def decompress(self, body: bytes, layers: list[str]) -> bytes:
        """The body without these layers. Raises `TooLarge` beyond the limit.

        A layer that is not what it is called is left as it is: many servers say gzip and send text, or call a charset
        an encoding. Of a body that was cut off there is what came of it.
        """
        for layer in layers:
            if layer not in _GZIP and layer != "deflate":
                break
            try:
                body = await self._unpack(body)
            except zlib.error:
                break
        return body

    async def _unpack(self, body: bytes) -> bytes:
        """One layer. Raises `zlib.error` when it is none."""
        unpacker, first = _begin(body)
        if unpacker.eof and not unpacker.unused_data.strip(b"\0"):
            return first
        if len(first) < INLINE and not unpacker.eof:  # cut off
            return first
        async with self._large:
            return await asyncio.to_thread(_go_on, unpacker, first, self._limit)


def _begin(body: bytes) -> tuple[zlib._Decompress, bytes]:
    unpacker = zlib.decompressobj(_ANY_HEADER)
    try:
        return unpacker, unpacker.decompress(body, INLINE)
    except zlib.error:  # "deflate" without the header that the standard wants, which many servers leave out
        unpacker = zlib.decompressobj(_RAW)
        return unpacker, unpacker.decompress(body, INLINE)


def _go_on(unpacker: zlib._Decompress, first: bytes, limit: int) -> bytes:
    """The rest of this member and of those that follow it (RFC 1952 §2.2)."""
    parts, size = [first], len(first)
    while True:
        rest = unpacker.unconsumed_tail
        if unpacker.eof:
            rest, unpacker = unpacker.unused_data, zlib.decompressobj(_ANY_HEADER)
        try:
            part = unpacker.decompress(rest, limit - size + 1) if rest else b""
        except zlib.error:  # what follows is no further member, or broken
            break
        if not part and not unpacker.eof:
            break
        parts.append(part)
        size += len(part)
        if size > limit:
            raise TooLarge(f"it unpacks to more than {limit} bytes")
    return b"".join(parts)
