"""A person goes through the bot in private, presses every button that is met and answers every question."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest

from bot.routing import _COMMANDS
from bot.words import buttons
from monitors.storage.engine import Database
from tests.bot.touring import language as made_up
from tests.bot.touring.instance import Instance, Outcome, an_instance
from tests.bot.touring.scenery import CHANNEL, GROUP, OPERATOR, PERSON, STRANGE_GROUP, behind, furnish
from tests.bot.touring.walker import Record, Reply, Walker
from tests.fakes.telegram_messages import SentMessage

MAX_LABEL = 20


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
        how = {"reply_to_message": {"from": {"is_bot": True}}} if self.chat_id < 0 else {}
        return await self.instance.said(
            text, user_id=self.user_id, chat_id=self.chat_id, language_code=self.language, **how
        )

    async def press(self, data: str, message: SentMessage) -> Outcome:
        return await self.instance.pressed(data, message, user_id=self.user_id, chat_id=self.chat_id)

    async def choose(self, chosen: int, *, channel: bool) -> Outcome:
        self.instance.fake.choose(chosen, request_id=2 if channel else 1, chat_id=self.chat_id)
        return await self.instance.done()


def look(language: str) -> Callable[[SentMessage | str], list[str]]:
    """What is wrong with what people see."""

    def wrong(shown: SentMessage | str) -> Iterator[str]:
        message = None if isinstance(shown, str) else shown
        visible = [shown] if isinstance(shown, str) else [shown.text, *labels_of(shown)]
        if message is not None:
            visible += [key["text"] for key in message.keys]
            visible += [message.markup["input_field_placeholder"]] if message.markup.get("force_reply") else []
        if language == made_up.CODE:
            yield from (f"stray {stray}" for text in visible for stray in made_up.strays(text))
        else:
            yield from (f"long label {one!r}" for one in visible[1:] if len(one) > MAX_LABEL)

    return lambda shown: list(wrong(shown))


def labels_of(message: SentMessage) -> list[str]:
    """The words on its buttons, but for cities: of some Unicode's tables have no Greek name."""
    every = (button for row in message.buttons for button in row)
    return [button["text"] for button in every if not button.get("callback_data", "").startswith("v1:zone:")]


COMMANDS = {
    "watch": ("/watch", "/watch list", "/watch add сахар", "/watch add ((", "/watch remove", "/watch remove 1"),
    "search": ("/search", "/search порт", "/search (("),
    "crawl": ("/crawl", "/crawl Горизонт", "/crawl Никто"),
    "add": ("/add", "/add mayak.example", "/add http://a:b@c.example/"),
    "catalogue": ("/catalogue", "/catalogue Волна", "/catalogue Никто"),
    "why": ("/why", "/why https://nowhere.example/1"),
}
"""What is tried of commands that take something; of the others, the command."""


def commands() -> list[str]:
    found = [one for name in sorted(_COMMANDS) for one in COMMANDS.get(name, (f"/{name}",))]
    return ["/start", *found, "сахар", "node.example", "/nonsense"]


def answers(phone: InProcess) -> dict[str, tuple[Reply, ...]]:
    pick: Callable[..., Callable[[], Awaitable[Outcome]]] = partial(partial, phone.choose)
    return {
        buttons.NEW_LIST: ("x" * 101, "Третьи"),
        buttons.NAME_LIST: ("x" * 101, "Четвёртые"),
        buttons.ZONE: ("Нигде", "Asia/Baghdad"),
        buttons.NAME_PERSON: ("никто", "8"),
        buttons.WRITE_BROADCAST: ("Привет",),
        buttons.ADD_PLACE: (
            "Нет",
            pick(STRANGE_GROUP, channel=False),
            pick(GROUP, channel=False),
            pick(CHANNEL, channel=True),
        ),
        "/why": ("ничего", "https://nowhere.example/2"),
    }


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
    phone = InProcess(instance, language)
    walker = Walker(phone, language, answers(phone), look(language), partial(behind, instance), Record())
    await walker.walk([*commands(), f"/start w_{token}"])
    assert walker.problems == []
    assert {why for _, why in instance.fake.refused} <= {"Bad Request: TOPIC_CLOSED"}  # it is closed
    assert [one.getMessage() for one in caplog.records if one.levelno >= logging.ERROR] == []
