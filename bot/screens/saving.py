"""What is shown before a watch is saved: what it means, what it would have brought, and what to know of it.

The query that waits to be saved is the first `code` of the message itself, so nothing of it is lost by a restart, and
an old message still does what it says.
"""

from __future__ import annotations

from collections.abc import Callable

from bot.dialogs import ask
from bot.screens.limited import add_limits
from bot.screens.trying import (
    Target,
    Trial,
    look_at_quoted,
    look_at_spelled,
    look_at_wider,
    main_list,
    target_in,
    wider_query,
)
from bot.visits import Answer, Visit, by_right, in_place, say, to_watches
from bot.words.buttons import (
    ADD_TO,
    CANCEL,
    CHANGE,
    MEANT,
    RULES,
    SAVE,
    SEARCH_THIS,
    SPELLED,
    WATCH,
    WATCH_THIS,
    WIDER,
    apart,
    button,
    number,
    ordered,
)
from bot.words.messages import Button, Keyboard, Message
from bot.words.query_errors import add_query_error
from bot.words.text import Foreign, TextBuilder, shorten
from bot.words.trials import add_trial, gain_label, wider_forms
from bot.words.watchlists import add_meaning
from monitors.backtesting import BackTest, Caution
from monitors.errors import Overburdened, QueryError, UsageError
from monitors.query.language.grammar import parse
from monitors.query.language.printing import show
from monitors.storage.subscriptions import subscriptions_of
from monitors.storage.watches import add_watch, edit_watch
from monitors.watch_files import as_typed
from monitors.watchlists import DEFAULT_WATCHLIST, Watch

MAX_SHOWN = 120
MOST_WIDER = 3
"""Code points of a watch in a sentence; wider forms that are offered."""

QUESTION = "watch"
"""What a line or several answer (several.py)."""


def ask_for_words(visit: Visit, target: Target) -> Message:
    """The question whose answer is shown before it is saved."""
    speech = visit.voice
    builder = visit.builder()
    if target.watch is not None:
        builder.line(speech.say("What shall I watch instead? Now it is:"))
        builder.line("{query}", query=Foreign(target.watch.query, ("code",)))
    else:
        builder.line(speech.say("What shall I watch? A word, a name or a phrase; several on lines of their own."))
    message = Message(builder.build())
    return ask(visit, QUESTION, message, hint=speech.say("a word, a name"), target=target.data)


def preview(visit: Visit, target: Target, written: str) -> Message:
    """What would be saved, tried if the look has done that."""
    trial = visit.seen if isinstance(visit.seen, Trial) else Trial(as_typed(written))
    speech = visit.voice
    builder = visit.builder()
    if trial.error is not None:
        return _mistaken(visit, target, trial.error)
    builder.line(
        speech.say("Shall I watch this?") if target.watch is None else speech.say("Shall I watch this instead?")
    )
    builder.line("{query}", query=Foreign(trial.query, ("code",)))
    try:
        add_meaning(builder, parse(trial.query), speech)
    except QueryError as error:  # nobody looked
        return _mistaken(visit, target, error)
    if target.watch is None and target.name != DEFAULT_WATCHLIST:
        builder.line(speech.say("In the watchlist {name}."), name=Foreign(target.name, ("bold",)))
    if target.watchlist is not None:
        add_limits(builder, visit, target.watchlist)
    rows: list[tuple[Button, ...]] = []
    if trial.result is not None:
        rows = _add_result(visit, builder, target, trial, trial.result)
    deciding = ordered(
        speech, (button(speech.say("Save"), SAVE, target.data), button(speech.say("Change"), CHANGE, target.data))
    )
    others = (*_cancel(visit, target), button(speech.say("Search for it"), SEARCH_THIS))
    return Message(builder.build(), (*rows, deciding, ordered(speech, others)))


def _add_result(
    visit: Visit, builder: TextBuilder, target: Target, trial: Trial, result: BackTest
) -> list[tuple[Button, ...]]:
    speech = visit.voice
    builder.line()
    add_trial(builder, result, trial.others, speech)
    wider = wider_forms(result)[:MOST_WIDER]
    if Caution.FINDS_NOTHING in result.cautions:
        if wider:
            builder.line(speech.say("Found lately by wider forms of it:"))
        elif result.meant is not None:
            builder.line(speech.say("Did you mean {query}?"), query=Foreign(show(result.meant), ("bold",)))
            return [(button(speech.say("Yes, I mean that"), SPELLED, target.data),)]
        else:
            builder.line(speech.say("That may well be right: I tell you as soon as there is something."))
    elif wider:
        builder.line().line(speech.say("Wider forms would find more:"))
    return [(button(gain_label(gain), WIDER, f"{target.data}:{place}"),) for place, gain in wider]


def _mistaken(visit: Visit, target: Target, error: QueryError) -> Message:
    """The first `code` is what was probably meant, if that can be told: a button takes it."""
    speech = visit.voice
    builder = visit.builder()
    rows: Keyboard = ()
    if error.suggestion:
        builder.line(speech.say("Did you mean {query}?"), query=Foreign(error.suggestion, ("code",)))
        rows = ((button(speech.say("Yes, I mean that"), MEANT, target.data),),)
    add_query_error(builder, error, speech, suggesting=False)
    change = button(speech.say("Change"), CHANGE, target.data)
    return Message(builder.build(), (*rows, ordered(speech, (change, *_cancel(visit, target)))))


def _cancel(visit: Visit, target: Target) -> tuple[Button, ...]:
    return (button(visit.voice.say("Cancel"), CANCEL, target.data),)


