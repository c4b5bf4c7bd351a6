"""The first screen, and what is said to those who come in or may not."""

from __future__ import annotations

from bot.screens.beginning import topic_rows
from bot.visits import Answer, Visit, say, shown, to_watches
from bot.words.buttons import (
    HELP,
    HOME,
    OUTLETS,
    SEARCH,
    SETTINGS,
    button,
    ordered,
    other_languages,
    watches_button,
)
from bot.words.language import Voice, message
from bot.words.messages import Message
from bot.words.text import Foreign, Styled, TextBuilder
from bot.words.watchlists import example
from monitors.storage.outlets import list_outlets
from monitors.storage.shares import count_of_others
from monitors.storage.subscriptions import subscriptions_of
from monitors.storage.watches import list_watches

MENU = {
    "start": message("Begin, or see the first screen"),
    "watches": message("What is watched here; add and remove words"),
    "times": message("When and how alerts come"),
    "search": message("Search the archive"),
    "stats": message("How often something was found, as a picture"),
    "outlets": message("Which outlets are followed"),
    "crawl": message("Visit an outlet now"),
    "add": message("Follow another outlet, by its address"),
    "catalogue": message("Outlets to choose from, by country"),
    "places": message("What goes to groups and channels"),
    "subscriptions": message("Watchlists of others that come here"),
    "mute": message("What is muted, and how to unmute it"),
    "saved": message("Articles you saved"),
    "why": message("Why an article came, or did not"),
    "settings": message("Language, time zone, and your data"),
    "help": message("How everything works"),
}
"""The commands in the order of Telegram's menu, with what it says of them."""

LEAVING = message("Everything of yours is being deleted. It takes some minutes.")

FOR_MEMBERS = ("watches", "search", "outlets", "help")
FOR_ADMINISTRATORS = ("watches", "search", "outlets", "crawl", "places", "subscriptions", "mute", "help")
"""Those that groups are shown: their members, and who administers them."""

OPERATOR_MENU = {
    "operate": message("What only operators see"),
    "status": message("How Rasid is doing"),
    "users": message("Who may use the bot"),
    "invitations": message("Links that let people in"),
    "broadcast": message("A message to everybody"),
}
"""What operators are shown besides, in private."""


def greeting(speech: Voice, *, private: bool = True) -> Message:
    """How to begin. In a group only commands are heard."""
    builder = TextBuilder(right_to_left=speech.right_to_left)
    builder.line("{hello}", hello=Styled(speech.say("Welcome! I am Rasid, a news watch."), ("bold",)))
    builder.line(speech.say("I follow news outlets and tell you the moment an article mentions what you watch."))
    builder.line()
    if private:
        builder.line(speech.say("Choose a topic to begin with, or write me a word or a name:"))
    else:
        builder.line(speech.say("Choose a topic to begin with, or write me what to watch, for example:"))
        builder.line("{example}", example=Foreign(example(speech), ("code",)))
    rows = (
        *topic_rows(speech),
        ordered(
            speech,
            (watches_button(speech, private=private), button(speech.say("Outlets"), OUTLETS, 0)),
        ),
        ordered(
            speech, (button(speech.say("Search"), SEARCH), button(speech.say("Help"), HELP), *other_languages(speech))
        ),
    )
    return Message(builder.build(), rows)


def is_new(visit: Visit) -> bool:
    """Whether nothing is watched here, and neither watchlists of others nor whole outlets come."""
    connection, here = visit.connection, visit.chat.id
    return not (
        list_watches(connection, here)
        or count_of_others(connection, here)
        or any(one.outlet_id is not None for one in subscriptions_of(connection, here))
    )


