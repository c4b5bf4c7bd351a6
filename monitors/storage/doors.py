"""Doors: how people come in, and whose chats are told nothing because they are not in.

`telegram.access` counts until an operator chooses in the chat. That is a row, so every process goes by it at once.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, Connection, FromClause, Select, false, func, literal, select, update

from monitors.chats import ChatState, Transport
from monitors.people import Access, PersonState
from monitors.settings import TelegramSettings
from monitors.storage import lanes
from monitors.storage.marks import mark_of, set_mark
from monitors.storage.tables import chats, people

NOT_LET_IN = "not let in"
"""Why a chat is told nothing any more, as its row says."""

_CHOSEN = "telegram.access"


def chosen_access(connection: Connection) -> Access | None:
    """What an operator chose in the chat; None while the settings count."""
    value = mark_of(connection, _CHOSEN)
    return None if value is None else Access(value)


def access_of(connection: Connection, telegram: TelegramSettings) -> Access:
    """What counts now."""
    return chosen_access(connection) or telegram.access


def choose_access(connection: Connection, access: Access | None, telegram: TelegramSettings) -> None:
    """From now on this counts, or what the settings say (None)."""
    set_mark(connection, _CHOSEN, access)
    attend(connection, telegram)


def attend(connection: Connection, telegram: TelegramSettings) -> None:
    """Chats of whoever is not in, and those that are managed from them, are told nothing and keep what they have; those
    of whoever is in again are told things again."""
    shut = false() if access_of(connection, telegram) is Access.OPEN else _not_in(telegram)
    connection.execute(
        update(chats)
        .where(chats.c.state.in_([ChatState.ACTIVE, ChatState.WAITING]), shut)
        .values(state=ChatState.UNREACHABLE, state_reason=NOT_LET_IN, lane_priority=None)
    )
    reopened = connection.scalars(
        update(chats)
        .where(chats.c.state_reason == NOT_LET_IN, ~shut)
        .values(state=ChatState.ACTIVE, state_reason=None)
        .returning(chats.c.id)
    ).all()
    lanes.refresh(connection, reopened)


def count_unlisted(connection: Connection, telegram: TelegramSettings) -> int:
    """How many people use the bot in private whom nobody let in."""
    return connection.scalar(select(func.count()).select_from(_unlisted(telegram).subquery())) or 0


def count_outside(connection: Connection) -> int:
    """How many people have been here and are told nothing because they are not in."""
    theirs = (chats.c.telegram_chat_id > 0, chats.c.state_reason == NOT_LET_IN)
    return connection.scalar(select(func.count()).select_from(chats).where(*theirs)) or 0


def list_everybody(connection: Connection, telegram: TelegramSettings, *, by_id: int, now: datetime) -> None:
    """Whoever uses the bot in private is let in, by this operator."""
    values = (literal(PersonState.ALLOWED.value), literal(now, people.c.since.type), literal(by_id))
    found = _unlisted(telegram).add_columns(*values)
    connection.execute(people.insert().from_select(["user_id", "state", "since", "by_id"], found))


def _unlisted(telegram: TelegramSettings) -> Select[tuple[int]]:
    """The numbers of people of whom nothing was decided and who can be told something, if only after a move."""
    here = chats.c.state.in_([ChatState.ACTIVE, ChatState.WAITING])
    decided = select(people.c.user_id)
    return select(chats.c.telegram_chat_id).where(
        _private(chats, telegram), here, chats.c.telegram_chat_id.not_in(decided)
    )


def _not_in(telegram: TelegramSettings) -> ColumnElement[bool]:
    """Of a chat: it is the private one of somebody who is not in, or is managed from such a one."""
    listed = select(people.c.user_id).where(people.c.state == PersonState.ALLOWED)
    private = chats.alias()
    outside = select(private.c.id).where(_private(private, telegram), private.c.telegram_chat_id.not_in(listed))
    theirs = chats.c.id.in_(outside) | func.coalesce(chats.c.keeper_id, 0).in_(outside)
    return theirs & chats.c.telegram_chat_id.not_in(listed)


def _private(table: FromClause, telegram: TelegramSettings) -> ColumnElement[bool]:
    """Of a chat: it is somebody's private one, and no operator's."""
    number = table.c.telegram_chat_id
    return (table.c.transport == Transport.TELEGRAM) & (number > 0) & number.not_in(telegram.admins)
