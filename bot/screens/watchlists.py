"""The watchlists of a chat: all of them, one with its watches, and what is done to one as a whole."""

from __future__ import annotations

from collections.abc import Callable

from bot.screens.copying import copied
from bot.screens.hushed import hushed
from bot.screens.limited import add_limits
from bot.screens.paging import page_buttons, page_of
from bot.screens.saving import ask_for_words
from bot.screens.trying import target_in
from bot.visits import Answer, Visit, by_right, in_place, say, shown, to_watches
from bot.words.buttons import (
    ADD_TO,
    COPY_LIST,
    DELETE_LIST,
    EXPORT_LIST,
    HAVE_LIST_BACK,
    LIMITS,
    LIST,
    LIST_MORE,
    LISTS,
    NAME_LIST,
    NEW_LIST,
    REST_LIST,
    RULES,
    TAKEN,
    TOLD,
    WATCH,
    WATCHES,
    button,
    home,
    in_fitting_rows,
    label_of,
    number,
    ordered,
    watches_title,
)
from bot.words.messages import Button, Keyboard, Message
from bot.words.naming import list_name
from bot.words.text import Foreign, Styled, TextBuilder, shorten
from bot.words.watchlists import add_list_rests, example, resume_list
from monitors.errors import UsageError
from monitors.storage.shares import count_subscribers
from monitors.storage.subscriptions import subscriptions_of
from monitors.storage.watches import list_watches
from monitors.storage.watchlists import (
    counts_of,
    delete_watchlist,
    find_watchlist,
    pause_watchlist,
    restore_watchlist,
    resume_watchlist,
    watchlists_of,
)
from monitors.watchlists import FileFormat, Watch, Watchlist, WatchState

MAX_SHOWN = 120
"""Code points of a watch in a list."""


def watches_screen(visit: Visit, page: int = 0) -> Message:
    """What is watched here: of one watchlist its watches, of several the lists."""
    there = watchlists_of(visit.connection, visit.chat.id)
    return list_screen(visit, there[0], page) if len(there) == 1 else lists_screen(visit, page)


def lists_screen(visit: Visit, page: int = 0) -> Message:
    speech = visit.voice
    there = watchlists_of(visit.connection, visit.chat.id)
    counts = counts_of(visit.connection, visit.chat.id)
    builder = visit.builder()
    new = button(f"＋ {speech.say('New list')}", NEW_LIST)
    if not there:
        if _takes(visit):
            builder.line(speech.say("So far only watchlists of others come here. Add a watch, for example:"))
        else:
            builder.line(speech.say("Nothing is watched here yet. Add a watch, for example:"))
        builder.line("{example}", example=Foreign(example(speech), ("code",)))
        adding = ordered(speech, (button(f"＋ {speech.say('Add words')}", ADD_TO, 0), new))
        return Message(builder.build(), (adding, ordered(speech, _ways_out(visit))))
    builder.line("{title}", title=Styled(watches_title(speech, private=visit.private), ("bold",)))
    page, shown_now, _ = page_of(there, page)
    for one in shown_now:
        held = counts.get(one.id, 0)
        count = speech.count("{n} watch", "{n} watches", held).replace("{n}", str(held))
        paused = "" if one.paused_at is None else f" ⏸ {speech.say('paused')}"
        builder.line("▪️ {name} · {count}{paused}", name=called(one, visit), count=count, paused=paused)
    rows = tuple((button(label_of(list_name(one.name, speech)), LIST, f"{one.id}:0"),) for one in shown_now)
    return Message(
        builder.build(),
        (*rows, *page_buttons(speech, LISTS, page, len(there)), (new,), ordered(speech, _ways_out(visit))),
    )


