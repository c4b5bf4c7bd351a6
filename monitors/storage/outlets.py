"""Outlets and sources as rows: who is followed, what is due, what the last poll left behind."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import astuple
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, func, or_, select, update

from monitors.errors import NotFound, UsageError
from monitors.outlets import (
    DocumentWord,
    Moved,
    NewOutlet,
    NewSource,
    Outlet,
    OutletState,
    Part,
    Poll,
    PollReason,
    Source,
    SourceHealth,
    SourceKind,
    Standing,
    Validators,
)
from monitors.rates import RateEstimate
from monitors.storage.tables import articles, outlets, sources
from monitors.storage.upserts import insert

_UNPOLLED: dict[str, Any] = {
    "first_polled_at": None,
    "last_polled_at": None,
    "etag": None,
    "last_modified": None,
    "body_hash": None,
    "failures": 0,
    "strikes": 0,
    "last_error": None,
    "failing_since": None,
    "last_new_at": None,
    "rate": None,
    "items_per_day": None,
    "validators_broken": False,
    "moved_to": None,
    "moved_since": None,
    "moved_times": 0,
    "parts": None,
    "poll_reason": PollReason.NEW,
}
"""A source as if it had never been polled."""


def add_outlet(
    connection: Connection, outlet: NewOutlet, found: Sequence[NewSource], *, now: datetime
) -> tuple[Outlet, list[Source]]:
    """The outlet with its sources, new ones due at once. A removed one is brought back, repeating nothing.

    Raises `UsageError` when one of the sources is followed for another outlet.
    """
    connection.execute(
        insert(connection, outlets)
        .values(
            name=outlet.name,
            homepage=outlet.homepage,
            language=outlet.language,
            country=outlet.country,
            time_zone=outlet.time_zone,
            state=OutletState.ACTIVE,
            added_at=now,
        )
        .on_conflict_do_update(index_elements=["homepage"], set_={"state": OutletState.ACTIVE})
    )
    saved = _outlet(connection.execute(select(outlets).where(outlets.c.homepage == outlet.homepage)).one())
    for source in found:
        _add_source(connection, saved, source, now=now)
    _wake(connection, saved.id, now=now)
    return saved, sources_of(connection, saved.id)


def _wake(connection: Connection, outlet_id: int, *, now: datetime) -> None:
    """Lets whatever rested begin anew: what appeared meanwhile is recorded in silence."""
    connection.execute(
        update(sources)
        .where(sources.c.outlet_id == outlet_id, ~sources.c.active)
        .values(active=True, next_poll_at=now, **_UNPOLLED)
    )


def _add_source(connection: Connection, outlet: Outlet, source: NewSource, *, now: datetime) -> None:
    """A source polled for another outlet is taken over if that one is not followed any more."""
    owner = connection.execute(
        select(sources.c.id, sources.c.outlet_id, outlets.c.name, outlets.c.state)
        .join(outlets, sources.c.outlet_id == outlets.c.id)
        .where(sources.c.url == source.url)
    ).one_or_none()
    if owner is None:
        connection.execute(
            sources.insert().values(
                outlet_id=outlet.id,
                kind=source.kind,
                url=source.url,
                next_poll_at=now,
                poll_reason=PollReason.NEW,
                active=True,
            )
        )
    elif owner.outlet_id != outlet.id:
        if owner.state != OutletState.REMOVED:
            raise UsageError(
                f"{source.url} is followed already, for “{owner.name}”.",
                hint=f"Remove that one first: rasid outlet remove {owner.outlet_id}",
            )
        connection.execute(
            update(sources)
            .where(sources.c.id == owner.id)
            .values(outlet_id=outlet.id, active=True, next_poll_at=now, **_UNPOLLED)
        )


def list_outlets(connection: Connection) -> list[Outlet]:
    """Every followed outlet, by name."""
    rows = connection.execute(
        select(outlets).where(outlets.c.state != OutletState.REMOVED).order_by(func.lower(outlets.c.name))
    )
    return [_outlet(row) for row in rows]


def find_outlet(connection: Connection, wanted: str) -> Outlet:
    """The followed outlet of this id, name, home page, or source address.

    Raises `NotFound`, or `UsageError` when the words stand for several.
    """
    wanted = wanted.strip()
    bare = wanted.rstrip("/")
    by_source = select(sources.c.outlet_id).where(sources.c.url == wanted)
    conditions = [
        func.lower(outlets.c.name) == wanted.lower(),
        outlets.c.homepage.in_([wanted, bare, f"{bare}/", f"https://{bare}/", f"http://{bare}/"]),
        outlets.c.id.in_(by_source),
    ]
    if wanted.isdecimal() and len(wanted) < 19:
        conditions.append(outlets.c.id == int(wanted))
    rows = connection.execute(
        select(outlets).where(outlets.c.state != OutletState.REMOVED, or_(*conditions)).order_by(outlets.c.id)
    ).all()
    exact = [row for row in rows if wanted == str(row.id)] or rows
    if not exact:
        raise NotFound(f"No outlet is called “{wanted}”.", hint="See what is followed with: rasid outlet list")
    if len(exact) > 1:
        numbers = ", ".join(f"{row.id} ({row.homepage})" for row in exact)
        raise UsageError(f"Several outlets are called “{wanted}”.", hint=f"Name one by its number: {numbers}.")
    return _outlet(exact[0])


def remove_outlet(connection: Connection, outlet_id: int) -> None:
    """Stops following. Articles and identities stay, so that following again repeats nothing."""
    connection.execute(update(outlets).where(outlets.c.id == outlet_id).values(state=OutletState.REMOVED))
    connection.execute(update(sources).where(sources.c.outlet_id == outlet_id).values(active=False))


def pause_outlet(connection: Connection, outlet_id: int) -> bool:
    """Stops polling until it is resumed; False when the outlet is not being polled."""
    paused = connection.execute(
        update(outlets)
        .where(outlets.c.id == outlet_id, outlets.c.state == OutletState.ACTIVE)
        .values(state=OutletState.PAUSED)
    )
    if paused.rowcount:
        connection.execute(update(sources).where(sources.c.outlet_id == outlet_id).values(active=False))
    return paused.rowcount > 0


def resume_outlet(connection: Connection, outlet_id: int, *, now: datetime) -> bool:
    """Polls a paused outlet again; what it published meanwhile is recorded in silence. False when it was not paused."""
    resumed = connection.execute(
        update(outlets)
        .where(outlets.c.id == outlet_id, outlets.c.state == OutletState.PAUSED)
        .values(state=OutletState.ACTIVE)
    )
    if resumed.rowcount:
        _wake(connection, outlet_id, now=now)
    return resumed.rowcount > 0


def time_zone_of(connection: Connection, outlet_id: int) -> str | None:
    """IANA; None when nobody has said."""
    return connection.scalar(select(outlets.c.time_zone).where(outlets.c.id == outlet_id))


def sources_of(connection: Connection, outlet_id: int) -> list[Source]:
    rows = connection.execute(select(sources).where(sources.c.outlet_id == outlet_id).order_by(sources.c.id))
    return [_source(row) for row in rows]


def get_sources(connection: Connection, ids: Collection[int]) -> dict[int, Source]:
    """The sources of these ids, by id, active or not."""
    return {row.id: _source(row) for row in connection.execute(select(sources).where(sources.c.id.in_(list(ids))))}


def sources_health(connection: Connection, outlet_id: int) -> list[SourceHealth]:
    counted = (
        select(
            articles.c.source_id,
            func.count().label("articles"),
            func.max(articles.c.first_seen_at).label("newest"),
        )
        .where(articles.c.outlet_id == outlet_id)
        .group_by(articles.c.source_id)
    )
    seen = {row.source_id: row for row in connection.execute(counted)}
    return [
        SourceHealth(
            source,
            articles=seen[source.id].articles if source.id in seen else 0,
            newest_article_at=seen[source.id].newest if source.id in seen else None,
        )
        for source in sources_of(connection, outlet_id)
    ]


def due_sources(connection: Connection, *, now: datetime, limit: int) -> list[Source]:
    """Active sources whose time has come, longest due first."""
    rows = connection.execute(_active().where(sources.c.next_poll_at <= now).limit(limit))
    return [_source(row) for row in rows]


def make_due(connection: Connection, outlet_id: int, *, now: datetime) -> None:
    """Lets an outlet's sources be polled at the next opportunity."""
    connection.execute(
        update(sources)
        .where(sources.c.outlet_id == outlet_id, sources.c.active)
        .values(next_poll_at=now, poll_reason=PollReason.ASKED)
    )


