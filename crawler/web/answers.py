"""What comes of asking the web: values, read from answers as they arrive.

What happens every day (not modified, refused, try later) is a value. A blocked address, a closed port, a timeout and a
broken answer are all the same to whoever asks: told apart, they would let a stranger map the network Rasid runs in.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Final

from monitors.outlets import Validators

LONGEST_RETRY_AFTER_S = 7 * 24 * 3600.0
DEFAULT_RETRY_AFTER_S = 60.0  # a 429 without Retry-After

UNREACHABLE: Final = "The site could not be reached, or its address is not allowed."
NOT_ALLOWED: Final = "The site's robots.txt does not allow it."


@dataclass(frozen=True, slots=True)
class Fetched:
    """A document. `url` is where the redirects from `asked_url` ended; header names are lower case.

    `permanent_url` is where an unbroken chain of permanent redirects (301, 308) from the asked address leads.
    `fetched_at` is when it had arrived. `crawl_delay_s` is what the site's robots.txt asks for.
    """

    url: str
    asked_url: str
    headers: Mapping[str, str]
    body: bytes
    fetched_at: datetime
    permanent_url: str | None = None
    crawl_delay_s: float = 0.0

    @property
    def content_type(self) -> str | None:
        return self.headers.get("content-type")

    @property
    def validators(self) -> Validators:
        return Validators(_verbatim(self.headers.get("etag")), _verbatim(self.headers.get("last-modified")))


@dataclass(frozen=True, slots=True)
class NotModified:
    """304: what the validators stand for still holds. Its headers may carry new caching wishes."""

    url: str
    headers: Mapping[str, str]
    fetched_at: datetime
    crawl_delay_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Posted:
    """A form was taken; `status` is 2xx."""

    status: int


@dataclass(frozen=True, slots=True)
class FetchFailed:
    """`reason` is for a person. `status` is None when there was no answer. `gone` is the server's 410.

    `postponed` says that nothing was asked, because the host wants to be left alone for `retry_after_s`.
    """

    url: str
    reason: str
    status: int | None = None
    retry_after_s: float | None = None
    postponed: bool = False

    @property
    def gone(self) -> bool:
        return self.status == HTTPStatus.GONE


def postponed(url: str, closed_s: float) -> FetchFailed:
    return FetchFailed(url, "The site asked us to come back later.", retry_after_s=closed_s, postponed=True)


def refused(url: str, status: int, headers: Mapping[str, str], now: datetime) -> FetchFailed:
    """What an answer means that is no document."""
    retry_after_s = _retry_after_s(headers.get("retry-after"), now)
    if status == HTTPStatus.TOO_MANY_REQUESTS and retry_after_s is None:
        retry_after_s = DEFAULT_RETRY_AFTER_S
    return FetchFailed(url, f"The site answered {_status_words(status)}.", status, retry_after_s)


def _verbatim(validator: str | None) -> str | None:
    """A validator that can be sent back byte for byte, or none."""
    if validator and len(validator) <= 1024 and validator.isascii() and validator.isprintable():
        return validator
    return None


def _retry_after_s(value: str | None, now: datetime) -> float | None:
    """RFC 9110 §10.2.3: seconds or a date; at most 7 days."""
    if value is None:
        return None
    value = value.strip()
    if value.isdecimal() and value.isascii():
        return min(float(value[:9]), LONGEST_RETRY_AFTER_S)
    try:
        at = parsedate_to_datetime(value)
    except (ValueError, OverflowError):
        return None
    seconds = (at.replace(tzinfo=at.tzinfo or UTC) - now).total_seconds()
    return min(max(seconds, 0.0), LONGEST_RETRY_AFTER_S)


def _status_words(status: int) -> str:
    try:
        return f"{status} ({HTTPStatus(status).phrase})"
    except ValueError:
        return str(status)
