"""Alerts told together, a page at a time (pure).

how many alerts
the watchlist
1. the title, matches underlined, leads to the article — the outlet · its host + who says the same
and each of its alerts a button away, with all its own buttons
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from bot.words.addresses import host_of, linkable
from bot.words.buttons import (
    DIGEST_ALERTS,
    DIGEST_PAGE,
    OPEN_ALERT,
    RULES,
    TIMES,
    apart,
    button,
    in_rows,
    ordered,
    turning,
)
from bot.words.composing import repeat_mark
from bot.words.language import Voice
from bot.words.messages import Button, Message, marked
from bot.words.naming import list_name
from bot.words.text import Foreign, Styled, TextBuilder, direction_mark, shorten
from monitors.alerts import Digest, DigestItem, DigestSection
from monitors.snippets import segments, united

PAGE_POINTS = 3_500
PAGE_ITEMS = 30
PAGE_ENTITIES = 95
"""What a page holds at most, its first lines included; Telegram shows 4096 code points and 100 entities."""

MAX_TITLE = 140
MAX_OUTLET = 40
MAX_NAME = 80
MAX_UNDERLINED = 2
FIRST_ALSO = 3
"""Other outlets of one report that are named."""
_PER_ROW = 5
LONG = 5
"""Alerts of one watchlist on a page from which on they are folded."""


@dataclass(frozen=True, slots=True)
class _Row:
    """An article with its number in the digest, counted from 1."""

    section: DigestSection
    item: DigestItem
    number: int


def compose_digest(
    digest: Digest, speech: Voice, page: int = 0, *, choosing: bool = False, in_channel: bool = False
) -> Message:
    """A page of the digest in the readers' language, counted from 0; one that is not there is the last. All pages of
    what may have been told before are marked.

    `choosing`: with a button for each of its alerts. `in_channel`: readers only turn pages.
    """
    message = _page(digest, speech, page, choosing=choosing, in_channel=in_channel)
    return marked(message, repeat_mark(speech)) if digest.repeats else message


def _page(digest: Digest, speech: Voice, page: int, *, choosing: bool, in_channel: bool) -> Message:
    pages = list(_pages(digest, speech))
    page = min(max(page, 0), len(pages) - 1)
    builder = _beginning(digest, speech, page, len(pages))
    _add_rows(builder, pages[page], speech)
    here = f"{digest.id}:{page}"
    if choosing:
        back = (button(speech.say("Back"), DIGEST_PAGE, here),)
        return Message(builder.build(), (*_number_buttons(pages[page], speech), back))
    rows = turning(speech, DIGEST_PAGE, page, last=len(pages) - 1, of=f"{digest.id}:")
    if in_channel:
        return Message(builder.build(), rows)
    last = (button(speech.say("🔔 One of them"), DIGEST_ALERTS, here), _times_button(digest, speech))
    return Message(builder.build(), (*rows, ordered(speech, last)))


def _number_buttons(rows: Sequence[_Row], speech: Voice) -> tuple[tuple[Button, ...], ...]:
    """Leads to each alert by the number that it has in the text."""
    numbers = [button(f"🔔 {row.number}", OPEN_ALERT, row.item.alert_id) for row in rows]
    return in_rows(speech, numbers, _PER_ROW)


def taken_name(name: str, speech: Voice, *, outlet: bool, number: int | None = None) -> str:
    """What people call what they take: a watchlist or an outlet, or, without a name, what was taken then."""
    if not name:
        return speech.say("Not followed any more")
    return name if outlet else list_name(name, speech, number)


def _pages(digest: Digest, speech: Voice) -> Iterator[list[_Row]]:
    """The articles, cut between two where a page is full. A digest has one page at least."""
    numbered = ((section, item) for section in digest.sections for item in section.items)
    empty = _size(_beginning(digest, speech, 0, 1000))
    page: list[_Row] = []
    size = empty
    for number, (section, item) in enumerate(numbered, 1):
        row = _Row(section, item, number)
        headed = not page or page[-1].section is not section
        added = _size_of(row, speech, headed=headed)
        if page and (len(page) == PAGE_ITEMS or not (size + added).fits):
            yield page
            page, size = [], empty
            added = _size_of(row, speech, headed=True)
        page.append(row)
        size += added
    yield page


@dataclass(frozen=True, slots=True)
class _Size:
    points: int
    entities: int

    def __add__(self, other: _Size) -> _Size:
        return _Size(self.points + other.points, self.entities + other.entities)

    @property
    def fits(self) -> bool:
        return self.points <= PAGE_POINTS and self.entities <= PAGE_ENTITIES


def _size(builder: TextBuilder) -> _Size:
    body = builder.build()
    return _Size(len(body.text), len(body.entities))


def _size_of(row: _Row, speech: Voice, *, headed: bool) -> _Size:
    """At most so much is added to a page: the line, its heading and a quote's edge, and the ends of lines."""
    builder = TextBuilder(right_to_left=speech.right_to_left)
    if headed:
        _add_heading(builder, row.section, speech)
    _add_row(builder, row, speech)
    return _size(builder) + _Size(3, int(headed))


