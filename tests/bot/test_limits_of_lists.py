"""A watchlist that looks at some outlets and languages only, and as a file."""

from __future__ import annotations

from datetime import UTC, datetime

from monitors.catalogue import CatalogueEntry
from monitors.storage.catalogue import mirror
from monitors.storage.engine import Database
from monitors.storage.watches import list_watches
from monitors.storage.watchlists import watchlists_of
from monitors.watch_files import read_watches
from monitors.watchlists import FileFormat
from tests.bot.conftest import RunningBot, pressed, said
from tests.bot.test_adding_outlets import followed, looked
from tests.bot.test_keeping_watches import edited
from tests.monitors.archive import archive
from tests.rows import a_new_article, an_outlet


async def two_outlets(database: Database) -> str:
    """Each with an article about oil, of today; the address of the last one."""
    for number, name in enumerate(("Horizon", "Meridian"), 1):
        outlet, _ = database.write_now(an_outlet, name)
        now = datetime.now(UTC)
        await archive(database, a_new_article(outlet, number, title="the oil", first_seen_at=now, language="ar"))
    return f"{outlet.homepage}{number}"


async def test_outlets_and_languages_are_chosen_by_buttons_and_tried_before_saving(bot: RunningBot) -> None:
    url = await two_outlets(bot.database)
    await said(bot, "/watch wheat", language_code="en")
    screen = await said(bot, "/watches")
    await edited(bot, screen, "Limits")
    assert "Everything, from every outlet and in every language." in screen.text
    await edited(bot, screen, "Outlets")
    await edited(bot, screen, "Meridian")
    assert "Only from: \u2068Meridian" in screen.text
    assert "✅ Meridian" in screen.labels
    tried = await said(bot, "oil")
    assert "1 alert in the last 7 days" in tried.text
    assert "Only from: \u2068Meridian" in tried.text
    never = "No article can ever meet it: it asks for what it or its list rules out."
    assert never in (await said(bot, "oil source:Horizon")).text
    assert never not in (await said(bot, "oil source:Meridian")).text
    assert "No article can ever meet these:\n• \u2068source:Horizon" in (await said(bot, "gas\nsource:Horizon")).text
    before = len(bot.telegram.sent)
    await pressed(bot, "Search by name")
    await bot.telegram.wait_for(before + 1)
    found = await said(bot, "horiz")
    assert found.labels[0] == "Horizon"
    await edited(bot, found, "Horizon")
    await edited(bot, found, "All outlets")
    await edited(bot, found, "↩ Back")
    await edited(bot, found, "Languages")
    await edited(bot, found, "English")
    assert "Only in: English" in found.text
    assert "0 alerts in the last 7 days" in (await said(bot, "oil")).text
    assert never in (await said(bot, "oil lang:ar")).text
    before = len(bot.telegram.sent)
    await pressed(bot, "Another language")
    await bot.telegram.wait_for(before + 1)
    assert "Only in: English · French" in (await said(bot, "français")).text
    await said(bot, "/watch add the")
    why = await said(bot, f"/why {url}")
    assert "Main list\u2069 is limited:\nOnly in: English · French" in why.text
    (watchlist,) = bot.database.read_now(watchlists_of, 1)
    assert (watchlist.outlets, watchlist.languages) == (None, ("en", "fr"))


async def test_an_outlet_of_the_catalogue_is_followed_when_it_is_chosen_for_a_list(bot: RunningBot) -> None:
    await two_outlets(bot.database)
    entry = CatalogueEntry("alofoq", "Al-Ofoq", "الأفق", "https://alofoq.example/", "SY", "ar", "Asia/Damascus")
    bot.database.write_now(mirror, [entry], content_hash="1")
    await said(bot, "/watch oil", language_code="en")
    screen = await said(bot, "/watches")
    await edited(bot, screen, "Limits")
    await edited(bot, screen, "Outlets")
    await pressed(bot, "Search by name")
    await bot.telegram.wait_for(3)
    found = await said(bot, "ofoq")
    assert "➕ Al-Ofoq" in found.labels
    assert "Nobody follows those with ➕ yet" in found.text
    await pressed(bot, "➕ Al-Ofoq")
    await looked(bot)
    look = (await bot.telegram.wait_for(5))[4]
    await bot.telegram.wait_until(lambda: "Shall I follow it?" in look.text)
    assert bot.database.read_now(watchlists_of, 1)[0].outlets is None
    await pressed(bot, "Follow")
    await followed(bot)
    await bot.telegram.wait_until(lambda: "is followed from now on" in look.text)
    assert "The list for which you chose it looks at it." in look.text
    assert bot.database.read_now(watchlists_of, 1)[0].outlets == (3,)
    await pressed(bot, "Limits", message=look)
    assert "Only from: " in (await bot.telegram.wait_for(6))[5].text


