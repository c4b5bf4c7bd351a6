"""Outlets and their sources as rows: who is followed, and how each source stands."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import Connection, Row, func, or_, select, update

from monitors.errors import NotFound, UsageError
from monitors.outlets import (
    Moved,
    NewOutlet,
    NewSource,
    Outlet,
    OutletState,
    Part,
    PollReason,
    Source,
    SourceKind,
    Validators,
)
from monitors.rates import RateEstimate
from monitors.storage.portions import portions
from monitors.storage.tables import articles, outlets, sources
from monitors.storage.upserts import insert
from monitors.text.cleaning import one_line

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
    """The outlet with its sources, new ones due at once. A removed one comes back by its new name, repeating nothing.

    Raises `UsageError` when one of the sources is followed for another outlet.
    """
    _rename_removed(connection, outlet)
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
    saved = outlet_of(connection.execute(select(outlets).where(outlets.c.homepage == outlet.homepage)).one())
    for source in found:
        _add_source(connection, saved, source, now=now)
    _wake(connection, saved.id, now=now)
    return saved, sources_of(connection, saved.id)


def _rename_removed(connection: Connection, outlet: NewOutlet) -> None:
    """Its articles are found by its name, so they are read again."""
    renamed = connection.scalar(
        update(outlets)
        .where(outlets.c.homepage == outlet.homepage, outlets.c.state == OutletState.REMOVED)
        .where(outlets.c.name != outlet.name)
        .values(name=outlet.name)
        .returning(outlets.c.id)
    )
    if renamed is not None:
        connection.execute(update(articles).where(articles.c.outlet_id == renamed).values(words_version=0))


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
    return [outlet_of(row) for row in rows]


def is_followed(connection: Connection, outlet_id: int) -> bool:
    """Whether the outlet is there, paused or not."""
    there = select(outlets.c.id).where(outlets.c.id == outlet_id, outlets.c.state != OutletState.REMOVED)
    return connection.scalar(there) is not None


def names_of(connection: Connection, ids: Collection[int]) -> list[str]:
    """What these outlets are called, also those that are not followed any more."""
    named = select(outlets.c.name).where(outlets.c.id.in_(list(ids))).order_by(func.lower(outlets.c.name))
    return list(connection.scalars(named))


def names_and_hosts_of(connection: Connection, ids: Collection[int]) -> list[list[str]]:
    """Of each of these outlets, also those that are not followed any more, its name and the hosts it is known at."""
    read = sources_of_all(connection, ids)
    return [
        [row.name, *{urlsplit(url).hostname or "" for url in (row.homepage, *(source.url for source in read[row.id]))}]
        for row in connection.execute(select(outlets).where(outlets.c.id.in_(list(ids))))
    ]


def find_outlet(connection: Connection, wanted: str) -> Outlet:
    """The followed outlet of this id, name, home page, or source address.

    Raises `NotFound`, or `UsageError` when the words stand for several.
    """
    wanted = one_line(wanted)
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
        said = "has that address" if "@" in wanted else f"is called “{wanted}”"  # part of it may be a password
        raise NotFound(f"No outlet {said}.", hint="See what is followed with: rasid outlet list")
    if len(exact) > 1:
        numbers = ", ".join(f"{row.id} ({row.homepage})" for row in exact)
        raise UsageError(f"Several outlets are called “{wanted}”.", hint=f"Name one by its number: {numbers}.")
    return outlet_of(exact[0])


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
    return [source_of(row) for row in rows]


def sources_of_all(connection: Connection, outlet_ids: Collection[int]) -> dict[int, list[Source]]:
    """The sources of each of these outlets."""
    found: dict[int, list[Source]] = {outlet_id: [] for outlet_id in outlet_ids}
    for ids in portions(list(found)):
        rows = connection.execute(select(sources).where(sources.c.outlet_id.in_(ids)).order_by(sources.c.id))
        for source in map(source_of, rows):
            found[source.outlet_id].append(source)
    return found


def get_sources(connection: Connection, ids: Collection[int]) -> dict[int, Source]:
    """The sources of these ids, by id, active or not."""
    return {row.id: source_of(row) for row in connection.execute(select(sources).where(sources.c.id.in_(list(ids))))}


def outlet_of(row: Row[Any]) -> Outlet:
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


def source_of(row: Row[Any]) -> Source:
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
        poll_reason=PollReason(row.poll_reason) if row.poll_reason else None,
        rate=RateEstimate.from_json(row.rate) if row.rate else None,
        ttl_s=row.ttl_s,
        last_new_at=row.last_new_at,
        failing_since=row.failing_since,
        validators_broken=row.validators_broken,
        moved=Moved(row.moved_to, row.moved_since, row.moved_times) if row.moved_to else None,
        hub=row.hub,
        topic=row.topic,
        parts=tuple(Part(url, Validators(etag, date), body_hash) for url, etag, date, body_hash in row.parts or ()),
    )
