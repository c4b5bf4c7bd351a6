"""The people around our fake Bot API: they write, press, forward, choose, block."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from tests.fakes.telegram_messages import Messages, SentMessage
from tests.fakes.telegram_updates import Updates


class People(Messages, Updates):
    """Each act becomes an update. A negative `chat_id` is a group."""

    def __init__(self, journal: Path | None) -> None:
        Messages.__init__(self, journal)
        Updates.__init__(self)
        self.files: dict[str, bytes] = {}
        self._next_query = 1

    def say(
        self,
        text: str,
        *,
        chat_id: int = 7,
        user_id: int = 7,
        language_code: str = "ar",
        as_chat: bool = False,
        thread_id: int = 0,
        **more: Any,
    ) -> int:
        """Somebody writes; the update's id. `more` are further fields of the message, such as `forward_origin`."""
        message: dict[str, Any] = self._from(user_id, chat_id, language_code) | {"text": text} | more
        if as_chat:
            message |= {"sender_chat": message["chat"], "from": {"id": 1087968824, "is_bot": True}}
        if thread_id:
            message |= {"message_thread_id": thread_id, "is_topic_message": True}
        return self.push({"message": message})

    def share(
        self,
        name: str,
        content: bytes,
        *,
        chat_id: int = 7,
        user_id: int = 7,
        language_code: str = "ar",
        **more: Any,
    ) -> int:
        """Somebody sends a file; the update's id. `more` are further fields of the message, such as `caption`."""
        file_id = f"file-{len(self.files)}"
        self.files[file_id] = content
        document = {"file_id": file_id, "file_name": name, "file_size": len(content)}
        return self.push({"message": self._from(user_id, chat_id, language_code) | {"document": document} | more})

    def forward(self, text: str, *, chat_id: int = 7, user_id: int = 7, of: str = "channel", **more: Any) -> int:
        """Somebody forwards what somebody else wrote; `more` may hold `entities`, a `caption`."""
        origin: dict[str, Any] = {"type": of, "date": int(time.time()), "message_id": 5}
        origin["chat"] = {"id": -1009, "type": "channel", "title": "قناة الأخبار"}
        return self.say(text, chat_id=chat_id, user_id=user_id, forward_origin=origin, **more)

    def edit(self, text: str, *, message_id: int, chat_id: int = 7, user_id: int = 7) -> int:
        """Somebody changes what they wrote."""
        changed = self._from(user_id, chat_id, "ar") | {"message_id": message_id, "text": text, "edit_date": 1}
        return self.push({"edited_message": changed})

    def choose(self, chosen_id: int, *, request_id: int = 1, title: str | None = None, chat_id: int = 7) -> int:
        """Somebody chooses a chat with a `request_chat` button."""
        title = title or self.chat(chosen_id).get("title", "")
        shared = {"request_id": request_id, "chat_id": chosen_id, "title": title}
        return self.push({"message": self._from(chat_id, chat_id, "ar") | {"chat_shared": shared}})

    def ask_inline(self, query: str, *, user_id: int = 7, offset: str = "", language_code: str = "ar") -> str:
        """Somebody writes the bot's name and a query anywhere; the query's id."""
        query_id = self._take_query_id()
        asked = {"id": query_id, "from": _person(user_id, language_code), "query": query, "offset": offset}
        self.push({"inline_query": asked})
        return query_id

    def press(
        self,
        label: str | None = None,
        *,
        data: str | None = None,
        chat_id: int = 7,
        user_id: int = 7,
        message: SentMessage | None = None,
    ) -> str:
        """Somebody presses the newest button of this label, or sends any data, under `message` or the newest with
        buttons; the query's id."""
        message = message or next(one for one in reversed(self.sent) if one.chat_id == chat_id and one.buttons)
        if label is not None:
            found = [
                (one, button) for one in self.sent if one.chat_id == chat_id for row in one.buttons for button in row
            ]
            message, button = next(pair for pair in reversed(found) if pair[1]["text"] == label)
            data = button["callback_data"]
        query_id = self._take_query_id()
        shown = self._shown(message)
        if message.thread_id:
            shown |= {"message_thread_id": message.thread_id, "is_topic_message": True}
        pressed = {"id": query_id, "from": _person(user_id, "ar"), "message": shown, "data": data}
        self.push({"callback_query": pressed})
        return query_id

    def block(self, chat_id: int = 7) -> None:
        self.blocked.add(chat_id)
        self.promote(chat_id, "kicked", user_id=abs(chat_id))

    def unblock(self, chat_id: int = 7) -> None:
        self.blocked.discard(chat_id)
        self.promote(chat_id, "member", user_id=abs(chat_id))

    def promote(
        self, chat_id: int, standing: str, *, user_id: int = 7, language_code: str = "ar", **rights: bool
    ) -> int:
        """Somebody changes what the bot is in a chat: member, administrator, restricted, left, kicked."""
        old = {"user": self.myself, "status": self.standing.get(chat_id, "left")}
        self.standing[chat_id] = standing
        change = {"old_chat_member": old, "new_chat_member": {"user": self.myself, "status": standing, **rights}}
        return self.push(
            {"my_chat_member": {"chat": self.chat(chat_id), "from": _person(user_id, language_code)} | change}
        )

    @property
    def myself(self) -> dict[str, Any]:
        return {"id": self.bot_id, "is_bot": True}

    def _from(self, user_id: int, chat_id: int, language_code: str) -> dict[str, Any]:
        """The beginning of a message of somebody's."""
        if chat_id > 0 and self.started is not None:
            self.started.add(chat_id)
        about = {"message_id": self._take_message_id(), "date": int(time.time()), "chat": self.chat(chat_id)}
        return about | {"from": _person(user_id, language_code)}

    def _take_query_id(self) -> str:
        self._next_query += 1
        return f"q{self._next_query}"


def _person(user_id: int, language_code: str) -> dict[str, Any]:
    return {"id": user_id, "is_bot": False, "first_name": "سارة", "language_code": language_code}
