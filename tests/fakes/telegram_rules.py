"""What our fake Bot API refuses, and in which words; a smaller and stricter judge than the real one."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

MAX_POINTS, MAX_CAPTION_POINTS, MAX_ENTITIES, MAX_BUTTONS = 4096, 1024, 100, 100

_INVISIBLE = re.compile(r"[\s\u200b-\u200f\u2060-\u2069\ufeff]*")
_DELETED = re.compile("[\u2028-\u202e]")
_ENTITIES = frozenset(
    [
        "bold",
        "italic",
        "underline",
        "strikethrough",
        "spoiler",
        "blockquote",
        "expandable_blockquote",
        "code",
        "pre",
        "text_link",
        "text_mention",
        "date_time",
    ]
)
_STYLES = frozenset({"bold", "italic", "underline", "strikethrough", "spoiler"})
_SEND = {"chat_id", "message_thread_id", "reply_markup", "reply_parameters", "disable_notification"}
_EDIT = {"chat_id", "message_id", "reply_markup"}
_KNOWN = {
    "sendMessage": _SEND | {"text", "entities", "link_preview_options"},
    "sendPhoto": _SEND | {"photo", "caption", "caption_entities", "show_caption_above_media"},
    "sendDocument": _SEND | {"document", "caption", "caption_entities"},
    "editMessageText": _EDIT | {"text", "entities", "link_preview_options"},
    "editMessageCaption": _EDIT | {"caption", "caption_entities", "show_caption_above_media"},
    "editMessageReplyMarkup": _EDIT,
    "editMessageMedia": _EDIT | {"media"},
}
_ELSEWHERE = frozenset({"switch_inline_query", "switch_inline_query_current_chat", "switch_inline_query_chosen_chat"})
_MAX_RESULTS, _MAX_ID_BYTES = 50, 64


class Refusal(Exception):
    """An `ok: false` answer."""

    def __init__(self, code: int, description: str, **parameters: Any) -> None:
        super().__init__(description)
        self.code, self.description, self.parameters = code, description, parameters


def bad(description: str) -> Refusal:
    return Refusal(400, f"Bad Request: {description}")


def check_message(method: str, arguments: Mapping[str, Any]) -> None:
    """Raises `Refusal` for a message the real server would refuse or quietly change."""
    uploaded = str((arguments.get("media") or {}).get("media", "")).removeprefix("attach://")
    for name in arguments:
        if name not in _KNOWN[method] | {uploaded}:
            raise bad(f"unknown parameter {name}")
    if method in ("sendMessage", "editMessageText"):
        check_text(arguments.get("text", ""), arguments.get("entities") or [])
    elif method != "editMessageReplyMarkup":
        captioned = arguments.get("media") or arguments
        check_caption(captioned.get("caption", ""), captioned.get("caption_entities") or [])
    markup = arguments.get("reply_markup") or {}
    check_keyboard(markup.get("inline_keyboard", []))
    check_requests(markup.get("keyboard", []))


def check_text(text: str, entities: Sequence[Mapping[str, Any]]) -> None:
    if _INVISIBLE.fullmatch(text):
        raise bad("text must be non-empty")
    if len(text) > MAX_POINTS:
        raise bad("message is too long")
    _check_words(text, entities)


def check_caption(text: str, entities: Sequence[Mapping[str, Any]]) -> None:
    if len(text) > MAX_CAPTION_POINTS:
        raise bad("message caption is too long")
    _check_words(text, entities)


def _check_words(text: str, entities: Sequence[Mapping[str, Any]]) -> None:
    if _DELETED.search(text):
        raise bad("the text has characters that Telegram deletes")
    if text != text.strip():
        raise bad("the text has blanks at its ends, which Telegram cuts off")
    check_entities(text, entities)


def check_inline(arguments: Mapping[str, Any]) -> None:
    """Raises `Refusal` for an answer to an inline query that the real server would refuse."""
    results = arguments["results"]
    ids = [result["id"] for result in results]
    if len(results) > _MAX_RESULTS:
        raise bad("RESULTS_TOO_MUCH")
    if len(set(ids)) != len(ids) or any(not 1 <= len(one.encode()) <= _MAX_ID_BYTES for one in ids):
        raise bad("RESULT_ID_INVALID")
    for result in results:
        if not result.get("title"):
            raise bad("article title can't be empty")
        content = result["input_message_content"]
        check_text(content["message_text"], content.get("entities") or [])
        check_keyboard((result.get("reply_markup") or {}).get("inline_keyboard", []))


def check_requests(rows: Sequence[Sequence[Mapping[str, Any]]]) -> None:
    """A keyboard in the place of the letters."""
    for key in (key for row in rows for key in row):
        if not key.get("text"):
            raise bad("a button without text is dropped")
        asked = key.get("request_chat")
        if asked is not None and not {"request_id", "chat_is_channel"} <= asked.keys():
            raise bad("can't parse KeyboardButtonRequestChat")


def check_entities(text: str, entities: Sequence[Mapping[str, Any]]) -> None:
    """Within the text, not through a character, of a known kind, nested or apart, and no more than are shown."""
    if len(entities) > MAX_ENTITIES:
        raise bad("too many entities")
    boundaries, at = {0}, 0
    for letter in text:
        at += 2 if ord(letter) > 0xFFFF else 1
        boundaries.add(at)
    ranges = []
    for entity in entities:
        start, end = entity["offset"], entity["offset"] + entity["length"]
        if start >= end or start not in boundaries or end not in boundaries:
            raise bad(f"can't parse entities: {entity['type']} at {start} to {end} of {at}")
        if entity["type"] not in _ENTITIES:
            raise bad(f"can't parse entities: unknown type {entity['type']}")
        if entity["type"] == "text_link" and "." not in (urlsplit(entity["url"]).hostname or ""):
            raise bad(f"the link {entity['url']} would vanish")
        ranges.append((entity["type"], start, end))
    for kind, start, end in ranges:
        for other, other_start, other_end in ranges:
            # The server splits overlapping styles; anything else it would drop.
            if start < other_start < end < other_end and not {kind, other} <= _STYLES:
                raise bad(f"{kind} and {other} overlap without being nested")


def check_keyboard(rows: Sequence[Sequence[Mapping[str, Any]]]) -> None:
    if sum(map(len, rows)) > MAX_BUTTONS or any(len(row) > 8 for row in rows):
        raise bad("reply markup is too long")
    for button in (button for row in rows for button in row):
        if not button.get("text"):
            raise bad("a button without text is dropped")
        if "url" in button:
            parts = urlsplit(button["url"])
            if parts.scheme not in ("http", "https") or "." not in (parts.hostname or ""):
                raise bad(f"inline keyboard button URL '{button['url']}' is invalid: Wrong HTTP URL")
        elif "copy_text" in button:
            if not 1 <= len(button["copy_text"]["text"]) <= 256:
                raise bad("COPY_TEXT_INVALID")
        elif button.keys() & _ELSEWHERE:
            continue
        elif not 1 <= len(button["callback_data"].encode()) <= 64:
            raise bad("BUTTON_DATA_INVALID")


@dataclass(slots=True)
class Window:
    """At most `limit` messages in any `seconds`."""

    limit: int
    seconds: float
    times: deque[float] = field(default_factory=deque)

    def wait(self, now: float) -> float:
        """Seconds until one more is allowed."""
        while self.times and self.times[0] <= now - self.seconds:
            self.times.popleft()
        return 0.0 if len(self.times) < self.limit else self.times[0] + self.seconds - now


class Flood:
    """30 messages a second in all; a chat 6 in 2 s; a group 20 a minute."""

    def __init__(self) -> None:
        self._all = Window(30, 1.0)
        self._chats: dict[int, list[Window]] = {}

    def check(self, chat_id: int, now: float) -> None:
        """Counts one message, or raises the 429."""
        lanes = self._chats.setdefault(chat_id, [Window(6, 2.0), *([Window(20, 60.0)] if chat_id < 0 else [])])
        wait = max(window.wait(now) for window in (self._all, *lanes))
        if wait > 0:
            seconds = int(wait) + 1
            raise Refusal(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)
        for window in (self._all, *lanes):
            window.times.append(now)
