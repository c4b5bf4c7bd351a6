"""What became of one attempt to say something, and what the outbox does about it.

Classes of facts: certainly accepted, certainly not, certainly refused, or nobody knows; only the last may lead to
a second copy, and that copy is marked.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sent:
    """Accepted. `message_id` is None where there is none (the terminal)."""

    message_id: int | None = None


@dataclass(frozen=True, slots=True)
class RetryAt:
    """Not accepted because we spoke too fast; this lane may speak again in `seconds`."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Migrated:
    """Not accepted: the group is a supergroup now, with this id."""

    chat_id: int


@dataclass(frozen=True, slots=True)
class Gone:
    """Not accepted: the chat cannot be told anything any more."""

    reason: str


@dataclass(frozen=True, slots=True)
class Barred:
    """Not accepted: the bot may not write in the chat, or, when `topic`, in this forum topic, which is closed or
    deleted."""

    reason: str
    topic: bool


@dataclass(frozen=True, slots=True)
class Vanished:
    """Not accepted: the message that was to be changed is not there any more, or cannot be changed."""

    reason: str


@dataclass(frozen=True, slots=True)
class Refused:
    """Not accepted, and never will be: something is wrong with this message or its place."""

    reason: str


@dataclass(frozen=True, slots=True)
class NotSent:
    """It surely did not reach anybody; it may be tried again freely."""

    reason: str


@dataclass(frozen=True, slots=True)
class Halted:
    """Not accepted: nothing at all is, until the operator acts (a token that is not valid)."""

    reason: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """It may have been accepted or not."""

    reason: str


@dataclass(frozen=True, slots=True)
class NotReady:
    """Nothing was sent: what belongs to the message is still being made."""

    made: asyncio.Task[bytes | None]


Outcome = Sent | RetryAt | Migrated | Gone | Barred | Vanished | Refused | NotSent | Halted | Unknown | NotReady
