"""What the columns of all tables hold, and the catalogue of the tables."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from math import isfinite
from typing import Any

from sqlalchemy import JSON, BigInteger, DateTime, Dialect, Integer, MetaData, TypeDecorator
from sqlalchemy.types import TypeEngine

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_N_label)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class UtcTime(TypeDecorator[datetime]):
    """An instant. Stored as timestamptz on PostgreSQL and as sortable ISO text in UTC on SQLite."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a naive time cannot be stored: {value!r}")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        instant: datetime = value
        return instant.replace(tzinfo=UTC) if instant.tzinfo is None else instant.astimezone(UTC)


_UNSTORABLE = re.compile("[\0\ud800-\udfff]")


class Json(TypeDecorator[Any]):
    """A JSON document: jsonb on PostgreSQL, whose dialect is imported only there. What that could not keep is replaced
    on both: no document from outside may be one that cannot be stored."""

    impl = JSON
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name == "postgresql":
            from sqlalchemy.dialects.postgresql import JSONB

            return dialect.type_descriptor(JSONB())
        return dialect.type_descriptor(JSON())

    def process_bind_param(self, value: Any | None, dialect: Dialect) -> Any | None:
        return _storable(value)


def _storable(value: Any) -> Any:
    """The document without NUL and halves of surrogate pairs, in as many code points, and without infinite numbers."""
    match value:
        case str():
            return _UNSTORABLE.sub("\N{REPLACEMENT CHARACTER}", value)
        case dict():
            return {_storable(key): _storable(one) for key, one in value.items()}
        case list() | tuple():
            return [_storable(one) for one in value]
        case float():
            return value if isfinite(value) else None
        case _:
            return value


Id = BigInteger().with_variant(Integer, "sqlite")
