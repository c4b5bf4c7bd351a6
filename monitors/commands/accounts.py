"""What `rasid explain` knows, as JSON."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from monitors.accounts import Account
from monitors.outlets import Source
from monitors.why import Fate, WatchFate


def account_as_json(account: Account) -> dict[str, Any]:
    if account.article is None or account.decision is None:
        return {
            "article": None,
            "asked": account.asked,
            "outlets": [
                {"id": outlet.id, "name": outlet.name, "state": outlet.state}
                | {"sources": [_source_as_json(source) for source in sources]}
                for outlet, sources in account.outlets
            ],
        }
    article, decision = account.article, account.decision
    return {
        "article": {
            "id": article.id,
            "url": article.url,
            "canonical_url": article.canonical_url,
            "title": article.title,
            "outlet": article.outlet_name,
            "state": article.state,
            "version": article.version,
            "judged_version": article.judged_version,
            "published_at": article.published_at,
            "first_seen_at": article.first_seen_at,
            "saved_at": decision.saved_at,
            "decided_at": decision.decided_at,
            "owed": decision.owed,
            "source": decision.source and decision.source.url,
        },
        "also": [other.id for other in account.others],
        "chat": account.address.chat_id or None,
        "alert": account.way and asdict(account.way),
        "chats_alerted": account.told,
        "watches": [_fate_as_json(each) for each in account.fates],
    }


def _fate_as_json(each: WatchFate) -> dict[str, Any]:
    return {
        "id": each.watch.id,
        "query": each.watch.query,
        "watchlist": each.watch.watchlist,
        "state": each.watch.state,
        "fate": each.fate,
        "version": each.version,
        "words": each.words,
        "reworded": each.reworded,
        "paused": each.pause and asdict(each.pause),
        "met_now": each.reason.held if each.reason is not None else None,
        "distance": each.distance if each.fate is Fate.MISSED else None,
        "reasons": each.reason.lines() if each.reason is not None else [],
    }


def _source_as_json(source: Source) -> dict[str, Any]:
    names = ("kind", "url", "active", "last_polled_at", "next_poll_at", "failures", "failing_since", "last_error")
    return {name: getattr(source, name) for name in names}
