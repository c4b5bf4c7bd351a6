"""The one way to the web: Scrapy's cheap aiohttp handler behind the guard, its tolerant one for sloppy servers.

aiohttp needed about half the CPU of Scrapy's HTTP/1.1 handler in a prototype, but refuses header lines without a colon
and duplicate Content-Length, which legacy Arabic sites send. Such a host is remembered and served by the tolerant
handler.
"""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any, ClassVar, cast
from urllib.parse import urlsplit

import aiohttp
from scrapy.core.downloader.handlers import http11
from scrapy.core.downloader.handlers._aiohttp import AiohttpDownloadHandler, _ClientResponse
from scrapy.core.downloader.handlers.base import BaseDownloadHandler
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler, _LenientHTTPClientParser
from scrapy.exceptions import DownloadCancelledError, DownloadFailedError, ResponseDataLossError
from scrapy.http import Headers, Request, Response
from scrapy.utils.ssl import _make_ssl_context
from twisted.web._newclient import ParseError

from crawler.web.decompression import Decompressor, layers_of
from crawler.web.guard import AddressGuard, AddressRefused
from crawler.web.resolving import AiohttpNames, Names

if TYPE_CHECKING:
    from scrapy.core.downloader.handlers._base_streaming import _BaseResponseArgs
    from scrapy.crawler import Crawler

logger = logging.getLogger(__name__)

SLOPPY_HOSTS = 1024
LONGEST_HEADER_LINE = 16_384
MAX_HEADERS = 128
_EXCESS = ("Got more than", "Too many headers")
"""How aiohttp's refusals of headers begin that are against those limits, not against the standard."""

LARGE_BODY = 1 << 20
LARGE_AT_ONCE = 2
"""Bodies beyond a megabyte that may come in at the same time: each may take 8 MB of memory."""


class _BoundedParser(_LenientHTTPClientParser):
    """Scrapy's tolerant parser, which would take any number of headers."""

    def headerReceived(self, name: bytes, value: bytes) -> None:  # noqa: N802  # Twisted's name
        self.received = getattr(self, "received", 0) + 1
        if self.received > MAX_HEADERS:
            raise ParseError("too many headers", name)  # type: ignore[no-untyped-call]  # Twisted's
        super().headerReceived(name, value)  # type: ignore[no-untyped-call]  # Twisted's


http11._LenientHTTPClientParser = _BoundedParser  # type: ignore[misc]  # looked up there for every connection


class _WithoutEmptyBodies:
    """A session for Scrapy, which gives every GET an empty body, and so a Content-Length no browser sends."""

    def __init__(self, session: aiohttp.ClientSession) -> None:
        self._session = session
        self.close = session.close

    def request(self, method: str, url: Any, *, data: bytes, **arguments: Any) -> Any:
        return self._session.request(method, url, data=data or None, **arguments)


class GuardedAiohttpHandler(AiohttpDownloadHandler):
    """Scrapy's aiohttp handler whose sockets and lookups are ours."""

    experimental: ClassVar[bool] = False

    def __init__(self, crawler: Crawler, guard: AddressGuard) -> None:
        super(AiohttpDownloadHandler, self).__init__(crawler)  # its own would open unguarded connections
        self._ssl_context = _make_ssl_context(crawler.settings)
        self._connector = aiohttp.TCPConnector(
            limit=self._pool_size_total,
            limit_per_host=self._pool_size_per_host,
            resolver=AiohttpNames(Names()),
            use_dns_cache=False,  # `Names` is the cache
            socket_factory=guard.open_socket,
        )
        session = aiohttp.ClientSession(
            connector=self._connector,
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,  # Scrapy's middleware does it, with a limit
            response_class=_ClientResponse,
            skip_auto_headers=("Accept", "Accept-Encoding", "Content-Type", "User-Agent"),
            trust_env=False,  # a proxy of the environment would connect for us, past the guard
            max_line_size=LONGEST_HEADER_LINE,
            max_field_size=LONGEST_HEADER_LINE,
            max_headers=MAX_HEADERS,
        )
        self._session = cast("aiohttp.ClientSession", _WithoutEmptyBodies(session))
        self._large = asyncio.Semaphore(LARGE_AT_ONCE)

    @property
    def socket_factory(self) -> object:
        """What really opens this client's sockets: read where aiohttp reads it, so that nothing can come between."""
        return getattr(self._connector, "_socket_factory", None)

    @staticmethod
    def _request_headers(request: Request) -> Headers:
        """Scrapy's copies them to leave out what is for a proxy; we use none."""
        return request.headers

    @staticmethod
    def _build_base_response_args(response: _ClientResponse, request: Request, headers: Headers) -> _BaseResponseArgs:
        """Without parsing certificate and address once more for every answer: nobody asks for them."""
        return {
            "status": response.status,
            "url": request.url,
            "headers": headers,
            "certificate": None,
            "ip_address": None,
            "protocol": None,
        }

    async def _read_response(self, response: _ClientResponse, request: Request) -> Response:
        """The answer as it came, without what Scrapy adds to it for spiders: signals, and a class by its content.

        Scrapy's shell and other spiders, which do not say `plain`, have it all. Raises Scrapy's exceptions.
        """
        if not request.meta.get("plain"):
            return await super()._read_response(response, request)
        headers = self._extract_headers(response)
        expected = headers.get("Content-Length")
        if expected is not None and int(expected) > self._default_maxsize:
            raise DownloadCancelledError(f"{request.url} would have {int(expected)} bytes")
        parts, size = [], 0
        try:
            async for chunk in self._iter_body_chunks(response):
                size += len(chunk)
                if size > self._default_maxsize:
                    raise DownloadCancelledError(f"{request.url} has more than {self._default_maxsize} bytes")
                parts.append(chunk)
        except aiohttp.ClientPayloadError as error:
            raise ResponseDataLossError(str(error)) from error
        return Response(request.url, status=response.status, headers=headers, body=b"".join(parts))

    async def _iter_body_chunks(  # type: ignore[override]  # a method, for it needs the places
        self, response: _ClientResponse
    ) -> AsyncIterator[bytes]:
        size, held = 0, False
        try:
            async for chunk in response.content.iter_any():
                size += len(chunk)
                if size > LARGE_BODY and not held:
                    held = await self._large.acquire()
                yield chunk
        finally:
            if held:
                self._large.release()

    @staticmethod
    def _extract_headers(response: _ClientResponse) -> Headers:
        """As bytes: a Location in raw windows-1256 cannot be encoded again once aiohttp has decoded it."""
        return Headers(list(response.raw_headers))


