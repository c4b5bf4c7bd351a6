"""Everything that comes from the web comes through here: one guarded, polite client.

Robots rules, host gates and the global limit hold for every hop of every request.
"""

from __future__ import annotations

import asyncio
import logging
import re
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from http import HTTPStatus
from typing import cast
from urllib.parse import quote_from_bytes, urldefrag, urlencode, urljoin, urlsplit

from scrapy import Request
from scrapy.http import Response

from crawler.web.answers import NOT_ALLOWED, UNREACHABLE, Fetched, FetchFailed, NotModified, Posted, postponed, refused
from crawler.web.guard import GuardMissing
from crawler.web.hosts import HostGates, host_of
from crawler.web.robots import Robots, RobotsFile
from monitors.outlets import Validators

logger = logging.getLogger(__name__)

MAX_REDIRECTS = 5
PROMPT_S = 10.0  # an answer within this makes a host one that does not block others
EXCHANGE_DEADLINE_S = 40.0  # Scrapy's DOWNLOAD_TIMEOUT ends an exchange earlier; this is for what it does not see
LONGEST_URL = 2083

FEED_ACCEPT = (
    "application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9, text/xml;q=0.9, */*;q=0.5"
)
PAGE_ACCEPT = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"

_PERMANENT = (HTTPStatus.MOVED_PERMANENTLY, HTTPStatus.PERMANENT_REDIRECT)
_SAME_METHOD = (HTTPStatus.TEMPORARY_REDIRECT, HTTPStatus.PERMANENT_REDIRECT)
_REDIRECTS = (*_PERMANENT, HTTPStatus.FOUND, HTTPStatus.SEE_OTHER, HTTPStatus.TEMPORARY_REDIRECT)

Download = Callable[[Request], Awaitable[Response]]


