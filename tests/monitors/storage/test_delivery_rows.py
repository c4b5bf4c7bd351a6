from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial

import pytest
from sqlalchemy import Connection, select
from sqlalchemy.exc import IntegrityError

from monitors.alerts import (
    MAX_REPEATS,
    Cause,
    Delivery,
    DeliveryKind,
    DeliveryState,
    Judgement,
    Match,
    NewDelivery,
    OnUncertain,
    Room,
    Verdict,
)
from monitors.chats import ChatAddress, ChatState, Transport
from monitors.outlets import Poll
from monitors.storage.alerts import get_alert
from monitors.storage.articles import pending_articles, save
from monitors.storage.chats import ensure_chat, find_chat
from monitors.storage.clock import mend
from monitors.storage.decisions import record_decision
from monitors.storage.delays import delivery_counts
from monitors.storage.deliveries import claim, enqueue, is_said_next, let_out, say_again
from monitors.storage.engine import Database
from monitors.storage.polls import due_sources
from monitors.storage.queues import hold_back
from monitors.storage.settlements import (
    chat_gone,
    give_up_chat,
    give_up_old,
    put_back,
    recover_in_flight,
    settle_sent,
    settle_uncertain,
    settle_undeliverable,
)
from monitors.storage.supergroups import migrate
from monitors.storage.tables import deliveries
from monitors.storage.watches import add_watch
from tests.rows import NOW, SECOND, a_new_article, a_telegram_chat, an_outlet


def say(connection: Connection, chat_id: int, text: str, kind: DeliveryKind = DeliveryKind.REPLY) -> None:
    enqueue(connection, NewDelivery(chat_id, kind, {"text": text}), now=NOW)


def claimed(database: Database, now: datetime = NOW, limit: int = 10) -> list[Delivery]:
    return database.write_now(claim, Transport.TELEGRAM, now=now, limit=limit)


def state_of(database: Database, delivery_id: int) -> str:
    query = select(deliveries.c.state).where(deliveries.c.id == delivery_id)
    return str(database.read_now(lambda connection: connection.scalar(query)))


def test_a_lane_is_first_in_first_out_and_one_at_a_time(database: Database) -> None:
    chat = database.write_now(a_telegram_chat)
    for text in ("first", "second"):
        database.write_now(say, chat.id, text)
    (first,) = claimed(database)
    assert first.payload == {"text": "first"}
    assert claimed(database) == []
    database.write_now(settle_sent, first.id, 100, now=NOW)
    (second,) = claimed(database)
    assert second.payload == {"text": "second"}


def test_what_is_about_to_be_said_is_known_until_it_leaves(database: Database) -> None:
    chat, other = (database.write_now(a_telegram_chat, number) for number in (1, 2))

    def waits(text: str, chat_id: int = chat.id) -> bool:
        return database.read_now(lambda connection: is_said_next(connection, chat_id, {"text": text}))

    assert not waits("no")
    database.write_now(say, chat.id, "no")
    assert waits("no")
    assert not waits("yes")
    assert not waits("no", other.id)
    claimed(database)
    assert not waits("no")


def test_lanes_do_not_wait_for_each_other(database: Database) -> None:
    chats = [database.write_now(a_telegram_chat, number) for number in (1, 2, 3)]
    for chat in chats:
        for text in ("a", "b"):
            database.write_now(say, chat.id, text)
    assert {delivery.chat.id for delivery in claimed(database)} == {chat.id for chat in chats}


def test_one_long_lane_does_not_hide_the_others(database: Database) -> None:
    busy, other = (database.write_now(a_telegram_chat, number) for number in (1, 2))
    for number in range(50):
        database.write_now(say, busy.id, str(number))
    database.write_now(say, other.id, "me too")
    claimed(database, limit=1)
    assert [delivery.chat.id for delivery in claimed(database, limit=1)] == [other.id]