def list_screen(visit: Visit, watchlist: Watchlist, page: int = 0) -> Message:
    """The watches of one list, each a button, and what can be done with the list.

    Watches are numbered through all lists of the chat, as `/watch remove` names them.
    """
    speech = visit.voice
    numbered = enumerate(list_watches(visit.connection, visit.chat.id), 1)
    watches = [each for each in numbered if each[1].watchlist_id == watchlist.id]
    builder = visit.builder()
    title = speech.count("{n} watch", "{n} watches", len(watches)).replace("{n}", str(len(watches)))
    builder.line("{name} · {title}", name=called(watchlist, visit), title=title)
    if watchlist.paused_at is not None:
        add_list_rests(builder, speech)
        if (others := count_subscribers(visit.connection, watchlist.id)) > 0:
            words = speech.count(
                "It rests for {n} chat that subscribes, too.", "It rests for {n} chats that subscribe, too.", others
            )
            builder.line(words, n=others)
    add_limits(builder, visit, watchlist)
    hush = hushed(visit, frozenset(watch.id for _, watch in watches))
    hush.add_to(builder, visit)
    page, shown_now, _ = page_of(watches, page)
    for place, watch in shown_now:
        _add_numbered(builder, place, watch, visit, muted=watch.id in hush.watches)
    labels = [button(label_of(watch.query, f"{place} · "), WATCH, watch.id) for place, watch in shown_now]
    rows = in_fitting_rows(speech, labels)
    pages = page_buttons(speech, LIST, page, len(watches), of=f"{watchlist.id}:")
    return Message(builder.build(), (*rows, *pages, *hush.way_out(visit), *_of_list(visit, watchlist)))


def _of_list(visit: Visit, watchlist: Watchlist) -> Keyboard:
    speech = visit.voice
    taken = subscriptions_of(visit.connection, visit.chat.id)
    own = next((one for one in taken if one.watchlist_id == watchlist.id), None)
    adding = (
        button(f"＋ {speech.say('Add words')}", ADD_TO, watchlist.id),
        button(speech.say("Limits"), LIMITS, watchlist.id),
    )
    telling = [button(speech.say("Where alerts go"), TOLD, watchlist.id)]
    if own is not None:
        telling.insert(0, button(speech.say("When and how"), RULES, own.id))
    more = (button(f"⋯ {speech.say('More')}", LIST_MORE, watchlist.id), button(speech.say("All lists"), LISTS, 0))
    resuming = [] if watchlist.paused_at is None else [(resume_list(speech, watchlist.id),)]
    return tuple(ordered(speech, row) for row in (*resuming, adding, telling, more, _ways_out(visit)))


def _add_numbered(builder: TextBuilder, place: int, watch: Watch, visit: Visit, *, muted: bool) -> None:
    words = Foreign(shorten(watch.query, MAX_SHOWN))
    if watch.state is WatchState.PAUSED:
        paused = visit.voice.say("paused")
        builder.line("{number}. ⏸ {paused}: {words}", number=place, paused=paused, words=words)
    elif muted:
        builder.line("{number}. 🔇 {muted}: {words}", number=place, muted=visit.voice.say("muted"), words=words)
    else:
        builder.line("{number}. {words}", number=place, words=words)


def more_screen(visit: Visit, watchlist: Watchlist) -> Message:
    speech = visit.voice
    builder = visit.builder().line("{name}", name=called(watchlist, visit))
    if (others := count_subscribers(visit.connection, watchlist.id)) > 0:
        builder.line(speech.count("{n} chat subscribes to it.", "{n} chats subscribe to it.", others), n=others)
    builder.line(speech.say("What shall be done with the whole list?"))
    rests = watchlist.paused_at is not None
    naming = (
        button(speech.say("Rename"), NAME_LIST, watchlist.id),
        button(speech.say("Duplicate"), COPY_LIST, watchlist.id),
    )
    files = (
        button(speech.say("As a file (CSV)"), EXPORT_LIST, f"{watchlist.id}:{FileFormat.CSV}"),
        button(speech.say("As a list (TXT)"), EXPORT_LIST, f"{watchlist.id}:{FileFormat.TXT}"),
    )
    ending = (
        button(speech.say("Resume") if rests else speech.say("Pause"), REST_LIST, f"{watchlist.id}:{int(not rests)}"),
        button(f"🗑 {speech.say('Delete')}", DELETE_LIST, watchlist.id),
    )
    back = (button(f"↩ {speech.say('Back')}", LIST, f"{watchlist.id}:0"),)
    return Message(builder.build(), (*(ordered(speech, row) for row in (naming, files, ending)), back))


