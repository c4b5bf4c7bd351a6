"""What the bot says: a message, decided once and stored as JSON until it is sent.

A reply's payload in the outbox is `{"message": …}` in the form of `to_json`, composed when it was decided. Alerts
and notices are composed when they are sent.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from bot.words.text import Entity, RichText, TextBuilder


@dataclass(frozen=True, slots=True)
class Button:
    """One button: either `data` comes back when it is pressed (1–64 bytes), or `url` is opened."""

    label: str
    data: str | None = None
    url: str | None = None


Keyboard = tuple[tuple[Button, ...], ...]


@dataclass(frozen=True, slots=True)
class Message:
    """Text, buttons, and the page whose preview stands above it. `edits` is the message it takes the place of.

    `answer_hint` stands in the field where the reader is to write an answer; such a message has no buttons.
    """

    body: RichText
    keyboard: Keyboard = ()
    preview_url: str | None = None
    edits: int | None = None
    answer_hint: str | None = None


def to_json(message: Message) -> dict[str, Any]:
    return {
        "text": message.body.text,
        "entities": [entity_to_json(entity) for entity in message.body.entities],
        "keyboard": [[_without_none(asdict(button)) for button in row] for row in message.keyboard],
        "preview_url": message.preview_url,
        "edits": message.edits,
        "answer_hint": message.answer_hint,
    }


def from_json(stored: Mapping[str, Any]) -> Message:
    return Message(
        body=RichText(stored["text"], tuple(Entity(**entity) for entity in stored["entities"])),
        keyboard=tuple(tuple(Button(**button) for button in row) for row in stored["keyboard"]),
        preview_url=stored["preview_url"],
        edits=stored["edits"],
        answer_hint=stored.get("answer_hint"),
    )


def entity_to_json(entity: Entity) -> dict[str, Any]:
    """The entity in the Bot API's words (MessageEntity)."""
    return _without_none(asdict(entity))


def marked(message: Message, mark: str) -> Message:
    """The message as a possible repeat: a first line says so (promise P2)."""
    builder = TextBuilder().add(mark, "italic").add("\n")
    shift = builder.here
    head, body = builder.build(), message.body
    moved = tuple(replace(entity, offset=entity.offset + shift) for entity in body.entities)
    return replace(message, body=RichText(f"{head.text}\n{body.text}", head.entities + moved))


def _without_none(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None}
