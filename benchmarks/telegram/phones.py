"""Phones of people who use the bot on a strict Bot API server, held by its control address."""

from __future__ import annotations

import asyncio
import base64
from dataclasses import dataclass, field
from typing import Any

import httpx
from sqlalchemy import Connection, select

from monitors.alerts import DeliveryKind, DeliveryState
from monitors.storage.engine import Database
from monitors.storage.inbox import chats_waiting
from monitors.storage.tables import chats, deliveries
from tests.bot.touring.instance import Outcome
from tests.fakes.telegram_messages import SentMessage

ANSWERED_S, SAID_S = 5.0, 10.0
LATER_S = 8.0
"""What a button that says nothing leads to may take so long: a look at a site is shown by itself."""
TICK_S = 0.1

ON_ITS_WAY = (DeliveryState.PENDING, DeliveryState.SENDING)
_ANSWERS = (DeliveryKind.REPLY, DeliveryKind.NOTICE, DeliveryKind.PROGRESS)


@dataclass(slots=True)
class Phone:
    """Somebody's phone in one chat. `database` is the service's: it says when there is nothing left to be told."""

    control: httpx.AsyncClient
    database: Database
    user: dict[str, Any]
    chat_id: int
    waits: list[tuple[float, str]] = field(default_factory=list)
    """How long each pressed button took to be answered, and what it carried."""
    unanswered: int = 0
    _known: dict[int, SentMessage] = field(default_factory=dict)
    _seq: int = 0

    @property
    def messages(self) -> list[SentMessage]:
        return list(self._known.values())

    async def say(self, text: str) -> Outcome:
        return await self._send(text=text)

    async def choose(self, chosen: int, *, channel: bool) -> Outcome:
        return await self._send(chat_shared={"request_id": 2 if channel else 1, "chat_id": chosen, "title": "Чат"})

    async def share(self, name: str, content: bytes) -> Outcome:
        encoded = base64.b64encode(content).decode()
        return await self._send(document={"filename": name, "mime": "text/plain", "base64": encoded})

    async def press(self, data: str, message: SentMessage) -> Outcome:
        where = {"chat_id": self.chat_id, "message_id": message.message_id, "user": self.user}
        pressed = await self.post("press", {**where, "data": data, "force": True, "wait": ANSWERED_S})
        answer = pressed.get("answer")
        if answer is None:
            self.unanswered += 1
            return Outcome(None, await self.changed())
        self.waits.append((answer["latency"], data))
        notice = answer.get("text") or ""
        return Outcome(notice, await self.changed() or ([] if notice else await self.changed(LATER_S)))

    async def _send(self, **what: Any) -> Outcome:
        if self.chat_id < 0:  # among others, the bot is answered
            what["reply_to_message_id"] = next(reversed(self._known), None)
        before = await self.changed()  # by what others did, which is no answer
        await self.post("user_message", {"user": self.user, "chat_id": self.chat_id, **what})
        answered = await self.changed(SAID_S)
        return Outcome(None, [*before, *answered] if answered else [])

    async def changed(self, within_s: float = 0.0) -> list[SentMessage]:
        """What the bot has sent and changed here since this was asked last, once it has nothing more to tell; what
        begins within so long is waited for."""
        if within_s:
            await self._events(within_s)
        async with asyncio.timeout(SAID_S + LATER_S):
            while await self.database.read(_is_busy, self.chat_id):  # noqa: ASYNC110
                await asyncio.sleep(TICK_S)
        told = await self._events()
        self._seq = told["seq"]
        return list({one["message_id"]: self._keep(one) for one in told["result"]}.values())

    async def _events(self, within_s: float = 0.0) -> dict[str, Any]:
        wanted = {"chat_id": self.chat_id, "since": self._seq, "kinds": ["send", "edit"]}
        return await self.post("wait", {**wanted, "count": 1, "timeout": within_s})

    def _keep(self, shown: dict[str, Any]) -> SentMessage:
        markup = dict(shown.get("reply_markup") or {})
        buttons = markup.pop("inline_keyboard", [])
        known = self._known.get(shown["message_id"])
        if known is None:
            known = SentMessage(shown["chat_id"], shown["message_id"], shown["text"], shown["entities"], buttons)
            known.markup = markup
            self._known[known.message_id] = known
        else:
            known.text, known.entities, known.buttons = shown["text"], shown["entities"], buttons
            known.edits += 1
        return known

    async def post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        return dict((await self.control.post(path, json=body)).raise_for_status().json())


def _is_busy(connection: Connection, telegram_chat_id: int) -> bool:
    """Whether something that was done is still to be handled, or to be answered in the chat. Alerts may be held back
    by the operator, and go on when it is their turn."""
    waiting = select(deliveries.c.id).join(chats, deliveries.c.chat_id == chats.c.id)
    waiting = waiting.where(chats.c.telegram_chat_id == telegram_chat_id, deliveries.c.state.in_(ON_ITS_WAY))
    waiting = waiting.where(deliveries.c.kind.in_(_ANSWERS)).limit(1)
    return bool(chats_waiting(connection, limit=1)) or connection.execute(waiting).first() is not None
