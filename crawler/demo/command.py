"""The command `rasid demo`."""

from __future__ import annotations

import signal

import typer

from monitors.errors import RasidError


def register(app: typer.Typer) -> None:
    app.command("demo")(demo)


def demo() -> None:
    """Show the main job offline. A local outlet publishes, watchlists match, the terminal alerts. Ends by itself."""
    import asyncio

    from rich.console import Console

    from crawler.demo.show import play

    async def until_done_or_told() -> bool:
        task = asyncio.current_task()
        assert task is not None
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
        return await play(Console(highlight=False, soft_wrap=True))

    try:
        complete = asyncio.run(until_done_or_told())
    except asyncio.CancelledError:
        raise typer.Exit(143) from None
    if not complete:
        raise RasidError("The demo did not bring exactly the alerts it should.", hint="See the summary above.")
