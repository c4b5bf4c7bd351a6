"""A list of outlets → followed outlets, one transaction each: a crash half-way leaves what is saved, and running the
import again repeats nothing.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from crawler.discovery import look_at_row
from crawler.following import already_following, follow_from_loop
from crawler.identity import canonicalise
from crawler.opml.outlines import BadRow, OutletList
from crawler.parsing.pool import ParsingPool
from crawler.scheduling import Pace
from crawler.web.fetching import Fetcher
from monitors.errors import RasidError, StorageError
from monitors.outlet_lists import Row
from monitors.outlets import Outlet
from monitors.storage.engine import Connection, Database
from monitors.storage.outlets import list_outlets, sources_of_all

AT_ONCE = 8
"""Rows under way; each host is asked at its own pace all the same."""


class Fate(StrEnum):
    FOLLOWED = "followed"
    KNOWN = "known"  # followed before
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Plan:
    """What an import will do. `known` are followed already, `bad` cannot be."""

    rows: tuple[Row, ...]
    known: tuple[Row, ...]
    bad: tuple[BadRow, ...]


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of a row; `reason` says why it failed. `outlet` is the one it is followed as."""

    row: Row
    fate: Fate
    outlet: Outlet | None = None
    reason: str | None = None


Claim = Callable[[Connection, Imported], None]


def plan_import(listed: OutletList, followed: Collection[str]) -> Plan:
    """`followed` are addresses as `followed_addresses` gives them."""
    known = [row for row in listed.rows if canonicalise(row.url) in followed]
    return Plan(tuple(row for row in listed.rows if row not in known), tuple(known), listed.bad)


def followed_addresses(connection: Connection) -> frozenset[str]:
    """The sources and home pages of all followed outlets, canonical."""
    outlets = list_outlets(connection)
    by_outlet = sources_of_all(connection, [outlet.id for outlet in outlets])
    sources = [source.url for every in by_outlet.values() for source in every]
    return frozenset(map(canonicalise, [*sources, *(outlet.homepage for outlet in outlets)]))


async def follow_rows(
    rows: Sequence[Row],
    database: Database,
    fetcher: Fetcher,
    pool: ParsingPool,
    *,
    pace: Pace,
    tell: Callable[[Imported], None] = lambda imported: None,
    claim: Claim = lambda connection, imported: None,
) -> list[Imported]:
    """Looks at each row and follows it, several outlets at once; `tell` hears of each as soon as it is saved, and
    `claim` says in the same transaction whose the outlet is.

    Rows of one outlet are taken in their order, for the first names it. Whatever the web does to a row is its fate;
    only storage errors are raised. The fates are in the order of the rows.
    """
    places = asyncio.Semaphore(AT_ONCE)
    fates: dict[Row, Imported] = {}

    async def take(of_one_outlet: Sequence[Row]) -> None:
        async with places:
            for row in of_one_outlet:
                fates[row] = await _follow(row, database, fetcher, pool, pace, claim)
                tell(fates[row])

    await asyncio.gather(*map(take, _by_outlet(rows)))
    return [fates[row] for row in rows]


def _by_outlet(rows: Sequence[Row]) -> Collection[Sequence[Row]]:
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(canonicalise(row.homepage or row.url), []).append(row)
    return found.values()


async def _follow(
    row: Row, database: Database, fetcher: Fetcher, pool: ParsingPool, pace: Pace, claim: Claim
) -> Imported:
    def claim_new(connection: Connection, outlet: Outlet) -> None:
        claim(connection, Imported(row, Fate.FOLLOWED, outlet))

    try:
        found = await look_at_row(row, fetcher, pool)
        known = await database.read(already_following, found)
        if known is not None:
            imported = Imported(row, Fate.KNOWN, known)
            await database.write(claim, imported)
            return imported
        outlet = await follow_from_loop(database, found, now=datetime.now(UTC), pace=pace, claim=claim_new)
    except StorageError:
        raise
    except RasidError as error:
        return Imported(row, Fate.FAILED, reason=error.what)
    return Imported(row, Fate.FOLLOWED, outlet)
