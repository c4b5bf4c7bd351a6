"""Operators' screens, which nobody else has: status, people, invitations, broadcasts, holding back."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from bot.outbox import showing
from bot.screens import broadcast, failing, operators, people, troubles
from monitors.alerts import DeliveryKind, DeliveryState
from monitors.chats import ChatAddress, Transport
from monitors.outlets import PollReason
from monitors.people import PersonState
from monitors.settings import TelegramSettings
from monitors.storage.broadcasts import send_on
from monitors.storage.chats import find_chat
from monitors.storage.engine import Database
from monitors.storage.failing import failing_sources
from monitors.storage.people import find_person, open_invitations
from monitors.storage.polls import due_sources, is_polling_paused
from monitors.storage.presence import Loading, beat, say_loading
from monitors.storage.queues import hold_back, is_held_back, waiting
from monitors.storage.tables import crawl_requests, deliveries, sources
from tests.bot.conftest import RunningBot, eventually, pressed, running, said, settings_for
from tests.bot.test_asking_for_crawls import going_on
from tests.fakes.telegram import FakeTelegram
from tests.rows import NOW, an_outlet

OPERATOR, SARA = 7, 66
COMMANDS = operators.COMMANDS | people.COMMANDS | broadcast.COMMANDS
SCREENS = operators.PRESSES | people.PRESSES | broadcast.PRESSES | troubles.PRESSES | failing.PRESSES


@pytest.fixture
async def bot(sqlite_database: Database, telegram: FakeTelegram) -> AsyncIterator[RunningBot]:
    async with running(sqlite_database, telegram, settings_for(telegram, access="open", admins=(OPERATOR,))) as role:
        yield role


async def test_status_says_how_rasid_fares_and_is_refreshed_in_place(bot: RunningBot) -> None:
    shown = await said(bot, "/status", language_code="en")
    assert "Outlets: 0, quiet 0, broken 0" in shown.text
    assert "Watches at work: 0" in shown.text
    await said(bot, "/watch نفط")
    await pressed(bot, "Refresh")
    await bot.telegram.wait_until(lambda: "Watches at work: 1" in shown.text)


async def test_a_screen_that_is_as_it_was_says_so_when_it_is_refreshed(bot: RunningBot) -> None:
    await said(bot, "/broadcast", language_code="en")
    assert await pressed(bot, data="v1:opb:") == "Nothing has changed."


async def test_nobody_else_presses_an_operators_button(bot: RunningBot) -> None:
    await said(bot, "/start", chat_id=SARA, user_id=SARA, language_code="en")
    for action in SCREENS:
        assert "older version" in await pressed(bot, data=f"v1:{action}:1", chat_id=SARA, user_id=SARA), action
    assert bot.database.read_now(find_person, 1) is None
    assert not bot.database.read_now(is_held_back)
    assert not bot.database.read_now(is_polling_paused)


async def test_operators_commands_are_unknown_to_others_and_in_groups(bot: RunningBot) -> None:
    for person, command in enumerate(COMMANDS, SARA):
        told = await said(bot, f"/{command}", chat_id=person, user_id=person, language_code="en")
        assert told.text.startswith("I do not know this command.")
        bot.telegram.say(f"/{command}", chat_id=-500, user_id=OPERATOR)
    await said(bot, "/start", chat_id=OPERATOR)
    assert -500 not in [sent.chat_id for sent in bot.telegram.sent]


async def test_somebody_is_shut_out_and_let_in_by_their_number(bot: RunningBot) -> None:
    await said(bot, "/start", chat_id=SARA, user_id=SARA)
    await said(bot, "/users", language_code="en")
    await pressed(bot, "By number")
    await bot.telegram.wait_for(3)
    shown = await said(bot, str(SARA))
    assert "Nothing was decided." in shown.text
    await pressed(bot, "Shut out")
    await bot.telegram.wait_until(lambda: "⛔ shut out" in shown.text)
    await pressed(bot, "Let in")
    await bot.telegram.wait_until(lambda: "✅ let in" in shown.text)
    person = bot.database.read_now(find_person, SARA)
    assert person is not None
    assert (person.state, person.by_id) == (PersonState.ALLOWED, OPERATOR)
    await pressed(bot, "Forget")
    await bot.telegram.wait_until(lambda: "Nothing was decided." in shown.text)


async def test_what_is_no_number_is_refused(bot: RunningBot) -> None:
    await said(bot, "/users", language_code="en")
    await pressed(bot, "By number")
    await bot.telegram.wait_for(2)
    assert (await said(bot, "1.5")).text == "This is not a number of Telegram's."
    for number in ("0", "x", "-", "99999999999999999999", "1.5"):
        assert "older version" in await pressed(bot, data=f"v1:opx:{number}")


async def test_invitations_are_made_shown_and_revoked(bot: RunningBot) -> None:
    shown = await said(bot, "/invitations", language_code="en")
    await pressed(bot, "For one person")
    await bot.telegram.wait_until(lambda: "1 person" in shown.text)
    (made,) = bot.database.read_now(open_invitations, now=datetime.now(UTC))
    assert shown.spans("code") == [f"https://t.me/{bot.telegram.username}?start=i_{made.token}"]
    assert "Revoked" in await pressed(bot, "Revoke 1")
    assert bot.database.read_now(open_invitations, now=datetime.now(UTC)) == []


async def test_a_broadcast_is_seen_counted_sent_and_reported(bot: RunningBot) -> None:
    await said(bot, "/start", chat_id=SARA, user_id=SARA)
    await said(bot, "/broadcast", language_code="en")
    await pressed(bot, "Write one")
    await bot.telegram.wait_for(3)
    seen = await said(bot, "غدًا صيانة\nمن الثامنة")
    assert seen.text == "غدًا صيانة\nمن الثامنة"
    question = (await bot.telegram.wait_for(5))[4]
    assert question.text == "This goes to 2 chats. Send it?"
    await pressed(bot, "Send it")
    settings = TelegramSettings(admins=(OPERATOR,))
    assert await bot.database.write(send_on, settings, now=datetime.now(UTC)) == 2
    assert await bot.database.write(send_on, settings, now=datetime.now(UTC)) == 0
    told = (await bot.telegram.wait_for(7))[5:]
    assert {(one.chat_id, one.text) for one in told} == {(OPERATOR, seen.text), (SARA, seen.text)}
    shown = await said(bot, "/broadcast")
    assert "The last one has been sent." in shown.text
    assert "Told: 2" in shown.text


async def test_what_was_refused_is_sent_again_by_a_button(
    bot: RunningBot, states: Callable[[], list[tuple[str, str, int]]]
) -> None:
    await said(bot, "/start", chat_id=SARA, user_id=SARA)
    await eventually(lambda: states() == [("reply", "sent", 0)])
    lost = update(deliveries).values(state=DeliveryState.UNDELIVERABLE, error="Bad Request")
    await bot.database.write(lambda connection: connection.execute(lost) and None)
    shown = await said(bot, "/status", language_code="en")
    assert "Undeliverable: 1" in shown.text
    await pressed(bot, "Undeliverable (1)")
    await pressed(bot, "1")
    assert "sent again" in await pressed(bot, "Send it again")
    await bot.telegram.wait_until(lambda: [sent.chat_id for sent in bot.telegram.sent].count(SARA) == 2)
    assert "no longer a problem" in await pressed(bot, data="v1:opr:1")


async def test_what_nobody_waits_for_is_given_up(
    bot: RunningBot, states: Callable[[], list[tuple[str, str, int]]]
) -> None:
    for _ in range(2):
        await said(bot, "/start", chat_id=SARA, user_id=SARA)
    lost = update(deliveries).values(state=DeliveryState.UNCONFIRMED, error="the connection broke")
    await eventually(lambda: [state for _, state, _ in states()] == ["sent", "sent"])
    await bot.database.write(lambda connection: connection.execute(lost) and None)
    await said(bot, "/status", language_code="en")
    await pressed(bot, "Unconfirmed (2)")
    await pressed(bot, "1")
    assert await pressed(bot, "Give it up") == "It is given up."
    await pressed(bot, "Give all of them up")
    assert await pressed(bot, "Yes, give them up") == "1 message is given up."
    assert [state for _, state, _ in states()[:2]] == ["dropped", "dropped"]


async def test_the_status_names_the_parts_that_run_and_those_that_do_not(bot: RunningBot) -> None:
    now = datetime.now(UTC)
    bot.database.write_now(beat, {"crawl": None, "tell": now}, now=now)
    bot.database.write_now(beat, {"decide": now}, now=now - timedelta(minutes=5))
    bot.database.write_now(say_loading, Loading(5000, 12000))
    shown = (await said(bot, "/status", language_code="en")).text
    assert "🟢 Sending: started" in shown
    assert "🟡 Visiting outlets (crawl): being started." in shown
    assert "🔴 Comparing with watches (decide): not heard any more." in shown
    assert "Being loaded: 5000 of 12000" in shown


async def test_all_sources_rest_until_they_are_visited_again(bot: RunningBot) -> None:
    bot.database.write_now(an_outlet)
    later = datetime.now(UTC) + timedelta(days=1)
    assert bot.database.read_now(due_sources, now=later, limit=9)
    shown = await said(bot, "/operate", language_code="en")
    await pressed(bot, "Pause all visits")
    await bot.telegram.wait_until(lambda: "No source is visited" in shown.text)
    assert bot.database.read_now(due_sources, now=later, limit=9) == []
    await pressed(bot, "Visit sources again")
    await bot.telegram.wait_until(lambda: "No source is visited" not in shown.text)
    assert bot.database.read_now(due_sources, now=later, limit=9)


async def test_a_source_that_fails_is_named_with_its_reason_visited_and_paused(bot: RunningBot) -> None:
    outlet, source = bot.database.write_now(an_outlet)
    failed = {"failures": 3, "last_error": "The site answered 503.", "failing_since": NOW}
    ill = update(sources).where(sources.c.id == source.id).values(**failed)
    await bot.database.write(lambda connection: connection.execute(ill) and None)
    await said(bot, "/status", language_code="ar")
    shown = bot.telegram.sent[-1]
    await pressed(bot, "منابع متعثرة")
    await bot.telegram.wait_until(lambda: "أجاب الموقع" in shown.text or "503" in shown.text)
    assert source.url in shown.text
    await pressed(bot, "زُره الآن")
    assert bot.database.read_now(lambda connection: connection.scalar(select(crawl_requests.c.outlet_id))) == outlet.id
    await pressed(bot, "أوقف مؤقتًا")
    await eventually(lambda: bot.database.read_now(failing_sources) == [])


async def test_a_source_that_is_gone_for_good_is_among_those_that_fail(bot: RunningBot) -> None:
    _, source = bot.database.write_now(an_outlet)
    ended = (
        update(sources).where(sources.c.id == source.id).values(active=False, poll_reason=PollReason.GONE, failures=1)
    )
    await bot.database.write(lambda connection: connection.execute(ended) and None)
    assert "failing 1" in (await said(bot, "/status", language_code="en")).text
    shown = bot.telegram.sent[-1]
    await pressed(bot, "Failing sources")
    await bot.telegram.wait_until(lambda: source.url in shown.text)
    assert "gone for good, says its server" in shown.text
    assert "visited again by themselves" not in shown.text
    assert "Visit now" not in shown.labels


async def test_alerts_are_held_back_and_told_again(bot: RunningBot) -> None:
    shown = await said(bot, "/operate", language_code="en")
    await pressed(bot, "Hold back")
    await bot.telegram.wait_until(lambda: "held back" in shown.text)
    assert bot.database.read_now(is_held_back)
    await said(bot, "/watch خبر", chat_id=SARA, user_id=SARA)
    chat = bot.database.read_now(find_chat, ChatAddress(Transport.TELEGRAM, SARA))
    assert chat is not None
    await bot.alert(chat)
    await said(bot, "/start", chat_id=SARA, user_id=SARA)
    assert DeliveryKind.ALERT in [one.kind for one in bot.database.read_now(waiting)]
    await pressed(bot, "Tell alerts again")
    await bot.telegram.wait_until(lambda: "Only you" in shown.text)
    await bot.telegram.wait_until(lambda: "خبر رقم 1" in bot.telegram.sent[-1].text)
    assert not bot.database.read_now(is_held_back)


async def test_what_somebody_asked_for_goes_on_while_alerts_are_held_back(
    bot: RunningBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(showing, "TICK_S", 0.05)
    monkeypatch.setattr(showing, "PRIVATE_PACE", timedelta())
    await said(bot, "/watch خبر", chat_id=SARA, user_id=SARA, language_code="en")
    chat = bot.database.read_now(find_chat, ChatAddress(Transport.TELEGRAM, SARA))
    assert chat is not None
    bot.database.write_now(an_outlet)
    shown = await said(bot, "/crawl 1", chat_id=SARA, user_id=SARA)
    await bot.database.write(hold_back, True, now=datetime.now(UTC))
    await bot.alert(chat)
    for found in (20, 30):
        going_on(bot, found)
        await bot.telegram.wait_until(lambda entries=found: f"{entries} entries" in shown.text)  # type: ignore[misc]
    assert DeliveryKind.ALERT in [one.kind for one in bot.database.read_now(waiting)]


async def test_a_broadcast_that_is_stopped_goes_no_further(bot: RunningBot) -> None:
    for person in (SARA, 67):
        await said(bot, "/start", chat_id=person, user_id=person)
    await bot.database.write(hold_back, True, now=datetime.now(UTC))
    await said(bot, "/broadcast", language_code="en")
    await pressed(bot, "Write one")
    await bot.telegram.wait_for(4)
    await said(bot, "صيانة")
    question = (await bot.telegram.wait_for(6))[5]
    waits = "⏸ It waits until alerts are told again"
    assert waits in question.text
    await pressed(bot, "Send it")
    await bot.telegram.wait_until(lambda: "Waiting: 3" in question.text)  # nothing was put out yet
    assert waits in question.text
    await bot.database.write(send_on, TelegramSettings(admins=(OPERATOR,)), now=datetime.now(UTC))
    shown = await said(bot, "/broadcast")
    assert "Waiting: 3" in shown.text
    assert await pressed(bot, "Stop it") == "Stopped."
    await bot.telegram.wait_until(lambda: "Not told: 3" in shown.text)
