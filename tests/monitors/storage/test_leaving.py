"""Deleting everything of a person: nothing of theirs is left in any row, and everybody else keeps what they have."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

import pytest
from sqlalchemy import Connection, select, update

from monitors.alerts import Cause, DeliveryKind, DeliveryState, Judgement, Match, NewDelivery, Verdict
from monitors.chats import Chat
from monitors.requests import DiscoveryKind
from monitors.storage import inbox as inbox_rows
from monitors.storage.articles import save
from monitors.storage.broadcasts import draft_broadcast
from monitors.storage.chats import find_chat
from monitors.storage.decisions import record_decision
from monitors.storage.deliveries import enqueue
from monitors.storage.dialogs import open_dialog
from monitors.storage.engine import Database
from monitors.storage.followers import add_follower
from monitors.storage.forgetting import forget_answers
from monitors.storage.inbox import mark_handled, store_updates
from monitors.storage.leaving import FORGOTTEN_AFTER, begin_leaving, leave_on, whoever_leaves
from monitors.storage.people import allow, invite
from monitors.storage.places import bar
from monitors.storage.revisions import changes_since
from monitors.storage.searches import open_search
from monitors.storage.shares import find_shared, tell_of_ends
from monitors.storage.subscriptions import mute, subscribe, subscriptions_of
from monitors.storage.tables import (
    chats,
    crawl_requests,
    deliveries,
    discoveries,
    inbox,
    matches,
    metadata,
    saved_articles,
    shares,
    watches,
    watchlists,
)
from monitors.storage.watches import add_watch, list_watches
from monitors.storage.watchlists import delete_watchlist, watchlists_of
from monitors.subscriptions import Mute, MuteKind
from monitors.watchlists import UNDO
from tests.rows import NOW, a_new_article, a_telegram_chat, an_outlet

SARA = 987_654_321_012
WORD, NAME, USERNAME, LIST = "زنجبيل", "سارة القمر", "sara_of_the_moon", "قائمة الزعفران"
LATER = NOW + FORGOTTEN_AFTER


def everything(connection: Connection) -> str:
    """All rows of all tables, as text."""
    return "\n".join(str(tuple(row)) for table in metadata.sorted_tables for row in connection.execute(select(table)))


def a_full_life(connection: Connection) -> tuple[Chat, Chat]:
    """Somebody with something in every table that can hold something of a person, and a group she manages."""
    sara, group = a_telegram_chat(connection, SARA), a_telegram_chat(connection, -500)
    connection.execute(update(chats).where(chats.c.id == sara.id).values(title=NAME))
    connection.execute(update(chats).where(chats.c.id == group.id).values(keeper_id=sara.id))
    watch, _ = add_watch(connection, sara.id, WORD, now=NOW)
    subscribe(connection, group.id, watchlist_id=watch.watchlist_id, now=NOW)
    outlet, _ = an_outlet(connection)
    subscribe(connection, sara.id, outlet_id=outlet.id, now=NOW)
    (first,) = save(connection, [a_new_article(outlet, 1)], now=NOW)
    verdicts = [Judgement(chat.id, Verdict.NOW, Cause.TAKEN) for chat in (sara, group)]
    record_decision(connection, first, [Match(watch.id, {"title": ((0, 3),)})], verdicts, now=NOW)
    connection.execute(saved_articles.insert().values(chat_id=sara.id, article_id=first, saved_at=NOW))
    connection.execute(shares.insert().values(token=f"token-{SARA}", watchlist_id=watch.watchlist_id, created_at=NOW))
    open_search(connection, sara.id, WORD, now=NOW)
    mute(connection, Mute(sara.id, MuteKind.OUTLET, outlet.id, None), now=NOW)
    mute(connection, Mute(group.id, MuteKind.WATCH, watch.id, None), now=NOW)
    for chat in (sara, group):
        open_dialog(connection, chat.id, SARA, "name", {"word": WORD}, until=LATER)
        enqueue(connection, NewDelivery(chat.id, DeliveryKind.REPLY, {"message": "?"}), now=NOW)
        connection.execute(
            crawl_requests.insert().values(
                outlet_id=outlet.id, chat_id=chat.id, person_id=SARA, requested_at=NOW, state="done"
            )
        )
        connection.execute(
            discoveries.insert().values(
                chat_id=chat.id,
                person_id=SARA,
                kind=DiscoveryKind.ADDRESS,
                address="https://a.example",
                state="done",
                requested_at=NOW,
                outlet_id=outlet.id,
                added=True,
            )
        )
        add_follower(connection, outlet.id, chat.id, now=NOW)
    herself = {"id": SARA, "first_name": NAME, "username": USERNAME}
    written = [{"update_id": 1, "message": {"from": herself, "chat": herself, "text": WORD}}]
    written += [{"update_id": 2, "callback_query": {"from": {"id": SARA}, "message": {"chat": {"id": -500}}}}]
    written += [{"update_id": 4, "message": {"from": {"id": 8}, "chat": {"id": -500}, "reply_to": {"from": herself}}}]
    written += [{"update_id": 3, "message": {"from": {"id": 8}, "chat": {"id": 8}, "text": f"about {SARA}"}}]
    store_updates(connection, written, now=NOW)
    for number in (1, 2, 3, 4):
        mark_handled(connection, number, now=NOW)
    allow(connection, 8, by_id=SARA, now=NOW)
    invite(connection, SARA, now=NOW)
    connection.execute(update(watchlists).where(watchlists.c.id == watch.watchlist_id).values(name=LIST))
    other = a_telegram_chat(connection, 9)
    subscribe(connection, other.id, watchlist_id=watch.watchlist_id, owned=False, now=NOW)
    enqueue(connection, NewDelivery(other.id, DeliveryKind.REPLY, {"message": {"text": f"{LIST}: {WORD}"}}), now=NOW)
    draft_broadcast(connection, SARA, {"text": "maintenance"}, now=NOW)
    bar(connection, 0, group, "not enough rights", topic=False, now=NOW)
    return sara, group


def test_nothing_is_left_of_somebody_who_leaves(database: Database) -> None:
    with database.engine.begin() as connection:
        _, group = a_full_life(connection)
        begin_leaving(connection, SARA, now=NOW)
    assert steps(database) > 10
    with database.engine.begin() as connection:
        connection.execute(update(deliveries).values(state=DeliveryState.SENT))
        assert WORD in everything(connection), "an answer shows it to somebody it was shared with"
        assert not forget_answers(connection, before=NOW + timedelta(seconds=1)), "there are no more"
        left = everything(connection)
        assert left.count(str(SARA)) == left.count(f"about {SARA}") == 1, "what others wrote stays as they wrote it"
        assert [trace for trace in (WORD, NAME, USERNAME, LIST) if trace in left] == []
        assert set(connection.scalars(select(chats.c.keeper_id))) == {None}
        assert [one.outlet_id for one in subscriptions_of(connection, group.id)] == []
        assert connection.execute(select(matches)).all() == []
        assert {row.chat_id for row in connection.execute(select(deliveries))} == {group.id, group.id + 1}


def test_from_the_first_moment_nobody_takes_what_was_theirs(database: Database) -> None:
    with database.engine.begin() as connection:
        sara, group = a_full_life(connection)
        token = connection.scalar(select(shares.c.token))
        assert token is not None
        begin_leaving(connection, SARA, now=NOW)
        for chat_id in (sara.id, group.id, group.id + 1):
            assert subscriptions_of(connection, chat_id) == []
        assert find_shared(connection, token) is None


@pytest.mark.parametrize("told_before", [False, True])
def test_whoever_took_a_list_that_was_just_deleted_hears_of_it_once(database: Database, told_before: bool) -> None:
    left_at = NOW + UNDO + timedelta(seconds=1) if told_before else NOW + UNDO / 2
    with database.engine.begin() as connection:
        sara, reader = a_telegram_chat(connection, SARA), a_telegram_chat(connection, 9)
        add_watch(connection, sara.id, WORD, now=NOW)
        (mine,) = watchlists_of(connection, sara.id)
        subscribe(connection, reader.id, watchlist_id=mine.id, owned=False, now=NOW)
        delete_watchlist(connection, mine, now=NOW)
        tell_of_ends(connection, now=left_at)
        begin_leaving(connection, SARA, now=left_at)
        told = connection.execute(select(deliveries).where(deliveries.c.kind == DeliveryKind.NOTICE)).all()
        assert [(one.chat_id, one.payload["notice"]) for one in told] == [(reader.id, "list_ended")]


class CutError(Exception):
    """The process ends here."""


def test_a_cut_in_the_middle_of_any_step_leaves_all_or_nothing(database: Database) -> None:
    """Nothing of a transaction stays that was cut off before its end; and going on, nothing of her is left."""

    def cut(step: Callable[[Connection], object]) -> None:
        before = database.read_now(everything)

        def dying(connection: Connection) -> None:
            step(connection)
            raise CutError

        with pytest.raises(CutError):
            database.write_now(dying)
        assert database.read_now(everything) == before

    with database.engine.begin() as connection:
        a_full_life(connection)
    cut(partial(begin_leaving, user_id=SARA, now=NOW))
    assert database.read_now(whoever_leaves, now=LATER) == [], "she stays, with all she has"
    database.write_now(begin_leaving, SARA, now=NOW)
    going_on = True
    while going_on:
        cut(partial(leave_on, user_id=SARA, now=LATER))
        assert database.read_now(whoever_leaves, now=LATER) == [SARA], "the next process goes on"
        going_on = database.write_now(leave_on, SARA, now=LATER)
    assert str(SARA) not in database.read_now(everything).replace(f"about {SARA}", "")


def test_no_table_that_knows_chats_is_forgotten(database: Database) -> None:
    with database.engine.begin() as connection:
        sara, _ = a_full_life(connection)
        known = [
            key.parent for table in metadata.sorted_tables for key in table.foreign_keys if key.column is chats.c.id
        ]
        assert len(known) > 10
        for column in known:
            assert connection.scalar(select(column).where(column == sara.id)), f"{column} is not in this test"


def steps(database: Database) -> int:
    """How many transactions it took until nobody leaves any more."""
    taken = 0
    for user_id in database.read_now(whoever_leaves, now=LATER):
        taken += 1
        while database.write_now(leave_on, user_id, now=LATER):
            taken += 1
    assert database.read_now(whoever_leaves, now=LATER) == []
    return taken


def test_the_index_of_watches_hears_of_it_before_the_rows_go(database: Database) -> None:
    with database.engine.begin() as connection:
        a_full_life(connection)
        before = max(change.revision for change in changes_since(connection, 0))
        begin_leaving(connection, SARA, now=NOW)
        assert [change.query for change in changes_since(connection, before)] == [None]
        assert whoever_leaves(connection, now=LATER - timedelta(seconds=1)) == []
        assert connection.execute(select(watches)).one().query == WORD


def test_subscribers_are_told_that_a_watchlist_has_ended(database: Database) -> None:
    with database.engine.begin() as connection:
        sara, other = a_telegram_chat(connection, SARA), a_telegram_chat(connection, 8)
        watch, _ = add_watch(connection, sara.id, WORD, now=NOW)
        subscribe(connection, other.id, watchlist_id=watch.watchlist_id, owned=False, now=NOW)
        begin_leaving(connection, SARA, now=NOW)
        told = connection.execute(select(deliveries)).one()
        assert (told.chat_id, told.payload) == (other.id, {"notice": "list_ended", "name": "default"})


def test_others_keep_what_they_have(database: Database) -> None:
    with database.engine.begin() as connection:
        other = a_telegram_chat(connection, 8)
        add_watch(connection, other.id, "نفط", now=NOW)
        a_full_life(connection)
        begin_leaving(connection, SARA, now=NOW)
    steps(database)
    with database.engine.begin() as connection:
        assert find_chat(connection, other.address) == other
        assert [watch.query for watch in list_watches(connection, other.id)] == ["نفط"]
        assert len(subscriptions_of(connection, other.id)) == 1


def test_what_somebody_wrote_goes_some_updates_at_a_time(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inbox_rows, "LOOKED_AT_ONCE", 2)

    def words() -> list[str]:
        rows = database.read_now(lambda connection: connection.scalars(select(inbox.c.payload)).all())
        return [payload["message"]["text"] for payload in rows if payload]

    def written(number: int, user_id: int, *, at: datetime) -> None:
        message = {"from": {"id": user_id}, "text": f"{user_id} {number}"}
        with database.engine.begin() as connection:
            store_updates(connection, [{"update_id": number, "message": message}], now=NOW)
            mark_handled(connection, number, now=at)

    for number, user_id in enumerate((SARA, 8, 8, SARA, 8, SARA), 1):
        written(number, user_id, at=NOW)
    with database.engine.begin() as connection:
        a_telegram_chat(connection, SARA)
        begin_leaving(connection, SARA, now=NOW)
    assert database.write_now(leave_on, SARA, now=LATER)
    assert words() == ["8 2", "8 3", f"{SARA} 4", "8 5", f"{SARA} 6"], "one transaction looks at so many"
    written(0, SARA, at=LATER)  # Telegram begins its numbers anew after a week of silence
    steps(database)
    assert words() == ["8 2", "8 3", "8 5"]
    assert str(SARA) not in database.read_now(everything)
