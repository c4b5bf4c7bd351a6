"""The pictures of docs/telegram.md show what the bot says now."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.telegram import channel
from tests.screens.stage import stage
from tests.screens.story import play
from tests.screens.told import PICTURES, WORLDS
from tests.screens.world import World

MAKE = "the bot says something else now. Make the pictures again, and look at them: python -m tests.screens"


@pytest.mark.parametrize("world", WORLDS, ids=lambda world: world.language)
async def test_pictures_show_what_the_bot_says(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def drawn(*_: object) -> bytes:
        return b"drawn"

    monkeypatch.setattr(channel, "made", drawn)
    async with stage(world, tmp_path) as played:
        await play(played)
    assert played.bot.telegram.refused == []
    for name, items in played.pictures.items():
        kept = json.loads((PICTURES / f"{name}.json").read_text(encoding="utf-8"))
        assert items == kept[world.language], f"{name}: {MAKE}"
        assert (PICTURES / f"{name}.png").exists()
