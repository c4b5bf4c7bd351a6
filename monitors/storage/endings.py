"""Sources that end: the server says that one is gone for good, and those who follow its outlet are told."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, exists, select

from monitors.alerts import DeliveryKind, NewDelivery
from monitors.storage.deliveries import enqueue
from monitors.storage.followers import followers_of
from monitors.storage.tables import outlets, sources


def tell_gone(connection: Connection, source_id: int, *, now: datetime) -> int:
    """Enqueues a notice for each follower of the source's outlet; how many. Part of the poll's transaction.

    It is `{"notice": "source_gone", "outlet": name, "outlet_id": id, "source": address}`. Not if it was the outlet's
    last source: then the whole outlet is broken, which its health tells.
    """
    gone = connection.execute(
        select(sources.c.outlet_id, sources.c.url, outlets.c.name)
        .join(outlets, sources.c.outlet_id == outlets.c.id)
        .where(sources.c.id == source_id)
    ).one()
    if not connection.scalar(select(exists().where(sources.c.outlet_id == gone.outlet_id, sources.c.active))):
        return 0
    payload = {"notice": "source_gone", "outlet": gone.name, "outlet_id": gone.outlet_id, "source": gone.url}
    told = followers_of(connection, gone.outlet_id)
    for chat_id in told:
        enqueue(connection, NewDelivery(chat_id, DeliveryKind.NOTICE, payload), now=now)
    return len(told)
