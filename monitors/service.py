"""The deciding role: articles nobody has judged yet → matches → story → alerts, one transaction each (T2).

Watches that would keep the others waiting come after them, in a transaction of their own (lanes.py).
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from monitors.articles import Article, Version
from monitors.finding import Findings, find
from monitors.recording import Allowance, record, record_owed, takers_for, watches_of
from monitors.roles import RoleContext
from monitors.settings import Settings
from monitors.sharing import Share
from monitors.storage.articles import pending_articles
from monitors.storage.edits import versions_of
from monitors.storage.owed import owed_articles
from monitors.storage.stories import telling_of
from monitors.stories import gist_steps
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
    zone = context.settings.language.time_zone
    articles = await context.database.read(pending_articles, limit=BATCH)
    if not await watches.catch_up(context.database, context.stopping):
        return 0
    for article in articles:
        findings = await find(article, await _earlier(context, article), watches.lanes.first)
        try:
            findings = await _prepare(context, article, findings)
            owed = bool(watches.lanes.late)
            alerts = await context.database.write(
                record,
                article,
                findings,
                zone=zone,
                now=datetime.now(UTC),
                owed=owed,
                allowance=allowance_of(context.settings),
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
    zone = context.settings.language.time_zone
    ends = time.monotonic() + for_s
    articles = await context.database.read(owed_articles, limit=BATCH)
    if not articles or not await watches.catch_up(context.database, context.stopping):
        return 0
    for article, version in articles:
        findings = await find(article, await _earlier(context, article), watches.lanes.late, for_archive=False)
        try:
            findings = await _prepare(context, article, findings)
            alerts = await context.database.write(
                record_owed,
                article,
                findings,
                version=version,
                zone=zone,
                now=datetime.now(UTC),
                allowance=allowance_of(context.settings),
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


def allowance_of(settings: Settings) -> Allowance:
    return Allowance(settings.limits.alerts_per_hour, frozenset(settings.telegram.admins))


async def _prepare(context: RoleContext, article: Article, findings: Findings) -> Findings:
    """Works out what alerts show and what they are compared by, for those who take it at this moment, before the
    transaction that records it."""
    zone = context.settings.language.time_zone
    takers = await context.database.read(takers_for, article, findings, zone=zone)
    if not takers:
        return findings
    await taking_turns(findings.placing_steps(watches_of(takers)))
    try:
        gist = await taking_turns(gist_steps(article.fields, article.outlet_name))
        return replace(findings, telling=await context.database.read(telling_of, article, gist))
    except Exception:  # better told twice than not at all
        logger.exception("article %d (%s) cannot be compared with others", article.id, article.url)
        return findings


async def _earlier(context: RoleContext, article: Article) -> Sequence[Version]:
    """What it said before, as far as that has yet to be judged, and what was judged last."""
    if article.version == 1:
        return ()
    return await context.database.read(versions_of, article.id, since=article.judged_version)
