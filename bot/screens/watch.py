"""One watch: what it means and has found, and everything that can be done with it."""

from __future__ import annotations

from bot.screens.hushed import hushed
from bot.screens.limited import add_limits
from bot.screens.named_watch import of_watch, watch_in
from bot.screens.rewriting import form_buttons
from bot.screens.saving import ask_for_words
from bot.screens.trying import Trial, place_of, try_for
from bot.visits import Answer, Glance, Visit, by_right, in_place, say, to_watches
from bot.words.buttons import (
    EDIT_WATCH,
    HALF_ROW,
    HAVE_BACK,
    LIST,
    MOVE,
    REMOVE,
    REST_WATCH,
    TRY_WATCH,
    WATCH,
    WITHOUT,
    button,
    label_of,
    number,
    ordered,
)
from bot.words.messages import Message
from bot.words.naming import list_name
from bot.words.query_errors import add_query_error
from bot.words.text import Foreign, TextBuilder, shorten
from bot.words.trials import add_trial
from bot.words.watchlists import add_forms, add_list_rests, add_meaning, resume_list
from monitors.errors import QueryError, UsageError
from monitors.query.language.grammar import parse
from monitors.storage.watches import edit_watch, history, set_state
from monitors.storage.watchlists import find_watchlist, restore_watch, watchlists_of
from monitors.watchlists import Watch, WatchHistory, WatchState

_STATES = {"a": WatchState.ACTIVE, "p": WatchState.PAUSED}

MOST_LISTS = 90
"""Buttons with names of lists, half as long as they might be: Telegram takes 10 kB of all of them."""


def watch_screen(visit: Visit, watch: Watch) -> Message:
    """The look has counted what it found."""
    speech = visit.voice
    builder = visit.builder()
    builder.line("{query}", query=Foreign(watch.query, ("code",)))
    try:
        add_meaning(builder, parse(watch.query), speech)
    except QueryError as error:  # an older Rasid understood it
        add_query_error(builder, error, speech)
    add_forms(builder, speech)
    _add_state(builder, visit, watch)
    hush = hushed(visit, frozenset((watch.id,)))
    hush.add_to(builder, visit)
    if hush.watches:
        builder.line(speech.say("🔇 This word is muted until you undo it."))
    if isinstance(visit.seen, WatchHistory):
        _add_history(builder, visit, visit.seen)
    asking = (
        button(speech.say("Edit"), EDIT_WATCH, watch.id),
        button(speech.say("Back-test"), TRY_WATCH, watch.id),
        button(speech.say("Without …"), WITHOUT, watch.id),
    )
    rests = watch.state is WatchState.PAUSED
    ending = (
        button(speech.say("Resume") if rests else speech.say("Pause"), REST_WATCH, f"{watch.id}:{int(not rests)}"),
        button(speech.say("Move"), MOVE, watch.id),
        button(f"🗑 {speech.say('Remove')}", REMOVE, watch.id),
    )
    back = (button(f"↩ {speech.say('Back')}", LIST, f"{watch.watchlist_id}:0"),)
    rows = [ordered(speech, row) for row in (asking, form_buttons(speech, watch), ending)]
    resuming = ((resume_list(speech, watch.watchlist_id),),) if watch.resting else ()
    return Message(builder.build(), (*resuming, *hush.way_out(visit), *rows, back))


def _add_state(builder: TextBuilder, visit: Visit, watch: Watch) -> None:
    speech = visit.voice
    builder.line(speech.say("In the watchlist {name}."), name=Foreign(list_name(watch.watchlist, speech), ("bold",)))
    if (watchlist := find_watchlist(visit.connection, visit.chat.id, watch.watchlist_id)) is not None:
        add_limits(builder, visit, watchlist)
    if watch.resting:
        add_list_rests(builder, speech)
    elif watch.state is WatchState.PAUSED:
        builder.line("⏸ {paused}", paused=speech.say("It is paused and finds nothing."))


def _add_history(builder: TextBuilder, visit: Visit, found: WatchHistory) -> None:
    speech = visit.voice
    if (at := found.last_at) is None:
        builder.line(speech.say("It has found nothing yet."))
        return
    in_all = speech.count("{n} article", "{n} articles", found.matches).replace("{n}", str(found.matches))
    lately = speech.count("{n} article", "{n} articles", found.lately).replace("{n}", str(found.lately))
    builder.line(speech.say("Found: {all}; in the last 7 days: {lately}."), all=in_all, lately=lately)
    builder.line(speech.say("Last:")).add(" ").add_time(at)


