"""The deciding role: articles nobody has judged yet → matches → story → alerts, one transaction each (T2).

Watches that would keep the others waiting come after them, in a transaction of their own (lanes.py).
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Collection, Container, Mapping, Sequence, Set
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from sqlalchemy import Connection

from monitors.alerts import Judgement, Match
from monitors.articles import Article, Version
from monitors.indexing import STEMS, words_steps
from monitors.judging import judge
from monitors.query.index import QueryIndex
from monitors.query.meeting import Meeting
from monitors.query.needs import NOTHING_MORE
from monitors.query.occurrences import Occurrences
from monitors.roles import RoleContext
from monitors.sharing import Share
from monitors.storage.alerts import record_decision, record_late
from monitors.storage.articles import pending_articles
from monitors.storage.edits import versions_of
from monitors.storage.owed import owed_articles
from monitors.storage.watchlists import owners
from monitors.storage.words import IndexedWords, try_put_words
from monitors.text.steps import Steps
from monitors.wakeups import ARTICLES, DELIVERIES
from monitors.watching import StandingWatches, taking_turns

logger = logging.getLogger(__name__)

SWEEP_S = 1.0
"""How long an article saved by a process that cannot wake us (a command) may wait."""

BATCH = 50
"""Articles decided between two looks at what changed among the watches."""


async def run(context: RoleContext) -> None:
    """Decides articles as they arrive until asked to stop."""
    watches, share = StandingWatches(), Share()
    while not context.stopping.is_set():
        decided = 0
        try:
            started = time.monotonic()
            decided = await decide_pending(context, watches)
            turned = time.monotonic()
            if for_s := share.after(turned - started, more_wait=decided == BATCH):
                decided += await decide_owed(context, watches, for_s)
                share.took(time.monotonic() - turned)
        except Exception:
            logger.exception("deciding failed; the articles wait and it is tried again")
        if not decided:
            await context.wakeups.wait(ARTICLES, SWEEP_S)


async def decide_pending(context: RoleContext, watches: StandingWatches) -> int:
    """Decides up to a batch of waiting articles; how many it could."""
    decided = 0
    articles = await context.database.read(pending_articles, limit=BATCH)
    if not await watches.catch_up(context.database, context.stopping):
        return 0
    for article in articles:
        findings = await find(article, await _earlier(context, article), watches.lanes.first)
        try:
            await taking_turns(findings.placing_steps(await context.database.read(owners, findings.met)))
            alerts = await context.database.write(
                record, article, findings, now=datetime.now(UTC), owed=bool(watches.lanes.late)
            )
        except Exception:
            logger.exception("article %d could not be decided; it waits and is tried again", article.id)
            continue
        decided += 1
        if alerts:
            context.wakeups.kick(DELIVERIES)
        await asyncio.sleep(0)  # the loop is shared with the bot
    return decided


async def decide_owed(context: RoleContext, watches: StandingWatches, for_s: float) -> int:
    """Decides articles for late watches, oldest first, for about so long; how many it could."""
    decided = 0
    ends = time.monotonic() + for_s
    articles = await context.database.read(owed_articles, limit=BATCH)
    if not articles or not await watches.catch_up(context.database, context.stopping):
        return 0
    for article, version in articles:
        findings = await find(article, await _earlier(context, article), watches.lanes.late, for_archive=False)
        try:
            await taking_turns(findings.placing_steps(await context.database.read(owners, findings.met)))
            alerts = await context.database.write(
                record_owed, article, findings, version=version, now=datetime.now(UTC)
            )
        except Exception:
            logger.exception("article %d could not be decided for late watches; it is tried again", article.id)
            continue
        decided += 1
        if alerts:
            context.wakeups.kick(DELIVERIES)
        await asyncio.sleep(0)
        if time.monotonic() >= ends:
            break
    return decided


async def _earlier(context: RoleContext, article: Article) -> Sequence[Version]:
    """What it said before, as far as that has yet to be judged, and what was judged last."""
    if article.version == 1:
        return ()
    return await context.database.read(versions_of, article.id, since=article.judged_version)


@dataclass(frozen=True, slots=True)
class Findings:
    """The standing watches an article meets, each with the newest version it meets, and what each version meets.

    Watches in `met_before` are no news: they met what was judged before. `words` is what the archive is searched by;
    None when the article could not be read.
    """

    met: Mapping[int, int] = field(default_factory=dict)
    meetings: Mapping[int, Meeting] = field(default_factory=dict)
    met_before: Container[int] = ()
    words: IndexedWords | None = None

    def matches(self, wanted: Container[int]) -> list[Match]:
        """The matches of the wanted watches, by watch, with their places in the article."""
        found: list[Match] = []
        for version, meeting in self.meetings.items():
            matches = _with_places(meeting, self._told(version, wanted))
            found += [replace(match, version=version) for match in matches]
        return sorted(found, key=lambda match: match.watch_id)

    def placing_steps(self, wanted: Container[int]) -> Steps[None]:
        """Works out in steps what `matches` would in one go, before a transaction in which everybody waits for it."""
        for version, meeting in self.meetings.items():
            with suppress(Exception):  # `matches` meets it again, says so and goes on without the places
                yield from meeting.placing_steps(self._told(version, wanted))

    def _told(self, version: int, wanted: Container[int]) -> Set[int]:
        """Of the watches that this version meets, the wanted ones that meet no newer."""
        return {watch for watch in self.meetings[version].watch_ids if self.met[watch] == version and watch in wanted}


async def find(
    article: Article, earlier: Sequence[Version], index: QueryIndex, *, for_archive: bool = True
) -> Findings:
    """The watches that any version meets which was not judged yet, each with the newest version it meets.

    An article that is edited before it was decided loses nothing by it: what it said first was published too.
    """
    texts = {version.number: version.fields for version in earlier} | {article.version: article.fields}
    judged = texts.pop(article.judged_version, None)
    met: dict[int, int] = {}
    meetings: dict[int, Meeting] = {}
    words = None
    for number in sorted(texts):
        meeting, reading = await meet(article, texts[number], index, for_archive=for_archive)
        if meeting is not None:
            meetings[number] = meeting
            met |= dict.fromkeys(meeting.watch_ids, number)
        if for_archive and number == article.version and reading is not None:
            words = await taking_turns(words_steps(article, reading))
    if judged is None or not met:
        return Findings(met, meetings, words=words)
    before, _ = await meet(article, judged, index, for_archive=False)
    return Findings(met, meetings, frozenset(before.watch_ids if before else ()), words)


async def meet(
    article: Article, fields: Mapping[str, str], index: QueryIndex, *, for_archive: bool
) -> tuple[Meeting | None, Occurrences | None]:
    """What a text of the article meets, and how it was read.

    One that breaks the matcher meets nothing, loudly.
    """
    try:
        besides = STEMS if for_archive else NOTHING_MORE
        reading = await taking_turns(index.reading_steps({**fields, **article.about}, besides))
        return await taking_turns(index.asking_steps(reading)), reading
    except Exception:
        logger.exception("article %d (%s) could not be matched", article.id, article.url)
        return None, None


def _with_places(meeting: Meeting, wanted: Collection[int]) -> Sequence[Match]:
    try:
        return meeting.matches(wanted)
    except Exception:  # better an alert that marks no words than none
        logger.exception("what matched cannot be shown")
        return [Match(watch, {}) for watch in wanted]


def record(
    connection: Connection, article: Article, findings: Findings, *, now: datetime, owed: bool = False
) -> list[int]:
    """T2 for one article: its matches, judged for whoever owns the watches at this moment; the alerts' ids.

    `owed` when late watches have yet to be asked.
    """
    alerts = record_decision(
        connection,
        article.id,
        *_judged(connection, findings),
        now=now,
        version=article.version,
        seen_at=_seen_at(article),
        owed_since=article.judged_version if owed else None,
    )
    if findings.words is not None:
        try_put_words(connection, article, findings.words)
    return alerts


def record_owed(
    connection: Connection, article: Article, findings: Findings, *, version: int, now: datetime
) -> list[int]:
    """The same for late watches, of an article that is owed up to this version."""
    judged = _judged(connection, findings)
    return record_late(connection, article.id, *judged, now=now, version=version, seen_at=_seen_at(article))


def _judged(connection: Connection, findings: Findings) -> tuple[Sequence[Match], Sequence[Judgement]]:
    """The matches of watches that somebody owns, and who is told."""
    owned = owners(connection, findings.met)
    standing = findings.matches(owned)
    news = [match for match in standing if match.watch_id not in findings.met_before]
    return standing, judge(news, owned)


def _seen_at(article: Article) -> datetime | None:
    return article.edited_at if article.judged_version else None
