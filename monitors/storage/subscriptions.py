"""Subscriptions as rows: who takes what, by which rules, and what is muted."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    and_,
    case,
    delete,
    exists,
    func,
    literal,
    or_,
    select,
    update,
)

from monitors.alerts import Cause, DeliveryState, Verdict
from monitors.chats import ChatState
from monitors.local_time import midnight
from monitors.pauses import from_rows
from monitors.storage.pauses import note_pause
from monitors.storage.portions import portions
from monitors.storage.tables import alerts, chats, deliveries, mutes, subscriptions, watches, watchlists
from monitors.storage.upserts import insert
from monitors.subscriptions import Mode, Mute, MuteKind, Rules, Subscription, SubscriptionState, Taker
from monitors.watchlists import DEFAULT_WATCHLIST, SHARED_NAME, UNTOLD_NAME, WatchState

_ACTIVE = SubscriptionState.ACTIVE.value


def name_for(reader_id: int | ColumnElement[int]) -> ColumnElement[str]:
    """The watchlist's name for those who read in this chat, given a join of subscriptions and watchlists: whoever has a
    list of theirs told in a group does not say what they call it; whoever shares one does, if they call it anything."""
    of_others = watchlists.c.chat_id != reader_id
    unnamed = and_(of_others, watchlists.c.name == DEFAULT_WATCHLIST)
    return case((and_(of_others, subscriptions.c.owned), UNTOLD_NAME), (unnamed, SHARED_NAME), else_=watchlists.c.name)


def numbers_of_nameless(connection: Connection, chat_id: int) -> dict[int, int]:
    """Numbers from 1 for the subscriptions of this chat to watchlists of others whose names are not told in it, and for
    those to shared ones that have none, if it has several of these or of those."""
    nameless = (
        select(subscriptions.c.id, subscriptions.c.owned)
        .join(watchlists, subscriptions.c.watchlist_id == watchlists.c.id)
        .where(subscriptions.c.chat_id == chat_id, watchlists.c.chat_id != chat_id, watchlists.c.removed_at.is_(None))
        .where(or_(subscriptions.c.owned, watchlists.c.name == DEFAULT_WATCHLIST))
        .order_by(watchlists.c.id)
    )
    alike: dict[bool, list[int]] = {True: [], False: []}
    for row in connection.execute(nameless):
        alike[row.owned].append(row.id)
    several = (ids for ids in alike.values() if len(ids) > 1)
    return {subscription_id: number for ids in several for number, subscription_id in enumerate(ids, 1)}


def subscribe(
    connection: Connection,
    chat_id: int,
    *,
    watchlist_id: int | None = None,
    outlet_id: int | None = None,
    owned: bool = True,
    now: datetime,
) -> Subscription:
    """The chat's subscription to the watchlist or the outlet, made with the usual rules if it had none."""
    taken = {"chat_id": chat_id, "watchlist_id": watchlist_id, "outlet_id": outlet_id}
    rules = Rules()
    connection.execute(
        insert(connection, subscriptions)
        .values(**taken, owned=owned, state=_ACTIVE, since=now, mode=rules.mode, digest_at=rules.digest_at)
        .on_conflict_do_nothing()
    )
    of = [subscriptions.c[name] == value for name, value in taken.items() if value is not None]
    return subscription_of(connection.execute(select(subscriptions).where(*of)).one())


def unsubscribe(connection: Connection, subscription_id: int) -> bool:
    """False if it was over already."""
    return connection.execute(delete(subscriptions).where(subscriptions.c.id == subscription_id)).rowcount > 0


def hand_over(connection: Connection, old: int, new: int) -> None:
    """What the chat `old` took, `new` takes instead, by the same rules; what it took already, by its own."""
    mine = update(subscriptions).where(subscriptions.c.chat_id == old)
    for column in (subscriptions.c.watchlist_id, subscriptions.c.outlet_id):
        taken = select(column).where(subscriptions.c.chat_id == new, column.is_not(None))
        connection.execute(mine.where(column.is_not(None), column.not_in(taken)).values(chat_id=new))
    connection.execute(delete(subscriptions).where(subscriptions.c.chat_id == old))


