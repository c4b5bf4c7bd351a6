"""The telling role in a process of its own, whose standard output somebody else holds."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from monitors.storage.engine import Database
from monitors.storage.watches import add_watch
from tests.bot.conftest import an_alert, eventually
from tests.rows import NOW, the_console

PROGRAM = """
import logging, os, sys
import uvloop
from bot import service
from monitors.roles import role_context
from monitors.settings import Settings, StorageSettings

async def main():
    async with role_context(Settings(storage=StorageSettings(url=sys.argv[1]))) as context:
        await service.run(context)

if sys.stdout is None:
    os.open(os.devnull, os.O_WRONLY)  # or the first socket becomes descriptor 1, which libuv refuses to close
logging.basicConfig(level="INFO")
uvloop.run(main())
"""

States = Callable[[], list[tuple[str, str, int]]]


@contextmanager
def telling(database: Database, stdout: int | None, **how: str) -> Iterator[subprocess.Popen[str]]:
    """The role's process; `stdout` None closes it before the start."""
    command = [sys.executable, "-c", PROGRAM, database.url.set(drivername="sqlite").render_as_string()]
    closed = ["sh", "-c", 'exec "$0" "$@" >&-']
    with subprocess.Popen(
        command if stdout is not None else [*closed, *command],
        stdout=stdout,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | how,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def ended(process: subprocess.Popen[str]) -> tuple[float, int, str]:
    """After SIGTERM: the seconds it took, the exit code, and the log."""
    began = time.monotonic()
    process.send_signal(signal.SIGTERM)
    _, log = process.communicate(timeout=30)
    return time.monotonic() - began, process.returncode, log


def alerts(database: Database, *numbers: int, text: str = "") -> None:
    chat = database.write_now(the_console)
    if 1 in numbers:
        database.write_now(add_watch, chat.id, "الميناء", now=NOW)
    for number in numbers:
        database.write_now(an_alert, chat, number, title=f"فتح الميناء {number}", text=text)


async def test_a_reader_that_ends_ends_its_channel_only(sqlite_database: Database, states: States) -> None:
    reading, writing = os.pipe()
    alerts(sqlite_database, 1)
    with telling(sqlite_database, writing) as process, os.fdopen(reading) as reader:
        os.close(writing)
        assert reader.readline() != ""
        await eventually(lambda: states() == [("alert", "sent", 0)], timeout_s=30)
        reader.close()
        alerts(sqlite_database, 2, 3)
        assert process.stderr is not None
        log = ""
        while "nobody reads the terminal any more" not in log:
            log += process.stderr.readline()
        assert process.poll() is None
        seconds, code, log = ended(process)
    assert (code, log) == (0, "")
    assert seconds < 5
    assert [state for _, state, _ in states()] == ["sent", "pending", "pending"]


async def test_without_a_standard_output_alerts_wait_for_one(sqlite_database: Database, states: States) -> None:
    alerts(sqlite_database, 1)
    with telling(sqlite_database, None) as process:
        assert process.stderr is not None
        assert "there is no terminal" in process.stderr.readline()
        _, code, _ = ended(process)
    assert code == 0
    assert states() == [("alert", "pending", 0)]
    with telling(sqlite_database, subprocess.DEVNULL) as process:
        await eventually(lambda: states() == [("alert", "sent", 0)], timeout_s=30)


async def test_a_reader_that_has_stopped_does_not_hold_up_the_end(sqlite_database: Database, states: States) -> None:
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    os.write(writing, b"x" * 10_000_000)  # as much as fits
    os.set_blocking(writing, True)
    alerts(sqlite_database, 1)
    with telling(sqlite_database, writing) as process:
        os.close(writing)
        await eventually(lambda: states() == [("alert", "sending", 0)], timeout_s=30)
        seconds, code, _ = ended(process)
    os.close(reading)
    assert code == 0
    assert seconds < 9
    assert states() == [("alert", "sending", 0)]


async def test_a_terminal_of_another_alphabet_shows_question_marks(sqlite_database: Database, states: States) -> None:
    alerts(sqlite_database, 1)
    with telling(sqlite_database, subprocess.DEVNULL, PYTHONIOENCODING="ascii", PYTHONUTF8="0"):
        await eventually(lambda: states() == [("alert", "sent", 0)], timeout_s=30)
