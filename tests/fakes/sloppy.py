"""Servers that answer against the rules of HTTP, byte for byte as told."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

Answer = Callable[[str], bytes]
"""A request's path → the bytes to send; the connection is closed after them."""


@dataclass(slots=True)
class Sloppy:
    url: str
    paths: list[str] = field(default_factory=list)
    """Of every request, in order."""


@asynccontextmanager
async def serve_raw(answer: Answer, *, host: str = "127.0.0.1", port: int = 0) -> AsyncIterator[Sloppy]:
    """Answers on loopback; `robots.txt` is absent, properly."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            path = head.split(b" ", 2)[1].decode()
            if path == "/robots.txt":
                writer.write(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            else:
                server.paths.append(path)
                writer.write(answer(path))
            await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    listening = await asyncio.start_server(talk, host, port)
    server = Sloppy("http://{}:{}".format(*listening.sockets[0].getsockname()[:2]))
    try:
        yield server
    finally:
        listening.close()
