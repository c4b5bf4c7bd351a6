"""The reactor the fetching tests use."""

from __future__ import annotations

from tests.crawler.fetching.conftest import reactor

__all__ = ["reactor"]
