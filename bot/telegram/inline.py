"""Inline queries answered: at once or not at all, past the inbox and the outbox.

One comes with every letter that somebody types, dies within seconds, and changes nothing; what people type in other
chats is nothing to keep (docs/decisions/0018).
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from telegram.error import TelegramError

from bot.screens.inline import InlineAnswer, InlineResult, find_inline
from bot.telegram.line import Line
from bot.telegram.lookups import Lookups
from bot.telegram.reading import read_inline
from bot.telegram.sending import keyboard_of, preview_of
from bot.updates import InlineAsked
from bot.words.messages import entity_to_json
from monitors.roles import RoleContext

logger = logging.getLogger(__name__)

PATIENCE_S = 0.9
"""After that an empty answer is given: whoever types has typed on."""
AT_ONCE = 20
"""Queries looked at in one moment; beyond them the next letter has to try again."""
CACHE_S = 5
"""How long Telegram may give the same answer again: news are new."""


class InlineMode:
    """Answers inline queries in the background; of one person the newest."""

    def __init__(self, context: RoleContext, line: Line, lookups: Lookups) -> None:
        self._context = context
        self._line = line
        self._lookups = lookups
        self._answering: dict[int | None, asyncio.Task[None]] = {}

    def take(self, updates: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
        """Begins to answer the inline queries among the updates; the others are given back."""
        others = []
        for update in updates:
            if "inline_query" not in update:
                others.append(update)
            elif (asked := read_inline(update)) is not None:
                self._begin(asked)
        return others

    def _begin(self, asked: InlineAsked) -> None:
        who = asked.person.user_id
        if (earlier := self._answering.pop(who, None)) is not None:
            earlier.cancel()
        if len(self._answering) < AT_ONCE:
            task = asyncio.create_task(self._answer(asked), name=f"inline query of {who}")
            self._answering[who] = task
            task.add_done_callback(partial(self._ended, who))

    def _ended(self, who: int | None, task: asyncio.Task[None]) -> None:
        if self._answering.get(who) is task:
            del self._answering[who]

    async def _answer(self, asked: InlineAsked) -> None:
        try:
            async with asyncio.timeout(PATIENCE_S):
                who = asked.person.user_id or 0
                found = await self._lookups.read(who, find_inline, asked, self._context.settings)
        except TimeoutError:
            found = InlineAnswer()
        except Exception:
            logger.exception("an inline query could not be answered")
            found = InlineAnswer()
        button = {"text": found.hint, "start_parameter": "inline"} if found.hint else None
        try:
            await self._line.api.call(
                "answerInlineQuery",
                inline_query_id=asked.query_id,
                results=[_result(one) for one in found.results],
                next_offset=found.next_offset,
                cache_time=CACHE_S,
                is_personal=True,
                button=button,
            )
        except TelegramError as error:  # too old, or unreachable: nobody waits for it any more
            logger.debug("answerInlineQuery: %s", self._line.api.explain(error))


def _result(found: InlineResult) -> dict[str, Any]:
    body = found.message.body
    return {
        "type": "article",
        "id": found.id,
        "title": found.title,
        "description": found.about,
        "url": found.url,
        "input_message_content": {
            "message_text": body.text,
            "entities": [entity_to_json(entity) for entity in body.entities],
            "link_preview_options": preview_of(found.message.preview_url),
        },
        "reply_markup": keyboard_of(found.message.keyboard),
    }
