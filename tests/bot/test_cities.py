"""Time zones by their cities."""

from __future__ import annotations

from bot.words.language import voice
from bot.words.zones import city


def test_cities_have_their_names_whatever_their_zones_were_called_first() -> None:
    arabic = voice("ar")
    assert [city(zone, arabic) for zone in ("Asia/Baghdad", "Asia/Kolkata", "Asia/Kathmandu")] == [
        "بغداد",
        "كالكتا",
        "كاتماندو",
    ]
