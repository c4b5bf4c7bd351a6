"""Somebody wants everything of theirs deleted, and it is: watches, alerts, messages, requests, and what they wrote.

It takes several transactions, each of which leaves the rows in order, and a row says that it goes on (`LEAVING`), so an
end of the process at any moment is no end of it. First their watches are removed, by which the index of watches
forgets them; a moment later the rows go.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, Table, delete, or_, select, update

from monitors.alerts import DeliveryKind, NewDelivery
from monitors.chats import Transport
from monitors.people import PersonState
from monitors.storage.chats import set_unreachable
from monitors.storage.crawls import stop_following
from monitors.storage.deliveries import enqueue
from monitors.storage.discoveries import was_brought_by_chats
from monitors.storage.followers import drop_follower, followed_by, followers_of
from monitors.storage.inbox import forget_person as forget_what_was_written
from monitors.storage.inbox import forgot_person as forgot_what_was_written
from monitors.storage.revisions import next_revision
from monitors.storage.subscriptions import destinations_of
from monitors.storage.tables import (
    alerts,
    broadcasts,
    chats,
    crawl_requests,
    deliveries,
    dialogs,
    discoveries,
    followers,
    invitations,
    matches,
    mutes,
    own_limits,
    people,
    saved_articles,
    searches,
    shares,
    subscriptions,
    watches,
    watchlists,
)
from monitors.storage.upserts import insert
from monitors.subscriptions import MuteKind, SubscriptionState
from monitors.watchlists import WatchState

FORGOTTEN_AFTER = timedelta(seconds=60)
"""The index of watches reads what changed before it looks at an article, and has done so by then."""

AT_ONCE = 1_000
"""Rows that one transaction deletes."""


def begin_leaving(connection: Connection, user_id: int, *, now: datetime) -> None:
    """From now on nothing of theirs finds anything or is told, nobody takes a watchlist of theirs any more, and who
    subscribed to one is told."""
    values = {"state": PersonState.LEAVING, "since": now, "by_id": None, "answered_at": None}
    connection.execute(
        insert(connection, people)
        .values(user_id=user_id, **values)
        .on_conflict_do_update(index_elements=["user_id"], set_=values)
    )
    set_unreachable(connection, user_id, "its owner leaves")
    for row in connection.execute(select(watchlists).where(watchlists.c.chat_id.in_(_chats(user_id)))).all():
        payload = {"notice": "list_ended", "name": row.name}
        for one in destinations_of(connection, row.id):
            if not one.owned and one.state is not SubscriptionState.ENDED:  # else they have heard
                enqueue(connection, NewDelivery(one.chat_id, DeliveryKind.NOTICE, payload), now=now)
        _remove_watches(connection, row.id, now)
    connection.execute(delete(shares).where(_shared(user_id)))
    connection.execute(delete(subscriptions).where(_taken(user_id)))


def _remove_watches(connection: Connection, watchlist_id: int, now: datetime) -> None:
    of_list = watches.c.watchlist_id == watchlist_id
    ids = list(connection.scalars(select(watches.c.id).where(of_list, watches.c.state != WatchState.REMOVED)))
    if not ids:
        return
    last = next_revision(connection, len(ids))
    for revision, watch_id in enumerate(ids, last - len(ids) + 1):
        connection.execute(
            update(watches)
            .where(watches.c.id == watch_id)
            .values(state=WatchState.REMOVED, state_since=now, revision=revision)
        )


def whoever_leaves(connection: Connection, *, now: datetime) -> list[int]:
    """Of whom rows may be deleted by now."""
    return list(
        connection.scalars(
            select(people.c.user_id).where(
                people.c.state == PersonState.LEAVING, people.c.since <= now - FORGOTTEN_AFTER
            )
        )
    )


def leave_on(connection: Connection, user_id: int, *, now: datetime) -> bool:
    """The next step of somebody's leaving, a transaction of its own; false once nothing of theirs is left."""
    for step in _STEPS:
        if step(connection, user_id, now):
            return True
    forgot_what_was_written(connection, user_id)
    connection.execute(delete(people).where(people.c.user_id == user_id))
    connection.execute(delete(own_limits).where(own_limits.c.user_id == user_id))
    return False


_Step = Callable[[Connection, int, datetime], bool]
"""Deletes some rows of a person; whether there were any."""


def _chats(user_id: int) -> Select[Any]:
    """Their private chat."""
    return select(chats.c.id).where(chats.c.transport == Transport.TELEGRAM, chats.c.telegram_chat_id == user_id)


def _lists(user_id: int) -> Select[Any]:
    return select(watchlists.c.id).where(watchlists.c.chat_id.in_(_chats(user_id)))


