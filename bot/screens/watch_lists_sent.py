"""Lists of watches that somebody sends as a file: what they hold and would bring is shown, and added when they say so.

Nothing of the file is kept: the buttons name the update that brought it, and it is fetched and read again.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from bot.screens.trying import main_list
from bot.visits import Answer, Document, Glance, Limited, Visit, by_right, in_place, say, to_watches
from bot.words.buttons import ADD_FILE, LIST, apart, button, label_of, number
from bot.words.files import MOST_ROWS, add_bad_rows, add_trial_of_many, form_words
from bot.words.language import Voice
from bot.words.messages import Button, Keyboard, Message
from bot.words.naming import list_name
from bot.words.text import Foreign, TextBuilder, shorten
from monitors.errors import RasidError, UsageError
from monitors.query.language.grammar import parse
from monitors.storage.engine import Connection
from monitors.storage.watches import Admitted, add_watches, admit
from monitors.storage.watchlists import watchlists_of
from monitors.text.cleaning import one_line
from monitors.trying import TrialOfMany, try_many
from monitors.watch_files import WatchFile, format_to_read, read_watches, watchlist_name
from monitors.watchlists import DEFAULT_WATCHLIST, Watchlist

MOST_LINES = 5_000
"""Of a file that is read while somebody waits; a guess at far more than anybody sends."""
_MOST_LISTS = 8

# Where its watches go that name no list themselves, as buttons say it: a list by its id, or as here.
_CAPTION, _FILE, _NOWHERE = "c", "n", "x"


@dataclass(frozen=True, slots=True)
class Read:
    """A file that was read, or why it cannot be; what becomes of its watches, and what the new ones would have brought
    together."""

    file: WatchFile | None
    admitted: Admitted = field(default_factory=Admitted)
    trial: TrialOfMany | None = None
    too_long: bool = False


def look_at_file(glance: Glance) -> Read | None:
    document = glance.document
    if document is None:
        return None
    lists = watchlists_of(glance.connection, glance.chat.id)
    read = _read(glance, document, _usual_list(document, lists))
    named = {one.name: one for one in lists}
    wanted = [(parse(watch.query), named.get(watch.watchlist)) for watch in read.admitted.new]
    return replace(read, trial=try_many(glance.connection, wanted, now=glance.now) if wanted else None)


def _read(glance: Glance, document: Document, watchlist: str) -> Read:
    content = document.content or b""
    if content.count(b"\n") + content.count(b"\r") - content.count(b"\r\n") > MOST_LINES:
        return Read(None, too_long=True)
    try:
        file = read_watches(content, format_to_read(document.name), watchlist=watchlist, explained=MOST_ROWS)
    except RasidError:
        return Read(None)
    return Read(file, admitted_of(glance.connection, glance.chat.id, file, glance))


def admitted_of(connection: Connection, chat_id: int, file: WatchFile, limited: Limited) -> Admitted:
    """What would become of the file's watches."""
    wanted = [watch for _, watch in file.watches]
    return admit(connection, chat_id, wanted, most=limited.most_watches, most_lists=limited.most_lists)


def _usual_list(document: Document, lists: list[Watchlist]) -> str:
    """Where the watches go that name no list, as far as it can be told: the list of the caption, or the only one."""
    return _captioned(document) or (lists[0].name if len(lists) == 1 else DEFAULT_WATCHLIST)


def _captioned(document: Document) -> str | None:
    try:
        return watchlist_name(document.caption) if one_line(document.caption) else None
    except UsageError:  # a caption that long is no name
        return None


def _called(document: Document) -> str:
    """A list that is named after the file."""
    stem = one_line(document.name.rpartition(".")[0].replace("_", " "))
    return shorten(stem, 60) or DEFAULT_WATCHLIST


def watches_sent(visit: Visit, document: Document) -> Answer:
    speech, read = visit.voice, visit.seen
    assert isinstance(read, Read)
    lists = watchlists_of(visit.connection, visit.chat.id)
    builder = visit.builder().line("📄 {file}", file=Foreign(shorten(document.name, 100), ("bold",)))
    if read.file is None:
        why = speech.say("It has more than 5,000 lines. Please send it in parts.") if read.too_long else None
        builder.line("{why}", why=why or form_words(document.name, speech))
        return say(Message(builder.build()))
    if (captioned := _captioned(document)) is not None:
        builder.line(speech.say("In the watchlist {name}."), name=Foreign(captioned, ("bold",)))
    new = read.admitted.new
    add_counts(builder, read.admitted, speech)
    add_bad_rows(builder, read.file.bad, speech)
    if read.trial is not None:
        add_trial_of_many(builder, read.trial, [watch.query for watch in new], speech)
    return say(Message(builder.build(), _deciding(visit, document, read.file, lists) if new else _to_watches(visit)))


