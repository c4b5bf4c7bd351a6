"""What an article met, recorded (T2): its matches, judged for whoever takes the watches at this moment."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from monitors.alerts import Judgement, Match
from monitors.articles import Article
from monitors.finding import Findings
from monitors.judging import Case, judge
from monitors.storage.allowance import full_chats, say_that_full
from monitors.storage.decisions import record_decision, record_late
from monitors.storage.met import recorded_watches
from monitors.storage.subscriptions import mutes_of, takers_of, told_today
from monitors.storage.words import try_put_words
from monitors.subscriptions import Taker


@dataclass(frozen=True, slots=True)
class Allowance:
    """How many alerts a chat is told within an hour, and the operators, by their numbers on Telegram, who have all."""

    most: int
    free: frozenset[int] = frozenset()


def record(
    connection: Connection,
    article: Article,
    findings: Findings,
    *,
    zone: str,
    now: datetime,
    owed: bool = False,
    allowance: Allowance | None = None,
) -> list[int]:
    """T2 for one article: its matches, and who is told of them or takes all of its outlet; the alerts' ids.

    `zone` is the time zone (IANA) of chats that have none of their own. `owed` when late watches have yet to be asked.
    """
    takers = takers_for(connection, article, findings, zone=zone)
    alerts = record_decision(
        connection,
        article.id,
        *_judged(connection, article, findings, takers, now=now, allowance=allowance),
        now=now,
        version=article.version,
        seen_at=_seen_at(article),
        owed_since=article.judged_version if owed else None,
        telling=findings.telling,
    )
    _say_that_full(connection, alerts, allowance, now=now)
    if findings.words is not None:
        try_put_words(connection, article, findings.words)
    return alerts


def record_owed(
    connection: Connection,
    article: Article,
    findings: Findings,
    *,
    version: int,
    zone: str,
    now: datetime,
    allowance: Allowance | None = None,
) -> list[int]:
    """The same for late watches, of an article that is owed up to this version."""
    takers = [taker for taker in takers_for(connection, article, findings, zone=zone) if taker.watch_id is not None]
    alerts = record_late(
        connection,
        article.id,
        *_judged(connection, article, findings, takers, now=now, allowance=allowance),
        now=now,
        version=version,
        seen_at=_seen_at(article),
        telling=findings.telling,
    )
    _say_that_full(connection, alerts, allowance, now=now)
    return alerts


def _say_that_full(
    connection: Connection, alert_ids: Sequence[int], allowance: Allowance | None, *, now: datetime
) -> None:
    if alert_ids and allowance is not None:
        say_that_full(connection, alert_ids, most=allowance.most, now=now)


def takers_for(connection: Connection, article: Article, findings: Findings, *, zone: str) -> list[Taker]:
    """Who takes what the article met, or all of its outlet."""
    return takers_of(connection, findings.met, outlet_id=article.outlet_id, language=article.language, zone=zone)


def watches_of(takers: Iterable[Taker]) -> frozenset[int]:
    return frozenset(taker.watch_id for taker in takers if taker.watch_id is not None)


def _judged(
    connection: Connection,
    article: Article,
    findings: Findings,
    takers: Sequence[Taker],
    *,
    now: datetime,
    allowance: Allowance | None,
) -> tuple[Sequence[Match], Sequence[Judgement]]:
    """The matches of watches that somebody takes, and who is told."""
    matches = findings.matches(_to_be_recorded(connection, article, findings, takers))
    news = [taker for taker in takers if _is_news(taker, article, findings)]
    there = {taker.chat_id for taker in news}
    full = (
        frozenset[int]()
        if allowance is None
        else full_chats(connection, there, most=allowance.most, free=allowance.free, now=now)
    )
    case = Case(
        outlet_id=article.outlet_id,
        story_ids=findings.telling.story_ids,
        mutes=mutes_of(connection, there, now=now),
        told_today=told_today(connection, news, now=now),
        now=now,
        full=full,
    )
    return matches, judge(news, case)


def _to_be_recorded(
    connection: Connection, article: Article, findings: Findings, takers: Sequence[Taker]
) -> frozenset[int]:
    """The watches whose matches are written down: what they met before, and was not for they rested, they find no more
    now than then."""
    taken = watches_of(takers)
    old = frozenset(watch for watch in taken if watch in findings.met_before)
    return taken - old | (old & recorded_watches(connection, article.id) if old else old)


def _is_news(taker: Taker, article: Article, findings: Findings) -> bool:
    """Whether it was not told before: of an edited article only what it had not met, and all of an outlet once."""
    return article.judged_version == 0 if taker.watch_id is None else taker.watch_id not in findings.met_before


def _seen_at(article: Article) -> datetime | None:
    return article.edited_at if article.judged_version else None
