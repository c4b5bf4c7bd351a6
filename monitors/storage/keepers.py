"""Who hears in private that a chat cannot be told anything any more: whoever manages it, or who is next in line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select, union

from monitors.chats import Chat, ChatAddress, ChatState, Transport
from monitors.storage.chats import find_chat, keep
from monitors.storage.tables import chats, crawl_requests, discoveries, subscriptions, watchlists


@dataclass(frozen=True, slots=True)
class Hearers:
    """Private chats, by their ids. `instead` of somebody who cannot be reached: by one who can put it right, and who
    manages the chat from now on, or by the `operators`, who can only know of it."""

    chats: Sequence[int]
    instead: bool = False
    operators: bool = False


def hearers_of(connection: Connection, place: Chat, operators: Sequence[ChatAddress], *, left: bool) -> Hearers:
    """Nobody hears of a chat that nobody set up when its own people threw the bot out (`left`)."""
    if place.keeper_id is not None and _reachable(connection, [place.keeper_id]):
        return Hearers([place.keeper_id])
    if place.keeper_id is None and (asked := _who_set_up(connection, place)):
        keep(connection, place.id, asked[0])
        return Hearers(asked[:1])
    successor = next(iter(_owners(connection, place) or _administrators(connection, place)), None)
    if successor is not None:
        keep(connection, place.id, successor)
        return Hearers([successor], instead=True)
    if left and place.keeper_id is None:
        return Hearers([])
    found = [chat.id for address in operators if (chat := find_chat(connection, address)) is not None]
    return Hearers(_reachable(connection, found), instead=True, operators=True)


def _owners(connection: Connection, place: Chat) -> list[int]:
    """Whose watchlists are told there by their own wish; each was an administrator when they set that up."""
    told = (
        select(watchlists.c.chat_id)
        .join(subscriptions, subscriptions.c.watchlist_id == watchlists.c.id)
        .where(subscriptions.c.chat_id == place.id, subscriptions.c.owned, watchlists.c.chat_id != place.id)
        .order_by(subscriptions.c.id)
    )
    return _reachable(connection, connection.scalars(told).all())


def _who_set_up(connection: Connection, place: Chat) -> list[int]:
    """Who had something told there, in the place itself; else in another topic of it."""
    private = chats.alias()
    found = (
        select(private.c.id)
        .join(chats, chats.c.set_up_by == private.c.telegram_chat_id)
        .where(private.c.transport == Transport.TELEGRAM, private.c.thread_id == 0)
        .where(chats.c.transport == place.address.transport, chats.c.telegram_chat_id == place.address.chat_id)
        .order_by(chats.c.id != place.id, chats.c.id)
    )
    return _reachable(connection, connection.scalars(found).all())


def _administrators(connection: Connection, place: Chat) -> list[int]:
    """Who asked for something there that only administrators may."""
    everywhere = select(chats.c.id).where(
        chats.c.transport == place.address.transport, chats.c.telegram_chat_id == place.address.chat_id
    )
    asked = union(*(select(table.c.person_id).where(table.c.chat_id.in_(everywhere)) for table in _ASKED))
    people = select(chats.c.id).where(
        chats.c.transport == Transport.TELEGRAM, chats.c.thread_id == 0, chats.c.telegram_chat_id.in_(asked)
    )
    return _reachable(connection, connection.scalars(people.order_by(chats.c.id)).all())


_ASKED = (discoveries, crawl_requests)


def _reachable(connection: Connection, ids: Sequence[int]) -> list[int]:
    """Those of the chats, in this order, that are private and can be told something now."""
    found = connection.scalars(
        select(chats.c.id).where(
            chats.c.id.in_(ids),
            chats.c.state == ChatState.ACTIVE,
            (chats.c.telegram_chat_id > 0) | (chats.c.transport == Transport.CONSOLE),
        )
    )
    there = set(found)
    return [chat_id for chat_id in ids if chat_id in there]