def home(visit: Visit) -> Message:
    """The first screen: how things stand, for those who are told anything, and how to begin for others."""
    if is_new(visit):
        return greeting(visit.voice, private=visit.private)
    speech = visit.voice
    builder = visit.builder().line("{title}", title=Styled(speech.say("Rasid, your news watch"), ("bold",)))
    outlets = len(list_outlets(visit.connection))
    followed = speech.count("{n} outlet is followed", "{n} outlets are followed", outlets).replace("{n}", str(outlets))
    if (watched := len(list_watches(visit.connection, visit.chat.id))) > 0:
        count = speech.count("{n} watch", "{n} watches", watched).replace("{n}", str(watched))
        builder.line("🔔 {watches} · 📰 {outlets}", watches=count, outlets=followed)
    else:
        builder.line("📰 {outlets}", outlets=followed)
    if (taken := count_of_others(visit.connection, visit.chat.id)) > 0:
        lists = speech.count("{n} watchlist of others comes here", "{n} watchlists of others come here", taken)
        builder.line("📥 {lists}", lists=lists.replace("{n}", str(taken)))
    if visit.private:
        builder.line(speech.say("Write me any word or name, and I show what it would bring."))
    screens = (to_watches(visit), button(speech.say("Outlets"), OUTLETS, 0))
    rows = (
        ordered(speech, screens),
        ordered(speech, (button(speech.say("Search"), SEARCH), button(speech.say("Help"), HELP))),
        ordered(speech, (button(speech.say("Settings"), SETTINGS), *other_languages(speech))),
    )
    return Message(builder.build(), rows)


def not_allowed(speech: Voice, chat_id: int, *, invited: bool = False) -> Message:
    """For people the operator has not let in; `invited` who come with an invitation that does not hold."""
    builder = TextBuilder(right_to_left=speech.right_to_left)
    if invited:
        builder.line(speech.say("This invitation has ended, or others have used it. Ask for a new one."))
    builder.line(speech.say("This bot is private.")).add(" ")
    builder.fill(speech.say("Its operator can let you in with this number:"))
    builder.line("{number}", number=Foreign(str(chat_id), ("code",)))
    return Message(builder.build())


def shut_out(speech: Voice) -> Message:
    """For people an operator has shut out."""
    builder = TextBuilder(right_to_left=speech.right_to_left)
    return Message(builder.line(speech.say("The operator of this bot does not let you use it any more.")).build())


def leaving(speech: Voice) -> Message:
    """For people of whom everything is being deleted at this moment."""
    builder = TextBuilder(right_to_left=speech.right_to_left)
    builder.line(speech.say(LEAVING))
    return Message(builder.line(speech.say("Then nothing of it is left, and I write no more unless you do.")).build())


def never_minded(visit: Visit) -> Answer:
    """What was asked needs no answer any more."""
    done = visit.builder().line(visit.voice.say("All right, nothing was changed."))
    return say(Message(done.build(), asks=()), home(visit))


def wordless(visit: Visit) -> Answer:
    """Something was sent that has no words, and a question that is open stays so."""
    builder = visit.builder().line(visit.voice.say("I can read words, addresses and files, and nothing else."))
    builder.line(visit.voice.say("Write me a word or a name, or see /help."))
    return say(Message(builder.build()))


def unknown_command(visit: Visit) -> Answer:
    builder = visit.builder()
    builder.line(visit.voice.say("I do not know this command. These are the ones I know:"))
    for name, meaning in MENU.items():
        builder.line("{command} – {meaning}", command=f"/{name}", meaning=visit.voice.say(meaning))
    return say(Message(builder.build()))


def apology(speech: Voice, incident: str) -> Message:
    """For a visit that failed by our fault."""
    builder = TextBuilder(right_to_left=speech.right_to_left)
    builder.line(speech.say("Sorry, that went wrong, and it is not your fault. Please try again later."))
    builder.line(speech.say("The operator can find it as {incident}."), incident=Foreign(incident, ("code",)))
    return Message(builder.build())


def _start(visit: Visit, _: str) -> Answer:
    return say(home(visit))


COMMANDS = {"start": _start}
PRESSES = {HOME: shown(lambda visit, _: home(visit))}
