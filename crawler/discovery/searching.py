"""The way from an address to its sources.

The address is a source itself, or a page. Of a page's site first those sources are tried that it names (its head, its
links, robots.txt), then the usual places, and last its pages, whose links to articles are told from navigation. Every
candidate is fetched and must parse; a link that promises a feed is often an error page.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from crawler.discovery.addresses import is_root, root_of
from crawler.discovery.candidates import Candidate, Parser, Trial
from crawler.discovery.catalogued import Meant, home_at, is_home
from crawler.discovery.naming import home_of
from crawler.discovery.places import (
    Guess,
    is_article,
    named_places,
    narrow_places,
    posts_meant,
    usual_feeds,
    usual_sitemaps,
)
from crawler.discovery.visits import Visits, unfetchable
from crawler.listings.wordpress import api_root_of
from crawler.pages.links import PageLinks
from crawler.parsing.pool import ParserKilled, ParsingFailed
from crawler.web.answers import UNREACHABLE, Fetched, FetchFailed
from monitors.errors import OutletError
from monitors.outlets import NewSource, SourceKind

_DIRECT = (SourceKind.FEED, SourceKind.SITEMAP, SourceKind.WORDPRESS)
"""What an address can be itself; a page is looked at for what it names before it is taken for a section."""


class Search:
    """One search under way. Whatever it has found stays when it is stopped.

    `front` is what the outlet's front page says, `url` an address of the outlet's site.
    """

    def __init__(self, visits: Visits, parser: Parser) -> None:
        self._visits = visits
        self._parser = parser
        self._answer: Fetched | None = None
        self._page: PageLinks | None = None
        self._section: str | None = None
        self._notes: list[str] = []
        self.trial = Trial(visits, parser)
        self.front: PageLinks | None = None
        self.url = ""

    async def run(self, meant: Meant, hints: Sequence[NewSource]) -> None:
        if meant.channel is not None:
            await self._follow_channel(meant.channel)
            return
        self._answer = answer = await self._first_answer(map(posts_meant, meant.addresses))
        self.url = answer.url
        direct = await self._direct(answer)
        if direct is not None:
            self.trial.candidates.append(direct)
            await self._read_front_of(direct)
            return
        await self.trial.all(Guess(hint.url, hint.kind) for hint in (*meant.hints, *hints))
        await self._search_site(answer)

    def stopped(self, after_s: float) -> None:
        """Raises `OutletError` when nothing was found in time."""
        if self._answer is None and not self.trial.candidates:
            raise unfetchable(FetchFailed(self.url or "The address", UNREACHABLE))
        self._notes.append(f"The site answers slowly: what was found within {after_s:g} seconds is shown.")

    def speaker(self, chosen: Iterable[str]) -> PageLinks | None:
        """The front page, if it may say what the outlet is called: where nothing leads to the sources, it may not."""
        pasted_front = self._answer is not None and is_root(self._answer.url)
        return self.front if pasted_front or not self._guessed(chosen) else None

    def notes_on(self, chosen: Iterable[str]) -> list[str]:
        """What to know of the way by which these sources were found."""
        chosen = list(chosen)
        section = self._section
        if section is not None and section not in chosen:
            self._notes.append(f"{section}: This section has no source of its own; all of the outlet is followed.")
        if self._answer is None or not self._guessed(chosen):
            return self._notes
        problem = "The page cannot be read." if self._page is None else self._page.problem or "No feed is linked there."
        found = f"{self._answer.url}: {problem} The feed was found in a usual place of the same site."
        return [found, *self._notes]

    def _guessed(self, chosen: Iterable[str]) -> bool:
        """Whether the site names none of these sources."""
        return {each.source.url for each in self.trial.candidates if not each.named}.issuperset(chosen)

    async def _first_answer(self, addresses: Iterable[str]) -> Fetched:
        failure: FetchFailed | None = None
        for address in addresses:
            self.url = self.url or address
            answer = await self._visits.page(address)
            if isinstance(answer, Fetched):
                return answer
            # A site that answers, however rudely, tells more than one that does not.
            failure = answer if failure is None or answer.status is not None else failure
        assert failure is not None
        raise unfetchable(failure)

    async def _direct(self, answer: Fetched) -> Candidate | None:
        for kind in _DIRECT:
            candidate = await self.trial.read(answer, kind)
            if candidate is not None:
                return candidate
        return None

    async def _follow_channel(self, url: str) -> None:
        self.url = url
        await self.trial.all([Guess(url, SourceKind.CHANNEL)])
        if not self.trial.candidates and self.trial.failed:
            raise OutletError(
                f"{url}: {self.trial.failed[0].reason}",
                hint="Only public channels with a preview on the web can be read.",
            )

    async def _read_front_of(self, direct: Candidate) -> None:
        """A source's home page gives name and language, where it can be had."""
        self.url = home_of(direct.source, direct.listing)
        answer = await self._visits.page(self.url)
        problem = None
        if isinstance(answer, Fetched):
            self.front = await self._links(answer)
            problem = self.front.problem if self.front is not None else "It cannot be read safely."
        else:
            problem = answer.reason
        if problem:
            self._notes.append(f"The home page could not be read: {problem}")

    async def _search_site(self, answer: Fetched) -> None:
        self._page = page = await self._links(answer)
        readable = page if page is not None and not page.problem else None
        front_answer = await self._front(answer, readable)
        if readable is not None:
            await self.trial.all(narrow_places(readable, answer.url, self.front))
        if any(candidate.narrow for candidate in self.trial.candidates):  # the section's own source was asked for
            return
        is_section = readable is not None and front_answer is not answer and not is_article(readable, answer.url)
        pages = [each for each in (readable, self.front) if each is not None]
        sitemaps = await self._visits.named_sitemaps(answer.url)
        places = named_places(pages, sitemaps)
        await self.trial.all(place for place in places if place.kind is not SourceKind.SITEMAP)
        await self.trial.all(place for place in places if place.kind is SourceKind.SITEMAP)
        if not self.trial.has(SourceKind.FEED, SourceKind.WORDPRESS):
            await self.trial.until_found(usual_feeds(answer.url))
        if not self.trial.has(SourceKind.SITEMAP):
            await self.trial.until_found(usual_sitemaps(answer.url))
        await self._read_sections(answer if is_section else None, front_answer)
        sections = [each.source.url for each in self.trial.candidates if each.source.kind is SourceKind.SECTION]
        self._section = answer.asked_url if is_section and answer.asked_url in sections else None

    async def _front(self, answer: Fetched, page: PageLinks | None) -> Fetched | None:
        """Reads the front page, which may be the pasted one."""
        homepage = home_at(answer.url) or (page.homepage if page is not None else root_of(answer.url))
        if is_root(answer.url) or answer.url == homepage or is_home(answer.asked_url):
            self.front = page
            return answer
        front = await self._visits.page(homepage)
        links = await self._links(front) if isinstance(front, Fetched) else None
        self.front = links if links is not None and not links.problem else None
        return front if isinstance(front, Fetched) and self.front is not None else None

    async def _read_sections(self, *pages: Fetched | None) -> None:
        """Pages as lists of links to articles."""
        for page in pages:
            section = await self.trial.read(page, SourceKind.SECTION) if page is not None else None
            if section is not None:
                self.trial.candidates.append(section)

    async def _links(self, answer: Fetched) -> PageLinks | None:
        """What the page names; a WordPress API also where only the answer's header says so."""
        try:
            links = await self._parser.find_feed_links(answer.body, url=answer.url, content_type=answer.content_type)
        except (ParserKilled, ParsingFailed):
            return None
        if links.wordpress_api is None and (header := answer.headers.get("link")):
            return replace(links, wordpress_api=api_root_of(b"", url=answer.url, link_header=header))
        return links
