"""The story as it was told in each language, and where it is kept."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from tests.screens.arabic import ARABIC
from tests.screens.english import ENGLISH
from tests.screens.stage import stage
from tests.screens.story import play

PICTURES = Path(__file__).parents[2] / "docs" / "pictures"
WORLDS = (ENGLISH, ARABIC)


@dataclass(slots=True)
class Told:
    """By language: each picture's items, by its name, and the drawings in it; `at` is when each was seen."""

    items: dict[str, dict[str, list[dict[str, Any]]]] = field(default_factory=dict)
    drawings: dict[str, dict[str, bytes]] = field(default_factory=dict)
    at: dict[str, dict[str, datetime]] = field(default_factory=dict)

    @property
    def names(self) -> list[str]:
        return list(next(iter(self.items.values())))

    def columns(self, name: str) -> Mapping[str, Sequence[Mapping[str, Any]]]:
        return {language: pictures[name] for language, pictures in self.items.items()}


async def tell(folder: Path) -> Told:
    """The whole story in every language."""
    told = Told()
    for world in WORLDS:
        (place := folder / world.language).mkdir()
        async with stage(world, place) as played:
            await play(played)
        told.items[world.language] = played.pictures
        told.drawings[world.language] = played.drawings
        told.at[world.language] = played.seen_at
    return told


def written(columns: Mapping[str, Sequence[Mapping[str, Any]]]) -> str:
    return json.dumps(columns, ensure_ascii=False, indent=1) + "\n"
