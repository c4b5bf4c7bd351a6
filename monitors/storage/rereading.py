"""The archive read again when the text analysis has changed: else its words would be those of the rules of then.

A mark says by which analysis the words are kept, and down to which article; new articles are read by the present one
in any case, and the older ones from the newest on.
"""

from __future__ import annotations

import hashlib
import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path

from sqlalchemy import Connection, select

import monitors.query
import monitors.text
from monitors.articles import Article
from monitors.storage.articles import get_articles
from monitors.storage.marks import mark_of, set_mark
from monitors.storage.tables import articles

_MARK = "words"


@dataclass(frozen=True, slots=True)
class Kept:
    """By which analysis words are kept; those of articles with an id smaller than `below` by an older one."""

    analysis: str
    below: int = 0


@cache
def present_analysis() -> str:
    """What stands for the rules by which texts are read: their code, and what they look up."""
    digest = hashlib.sha256(f"{unicodedata.unidata_version} {version('PyStemmer')}".encode())
    where_words_stand = (Path(monitors.query.__file__).with_name(name) for name in ("numbering.py", "outline.py"))
    for file in (*sorted(Path(monitors.text.__file__).parent.glob("*.py")), *where_words_stand):
        digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


def how_kept(connection: Connection) -> Kept | None:
    """None when nothing has been noted yet."""
    mark = mark_of(connection, _MARK)
    if mark is None:
        return None
    analysis, _, below = mark.partition(" ")
    return Kept(analysis, int(below))


def note_kept(connection: Connection, kept: Kept) -> None:
    """Part of the transaction that keeps the words."""
    set_mark(connection, _MARK, f"{kept.analysis} {kept.below}")


def outdated_articles(connection: Connection, below: int | None, *, limit: int) -> list[Article]:
    """The newest articles whose words are kept, of those with a smaller id or (None) of all."""
    kept = select(articles.c.id).where(articles.c.words_version == articles.c.version)
    older = kept if below is None else kept.where(articles.c.id < below)
    return get_articles(connection, connection.scalars(older.order_by(articles.c.id.desc()).limit(limit)).all())[::-1]
