"""Articles kept to be read again."""

from __future__ import annotations

from bot.screens.paging import PER_PAGE, page_buttons
from bot.visits import Answer, Visit, in_place, refusal, say, shown
from bot.words.addresses import host_of, linkable
from bot.words.buttons import LET_GO, SAVED, button, home, in_rows, number
from bot.words.messages import Message
from bot.words.text import Foreign, Styled, direction_mark, shorten
from monitors.storage.saved import let_go, saved_in

MAX_TITLE = 160
MOST_PAGES = 100_000
"""More than anybody has; the place of an article on any of them is a number that databases take."""
_PER_ROW = 5


def saved_list(visit: Visit, page: int = 0) -> Message:
    """What was saved here, last first: titles that lead to the articles, and a button to let each go."""
    speech = visit.voice
    page = min(max(page, 0), MOST_PAGES)
    some, total = saved_in(visit.connection, visit.chat.id, first=page * PER_PAGE, limit=PER_PAGE)
    if not some and page:
        return saved_list(visit, (total - 1) // PER_PAGE if total else 0)
    builder = visit.builder()
    if not some:
        builder.line(speech.say("Nothing is saved here yet. Press ⋯ under an alert, and then Save."))
        return Message(builder.build(), ((home(speech),),))
    title = speech.count("{n} saved article", "{n} saved articles", total).replace("{n}", str(total))
    builder.line("{title}", title=Styled(title, ("bold",)))
    first = page * PER_PAGE + 1
    for place, article in enumerate(some, first):
        shown_as = shorten(article.title.strip() or speech.say("(no title)"), MAX_TITLE)
        builder.start_line(direction_mark(shown_as)).add(f"{place}. ")
        builder.add_foreign(shown_as, url=linkable(article.url))
        builder.line("{outlet} · ", outlet=Foreign(shorten(article.outlet_name, 60))).add_foreign(host_of(article.url))
    gone = [
        button(speech.say("Remove {n}").replace("{n}", str(place)), LET_GO, article.id)
        for place, article in enumerate(some, first)
    ]
    rows = in_rows(speech, gone, _PER_ROW)
    pages = page_buttons(speech, SAVED, page, total)
    return Message(builder.build(), (*rows, *pages, (home(speech),)))


def _let_go(visit: Visit, article_id: str) -> Answer:
    if (refused := refusal(visit)) is not None:
        return refused
    let_go(visit.connection, visit.chat.id, number(article_id))
    return say(in_place(visit, saved_list(visit)), toast=visit.voice.say("Not saved any more."))


COMMANDS = {"saved": lambda visit, _: say(saved_list(visit))}
PRESSES = {SAVED: shown(lambda visit, argument: saved_list(visit, number(argument, 0))), LET_GO: _let_go}
