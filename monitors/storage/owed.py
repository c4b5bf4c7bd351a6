"""Articles that late chats have yet to be told of, and which chats those are; why some are late: lanes.py."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import Connection, delete, exists, select, update

from monitors.articles import Article
from monitors.storage.articles import get_articles
from monitors.storage.tables import chats, owed
from monitors.storage.upserts import insert


def owe(connection: Connection, article_id: int, *, judged_version: int, version: int) -> None:
    """Part of T2: what came after `judged_version`, up to `version`, has yet to be judged for late watches.

    What is owed already stays owed: the older of the judged versions counts.
    """
    statement = insert(connection, owed).values(article_id=article_id, judged_version=judged_version, version=version)
    connection.execute(statement.on_conflict_do_update(index_elements=["article_id"], set_={"version": version}))


def owed_articles(connection: Connection, *, limit: int) -> list[tuple[Article, int]]:
    """Articles that are owed, oldest first, with the version up to which they are.

    They are as they are now, which may be a newer version; their `judged_version` is that of late watches.
    """
    rows = connection.execute(select(owed).order_by(owed.c.article_id).limit(limit)).all()
    articles = {article.id: article for article in get_articles(connection, [row.article_id for row in rows])}
    return [(replace(articles[row.article_id], judged_version=row.judged_version), row.version) for row in rows]


def settle_owed(connection: Connection, article_id: int, *, version: int) -> bool:
    """Whether the article was owed up to this version; now it is not."""
    settled = delete(owed).where(owed.c.article_id == article_id, owed.c.version == version)
    return connection.execute(settled).rowcount > 0


def is_owed(connection: Connection, article_id: int | None = None) -> bool:
    """Whether this article is owed, or any at all."""
    row = select(owed.c.article_id)
    return bool(
        connection.scalar(select(exists(row if article_id is None else row.where(owed.c.article_id == article_id))))
    )


def late_chats(connection: Connection) -> set[int]:
    return set(connection.scalars(select(chats.c.id).where(chats.c.late)))


def make_late(connection: Connection, chat_id: int) -> bool:
    """Lets the chat be asked after all others; True."""
    return connection.execute(update(chats).where(chats.c.id == chat_id).values(late=True)).rowcount > 0


def make_punctual(connection: Connection, chat_id: int) -> bool:
    """Lets the chat be asked with all others again, and whether it could: not while any article is owed.

    It would be asked of those articles neither then nor now.
    """
    punctual = update(chats).where(chats.c.id == chat_id, ~exists(select(owed.c.article_id))).values(late=False)
    return connection.execute(punctual).rowcount > 0