def deleted_screen(visit: Visit, watchlist: Watchlist) -> Message:
    speech = visit.voice
    builder = visit.builder().line(speech.say("The watchlist {name} is deleted."), name=called(watchlist, visit))
    builder.line(speech.say("For ten minutes you can have it back as it was."))
    if (others := count_subscribers(visit.connection, watchlist.id)) > 0:
        told = speech.count(
            "{n} chat subscribes to it, and is told when the ten minutes are over.",
            "{n} chats subscribe to it, and are told when the ten minutes are over.",
            others,
        )
        builder.line(told, n=others)
    row = (button(speech.say("Undo"), HAVE_LIST_BACK, watchlist.id), to_watches(visit))
    return Message(builder.build(), (ordered(speech, row),))


def called(watchlist: Watchlist, visit: Visit) -> Foreign:
    return Foreign(shorten(list_name(watchlist.name, visit.voice), MAX_SHOWN), ("bold",))


def _takes(visit: Visit) -> bool:
    """Whether watchlists of others come here."""
    return any(not one.owned for one in subscriptions_of(visit.connection, visit.chat.id))


def _ways_out(visit: Visit) -> tuple[Button, ...]:
    subscriptions = (button(visit.voice.say("All subscriptions"), TAKEN, 0),) if _takes(visit) else ()
    return (*subscriptions, home(visit.voice))


def of_list(act: Callable[[Visit, Watchlist, str], Answer]) -> Callable[[Visit, str], Answer]:
    """What a button does that names a watchlist of the chat, given what follows its number."""

    def pressed(visit: Visit, argument: str) -> Answer:
        named, _, rest = argument.partition(":")
        watchlist = find_watchlist(visit.connection, visit.chat.id, number(named))
        if watchlist is None:
            return Answer(toast=visit.voice.say("It is not there any more."))
        return act(visit, watchlist, rest)

    return pressed


def _add_to(visit: Visit, argument: str) -> Answer:
    target = target_in(visit.connection, visit.chat.id, f"l{number(argument)}")
    if target is None:
        return Answer(toast=visit.voice.say("It is not there any more."))
    return say(ask_for_words(visit, target))


def _rest(visit: Visit, watchlist: Watchlist, wanted: str) -> Answer:
    if wanted == "1":
        changed = pause_watchlist(visit.connection, watchlist, now=visit.now)
        told = visit.voice.say("Paused.")
    else:
        changed = resume_watchlist(visit.connection, watchlist, now=visit.now)
        told = visit.voice.say("Resumed.")
    return say(in_place(visit, list_screen(visit, changed)), toast=told)


def _copy(visit: Visit, watchlist: Watchlist, _: str) -> Answer:
    speech = visit.voice
    made = copied(visit, watchlist)
    if isinstance(made, Answer):
        return made
    copy, added = made
    toast = speech.say("Not all watches found room.") if added.without_room else speech.say("Duplicated.")
    return say(in_place(visit, list_screen(visit, copy)), toast=toast)


def _delete(visit: Visit, watchlist: Watchlist, _: str) -> Answer:
    delete_watchlist(visit.connection, watchlist, now=visit.now)
    return say(in_place(visit, deleted_screen(visit, watchlist)), toast=visit.voice.say("Deleted."))


def _have_back(visit: Visit, argument: str) -> Answer:
    speech = visit.voice
    try:
        back = restore_watchlist(
            visit.connection,
            visit.chat.id,
            number(argument),
            now=visit.now,
            most=visit.most_watches,
            most_lists=visit.most_lists,
        )
    except UsageError:
        return Answer(toast=speech.say("There is no more room for what it watches."))
    if back is None:
        return Answer(toast=speech.say("It cannot be had back any more."))
    return say(in_place(visit, list_screen(visit, back)), toast=speech.say("It is back."))


PRESSES = {
    WATCHES: shown(lambda visit, argument: watches_screen(visit, number(argument, 0))),
    LISTS: shown(lambda visit, argument: lists_screen(visit, number(argument, 0))),
    LIST: of_list(lambda visit, one, page: say(in_place(visit, list_screen(visit, one, number(page, 0))))),
    LIST_MORE: of_list(lambda visit, one, _: say(in_place(visit, more_screen(visit, one)))),
    ADD_TO: by_right(_add_to),
    COPY_LIST: by_right(of_list(_copy)),
    REST_LIST: by_right(of_list(_rest)),
    DELETE_LIST: by_right(of_list(_delete)),
    HAVE_LIST_BACK: by_right(_have_back),
}
