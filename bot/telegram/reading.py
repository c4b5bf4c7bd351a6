"""A raw update, read (pure): what somebody did, as far as we react to it.

Updates come from a server that may be newer than we are, so anything not understood is None, not an error.
Who somebody is, is a number; names can be chosen. Telegram's own 777000 and GroupAnonymousBot are nobody.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from bot.updates import (
    InlineAsked,
    Membership,
    Moved,
    Person,
    Picked,
    Place,
    Pressed,
    RightsChanged,
    Said,
    Shared,
    TopicNamed,
    TopicReopened,
    Update,
)

ALLOWED = ("message", "callback_query", "my_chat_member", "chat_member", "inline_query")
"""The update types we ask for. Not edited_message: who corrects a command has its answer already, and a second effect
of the same message would surprise; nor what is posted in channels, which are told and not listened to."""

_NOBODY = frozenset({777000, 1087968824, 136817688})
"""Telegram's notices, GroupAnonymousBot, Channel_Bot."""

_WORDLESS = frozenset({
    "animation", "audio", "contact", "dice", "game", "location", "photo", "poll", "sticker", "story", "venue", "video",
    "video_note", "voice",
})  # fmt: skip
"""What people send that says nothing we can read."""
_MOST = 2**63

ASKS_FOR_GROUP, ASKS_FOR_CHANNEL = 1, 2
"""The numbers of our buttons that ask for a chat."""


_UNREADABLE = (KeyError, TypeError, ValueError, AttributeError, OverflowError)
"""What reading raises of an update that is not as Telegram's are; one that does must not hold up all others."""


def read_inline(raw: Mapping[str, Any]) -> InlineAsked | None:
    """An inline query; None when it cannot be read."""
    try:
        asked = raw["inline_query"]
        return InlineAsked(_person(asked["from"]), str(asked["id"]), str(asked["query"]), str(asked.get("offset", "")))
    except _UNREADABLE:
        return None


def read_update(raw: Mapping[str, Any]) -> Update | None:
    """The update in our words; None for whatever we do not react to."""
    try:
        if "message" in raw:
            return _message(raw["message"])
        if "callback_query" in raw:
            return _press(raw["callback_query"])
        if "my_chat_member" in raw:
            return _membership(raw["my_chat_member"])
        if "chat_member" in raw:
            changed = raw["chat_member"]
            return RightsChanged(_place(changed), _person(changed["new_chat_member"]["user"]))
    except _UNREADABLE:
        return None
    return None


def chat_id_of(raw: Mapping[str, Any]) -> int:
    """The chat in whose order the update is handled; 0 when it concerns none."""
    update = read_update(raw)
    match update:
        case None:
            return 0
        case Moved():
            return update.old_id
        case _:
            return update.place.chat_id


def _message(raw: Mapping[str, Any]) -> Update | None:
    chat_id = _number(raw["chat"]["id"])
    if "migrate_to_chat_id" in raw:
        return Moved(chat_id, _number(raw["migrate_to_chat_id"]))
    if "migrate_from_chat_id" in raw:
        return Moved(_number(raw["migrate_from_chat_id"]), chat_id)
    if (name := _topic_name(raw)) is not None:
        return TopicNamed(_place(raw), name)
    if "forum_topic_reopened" in raw:
        return TopicReopened(_place(raw))
    text, entities = raw.get("text"), raw.get("entities", ())
    if isinstance(raw.get("document"), dict) and raw["chat"]["type"] != "channel":
        return _shared(raw, raw["document"])
    if isinstance(raw.get("chat_shared"), dict) and raw["chat"]["type"] == "private":
        return _picked(raw, raw["chat_shared"])
    if text is None and raw["chat"]["type"] == "private":  # what channels post is mostly a picture with its words below
        text, entities = raw.get("caption"), raw.get("caption_entities", ())
        if text is None and _WORDLESS & raw.keys():
            text = ""
    if not isinstance(text, str) or raw["chat"]["type"] == "channel":
        return None
    person = _author(raw)
    replies = _replies(raw)
    link = _first_link(text, entities) if {"forward_origin", "via_bot"} & raw.keys() else None
    return Said(_place(raw), person, text, _number(raw["message_id"]), replies, link, "forward_origin" in raw)


def _shared(raw: Mapping[str, Any], document: Mapping[str, Any]) -> Shared:
    name, caption = str(document.get("file_name") or ""), str(raw.get("caption") or "")
    file_id, message_id = str(document["file_id"]), _number(raw["message_id"])
    size = _number(document.get("file_size") or 0)
    return Shared(_place(raw), _author(raw), file_id, name, message_id, caption, _replies(raw), size)


