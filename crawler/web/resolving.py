"""Host names → addresses, for aiohttp and Twisted alike.

Scrapy's own cache never expires (a site that moved stays lost until a restart), and both libraries look names up in
small thread pools, where a dozen slow names delay an innocent one by seconds.
"""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import socket
import threading
from collections import OrderedDict
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from aiohttp.abc import AbstractResolver, ResolveResult
from twisted.internet.address import IPv4Address, IPv6Address
from twisted.internet.interfaces import IHostnameResolver, IHostResolution
from zope.interface import implementer  # type: ignore[import-untyped]  # has no stubs

LOOKUP_TIMEOUT_S = 5.0
REMEMBERED_S = 300.0  # the system tells no TTL; a moved site is found again within five minutes
REMEMBERED_NAMES = 4096
LOOKUPS_AT_ONCE = 512
"""Threads at most. The system gives a name up after 10 to 40 s, and a thread cannot be stopped: the ones that nobody
waits for any more must leave room for names that do resolve. How many are wanted at once is bounded by the exchanges
under way; a waiting thread costs some 50 kB."""

Lookup = Callable[[str], list[str]]


def look_up(host: str) -> list[str]:
    """The system's answer, in its order. Blocks. Raises `OSError`."""
    found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM, flags=socket.AI_ADDRCONFIG)
    return list(dict.fromkeys(str(sockaddr[0]) for *_, sockaddr in found))


class Names:
    """A bounded memory of lookups, each in a thread of its own that nobody has to wait for at exit."""

    def __init__(self) -> None:
        self._known: OrderedDict[str, tuple[float, list[str]]] = OrderedDict()
        self._asking: dict[str, asyncio.Task[list[str]]] = {}
        self._places = asyncio.Semaphore(LOOKUPS_AT_ONCE)

    async def addresses(self, host: str) -> list[str]:
        """Literal addresses, preferred first. Raises `OSError`, also when there is no answer within 5 s."""
        known = self._known.get(host)
        if known is not None and known[0] > asyncio.get_running_loop().time():
            return known[1]
        if (literal := _literal(host)) is not None:
            return [literal]
        if host not in self._asking:
            self._asking[host] = asyncio.create_task(self._ask(host))
            self._asking[host].add_done_callback(lambda task: self._asked(host, task))
        try:
            return await asyncio.wait_for(asyncio.shield(self._asking[host]), LOOKUP_TIMEOUT_S)
        except TimeoutError as error:
            raise _no_answer() from error

    def _asked(self, host: str, task: asyncio.Task[list[str]]) -> None:
        self._asking.pop(host, None)
        if not task.cancelled():
            task.exception()  # seen: those who asked may all have given up by now, and the loop would complain

    async def _ask(self, host: str) -> list[str]:
        try:
            async with asyncio.timeout(LOOKUP_TIMEOUT_S):
                await self._places.acquire()
        except TimeoutError:  # whoever asked has given up
            raise _no_answer() from None
        try:
            found = await _in_thread(look_up, host)
        finally:
            self._places.release()
        self._known[host] = (asyncio.get_running_loop().time() + REMEMBERED_S, found)
        self._known.move_to_end(host)
        if len(self._known) > REMEMBERED_NAMES:
            self._known.popitem(last=False)
        return found


@lru_cache(REMEMBERED_NAMES)
def _literal(host: str) -> str | None:
    """The address that a host is already, in its usual spelling; None for a name."""
    try:
        return str(ipaddress.ip_address(host))
    except ValueError:
        return None


def _no_answer() -> OSError:
    return socket.gaierror(socket.EAI_AGAIN, "no answer in time")


async def _in_thread(work: Lookup, host: str) -> list[str]:
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[list[str]] = loop.create_future()

    def settle(found: list[str], error: OSError | UnicodeError | None) -> None:
        if answer.done():
            return
        if error is None:
            answer.set_result(found)
        else:
            answer.set_exception(OSError(*error.args))

    def run() -> None:
        found, problem = [], None
        try:
            found = work(host)
        except (OSError, UnicodeError) as error:  # UnicodeError: a label IDNA cannot encode
            problem = error
        with contextlib.suppress(RuntimeError):  # the loop has ended meanwhile
            loop.call_soon_threadsafe(settle, found, problem)

    threading.Thread(target=run, name=f"look up {host}", daemon=True).start()
    return await answer


class AiohttpNames(AbstractResolver):
    """aiohttp's view of `Names`."""

    def __init__(self, names: Names) -> None:
        self._names = names

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        return [
            ResolveResult(
                hostname=host,
                host=address,
                port=port,
                family=socket.AF_INET6 if ":" in address else socket.AF_INET,
                proto=socket.IPPROTO_TCP,
                flags=socket.AI_NUMERICHOST | socket.AI_NUMERICSERV,
            )
            for address in await self._names.addresses(host)
        ]

    async def close(self) -> None:
        """Nothing is held open."""


@implementer(IHostResolution)
class _Resolution:
    def __init__(self, name: str) -> None:
        self.name = name

    def cancel(self) -> None:
        """A lookup that nobody waits for any more ends by itself."""


@implementer(IHostnameResolver)
class TwistedNames:
    """Twisted's view of `Names`; also Scrapy's `TWISTED_DNS_RESOLVER`."""

    def __init__(self, names: Names, reactor: Any) -> None:
        self._names = names
        self._reactor = reactor
        self._running: set[asyncio.Task[None]] = set()

    @classmethod
    def from_crawler(cls, crawler: Any, reactor: Any) -> TwistedNames:
        return cls(Names(), reactor)

    def install_on_reactor(self) -> None:
        self._reactor.installNameResolver(self)

    def resolveHostName(  # noqa: N802  # Twisted's names, here and for the arguments
        self,
        resolutionReceiver: Any,  # noqa: N803
        hostName: str,  # noqa: N803
        portNumber: int = 0,  # noqa: N803
        addressTypes: Any = None,  # noqa: N803
        transportSemantics: str = "TCP",  # noqa: N803
    ) -> _Resolution:
        resolution = _Resolution(hostName)
        resolutionReceiver.resolutionBegan(resolution)
        task = asyncio.get_running_loop().create_task(self._resolve(resolutionReceiver, hostName, portNumber))
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        return resolution

    async def _resolve(self, receiver: Any, host: str, port: int) -> None:
        try:
            found = await self._names.addresses(host)
        except OSError:
            found = []  # Twisted's way of saying that a name has no address
        for address in found:
            family = IPv6Address if ":" in address else IPv4Address
            receiver.addressResolved(family("TCP", address, port))
        receiver.resolutionComplete()
