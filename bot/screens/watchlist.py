"""The watches of a chat: seen, added, removed."""

from __future__ import annotations

from collections.abc import Sequence

from bot.screens.paging import page_buttons, page_of
from bot.screens.welcome import example
from bot.visits import Answer, Visit, in_place, outdated, refusal, say, shown
from bot.words.buttons import REMOVE, WATCH_THIS, WATCHES, button, number, ordered
from bot.words.language import Voice
from bot.words.messages import Message
from bot.words.queries import query_in_words
from bot.words.query_errors import add_query_error
from bot.words.text import Foreign, Styled, TextBuilder, shorten
from monitors.errors import NotFound, Overburdened, QueryError, UsageError
from monitors.query.language.grammar import parse
from monitors.storage.watchlists import add_watch, list_watches, remove_watch
from monitors.text.cleaning import clean, one_line
from monitors.watchlists import Watch, WatchState

MAX_SHOWN = 120
MAX_LINES = 100
"""Code points of a watch in a list; watches added at once."""
_PER_ROW = 5


def watch_command(visit: Visit, arguments: str) -> Answer:
    """`/watch`, `/watch list`, `/watch add …`, `/watch remove …`; anything else after it is to be watched.

    Whatever the chat's language, the verbs are understood in both, and as people guess them.
    """
    verb, rest = (*arguments.split(maxsplit=1), "", "")[:2]
    match verb.lower():
        case "" | "list" | "قائمة" if not rest:
            return say(watch_list(visit))
        case "add" | "أضف" | "اضف":
            return add(visit, rest)
        case "remove" | "delete" | "del" | "rm" | "احذف" | "حذف":
            return remove(visit, rest)
        case _:
            return add(visit, arguments)


def watch_list(visit: Visit, page: int = 0) -> Message:
    """The chat's watches, numbered, with a button to remove each."""
    speech = visit.voice
    watches = list_watches(visit.connection, visit.chat.id)
    builder = visit.builder()
    if not watches:
        builder.line(speech.say("Nothing is watched here yet. Add a watch, for example:"))
        builder.line("{example}", example=Foreign(example(speech), ("code",)))
        return Message(builder.build())
    title = speech.count("{n} watch", "{n} watches", len(watches)).replace("{n}", str(len(watches)))
    builder.line("{title}", title=Styled(title, ("bold",)))
    page, shown, before = page_of(watches, page)
    _add_numbered(builder, shown, before, speech)
    removals = [
        button(speech.say("Remove {n}").replace("{n}", str(place)), REMOVE, watch.id)
        for place, watch in enumerate(shown, before + 1)
    ]
    rows = tuple(ordered(speech, removals[at : at + _PER_ROW]) for at in range(0, len(removals), _PER_ROW))
    return Message(builder.build(), rows + page_buttons(speech, WATCHES, page, len(watches)))


def add(visit: Visit, text: str) -> Answer:
    """Adds a watch for each line; says for each that cannot be understood what is wrong with it."""
    if (refused := refusal(visit)) is not None:
        return refused
    lines = [line for line in (one_line(line) for line in clean(text).split("\n")) if line]
    builder = visit.builder()
    if not lines:
        builder.line(visit.voice.say("What shall I watch? Write it after the command, for example:"))
        builder.line("{example}", example=Foreign(example(visit.voice), ("code",)))
        return say(Message(builder.build()))
    added = sum(_add_one(visit, line, builder) for line in lines[:MAX_LINES])
    if len(lines) > MAX_LINES:
        left = len(lines) - MAX_LINES
        builder.line(visit.voice.count("{n} line was left out.", "{n} lines were left out.", left), n=left)
    row = (button(visit.voice.say("My watches"), WATCHES, 0),)
    return say(Message(builder.build(), (row,) if added else ()))


