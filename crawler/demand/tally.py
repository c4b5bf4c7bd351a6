"""How far a crawl is: counted while it runs, written down now and then."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from crawler.polling import Progress
from monitors.storage.crawls import record_progress
from monitors.storage.engine import Connection


@dataclass(slots=True)
class Tally(Progress):
    """Counts of one crawl; `changed` since they were last written down. What is new, the articles themselves say."""

    crawl_id: int
    entries: int = 0
    failures: int = 0
    changed: bool = False

    def found(self, entries: int, new: int) -> None:
        self.entries += entries
        self.changed = True

    def saved(self, article_ids: Sequence[int]) -> None:
        self.changed = True

    def failed(self, url: str) -> None:
        self.failures += 1
        self.changed = True

    def write(self, connection: Connection, *, now: datetime) -> None:
        """Puts the counts on the crawl's row."""
        record_progress(connection, self.crawl_id, found=self.entries, failed=self.failures, now=now)
