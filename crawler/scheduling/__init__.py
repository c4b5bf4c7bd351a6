"""When a source is due again, and why. Pure.

A source is polled when the delay that its articles are expected to have gathered reaches one threshold for all
sources (`due`, `budget`): the √-rate rule, which polls in proportion to the square root of how much a source
publishes, hour by hour. Nothing is polled sooner than the operator, the server and its robots.txt allow (`floors`).
"""

from __future__ import annotations

from crawler.scheduling.budget import Pace, pace_of
from crawler.scheduling.due import (
    QUARANTINE_STRIKES,
    Due,
    after_closure,
    after_failure,
    after_success,
    asks_unconditionally,
)
from crawler.scheduling.explaining import why
from crawler.scheduling.floors import ServerWord, freshness_s

__all__ = [
    "QUARANTINE_STRIKES",
    "Due",
    "Pace",
    "ServerWord",
    "after_closure",
    "after_failure",
    "after_success",
    "asks_unconditionally",
    "freshness_s",
    "pace_of",
    "why",
]
