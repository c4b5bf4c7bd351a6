"""Sources whose visits fail, for operators."""

from __future__ import annotations

from sqlalchemy import Connection, and_, func, or_, select

from monitors.outlets import Outlet, OutletState, PollReason, Source
from monitors.storage.outlets import outlet_of, source_of
from monitors.storage.tables import outlets, sources

_FAILING = and_(
    outlets.c.state == OutletState.ACTIVE,
    or_(and_(sources.c.active, sources.c.failures > 0), sources.c.poll_reason == PollReason.GONE),
)


def failing_sources(connection: Connection) -> list[tuple[Outlet, Source]]:
    """Those of active outlets whose last poll failed, those that have failed for longest first, and then those that are
    gone for good."""
    failing = connection.execute(
        select(sources)
        .join(outlets, sources.c.outlet_id == outlets.c.id)
        .where(_FAILING)
        .order_by(sources.c.active.desc(), sources.c.failing_since, sources.c.id)
    ).all()
    named = connection.execute(select(outlets).where(outlets.c.id.in_({row.outlet_id for row in failing})))
    by_id = {row.id: outlet_of(row) for row in named}
    return [(by_id[row.outlet_id], source_of(row)) for row in failing]


def count_failing(connection: Connection) -> int:
    counted = select(func.count()).select_from(sources.join(outlets, sources.c.outlet_id == outlets.c.id))
    return connection.scalar(counted.where(_FAILING)) or 0