class GuardedDownloadHandler(BaseDownloadHandler):
    """http and https for the whole project. Refuses to fetch anything when a guard is missing."""

    lazy = True  # Scrapy's shell makes its engine before there is a running loop

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        from twisted.internet import reactor  # only now: importing it installs one

        self._reactor: Any = reactor
        settings = crawler.settings
        self.guard = AddressGuard.of(
            settings.getlist("RASID_ALLOW_ADDRESSES"),
            (int(port) for port in settings.getlist("RASID_PORTS", [80, 443])),
        )
        self.guard.install(reactor)
        self._quick = GuardedAiohttpHandler(crawler, self.guard)
        self._tolerant = HTTP11DownloadHandler(crawler)
        self._sloppy: OrderedDict[str, None] = OrderedDict()
        self._decompressor = Decompressor(settings.getint("DOWNLOAD_MAXSIZE"))
        self._timeout_s = settings.getfloat("DOWNLOAD_TIMEOUT")
        self._headers = {**settings.getdict("DEFAULT_REQUEST_HEADERS"), "User-Agent": settings["USER_AGENT"]}

    async def download_request(self, request: Request) -> Response:
        """The response, its body decompressed.

        Raises `AddressRefused`, `TooManyLayers`, `TooLarge`, or one of Scrapy's download exceptions.
        """
        self.guard.require(self._reactor, self._quick.socket_factory)
        request.meta.setdefault("download_timeout", self._timeout_s)
        for name, value in self._headers.items():
            request.headers.setdefault(name, value)
        response = await self._download(request)
        encoding = response.headers.getlist("Content-Encoding")
        if not encoding or not response.body:
            return response
        layers = layers_of(b",".join(encoding).decode("latin-1"))
        del response.headers["Content-Encoding"]
        response._set_body(await self._decompressor.decompress(response.body, layers))
        return response

    async def _download(self, request: Request) -> Response:
        host = urlsplit(request.url).netloc
        if host in self._sloppy:
            self._sloppy.move_to_end(host)
            return await self._tolerant.download_request(request)
        try:
            return await self._quick.download_request(request)
        except Exception as error:
            for cause in _causes(error):
                if isinstance(cause, AddressRefused):
                    raise cause from None
            if not _is_sloppiness(error):
                raise
            logger.debug("%s answers against RFC 9112; it gets the tolerant client: %s", host, error)
        self._sloppy[host] = None
        if len(self._sloppy) > SLOPPY_HOSTS:
            self._sloppy.popitem(last=False)
        return await self._tolerant.download_request(request)

    async def close(self) -> None:
        await self._quick.close()
        await self._tolerant.close()


def _is_sloppiness(error: Exception) -> bool:
    """Whether the server answered, but not in the form aiohttp insists on; excess is no sloppiness."""
    cause = error.__cause__ if isinstance(error, DownloadFailedError) else None
    return isinstance(cause, aiohttp.ClientResponseError) and not cause.message.lstrip().startswith(_EXCESS)


def _causes(error: BaseException | None) -> list[BaseException]:
    found = []
    while error is not None and error not in found:
        found.append(error)
        error = error.__cause__ or error.__context__
    return found
