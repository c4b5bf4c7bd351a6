"""What each error says about the attempt that raised it (facts: Bot API server texts, python-telegram-bot classes)."""

from __future__ import annotations

import httpx
import pytest
from pydantic import SecretStr
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from bot.outbox.outcomes import Barred, Gone, Halted, Migrated, NotSent, Refused, RetryAt, Unknown
from bot.telegram.api import BotApi
from bot.telegram.sending import classify

TOKEN = "123456789:AAtoken-that-nobody-may-see-0123456789"


@pytest.fixture(scope="module")
def api() -> BotApi:
    return BotApi(SecretStr(TOKEN), "http://127.0.0.1:9")


def caused(error: Exception, cause: Exception) -> Exception:
    error.__cause__ = cause
    return error


@pytest.mark.parametrize("cause", [httpx.ConnectError("x"), httpx.ConnectTimeout("x"), httpx.PoolTimeout("x")])
def test_an_error_before_the_first_byte_means_not_sent(api: BotApi, cause: Exception) -> None:
    assert isinstance(classify(caused(TimedOut(), cause), api), NotSent)
    assert isinstance(classify(caused(NetworkError("x"), cause), api), NotSent)


@pytest.mark.parametrize(
    "error",
    [
        caused(TimedOut(), httpx.ReadTimeout("x")),
        caused(TimedOut(), httpx.WriteTimeout("x")),
        caused(NetworkError("x"), httpx.ReadError("x")),
        caused(NetworkError("x"), httpx.RemoteProtocolError("x")),
        caused(NetworkError("Bad Gateway (502)"), TelegramError("Invalid server response")),
        caused(Forbidden("Forbidden (403)"), TelegramError("Invalid server response")),
        caused(BadRequest("Bad Request (400)"), TelegramError("Invalid server response")),
        TelegramError("Invalid server response"),
        NetworkError("Internal Server Error"),
        KeyError("result"),
    ],
)
def test_everything_later_leaves_it_unknown(api: BotApi, error: Exception) -> None:
    assert isinstance(classify(error, api), Unknown)


@pytest.mark.parametrize(
    "text",
    [
        "bot was blocked by the user",
        "user is deactivated",
        "bot was kicked from the group chat",
        "bot was kicked from the supergroup chat",
        "bot is not a member of the channel chat",
        "the group chat was deleted",
        "bot can't initiate conversation with a user",
    ],
)
def test_forbidden_means_gone(api: BotApi, text: str) -> None:
    assert isinstance(classify(Forbidden(f"Forbidden: {text}"), api), Gone)


@pytest.mark.parametrize("text", ["chat not found", "PEER_ID_INVALID", "Group chat was deleted"])
def test_a_lost_place_means_gone_whatever_its_capitals(api: BotApi, text: str) -> None:
    assert isinstance(classify(BadRequest(f"Bad Request: {text}"), api), Gone)


@pytest.mark.parametrize(
    "text",
    [
        "need administrator rights in the channel chat",
        "not enough rights to send text messages to the chat",
        "not enough rights to send photos to the chat",
        "have no rights to send a message",
        "CHAT_WRITE_FORBIDDEN",
    ],
)
def test_rights_that_were_lost_bar_the_chat(api: BotApi, text: str) -> None:
    for error in (BadRequest(f"Bad Request: {text}"), Forbidden(f"Forbidden: {text}")):
        assert classify(error, api) == Barred(error.message, topic=False)


@pytest.mark.parametrize("text", ["message thread not found", "TOPIC_CLOSED", "TOPIC_DELETED"])
def test_a_topic_that_is_closed_or_deleted_is_barred_alone(api: BotApi, text: str) -> None:
    error = BadRequest(f"Bad Request: {text}")
    assert classify(error, api) == Barred(error.message, topic=True)


@pytest.mark.parametrize(
    "text",
    [
        "message is too long",
        "text must be non-empty",
        "BUTTON_DATA_INVALID",
        "reply markup is too long",
        "inline keyboard button URL 'http://x' is invalid: Wrong HTTP URL",
    ],
)
def test_a_fault_of_the_message_means_refused(api: BotApi, text: str) -> None:
    assert isinstance(classify(BadRequest(f"Bad Request: {text}"), api), Refused)


def test_flood_control_says_how_long(api: BotApi) -> None:
    assert classify(RetryAfter(17), api) == RetryAt(17.0)
    html = caused(NetworkError("Too Many Requests (429)"), TelegramError("Invalid server response"))
    assert isinstance(classify(html, api), RetryAt)


def test_the_rest_has_its_reaction(api: BotApi) -> None:
    assert classify(ChatMigrated(-100500), api) == Migrated(-100500)
    assert isinstance(classify(InvalidToken("Unauthorized"), api), Halted)
    assert isinstance(classify(Conflict("Conflict"), api), NotSent)


def test_no_reason_holds_the_token(api: BotApi) -> None:
    outcome = classify(caused(NetworkError(f"http://x/bot{TOKEN}/sendMessage"), httpx.ReadError("x")), api)
    assert isinstance(outcome, Unknown)
    assert TOKEN not in outcome.reason
