"""One row of a list of outlets → what following it would follow: the very source it names, asked for once."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from crawler.discovery.candidates import Parser, Trial
from crawler.discovery.catalogued import with_entry
from crawler.discovery.discovering import discover
from crawler.discovery.found import Discovery
from crawler.discovery.judging import judge
from crawler.discovery.naming import home_of, outlet_of
from crawler.discovery.places import Guess
from crawler.discovery.visits import Visits, Web
from crawler.identity import canonicalise
from monitors.errors import OutletError
from monitors.outlet_lists import Row
from monitors.outlets import NewOutlet

REQUESTS = 1 + 2
"""The source, and two documents if it is an index of sitemaps."""


async def look_at_row(row: Row, web: Web, parser: Parser) -> Discovery:
    """The row's source, or those of the home page it gives. Raises `OutletError` for what lists nothing."""
    if row.kind is None:
        found = await discover(row.url, web, parser, with_preview=False)
        return replace(found, outlet=_as_said(found.outlet, row))
    trial = Trial(Visits(web, requests=REQUESTS), parser)
    await trial.all([Guess(row.url, row.kind)])
    if not trial.candidates:
        raise OutletError(trial.failed[0].reason)
    judged = judge(trial.candidates, now=datetime.now(UTC))
    (candidate,) = trial.candidates
    outlet = outlet_of(row.homepage or home_of(candidate.source, candidate.listing), None, [candidate.listing])
    return Discovery(_as_said(with_entry(outlet, None, row.url), row), judged)


def _as_said(outlet: NewOutlet, row: Row) -> NewOutlet:
    """The outlet under the names that the list gives it."""
    return replace(
        outlet,
        name=row.name or outlet.name,
        homepage=canonicalise(row.homepage) if row.homepage else outlet.homepage,
        language=row.language or outlet.language,
        country=row.country or outlet.country,
        time_zone=row.time_zone or outlet.time_zone,
    )