def trial_screen(visit: Visit, watch: Watch) -> Message:
    """What the watch, as it is, would have brought."""
    speech = visit.voice
    builder = visit.builder().line("{query}", query=Foreign(watch.query, ("code",)))
    if isinstance(visit.seen, Trial) and visit.seen.result is not None:
        add_trial(builder, visit.seen.result, visit.seen.others, speech)
    return Message(builder.build(), ((button(f"↩ {speech.say('Back')}", WATCH, watch.id),),))


def removed_screen(visit: Visit, watch: Watch) -> Message:
    speech = visit.voice
    builder = visit.builder().line(speech.say("I no longer watch this:"))
    builder.line("{words}", words=Foreign(watch.query, ("code",)))
    state = next(key for key, state in _STATES.items() if state is watch.state)
    row = (
        button(speech.say("Undo"), HAVE_BACK, f"{watch.id}:{state}"),
        to_watches(visit),
    )
    return Message(builder.build(), (ordered(speech, row),))


def move_screen(visit: Visit, watch: Watch) -> Message:
    """The lists it can move to."""
    speech = visit.voice
    builder = visit.builder().line(speech.say("Where shall it move?"))
    builder.line("{query}", query=Foreign(shorten(watch.query, 200), ("bold",)))
    others = [one for one in watchlists_of(visit.connection, visit.chat.id) if one.id != watch.watchlist_id]
    if not others:
        builder.line(speech.say("There is no other list yet: make one first, under All lists."))
    rows = [
        (button(label_of(list_name(one.name, speech), within=HALF_ROW), MOVE, f"{watch.id}:{one.id}"),)
        for one in others[:MOST_LISTS]
    ]
    return Message(builder.build(), (*rows, (button(f"↩ {speech.say('Back')}", WATCH, watch.id),)))


def _look_at_history(glance: Glance, argument: str) -> WatchHistory | None:
    watch = watch_in(glance, argument)
    return history(glance.connection, watch.id, now=glance.now) if watch else None


def _look_at_trial(glance: Glance, argument: str) -> Trial | None:
    watch = watch_in(glance, argument)
    return try_for(glance, watch.query, f"w{watch.id}") if watch else None


def _rest(visit: Visit, watch: Watch, wanted: str) -> Answer:
    state = WatchState.PAUSED if wanted == "1" else WatchState.ACTIVE
    told = visit.voice.say("Paused.") if wanted == "1" else visit.voice.say("Resumed.")
    changed = set_state(visit.connection, watch, state, now=visit.now)
    return say(in_place(visit, watch_screen(visit, changed)), toast=told)


def _remove(visit: Visit, watch: Watch, _: str) -> Answer:
    set_state(visit.connection, watch, WatchState.REMOVED, now=visit.now)
    return say(in_place(visit, removed_screen(visit, watch)), toast=visit.voice.say("Removed."))


def _have_back(visit: Visit, argument: str) -> Answer:
    speech = visit.voice
    named, _, wanted = argument.partition(":")
    state = _STATES.get(wanted, WatchState.ACTIVE)
    try:
        back = restore_watch(
            visit.connection, visit.chat.id, number(named), state, now=visit.now, most=visit.most_watches
        )
    except UsageError:
        return Answer(toast=speech.say("There is no more room for what it watches."))
    if back is None:
        return Answer(toast=speech.say("It cannot be had back any more."))
    return say(in_place(visit, watch_screen(visit, back)), toast=speech.say("It is back."))


def _move(visit: Visit, watch: Watch, wanted: str) -> Answer:
    if not wanted:
        return say(in_place(visit, move_screen(visit, watch)))
    speech = visit.voice
    there = find_watchlist(visit.connection, visit.chat.id, number(wanted))
    if there is None:
        return Answer(toast=speech.say("It is not there any more."))
    try:
        moved = edit_watch(visit.connection, watch, now=visit.now, watchlist=there.name, most=None)
    except UsageError:
        return Answer(toast=speech.say("That list has such a watch already."))
    return say(in_place(visit, watch_screen(visit, moved)), toast=speech.say("Moved."))


PRESSES = {
    WATCH: of_watch(lambda visit, watch, _: say(in_place(visit, watch_screen(visit, watch)))),
    TRY_WATCH: of_watch(lambda visit, watch, _: say(in_place(visit, trial_screen(visit, watch)))),
    EDIT_WATCH: by_right(
        of_watch(lambda visit, watch, _: say(ask_for_words(visit, place_of(visit.connection, watch))))
    ),
    REST_WATCH: by_right(of_watch(_rest)),
    MOVE: by_right(of_watch(_move)),
    REMOVE: by_right(of_watch(_remove)),
    HAVE_BACK: by_right(_have_back),
}
LOOKS = {WATCH: _look_at_history, REST_WATCH: _look_at_history, TRY_WATCH: _look_at_trial}