def remove(visit: Visit, wanted: str) -> Answer:
    """Removes the watch of this number in the list, or of these words."""
    if (refused := refusal(visit)) is not None:
        return refused
    wanted = one_line(wanted)
    watch = _wanted(list_watches(visit.connection, visit.chat.id), wanted)
    if watch is None:
        builder = visit.builder()
        if wanted:
            builder.line(
                visit.voice.say("There is no watch {wanted} here."),
                wanted=Foreign(shorten(wanted, MAX_SHOWN), ("bold",)),
            )
        builder.line(visit.voice.say("Choose by number what to remove:"))
        return say(Message(builder.build()), watch_list(visit))
    remove_watch(visit.connection, visit.chat.id, str(watch.id), now=visit.now)
    return say(_removed(visit, watch))


def remove_pressed(visit: Visit, watch_id: str) -> Answer:
    """The button beside a watch: the list changes in place, and a message offers to take it back."""
    if (refused := refusal(visit)) is not None:
        return Answer(toast=refused.toast)
    try:
        watch = remove_watch(visit.connection, visit.chat.id, watch_id, now=visit.now)
    except NotFound:
        return Answer(toast=visit.voice.say("It has already been removed."))
    return say(
        in_place(visit, watch_list(visit)),
        _removed(visit, watch),
        toast=visit.voice.say("Removed."),
    )


def _add_one(visit: Visit, line: str, builder: TextBuilder) -> bool:
    speech = visit.voice
    words = Foreign(shorten(line, MAX_SHOWN), ("bold",))
    try:
        query = parse(line)
        most = visit.limits.watches_per_chat if visit.limits is not None else None
        _, new = add_watch(visit.connection, visit.chat.id, line, now=visit.now, most=most)
    except QueryError as error:
        builder.line(speech.say("I cannot watch {words}:"), words=words)
        add_query_error(builder, error, speech)
        return False
    except Overburdened:
        builder.line(
            speech.say("There is no room for {words}: your watches have all the expressions, stars and NEAR they may."),
            words=words,
        )
        return False
    except UsageError:
        builder.line(speech.say("There is no room for {words}: remove a watch first."), words=words)
        return False
    if new:
        builder.line(speech.say("✅ From now on I watch {words}."), words=words)
    else:
        builder.line(speech.say("I am already watching {words}."), words=words)
    meaning = query_in_words(query, speech)
    if meaning:
        builder.line(speech.say("That is: {meaning}."), meaning=Foreign(meaning))
    return True


def _wanted(watches: Sequence[Watch], wanted: str) -> Watch | None:
    for watch in watches:
        if watch.query == wanted:
            return watch
    if wanted.isdecimal() and len(wanted) < 10 and 1 <= int(wanted) <= len(watches):
        return watches[int(wanted) - 1]
    folded = [watch for watch in watches if watch.query.casefold() == wanted.casefold()]
    return folded[0] if len(folded) == 1 else None


def _removed(visit: Visit, watch: Watch) -> Message:
    speech = visit.voice
    builder = visit.builder().line(speech.say("I no longer watch this:"))
    builder.line("{words}", words=Foreign(watch.query, ("code",)))
    return Message(builder.build(), ((button(speech.say("Undo"), WATCH_THIS),),))


def _add_numbered(builder: TextBuilder, watches: Sequence[Watch], before: int, speech: Voice) -> None:
    for place, watch in enumerate(watches, before + 1):
        words = Foreign(shorten(watch.query, MAX_SHOWN))
        if watch.state is WatchState.PAUSED:
            builder.line("{number}. ⏸ {paused}: {words}", number=place, paused=speech.say("paused"), words=words)
        else:
            builder.line("{number}. {words}", number=place, words=words)


def _watch_this(visit: Visit, _: str) -> Answer:
    """The words to be watched stand in the message."""
    if not visit.quoted:
        return outdated(visit)
    return add(visit, visit.quoted)


COMMANDS = {"watch": watch_command}
PRESSES = {
    WATCHES: shown(lambda visit, argument: watch_list(visit, number(argument, 0))),
    REMOVE: lambda visit, argument: remove_pressed(visit, str(number(argument))),
    WATCH_THIS: _watch_this,
}
