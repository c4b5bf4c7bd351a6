from __future__ import annotations

import asyncio
import gzip
import socket
import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from crawler import fetching, resolving
from crawler.fetching import NOT_ALLOWED, UNREACHABLE, Fetched, Fetcher, FetchFailed, NotModified
from crawler.guard import GuardMissing
from tests.crawler.fetching.conftest import Reactor
from tests.fakes.outlet import Outlet, serve
from tests.fakes.sloppy import serve_raw


def fetched(answer: Fetched | NotModified | FetchFailed) -> Fetched:
    assert isinstance(answer, Fetched), answer
    return answer


def failed(answer: Fetched | NotModified | FetchFailed) -> FetchFailed:
    assert isinstance(answer, FetchFailed), answer
    return answer


def an_outlet(**values: Any) -> Outlet:
    outlet = Outlet(**values)
    outlet.publish("افتتاح المعرض السنوي")
    return outlet


def test_a_feed_is_asked_conditionally_with_the_servers_own_words(reactor: Reactor) -> None:
    async def scene(fetcher: Fetcher) -> None:
        async with serve(an_outlet()) as outlet:
            first = fetched(await fetcher.fetch_feed(f"{outlet.url}/feed/"))
            second = await fetcher.fetch_feed(f"{outlet.url}/feed/", validators=first.validators)
            assert isinstance(second, NotModified)
            asked = outlet.hits("/feed/")[1].headers
            assert asked["If-None-Match"] == first.headers["etag"]
            assert asked["If-Modified-Since"] == first.headers["last-modified"]

    reactor.online(scene)


def test_requests_say_who_we_are_and_nothing_else(reactor: Reactor) -> None:
    async def scene(fetcher: Fetcher) -> None:
        async with serve(an_outlet()) as outlet:
            outlet.feed_headers = {"Set-Cookie": "spy=1"}
            await fetcher.fetch_feed(f"{outlet.url}/feed/")
            await fetcher.fetch_feed(f"{outlet.url}/feed/")
            asked = outlet.hits("/feed/")[1].headers
            assert asked["User-Agent"] == "Rasid/0.1 (self-hosted news monitor) (+news@example.org)"
            assert set(asked) <= {"Host", "Accept", "Accept-Encoding", "User-Agent", "Connection"}

    reactor.online(scene, contact="news@example.org")


def test_a_permanent_redirect_tells_the_new_address_and_a_temporary_one_does_not(reactor: Reactor) -> None:
    async def scene(fetcher: Fetcher) -> None:
        async with serve(an_outlet()) as outlet:
            outlet.faults["/old"] = {"kind": "redirect", "to": "/feed/", "status": 301}
            outlet.faults["/today"] = {"kind": "redirect", "to": "/feed/", "status": 302}
            moved = fetched(await fetcher.fetch_feed(f"{outlet.url}/old"))
            lent = fetched(await fetcher.fetch_feed(f"{outlet.url}/today"))
            assert (moved.url, moved.permanent_url) == (f"{outlet.url}/feed/", f"{outlet.url}/feed/")
            assert (lent.url, lent.permanent_url) == (f"{outlet.url}/feed/", None)

    reactor.online(scene)


def test_redirects_in_circles_end(reactor: Reactor) -> None:
    async def scene(fetcher: Fetcher) -> None:
        async with serve(an_outlet()) as outlet:
            outlet.faults["/a"] = {"kind": "redirect", "to": "/a"}
            assert "circles" in failed(await fetcher.fetch_page(f"{outlet.url}/a")).reason
            assert len(outlet.hits("/a")) == 6

    reactor.online(scene)


@pytest.mark.parametrize(
    "target", ["http://127.0.0.2:{port}/", "http://10.0.0.1/", "http://[::1]:{port}/", "http://127.1:{port}/"]
)
def test_a_redirect_to_a_private_address_is_refused(reactor: Reactor, target: str) -> None:
    async def scene(fetcher: Fetcher) -> None:
        async with serve(an_outlet(), host="127.0.0.5") as outlet:
            port = outlet.url.rsplit(":", 1)[1]
            async with serve(host="127.0.0.2", port=int(port)) as private:
                outlet.faults["/away"] = {"kind": "redirect", "to": target.format(port=port)}
                assert failed(await fetcher.fetch_page(f"{outlet.url}/away")).reason == UNREACHABLE
                assert private.log == []

    reactor.online(scene, allow_addresses=("127.0.0.5/32",))


