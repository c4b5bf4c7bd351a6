"""Chats that are barred and mended, shared watchlists, and everything a group takes along when it grows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import Connection, select

from monitors.alerts import Cause, DeliveryKind, DeliveryState, Judgement, NewDelivery, Verdict
from monitors.chats import Chat, ChatAddress, ChatState, Transport
from monitors.storage.articles import save
from monitors.storage.chats import ensure_chat, find_chat, get_chat, keep, kept_by, name_topic, set_language
from monitors.storage.decisions import record_decision
from monitors.storage.deliveries import claim, enqueue
from monitors.storage.dialogs import open_dialog, peek_dialog
from monitors.storage.engine import Database
from monitors.storage.places import bar, mend, move, proven, tell_of_leaving
from monitors.storage.searches import get_search, open_search
from monitors.storage.settlements import give_up_old
from monitors.storage.shares import count_of_others, find_shared, is_any_ended, revoke, share, tell_of_ends
from monitors.storage.subscriptions import mute, mutes_of, subscribe, subscriptions_of, takers_of
from monitors.storage.supergroups import migrate
from monitors.storage.tables import chats, deliveries, saved_articles
from monitors.storage.watches import add_watch
from monitors.storage.watchlists import delete_watchlist, watchlists_of
from monitors.subscriptions import Mute, MuteKind
from monitors.watchlists import UNDO
from tests.rows import NOW, SECOND, a_new_article, a_telegram_chat, an_outlet

OLD, NEW = -500, -1000000000500
RIGHTS = "Not enough rights to send text messages to the chat"


@pytest.fixture
def connection(database: Database) -> Iterator[Connection]:
    with database.engine.begin() as connection:
        yield connection


def a_topic(connection: Connection, thread_id: int, chat_id: int = NEW) -> Chat:
    address = ChatAddress(Transport.TELEGRAM, chat_id, thread_id)
    return ensure_chat(connection, address, now=NOW, language="ar", title="منتدى")


def test_what_is_new_of_a_group_speaks_the_language_of_its_general_or_else_of_its_first_topic(
    connection: Connection,
) -> None:
    def met(thread_id: int, language: str) -> str:
        address = ChatAddress(Transport.TELEGRAM, NEW, thread_id)
        return ensure_chat(connection, address, now=NOW, language=language).language

    assert met(12, "ar") == "ar"
    assert met(13, "en") == "ar"
    assert met(0, "en") == "ar"
    set_language(
        connection, ensure_chat(connection, ChatAddress(Transport.TELEGRAM, NEW), now=NOW, language="ar").id, "en"
    )
    assert [met(12, "en"), met(14, "ar")] == ["ar", "en"]
    assert a_telegram_chat(connection, 7, "en").language == "en"


def told_there(connection: Connection, keeper: Chat, *places: Chat) -> None:
    """The keeper's first watchlist is told in these places."""
    add_watch(connection, keeper.id, "نفط", now=NOW)
    (watchlist,) = watchlists_of(connection, keeper.id)
    for place in places:
        keep(connection, place.id, keeper.id)
        subscribe(connection, place.id, watchlist_id=watchlist.id, now=NOW)


def sending(connection: Connection, chat: Chat) -> int:
    """An alert-like delivery of the chat that is on its way."""
    number = enqueue(connection, NewDelivery(chat.id, DeliveryKind.DIGEST, {"n": chat.id}), now=NOW)
    assert number is not None
    claim(connection, Transport.TELEGRAM, now=NOW, limit=10)
    return number


def state_of(connection: Connection, chat: Chat) -> ChatState:
    found = get_chat(connection, chat.id)
    assert found is not None
    return found.state


def waiting_for(connection: Connection, chat: Chat) -> list[int]:
    """What is to be told there, oldest first."""
    mine = (deliveries.c.chat_id == chat.id, deliveries.c.state == DeliveryState.PENDING)
    return list(connection.scalars(select(deliveries.c.id).where(*mine).order_by(deliveries.c.id)))


def notices(connection: Connection, chat: Chat) -> list[str]:
    rows = connection.execute(
        select(deliveries.c.payload).where(deliveries.c.chat_id == chat.id, deliveries.c.kind == DeliveryKind.NOTICE)
    )
    return [row.payload.get("trouble", row.payload["notice"]) for row in rows]


def test_a_topic_is_barred_alone_and_its_keeper_told_once(connection: Connection) -> None:
    keeper, closed, other = a_telegram_chat(connection), a_topic(connection, 12), a_topic(connection, 13)
    told_there(connection, keeper, closed, other)
    delivery = sending(connection, closed)
    bar(connection, delivery, closed, "Topic_closed", topic=True, now=NOW)
    bar(connection, delivery, closed, "Topic_closed", topic=True, now=NOW)
    assert (state_of(connection, closed), state_of(connection, other)) == (ChatState.BARRED, ChatState.ACTIVE)
    assert notices(connection, keeper) == ["topic_closed"]