def find_subscription(connection: Connection, subscription_id: int) -> Subscription | None:
    row = connection.execute(select(subscriptions).where(subscriptions.c.id == subscription_id)).one_or_none()
    return None if row is None else subscription_of(row)


def subscriptions_of(connection: Connection, chat_id: int) -> list[Subscription]:
    """What the chat takes, in the order in which it began to."""
    rows = connection.execute(
        select(subscriptions).where(subscriptions.c.chat_id == chat_id).order_by(subscriptions.c.id)
    )
    return [subscription_of(row) for row in rows]


def destinations_of(connection: Connection, watchlist_id: int) -> list[Subscription]:
    """Who takes the watchlist: those its owner sends it to first."""
    rows = connection.execute(
        select(subscriptions)
        .where(subscriptions.c.watchlist_id == watchlist_id)
        .order_by(subscriptions.c.owned.desc(), subscriptions.c.id)
    )
    return [subscription_of(row) for row in rows]


def set_rules(connection: Connection, subscription_id: int, rules: Rules) -> None:
    connection.execute(
        update(subscriptions)
        .where(subscriptions.c.id == subscription_id)
        .values(
            mode=rules.mode,
            digest_at=rules.digest_at,
            quiet_from=rules.quiet_from,
            quiet_to=rules.quiet_to,
            daily_limit=rules.daily_limit,
        )
    )


def set_subscription_state(
    connection: Connection, subscription_id: int, state: SubscriptionState, *, now: datetime
) -> None:
    """Resumed, it tells what had come before it was paused and was due meanwhile."""
    this = subscriptions.c.id == subscription_id
    connection.execute(update(subscriptions).where(this).values(state=state))
    paused = state is SubscriptionState.PAUSED
    note_pause(connection, subscriptions, subscription_id, paused=paused, now=now)
    if state is SubscriptionState.ACTIVE:
        wake(connection, this)


def wake(connection: Connection, of: ColumnElement[bool]) -> None:
    """What rests in the chats of these subscriptions (a condition) because something was paused is looked at again:
    whatever is still paused goes on resting."""
    chat_ids = select(subscriptions.c.chat_id).where(of)
    paused = select(alerts.c.id).where(alerts.c.id == deliveries.c.alert_id, alerts.c.reason == Cause.PAUSED)
    resting = (deliveries.c.chat_id.in_(chat_ids), deliveries.c.state == DeliveryState.HELD, paused.exists())
    connection.execute(update(deliveries).where(*resting).values(not_before=deliveries.c.created_at))


def takers_of(
    connection: Connection, watch_ids: Collection[int], *, outlet_id: int, language: str | None, zone: str
) -> list[Taker]:
    """Who is to be told of an article of this outlet, in this language (IETF tag), that these watches meet.

    `zone` is that of chats which have none of their own. Chats that may not be written to take what waits for them.
    """
    found = [_taker(row, zone) for row in connection.execute(_taking().where(subscriptions.c.outlet_id == outlet_id))]
    of_watches = (
        _taking(watches.c.id)
        .add_columns(watchlists.c.outlets, watchlists.c.languages)
        .join(watchlists, subscriptions.c.watchlist_id == watchlists.c.id)
        .join(watches, watches.c.watchlist_id == watchlists.c.id)
        .where(watches.c.state == WatchState.ACTIVE, watchlists.c.removed_at.is_(None))
        .where(watchlists.c.paused_at.is_(None))
    )
    for ids in portions(sorted(watch_ids)):
        for row in connection.execute(of_watches.where(watches.c.id.in_(ids))):
            if is_of(row.outlets, outlet_id) and is_in(row.languages, language):
                found.append(_taker(row, zone))
    return found


