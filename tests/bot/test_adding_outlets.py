"""Addresses pasted into the chat and the catalogue; the crawler's part is played by the test."""

from __future__ import annotations

import base64
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import Connection

from bot.screens.adding import is_address, is_host
from monitors.catalogue import CatalogueEntry, Leaning
from monitors.requests import Discovery, DiscoveryKind, DiscoveryState, Trouble
from monitors.settings import LimitSettings
from monitors.storage import discoveries
from monitors.storage.catalogue import mirror
from monitors.storage.engine import Database
from monitors.storage.followers import add_follower, followed_by
from monitors.storage.outlets import list_outlets
from monitors.wakeups import DELIVERIES, REQUESTS
from tests.bot.conftest import RunningBot, eventually, pressed, running, said, settings_for
from tests.fakes.telegram import FakeTelegram
from tests.rows import a_telegram_chat, an_outlet

GROUP = -500

FOUND: dict[str, Any] = {
    "name": "صحيفة الأفق",
    "homepage": "https://alofoq.example/",
    "language": "ar",
    "country": None,
    "time_zone": None,
    "sources": [
        {"url": "https://alofoq.example/feed/", "kind": "feed", "chosen": True, "entries": 20, "covered": 19, "of": 20},
        {"url": "https://alofoq.example/rss", "kind": "feed", "chosen": False, "entries": 20},
    ],
    "preview": [
        {
            "title": f"خبر رقم {number}",
            "url": f"https://alofoq.example/{number}",
            "published_at": "2026-03-20T12:00:00+00:00",
            "characters": 1200,
            "language": "ar",
            "note": None,
        }
        for number in range(1, 6)
    ],
    "notes": [],
    "followed_as": None,
}


async def asked(bot: RunningBot, state: DiscoveryState | None = None) -> Discovery:
    """The one thing the crawler is to do, when it is there and in that state: a press is answered before."""

    def there() -> list[Discovery]:
        looks = bot.database.read_now(discoveries.open_discoveries)
        return [look for look in looks if state in (None, look.state)]

    await eventually(lambda: bool(there()))
    (look,) = there()
    return look


async def looked(bot: RunningBot, **changes: Any) -> None:
    """The crawler looks at the one address that was asked for, and finds an outlet."""
    look = await asked(bot)
    bot.database.write_now(discoveries.record_found, look.id, FOUND | changes, now=datetime.now(UTC))
    bot.context.wakeups.kick(DELIVERIES)


async def followed(bot: RunningBot) -> None:
    """The crawler follows what it found, for the first time."""
    look = await asked(bot, DiscoveryState.FOLLOWING)

    def follow(connection: Connection) -> None:
        now = datetime.now(UTC)
        outlet, _ = an_outlet(connection)
        add_follower(connection, outlet.id, look.chat_id, now=now)
        discoveries.record_followed(connection, look.id, outlet_id=outlet.id, added=True, now=now)

    bot.database.write_now(follow)
    bot.context.wakeups.kick(DELIVERIES)


async def test_a_pasted_address_is_shown_and_followed_in_one_message(bot: RunningBot) -> None:
    shown = await said(bot, "https://alofoq.example/", language_code="en")
    assert shown.text.startswith("🔎 I am looking for articles at")
    assert await bot.context.wakeups.wait(REQUESTS, 1)
    assert (await asked(bot)).address == "https://alofoq.example/"
    await looked(bot)
    await bot.telegram.wait_until(lambda: "The newest articles:" in shown.text)
    assert "صحيفة الأفق" in shown.spans("bold")
    assert "feed · 20 entries · has 19 of the site's newest articles (20)" in shown.text
    assert len(shown.spans("text_link")) == 5
    assert "1200 characters · Arabic" in shown.text
    assert sorted(shown.labels) == ["Cancel", "Follow"]
    await pressed(bot, "Follow")
    assert await bot.context.wakeups.wait(REQUESTS, 1)
    await followed(bot)
    await bot.telegram.wait_until(lambda: "is followed from now on" in shown.text)
    assert "About this outlet" in shown.labels
    assert len(bot.telegram.sent) == 1
    assert bot.telegram.refused == []


async def test_an_outlet_that_is_followed_already_is_told_of_here(bot: RunningBot) -> None:
    shown = await said(bot, "/add alofoq.example", language_code="en")
    await looked(bot, followed_as=1)
    await bot.telegram.wait_until(lambda: "followed already" in shown.text)
    assert "Follow" in shown.labels


