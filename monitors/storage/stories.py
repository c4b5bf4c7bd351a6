"""Which story an article tells: that whose first article has a text most like its own.

Only articles that somebody is told of are compared, and only with the first of each story: else stories would grow into
each other. What an outlet has told itself it does not tell again: its next article is news.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Select, delete, select, tuple_, update

from monitors.articles import Article
from monitors.storage.articles import get_articles
from monitors.storage.tables import articles, stories, story_runs
from monitors.stories import ASKED, COMMON, KEPT, MET, SAME, likeness, runs_of

WITHIN = timedelta(hours=48)
"""How far apart articles of one story are seen at most: what is told again later is news again."""

_COMPARED = 5
_AT_ONCE = 10_000
"""Articles whose whole texts are compared, and rows that one transaction deletes."""
_DAY_S = 86_400


@dataclass(frozen=True, slots=True)
class Telling:
    """What an article tells: a story that there is already, or a new one (None), and the runs by which others are found
    to tell it."""

    story_id: int | None
    runs: tuple[int, ...] = ()


def story_of(connection: Connection, article_id: int) -> int | None:
    return connection.scalar(select(articles.c.story_id).where(articles.c.id == article_id))


def telling_of(connection: Connection, article: Article, runs: Sequence[int]) -> Telling:
    """The story that the article belongs to, or would; `runs` are those of its text (`stories.runs_of`)."""
    if (known := story_of(connection, article.id)) is not None or not runs:
        return Telling(known)
    rows = connection.execute(_who_has(runs[:KEPT], article.first_seen_at)).all()
    often = Counter(row.run for row in rows)
    common = {run for run, times in often.items() if times > COMMON}
    asked = set(runs[:ASKED]) - common
    shared = Counter(row.id for row in rows if row.run in asked and row.outlet_id != article.outlet_id)
    worth = [other_id for other_id, times in shared.most_common(_COMPARED) if times >= MET]
    alike = {other.id: likeness(runs, runs_of(other.fields), common) for other in get_articles(connection, worth)}
    nearest = max(alike, key=alike.__getitem__, default=None)
    story_id = None
    if nearest is not None and alike[nearest] >= SAME:
        story_id = _without(connection, article.outlet_id, story_of(connection, nearest))
    if story_id is not None:
        return Telling(story_id)
    return Telling(None, tuple(run for run in runs[:KEPT] if run not in common))


def _who_has(runs: Sequence[int], seen_at: datetime) -> Select[Any]:
    """Which first articles of stories, seen about then, have these runs."""
    first, last = seen_at - WITHIN, seen_at + WITHIN
    return (
        select(story_runs.c.run, articles.c.id, articles.c.outlet_id)
        .join(articles, articles.c.id == story_runs.c.article_id)
        .where(story_runs.c.day.in_(range(_day(first), _day(last) + 1)), story_runs.c.run.in_(runs))
        .where(articles.c.first_seen_at.between(first, last))
    )


def _without(connection: Connection, outlet_id: int, story_id: int | None) -> int | None:
    """The story, unless the outlet has told it: what it publishes next is news."""
    told = select(articles.c.id).where(articles.c.story_id == story_id, articles.c.outlet_id == outlet_id).limit(1)
    return story_id if connection.scalar(told) is None else None


def _day(moment: datetime) -> int:
    return int(moment.timestamp()) // _DAY_S


def tell(connection: Connection, article_id: int, telling: Telling, *, now: datetime) -> int:
    """The article tells this story from now on, or begins one; its id."""
    story_id = telling.story_id
    if story_id is None:
        begun = connection.execute(stories.insert().values(created_at=now)).inserted_primary_key
        assert begun is not None
        story_id = int(begun[0])
    told = update(articles).where(articles.c.id == article_id).values(story_id=story_id)
    seen_at = connection.scalars(told.returning(articles.c.first_seen_at)).one()
    if telling.runs:
        rows = [{"day": _day(seen_at), "run": run, "article_id": article_id} for run in telling.runs]
        connection.execute(story_runs.insert(), rows)
    return story_id


def forget_runs(connection: Connection, *, before: datetime) -> bool:
    """Deletes runs of articles seen on days before that; whether there may be more of them."""
    key = (story_runs.c.day, story_runs.c.run, story_runs.c.article_id)
    last = connection.execute(
        select(*key).where(story_runs.c.day < _day(before)).order_by(*key).offset(_AT_ONCE).limit(1)
    ).one_or_none()
    old = story_runs.c.day < _day(before) if last is None else tuple_(*key) < tuple_(*last)
    connection.execute(delete(story_runs).where(old))
    return last is not None
