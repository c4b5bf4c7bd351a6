"""Every way in which the Bot API refuses, in its own words over HTTP, and what we make of it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
from pydantic import SecretStr

from bot.outbox.outcomes import Barred, Gone, Halted, Migrated, NotSent, Refused, RetryAt, Sent, Unknown, Vanished
from bot.telegram.api import BotApi
from bot.telegram.sending import attempt
from bot.words.messages import Button, Message
from bot.words.text import Entity, RichText
from monitors.chats import ChatAddress, Transport
from tests.bot.conftest import RunningBot, said
from tests.fakes.telegram import FakeTelegram

PLACE = ChatAddress(Transport.TELEGRAM, -1005, 3)

GONE = [
    "bot was blocked by the user",
    "user is deactivated",
    "bot was kicked from the group chat",
    "bot was kicked from the supergroup chat",
    "bot was kicked from the channel chat",
    "bot is not a member of the group chat",
    "bot is not a member of the supergroup chat",
    "bot is not a member of the channel chat",
    "the group chat was deleted",
    "bot can't initiate conversation with a user",
]
BARRED = [
    "need administrator rights in the channel chat",
    "not enough rights to send text messages to the chat",
    "not enough rights to send photos to the chat",
    "CHAT_WRITE_FORBIDDEN",
]
TOPIC = ["TOPIC_CLOSED", "TOPIC_DELETED", "message thread not found"]
OURS = [
    "message is too long",
    "message caption is too long",
    "text must be non-empty",
    "message text is empty",
    "BUTTON_DATA_INVALID",
    "reply markup is too long",
    "inline keyboard button URL 'x' is invalid: Wrong HTTP URL",
]

UNPARSABLE = "can't parse entities: Can't find end of the entity starting at byte offset 5"

TABLE: list[tuple[int, str, dict[str, Any], type]] = [
    *((403, f"Forbidden: {text}", {}, Gone) for text in GONE),
    (400, "Bad Request: chat not found", {}, Gone),
    (400, "Bad Request: PEER_ID_INVALID", {}, Gone),
    *((400, f"Bad Request: {text}", {}, Barred) for text in BARRED),
    (403, "Forbidden: not enough rights to send text messages to the chat", {}, Barred),
    *((400, f"Bad Request: {text}", {}, Barred) for text in TOPIC),
    *((400, f"Bad Request: {text}", {}, Refused) for text in OURS),
    (
        400,
        "Bad Request: group chat was upgraded to a supergroup chat",
        {"migrate_to_chat_id": -1000000000005},
        Migrated,
    ),
    (429, "Too Many Requests: retry after 17", {"retry_after": 17}, RetryAt),
    (401, "Unauthorized", {}, Halted),
    (404, "Not Found", {}, Halted),
    (409, "Conflict: terminated by other getUpdates request", {}, NotSent),
    (413, "Request Entity Too Large", {}, Refused),
    (500, "Internal Server Error", {}, Unknown),
    (502, "Bad Gateway", {}, Unknown),
]


@pytest.fixture
async def api(telegram: FakeTelegram) -> AsyncIterator[BotApi]:
    found = BotApi(SecretStr(telegram.token), telegram.base_url)
    yield found
    await found.close_connections()


def a_message(**changes: Any) -> Message:
    return Message(RichText("فتح الميناء", ()), **changes)


def a_rich_message(**changes: Any) -> Message:
    body = RichText("فتح الميناء", (Entity("bold", 0, 3),))
    return Message(body, ((Button("اقرأ", url="https://a.example/"),),), **changes)


@pytest.mark.parametrize(("code", "text", "parameters", "expected"), TABLE, ids=lambda value: str(value)[:50])
async def test_each_has_its_reaction(
    telegram: FakeTelegram, api: BotApi, code: int, text: str, parameters: dict[str, Any], expected: type
) -> None:
    telegram.fail("sendMessage", "refuse", times=-1, code=code, description=text, **parameters)
    outcome = await attempt(api, PLACE, a_message())
    assert type(outcome) is expected
    if isinstance(outcome, Barred):
        assert outcome.topic == any(text.endswith(one) for one in TOPIC)
    if isinstance(outcome, Migrated):
        assert outcome.chat_id == parameters["migrate_to_chat_id"]
    if isinstance(outcome, RetryAt):
        assert outcome.seconds == 17
    assert telegram.count("sendMessage") == 1  # nothing is tried again here: that is for the outbox


@pytest.mark.parametrize(("text", "shown"), [("SOMETHING_ODD", "SOMETHING_ODD"), ("no such URL", "No such URL")])
async def test_what_telegram_says_is_passed_on_as_it_says_it(
    telegram: FakeTelegram, api: BotApi, text: str, shown: str
) -> None:
    telegram.fail("sendMessage", "refuse", description=f"Bad Request: {text}")
    assert await attempt(api, PLACE, a_message()) == Refused(shown)


@pytest.mark.parametrize("how", ["bad_gateway", "bad_gateway_after", "garbage_after", "reset_before", "reset_after"])
async def test_what_is_no_answer_of_the_bot_api_leaves_it_unknown(
    telegram: FakeTelegram, api: BotApi, how: str
) -> None:
    telegram.fail("sendMessage", how)
    assert isinstance(await attempt(api, PLACE, a_message()), Unknown)


@pytest.mark.parametrize("text", [UNPARSABLE, "ENTITY_BOUNDS_INVALID"])
async def test_words_that_cannot_be_parsed_are_said_plainly_once(
    telegram: FakeTelegram, api: BotApi, text: str
) -> None:
    telegram.fail("sendMessage", "refuse", description=f"Bad Request: {text}")
    assert isinstance(await attempt(api, PLACE, a_rich_message()), Sent)
    assert [(sent.entities, sent.labels) for sent in telegram.sent] == [([], ["اقرأ"])]
    assert telegram.count("sendMessage") == 2


async def test_what_is_refused_for_its_entities_and_then_for_its_buttons_is_said_without_either(
    telegram: FakeTelegram, api: BotApi
) -> None:
    telegram.fail("sendMessage", "refuse", description=f"Bad Request: {UNPARSABLE}")
    telegram.fail("sendMessage", "refuse", description="Bad Request: BUTTON_URL_INVALID")
    assert isinstance(await attempt(api, PLACE, a_rich_message()), Sent)
    assert [(sent.entities, sent.labels) for sent in telegram.sent] == [([], [])]
    telegram.fail("sendMessage", "refuse", times=-1, description=f"Bad Request: {UNPARSABLE}")
    assert isinstance(await attempt(api, PLACE, a_rich_message()), Refused)
    assert telegram.count("sendMessage") == 5  # nothing is left out twice


@pytest.mark.parametrize(
    ("then", "expected"), [("message is not modified", Sent), ("message to edit not found", Vanished)]
)
async def test_an_edit_without_its_buttons_is_an_edit_all_the_same(
    telegram: FakeTelegram, api: BotApi, then: str, expected: type
) -> None:
    telegram.fail("editMessageText", "refuse", description="Bad Request: BUTTON_URL_INVALID")
    telegram.fail("editMessageText", "refuse", description=f"Bad Request: {then}")
    assert isinstance(await attempt(api, PLACE, a_rich_message(edits=4)), expected)


@pytest.mark.parametrize("text", ["message to edit not found", "message can't be edited", "MESSAGE_ID_INVALID"])
async def test_an_edit_may_have_nothing_left_to_change(telegram: FakeTelegram, api: BotApi, text: str) -> None:
    telegram.fail("editMessageText", "refuse", description=f"Bad Request: {text}")
    assert isinstance(await attempt(api, PLACE, a_message(edits=4)), Vanished)
    assert telegram.sent == []


async def test_an_edit_that_changes_nothing_is_done(telegram: FakeTelegram, api: BotApi) -> None:
    telegram.fail("editMessageText", "refuse", description="Bad Request: message is not modified: specified new …")
    assert await attempt(api, PLACE, a_message(edits=4)) == Sent(4)
    assert telegram.sent == []


async def test_a_press_that_was_answered_too_late_has_its_effect(
    bot: RunningBot, caplog: pytest.LogCaptureFixture
) -> None:
    greeting = await said(bot, "/start")
    too_old = "Bad Request: query is too old and response timeout expired or query ID is invalid"
    bot.telegram.fail("answerCallbackQuery", "refuse", description=too_old)
    bot.telegram.press("🌐 English")
    await bot.telegram.wait_until(lambda: greeting.edits == 1)
    assert "too old" not in caplog.text