def record_poll(connection: Connection, poll: Poll) -> None:
    """What a poll left behind; part of T1, together with the last of its articles."""
    values: dict[str, Any] = {
        "last_polled_at": poll.polled_at,
        "next_poll_at": poll.next_poll_at,
        "poll_reason": poll.reason,
    }
    if not poll.postponed:
        values["last_error"] = poll.error
        values["failures"] = 0 if poll.succeeded else sources.c.failures + 1
        values["failing_since"] = None if poll.succeeded else func.coalesce(sources.c.failing_since, poll.polled_at)
    if poll.succeeded:
        values["first_polled_at"] = func.coalesce(sources.c.first_polled_at, poll.polled_at)
        values["strikes"] = 0
    values |= _learnt(poll)
    if poll.document is not None:
        values |= _document_word(connection, poll.document)
    if poll.strike:
        values["strikes"] = sources.c.strikes + 1
    if poll.gone:
        values["active"] = False
    connection.execute(update(sources).where(sources.c.id == poll.source_id).values(values))


def _learnt(poll: Poll) -> dict[str, Any]:
    """What the poll knows better than the row."""
    values: dict[str, Any] = {}
    if poll.validators is not None:
        values |= {"etag": poll.validators.etag, "last_modified": poll.validators.last_modified}
    if poll.body_hash is not None:
        values["body_hash"] = poll.body_hash
    if poll.parts is not None:
        values["parts"] = [[part.url, *astuple(part.validators), part.body_hash] for part in poll.parts] or None
    if poll.rate is not None:
        values |= {"rate": poll.rate.to_json(), "items_per_day": poll.rate.per_day}
    if poll.ttl_s is not None:
        values["ttl_s"] = poll.ttl_s
    if poll.asked_s is not None:
        values["asked_s"] = poll.asked_s
    if poll.new_at is not None:
        values["last_new_at"] = poll.new_at
    if poll.unconditional:
        values["last_unconditional_at"] = poll.polled_at
    return values