@pytest.mark.parametrize(
    "target",
    [
        "http://[::1",
        "http://a:b/",
        "//[",
        "http://user:pw@127.0.0.1/",
        "file:///etc/passwd",
        "ftp://example.org/",
        "data:text/plain,x",
        "javascript:x",
    ],
)
def test_a_redirect_to_what_is_no_plain_web_address_is_refused(reactor: Reactor, target: str) -> None:
    async def scene(fetcher: Fetcher) -> None:
        async with serve(an_outlet()) as outlet:
            outlet.faults["/away"] = {"kind": "redirect", "to": target}
            refused = failed(await fetcher.fetch_page(f"{outlet.url}/away"))
            assert "address" in refused.reason
            assert refused.url == f"{outlet.url}/away"

    reactor.online(scene)


def test_whoever_asks_cannot_tell_a_blocked_address_from_a_closed_or_strange_port(reactor: Reactor) -> None:
    async def scene(fetcher: Fetcher) -> set[str]:
        with socket.socket() as closed:
            closed.bind(("127.0.0.1", 0))
            closed_port = closed.getsockname()[1]
        async with serve_raw(lambda path: b"SSH-2.0-OpenSSH_9.2\r\n") as strange:
            addresses = [
                "http://10.0.0.1/",
                "http://127.0.0.1:22/",
                f"http://127.0.0.1:{closed_port}/",
                f"{strange.url}/",
                "http://no-such-name.invalid/",
            ]
            return {failed(await fetcher.fetch_page(address)).reason for address in addresses}

    assert reactor.online(scene) == {UNREACHABLE}


