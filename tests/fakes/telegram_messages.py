"""The chats of our fake Bot API: what the bot sent there, and what it may not send."""

from __future__ import annotations

import json
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from tests.fakes.telegram_rules import Flood, Refusal, bad, check_message

_KIND_OF = {"sendMessage": "text", "sendPhoto": "photo", "sendDocument": "document"}


@dataclass(slots=True)
class SentMessage:
    """A message as the bot sent it; `edits` counts how often it changed since. `text` is the caption of a picture or
    a document, whose bytes are `content`."""

    chat_id: int
    message_id: int
    text: str
    entities: list[dict[str, Any]]
    buttons: list[list[dict[str, Any]]]
    thread_id: int = 0
    preview: dict[str, Any] = field(default_factory=dict)
    edits: int = 0
    kind: str = "text"
    silent: bool = False
    file_name: str = ""
    content: bytes = b""
    markup: dict[str, Any] = field(default_factory=dict)
    bot_id: int = 0
    replies_to: int | None = None

    @property
    def labels(self) -> list[str]:
        return [button["text"] for row in self.buttons for button in row]

    @property
    def keys(self) -> list[dict[str, Any]]:
        """The buttons of a keyboard in the place of the letters, as `request_chat` has."""
        return [key for row in self.markup.get("keyboard", []) for key in row]

    def spans(self, kind: str) -> list[str]:
        """The stretches of text under entities of this kind."""
        units = self.text.encode("utf-16-le")
        return [
            units[entity["offset"] * 2 : (entity["offset"] + entity["length"]) * 2].decode("utf-16-le")
            for entity in self.entities
            if entity["type"] == kind
        ]

    def as_json(self) -> dict[str, Any]:
        fields = asdict(self)
        return fields | {"content": len(fields["content"])}


@dataclass(frozen=True, slots=True)
class Upload:
    """A file in a call."""

    name: str
    content: bytes


