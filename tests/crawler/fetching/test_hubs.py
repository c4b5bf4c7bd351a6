"""A real hub on loopback, the real client and server, real rows; only the time is made up."""

from __future__ import annotations

import asyncio
import itertools
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import pytest
from sqlalchemy import select, update

from crawler.entries import Listing
from crawler.hubs.callbacks import MAX_BODY, PATH, Callbacks
from crawler.hubs.receiving import MOST_WAITING, Receiver
from crawler.hubs.serving import listening, serve_hubs
from crawler.hubs.subscribing import Subscriber
from crawler.polling import Poller, PollReport
from crawler.scheduling import Pace
from crawler.service import Collector
from crawler.web.answers import UNREACHABLE, FetchFailed, Posted
from crawler.web.fetching import Fetcher
from crawler.web.session import parsing
from monitors.articles import ArticleState
from monitors.hubs import HubState, HubSubscription
from monitors.outlets import NewOutlet, NewSource, Source
from monitors.roles import RoleContext
from monitors.settings import Settings, WebSettings
from monitors.storage import tables
from monitors.storage.engine import Database
from monitors.storage.hubs import subscriptions_of
from monitors.storage.outlets import add_outlet, pause_outlet, remove_outlet, resume_outlet, sources_of
from monitors.wakeups import Wakeups
from tests.crawler.fetching.conftest import Reactor
from tests.fakes.hub import CHALLENGE, Hub, serve_hub
from tests.fakes.outlet import Outlet, serve


@dataclass
class Clock:
    now: datetime = field(default_factory=lambda: datetime.now(UTC))

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **by: float) -> None:
        self.now += timedelta(**by)


@dataclass
class Scene:
    """An outlet whose feed names the hub, followed and polled once; hubs are asked by hand."""

    outlet: Outlet
    hub: Hub
    database: Database
    fetcher: Fetcher
    collector: Collector
    receiver: Receiver
    subscriber: Subscriber
    clock: Clock
    outlet_id: int
    callback_url: str

    @property
    def source(self) -> Source:
        (source,) = self.database.read_now(sources_of, self.outlet_id)
        return source

    @property
    def subscription(self) -> HubSubscription | None:
        return self.database.read_now(subscriptions_of, [self.source.id]).get(self.source.id)

    @property
    def held(self) -> HubSubscription:
        subscription = self.subscription
        assert subscription is not None
        return subscription

    async def poll(self) -> None:
        self.database.write_now(
            lambda connection: connection.execute(update(tables.sources).values(next_poll_at=datetime.now(UTC)))
        )
        await self.collector.start_due()
        await asyncio.gather(*self.collector.under_way)

    def titles(self) -> list[str]:
        articles = tables.articles
        query = select(articles.c.title).where(articles.c.state == ArticleState.PENDING).order_by(articles.c.id)
        return self.database.read_now(lambda connection: list(connection.scalars(query)))

    async def push(self, body: bytes | None = None, **how: Any) -> int:
        status = await self.hub.push(self.outlet.feed() if body is None else body, **how)
        await self.receiver.settled()
        return status


Play = Callable[..., None]


@asynccontextmanager
async def scene(database: Database, fetcher: Fetcher, hub: Hub, outlet: Outlet) -> AsyncIterator[Scene]:
    """As the crawl role sets it up."""
    async with parsing() as pool:
        poller = Poller(database, Wakeups(), fetcher, pool, pace=Pace(60))
        context = RoleContext(Settings(), database, Wakeups(), asyncio.Event())
        collector = Collector(context, poller, places=2)
        receiver = Receiver(database, pool, collector.take_pushed)
        async with listening(WebSettings(listen="127.0.0.1:0"), database, receiver) as port:
            url = f"http://127.0.0.1:{port}"
            clock = Clock()
            subscriber = Subscriber(database, fetcher, lambda token: f"{url}{PATH}{token}", now=clock, draw=lambda: 0.5)
            working = asyncio.create_task(receiver.run())
            (outlet_id,) = database.read_now(lambda connection: list(connection.scalars(select(tables.outlets.c.id))))
            yield Scene(
                outlet, hub, database, fetcher, collector, receiver, subscriber, clock, outlet_id, f"{url}{PATH}"
            )
            working.cancel()
            await asyncio.gather(working, return_exceptions=True)


