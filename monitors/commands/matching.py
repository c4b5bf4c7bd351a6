"""Batch matching from the shell: match."""

from __future__ import annotations

from typing import Annotated

import typer

_HELP = """
Match articles against queries, without a database. JSON Lines in, JSON Lines out.

\b
queries   {"id": 1, "query": "سد النهضة", "match": "normal", "lang": "ar"}
articles  {"id": "a", "title": "…", "text": "…", "url": "…", "outlet": "…",
           "lang": "ar", "tags": ["…"], "author": "…"}
matches   {"query_id": 1, "article_id": "a",
           "fields": {"title": [[0, 9, "سد النهضة"]], "text": []}}

Ids are strings or numbers; an article has a title or a text. "match" is the form of words that have none in the
query: exact, normal or wide. With "lang" a query is met only by articles of that language. Places are [start, end,
what stands there] in code points of the text as it was given; the first hundred of a field. "author" and "tag" are
there if they matched.

A line that cannot be used is reported and skipped, and the exit code is 1. Files that end in .gz are compressed.

\b
rasid match --queries queries.jsonl --articles articles.jsonl.gz -o matches.jsonl
zcat archive-*.gz | rasid match --queries queries.jsonl --articles - | head
"""


def register(app: typer.Typer) -> None:
    app.command("match", help=_HELP)(match)


def match(
    queries: Annotated[str, typer.Option(metavar="FILE", help="Queries as JSON Lines; - is standard input.")],
    articles: Annotated[str, typer.Option(metavar="FILE", help="Articles as JSON Lines; - is standard input.")],
    output: Annotated[str, typer.Option("--output", "-o", metavar="FILE", help="Where matches go.")] = "-",
    workers: Annotated[int, typer.Option(min=1, max=64, help="Processes that match, for large batches.")] = 1,
    strict: Annotated[bool, typer.Option("--strict", help="Stop at the first line that cannot be used.")] = False,
) -> None:
    from monitors.commands.batches import match_files

    match_files(queries, articles, output, workers=workers, strict=strict)
