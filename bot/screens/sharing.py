"""Sharing a watchlist: its owner makes and takes back a link, and whoever has it sees what they would get."""

from __future__ import annotations

from urllib.parse import urlencode

from bot.screens.destinations import nothing
from bot.screens.limited import add_limits
from bot.screens.welcome import is_new
from bot.visits import Answer, Visit, by_right, in_place, say, shown, to_watches
from bot.words.buttons import (
    COPY,
    NAME_LIST,
    NO_THANKS,
    SHARE,
    SUBSCRIBE,
    TOLD,
    UNSHARE,
    button,
    number,
    ordered,
    other_languages,
)
from bot.words.messages import Button, Message
from bot.words.naming import list_name, shared_name
from bot.words.places import MAX_NAME, NO_LIST
from bot.words.text import Foreign, TextBuilder, shorten
from monitors.storage.shares import count_subscribers, find_shared, queries_of, revoke, share, share_of
from monitors.storage.watchlists import find_watchlist
from monitors.watchlists import Watchlist, is_main

LINK = "w"
"""`/start w_…`: to the shared watchlist of this token."""
_SHOWN = 12
_MAX_QUERY = 120


def share_screen(visit: Visit, argument: str) -> Message:
    """The link of a watchlist that is shared, and how many subscribe; the way to a link otherwise."""
    speech, builder = visit.voice, visit.builder()
    watchlist = find_watchlist(visit.connection, visit.chat.id, number(argument))
    if watchlist is None:
        return nothing(visit, speech.say(NO_LIST))
    token = share_of(visit.connection, watchlist.id)
    name = Foreign(shorten(list_name(watchlist.name, speech), MAX_NAME), ("bold",))
    builder.line(speech.say("{name} is shared by this link:"), name=name)
    builder.line("{link}", link=Foreign(_link(visit, str(token)), ("code",)))
    builder.line(speech.say("Whoever has it may subscribe, sees its words, and gets your changes at once."))
    subscribers = count_subscribers(visit.connection, watchlist.id)
    builder.line(speech.count("{n} chat subscribes to it.", "{n} chats subscribe to it.", subscribers), n=subscribers)
    rows: list[tuple[Button, ...]] = []
    if is_main(watchlist.name):
        seen_as = Foreign(shared_name(watchlist.name, speech), ("bold",))
        builder.line(speech.say("It has no name yet: others see it as {name}."), name=seen_as)
        rows.append((button(speech.say("Rename"), NAME_LIST, watchlist.id),))
    send = Button(
        speech.say("Send the link"), url=f"https://t.me/share/url?{urlencode({'url': _link(visit, str(token))})}"
    )
    rows.insert(0, (send,))
    rows.append((button(speech.say("Stop sharing"), UNSHARE, watchlist.id),))
    rows.append((button(speech.say("Back"), TOLD, watchlist.id),))
    return Message(builder.build(), tuple(rows))


def preview(visit: Visit, shared: Watchlist, token: str) -> Message:
    """What somebody gets who subscribes: its name, its words and limits, and not whose it is."""
    speech, builder = visit.voice, visit.builder()
    if is_main(shared.name):
        builder.line(speech.say("Somebody shares a watchlist:"))
    else:
        name = Foreign(shorten(shared.name, MAX_NAME), ("bold",))
        builder.line(speech.say("Somebody shares the watchlist {name}:"), name=name)
    add_contents(builder, visit, shared)
    builder.line(speech.say("A subscriber gets its owner's changes; a copy is yours to change."))
    first = (button(speech.say("Subscribe"), SUBSCRIBE, token), button(speech.say("Copy it here"), COPY, token))
    rows = [ordered(speech, first)]
    if visit.private:
        into_group = f"https://t.me/{visit.username}?startgroup={LINK}_{token}"
        rows.append((Button(speech.say("Into a group"), url=into_group),))
    languages = other_languages(speech, f"{SUBSCRIBE}:{token}") if visit.private and is_new(visit) else ()
    rows.append(ordered(speech, (button(speech.say("No, thanks"), NO_THANKS), *languages)))
    return Message(builder.build(), tuple(rows))


def add_contents(builder: TextBuilder, visit: Visit, watchlist: Watchlist) -> None:
    """What it watches, and what it leaves out."""
    queries = queries_of(visit.connection, watchlist.id)
    for query in queries[:_SHOWN]:
        builder.line("• {words}", words=Foreign(shorten(query, _MAX_QUERY)))
    if (more := len(queries) - _SHOWN) > 0:
        builder.line(visit.voice.count("and {n} more watch", "and {n} more watches", more), n=more)
    add_limits(builder, visit, watchlist)


def dead_link(visit: Visit) -> Message:
    builder = visit.builder().line(visit.voice.say("This link leads nowhere: it was taken back, or is not complete."))
    builder.line(visit.voice.say("Ask whoever sent it for a new one."))
    return Message(builder.build(), ((to_watches(visit),),))


def _share(visit: Visit, argument: str) -> Answer:
    """Shares it, if it is not yet, and shows the link."""
    watchlist = find_watchlist(visit.connection, visit.chat.id, number(argument))
    if watchlist is not None:
        share(visit.connection, watchlist.id, now=visit.now)
    return say(in_place(visit, share_screen(visit, argument)))


def _unshare(visit: Visit, argument: str) -> Answer:
    speech = visit.voice
    watchlist = find_watchlist(visit.connection, visit.chat.id, number(argument))
    if watchlist is None:
        return Answer(toast=speech.say(NO_LIST))
    revoke(visit.connection, watchlist.id)
    builder = visit.builder().line(speech.say("The link leads nowhere from now on."))
    left = count_subscribers(visit.connection, watchlist.id)
    if left:
        builder.line(speech.count("{n} chat subscribes to it.", "{n} chats subscribe to it.", left), n=left)
        builder.line(speech.say("Whoever subscribed already stays."))
    again = button(speech.say("Share it"), SHARE, watchlist.id)
    back = button(speech.say("Back"), TOLD, watchlist.id)
    return say(in_place(visit, Message(builder.build(), (ordered(speech, (back, again)),))))


def offered(visit: Visit, token: str) -> Message:
    """What the link of this token leads to."""
    shared = find_shared(visit.connection, token)
    return dead_link(visit) if shared is None else preview(visit, shared, token)


def _came_by_link(visit: Visit, token: str) -> Answer:
    return say(offered(visit, token))


def _no_thanks(visit: Visit, _: str) -> Message:
    return nothing(visit, visit.voice.say("All right, nothing was changed."))


def _link(visit: Visit, token: str) -> str:
    return f"https://t.me/{visit.username}?start={LINK}_{token}"


LINKS = {LINK: _came_by_link}
PRESSES = {SHARE: by_right(_share), UNSHARE: by_right(_unshare), NO_THANKS: shown(_no_thanks)}
