"""What the bot says: a message, decided once and stored as JSON until it is sent.

A reply's payload in the outbox is `{"message": …}` in the form of `to_json`, composed when it was decided. Alerts
and notices are composed when they are sent.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import Any

from bot.words.language import Voice
from bot.words.text import Entity, RichText, TextBuilder


@dataclass(frozen=True, slots=True)
class Button:
    """One button: either `data` comes back when it is pressed (1–64 bytes), or `url` is opened."""

    label: str
    data: str | None = None
    url: str | None = None


class Form(StrEnum):
    """How an attachment is shown."""

    PICTURE = "picture"
    DOCUMENT = "document"


CAPTION = 920
"""Code points of the text under an attachment: Telegram takes 1,024, and a line of ours may be added."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A picture or a file that is made when the message is sent (bot/making): by whom, and of what, as JSON."""

    form: Form
    name: str
    maker: str
    of: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ChatRequest:
    """A button below the field where one writes, by which a reader in private chooses a chat they administer: a
    channel, or a group. The bot is added to it on the way, with the rights it needs."""

    label: str
    channel: bool


Keyboard = tuple[tuple[Button, ...], ...]


@dataclass(frozen=True, slots=True)
class Message:
    """Text, buttons, and the page whose preview stands above it. `edits` is the message it takes the place of.

    With an `attachment` the text stands under it, and is to be built with the limit CAPTION; it can only take the place
    of a message that has one, and only of such.

    `answer_hint` stands in the field where the reader is to write an answer; such a message has no buttons. In a group
    it asks whoever wrote the message that it `replies_to`, or is mentioned in it, and nobody else.
    `asks` are buttons in the place of the reader's own keyboard; none at all () takes such buttons away.
    """

    body: RichText
    keyboard: Keyboard = ()
    preview_url: str | None = None
    edits: int | None = None
    answer_hint: str | None = None
    attachment: Attachment | None = None
    asks: tuple[ChatRequest | str, ...] | None = None
    """Words among them are said when they are pressed."""
    replies_to: int | None = None


def to_json(message: Message) -> dict[str, Any]:
    return {
        "text": message.body.text,
        "entities": [entity_to_json(entity) for entity in message.body.entities],
        "keyboard": [[_without_none(asdict(button)) for button in row] for row in message.keyboard],
        "preview_url": message.preview_url,
        "edits": message.edits,
        "answer_hint": message.answer_hint,
        "attachment": None if message.attachment is None else asdict(message.attachment),
        "asks": message.asks and [one if isinstance(one, str) else asdict(one) for one in message.asks],
        "replies_to": message.replies_to,
    }


def from_json(stored: Mapping[str, Any]) -> Message:
    attached = stored.get("attachment")
    return Message(
        body=RichText(stored["text"], tuple(Entity(**entity) for entity in stored["entities"])),
        keyboard=tuple(tuple(Button(**button) for button in row) for row in stored["keyboard"]),
        preview_url=stored["preview_url"],
        edits=stored["edits"],
        answer_hint=stored.get("answer_hint"),
        attachment=None if attached is None else Attachment(**attached | {"form": Form(attached["form"])}),
        asks=_asks(stored.get("asks")),
        replies_to=stored.get("replies_to"),
    )


def _asks(stored: Sequence[Any] | None) -> tuple[ChatRequest | str, ...] | None:
    return None if stored is None else tuple(one if isinstance(one, str) else ChatRequest(**one) for one in stored)


def entity_to_json(entity: Entity) -> dict[str, Any]:
    """The entity in the Bot API's words (MessageEntity)."""
    return _without_none(asdict(entity))


def marked(message: Message, mark: str) -> Message:
    """The message as a possible repeat: a first line says so (promise P2)."""
    return _below(TextBuilder().add(mark, "italic"), message)


def addressed(message: Message, user_id: int, name: str) -> Message:
    """The message to one person among others, who is named in a first line."""
    return _below(TextBuilder().mention(user_id, name), message)


def _below(first: TextBuilder, message: Message) -> Message:
    shift = first.add("\n").here
    head, body = first.build(), message.body
    moved = tuple(replace(entity, offset=entity.offset + shift) for entity in body.entities)
    return replace(message, body=RichText(f"{head.text}\n{body.text}", head.entities + moved))


def unaccompanied(message: Message, speech: Voice) -> Message:
    """The message whose attachment could not be made: a last line says so."""
    note = speech.say("❗ What belongs here could not be made. Please try again.")
    builder = TextBuilder(right_to_left=speech.right_to_left).line("{note}", note=note)
    added, body = builder.build(), message.body
    return replace(message, body=RichText(f"{body.text}\n{added.text}".strip(), body.entities))


def _without_none(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None}
