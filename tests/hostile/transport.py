"""Servers that lie about HTTP, never end, or never begin."""

from __future__ import annotations

import asyncio
import socket
import struct

from tests.hostile.web import EITHER, PRIVATE, READ, Collection, Exchange, rss

transport = Collection()
case = transport.case


@case()
async def closes_at_once(x: Exchange) -> None:
    x.writer.close()


@case()
async def resets_the_connection(x: Exchange) -> None:
    raw = x.writer.get_extra_info("socket")
    raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


@case()
async def never_answers(x: Exchange) -> None:
    await x.reader.read()


@case()
async def drips_headers(x: Exchange) -> None:
    await x.send(b"HTTP/1.1 200 OK\r\n")
    while True:
        await x.send(b"X-Slow: 1\r\n")
        await asyncio.sleep(1)


@case()
async def drips_the_body(x: Exchange) -> None:
    await x.send(b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: 100000\r\n\r\n<rss>")
    while True:
        await x.send(b" ")
        await asyncio.sleep(0.5)


@case()
async def never_ends_the_body(x: Exchange) -> None:
    await x.send(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    while True:
        await x.send(b"10000\r\n" + b"<" * 0x10000 + b"\r\n")


@case()
async def never_ends_the_headers(x: Exchange) -> None:
    await x.send(b"HTTP/1.1 200 OK\r\n")
    while True:
        await x.send(b"X-More: and more\r\n" * 1000)
        await asyncio.sleep(0)


@case()
async def one_header_of_64_mb(x: Exchange) -> None:
    await x.send(b"HTTP/1.1 200 OK\r\nX-Long: ")
    for _ in range(64):
        await x.send(b"a" * (1 << 20))


@case(EITHER)
async def twenty_thousand_headers(x: Exchange) -> None:
    await x.answer(rss(x.item(1)), headers="".join(f"X-{number}: 1\n" for number in range(20_000)))


@case()
async def claims_a_petabyte(x: Exchange) -> None:
    await x.send(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000000000000\r\n\r\n<rss>")
    await x.reader.read()


@case()
async def claims_more_than_it_sends(x: Exchange) -> None:
    body = rss(x.item(1))
    await x.send(f"HTTP/1.1 200 OK\r\nContent-Length: {len(body) + 100}\r\n\r\n".encode() + body)


@case(EITHER)
async def claims_less_than_it_sends(x: Exchange) -> None:
    await x.send(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\nConnection: close\r\n\r\n" + rss(x.item(1)))


@case(EITHER)
async def claims_a_negative_length(x: Exchange) -> None:
    await x.send(b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\nConnection: close\r\n\r\n" + rss(x.item(1)))


@case(EITHER)
async def claims_two_lengths(x: Exchange) -> None:
    await x.answer(rss(x.item(1)), headers="Content-Length: 5\n")


@case(EITHER)
async def sends_chunks_of_nonsense(x: Exchange) -> None:
    await x.send(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nZZZ\r\nhello\r\n0\r\n\r\n")


@case()
async def a_chunk_of_two_to_the_sixtyfour(x: Exchange) -> None:
    await x.send(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFF\r\nhello\r\n")


@case()
async def says_continue_for_ever(x: Exchange) -> None:
    while True:
        await x.send(b"HTTP/1.1 100 Continue\r\n\r\n")
        await asyncio.sleep(0.01)


@case(EITHER)
async def speaks_http_0_9(x: Exchange) -> None:
    await x.send(rss(x.item(1)))


@case()
async def a_status_that_is_no_number(x: Exchange) -> None:
    await x.send(b"HTTP/1.1 abc What\r\nContent-Length: 0\r\n\r\n")


@case()
async def status_999(x: Exchange) -> None:
    await x.answer(status="999 No")


@case(READ)
async def a_header_without_a_colon(x: Exchange) -> None:
    await x.answer(rss(x.item(1)), headers="Content-Type: text/xml\nthis is no header\n")


@case()
async def sends_nothing_with_204(x: Exchange) -> None:
    await x.send(b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n")


@case()
async def says_not_modified_without_being_asked(x: Exchange) -> None:
    await x.send(b"HTTP/1.1 304 Not Modified\r\nConnection: close\r\n\r\n")


@case()
async def wants_a_password(x: Exchange) -> None:
    await x.answer(status="401 Unauthorized", headers='WWW-Authenticate: Basic realm="x"\n')


@case(EITHER)
async def wants_patience_for_ever(x: Exchange) -> None:
    await x.answer(status="429 Too Many Requests", headers=f"Retry-After: {10**30}\n")


@case(EITHER)
async def is_gone_and_comes_back(x: Exchange) -> None:
    await (x.answer(status="410 Gone") if x.count % 2 == 0 else x.feed(x.item(1)))


@case()
async def fails_with_500(x: Exchange) -> None:
    await x.answer(b"<h1>Fatal error</h1>", status="500 Internal Server Error")


@case(READ)
async def sets_cookies(x: Exchange) -> None:
    cookies = "Set-Cookie: id=1; Domain=127.2.1.1; Path=/\n" * 50
    await x.answer(rss(x.item(1)), headers=f"Content-Type: text/xml\n{cookies}")


@case()
async def redirects_in_a_loop(x: Exchange) -> None:
    await x.redirect("/b" if x.path == "/feed" else "/feed")


@case()
async def redirects_to_itself(x: Exchange) -> None:
    await x.redirect("/feed", status="301 Moved Permanently")


@case()
async def redirects_for_ever(x: Exchange) -> None:
    await x.redirect(f"/{len(x.path)}{x.path}"[:1500])


@case()
async def redirects_to_a_private_address(x: Exchange) -> None:
    await x.redirect(f"http://{PRIVATE}:{x.web.port}/")


@case()
async def redirects_to_localhost(x: Exchange) -> None:
    await x.redirect(f"http://localhost:{x.web.port}/")


@case()
async def redirects_to_a_private_address_in_disguise(x: Exchange) -> None:
    spellings = ("2130903041", "0x7f.3.1", "127.3.1", "[::ffff:127.3.0.1]", "①②⑦.③.⓪.①")
    await x.redirect(f"http://{spellings[x.count % len(spellings)]}:{x.web.port}/")


@case()
async def redirects_to_cloud_metadata(x: Exchange) -> None:
    await x.redirect("http://169.254.169.254/latest/meta-data/")


@case()
async def redirects_to_a_file(x: Exchange) -> None:
    await x.redirect("file:///etc/passwd")


@case()
async def redirects_to_a_script(x: Exchange) -> None:
    await x.redirect("javascript:alert(1)")


@case()
async def redirects_to_another_port(x: Exchange) -> None:
    host = x.base.rpartition(":")[0]
    await x.redirect(f"{host}:22/")


@case()
async def redirects_with_a_password(x: Exchange) -> None:
    await x.redirect(x.base.replace("http://", "http://user:secret@") + "/other")


@case()
async def redirects_nowhere(x: Exchange) -> None:
    await x.redirect("http://[broken")


@case(READ)
async def redirects_in_raw_windows_1256(x: Exchange) -> None:
    if x.path == "/feed":
        location = "/خلاصة".encode("windows-1256").decode("latin-1").encode("latin-1")
        await x.send(b"HTTP/1.1 302 Found\r\nLocation: " + location + b"\r\nContent-Length: 0\r\n\r\n")
    else:
        await x.feed(x.item(1))


@case(READ)
async def robots_wants_a_day_between_requests(x: Exchange) -> None:
    if x.path == "/robots.txt":
        await x.answer(b"User-agent: *\nCrawl-delay: 86400\n")
    else:
        await x.feed(x.item(1))


@case()
async def robots_forbids_everything(x: Exchange) -> None:
    await (x.answer(b"User-agent: *\nDisallow: /\n") if x.path == "/robots.txt" else x.feed(x.item(1)))


@case()
async def robots_fails_with_500(x: Exchange) -> None:
    await (x.answer(status="500 Oops") if x.path == "/robots.txt" else x.feed(x.item(1)))


@case()
async def robots_leads_to_a_private_address(x: Exchange) -> None:
    await (x.redirect(f"http://{PRIVATE}:{x.web.port}/robots.txt") if x.path == "/robots.txt" else x.feed(x.item(1)))


@case()
async def robots_never_ends(x: Exchange) -> None:
    if x.path != "/robots.txt":
        await x.feed(x.item(1))
        return
    await x.send(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    while True:
        await x.send(b"10000\r\n" + b"Disallow: /x\n" * 5041 + b"abc\r\n")


@case(READ)
async def robots_of_a_hundred_thousand_rules(x: Exchange) -> None:
    if x.path == "/robots.txt":
        await x.answer(b"User-agent: *\n" + b"".join(b"Disallow: /*a*%d*b$\n" % number for number in range(100_000)))
    else:
        await x.feed(x.item(1))
