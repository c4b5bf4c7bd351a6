"""Stories: an article that somebody is told of, and those of other outlets that tell the same (monitors/stories.py).

Every article is compared with those themselves that came within half a day, and never with what is like them: else
stories would grow into each other. What one outlet publishes twice is two pieces of news, or an edit.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import BindParameter, Connection, Row, Select, bindparam, delete, select, tuple_, union_all, update

from monitors.articles import Article
from monitors.storage.tables import articles, gists, retellings, stories, story_runs
from monitors.stories import Gist, says_again

WITHIN = timedelta(hours=12)
"""How far apart the same report is printed at most; what comes daily says the same in other numbers, or is news."""

_COMPARED = 8
_ENOUGH = 2
"""Articles that are compared at most; of a sample so many runs must be theirs."""
_COMMON = 25
"""A run that so many articles have is kept of no more: it belongs to a template, or to what everybody prints."""
_DAY_S = 86_400
_AT_ONCE = 10_000
"""Rows that one transaction deletes."""


@dataclass(frozen=True, slots=True)
class Retelling:
    """What an article, in this version, tells again: articles (ids) that said the same before, each in a version.
    `story_ids` are theirs and its own, as far as it has one; `gist` and `runs` are what is to be kept of it."""

    version: int = 1
    told: Mapping[int, int] = field(default_factory=dict)
    story_ids: frozenset[int] = frozenset()
    gist: Gist | None = None
    runs: tuple[int, ...] = ()


def telling_of(connection: Connection, article: Article, gist: Gist | None) -> Retelling:
    """`gist` is that of its text now. What has a story tells what it told at first. To be asked before it is decided:
    texts are compared, which is no work for a transaction in which everybody waits."""
    known = stories_of(connection, [article.id])[article.id]
    if known or gist is None:
        return Retelling(article.version, story_ids=known)
    seen_at = article.edited_at or article.first_seen_at
    rows = connection.execute(_who_has(), {"days": _days(seen_at), "runs": gist.sample}).all()
    often = Counter(row.run for row in rows)
    fresh = tuple(run for run in gist.sample if often[run] < _COMMON)
    shared = Counter((row.day, row.article_id) for row in rows if _may_tell(row, article, seen_at))
    worth = sorted((key for key, runs in shared.items() if runs >= _ENOUGH), key=lambda key: (-shared[key], key))
    told = {
        row.article_id: row.version
        for row in _gists(connection, worth[:_COMPARED])
        if says_again(gist, Gist.unpacked(row.gist))
    }
    story_ids = frozenset[int]().union(*stories_of(connection, told).values())
    return Retelling(article.version, told, story_ids, gist, fresh)


def stories_of(connection: Connection, article_ids: Collection[int]) -> dict[int, frozenset[int]]:
    """Of each of these articles its own story and those that it tells again."""
    found: dict[int, set[int]] = {one: set() for one in article_ids}
    for row in connection.execute(_stories(), {"these": list(article_ids)}):
        found[row.article_id].add(row.story_id)
    return {one: frozenset(ids) for one, ids in found.items()}


@cache
def _stories() -> Select[Any]:
    these: BindParameter[int] = bindparam("these", expanding=True)
    own = select(articles.c.id.label("article_id"), articles.c.story_id).where(articles.c.id.in_(these))
    again = (
        select(retellings.c.article_id, articles.c.story_id)
        .join(articles, articles.c.id == retellings.c.told_id)
        .where(retellings.c.article_id.in_(these))
    )
    both = union_all(own, again).subquery()
    return select(both).where(both.c.story_id.is_not(None))


@cache
def _who_has() -> Select[Any]:
    return (
        select(story_runs.c.day, story_runs.c.run, story_runs.c.article_id)
        .add_columns(gists.c.outlet_id, gists.c.seen_at, gists.c.published_at)
        .join(gists, (gists.c.day == story_runs.c.day) & (gists.c.article_id == story_runs.c.article_id))
        .where(story_runs.c.day.in_(bindparam("days", expanding=True)))
        .where(story_runs.c.run.in_(bindparam("runs", expanding=True)))
    )


def _may_tell(row: Row[Any], article: Article, seen_at: datetime) -> bool:
    """Whether it is another outlet's, and of the same time."""
    times = [(row.seen_at, seen_at)]
    if row.published_at is not None and article.published_at is not None:
        times.append((row.published_at, article.published_at))
    return row.outlet_id != article.outlet_id and all(abs(one - other) <= WITHIN for one, other in times)


def _gists(connection: Connection, keys: Sequence[tuple[int, int]]) -> Sequence[Row[Any]]:
    there = tuple_(gists.c.day, gists.c.article_id).in_(keys)
    return connection.execute(select(gists).where(there)).all() if keys else []


def _day(moment: datetime) -> int:
    return int(moment.timestamp()) // _DAY_S


def _days(moment: datetime) -> list[int]:
    return list(range(_day(moment - WITHIN), _day(moment + WITHIN) + 1))


def begin(connection: Connection, article: Row[Any], telling: Retelling, *, now: datetime) -> int:
    """The article begins a story; its id. Others are compared with it from now on."""
    story = connection.execute(stories.insert().values(created_at=now)).inserted_primary_key
    assert story is not None
    connection.execute(update(articles).where(articles.c.id == article.id).values(story_id=story[0]))
    if telling.told:
        mine = {"article_id": article.id, "version": telling.version}
        rows = [mine | {"told_id": told_id, "told_version": version} for told_id, version in telling.told.items()]
        connection.execute(retellings.insert(), rows)
    if telling.gist is not None:
        _keep(connection, article, telling, telling.gist)
    return int(story[0])


def _keep(connection: Connection, article: Row[Any], telling: Retelling, gist: Gist) -> None:
    seen_at = article.edited_at or article.first_seen_at
    day = _day(seen_at)
    about = {"version": telling.version, "outlet_id": article.outlet_id}
    about |= {"seen_at": seen_at, "published_at": article.published_at}
    connection.execute(gists.insert().values(day=day, article_id=article.id, **about, gist=gist.packed()))
    if telling.runs:
        rows = [{"day": day, "run": run, "article_id": article.id} for run in telling.runs]
        connection.execute(story_runs.insert(), rows)


def forget_gists(connection: Connection, *, before: datetime) -> bool:
    """Deletes what is compared with nothing any more, of days before that; whether there may be more of it."""
    runs = delete(story_runs).where(story_runs.c.day < _day(before))
    key = (story_runs.c.day, story_runs.c.run, story_runs.c.article_id)
    first = select(*key).where(story_runs.c.day < _day(before)).order_by(*key)
    last = connection.execute(first.offset(_AT_ONCE).limit(1)).one_or_none()
    if last is not None:
        connection.execute(runs.where(tuple_(*key) < tuple_(*last)))
        return True
    connection.execute(runs)
    connection.execute(delete(gists).where(gists.c.day < _day(before)))
    return False