def test_an_answer_goes_before_an_alert(database: Database) -> None:
    chat = database.write_now(a_telegram_chat)
    database.write_now(say, chat.id, "alert", DeliveryKind.ALERT)
    database.write_now(say, chat.id, "answer", DeliveryKind.REPLY)
    (delivery,) = claimed(database)
    assert delivery.payload == {"text": "answer"}


def test_two_deliveries_of_a_chat_cannot_be_in_flight_whatever_the_code_does(database: Database) -> None:
    chat = database.write_now(a_telegram_chat)
    for text in ("a", "b"):
        database.write_now(say, chat.id, text)
    with pytest.raises(IntegrityError):
        database.write_now(lambda connection: connection.execute(deliveries.update().values(state="sending")))


def test_what_was_not_accepted_is_tried_again_when_its_time_comes(database: Database) -> None:
    chat = database.write_now(a_telegram_chat)
    database.write_now(say, chat.id, "hello")
    (first,) = claimed(database)
    database.write_now(put_back, first.id, "no connection", again_at=NOW + 5 * SECOND)
    assert claimed(database) == []
    (again,) = claimed(database, NOW + 5 * SECOND)
    assert (again.attempts, again.repeats) == (2, 0)


def test_a_later_delivery_waits_behind_one_that_was_put_back(database: Database) -> None:
    chat = database.write_now(a_telegram_chat)
    for text in ("first", "second"):
        database.write_now(say, chat.id, text)
    (first,) = claimed(database)
    database.write_now(put_back, first.id, "no connection", again_at=NOW + 5 * SECOND)
    assert claimed(database, NOW + SECOND) == []


def test_a_resting_lane_rests_alone(database: Database) -> None:
    tired, fresh = (database.write_now(a_telegram_chat, number) for number in (1, 2))
    database.write_now(say, tired.id, "x")
    (first,) = claimed(database)
    database.write_now(put_back, first.id, "asked to wait", again_at=NOW + 30 * SECOND)
    database.write_now(say, fresh.id, "x")
    assert [delivery.chat.id for delivery in claimed(database)] == [fresh.id]
    assert [delivery.chat.id for delivery in claimed(database, NOW + 30 * SECOND)] == [tired.id]


def test_what_dying_processes_were_sending_is_repeated_marked_ever_later_and_at_last_listed(database: Database) -> None:
    chat = database.write_now(a_telegram_chat)
    database.write_now(say, chat.id, "hello")
    (first,) = claimed(database)
    assert first.repeats == 0
    now = NOW
    for repeat, wait_s in enumerate((0, 5, 30, 300, 1200), start=1):
        assert database.write_now(recover_in_flight, Transport.TELEGRAM, now=now) == 1
        assert claimed(database, now + wait_s * SECOND - SECOND) == []
        now += wait_s * SECOND
        (again,) = claimed(database, now)
        assert again.repeats == repeat
        database.write_now(let_out, again.id)
    database.write_now(recover_in_flight, Transport.TELEGRAM, now=now)
    assert claimed(database, now + 3600 * SECOND) == []
    assert state_of(database, first.id) == DeliveryState.UNCONFIRMED


def test_a_repeat_that_was_not_let_out_before_its_process_died_is_not_spent(database: Database) -> None:
    chat = database.write_now(a_telegram_chat)
    database.write_now(say, chat.id, "hello")
    claimed(database)
    for _ in range(MAX_REPEATS + 1):
        database.write_now(recover_in_flight, Transport.TELEGRAM, now=NOW)
        (again,) = claimed(database)
        assert again.repeats == 1
    database.write_now(let_out, again.id)
    database.write_now(recover_in_flight, Transport.TELEGRAM, now=NOW)
    (another,) = claimed(database, NOW + 5 * SECOND)
    assert another.repeats == 2


def test_an_uncertain_alert_holds_the_alerts_of_its_chat_until_it_is_repeated(database: Database) -> None:
    chat = database.write_now(a_telegram_chat)
    for text in ("first", "second"):
        database.write_now(say, chat.id, text, DeliveryKind.ALERT)
    (first,) = claimed(database)
    database.write_now(settle_uncertain, first.id, "timed out", now=NOW, again_at=NOW + 5 * SECOND)
    assert claimed(database) == []
    (again,) = claimed(database, NOW + 5 * SECOND)
    assert (again.id, again.repeats) == (first.id, 1)


