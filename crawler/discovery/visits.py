"""The web within the bounds of one discovery: few requests, and nothing asked for twice."""

from __future__ import annotations

from typing import Final, Protocol

from crawler.documents.addresses import web_address
from crawler.web.answers import UNREACHABLE, Fetched, FetchFailed, NotModified
from monitors.errors import OutletError

MAX_REQUESTS = 14
"""For finding sources. With robots.txt and the five pages of the preview, a site is asked 20 times at most."""

MAX_SITEMAPS = 100
"""Lines of a robots.txt that are looked at; seen: one for every month since 1998."""

NOT_ASKED: Final = "Not asked, for the site was asked often enough."


class Web(Protocol):
    """What discovery needs of a `Fetcher`."""

    async def fetch_feed(self, url: str) -> Fetched | NotModified | FetchFailed: ...
    async def fetch_page(self, url: str) -> Fetched | FetchFailed: ...
    async def named_sitemaps(self, url: str) -> tuple[str, ...]: ...


class Visits:
    """At most `requests` requests, each address once."""

    def __init__(self, web: Web, *, requests: int = MAX_REQUESTS) -> None:
        self._web = web
        self._left = requests
        self._answers: dict[str, Fetched | FetchFailed] = {}

    async def page(self, url: str) -> Fetched | FetchFailed:
        if (known := self._answers.get(url)) is not None:
            return known
        if not self._spend():
            return FetchFailed(url, NOT_ASKED)
        self._answers[url] = answer = await self._web.fetch_page(url)
        return answer

    async def document(self, url: str) -> Fetched | FetchFailed:
        """A source's document, whole."""
        if (known := self._answers.get(url)) is not None:
            return known
        if not self._spend():
            return FetchFailed(url, NOT_ASKED)
        answer = await self._web.fetch_feed(url)
        if isinstance(answer, NotModified):  # we ask without validators
            answer = FetchFailed(url, "The site answered 304 (Not Modified) to a first request.", 304)
        self._answers[url] = answer
        return answer

    async def named_sitemaps(self, url: str) -> tuple[str, ...]:
        """Those in the site's robots.txt, which the client asks for before anything else of a site."""
        named = await self._web.named_sitemaps(url)
        addresses = (web_address(url, each) for each in named[:MAX_SITEMAPS])
        return tuple(address for address in addresses if address is not None)

    def _spend(self) -> bool:
        self._left -= 1
        return self._left >= 0


def unfetchable(failure: FetchFailed) -> OutletError:
    """What to tell the person who asked for an address that could not be had."""
    if failure.reason == UNREACHABLE:
        return OutletError(
            f"{failure.url}: {failure.reason}",
            # One text for every reason: nobody shall learn from it which ports of a private host are open.
            hint="Check the address. A site in your own network has to be listed in crawl.allow_addresses; "
            "a port other than 80 and 443 in crawl.ports.",
        )
    return OutletError(f"{failure.url}: {failure.reason}", hint="Check the address, or try again later.")
