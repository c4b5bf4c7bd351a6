"""People as rows: whom operators let in and shut out, and their invitations. Telegram's numbers only."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, delete, null, or_, select, union_all, update

from monitors.chats import ChatState, Transport
from monitors.people import Access, Admission, Invitation, Person, PersonState
from monitors.settings import TelegramSettings
from monitors.storage import lanes
from monitors.storage.chats import set_unreachable
from monitors.storage.doors import NOT_LET_IN, access_of, attend
from monitors.storage.tables import chats, invitations, own_limits, people
from monitors.storage.upserts import insert

SHUT_OUT = "shut out by an operator"
"""Why a chat is told nothing any more, as its row says."""


def admission(connection: Connection, telegram: TelegramSettings, *, user_id: int | None, chat_id: int) -> Admission:
    """Whether somebody may use the bot in a chat of Telegram's.

    `user_id` is None for somebody anonymous: they are let in where the chat is, or whoever manages it.
    """
    if user_id in telegram.admins:
        return Admission.LET_IN
    known = _states(connection, [number for number in (user_id, chat_id) if number is not None])
    if PersonState.LEAVING in known:
        return Admission.LEAVING
    if PersonState.BLOCKED in known:
        return Admission.BLOCKED
    if access_of(connection, telegram) is Access.OPEN or chat_id in telegram.admins or PersonState.ALLOWED in known:
        return Admission.LET_IN
    keeper = _keeper(connection, chat_id) if user_id is None else None
    return Admission.STRANGER if keeper is None else admission(connection, telegram, user_id=keeper, chat_id=keeper)


def _states(connection: Connection, numbers: list[int]) -> set[PersonState]:
    return {
        PersonState(state) for state in connection.scalars(select(people.c.state).where(people.c.user_id.in_(numbers)))
    }


def _keeper(connection: Connection, chat_id: int) -> int | None:
    """The number of whoever manages the chat from a private one."""
    private = chats.alias()
    return connection.scalar(
        select(private.c.telegram_chat_id)
        .join(chats, chats.c.keeper_id == private.c.id)
        .where(chats.c.transport == Transport.TELEGRAM, chats.c.telegram_chat_id == chat_id)
        .limit(1)
    )


def find_person(connection: Connection, user_id: int) -> Person | None:
    row = connection.execute(select(people).where(people.c.user_id == user_id)).one_or_none()
    return None if row is None else Person(row.user_id, PersonState(row.state), row.since, row.by_id)


def list_people(connection: Connection, state: PersonState | None = None) -> list[Person]:
    """Everybody of whom something, or this, was decided, the latest first."""
    decided = select(people.c.user_id, people.c.state, people.c.since, people.c.by_id)
    if state is None:
        limited = select(own_limits.c.user_id, null(), own_limits.c.since, own_limits.c.by_id)
        found = union_all(decided, limited.where(own_limits.c.user_id.not_in(select(people.c.user_id)))).subquery()
    else:
        found = decided.where(people.c.state == state).subquery()
    rows = connection.execute(select(found).order_by(found.c.since.desc(), found.c.user_id))
    return [Person(row.user_id, row.state and PersonState(row.state), row.since, row.by_id) for row in rows]


def names_of(connection: Connection, user_ids: Sequence[int]) -> dict[int, str]:
    """What people and groups call themselves, as far as they have been here."""
    named = select(chats.c.telegram_chat_id, chats.c.title).where(
        chats.c.transport == Transport.TELEGRAM, chats.c.telegram_chat_id.in_(user_ids), chats.c.title.is_not(None)
    )
    return {row.telegram_chat_id: row.title for row in connection.execute(named)}


def allow(connection: Connection, user_id: int, *, by_id: int, now: datetime) -> None:
    """Lets somebody in, and out of being shut out."""
    _decide(connection, user_id, PersonState.ALLOWED, by_id=by_id, now=now)
    _reopen(connection, user_id)


def block(connection: Connection, user_id: int, *, by_id: int, now: datetime) -> None:
    """Shuts somebody out: their chat and those they manage are told nothing any more, and keep what they have."""
    _decide(connection, user_id, PersonState.BLOCKED, by_id=by_id, now=now)
    for chat_id in _chats_of(connection, user_id):
        set_unreachable(connection, chat_id, SHUT_OUT)


def forget_person(connection: Connection, user_id: int, telegram: TelegramSettings) -> bool:
    """Somebody is as unknown as anybody else again, with the usual limits. False if they were."""
    connection.execute(delete(own_limits).where(own_limits.c.user_id == user_id))
    gone = connection.execute(delete(people).where(people.c.user_id == user_id, people.c.state != PersonState.LEAVING))
    _reopen(connection, user_id)
    attend(connection, telegram)
    return gone.rowcount > 0


def answer_once(connection: Connection, user_id: int, *, now: datetime) -> bool:
    """Whether somebody who is shut out has not been told so yet; from now on they have."""
    told = update(people).where(people.c.user_id == user_id, people.c.answered_at.is_(None)).values(answered_at=now)
    return connection.execute(told).rowcount > 0


def invite(
    connection: Connection, by_id: int, *, now: datetime, expires_at: datetime | None = None, uses: int | None = 1
) -> Invitation:
    made = Invitation(secrets.token_urlsafe(16), by_id, now, expires_at, uses)
    connection.execute(
        invitations.insert().values(
            token=made.token, by_id=by_id, created_at=now, expires_at=expires_at, uses_left=uses
        )
    )
    return made


def open_invitations(connection: Connection, *, now: datetime) -> list[Invitation]:
    """Those that still let somebody in, the latest first."""
    rows = connection.execute(select(invitations).where(_holds(now)).order_by(invitations.c.created_at.desc()))
    return [Invitation(row.token, row.by_id, row.created_at, row.expires_at, row.uses_left) for row in rows]


def revoke_invitation(connection: Connection, token: str) -> bool:
    """False if there was none. Whom it let in stays."""
    return connection.execute(delete(invitations).where(invitations.c.token == token)).rowcount > 0


def take_invitation(connection: Connection, token: str, user_id: int, *, now: datetime) -> bool:
    """Lets the person in by an invitation and uses it once; False if it does not hold (any more)."""
    by_id = connection.scalar(
        update(invitations)
        .where(invitations.c.token == token, _holds(now))
        .values(uses_left=invitations.c.uses_left - 1)
        .returning(invitations.c.by_id)
    )
    if by_id is None:
        return False
    allow(connection, user_id, by_id=by_id, now=now)
    return True


def _holds(now: datetime) -> ColumnElement[bool]:
    return or_(invitations.c.uses_left.is_(None), invitations.c.uses_left > 0) & or_(
        invitations.c.expires_at.is_(None), invitations.c.expires_at > now
    )


def _decide(connection: Connection, user_id: int, state: PersonState, *, by_id: int, now: datetime) -> None:
    values = {"state": state, "since": now, "by_id": by_id, "answered_at": None}
    connection.execute(
        insert(connection, people)
        .values(user_id=user_id, **values)
        .on_conflict_do_update(index_elements=["user_id"], set_=values, where=people.c.state != PersonState.LEAVING)
    )


def _chats_of(connection: Connection, user_id: int) -> set[int]:
    """Telegram's numbers of the person's private chat and of those that are managed from it."""
    private = chats.alias()
    kept = connection.scalars(
        select(chats.c.telegram_chat_id)
        .join(private, chats.c.keeper_id == private.c.id)
        .where(private.c.transport == Transport.TELEGRAM, private.c.telegram_chat_id == user_id)
    )
    return {user_id, *kept}


def _reopen(connection: Connection, user_id: int) -> None:
    reopened = connection.scalars(
        update(chats)
        .where(chats.c.transport == Transport.TELEGRAM, chats.c.telegram_chat_id.in_(_chats_of(connection, user_id)))
        .where(chats.c.state_reason.in_([SHUT_OUT, NOT_LET_IN]))
        .values(state=ChatState.ACTIVE, state_reason=None)
        .returning(chats.c.id)
    ).all()
    lanes.refresh(connection, reopened)
