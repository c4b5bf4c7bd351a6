"""The webhook: Telegram posts updates, and each is stored and committed before it is answered with 200.

The one server of the bot, and so the one place beside the crawler that knows aiohttp. python-telegram-bot's answers
200 while an update is still in memory; a kill at that moment loses it (measured: 4 of 6). Whatever else is answered,
Telegram posts again, for 24 hours.
"""

from __future__ import annotations

import asyncio
import hmac
import json
import logging
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from aiohttp import web

from bot.telegram.inbox import keep
from bot.telegram.inline import InlineMode
from bot.telegram.line import Line
from bot.telegram.registering import stay_registered
from bot.waiting import once_there, pause
from monitors.roles import RoleContext
from monitors.storage.bots import webhook_secret

logger = logging.getLogger(__name__)

KNOWN_BY = "X-Telegram-Bot-Api-Secret-Token"
MAX_BODY_BYTES = 1024 * 1024
"""Far above any update: a text has 4096 characters, a keyboard 10 kB."""
_AGAIN_S = 10.0
PATIENCE_S = 10.0
"""For headers and for a body to arrive; Telegram's do at once."""

_strangers = logging.getLogger(f"{__name__}.strangers")
_strangers.setLevel(logging.CRITICAL)  # what is no HTTP would fill the log, a traceback each


class Webhook:
    """Fills the inbox until it is time to stop. `port` is where it listens, once it does."""

    def __init__(
        self,
        context: RoleContext,
        line: Line,
        inline: InlineMode,
        expect: Callable[[Mapping[str, Any]], None],
        url: str,
    ) -> None:
        self._context = context
        self._line = line
        self._inline = inline
        self._expect = expect
        self._url = url
        self._secret = ""
        self.port = 0

    async def run(self) -> None:
        stopping, settings = self._context.stopping, self._context.settings.telegram
        given = settings.webhook_secret
        if given is not None:
            self._secret = given.get_secret_value()
        # Not before the line is up: what is posted belongs to the bot that getMe has named.
        if await pause(stopping, None, until=self._line.up):
            return
        if given is None:
            made = await once_there(stopping, partial(self._context.database.write, webhook_secret))
            if made is None:
                return
            self._secret = made
        runner = web.AppRunner(
            self._application(),
            access_log=None,
            handle_signals=False,
            auto_decompress=False,
            keepalive_timeout=PATIENCE_S,  # for the headers, too, from when a connection is there
            shutdown_timeout=2.0,
            lingering_time=1.0,
            logger=_strangers,
        )
        await runner.setup()
        try:
            await self._listen(runner)
            await stay_registered(self._context, self._line, self._url, self._secret)
        finally:
            await runner.cleanup()

    async def _listen(self, runner: web.AppRunner) -> None:
        """Tries until the address can be had or it is time to stop."""
        stopping, settings = self._context.stopping, self._context.settings.telegram
        while not stopping.is_set():
            try:
                host, port = settings.webhook_address
                await web.TCPSite(runner, host, port).start()
            except OSError as error:
                logger.error(
                    "Telegram's updates cannot be received: %s cannot be listened on (%s); see telegram.webhook_listen",
                    settings.webhook_listen,
                    error.strerror,
                )
                await pause(stopping, _AGAIN_S)
            else:
                self.port = runner.addresses[0][1]
                return

    def _application(self) -> web.Application:
        application = web.Application(client_max_size=MAX_BODY_BYTES)
        application.router.add_route("*", "/{path:.*}", self._receive)
        application.on_response_prepare.append(_unnamed)
        return application

    async def _receive(self, request: web.Request) -> web.Response:
        """One update. Who does not know the secret learns nothing: neither why nor what else would be wrong."""
        shown = request.headers.get(KNOWN_BY, "").encode(errors="replace")
        if not hmac.compare_digest(shown, self._secret.encode()):
            return web.Response(status=403)
        if request.path != (urlsplit(self._url).path or "/") or request.method != "POST":
            return web.Response(status=404)
        try:
            async with asyncio.timeout(PATIENCE_S):
                body = await request.read()
        except TimeoutError:
            return web.Response(status=408)
        except web.HTTPRequestEntityTooLarge:
            return web.Response(status=413)
        update = _update(body)
        if update is None:
            return web.Response(status=400)
        try:
            await keep(self._context, self._line.username, self._inline.take([update]), self._expect)
        except Exception:
            logger.exception("an update could not be stored; Telegram offers it again")
            return web.Response(status=503)
        return web.Response()


async def _unnamed(_: web.Request, response: web.StreamResponse) -> None:
    """Leaves unsaid by which versions of what it was answered."""
    del response.headers["Server"]


def _update(body: bytes) -> dict[str, Any] | None:
    """What was posted, if it is an update."""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return None
    number = found.get("update_id") if isinstance(found, dict) else None
    return found if type(number) is int and 0 <= number < 2**63 else None
