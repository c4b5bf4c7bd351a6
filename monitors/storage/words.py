"""The words' index: what every article of the archive answers to, by which it is searched.

On SQLite an FTS5 table without content, on PostgreSQL a tsvector with a GIN index; both keep the keys of the one text
analysis, not words of their own. A row's number is its *place*: the day in its upper bits and the article's id in the
lower 32, so that both databases give the newest first, and a span of days is a span of places.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import chain

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Text,
    cast,
    column,
    delete,
    func,
    literal,
    literal_column,
    select,
    table,
    update,
)
from sqlalchemy.exc import DBAPIError
from sqlalchemy.types import UserDefinedType

from monitors.articles import Article, ArticleState
from monitors.storage.articles import get_articles
from monitors.storage.candidates import (
    CUT,
    LONGEST_KEY,
    LOOSE,
    MOST_KEYS_OF_A_TOKEN,
    Condition,
    fts5,
    lexeme,
    tsquery,
)
from monitors.storage.engine import is_away
from monitors.storage.tables import articles, outlines
from monitors.text.analysis import Keys

logger = logging.getLogger(__name__)

MOST_PLACES = 16_000
"""Tokens of an article whose places are kept; PostgreSQL's end at 16,383."""
MOST_REPEATS = 250
"""Places that are kept of a key; PostgreSQL's end at 255."""
MOST_LETTERS = 150_000
"""How long all keys of an article may be together; PostgreSQL allows a megabyte, their places included."""

OUTLET = "outlet_id"
"""A field of our own, by which an outlet's articles are found: no query can name it."""

LAST_PLACE = (1 << 63) - 1

_ID_BITS = 32
_DAY_S = 86_400
_IDS_AT_ONCE = 5_000  # in a question: SQLite takes 32,766 parameters, PostgreSQL 65,535
_HAS_NEW_WORDS = articles.c.words_version != articles.c.version
# A partial index needs the literal.
_IS_PENDING = articles.c.state == literal(ArticleState.PENDING.value, literal_execute=True)


class _Native(UserDefinedType[str]):
    """A type of PostgreSQL by its name: its dialect is imported only where it is used."""

    cache_ok = True

    def __init__(self, name: str) -> None:
        self.name = name

    def get_col_spec(self, **_: object) -> str:
        return self.name


_words = table("words", column("rowid", BigInteger), column("place", BigInteger), column("keys", Text))


@dataclass(frozen=True, slots=True)
class IndexedWords:
    """What an article answers to: the keys of its text's tokens in their order, and others that have no place.

    Without an outline (query/outline.py) it has to be read to know more.
    """

    tokens: Sequence[Keys]
    others: Collection[str] = ()
    outline: bytes | None = None


def days(since: datetime | None, until: datetime | None) -> tuple[int, int]:
    """The places, from the first to, without, the second, of all days (UTC) that have a part in this time."""
    return _day(since) << _ID_BITS if since else 0, (_day(until) + 1) << _ID_BITS if until else LAST_PLACE


