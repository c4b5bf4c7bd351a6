"""An outlet with a hub, `rasid run` on a public address: the alert comes although no poll is due."""

from __future__ import annotations

import asyncio
import json
import socket

from tests.fakes.hub import CHALLENGE, serve_hub
from tests.fakes.outlet import serve
from tests.journeys.installation import Installation

ALERT_S = 20.0


async def test_what_a_hub_pushes_is_told_long_before_the_next_poll(rasid: Installation) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        listen = f"127.0.0.1:{free.getsockname()[1]}"
    async with serve() as outlet, serve_hub() as hub:
        outlet.publish("خبر قديم")
        outlet.feed_headers["Link"] = f'<{hub.url}>; rel="hub", <{outlet.url}/feed/>; rel="self"'
        rasid.allow(outlet.url, hub.url)
        rasid.settings |= {"crawl.min_interval": "3600", "web.public_url": f"http://{listen}", "web.listen": listen}
        assert (await rasid.rasid("outlet", "add", outlet.url)).code == 0
        assert (await rasid.rasid("watch", "add", "القيارة")).code == 0
        assert (await rasid.rasid("crawl", "1")).code == 0  # which reads the feed, and in it of the hub
        async with rasid.running() as service:
            await asyncio.wait_for(hub.answered.wait(), ALERT_S)
            assert hub.answers == [(200, CHALLENGE)]
            outlet.publish("ورشات المياه", ["بدأت الأعمال بالقيّارة صباح اليوم وتستمر شهرين كاملين في سبع قرى."])
            assert await hub.push(outlet.feed()) == 202
            await service.wrote("ورشات المياه", timeout_s=ALERT_S)
            assert await service.stop() == 0
        (source,) = json.loads((await rasid.rasid("outlet", "show", "1", "--json")).out)["sources"]
        assert (source["pushes"]["first_by_push"], source["pushes"]["state"]) == (1, "active")
        assert not {"token", "secret"} & source["pushes"].keys()
        assert hub.asked[0]["hub.secret"] not in service.log