def test_answers_pass_an_uncertain_alert(database: Database) -> None:
    chat = database.write_now(a_telegram_chat)
    for text in ("first", "second"):
        database.write_now(say, chat.id, text, DeliveryKind.ALERT)
    (first,) = claimed(database)
    database.write_now(settle_uncertain, first.id, "timed out", now=NOW, again_at=NOW + 5 * SECOND)
    database.write_now(say, chat.id, "pressed")
    (answer,) = claimed(database)
    assert answer.payload == {"text": "pressed"}
    database.write_now(settle_sent, answer.id, 5, now=NOW)
    assert claimed(database) == []
    assert [delivery.id for delivery in claimed(database, NOW + 5 * SECOND)] == [first.id]


def test_alerts_pass_an_uncertain_answer(database: Database) -> None:
    chat = database.write_now(a_telegram_chat)
    database.write_now(say, chat.id, "answer")
    (answer,) = claimed(database)
    database.write_now(settle_uncertain, answer.id, "timed out", now=NOW, again_at=NOW + 5 * SECOND)
    database.write_now(say, chat.id, "alert", DeliveryKind.ALERT)
    (alert,) = claimed(database)
    database.write_now(settle_sent, alert.id, 5, now=NOW)
    assert [delivery.id for delivery in claimed(database, NOW + 5 * SECOND)] == [answer.id]


@pytest.mark.parametrize(
    ("then", "state"),
    [(OnUncertain.HOLD, DeliveryState.UNCONFIRMED), (OnUncertain.ASSUME_SENT, DeliveryState.SENT)],
)
def test_the_operator_can_have_nothing_repeated(then: OnUncertain, state: DeliveryState, database: Database) -> None:
    chat = database.write_now(a_telegram_chat)
    for text in ("first", "second"):
        database.write_now(say, chat.id, text, DeliveryKind.ALERT)
    (first,) = claimed(database)
    database.write_now(settle_uncertain, first.id, "timed out", now=NOW, again_at=NOW, then=then)
    (second,) = claimed(database)
    database.write_now(recover_in_flight, Transport.TELEGRAM, now=NOW, then=then)
    assert [state_of(database, delivery.id) for delivery in (first, second)] == [state, state]
    assert claimed(database) == []


def test_what_may_have_arrived_is_said_anew_as_a_repeat(database: Database) -> None:
    chat = database.write_now(a_telegram_chat)

    def said_anew(settle: Callable[[Connection, int], None], repeats: int = 0) -> tuple[int, bool]:
        database.write_now(say, chat.id, "found so far")
        (first,) = claimed(database)
        for _ in range(repeats):
            database.write_now(settle_uncertain, first.id, "timed out", now=NOW, again_at=NOW)
            claimed(database)
        database.write_now(settle, first.id)
        assert database.write_now(say_again, first.id, DeliveryKind.PROGRESS)
        (again,) = claimed(database)
        database.write_now(settle_sent, first.id, 5, now=NOW)
        return again.repeats, again.edits

    def lost(connection: Connection, number: int, then: OnUncertain = OnUncertain.HOLD) -> None:
        settle_uncertain(connection, number, "timed out", now=NOW, again_at=NOW, then=then)

    assert said_anew(lost) == (1, False)
    assert said_anew(lost, repeats=MAX_REPEATS) == (1, False)
    assert said_anew(partial(lost, then=OnUncertain.ASSUME_SENT)) == (1, False)
    assert said_anew(partial(settle_undeliverable, error="too long", now=NOW), repeats=1) == (1, False)
    assert said_anew(partial(settle_undeliverable, error="too long", now=NOW)) == (0, False)
    assert said_anew(partial(settle_sent, message_id=5, now=NOW), repeats=1) == (1, True)
    assert said_anew(partial(settle_sent, message_id=None, now=NOW), repeats=1) == (0, False)


