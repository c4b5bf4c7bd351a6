"""What Telegram shows of the bot before anybody writes to it: commands and descriptions, in each language.

The name is left as @BotFather knows it: it belongs to the operator. Only what differs is set; Telegram limits
these calls harshly.
"""

from __future__ import annotations

import logging
from collections.abc import Collection
from typing import Any

from bot.screens.welcome import FOR_ADMINISTRATORS, FOR_MEMBERS, MENU, OPERATOR_MENU
from bot.telegram.api import BotApi
from bot.words.language import LANGUAGES, Voice, voice

logger = logging.getLogger(__name__)

_SCOPES: tuple[tuple[str | None, tuple[str, ...]], ...] = (
    (None, tuple(MENU)),  # in private
    ("all_group_chats", FOR_MEMBERS),
    ("all_chat_administrators", FOR_ADMINISTRATORS),
)
"""Which commands are offered to whom; the narrower scope counts (BotCommandScope)."""


async def introduce(api: BotApi, default_language: str, operators: Collection[int] = ()) -> None:
    """Best effort; the bot works without. Operators, by their numbers, are shown theirs if they have started it."""
    try:
        await _introduce(api, voice(default_language), None)
        for language in LANGUAGES:
            await _introduce(api, voice(language), language)
    except Exception as error:
        logger.warning("the bot could not be introduced: %s", api.explain(error))
        return
    for operator in operators:
        await introduce_to_operator(api, default_language, operator)


async def introduce_to_operator(api: BotApi, default_language: str, operator: int) -> None:
    """Shows an operator who has started the bot the commands of operators; best effort."""
    try:
        for code in (None, *LANGUAGES):
            await _show_commands(api, voice(code or default_language), code, operator)
    except Exception as error:
        logger.info("operator %d is shown no commands of theirs: %s", operator, api.explain(error))


async def _show_commands(api: BotApi, speech: Voice, code: str | None, operator: int) -> None:
    commands = [
        {"command": name, "description": speech.say(meaning)} for name, meaning in (MENU | OPERATOR_MENU).items()
    ]
    await _set(api, "MyCommands", code, "commands", commands, scope={"type": "chat", "chat_id": operator})


async def _introduce(api: BotApi, speech: Voice, code: str | None) -> None:
    """`code` None sets what people see whose language has nothing of its own."""
    for scope, names in _SCOPES:
        commands = [{"command": name, "description": speech.say(MENU[name])} for name in names]
        await _set(api, "MyCommands", code, "commands", commands, scope=scope and {"type": scope})
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


async def _set(api: BotApi, what: str, code: str | None, field: str, wanted: Any, **where: Any) -> None:
    found = await api.call(f"get{what}", language_code=code, **where)
    if (found if isinstance(found, list) else found.get(field)) != wanted:
        await api.call(f"set{what}", language_code=code, **where, **{field: wanted})