def told_today(connection: Connection, taken: Iterable[Taker], *, now: datetime) -> dict[int, int]:
    """For subscriptions with a limit: how many alerts they have brought their chat since midnight there, without those
    that were added to others."""
    limited = {taker.subscription_id: taker.zone for taker in taken if taker.rules.daily_limit is not None}
    told = dict.fromkeys(limited, 0)
    for zone in set(limited.values()):
        for ids in portions([number for number in limited if limited[number] == zone]):
            rows = connection.execute(
                select(alerts.c.subscription_id, func.count())
                .where(alerts.c.subscription_id.in_(ids), alerts.c.created_at >= midnight(now, ZoneInfo(zone)))
                .where(alerts.c.verdict.in_([Verdict.NOW, Verdict.HELD]), ~was_added())
                .group_by(alerts.c.subscription_id)
            )
            told |= {row[0]: row[1] for row in rows}
    return told


def was_added() -> ColumnElement[bool]:
    """Whether an alert was added to the message of another one, or is to be."""
    mine = deliveries.c.alert_id == alerts.c.id
    return exists().where(mine, deliveries.c.edits, deliveries.c.told_in.is_not(None))


def mute(connection: Connection, mute: Mute, *, now: datetime) -> int:
    """Hushes; the number by which it can be taken back. What is hushed already is hushed until then instead."""
    unmute(connection, mute.chat_id, mute.kind, mute.target_id)
    made = connection.execute(
        mutes.insert().values(
            chat_id=mute.chat_id, kind=mute.kind, target_id=mute.target_id, until=mute.until, since=now
        )
    ).inserted_primary_key
    assert made is not None
    return int(made[0])


def unmute(connection: Connection, chat_id: int, kind: MuteKind, target_id: int | None = None) -> bool:
    """False if it was not muted."""
    target = mutes.c.target_id.is_(None) if target_id is None else mutes.c.target_id == target_id
    gone = connection.execute(delete(mutes).where(mutes.c.chat_id == chat_id, mutes.c.kind == kind, target))
    return gone.rowcount > 0


def mutes_of(connection: Connection, chat_ids: Collection[int], *, now: datetime) -> list[Mute]:
    """What is muted now in these chats."""
    found: list[Mute] = []
    for ids in portions(sorted(chat_ids)):
        rows = connection.execute(
            select(mutes)
            .where(mutes.c.chat_id.in_(ids), or_(mutes.c.until.is_(None), mutes.c.until > now))
            .order_by(mutes.c.id)
        )
        found += [Mute(row.chat_id, MuteKind(row.kind), row.target_id, row.until) for row in rows]
    return found


def _taking(watch: Any = None) -> Select[Any]:
    watch_id = literal(None) if watch is None else watch
    return (
        select(subscriptions, chats.c.time_zone, watch_id.label("watch_id"))
        .join(chats, subscriptions.c.chat_id == chats.c.id)
        .where(subscriptions.c.state == _ACTIVE, chats.c.state != ChatState.UNREACHABLE)
    )


def _taker(row: Row[Any], zone: str) -> Taker:
    return Taker(row.chat_id, row.id, row.watch_id, _rules(row), row.time_zone or zone)


def is_of(outlets: Sequence[int] | None, outlet_id: int) -> bool:
    """Whether a watchlist with these outlets (None: any) looks at that one."""
    return outlets is None or outlet_id in outlets


def is_in(languages: Sequence[str] | None, language: str | None) -> bool:
    """Whether a watchlist with these languages (codes; None: any) looks at articles in that one (IETF tag)."""
    return languages is None or (language or "").partition("-")[0].lower() in languages


def _rules(row: Row[Any]) -> Rules:
    return Rules(Mode(row.mode), row.digest_at, row.quiet_from, row.quiet_to, row.daily_limit)


def subscription_of(row: Row[Any]) -> Subscription:
    """From a row of the table, or one that has its columns."""
    state = SubscriptionState(row.state)
    return Subscription(
        id=row.id,
        chat_id=row.chat_id,
        watchlist_id=row.watchlist_id,
        outlet_id=row.outlet_id,
        owned=row.owned,
        rules=_rules(row),
        state=state,
        since=row.since,
        pauses=from_rows(row.pauses),
    )
