"""Messages that may not have arrived, or did not, from the shell: listed, looked at, sent again, given up."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated

import typer

from monitors.alerts import DeliveryState
from monitors.cli import load_settings, show, show_json
from monitors.commands.asking import JsonOption
from monitors.errors import NotFound, UsageError

Delivery = Annotated[int, typer.Argument(metavar="NUMBER", help="A message's number, as list shows it.")]


def register(app: typer.Typer) -> None:
    outbox = typer.Typer(
        no_args_is_help=True,
        help="Messages that may not have arrived, or did not.",
    )
    for name, command in (("list", list_), ("show", show_one), ("again", again), ("give-up", give_up_one)):
        outbox.command(name)(command)
    app.add_typer(outbox, name="outbox")


def list_(
    limit: Annotated[int, typer.Option(min=1, help="At most so many of each kind.")] = 50, as_json: JsonOption = False
) -> None:
    """List such messages. Uncertain: sent again by itself; unconfirmed: nobody knows; undeliverable: refused."""
    from monitors.opening import open_ready
    from monitors.storage.queues import TROUBLES, count_troubled, troubled

    with open_ready(load_settings()) as database:
        counted = database.read_now(count_troubled)
        found = [one for state in TROUBLES for one in database.read_now(troubled, state, first=0, limit=limit)]
    if as_json:
        show_json([asdict(one) for one in found])
        return
    if not found:
        show("Nothing is in trouble.")
        return
    show(", ".join(f"{count} {state}" for state, count in sorted(counted.items())))
    for one in found:
        whom = one.chat or one.telegram_chat_id
        what = one.kind if one.title is None else f"{one.kind} “{' '.join(one.title.split())}”"
        show(f"{one.id}  {one.state}  {what} for {whom}, {one.created_at:%Y-%m-%d %H:%M} UTC: {one.error or ''}")


def show_one(number: Delivery, as_json: JsonOption = False) -> None:
    """Show one of them."""
    from monitors.opening import open_ready
    from monitors.storage.queues import find_troubled

    with open_ready(load_settings()) as database:
        one = database.read_now(find_troubled, number)
    if one is None:
        raise _none(number)
    if as_json:
        show_json(asdict(one))
        return
    for name, value in asdict(one).items():
        show(f"{name:17} {value}")


def again(number: Delivery) -> None:
    """Send one again. One that may have arrived is marked as a possible repeat."""
    from monitors.opening import open_ready
    from monitors.storage.queues import find_troubled, send_again

    with open_ready(load_settings()) as database:
        if database.read_now(find_troubled, number) is None:
            raise _none(number)
        if not database.write_now(send_again, number):
            raise UsageError(
                f"Message {number} cannot be sent now: its chat cannot be reached, or it is sent again by itself.",
                hint="Wait until the chat is back, or give it up.",
            )
    show(f"Message {number} is sent again.")


def give_up_one(
    number: Annotated[int | None, typer.Argument(metavar="NUMBER", help="A message's number.")] = None,
    every: Annotated[
        DeliveryState | None, typer.Option("--all", metavar="STATE", help="All that are in this state.")
    ] = None,
) -> None:
    """Give one up, or all in a state. It is not told, and is no trouble any more."""
    from monitors.opening import open_ready
    from monitors.storage.queues import TROUBLES, give_up

    if (number is None) == (every is None):
        raise UsageError("Give a number, or --all with a state.", hint="For example: --all undeliverable")
    if every is not None and every not in TROUBLES:
        raise UsageError(f"“{every}” is no trouble.", hint=f"One of: {', '.join(TROUBLES)}.")
    which = every if every is not None else number
    assert which is not None
    with open_ready(load_settings()) as database:
        ended = database.write_now(give_up, which, now=datetime.now(UTC))
    if number is not None and not ended:
        raise _none(number)
    show(f"{ended} given up.")


def _none(number: int) -> NotFound:
    return NotFound(f"No message {number} is in trouble.", hint="See: rasid outbox list")