def test_an_interrupted_change_of_a_message_is_simply_made_again(database: Database) -> None:
    chat = database.write_now(a_telegram_chat)
    database.write_now(enqueue, NewDelivery(chat.id, DeliveryKind.REPLY, {"text": "screen"}, edits=True), now=NOW)
    (first,) = claimed(database)
    database.write_now(recover_in_flight, Transport.TELEGRAM, now=NOW, then=OnUncertain.HOLD)
    (again,) = claimed(database)
    assert (again.id, again.repeats) == (first.id, 0)


def test_what_waits_for_a_gone_chat_is_told_when_it_returns(database: Database) -> None:
    chat = database.write_now(a_telegram_chat, 7)
    for text in ("first", "second"):
        database.write_now(say, chat.id, text, DeliveryKind.ALERT)
    (first,) = claimed(database)
    database.write_now(chat_gone, first.id, 7, "bot was blocked by the user", now=NOW)
    database.write_now(say, chat.id, "third", DeliveryKind.ALERT)
    assert claimed(database) == []
    known = database.read_now(find_chat, chat.address)
    assert known is not None
    assert known.state is ChatState.UNREACHABLE
    back = database.write_now(ensure_chat, chat.address, now=NOW, language="en")
    assert (back.state, back.language) == (ChatState.ACTIVE, "ar")
    (again,) = claimed(database)
    assert (again.id, again.repeats) == (first.id, 0)


def test_answers_to_a_gone_chat_are_of_no_use_when_it_returns(database: Database) -> None:
    chat = database.write_now(a_telegram_chat, 7)
    for text in ("first", "second"):
        database.write_now(say, chat.id, text)
    (first,) = claimed(database)
    database.write_now(chat_gone, first.id, 7, "bot was blocked by the user", now=NOW)
    states = database.read_now(lambda connection: connection.scalars(select(deliveries.c.state)).all())
    assert states == [DeliveryState.UNDELIVERABLE] * 2


def test_what_waited_too_long_for_a_gone_chat_is_given_up(database: Database) -> None:
    chat, other = (database.write_now(a_telegram_chat, number) for number in (7, 8))
    for text in ("first", "second"):
        database.write_now(say, chat.id, text, DeliveryKind.ALERT)
    database.write_now(say, other.id, "reachable", DeliveryKind.ALERT)
    (first,) = claimed(database, limit=1)
    database.write_now(settle_uncertain, first.id, "timed out", now=NOW, again_at=NOW)
    database.write_now(give_up_chat, 7, "bot was blocked by the user", now=NOW)
    assert database.write_now(give_up_old, before=NOW, now=NOW) == 0
    assert database.write_now(give_up_old, before=NOW + SECOND, now=NOW) == 2
    states = database.read_now(
        lambda connection: connection.scalars(select(deliveries.c.state).order_by(deliveries.c.id)).all()
    )
    assert states == [DeliveryState.UNCONFIRMED, DeliveryState.UNDELIVERABLE, DeliveryState.PENDING]


@pytest.mark.parametrize("already_there", [False, True])
def test_a_group_that_became_a_supergroup_keeps_its_watches_and_deliveries(
    already_there: bool, database: Database
) -> None:
    old = database.write_now(a_telegram_chat, -5)
    database.write_now(add_watch, old.id, "القيارة", now=NOW)
    database.write_now(say, old.id, "waiting")
    if already_there:
        new = database.write_now(a_telegram_chat, -1005)
        database.write_now(add_watch, new.id, "بغداد", now=NOW)
    database.write_now(migrate, -5, -1005)
    target = database.read_now(find_chat, ChatAddress(Transport.TELEGRAM, -1005))
    assert target is not None
    (delivery,) = claimed(database)
    assert delivery.chat.id == target.id


