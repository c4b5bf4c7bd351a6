"""A WebSub hub on loopback (https://www.w3.org/TR/websub/): verifies, denies, is silent or misbehaves, and pushes."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

import aiohttp
from aiohttp import web

CHALLENGE = "a<b>-challenge-of-the-hub"


@dataclass(slots=True)
class Hub:
    """`manner`: "verify" (at once, before it answers), "deny", "silent", "refuse" (400) or "move" (307 to /moved).

    `asked` are the forms it got, `answers` what the callback answered to verifications: (status, text).
    """

    url: str = ""
    manner: str = "verify"
    lease_s: int | None = 864_000
    asked: list[dict[str, str]] = field(default_factory=list)
    answers: list[tuple[int, str]] = field(default_factory=list)
    answered: asyncio.Event = field(default_factory=asyncio.Event)

    async def subscribe(self, request: web.Request) -> web.Response:
        if self.manner == "move" and request.path != "/moved":
            return web.Response(status=307, headers={"Location": "/moved"})
        form = {name: str(value) for name, value in (await request.post()).items()}
        self.asked.append(form)
        if self.manner == "refuse":
            return web.Response(status=400, text="no")
        if self.manner == "deny":
            self.answers.append(await self.ask(form, mode="denied", reason="a secret list"))
        elif self.manner in ("verify", "move"):
            self.answers.append(await self.ask(form))
        self.answered.set()
        return web.Response(status=202)

    async def ask(self, form: dict[str, str], **changes: str | None) -> tuple[int, str]:
        """Asks the callback of a request whether it was meant; `changes` are parameters to be told otherwise."""
        said: dict[str, str | None] = {
            "mode": form["hub.mode"],
            "topic": form["hub.topic"],
            "challenge": CHALLENGE,
            "lease_seconds": str(self.lease_s) if self.lease_s is not None else None,
        }
        query = {f"hub.{name}": value for name, value in (said | changes).items() if value is not None}
        async with aiohttp.ClientSession() as session, session.get(form["hub.callback"], params=query) as answer:
            return answer.status, await answer.text()

    async def push(
        self,
        body: bytes,
        *,
        secret: str | None = None,
        method: str = "sha256",
        form: dict[str, str] | None = None,
        headers: dict[str, str] | None = None,
    ) -> int:
        """Pushes to the callback of a request (the last one), signed with its secret; the status of the answer."""
        form = form or self.asked[-1]
        key = secret if secret is not None else form["hub.secret"]
        signature = hmac.new(key.encode(), body, getattr(hashlib, method)).hexdigest()
        sent = {"Content-Type": "application/rss+xml", "X-Hub-Signature": f"{method}={signature}"} | (headers or {})
        async with (
            aiohttp.ClientSession() as session,
            session.post(form["hub.callback"], data=BytesIO(body), headers=sent) as answer,
        ):
            return answer.status


@asynccontextmanager
async def serve_hub(manner: str = "verify", *, host: str = "127.0.0.1", **changes: Any) -> AsyncIterator[Hub]:
    hub = Hub(manner=manner, **changes)
    application = web.Application()
    application.router.add_post("/{path:.*}", hub.subscribe)
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, host, 0).start()
    hub.url = f"http://{host}:{runner.addresses[0][1]}/"
    try:
        yield hub
    finally:
        await asyncio.shield(runner.cleanup())