@pytest.fixture
def play(reactor: Reactor, sqlite_database: Database) -> Play:
    def run(act: Callable[[Scene], Awaitable[None]], manner: str = "verify", *, lease_s: int | None = 864_000) -> None:
        async def work(fetcher: Fetcher) -> None:
            async with serve() as outlet, serve_hub(manner, lease_s=lease_s) as hub:
                outlet.publish("خبر قديم")
                outlet.feed_headers["Link"] = f'<{hub.url}>; rel="hub", <{outlet.url}/feed/>; rel="self"'
                source = NewSource(f"{outlet.url}/feed/")
                now = datetime.now(UTC)
                sqlite_database.write_now(add_outlet, NewOutlet("الميناء", f"{outlet.url}/"), [source], now=now)
                async with scene(sqlite_database, fetcher, hub, outlet) as played:
                    await played.poll()
                    await act(played)

        reactor.online(work)

    return run


def test_a_hub_that_a_feed_names_is_asked_and_answered(play: Play) -> None:
    async def act(scene: Scene) -> None:
        assert await scene.subscriber.ask_due() == 1
        (form,) = scene.hub.asked
        assert (form["hub.mode"], form["hub.topic"]) == ("subscribe", f"{scene.outlet.url}/feed/")
        assert form["hub.callback"].startswith(scene.callback_url)
        assert len(form["hub.secret"]) >= 40
        assert scene.hub.answers == [(200, CHALLENGE)]
        assert scene.held.state is HubState.ACTIVE
        assert await scene.subscriber.ask_due() == 0

    play(act)


def test_what_a_hub_pushes_is_new_before_a_poll_sees_it_and_never_again(play: Play) -> None:
    async def act(scene: Scene) -> None:
        await scene.subscriber.ask_due()
        scene.outlet.publish("خبر عاجل")
        assert await scene.push() == 202
        assert scene.titles() == ["خبر عاجل"]
        assert await scene.push() == 202  # a replay
        await scene.poll()
        assert scene.titles() == ["خبر عاجل"]
        scene.outlet.publish("خبر لم يدفعه أحد")
        await scene.poll()
        assert scene.titles() == ["خبر عاجل", "خبر لم يدفعه أحد"]
        assert (scene.held.first_by_push, scene.held.first_by_poll) == (1, 1)
        assert scene.held.last_push_at is not None

    play(act)


@pytest.mark.parametrize("method", ["sha1", "sha256", "sha384", "sha512"])
def test_every_method_of_signing_counts(play: Play, method: str) -> None:
    async def act(scene: Scene) -> None:
        await scene.subscriber.ask_due()
        scene.outlet.publish("خبر عاجل")
        assert await scene.push(method=method) == 202
        assert scene.titles() == ["خبر عاجل"]

    play(act)


def test_what_is_wrongly_signed_is_ignored_but_answered_alike(play: Play) -> None:
    async def act(scene: Scene) -> None:
        await scene.subscriber.ask_due()
        scene.outlet.publish("خبر مزوّر")
        assert await scene.push(secret="guessed") == 202
        assert await scene.push(headers={"X-Hub-Signature": ""}) == 202
        assert await scene.push(headers={"X-Hub-Signature": "md5=00"}) == 202
        assert scene.titles() == []
        assert scene.held.last_push_at is None

    play(act)


def test_nobody_is_there_at_other_addresses(play: Play) -> None:
    async def act(scene: Scene) -> None:
        await scene.subscriber.ask_due()
        form = scene.hub.asked[-1]
        for path in ("x" * 43, "x", "%2e%2e", "a" * 5_000):
            other = form | {"hub.callback": f"{scene.callback_url}{path}"}
            assert (await scene.hub.ask(other))[0] in (400, 404)
            assert await scene.hub.push(b"x", form=other) in (400, 404, 410)

    play(act)


def test_nothing_is_confirmed_that_was_not_asked_for(play: Play) -> None:
    async def act(scene: Scene) -> None:
        await scene.subscriber.ask_due()
        (form,) = scene.hub.asked
        assert (await scene.hub.ask(form, topic="https://other.example/"))[0] == 404
        assert (await scene.hub.ask(form, mode="unsubscribe"))[0] == 404
        states = [scene.held.state]
        assert await scene.hub.ask(form) == (200, CHALLENGE)
        states.append(scene.held.state)
        assert states == [HubState.WANTED, HubState.ACTIVE]

    play(act, "silent")