def add_counts(builder: TextBuilder, admitted: Admitted, speech: Voice) -> None:
    """How many watches there are, and would be added."""
    new, held, left = len(admitted.new), len(admitted.held), len(admitted.without_room)
    builder.line(speech.count("{n} watch can be added.", "{n} watches can be added.", new), n=new)
    if held:
        builder.line(speech.count("{n} was there already.", "{n} were there already.", held), n=held)
    if left:
        builder.line(speech.count("For {n} watch there is no room.", "For {n} watches there is no room.", left), n=left)


def _deciding(visit: Visit, document: Document, file: WatchFile, lists: list[Watchlist]) -> Keyboard:
    speech = visit.voice
    captioned = _captioned(document)
    rows: list[tuple[Button, ...]] = []
    if captioned is not None or not file.unplaced:
        rows.append((_to(document, speech.say("Add"), _CAPTION),))
    else:
        places = [(one.name, one.id) for one in lists[:_MOST_LISTS]] or [(DEFAULT_WATCHLIST, 0)]
        for name, where in places:
            rows.append((_to(document, label_of(list_name(name, speech), "＋ "), str(where)),))
        if _called(document) not in {one.name for one in lists}:
            label = label_of(_called(document), f"＋ {speech.say('New list')}: ")
            rows.append((_to(document, label, _FILE),))
    return (*rows, (_to(document, speech.say("Not now"), _NOWHERE),))


def _to(document: Document, label: str, where: str) -> Button:
    return button(label, ADD_FILE, f"{document.update_id}:{where}")


def _to_watches(visit: Visit) -> Keyboard:
    return ((apart(to_watches(visit)),),)


def sent_in(argument: str) -> int | None:
    """The number of the update that brought the file, if it is needed."""
    update_id, _, where = argument.partition(":")
    return None if where == _NOWHERE or number(update_id) < 0 else number(update_id)


def _decided(visit: Visit, argument: str) -> Answer:
    speech = visit.voice
    _, _, where = argument.partition(":")
    if where == _NOWHERE:
        nothing = visit.builder().line(speech.say("Nothing was saved.")).build()
        return say(in_place(visit, Message(nothing, _to_watches(visit))))
    document = visit.document
    if document is None or not document.content:
        return Answer(toast=speech.say("I cannot get this file any more. Please send it again."))
    read = visit.seen
    if not isinstance(read, Read) or read.file is None:
        return Answer(toast=speech.say("It is not there any more."))
    visit.sets_up()
    added = add_watches(
        visit.connection,
        visit.chat.id,
        read.admitted.new,
        now=visit.now,
        most=visit.most_watches,
        most_lists=visit.most_lists,
    )
    builder, new = visit.builder(), len(added.watches)
    builder.line(speech.count("{n} watch was added.", "{n} watches were added.", new), n=new)
    if left := len(read.admitted.without_room) + len(added.without_room):
        builder.line(speech.count("For {n} watch there is no room.", "For {n} watches there is no room.", left), n=left)
    rows = [
        (apart(button(label_of(list_name(one.name, speech)), LIST, f"{one.id}:0")),)
        for one in _lists_of(visit.connection, visit.chat.id, {watch.watchlist_id for watch in added.watches})
    ]
    return say(in_place(visit, Message(builder.build(), (*rows[:_MOST_LISTS], *_to_watches(visit)))))


def _look_at_decided(glance: Glance, argument: str) -> Read | None:
    """The file again, for the list that a button chose; None when one of them is gone."""
    _, _, where = argument.partition(":")
    document = glance.document
    if document is None or not document.content or where == _NOWHERE:
        return None
    name = _place(glance.connection, glance.chat.id, document, where)
    return None if name is None else _read(glance, document, name)


def _place(connection: Connection, chat_id: int, document: Document, where: str) -> str | None:
    """The name of the list that a button chose; None when it is gone."""
    if where == _CAPTION:
        return _captioned(document) or DEFAULT_WATCHLIST
    if where == _FILE:
        return _called(document)
    if where == "0":
        return main_list(connection, chat_id).name
    return next((one.name for one in watchlists_of(connection, chat_id) if one.id == number(where)), None)


def _lists_of(connection: Connection, chat_id: int, ids: set[int]) -> list[Watchlist]:
    return [one for one in watchlists_of(connection, chat_id) if one.id in ids]


PRESSES = {ADD_FILE: by_right(_decided)}
LOOKS = {ADD_FILE: _look_at_decided}
