"""Honest feeds whose newest article leads to a hostile page; its entry must be saved all the same."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from tests.hostile.web import PRIVATE, READ, Case, Collection, Exchange, page

pages = Collection()

PageAnswer = Callable[[Exchange], Awaitable[None]]


def behind(answer: PageAnswer) -> PageAnswer:
    """A case: from the second poll on there is a new entry, and this is its page."""

    async def serve(x: Exchange) -> None:
        if x.path == "/feed":
            await x.feed(*(x.item(number) for number in range(min(x.count, 2) + 1)))
        else:
            await answer(x)

    pages.add(Case(f"page_{answer.__name__}", serve, READ))
    return answer


async def _html(x: Exchange, body: bytes, headers: str = "") -> None:
    await x.answer(body, headers=headers or "Content-Type: text/html; charset=utf-8\n")


@behind
async def of_twenty_thousand_nested_elements(x: Exchange) -> None:
    await _html(x, page("<div>" * 20_000 + "نص" + "</div>" * 20_000))


@behind
async def of_a_hundred_thousand_links(x: Exchange) -> None:
    await _html(x, page("".join(f'<a href="/{n}">رابط {n}</a>' for n in range(100_000))))


@behind
async def of_eight_flat_megabytes(x: Exchange) -> None:
    await _html(x, page("<p>فقرة من نص لا ينتهي في صفحة طويلة جدا</p>" * 95_000))


@behind
async def of_a_hundred_thousand_attributes(x: Exchange) -> None:
    await _html(x, page(f"<div {' '.join(f'a{n}=1' for n in range(100_000))}>نص</div>"))


@behind
async def of_a_hundred_thousand_comments(x: Exchange) -> None:
    await _html(x, page("<!--" * 100_000))


@behind
async def of_sixteen_thousand_scripts(x: Exchange) -> None:
    await _html(x, page("<script><!--<script>" * 16_000))


@behind
async def of_unclosed_tables(x: Exchange) -> None:
    await _html(x, page("<table><tr><td>" * 10_000))


@behind
async def of_unclosed_formatting(x: Exchange) -> None:
    await _html(x, page("<b><i><font>نص<p>" * 20_000))


@behind
async def with_json_a_hundred_thousand_deep(x: Exchange) -> None:
    data = "[" * 100_000 + "]" * 100_000
    await _html(x, page("<p>نص</p>", head=f'<script type="application/ld+json">{data}</script>'))


@behind
async def that_drips(x: Exchange) -> None:
    await x.send(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 100000\r\n\r\n")
    while True:
        await x.send(b" ")
        await asyncio.sleep(0.5)


@behind
async def that_leads_to_a_private_address(x: Exchange) -> None:
    await x.redirect(f"http://{PRIVATE}:{x.web.port}/")


@behind
async def that_names_private_addresses(x: Exchange) -> None:
    private = f"http://{PRIVATE}:{x.web.port}/"
    head = (
        f'<base href="{private}"><meta http-equiv="refresh" content="0;url={private}">'
        f'<link rel="canonical" href="{private}">'
        f'<meta property="og:image" content="{private}a.png"><link rel="amphtml" href="{private}amp">'
    )
    await _html(x, page(f'<img src="{private}b.png"><iframe src="{private}"></iframe><p>نص</p>', head=head))


@behind
async def with_a_charset_that_is_a_compression(x: Exchange) -> None:
    await _html(x, page("<p>نص الخبر</p>"), "Content-Type: text/html; charset=zlib_codec\n")


@behind
async def that_is_a_film(x: Exchange) -> None:
    await x.send(b"HTTP/1.1 200 OK\r\nContent-Type: video/mp4\r\nTransfer-Encoding: chunked\r\n\r\n")
    while True:
        await x.send(b"10000\r\n" + bytes(0x10000) + b"\r\n")


@behind
async def that_is_empty(x: Exchange) -> None:
    await _html(x, b"")
