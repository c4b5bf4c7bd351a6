"""Long lists, a page at a time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from bot.words.buttons import turning
from bot.words.language import Voice
from bot.words.messages import Keyboard

T = TypeVar("T")

PER_PAGE = 10


def page_of(items: Sequence[T], page: int, size: int = PER_PAGE) -> tuple[int, Sequence[T], int]:
    """(the page's number, its items, the number of its first item from 0); a page that is not there is the last."""
    last = max((len(items) - 1) // size, 0)
    page = min(max(page, 0), last)
    return page, items[page * size : (page + 1) * size], page * size


def page_buttons(speech: Voice, action: str, page: int, total: int, size: int = PER_PAGE, *, of: str = "") -> Keyboard:
    """A row to the pages before and after, of so many items."""
    return turning(speech, action, page, last=(total - 1) // size, of=of)
