"""People: who may use the bot, as its operators and their invitations have it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

_INVITED = re.compile(r"i_([\w-]{16,60})", re.ASCII)


class PersonState(StrEnum):
    """What is remembered of somebody; most people are nobody's concern and have no row."""

    ALLOWED = "allowed"
    BLOCKED = "blocked"
    LEAVING = "leaving"  # wants everything of theirs deleted, which is being done


class Access(StrEnum):
    """Who may use the bot, besides operators and but for those who are shut out."""

    OPEN = "open"  # everybody
    INVITE = "invite"  # whom an operator let in, and whoever comes with an invitation
    LIST = "list"  # whom an operator let in


class Admission(StrEnum):
    """Whether somebody may use the bot now."""

    LET_IN = "let in"
    STRANGER = "stranger"
    BLOCKED = "blocked"
    LEAVING = "leaving"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody, or a group as a whole, by Telegram's number; `by_id` is the operator who decided. `state` is None for
    one who has limits of their own, and nothing else was decided of."""

    user_id: int
    state: PersonState | None
    since: datetime
    by_id: int | None


@dataclass(frozen=True, slots=True)
class Invitation:
    """Whoever has the token is let in, until it expires and as long as uses are left; None: for good, for anybody."""

    token: str
    by_id: int
    created_at: datetime
    expires_at: datetime | None
    uses_left: int | None


def start_argument(token: str) -> str:
    """What a link to the bot carries so that it is an invitation (Bot API, deep linking: at most 64 characters)."""
    return f"i_{token}"


def invitation_in(argument: str) -> str | None:
    """The token of an invitation, if that is what came with /start."""
    found = _INVITED.fullmatch(argument)
    return None if found is None else found[1]
