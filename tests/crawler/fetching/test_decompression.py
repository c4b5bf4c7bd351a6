from __future__ import annotations

import gzip
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.web.decompression import INLINE, Decompressor, TooLarge, TooManyLayers, layers_of

LIMIT = 4 * INLINE


async def decompress(body: bytes, layers: list[str]) -> bytes:
    return await Decompressor(LIMIT).decompress(body, layers)


TEXT = "خبر من المحافظة ".encode() * 100


@pytest.mark.parametrize("size", [0, 1, INLINE - 1, INLINE, INLINE + 1, LIMIT])
@pytest.mark.parametrize("pack", [gzip.compress, zlib.compress])
async def test_a_body_up_to_the_limit_comes_back_whole(size: int, pack: object) -> None:
    body = bytes(size)
    packed = gzip.compress(body) if pack is gzip.compress else zlib.compress(body)
    assert await decompress(packed, ["gzip"]) == body


async def test_a_body_beyond_the_limit_is_not_unpacked() -> None:
    with pytest.raises(TooLarge):
        await decompress(gzip.compress(bytes(LIMIT + 1)), ["gzip"])


async def test_deflate_is_understood_with_and_without_its_header() -> None:
    bare = zlib.compressobj(wbits=-15)
    assert await decompress(bare.compress(TEXT) + bare.flush(), ["deflate"]) == TEXT
    assert await decompress(zlib.compress(TEXT), ["deflate"]) == TEXT


async def test_members_follow_each_other() -> None:
    packed = gzip.compress(TEXT) + gzip.compress(bytes(INLINE)) + gzip.compress(TEXT)
    assert await decompress(packed, ["gzip"]) == TEXT + bytes(INLINE) + TEXT


async def test_what_is_called_gzip_and_is_not_stays_as_it_is() -> None:
    assert await decompress(TEXT, ["gzip"]) == TEXT
    assert await decompress(TEXT, ["utf-8"]) == TEXT


async def test_of_a_body_that_was_cut_off_there_is_what_came() -> None:
    packed = gzip.compress(TEXT + bytes(range(256)) * 50)
    assert TEXT.startswith((await decompress(packed[:60], ["gzip"]))[: len(TEXT)])


async def test_two_layers_are_taken_off_outermost_first() -> None:
    packed = zlib.compress(gzip.compress(TEXT))
    assert layers_of("gzip, deflate") == ["deflate", "gzip"]
    assert await decompress(packed, layers_of("gzip, deflate")) == TEXT


def test_more_layers_are_refused_and_none_are_not_counted() -> None:
    with pytest.raises(TooManyLayers):
        layers_of("gzip, gzip, gzip")
    assert layers_of("identity, , GZIP") == ["gzip"]


@given(st.binary(max_size=2000))
async def test_any_bytes_come_back_within_the_limit(body: bytes) -> None:
    assert len(await decompress(body, ["gzip", "deflate"])) <= LIMIT
