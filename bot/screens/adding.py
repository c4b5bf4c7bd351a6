"""Outlets added from the chat: an address is looked at, shown, and followed or not."""

from __future__ import annotations

import base64
import re
from functools import partial

from bot.dialogs import ask
from bot.visits import Answer, Visit, by_right, outdated, refusal, say
from bot.words.buttons import DECLINE, FOLLOW, LOOK, TAKE, WATCH_THIS, button, number, ordered
from bot.words.messages import Message
from bot.words.text import Foreign, shorten
from bot.words.troubles import trouble_words
from monitors.requests import DiscoveryKind, Trouble
from monitors.storage.catalogue import catalogue_entry
from monitors.storage.discoveries import (
    accept,
    ask_discovery,
    asked_within_an_hour,
    decline,
    get_discovery,
    outlets_added_by,
)
from monitors.text.cleaning import one_line
from monitors.wakeups import DELIVERIES, REQUESTS

QUESTION = "add"
LONGEST = 2_000
"""Code points of an address; the web allows little more."""

_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]*://\S*|(?:www\.|t\.me/)\S+|[\w-]+(?:\.[\w-]+)+(?::\d+)?/\S*", re.IGNORECASE)
_AMONG_WORDS = re.compile(r"(?:^|(?<=[\s(«]))https?://\S+", re.IGNORECASE)
_HOST = re.compile(r"(?:[a-z0-9-]+\.)+[a-z]{2,}|@[a-z]\w{3,31}", re.IGNORECASE | re.ASCII)
_NO_WEB = re.compile(r"(?!https?://[^\s/?#])[a-z][a-z0-9+.-]*://", re.IGNORECASE)
_CREDENTIALS = re.compile(r"(?:[a-z]+:)?//[^/?#]*@|[^/?#@\s]+:[^/?#\s]*@", re.IGNORECASE)


def is_address(text: str) -> bool:
    """Whether a message is an address and nothing else."""
    return _ADDRESS.fullmatch(text.strip()) is not None


def address_among(text: str) -> str | None:
    """The only address in a text, as phones share an article: its title, and where it is. In a query it stands behind
    `url:`, so that is none.
    """
    found = _AMONG_WORDS.findall(text)
    if len(found) != 1 or "url:" in text.lower():
        return None
    address: str = found[0].rstrip(".,;:!?،؛؟»")
    return address.rstrip(").") if address.count(")") > address.count("(") else address


def is_host(text: str) -> bool:
    """Whether a message may be an address and may be a word: `example.com`, `node.js`, `@channel`."""
    return _HOST.fullmatch(text.strip()) is not None


def is_unfit(address: str) -> bool:
    """Whether it is too long, leads to no web site, or may hold a password: then it is not repeated, and not kept."""
    return len(address) > LONGEST or any(kind.match(address) is not None for kind in (_NO_WEB, _CREDENTIALS))


def add_command(visit: Visit, arguments: str) -> Answer:
    """`/add ADDRESS`, a channel's @name, or a name of the catalogue; without one it is asked for."""
    wanted = one_line(arguments)
    if wanted:
        return look_at(visit, wanted)
    speech = visit.voice
    builder = visit.builder()
    builder.line(speech.say("Which outlet? Write its address, or its name in the catalogue:"))
    builder.line("{example}", example=Foreign("https://sana.sy", ("code",)))
    return say(ask(visit, QUESTION, Message(builder.build()), hint=speech.say("Address or name of an outlet")))


def no_address(visit: Visit) -> Answer:
    builder = visit.builder().line("{words}", words=trouble_words(Trouble.NO_ADDRESS, visit.voice))
    return say(Message(builder.build()))


def look_at(
    visit: Visit, address: str, kind: DiscoveryKind = DiscoveryKind.ADDRESS, *, watchlist_id: int | None = None
) -> Answer:
    """Asks the crawler to look at an address, chosen for a watchlist or not; its message follows by itself."""
    if (refused := refusal(visit)) is not None:
        return refused
    if (denied := _over_limit(visit)) is not None:
        return denied
    if is_unfit(address):
        return no_address(visit)
    ask_discovery(
        visit.connection,
        kind,
        address,
        chat_id=visit.chat.id,
        person_id=visit.person_id,
        now=visit.now,
        watchlist_id=watchlist_id,
    )
    return Answer(toast=visit.voice.say("I am looking …"), kicks=(REQUESTS, DELIVERIES))


