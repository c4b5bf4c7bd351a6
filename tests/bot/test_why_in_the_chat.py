"""Why an article came, or did not: of an alert, of a pasted address, of a forwarded message."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection

from monitors.alerts import Cause, Judgement, Match, Verdict
from monitors.finding import Findings
from monitors.recording import record
from monitors.storage.articles import get_articles, pending_articles, save
from monitors.storage.decisions import record_decision
from monitors.storage.outlets import remove_outlet
from monitors.storage.settlements import settle_undeliverable
from monitors.storage.subscriptions import set_subscription_state, subscribe
from monitors.storage.watches import add_watch, set_state
from monitors.storage.watchlists import limit_watchlist, pause_watchlist, watchlists_of
from monitors.subscriptions import SubscriptionState
from monitors.watchlists import WatchState
from tests.bot.conftest import RunningBot, pressed, said
from tests.bot.test_alert_buttons import told
from tests.fakes.telegram_messages import SentMessage
from tests.rows import NOW, SECOND, a_new_article, a_telegram_chat, an_outlet

GROUP = -500


def lines(message: SentMessage) -> list[str]:
    return [line.translate(dict.fromkeys(map(ord, "\u2068\u2069\u200e\u200f"))) for line in message.text.splitlines()]


def an_article(bot: RunningBot, verdict: Verdict | None, reason: Cause = Cause.TAKEN, **judged: Any) -> str:
    """The address of an article that came, judged like this in a chat that watches «ميناء»."""

    def come(connection: Connection) -> str:
        chat = a_telegram_chat(connection, language="en")
        watch, _ = add_watch(connection, chat.id, "ميناء", now=NOW - SECOND)
        outlet, _ = an_outlet(connection)
        (number,) = save(connection, [a_new_article(outlet, 5, title="فتح الميناء")], now=NOW)
        judgements = [Judgement(chat.id, verdict, reason, **judged)] if verdict else []
        record_decision(connection, number, [Match(watch.id, {"title": ((4, 11),)})], judgements, now=NOW)
        return get_articles(connection, [number])[0].url

    return bot.database.write_now(come)


async def test_an_alert_says_why_it_came(bot: RunningBot) -> None:
    await told(bot, "ميناء", "مطار AND ميناء")
    await pressed(bot, "⋯ Options")
    await pressed(bot, "Why this?")
    (_, why) = await bot.telegram.wait_for(2)
    said_of_it = lines(why)
    assert said_of_it[0] == "فتح الميناء اليوم"
    assert said_of_it[3].startswith("✅ Told here 20")
    assert said_of_it[4:] == [
        *("", "It met these watches:", "🔔 ميناء: الميناء"),
        *("", "It missed these, the nearest first:", "🔔 مطار AND ميناء", "– مطار is not in the article"),
    ]
    assert why.labels == ["About this outlet", "The alert", "My watches"]


async def test_an_alert_whose_change_was_refused_was_told_all_the_same(bot: RunningBot) -> None:
    await told(bot, "ميناء")
    later = datetime.now(UTC) + timedelta(days=400)
    await bot.database.write(settle_undeliverable, 1, "Bad Request: no", now=later)
    await pressed(bot, "⋯ Options")
    await pressed(bot, "Why this?")
    (_, why) = await bot.telegram.wait_for(2)
    assert lines(why)[3].startswith("✅ Told here 20")
    assert str(later.year) not in lines(why)[3]
    assert lines(why)[4].startswith("❗ It says less than the article by now")


@pytest.mark.parametrize(
    ("verdict", "reason", "line"),
    [
        (Verdict.DROPPED, Cause.EVERYTHING_MUTED, "🔇 Not told: everything was muted."),
        (Verdict.DROPPED, Cause.STORY_MUTED, "🔇 Not told: the story was muted."),
        (Verdict.DROPPED, Cause.OUTLET_MUTED, "🔇 Not told: the outlet was muted."),
        (Verdict.DROPPED, Cause.WATCH_MUTED, "🔇 Not told: the word was muted."),
        (
            Verdict.DROPPED,
            Cause.NOT_TAKEN,
            "Not told: when its time came, what had found it was not taken here",
        ),
        (Verdict.HELD, Cause.PAUSED, "⏸ It waits: what found it is paused. It comes when that is resumed."),
        (Verdict.HELD, Cause.QUIET_HOURS, "🌙 Held back by quiet hours; it comes 2126-03-20 12:00 UTC"),
        (Verdict.DIGEST, Cause.TAKEN, "🗞 It comes with the digest 2126-03-20 12:00 UTC"),
        (Verdict.DIGEST, Cause.DAILY_LIMIT, "More came that day than its daily limit."),
        (None, Cause.TAKEN, "When it came, nothing of it was told here: it was not taken here yet"),
    ],
)
async def test_a_pasted_address_says_what_held_it_back(
    bot: RunningBot, verdict: Verdict | None, reason: Cause, line: str
) -> None:
    due_at = NOW.replace(year=2126) if verdict in (Verdict.HELD, Verdict.DIGEST) else None
    address = an_article(bot, verdict, reason, due_at=due_at)
    why = await said(bot, f"{address}?utm_source=x")
    assert any(said_of_it.startswith(line) for said_of_it in lines(why))
    assert "🔔 ميناء: الميناء" in lines(why)
    assert why.labels[-1] == "My watches"
    assert why.spans("code") == []


@pytest.mark.parametrize(("verdict", "reason"), [(Verdict.HELD, Cause.QUIET_HOURS), (Verdict.DIGEST, Cause.TAKEN)])
async def test_what_is_due_is_on_its_way(bot: RunningBot, verdict: Verdict, reason: Cause) -> None:
    why = lines(await said(bot, an_article(bot, verdict, reason, due_at=NOW)))
    assert "⏳ On its way." in why


async def test_what_came_while_its_watch_was_paused_is_explained_when_it_is_resumed(bot: RunningBot) -> None:
    def come(connection: Connection) -> str:
        chat = a_telegram_chat(connection, language="en")
        watch, _ = add_watch(connection, chat.id, "ميناء", now=NOW - SECOND)
        set_state(connection, watch, WatchState.PAUSED, now=NOW)
        outlet, _ = an_outlet(connection)
        (number,) = save(connection, [a_new_article(outlet, 5, title="فتح الميناء")], now=NOW)
        record_decision(connection, number, [], [], now=NOW + SECOND)
        set_state(connection, watch, WatchState.ACTIVE, now=NOW + 60 * SECOND)
        return get_articles(connection, [number])[0].url

    why = lines(await said(bot, bot.database.write_now(come)))
    assert why[3:] == [
        *("Not told here, for the reason below.", "", "Met while it was paused:", "🔔 ميناء: الميناء"),
        "⏸ It was paused 2026-03-20 12:00 UTC, and resumed 2026-03-20 12:01 UTC",
    ]


async def test_what_others_share_is_judged_like_ones_own(bot: RunningBot) -> None:
    """A watchlist that was paused by its owner, one that looks elsewhere, and a whole outlet that is paused here."""

    def come(connection: Connection) -> str:
        owner, reader = a_telegram_chat(connection, 8), a_telegram_chat(connection, language="en")
        outlet, _ = an_outlet(connection)
        for query, name in (("ميناء", "Ports"), ("مطار", "Ports"), ("فتح", "Elsewhere")):
            watch, _ = add_watch(connection, owner.id, query, now=NOW - SECOND, watchlist=name)
            subscribe(connection, reader.id, watchlist_id=watch.watchlist_id, owned=False, now=NOW - SECOND)
        ports, elsewhere = watchlists_of(connection, owner.id)
        pause_watchlist(connection, ports, now=NOW)
        limit_watchlist(connection, elsewhere, excluding=None, outlets=(), languages=None)
        whole = subscribe(connection, reader.id, outlet_id=outlet.id, now=NOW - SECOND)
        set_subscription_state(connection, whole.id, SubscriptionState.PAUSED, now=NOW)
        (number,) = save(connection, [a_new_article(outlet, 5, title="فتح الميناء")], now=NOW)
        record_decision(connection, number, [], [], now=NOW + SECOND)
        return get_articles(connection, [number])[0].url

    why = lines(await said(bot, bot.database.write_now(come)))
    assert why[3:] == [
        "Not told here, for the reason below.",
        *("🔔 Everything of this outlet", "⏸ It was paused 2026-03-20 12:00 UTC"),
        *("", "Met while it was paused:", "🔔 ميناء – Ports: الميناء", "⏸ It was paused 2026-03-20 12:00 UTC"),
        *("", "Would be met, and their watchlist looks at other outlets or languages:", "🔔 فتح – Elsewhere: فتح"),
        *("", "It missed these, the nearest first:", "🔔 مطار – Ports", "– مطار is not in the article"),
        *("", "Elsewhere is limited:", "Only from: –"),
    ]


async def test_of_what_somebody_else_sends_to_a_group_only_what_was_met_is_told(bot: RunningBot) -> None:
    def come(connection: Connection) -> str:
        owner, group = a_telegram_chat(connection, 8), a_telegram_chat(connection, GROUP, language="en")
        watch, _ = add_watch(connection, owner.id, "مطار", now=NOW - SECOND)
        subscribe(connection, group.id, watchlist_id=watch.watchlist_id, now=NOW - SECOND)
        (number,) = save(connection, [a_new_article(an_outlet(connection)[0], 5, title="فتح الميناء")], now=NOW)
        record_decision(connection, number, [], [], now=NOW + SECOND)
        return get_articles(connection, [number])[0].url

    why = lines(await said(bot, f"/why {bot.database.write_now(come)}", chat_id=GROUP))
    assert why[3:] == ["No watch here met it when it came."]


async def test_a_site_that_is_not_followed_any_more_is_offered(bot: RunningBot) -> None:
    address = an_article(bot, None)
    bot.database.write_now(remove_outlet, 1)
    why = await said(bot, f"{address}?utm_source=x")
    assert why.labels[-1] == "Follow the site"
    assert why.spans("code") == [f"{address}?utm_source=x"]


async def test_until_when_it_was_muted_is_said(bot: RunningBot) -> None:
    why = await said(bot, an_article(bot, Verdict.DROPPED, Cause.EVERYTHING_MUTED, due_at=NOW))
    assert "🔇 Not told: everything was muted. End of the mute: 2026-03-20 12:00 UTC." in lines(why)


async def test_an_alert_of_a_whole_outlet_says_so(bot: RunningBot) -> None:
    def come(connection: Connection) -> int:
        outlet, _ = an_outlet(connection)
        subscribe(connection, a_telegram_chat(connection, language="en").id, outlet_id=outlet.id, now=NOW)
        save(connection, [a_new_article(outlet, 5)], now=NOW)
        (article,) = pending_articles(connection, limit=9)
        record(connection, article, Findings(), zone="UTC", now=NOW)
        return article.id

    why = await said(bot, f"/why {bot.database.write_now(come)}", language_code="en")
    assert "🔔 Everything of this outlet" in lines(why)


@pytest.mark.parametrize(
    "shared", ["فتح الميناء\n{}", "{}\nفتح الميناء", "شوفوا {} مهم", "فتح الميناء ({}).", "/why فتح {}"]
)
async def test_an_address_among_words_is_meant_itself_as_phones_share_articles(bot: RunningBot, shared: str) -> None:
    address = an_article(bot, Verdict.DROPPED, Cause.OUTLET_MUTED)
    why = await said(bot, shared.format(f"{address}?utm_source=share"))
    assert "🔇 Not told: the outlet was muted." in lines(why)


async def test_a_forwarded_alert_is_explained(bot: RunningBot) -> None:
    address = an_article(bot, Verdict.DROPPED, Cause.OUTLET_MUTED)
    message = {
        "message_id": 900,
        "date": 1,
        "chat": {"id": 7, "type": "private", "first_name": "سارة"},
        "from": {"id": 7, "is_bot": False, "first_name": "سارة"},
        "forward_origin": {"type": "user", "date": 1},
        "text": "صحيفة",
        "entities": [{"type": "text_link", "offset": 0, "length": 5, "url": address}],
    }
    bot.telegram.push({"message": message})
    (why,) = await bot.telegram.wait_for(1)
    assert "🔇 Not told: the outlet was muted." in lines(why)


async def test_an_unseen_article_is_looked_for_by_command(bot: RunningBot) -> None:
    an_article(bot, None)
    asked = await said(bot, "/why")
    assert lines(asked) == ["Which article? Send me its address, or forward an alert."]
    why = await said(bot, "https://elsewhere.example/1")
    assert lines(why) == [
        "I have not seen this article.",
        "https://elsewhere.example/1",
        "No outlet at elsewhere.example is followed.",
    ]
    assert why.labels == ["Look there"]


async def test_an_unseen_article_of_an_outlet_that_is_followed_is_not_taken_for_another_outlet(bot: RunningBot) -> None:
    root = an_article(bot, None).rsplit("/", 1)[0]
    why = await said(bot, f"{root}/2026/03/talks-on-the-port-go-on")
    assert lines(why)[0] == "I have not seen this article."
    assert "– feed: not read yet" in lines(why)
    assert why.labels == ["Look there", "About this outlet"]
    for lists in ("", "/sport/", "/feeds/1.xml"):
        assert "I am looking for articles" in (await said(bot, f"{root}{lists}")).text


@pytest.mark.parametrize(
    "asked", ["nonsense", "https://me:secret@a.example/1", "999999", "https://a.example/" + "x" * 2500]
)
async def test_what_is_no_address_is_not_repeated(bot: RunningBot, asked: str) -> None:
    an_article(bot, None)
    answer = await said(bot, f"/why {asked}")
    assert len(answer.text) < 200
    assert asked not in answer.text


async def test_in_a_group_others_see_why_and_nobody_else_does(bot: RunningBot) -> None:
    await told(bot, chat_id=GROUP)
    assert await pressed(bot, data="v1:why:1", chat_id=GROUP, user_id=9) == "🔔 ميناء: الميناء"
    assert len(bot.telegram.sent) == 1


async def test_another_chats_watches_are_never_told(bot: RunningBot) -> None:
    address = an_article(bot, Verdict.DROPPED, Cause.OUTLET_MUTED)
    await said(bot, "/start", chat_id=8, user_id=8)
    why = await said(bot, f"/why {address}", chat_id=8, user_id=8)
    assert why.text.startswith("\u200f\u2068فتح الميناء")
    assert "🔔" not in why.text
    assert await pressed(bot, data="v1:why:1", chat_id=8, user_id=8) == "هذا الزر من إصدار أقدم."


@pytest.mark.parametrize("asked", ["/why {}", "{}"])
async def test_an_article_is_explained_to_whoever_asks_of_it_before_anything_else(bot: RunningBot, asked: str) -> None:
    url = an_article(bot, None)
    why = await said(bot, asked.format(url), chat_id=8, user_id=8, language_code="en")
    assert lines(why)[0] == "فتح الميناء"
    assert "Nothing is watched here yet." in why.text
    assert "ميناء:" not in why.text


async def test_in_a_topic_that_is_not_known_yet_an_address_is_taken_for_one(bot: RunningBot) -> None:
    forum = -1000000000500
    bot.telegram.admins.add((forum, 7))
    url = an_article(bot, None)
    why = await said(bot, f"/why {url}", chat_id=forum, thread_id=42, language_code="en")
    assert lines(why)[0] == "فتح الميناء"
    unseen = await said(bot, "/why https://elsewhere.example/news/1", chat_id=forum, thread_id=43)
    assert lines(unseen)[0] == "I have not seen this article."