def test_a_challenge_is_no_page(play: Play) -> None:
    async def act(scene: Scene) -> None:
        await scene.subscriber.ask_due()
        form = scene.hub.asked[-1]
        query = {"hub.mode": "subscribe", "hub.topic": form["hub.topic"], "hub.challenge": "<script>x</script>"}
        async with aiohttp.ClientSession() as session, session.get(form["hub.callback"], params=query) as answer:
            assert await answer.text() == "<script>x</script>"
            assert answer.content_type == "text/plain"
            assert answer.headers["X-Content-Type-Options"] == "nosniff"

    play(act, "silent")


def test_a_hub_that_never_answers_is_asked_ever_more_rarely(play: Play) -> None:
    async def act(scene: Scene) -> None:
        waits = []
        for _ in range(5):
            assert await scene.subscriber.ask_due() == 1
            waits.append(scene.held.next_ask_at - scene.clock.now)
            scene.clock.now = scene.held.next_ask_at - timedelta(seconds=1)
            assert await scene.subscriber.ask_due() == 0
            scene.clock.advance(seconds=2)
        assert all(later > earlier for earlier, later in itertools.pairwise(waits))

    play(act, "silent")


def test_a_hub_that_refuses_is_remembered_with_its_words(play: Play) -> None:
    async def act(scene: Scene) -> None:
        await scene.subscriber.ask_due()
        assert scene.held.state is HubState.WANTED
        assert scene.held.error == "The site answered 400 (Bad Request)."

    play(act, "refuse")


def test_a_denial_is_remembered_and_asked_again_after_a_week(play: Play) -> None:
    async def act(scene: Scene) -> None:
        await scene.subscriber.ask_due()
        assert (scene.held.state, scene.held.error) == (HubState.DENIED, "a secret list")
        scene.clock.advance(days=6)
        assert await scene.subscriber.ask_due() == 0
        scene.hub.manner = "verify"
        scene.clock.advance(days=2)
        assert await scene.subscriber.ask_due() == 1
        assert scene.held.state is HubState.ACTIVE

    play(act, "deny")


def test_a_lease_is_renewed_in_time_with_the_same_secret(play: Play) -> None:
    async def act(scene: Scene) -> None:
        await scene.subscriber.ask_due()
        first = scene.held
        assert first.lease_until is not None
        assert first.verified_at is not None
        left = first.lease_until - first.verified_at
        assert left * 0.1 <= first.next_ask_at - first.verified_at <= left * 0.5
        scene.clock.now = first.next_ask_at
        assert await scene.subscriber.ask_due() == 1
        assert [form["hub.secret"] for form in scene.hub.asked] == [first.secret] * 2
        assert scene.hub.answers[-1] == (200, CHALLENGE)

    play(act)


def test_a_lease_of_years_is_not_relied_on(play: Play) -> None:
    async def act(scene: Scene) -> None:
        await scene.subscriber.ask_due()
        assert scene.held.lease_until is not None
        assert scene.held.lease_until - datetime.now(UTC) <= timedelta(days=14)

    play(act, lease_s=10**9)


def test_a_subscription_outlives_a_restart(play: Play) -> None:
    async def act(first: Scene) -> None:
        await first.subscriber.ask_due()
        (form,) = first.hub.asked
        async with scene(first.database, first.fetcher, first.hub, first.outlet) as second:
            assert await second.subscriber.ask_due() == 0
            first.outlet.publish("بعد الإقلاع")
            token = form["hub.callback"].rpartition("/")[2]
            moved = form | {"hub.callback": f"{second.callback_url}{token}"}
            assert await second.hub.push(first.outlet.feed(), form=moved) == 202
            await second.receiver.settled()
            assert second.titles() == ["بعد الإقلاع"]

    play(act)


