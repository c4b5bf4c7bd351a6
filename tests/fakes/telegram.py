"""A small, strict Bot API on loopback, with people who write and faults to order.

In a test: `async with FakeTelegram() as telegram`, then `telegram.base_url`, `telegram.say("/start")`,
`await telegram.wait_for(1)`, `telegram.sent`, `telegram.fail("sendMessage", "hang_after")`. What people do is in
telegram_people.py, chats and messages in telegram_messages.py, polls and the webhook in telegram_updates.py.

Alone: `python -m tests.fakes.telegram --port N --token T [--journal FILE]`: every accepted message is a JSON line
in FILE before it is answered. `POST /control/message` {"text", "chat_id"?, "user_id"?, "language_code"?},
`POST /control/press` {"label" or "data", "chat_id"?}, `POST /control/fail` {"method", "how", "times"?, …},
`POST /control/heal`, `GET /control/sent`, `GET /control/refused`, `GET /control/struck`.
"""

from __future__ import annotations

import argparse
import asyncio
import json
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from aiohttp import web

from tests.fakes.telegram_faults import NOT_EXECUTED, Fault, Faults
from tests.fakes.telegram_messages import SentMessage, Upload
from tests.fakes.telegram_people import People
from tests.fakes.telegram_rules import Refusal, bad, check_inline

TOKEN = "123456789:AAtest-token_of_the_fake_bot-0123456789"
USERNAME = "rasid_test_bot"

_TEXTS = frozenset(
    [
        *("text", "caption", "callback_query_id", "description", "short_description", "language_code", "file_id"),
        *("url", "secret_token", "inline_query_id", "next_offset", "action"),
    ]
)


