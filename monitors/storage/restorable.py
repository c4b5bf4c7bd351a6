"""What of an account file a chat can have again here, found out by reading alone: it may take seconds.

Watchlists and outlets are known by their names and home pages, articles by their addresses, so a file of another Rasid
brings as much as this one knows; and the same file twice brings nothing the second time.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection, select

from monitors.account_files import AccountFile, KeptList, KeptMute, KeptSubscription
from monitors.storage.chats import get_chat, zone_of
from monitors.storage.followers import followed_by
from monitors.storage.list_names import is_unused
from monitors.storage.outlets import list_outlets
from monitors.storage.portions import portions
from monitors.storage.shares import lists_behind
from monitors.storage.subscriptions import mutes_of, subscriptions_of
from monitors.storage.tables import articles, saved_articles
from monitors.storage.traces import articles_at
from monitors.storage.watches import Admitted, admit
from monitors.storage.watchlists import watchlists_of
from monitors.subscriptions import MOST_TAKEN, MuteKind
from monitors.watchlists import DEFAULT_WATCHLIST


class Lost(StrEnum):
    """What stands in an account file and is not had again."""

    WITHOUT_ROOM = "without room"  # watches
    OUTLET = "outlet"  # nobody follows it here
    ARTICLE = "article"  # it is not in this archive
    MUTE = "mute"  # what was muted is not known here
    LINK = "link"  # others' watchlists whose link leads nowhere
    TAKEN_WITHOUT_ROOM = "taken without room"  # others' watchlists, of which a chat may take so many
    PLACE = "place"  # Telegram says who administers it when that is set up, and not to a file
    HISTORY = "history"  # what was told and searched is no wish


@dataclass(frozen=True, slots=True)
class LackingList:
    """A watchlist that the chat lacks. `outlets` are those of its outlets that are followed here, None for all: also of
    one that is `astray`, as nobody follows any of its outlets here."""

    kept: KeptList
    outlets: tuple[int, ...] | None
    astray: bool


@dataclass(frozen=True, slots=True)
class Restorable:
    """What the chat lacks of an account file. Settings are taken over (`settings`: some would change) by a chat that
    has used no watchlist yet; a main list that is unused takes on what the file says of it. Outlets, watchlists of
    others, articles and what is muted have their numbers; a muted watch that is yet to be added has none. `lost` names
    what cannot be had again (home pages, addresses, names), of each sort.
    """

    file: AccountFile
    settings: bool
    lists: Sequence[LackingList]
    watches: Admitted
    follows: Sequence[int]
    whole: Sequence[tuple[int, KeptSubscription]]
    taken: Sequence[tuple[int, KeptSubscription]]
    saved: Mapping[int, datetime | None]
    muted: Sequence[tuple[KeptMute, int | None]]
    lost: Mapping[Lost, Sequence[str]]

    @property
    def astray(self) -> list[str]:
        """The names of lists that looked only at outlets which nobody follows here."""
        return [one.kept.name for one in self.lists if one.astray]

    @property
    def anything(self) -> bool:
        return self.settings or any(
            (
                self.lists,
                self.watches.new,
                self.follows,
                self.whole,
                self.taken,
                self.saved,
                self.muted,
            )
        )


def restorable(
    connection: Connection,
    chat_id: int,
    file: AccountFile,
    *,
    now: datetime,
    most: int | None,
    most_lists: int | None,
) -> Restorable:
    """As much of it as there is room for, in a chat that may have so many watches and lists. A chat of number 0 has
    nothing yet."""
    lost: dict[Lost, list[str]] = {sort: [] for sort in Lost}
    by_home = {outlet.homepage: outlet.id for outlet in list_outlets(connection)}
    own = watchlists_of(connection, chat_id)
    unused = {one.name for one in own if one.name == DEFAULT_WATCHLIST and is_unused(connection, one)}
    there = {one.name for one in own} - {one.name for one in file.lists if one.name in unused and not one.as_begun}
    room = None if most_lists is None else max(most_lists - len(there), 0)
    lacking = list({one.name: one for one in reversed(file.lists) if one.name not in there}.values())[::-1]
    lists = [_lacking(one, by_home) for one in lacking[:room]]
    refused = {one.name for one in lacking} - {one.kept.name for one in lists}
    wanted = [watch for one in file.lists if one.name not in refused for watch in one.watches]
    admitted = admit(connection, chat_id, wanted, most=most, most_lists=None)
    lost[Lost.WITHOUT_ROOM] += [refusal.watch.query for refusal in admitted.without_room]
    lost[Lost.WITHOUT_ROOM] += [watch.query for one in file.lists if one.name in refused for watch in one.watches]
    limiting = [home for one in lists for home in one.kept.outlets or ()]
    homes = dict.fromkeys((*file.follows, *(one.what for one in file.whole), *limiting))
    lost[Lost.OUTLET] += [home for home in homes if home not in by_home]
    lost[Lost.PLACE] += file.places
    lost[Lost.HISTORY] += [""] if file.history else []
    found = articles_at(connection, [*(address for address, _ in file.saved), *_stories(file.muted)])
    followed = followed_by(connection, chat_id)
    return Restorable(
        file=file,
        settings=not {one.name for one in own} - unused and _would_set(connection, chat_id, file),
        lists=lists,
        watches=admitted,
        follows=[by_home[home] for home in file.follows if home in by_home and by_home[home] not in followed],
        whole=_whole(connection, chat_id, file, by_home),
        taken=_taken(connection, chat_id, file, lost),
        saved=_saved(connection, chat_id, file, found, lost),
        muted=_muted(connection, chat_id, file, by_home, found, admitted, lost, now=now),
        lost=lost,
    )


def _lacking(kept: KeptList, by_home: Mapping[str, int]) -> LackingList:
    if kept.outlets is None:
        return LackingList(kept, None, astray=False)
    known = tuple(by_home[home] for home in kept.outlets if home in by_home)
    return LackingList(kept, known or None, astray=not known)


def _would_set(connection: Connection, chat_id: int, file: AccountFile) -> bool:
    chat = get_chat(connection, chat_id)
    zone = file.time_zone is not None and zone_of(connection, chat_id) is None
    other = bool(file.language) and (chat is None or chat.language != file.language)
    return zone or other or not file.previews


def _whole(
    connection: Connection, chat_id: int, file: AccountFile, by_home: Mapping[str, int]
) -> list[tuple[int, KeptSubscription]]:
    taken = {one.outlet_id for one in subscriptions_of(connection, chat_id)}
    wanted = {by_home[one.what]: one for one in reversed(file.whole) if one.what in by_home}
    return [(outlet_id, one) for outlet_id, one in reversed(wanted.items()) if outlet_id not in taken]


def _taken(
    connection: Connection, chat_id: int, file: AccountFile, lost: Mapping[Lost, list[str]]
) -> list[tuple[int, KeptSubscription]]:
    """Watchlists of others whose link still leads there."""
    there = subscriptions_of(connection, chat_id)
    room = MOST_TAKEN - sum(not one.owned for one in there)
    held = {one.watchlist_id for one in there}
    shared = lists_behind(connection, [one.what for one in file.taken])
    new: dict[int, KeptSubscription] = {}
    for one in file.taken:
        watchlist = shared.get(one.what)
        if watchlist is None:
            lost[Lost.LINK].append(one.name)
        elif watchlist.chat_id == chat_id or watchlist.id in held or watchlist.id in new:
            continue
        elif len(new) >= room:
            lost[Lost.TAKEN_WITHOUT_ROOM].append(one.name)
        else:
            new[watchlist.id] = one
    return list(new.items())


def _saved(
    connection: Connection,
    chat_id: int,
    file: AccountFile,
    found: Mapping[str, Sequence[int]],
    lost: Mapping[Lost, list[str]],
) -> dict[int, datetime | None]:
    there = set(connection.scalars(select(saved_articles.c.article_id).where(saved_articles.c.chat_id == chat_id)))
    saved: dict[int, datetime | None] = {}
    for address, at in file.saved:
        if not (ids := found[address]):
            lost[Lost.ARTICLE].append(address)
        elif ids[-1] not in there:
            saved.setdefault(ids[-1], at)
    return saved


def _muted(
    connection: Connection,
    chat_id: int,
    file: AccountFile,
    by_home: Mapping[str, int],
    found: Mapping[str, Sequence[int]],
    admitted: Admitted,
    lost: Mapping[Lost, list[str]],
    *,
    now: datetime,
) -> list[tuple[KeptMute, int | None]]:
    held = {(watch.watchlist, watch.query): watch.id for watch in admitted.before}
    coming = {(watch.watchlist, watch.query) for watch in admitted.new}
    stories = _stories_of(connection, [found[address][0] for address in _stories(file.muted) if found[address]])
    there = {(one.kind, one.target_id) for one in mutes_of(connection, [chat_id], now=now)}
    muted: dict[object, tuple[KeptMute, int | None]] = {}
    for one in file.muted:
        if one.until is not None and one.until <= now:
            continue
        target, known = None, one.kind is MuteKind.EVERYTHING
        match one.kind:
            case MuteKind.OUTLET:
                target = by_home.get(one.name)
            case MuteKind.STORY if found.get(one.name):
                target = stories.get(found[one.name][0])
            case MuteKind.WATCH:
                target, known = held.get((one.watchlist, one.name)), (one.watchlist, one.name) in coming
        if target is None and not known:
            lost[Lost.MUTE].append(one.name)
        elif (one.kind, target) not in there:
            muted.setdefault(
                (one.kind, target) if target is not None else (one.kind, one.watchlist, one.name), (one, target)
            )
    return list(muted.values())


def _stories(muted: Iterable[KeptMute]) -> list[str]:
    """The addresses by which stories are named."""
    return [one.name for one in muted if one.kind is MuteKind.STORY and one.name]


def _stories_of(connection: Connection, article_ids: Sequence[int]) -> dict[int, int]:
    found: dict[int, int] = {}
    for ids in portions(article_ids):
        told = select(articles.c.id, articles.c.story_id).where(
            articles.c.id.in_(ids), articles.c.story_id.is_not(None)
        )
        found |= {row.id: row.story_id for row in connection.execute(told)}
    return found
