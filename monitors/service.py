"""The deciding role: articles nobody has judged yet → matches → story → alerts, one transaction each (T2)."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TypeVar

from sqlalchemy import Connection

from monitors.alerts import Match
from monitors.articles import Article, Version
from monitors.judging import judge
from monitors.query.grammar import parse
from monitors.query.index import QueryIndex
from monitors.query.occurrences import Occurrences
from monitors.roles import RoleContext
from monitors.searching import STEMS, words_of
from monitors.storage.alerts import record_decision
from monitors.storage.articles import pending_articles
from monitors.storage.edits import versions_of
from monitors.storage.watchlists import changes_since, owners
from monitors.storage.words import IndexedWords, try_put_words
from monitors.text.steps import Steps
from monitors.wakeups import ARTICLES, DELIVERIES
from monitors.watchlists import WatchChange

T = TypeVar("T")

logger = logging.getLogger(__name__)

SWEEP_S = 1.0
"""How long an article saved by a process that cannot wake us (a command) may wait."""

BATCH = 50
"""Articles decided between two looks at what changed among the watches."""


@dataclass(slots=True)
class StandingWatches:
    """All standing watches in memory, kept current by revision."""

    index: QueryIndex = field(default_factory=QueryIndex)
    revision: int = 0

    def apply(self, changes: Sequence[WatchChange]) -> None:
        """Takes in what changed since `revision`. A watch that no longer parses is left out, loudly."""
        for change in changes:
            self.index.remove(change.watch_id)
            if change.query is not None:
                try:
                    self.index.add(change.watch_id, parse(change.query))
                except Exception as error:  # a QueryError, or a defect of ours: it must not stop the others
                    logger.error("watch %d cannot be understood and is skipped: %r", change.watch_id, error)
            self.revision = change.revision


async def run(context: RoleContext) -> None:
    """Decides articles as they arrive until asked to stop."""
    watches = StandingWatches()
    while not context.stopping.is_set():
        try:
            decided = await decide_pending(context, watches)
        except Exception:
            logger.exception("deciding failed; the articles wait and it is tried again")
            decided = 0
        if not decided:
            await context.wakeups.wait(ARTICLES, SWEEP_S)


async def decide_pending(context: RoleContext, watches: StandingWatches) -> int:
    """Decides up to a batch of waiting articles; how many it could."""
    decided = 0
    articles = await context.database.read(pending_articles, limit=BATCH)
    watches.apply(await context.database.read(changes_since, watches.revision))
    for article in articles:
        earlier: Sequence[Version] = ()
        if article.version > 1:
            earlier = await context.database.read(versions_of, article.id, since=article.judged_version)
        findings = await find(article, earlier, watches.index)
        try:
            alerts = await context.database.write(record, article, findings, now=datetime.now(UTC))
        except Exception:
            logger.exception("article %d could not be decided; it waits and is tried again", article.id)
            continue
        decided += 1
        if alerts:
            context.wakeups.kick(DELIVERIES)
        await asyncio.sleep(0)  # the loop is shared with the bot
    return decided


@dataclass(frozen=True, slots=True)
class Findings:
    """The standing watches an article meets, and those of them that are no news: they met what was judged before.

    `words` is what the archive is searched by; None when the article could not be read.
    """

    matches: Sequence[Match]
    met_before: frozenset[int] = frozenset()
    words: IndexedWords | None = None


async def find(article: Article, earlier: Sequence[Version], index: QueryIndex) -> Findings:
    """The watches that any version meets which was not judged yet, each with the newest version it meets.

    An article that is edited before it was decided loses nothing by it: what it said first was published too.
    """
    texts = {version.number: version.fields for version in earlier} | {article.version: article.fields}
    judged = texts.pop(article.judged_version, None)
    met: dict[int, Match] = {}
    words = None
    for number in sorted(texts):
        found, reading = await match(article, texts[number], index)
        met |= {each.watch_id: replace(each, version=number) for each in found}
        if number == article.version and reading is not None:
            words = words_of(article, reading)
    if judged is None or not met:
        return Findings(list(met.values()), words=words)
    before, _ = await match(article, judged, index)
    return Findings(list(met.values()), frozenset(each.watch_id for each in before), words)


async def match(
    article: Article, fields: Mapping[str, str], index: QueryIndex
) -> tuple[Sequence[Match], Occurrences | None]:
    """The standing watches a text of the article meets, and how it was read.

    One that breaks the matcher meets none, loudly.
    """
    try:
        reading = await _taking_turns(index.reading_steps({**fields, **article.about}, STEMS))
        return index.matches_in(reading), reading
    except Exception:
        logger.exception("article %d (%s) could not be matched", article.id, article.url)
        return (), None


async def _taking_turns(steps: Steps[T]) -> T:
    """What the steps come to; between them the loop, which is shared with the bot, may do other work."""
    while True:
        try:
            next(steps)
        except StopIteration as end:
            result: T = end.value
            return result
        await asyncio.sleep(0)


def record(connection: Connection, article: Article, findings: Findings, *, now: datetime) -> list[int]:
    """T2 for one article: its matches, judged for whoever owns the watches at this moment; the alerts' ids."""
    found = findings.matches
    owned = owners(connection, [match.watch_id for match in found]) if found else {}
    standing = [match for match in found if match.watch_id in owned]
    news = [match for match in standing if match.watch_id not in findings.met_before]
    alerts = record_decision(
        connection,
        article.id,
        standing,
        judge(news, owned),
        now=now,
        version=article.version,
        seen_at=article.edited_at if article.judged_version else None,
    )
    if findings.words is not None:
        try_put_words(connection, article, findings.words)
    return alerts
