"""Asks hubs: for subscriptions that sources' documents name, for longer leases, and for an end."""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Callable
from datetime import UTC, datetime

from crawler.hubs.leases import UNSUBSCRIBING_TRIES, WANTED_LEASE, ask_again_at
from crawler.web.answers import FetchFailed
from crawler.web.fetching import Fetcher
from monitors.hubs import HubState, HubSubscription
from monitors.storage.engine import Database
from monitors.storage.hubs import due_to_ask, forget, reconcile, record_asking, record_problem

logger = logging.getLogger(__name__)

LOOK_S = 60.0
"""How often the sources are looked through for hubs."""
AT_ONCE = 10
"""Hubs asked in one look: a restart after a long pause must not ask hundreds at once."""


class Subscriber:
    """`callback` makes the address to which a hub comes from a subscription's token."""

    def __init__(
        self,
        database: Database,
        fetcher: Fetcher,
        callback: Callable[[str], str],
        *,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        draw: Callable[[], float] = random.random,
    ) -> None:
        self._database = database
        self._fetcher = fetcher
        self._callback = callback
        self._now = now
        self._draw = draw

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            try:
                await self.ask_due()
            except Exception:  # whatever it is, the next look may find it gone
                logger.exception("hubs cannot be asked; trying again")
            await asyncio.sleep(LOOK_S)

    async def ask_due(self) -> int:
        """Asks the hubs whose time has come; how many."""
        await self._database.write(reconcile, now=self._now())
        due = await self._database.read(due_to_ask, now=self._now(), limit=AT_ONCE)
        await asyncio.gather(*(self._ask(subscription) for subscription in due))
        return len(due)

    async def _ask(self, subscription: HubSubscription) -> None:
        leaving = subscription.state is HubState.LEAVING
        if leaving and (subscription.verified_at is None or subscription.failures >= UNSUBSCRIBING_TRIES):
            await self._database.write(forget, subscription.source_id)
            return
        if subscription.never_pushes:
            logger.warning("%s confirms subscriptions but never pushes %s", subscription.hub, subscription.topic)
        now = self._now()
        again_at = ask_again_at(now, subscription.failures, subscription.lease_until, draw=self._draw())
        await self._database.write(record_asking, subscription, now=now, again_at=again_at)
        answer = await self._fetcher.post_form(subscription.hub, self._form(subscription, leaving=leaving))
        if isinstance(answer, FetchFailed):
            logger.info("the hub %s refused: %s", subscription.hub, answer.reason)
            await self._database.write(record_problem, subscription, answer.reason)

    def _form(self, subscription: HubSubscription, *, leaving: bool) -> dict[str, str]:
        """https://www.w3.org/TR/websub/#subscriber-sends-subscription-request"""
        form = {
            "hub.callback": self._callback(subscription.token),
            "hub.mode": "unsubscribe" if leaving else "subscribe",
            "hub.topic": subscription.topic,
        }
        if leaving:
            return form
        return form | {
            "hub.secret": subscription.secret,
            "hub.lease_seconds": str(int(WANTED_LEASE.total_seconds())),
        }