class FakeTelegram(People, Faults):
    """The server. `sent` holds accepted messages in order, `refused` (method, description) of everything refused
    except by ordered faults, and of what the bot says to itself, `answered` the notices of pressed buttons by their id,
    `found` the arguments of answers to inline queries by theirs. `admins` are (chat, person); `members` what
    getChatMember says of others."""

    def __init__(self, *, token: str = TOKEN, port: int = 0, journal: Path | None = None) -> None:
        People.__init__(self, journal)
        Faults.__init__(self)
        self.token = token
        self.username = USERNAME
        self.refused: list[tuple[str, str]] = []
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.answered: dict[str, str] = {}
        self.found: dict[str, dict[str, Any]] = {}
        self.admins: set[tuple[int, int]] = set()
        self.members: dict[tuple[int, int], dict[str, Any]] = {}
        self.profile: dict[tuple[str, str], Any] = {}
        self.left: list[int] = []
        self._port = port

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=64 * 2**20)
        app.router.add_post("/bot{token}/{method}", self._call)
        app.router.add_get("/file/bot{token}/{path}", self._file)
        app.router.add_post("/control/{action}", self._control)
        app.router.add_get("/control/{action}", self._report)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self._port)
        await site.start()
        self._port = self._runner.addresses[0][1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._stop_offering()
        await self._runner.cleanup()

    async def wait_for(self, count: int, *, timeout_s: float = 10.0) -> list[SentMessage]:
        """The messages sent, once there are `count`."""
        await self.wait_until(lambda: len(self.sent) >= count, timeout_s=timeout_s)
        return self.sent

    def count(self, method: str) -> int:
        """How often it was called."""
        return sum(name == method for name, _ in self.calls)

    def become(self, *, token: str, bot_id: int, username: str, next_update: int = 1) -> None:
        """From here on another bot answers at this address: nobody has started it, and it counts from anew."""
        self.token, self.bot_id, self.username = token, bot_id, username
        self.started = set()
        self._updates, self._next_update, self.webhook, self._allowed = [], next_update, {}, None

    async def _call(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        if request.match_info["token"] != self.token:
            return _json(401, {"ok": False, "error_code": 401, "description": "Unauthorized"})
        try:
            arguments = await _arguments(request)
        except ConnectionError:  # the bot was killed in the middle of a call, which so never happened
            return web.Response()
        fault = self._fault_for(method, arguments)
        self.calls.append((method, arguments))
        await self._notify()
        try:
            if fault is not None and fault.how in NOT_EXECUTED:
                return await self._strike(request, fault)
            result = await self._execute(method, arguments)
            await self._notify()
        except Refusal as refusal:
            if arguments.get("chat_id") != self.bot_id:
                self.refused.append((method, refusal.description))
            await self._notify()
            if fault is None:
                return _refused(refusal)
        if fault is not None:  # of an answer that is lost nobody learns what it was
            return await self._strike(request, fault)
        return _json(200, {"ok": True, "result": result})

    async def _file(self, request: web.Request) -> web.Response:
        if request.match_info["token"] != self.token:
            return web.Response(status=404)
        return web.Response(body=self.files[request.match_info["path"]])

    async def _execute(self, method: str, arguments: dict[str, Any]) -> Any:
        match method:
            case "getMe":
                return self.myself | {"first_name": "Rasid", "username": self.username}
            case "getUpdates":
                return await self._get_updates(arguments)
            case "setWebhook" | "deleteWebhook":
                return self._set_webhook(arguments)
            case "getWebhookInfo":
                return self._webhook_info()
            case "sendMessage" | "sendPhoto" | "sendDocument":
                return self._send(method, arguments)
            case "editMessageText" | "editMessageCaption" | "editMessageMedia" | "editMessageReplyMarkup":
                return self._edit(method, arguments)
            case "deleteMessage":
                return self._delete(arguments)
            case "sendChatAction":
                self._check_place(arguments["chat_id"], arguments.get("message_thread_id", 0))
                return True
            case "setMessageReaction":
                return True
            case "getFile":
                size = len(self.files[arguments["file_id"]])
                return {"file_id": arguments["file_id"], "file_size": size, "file_path": arguments["file_id"]}
            case _ if method.startswith(("getMy", "setMy")):
                return self._own_profile(method, arguments)
        return self._answer(method, arguments)

    def _answer(self, method: str, arguments: dict[str, Any]) -> Any:
        """Questions about chats, and answers to people that are no messages."""
        match method:
            case "answerCallbackQuery":
                if arguments["callback_query_id"] in self.answered:
                    raise bad("query is too old and response timeout expired or query ID is invalid")
                self.answered[arguments["callback_query_id"]] = arguments.get("text", "")
                return True
            case "answerInlineQuery":
                check_inline(arguments)
                self.found[arguments["inline_query_id"]] = arguments
                return True
            case "getChat":
                return self.chat(arguments["chat_id"])
            case "getChatMember":
                return self._member(arguments["chat_id"], arguments["user_id"])
            case "getChatAdministrators":
                return [self._member(*who) for who in sorted(self.admins) if who[0] == arguments["chat_id"]]
            case "leaveChat":
                self.left.append(arguments["chat_id"])
                return True
        raise Refusal(404, "Not Found: method not found")

    def _member(self, chat_id: int, user_id: int) -> dict[str, Any]:
        self._check_inside(chat_id)
        about = {"user": {"id": user_id, "is_bot": user_id == self.bot_id}}
        if (chat_id, user_id) in self.members:
            return about | self.members[chat_id, user_id]
        if user_id == self.bot_id:
            return about | {"status": self.standing.get(chat_id, "member")}
        return about | {"status": "administrator" if (chat_id, user_id) in self.admins else "member"}

    def _own_profile(self, method: str, arguments: dict[str, Any]) -> Any:
        scope = arguments.pop("scope", None)
        key = (method[3:] if scope is None else f"{method[3:]} {scope['type']}", arguments.pop("language_code", ""))
        if method.startswith("set"):
            self.profile[key] = arguments.get("commands", arguments)
            return True
        return self.profile.get(key, [] if key[0].startswith("MyCommands") else {})

    async def _strike(self, request: web.Request, fault: Fault) -> web.StreamResponse:
        if fault.refusal is not None:
            return _refused(fault.refusal)
        if fault.how.startswith("hang"):
            await self._closing.wait()
        if fault.how.startswith(("hang", "reset")) and request.transport is not None:  # None: the bot hung up
            request.transport.abort()
        if fault.how == "garbage_after":
            return web.Response(text='{"ok": tr', content_type="application/json")
        return web.Response(status=502, text="<html>Bad Gateway</html>", content_type="text/html")

    # control over HTTP

    async def _control(self, request: web.Request) -> web.Response:
        body: dict[str, Any] = await request.json()
        match request.match_info["action"]:
            case "message":
                result: Any = self.say(body.pop("text"), **body)
            case "press":
                result = self.press(body.pop("label", None), **body)
            case "fail":
                self.fail(body.pop("method"), body.pop("how"), **body)
                result = None
            case "heal":
                self.heal()
                result = None
            case _:
                raise web.HTTPNotFound
        return _json(200, {"ok": True, "result": result})

    async def _report(self, request: web.Request) -> web.Response:
        match request.match_info["action"]:
            case "sent":
                return _json(200, [one.as_json() for one in self.sent])
            case "refused":
                return _json(200, self.refused)
            case "struck":
                return _json(200, self.struck)
        raise web.HTTPNotFound


async def _arguments(request: web.Request) -> dict[str, Any]:
    """The call's arguments; python-telegram-bot sends forms whose values are JSON where they are not text."""
    if request.content_type == "application/json":
        given: dict[str, Any] = await request.json()
        return given
    return {name: _argument(name, value) for name, value in (await request.post()).items()}


def _argument(name: str, value: str | bytes | bytearray | web.FileField) -> Any:
    if isinstance(value, web.FileField):
        return Upload(value.filename, value.file.read())
    text = value if isinstance(value, str) else value.decode()
    return text if name in _TEXTS else json.loads(text)


def _json(status: int, body: Any) -> web.Response:
    return web.json_response(body, status=status)


def _refused(refusal: Refusal) -> web.Response:
    body = {"ok": False, "error_code": refusal.code, "description": refusal.description}
    if refusal.parameters:
        body["parameters"] = refusal.parameters
    return _json(refusal.code, body)


async def _serve(arguments: argparse.Namespace) -> None:
    async with FakeTelegram(token=arguments.token, port=arguments.port, journal=arguments.journal) as telegram:
        print(telegram.base_url, flush=True)  # noqa: T201 - whoever started us waits for it
        await asyncio.Event().wait()


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--token", default=TOKEN)
    parser.add_argument("--journal", type=Path)
    try:
        asyncio.run(_serve(parser.parse_args()))
    except KeyboardInterrupt:
        pass


if __name__ == "__main__":
    main()