def test_a_decision_is_recorded_once_with_its_alert_and_delivery(database: Database) -> None:
    outlet, _ = database.write_now(an_outlet)
    chat = database.write_now(a_telegram_chat)
    watch, _ = database.write_now(add_watch, chat.id, "كاملا", now=NOW)
    (article_id,) = database.write_now(save, [a_new_article(outlet)], now=NOW)
    found = [Match(watch.id, {"text": ((9, 15),)})]
    judged = [Judgement(chat.id, Verdict.NOW, Cause.TAKEN)]
    (alert_id,) = database.write_now(record_decision, article_id, found, judged, now=NOW)
    assert database.write_now(record_decision, article_id, found, judged, now=NOW) == []
    assert database.read_now(pending_articles, limit=5) == []
    alert = database.read_now(get_alert, alert_id)
    ((start, end),) = alert.watches[0].spans["text"]
    assert alert.fields["text"][start:end] == "كاملًا"
    assert (alert.watches[0].query, alert.outlet_name, alert.seen_at) == ("كاملا", outlet.name, NOW)
    (delivery,) = claimed(database)
    assert (delivery.kind, delivery.alert_id) == (DeliveryKind.ALERT, alert_id)
    database.write_now(settle_sent, delivery.id, 1, now=NOW + 2 * SECOND)
    counts = database.read_now(delivery_counts)
    assert counts.by_state == {DeliveryState.SENT: 1}
    assert counts.delays_s == [2.0]


def test_what_is_in_flight_when_its_chat_is_lost_settles_and_waits_with_the_rest(database: Database) -> None:
    chat = database.write_now(a_telegram_chat, 7)
    database.write_now(say, chat.id, "on its way", DeliveryKind.ALERT)
    (first,) = claimed(database)
    database.write_now(give_up_chat, 7, "kicked", now=NOW)
    assert state_of(database, first.id) == DeliveryState.SENDING
    database.write_now(put_back, first.id, "no connection", again_at=NOW)
    assert claimed(database) == []
    database.write_now(ensure_chat, chat.address, now=NOW, language="ar")
    assert [delivery.id for delivery in claimed(database)] == [first.id]


def test_topics_of_a_group_are_told_one_after_another(database: Database) -> None:
    group = [
        database.write_now(ensure_chat, ChatAddress(Transport.TELEGRAM, -5, topic), now=NOW, language="ar")
        for topic in (0, 3, 4)
    ]
    other = database.write_now(a_telegram_chat)
    for chat in (*group, other):
        database.write_now(say, chat.id, "x", DeliveryKind.ALERT)
    first, second = claimed(database)
    assert {first.chat.address.chat_id, second.chat.address.chat_id} == {-5, 7}
    told = first if first.chat.address.chat_id == -5 else second
    database.write_now(put_back, told.id, "asked to wait", again_at=NOW + 30 * SECOND)
    assert claimed(database) == []
    assert len(claimed(database, NOW + 30 * SECOND)) == 1


def test_who_was_told_nothing_for_longest_comes_first(database: Database) -> None:
    busy, quiet = (database.write_now(a_telegram_chat, number) for number in (1, 2))
    for number in range(3):
        database.write_now(say, busy.id, str(number), DeliveryKind.ALERT)
    (first,) = claimed(database, NOW + SECOND, limit=1)
    database.write_now(settle_sent, first.id, 1, now=NOW + SECOND)
    database.write_now(say, quiet.id, "me too", DeliveryKind.ALERT)
    assert [delivery.chat.id for delivery in claimed(database, NOW + SECOND, limit=1)] == [quiet.id]


def test_room_for_changes_is_not_room_for_messages(database: Database) -> None:
    first, second = (database.write_now(a_telegram_chat, number) for number in (1, 2))
    database.write_now(enqueue, NewDelivery(first.id, DeliveryKind.REPLY, {}, edits=True), now=NOW)
    database.write_now(say, second.id, "answer")

    def claims(room: Room) -> list[int]:
        claiming = database.write_now(claim, Transport.TELEGRAM, now=NOW, limit=9, room=room)
        for delivery in claiming:
            database.write_now(put_back, delivery.id, "for the test")
        return [delivery.chat.id for delivery in claiming]

    assert claims(Room(answers=0, others=0, edits=1)) == [first.id]
    assert claims(Room(answers=1, others=0, edits=0)) == [second.id]
    assert claims(Room(answers=9, others=9, edits=9, no_answers=frozenset({2}))) == [first.id]
    assert claims(Room(answers=9, others=9, edits=9, no_edits=frozenset({1}))) == [second.id]


