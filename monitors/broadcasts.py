"""Broadcasts: what an operator tells everybody who uses the bot."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any


class BroadcastState(StrEnum):
    DRAFT = "draft"  # shown to its author, sent to nobody
    SENDING = "sending"
    SENT = "sent"  # everybody has it, or it waits for its turn in their chat
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Broadcast:
    """`message` is what is said, as the bot stores messages; `begun_at` when it was ordered to be sent."""

    id: int
    person_id: int
    message: Mapping[str, Any]
    state: BroadcastState
    created_at: datetime
    begun_at: datetime | None
