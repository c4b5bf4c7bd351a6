"""What our fake Bot API offers to the bot: by long polls, or to a webhook, as the bot has asked."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import aiohttp

from tests.fakes.telegram_rules import Refusal, bad

_AGAIN_S = 0.05
"""The real one waits longer and longer."""


class Updates:
    """`unconfirmed` counts what the bot has not confirmed; `posted` is what its webhook answered, in order;
    `webhook_trouble` what getWebhookInfo says went wrong."""

    def __init__(self) -> None:
        self.posted: list[int] = []
        self.webhook: dict[str, Any] = {}
        self.webhook_trouble = ""
        self._updates: list[dict[str, Any]] = []
        self._next_update = 1000
        self._allowed: list[str] | None = None
        self._polls = 0
        self.webhook_set_at = -1.0
        self._posting: asyncio.Task[None] | None = None
        self._changed = asyncio.Condition()
        self._closing = asyncio.Event()

    @property
    def unconfirmed(self) -> int:
        return len(self._updates)

    def push(self, update: dict[str, Any]) -> int:
        """Offers a raw update, numbered unless it has a number, if the bot asked for its kind."""
        number: int = update.setdefault("update_id", self._next_update)
        self._next_update = max(self._next_update, number + 1)
        if self._allowed is None or any(kind in update for kind in self._allowed):
            self._updates.append(update)
        asyncio.get_running_loop().call_soon(lambda: asyncio.ensure_future(self._notify()))
        return number

    async def wait_until(self, condition: Callable[[], bool], *, timeout_s: float = 10.0) -> None:
        async with asyncio.timeout(timeout_s), self._changed:
            await self._changed.wait_for(condition)

    async def _notify(self) -> None:
        async with self._changed:
            self._changed.notify_all()

    async def _get_updates(self, arguments: dict[str, Any]) -> list[dict[str, Any]]:
        if self.webhook:
            raise Refusal(
                409,
                "Conflict: can't use getUpdates method while webhook is active; "
                "use deleteWebhook to delete the webhook first",
            )
        offset = arguments.get("offset", 0)
        self._allowed = arguments.get("allowed_updates", self._allowed)
        self._updates = [one for one in self._updates if one["update_id"] >= offset]
        self._polls += 1
        mine = self._polls
        await self._notify()
        deadline = time.monotonic() + arguments.get("timeout", 0)
        async with self._changed:
            while not self._updates and time.monotonic() < deadline and not self._closing.is_set():
                if self._polls != mine:  # a newer poll ends the older one
                    raise Refusal(409, "Conflict: terminated by other getUpdates request")
                try:
                    await asyncio.wait_for(self._changed.wait(), 0.2)
                except TimeoutError:
                    continue
        return self._updates[: arguments.get("limit", 100)]

    def _set_webhook(self, arguments: dict[str, Any]) -> bool:
        """An empty address takes it away. Not twice in a second."""
        now = time.monotonic()
        if now - self.webhook_set_at < 1.0:
            raise Refusal(429, "Too Many Requests: retry after 1", retry_after=1)
        self.webhook_set_at = now
        url = arguments.get("url", "")
        if url and urlsplit(url).scheme != "https" and urlsplit(url).hostname != "127.0.0.1":
            raise bad("bad webhook: An HTTPS URL must be provided for webhook")
        self.webhook = arguments if url else {}
        self._allowed = arguments.get("allowed_updates", self._allowed)
        if self.webhook and self._posting is None:
            self._posting = asyncio.create_task(self._post_updates())
        return True

    def _webhook_info(self) -> dict[str, Any]:
        trouble = {"last_error_date": 1, "last_error_message": self.webhook_trouble} if self.webhook_trouble else {}
        return trouble | {
            "url": self.webhook.get("url", ""),
            "has_custom_certificate": False,
            "pending_update_count": len(self._updates),
            "max_connections": self.webhook.get("max_connections", 40),
            "allowed_updates": self.webhook.get("allowed_updates", []),
        }

    async def _post_updates(self) -> None:
        """Posts the oldest update until it is answered with 200, then the next one."""
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(5)) as session:
            while not self._closing.is_set():
                if not self.webhook or not self._updates:
                    async with self._changed:
                        await self._changed.wait_for(lambda: bool(self.webhook and self._updates))
                    continue
                update, secret = self._updates[0], self.webhook.get("secret_token")
                headers = {"X-Telegram-Bot-Api-Secret-Token": secret} if secret else {}
                try:
                    async with session.post(self.webhook["url"], json=update, headers=headers) as answer:
                        self.posted.append(answer.status)
                except (aiohttp.ClientError, TimeoutError):
                    self.posted.append(0)
                if self.posted[-1] == 200:
                    self._updates = [one for one in self._updates if one is not update]
                await self._notify()
                if self.posted[-1] != 200:
                    await asyncio.sleep(_AGAIN_S)

    async def _stop_offering(self) -> None:
        self._closing.set()
        if self._posting is not None:
            self._posting.cancel()
            await asyncio.wait([self._posting])
