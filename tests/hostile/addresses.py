"""Sources whose very address is an attack. Nothing may ever be asked of them, and all look the same to whoever asks."""

from __future__ import annotations

from tests.hostile.web import PRIVATE, READ, Case, Collection, Exchange

addresses = Collection()

ADDRESSES = {
    "a_private_address": f"http://{PRIVATE}:{{port}}/",
    "a_private_address_on_a_closed_port": f"http://{PRIVATE}:1/",
    "a_private_address_as_a_number": "http://2130903041:{port}/",
    "a_private_address_in_hexadecimal": "http://0x7f030001:{port}/",
    "a_private_address_in_octal": "http://0177.3.0.1:{port}/",
    "a_private_address_cut_short": "http://127.3.1:{port}/",
    "a_private_address_in_circled_digits": "http://①②⑦.③.⓪.①:{port}/",
    "a_private_address_in_full_width": "http://１２７.３.０.１:{port}/",
    "a_mapped_address": "http://[::ffff:127.3.0.1]:{port}/",
    "a_nat64_address": "http://[64:ff9b::7f03:1]:{port}/",
    "the_loopback_of_ipv6": "http://[::1]:{port}/",
    "localhost": "http://localhost:{port}/",
    "nowhere": "http://0.0.0.0:{port}/",
    "cloud_metadata": "http://169.254.169.254/",
    "a_name_that_is_rebound": "http://rebound.test:{port}/feed",
    "a_name_with_a_private_address": "http://private.test:{port}/feed",
    "a_name_without_an_answer": "http://silent.test:{port}/feed",
    "a_name_that_does_not_exist": "http://missing.test:{port}/feed",
}


async def never(x: Exchange) -> None:
    raise AssertionError(f"{x.path} was asked for")


for _name, _url in ADDRESSES.items():
    addresses.add(Case(_name, never, url=_url))


async def a_name_with_a_public_address_too(x: Exchange) -> None:
    await x.feed(x.item(1))


addresses.add(
    Case(
        "a_name_with_a_public_address_too", a_name_with_a_public_address_too, READ, url="http://mixed.test:{port}/feed"
    )
)