def test_a_removed_outlet_is_unsubscribed(play: Play) -> None:
    async def act(scene: Scene) -> None:
        await scene.subscriber.ask_due()
        scene.database.write_now(remove_outlet, scene.outlet_id)
        assert await scene.subscriber.ask_due() == 1
        assert scene.hub.asked[-1]["hub.mode"] == "unsubscribe"
        assert scene.hub.answers[-1] == (200, CHALLENGE)
        assert scene.subscription is None
        scene.outlet.publish("لا أحد يتابع")
        assert await scene.push(form=scene.hub.asked[0], secret="x") == 410

    play(act)


def test_a_hub_that_does_not_let_go_is_left_after_three_tries(play: Play) -> None:
    async def act(scene: Scene) -> None:
        await scene.subscriber.ask_due()
        scene.hub.manner = "silent"
        scene.database.write_now(remove_outlet, scene.outlet_id)
        for _ in range(5):
            scene.clock.advance(days=2)
            await scene.subscriber.ask_due()
        assert [form["hub.mode"] for form in scene.hub.asked] == ["subscribe", *["unsubscribe"] * 3]
        assert scene.subscription is None

    play(act)


def test_a_paused_outlet_that_is_resumed_is_subscribed_again(play: Play) -> None:
    async def act(scene: Scene) -> None:
        await scene.subscriber.ask_due()
        scene.database.write_now(pause_outlet, scene.outlet_id)
        await scene.subscriber.ask_due()
        assert scene.subscription is None
        scene.database.write_now(resume_outlet, scene.outlet_id, now=scene.clock.now)
        await scene.subscriber.ask_due()
        assert scene.held.state is HubState.ACTIVE

    play(act)


def test_another_hub_gets_another_callback_and_secret(play: Play) -> None:
    async def act(scene: Scene) -> None:
        await scene.subscriber.ask_due()
        before = scene.held
        async with serve_hub() as other:
            scene.outlet.feed_headers["Link"] = f"<{other.url}>; rel=hub, <{scene.outlet.url}/feed/>; rel=self"
            scene.outlet.publish("خبر")
            await scene.poll()
            await scene.subscriber.ask_due()
            assert (scene.held.hub, scene.held.state) == (other.url, HubState.ACTIVE)
            assert {scene.held.token, scene.held.secret}.isdisjoint({before.token, before.secret})
            assert await scene.push() == 410

    play(act)


def test_a_hub_that_moves_is_followed(play: Play) -> None:
    async def act(scene: Scene) -> None:
        await scene.subscriber.ask_due()
        assert scene.held.state is HubState.ACTIVE

    play(act, "move")


def test_a_hub_at_a_private_address_is_never_asked(reactor: Reactor) -> None:
    async def work(fetcher: Fetcher) -> None:
        async with serve_hub(host="127.0.0.2") as private, serve_hub("move", host="127.0.0.5") as hub:
            for url in (private.url, "http://10.0.0.1/", "file:///etc/passwd", "http://user:pw@127.0.0.5/"):
                refused = await fetcher.post_form(url, {"hub.mode": "subscribe"})
                assert isinstance(refused, FetchFailed)
            assert isinstance(await fetcher.post_form(hub.url, {"hub.mode": "list", "hub.callback": "x"}), FetchFailed)
            assert private.asked == []

    reactor.online(work, allow_addresses=("127.0.0.5/32",))


def test_a_hub_that_redirects_to_a_private_address_is_not_followed(reactor: Reactor) -> None:
    async def work(fetcher: Fetcher) -> None:
        async with serve(host="127.0.0.5") as site:
            site.faults["/"] = {"kind": "redirect", "to": "http://10.0.0.1/", "status": 308}
            refused = await fetcher.post_form(f"{site.url}/", {})
            assert isinstance(refused, FetchFailed)
            assert refused.reason == UNREACHABLE

    reactor.online(work, allow_addresses=("127.0.0.5/32",))


def test_a_form_arrives_as_it_was_given(reactor: Reactor) -> None:
    async def work(fetcher: Fetcher) -> None:
        async with serve_hub("silent") as hub:
            fields = {"hub.topic": "https://x.example/?a=1&b=2 ü", "hub.callback": "https://y.example/"}
            assert await fetcher.post_form(hub.url, fields) == Posted(202)
            assert hub.asked == [fields]

    reactor.online(work)


