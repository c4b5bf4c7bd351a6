"""The archive from the shell: search."""

from __future__ import annotations

from typing import Annotated

import typer

from monitors.commands.asking import TAKES_QUERY, JsonOption, QueryArgument


def register(app: typer.Typer) -> None:
    app.command("search", context_settings=TAKES_QUERY)(search)


def search(
    query: QueryArgument,
    since: Annotated[
        str | None, typer.Option(help="Published since: 7d, 12h, 2w (ago) or 2026-01-31, local time.")
    ] = None,
    until: Annotated[
        str | None, typer.Option(help="Published until then; a day counts to its end, local time.")
    ] = None,
    outlet: Annotated[str | None, typer.Option(help="Only of this outlet: its number, name or address.")] = None,
    language: Annotated[str | None, typer.Option("--lang", help="Only in this language: ar, en …")] = None,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many on a page.")] = 20,
    page: Annotated[int, typer.Option(min=1, help="Which page.")] = 1,
    as_json: JsonOption = False,
) -> None:
    """Search all articles there are, newest first. A query finds what it would have matched as a watch.

    \b
    rasid search 'سد النهضة' --since 30d
    rasid search '~أمريكا AND نفط' --outlet البعث --page 2
    """
    from monitors.commands.search_results import Asked, search_archive

    asked = Asked(" ".join(query), since, until, outlet, language, limit, page)
    search_archive(asked, as_json=as_json)
