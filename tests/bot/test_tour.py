"""People go through the bot, press every button that is met and answer every question: a person in private, an
operator, and an administrator in a group."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from monitors.indexing import read_archive
from monitors.storage.doors import choose_access
from monitors.storage.engine import Database
from tests.bot.touring import language as made_up
from tests.bot.touring.instance import Instance, Outcome, an_instance
from tests.bot.touring.looking import Eye
from tests.bot.touring.scenery import OPERATOR, PERSON, behind, furnish
from tests.bot.touring.script import ADMINISTRATORS, NEWCOMERS, OPERATORS, PERSONS, Part, answers
from tests.bot.touring.walker import Record, Walker, actions
from tests.fakes.telegram_messages import SentMessage


@dataclass(slots=True)
class InProcess:
    """Somebody's phone in one chat."""

    instance: Instance
    language: str
    user_id: int = PERSON
    chat_id: int = PERSON

    @property
    def messages(self) -> list[SentMessage]:
        return [one for one in self.instance.fake.sent if one.chat_id == self.chat_id]

    async def say(self, text: str) -> Outcome:
        return await self.instance.said(text, **self._mine)

    async def share(self, name: str, content: bytes) -> Outcome:
        self.instance.fake.share(name, content, **self._mine)
        return await self.instance.done()

    @property
    def _mine(self) -> dict[str, Any]:
        """Whose messages are; in a group they answer one of the bot's."""
        who = {"user_id": self.user_id, "chat_id": self.chat_id, "language_code": self.language}
        return who | ({"reply_to_message": {"from": {"is_bot": True}}} if self.chat_id < 0 else {})

    async def press(self, data: str, message: SentMessage) -> Outcome:
        return await self.instance.pressed(data, message, user_id=self.user_id, chat_id=self.chat_id)

    async def choose(self, chosen: int, *, channel: bool) -> Outcome:
        self.instance.fake.choose(chosen, request_id=2 if channel else 1, chat_id=self.chat_id)
        return await self.instance.done()


@pytest.fixture
def language(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    with made_up.spoken(tmp_path / "locale", monkeypatch) as code:
        yield code


async def test_every_screen_answers_in_words_of_the_catalogues(
    sqlite_database: Database, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, language: str
) -> None:
    instance = await an_instance(sqlite_database, monkeypatch, telegram={"admins": (OPERATOR,)})
    token = await furnish(instance, language)
    caplog.clear()
    instance.fake.refused.clear()
    record = Record()

    def walker_of(part: Part) -> Walker:
        phone = InProcess(instance, language, part.user_id, part.chat_id)
        eye = Eye(made_up.strays, made_up.taken)
        return Walker(phone, language, answers(phone), eye, partial(behind, instance), record)

    parts = (PERSONS, ADMINISTRATORS, OPERATORS, NEWCOMERS)
    walkers = [walker_of(part) for part in parts]
    for walker, part in zip(walkers, parts, strict=True):
        await walker.walk(part.says(walker.phone, f"/start w_{token}"), part.times)
        assert walker.problems == []
        await read_archive(sqlite_database)  # what was nothing to find is something then
        settings = instance.context.settings.telegram  # the next one is let in, whatever the operator chose
        await sqlite_database.write(choose_access, None, settings)
    await walkers[0].leave()
    assert walkers[0].problems == []
    assert {why for _, why in instance.fake.refused} <= {"Bad Request: TOPIC_CLOSED"}  # it is closed
    assert [one.getMessage() for one in caplog.records if one.levelno >= logging.ERROR] == []
    assert actions() - {kind.action for kind in record.tried} == set()
