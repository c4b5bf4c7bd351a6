"""Bodies that are small on the wire and huge in memory, or whose bytes are not what they are called."""

from __future__ import annotations

import gzip
import zlib
from functools import cache

from tests.hostile.web import EITHER, READ, Collection, Exchange, rss

bodies = Collection()
case = bodies.case


@cache
def _gigabyte_of_zeros() -> bytes:
    packer = zlib.compressobj(9, wbits=31)
    return b"".join(packer.compress(bytes(1 << 20)) for _ in range(1024)) + packer.flush()


@case()
async def gzip_bomb_of_a_gigabyte(x: Exchange) -> None:
    await x.answer(_gigabyte_of_zeros(), headers="Content-Encoding: gzip\n")


@case()
async def gzip_bomb_in_a_bomb(x: Exchange) -> None:
    await x.answer(gzip.compress(_gigabyte_of_zeros()), headers="Content-Encoding: gzip, gzip\n")


@case()
async def deflate_bomb(x: Exchange) -> None:
    packer = zlib.compressobj(9)
    body = b"".join(packer.compress(bytes(1 << 20)) for _ in range(256)) + packer.flush()
    await x.answer(body, headers="Content-Encoding: deflate\n")


@case()
async def two_hundred_encodings(x: Exchange) -> None:
    await x.answer(rss(x.item(1)), headers=f"Content-Encoding: {', '.join(['gzip'] * 200)}\n")


@case()
async def three_encodings(x: Exchange) -> None:
    body = gzip.compress(gzip.compress(gzip.compress(rss(x.item(1)))))
    await x.answer(body, headers="Content-Encoding: gzip, gzip, gzip\n")


@case(READ)
async def two_encodings(x: Exchange) -> None:
    body = gzip.compress(gzip.compress(rss(x.item(1))))
    await x.answer(body, headers="Content-Encoding: gzip, gzip\n")


@case(EITHER)
async def gzip_cut_in_the_middle(x: Exchange) -> None:
    body = gzip.compress(rss(*(x.item(number) for number in range(200))))
    await x.answer(body[: len(body) // 2], headers="Content-Encoding: gzip\n")


@case(EITHER)
async def plain_text_called_gzip(x: Exchange) -> None:
    await x.answer(rss(x.item(1)), headers="Content-Encoding: gzip\n")


@case(EITHER)
async def an_encoding_nobody_knows(x: Exchange) -> None:
    await x.answer(rss(x.item(1)), headers="Content-Encoding: rasid-zip\n")


@case()
async def brotli_nobody_asked_for(x: Exchange) -> None:
    await x.answer(bytes(range(256)) * 100, headers="Content-Encoding: br\n")


def _called(charset: str) -> str:
    return f"Content-Type: application/rss+xml; charset={charset}\n"


@case(READ)
async def a_charset_that_is_a_compression(x: Exchange) -> None:
    await x.answer(rss(x.item(1)), headers=_called("zlib_codec"))


@case(READ)
async def a_charset_that_is_hex(x: Exchange) -> None:
    await x.answer(rss(x.item(1)), headers=_called("hex"))


@case(READ)
async def a_charset_nobody_knows(x: Exchange) -> None:
    await x.answer(rss(x.item(1)), headers=_called("x-" + "a" * 5000))


@case(READ)
async def utf_16_with_a_mark(x: Exchange) -> None:
    await x.answer(rss(x.item(1)).decode().encode("utf-16"), headers=_called("utf-8"))


@case(READ)
async def windows_1256_called_utf_8(x: Exchange) -> None:
    await x.answer(rss(x.item(1)).decode().encode("cp1256"), headers=_called("utf-8"))


@case(READ)
async def one_bad_byte(x: Exchange) -> None:
    await x.answer(rss(x.item(1), x.item(2)).replace(b"<guid>", b"\xff<guid>", 1), headers=_called("utf-8"))


@case(READ)
async def nul_bytes_and_controls(x: Exchange) -> None:
    await x.answer(
        rss(x.item(1)).replace("خبر".encode(), b"\x00\x01\x0b\x1f" + "خبر".encode()), headers=_called("utf-8")
    )


@case(EITHER)
async def utf_7(x: Exchange) -> None:
    await x.answer(rss(x.item(1)).decode().encode("utf-7"), headers=_called("utf-7"))


@case()
async def a_picture(x: Exchange) -> None:
    await x.answer(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4000, headers="Content-Type: application/rss+xml\n")


@case()
async def nothing_at_all(x: Exchange) -> None:
    await x.answer(b"", headers="Content-Type: application/rss+xml\n")


@case()
async def eight_megabytes_of_spaces(x: Exchange) -> None:
    await x.answer(b" " * (8 * 1024 * 1024 - 10), headers="Content-Type: application/rss+xml\n")
