"""Commands that need neither the web nor Telegram, a file for each subject."""

from __future__ import annotations

import typer

from monitors.commands import explaining, matching, operating, outbox, search, watches


def register(app: typer.Typer) -> None:
    for subject in (operating, outbox, watches, search, matching, explaining):
        subject.register(app)