async def test_what_was_found_can_be_declined(bot: RunningBot) -> None:
    shown = await said(bot, "https://alofoq.example/", language_code="en")
    await looked(bot)
    await pressed(bot, "Cancel")
    await bot.telegram.wait_until(lambda: "All right." in shown.text)
    assert sorted(shown.labels) == ["All outlets", "Catalogue"]
    assert bot.database.read_now(discoveries.open_discoveries) == []


@pytest.mark.parametrize("trouble", [Trouble.NOTHING_THERE, Trouble.OVERDUE, Trouble.BROKEN])
async def test_what_comes_to_nothing_is_said_without_telling_why(bot: RunningBot, trouble: Trouble) -> None:
    shown = await said(bot, "http://10.0.0.1:8080/", language_code="en")
    bot.database.write_now(discoveries.fail_discovery, (await asked(bot)).id, trouble, now=datetime.now(UTC))
    bot.context.wakeups.kick(DELIVERIES)
    await bot.telegram.wait_until(lambda: "Nothing was found at" in shown.text)
    assert ("cannot be reached, is not allowed, or lists no articles" in shown.text) == (
        trouble is Trouble.NOTHING_THERE
    )


async def test_a_password_in_an_address_is_neither_kept_nor_repeated(bot: RunningBot) -> None:
    for address in ("https://me:secret@alofoq.example/", "/add me:secret@alofoq.example"):
        refused = await said(bot, address, language_code="en")
        assert "holds no password" in refused.text
        assert "secret" not in refused.text
    assert bot.database.read_now(discoveries.open_discoveries) == []


@pytest.mark.parametrize("address", ["ftp://a.example/x", "file:///etc/hosts", "gopher://x", "http://", "https:///x"])
async def test_what_is_no_address_of_the_web_is_explained_and_not_watched(bot: RunningBot, address: str) -> None:
    refused = await said(bot, address, language_code="en")
    assert "This is not a web address." in refused.text
    assert bot.database.read_now(discoveries.open_discoveries) == []


async def test_a_person_adds_so_many_outlets_and_operators_any(
    sqlite_database: Database, telegram: FakeTelegram
) -> None:
    limits = LimitSettings(outlets_per_user=1, addresses_per_hour=2)
    settings = settings_for(telegram, admins=(9,)).model_copy(update={"limits": limits})
    async with running(sqlite_database, telegram, settings) as bot:
        await said(bot, "https://alofoq.example/", language_code="en")
        await looked(bot)
        await pressed(bot, "Follow")
        await followed(bot)
        refused = await said(bot, "https://other.example/", language_code="en")
        assert refused.text == "You have added 1 outlet; there is no room for more."
        allowed = await said(bot, "https://other.example/", chat_id=9, user_id=9, language_code="en")
        assert "I am looking" in allowed.text


async def test_a_person_has_so_many_addresses_an_hour(sqlite_database: Database, telegram: FakeTelegram) -> None:
    settings = settings_for(telegram).model_copy(update={"limits": LimitSettings(addresses_per_hour=1)})
    async with running(sqlite_database, telegram, settings) as bot:
        await said(bot, "https://alofoq.example/", language_code="en")
        refused = await said(bot, "https://other.example/", language_code="en")
        assert refused.text.startswith("Those were many addresses")


async def test_hundreds_of_addresses_at_once_are_refused_in_few_words(
    sqlite_database: Database, telegram: FakeTelegram
) -> None:
    settings = settings_for(telegram).model_copy(update={"limits": LimitSettings(addresses_per_hour=1)})
    async with running(sqlite_database, telegram, settings) as bot:
        await said(bot, "https://alofoq.example/", language_code="en")
        for number in range(100):
            telegram.say(f"https://alofoq.example/{number}")
        last = await said(bot, "/help")
        await telegram.wait_until(lambda: any("How everything works" in sent.text for sent in telegram.sent))
        assert len(telegram.sent) < 30, last.text


async def test_outlets_can_be_left_to_the_operators(sqlite_database: Database, telegram: FakeTelegram) -> None:
    settings = settings_for(telegram).model_copy(update={"limits": LimitSettings(outlets_per_user=0)})
    async with running(sqlite_database, telegram, settings) as bot:
        refused = await said(bot, "https://alofoq.example/", language_code="en")
        assert refused.text == "Only the operator of this bot adds outlets."


async def test_only_administrators_add_outlets_for_a_group(bot: RunningBot) -> None:
    refused = await said(bot, "/add https://alofoq.example/", chat_id=GROUP, user_id=7)
    assert "مشرف" in refused.text
    bot.telegram.admins.add((GROUP, 8))
    shown = await said(bot, "/add https://alofoq.example/", chat_id=GROUP, user_id=8, language_code="en")
    await looked(bot)
    await bot.telegram.wait_until(lambda: bool(shown.buttons) and shown.edits > 0)
    assert "مشرف" in await pressed(bot, data="v1:follow:1", chat_id=GROUP, user_id=7)
    assert bot.database.read_now(discoveries.open_discoveries) == []