def _author(raw: Mapping[str, Any]) -> Person:
    sender_chat = raw.get("sender_chat")
    if sender_chat is None:
        return _person(raw["from"])
    return Person(None, None, speaks_as_chat=_number(sender_chat["id"]) == _number(raw["chat"]["id"]))


def _replies(raw: Mapping[str, Any]) -> bool:
    return bool((raw.get("reply_to_message") or {}).get("from", {}).get("is_bot"))


def _picked(raw: Mapping[str, Any], shared: Mapping[str, Any]) -> Picked:
    channel = shared["request_id"] == ASKS_FOR_CHANNEL
    title = str(shared["title"]) if "title" in shared else None
    return Picked(
        _place(raw), _person(raw["from"]), _number(shared["chat_id"]), channel, title, _number(raw["message_id"])
    )


def _press(raw: Mapping[str, Any]) -> Pressed | None:
    message = raw.get("message")
    data = raw.get("data")
    if message is None or not isinstance(data, str):
        return None
    # A message older than 48 hours may be inaccessible: only its chat and id are there, and its date is 0.
    seen = message.get("date", 0) != 0
    return Pressed(
        place=_place(message),
        person=_person(raw["from"]),
        query_id=str(raw["id"]),
        data=data,
        message_id=_number(message["message_id"]) if seen else None,
        shown=message.get("text") if seen else None,
        quoted=_first_code(message) if seen else None,
        beside=tuple(_carried(message)) if seen else (),
        pictured="photo" in message or "document" in message,
    )


def _membership(raw: Mapping[str, Any]) -> Membership:
    member = raw["new_chat_member"]
    there = member["status"] in ("member", "administrator", "creator")
    there = there or (member["status"] == "restricted" and bool(member.get("is_member")))
    return Membership(_place(raw), _person(raw["from"]), there, may_post(member))


def may_post(member: Mapping[str, Any]) -> bool:
    """Whether somebody who is such a ChatMember may write in the chat."""
    match member["status"]:
        case "administrator":  # channels alone have this right; other administrators may
            return bool(member.get("can_post_messages", True))
        case "restricted":
            return bool(member.get("is_member")) and bool(member.get("can_send_messages"))
        case status:
            return status in ("creator", "member")


def _place(raw: Mapping[str, Any]) -> Place:
    chat = raw["chat"]
    in_topic = bool(raw.get("is_topic_message"))
    private = chat["type"] == "private"
    return Place(
        chat_id=_number(chat["id"]),
        thread_id=_number(raw.get("message_thread_id", 0)) if in_topic else 0,
        private=private,
        title=_words(chat.get("first_name" if private else "title")),
        type=chat["type"],
        topic=_topic_name(raw.get("reply_to_message") or {}) if in_topic else None,
    )


def _topic_name(message: Mapping[str, Any]) -> str | None:
    """What a topic is called, of the message that made it, which all others in it reply to, or that renamed it."""
    made = message.get("forum_topic_created") or message.get("forum_topic_edited") or {}
    return str(made["name"]) if made.get("name") else None


def _person(raw: Mapping[str, Any]) -> Person:
    user_id = _number(raw["id"])
    known = None if user_id in _NOBODY else user_id
    return Person(known, _words(raw.get("language_code")), name=str(raw.get("first_name") or ""))


def _words(given: Any) -> str | None:
    return given if isinstance(given, str) else None


def _number(given: Any) -> int:
    """Telegram's number of somebody or something. Raises `ValueError` for one that the database could not keep."""
    number = int(given)
    if not -_MOST <= number < _MOST:
        raise ValueError("no number of Telegram's")
    return number


def _carried(message: Mapping[str, Any]) -> Iterator[str]:
    for row in (message.get("reply_markup") or {}).get("inline_keyboard", ()):
        for button in row:
            if isinstance(data := button.get("callback_data"), str):
                yield data


def _first_link(text: str, entities: Iterable[Mapping[str, Any]]) -> str | None:
    for entity in entities:
        if entity["type"] == "text_link" and isinstance(entity["url"], str):
            return entity["url"]
        if entity["type"] == "url" and (shown := _under(text, entity)).startswith(("http://", "https://")):
            return shown
    return None


def _first_code(message: Mapping[str, Any]) -> str | None:
    for entity in message.get("entities", ()):
        if entity["type"] == "code":
            return _under(message["text"], entity)
    return None


def _under(text: str, entity: Mapping[str, Any]) -> str:
    """What stands under an entity, whose place is in UTF-16 units."""
    start = entity["offset"] * 2
    return text.encode("utf-16-le")[start : start + entity["length"] * 2].decode("utf-16-le", "ignore")
