"""What happens behind the stage: what the crawler does, and days that have gone by."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, select

from monitors.catalogue import CatalogueEntry, Leaning
from monitors.outlets import Poll, PollReason
from monitors.requests import CrawlState
from monitors.storage import crawls, discoveries
from monitors.storage.catalogue import mirror
from monitors.storage.polls import record_poll
from monitors.storage.presence import beat
from monitors.storage.tables import articles, matches
from tests.screens.stage import Stage, now
from tests.screens.world import HOUR, Piece

HOME = "https://valley-today.example/"
"""Of the outlet that somebody asks for by its address."""

_COUNTRIES = "JO", "LB", "IQ", "EG", "GB", "FR"


def a_month(connection: Connection, stage: Stage) -> None:
    """In which the watch that was tried found something almost every day."""
    found = [
        Piece(24 * day + 3 * number, number % 3, stage.world.tried, stage.world.tried)
        for day in range(30)
        for number in range(day * day * 7 % 5 + (day % 7 < 5))
    ]
    stage.save(connection, found, silent=True)
    ids = connection.scalars(select(articles.c.id).where(articles.c.title == stage.world.tried))
    connection.execute(matches.insert(), [{"article_id": one, "watch_id": 5, "spans": {}} for one in ids])


def a_catalogue(connection: Connection, stage: Stage) -> None:
    """The outlets of the story in their country, and some in others."""
    first = stage.world.outlets[0][2]
    home = [*stage.world.outlets, (stage.world.found, "valley-today.example", first)]
    listed = [(first, *one[:2]) for one in home]
    listed += [(code, *one[:2]) for code in _COUNTRIES if code != first for one in stage.world.outlets[1:]]
    entries = [
        CatalogueEntry(
            f"outlet-{number}",
            *(name, name, f"https://{host}/", country, stage.world.language, stage.world.zone),
            leaning=Leaning.PRIVATE if number % 2 else Leaning.PUBLIC,
        )
        for number, (country, name, host) in enumerate(listed)
    ]
    mirror(connection, entries, content_hash="story")


def looked_at(connection: Connection, stage: Stage) -> None:
    """The crawler has looked at the address that was asked for."""
    (look,) = discoveries.open_discoveries(connection)
    result: dict[str, Any] = {
        "name": stage.world.found,
        "homepage": HOME,
        "language": stage.world.language,
        "country": None,
        "time_zone": None,
        "sources": [
            {"url": f"{HOME}feed/", "kind": "feed", "chosen": True, "entries": 20, "covered": 19, "of": 20},
            {"url": f"{HOME}news", "kind": "section", "chosen": True, "entries": 41, "covered": 8, "of": 20},
        ],
        "preview": [
            {
                "title": title,
                "url": f"{HOME}{number}",
                "published_at": (now() - number * HOUR).isoformat(),
                "characters": 1200 + 317 * number,
                "language": stage.world.language,
                "note": None,
            }
            for number, title in enumerate(stage.world.news, 1)
        ],
        "notes": [],
        "followed_as": None,
    }
    discoveries.record_found(connection, look.id, result, now=now())


def half_way(connection: Connection, stage: Stage) -> None:
    """The crawler is at the outlet it was sent to."""
    (crawl,) = crawls.open_crawls(connection)
    crawls.begin_crawl(connection, crawl.id, now=now())
    stage.save(connection, [Piece(0, 1, title, title) for title in stage.world.news], crawl_id=crawl.id)
    crawls.record_progress(connection, crawl.id, found=12, failed=0, now=now())
    crawls.say_how_far(connection, crawl.id)  # three seconds later by itself, but time stands still


def the_end(connection: Connection) -> None:
    """It has been there, and everything is decided."""
    (crawl,) = crawls.open_crawls(connection)
    crawls.record_progress(connection, crawl.id, found=20, failed=0, now=now())
    record_poll(connection, Poll(2, now(), now() + HOUR / 20, reason=PollReason.RATE))
    crawls.end_crawl(connection, crawl.id, CrawlState.FINISHED, now=now())


def at_the_archive(connection: Connection) -> None:
    (crawl,) = crawls.open_crawls(connection)
    crawls.begin_crawl(connection, crawl.id, now=now())
    crawls.record_progress(connection, crawl.id, found=140, failed=2, now=now())
    crawls.say_how_far(connection, crawl.id)


def at_work(connection: Connection) -> None:
    """All parts have run since this morning, and one source is ill."""
    beat(connection, {"crawl": now() - 2 * HOUR, "decide": now() - 2 * HOUR, "tell": now() - 2 * HOUR}, now=now())
    ill = Poll(3, now(), now() + HOUR, succeeded=False, error="HTTP 503", reason=PollReason.FAILURES)
    record_poll(connection, ill)
