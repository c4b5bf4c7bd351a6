from __future__ import annotations

import asyncio
import signal
import sys

import pytest

from tests.fakes.outlet import serve
from tests.journeys.installation import Installation


@pytest.mark.parametrize("command", [("outlet", "add"), ("extract",), ("feed",)])
async def test_ctrl_c_while_a_site_hangs_ends_a_command_quietly(command: tuple[str, ...], rasid: Installation) -> None:
    async with serve() as outlet:
        outlet.faults["/"] = {"kind": "slow", "seconds": 60}
        rasid.allow(outlet.url)
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "monitors", *command, f"{outlet.url}/"),
            cwd=rasid.folder,
            env=rasid.environment,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        async with asyncio.timeout(30):
            while not outlet.hits("/robots.txt"):  # noqa: ASYNC110  # the fake has no event for it
                await asyncio.sleep(0.05)
            await asyncio.sleep(0.5)  # until the page itself is waited for, which the site logs only when it ends
            process.send_signal(signal.SIGINT)
            out, err = await process.communicate()
        assert process.returncode == 130
        assert b"unexpected" not in err
        assert b"Traceback" not in out + err