def _watches(user_id: int) -> Select[Any]:
    return select(watches.c.id).where(watches.c.watchlist_id.in_(_lists(user_id)))


def _shared(user_id: int) -> ColumnElement[bool]:
    """The links to their watchlists."""
    return shares.c.watchlist_id.in_(_lists(user_id))


def _taken(user_id: int) -> ColumnElement[bool]:
    """What they take, and whoever takes their watchlists."""
    return subscriptions.c.watchlist_id.in_(_lists(user_id)) | subscriptions.c.chat_id.in_(_chats(user_id))


def _rows(table: Table, which: Callable[[int], ColumnElement[bool]]) -> _Step:
    """Deletes those rows, at most `AT_ONCE`."""
    key: Sequence[Any] = list(table.primary_key.columns)

    def step(connection: Connection, user_id: int, _: datetime) -> bool:
        some = connection.execute(select(*key).where(which(user_id)).limit(AT_ONCE)).all()
        for row in some:
            connection.execute(delete(table).where(*(column == value for column, value in zip(key, row, strict=True))))
        return bool(some)

    return step


def _unfollow(connection: Connection, user_id: int, now: datetime) -> bool:
    """An outlet that only they brought here and nobody else follows ends; what others follow is theirs from now on."""
    found = False
    for chat_id in connection.scalars(_chats(user_id)).all():
        for outlet_id in followed_by(connection, chat_id):
            found = drop_follower(connection, outlet_id, chat_id)
            others = followers_of(connection, outlet_id)
            if others:
                connection.execute(
                    update(discoveries)
                    .where(discoveries.c.chat_id == chat_id, discoveries.c.outlet_id == outlet_id, discoveries.c.added)
                    .values(chat_id=others[0], person_id=None, address="", result=None, delivery_id=None)
                )
            elif was_brought_by_chats(connection, outlet_id):
                stop_following(connection, outlet_id, now=now)
    return found


def _unname(connection: Connection, user_id: int, _: datetime) -> bool:
    """What others go on with, without a trace of them: groups they managed, crawls, invitations taken, broadcasts."""
    mine = chats.c.id.in_(_chats(user_id))
    connection.execute(update(chats).where(chats.c.keeper_id.in_(_chats(user_id))).values(keeper_id=None))
    connection.execute(update(chats).where(chats.c.set_up_by == user_id).values(set_up_by=None))
    connection.execute(
        update(crawl_requests)
        .where(or_(crawl_requests.c.chat_id.in_(_chats(user_id)), crawl_requests.c.person_id == user_id))
        .values(person_id=None)
    )
    connection.execute(
        update(crawl_requests)
        .where(crawl_requests.c.chat_id.in_(_chats(user_id)))
        .values(chat_id=None, delivery_id=None)
    )
    connection.execute(update(discoveries).where(discoveries.c.person_id == user_id).values(person_id=None))
    for decided in (people, own_limits):
        connection.execute(update(decided).where(decided.c.by_id == user_id).values(by_id=None))
    connection.execute(update(broadcasts).where(broadcasts.c.person_id == user_id).values(person_id=0))
    return connection.execute(delete(chats).where(mine)).rowcount > 0


def _unwrite(connection: Connection, user_id: int, _: datetime) -> bool:
    return forget_what_was_written(connection, user_id)


_STEPS: tuple[_Step, ...] = (
    _unwrite,
    _rows(matches, lambda who: matches.c.watch_id.in_(_watches(who))),
    _rows(mutes, lambda who: (mutes.c.kind == MuteKind.WATCH) & mutes.c.target_id.in_(_watches(who))),
    _rows(mutes, lambda who: mutes.c.chat_id.in_(_chats(who))),
    _rows(watches, lambda who: watches.c.watchlist_id.in_(_lists(who))),
    _rows(shares, _shared),  # of what was shared or taken just while they began to leave
    _rows(subscriptions, _taken),
    _rows(watchlists, lambda who: watchlists.c.chat_id.in_(_chats(who))),
    _rows(deliveries, lambda who: deliveries.c.chat_id.in_(_chats(who))),
    _rows(alerts, lambda who: alerts.c.chat_id.in_(_chats(who))),
    _rows(saved_articles, lambda who: saved_articles.c.chat_id.in_(_chats(who))),
    _rows(searches, lambda who: searches.c.chat_id.in_(_chats(who))),
    _rows(dialogs, lambda who: dialogs.c.chat_id.in_(_chats(who)) | (dialogs.c.person_id == who)),
    _unfollow,
    _rows(followers, lambda who: followers.c.chat_id.in_(_chats(who))),
    _rows(discoveries, lambda who: discoveries.c.chat_id.in_(_chats(who))),
    _rows(invitations, lambda who: invitations.c.by_id == who),
    _unname,
)
