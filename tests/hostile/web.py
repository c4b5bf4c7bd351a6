"""The web the hostile outlets live in: raw sockets, one loopback address each, and a private network to keep out of.

Public is 127.2.0.0/16, private is everything else; whoever connects to the private side is written down.
"""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

PUBLIC = "127.2.0.0/16"
PRIVATE = "127.3.0.1"
"""A host of the private network, on the same port."""

READ, FAILED, EITHER = "read", "failed", "either"


@dataclass(slots=True)
class Exchange:
    """One request to a hostile outlet and the socket it came by. `count` says how often the path was asked before."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    base: str
    path: str
    headers: dict[str, str]
    count: int
    web: Web

    async def send(self, data: bytes) -> None:
        self.writer.write(data)
        await self.writer.drain()

    async def answer(
        self, body: bytes = b"", *, status: str = "200 OK", headers: str = "", length: bool = True
    ) -> None:
        """A whole answer; `headers` are lines, each ended by \\n."""
        lines = f"HTTP/1.1 {status}\n{headers}" + (f"Content-Length: {len(body)}\n" if length else "")
        await self.send(f"{lines}Connection: close\n\n".replace("\n", "\r\n").encode("utf-8", "surrogateescape") + body)

    async def redirect(self, target: str, *, status: str = "302 Found") -> None:
        await self.answer(status=status, headers=f"Location: {target}\n")

    async def feed(self, *items: str, head: str = "", content_type: str = "application/rss+xml") -> None:
        await self.answer(rss(*items, head=head), headers=f"Content-Type: {content_type}\n")

    def item(self, number: int, *, link: str | None = None, more: str = "") -> str:
        """An honest entry of this outlet."""
        address = link or f"{self.base}/news/{number}"
        return (
            f"<item><title>خبر رقم {number} من المحافظة</title><link>{address}</link>"
            f"<guid>{self.base}/?p={number}</guid><description>تفاصيل الخبر رقم {number}.</description>{more}</item>"
        )


def rss(*items: str, head: str = "") -> bytes:
    text = (
        f'<?xml version="1.0"?>{head}<rss version="2.0"><channel><title>صحيفة</title>{"".join(items)}</channel></rss>'
    )
    return text.encode()


def page(body: str, *, title: str = "خبر من المحافظة", head: str = "") -> bytes:
    return (
        f'<!doctype html><html lang="ar"><head><title>{title}</title>{head}</head><body>{body}</body></html>'.encode()
    )


Answer = Callable[[Exchange], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Case:
    """A hostile outlet.

    `expected` is READ when its entries are taken all the same, FAILED when its source must say why not, EITHER when
    anything is fine as long as nobody else is harmed. `url` is the source's address, `{base}` being its own host.
    """

    name: str
    answer: Answer
    expected: str = FAILED
    url: str = "{base}/feed"
    kind: str = "feed"


class Collection:
    """Cases by name, gathered by decorators."""

    def __init__(self) -> None:
        self.cases: dict[str, Case] = {}

    def case(
        self, expected: str = FAILED, *, url: str = "{base}/feed", kind: str = "feed"
    ) -> Callable[[Answer], Answer]:
        def gather(answer: Answer) -> Answer:
            self.add(Case(answer.__name__, answer, expected, url, kind))
            return answer

        return gather

    def add(self, case: Case) -> None:
        assert case.name not in self.cases, case.name
        self.cases[case.name] = case


def address_of(name: str, among: Iterable[str]) -> str:
    """The loopback address of one of these outlets."""
    return f"127.2.1.{1 + list(among).index(name)}"


@dataclass(slots=True)
class Web:
    """The listening sockets. `seen` holds the times of requests by host and path, `private` what must stay empty."""

    cases: dict[str, Answer]
    port: int = 0
    seen: dict[tuple[str, str], list[float]] = field(default_factory=lambda: defaultdict(list))
    cookies: list[str] = field(default_factory=list)
    private: list[str] = field(default_factory=list)

    def address(self, name: str) -> str:
        return address_of(name, self.cases)

    @asynccontextmanager
    async def open(self) -> AsyncIterator[Web]:
        by_address = {self.address(name): name for name in self.cases}

        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            host = writer.get_extra_info("sockname")[0]
            try:
                if not host.startswith("127.2."):
                    self.private.append(f"a connection to {host}")
                    return
                await self._serve(reader, writer, by_address.get(host, ""), host)
            except (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
                pass  # whoever was to be harmed has hung up
            finally:
                writer.close()

        server = await asyncio.start_server(serve, "0.0.0.0", 0, backlog=500)
        self.port = server.sockets[0].getsockname()[1]
        try:
            yield self
        finally:
            server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, name: str, host: str) -> None:
        request, *lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        headers = {key.lower(): value.strip() for key, _, value in (line.partition(":") for line in lines) if key}
        path = request.split(" ")[1]
        if "cookie" in headers:
            self.cookies.append(f"{host}{path}: {headers['cookie']}")
        count = len(self.seen[host, path])
        self.seen[host, path].append(time.monotonic())
        exchange = Exchange(reader, writer, f"http://{host}:{self.port}", path, headers, count, self)
        if path == "/robots.txt" and not name.startswith("robots_"):
            await exchange.answer(status="404 Not Found")
        elif name:
            await self.cases[name](exchange)