def test_too_much_and_too_many_are_refused(play: Play) -> None:
    async def act(scene: Scene) -> None:
        await scene.subscriber.ask_due()
        assert await scene.push(b"x" * (MAX_BODY + 1)) == 413
        assert await scene.push(headers={"Content-Encoding": "gzip"}) == 415
        stuck = Receiver(scene.database, object(), scene.collector.take_pushed)  # type: ignore[arg-type]  # never asked
        async with listening(WebSettings(listen="127.0.0.1:0"), scene.database, stuck) as port:
            token = scene.hub.asked[-1]["hub.callback"].rpartition("/")[2]
            form = scene.hub.asked[-1] | {"hub.callback": f"http://127.0.0.1:{port}{PATH}{token}"}
            answers = [await scene.hub.push(b"x", form=form) for _ in range(MOST_WAITING + 1)]
        assert answers == [202] * MOST_WAITING + [503]

    play(act)


def test_what_is_pushed_but_no_feed_harms_nothing(play: Play) -> None:
    async def act(scene: Scene) -> None:
        await scene.subscriber.ask_due()
        for body in (b"", b"<html>", b"\xff" * 100, b"<rss " + b'a="1" ' * 30_000 + b"/>"):
            assert await scene.push(body) == 202
        scene.outlet.publish("خبر بعد العبث")
        await scene.push()
        assert scene.titles() == ["خبر بعد العبث"]

    play(act)


def test_a_hub_that_confirms_and_never_pushes_is_noticed() -> None:
    now = datetime.now(UTC)
    quiet = HubSubscription(
        source_id=1,
        hub="https://hub.example/",
        topic="https://daily.example/feed",
        token="t0ken",
        secret="s3cret",
        state=HubState.ACTIVE,
        asked_at=now,
        verified_at=now,
        lease_until=now,
        next_ask_at=now,
        failures=0,
        error=None,
        last_push_at=None,
        first_by_push=0,
        first_by_poll=5,
    )
    assert quiet.never_pushes
    assert not replace(quiet, last_push_at=now).never_pushes
    assert not replace(quiet, first_by_poll=4).never_pushes
    assert "t0ken" not in repr(quiet)
    assert "s3cret" not in repr(quiet)


def test_the_crawl_role_asks_hubs_and_is_reached_by_them(play: Play) -> None:
    async def act(scene: Scene) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        settings = WebSettings(public_url=f"http://127.0.0.1:{port}", listen=f"127.0.0.1:{port}")
        async with parsing() as pool:
            taken = asyncio.Event()

            async def take(source: Source, listing: Listing, at: datetime) -> PollReport:
                report = await scene.collector.take_pushed(source, listing, at)
                taken.set()
                return report

            serving = asyncio.create_task(serve_hubs(settings, scene.database, scene.fetcher, pool, take))
            await scene.hub.answered.wait()
            assert scene.hub.answers == [(200, CHALLENGE)]
            scene.outlet.publish("خبر عاجل")
            assert await scene.hub.push(scene.outlet.feed()) == 202
            await taken.wait()
            assert scene.titles() == ["خبر عاجل"]
            serving.cancel()
            await asyncio.gather(serving, return_exceptions=True)

    play(act)


def test_an_address_that_is_taken_is_said_and_everything_is_polled(
    play: Play, caplog: pytest.LogCaptureFixture
) -> None:
    async def act(scene: Scene) -> None:
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            settings = WebSettings(public_url="https://x.example", listen=f"127.0.0.1:{taken.getsockname()[1]}")
            async with parsing() as pool:
                await serve_hubs(settings, scene.database, scene.fetcher, pool, scene.collector.take_pushed)
        assert "see web.listen" in caplog.text

    play(act)


def test_without_a_public_address_nothing_listens_and_no_hub_is_asked(play: Play) -> None:
    async def act(scene: Scene) -> None:
        async with parsing() as pool:
            await serve_hubs(WebSettings(), scene.database, scene.fetcher, pool, scene.collector.take_pushed)
        assert scene.hub.asked == []

    play(act)


def test_callbacks_have_no_other_pages() -> None:
    resources = [
        resource.canonical for resource in Callbacks.application(Callbacks.__new__(Callbacks)).router.resources()
    ]
    assert resources == ["/hub/{token}"]
