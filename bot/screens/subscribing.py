"""Taking others' watchlists: subscribing by a link, what is taken here, pausing, copying and leaving."""

from __future__ import annotations

from bot.screens.copying import copied
from bot.screens.destinations import destination_screen, end_destination, hold, hold_button, nothing, own_destination
from bot.screens.paging import page_buttons, page_of
from bot.screens.sharing import add_contents, dead_link
from bot.visits import Answer, Visit, by_right, in_place, say, shown, to_watches
from bot.words.buttons import (
    COPY,
    COPY_TAKEN,
    END,
    HOLD,
    RULES,
    SUBSCRIBE,
    SUBSCRIPTION,
    TAKEN,
    button,
    label_of,
    number,
    ordered,
)
from bot.words.messages import Message
from bot.words.naming import shared_name
from bot.words.places import MAX_NAME
from bot.words.rules import add_owners_pause
from bot.words.text import Foreign, shorten
from monitors.storage.shares import find_shared, lists_taken
from monitors.storage.subscriptions import find_subscription, subscribe, unsubscribe
from monitors.storage.watchlists import get_watchlist
from monitors.subscriptions import MOST_TAKEN, Subscription, SubscriptionState
from monitors.watchlists import Watchlist

_SURE = "yes"
"""Said with `END` by whoever has been asked."""


def taken_screen(visit: Visit, argument: str = "") -> Message:
    """The watchlists of others that are told here, a page at a time."""
    speech, builder = visit.voice, visit.builder()
    taken = lists_taken(visit.connection, visit.chat.id)
    if not taken:
        return nothing(
            visit, speech.say("No watchlist of anybody else's comes here. A link from its owner leads there.")
        )
    builder.line(speech.say("Watchlists of others that come here:"))
    page, some, _ = page_of(taken, number(argument, 0))
    back = (to_watches(visit),)
    rows = []
    for one, watchlist in some:
        name = shared_name(watchlist.name, speech)
        rests = one.state is SubscriptionState.PAUSED or watchlist.paused_at is not None
        state = "❗" if watchlist.removed_at is not None else "⏸" if rests else "✅"
        builder.line("{state} {name}", state=state, name=Foreign(shorten(name, MAX_NAME)))
        rows.append((button(label_of(name), SUBSCRIPTION, one.id),))
    return Message(builder.build(), (*rows, *page_buttons(speech, TAKEN, page, len(taken)), back))


def subscription_screen(visit: Visit, argument: str) -> Message:
    """One of them: its words, and what can be done about it here."""
    speech, builder = visit.voice, visit.builder()
    found = _own(visit, argument)
    if found is None:
        return nothing(visit, speech.say("It does not come here any more."))
    one, watchlist = found
    builder.line("{name}", name=Foreign(shorten(shared_name(watchlist.name, speech), MAX_NAME), ("bold",)))
    add_contents(builder, visit, watchlist)
    if watchlist.removed_at is not None:
        builder.line(speech.say("Its owner deleted it."))
    elif watchlist.paused_at is not None:
        add_owners_pause(builder, watchlist.paused_at, visit.clock, visit.now, speech)
    elif one.state is SubscriptionState.PAUSED:
        builder.line(speech.say("Paused: nothing comes here until you resume it."))
    rules = ordered(speech, (button(speech.say("When and how"), RULES, one.id), hold_button(visit, one)))
    copy, leave = button(speech.say("Copy it here"), COPY_TAKEN, one.id), button(speech.say("Leave"), END, one.id)
    rows = [ordered(speech, (copy, leave)), (button(speech.say("All subscriptions"), TAKEN, 0),)]
    return Message(builder.build(), tuple(rows if watchlist.removed_at is not None else [rules, *rows]))


