"""The Bot API, as python-telegram-bot speaks it. Imported only when there is a token: it costs half a second."""

from __future__ import annotations

import asyncio
import logging
import os
import re
import ssl
from datetime import timedelta
from functools import cache
from typing import Any

import httpx
import telegram
from pydantic import SecretStr
from telegram.error import RetryAfter, TelegramError
from telegram.request import HTTPXRequest

# It logs every answer that is not JSON with a traceback; we say what happened ourselves, in one line.
logging.getLogger("telegram.request.BaseRequest").setLevel(logging.CRITICAL)

# Without it, asking how long to wait after a 429 is a deprecation warning.
os.environ.setdefault("PTB_TIMEDELTA", "true")

CONNECT_S = 5.0
ANSWER_S = 15.0
"""How long an answer to a call is waited for; after that the outcome of a send is unknown."""
LONG_POLL_S = 50
"""The longest Telegram allows (Bot API, getUpdates)."""

_BAD_REQUEST = re.compile(r"\ABad\sRequest:\s(.)")


class _Request(HTTPXRequest):
    """Leaves what Telegram says as it is: of what follows "Bad Request: " python-telegram-bot makes all but the first
    letter small, also codes such as TOPIC_CLOSED."""

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        answer = HTTPXRequest.parse_json_payload(payload)
        if isinstance(said := answer.get("description"), str):
            answer["description"] = _BAD_REQUEST.sub(lambda found: found[1].upper(), said)
        return answer


class BotApi(telegram.Bot):
    """Calls by their Bot API names, with plain dicts in and out.

    Raw answers, because updates are stored as they came; and no `Bot.initialize()`, because its error carries the
    token. Raises `TelegramError`s as python-telegram-bot classifies them.
    """

    def __init__(self, token: SecretStr, base_url: str) -> None:
        self._secret = token.get_secret_value()
        self._files = f"{base_url}/file/bot{self._secret}"
        self._calls = _Request(
            connection_pool_size=256,
            connect_timeout=CONNECT_S,
            read_timeout=ANSWER_S,
            write_timeout=ANSWER_S,
            pool_timeout=CONNECT_S,
            httpx_kwargs={"verify": _trusted()},
        )
        self._polls = _Request(
            connection_pool_size=2,
            connect_timeout=CONNECT_S,
            pool_timeout=CONNECT_S,
            httpx_kwargs={"verify": _trusted()},
        )
        super().__init__(
            self._secret,
            base_url=f"{base_url}/bot",
            request=self._calls,
            get_updates_request=self._polls,
        )

    async def call(self, method: str, /, **arguments: Any) -> Any:
        """One call; arguments that are None are left out."""
        return await self._post(method, arguments)

    async def updates(self, offset: int | None, allowed: tuple[str, ...]) -> list[dict[str, Any]]:
        """The next raw updates, waiting for them up to 50 s. `offset` confirms all before it."""
        answer: list[dict[str, Any]] = await self._post(
            "getUpdates",
            {"offset": offset, "timeout": LONG_POLL_S, "limit": 100, "allowed_updates": list(allowed)},
            read_timeout=LONG_POLL_S + 10,
        )
        return answer

    async def download(self, file_path: str) -> bytes:
        """A file whose path `getFile` gave."""
        return await self._calls.retrieve(f"{self._files}/{file_path}", read_timeout=ANSWER_S)

    async def close_connections(self) -> None:
        await asyncio.gather(self._calls.shutdown(), self._polls.shutdown())

    def explain(self, error: BaseException) -> str:
        """An error in one line, without the token."""
        text = str(error) or type(error).__name__
        if not isinstance(error, TelegramError):
            text = f"{type(error).__name__}: {text}"
        return re.sub(r"\s+", " ", text.replace(self._secret, "[secret]"))[:300]


@cache
def _trusted() -> ssl.SSLContext:
    """Whose certificates count. Reading them takes a tenth of a second, so all connections share them."""
    return httpx.create_ssl_context()


def asked_wait_s(error: RetryAfter) -> float:
    """For how many seconds Telegram wants to be left alone."""
    wait = error.retry_after
    return wait.total_seconds() if isinstance(wait, timedelta) else float(wait)
