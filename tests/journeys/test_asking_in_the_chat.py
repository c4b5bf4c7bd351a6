"""Real processes, real HTTP, a fake Bot API: what people ask for in the chat, until they see it."""

from __future__ import annotations

import asyncio

from aiohttp import web

from tests.fakes.outlet import Outlet, serve
from tests.fakes.telegram import TOKEN, FakeTelegram
from tests.journeys.installation import Installation

LONG_S = 40.0
"""Far above what it takes: a test must not fail because the machine is busy."""


async def test_an_address_pasted_into_the_chat_becomes_an_outlet_that_alerts(rasid: Installation) -> None:
    async with serve() as outlet, FakeTelegram() as telegram:
        for number in range(7):
            outlet.publish(f"القيارة في خبر قديم {number}")
        rasid.allow(outlet.url)
        rasid.tell(telegram.base_url, TOKEN)
        async with rasid.running() as service:
            await service.started()
            telegram.say("/watch add القيارة", language_code="en")
            await telegram.wait_for(1)
            telegram.say(outlet.url + "/")
            shown = (await telegram.wait_for(2))[1]
            assert "I am looking for articles" in shown.text
            await telegram.wait_until(lambda: "The newest articles:" in shown.text, timeout_s=LONG_S)
            assert "صحيفة الميناء" in shown.text
            assert shown.text.count("خبر قديم") == 5
            assert "Arabic" in shown.text
            telegram.press("Follow")
            await telegram.wait_until(lambda: "is followed from now on" in shown.text, timeout_s=LONG_S)
            outlet.publish("القيارة في خبر جديد")
            alert = (await telegram.wait_for(3, timeout_s=LONG_S))[2]
            assert "خبر جديد" in alert.text
            assert await service.stop() == 0
        assert len(telegram.sent) == 3
        assert telegram.refused == []


async def test_a_crawl_shows_how_far_it_is_is_stopped_and_made_again(rasid: Installation) -> None:
    held = asyncio.Event()

    async def hold(request: web.Request) -> None:
        """The last pages are slow."""
        if request.path in ("/news/4/", "/news/5/"):
            await held.wait()

    async with serve(Outlet(watch=hold)) as outlet, FakeTelegram() as telegram:
        outlet.publish("خبر قديم")
        rasid.allow(outlet.url)
        rasid.settings["crawl.min_interval"] = "3600"
        rasid.tell(telegram.base_url, TOKEN)
        assert (await rasid.rasid("outlet", "add", outlet.url)).code == 0
        async with rasid.running() as service:
            await service.started()
            for number in range(2, 6):
                outlet.publish(f"خبر جديد {number}")
            telegram.say("/crawl 1", language_code="en")
            shown = (await telegram.wait_for(1))[0]
            await telegram.wait_until(lambda: "2 new articles." in shown.text, timeout_s=LONG_S)
            assert "5 entries were listed." in shown.text
            telegram.press("Stop")
            await telegram.wait_until(lambda: "stopped" in shown.text, timeout_s=LONG_S)
            held.set()
            telegram.say("/crawl 1", language_code="en")
            again = (await telegram.wait_for(2))[1]
            await telegram.wait_until(lambda: "the visit is over" in again.text, timeout_s=LONG_S)
            assert "2 new articles." in again.text
            assert "خبر جديد 4" in again.text
            assert "خبر جديد 5" in again.text
            assert "خبر جديد 3" not in again.text
            assert await service.stop() == 0
        assert telegram.refused == []


async def test_an_archive_is_read_in_silence_and_what_is_new_alerts(rasid: Installation) -> None:
    async with serve(Outlet(entries_in_feed=3, archived=True)) as outlet, FakeTelegram() as telegram:
        for number in range(8):
            outlet.publish(f"القيارة في خبر قديم {number}")
        rasid.allow(outlet.url)
        rasid.tell(telegram.base_url, TOKEN)
        assert (await rasid.rasid("outlet", "add", outlet.url)).code == 0
        async with rasid.running() as service:
            await service.started()
            telegram.say("/watch add القيارة", language_code="en")
            telegram.say("/outlets")
            await telegram.wait_for(2)
            telegram.press(data="v1:past:1:30")
            shown = (await telegram.wait_for(3))[2]
            await telegram.wait_until(lambda: "its archive has been read" in shown.text, timeout_s=LONG_S)
            assert "5 new articles." in shown.text
            assert "raise no alerts" in shown.text
            outlet.publish("القيارة في خبر جديد")
            alert = (await telegram.wait_for(4, timeout_s=LONG_S))[3]
            assert "خبر جديد" in alert.text
            assert await service.stop() == 0
        assert len(telegram.sent) == 4
        assert telegram.refused == []


async def test_a_crawl_cut_off_by_a_crash_is_made_at_the_next_start(rasid: Installation) -> None:
    async with serve() as outlet, FakeTelegram() as telegram:
        outlet.publish("خبر قديم")
        rasid.allow(outlet.url)
        rasid.settings["crawl.min_interval"] = "3600"
        rasid.tell(telegram.base_url, TOKEN)
        assert (await rasid.rasid("outlet", "add", outlet.url)).code == 0
        outlet.publish("خبر جديد")
        outlet.faults["/news/2/"] = {"kind": "drip"}
        async with rasid.running() as service:
            await service.started()
            telegram.say("/crawl 1", language_code="en")
            shown = (await telegram.wait_for(1))[0]
            await telegram.wait_until(lambda: "2 entries were listed." in shown.text, timeout_s=LONG_S)
        outlet.faults.clear()
        async with rasid.running() as service:
            await service.started()
            await telegram.wait_until(lambda: "the visit is over" in telegram.sent[-1].text, timeout_s=LONG_S)
            assert "1 new article." in telegram.sent[-1].text