def _subscribe(visit: Visit, token: str) -> Answer:
    speech = visit.voice
    shared = find_shared(visit.connection, token)
    if shared is None:
        return say(in_place(visit, dead_link(visit)))
    if shared.chat_id == visit.chat.id:
        return Answer(toast=speech.say("This watchlist is from here."))
    if len(lists_taken(visit.connection, visit.chat.id)) >= MOST_TAKEN:
        return Answer(toast=speech.say("There is no room for more subscriptions here: leave one first."))
    visit.sets_up()
    one = subscribe(visit.connection, visit.chat.id, watchlist_id=shared.id, owned=False, now=visit.now)
    builder = visit.builder()
    name = Foreign(shorten(shared_name(shared.name, speech), MAX_NAME), ("bold",))
    builder.line(speech.say("✅ From now on alerts of {name} come here."), name=name)
    row = (button(speech.say("When and how"), RULES, one.id), button(speech.say("All subscriptions"), TAKEN, 0))
    return say(in_place(visit, Message(builder.build(), (ordered(speech, row),))))


def _copy(visit: Visit, token: str) -> Answer:
    shared = find_shared(visit.connection, token)
    return say(in_place(visit, dead_link(visit))) if shared is None else _make_copy(visit, shared)


def _copy_taken(visit: Visit, argument: str) -> Answer:
    """Of a watchlist that is taken here, even when its owner deleted it a short while ago."""
    found = _own(visit, argument)
    if found is None:
        return Answer(toast=visit.voice.say("It does not come here any more."))
    return _make_copy(visit, found[1])


def _make_copy(visit: Visit, watchlist: Watchlist) -> Answer:
    speech = visit.voice
    made = copied(visit, watchlist)
    if isinstance(made, Answer):
        return made
    copy, added = made
    builder = visit.builder()
    builder.line(speech.say("✅ {name} is here now, to change as you like."), name=Foreign(copy.name, ("bold",)))
    if (left := len(added.without_room)) > 0:
        builder.line(speech.count("For {n} watch there is no room.", "For {n} watches there is no room.", left), n=left)
    return say(in_place(visit, Message(builder.build(), ((to_watches(visit),),))))


def _hold(visit: Visit, argument: str) -> Answer:
    """Pauses or resumes what is taken here, or what of this chat's is told elsewhere."""
    if (sent := own_destination(visit, argument)) is not None:
        hold(visit, sent)
        return say(in_place(visit, destination_screen(visit, argument)))
    if (found := _own(visit, argument)) is not None:
        hold(visit, found[0])
    return say(in_place(visit, subscription_screen(visit, argument)))


def _end(visit: Visit, argument: str) -> Answer:
    if (sent := own_destination(visit, argument)) is not None:
        return end_destination(visit, sent)
    given, _, sure = argument.partition(":")
    if (found := _own(visit, given)) is not None:
        if sure != _SURE and found[1].removed_at is None:
            return say(in_place(visit, _leaving(visit, *found)))
        unsubscribe(visit.connection, found[0].id)
    return say(in_place(visit, taken_screen(visit)), toast=visit.voice.say("It does not come here any more."))


def _leaving(visit: Visit, one: Subscription, watchlist: Watchlist) -> Message:
    """Asks, for nobody but its owner can bring it back."""
    speech, builder = visit.voice, visit.builder()
    builder.line("{name}", name=Foreign(shorten(shared_name(watchlist.name, speech), MAX_NAME), ("bold",)))
    builder.line(speech.say("Shall it not come here any more? To have it again you need its owner's link."))
    row = (button(speech.say("Leave"), END, f"{one.id}:{_SURE}"), button(speech.say("Back"), SUBSCRIPTION, one.id))
    return Message(builder.build(), (ordered(speech, row),))


def _own(visit: Visit, argument: str) -> tuple[Subscription, Watchlist] | None:
    """The subscription of this number to somebody else's watchlist, if it is this chat's."""
    one = find_subscription(visit.connection, number(argument))
    if one is None or one.owned or one.chat_id != visit.chat.id or one.watchlist_id is None:
        return None
    watchlist = get_watchlist(visit.connection, one.watchlist_id)
    return None if watchlist is None else (one, watchlist)


def _subscriptions(visit: Visit, _: str) -> Answer:
    return say(taken_screen(visit))


COMMANDS = {"subscriptions": _subscriptions}
PRESSES = {
    SUBSCRIBE: by_right(_subscribe),
    COPY: by_right(_copy),
    COPY_TAKEN: by_right(_copy_taken),
    TAKEN: shown(taken_screen),
    SUBSCRIPTION: shown(subscription_screen),
    HOLD: by_right(_hold),
    END: by_right(_end),
}
