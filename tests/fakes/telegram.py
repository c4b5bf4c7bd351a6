"""A small, strict Bot API on loopback, with people who write and faults to order.

In a test: `async with FakeTelegram() as telegram`, then `telegram.base_url`, `telegram.say("/start")`,
`await telegram.wait_for(1)`, `telegram.sent`, `telegram.fail("sendMessage", "hang_after")`.

Alone: `python -m tests.fakes.telegram --port N --token T [--journal FILE]`: every accepted message is a JSON line
in FILE before it is answered. `POST /control/message` {"text", "chat_id"?, "user_id"?, "language_code"?},
`POST /control/press` {"label" or "data", "chat_id"?}, `POST /control/fail` {"method", "how", "times"?, …},
`GET /control/sent`, `GET /control/refused`.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from aiohttp import web

from tests.fakes.telegram_rules import Flood, Refusal, bad, check_message

TOKEN = "123456789:AAtest-token_of_the_fake_bot-0123456789"
USERNAME = "rasid_test_bot"

EXECUTED = ("hang_after", "reset_after", "bad_gateway_after", "garbage_after")
"""Faults that strike after the message was accepted: the bot cannot know."""
NOT_EXECUTED = ("hang_before", "reset_before", "bad_gateway", "refuse")


@dataclass(slots=True)
class SentMessage:
    """A message as the bot sent it; `edits` counts how often it changed since."""

    chat_id: int
    message_id: int
    text: str
    entities: list[dict[str, Any]]
    buttons: list[list[dict[str, Any]]]
    thread_id: int = 0
    preview: dict[str, Any] = field(default_factory=dict)
    edits: int = 0

    @property
    def labels(self) -> list[str]:
        return [button["text"] for row in self.buttons for button in row]

    def spans(self, kind: str) -> list[str]:
        """The stretches of text under entities of this kind."""
        units = self.text.encode("utf-16-le")
        return [
            units[entity["offset"] * 2 : (entity["offset"] + entity["length"]) * 2].decode("utf-16-le")
            for entity in self.entities
            if entity["type"] == kind
        ]


@dataclass(slots=True)
class _Fault:
    method: str
    how: str
    times: int
    chat_id: int | None
    refusal: Refusal | None


class FakeTelegram:
    """The server. `sent` holds accepted messages in order, `refused` (method, description) of everything refused
    except by ordered faults, `answered` the notices of pressed buttons by their id."""

    def __init__(self, *, token: str = TOKEN, port: int = 0, journal: Path | None = None) -> None:
        self.token = token
        self.sent: list[SentMessage] = []
        self.refused: list[tuple[str, str]] = []
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.answered: dict[str, str] = {}
        self.admins: set[tuple[int, int]] = set()
        self.blocked: set[int] = set()
        self.profile: dict[tuple[str, str], Any] = {}
        self.left: list[int] = []
        self.files: dict[str, bytes] = {}
        self._port = port
        self._journal = journal
        self._updates: list[dict[str, Any]] = []
        self._next_update, self._next_message, self._next_query = 1000, 1, 1
        self._faults: list[_Fault] = []
        self._flood = Flood()
        self._polls = 0
        self._changed = asyncio.Condition()
        self._closing = asyncio.Event()

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    @property
    def unconfirmed(self) -> int:
        """Updates the bot has not confirmed yet."""
        return len(self._updates)

    async def __aenter__(self) -> Self:
        app = web.Application()
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
        self._closing.set()
        await self._runner.cleanup()

    # people

    def say(
        self,
        text: str,
        *,
        chat_id: int = 7,
        user_id: int = 7,
        language_code: str = "ar",
        as_chat: bool = False,
        thread_id: int = 0,
    ) -> int:
        """Somebody writes; the update's id. A negative `chat_id` is a group."""
        message: dict[str, Any] = self._message(chat_id) | {
            "from": {"id": user_id, "is_bot": False, "first_name": "سارة", "language_code": language_code},
            "text": text,
        }
        if as_chat:
            message |= {"sender_chat": message["chat"], "from": {"id": 1087968824, "is_bot": True}}
        if thread_id:
            message |= {"message_thread_id": thread_id, "is_topic_message": True}
        return self.push({"message": message})

    def share(self, name: str, content: bytes, *, chat_id: int = 7, user_id: int = 7, language_code: str = "ar") -> int:
        """Somebody sends a file; the update's id."""
        file_id = f"file-{len(self.files)}"
        self.files[file_id] = content
        message: dict[str, Any] = self._message(chat_id) | {
            "from": {"id": user_id, "is_bot": False, "first_name": "سارة", "language_code": language_code},
            "document": {"file_id": file_id, "file_name": name, "file_size": len(content)},
        }
        return self.push({"message": message})

    def press(self, label: str | None = None, *, data: str | None = None, chat_id: int = 7, user_id: int = 7) -> str:
        """Somebody presses the newest button of this label, or sends any data; the query's id."""
        message = next(one for one in reversed(self.sent) if one.chat_id == chat_id and one.buttons)
        if label is not None:
            found = [
                (one, button) for one in self.sent if one.chat_id == chat_id for row in one.buttons for button in row
            ]
            message, button = next(pair for pair in reversed(found) if pair[1]["text"] == label)
            data = button["callback_data"]
        query_id = f"q{self._next_query}"
        self._next_query += 1
        shown = self._message(chat_id) | {
            "message_id": message.message_id,
            "text": message.text,
            "entities": message.entities,
            "reply_markup": {"inline_keyboard": message.buttons},
        }
        sender = {"id": user_id, "is_bot": False, "first_name": "سارة", "language_code": "ar"}
        self.push({"callback_query": {"id": query_id, "from": sender, "message": shown, "data": data}})
        return query_id

    def block(self, chat_id: int = 7) -> None:
        self.blocked.add(chat_id)
        self._member(chat_id, "kicked")

    def unblock(self, chat_id: int = 7) -> None:
        self.blocked.discard(chat_id)
        self._member(chat_id, "member")

    def push(self, update: dict[str, Any]) -> int:
        """Offers a raw update, numbered unless it has a number."""
        number: int = update.setdefault("update_id", self._next_update)
        self._next_update = max(self._next_update, number + 1)
        self._updates.append(update)
        asyncio.get_running_loop().call_soon(lambda: asyncio.ensure_future(self._notify()))
        return number

    # faults and waiting

    def fail(
        self,
        method: str,
        how: str,
        *,
        times: int = 1,
        chat_id: int | None = None,
        code: int = 400,
        description: str = "",
        **parameters: Any,
    ) -> None:
        """The next `times` calls fail this way (-1: all): one of EXECUTED or NOT_EXECUTED."""
        assert how in EXECUTED + NOT_EXECUTED
        refusal = Refusal(code, description, **parameters) if how == "refuse" else None
        self._faults.append(_Fault(method, how, times, chat_id, refusal))

    def heal(self) -> None:
        self._faults.clear()

    async def wait_for(self, count: int, *, timeout_s: float = 10.0) -> list[SentMessage]:
        """The messages sent, once there are `count`."""
        await self.wait_until(lambda: len(self.sent) >= count, timeout_s=timeout_s)
        return self.sent

    async def wait_until(self, condition: Callable[[], bool], *, timeout_s: float = 10.0) -> None:
        async with asyncio.timeout(timeout_s), self._changed:
            await self._changed.wait_for(condition)

    # the server

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
            self.refused.append((method, refusal.description))
            await self._notify()
            return _refused(refusal)
        if fault is not None:
            return await self._strike(request, fault)
        return _json(200, {"ok": True, "result": result})

    async def _file(self, request: web.Request) -> web.Response:
        if request.match_info["token"] != self.token:
            return web.Response(status=404)
        return web.Response(body=self.files[request.match_info["path"]])

    async def _execute(self, method: str, arguments: dict[str, Any]) -> Any:
        match method:
            case "getMe":
                return {"id": 123456789, "is_bot": True, "first_name": "Rasid", "username": USERNAME}
            case "getUpdates":
                return await self._get_updates(arguments)
            case "sendMessage":
                return self._send(arguments)
            case "editMessageText":
                return self._edit(arguments)
            case "answerCallbackQuery":
                if arguments["callback_query_id"] in self.answered:
                    raise bad("query is too old and response timeout expired or query ID is invalid")
                self.answered[arguments["callback_query_id"]] = arguments.get("text", "")
                return True
            case "getFile":
                size = len(self.files[arguments["file_id"]])
                return {"file_id": arguments["file_id"], "file_size": size, "file_path": arguments["file_id"]}
            case "getChatMember":
                admin = (arguments["chat_id"], arguments["user_id"]) in self.admins
                return {"status": "administrator" if admin else "member", "user": {"id": arguments["user_id"]}}
            case "leaveChat":
                self.left.append(arguments["chat_id"])
                return True
            case _ if method.startswith(("getMy", "setMy")):
                return self._own_profile(method, arguments)
        raise Refusal(404, "Not Found: method not found")

    def _send(self, arguments: dict[str, Any]) -> dict[str, Any]:
        chat_id = arguments["chat_id"]
        if chat_id in self.blocked:
            raise Refusal(403, "Forbidden: bot was blocked by the user")
        check_message("sendMessage", arguments)
        self._flood.check(chat_id, time.monotonic())
        sent = SentMessage(
            chat_id,
            self._take_message_id(),
            arguments["text"],
            arguments.get("entities") or [],
            (arguments.get("reply_markup") or {}).get("inline_keyboard", []),
            arguments.get("message_thread_id", 0),
            arguments.get("link_preview_options") or {},
        )
        self.sent.append(sent)
        if self._journal is not None:
            with self._journal.open("a", encoding="utf-8") as file:
                file.write(json.dumps(asdict(sent), ensure_ascii=False) + "\n")
        return {"message_id": sent.message_id, "date": int(time.time()), "chat": {"id": chat_id}}

    def _edit(self, arguments: dict[str, Any]) -> dict[str, Any]:
        check_message("editMessageText", arguments)
        wanted = (arguments["chat_id"], arguments["message_id"])
        sent = next((one for one in self.sent if (one.chat_id, one.message_id) == wanted), None)
        if sent is None:
            raise bad("message to edit not found")
        entities = arguments.get("entities") or []
        buttons = (arguments.get("reply_markup") or {}).get("inline_keyboard", [])
        if (sent.text, sent.entities, sent.buttons) == (arguments["text"], entities, buttons):
            raise bad("message is not modified")
        sent.text, sent.entities, sent.buttons = arguments["text"], entities, buttons
        sent.edits += 1
        return {"message_id": sent.message_id, "chat": {"id": sent.chat_id}}

    async def _get_updates(self, arguments: dict[str, Any]) -> list[dict[str, Any]]:
        offset = arguments.get("offset", 0)
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

    def _own_profile(self, method: str, arguments: dict[str, Any]) -> Any:
        key = (method[3:], arguments.pop("language_code", ""))
        if method.startswith("set"):
            self.profile[key] = arguments.get("commands", arguments)
            return True
        return self.profile.get(key, [] if key[0] == "MyCommands" else {})

    def _fault_for(self, method: str, arguments: dict[str, Any]) -> _Fault | None:
        for fault in self._faults:
            if fault.method == method and fault.chat_id in (None, arguments.get("chat_id")) and fault.times:
                fault.times -= 1
                return fault
        return None

    async def _strike(self, request: web.Request, fault: _Fault) -> web.StreamResponse:
        if fault.refusal is not None:
            return _refused(fault.refusal)
        if fault.how.startswith("hang"):
            await self._closing.wait()
        if fault.how.startswith(("hang", "reset")) and request.transport is not None:  # None: the bot hung up
            request.transport.abort()
        if fault.how == "garbage_after":
            return web.Response(text='{"ok": tr', content_type="application/json")
        return web.Response(status=502, text="<html>Bad Gateway</html>", content_type="text/html")

    def _member(self, chat_id: int, status: str) -> None:
        member = {"user": {"id": 123456789, "is_bot": True}, "status": status}
        person = {"id": abs(chat_id), "is_bot": False, "first_name": "سارة", "language_code": "ar"}
        chat = self._message(chat_id)["chat"]
        self.push({"my_chat_member": {"chat": chat, "from": person, "new_chat_member": member}})

    def _message(self, chat_id: int) -> dict[str, Any]:
        kind = "private" if chat_id > 0 else "supergroup" if chat_id < -(10**12) else "group"
        chat = {"id": chat_id, "type": kind, "first_name" if chat_id > 0 else "title": "سارة"}
        return {"message_id": self._take_message_id(), "date": int(time.time()), "chat": chat}

    def _take_message_id(self) -> int:
        self._next_message += 1
        return self._next_message

    async def _notify(self) -> None:
        async with self._changed:
            self._changed.notify_all()

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
            case _:
                raise web.HTTPNotFound
        return _json(200, {"ok": True, "result": result})

    async def _report(self, request: web.Request) -> web.Response:
        match request.match_info["action"]:
            case "sent":
                return _json(200, [asdict(one) for one in self.sent])
            case "refused":
                return _json(200, self.refused)
        raise web.HTTPNotFound


async def _arguments(request: web.Request) -> dict[str, Any]:
    """The call's arguments; python-telegram-bot sends forms whose values are JSON where they are not text."""
    if request.content_type == "application/json":
        given: dict[str, Any] = await request.json()
        return given
    texts = {"text", "callback_query_id", "description", "short_description", "language_code", "file_id"}
    form = await request.post()
    return {name: value if name in texts else json.loads(str(value)) for name, value in form.items()}


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
