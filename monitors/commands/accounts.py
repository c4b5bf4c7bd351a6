"""What is known of an article and a chat, for `rasid explain`: read from rows, and as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import Connection

from monitors.articles import Article
from monitors.chats import CONSOLE, Chat, ChatAddress
from monitors.errors import NotFound
from monitors.outlets import Outlet, Source
from monitors.storage.articles import get_articles
from monitors.storage.chats import find_chat
from monitors.storage.edits import versions_of
from monitors.storage.outlets import sources_of
from monitors.storage.traces import (
    Decision,
    Way,
    decision_on,
    find_articles,
    outlets_at,
    recorded_matches,
    told_chats,
    way_of,
)
from monitors.storage.watchlists import list_watches
from monitors.why import Fate, WatchFate, fates_of


@dataclass(frozen=True, slots=True)
class Account:
    """All that is known of an address. Without an article, the outlets at its host with their sources."""

    asked: str
    address: ChatAddress
    chat: Chat | None
    article: Article | None = None
    decision: Decision | None = None
    fates: Sequence[WatchFate] = ()
    way: Way | None = None
    told: int = 0
    others: Sequence[Article] = ()
    outlets: Sequence[tuple[Outlet, Sequence[Source]]] = ()


def account_of(connection: Connection, asked: str, address: ChatAddress) -> Account:
    """Raises NotFound for a chat or a number that is not known."""
    chat = find_chat(connection, address)
    if chat is None and address != CONSOLE:
        raise NotFound(f"There is no chat {address.chat_id}.", hint="Give the id Telegram has for it.")
    if asked.isdecimal():
        found = get_articles(connection, [int(asked)]) if len(asked) < 19 else []
        if not found:
            raise NotFound(f"There is no article {asked}.", hint="Give its address, or the number search shows.")
    else:
        found = find_articles(connection, asked)
    if not found:
        outlets = [(outlet, sources_of(connection, outlet.id)) for outlet in outlets_at(connection, asked)]
        return Account(asked, address, chat, outlets=outlets)
    article, *others = found
    decision = decision_on(connection, article)
    fates: Sequence[WatchFate] = ()
    if chat is not None:
        fates = fates_of(
            article,
            versions_of(connection, article.id) if article.version > 1 else (),
            list_watches(connection, chat.id),
            recorded_matches(connection, article.id, chat.id),
            decided_at=decision.decided_at,
            owed=decision.owed,
        )
    way = way_of(connection, article, chat.id, story_id=decision.story_id) if chat is not None else None
    told = told_chats(connection, article.id)
    return Account(asked, address, chat, article, decision, fates, way, told, others)


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
        "met_now": each.reason.held if each.reason is not None else None,
        "distance": each.distance if each.fate is Fate.MISSED else None,
        "reasons": each.reason.lines() if each.reason is not None else [],
    }


def _source_as_json(source: Source) -> dict[str, Any]:
    names = ("kind", "url", "active", "last_polled_at", "next_poll_at", "failures", "failing_since", "last_error")
    return {name: getattr(source, name) for name in names}
