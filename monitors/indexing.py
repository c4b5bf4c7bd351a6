"""What articles say kept in the words' index, by which the archive is searched (searching.py): new ones at once, by who
decides them; in the background those that nobody decides, and all again when the text analysis has changed.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Collection, Iterator, Sequence
from itertools import chain
from typing import TypeAlias

from sqlalchemy import Connection

from monitors.articles import Article
from monitors.query.needs import Needs
from monitors.query.occurrences import Occurrences
from monitors.query.outline import outline_steps
from monitors.query.reading import read, reading_steps
from monitors.query.tree import READ, Field
from monitors.storage.engine import Database
from monitors.storage.rereading import Kept, how_kept, note_kept, outdated_articles, present_analysis
from monitors.storage.words import OUTLET, IndexedWords, give_up, try_put_words, unread_articles
from monitors.text.analysis import Keys
from monitors.text.keys import field_key, stem_language
from monitors.text.stemming import STEMMED
from monitors.text.steps import Steps, finish

logger = logging.getLogger(__name__)

STEMS = Needs(languages=STEMMED)
"""What an article's words are kept with, so that wide queries in its language find it."""

MOST_UNREAD = 50
"""Old articles that are read in one go."""

_WRITTEN_AT_ONCE = 10
_TOKENS_AT_ONCE = 2_500
_FIELDS = Needs(fields=frozenset(Field).difference(READ))

_Read: TypeAlias = tuple[Article, IndexedWords | None]


def words_of(article: Article, reading: Occurrences) -> IndexedWords:
    """What the words' index keeps of the article. `reading` is of its title and text, with STEMS."""
    return finish(words_steps(article, reading))


def words_steps(article: Article, reading: Occurrences) -> Steps[IndexedWords]:
    """The same in steps, for those who must not be kept from other work."""
    about = yield from reading_steps(article.about, _FIELDS)
    stems: set[str] = set()
    for some in reading.groups:
        stems.update(filter(stem_language, some))
        yield
    fields: dict[str, Sequence[Keys]] = {}
    for name in READ:
        fields[name] = yield from _without(stems, reading.tokens_of(name))
    tokens = list(filter(None, chain(*fields.values())))
    yield
    outline = yield from outline_steps(fields)
    stems |= about.keys  # in place: a copy of all stems of a long article takes some 20 ms
    stems.add(field_key(OUTLET, str(article.outlet_id)))
    return IndexedWords(tokens, stems, outline)


def _without(stems: Collection[str], tokens: Sequence[Keys]) -> Steps[Sequence[Keys]]:
    """What the tokens answer to apart from these."""
    if not stems:
        return tokens
    kept: list[Keys] = []
    for start in range(0, len(tokens), _TOKENS_AT_ONCE):
        part = tokens[start : start + _TOKENS_AT_ONCE]
        kept += [tuple(key for key in keys if key not in stems) for keys in part]
        yield
    return kept


async def read_archive(database: Database) -> int:
    """Lets some of the articles be found that cannot be found yet, the newest first; how many those were.

    When there are none, some are read again whose words were kept by an older analysis. They are read beside the loop
    and written in short transactions. What cannot be read is passed over for good: it would be tried for ever.
    """
    present = Kept(await asyncio.to_thread(present_analysis))
    kept = await database.read(how_kept)
    if kept is None:
        kept = present
        await database.write(note_kept, kept)
    unread = await database.read(unread_articles, limit=MOST_UNREAD)
    for some in _parts(unread):
        await database.write(_put_all, await _read_all(some))
    if unread or kept == present:
        return len(unread)
    below = kept.below if kept.analysis == present.analysis else None
    outdated = await database.read(outdated_articles, below, limit=MOST_UNREAD)
    for some in _parts(outdated):
        await database.write(_put_again, await _read_all(some), present.analysis)
    if not outdated:
        await database.write(note_kept, present)
    return len(outdated)


def _parts(found: Sequence[Article]) -> Iterator[Sequence[Article]]:
    return (found[start : start + _WRITTEN_AT_ONCE] for start in range(0, len(found), _WRITTEN_AT_ONCE))


async def _read_all(found: Sequence[Article]) -> list[_Read]:
    """In the order in which the index keeps them: it likes that best."""
    ordered = sorted(found, key=lambda article: (article.dated, article.id))
    return [(article, await asyncio.to_thread(_words_if_possible, article)) for article in ordered]


def _words_if_possible(article: Article) -> IndexedWords | None:
    try:
        return words_of(article, read(article.fields | article.about, STEMS))
    except Exception:
        logger.exception("article %d (%s) could not be read for the archive's index", article.id, article.url)
        return None


def _put_again(connection: Connection, found: Sequence[_Read], analysis: str) -> None:
    _put_all(connection, found)
    note_kept(connection, Kept(analysis, below=min(article.id for article, _ in found)))


def _put_all(connection: Connection, found: Sequence[_Read]) -> None:
    for article, words in found:
        if words is None or not try_put_words(connection, article, words):
            give_up(connection, article)
