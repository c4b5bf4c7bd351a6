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

from bot.words import buttons
from monitors.indexing import read_archive
from monitors.storage.doors import choose_access
from monitors.storage.engine import Database
from tests.bot.touring import language as made_up
from tests.bot.touring.instance import Instance, Outcome, an_instance
from tests.bot.touring.scenery import GROUP, NEWCOMER, OPERATOR, PERSON, behind, furnish
from tests.bot.touring.script import OF_OPERATORS, answers, commands, things_to_say
from tests.bot.touring.walker import Record, Walker, actions
from tests.fakes.telegram_messages import SentMessage

MAX_LABEL = 20
NOT_MET = frozenset({buttons.EXCLUDE, buttons.EXCLUDED, buttons.INCLUDE, buttons.WIDER})
"""What no article here gives a reason to offer: words that tell one apart, wider forms that would find more."""


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


def look(shown: SentMessage | str) -> list[str]:
    """What is wrong with what people see."""
    if isinstance(shown, str):
        return _strays(shown)
    labels = _labels_of(shown)
    hint = [shown.markup["input_field_placeholder"]] if shown.markup.get("force_reply") else []
    visible = [shown.text, *labels, *(key["text"] for key in shown.keys), *hint]
    long = [f"long label {label!r}" for label in labels if len(made_up.taken(label)) > MAX_LABEL]
    return [*(stray for text in visible for stray in _strays(text)), *long]


def _strays(text: str) -> list[str]:
    return [f"stray {stray}" for stray in made_up.strays(text)]


def _labels_of(message: SentMessage) -> list[str]:
    """The words on its buttons, but for cities: of some Unicode's tables have no Greek name."""
    every = (button for row in message.buttons for button in row)
    return [button["text"] for button in every if not button.get("callback_data", "").startswith("v1:zone:")]


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

    def at(user_id: int, chat_id: int) -> Walker:
        phone = InProcess(instance, language, user_id, chat_id)
        return Walker(phone, language, answers(phone), look, partial(behind, instance), record)

    person, admin, operator, newcomer = (
        *(at(PERSON, PERSON), at(PERSON, GROUP)),
        *(at(OPERATOR, OPERATOR), at(NEWCOMER, NEWCOMER)),
    )
    shared = f"/start w_{token}"
    for walker, to_say in (
        (person, things_to_say(InProcess(instance, language), shared)),
        (admin, commands()),
        (operator, OF_OPERATORS),
        (newcomer, ["/start", shared]),
    ):
        await walker.walk(to_say)
        assert walker.problems == []
        await read_archive(sqlite_database)  # what was nothing to find is something then
        settings = instance.context.settings.telegram
        await sqlite_database.write(
            choose_access, None, settings
        )  # the next one is let in, whatever the operator chose
    await person.leave()
    assert person.problems == []
    assert {why for _, why in instance.fake.refused} <= {"Bad Request: TOPIC_CLOSED"}  # it is closed
    assert [one.getMessage() for one in caplog.records if one.levelno >= logging.ERROR] == []
    assert actions() - {kind.action for kind in record.tried} <= NOT_MET
