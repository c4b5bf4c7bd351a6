"""Logs: for people on a terminal, JSON lines otherwise, and never a secret.

Libraries put the bot token into log lines, exception texts and reprs; so every formatted line, traceback included,
passes a redactor that knows the form of a token and the very secrets in use.
"""

from __future__ import annotations

import json
import logging
import re
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime

from monitors.errors import DatabaseAway, RasidError
from monitors.settings import TOKEN, Settings

_URL_PASSWORD = re.compile(r"(?P<start>\w+://[^/\s:@]+:)[^/\s@]+(?=@)")
_CONTROLS_BUT_NEWLINE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_CONTROLS = re.compile(r"[\x00-\x08\x0a-\x1f\x7f-\x9f]")

_QUIET = (
    "httpx",
    "httpcore",
    "telegram",
    "scrapy",
    "twisted",
    "asyncio",
    "aiohttp",
    "alembic",
    "apscheduler",
)
"""Libraries of which only warnings are news; several log the token at lower levels."""


AWAY_SAID_S = 10.0
"""While the database is away everything that is tried fails, and is tried again: so often one line of it is enough."""


class Redactor:
    """Replaces secrets in a text."""

    def __init__(self, secrets: tuple[str, ...] = ()) -> None:
        self._secrets = tuple(secret for secret in secrets if secret)

    def __call__(self, text: str) -> str:
        for secret in self._secrets:
            text = text.replace(secret, "[secret]")
        return _URL_PASSWORD.sub(r"\g<start>[secret]", TOKEN.sub("[secret]", text))


class AwaySaidRarely(logging.Filter):
    """Lets one in ten seconds through of the lines about a database that is away."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._clock = clock
        self._said_at = -AWAY_SAID_S

    def filter(self, record: logging.LogRecord) -> bool:
        if not isinstance(_error_of(record), DatabaseAway):
            return True
        now = self._clock()
        if now < self._said_at + AWAY_SAID_S:
            return False
        self._said_at = now
        return True


class HumanFormatter(logging.Formatter):
    """ "20:15:03 crawl  what happened"; warnings and errors say so."""

    def __init__(self, redact: Redactor, process: str) -> None:
        super().__init__()
        self._redact = redact
        self._process = process

    def format(self, record: logging.LogRecord) -> str:
        clock = datetime.fromtimestamp(record.created).astimezone().strftime("%H:%M:%S")
        level = "" if record.levelno < logging.WARNING else f"{record.levelname.lower()}: "
        text = _CONTROLS.sub(" ", record.getMessage())
        if isinstance(worded := _error_of(record), RasidError):
            text = f"{text}: {_CONTROLS.sub(' ', str(worded))}"
        elif record.exc_info:
            text = f"{text}\n{_CONTROLS_BUT_NEWLINE.sub(' ', self.formatException(record.exc_info))}"
        return self._redact(f"{clock} {self._process:<6} {level}{text}")


class JsonFormatter(logging.Formatter):
    """One JSON object a line: time (UTC), level, process, logger, message, and error when there is one."""

    def __init__(self, redact: Redactor, process: str) -> None:
        super().__init__()
        self._redact = redact
        self._process = process

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "process": self._process,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if isinstance(worded := _error_of(record), RasidError):
            line["error"] = str(worded)
        elif record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        return self._redact(json.dumps(line, ensure_ascii=False))


def _error_of(record: logging.LogRecord) -> BaseException | None:
    """What it tells of. A `RasidError` is in words already; the way to it, a traceback, is nothing for the operator."""
    return record.exc_info[1] if record.exc_info else None


def redactor(settings: Settings | None) -> Redactor:
    """A redactor that knows the secrets of these settings."""
    if settings is None:
        return Redactor()
    secrets = (settings.telegram.token, settings.telegram.webhook_secret)
    return Redactor(tuple(secret.get_secret_value() for secret in secrets if secret is not None))


def set_up(settings: Settings, process: str) -> None:
    """Sends this process's logs to standard error, in the form the settings ask for."""
    redact = redactor(settings)
    human = settings.log.format == "human" or (settings.log.format == "auto" and sys.stderr.isatty())
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(HumanFormatter(redact, process) if human else JsonFormatter(redact, process))
    handler.addFilter(AwaySaidRarely())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(settings.log.level.upper())
    for name in _QUIET:
        logging.getLogger(name).setLevel(max(logging.WARNING, root.level))
    if root.level > logging.DEBUG:  # that a job still runs when it is due again is no news: it is due again soon
        logging.getLogger("apscheduler.scheduler").setLevel(logging.ERROR)
    logging.captureWarnings(True)
