"""What Telegram shows of the bot before anybody writes to it: commands and descriptions, in each language.

The name is left as @BotFather knows it: it belongs to the operator. Only what differs is set; Telegram limits
these calls harshly.
"""

from __future__ import annotations

import logging
from typing import Any

from bot.screens.welcome import MENU
from bot.telegram.api import BotApi
from bot.words.language import LANGUAGES, Voice, voice

logger = logging.getLogger(__name__)


async def introduce(api: BotApi, default_language: str) -> None:
    """Best effort; the bot works without."""
    try:
        await _introduce(api, voice(default_language), None)
        for language in LANGUAGES:
            await _introduce(api, voice(language), language)
    except Exception as error:
        logger.warning("the bot could not be introduced: %s", api.explain(error))


async def _introduce(api: BotApi, speech: Voice, code: str | None) -> None:
    """`code` None sets what people see whose language has nothing of its own."""
    commands = [{"command": name, "description": speech.say(meaning)} for name, meaning in MENU.items()]
    await _set(api, "MyCommands", code, "commands", commands)
    await _set(
        api,
        "MyDescription",
        code,
        "description",
        speech.say(
            "Rasid follows news outlets and tells you the moment an article mentions what you watch. "
            "It knows Arabic: a word is found in all its spellings. Press Start."
        ),
    )
    await _set(
        api,
        "MyShortDescription",
        code,
        "short_description",
        speech.say("A news watch: alerts for the words you choose."),
    )


async def _set(api: BotApi, what: str, code: str | None, field: str, wanted: Any) -> None:
    found = await api.call(f"get{what}", language_code=code)
    if (found if isinstance(found, list) else found.get(field)) != wanted:
        await api.call(f"set{what}", language_code=code, **{field: wanted})
