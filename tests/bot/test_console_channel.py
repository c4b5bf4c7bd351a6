"""Alerts on the terminal."""

from __future__ import annotations

import asyncio
import io
import os
import tempfile
from datetime import UTC, datetime, timedelta

import pytest

from bot.console import ConsoleChannel, alert_lines
from bot.outbox.outcomes import NotSent, Sent
from bot.terminal import Terminal
from bot.words.language import voice
from monitors.alerts import Delivery, DeliveryKind, DeliveryState
from monitors.chats import CONSOLE, Chat, ChatState
from monitors.roles import RoleContext
from monitors.settings import Settings
from monitors.storage.engine import Database
from monitors.storage.watches import add_watch
from monitors.wakeups import Wakeups
from tests.bot.conftest import an_alert, eventually
from tests.bot.test_composing_alerts import SEEN, an_article
from tests.rows import NOW, the_console

CHAT = Chat(1, CONSOLE, None, "en", ChatState.ACTIVE, NOW)


def a_delivery(repeats: int = 0, **payload: object) -> Delivery:
    return Delivery(1, CHAT, DeliveryKind.ALERT, payload, None, 1, repeats)


class Screen(io.TextIOWrapper):
    def isatty(self) -> bool:
        return True


async def shown(
    delivery: Delivery, *, delay_s: float = 0.84, on: type[io.TextIOWrapper] = io.TextIOWrapper, encoding: str = "utf-8"
) -> str:
    """What a stream leading to a file got."""
    alert = an_article(
        "إعادة فتح الميناء",
        "قال المدير إن العمل بالميناء عاد. " * 30,
        "الميناء",
        url="https://a.example/" + "x" * 150,
    )
    with on(tempfile.TemporaryFile(), encoding=encoding) as output:
        channel = ConsoleChannel(Terminal(output), now=lambda: SEEN + timedelta(seconds=delay_s))
        assert await channel.tell(delivery, None if delivery.payload else alert) == Sent()
        output.seek(0)
        return output.read()


async def test_in_a_pipe_each_part_is_one_plain_line() -> None:
    lines = (await shown(a_delivery())).splitlines()
    at = (SEEN - timedelta(minutes=3)).astimezone().strftime("%Y-%m-%d %H:%M")
    local = at if datetime.now(UTC).date() != SEEN.date() else at[11:]
    assert lines[0] in (f"{at} · 0.8 s · صحيفة الأفق", f"{at[11:]} · 0.8 s · صحيفة الأفق"), local
    assert lines[1] == "  إعادة فتح «الميناء»"
    assert "«بالميناء»" in lines[2]
    assert "  https://a.example/" + "x" * 150 in lines
    assert "  🔔 الميناء: الميناء · بالميناء" in lines
    assert lines[-1] == ""


async def test_on_a_terminal_matches_are_coloured_and_words_stay_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLUMNS", "60")
    text = await shown(a_delivery(), on=Screen)
    assert "\x1b[1;33mبالميناء\x1b[0m" in text
    assert "«" not in text
    plain = [line for line in text.splitlines() if "a.example" not in line]
    words = {word for line in plain for word in line.replace("\x1b[1;33m", "").replace("\x1b[0m", "").split()}
    assert {"المدير", "بالميناء", "عاد."} <= words
    assert not words & {"المد", "ير", "بالمي", "ناء"}


async def test_nothing_from_outside_commands_the_terminal() -> None:
    alert = an_article("فتح \x1b[2J الميناء\u202e", "نص \x07 \x9b31m", "الميناء")
    lines = alert_lines(alert, voice("en"), now=SEEN, coloured=True)
    assert not any(ord(letter) < 32 or 0x7F <= ord(letter) < 0xA0 for line in lines for letter in line.plain)


async def test_a_break_between_paragraphs_is_one_space() -> None:
    alert = an_article("فتح الميناء", "فقرة أولى.\n\nفقرة \t ثانية.")
    lines = alert_lines(alert, voice("ar"), now=SEEN, coloured=False)
    assert "فقرة أولى. فقرة ثانية." in [line.plain for line in lines]


async def test_a_word_met_as_it_is_watched_is_said_once() -> None:
    alert = an_article("فتح الميناء", "", "الميناء")
    lines = alert_lines(alert, voice("ar"), now=SEEN, coloured=False)
    assert lines[-1].plain == "🔔 الميناء"


async def test_a_repeat_is_marked_and_a_notice_is_told() -> None:
    assert (await shown(a_delivery(repeats=1))).startswith("↻ possible repeat\n")
    notice = a_delivery(notice="outlet_health", outlet="الأفق", health="ok")
    assert "works again" in await shown(notice)


@pytest.mark.parametrize(
    ("delay_s", "words"), [(-5, "0.0 s"), (0.04, "0.0 s"), (12.4, "12 s"), (600, "10 min"), (9000, "2 h")]
)
async def test_delays_are_said_in_fitting_units(delay_s: float, words: str) -> None:
    assert (await shown(a_delivery(), delay_s=delay_s)).splitlines()[0].endswith(f" · {words} · صحيفة الأفق")


@pytest.mark.parametrize("encoding", ["ascii", "latin-1"])
async def test_letters_a_terminal_does_not_know_are_question_marks(encoding: str) -> None:
    assert "? ???????: ???????" in await shown(a_delivery(), encoding=encoding)


async def test_a_terminal_that_is_gone_loses_nothing_and_is_left_alone(caplog: pytest.LogCaptureFixture) -> None:
    reading, writing = os.pipe()
    with os.fdopen(writing, "w") as output:
        channel = ConsoleChannel(Terminal(output))
        os.close(reading)
        outcome = await channel.tell(a_delivery(), an_article("فتح الميناء"))
    assert isinstance(outcome, NotSent)
    assert not channel.open.is_set()
    assert caplog.text.count("nobody reads the terminal any more") == 1


async def test_a_disk_that_is_full_is_tried_again() -> None:
    with os.fdopen(os.open("/dev/full", os.O_WRONLY), "w") as output:
        channel = ConsoleChannel(Terminal(output))
        outcome = await channel.tell(a_delivery(), an_article("فتح الميناء"))
    assert isinstance(outcome, NotSent)
    assert channel.open.is_set()


async def test_a_shared_terminal_that_does_not_block_gets_everything() -> None:
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    with os.fdopen(writing, "w") as output, os.fdopen(reading, "rb") as reader:
        text = "ب" * 500_000
        telling = asyncio.create_task(Terminal(output).write(text))
        assert await asyncio.to_thread(reader.read, 1_000_000) == text.encode()
        await telling


async def test_without_a_token_alerts_go_to_the_terminal_and_telegram_is_never_imported(
    sqlite_database: Database, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    from bot import service

    caplog.set_level("INFO")
    chat = sqlite_database.write_now(the_console)
    sqlite_database.write_now(add_watch, chat.id, "الميناء", now=NOW)
    sqlite_database.write_now(an_alert, chat, title="فتح الميناء")
    context = RoleContext(Settings(), sqlite_database, Wakeups(), asyncio.Event())
    role = asyncio.create_task(service.run(context))
    await eventually(lambda: "فتح" in capfd.readouterr().out)
    context.stopping.set()
    await role
    assert "Telegram is off" in caplog.text
    states = sqlite_database.read_now(
        lambda connection: connection.exec_driver_sql("SELECT state FROM deliveries").scalars().all()
    )
    assert states == [DeliveryState.SENT]