def _beginning(digest: Digest, speech: Voice, page: int, pages: int) -> TextBuilder:
    builder = TextBuilder(right_to_left=speech.right_to_left)
    total = sum(len(section.items) for section in digest.sections)
    title = speech.count("📰 {n} alert", "📰 {n} alerts", total).replace("{n}", str(total))
    builder.line("{title}", title=Styled(title, ("bold",)))
    if pages > 1:
        builder.line(speech.say("Page {page} of {pages}"), page=page + 1, pages=pages)
    return builder


def _add_rows(builder: TextBuilder, rows: Iterable[_Row], speech: Voice) -> None:
    for _, grouped in groupby(rows, key=lambda row: id(row.section)):
        of_one = list(grouped)
        _add_heading(builder, of_one[0].section, speech)
        builder.start_line("")
        start = builder.here
        for index, row in enumerate(of_one):
            _add_row(builder, row, speech, first=index == 0)
        if len(of_one) >= LONG:
            builder.enclose(start, "expandable_blockquote")


def _add_heading(builder: TextBuilder, section: DigestSection, speech: Voice) -> None:
    name = taken_name(section.name, speech, outlet=section.whole_outlet, number=section.number)
    builder.line()
    builder.line("{name}", name=Foreign(shorten(name, MAX_NAME), ("bold",)))


def _add_row(builder: TextBuilder, row: _Row, speech: Voice, *, first: bool = False) -> None:
    """`first` where a line has been begun already."""
    title, url = shorten(row.item.title, MAX_TITLE), linkable(row.item.url)
    if not first:
        builder.start_line("")
    builder.add(direction_mark(title) or direction_mark(speech.say("(no title)"))).add(f"{row.number}. ")
    start = builder.here
    if title.strip():
        places = united([row.item.places], len(title))[:MAX_UNDERLINED]
        for piece in segments(title, places):
            builder.add_quoted(piece.text, *(("underline",) if piece.matched else ()))
    else:
        builder.add(speech.say("(no title)"))
    if url:
        builder.link(start, url)
    builder.add(" — ")
    if not row.section.whole_outlet:
        builder.add_foreign(shorten(row.item.outlet_name, MAX_OUTLET)).add(" · ")
    builder.add_foreign(host_of(row.item.url))
    for telling in row.item.also[:FIRST_ALSO]:
        builder.add(" + ").add_foreign(shorten(telling.outlet_name, MAX_OUTLET), url=linkable(telling.url))
    if len(row.item.also) > FIRST_ALSO:
        builder.add(f" + {len(row.item.also) - FIRST_ALSO}")


def _times_button(digest: Digest, speech: Voice) -> Button:
    """Leads to the rules that made this a digest; to all of the chat's when there are several."""
    label = speech.say("⏰ When and how")
    taken = {section.subscription_id for section in digest.sections}
    (only,) = taken if len(taken) == 1 else (None,)
    return apart(button(label, TIMES, 0) if only is None else button(label, RULES, only))
