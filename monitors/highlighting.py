"""Articles on a terminal: matched words coloured, lines wrapped between words.

In a file or a pipe «» mark what matched, and nothing is wrapped. Terminals order mixed text by themselves, and many
show direction marks as boxes; none are written.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from monitors.snippets import Segment
from monitors.text.cleaning import clean

_INDENT = 2
_BLANKS = re.compile(r"\s+")


def standard_output() -> Console:
    """Where text is shown as it is: nothing in it is taken for markup, a number or an emoji."""
    return Console(file=sys.stdout, highlight=False, emoji=False, markup=False)


def highlighted(pieces: Iterable[Segment], *, coloured: bool, style: str = "") -> Text:
    """The pieces as one line."""
    line = Text(style=style)
    for piece in pieces:
        words = _BLANKS.sub(" ", clean(piece.text))
        if piece.matched:
            line.append(words if coloured else f"«{words}»", "bold yellow")
        else:
            line.append(words)
    return line


def print_item(console: Console, lines: Iterable[Text]) -> None:
    """The lines, all but the first indented, and an empty one. Those with `no_wrap` are never wrapped."""
    for number, line in enumerate(lines):
        indent = _INDENT if number else 0
        if console.is_terminal and not line.no_wrap:
            console.print(Padding(line, (0, 0, 0, indent)))
        else:
            console.print(Text(" " * indent) + line, soft_wrap=True)
    console.print()
