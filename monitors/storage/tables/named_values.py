"""Single values, by name."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Table, Text

from monitors.storage.tables.columns import metadata

marks = Table(
    "marks",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
)

revisions = Table(
    "revisions",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", BigInteger, nullable=False),
)
