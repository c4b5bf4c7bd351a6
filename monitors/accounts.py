"""What is known of an article and a chat: how it came in, which watches it met or missed, what became of its alert."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from monitors.articles import Article
from monitors.chats import CONSOLE, Chat, ChatAddress
from monitors.errors import NotFound
from monitors.outlets import Outlet, Source
from monitors.storage.articles import get_articles
from monitors.storage.chats import find_chat
from monitors.storage.edits import versions_of
from monitors.storage.outlets import sources_of
from monitors.storage.subscriptions import is_in, is_of, subscriptions_of
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
from monitors.storage.watches import list_watches
from monitors.storage.watchlists import watchlists_of
from monitors.why import WatchFate, fates_of


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
            elsewhere=_looking_elsewhere(connection, chat.id, article),
            taken={
                one.watchlist_id: one.pauses
                for one in subscriptions_of(connection, chat.id)
                if one.watchlist_id is not None
            },
        )
    way = way_of(connection, article, chat.id, story_id=decision.story_id) if chat is not None else None
    told = told_chats(connection, article.id)
    return Account(asked, address, chat, article, decision, fates, way, told, others)


def _looking_elsewhere(connection: Connection, chat_id: int, article: Article) -> set[int]:
    """The chat's watchlists that look at other outlets or languages only."""
    return {
        watchlist.id
        for watchlist in watchlists_of(connection, chat_id)
        if not (is_of(watchlist.outlets, article.outlet_id) and is_in(watchlist.languages, article.language))
    }
