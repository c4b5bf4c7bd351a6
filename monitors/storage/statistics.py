"""Rasid in numbers: what is followed, what waits, and how fast it tells."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, select

from monitors.alerts import DeliveryState
from monitors.articles import ArticleState
from monitors.storage.articles import count_by_state
from monitors.storage.deliveries import delivery_counts
from monitors.storage.tables import matches, outlets, sources, watches


@dataclass(frozen=True, slots=True)
class Status:
    """`delays_s` are the delays of sent alerts, from the document that listed the article to acceptance, sorted."""

    outlets: int
    sources: int
    failing_sources: int
    watches: int
    matches: int
    articles: Mapping[ArticleState, int]
    alerts: Mapping[DeliveryState, int]
    delays_s: Sequence[float]

    @property
    def is_idle(self) -> bool:
        """Nothing waits to be decided or told."""
        waiting = (DeliveryState.PENDING, DeliveryState.SENDING, DeliveryState.UNCERTAIN)
        return not self.articles.get(ArticleState.PENDING) and not any(self.alerts.get(state) for state in waiting)

    @property
    def median_delay_s(self) -> float | None:
        return statistics.median(self.delays_s) if self.delays_s else None

    @property
    def p95_delay_s(self) -> float | None:
        """The delay that 95 % of the alerts stayed below or met (nearest rank)."""
        return self.delays_s[-(-95 * len(self.delays_s) // 100) - 1] if self.delays_s else None

    def to_json(self) -> dict[str, Any]:
        return {
            "outlets": self.outlets,
            "sources": self.sources,
            "failing_sources": self.failing_sources,
            "watches": self.watches,
            "matches": self.matches,
            "articles": dict(self.articles),
            "alerts": dict(self.alerts),
            "delay_median_s": self.median_delay_s,
            "delay_p95_s": self.p95_delay_s,
        }

    def lines(self) -> list[str]:
        """For a person, a fact a line."""
        failing = f", {self.failing_sources} failing" if self.failing_sources else ""
        found = [
            f"outlets   {self.outlets} ({self.sources} sources{failing})",
            f"watches   {self.watches}",
            f"articles  {_counts(self.articles)}",
            f"matches   {self.matches}",
            f"alerts    {_counts(self.alerts)}",
        ]
        if self.median_delay_s is not None and self.p95_delay_s is not None:
            found.append(f"delay     median {self.median_delay_s:.1f} s, p95 {self.p95_delay_s:.1f} s")
        return found


def read_status(connection: Connection) -> Status:
    delivered = delivery_counts(connection)
    return Status(
        outlets=_count(connection, select(func.count()).where(outlets.c.state == "active")),
        sources=_count(connection, select(func.count()).where(sources.c.active)),
        failing_sources=_count(connection, select(func.count()).where(sources.c.active, sources.c.failures > 0)),
        watches=_count(connection, select(func.count()).where(watches.c.state == "active")),
        matches=_count(connection, select(func.count()).select_from(matches)),
        articles=count_by_state(connection),
        alerts=delivered.by_state,
        delays_s=delivered.delays_s,
    )


def _count(connection: Connection, query: Any) -> int:
    return int(connection.scalar(query) or 0)


def _counts(by_state: Mapping[Any, int]) -> str:
    return ", ".join(f"{count} {state}" for state, count in sorted(by_state.items())) or "none"
