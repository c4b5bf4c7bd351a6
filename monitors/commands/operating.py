"""Setting up and running: init, run, status, page, db."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from monitors.children import Child
from monitors.cli import config_file, load_settings, show, show_json
from monitors.commands.asking import JsonOption
from monitors.errors import ConfigError, NotFound, UsageError
from monitors.files import standard_output
from monitors.installed import find_roles


def register(app: typer.Typer) -> None:
    app.command("init")(init)
    app.command("run")(run)
    app.command("status")(status)
    app.command("page")(page)
    app.add_typer(_db_app(), name="db")


def init(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Where to write rasid.toml.")] = Path(),
) -> None:
    """Write a commented rasid.toml. Never overwrites one."""
    from monitors.settings_file import FILE_NAME
    from monitors.template import TEMPLATE

    file = folder / FILE_NAME
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with file.open("x", encoding="utf-8") as written:
            file.chmod(0o600)  # it may come to hold the bot token
            written.write(TEMPLATE)
    except FileExistsError:
        raise ConfigError(f"{file} exists already and is left as it is.", hint="Edit that one.") from None
    except OSError as error:
        raise ConfigError(f"{file} cannot be written: {error.strerror}.") from None
    show(f"Wrote {file}. Next: rasid outlet add URL, rasid watch add WORDS, rasid run")


def run(
    roles: Annotated[
        str | None,
        typer.Option(help="Only these roles, separated by commas (crawl, decide, tell). Default: all."),
    ] = None,
) -> None:
    """Run the service: collect, match, alert. Stop it with Ctrl-C."""
    wanted = frozenset(role.strip() for role in roles.split(",") if role.strip()) if roles is not None else None
    if wanted is not None and not wanted:
        raise UsageError("--roles names no role.", hint="For example: --roles crawl,decide")
    here, children = find_roles(wanted)
    begun = [Child.start(role.name, config_file()) for role in children]
    try:
        from monitors import logs, running

        settings = load_settings()
        logs.set_up(settings, "main")
        running.run(settings, here, begun)
    finally:
        for child in begun:
            child.kill()


def page(
    article: Annotated[int, typer.Argument(metavar="ARTICLE_ID", help="An article's number.")],
    version: Annotated[int | None, typer.Option(help="Which version. Without: the newest that was kept.")] = None,
) -> None:
    """Write an article's page as it came, byte for byte. It was kept if crawl.keep_pages was on."""
    from monitors.opening import open_ready
    from monitors.storage.copies import kept_page

    with open_ready(load_settings()) as database:
        kept = database.read_now(kept_page, article, version)
    if kept is None:
        raise NotFound(
            f"No page of article {article} was kept.", hint="Pages are kept from now on with crawl.keep_pages = true."
        )
    standard_output().write(kept.body)


def status(as_json: JsonOption = False) -> None:
    """Show how Rasid fares. What runs, what there is, what waits, and how fast alerts were."""
    from monitors.opening import open_ready
    from monitors.storage.statistics import read_status

    with open_ready(load_settings()) as database:
        found = database.read_now(read_status, now=datetime.now(UTC))
    if as_json:
        show_json(found.to_json())
    else:
        show("\n".join(found.lines()))


def _db_app() -> typer.Typer:
    app = typer.Typer(no_args_is_help=True, help="The database.")
    app.command("upgrade")(db_upgrade)
    return app


def db_upgrade() -> None:
    """Bring the database to the schema this Rasid needs. `rasid run` does it by itself."""
    from monitors.storage.engine import open_database, parse_url
    from monitors.storage.migrating import needed_version, upgrade

    settings = load_settings()
    with open_database(parse_url(settings.storage.url, base=settings.folder)) as database:
        changed = upgrade(database)
    show(f"{'Upgraded to' if changed else 'Already at'} schema {needed_version()}.")
