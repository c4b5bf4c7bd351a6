from __future__ import annotations

from pydantic import SecretStr

from monitors.chats import CONSOLE, ChatAddress, Transport
from monitors.settings import TelegramSettings


def test_operators_are_told_in_private_or_on_the_terminal() -> None:
    assert TelegramSettings(admins=(7, 8)).operators == [CONSOLE]  # nobody can be reached without a token
    told = TelegramSettings(token=SecretStr("123456789:AAEhBOweik6ad9r_QXMENQjcrGbqCr4K-bc"), admins=(7,)).operators
    assert told == [ChatAddress(Transport.TELEGRAM, 7)]