def _day(moment: datetime) -> int:
    return max(0, int(moment.timestamp()) // _DAY_S)


def article_at(place: int) -> int:
    """The id of the article whose place it is."""
    return place & ((1 << _ID_BITS) - 1)


def put_words(connection: Connection, article: Article, words: IndexedWords) -> None:
    """Lets the article be found by these words and no others; nothing if it has been edited since it was read."""
    row = connection.execute(
        select(articles.c.words_place, articles.c.version).where(articles.c.id == article.id).with_for_update()
    ).one_or_none()
    if row is None or row.version != article.version:
        return
    place = _place(connection)
    if row.words_place is not None:
        connection.execute(delete(_words).where(place == row.words_place))
        connection.execute(delete(outlines).where(outlines.c.place == row.words_place))
    number = (_day(article.dated) << _ID_BITS) | article.id
    connection.execute(_words.insert().values({place.name: number, "keys": _written(connection, *_kept(words))}))
    if words.outline is not None:
        connection.execute(outlines.insert().values(place=number, outline=words.outline))
    _mark_read(connection, article, words_place=number)


def try_put_words(connection: Connection, article: Article, words: IndexedWords) -> bool:
    """`put_words` that harms nothing else of its transaction; whether it worked. What is wrong is logged.

    A database that is away fails the transaction: what is passed over for it would never be found.
    """
    try:
        with connection.begin_nested():
            put_words(connection, article, words)
    except DBAPIError as error:
        if is_away(error):
            raise
        logger.exception("the words of article %d (%s) could not be kept", article.id, article.url)
        return False
    return True


def give_up(connection: Connection, article: Article) -> None:
    """This version cannot be kept; the article is found by what it said before, or not at all."""
    _mark_read(connection, article)


def unread_articles(connection: Connection, *, limit: int) -> list[Article]:
    """Articles whose present words cannot be searched, newest first; those that are decided soon are left out."""
    ids = connection.scalars(
        select(articles.c.id).where(_HAS_NEW_WORDS, ~_IS_PENDING).order_by(articles.c.id.desc()).limit(limit)
    ).all()
    return get_articles(connection, ids)[::-1]


def count_unread(connection: Connection) -> int:
    """How many articles cannot be found yet by what they say now; those that are decided soon do not count.

    Each statement has the index that it needs: to look into all rows of a large archive would take a second.
    """
    unread = select(func.count()).select_from(articles).where(_HAS_NEW_WORDS)
    soon = select(func.count().filter(_HAS_NEW_WORDS)).select_from(articles).where(_IS_PENDING)
    return (connection.scalar(unread) or 0) - (connection.scalar(soon) or 0)


def places(
    connection: Connection, condition: Condition | None, *, first: int = 0, before: int = LAST_PLACE, limit: int | None
) -> list[int]:
    """Where articles are that may meet the condition (None: any), from place `first` to, without, `before`.

    The newest days first, and of a day what came last.
    """
    place = _place(connection)
    found = select(place).where(place >= first, place < before, *_met(connection, condition)).order_by(place.desc())
    with _by_index_alone(connection, condition):
        return list(connection.scalars(found.limit(limit)))


def moments(
    connection: Connection, condition: Condition | None, *, first: int = 0, before: int = LAST_PLACE, at_least: int
) -> list[tuple[int, int]]:
    """(moment, place) of whole days, so many or all that there are, newest first: places know no time of day.

    A moment is an article's publication in seconds since 1970 in its upper bits, and its id in the lower 32.
    """
    found = places(connection, condition, first=first, before=before, limit=at_least)
    if len(found) == at_least:
        rest = max(first, start_of_day(found[-1]))
        found += places(connection, condition, first=rest, before=found[-1], limit=None)
    dated = _dated(connection, [article_at(place) for place in found])
    return sorted((_moment(place, dated[at]), place) for place in found if (at := article_at(place)) in dated)[::-1]


def start_of_day(place: int) -> int:
    """The first place of its day."""
    return place >> _ID_BITS << _ID_BITS


def end_of_day(moment: int) -> int:
    """The first place after its day."""
    return ((moment >> _ID_BITS) // _DAY_S + 1) << _ID_BITS


def _moment(place: int, dated: datetime) -> int:
    """It never leaves the day of the place."""
    day = (place >> _ID_BITS) * _DAY_S
    return (min(max(int(dated.timestamp()), day), day + _DAY_S - 1) << _ID_BITS) | article_at(place)


def _dated(connection: Connection, ids: Sequence[int]) -> dict[int, datetime]:
    """As `Article.dated`."""
    found: dict[int, datetime] = {}
    for start in range(0, len(ids), _IDS_AT_ONCE):
        rows = connection.execute(
            select(articles.c.id, articles.c.published_at, articles.c.first_seen_at).where(
                articles.c.id.in_(ids[start : start + _IDS_AT_ONCE])
            )
        )
        found |= {row.id: min(row.published_at or row.first_seen_at, row.first_seen_at) for row in rows}
    return found


def outlines_at(connection: Connection, places: Sequence[int]) -> dict[int, bytes]:
    """The outlines of the articles there, of those that have one."""
    kept = connection.execute(select(outlines.c.place, outlines.c.outline).where(outlines.c.place.in_(places)))
    return {row.place: row.outline for row in kept}


@contextmanager
def _by_index_alone(connection: Connection, condition: Condition | None) -> Iterator[None]:
    """To look into a row's keys takes longer than PostgreSQL thinks: left to itself it would look into all, newest
    first."""
    if condition is None or connection.dialect.name != "postgresql":
        yield
        return
    ways = ("enable_seqscan", "enable_indexscan", "enable_indexonlyscan")
    connection.execute(select(*(func.set_config(way, "off", True) for way in ways)))
    yield
    connection.execute(select(*(func.set_config(way, "on", True) for way in ways)))


def count_places(connection: Connection, condition: Condition, *, first: int, before: int, most: int) -> int:
    """How many `places` there are, counted up to `most`."""
    place = _place(connection)
    found = select(place).where(place >= first, place < before, *_met(connection, condition)).limit(most)
    count = select(func.count()).select_from(found.subquery())
    with _by_index_alone(connection, condition):
        return connection.scalar(count) or 0


def _place(connection: Connection) -> ColumnElement[int]:
    return _words.c.place if connection.dialect.name == "postgresql" else _words.c.rowid


def _met(connection: Connection, condition: Condition | None) -> list[ColumnElement[bool]]:
    if condition is None:
        return []
    if connection.dialect.name == "postgresql":
        return [_words.c["keys"].bool_op("@@")(cast(tsquery(condition), _Native("tsquery")))]
    return [literal_column("words").bool_op("MATCH")(fts5(condition))]


def _mark_read(connection: Connection, article: Article, **place: int) -> None:
    statement = update(articles).where(articles.c.id == article.id)
    connection.execute(statement.values(words_version=article.version, **place))


def _kept(words: IndexedWords) -> tuple[Sequence[Keys], set[str]]:
    """The tokens whose places are kept, and all other keys."""
    of_text = set(chain.from_iterable(words.tokens))
    others = set(words.others) - of_text
    if sum(map(len, of_text)) + sum(map(len, others)) > MOST_LETTERS:
        return (), {CUT}
    placed = words.tokens[:MOST_PLACES]
    if len(placed) < len(words.tokens):
        others |= of_text.difference(*placed)
    repeats = Counter(chain.from_iterable(placed))
    if (
        len(placed) < len(words.tokens)
        or max(map(len, placed), default=0) > MOST_KEYS_OF_A_TOKEN
        or max(repeats.values(), default=0) > MOST_REPEATS
    ):
        others.add(LOOSE)
    return placed, others


def _written(connection: Connection, placed: Sequence[Keys], others: set[str]) -> ColumnElement[str] | str:
    if connection.dialect.name != "postgresql":
        return " ".join(key[:LONGEST_KEY] for key in chain(chain.from_iterable(placed), sorted(others)))
    return cast(" ".join(map(lexeme, {*chain.from_iterable(placed), *others})), _Native("tsvector"))
