"""Everything that comes from the web comes through here: one guarded, polite client.

Robots rules, host gates and the global limit hold for every hop of every request. What happens every day (not
modified, refused, try later) is a value. A blocked address, a closed port, a timeout and a broken answer are all the
same to whoever asks: told apart, they would let a stranger map the network Rasid runs in.
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
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Final, cast
from urllib.parse import quote_from_bytes, urldefrag, urlencode, urljoin, urlsplit

from scrapy import Request
from scrapy.http import Response

from crawler.web.guard import GuardMissing
from crawler.web.hosts import HostGates, host_of
from crawler.web.robots import Robots, RobotsFile
from monitors.outlets import Validators

logger = logging.getLogger(__name__)

MAX_REDIRECTS = 5
PROMPT_S = 10.0  # an answer within this makes a host one that does not block others
EXCHANGE_DEADLINE_S = 40.0  # Scrapy's DOWNLOAD_TIMEOUT ends an exchange earlier; this is for what it does not see
LONGEST_URL = 2083
LONGEST_RETRY_AFTER_S = 7 * 24 * 3600.0
DEFAULT_RETRY_AFTER_S = 60.0  # a 429 without Retry-After

UNREACHABLE: Final = "The site could not be reached, or its address is not allowed."
NOT_ALLOWED: Final = "The site's robots.txt does not allow it."

FEED_ACCEPT = (
    "application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9, text/xml;q=0.9, */*;q=0.5"
)
PAGE_ACCEPT = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"

_PERMANENT = (HTTPStatus.MOVED_PERMANENTLY, HTTPStatus.PERMANENT_REDIRECT)
_SAME_METHOD = (HTTPStatus.TEMPORARY_REDIRECT, HTTPStatus.PERMANENT_REDIRECT)
_REDIRECTS = (*_PERMANENT, HTTPStatus.FOUND, HTTPStatus.SEE_OTHER, HTTPStatus.TEMPORARY_REDIRECT)

Download = Callable[[Request], Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class Fetched:
    """A document. `url` is where the redirects from `asked_url` ended; header names are lower case.

    `permanent_url` is where an unbroken chain of permanent redirects (301, 308) from the asked address leads.
    `fetched_at` is when it had arrived. `crawl_delay_s` is what the site's robots.txt asks for.
    """

    url: str
    asked_url: str
    headers: Mapping[str, str]
    body: bytes
    fetched_at: datetime
    permanent_url: str | None = None
    crawl_delay_s: float = 0.0

    @property
    def content_type(self) -> str | None:
        return self.headers.get("content-type")

    @property
    def validators(self) -> Validators:
        return Validators(_verbatim(self.headers.get("etag")), _verbatim(self.headers.get("last-modified")))


@dataclass(frozen=True, slots=True)
class NotModified:
    """304: what the validators stand for still holds. Its headers may carry new caching wishes."""

    url: str
    headers: Mapping[str, str]
    fetched_at: datetime
    crawl_delay_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Posted:
    """A form was taken; `status` is 2xx."""

    status: int


@dataclass(frozen=True, slots=True)
class FetchFailed:
    """`reason` is for a person. `status` is None when there was no answer. `gone` is the server's 410.

    `postponed` says that nothing was asked, because the host wants to be left alone for `retry_after_s`.
    """

    url: str
    reason: str
    status: int | None = None
    retry_after_s: float | None = None
    postponed: bool = False

    @property
    def gone(self) -> bool:
        return self.status == HTTPStatus.GONE


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
                return _closed(asked, closed_s)
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
                return _closed(asked, closed_s)
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
                return _closed(url, closed_s)
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
        retry_after_s = _retry_after_s(headers.get("retry-after"), now)
        if answer.status == HTTPStatus.TOO_MANY_REQUESTS and retry_after_s is None:
            retry_after_s = DEFAULT_RETRY_AFTER_S
        if retry_after_s and answer.status in (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE):
            self._gates.close(host_of(url), retry_after_s)
        return FetchFailed(url, f"The site answered {_status_words(answer.status)}.", answer.status, retry_after_s)


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


def _closed(url: str, closed_s: float) -> FetchFailed:
    return FetchFailed(url, "The site asked us to come back later.", retry_after_s=closed_s, postponed=True)


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


def _verbatim(validator: str | None) -> str | None:
    """A validator that can be sent back byte for byte, or none."""
    if validator and len(validator) <= 1024 and validator.isascii() and validator.isprintable():
        return validator
    return None


def _retry_after_s(value: str | None, now: datetime) -> float | None:
    """RFC 9110 §10.2.3: seconds or a date; at most 7 days."""
    if value is None:
        return None
    value = value.strip()
    if value.isdecimal() and value.isascii():
        return min(float(value[:9]), LONGEST_RETRY_AFTER_S)
    try:
        at = parsedate_to_datetime(value)
    except (ValueError, OverflowError):
        return None
    seconds = (at.replace(tzinfo=at.tzinfo or UTC) - now).total_seconds()
    return min(max(seconds, 0.0), LONGEST_RETRY_AFTER_S)


def _status_words(status: int) -> str:
    try:
        return f"{status} ({HTTPStatus(status).phrase})"
    except ValueError:
        return str(status)