def saved(visit: Visit, target: Target, written: str) -> Message:
    """The query is saved, or why it is not."""
    query = as_typed(written)
    builder = visit.builder()
    try:
        watch, new = keep(visit, target, query)
    except UsageError as error:
        add_refusal(builder, query, error, visit)
        return Message(builder.build(), (_cancel(visit, target),))
    add_kept(builder, watch, visit, new=new)
    return Message(builder.build(), after_saving(visit, watch))


def keep(visit: Visit, target: Target, query: str) -> tuple[Watch, bool]:
    """The watch that asks this from now on, and whether it did not before.

    Raises `QueryError`, and `UsageError` when there is no room for it or another one asks just that.
    """
    parse(query)
    visit.sets_up()
    if target.watch is None:
        return add_watch(
            visit.connection, visit.chat.id, query, now=visit.now, watchlist=target.name, most=visit.most_watches
        )
    if target.watch.query == query:
        return target.watch, False
    return edit_watch(visit.connection, target.watch, now=visit.now, query=query, most=visit.most_watches), True


def add_kept(builder: TextBuilder, watch: Watch, visit: Visit, *, new: bool) -> None:
    speech, words = visit.voice, Foreign(shorten(watch.query, MAX_SHOWN), ("bold",))
    if new:
        builder.line(speech.say("✅ From now on I watch {words}."), words=words)
    else:
        builder.line(speech.say("I am already watching {words}."), words=words)
    add_meaning(builder, parse(watch.query), speech)


def add_refusal(builder: TextBuilder, query: str, error: UsageError, visit: Visit) -> None:
    """Why a query is not watched."""
    speech, words = visit.voice, Foreign(shorten(query, MAX_SHOWN), ("bold",))
    if isinstance(error, QueryError):
        builder.line(speech.say("I cannot watch {words}:"), words=words)
        add_query_error(builder, error, speech)
    elif isinstance(error, Overburdened):
        builder.line(
            speech.say("No room for {words}: the watches here have all the expressions, stars and NEAR they may."),
            words=words,
        )
    else:
        builder.line(speech.say("There is no room for {words}: remove a watch first."), words=words)


def after_saving(visit: Visit, watch: Watch) -> Keyboard:
    """What people do next, while what was found stays above it."""
    speech = visit.voice
    more = [button(speech.say("Add words"), ADD_TO, watch.watchlist_id)]
    taken = subscriptions_of(visit.connection, visit.chat.id)
    own = next((one for one in taken if one.watchlist_id == watch.watchlist_id), None)
    if own is not None:
        more.append(apart(button(speech.say("Daily digest"), RULES, own.id)))
    options = (apart(button(speech.say("Options"), WATCH, watch.id)), apart(to_watches(visit)))
    return (ordered(speech, more), ordered(speech, options))


def with_target(act: Callable[[Visit, Target, str], Answer]) -> Callable[[Visit, str], Answer]:
    """What a button does that names a target, given what follows the target."""

    def pressed(visit: Visit, argument: str) -> Answer:
        named, _, rest = argument.partition(":")
        target = target_in(visit.connection, visit.chat.id, named)
        if target is None:
            return Answer(toast=visit.voice.say("It is not there any more."))
        return act(visit, target, rest)

    return by_right(pressed)


def quoting(act: Callable[[Visit, Target, str, str], Message]) -> Callable[[Visit, Target, str], Answer]:
    """For buttons of a message whose words say what they are about."""

    def pressed(visit: Visit, target: Target, rest: str) -> Answer:
        if not visit.quoted:  # it is too old for Telegram to show it to us
            return Answer(toast=visit.voice.say("Please write it again: this message is too old."))
        return say(in_place(visit, act(visit, target, visit.quoted, rest)))

    return pressed


def _wider_pressed(visit: Visit, target: Target, quoted: str, place: str) -> Message:
    return preview(visit, target, wider_query(quoted, number(place)) or quoted)


def _watch_this(visit: Visit, _: str) -> Answer:
    """The words to be watched stand in the message."""
    if not visit.quoted:
        return Answer(toast=visit.voice.say("Please write it again: this message is too old."))
    target = main_list(visit.connection, visit.chat.id)
    return say(in_place(visit, preview(visit, target, visit.quoted)))


def _cancelled(visit: Visit, target: Target, _: str) -> Answer:
    speech = visit.voice
    back = button(speech.say("Options"), WATCH, target.watch.id) if target.watch is not None else None
    row = (*((back,) if back else ()), to_watches(visit))
    nothing = visit.builder().line(speech.say("Nothing was saved.")).build()
    return say(in_place(visit, Message(nothing, (ordered(speech, row),))))


PRESSES = {
    SAVE: with_target(quoting(lambda visit, target, quoted, _: saved(visit, target, quoted))),
    CHANGE: with_target(lambda visit, target, _: say(ask_for_words(visit, target))),
    CANCEL: with_target(_cancelled),
    MEANT: with_target(quoting(lambda visit, target, quoted, _: preview(visit, target, quoted))),
    SPELLED: with_target(quoting(lambda visit, target, quoted, _: preview(visit, target, quoted))),
    WIDER: with_target(quoting(_wider_pressed)),
    WATCH_THIS: by_right(_watch_this),
}
LOOKS = {
    MEANT: look_at_quoted,
    SPELLED: look_at_spelled,
    WIDER: look_at_wider,
    WATCH_THIS: lambda glance, _: look_at_quoted(glance, "l0"),
}
