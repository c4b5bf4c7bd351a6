"""More like an alert, and no more like it: a search, and a word left out that can be taken back."""

from __future__ import annotations

from monitors.chats import ChatAddress, Transport
from monitors.storage.chats import find_chat
from monitors.storage.watches import list_watches
from tests.bot.conftest import RunningBot, pressed, said
from tests.bot.test_alert_buttons import changed, told
from tests.bot.test_why_in_the_chat import lines
from tests.monitors.archive import archive
from tests.rows import a_new_article, an_outlet

GROUP = -500


def queries(bot: RunningBot) -> list[str]:
    return [watch.query for watch in bot.database.read_now(list_watches)]


async def test_a_word_of_the_article_is_left_out_and_taken_back(bot: RunningBot) -> None:
    await told(bot, "ميناء", text="مباراة في الكرة الطائرة")
    await pressed(bot, "⋯ Options")
    await pressed(bot, "Not relevant")
    offer = (await bot.telegram.wait_for(2))[1]
    assert lines(offer) == ["What should ميناء leave out?", "It met no other article yet. These words are in this one."]
    assert "- مباراة" in offer.labels
    assert not any("ميناء" in label for label in offer.labels)
    await changed(bot, offer, "- مباراة")
    assert lines(offer) == ["Leave out news of ميناء in which مباراة appears?"]
    assert queries(bot) == ["ميناء"]
    await changed(bot, offer, "Back")
    assert "- مباراة" in offer.labels
    await changed(bot, offer, "- مباراة")
    await changed(bot, offer, "Yes, leave it out")
    assert lines(offer) == ["✅ The watch is now:", "ميناء -مباراة"]
    assert queries(bot) == ["ميناء -مباراة"]
    await changed(bot, offer, "Undo")
    assert lines(offer) == ["✅ The watch is now:", "ميناء"]
    assert queries(bot) == ["ميناء"]


async def test_words_that_others_of_the_watch_have_are_not_offered(bot: RunningBot) -> None:
    await told(bot, "ميناء", text="سفينة")
    here = bot.database.read_now(lambda connection: find_chat(connection, ChatAddress(Transport.TELEGRAM, 7)))
    assert here is not None
    await bot.alert(here, 2, title="سفينة في الميناء اليوم", text="مهرجان للزهور")
    await bot.telegram.wait_for(2)
    await pressed(bot, data="v1:unlike:2")
    offer = (await bot.telegram.wait_for(3))[2]
    assert lines(offer)[1] == "These words are in this article, and not in the other one that it met last."
    assert offer.labels == ["- مهرجان", "- زهور", "My watches"]


async def test_of_several_watches_the_one_is_chosen(bot: RunningBot) -> None:
    await told(bot, "ميناء", "فتح", text="مباراة")
    await pressed(bot, data="v1:unlike:1")
    offer = (await bot.telegram.wait_for(2))[1]
    assert offer.labels == ["ميناء", "فتح", "The alert", "My watches"]
    await changed(bot, offer, "فتح")
    assert lines(offer)[0] == "What should فتح leave out?"


async def test_what_is_forged_changes_nothing(bot: RunningBot) -> None:
    await told(bot, text="مباراة")
    for data in ("excl:1:1:9999", "excl:1:9:0", "excl:9:1:0", "excl:1:1", "excl:::", "incl:1:1:-1", "unlike:1:9"):
        assert await pressed(bot, data=f"v1:{data}") == "This button is from an older version."
    assert queries(bot) == ["ميناء"]


async def test_in_a_group_only_administrators_leave_words_out(bot: RunningBot) -> None:
    await told(bot, chat_id=GROUP, text="مباراة")
    for data in ("unlike:1", "without:1:1:3", "excl:1:1:3", "incl:1:1:3", "more:1"):
        notice = await pressed(bot, data=f"v1:{data}", chat_id=GROUP, user_id=9)
        assert notice == "Only administrators may do that here."
    assert len(bot.telegram.sent) == 1
    assert queries(bot) == ["ميناء"]


async def archived(bot: RunningBot, *titles: str) -> None:
    """Articles that can be found, and those that were told."""
    outlet, _ = bot.database.write_now(an_outlet)
    await archive(bot.database, *(a_new_article(outlet, 50 + at, title=title) for at, title in enumerate(titles)))


async def test_more_like_an_alert_is_searched_by_its_rarest_words_and_does_not_find_it(bot: RunningBot) -> None:
    await told(bot)
    await archived(bot, "فتح باب الميناء", "فتح الميناء  اليوم", "أمطار")
    await pressed(bot, "More like this")
    found = (await bot.telegram.wait_for(2))[1]
    assert found.spans("code")[0] in ("فتح OR ميناء", "ميناء OR فتح")
    assert "Watch this" in found.labels
    assert found.spans("text_link") == ["فتح باب الميناء"]
    await changed(bot, found, "Week")
    assert "Nothing found" in found.text


async def test_where_none_has_two_of_the_rarest_words_others_of_the_title_are_searched_by(bot: RunningBot) -> None:
    await told(bot, title="انهيار هدنة غزة بعد ساعات من إعلانها المفاجئ")
    await archived(bot, "هدنة غزة تقترب", "أمطار")
    await pressed(bot, "More like this")
    found = (await bot.telegram.wait_for(2))[1]
    assert found.spans("text_link") == ["هدنة غزة تقترب"]


async def test_more_like_what_has_no_like_finds_nothing_and_says_so(bot: RunningBot) -> None:
    await told(bot)
    await archived(bot, "أمطار")
    await pressed(bot, "More like this")
    assert "Nothing found" in (await bot.telegram.wait_for(2))[1].text


async def test_forwarded_news_without_a_link_are_searched_for_and_not_watched(
    bot: RunningBot,
) -> None:
    outlet, _ = bot.database.write_now(an_outlet)
    await archive(bot.database, a_new_article(outlet, 1, title="Turbine of the Meridian dam repaired overnight"))
    await said(bot, "/start", language_code="en")
    news = "📰\nEngineers of the Meridian dam say that one turbine stands still.\nMore soon."
    bot.telegram.forward(news)
    found = (await bot.telegram.wait_for(2))[1]
    assert "Turbine of the Meridian dam repaired overnight" in found.text
    assert "Watch this" in found.labels
    bot.telegram.forward("oil\ngas prices")
    offered = (await bot.telegram.wait_for(3))[2]
    assert "2 watches can be added." in offered.text
    assert queries(bot) == []


async def test_a_button_of_an_alert_that_is_gone_says_so(bot: RunningBot) -> None:
    await said(bot, "/start", language_code="en")
    for action in ("more:5", "unlike:5", "without:5:1:1"):
        assert await pressed(bot, data=f"v1:{action}") == "This button is from an older version."
