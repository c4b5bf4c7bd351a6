"""The followed outlets as a list to be written."""

from __future__ import annotations

from sqlalchemy import Connection

from monitors.outlet_lists import Row
from monitors.outlets import Outlet, OutletState, Source
from monitors.storage.outlets import list_outlets, sources_of_all


def rows_of(connection: Connection) -> list[Row]:
    """Every followed outlet's sources; those that are gone (HTTP 410) are left out."""
    followed = list_outlets(connection)
    sources = sources_of_all(connection, [outlet.id for outlet in followed])
    return [
        _row(outlet, source)
        for outlet in followed
        for source in sources[outlet.id]
        if source.active or outlet.state is OutletState.PAUSED
    ]


def _row(outlet: Outlet, source: Source) -> Row:
    return Row(
        url=source.url,
        kind=source.kind,
        name=outlet.name,
        homepage=outlet.homepage,
        language=outlet.language,
        country=outlet.country,
        time_zone=outlet.time_zone,
    )
