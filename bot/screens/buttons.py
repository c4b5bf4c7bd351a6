"""What buttons carry: `v1:action:argument`, at most 64 bytes.

Anybody can send any data, so it holds ids and choices only, and every press is authorised anew.
"""

from __future__ import annotations

from bot.words.messages import Button

MAX_BYTES = 64
VERSION = "v1"

SPEAK = "lang"  # argument: language code, then ":" and the screen to show in it unless it is the first
WATCHES = "list"  # page
REMOVE = "rm"  # watch id
WATCH_THIS = "add"  # nothing: the words stand in the message
OUTLETS = "outlets"  # page
CRAWL = "crawl"  # outlet id
HELP = "help"


def button(label: str, action: str, argument: str | int = "") -> Button:
    data = f"{VERSION}:{action}:{argument}"
    assert len(data.encode()) <= MAX_BYTES
    return Button(label, data=data)


def read(data: str) -> tuple[str, str] | None:
    """(action, argument) of a pressed button; None for one that is not of this version."""
    version, _, rest = data.partition(":")
    action, _, argument = rest.partition(":")
    return (action, argument) if version == VERSION else None


def number(argument: str, default: int = -1) -> int:
    """The argument as a number that a row id may be; `default` for anything else."""
    return int(argument) if argument.isascii() and argument.isdecimal() and len(argument) < 19 else default
