from __future__ import annotations

import asyncio
import json
import signal
import sys

import psutil
import pytest

from tests.fakes.outlet import serve
from tests.fakes.telegram import TOKEN, FakeTelegram
from tests.journeys.installation import Installation


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_it_stops_in_order_when_asked(number: signal.Signals, rasid: Installation) -> None:
    async with rasid.running() as service:
        await service.started()
        tree = service.tree()
        assert await service.stop(number, timeout_s=10) == 0
        assert not any(process.is_running() for process in tree)
        assert "stopped" in service.log


async def test_a_second_instance_is_refused_with_a_clear_message(rasid_on_both: Installation) -> None:
    rasid = rasid_on_both
    async with rasid.running() as service:
        await service.started()
        second = await rasid.rasid("run")
        assert second.code == 1
        assert "Another Rasid" in second.err
        assert "Traceback" not in second.err
        assert service.process.returncode is None


async def test_a_crawl_process_that_dies_is_started_again(rasid: Installation) -> None:
    async with serve() as outlet:
        rasid.allow(outlet.url)
        outlet.publish("خبر قديم")
        await rasid.rasid("outlet", "add", outlet.url)
        await rasid.rasid("watch", "add", "القيارة")
        async with rasid.running() as service:
            await service.started()
            (crawl,) = [process for process in service.tree() if "monitors.child" in process.cmdline()]
            crawl.kill()
            await service.wrote("starting it again")
            outlet.publish("القيارة بعد الموت")
            await service.wrote("بعد الموت")


async def test_children_run_at_lower_priority_and_never_see_the_token(rasid: Installation) -> None:
    async with FakeTelegram() as telegram:
        rasid.tell(telegram.base_url, TOKEN)
        async with rasid.running() as service:
            await service.started()
            (crawl,) = [process for process in service.tree() if "monitors.child" in process.cmdline()]
            assert crawl.nice() == psutil.Process().nice() + 10
            assert TOKEN not in str(crawl.environ())


async def test_logs_are_json_away_from_a_terminal_and_say_what_is_off(rasid: Installation) -> None:
    async with rasid.running() as service:
        await service.started()
        await service.stop()
        lines = [json.loads(line) for line in service.log.splitlines()]
    messages = " ".join(line["message"] for line in lines)
    assert "Telegram" in messages
    assert "sqlite" in messages


async def test_the_token_is_nowhere_in_the_logs_even_at_debug_level(rasid: Installation) -> None:
    async with FakeTelegram() as telegram:
        rasid.tell(telegram.base_url, TOKEN)
        rasid.settings["log.level"] = "debug"
        async with rasid.running() as service:
            await service.started()
            telegram.fail("sendMessage", "bad_gateway")
            telegram.say("/start")
            await telegram.wait_until(lambda: len(telegram.sent) >= 1, timeout_s=20)
            await service.stop()
            assert TOKEN not in service.log + service.out
            assert TOKEN.partition(":")[2] not in service.log + service.out


async def test_a_wrong_token_stops_the_telling_but_not_the_rest(rasid: Installation) -> None:
    async with serve() as outlet, FakeTelegram(token="1:someone-elses-token-entirely") as telegram:
        rasid.allow(outlet.url)
        rasid.tell(telegram.base_url, TOKEN)
        outlet.publish("خبر قديم")
        await rasid.rasid("outlet", "add", outlet.url)
        await rasid.rasid("watch", "add", "القيارة")
        async with rasid.running() as service:
            await service.started()
            outlet.publish("القيارة")
            await service.wrote("القيارة")
            await service.wrote("token")
            assert service.process.returncode is None


async def test_roles_can_be_chosen(rasid: Installation) -> None:
    async with rasid.running("--roles", "decide,tell") as service:
        await service.started()
        assert service.tree() == []
    unknown = await rasid.rasid("run", "--roles", "crawl,dance")
    assert unknown.code == 2
    assert "dance" in unknown.err


async def test_roles_may_live_in_processes_of_their_own_on_postgresql(rasid_on_both: Installation) -> None:
    rasid = rasid_on_both
    if rasid.url.get_backend_name() == "sqlite":
        pytest.skip("a SQLite file belongs to one process tree")
    async with serve() as outlet:
        rasid.allow(outlet.url)
        outlet.publish("خبر قديم")
        await rasid.rasid("outlet", "add", outlet.url)
        await rasid.rasid("watch", "add", "القيارة")
        async with rasid.running("--roles", "crawl,decide") as collecting, rasid.running("--roles", "tell") as telling:
            await collecting.started()
            await telling.started()
            outlet.publish("القيارة من بعيد")
            await telling.wrote("من بعيد")


async def test_closed_streams_hurt_nobody(rasid: Installation) -> None:
    command = f"exec {sys.executable} -m monitors run <&- >&-"
    process = await asyncio.create_subprocess_exec(
        *("bash", "-c", command), cwd=rasid.folder, env=rasid.environment, stderr=asyncio.subprocess.PIPE
    )
    assert process.stderr is not None
    async with asyncio.timeout(30):
        while b"ready in" not in await process.stderr.readline():
            pass
    process.terminate()
    async with asyncio.timeout(15):
        await process.stderr.read()
        assert await process.wait() == 0


async def test_a_terminal_that_is_closed_stops_it_in_order(rasid: Installation) -> None:
    async with rasid.running() as service:
        await service.started()
        assert await service.stop(signal.SIGHUP, timeout_s=10) == 0
