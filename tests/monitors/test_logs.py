from __future__ import annotations

import json
import logging
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitors.errors import DatabaseAway
from monitors.logs import AWAY_SAID_S, AwaySaidRarely, HumanFormatter, JsonFormatter, Redactor, set_up
from monitors.settings import Settings

TOKEN = "123456789:AAEhBOweik6ad9r_QXMENQjcrGbqCr4K-bc"


def record(message: str, error: BaseException | None = None) -> logging.LogRecord:
    info = (type(error), error, error.__traceback__) if error else None
    return logging.LogRecord("crawler.service", logging.WARNING, "", 1, message, (), info)


def test_a_token_is_never_logged_wherever_it_stands() -> None:
    formatter = JsonFormatter(Redactor(), "main")
    try:
        raise RuntimeError(f"https://api.telegram.org/bot{TOKEN}/getMe failed")
    except RuntimeError as error:
        line = formatter.format(record(f"GET /bot{TOKEN}/getMe", error))
    assert TOKEN not in line
    assert json.loads(line)["level"] == "warning"
    assert TOKEN not in HumanFormatter(Redactor(), "main").format(record(f"token {TOKEN}"))


def test_the_secret_in_use_is_never_logged_even_in_an_odd_form() -> None:
    assert Redactor(("42:short",))("bot42:short") == "bot[secret]"


def test_a_password_in_an_address_is_never_logged() -> None:
    assert Redactor()("postgresql://me:hunter2@db/rasid") == "postgresql://me:[secret]@db/rasid"


def test_controls_cannot_forge_a_line() -> None:
    text = HumanFormatter(Redactor(), "main").format(record("title\r\x1b[2Jforged"))
    assert "\x1b" not in text
    assert "\r" not in text


@given(st.text())
def test_any_message_is_one_json_line(message: str) -> None:
    line = JsonFormatter(Redactor(), "crawl").format(record("%s" % message))  # noqa: UP031  # as libraries log
    assert "\n" not in line
    json.loads(line)


def test_a_traceback_stays_inside_its_json_line() -> None:
    try:
        raise ValueError("bad")
    except ValueError:
        line = JsonFormatter(Redactor(), "crawl").format(record("x", sys.exc_info()[1]))
    assert "ValueError: bad" in json.loads(line)["error"]


def test_an_error_in_words_needs_no_traceback_and_is_not_said_all_the_time() -> None:
    try:
        raise DatabaseAway("The database does not answer: no route to host.")
    except DatabaseAway as error:
        away = record("the inbox cannot be read", error)
    expected = "the inbox cannot be read: The database does not answer: no route to host."
    assert HumanFormatter(Redactor(), "main").format(away).endswith(expected)
    assert json.loads(JsonFormatter(Redactor(), "main").format(away))["error"] == expected.partition(": ")[2]
    times = iter([0.0, AWAY_SAID_S - 1, AWAY_SAID_S])
    rarely = AwaySaidRarely(lambda: next(times))
    assert [rarely.filter(line) for line in (away, record("x"), away, away)] == [True, True, False, True]


def test_a_job_that_is_not_begun_twice_is_no_news(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    root = logging.getLogger()
    monkeypatch.setattr(root, "handlers", root.handlers[:])
    monkeypatch.setattr(root, "level", root.level)
    set_up(Settings(), "main")
    logging.captureWarnings(False)
    scheduler = logging.getLogger("apscheduler.scheduler")
    scheduler.warning('Execution of job "%s" skipped: maximum number of running instances reached (1)', "tick")
    scheduler.error("it is lost")
    logging.getLogger("apscheduler.executors.default").warning("it failed")
    assert [json.loads(line)["message"] for line in capsys.readouterr().err.splitlines()] == ["it is lost", "it failed"]
