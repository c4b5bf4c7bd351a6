"""What came of a poll, for whoever asked for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


class Progress:
    """Whoever wants to see a poll happen overrides these."""

    def found(self, entries: int, new: int) -> None:
        """The document has been read."""

    def saved(self, article_ids: Sequence[int]) -> None:
        """These articles are in the database."""

    def failed(self, url: str) -> None:
        """This page could not be read; the entry's own text serves."""


@dataclass(frozen=True, slots=True)
class Counts:
    """What one poll came to: entries listed, articles new among them and edited, pages or polls that failed."""

    found: int = 0
    new: int = 0
    failed: int = 0
    edited: int = 0


@dataclass(frozen=True, slots=True)
class PollReport:
    """`error` is in words; None when the poll worked. `silent` says that it only recorded what was there."""

    counts: Counts
    error: str | None = None
    silent: bool = False