def test_rights_that_are_lost_bar_the_chat_with_its_topics_in_one_notice(connection: Connection) -> None:
    keeper, one, other = a_telegram_chat(connection), a_topic(connection, 12), a_topic(connection, 13)
    told_there(connection, keeper, one, other)
    bar(connection, sending(connection, one), one, RIGHTS, topic=False, now=NOW)
    assert state_of(connection, other) is ChatState.BARRED
    assert notices(connection, keeper) == ["rights"]


def test_a_barred_chat_that_is_written_in_is_tried_again_without_another_notice(connection: Connection) -> None:
    keeper, place = a_telegram_chat(connection), a_topic(connection, 12)
    told_there(connection, keeper, place)
    bar(connection, sending(connection, place), place, RIGHTS, topic=False, now=NOW)
    tried = a_topic(connection, 12)
    assert tried.state is ChatState.ACTIVE
    bar(connection, sending(connection, place), tried, RIGHTS, topic=False, now=NOW)
    assert notices(connection, keeper) == ["rights"]
    proven(connection, a_topic(connection, 12))
    bar(connection, sending(connection, place), place, RIGHTS, topic=False, now=NOW)
    assert notices(connection, keeper) == ["rights", "rights"]


def test_what_was_to_be_told_waits_for_a_week_and_answers_do_not(connection: Connection) -> None:
    keeper, place = a_telegram_chat(connection), a_topic(connection, 0)
    told_there(connection, keeper, place)
    refused = sending(connection, place)
    enqueue(connection, NewDelivery(place.id, DeliveryKind.REPLY, {"message": {}}), now=NOW)
    bar(connection, refused, place, RIGHTS, topic=False, now=NOW)
    later = enqueue(connection, NewDelivery(place.id, DeliveryKind.DIGEST, {}), now=NOW + timedelta(days=3))
    assert waiting_for(connection, place) == [refused, later]
    give_up_old(connection, before=NOW + timedelta(days=1), now=NOW + timedelta(days=8))
    assert waiting_for(connection, place) == [later]
    assert [one for one in claim(connection, Transport.TELEGRAM, now=NOW, limit=10) if one.chat.id == place.id] == []
    mend(connection, NEW)
    assert later in [one.id for one in claim(connection, Transport.TELEGRAM, now=NOW, limit=10)]


def test_a_chat_that_may_not_be_written_to_takes_what_is_found_meanwhile(connection: Connection) -> None:
    keeper, place = a_telegram_chat(connection), a_topic(connection, 12)
    told_there(connection, keeper, place)
    bar(connection, sending(connection, place), place, "Topic_closed", topic=True, now=NOW)
    takers = takers_of(connection, {1}, outlet_id=1, language="ar", zone="UTC")
    assert {taker.chat_id for taker in takers} == {keeper.id, place.id}


def test_general_gets_what_waits_for_a_topic_except_stories_it_was_told(connection: Connection) -> None:
    keeper, topic, general = a_telegram_chat(connection), a_topic(connection, 12), a_topic(connection, 0)
    told_there(connection, keeper, topic)
    (taken,) = subscriptions_of(connection, topic.id)
    outlet, _ = an_outlet(connection)
    news = save(connection, [a_new_article(outlet, number) for number in range(3)], now=NOW)
    for article_id in news:
        told = [Judgement(topic.id, Verdict.NOW, Cause.TAKEN, taken.id)]
        if article_id == news[1]:
            told.append(Judgement(general.id, Verdict.NOW, Cause.TAKEN, taken.id))
        record_decision(connection, article_id, [], told, now=NOW)
    mine = waiting_for(connection, topic)
    move(connection, topic.id, general.id)
    waiting = waiting_for(connection, general)
    assert waiting_for(connection, topic) == []
    assert [one for one in mine if one in waiting] == [mine[0], mine[2]]
    assert {one.chat_id for one in subscriptions_of(connection, general.id)} == {general.id}


def test_a_closed_topic_is_mended_only_by_its_own_number(connection: Connection) -> None:
    keeper, closed = a_telegram_chat(connection), a_topic(connection, 12)
    told_there(connection, keeper, closed)
    bar(connection, sending(connection, closed), closed, "Message thread not found", topic=True, now=NOW)
    assert notices(connection, keeper) == ["topic_deleted"]
    mend(connection, NEW)
    assert state_of(connection, closed) is ChatState.BARRED
    mend(connection, NEW, only=closed.id)
    assert state_of(connection, closed) is ChatState.ACTIVE


def test_nobody_hears_of_leaving_a_chat_that_was_told_nothing(connection: Connection) -> None:
    keeper, place = a_telegram_chat(connection), a_topic(connection, 0)
    keep(connection, place.id, keeper.id)
    tell_of_leaving(connection, NEW, now=NOW)
    assert notices(connection, keeper) == []


