"""Engines that ask an article one watch after the other, as bots and search engines do."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import ClassVar

import tantivy
from pysqlite3 import dbapi2 as sqlite
from sqlalchemy import create_engine, text

from benchmarks.standing.corpus import DISTANCE, Asked, Kind
from benchmarks.standing.literal import are_near


class SubstringLoop:
    name = "`word in text` loop"
    most = 100_000

    def __init__(self, asked: Sequence[Asked], commonness: Mapping[str, int]) -> None:
        self._asked = [
            (number, one, [f" {' '.join(one.words)} "] if one.kind is Kind.PHRASE else [f" {w} " for w in one.words])
            for number, one in enumerate(asked)
        ]

    def met(self, text: str) -> Iterable[int]:
        return [number for number, one, literals in self._asked if self._is_met(one, literals, text)]

    @staticmethod
    def _is_met(one: Asked, literals: list[str], text: str) -> bool:
        if one.kind is Kind.PHRASE:
            return literals[0] in text
        if one.kind is Kind.ANY:
            return any(literal in text for literal in literals)
        if not all(literal in text for literal in literals):
            return False
        if one.kind is Kind.NEAR:
            return are_near(text.split(), *one.words)
        return one.without is None or f" {one.without} " not in text


class RegexLoop:
    name = "one `re` per watch"
    most = 5_000

    def __init__(self, asked: Sequence[Asked], commonness: Mapping[str, int]) -> None:
        self._asked = [(number, self._patterns(one), one.without) for number, one in enumerate(asked)]

    def met(self, text: str) -> Iterable[int]:
        return [
            number
            for number, patterns, without in self._asked
            if all(pattern.search(text) for pattern in patterns)
            and not (without and re.search(rf"\b{without}\b", text))
        ]

    @staticmethod
    def _patterns(one: Asked) -> list[re.Pattern[str]]:
        match one.kind:
            case Kind.PHRASE:
                expressions = [rf"\b{' '.join(one.words)}\b"]
            case Kind.ANY:
                expressions = [rf"\b(?:{'|'.join(one.words)})\b"]
            case Kind.ALL:
                expressions = [rf"\b{word}\b" for word in one.words]
            case Kind.NEAR:
                first, second = one.words
                between = rf"(?:\w+ ){{0,{DISTANCE - 1}}}"
                expressions = [rf"\b(?:{first} {between}{second}|{second} {between}{first})\b"]
        return list(map(re.compile, expressions))


class SqliteFts5:
    name = "SQLite FTS5"
    most = 1_000

    def __init__(self, asked: Sequence[Asked], commonness: Mapping[str, int]) -> None:
        self._asked = [(number, self._query(one)) for number, one in enumerate(asked)]
        self._connection = sqlite.connect(":memory:")
        self._connection.execute("CREATE VIRTUAL TABLE article USING fts5(text)")

    def met(self, text: str) -> Iterable[int]:
        execute = self._connection.execute
        execute("DELETE FROM article")
        execute("INSERT INTO article VALUES (?)", (text,))
        statement = "SELECT 1 FROM article WHERE article MATCH ?"
        return [number for number, query in self._asked if execute(statement, (query,)).fetchone()]

    @staticmethod
    def _query(one: Asked) -> str:
        match one.kind:
            case Kind.PHRASE:
                return f'"{" ".join(one.words)}"'
            case Kind.NEAR:
                return f"NEAR({' '.join(one.words)}, {DISTANCE - 1})"
            case Kind.ANY:
                return " OR ".join(one.words)
            case Kind.ALL:
                return " AND ".join(one.words) + (f" NOT {one.without}" if one.without else "")


class Tantivy:
    name = "Tantivy"
    most = 5_000
    _must, _must_not, _should = tantivy.Occur.Must, tantivy.Occur.MustNot, tantivy.Occur.Should

    def __init__(self, asked: Sequence[Asked], commonness: Mapping[str, int]) -> None:
        builder = tantivy.SchemaBuilder()
        builder.add_text_field("text")
        self._schema = builder.build()
        self._index = tantivy.Index(self._schema)
        self._writer = self._index.writer(15_000_000, 1)
        self._asked = [(number, self._query(one)) for number, one in enumerate(asked)]

    def met(self, text: str) -> Iterable[int]:
        self._writer.delete_all_documents()
        self._writer.add_document(tantivy.Document(text=[text]))
        self._writer.commit()
        self._index.reload()
        search = self._index.searcher().search
        return [number for number, query in self._asked if search(query, 1).hits]

    def _query(self, one: Asked) -> tantivy.Query:
        def term(word: str) -> tantivy.Query:
            return tantivy.Query.term_query(self._schema, "text", word)

        def phrase(words: Sequence[str], slop: int = 0) -> tantivy.Query:
            return tantivy.Query.phrase_query(self._schema, "text", list(words), slop)

        match one.kind:
            case Kind.PHRASE:
                return phrase(one.words) if len(one.words) > 1 else term(one.words[0])
            case Kind.ANY:
                parts = [(self._should, term(word)) for word in one.words]
            case Kind.NEAR:
                orders = (one.words, one.words[::-1])
                parts = [(self._should, phrase(words, DISTANCE - 1)) for words in orders]
            case Kind.ALL:
                parts = [(self._must, term(word)) for word in one.words]
                parts += [(self._must_not, term(one.without))] if one.without else []
        return tantivy.Query.boolean_query(parts)


class PostgreSql:
    """Its times are those of the server's process too, see `backend`."""

    name: ClassVar[str] = "PostgreSQL @@"
    most = 100_000

    url: ClassVar[str]

    def __init__(self, asked: Sequence[Asked], commonness: Mapping[str, int]) -> None:
        self._connection = create_engine(self.url, isolation_level="AUTOCOMMIT").connect()
        self.backend = int(self._connection.scalar(text("SELECT pg_backend_pid()")) or 0)
        self._connection.execute(text("SET max_parallel_workers_per_gather = 0"))
        self._connection.execute(text("CREATE TEMP TABLE asked (number int, query tsquery)"))
        insert = text("INSERT INTO asked VALUES (:number, CAST(:query AS tsquery))")
        rows = [{"number": number, "query": self._query(one)} for number, one in enumerate(asked)]
        self._connection.execute(insert, rows)
        self._connection.execute(text("ANALYZE asked"))

    def met(self, document: str) -> Iterable[int]:
        statement = text("SELECT number FROM asked WHERE to_tsvector('simple', :document) @@ query")
        return list(self._connection.scalars(statement, {"document": document}))

    @staticmethod
    def _query(one: Asked) -> str:
        match one.kind:
            case Kind.PHRASE:
                return " <-> ".join(one.words)
            case Kind.ANY:
                return " | ".join(one.words)
            case Kind.NEAR:
                first, second = one.words
                orders = ((first, second), (second, first))
                return " | ".join(f"({a} <{n}> {b})" for a, b in orders for n in range(1, DISTANCE + 1))
            case Kind.ALL:
                return " & ".join(one.words) + (f" & !{one.without}" if one.without else "")
