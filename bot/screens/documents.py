"""Documents that somebody sends: this is the place where it is decided what each of them is."""

from __future__ import annotations

from bot.screens.account import account_sent, look_at_account
from bot.screens.adding import list_sent
from bot.screens.watch_lists_sent import look_at_file, watches_sent
from bot.visits import Answer, Glance, Visit, say
from bot.words.messages import Button, Message
from bot.words.text import Foreign, shorten
from monitors.watch_files import FORMATS, is_text
from monitors.watchlists import FileFormat

DOCUMENT = "document"
"""What LOOKS calls a file that somebody sent."""


def document_sent(visit: Visit) -> Answer:
    speech, document = visit.voice, visit.document
    if not visit.private or document is None:
        return _only_in_private(visit)
    if not document.content:
        return _told(visit, speech.say("I could not get this file. It may have two megabytes. Please send it again."))
    match ending(document.name):
        case "opml" | "xml":
            return list_sent(visit, document.name, document.content)
        case "json":
            return account_sent(visit, document)
        case form if form in FORMATS and is_text(document.content):
            return watches_sent(visit, document)
    builder = visit.builder()
    builder.line(speech.say("I cannot read {file}. What I can read:"), file=Foreign(shorten(document.name, 100)))
    for kind, what in (
        (" ".join(f".{form}" for form in FileFormat), speech.say("words to watch, one on each line")),
        (".opml", speech.say("outlets, from another reader")),
        (".json", speech.say("your account, as /export wrote it")),
    ):
        builder.line("{kind} – {what}", kind=Foreign(kind, ("code",)), what=what)
    return say(Message(builder.build()))


def ending(name: str) -> str:
    return name.rpartition(".")[2].lower() if "." in name else ""


def _only_in_private(visit: Visit) -> Answer:
    """A group's files may hold what is nobody's business there, and everybody would see what becomes of them."""
    speech = visit.voice
    builder = visit.builder()
    builder.line(speech.say("I read files in our private chat only. Send it to me there; each list can be told here."))
    there = Button(speech.say("To our private chat"), url=f"https://t.me/{visit.username}")
    return say(Message(builder.build(), ((there,),)))


def _told(visit: Visit, text: str) -> Answer:
    return say(Message(visit.builder().line("{text}", text=text).build()))


def _look(glance: Glance, _: str) -> object:
    document = glance.document
    if document is None or not document.content:
        return None
    match ending(document.name):
        case "json":
            return look_at_account(glance)
        case form if form in FORMATS and is_text(document.content):
            return look_at_file(glance)
    return None


LOOKS = {DOCUMENT: _look}