class Messages:
    """`sent` holds accepted messages in order. `chats` what is known of chats whose id does not say all: channels,
    forums (Bot API, Chat). `standing` is the bot's status in them, "member" unless it says otherwise; `topics` those
    that are "closed" or "deleted"; `started` the people who pressed Start, None for everybody."""

    def __init__(self, journal: Path | None) -> None:
        self.sent: list[SentMessage] = []
        self.deleted: list[tuple[int, int]] = []
        self.blocked: set[int] = set()
        self.chats: dict[int, dict[str, Any]] = {}
        self.standing: dict[int, str] = {}
        self.topics: dict[tuple[int, int], str] = {}
        self.started: set[int] | None = None
        self.bot_id = 123456789
        self._journal = journal
        self._next_message = 1
        self._flood = Flood()

    def channel(self, chat_id: int, title: str = "قناة", *, standing: str = "administrator") -> int:
        self.chats[chat_id] = {"id": chat_id, "type": "channel", "title": title}
        self.standing[chat_id] = standing
        return chat_id

    def forum(self, chat_id: int, title: str = "منتدى") -> int:
        self.chats[chat_id] = {"id": chat_id, "type": "supergroup", "title": title, "is_forum": True}
        return chat_id

    def chat(self, chat_id: int) -> dict[str, Any]:
        kind = "private" if chat_id > 0 else "supergroup" if chat_id < -(10**12) else "group"
        name = "first_name" if chat_id > 0 else "title"
        return self.chats.get(chat_id, {"id": chat_id, "type": kind, name: "سارة"})

    def _send(self, method: str, arguments: dict[str, Any]) -> dict[str, Any]:
        chat_id, thread_id = arguments["chat_id"], arguments.get("message_thread_id", 0)
        self._check_place(chat_id, thread_id)
        check_message(method, arguments)
        self._flood.check(chat_id, time.monotonic())
        kind, markup = _KIND_OF[method], arguments.get("reply_markup") or {}
        file = arguments.get(kind)
        sent = SentMessage(
            chat_id,
            self._take_message_id(),
            arguments.get("text" if kind == "text" else "caption", ""),
            arguments.get("entities" if kind == "text" else "caption_entities") or [],
            markup.get("inline_keyboard", []),
            thread_id,
            arguments.get("link_preview_options") or {},
            kind=kind,
            silent=bool(arguments.get("disable_notification")),
            file_name=file.name if isinstance(file, Upload) else "",
            content=file.content if isinstance(file, Upload) else b"",
            markup={name: value for name, value in markup.items() if name != "inline_keyboard"},
            bot_id=self.bot_id,
            replies_to=(arguments.get("reply_parameters") or {}).get("message_id"),
        )
        self.sent.append(sent)
        if self._journal is not None:
            with self._journal.open("a", encoding="utf-8") as journal:
                journal.write(json.dumps(sent.as_json(), ensure_ascii=False) + "\n")
        return self._shown(sent)

    def _edit(self, method: str, arguments: dict[str, Any]) -> dict[str, Any]:
        check_message(method, arguments)
        wanted = (arguments["chat_id"], arguments["message_id"], self.bot_id)
        sent = next((one for one in self.sent if (one.chat_id, one.message_id, one.bot_id) == wanted), None)
        if sent is None or wanted[:2] in self.deleted:
            raise bad("message to edit not found")
        if sent.markup.get("keyboard"):
            raise bad("message can't be edited")
        before = (sent.text, sent.entities, sent.buttons, sent.kind, sent.content)
        buttons = (arguments.get("reply_markup") or {}).get("inline_keyboard", [])
        match method:
            case "editMessageText":
                if sent.kind != "text":
                    raise bad("there is no text in the message to edit")
                after = (arguments["text"], arguments.get("entities") or [], buttons, sent.kind, sent.content)
            case "editMessageCaption":
                entities = arguments.get("caption_entities") or []
                after = (arguments.get("caption", ""), entities, buttons, sent.kind, sent.content)
            case "editMessageMedia":
                media = arguments["media"]
                upload: Upload = arguments[media["media"].removeprefix("attach://")]
                entities = media.get("caption_entities") or []
                after = (media.get("caption", ""), entities, buttons, media["type"], upload.content)
            case _:  # editMessageReplyMarkup
                after = (sent.text, sent.entities, buttons, sent.kind, sent.content)
        if before == after:
            raise bad(
                "message is not modified: specified new message content and reply markup are exactly the same as a "
                "current content and reply markup of the message"
            )
        sent.text, sent.entities, sent.buttons, sent.kind, sent.content = after
        sent.edits += 1
        return self._shown(sent)

    def _delete(self, arguments: dict[str, Any]) -> bool:
        wanted = (arguments["chat_id"], arguments["message_id"])
        if wanted in self.deleted or not any((one.chat_id, one.message_id) == wanted for one in self.sent):
            raise bad("message to delete not found")
        self.deleted.append(wanted)
        return True

    def _check_place(self, chat_id: int, thread_id: int) -> None:
        """Raises `Refusal` where the bot may not write."""
        if chat_id == self.bot_id:
            raise Refusal(403, "Forbidden: the bot can't send messages to the bot")
        if chat_id in self.blocked:
            raise Refusal(403, "Forbidden: bot was blocked by the user")
        if chat_id > 0 and self.started is not None and chat_id not in self.started:
            raise Refusal(403, "Forbidden: bot can't initiate conversation with a user")
        self._check_inside(chat_id)
        match self.standing.get(chat_id, "member"):
            case "restricted":
                raise bad("not enough rights to send text messages to the chat")
            case "member" if self.chat(chat_id)["type"] == "channel":
                raise bad("need administrator rights in the channel chat")
            case "member" if not self.chat(chat_id).get("permissions", {}).get("can_send_messages", True):
                raise bad("not enough rights to send text messages to the chat")
        match self.topics.get((chat_id, thread_id)):
            case "closed":
                raise bad("TOPIC_CLOSED")
            case "deleted":
                raise bad("message thread not found")
        if thread_id == 1:  # General is addressed without its number
            raise bad("message thread not found")

    def _check_inside(self, chat_id: int) -> None:
        """Raises `Refusal` where the bot is not even there to ask."""
        kind = self.chat(chat_id)["type"]
        match self.standing.get(chat_id, "member"):
            case "left":
                raise Refusal(403, f"Forbidden: bot is not a member of the {kind} chat")
            case "kicked":
                raise Refusal(403, f"Forbidden: bot was kicked from the {kind} chat")

    def _shown(self, sent: SentMessage) -> dict[str, Any]:
        shown: dict[str, Any] = {
            "message_id": sent.message_id,
            "date": int(time.time()),
            "chat": self.chat(sent.chat_id),
            "reply_markup": {"inline_keyboard": sent.buttons},
        }
        if sent.kind == "text":
            return shown | {"text": sent.text, "entities": sent.entities}
        file_id = f"sent-{sent.message_id}"
        file: Any = {"file_id": file_id, "file_size": len(sent.content)}
        file = [file] if sent.kind == "photo" else file
        return shown | {sent.kind: file, "caption": sent.text, "caption_entities": sent.entities}

    def _take_message_id(self) -> int:
        self._next_message += 1
        return self._next_message