def _document_word(connection: Connection, word: DocumentWord) -> dict[str, Any]:
    values: dict[str, Any] = {
        "hub": word.hub,
        "topic": word.topic,
        "moved_to": word.moved.url if word.moved else None,
        "moved_since": word.moved.since if word.moved else None,
        "moved_times": word.moved.times if word.moved else 0,
    }
    if word.lying:
        values["validators_broken"] = True
    if word.url is not None:
        taken = select(sources.c.id).where(sources.c.url == word.url)
        if connection.execute(taken).one_or_none() is None:
            values["url"] = word.url
    return values


def standings(connection: Connection) -> Iterator[Standing]:
    """Every active source as the budget sees it."""
    rows = connection.execute(
        select(
            sources.c.outlet_id,
            outlets.c.language,
            outlets.c.time_zone,
            sources.c.rate,
            sources.c.poll_reason,
            sources.c.asked_s,
            sources.c.last_polled_at,
            sources.c.next_poll_at,
            sources.c.failures,
        )
        .join(outlets, sources.c.outlet_id == outlets.c.id)
        .where(sources.c.active)
    )
    for row in rows:
        gap = row.next_poll_at - (row.last_polled_at or row.next_poll_at)
        yield Standing(
            outlet_id=row.outlet_id,
            language=row.language,
            time_zone=row.time_zone,
            rate=_rate(row.rate),
            reason=_reason(row.poll_reason),
            asked_s=row.asked_s or 0.0,
            gap_s=gap.total_seconds(),
            failing=row.failures > 0,
        )


def _active() -> Select[Any]:
    return select(sources).where(sources.c.active).order_by(sources.c.next_poll_at)


def _outlet(row: Row[Any]) -> Outlet:
    return Outlet(
        id=row.id,
        name=row.name,
        homepage=row.homepage,
        language=row.language,
        country=row.country,
        time_zone=row.time_zone,
        state=OutletState(row.state),
        added_at=row.added_at,
    )


def _source(row: Row[Any]) -> Source:
    return Source(
        id=row.id,
        outlet_id=row.outlet_id,
        kind=SourceKind(row.kind),
        url=row.url,
        validators=Validators(row.etag, row.last_modified),
        body_hash=row.body_hash,
        next_poll_at=row.next_poll_at,
        first_polled_at=row.first_polled_at,
        last_polled_at=row.last_polled_at,
        last_unconditional_at=row.last_unconditional_at,
        failures=row.failures,
        strikes=row.strikes,
        last_error=row.last_error,
        active=row.active,
        poll_reason=_reason(row.poll_reason),
        rate=_rate(row.rate),
        ttl_s=row.ttl_s,
        last_new_at=row.last_new_at,
        failing_since=row.failing_since,
        validators_broken=row.validators_broken,
        moved=Moved(row.moved_to, row.moved_since, row.moved_times) if row.moved_to else None,
        hub=row.hub,
        topic=row.topic,
        parts=tuple(Part(url, Validators(etag, date), body_hash) for url, etag, date, body_hash in row.parts or ()),
    )


def _reason(saved: str | None) -> PollReason | None:
    return PollReason(saved) if saved else None


def _rate(saved: dict[str, Any] | None) -> RateEstimate | None:
    return RateEstimate.from_json(saved) if saved else None
