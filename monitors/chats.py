"""Chats: the destinations people read, on Telegram or on the operator's terminal."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Transport(StrEnum):
    CONSOLE = "console"  # the terminal `rasid run` was started on
    TELEGRAM = "telegram"


class ChatState(StrEnum):
    ACTIVE = "active"
    WAITING = "waiting"  # has not come over to the bot that speaks for us now: what it is to be told is kept
    BARRED = "barred"  # the bot may not write there: what it is to be told waits until somebody says that it may
    UNREACHABLE = "unreachable"  # blocked, kicked, deleted: kept with its settings, told nothing


@dataclass(frozen=True, slots=True)
class ChatAddress:
    """Where a chat is reached. `chat_id` is Telegram's id (negative for groups), 0 for the console.

    `thread_id` is a forum topic's, 0 for none and for the General topic, which must be addressed without one.
    """

    transport: Transport
    chat_id: int = 0
    thread_id: int = 0


CONSOLE = ChatAddress(Transport.CONSOLE)

LACKS_RIGHTS = re.compile(
    "need administrator rights|not enough rights|have no rights|chat_write_forbidden|chat_admin_required"
    "|chat_send_plain_forbidden|chat_restricted",
    re.IGNORECASE,
)
"""What Telegram says where the bot is, and may not write."""

_TOPIC_SHUT = re.compile("topic_|message thread not found", re.IGNORECASE)
"""What Telegram says of a topic that is closed or deleted."""


@dataclass(frozen=True, slots=True)
class Chat:
    """`type` is Telegram's word (private, group, supergroup, channel), None while it is not known. `keeper_id` is the
    private chat that manages this one. `state_reason` is Telegram's word why it could not be told anything, kept until
    something has been told again; of one that waits, why another bot cannot be there yet. `topic` is what the forum
    topic is called, as far as it is known."""

    id: int
    address: ChatAddress
    title: str | None
    language: str
    state: ChatState
    created_at: datetime
    type: str | None = None
    keeper_id: int | None = None
    state_reason: str | None = None
    topic: str | None = None

    @property
    def topic_shut(self) -> bool:
        """Whether it is a forum topic, General perhaps, that was closed or deleted by itself: others of its chat can be
        written to."""
        return self.state is ChatState.BARRED and _TOPIC_SHUT.search(self.state_reason or "") is not None
