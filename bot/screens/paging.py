"""Long lists, a page at a time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from bot.words.buttons import button, ordered
from bot.words.language import Voice
from bot.words.messages import Keyboard

T = TypeVar("T")

PER_PAGE = 10


def page_of(items: Sequence[T], page: int) -> tuple[int, Sequence[T], int]:
    """(the page's number, its items, the number of its first item from 0); a page that is not there is the last."""
    last = max((len(items) - 1) // PER_PAGE, 0)
    page = min(max(page, 0), last)
    return page, items[page * PER_PAGE : (page + 1) * PER_PAGE], page * PER_PAGE


def page_buttons(speech: Voice, action: str, page: int, total: int, *, of: str = "") -> Keyboard:
    """A row to the pages before and after; none when all is on one page. `of` stands before the page in the data."""
    row = []
    if page > 0:
        row.append(button(speech.say("Previous"), action, f"{of}{page - 1}"))
    if (page + 1) * PER_PAGE < total:
        row.append(button(speech.say("Next"), action, f"{of}{page + 1}"))
    return (ordered(speech, row),) if row else ()
