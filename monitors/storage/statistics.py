"""Rasid in numbers: what is followed, what waits, and how fast it tells."""

from __future__ import annotations

import math
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Select, func, select

from monitors.alerts import DeliveryKind, DeliveryState
from monitors.articles import ArticleState
from monitors.health import Health
from monitors.outlets import OutletState
from monitors.people import Access
from monitors.rates import RateEstimate
from monitors.storage.articles import count_by_state
from monitors.storage.bots import Move, last_move
from monitors.storage.delays import delivery_counts
from monitors.storage.disk import Disk, disk_of
from monitors.storage.doors import chosen_access
from monitors.storage.failing import count_failing
from monitors.storage.polls import is_polling_paused
from monitors.storage.presence import Loading, Role, Trouble, loading, roles, trouble_since
from monitors.storage.queues import Waiting, count_troubled, is_held_back, waiting
from monitors.storage.revisions import count_standing
from monitors.storage.tables import articles, matches, outlets, owed, sources


@dataclass(frozen=True, slots=True)
class Delays:
    """How long things took, sorted."""

    seconds: Sequence[float]

    @property
    def median_s(self) -> float | None:
        return statistics.median(self.seconds) if self.seconds else None

    @property
    def p95_s(self) -> float | None:
        """The delay that 95 % stayed below or met (nearest rank)."""
        return self.seconds[-(-95 * len(self.seconds) // 100) - 1] if self.seconds else None


_WRONG = {
    Trouble.AWAY: "cannot be reached; it is tried again, and the log says why",
    Trouble.DEAF: "takes no messages; one at a time is tried until it does",
    Trouble.SHARED: "tells another program what people write, too, so some of it does not arrive here: stop that one",
    Trouble.UNAUTHORIZED: "does not accept the bot token: set telegram.token to the one @BotFather shows, restart",
}

_KINDS = {
    DeliveryKind.ALERT: ("alert", "alerts"),
    DeliveryKind.DIGEST: ("digest", "digests"),
    DeliveryKind.REPLY: ("reply", "replies"),
    DeliveryKind.NOTICE: ("notice", "notices"),
    DeliveryKind.PROGRESS: ("progress message", "progress messages"),
    DeliveryKind.BROADCAST: ("broadcast", "broadcasts"),
}
"""One and several."""


@dataclass(frozen=True, slots=True)
class Status:
    """`delays_s` are the delays of the newest sent alerts, from the document that listed the article to acceptance,
    sorted.

    `owed` counts articles that are decided but for late watches, `waiting` all deliveries on their way out and
    `troubled` all that went wrong; `lately` are the delays of the last 24 hours. `held_back` when an operator lets
    nothing be told but answers, `polling_paused` when no source is visited by itself. `roles` are those that were
    heard, `loading` how far the watches are in memory (None once they are), `move` the last one to another bot,
    `access` is how people come in, if an operator chose that in the chat, and `trouble` what is wrong with the line to
    Telegram, and since when. A source was last visited at `visited_at`, an
    article last decided at `decided_at`; `at` is when all this was read.
    """

    outlets: int
    sources: int
    failing_sources: int
    quiet_outlets: int
    broken_outlets: int
    watches: int
    matches: int
    articles: Mapping[ArticleState, int]
    alerts: Mapping[DeliveryState, int]
    delays_s: Sequence[float]
    owed: int = 0
    waiting: Sequence[Waiting] = ()
    troubled: Mapping[DeliveryState, int] = field(default_factory=dict)
    lately: Delays = Delays(())
    held_back: bool = False
    visited_at: datetime | None = None
    decided_at: datetime | None = None
    disk: Disk | None = None
    roles: Sequence[Role] = ()
    loading: Loading | None = None
    polling_paused: bool = False
    paused_outlets: int = 0
    move: Move | None = None
    access: Access | None = None
    trouble: tuple[Trouble, datetime] | None = None
    at: datetime | None = None

    @property
    def is_idle(self) -> bool:
        """Nothing waits to be decided or told."""
        waiting = (DeliveryState.PENDING, DeliveryState.SENDING, DeliveryState.UNCERTAIN)
        decided = not self.articles.get(ArticleState.PENDING) and not self.owed
        return decided and not any(self.alerts.get(state) for state in waiting)

    @property
    def median_delay_s(self) -> float | None:
        return Delays(self.delays_s).median_s

    @property
    def p95_delay_s(self) -> float | None:
        return Delays(self.delays_s).p95_s

    def to_json(self) -> dict[str, Any]:
        return {
            "outlets": self.outlets,
            "sources": self.sources,
            "failing_sources": self.failing_sources,
            "quiet_outlets": self.quiet_outlets,
            "broken_outlets": self.broken_outlets,
            "paused_outlets": self.paused_outlets,
            "watches": self.watches,
            "matches": self.matches,
            "articles": dict(self.articles),
            "owed": self.owed,
            "alerts": dict(self.alerts),
            "delay_median_s": self.median_delay_s,
            "delay_p95_s": self.p95_delay_s,
            "delay_median_24h_s": self.lately.median_s,
            "delay_p95_24h_s": self.lately.p95_s,
            "waiting": [
                {"kind": one.kind, "count": one.count, "oldest_at": one.oldest_at.isoformat()} for one in self.waiting
            ],
            "troubled": dict(self.troubled),
            "held_back": self.held_back,
            "visited_at": self.visited_at and self.visited_at.isoformat(),
            "decided_at": self.decided_at and self.decided_at.isoformat(),
            "roles": [
                {"name": role.name, "since": role.since and role.since.isoformat(), "seen_at": role.seen_at.isoformat()}
                for role in self.roles
            ],
            "loading": self.loading and [self.loading.loaded, self.loading.of],
            "polling_paused": self.polling_paused,
            "move": self.move
            and {"since": self.move.since.isoformat(), "chats": self.move.chats, "waiting": self.move.waiting},
            "access_chosen": self.access,
            "telegram_trouble": self.trouble and {"what": self.trouble[0], "since": self.trouble[1].isoformat()},
            "disk_used_bytes": self.disk and self.disk.used_bytes,
            "disk_free_bytes": self.disk and self.disk.free_bytes,
        }

    def lines(self) -> list[str]:
        """For a person, a fact a line; what has to be done stands behind it."""
        ill = {"quiet": self.quiet_outlets, "broken": self.broken_outlets, "paused": self.paused_outlets}
        owed = f" ({self.owed} owed to late watches)" if self.owed else ""
        outlets = ", ".join([str(self.outlets), *(f"{count} {health}" for health, count in ill.items() if count)])
        failing = f", {self.failing_sources} failing" if self.failing_sources else ""
        found = [
            *self._role_lines(),
            f"outlets   {outlets} ({self.sources} sources{failing})",
            f"watches   {self.watches}",
            f"articles  {_counts(self.articles)}{owed}",
            f"matches   {self.matches}",
            f"alerts    {_counts(self.alerts)}",
        ]
        if self.loading is not None:
            loaded = f"{self.loading.loaded} of {self.loading.of}"
            found.insert(2, f"loading   {loaded} watches are in memory; articles wait until all are")
        if self.polling_paused:
            found.append("polling   paused by an operator: /operate in the chat lets sources be visited again")
        if self.median_delay_s is not None and self.p95_delay_s is not None:
            found.append(f"delay     median {self.median_delay_s:.1f} s, p95 {self.p95_delay_s:.1f} s")
        if self.lately.median_s is not None and self.lately.p95_s is not None:
            found.append(f"last day  median {self.lately.median_s:.1f} s, p95 {self.lately.p95_s:.1f} s")
        found += [
            f"waiting   {one.count} {_KINDS[one.kind][one.count != 1]}, since {_utc(one.oldest_at)}"
            for one in self.waiting
        ]
        if self.troubled:
            found.append(f"troubled  {_counts(self.troubled)}: rasid outbox list")
        if self.trouble is not None:
            found.append(f"telegram  {_WRONG[self.trouble[0]]} (since {_utc(self.trouble[1])})")
        if self.held_back:
            found.append("telling   held back by an operator; only answers are told (/operate in the chat)")
        if self.move is not None:
            coming = f"{self.move.waiting} of {self.move.chats} chats have yet to come over"
            found.append(f"moved     to another bot on {_utc(self.move.since)}; {coming}")
        if self.access is not None:
            found.append(f'access    {self.access}, as an operator chose in the chat (/users there, "Who is let in")')
        if self.disk is not None:
            free = "" if self.disk.free_bytes is None else f", {self.disk.free_bytes / 1e9:.1f} GB free"
            found.append(f"database  {self.disk.used_bytes / 1e6:.1f} MB{free}")
        return found

    def _role_lines(self) -> list[str]:
        if not self.roles or self.at is None:
            return ["running   no; start it with: rasid run"]
        said = []
        for role in self.roles:
            if not role.is_heard(self.at):
                said.append(f"running   {role.name} not heard since {_utc(role.seen_at)}: see its log, start it again")
            elif role.since is None:
                said.append(f"running   {role.name} is being started; if it stays so, its log says why")
            else:
                said.append(f"running   {role.name} since {_utc(role.since)}")
        return said


def _utc(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"


def read_status(connection: Connection, *, now: datetime) -> Status:
    delivered = delivery_counts(connection)
    return Status(
        outlets=_count(connection, select(func.count()).where(outlets.c.state == "active")),
        sources=_count(connection, select(func.count()).where(sources.c.active)),
        failing_sources=count_failing(connection),
        quiet_outlets=_count(connection, _faring(Health.QUIET)),
        broken_outlets=_count(connection, _faring(Health.BROKEN)),
        watches=count_standing(connection),
        matches=_count(connection, select(func.count()).select_from(matches)),
        articles=count_by_state(connection),
        alerts=delivered.by_state,
        delays_s=delivered.delays_s,
        owed=_count(connection, select(func.count()).select_from(owed)),
        waiting=waiting(connection),
        troubled=count_troubled(connection),
        lately=Delays(delivery_counts(connection, since=now - timedelta(days=1)).delays_s),
        held_back=is_held_back(connection),
        visited_at=connection.scalar(select(func.max(sources.c.last_polled_at))),
        decided_at=connection.scalar(select(func.max(articles.c.decided_at))),
        disk=disk_of(connection),
        roles=roles(connection),
        loading=loading(connection),
        polling_paused=is_polling_paused(connection),
        paused_outlets=_count(connection, select(func.count()).where(outlets.c.state == OutletState.PAUSED)),
        move=last_move(connection),
        access=chosen_access(connection),
        trouble=trouble_since(connection),
        at=now,
    )


@dataclass(frozen=True, slots=True)
class OutletNumbers:
    """What an outlet brought, and how soon. `expected_per_day` is None while nothing is known of it; `delays` are those
    of the last week's articles, from when the outlet says that it published them to when a poll showed them."""

    expected_per_day: float | None
    last_day: int
    last_week: int
    delays: Delays


def outlet_numbers(connection: Connection, outlet_id: int, *, now: datetime) -> OutletNumbers:
    week = now - timedelta(days=7)
    rows = connection.execute(
        select(articles.c.first_seen_at, articles.c.published_at).where(
            articles.c.outlet_id == outlet_id,
            articles.c.first_seen_at >= week,
            articles.c.state != ArticleState.ARCHIVED,  # what was there before us says nothing about our delay
        )
    ).all()
    delays_s = [(row.first_seen_at - row.published_at).total_seconds() for row in rows if row.published_at is not None]
    rates = connection.scalars(
        select(sources.c.rate).where(sources.c.outlet_id == outlet_id, sources.c.active, sources.c.items_per_day > 0)
    )
    per_day = [RateEstimate.from_json(rate).at(now).per_day for rate in rates]
    return OutletNumbers(
        expected_per_day=math.fsum(per_day) if per_day else None,
        last_day=sum(row.first_seen_at >= now - timedelta(days=1) for row in rows),
        last_week=len(rows),
        delays=Delays(sorted(max(0.0, delay_s) for delay_s in delays_s)),
    )


def _faring(health: Health) -> Select[Any]:
    return select(func.count()).where(outlets.c.state == OutletState.ACTIVE, outlets.c.health == health)


def _count(connection: Connection, query: Any) -> int:
    return int(connection.scalar(query) or 0)


def _counts(by_state: Mapping[Any, int]) -> str:
    return ", ".join(f"{count} {state}" for state, count in sorted(by_state.items())) or "none"
