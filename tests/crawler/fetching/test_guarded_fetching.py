from __future__ import annotations

import gzip
import socket
import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from crawler.web import fetching, resolving
from crawler.web.answers import UNREACHABLE, Fetched
from crawler.web.fetching import Fetcher
from crawler.web.guard import GuardMissing
from tests.crawler.fetching.answers import COLONLESS, an_outlet, failed, fetched
from tests.crawler.fetching.conftest import Reactor
from tests.fakes.outlet import serve
from tests.fakes.sloppy import serve_raw


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


@pytest.mark.parametrize("way_out", ["connectTCP", "connectSSL", "aiohttp"])
def test_without_a_guard_on_each_way_out_nothing_is_fetched(
    reactor: Reactor, monkeypatch: pytest.MonkeyPatch, way_out: str
) -> None:
    made: list[aiohttp.TCPConnector] = []

    class Watched(aiohttp.TCPConnector):
        def __init__(self, **options: Any) -> None:
            super().__init__(**options)
            made.append(self)

    monkeypatch.setattr(aiohttp, "TCPConnector", Watched)

    async def scene(fetcher: Fetcher) -> None:
        from twisted.internet import reactor

        async with serve(an_outlet()) as outlet:
            fetched(await fetcher.fetch_feed(f"{outlet.url}/feed/"))
            if way_out == "aiohttp":
                (connector,) = made
                monkeypatch.setattr(connector, "_socket_factory", None)  # what aiohttp would do by itself
            else:
                delattr(reactor, way_out)  # uncovers Twisted's own
            with pytest.raises(GuardMissing):
                await fetcher.fetch_feed(f"{outlet.url}/feed/")
            assert len(outlet.hits("/feed/")) == 1

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


@pytest.mark.parametrize(
    "url", ["ftp://example.org/", "http:///x", "http://user:secret@127.0.0.1/", "news", "http://[::1"]
)
def test_what_is_no_plain_web_address_is_not_asked(reactor: Reactor, url: str) -> None:
    async def scene(fetcher: Fetcher) -> str:
        return failed(await fetcher.fetch_page(url)).reason

    assert "address" in reactor.online(scene)


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