def test_progress_does_not_wait_behind_alerts_that_are_held_back(database: Database) -> None:
    chat = database.write_now(a_telegram_chat)
    database.write_now(say, chat.id, "alert", DeliveryKind.ALERT)
    progress = NewDelivery(chat.id, DeliveryKind.PROGRESS, {}, edits=True)
    database.write_now(enqueue, progress, now=NOW)
    answers_alone = Room(answers=9, others=0, edits=9)
    assert database.write_now(claim, Transport.TELEGRAM, now=NOW, limit=9, room=answers_alone) == []
    database.write_now(hold_back, True, now=NOW)
    (claimed_now,) = database.write_now(claim, Transport.TELEGRAM, now=NOW, limit=9, room=answers_alone)
    assert claimed_now.kind is DeliveryKind.PROGRESS


def test_a_migration_takes_an_uncertain_alert_along_marked_and_with_its_watches(database: Database) -> None:
    outlet, _ = database.write_now(an_outlet)
    old, new = (database.write_now(a_telegram_chat, number) for number in (-5, -1005))
    watch, _ = database.write_now(add_watch, old.id, "كاملا", now=NOW)
    (article_id,) = database.write_now(save, [a_new_article(outlet)], now=NOW)
    judged = [Judgement(old.id, Verdict.NOW, Cause.TAKEN)]
    database.write_now(record_decision, article_id, [Match(watch.id, {"text": ((9, 15),)})], judged, now=NOW)
    (first,) = claimed(database)
    database.write_now(settle_uncertain, first.id, "timed out", now=NOW, again_at=NOW)
    database.write_now(migrate, -5, -1005)
    (again,) = claimed(database)
    assert (again.chat.id, again.repeats) == (new.id, 1)
    assert again.alert_id is not None
    assert [one.query for one in database.read_now(get_alert, again.alert_id).watches] == ["كاملا"]


def test_a_clock_that_was_set_back_holds_nothing_up(database: Database) -> None:
    _, source = database.write_now(an_outlet)
    chat = database.write_now(a_telegram_chat)
    database.write_now(say, chat.id, "x")
    tomorrow = NOW + 90_000 * SECOND
    database.write_now(save, [], now=tomorrow, poll=Poll(source.id, tomorrow, tomorrow + 300 * SECOND))
    (first,) = claimed(database, tomorrow)
    database.write_now(put_back, first.id, "no connection", again_at=tomorrow + 30 * SECOND)
    assert claimed(database) == []
    assert database.write_now(mend, now=NOW) == 2
    assert [due.id for due in database.read_now(due_sources, now=NOW, limit=9)] == [source.id]
    assert len(claimed(database)) == 1
    assert database.write_now(mend, now=NOW) == 0


def test_a_chat_that_was_met_while_the_clock_was_ahead_does_not_wait_for_that_day(database: Database) -> None:
    address, tomorrow = ChatAddress(Transport.TELEGRAM, 7), NOW + 90_000 * SECOND
    chat = database.write_now(ensure_chat, address, now=tomorrow, language="ar")
    database.write_now(say, chat.id, "x")
    assert claimed(database) == []
    assert database.write_now(mend, now=NOW) == 1
    assert len(claimed(database)) == 1


def test_a_refused_delivery_frees_its_lane(database: Database) -> None:
    chat = database.write_now(a_telegram_chat)
    for text in ("bad", "good"):
        database.write_now(say, chat.id, text)
    (bad,) = claimed(database)
    database.write_now(settle_undeliverable, bad.id, "message is too long", now=NOW)
    assert [delivery.payload for delivery in claimed(database)] == [{"text": "good"}]