def list_sent(visit: Visit, name: str, content: bytes) -> Answer:
    """A list of outlets that somebody sent, to be read by the crawler. Its message follows by itself."""
    if (denied := _over_limit(visit)) is not None:
        return denied
    ask_discovery(
        visit.connection,
        DiscoveryKind.OPML,
        base64.b64encode(content).decode(),
        chat_id=visit.chat.id,
        person_id=visit.person_id,
        now=visit.now,
        result={"file": one_line(name)[:200]},
    )
    return Answer(kicks=(REQUESTS, DELIVERIES))


def offer_host(visit: Visit, text: str) -> Answer:
    """A word that may be an address: would they like it watched, or looked at?"""
    speech = visit.voice
    builder = visit.builder().line(speech.say("Shall I watch this, or look for an outlet there?"))
    builder.line("{words}", words=Foreign(shorten(text.strip(), 200), ("code",)))
    row = (button(speech.say("Watch it"), WATCH_THIS), button(speech.say("Look there"), LOOK))
    return say(Message(builder.build(), (ordered(speech, row),)))


def take_pressed(visit: Visit, key: str, *, watchlist_id: int | None = None) -> Answer:
    """An entry of the catalogue is to be followed: it is looked at like any address."""
    if catalogue_entry(visit.connection, key) is None:
        return Answer(toast=visit.voice.say("It is not in the catalogue any more."))
    return look_at(visit, key, DiscoveryKind.CATALOGUE, watchlist_id=watchlist_id)


def decide_pressed(visit: Visit, argument: str, *, follow: bool) -> Answer:
    """What was found is followed, or not."""
    look = get_discovery(visit.connection, number(argument))
    if look is None or look.chat_id != visit.chat.id:
        return outdated(visit)
    if not follow:
        declined = decline(visit.connection, look.id, visit.chat.id, now=visit.now)
        return Answer(toast=None if declined else _decided(visit), kicks=(REQUESTS, DELIVERIES))
    known = (look.result or {}).get("followed_as") is not None
    if not known and (denied := _over_limit(visit, looking=False)) is not None:
        return denied
    accepted = accept(visit.connection, look.id, visit.chat.id, now=visit.now)
    return Answer(toast=None if accepted else _decided(visit), kicks=(REQUESTS, DELIVERIES))


def _decided(visit: Visit) -> str:
    return visit.voice.say("That is decided already.")


def _over_limit(visit: Visit, *, looking: bool = True) -> Answer | None:
    """Why this person may not have one more looked at or added."""
    limits, speech = visit.limits, visit.voice
    if limits is None:
        return None
    if not limits.outlets_per_user:
        return _refused(visit, speech.say("Only the operator of this bot adds outlets."))
    added = outlets_added_by(visit.connection, visit.person_id)
    if added >= limits.outlets_per_user:
        most = speech.count(
            "You have added {n} outlet; there is no room for more.",
            "You have added {n} outlets; there is no room for more.",
            added,
        )
        return _refused(visit, most.replace("{n}", str(added)))
    asked = asked_within_an_hour(visit.connection, visit.person_id, now=visit.now)
    if looking and asked >= limits.addresses_per_hour:
        return _refused(visit, speech.say("Those were many addresses for one hour. Please try again later."))
    return None


def _refused(visit: Visit, text: str) -> Answer:
    return say(Message(visit.builder().line("{text}", text=text).build()), toast=text)


def _look_pressed(visit: Visit, _: str) -> Answer:
    """The address to be looked at stands in the message."""
    if not visit.quoted:
        return outdated(visit)
    return look_at(visit, visit.quoted)


COMMANDS = {"add": add_command}
QUESTIONS = {QUESTION: lambda visit, text, _: look_at(visit, one_line(text))}
PRESSES = {
    LOOK: _look_pressed,
    TAKE: take_pressed,
    FOLLOW: by_right(partial(decide_pressed, follow=True)),
    DECLINE: by_right(partial(decide_pressed, follow=False)),
}
