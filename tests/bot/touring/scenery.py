"""What stands around the person of the tour, so that every screen has something to show and every button to do.

Everybody else's words are Cyrillic: what is in other letters is the bot's own (language.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection

from monitors.alerts import Cause, Judgement, Match, Verdict
from monitors.catalogue import CatalogueEntry, Leaning
from monitors.chats import Chat, ChatAddress, Transport
from monitors.outlets import Poll, PollReason
from monitors.query.language.grammar import parse
from monitors.requests import Crawl, CrawlState
from monitors.storage import crawls, discoveries
from monitors.storage.articles import get_articles, save
from monitors.storage.catalogue import mirror
from monitors.storage.chats import ensure_chat, keep
from monitors.storage.decisions import record_decision
from monitors.storage.engine import Database
from monitors.storage.followers import add_follower
from monitors.storage.outlets import list_outlets
from monitors.storage.people import allow, block
from monitors.storage.polls import record_poll
from monitors.storage.saved import save_article
from monitors.storage.shares import share
from monitors.storage.subscriptions import subscribe, subscriptions_of
from monitors.storage.watches import add_watch, list_watches
from monitors.storage.watchlists import create_watchlist, limit_watchlist
from tests.bot.touring.instance import Instance
from tests.fakes.telegram_messages import SentMessage
from tests.monitors.query.oracle import evaluate
from tests.rows import a_new_article, an_outlet

PERSON, OTHER, NEWCOMER, OPERATOR = 7, 8, 9, 1
FRIENDS = (11, 12)
SHUT_OUT = 10
GROUP, STRANGE_GROUP, CHANNEL, FORUM = -500, -501, -1001000000009, -1001000000077
CLOSED_TOPIC = 5

OUTLET = "Горизонт"
FOUND = {
    "name": "Маяк",
    "homepage": "https://mayak.example/",
    "language": "ru",
    "country": None,
    "time_zone": None,
    "sources": [
        {"url": "https://mayak.example/feed/", "kind": "feed", "chosen": True, "entries": 20, "covered": 19, "of": 20}
    ],
    "preview": [
        {
            "title": "Порт открыт",
            "url": "https://mayak.example/1",
            "published_at": "2026-03-20T12:00:00+00:00",
            "characters": 1200,
            "language": "ru",
            "note": None,
        }
    ],
    "notes": [],
    "followed_as": None,
}


async def furnish(instance: Instance, language: str) -> str:
    """Lets everything happen that is there before the tour begins; the token of a watchlist that somebody shares."""
    fake = instance.fake
    fake.admins |= {(GROUP, PERSON), (CHANNEL, PERSON), (FORUM, PERSON)}
    fake.chats[GROUP] = {"id": GROUP, "type": "group", "title": "Группа"}
    fake.chats[STRANGE_GROUP] = {"id": STRANGE_GROUP, "type": "group", "title": "Чужие"}
    fake.channel(CHANNEL, "Канал")
    fake.forum(FORUM, "Форум")
    token = instance.database.write_now(rows, language)
    fake.topics[FORUM, CLOSED_TOPIC] = "closed"
    await instance.database.write(tell, ChatAddress(Transport.TELEGRAM, FORUM, CLOSED_TOPIC), 1)
    await instance.tell()
    await instance.database.write(tell, ChatAddress(Transport.TELEGRAM, OPERATOR), 2)  # one to resend, one to give up
    fake.fail("sendMessage", "refuse", times=2, description="Bad Request: message is too long")
    await instance.tell()
    fake.heal()
    for count in (1, 1, 31):  # single ones, and a digest of more than a page
        await instance.database.write(tell, ChatAddress(Transport.TELEGRAM, PERSON), count)
        await instance.tell()
    await instance.database.write(tell, ChatAddress(Transport.TELEGRAM, GROUP), 1)
    await instance.tell()
    return token


def rows(connection: Connection, language: str, friends: Sequence[int] = ()) -> str:
    """All of it that are rows; the token of the watchlist that is shared. `friends` have what the person has alone."""
    now = datetime.now(UTC)

    def chat(chat_id: int, thread_id: int = 0, title: str = "Сара", kind: str = "private") -> Chat:
        address = ChatAddress(Transport.TELEGRAM, chat_id, thread_id)
        return ensure_chat(connection, address, now=now, language=language, title=title, kind=kind)

    outlet, source = an_outlet(connection, OUTLET)
    record_poll(connection, Poll(source.id, now, now, succeeded=False, error="500", reason=PollReason.FAILURES))
    for number in range(11):
        an_outlet(connection, f"Газета {number}")
    entries = [
        CatalogueEntry(
            f"x-{number}", f"Волна {number}", f"Волна {number}", f"https://w{number}.example/", "SY", "ar",
            "Asia/Damascus", leaning=Leaning.STATE,
        )
        for number in range(12)
    ]  # fmt: skip
    mirror(connection, entries, content_hash="of these")
    person, other = chat(PERSON), chat(OTHER)
    for one in (person, *map(chat, friends)):
        for query in ("порт", "нефть OR порт", *(f"город {number}" for number in range(11))):
            add_watch(connection, one.id, query, now=now)
        second = create_watchlist(connection, one.id, "Вторые", now=now)
        limit_watchlist(connection, second, excluding="дождь", outlets=None, languages=None)
        add_watch(connection, one.id, "сахар", now=now, watchlist="Вторые")
        add_follower(connection, outlet.id, one.id, now=now)
    allow(connection, OTHER, by_id=OPERATOR, now=now)
    block(connection, SHUT_OUT, by_id=OPERATOR, now=now)
    group = chat(GROUP, title="Группа", kind="group")
    add_watch(connection, group.id, "порт", now=now)
    add_watch(connection, chat(OPERATOR).id, "порт", now=now)
    topic = chat(FORUM, CLOSED_TOPIC, "Форум", "supergroup")
    keep(connection, topic.id, person.id)
    keep(connection, group.id, person.id)
    mine = subscriptions_of(connection, person.id)[0].watchlist_id
    subscribe(connection, topic.id, watchlist_id=mine, now=now)
    add_watch(connection, other.id, "зерно", now=now)
    (shared,) = {watch.watchlist_id for watch in list_watches(connection, other.id)}
    return share(connection, shared, now=now)


def tell(connection: Connection, address: ChatAddress, count: int) -> None:
    """So many articles met watches of whoever is told there, and are told; the last one is saved."""
    now = datetime.now(UTC)
    outlet = next(one for one in list_outlets(connection) if one.name == OUTLET)
    chat = ensure_chat(connection, address, now=now, language="en")
    (taken, *_) = subscriptions_of(connection, chat.id)
    first = connection.exec_driver_sql("SELECT count(*) FROM articles").scalar_one()
    for number in range(first, first + count):
        new = a_new_article(
            outlet, number + 1, title=f"Новый порт и нефть: {_in_words(number)}", text="Всё о порте",
            first_seen_at=now, published_at=now - timedelta(hours=1),
        )  # fmt: skip
        (article_id,) = save(connection, [new], now=now)
        (saved,) = get_articles(connection, [article_id])
        found = [
            Match(watch.id, spans)
            for watch in list_watches(connection)
            if watch.watchlist_id == taken.watchlist_id
            and (spans := evaluate(parse(watch.query), saved.fields)) is not None
        ]
        judgement = Judgement(chat.id, Verdict.NOW, Cause.TAKEN, taken.id)
        record_decision(connection, article_id, found, [judgement], now=now)
    save_article(connection, chat.id, article_id, now=now)


def _in_words(number: int) -> str:
    """Titles that are not each other's story, with a word of their own."""
    words = ["абвгдежзик"[int(digit)] * 5 for digit in str(number * 7919 + 1)]
    return " ".join((*words, "".join(words)))


