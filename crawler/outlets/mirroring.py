"""The catalogue's files, mirrored into the database for whoever searches it there."""

from __future__ import annotations

from crawler.outlets.catalogue import content_hash, load_catalogue
from monitors.storage.catalogue import mirror, mirror_is_current
from monitors.storage.engine import Database


def mirror_catalogue(database: Database) -> bool:
    """Brings the table up to date; whether there was anything to do. A millisecond when there was not."""
    found = content_hash()
    if database.read_now(mirror_is_current, found):
        return False
    database.write_now(mirror, [outlet.entry for outlet in load_catalogue()], content_hash=found)
    return True
