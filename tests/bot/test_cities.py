"""Time zones by their cities, with what time it is there."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from bot.screens.zones import _Clock, _timed
from bot.words.language import LANGUAGES, voice
from bot.words.zones import CONTINENTS, city, zones_of


def test_cities_have_their_names_whatever_their_zones_were_called_first() -> None:
    arabic = voice("ar")
    assert [city(zone, arabic) for zone in ("Asia/Baghdad", "Asia/Kolkata", "Asia/Kathmandu")] == [
        "بغداد",
        "كالكتا",
        "كاتماندو",
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_city_and_its_time_fit_one_label(language: str) -> None:
    visit: Any = SimpleNamespace(voice=voice(language), now=datetime(2026, 3, 20, 12, tzinfo=UTC))
    zones = [zone for continent in CONTINENTS for zone in zones_of(continent, visit.voice)]
    assert [label for zone in zones if len(label := _timed(_Clock(visit, None), zone)) > 20] == []
