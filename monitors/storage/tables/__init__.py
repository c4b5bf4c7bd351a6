"""The tables, a file for each subject.

Times are UTC (`UtcTime` refuses naive ones). Large texts live in `articles` only. Partial indexes: `indexes.py`.
"""

from __future__ import annotations

from monitors.storage.tables.admitting import invitations, own_limits, people
from monitors.storage.tables.archive import (
    articles,
    fingerprints,
    gists,
    outlines,
    owed,
    page_copies,
    retellings,
    stories,
    story_runs,
    versions,
)
from monitors.storage.tables.asking import crawl_requests, discoveries
from monitors.storage.tables.chatting import chats, dialogs, inbox, saved_articles, searches
from monitors.storage.tables.collecting import catalogue, followers, hub_subscriptions, outlets, sources
from monitors.storage.tables.columns import Id, Json, UtcTime, metadata
from monitors.storage.tables.named_values import marks, revisions
from monitors.storage.tables.telling import alerts, broadcasts, deliveries
from monitors.storage.tables.watching import matches, mutes, shares, subscriptions, watches, watchlists

__all__ = [
    "Id",
    "Json",
    "UtcTime",
    "alerts",
    "articles",
    "broadcasts",
    "catalogue",
    "chats",
    "crawl_requests",
    "deliveries",
    "dialogs",
    "discoveries",
    "fingerprints",
    "followers",
    "gists",
    "hub_subscriptions",
    "inbox",
    "invitations",
    "marks",
    "matches",
    "metadata",
    "mutes",
    "outlets",
    "outlines",
    "owed",
    "own_limits",
    "page_copies",
    "people",
    "retellings",
    "revisions",
    "saved_articles",
    "searches",
    "shares",
    "sources",
    "stories",
    "story_runs",
    "subscriptions",
    "versions",
    "watches",
    "watchlists",
]
