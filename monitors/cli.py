"""The `rasid` command: finds every package's commands, and turns what goes wrong into one clear message."""

from __future__ import annotations

import json
import os
import sys
import traceback
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from monitors.environment import variable_of
from monitors.errors import QueryError, RasidError
from monitors.installed import find_commands

if TYPE_CHECKING:
    from monitors.settings import Settings

_SHOWN = 40
"""Characters of a query shown on either side of a mistake."""

_config: Path | None = None


def config_file() -> Path | None:
    """The settings file that `--config` names."""
    return _config


def load_settings() -> Settings:
    """The settings of this invocation (`--config`, RASID_CONFIG, or ./rasid.toml). Raises `ConfigError`."""
    from monitors.settings_file import load

    return load(_config)


def show(text: str) -> None:
    """One line for the person at the terminal, on standard output."""
    typer.echo(text)


def show_json(data: Any) -> None:
    """One JSON document on a line, on standard output."""
    show(json.dumps(data, ensure_ascii=False, default=_plain))


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def _show_version(wanted: bool) -> None:
    if wanted:
        show(f"rasid {version('rasid')}")
        raise typer.Exit


def build() -> typer.Typer:
    """The app with every installed package's commands."""
    app = typer.Typer(
        name="rasid",
        help="Rasid (راصد) follows news outlets, matches every article against watchlists, and alerts on Telegram.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
    )

    @app.callback()
    def common(
        config: Annotated[
            Path | None,
            typer.Option("--config", "-c", help="The settings file (default: ./rasid.toml, if there is one)."),
        ] = None,
        show_version: Annotated[
            bool, typer.Option("--version", is_eager=True, callback=_show_version, help="Show the version and exit.")
        ] = False,
    ) -> None:
        global _config  # noqa: PLW0603  # one command line per process
        _config = config

    for entry in find_commands():
        entry.load()(app)
    return app


def main() -> None:
    """Runs the command line; exit code 0, 1 for a failure, 2 for a command that cannot be understood."""
    _open_closed_streams()
    os.umask(0o077)  # what we write – interests of people, perhaps a token – is nobody else's business
    try:
        build()(standalone_mode=True)
    except RasidError as error:
        sys.stderr.write(f"rasid: {_explain(error)}\n")
        sys.exit(error.exit_code)
    except (KeyboardInterrupt, BrokenPipeError):
        sys.exit(130)
    except Exception as error:
        sys.stderr.write(_explain_unexpected(error))
        sys.exit(1)


def _open_closed_streams() -> None:
    """Gives descriptors 0 to 2 to nobody else: a socket that gets one aborts libuv, and prints go to the wrong place.

    There is nothing to read then, and complaints are lost. Standard output stays None for `sys`: what is printed there
    is lost too, and what must not be lost can see it.
    """
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)
    sys.stdin = sys.stdin or open(0, closefd=False)  # noqa: SIM115  # for as long as the process lives
    sys.stderr = sys.stderr or open(2, "w", closefd=False)  # noqa: SIM115


def _explain_unexpected(error: Exception) -> str:
    from monitors.logs import redactor

    try:
        redact = redactor(load_settings())
    except RasidError:
        redact = redactor(None)
    if os.environ.get(variable_of("log.level")) == "debug":
        return redact("".join(traceback.format_exception(error)))
    first_line = f"{type(error).__name__}: {error}".splitlines()[0]
    return (
        f"rasid: Something unexpected went wrong: {redact(first_line)}\n"
        f"To see where, run it again with {variable_of('log.level')}=debug.\n"
    )


def _explain(error: RasidError) -> str:
    lines = [error.what]
    if isinstance(error, QueryError):
        start = max(0, error.position - _SHOWN)
        shown = error.query[start : error.position + _SHOWN].replace("\n", " ")
        lines += [f"  {shown}", f"  {' ' * (error.position - start)}^"]
    if error.hint:
        lines.append(error.hint)
    if isinstance(error, QueryError):
        if error.understood and error.understood != error.suggestion:
            lines.append(f"Understood: {error.understood}")
        if error.suggestion:
            lines.append(f"Did you mean: {error.suggestion}")
    return "\n".join(lines)
