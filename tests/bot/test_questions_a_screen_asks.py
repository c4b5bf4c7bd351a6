"""How many statements a screen takes: no more of them when there is more to show."""

from __future__ import annotations

from sqlalchemy import Connection, event, update

from bot.telegram.looking import look_for
from bot.telegram.reacting import Desk, handle
from bot.updates import Person, Place, Pressed, Said
from bot.visits import Right
from monitors.outlets import NewOutlet, NewSource, SourceKind
from monitors.settings import Settings, TelegramSettings
from monitors.storage.engine import Database
from monitors.storage.inbox import store_updates
from monitors.storage.outlets import add_outlet
from monitors.storage.people import allow
from monitors.storage.shares import share
from monitors.storage.subscriptions import mute, subscribe
from monitors.storage.tables import chats
from monitors.storage.watches import add_watch
from monitors.storage.watchlists import create_watchlist
from monitors.subscriptions import Mute, MuteKind
from tests.rows import NOW, a_telegram_chat

SARA = 7
MOST = 22
"""Of them some ten are about the visit itself: the chat, the update, the answer."""
SETTINGS = Settings(telegram=TelegramSettings(admins=(SARA,)))


def a_life(connection: Connection, first: int, last: int) -> None:
    """So many of everything that screens show lists of."""
    sara = a_telegram_chat(connection, SARA)
    for number in range(first, last):
        outlet, _ = add_outlet(
            connection,
            NewOutlet(f"Outlet {number}", f"https://{number}.example/"),
            [NewSource(f"https://{number}.example/feed", SourceKind.FEED)],
            now=NOW,
        )
        subscribe(connection, sara.id, outlet_id=outlet.id, now=NOW)
        mute(connection, Mute(sara.id, MuteKind.OUTLET, outlet.id, None), now=NOW)
        mine = create_watchlist(connection, sara.id, f"List {number}", now=NOW, most=None)
        add_watch(connection, sara.id, f"word{number}", watchlist=mine.name, now=NOW)
        group = a_telegram_chat(connection, -500 - number)
        connection.execute(update(chats).where(chats.c.id == group.id).values(keeper_id=sara.id))
        subscribe(connection, group.id, watchlist_id=1, now=NOW)
        other = a_telegram_chat(connection, 500 + number)
        theirs = create_watchlist(connection, other.id, "Theirs", now=NOW)
        share(connection, theirs.id, now=NOW)
        subscribe(connection, sara.id, watchlist_id=theirs.id, owned=False, now=NOW)
        allow(connection, 500 + number, by_id=SARA, now=NOW)


def statements(database: Database, did: str, update_id: int) -> int:
    place = Place(SARA, 0, True, "Sara", "private")
    person = Person(SARA, "en", name="Sara")
    pressed = Pressed(place, person, "1", f"v1:{did}", update_id, "", None)
    done = Said(place, person, did, 1) if did.startswith("/") else pressed
    asked: list[str] = []

    def count(_: object, __: object, statement: str, *___: object) -> None:
        asked.append(statement)

    with database.engine.begin() as connection:
        store_updates(connection, [{"update_id": update_id}], now=NOW)
        look = look_for(connection, done, None, SETTINGS, "rasid_bot", NOW)
        desk = Desk(SETTINGS, "rasid_bot", Right.YES, NOW, seen=None if look is None else look[0](connection))
    event.listen(database.engine, "after_cursor_execute", count)
    try:
        answer = database.write_now(handle, update_id, done, desk)
    finally:
        event.remove(database.engine, "after_cursor_execute", count)
    assert answer.messages, f"{did} shows something"
    return len(asked)


SCREENS = (
    "/outlets", "/watches", "/subscriptions", "/status", "/users", "/places", "/mute", "/saved", "/settings", "/stats",
    "/times", "/catalogue", "/operate", "wls:0", "to:1", "lo:1:0", "lims:1",
)  # fmt: skip
"""Commands, and what buttons carry."""


def test_a_screen_asks_no_more_questions_when_there_is_more_to_show(sqlite_database: Database) -> None:
    with sqlite_database.engine.begin() as connection:
        a_life(connection, 0, 2)
    of_few = {did: statements(sqlite_database, did, number) for number, did in enumerate(SCREENS, 1)}
    with sqlite_database.engine.begin() as connection:
        a_life(connection, 2, 9)
    assert {did: statements(sqlite_database, did, 100 + number) for number, did in enumerate(SCREENS, 1)} == of_few
    assert max(of_few.values()) <= MOST
