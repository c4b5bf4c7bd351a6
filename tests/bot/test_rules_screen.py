"""When and how alerts are told: chosen by buttons, from the first screen to the digest that comes of it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Connection, select

from monitors.chats import Chat, ChatAddress, Transport
from monitors.releasing import change_rules, release_due
from monitors.storage.chats import find_chat, zone_of
from monitors.storage.subscriptions import subscribe, subscriptions_of
from monitors.storage.tables import deliveries
from monitors.storage.watches import add_watch
from monitors.subscriptions import Mode, Rules, Subscription, SubscriptionState
from monitors.wakeups import DELIVERIES
from tests.bot.conftest import RunningBot, pressed, said
from tests.fakes.telegram_messages import SentMessage
from tests.monitors.holding import an_article
from tests.rows import NOW, a_telegram_chat, an_outlet

PERSON, STRANGER = 7, 8
Tell = Callable[[int], Awaitable[SentMessage]]


def the_chat(bot: RunningBot, chat_id: int = PERSON) -> Chat:
    chat = bot.database.read_now(find_chat, ChatAddress(Transport.TELEGRAM, chat_id))
    assert chat is not None
    return chat


def digests(connection: Connection) -> list[int]:
    return list(connection.scalars(select(deliveries.c.id).where(deliveries.c.kind == "digest")))


def taken(bot: RunningBot, chat_id: int = PERSON) -> Subscription:
    return bot.database.read_now(subscriptions_of, the_chat(bot, chat_id).id)[0]


async def rules_of(bot: RunningBot, chat_id: int = PERSON, language_code: str = "en") -> SentMessage:
    """The rules of the chat's first watchlist, on the screen."""
    await said(bot, "/watch oil", chat_id=chat_id, language_code=language_code)
    screen = await said(bot, "/times", chat_id=chat_id, language_code=language_code)
    await pressed(bot, data=f"v1:rules:{taken(bot, chat_id).id}", chat_id=chat_id)
    await bot.telegram.wait_until(lambda: screen.edits == 1)
    return screen


async def press(bot: RunningBot, screen: SentMessage, *labels: str) -> str:
    """Presses one button after another, each time the screen has changed; the last notice."""
    notice = ""
    for label in labels:
        edits = screen.edits
        notice = await pressed(bot, label)
        await bot.telegram.wait_until(lambda before=edits: screen.edits > before)  # type: ignore[misc]
    return notice


async def test_the_screen_says_what_will_happen(bot: RunningBot) -> None:
    screen = await rules_of(bot)
    assert "Main list" in screen.text
    assert "Alerts come at once." in screen.text
    assert "✅ At once" in screen.labels


async def test_the_rules_of_a_list_lead_back_to_it(bot: RunningBot) -> None:
    screen = await rules_of(bot)
    await press(bot, screen, "Back")
    assert "⋯ More" in screen.labels
    assert "oil" in screen.text


async def test_a_digest_a_day_is_three_taps_away(bot: RunningBot) -> None:
    screen = await rules_of(bot)
    assert await press(bot, screen, "Daily") == "Saved."
    assert "Alerts of a day come together at 08:00." in screen.text
    await press(bot, screen, "Together at 08:00", "18:00")
    assert "come together at 18:00." in screen.text
    rules = taken(bot).rules
    assert (rules.mode, rules.digest_at) == (Mode.DAILY, 18 * 60)


async def test_quiet_hours_have_a_beginning_and_an_end(bot: RunningBot) -> None:
    screen = await rules_of(bot)
    await press(bot, screen, "No quiet hours", "22:00", "07:00")
    assert "From 22:00 to 07:00 nothing comes" in screen.text
    assert (taken(bot).rules.quiet_from, taken(bot).rules.quiet_to) == (22 * 60, 7 * 60)
    await press(bot, screen, "Quiet 22:00–07:00", "No quiet hours")
    assert taken(bot).rules.quiet_from is None


async def test_a_daily_limit_says_when_the_rest_comes(bot: RunningBot) -> None:
    screen = await rules_of(bot)
    await press(bot, screen, "No daily limit", "10 a day")
    assert "After 10 alerts in a day the others come together at 08:00." in screen.text
    assert taken(bot).rules.daily_limit == 10
    await press(bot, screen, "10 a day", "No daily limit")
    assert taken(bot).rules.daily_limit is None


async def test_a_list_is_paused_and_resumed(bot: RunningBot) -> None:
    screen = await rules_of(bot)
    await press(bot, screen, "Pause")
    assert "Paused: nothing comes" in screen.text
    assert taken(bot).state is SubscriptionState.PAUSED
    await press(bot, screen, "Resume")
    assert taken(bot).state is SubscriptionState.ACTIVE


