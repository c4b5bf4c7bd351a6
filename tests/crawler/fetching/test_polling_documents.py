"""What polls learn of a source from its document, its server and its hub."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event, select

from crawler.entries import Entry, Listing
from monitors.chats import Chat
from monitors.outlets import SourceKind
from monitors.storage import tables
from monitors.storage.followers import add_follower
from monitors.wakeups import ARTICLES, DELIVERIES
from tests.crawler.fetching.desk import Desk, Play, rss
from tests.rows import a_telegram_chat


def test_a_document_of_nothing_but_news_is_read_back_to_what_is_known(at_desk: Play) -> None:
    async def act(desk: Desk) -> None:
        site = desk.site
        site.pages(*range(1, 7))
        older = '<atom:link rel="next" href="{}/feed/?paged={}"/>'
        site.documents["/feed/"] = rss(site.item(1), extra=older.format(site.url, 2))
        site.documents["/feed/?paged=2"] = rss(site.item(9))
        desk.follow((SourceKind.FEED, "/feed/"))
        await desk.poll()
        assert site.statuses_of("/feed/?paged=2") == []  # never on the first poll
        site.documents["/feed/"] = rss(site.item(6), site.item(5), extra=older.format(site.url, 2))
        site.documents["/feed/?paged=2"] = rss(site.item(4), site.item(3), extra=older.format(site.url, 3))
        site.documents["/feed/?paged=3"] = rss(site.item(2), site.item(1), extra=older.format(site.url, 4))
        await desk.poll()
        assert sorted(desk.titles()) == [f"خبر {number}" for number in range(2, 7)]
        assert site.statuses_of("/feed/?paged=4") == []

    at_desk(act)


def test_a_push_is_taken_once_and_the_poll_after_it_finds_nothing_new(at_desk: Play) -> None:
    async def act(desk: Desk) -> None:
        site = desk.site
        site.pages(2)
        site.documents["/feed/"] = rss(site.item(1))
        desk.follow((SourceKind.FEED, "/feed/"))
        entry = Entry("post-2", f"{site.url}/news/2/", "خبر 2", "ملخص الخبر رقم 2", "", None, None, None, ())
        pushed = Listing(title=None, homepage=None, language=None, ttl_s=None, entries=(entry,))
        assert (await desk.poller.take_pushed(desk.source(), pushed, desk.now())).silent  # not polled yet
        await desk.poll()
        before = desk.source()
        report = await desk.poller.take_pushed(desk.source(), pushed, desk.now())
        assert report.counts.new == 1
        assert await desk.wakeups.wait(ARTICLES, 1)
        assert desk.source() == before
        assert (await desk.poller.take_pushed(desk.source(), pushed, desk.now())).counts.new == 0
        site.documents["/feed/"] = rss(site.item(2), site.item(1))
        assert (await desk.poll()).counts.new == 0
        assert desk.titles() == ["خبر 2"]

    at_desk(act)


@pytest.mark.parametrize(("days", "order"), [((None, None, None), "abc"), ((1, 3, 2), "acb"), ((3, None, 1), "abc")])
def test_what_a_document_lists_is_told_oldest_first(at_desk: Play, days: tuple[int | None, ...], order: str) -> None:
    """The last entry of the document is *a*; `days` of the month are those of *a*, *b* and *c*."""

    async def act(desk: Desk) -> None:
        desk.site.documents["/feed/"] = rss()
        desk.follow((SourceKind.FEED, "/feed/"))
        await desk.poll()
        dates = [None if day is None else datetime(2026, 3, day, tzinfo=UTC) for day in days]
        entries = [
            Entry(name, f"{desk.site.url}/{name}/", name, "", f"نص {name}. " * 50, None, date, None, (), complete=True)
            for name, date in zip("abc", dates, strict=True)
        ]
        listing = Listing(title=None, homepage=None, language=None, ttl_s=None, entries=tuple(reversed(entries)))
        await desk.poller.take_pushed(desk.source(), listing, desk.now())
        assert "".join(desk.titles()) == order

    at_desk(act)


def test_a_server_that_hid_something_is_not_believed_any_more(at_desk: Play) -> None:
    async def act(desk: Desk) -> None:
        site = desk.site
        site.lies = True
        site.pages(2, 3)
        await desk.follow_feed()
        site.documents["/feed/"] = rss(site.item(2), site.item(1))
        await desk.poll()
        assert desk.titles() == []  # it said 304
        desk.change(last_unconditional_at=desk.now() - timedelta(hours=25))
        await desk.poll()
        assert desk.titles() == ["خبر 2"]
        assert desk.source().validators_broken
        site.documents["/feed/"] = rss(site.item(3), site.item(2), site.item(1))
        await desk.poll()
        assert desk.titles() == ["خبر 2", "خبر 3"]
        assert site.statuses_of("/feed/") == [200, 304, 200, 200]

    at_desk(act)


def test_a_permanent_redirect_is_believed_after_days_and_a_temporary_one_never(at_desk: Play) -> None:
    async def act(desk: Desk) -> None:
        site = desk.site
        site.documents["/feed/"] = site.documents["/new/"] = rss(site.item(1))
        desk.follow((SourceKind.FEED, "/feed/"))
        await desk.poll()
        for status in (302, 301):
            site.redirects["/feed/"] = (status, f"{site.url}/new/")
            for _ in range(5):
                assert desk.source().url == f"{site.url}/feed/"
                site.documents["/new/"] += " "  # another body each time, so that each answer is a 200
                await desk.poll()
                if (moved := desk.source().moved) is not None:
                    desk.change(moved_since=moved.since - timedelta(hours=12))
        assert desk.source().url == f"{site.url}/new/"
        assert desk.source().moved is None
        assert (await desk.poll()).error is None

    at_desk(act)


def test_a_redirect_to_something_else_is_never_believed(at_desk: Play) -> None:
    async def act(desk: Desk) -> None:
        site = desk.site
        await desk.follow_feed()
        site.redirects["/feed/"] = (301, f"{site.url}/casino/")
        for number in range(2, 8):
            site.documents["/casino/"] = rss(site.item(number))
            await desk.poll()
            if (moved := desk.source().moved) is not None:
                desk.change(moved_since=moved.since - timedelta(hours=12))
        assert desk.source().url == f"{site.url}/feed/"

    at_desk(act)


def test_followers_are_told_that_one_of_several_sources_is_gone(at_desk: Play) -> None:
    async def act(desk: Desk) -> None:
        site = desk.site
        site.documents |= {"/feed/": rss(site.item(1)), "/sport/": rss(site.item(2))}
        desk.follow((SourceKind.FEED, "/feed/"), (SourceKind.FEED, "/sport/"))
        chat: Chat = desk.database.write_now(a_telegram_chat)
        desk.database.write_now(add_follower, desk.outlet_id, chat.id, now=desk.now())
        site.statuses |= {"/sport/": 410, "/feed/": 410}
        await desk.poll(1)
        assert await desk.wakeups.wait(DELIVERIES, 1)
        await desk.poll(0)  # the last one: then the outlet is broken, which is told of the outlet
        notices = desk.database.read_now(
            lambda connection: list(connection.scalars(select(tables.deliveries.c.payload)))
        )
        assert notices == [
            {
                "notice": "source_gone",
                "outlet": "الميناء",
                "outlet_id": desk.outlet_id,
                "source": f"{site.url}/sport/",
            }
        ]
        assert not any(desk.source(number).active for number in (0, 1))

    at_desk(act)


def test_a_poll_of_what_has_not_changed_is_one_small_update(at_desk: Play) -> None:
    async def act(desk: Desk) -> None:
        site, statements = desk.site, list[str]()
        await desk.follow_feed()
        source = desk.source()

        @event.listens_for(desk.database.engine, "before_cursor_execute")
        def note(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
            statements.append(statement)

        await desk.poller.poll(source)
        assert site.statuses_of("/feed/") == [200, 304]
        (update,) = [statement for statement in statements if not statement.startswith("BEGIN")]
        assert update.startswith("UPDATE sources SET")

    at_desk(act)


def test_where_pushes_can_be_had_is_what_the_last_document_said(at_desk: Play) -> None:
    async def act(desk: Desk) -> None:
        site = desk.site
        links = (
            '<atom:link rel="hub" href="https://hub.example/"/><atom:link rel="self" href="https://port.example/feed"/>'
        )
        site.documents["/feed/"] = rss(site.item(1), extra=links)
        desk.follow((SourceKind.FEED, "/feed/"))
        await desk.poll()
        assert (desk.source().hub, desk.source().topic) == ("https://hub.example/", "https://port.example/feed")
        await desk.poll()
        assert desk.source().hub == "https://hub.example/"
        site.documents["/feed/"] = rss(site.item(1))
        await desk.poll()
        assert (desk.source().hub, desk.source().topic) == (None, None)

    at_desk(act)


def test_a_document_that_ends_in_the_middle_is_asked_for_anew(at_desk: Play) -> None:
    async def act(desk: Desk) -> None:
        site = desk.site
        await desk.follow_feed()
        site.pages(2, 33)
        whole = rss(site.item(2), site.item(33), site.item(1))
        site.documents["/feed/"] = whole[: whole.index("/news/33/") + len("/news/3")]
        await desk.poll()
        assert desk.titles() == ["خبر 2"]
        assert desk.source().validators.etag is None
        site.documents["/feed/"] = whole
        await desk.poll()
        assert desk.titles() == ["خبر 2", "خبر 33"]

    at_desk(act)
