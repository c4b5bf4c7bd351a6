"""Who may do what: whom the operator let in, and who administers a group."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable

from telegram.error import Forbidden, TelegramError

from bot.telegram.api import BotApi
from bot.telegram.reading import may_post
from bot.updates import Person, Place
from bot.visits import Elsewhere, Right
from monitors.people import Admission
from monitors.settings import TelegramSettings
from monitors.storage.engine import Connection
from monitors.storage.people import admission

logger = logging.getLogger(__name__)

REMEMBERED_S = 60.0
SILENCE_REMEMBERED_S = 5.0
"""Not asked again so soon when Telegram did not say, so that a busy group does not wait for every single press."""
_ANSWER_S = 5.0


def admission_of(connection: Connection, settings: TelegramSettings, place: Place, person: Person) -> Admission:
    """Whether the operators let this person use the bot, or this chat."""
    return admission(connection, settings, user_id=person.user_id, chat_id=place.chat_id)


class Rights:
    """Asks Telegram who administers a group, and remembers it for a minute."""

    def __init__(self, api: BotApi, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._api = api
        self._clock = clock
        self._known: dict[tuple[int, int], tuple[float, Right]] = {}  # until when, and what

    async def of(self, place: Place, person: Person) -> Right:
        """Whether the person may change things there: in private everyone, in groups their administrators."""
        if place.private:
            return Right.YES
        if person.user_id is None:
            return Right.YES if person.speaks_as_chat else Right.NO
        return await self._in(place.chat_id, person.user_id)

    async def elsewhere(self, chat_id: int, person: Person, bot_id: int) -> Elsewhere:
        """What the person may do in another chat than the one they write in, and whether the bot may write there."""
        if person.user_id is None or chat_id > 0:
            return Elsewhere(chat_id, Right.NO, posts=False)
        right = await self._in(chat_id, person.user_id)
        if right is not Right.YES:
            return Elsewhere(chat_id, right, posts=False)
        try:
            async with asyncio.timeout(_ANSWER_S):
                return Elsewhere(chat_id, right, await self._may_post(chat_id, bot_id))
        except (TelegramError, TimeoutError) as error:
            logger.warning("whether we may write there is not known: %s", self._api.explain(error))
            return Elsewhere(chat_id, right, posts=False)

    async def _may_post(self, chat_id: int, bot_id: int) -> bool:
        """As the member it is; and who administers nothing, only as far as all members may."""
        me = await self._api.call("getChatMember", chat_id=chat_id, user_id=bot_id)
        if not may_post(me) or me["status"] in ("creator", "administrator"):
            return may_post(me)
        chat = await self._api.call("getChat", chat_id=chat_id)
        return bool((chat.get("permissions") or {}).get("can_send_messages", True))

    def forget(self, chat_id: int, person: Person) -> None:
        """What the person may do there has changed."""
        self._known.pop((chat_id, person.user_id or 0), None)

    async def _in(self, chat_id: int, user_id: int) -> Right:
        key = (chat_id, user_id)
        now = self._clock()
        self._known = {who: known for who, known in self._known.items() if now < known[0]}
        if key not in self._known:
            right = await self._ask(chat_id, user_id)
            if right is Right.OUTSIDE:  # somebody is about to add it again
                return right
            remembered_s = SILENCE_REMEMBERED_S if right is Right.UNKNOWN else REMEMBERED_S
            self._known[key] = (self._clock() + remembered_s, right)
        return self._known[key][1]

    async def _ask(self, chat_id: int, user_id: int) -> Right:
        try:
            async with asyncio.timeout(_ANSWER_S):
                member = await self._api.call("getChatMember", chat_id=chat_id, user_id=user_id)
        except Forbidden:
            return Right.OUTSIDE
        except (TelegramError, TimeoutError) as error:
            logger.warning("rights in a group are not known: %s", self._api.explain(error))
            return Right.UNKNOWN
        return Right.YES if member.get("status") in ("creator", "administrator") else Right.NO