def test_a_name_that_is_rebound_to_a_private_address_is_refused(
    reactor: Reactor, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = iter(["127.0.0.5", "127.0.0.5"])  # for robots.txt and the page; from then on the private one
    monkeypatch.setattr(resolving, "look_up", lambda host: [next(answers, "127.0.0.1")])
    monkeypatch.setattr(resolving, "REMEMBERED_S", 0.0)

    async def scene(fetcher: Fetcher) -> None:
        async with serve(an_outlet(), host="127.0.0.5") as public:
            port = int(public.url.rsplit(":", 1)[1])
            async with serve(an_outlet(), port=port) as private:
                public.faults["/"] = {"kind": "empty", "headers": {"Connection": "close"}}
                public.faults["/robots.txt"] = {"kind": "status", "status": 404, "headers": {"Connection": "close"}}
                fetched(await fetcher.fetch_page(f"http://rebind.test:{port}/"))
                assert failed(await fetcher.fetch_page(f"http://rebind.test:{port}/")).reason == UNREACHABLE
                assert private.log == []

    reactor.online(scene, allow_addresses=("127.0.0.5/32",))


def test_the_tolerant_client_is_guarded_too(reactor: Reactor, monkeypatch: pytest.MonkeyPatch) -> None:
    answers = iter(["127.0.0.5"] * 3)  # robots.txt, the quick client, the tolerant one
    monkeypatch.setattr(resolving, "look_up", lambda host: [next(answers, "127.0.0.1")])
    monkeypatch.setattr(resolving, "REMEMBERED_S", 0.0)

    async def scene(fetcher: Fetcher) -> None:
        async with serve_raw(lambda path: COLONLESS, host="127.0.0.5") as public:
            port = int(public.url.rsplit(":", 1)[1])
            async with serve_raw(lambda path: COLONLESS, port=port) as private:
                fetched(await fetcher.fetch_page(f"http://rebind.test:{port}/"))
                assert failed(await fetcher.fetch_page(f"http://rebind.test:{port}/")).reason == UNREACHABLE
                assert private.paths == []
                assert public.paths == ["/", "/"]

    reactor.online(scene, allow_addresses=("127.0.0.5/32",))


def test_without_its_guard_nothing_is_fetched(reactor: Reactor) -> None:
    async def scene(fetcher: Fetcher) -> None:
        from twisted.internet import reactor

        async with serve(an_outlet()) as outlet:
            fetched(await fetcher.fetch_feed(f"{outlet.url}/feed/"))
            for name in ("connectTCP", "connectSSL"):
                delattr(reactor, name)  # uncovers Twisted's own
            with pytest.raises(GuardMissing):
                await fetcher.fetch_feed(f"{outlet.url}/feed/")
            assert len(outlet.hits("/feed/")) == 1

    reactor.online(scene)


COLONLESS = (
    b"HTTP/1.1 200 OK\r\nServer: old\r\nthis line has no colon\r\nContent-Length: 4\r\nConnection: close\r\n\r\nnews"
)
TWO_LENGTHS = b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\nContent-Length: 4\r\nConnection: close\r\n\r\nnews"


@pytest.mark.parametrize("answer", [COLONLESS, TWO_LENGTHS], ids=["header without colon", "two lengths"])
def test_a_sloppy_server_is_understood_and_remembered(reactor: Reactor, answer: bytes) -> None:
    async def scene(fetcher: Fetcher) -> None:
        async with serve_raw(lambda path: answer) as server:
            assert fetched(await fetcher.fetch_page(f"{server.url}/1")).body == b"news"
            assert fetched(await fetcher.fetch_page(f"{server.url}/2")).body == b"news"
            assert server.paths == ["/1", "/1", "/2"]

    reactor.online(scene)


def test_a_location_in_windows_1256_is_followed_byte_for_byte(reactor: Reactor) -> None:
    location = "/أخبار".encode("cp1256")

    def answer(path: str) -> bytes:
        if path == "/":
            return (
                b"HTTP/1.1 302 Found\r\nLocation: " + location + b"\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
            )
        return b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\nConnection: close\r\n\r\nnews"

    async def scene(fetcher: Fetcher) -> None:
        async with serve_raw(answer) as server:
            assert fetched(await fetcher.fetch_page(f"{server.url}/")).body == b"news"
            assert server.paths == ["/", "/" + "".join(f"%{byte:02X}" for byte in location[1:])]

    reactor.online(scene)


def test_a_compressed_body_is_bounded_when_unpacked(reactor: Reactor) -> None:
    async def scene(fetcher: Fetcher) -> None:
        async with serve(an_outlet()) as outlet:
            outlet.faults["/bomb"] = {"kind": "bomb"}
            assert failed(await fetcher.fetch_page(f"{outlet.url}/bomb")).reason == UNREACHABLE

    reactor.online(scene)


@pytest.mark.parametrize(("layers", "understood"), [(1, True), (2, True), (3, False)])
def test_at_most_two_layers_of_compression_are_unwrapped(reactor: Reactor, layers: int, understood: bool) -> None:
    body = b"news"
    for _ in range(layers):
        body = gzip.compress(body)
    head = f"HTTP/1.1 200 OK\r\nContent-Encoding: {', '.join(['gzip'] * layers)}\r\nContent-Length: {len(body)}\r\n"

    async def scene(fetcher: Fetcher) -> bool:
        async with serve_raw(lambda path: head.encode() + b"Connection: close\r\n\r\n" + body) as server:
            answer = await fetcher.fetch_page(f"{server.url}/")
            return isinstance(answer, Fetched) and answer.body == b"news"

    assert reactor.online(scene) is understood


def test_a_body_that_never_ends_is_cut_off(reactor: Reactor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "EXCHANGE_DEADLINE_S", 0.5)

    async def scene(fetcher: Fetcher) -> None:
        async with serve(an_outlet()) as outlet:
            outlet.faults["/drip"] = {"kind": "drip"}
            assert failed(await fetcher.fetch_page(f"{outlet.url}/drip")).reason == UNREACHABLE

    reactor.online(scene)


def test_robots_rules_hold_for_pages_and_feeds_and_are_asked_for_once(reactor: Reactor) -> None:
    async def scene(fetcher: Fetcher) -> None:
        async with serve(an_outlet()) as outlet:
            outlet.robots = "User-agent: *\nDisallow: /news/\n\nUser-agent: Rasid\nDisallow: /feed/\n"
            answers = await asyncio.gather(
                fetcher.fetch_feed(f"{outlet.url}/feed/"), fetcher.fetch_page(f"{outlet.url}/news/1/")
            )
            assert failed(answers[0]).reason == NOT_ALLOWED
            fetched(answers[1])
            assert len(outlet.hits("/robots.txt")) == 1
            assert outlet.hits("/feed/") == []

    reactor.online(scene)


def test_the_operator_may_choose_not_to_ask_for_robots_rules(reactor: Reactor) -> None:
    async def scene(fetcher: Fetcher) -> None:
        async with serve(an_outlet()) as outlet:
            outlet.robots = "User-agent: *\nDisallow: /\n"
            fetched(await fetcher.fetch_feed(f"{outlet.url}/feed/"))
            assert outlet.hits("/robots.txt") == []

    reactor.online(scene, obey_robots=False)


def test_a_failing_robots_txt_forbids_everything_for_a_while(reactor: Reactor) -> None:
    async def scene(fetcher: Fetcher) -> None:
        async with serve(an_outlet()) as outlet:
            outlet.faults["/robots.txt"] = {"kind": "status", "status": 500}
            for _ in range(2):
                assert "robots.txt" in failed(await fetcher.fetch_feed(f"{outlet.url}/feed/")).reason
            assert [hit.path for hit in outlet.log] == ["/robots.txt"]

    reactor.online(scene)


@pytest.mark.parametrize("status", [429, 503])
def test_retry_after_closes_the_whole_host(reactor: Reactor, status: int) -> None:
    async def scene(fetcher: Fetcher) -> None:
        async with serve(an_outlet()) as outlet:
            outlet.faults["/feed/"] = {"kind": "status", "status": status, "headers": {"Retry-After": "120"}}
            assert failed(await fetcher.fetch_feed(f"{outlet.url}/feed/")).retry_after_s == 120
            later = failed(await fetcher.fetch_page(f"{outlet.url}/news/1/"))
            assert later.retry_after_s == pytest.approx(120, abs=5)
            assert outlet.hits("/news/1/") == []

    reactor.online(scene)


def test_pages_that_wait_their_turn_stay_away_from_a_host_that_closes(reactor: Reactor) -> None:
    async def scene(fetcher: Fetcher) -> None:
        async with serve(an_outlet()) as outlet:
            outlet.faults["/news/1/"] = {"kind": "status", "status": 429, "headers": {"Retry-After": "120"}}
            answers = await asyncio.gather(*(fetcher.fetch_page(f"{outlet.url}/news/1/") for _ in range(30)))
            assert all(failed(answer).retry_after_s for answer in answers)
            assert len(outlet.hits("/news/1/")) <= 4

    reactor.online(scene)


def test_gone_and_missing_are_told_apart(reactor: Reactor) -> None:
    async def scene(fetcher: Fetcher) -> None:
        async with serve(an_outlet()) as outlet:
            outlet.faults["/feed/"] = {"kind": "status", "status": 410}
            gone = failed(await fetcher.fetch_feed(f"{outlet.url}/feed/"))
            missing = failed(await fetcher.fetch_page(f"{outlet.url}/news/99/"))
            assert gone.gone
            assert not missing.gone
            assert missing.reason == "The site answered 404 (Not Found)."

    reactor.online(scene)


@pytest.mark.parametrize(
    "url", ["ftp://example.org/", "http:///x", "http://user:secret@127.0.0.1/", "news", "http://[::1"]
)
def test_what_is_no_plain_web_address_is_not_asked(reactor: Reactor, url: str) -> None:
    async def scene(fetcher: Fetcher) -> str:
        return failed(await fetcher.fetch_page(url)).reason

    assert "address" in reactor.online(scene)


def test_never_more_than_two_requests_at_once_to_a_host(reactor: Reactor) -> None:
    async def scene(fetcher: Fetcher) -> int:
        under_way = most = 0

        async def slow(request: Any) -> None:
            nonlocal under_way, most
            under_way += 1
            most = max(most, under_way)
            await asyncio.sleep(0.02)
            under_way -= 1

        outlet = an_outlet()
        outlet.watch = slow
        async with serve(outlet):
            await asyncio.gather(*(fetcher.fetch_page(f"{outlet.url}/news/1/") for _ in range(10)))
        return most

    assert reactor.online(scene) == 2


@pytest.mark.parametrize("trusted", [True, False])
def test_a_certificate_nobody_vouches_for_is_refused(
    reactor: Reactor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, trusted: bool
) -> None:
    certificate = self_signed(tmp_path)
    if trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)

    async def scene(fetcher: Fetcher) -> bool:
        async with serve(an_outlet(), tls=context) as outlet:
            answer = await fetcher.fetch_page(f"{outlet.url.replace('127.0.0.1', 'localhost')}/")
            assert bool(outlet.log) is trusted
            return isinstance(answer, Fetched)

    assert reactor.online(scene, allow_addresses=("127.0.0.1/32", "::1/128")) is trusted


def self_signed(folder: Path) -> Path:
    """A key and a certificate for localhost, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file = folder / "localhost.pem"
    file.write_bytes(private + certificate.public_bytes(serialization.Encoding.PEM))
    return file
