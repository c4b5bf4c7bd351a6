"""A generated history of one outlet: what happens to its stories, and what its server says at each moment.

Everything comes from one seed. Each story has a number that stands in its summary and on its page, so that whatever is
saved can be traced to the story it came from, however its title, guid and address have changed meanwhile.
"""

from __future__ import annotations

import hashlib
import random
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from html import escape

from crawler.recognition import MOST_ALIASES

BEGIN = datetime(2026, 3, 1, 6, tzinfo=UTC)
WINDOW = 20
SECTION_WINDOW = 8
FOLLOWED_AT_LEAST = 5
"""With fewer articles, a relaunch cannot be told from a busy hour."""
_WORDS = ("مجلس", "ميناء", "قمح", "مياه", "طريق", "جسر", "سوق", "مدرسة", "مستشفى", "كهرباء", "غاز", "محصول")


@dataclass(slots=True)
class Story:
    number: int
    title: str
    guid: str | None
    slug: str
    at: datetime | None
    text: str
    unstable_guid: bool = False
    bulletin: bool = False
    """Its link is the home page, as of some breaking news."""
    edits: int = 0
    renamed: int = 0
    seen: tuple[str | None, ...] | None = None
    """What it was, in the last document that was delivered whole and gave its guid to it alone."""

    @property
    def mark(self) -> str:
        return f"ق{self.number}ق"

    @property
    def identity(self) -> tuple[str | None, ...]:
        return self.title, self.guid, self.text, self.slug

    @property
    def is_known(self) -> bool:
        """What it is now has been shown; so one of its two identities may change, but not for ever."""
        return self.seen == self.identity and self.renamed < MOST_ALIASES

    @property
    def summary(self) -> str:
        return f"{self.text} {self.mark}"


@dataclass(frozen=True, slots=True)
class Reply:
    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass
