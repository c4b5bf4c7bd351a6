"""Archives to search, for tests."""

from __future__ import annotations

from typing import Any

from monitors.articles import ArticleState, NewArticle
from monitors.indexing import read_archive
from monitors.query.language.grammar import parse
from monitors.searching import Page, Scope, search
from monitors.storage.articles import save
from monitors.storage.engine import Database
from tests.rows import NOW


async def archive(database: Database, *new: NewArticle) -> None:
    """Saves them as recorded in silence, and lets them be found."""
    database.write_now(save, new, now=NOW, state=ArticleState.ARCHIVED)
    while await read_archive(database):
        pass


def ids(page: Page) -> list[int]:
    return [found.article.id for found in page.items]


def found_by(database: Database, query: str, **within: Any) -> list[int]:
    return ids(database.read_now(search, parse(query), Scope(**within)))