def there(screen: SentMessage, city: str) -> str:
    """The button of a city, which says what time it is there."""
    return next(label for label in screen.labels if label.startswith(f"{city} "))


async def test_the_clock_is_chosen_among_likely_cities(bot: RunningBot) -> None:
    screen = await rules_of(bot, language_code="ar")
    edits = screen.edits
    await pressed(bot, data=f"v1:zones:{taken(bot).id}")
    await bot.telegram.wait_until(lambda: screen.edits > edits)
    await press(bot, screen, there(screen, "بغداد"))
    assert "التوقيت توقيت \u2068بغداد\u2069" in screen.text
    assert bot.database.read_now(zone_of, the_chat(bot).id) == "Asia/Baghdad"


async def test_the_clock_is_found_by_continent(bot: RunningBot) -> None:
    screen = await rules_of(bot)
    edits = screen.edits
    await pressed(bot, data=f"v1:zones:{taken(bot).id}")
    await bot.telegram.wait_until(lambda: screen.edits > edits)
    await press(bot, screen, "Asia", "Next", "Previous", "Back", "Australia")
    await press(bot, screen, there(screen, "Sydney"))
    assert bot.database.read_now(zone_of, the_chat(bot).id) == "Australia/Sydney"


@pytest.mark.parametrize(
    ("written", "zone"),
    [
        ("Baghdad", "Asia/Baghdad"),
        ("بغداد", "Asia/Baghdad"),
        ("asia/kolkata", "Asia/Kolkata"),
        ("new york", "America/New_York"),
    ],
)
async def test_the_clock_may_be_written(bot: RunningBot, written: str, zone: str) -> None:
    await rules_of(bot)
    bot.telegram.press(data=f"v1:zone:{taken(bot).id}:")
    await bot.telegram.wait_until(lambda: any("name of a large city" in one.text for one in bot.telegram.sent))
    await said(bot, written)
    assert bot.database.read_now(zone_of, the_chat(bot).id) == zone


async def test_a_place_nobody_knows_is_asked_for_again(bot: RunningBot) -> None:
    await rules_of(bot)
    bot.telegram.press(data=f"v1:zone:{taken(bot).id}:")
    await bot.telegram.wait_until(lambda: any("name of a large city" in one.text for one in bot.telegram.sent))
    assert "I do not know the time in" in (await said(bot, "Xanadu")).text
    assert "Which of them?" in (await said(bot, "san")).text
    assert bot.database.read_now(zone_of, the_chat(bot).id) is None


FORGED = [
    "rules:{id}", "mode:{id}:daily", "at:{id}", "at:{id}:480", "quiet:{id}", "quiet:{id}:0:60", "limit:{id}:5",
    "rest:{id}:1", "zones:{id}", "zones:{id}:Asia", "zone:{id}:Asia/Baghdad", "zone:{id}:",
]  # fmt: skip


@pytest.mark.parametrize("forged", FORGED)
async def test_nobody_changes_the_rules_of_others(bot: RunningBot, forged: str) -> None:
    await rules_of(bot)
    mine = taken(bot)
    await said(bot, "/times", chat_id=STRANGER, user_id=STRANGER, language_code="en")
    data = f"v1:{forged.format(id=mine.id)}"
    assert await pressed(bot, data=data, chat_id=STRANGER, user_id=STRANGER) == "This is not there any more."
    assert taken(bot) == mine


NONSENSE = [
    "mode:{id}:loud", "at:{id}:1440", "at:{id}:-1", "quiet:{id}:60:x", "quiet:{id}:1500:0", "limit:{id}:7",
    "limit:{id}:x", "zone:{id}:Mars/Olympus", "mode:x", "rules:", "digest:1:0", "each:1:0",
]  # fmt: skip


@pytest.mark.parametrize("forged", NONSENSE)
async def test_no_button_that_is_not_ours_changes_anything(bot: RunningBot, forged: str) -> None:
    await rules_of(bot)
    mine = taken(bot)
    assert await pressed(bot, data=f"v1:{forged.format(id=mine.id)}") != "Saved."
    assert taken(bot) == mine


