"""What a server asks for: how long to wait at least before it is polled again."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from monitors.outlets import PollReason

LONGEST_FRESHNESS_S = 3600.0
"""Many caches give feeds the lifetime of pictures (a day, a year). A conditional request an hour is what even the
strictest critics of feed readers allow."""

_DIRECTIVE = re.compile(r"""(?:^|,)\s*(max-age|s-maxage|no-cache|no-store)\s*(?:=\s*"?(\d{1,10}))?""", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ServerWord:
    """What the server asks for, in seconds; 0 where it asks for nothing."""

    freshness_s: float = 0.0
    ttl_s: float = 0.0
    crawl_delay_s: float = 0.0

    def asked(self, crowd: int) -> tuple[float, PollReason]:
        """The longest of its wishes. `crowd` sources of one outlet share its crawl-delay, so each gets its turn."""
        return max(
            (min(self.freshness_s, LONGEST_FRESHNESS_S), PollReason.FRESHNESS),
            (min(self.ttl_s, LONGEST_FRESHNESS_S), PollReason.TTL),
            (min(self.crawl_delay_s * crowd, LONGEST_FRESHNESS_S), PollReason.ROBOTS),
            key=lambda wish: wish[0],
        )


def freshness_s(headers: Mapping[str, str], now: datetime) -> float:
    """For how long the server says its answer holds (RFC 9111 §4.2): max-age less Age, else Expires less Date."""
    directives = {name.lower(): seconds for name, seconds in _DIRECTIVE.findall(headers.get("cache-control", ""))}
    if "no-cache" in directives or "no-store" in directives:
        return 0.0
    if seconds := directives.get("max-age"):
        age = headers.get("age", "").strip()
        return max(0.0, float(seconds) - (float(age[:10]) if age.isdecimal() else 0.0))
    expires = _date(headers.get("expires"))
    if expires is None:
        return 0.0
    return max(0.0, (expires - (_date(headers.get("date")) or now)).total_seconds())


def _date(value: str | None) -> datetime | None:
    try:
        at = parsedate_to_datetime(value or "")
    except (ValueError, OverflowError):  # "0" and "-1" mean "expired", and so does anything else that is no date
        return None
    return at.replace(tzinfo=at.tzinfo or UTC)