async def behind(instance: Instance) -> list[SentMessage]:
    await crawl_on(instance.database)
    return await instance.catch_up()


async def crawl_on(database: Database) -> None:
    """What the crawler would do meanwhile: it looks where it was sent, follows what it was told to, visits."""
    if await database.read(_is_anything_asked):
        await database.write(_crawl_on)


def _is_anything_asked(connection: Connection) -> bool:
    return bool(discoveries.open_discoveries(connection) or _waiting_crawls(connection))


def _waiting_crawls(connection: Connection) -> list[Crawl]:
    return [crawl for crawl in crawls.open_crawls(connection) if crawl.state is CrawlState.WAITING]


def _crawl_on(connection: Connection) -> None:
    now = datetime.now(UTC)
    for look in discoveries.open_discoveries(connection):
        if look.state.value == "following":
            outlet, _ = an_outlet(connection, f"Маяк {look.id}")
            add_follower(connection, outlet.id, look.chat_id, now=now)
            discoveries.record_followed(connection, look.id, outlet_id=outlet.id, added=True, now=now)
        elif look.result is None or "preview" not in look.result:
            discoveries.record_found(connection, look.id, FOUND, now=now)
    for crawl in _waiting_crawls(connection):
        crawls.begin_crawl(connection, crawl.id, now=now)
