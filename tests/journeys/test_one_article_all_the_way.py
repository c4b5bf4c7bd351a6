"""Real processes, real HTTP, a fake Bot API: what a person sees from the first /start to the last alert."""

from __future__ import annotations

import json
import time

from tests.fakes.outlet import serve
from tests.fakes.telegram import TOKEN, FakeTelegram
from tests.journeys.installation import Installation

ALERT_S = 10.0
"""Far above the promised 2 s: a test must not fail because the machine is busy."""


async def test_from_the_first_word_to_the_last_alert(rasid_on_both: Installation) -> None:
    rasid = rasid_on_both
    async with serve() as outlet, FakeTelegram() as telegram:
        outlet.publish("القوات في القيارة قبل أن يأتي أحد")
        rasid.allow(outlet.url)
        rasid.tell(telegram.base_url, TOKEN)
        assert (await rasid.rasid("outlet", "add", outlet.url)).code == 0
        async with rasid.running() as service:
            await service.started()
            telegram.say("/start")
            await telegram.wait_until(lambda: len(telegram.sent) == 1)
            telegram.say("/watch add القيارة")
            telegram.say('/watch add "وسط بغداد"')
            await telegram.wait_until(lambda: len(telegram.sent) == 3)
            outlet.publish("ورشات المياه", ["بدأت الأعمال بالقيّارة صباح اليوم وتستمر شهرين كاملين في سبع قرى."])
            outlet.publish("أسعار الخضار", ["تراجعت الأسعار على وقع زيادة المعروض في أسواق الجملة هذا الأسبوع."])
            await telegram.wait_until(lambda: len(telegram.sent) == 4, timeout_s=ALERT_S)
            alert = telegram.sent[-1]
            assert "ورشات المياه" in alert.text
            assert "بالقيّارة" in alert.spans("bold")
            telegram.say("/watch remove القيارة")
            await telegram.wait_until(lambda: len(telegram.sent) == 5)
            outlet.publish("القيارة مرة أخرى")
            outlet.publish("حريق", ["أخمدت الفرق حريقاً اندلع فجر اليوم في سوق شعبي وسط بغداد دون إصابات تذكر."])
            await telegram.wait_until(lambda: len(telegram.sent) == 6, timeout_s=ALERT_S)
            assert "حريق" in telegram.sent[-1].text
            assert await service.stop() == 0
        assert telegram.refused == []
        status = json.loads((await rasid.rasid("status", "--json")).out)
        assert status["alerts"] == {"sent": 2}
        assert status["delay_p95_s"] < ALERT_S


async def test_without_a_token_alerts_are_shown_on_the_terminal(rasid: Installation) -> None:
    async with serve() as outlet:
        rasid.allow(outlet.url)
        outlet.publish("خبر قديم")
        assert (await rasid.rasid("outlet", "add", outlet.url)).code == 0
        assert (await rasid.rasid("watch", "add", "القيارة")).code == 0
        async with rasid.running() as service:
            await service.started()
            outlet.publish("ورشات المياه", ["بدأت الأعمال بالقيّارة صباح اليوم وتستمر شهرين كاملين في سبع قرى."])
            await service.wrote("ورشات المياه", timeout_s=ALERT_S)
            await service.wrote("القيارة")
            assert await service.stop() == 0


async def test_what_was_there_before_is_recorded_in_silence(rasid: Installation) -> None:
    async with serve() as outlet:
        rasid.allow(outlet.url)
        for number in range(5):
            outlet.publish(f"القيارة في خبر قديم {number}")
        assert (await rasid.rasid("watch", "add", "القيارة")).code == 0
        assert (await rasid.rasid("outlet", "add", outlet.url)).code == 0
        async with rasid.running() as service:
            await service.started()
            outlet.publish("القيارة في خبر جديد")
            await service.wrote("في خبر جديد", timeout_s=ALERT_S)
            assert "خبر قديم" not in service.out


async def test_a_crawl_asked_for_in_the_chat_is_done_and_reported(rasid: Installation) -> None:
    async with serve() as outlet, FakeTelegram() as telegram:
        rasid.allow(outlet.url)
        rasid.settings["crawl.min_interval"] = "3600"
        rasid.tell(telegram.base_url, TOKEN)
        outlet.publish("خبر قديم")
        assert (await rasid.rasid("outlet", "add", outlet.url)).code == 0
        async with rasid.running() as service:
            await service.started()
            outlet.publish("خبر جديد")
            telegram.say("/crawl 1")
            shown = (await telegram.wait_for(1))[0]
            await telegram.wait_until(lambda: "خبر جديد واحد" in shown.text, timeout_s=ALERT_S)


async def test_a_broken_outlet_delays_nobody_elses_alert(rasid: Installation) -> None:
    async with serve() as good, serve() as bad:
        for outlet in (good, bad):
            outlet.publish("خبر قديم")
        rasid.allow(good.url, bad.url)
        for outlet in (good, bad):
            assert (await rasid.rasid("outlet", "add", outlet.url)).code == 0
        assert (await rasid.rasid("watch", "add", "القيارة")).code == 0
        bad.faults["/feed/"] = {"kind": "drip"}
        async with rasid.running() as service:
            await service.started()
            began = time.monotonic()
            good.publish("القيارة")
            await service.wrote("القيارة", timeout_s=ALERT_S)
            assert time.monotonic() - began < ALERT_S
