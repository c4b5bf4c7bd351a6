"""What `rasid watch show` does."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from monitors.chats import Chat
from monitors.cli import show, show_json
from monitors.commands.asking import with_chat
from monitors.commands.watch_lists import as_dict, parsed
from monitors.query.implying import implies
from monitors.query.language.describing import describe
from monitors.query.language.grammar import parse
from monitors.query.language.printing import show as plainly
from monitors.query.plan import plan_of
from monitors.query.rewriting import wanted_leaves
from monitors.query.tree import Form, Query, words_of
from monitors.query.widening import Step, widenings
from monitors.storage.watches import find_watch, history, list_watches
from monitors.text.wide import also_finds
from monitors.watchlists import Watch, WatchHistory


@dataclass(frozen=True, slots=True)
class Relatives:
    """Other watches of the chat beside one: that ask the same, that find all it finds, and that it finds all of."""

    same: Sequence[Watch]
    wider: Sequence[Watch]
    narrower: Sequence[Watch]


def show_one(wanted: str, *, watchlist: str | None, chat: int | None, as_json: bool) -> None:
    def work(connection: Connection, owner: Chat, now: datetime) -> tuple[Watch, WatchHistory, list[Watch]]:
        watch = find_watch(connection, owner.id, wanted, watchlist=watchlist)
        return watch, history(connection, watch.id, now=now), list_watches(connection, owner.id)

    watch, past, held = with_chat(chat, work)
    tree = parse(watch.query)  # what an older Rasid understood and this one does not is said as such
    others = relatives(tree, [other for other in held if other.id != watch.id])
    if as_json:
        show_json(_as_json(watch, tree, past, others))
    else:
        show("\n".join(_lines(watch, tree, past, others)))


def relatives(query: Query, watches: Sequence[Watch]) -> Relatives:
    plan = plan_of(query)
    same, wider, narrower = [], [], []
    for watch in watches:
        if (tree := parsed(watch)) is None:
            continue
        other = plan_of(tree)
        if other == plan:
            same.append(watch)
        elif implies(plan, other):
            wider.append(watch)
        elif implies(other, plan):
            narrower.append(watch)
    return Relatives(same, wider, narrower)


def _lines(watch: Watch, tree: Query, past: WatchHistory, others: Relatives) -> Iterator[str]:
    """What is English stands first in a line: one that began with Arabic would be turned around as a whole."""
    since = watch.state_since or watch.created_at
    yield _line(f"no. {watch.id}", watch.query)
    yield _line("plainly", plainly(tree))
    yield _line("in words", describe(tree))
    yield _line("watchlist", watch.watchlist)
    yield _line("state", f"{watch.state.value} since {_at(since)}")
    if since != watch.created_at:
        yield _line("added", _at(watch.created_at))
    if past.last_at is None:
        yield _line("matches", "none yet")
    else:
        count = f"{past.lately} in the last 7 days, {past.matches} in all"
        yield _line("matches", f"{count}; the last at {_at(past.last_at)}")
    for word, others_found in also_found(tree).items():
        yield _line("also finds", f"{word}: {'، '.join(others_found)}")
    for spelling in spellings(tree):
        yield _line("also written", spelling)
    for label, watches in (
        ("asks the same", others.same),
        ("finds all of it", others.wider),
        ("finds part of it", others.narrower),
    ):
        for other in watches:
            yield _line(label, f"no. {other.id}: {other.query}")


def also_found(query: Query) -> dict[str, list[str]]:
    """What its wide words find besides themselves, as far as our tables name it; the word as `~وزير`."""
    leaves = (leaf for leaf, _ in wanted_leaves(query))
    wide = dict.fromkeys(word for leaf in leaves for word in words_of(leaf) if word.form is Form.WIDE)
    return {plainly(word): list(found) for word in wide if (found := also_finds(word.text))}


def spellings(query: Query) -> list[str]:
    """Other spellings of its words that it does not find."""
    return [plainly(wider.part) for wider in widenings(query) if wider.step is Step.VARIANT]


def _line(label: str, text: str) -> str:
    return f"{label:<17} {text}"


def _as_json(watch: Watch, tree: Query, past: WatchHistory, others: Relatives) -> dict[str, Any]:
    return {
        **as_dict(watch),
        "plain": plainly(tree),
        "description": describe(tree),
        "matches": past.matches,
        "matches_last_7_days": past.lately,
        "last_match_at": past.last_at,
        "also_finds": also_found(tree),
        "spellings": spellings(tree),
        "same": [other.id for other in others.same],
        "wider": [other.id for other in others.wider],
        "narrower": [other.id for other in others.narrower],
    }


def _at(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"