@pytest.fixture
def held(bot: RunningBot) -> Callable[[int], Awaitable[SentMessage]]:
    """So many alerts, held for a digest that is told now."""

    async def tell(alerts: int) -> SentMessage:
        await rules_of(bot)
        mine = taken(bot)
        await bot.database.write(change_rules, mine, Rules(Mode.DAILY), zone="UTC", now=NOW)
        for number in range(alerts):
            await bot.database.write(an_article, number, now=NOW, title=f"Oil price, part {number}")
        before = len(bot.telegram.sent)
        assert await bot.database.write(release_due, now=NOW + timedelta(days=1)) == alerts
        bot.context.wakeups.kick(DELIVERIES)
        return (await bot.telegram.wait_for(before + 1))[before]

    return tell


async def test_a_digest_arrives_and_its_pages_turn_in_place(bot: RunningBot, held: Tell) -> None:
    digest = await held(40)
    assert digest.text.startswith("📰 40 alerts")
    assert "Page 1 of 2" in digest.text
    await press(bot, digest, "Next")
    assert "40. Oil price, part 39" in digest.text
    await press(bot, digest, "Previous")
    assert "1. Oil price, part 0" in digest.text


async def test_the_rules_of_a_digest_come_below_it_and_turn_in_their_own_place(bot: RunningBot, held: Tell) -> None:
    digest, before = await held(3), len(bot.telegram.sent)
    await pressed(bot, "⏰ When and how")
    (rules,) = (await bot.telegram.wait_for(before + 1))[before:]
    assert "Alerts of a day come together at 08:00." in rules.text
    await press(bot, rules, "All times")
    assert rules.text.startswith("When and how alerts come")
    assert (digest.edits, digest.text.splitlines()[0]) == (0, "📰 3 alerts")


async def test_each_alert_of_a_digest_is_opened_by_its_number(bot: RunningBot, held: Tell) -> None:
    digest = await held(3)
    await press(bot, digest, "🔔 One of them")
    before = len(bot.telegram.sent)
    await pressed(bot, "🔔 2")
    (alert,) = (await bot.telegram.wait_for(before + 1))[before:]
    assert "Oil price, part 1" in alert.text
    assert "⋯ Options" in alert.labels
    await press(bot, digest, "Back")
    assert digest.labels == ["🔔 One of them", "⏰ When and how"]


async def test_nobody_reads_the_digests_of_others(bot: RunningBot, held: Tell) -> None:
    await held(2)
    await said(bot, "/times", chat_id=STRANGER, user_id=STRANGER, language_code="en")
    number = max(bot.database.read_now(digests))
    notice = await pressed(bot, data=f"v1:digest:{number}:0", chat_id=STRANGER, user_id=STRANGER)
    assert notice == "This is not there any more."


async def test_the_next_digest_is_foretold(bot: RunningBot) -> None:
    screen = await rules_of(bot)
    await press(bot, screen, "Daily")
    for number in range(3):
        await bot.database.write(an_article, number, now=datetime.now(UTC), zone="UTC")
    await press(bot, screen, "Together at 08:00", "08:00")
    assert "3 alerts are waiting, until" in screen.text
    await press(bot, screen, "At once")
    assert "3 alerts are on their way now." in screen.text
    assert "until" not in screen.text


async def test_a_whole_outlet_has_rules_too(bot: RunningBot) -> None:
    await said(bot, "/start", language_code="en")
    outlet, _ = await bot.database.write(an_outlet, "The Herald")
    await bot.database.write(subscribe, the_chat(bot).id, outlet_id=outlet.id, now=NOW)
    screen = await said(bot, "/times")
    await press(bot, screen, "1. The Herald", "Hourly")
    assert "Alerts of an hour come together at its end." in screen.text
    await press(bot, screen, "All times")
    assert "1. \u2068The Herald\u2069: Hourly" in screen.text


async def test_private_lists_that_are_told_in_a_group_are_told_apart_by_numbers(bot: RunningBot) -> None:
    def tell(connection: Connection) -> None:
        sara, group = a_telegram_chat(connection), a_telegram_chat(connection, -500, language="en")
        for name in ("Rivals", "Friends"):
            watch, _ = add_watch(connection, sara.id, "oil", now=NOW, watchlist=name)
            subscribe(connection, group.id, watchlist_id=watch.watchlist_id, now=NOW)

    await bot.database.write(tell)
    screen = await said(bot, "/times", chat_id=-500, as_chat=True)
    assert "A watchlist 1" in screen.text
    assert "A watchlist 2" in screen.text
    assert "A watchlist 2" in (await said(bot, "/stats", chat_id=-500, as_chat=True)).labels
    await pressed(bot, "2. A watchlist 2", chat_id=-500, message=screen)
    await bot.telegram.wait_until(lambda: screen.edits == 1)
    assert screen.text.startswith("\u2068A watchlist 2\u2069\n")
