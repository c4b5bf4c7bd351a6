"""The show: an outlet publishes, the real service follows it, is even killed on the way, and every alert arrives.

Nothing is special-cased: the outlet is added by its address, watches by their words, with the commands a person
would use, and `rasid run` runs as it always does. Only a folder of its own and a permission to visit this machine's
loopback address are set, through the environment.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import shlex
import signal
import sys
import tempfile
import time
import tomllib
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape

from crawler.demo.outlet import DemoOutlet
from monitors.chats import CONSOLE, Chat, Transport
from monitors.environment import variable_of
from monitors.errors import RasidError
from monitors.settings_file import load
from monitors.storage.alerts import sent_alerts
from monitors.storage.chats import find_chat, list_chats
from monitors.storage.engine import Database, open_database, parse_url
from monitors.storage.statistics import Status, read_status

POLL_S = 1
PAUSE_S = 1.8
"""Between two articles: enough to watch one arrive before the next is published."""

WAIT_S = 20.0
"""How long what is under way may take at the end, and how long somebody has to write to the bot."""


@dataclass(frozen=True, slots=True)
class Stage:
    """Where the show happens."""

    outlet: DemoOutlet
    content: Mapping[str, Any]
    folder: Path
    environment: Mapping[str, str]
    console: Console


async def play(console: Console) -> bool:
    """Plays the show; whether every alert came exactly as it should."""
    content = tomllib.loads(files("crawler.demo").joinpath("articles.toml").read_text(encoding="utf-8"))
    outlet = DemoOutlet(content["outlet"]["name"], content["outlet"]["tagline"])
    with tempfile.TemporaryDirectory(prefix="rasid-demo-") as folder:
        async with outlet.serving() as port:
            stage = Stage(outlet, content, Path(folder), _environment(Path(folder), port), console)
            for piece in content["before"]:
                outlet.publish(piece["title"], piece["category"], piece["author"], piece["paragraphs"])
            return await _play(stage)


async def _play(stage: Stage) -> bool:
    said, content = stage.console.print, stage.content
    said(f"[bold]A small daily goes online at {stage.outlet.home_url}[/] with {len(content['before'])} articles.\n")
    await _rasid(stage, "outlet", "add", stage.outlet.home_url)
    for name, queries in content["watchlists"].items():
        for query in queries:
            await _rasid(stage, "watch", "add", query, "--watchlist", name)
    said("\n[bold]Now the real service runs, and the daily publishes while it watches.[/]")
    published = 0
    try:
        with open_database(parse_url(stage.environment[variable_of("storage.url")], base=stage.folder)) as database:
            async with _service(stage) as service:
                await _join_telegram(stage, database)
                half = len(content["published"]) // 2
                published += await _publish(stage, 0, half)
                await _settled(stage, database, published)
                said("\n[bold]Pulling the plug[/] (kill -9 of the whole service), and publishing meanwhile …")
                await _kill(service)
                published += await _publish(stage, half, half + 1)
            async with _service(stage):
                said("… and starting it again.")
                published += await _publish(stage, half + 1, len(content["published"]))
                await _settled(stage, database, published)
            return _summary(stage, database, published)
    except asyncio.CancelledError:
        said("\nInterrupted; the service is stopped and its files are gone.")
        raise


async def _publish(stage: Stage, start: int, end: int) -> int:
    pieces = stage.content["published"]
    for number, piece in enumerate(pieces[start:end], start + 1):
        await asyncio.sleep(PAUSE_S)
        stage.outlet.publish(piece["title"], piece["category"], piece["author"], piece["paragraphs"])
        stage.console.print(f"[dim]published {number}/{len(pieces)}:[/] {escape(piece['title'])}")
    await asyncio.sleep(PAUSE_S)
    return end - start


async def _settled(stage: Stage, database: Database, published: int) -> None:
    """Waits until everything published has been found, decided and told."""
    deadline = time.monotonic() + WAIT_S
    while time.monotonic() < deadline:
        status = database.read_now(read_status, now=datetime.now(UTC))
        known = len(stage.content["before"]) + published
        if sum(status.articles.values()) >= known and status.is_idle:
            return
        await asyncio.sleep(0.1)


def _summary(stage: Stage, database: Database, published: int) -> bool:
    status = database.read_now(read_status, now=datetime.now(UTC))
    wanted = sorted((piece["title"], query) for piece in stage.content["published"] for query in piece["expect"])
    complete = True
    stage.console.print("\n[bold]Summary[/]")
    for chat in _audience(database):
        alerts = database.read_now(sent_alerts, chat.id)
        told = sorted((alert.fields["title"], watch.query) for alert in alerts for watch in alert.watches)
        complete &= told == wanted
        verdict = "exactly those that should, each once" if told == wanted else f"but expected {wanted}, told {told}"
        stage.console.print(f"  alerts    {len(told)} ({chat.address.transport}): {escape(verdict)}")
    _numbers(stage, status, published)
    return complete


def _numbers(stage: Stage, status: Status, published: int) -> None:
    said, outlet = stage.console.print, stage.outlet
    said(f"  articles  {published} published while watching, {len(stage.content['before'])} before, in silence")
    said(f"  matches   {status.matches} of watches and articles")
    said(f"  polls     {outlet.polls}, of which {outlet.polls_unchanged} cost the server one line (304)")
    if status.median_delay_s is not None and status.p95_delay_s is not None:
        said(
            f"  delay     median {status.median_delay_s:.2f} s, p95 {status.p95_delay_s:.2f} s"
            " from the feed that listed an article to its alert (the kill included)"
        )


def _audience(database: Database) -> list[Chat]:
    console = database.read_now(find_chat, CONSOLE)
    return ([console] if console else []) + database.read_now(list_chats, Transport.TELEGRAM)


async def _join_telegram(stage: Stage, database: Database) -> None:
    """With a token, the same watches for the operators, or for whoever writes to the bot first."""
    telegram = load().telegram
    if telegram.token is None:
        return
    chats = list(telegram.admins)
    if not chats:
        stage.console.print(f"Telegram: write /start to your bot within {WAIT_S:.0f} s to get the same alerts there.")
        deadline = time.monotonic() + WAIT_S
        while not chats and time.monotonic() < deadline:
            await asyncio.sleep(0.2)
            chats = [chat.address.chat_id for chat in database.read_now(list_chats, Transport.TELEGRAM)]
    for chat in chats:
        for name, queries in stage.content["watchlists"].items():
            for query in queries:
                await _rasid(stage, "watch", "add", query, "--watchlist", name, "--chat", str(chat))


def _environment(folder: Path, port: int) -> dict[str, str]:
    ours = {
        "storage.url": f"sqlite:///{folder / 'rasid.db'}",
        "crawl.min_interval": str(POLL_S),
        "crawl.allow_addresses": "127.0.0.1/32",
        "crawl.ports": str(port),
        "log.level": "warning",
        "log.format": "human",
    }
    return dict(os.environ) | {variable_of(key): value for key, value in ours.items()}


async def _rasid(stage: Stage, *arguments: str) -> None:
    """Runs one command as a person would, and shows it."""
    shown = shlex.join(arguments)
    stage.console.print(f"[bold green]$[/] rasid {escape(shown)}")
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "monitors", *arguments, cwd=stage.folder, env=stage.environment
    )
    code = await process.wait()
    if code != 0:
        raise RasidError(f"rasid {shown} ended with exit code {code}.", hint="Its message stands above.")


@asynccontextmanager
async def _service(stage: Stage) -> AsyncIterator[asyncio.subprocess.Process]:
    """`rasid run` for the life of the block; ends it in order, as Ctrl-C would."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "monitors", "run", cwd=stage.folder, env=stage.environment, start_new_session=True
    )
    try:
        yield process
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.send_signal(signal.SIGTERM)
        await process.wait()


async def _kill(service: asyncio.subprocess.Process) -> None:
    """kill -9; its children end with it."""
    service.kill()
    await service.wait()
