"""The addresses to which hubs come: GET to ask whether we meant it, POST to push."""

from __future__ import annotations

import asyncio
import logging
import random
import re
from collections.abc import Callable
from datetime import UTC, datetime

from aiohttp import web

from crawler.hubs.intent import Confirm, Denied, Leave, judge
from crawler.hubs.leases import DENIED_REST, lease_until, renew_at
from crawler.hubs.receiving import Push, Receiver
from crawler.hubs.signatures import is_signed
from monitors.hubs import HubState, HubSubscription
from monitors.storage.engine import Database
from monitors.storage.hubs import forget, record_confirmed, record_denied, subscription_at

logger = logging.getLogger(__name__)

PATH = "/hub/"
MAX_BODY = 4 << 20
READ_DEADLINE_S = 30.0
BODIES_AT_ONCE = 8
COME_AGAIN_S = 60
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")
# What is sent back was written by a stranger: no browser may take it for a page.
_HARMLESS = {"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "default-src 'none'"}


class Callbacks:
    def __init__(
        self,
        database: Database,
        receiver: Receiver,
        *,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        draw: Callable[[], float] = random.random,
    ) -> None:
        self._database = database
        self._receiver = receiver
        self._now = now
        self._draw = draw
        self._bodies = 0

    def application(self) -> web.Application:
        application = web.Application(client_max_size=MAX_BODY)
        application.router.add_get(PATH + "{token}", self.verify, allow_head=False)
        application.router.add_post(PATH + "{token}", self.push)
        return application

    async def verify(self, request: web.Request) -> web.Response:
        """What was decided is saved before it is said: if it cannot be saved, the hub hears of an error."""
        subscription = await self._subscription(request)
        if subscription is None:
            return web.Response(status=404)
        now = self._now()
        verdict = judge(request.query, subscription, now=now)
        match verdict:
            case Confirm(challenge, lease_s):
                until = lease_until(now, lease_s)
                renew = renew_at(now, until, draw=self._draw())
                await self._database.write(record_confirmed, subscription, now=now, lease_until=until, renew_at=renew)
                return web.Response(text=challenge, headers=_HARMLESS)
            case Leave(challenge):
                await self._database.write(forget, subscription.source_id)
                return web.Response(text=challenge, headers=_HARMLESS)
            case Denied(reason):
                logger.info("the hub %s denies %s: %s", subscription.hub, subscription.topic, reason)
                if subscription.state is HubState.LEAVING:
                    await self._database.write(forget, subscription.source_id)
                else:
                    await self._database.write(record_denied, subscription, reason, again_at=now + DENIED_REST)
                return web.Response()
        return web.Response(status=404)

    async def push(self, request: web.Request) -> web.Response:
        """Answered at once, and alike whether the signature was right or not: who tries them learns nothing."""
        subscription = await self._subscription(request)
        if subscription is None or subscription.state is HubState.LEAVING:
            return web.Response(status=410)  # which ends the subscription
        if request.headers.get("Content-Encoding", "identity") != "identity":
            return web.Response(status=415)
        if self._bodies >= BODIES_AT_ONCE:
            return _come_again()
        self._bodies += 1
        try:
            async with asyncio.timeout(READ_DEADLINE_S):
                body = await request.read()
        except TimeoutError:
            return web.Response(status=408)
        finally:
            self._bodies -= 1
        if not is_signed(body, secret=subscription.secret, header=request.headers.get("X-Hub-Signature")):
            logger.warning("a push of %s is not signed as it should be; it is ignored", subscription.topic)
            return web.Response(status=202)
        push = Push(subscription.source_id, subscription.topic, body, request.headers.get("Content-Type"), self._now())
        return web.Response(status=202) if self._receiver.accept(push) else _come_again()

    async def _subscription(self, request: web.Request) -> HubSubscription | None:
        token = request.match_info["token"]
        if not _TOKEN.fullmatch(token):
            return None
        return await self._database.read(subscription_at, token)


def _come_again() -> web.Response:
    return web.Response(status=503, headers={"Retry-After": str(COME_AGAIN_S)})
