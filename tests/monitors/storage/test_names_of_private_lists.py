"""What watchlists are called, and which words are in them, is told to nobody in the groups where their owners have them
told."""

from __future__ import annotations

from sqlalchemy import Connection

from monitors.accounts import account_of
from monitors.alerts import Cause, Judgement, Match, Verdict
from monitors.storage.alerts import get_alert
from monitors.storage.articles import save
from monitors.storage.decisions import record_decision
from monitors.storage.engine import Database
from monitors.storage.mentions import lists_told
from monitors.storage.muting import muted_in
from monitors.storage.subscriptions import mute, subscribe
from monitors.storage.taking import list_taken
from monitors.storage.watches import add_watch
from monitors.subscriptions import Mute, MuteKind
from monitors.watchlists import DEFAULT_WATCHLIST, SHARED_NAME, UNTOLD_NAME
from tests.rows import NOW, a_new_article, a_telegram_chat, an_outlet


def test_only_its_owner_and_those_it_is_shared_with_read_a_lists_name(database: Database) -> None:
    def names(connection: Connection) -> dict[str, set[str]]:
        sara, group, friend = (a_telegram_chat(connection, number) for number in (7, -500, 8))
        watch, _ = add_watch(connection, sara.id, "oil", now=NOW, watchlist="Rivals")
        subscribe(connection, group.id, watchlist_id=watch.watchlist_id, now=NOW)
        subscribe(connection, friend.id, watchlist_id=watch.watchlist_id, owned=False, now=NOW)
        add_watch(connection, group.id, "gas", now=NOW, watchlist="Ours")
        unnamed, _ = add_watch(connection, sara.id, "wheat", now=NOW)
        subscribe(connection, friend.id, watchlist_id=unnamed.watchlist_id, owned=False, now=NOW)
        (article,) = save(connection, [a_new_article(an_outlet(connection)[0])], now=NOW)
        found = {}
        judged = [Judgement(chat.id, Verdict.NOW, Cause.TAKEN) for chat in (sara, group, friend)]
        told = record_decision(connection, article, [Match(watch.id, {"title": ((0, 1),)})], judged, now=NOW)
        for name, chat, alert in zip(("sara", "group", "friend"), (sara, group, friend), told, strict=True):
            found[f"{name}: alert"] = {met.watchlist for met in get_alert(connection, alert).watches}
            found[f"{name}: statistics"] = {name for _, name in lists_told(connection, chat.id)}
            found[f"{name}: rules"] = {taken.name for taken in list_taken(connection, chat.id)}
        return found

    assert database.write_now(names) == {
        "sara: alert": {"Rivals"},
        "sara: statistics": {"Rivals", DEFAULT_WATCHLIST},
        "sara: rules": {"Rivals", DEFAULT_WATCHLIST},
        "group: alert": {UNTOLD_NAME},
        "group: statistics": {UNTOLD_NAME, "Ours"},
        "group: rules": {UNTOLD_NAME, "Ours"},
        "friend: alert": {"Rivals"},
        "friend: statistics": {"Rivals", SHARED_NAME},
        "friend: rules": {"Rivals", SHARED_NAME},
    }


def test_of_a_private_watch_a_group_reads_the_words_that_were_met_and_no_others(database: Database) -> None:
    def queries(connection: Connection) -> dict[str, list[str | None]]:
        sara, group, friend = (a_telegram_chat(connection, number) for number in (7, -500, 8))
        watch, _ = add_watch(connection, sara.id, "oil OR Rival", now=NOW)
        subscribe(connection, group.id, watchlist_id=watch.watchlist_id, now=NOW)
        subscribe(connection, friend.id, watchlist_id=watch.watchlist_id, owned=False, now=NOW)
        new = a_new_article(an_outlet(connection)[0], title="Oil", text="Oil and oil", summary="")
        (article,) = save(connection, [new], now=NOW)
        chats = (sara, group, friend)
        judged = [Judgement(chat.id, Verdict.NOW, Cause.TAKEN) for chat in chats]
        places = {"title": ((0, 3),), "text": ((0, 3), (8, 11))}
        told = record_decision(connection, article, [Match(watch.id, places)], judged, now=NOW)
        found = {}
        for name, chat, alert in zip(("sara", "group", "friend"), chats, told, strict=True):
            mute(connection, Mute(chat.id, MuteKind.WATCH, watch.id, None), now=NOW)
            found[name] = [
                *(met.query for met in get_alert(connection, alert).watches),
                *(fate.watch.query for fate in account_of(connection, str(article), chat.address).fates),
                *(muted.name for muted in muted_in(connection, chat.id, now=NOW)),
            ]
        return found

    assert database.write_now(queries) == {
        "sara": ["oil OR Rival"] * 3,
        "group": ["Oil · oil", "Oil · oil", UNTOLD_NAME],
        "friend": ["oil OR Rival"] * 3,
    }