class Fetcher:
    """The client. `download` is one exchange through Scrapy's downloader, behind the address guard."""

    def __init__(
        self,
        download: Download,
        *,
        concurrency: int = 100,
        obey_robots: bool = True,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._download = download
        self._places = asyncio.Semaphore(concurrency)
        # Hosts that drip or never answer hold a place for half a minute: those that answer promptly find some left.
        self._places_for_others = asyncio.Semaphore(max(1, concurrency * 3 // 4))
        self._gates = HostGates()
        self._robots = Robots(self._fetch_robots) if obey_robots else None
        self._now = now

    async def fetch_feed(
        self, url: str, *, validators: Validators | None = None
    ) -> Fetched | NotModified | FetchFailed:
        """A source's document, conditionally when there are validators to ask with."""
        headers = {"Accept": FEED_ACCEPT}
        if validators is not None and validators.etag:
            headers["If-None-Match"] = validators.etag
        if validators is not None and validators.last_modified:
            headers["If-Modified-Since"] = validators.last_modified
        return await self._follow(url, headers, paced=False, robots=self._robots)

    async def fetch_page(self, url: str) -> Fetched | FetchFailed:
        """A page, paced with the other pages of its host."""
        result = await self._follow(url, {"Accept": PAGE_ACCEPT}, paced=True, robots=self._robots)
        assert not isinstance(result, NotModified)  # _follow gives it only to a conditional request
        return result

    async def post_form(self, url: str, fields: Mapping[str, str]) -> Posted | FetchFailed:
        """Sends a form, as hubs want requests. The same guard and limits hold; robots.txt is for what is fetched.

        Redirects that keep the method (307, 308) are followed, others are refusals.
        """
        asked, body = url, urlencode(fields).encode()
        headers = {"Accept": "*/*", "Content-Type": "application/x-www-form-urlencoded"}
        for _ in range(MAX_REDIRECTS + 1):
            if problem := _problem_of(url):
                return FetchFailed(asked, problem)
            if closed_s := self._gates.closed_s(host_of(url)):
                return postponed(asked, closed_s)
            answer = await self._exchange(url, headers, paced=False, body=body)
            if isinstance(answer, FetchFailed):
                return replace(answer, url=asked)
            location = answer.headers.get("Location")
            if answer.status not in _SAME_METHOD or location is None:
                result = self._judge(_Hop(asked, url, None, 0.0), answer, {})
                return Posted(answer.status) if isinstance(result, Fetched) else cast("FetchFailed", result)
            url = _target(url, location)
        return FetchFailed(asked, "The site redirects in circles.", HTTPStatus.MULTIPLE_CHOICES)

    async def named_sitemaps(self, url: str) -> tuple[str, ...]:
        """The sitemaps that the site's robots.txt names; none when it cannot be had."""
        robots = self._robots or Robots(self._fetch_robots)
        rules = await robots.rules(url)
        return tuple(rules.parsed.sitemaps) if rules.parsed is not None else ()

    async def _fetch_robots(self, url: str) -> RobotsFile:
        result = await self._follow(url, {"Accept": "text/plain,*/*;q=0.5"}, paced=False, robots=None, proving=False)
        if isinstance(result, Fetched):
            return RobotsFile(HTTPStatus.OK, result.body)
        assert isinstance(result, FetchFailed)
        return RobotsFile(result.status)

    async def _follow(
        self, url: str, headers: dict[str, str], *, paced: bool, robots: Robots | None, proving: bool = True
    ) -> Fetched | NotModified | FetchFailed:
        """Asks, and follows at most five redirects, each hop under the same rules."""
        asked, permanent = url, True
        permanent_url: str | None = None
        for _ in range(MAX_REDIRECTS + 1):
            delay_s = 0.0
            if problem := _problem_of(url):
                return FetchFailed(asked, problem)
            if closed_s := self._gates.closed_s(host_of(url)):
                return postponed(asked, closed_s)
            if robots is not None:
                rules = await robots.rules(url)
                if not rules.allow(url):
                    return FetchFailed(asked, UNREACHABLE if rules.unreachable else rules.problem or NOT_ALLOWED)
                delay_s = rules.crawl_delay_s
                self._gates.set_crawl_delay(host_of(url), delay_s)
            answer = await self._exchange(url, headers, paced=paced, proving=proving)
            if isinstance(answer, FetchFailed):
                return replace(answer, url=asked)
            location = answer.headers.get("Location")
            if answer.status not in _REDIRECTS or location is None:
                return self._judge(_Hop(asked, url, permanent_url, delay_s), answer, headers)
            permanent = permanent and answer.status in _PERMANENT
            url = _target(url, location)
            permanent_url = url if permanent else permanent_url
        # A robots.txt that only redirects counts as absent (RFC 9309 §2.3.1.2), hence a status.
        return FetchFailed(asked, "The site redirects in circles.", HTTPStatus.MULTIPLE_CHOICES)

    async def _exchange(
        self, url: str, headers: dict[str, str], *, paced: bool, body: bytes | None = None, proving: bool = True
    ) -> Response | FetchFailed:
        """`proving`: a soon answer shows that the host is prompt. A robots.txt does not: those who drip have one."""
        host = host_of(url)
        place = nullcontext() if self._gates.is_prompt(host) else self._places_for_others
        async with self._gates.turn(host, paced=paced), place, self._places:
            if closed_s := self._gates.closed_s(host):  # by an answer that came while we waited
                return postponed(url, closed_s)
            try:
                safe = _SAFE_AS_IT_IS.fullmatch(url) is not None
                meta = {"download_slot": host, "verbatim_url": safe, "plain": True}
                method = "GET" if body is None else "POST"
                request = Request(url, method=method, headers=headers, body=body, meta=meta, dont_filter=True)
                began = time.monotonic()
                async with asyncio.timeout(EXCHANGE_DEADLINE_S):
                    answer = await self._download(request)
                if proving:
                    self._gates.note(host, prompt=time.monotonic() - began < PROMPT_S)
                return answer
            except GuardMissing:
                raise
            except Exception as error:  # whatever a server can do to two HTTP clients
                self._gates.note(host, prompt=False)
                logger.debug("%s: %s: %s", url, type(error).__name__, error)
                return FetchFailed(url, UNREACHABLE)

    def _judge(self, hop: _Hop, answer: Response, sent: dict[str, str]) -> Fetched | NotModified | FetchFailed:
        now, url = self._now(), hop.url
        headers = _headers(answer)
        if answer.status == HTTPStatus.NOT_MODIFIED and ("If-None-Match" in sent or "If-Modified-Since" in sent):
            return NotModified(url, headers, now, hop.crawl_delay_s)
        if 200 <= answer.status < 300:
            return Fetched(url, hop.asked_url, headers, answer.body, now, hop.permanent_url, hop.crawl_delay_s)
        failed = refused(url, answer.status, headers, now)
        if failed.retry_after_s and failed.status in (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE):
            self._gates.close(host_of(url), failed.retry_after_s)
        return failed


@dataclass(frozen=True, slots=True)
class _Hop:
    """The last of a chain of redirects."""

    asked_url: str
    url: str
    permanent_url: str | None
    crawl_delay_s: float


# An address that two libraries need not spell anew, each in its way.
_SAFE_AS_IT_IS = re.compile(r"https?://[A-Za-z0-9.:-]+/[A-Za-z0-9/_.~=&?+,;:@!$()*-]*")

_URL_CHARACTERS = b"%/:=&?~#+!$,;'@()*[]|"


def _target(url: str, location: bytes) -> str:
    """Where a redirect leads, its bytes kept whatever their encoding; empty when it leads nowhere."""
    try:
        return urldefrag(urljoin(url, quote_from_bytes(location.strip(), _URL_CHARACTERS)))[0]
    except ValueError:
        return ""


def _problem_of(url: str) -> str | None:
    """Why an address is never asked, in words."""
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return "This is not a web address."
    if parts.scheme not in ("http", "https") or not parts.hostname or len(url) > LONGEST_URL:
        return "This is not a web address."
    if "@" in parts.netloc:
        return "An address with a name and password in it is not followed."
    return None


def _headers(answer: Response) -> dict[str, str]:
    """Repeated headers joined by commas (RFC 9110 §5.3); bytes as Latin-1, which loses none."""
    return {
        name.decode("latin-1").lower(): ", ".join(value.decode("latin-1") for value in values)
        for name, values in answer.headers.items()
    }