async def test_another_chats_discovery_is_nobodys_business(bot: RunningBot) -> None:
    await said(bot, "https://alofoq.example/")
    await looked(bot)
    await said(bot, "/outlets", chat_id=8, user_id=8, language_code="en")
    answer = await pressed(bot, data="v1:follow:1", chat_id=8, user_id=8)
    assert answer == "This button is from an older version."


async def test_which_outlet_to_add_is_asked_where_none_is_named(bot: RunningBot) -> None:
    assert "Which outlet?" in (await said(bot, "/add", language_code="en")).text
    await said(bot, "al-ofoq")
    assert (await asked(bot)).address == "al-ofoq"


@pytest.mark.parametrize("word", ["node.js", "@alofoq_news"])
async def test_a_word_that_may_be_an_address_is_asked_about(bot: RunningBot, word: str) -> None:
    asked_back = await said(bot, word, language_code="en")
    assert sorted(asked_back.labels) == ["Look there", "Watch it"]
    await pressed(bot, "Look there")
    assert (await asked(bot)).address == word


async def test_the_last_chat_that_leaves_ends_what_only_chats_brought(bot: RunningBot) -> None:
    await said(bot, "https://alofoq.example/", language_code="en")
    await looked(bot)
    await pressed(bot, "Follow")
    await followed(bot)
    await pressed(bot, "About this outlet")
    await pressed(bot, "Unfollow")
    await bot.telegram.wait_until(lambda: "not followed any more" in bot.telegram.sent[-1].text)
    assert bot.database.read_now(list_outlets) == []
    assert bot.telegram.sent[-1].labels == ["All outlets"]


async def test_what_the_operator_follows_stays_when_chats_leave(bot: RunningBot) -> None:
    bot.database.write_now(an_outlet)
    shown = await said(bot, "/outlets", language_code="en")
    await pressed(bot, "صحيفة الأفق")
    assert "I say so here" in await pressed(bot, "Tell me if it fails")
    chat = bot.database.write_now(a_telegram_chat)
    assert bot.database.read_now(followed_by, chat.id) == {1}
    await pressed(bot, "Unfollow")
    await bot.telegram.wait_until(lambda: "Tell me if it fails" in shown.labels)
    assert len(bot.database.read_now(list_outlets)) == 1


@pytest.mark.parametrize(
    ("text", "address", "host"),
    [
        ("https://alofoq.example/news?page=2", True, False),
        ("alofoq.example/feed", True, False),
        ("www.alofoq.example", True, True),
        ("t.me/alofoq", True, False),
        ("alofoq.example", False, True),
        ("سد النهضة", False, False),
        ("غزة/رفح", False, False),
        ("3.5", False, False),
        ("https://a.example and more", False, False),
        ("file:///etc/hosts", True, False),
        ("http://", True, False),
        ("@alofoq_news", False, True),
        ("@سد", False, False),
    ],
)
def test_what_is_an_address_and_what_may_be_one(text: str, address: bool, host: bool) -> None:
    assert (is_address(text), is_host(text)) == (address, host)


# lists


async def test_a_list_of_outlets_is_fetched_shown_and_followed(bot: RunningBot) -> None:
    bot.telegram.share("mine.opml", b"<opml/>", language_code="en")
    shown = (await bot.telegram.wait_for(1))[0]
    assert "I am reading" in shown.text
    look = await asked(bot)
    assert (look.kind, base64.b64decode(look.address)) == (DiscoveryKind.OPML, b"<opml/>")
    plan = {"file": "mine.opml", "rows": 12, "known": 1, "bad": 2, "names": [f"صحيفة {number}" for number in range(10)]}
    bot.database.write_now(discoveries.record_found, look.id, plan, now=datetime.now(UTC))
    bot.context.wakeups.kick(DELIVERIES)
    await bot.telegram.wait_until(lambda: "12 sources to follow" in shown.text)
    assert "1 is followed already" in shown.text
    assert "2 lines cannot be followed" in shown.text
    assert "and 2 more" in shown.text
    await pressed(bot, "Follow")
    done = plan | {"followed": 10, "failed": 1, "left": 1}
    bot.database.write_now(
        lambda connection: discoveries.record_followed(
            connection, look.id, outlet_id=None, added=False, now=datetime.now(UTC), result=done
        )
    )
    bot.context.wakeups.kick(DELIVERIES)
    await bot.telegram.wait_until(lambda: "10 sources are followed now" in shown.text)
    assert "for 1 there is no room" in shown.text
    assert shown.labels == ["All outlets"]
    assert bot.telegram.refused == []


