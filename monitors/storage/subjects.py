"""What a delivery is about, read at the moment it is sent: rows are the truth, and words are made of them late."""

from __future__ import annotations

from sqlalchemy import Connection

from monitors.alerts import Alert, Delivery
from monitors.requests import CrawlView, Discovery
from monitors.storage.alerts import get_alert
from monitors.storage.crawls import view_crawl
from monitors.storage.discoveries import get_discovery

Subject = Alert | CrawlView | Discovery | None


def subject_of(connection: Connection, delivery: Delivery) -> Subject:
    """An alert, or the request that the payload names: `{"crawl": id}`, `{"discovery": id}`; None for other words.

    Raises `LookupError` for a subject whose row is gone.
    """
    if delivery.alert_id is not None:
        return get_alert(connection, delivery.alert_id)
    found: CrawlView | Discovery | None
    match delivery.payload:
        case {"crawl": int(crawl_id)}:
            found = view_crawl(connection, crawl_id, delivery.chat.id)
        case {"discovery": int(discovery_id)}:
            found = get_discovery(connection, discovery_id)
        case _:
            return None
    if found is None:
        raise LookupError(f"delivery {delivery.id} is about a row that is gone")
    return found
