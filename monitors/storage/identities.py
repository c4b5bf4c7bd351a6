"""By what outlets' articles are known: fingerprints as rows, kept for good."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, select, update

from monitors.articles import Alias, KnownArticle, TextOrigin
from monitors.storage.portions import portions
from monitors.storage.tables import articles, fingerprints, outlets
from monitors.storage.upserts import insert

_ROWS_AT_ONCE = 500  # of three parameters each


def hold(connection: Connection, outlet_id: int) -> None:
    """Lets no other transaction save articles of this outlet until this one ends; SQLite has one writer anyway."""
    connection.execute(select(outlets.c.id).where(outlets.c.id == outlet_id).with_for_update(key_share=True))


def owners_of(connection: Connection, outlet_id: int, asked: Collection[int]) -> dict[int, int | None]:
    """Whose the asked fingerprints are, of those the outlet has shown; None: of an article nobody remembers."""
    owners: dict[int, int | None] = {}
    for chunk in portions(list(asked)):
        rows = connection.execute(
            select(fingerprints.c.fingerprint, fingerprints.c.article_id).where(
                fingerprints.c.outlet_id == outlet_id, fingerprints.c.fingerprint.in_(chunk)
            )
        )
        owners.update((row.fingerprint, row.article_id) for row in rows)
    return owners


def known_articles(connection: Connection, outlet_id: int, asked: Collection[int]) -> dict[int, KnownArticle | None]:
    """As `owners_of`, with what a poll needs to know of each."""
    known: dict[int, KnownArticle | None] = {}
    for chunk in portions(list(asked)):
        rows = connection.execute(
            select(
                fingerprints.c.fingerprint,
                articles.c.id,
                articles.c.source_id,
                articles.c.url,
                articles.c.title,
                articles.c.published_at,
                articles.c.modified_at,
                articles.c.first_seen_at,
                articles.c.text_origin,
                articles.c.text_note,
                articles.c.version,
                articles.c.entry_hash,
                articles.c.aliases,
            )
            .outerjoin(articles, fingerprints.c.article_id == articles.c.id)
            .where(fingerprints.c.outlet_id == outlet_id, fingerprints.c.fingerprint.in_(chunk))
        )
        known.update((row.fingerprint, _known(row) if row.id is not None else None) for row in rows)
    return known


def remember(
    connection: Connection, outlet_id: int, owned: Mapping[int, int | None], *, taking_over: bool = False
) -> None:
    """Writes down whose these fingerprints are. Whoever has one keeps it, unless it is taken over."""
    rows = [
        {"outlet_id": outlet_id, "fingerprint": number, "article_id": article_id}
        for number, article_id in sorted(owned.items())
    ]
    for some in portions(rows, _ROWS_AT_ONCE):
        statement = insert(connection, fingerprints).values(some)
        if taking_over:
            connection.execute(
                statement.on_conflict_do_update(
                    index_elements=["outlet_id", "fingerprint"], set_={"article_id": statement.excluded.article_id}
                )
            )
        else:
            connection.execute(statement.on_conflict_do_nothing())


def learn_aliases(connection: Connection, outlet_id: int, aliases: Iterable[Alias]) -> None:
    """Gives articles that are known already one more identity each."""
    owned = {alias.fingerprint: alias.article_id for alias in aliases}
    if not owned:
        return
    remember(connection, outlet_id, owned)
    connection.execute(
        update(articles).where(articles.c.id.in_(set(owned.values()))).values(aliases=articles.c.aliases + 1)
    )


def _known(row: Any) -> KnownArticle:
    return KnownArticle(
        id=row.id,
        source_id=row.source_id,
        url=row.url,
        title=row.title,
        published_at=row.published_at,
        modified_at=row.modified_at,
        first_seen_at=row.first_seen_at,
        text_origin=TextOrigin(row.text_origin),
        text_note=row.text_note,
        version=row.version,
        entry_hash=row.entry_hash,
        aliases=row.aliases,
    )
