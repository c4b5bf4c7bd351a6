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
    labels = [_timed(_Clock(visit, None), zone) for zone in zones]
    assert [label for label in labels if len(label) > 20] == []
    assert len([label for label in labels if "…" in label]) <= 7
    assert len(set(labels)) == len(labels)


def test_a_city_whose_state_does_not_fit_stands_alone() -> None:
    visit: Any = SimpleNamespace(voice=voice("en"), now=datetime(2026, 3, 20, 12, tzinfo=UTC))
    zones = ("America/North_Dakota/New_Salem", "America/Indiana/Knox", "Asia/Ho_Chi_Minh")
    assert [_timed(_Clock(visit, None), zone) for zone in zones] == [
        "New Salem 07:00",
        "Knox, Indiana 07:00",
        "Ho Chi Minh… 19:00",
    ]