async def test_limits_are_the_administrators_in_a_group_and_forged_ones_are_nothing(bot: RunningBot) -> None:
    await two_outlets(bot.database)
    await said(bot, "/watch oil", chat_id=-500, as_chat=True, language_code="en")
    for data in ("lot:1:1:0", "llt:1:ar", "lof:1", "lim:1", "wle:1:csv"):
        assert "مشرفو" in await pressed(bot, data=f"v1:{data}", chat_id=-500, user_id=66)
    await said(bot, "/start", language_code="en")
    for data in ("lot:1:1:0", "llt:1:ar", "lo:1:0", "ll:1", "lims:1", "wle:1:csv"):
        assert "not there any more" in await pressed(bot, data=f"v1:{data}")
    await said(bot, "/watch oil")
    await pressed(bot, data="v1:lot:2:999:0")
    await pressed(bot, data="v1:llt:2:xx")
    lists = [bot.database.read_now(watchlists_of, chat)[0] for chat in (1, 2)]
    assert [(one.outlets, one.languages) for one in lists] == [(None, None)] * 2


async def test_a_list_is_a_file_that_brings_it_back(bot: RunningBot) -> None:
    queries = ["oil", '"سد النهضة" AND مصر', "=علي, ~نفط", "#غزة", "'quoted'"]
    await said(bot, "/watch add " + "\n".join(queries), language_code="en")
    screen = await said(bot, "/watches")
    await edited(bot, screen, "⋯ More")
    for label, form in (("As a file (CSV)", FileFormat.CSV), ("As a list (TXT)", FileFormat.TXT)):
        before = len(bot.telegram.sent)
        await pressed(bot, label)
        sent = (await bot.telegram.wait_for(before + 1))[before]
        assert sent.file_name == f"Main list.{form}"
        assert [watch.query for _, watch in read_watches(sent.content, form).watches] == queries
    assert [watch.query for watch in bot.database.read_now(list_watches)] == queries


async def test_nothing_is_probably_meant_that_the_list_leaves_out(bot: RunningBot) -> None:
    await two_outlets(bot.database)
    outlet, _ = bot.database.write_now(an_outlet, "Horizon")
    await archive(bot.database, a_new_article(outlet, 9, title="the fuel", first_seen_at=datetime.now(UTC)))
    await said(bot, "/watch wheat", language_code="en")
    assert "Did you mean" in (await said(bot, "feul")).text
    screen = await said(bot, "/watches")
    await edited(bot, screen, "Limits")
    await edited(bot, screen, "Outlets")
    await edited(bot, screen, "Meridian")
    assert "Did you mean" not in (await said(bot, "feul")).text


async def test_an_empty_list_is_no_file(bot: RunningBot) -> None:
    await said(bot, "/watch add oil", language_code="en")
    screen = await said(bot, "/watches")
    await edited(bot, screen, "⋯ More")
    await said(bot, "/watch remove 1")
    for label in ("As a file (CSV)", "As a list (TXT)"):
        assert await pressed(bot, label) == "There is no watch in it yet."


async def test_words_left_out_are_joined_as_the_reader_s_language_joins_them(bot: RunningBot) -> None:
    await said(bot, "/watch نفط", language_code="ar")
    await said(bot, "/watches")
    await pressed(bot, "حدود القائمة")
    before = len(bot.telegram.sent)
    await pressed(bot, "من دون …")
    await bot.telegram.wait_for(before + 1)
    await said(bot, "رياضة\nكرة القدم")
    (watchlist,) = bot.database.read_now(watchlists_of, 1)
    assert watchlist.excluding == "رياضة, كرة القدم"
    assert 'من دون: \u2068رياضة، "كرة القدم"\u2069' in (await said(bot, "غاز")).text


async def test_words_go_to_the_only_list_whatever_it_was_renamed_to(bot: RunningBot) -> None:
    await said(bot, "/watch oil", language_code="en")
    screen = await said(bot, "/watches")
    await edited(bot, screen, "⋯ More")
    await pressed(bot, "Rename")
    await bot.telegram.wait_for(3)
    await said(bot, "Energy")
    assert "In the watchlist \u2068Energy\u2069." in (await said(bot, "gas")).text
    await pressed(bot, "Save")
    await said(bot, "/watch coal")
    assert [watch.watchlist for watch in bot.database.read_now(list_watches)] == ["Energy"] * 3