class History:
    """The outlet. `listed` is what its feed shows, in its order; `section` what its other feed shows."""

    random: random.Random
    base: str = "http://port.example"
    now: datetime = BEGIN
    stories: list[Story] = field(default_factory=list)
    listed: list[Story] = field(default_factory=list)
    dropped: list[Story] = field(default_factory=list)
    """Left the feed and may come back."""
    root: str = "news"
    scheme_swapped: bool = False
    twice: list[Story] = field(default_factory=list)
    """Stand in the document two times."""
    shared_guid: tuple[Story, Story] | None = None
    """Two stories to which the document gives the same guid."""
    lying: bool = False
    """The server goes by a validator that never changes."""
    trouble: Callable[[bytes], Reply] | None = None
    moved: bool = False
    """The feed stands elsewhere, behind a permanent redirect."""
    delivered: bool = False
    """The last document went out whole, not as "not modified"."""
    happened: Counter[str] = field(default_factory=Counter)

    def publish(self, *, recurring: bool = False, bulletin: bool = False) -> Story:
        number = len(self.stories) + 1
        words = " ".join(self.random.choice(_WORDS) for _ in range(3))
        title = "نشرة الطقس لهذا اليوم" if recurring else f"{words} في خبر رقم {number}"
        dated = self.random.random() > 0.1
        story = Story(
            number=number,
            title=title,
            guid=self.random.choice([f"{self.base}/?p={number}", f"post-{number}", None]),
            slug=f"{number}-{self.random.randrange(1000)}",
            at=self.now - timedelta(minutes=self.random.randrange(90)) if dated else None,
            text=self._sentence(),
            unstable_guid=self.random.random() < 0.05,
            bulletin=bulletin,
        )
        if bulletin:
            story.guid, story.unstable_guid = f"flash-{number}", False
        if self.random.random() < 0.02:
            story.at = self.now + timedelta(days=300)  # of the future
        self.stories.append(story)
        self.listed.insert(self.random.choice([0, 0, 0, min(3, len(self.listed))]), story)
        while len(self.listed) > WINDOW:
            self.dropped.append(self.listed.pop())
        return story

    def pass_hours(self, hours: int) -> None:
        self.now += timedelta(hours=hours)

    def happen(self, name: str) -> None:
        """One of the things that happen to feeds, by name."""
        self.happened[name] += 1
        getattr(self, f"_{name}")()

    def _new(self) -> None:
        for _ in range(self.random.choice([1, 1, 2, 3])):
            self.publish(bulletin=self.random.random() < 0.03)

    def _recurring(self) -> None:
        if not any(story.title.startswith("نشرة") for story in self.listed):
            self.publish(recurring=True)

    def _edit(self) -> None:
        story = self.random.choice(self.listed)
        if self.random.random() < 0.5 and not story.title.startswith("نشرة"):
            story.title = f"{story.title.split(' (')[0]} (معدّل {story.edits})"
        else:
            story.text = self._sentence()
        story.edits += 1

    def _redate(self) -> None:
        story = self.random.choice(self.listed)
        if story.at is not None and story.seen is not None:
            story.at += timedelta(minutes=7)

    def _reorder(self) -> None:
        self.random.shuffle(self.listed)

    def _duplicate(self) -> None:
        self.twice = [self.random.choice(self.listed)]

    def _share_guid(self) -> None:
        new_or_known = [story for story in self.listed if story.is_known or story.seen is None]
        with_guid = [story for story in new_or_known if story.guid and not story.bulletin]
        if len(with_guid) > 1:
            self.shared_guid = (with_guid[0], with_guid[-1])

    def _new_guid(self) -> None:
        story = self.random.choice(self.listed)
        if not story.bulletin and story.is_known:
            story.renamed += 1
            story.guid = f"again-{story.number}-{self.random.randrange(10_000)}"

    def _new_slug(self) -> None:
        story = self.random.choice(self.listed)
        alone = story.guid is not None and sum(other.guid == story.guid for other in self.stories) == 1
        stable = alone and not story.unstable_guid and not story.bulletin
        if stable and story.is_known and story not in (self.shared_guid or ()):
            story.renamed += 1
            story.slug = f"{story.number}-{self.random.randrange(1000, 9000)}"

    def _reuse_guid(self) -> None:
        """A new story under the guid of an old one that left the feed."""
        old = [story for story in self.dropped if story.guid and story.guid.startswith("post-") and story.seen]
        if old:
            story = self.publish()
            story.guid, story.at, story.unstable_guid = self.random.choice(old).guid, self.now, False

    def _migrate(self) -> None:
        """A relaunch: every article has another guid and another address. Its archive stays behind.

        So do what nobody can tell from a new story then: what was edited and has no date, or is edited where we do not
        look (an article is read again when the feed changes that it was first seen in), or has a title that recurs.
        """
        followed = [story for story in self.listed if self._can_be_followed(story)]
        if len(followed) < FOLLOWED_AT_LEAST:
            return
        self.dropped, self.listed = [], followed
        self.root = f"relaunch{self.random.randrange(1000)}"
        for story in self.listed:
            story.guid = None if story.guid is None else f"{self.root}-{story.number}"
        self.shared_guid, self.twice = None, []

    def _can_be_followed(self, story: Story) -> bool:
        traced = not story.edits or (story.at is not None and story.number % 2 == 0)
        return story.is_known and traced and not story.title.startswith("نشرة")

    def _swap_scheme(self) -> None:
        self.scheme_swapped = not self.scheme_swapped

    def _remove(self) -> None:
        if len(self.listed) > 8:
            self.dropped.append(self.listed.pop(self.random.randrange(len(self.listed))))

    def _return(self) -> None:
        if self.dropped:
            self.listed.append(self.dropped.pop(self.random.randrange(len(self.dropped))))

    def _reset(self) -> None:
        """Old articles fill the feed: a backup was restored, a cache was emptied."""
        if len(self.dropped) > WINDOW:
            begin = self.random.randrange(len(self.dropped) - WINDOW)
            old = self.dropped[begin : begin + WINDOW]
            self.dropped = [story for story in self.dropped if story not in old] + self.listed
            self.listed = old

    def _empty(self) -> None:
        self.trouble = lambda body: _rss("")

    def _truncated(self) -> None:
        share = self.random.random()
        headers = {"Content-Type": "application/rss+xml", "ETag": '"of the whole"'}
        self.trouble = lambda body: Reply(200, body[: int(len(body) * share)], headers)

    def _error_page(self) -> None:
        page = "<!doctype html><html><head><title>صيانة</title></head><body><p>نعود قريباً.</p></body></html>"
        self.trouble = lambda body: Reply(200, page.encode(), {"Content-Type": "text/html"})

    def _server_error(self) -> None:
        self.trouble = lambda body: Reply(self.random.choice([500, 502, 503]))

    def _move(self) -> None:
        self.moved = True

    def _sentence(self) -> str:
        return " ".join(self.random.choice(_WORDS) for _ in range(12)) + "."

    # What the server says.

    @property
    def site(self) -> str:
        swapped = self.base.replace("http://", "https://") if self.base.endswith(".example") else self.base
        return swapped if self.scheme_swapped else self.base

    def link(self, story: Story) -> str:
        if story.bulletin:
            return f"{self.site}/"
        tracking = self.random.choice(["", "", "?utm_source=rss", f"?utm_campaign={self.random.randrange(99)}"])
        return f"{self.site}/{self.root}/{story.slug}/{tracking}"

    def guid(self, story: Story) -> str | None:
        if self.shared_guid is not None and story in self.shared_guid:
            return self.shared_guid[0].guid
        if story.unstable_guid:
            return f"hash-{self.random.getrandbits(40)}"
        guid = story.guid
        return guid.replace(self.base, self.site) if guid else None

    def shown(self, path: str) -> list[Story]:
        """What a feed lists at this moment."""
        if path == "/section/feed/":
            return [story for story in self.listed if not story.bulletin and story.number % 2][:SECTION_WINDOW]
        return self.listed

    def answer(self, path: str, headers: Mapping[str, str]) -> Reply:
        if path == "/feed/" and self.moved:
            return Reply(301, headers={"Location": f"{self.base}/new-feed/"})
        if path in ("/feed/", "/new-feed/", "/section/feed/"):
            return self._feed(path, headers)
        for story in self.listed:
            if path.startswith(f"/{self.root}/{story.slug}/"):
                return _page(story)
        return Reply(404)

    def _feed(self, path: str, headers: Mapping[str, str]) -> Reply:
        stories = [*self.shown(path), *(self.twice if path != "/section/feed/" else [])]
        reply = _rss("".join(self._item(story, path) for story in stories))
        self.delivered = False
        if self.trouble is not None:
            return self.trouble(reply.body)
        etag = '"for ever"' if self.lying else f'"{hashlib.md5(reply.body).hexdigest()}"'
        if headers.get("If-None-Match") == etag:
            return Reply(304, headers={"ETag": etag})
        self.delivered = True
        return Reply(200, reply.body, {**reply.headers, "ETag": etag})

    def _item(self, story: Story, path: str) -> str:
        guid = None if path == "/section/feed/" else self.guid(story)
        return (
            f"<item><title>{escape(story.title)}</title><link>{escape(self.link(story))}</link>"
            + (f'<guid isPermaLink="false">{escape(guid)}</guid>' if guid else "")
            + (f"<pubDate>{format_datetime(story.at)}</pubDate>" if story.at else "")
            + f"<description>{escape(story.summary)}</description></item>"
        )


def _rss(items: str) -> Reply:
    body = (
        '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel><title>الميناء</title>'
        f"<link>http://port.example/</link><description>يومية</description>{items}</channel></rss>"
    )
    return Reply(200, body.encode(), {"Content-Type": "application/rss+xml"})


def _page(story: Story) -> Reply:
    paragraph = f"{story.text} " * 4
    body = (
        f'<!doctype html><html lang="ar"><head><meta charset="utf-8"><title>{escape(story.title)}</title></head><body>'
        f"<article><h1>{escape(story.title)}</h1><p>{escape(paragraph)}</p><p>{escape(story.summary)}</p></article>"
        "</body></html>"
    )
    return Reply(200, body.encode(), {"Content-Type": "text/html; charset=utf-8"})