def test_a_link_is_the_same_until_it_is_revoked(connection: Connection) -> None:
    owner = a_telegram_chat(connection)
    told_there(connection, owner)
    (watchlist,) = watchlists_of(connection, owner.id)
    token = share(connection, watchlist.id, now=NOW)
    assert share(connection, watchlist.id, now=NOW) == token
    assert find_shared(connection, token) == watchlist
    assert revoke(connection, watchlist.id)
    assert find_shared(connection, token) is None
    assert share(connection, watchlist.id, now=NOW) != token


@pytest.mark.parametrize("met_before", [False, True])
def test_a_group_that_grows_takes_everything_along(connection: Connection, *, met_before: bool) -> None:
    """As both announcements and the refusal (400) make it, whether the new chat was met before or not."""
    keeper, group = a_telegram_chat(connection), a_telegram_chat(connection, OLD)
    told_there(connection, keeper, group)
    add_watch(connection, group.id, "قمح", now=NOW)
    (own,) = watchlists_of(connection, group.id)
    token = share(connection, own.id, now=NOW)
    outlet, _ = an_outlet(connection)
    mute(connection, Mute(group.id, MuteKind.OUTLET, outlet.id, None), now=NOW)
    article = _an_article(connection)
    connection.execute(saved_articles.insert().values(chat_id=group.id, article_id=article, saved_at=NOW))
    open_dialog(connection, group.id, 7, "name", {}, until=NOW + timedelta(hours=1))
    search = open_search(connection, group.id, "قمح", now=NOW)
    if met_before:
        a_telegram_chat(connection, NEW)
    for _ in range(2):  # each announcement says it
        migrate(connection, OLD, NEW)
    new = find_chat(connection, ChatAddress(Transport.TELEGRAM, NEW))
    assert new is not None
    assert len(subscriptions_of(connection, new.id)) == 2
    assert [one.target_id for one in mutes_of(connection, [new.id], now=NOW)] == [outlet.id]
    saved = connection.scalars(select(saved_articles.c.article_id).where(saved_articles.c.chat_id == new.id))
    assert list(saved) == [article]
    assert peek_dialog(connection, new.id, 7, now=NOW) == ("name", {})
    assert get_search(connection, new.id, search.id) == search
    assert [chat.id for chat in kept_by(connection, keeper.id)] == [new.id]
    shared = find_shared(connection, token)
    assert shared is not None
    assert shared.chat_id == new.id
    rows = connection.execute(select(chats.c.state).where(chats.c.telegram_chat_id == OLD)).all()
    assert all(row.state == ChatState.UNREACHABLE for row in rows)


def _an_article(connection: Connection) -> int:
    outlet, _ = an_outlet(connection, "أخرى")
    (number,) = save(connection, [a_new_article(outlet)], now=NOW)
    return number


def test_a_topic_is_called_as_at_first_until_it_is_renamed(connection: Connection) -> None:
    topic = a_topic(connection, 12)
    for said, name in ((None, None), ("Economy", "Economy"), ("Something else", "Economy")):
        assert ensure_chat(connection, topic.address, now=NOW, language="ar", topic=said).topic == name
    name_topic(connection, topic.address, "Markets")
    assert ensure_chat(connection, topic.address, now=NOW, language="ar", topic="Economy").topic == "Markets"


def test_subscribers_hear_once_of_a_watchlist_that_cannot_be_had_back(connection: Connection) -> None:
    owner, other, place = (a_telegram_chat(connection, number) for number in (7, 8, 9))
    told_there(connection, owner, place)
    (watchlist,) = watchlists_of(connection, owner.id)
    subscribe(connection, other.id, watchlist_id=watchlist.id, owned=False, now=NOW)
    delete_watchlist(connection, watchlist, now=NOW)
    late = NOW + UNDO + SECOND
    assert [tell_of_ends(connection, now=now) for now in (NOW + UNDO, late, late)] == [0, 1, 0]
    assert not is_any_ended(connection, now=late)
    assert notices(connection, other) == ["list_ended"]
    assert notices(connection, place) == []


def test_lists_of_others_come_to_a_chat_that_subscribes_and_where_their_owners_send_them(
    connection: Connection,
) -> None:
    keeper, place, reader = (a_telegram_chat(connection, number) for number in (7, OLD, 8))
    told_there(connection, keeper, place)
    (mine,) = watchlists_of(connection, keeper.id)
    subscribe(connection, reader.id, watchlist_id=mine.id, owned=False, now=NOW)
    assert [count_of_others(connection, one.id) for one in (keeper, place, reader)] == [0, 1, 1]
    delete_watchlist(connection, mine, now=NOW)
    assert [count_of_others(connection, one.id) for one in (keeper, place, reader)] == [0, 0, 0]
