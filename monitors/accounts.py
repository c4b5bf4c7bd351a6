"""What is known of an article and a chat: how it came in, which watches it met or missed, what became of its alert."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from monitors.alerts import untold_query
from monitors.articles import Article, ArticleState
from monitors.chats import Chat, ChatAddress
from monitors.errors import NotFound
from monitors.outlets import Outlet, Source
from monitors.pauses import Pause, pause_at
from monitors.storage.articles import get_articles
from monitors.storage.chats import find_chat
from monitors.storage.edits import versions_of
from monitors.storage.outlets import sources_of
from monitors.storage.shares import lists_shared_with
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
from monitors.storage.watches import list_watches, watches_of
from monitors.storage.watchlists import watchlists_of
from monitors.watchlists import Watchlist
from monitors.why import WatchFate, fates_of


@dataclass(frozen=True, slots=True)
class Account:
    """All that is known of an address. Without an article, the outlets at its host with their sources.

    `takes`: whether anything at all is told in the chat. `lists` are its watchlists and those that others share with
    it, `limited` those of them that look at other outlets or languages; `outlet_pause` kept all news of the outlet,
    which the chat takes, from being told.
    """

    asked: str
    address: ChatAddress
    chat: Chat | None
    article: Article | None = None
    decision: Decision | None = None
    fates: Sequence[WatchFate] = ()
    way: Way | None = None
    told: int = 0
    others: Sequence[Article] = ()
    takes: bool = False
    lists: Sequence[Watchlist] = ()
    limited: Sequence[Watchlist] = ()
    outlet_pause: Pause | None = None
    outlets: Sequence[tuple[Outlet, Sequence[Source]]] = ()


def account_of(connection: Connection, asked: str, address: ChatAddress) -> Account:
    """Raises NotFound for a number that is not known. In a chat that is not known nothing is watched."""
    chat = find_chat(connection, address)
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
    told = told_chats(connection, article.id)
    account = Account(asked, address, chat, article, decision, told=told, others=others)
    return account if chat is None else _judged(connection, account, chat, article, decision)


def _judged(connection: Connection, account: Account, chat: Chat, article: Article, decision: Decision) -> Account:
    """With what the chat's watches, and those that others share with it, made of the article."""
    taken = subscriptions_of(connection, chat.id)
    shared = lists_shared_with(connection, chat.id)
    own = watchlists_of(connection, chat.id)
    limited = [one for one in (*own, *shared) if not _looks_at(one, article)]
    fates = fates_of(
        article,
        versions_of(connection, article.id) if article.version > 1 else (),
        [*list_watches(connection, chat.id), *watches_of(connection, [one.id for one in shared])],
        recorded_matches(connection, article.id, chat.id),
        decided_at=decision.decided_at,
        owed=decision.owed,
        elsewhere={one.id for one in limited},
        taken={one.watchlist_id: one.pauses for one in taken if one.watchlist_id is not None},
    )
    decided = article.state is ArticleState.DECIDED
    whole = next((one for one in taken if one.outlet_id == article.outlet_id), None)
    private = {one.watchlist_id for one in taken if one.owned} - {one.id for one in own}
    return replace(
        account,
        fates=[_as_told(each) if each.watch.watchlist_id in private else each for each in fates],
        way=way_of(connection, article, chat.id),
        takes=bool(taken),
        lists=(*own, *shared),
        limited=limited,
        outlet_pause=pause_at(whole.pauses, decision.decided_at) if whole is not None and decided else None,
    )


def _looks_at(watchlist: Watchlist, article: Article) -> bool:
    return is_of(watchlist.outlets, article.outlet_id) and is_in(watchlist.languages, article.language)


def _as_told(each: WatchFate) -> WatchFate:
    """What a chat reads of a watch of somebody's private list."""
    return replace(each, watch=replace(each.watch, query=untold_query(each.words)), reason=None, reworded=False)