async def test_a_list_with_nothing_new_leads_to_the_outlets(bot: RunningBot) -> None:
    bot.telegram.share("mine.opml", b"<opml/>", language_code="en")
    shown = (await bot.telegram.wait_for(1))[0]
    plan = {"file": "mine.opml", "rows": 0, "known": 1, "bad": 0, "names": []}
    bot.database.write_now(discoveries.record_found, (await asked(bot)).id, plan, now=datetime.now(UTC))
    bot.context.wakeups.kick(DELIVERIES)
    await bot.telegram.wait_until(lambda: "1 is followed already" in shown.text)
    assert shown.labels == ["All outlets"]


async def test_files_that_are_no_lists_are_refused(bot: RunningBot) -> None:
    bot.telegram.share("holiday.jpg", b"...", language_code="en")
    assert "I cannot read" in (await bot.telegram.wait_for(1))[0].text
    bot.telegram.share("large.opml", bytes(2 * 1024 * 1024 + 1))
    assert "could not get this file" in (await bot.telegram.wait_for(2))[1].text
    assert bot.database.read_now(discoveries.open_discoveries) == []


# the catalogue


def entries() -> list[CatalogueEntry]:
    def entry(key: str, name: str, name_ar: str, country: str, **more: Any) -> CatalogueEntry:
        home = f"https://{key}.example/"
        return CatalogueEntry(key, name, name_ar, home, country, "ar", "Asia/Damascus", **more)

    few = [
        entry("alofoq", "Al-Ofoq", "الأفق", "SY", leaning=Leaning.STATE),
        entry("almina", "Al-Mina", "الميناء", "LB", leaning=Leaning.PRIVATE, verified=True),
    ]
    return few + [entry(f"paper-{number}", f"Paper {number}", f"صحيفة {number}", "EG") for number in range(12)]


@pytest.fixture
def catalogue(bot: RunningBot) -> None:
    bot.database.write_now(mirror, entries(), content_hash="of these")


@pytest.mark.usefixtures("catalogue")
async def test_the_catalogue_is_browsed_by_country(bot: RunningBot) -> None:
    shown = await said(bot, "/catalogue", language_code="en")
    assert sorted(shown.labels) == ["Outlets", "Search by name", "🇪🇬 Egypt (12)", "🇱🇧 Lebanon (1)", "🇸🇾 Syria (1)"]
    await pressed(bot, "🇸🇾 Syria (1)")
    await bot.telegram.wait_until(lambda: "Al-Ofoq" in shown.text)
    assert "state-run · not verified" in shown.text
    await pressed(bot, "All countries")
    await pressed(bot, "🇪🇬 Egypt (12)")
    await pressed(bot, "Next")
    await bot.telegram.wait_until(lambda: "Paper 11" in shown.text)
    assert "Follow Paper 11" in shown.labels


@pytest.mark.usefixtures("catalogue")
async def test_the_catalogue_is_searched_in_both_languages_and_followed_from(bot: RunningBot) -> None:
    assert "الميناء" in (await said(bot, "/catalogue الميناء")).text
    shown = await said(bot, "/catalogue al-mina", chat_id=8, user_id=8, language_code="en")
    assert "private" in shown.text
    assert "not verified" not in shown.text
    await pressed(bot, "Follow Al-Mina", chat_id=8, user_id=8)
    await bot.telegram.wait_for(3)
    look = await asked(bot)
    assert (look.kind, look.address) == (DiscoveryKind.CATALOGUE, "almina")
    nothing = await said(bot, "/catalogue زقزقة", chat_id=8, user_id=8)
    assert "has nothing called" in nothing.text


@pytest.mark.usefixtures("catalogue")
@pytest.mark.parametrize("forged", ["v1:country::", "v1:country:É:0", "v1:country:sy:0", "v1:country:SYX:0"])
async def test_a_country_the_catalogue_does_not_have_leads_to_those_it_has(bot: RunningBot, forged: str) -> None:
    shown = await said(bot, "/catalogue al-mina", language_code="en")
    await pressed(bot, data=forged)
    await bot.telegram.wait_until(lambda: "Choose a country" in shown.text)
    assert bot.telegram.refused == []


async def test_an_entry_that_is_gone_is_said_to_be(bot: RunningBot) -> None:
    empty = await said(bot, "/catalogue", language_code="en")
    assert "empty" in empty.text
    await said(bot, "/outlets")
    assert await pressed(bot, data="v1:take:alofoq") == "It is not in the catalogue any more."
