"""What an article met, recorded (T2): its matches, judged for whoever takes the watches at this moment."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import Connection

from monitors.alerts import Judgement, Match
from monitors.articles import Article
from monitors.finding import Findings
from monitors.judging import Case, judge
from monitors.storage.alerts import record_decision, record_late, story_of
from monitors.storage.subscriptions import mutes_of, takers_of, told_today
from monitors.storage.words import try_put_words
from monitors.subscriptions import Taker


def record(
    connection: Connection, article: Article, findings: Findings, *, zone: str, now: datetime, owed: bool = False
) -> list[int]:
    """T2 for one article: its matches, and who is told of them or takes all of its outlet; the alerts' ids.

    `zone` is the time zone (IANA) of chats that have none of their own. `owed` when late watches have yet to be asked.
    """
    takers = takers_for(connection, article, findings, zone=zone)
    alerts = record_decision(
        connection,
        article.id,
        *_judged(connection, article, findings, takers, now=now),
        now=now,
        version=article.version,
        seen_at=_seen_at(article),
        owed_since=article.judged_version if owed else None,
    )
    if findings.words is not None:
        try_put_words(connection, article, findings.words)
    return alerts


def record_owed(
    connection: Connection, article: Article, findings: Findings, *, version: int, zone: str, now: datetime
) -> list[int]:
    """The same for late watches, of an article that is owed up to this version."""
    takers = [taker for taker in takers_for(connection, article, findings, zone=zone) if taker.watch_id is not None]
    judged = _judged(connection, article, findings, takers, now=now)
    return record_late(connection, article.id, *judged, now=now, version=version, seen_at=_seen_at(article))


def takers_for(connection: Connection, article: Article, findings: Findings, *, zone: str) -> list[Taker]:
    """Who takes what the article met, or all of its outlet."""
    return takers_of(connection, findings.met, outlet_id=article.outlet_id, language=article.language, zone=zone)


def watches_of(takers: Iterable[Taker]) -> set[int]:
    return {taker.watch_id for taker in takers if taker.watch_id is not None}


def _judged(
    connection: Connection, article: Article, findings: Findings, takers: Sequence[Taker], *, now: datetime
) -> tuple[Sequence[Match], Sequence[Judgement]]:
    """The matches of watches that somebody takes, and who is told."""
    matches = findings.matches(watches_of(takers))
    news = [taker for taker in takers if _is_news(taker, article, findings)]
    case = Case(
        outlet_id=article.outlet_id,
        story_id=story_of(connection, article.id),
        mutes=mutes_of(connection, {taker.chat_id for taker in news}, now=now),
        told_today=told_today(connection, news, now=now),
        now=now,
    )
    return matches, judge(news, case)


def _is_news(taker: Taker, article: Article, findings: Findings) -> bool:
    """Whether it was not told before: of an edited article only what it had not met, and all of an outlet once."""
    return article.judged_version == 0 if taker.watch_id is None else taker.watch_id not in findings.met_before


def _seen_at(article: Article) -> datetime | None:
    return article.edited_at if article.judged_version else None
