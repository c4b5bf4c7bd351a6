"""Visits and back-fills asked for in the chat; the crawler's part is played by the test."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection

from monitors.outlets import NewOutlet, NewSource, Poll, PollReason
from monitors.requests import CrawlState
from monitors.settings import LimitSettings, Settings
from monitors.storage import crawls
from monitors.storage.articles import save
from monitors.storage.engine import Database
from monitors.storage.outlets import add_outlet
from monitors.storage.polls import record_poll
from monitors.storage.watches import add_watch
from monitors.wakeups import DELIVERIES, REQUESTS
from tests.bot.conftest import RunningBot, pressed, running, said, settings_for
from tests.fakes.telegram import FakeTelegram
from tests.rows import NOW, a_new_article, an_outlet

GROUP = -500


def crawled(bot: RunningBot, *titles: str, state: CrawlState = CrawlState.FINISHED, failed: int = 0) -> None:
    """The crawler works on the one open crawl to its end."""

    def work(connection: Connection) -> None:
        now = datetime.now(UTC)
        (crawl,) = crawls.open_crawls(connection)
        crawls.begin_crawl(connection, crawl.id, now=now)
        outlet, _ = an_outlet(connection)
        found = [a_new_article(outlet, number, title=title) for number, title in enumerate(titles, 1)]
        save(connection, found, now=now, crawl_id=crawl.id)
        crawls.record_progress(connection, crawl.id, found=20, failed=failed, now=now)
        crawls.end_crawl(connection, crawl.id, state, now=now)

    bot.database.write_now(work)
    bot.context.wakeups.kick(DELIVERIES)


def going_on(bot: RunningBot, found: int) -> None:
    """The crawler has read so many entries of the one open crawl."""

    def work(connection: Connection) -> None:
        now = datetime.now(UTC)
        (crawl,) = crawls.open_crawls(connection)
        crawls.begin_crawl(connection, crawl.id, now=now)
        crawls.record_progress(connection, crawl.id, found=found, failed=0, now=now)

    bot.database.write_now(work)


async def test_a_crawl_is_acknowledged_followed_and_reported_in_one_message(bot: RunningBot) -> None:
    bot.database.write_now(an_outlet)
    shown = await said(bot, "/crawl صحيفة الأفق", language_code="en")
    assert ": I am about to visit it." in shown.text
    assert shown.labels == ["Stop"]
    assert await bot.context.wakeups.wait(REQUESTS, 1)
    crawled(bot, *(f"خبر رقم {number}" for number in range(1, 13)), failed=1)
    await bot.telegram.wait_until(lambda: "the visit is over" in shown.text)
    assert "20 entries were listed." in shown.text
    assert "12 new articles." in shown.text
    assert "0 of them meet what is watched here." in shown.text
    assert "1 page failed." in shown.text
    assert len(shown.spans("text_link")) == 10
    assert "and 2 more" in shown.text
    assert shown.labels == ["About this outlet", "Visit again"]
    assert len(bot.telegram.sent) == 1
    assert bot.telegram.refused == []


async def test_what_is_matched_after_the_end_is_shown_too(bot: RunningBot) -> None:
    bot.database.write_now(an_outlet)
    shown = await said(bot, "/crawl 1", language_code="en")
    crawled(bot, "القيارة")
    await bot.telegram.wait_until(lambda: "still being compared" in shown.text)

    def decide(connection: Connection) -> None:
        from monitors.alerts import Match
        from monitors.storage.decisions import record_decision

        watch, _ = add_watch(connection, 1, "القيارة", now=NOW)
        record_decision(connection, 1, [Match(watch.id, {"title": ((0, 7),)})], [], now=datetime.now(UTC))

    bot.database.write_now(decide)
    await bot.telegram.wait_until(lambda: "1 of them meets what is watched here." in shown.text)
    assert "still being compared" not in shown.text


async def test_progress_is_shown_by_edits_some_seconds_apart(bot: RunningBot) -> None:
    bot.database.write_now(an_outlet)
    shown = await said(bot, "/crawl 1", language_code="en")
    for found in range(1, 6):

        def progress(connection: Connection, found: int = found) -> None:
            crawls.begin_crawl(connection, 1, now=datetime.now(UTC))
            crawls.record_progress(connection, 1, found=found, failed=0, now=datetime.now(UTC))

        bot.database.write_now(progress)
    await bot.telegram.wait_until(lambda: "5 entries were listed." in shown.text)
    assert shown.edits == 1
    assert "I am there now" in shown.text
    assert shown.labels == ["Stop"]


async def test_one_press_stops_a_crawl(bot: RunningBot) -> None:
    bot.database.write_now(an_outlet)
    shown = await said(bot, "/crawl 1", language_code="en")
    await bot.context.wakeups.wait(REQUESTS, 1)
    assert await pressed(bot, "Stop") == "Stopped."
    assert await bot.context.wakeups.wait(REQUESTS, 1)
    await bot.telegram.wait_until(lambda: "stopped. What was found until then is kept." in shown.text)
    assert bot.database.read_now(crawls.open_crawls) == []
    assert await pressed(bot, data="v1:stop:1") == "It is over already."


async def test_nobody_stops_a_crawl_of_another_chat(bot: RunningBot) -> None:
    bot.database.write_now(an_outlet)
    await said(bot, "/crawl 1", chat_id=7)
    stranger = await said(bot, "/crawl 1", chat_id=8, user_id=8, language_code="en")
    assert "I am about to visit it." in stranger.text
    assert stranger.labels == []
    await said(bot, "/outlets", chat_id=8, user_id=8)
    assert await pressed(bot, data="v1:stop:1", chat_id=8, user_id=8) == "It is over already."
    assert len(bot.database.read_now(crawls.open_crawls)) == 1


async def test_a_visit_a_moment_ago_is_the_answer(bot: RunningBot) -> None:
    bot.database.write_now(an_outlet)
    first = await said(bot, "/crawl 1", language_code="en")
    crawled(bot, "خبر")
    await bot.telegram.wait_until(lambda: "the visit is over" in first.text)
    again = await said(bot, "/crawl 1", chat_id=8, user_id=8, language_code="en")
    assert "the visit is over" in again.text
    assert "خبر" in again.text
    assert bot.database.read_now(crawls.open_crawls) == []


async def test_a_person_has_so_many_crawls_an_hour_in_all_chats_together(
    sqlite_database: Database, telegram: FakeTelegram
) -> None:
    settings = settings_for(telegram).model_copy(update={"limits": LimitSettings(crawls_per_hour=1)})
    telegram.admins.add((GROUP, 7))
    async with running(sqlite_database, telegram, settings) as bot:
        for name in ("الأولى", "الثانية"):
            bot.database.write_now(an_outlet, name)
        await said(bot, "/crawl الأولى", language_code="en")
        refused = await said(bot, "/crawl الثانية", chat_id=GROUP, user_id=7, language_code="en")
        assert refused.text.startswith("You may ask for 1 visit an hour.")
        assert refused.spans("date_time")
        assert "about to visit" in (await said(bot, "/crawl الثانية", chat_id=8, user_id=8, language_code="en")).text


async def test_operators_crawl_as_often_as_they_like(sqlite_database: Database, telegram: FakeTelegram) -> None:
    settings: Settings = settings_for(telegram, admins=(7,)).model_copy(
        update={"limits": LimitSettings(crawls_per_hour=0)}
    )
    async with running(sqlite_database, telegram, settings) as bot:
        bot.database.write_now(an_outlet)
        assert "about to visit" in (await said(bot, "/crawl 1", language_code="en")).text
        refused = await said(bot, "/crawl 1", chat_id=8, user_id=8, language_code="en")
        assert "about to visit" in refused.text  # what is under way anyway may be seen


async def test_an_archive_is_read_as_far_back_as_chosen_and_raises_no_alerts(bot: RunningBot) -> None:
    bot.database.write_now(an_outlet)
    await said(bot, "/outlets", language_code="en")
    await pressed(bot, "صحيفة الأفق")
    await bot.telegram.wait_until(lambda: "Read its archive" in bot.telegram.sent[0].labels)
    await pressed(bot, "Read its archive")
    await bot.telegram.wait_until(lambda: "30 days" in bot.telegram.sent[0].labels)
    before = datetime.now(UTC)
    assert await pressed(bot, "30 days") == "On my way."
    (crawl,) = bot.database.read_now(crawls.open_crawls)
    assert crawl.since is not None
    assert timedelta() <= crawl.since - (before - timedelta(days=30)) < timedelta(minutes=1)
    assert not crawl.alerts
    crawled(bot, "خبر قديم")
    await bot.telegram.wait_until(lambda: "its archive has been read" in bot.telegram.sent[-1].text)
    assert "raise no alerts" in bot.telegram.sent[-1].text


async def test_no_archive_is_read_farther_back_than_offered(bot: RunningBot) -> None:
    bot.database.write_now(an_outlet)
    await said(bot, "/outlets", language_code="en")
    assert await pressed(bot, data="v1:past:1:3000") == "This button is from an older version."
    assert bot.database.read_now(crawls.open_crawls) == []


async def test_only_administrators_crawl_for_a_group(bot: RunningBot) -> None:
    bot.database.write_now(an_outlet)
    await said(bot, "/outlets", chat_id=GROUP, user_id=7)
    for data in ("v1:crawl:1", "v1:past:1:7", "v1:join:1"):
        assert "مشرف" in await pressed(bot, data=data, chat_id=GROUP, user_id=7)
    assert bot.database.read_now(crawls.open_crawls) == []


async def test_a_crawl_of_an_outlet_that_is_gone_says_so(bot: RunningBot) -> None:
    outlet, _ = bot.database.write_now(an_outlet)
    shown = await said(bot, "/crawl 1", language_code="en")
    bot.database.write_now(crawls.stop_following, outlet.id, now=datetime.now(UTC))
    bot.context.wakeups.kick(DELIVERIES)
    await bot.telegram.wait_until(lambda: "The outlet is not followed any more." in shown.text)
    assert await pressed(bot, data="v1:crawl:1") == "This outlet is not followed any more."


async def test_an_outlet_is_asked_for_by_name_a_part_of_it_or_by_the_host_the_list_shows(bot: RunningBot) -> None:
    follow(bot, "الأولى", "https://news.example/a/")
    follow(bot, "الثانية", "https://news.example/b/")
    follow(bot, "مجلة", "http://127.0.0.1:8080/ar/")
    bot.telegram.say("/crawl News.example", language_code="en")
    several, choice = await bot.telegram.wait_for(2)
    assert "Several outlets are called" in several.text
    assert sorted(choice.labels) == ["Visit الأولى", "Visit الثانية"]
    assert "about to visit" in (await said(bot, "/crawl 127.0.0.1")).text
    first = await said(bot, "/crawl أول")
    assert "الأولى" in first.text
    assert "about to visit" in first.text
    bot.telegram.say("/crawl جريدة")
    *_, unknown, choice = await bot.telegram.wait_for(6)
    assert "No outlet is called" in unknown.text
    assert len(choice.labels) == 3


async def test_outlets_are_listed_with_their_health_and_each_has_a_screen(bot: RunningBot) -> None:
    _, source = bot.database.write_now(an_outlet, "صحيفة الأفق")
    failed = Poll(source.id, NOW, NOW, succeeded=False, error="The site answered 500.", reason=PollReason.FAILURES)
    bot.database.write_now(lambda connection: record_poll(connection, failed))
    shown = await said(bot, "/outlets", language_code="en")
    assert "صحيفة الأفق" in shown.text
    assert "failed 1 time" in shown.text
    await pressed(bot, "صحيفة الأفق")
    await bot.telegram.wait_until(lambda: shown.edits == 1)
    assert "because it failed and is given time" in shown.text
    assert "The site answered 500." in shown.text
    assert "failed 1 time" in shown.text
    assert "It works" not in shown.text
    assert "Visit now" in shown.labels
    assert "Pause for everybody" not in shown.labels
    assert await pressed(bot, data="v1:pause:1") == "Only the operator of this bot may do that."


async def test_outlets_of_one_name_are_told_apart_by_their_hosts(bot: RunningBot) -> None:
    follow(bot, "الثورة", "https://thawra.example/")
    follow(bot, "الثورة", "https://althawra.example/")
    follow(bot, "تشرين", "https://tishreen.example/")
    shown = await said(bot, "/outlets", language_code="en")
    assert {"الثورة · thawra.example", "الثورة · althawra.example", "تشرين"} < set(shown.labels)


async def test_operators_let_an_outlet_rest(sqlite_database: Database, telegram: FakeTelegram) -> None:
    async with running(sqlite_database, telegram, settings_for(telegram, admins=(7,))) as bot:
        bot.database.write_now(an_outlet, "صحيفة الأفق")
        shown = await said(bot, "/outlets", language_code="en")
        await pressed(bot, "صحيفة الأفق")
        await pressed(bot, "Pause for everybody")
        await bot.telegram.wait_until(lambda: "paused by the operator" in shown.text)
        assert "Visit now" not in shown.labels
        assert "paused" in await pressed(bot, data="v1:crawl:1")
        await pressed(bot, "Resume")
        await bot.telegram.wait_until(lambda: "Visit now" in shown.labels)


def follow(bot: RunningBot, name: str, home: str) -> None:
    new, source = NewOutlet(name, home), NewSource(f"{home}feed")
    bot.database.write_now(lambda connection: add_outlet(connection, new, [source], now=NOW))
