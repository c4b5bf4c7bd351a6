"""A watchlist as a file that brings its watches back."""

from __future__ import annotations

import re

from bot.makers.watch_list import WATCH_LIST
from bot.screens.watchlists import MAX_SHOWN, of_list
from bot.visits import Answer, Visit, by_right, say
from bot.words.buttons import EXPORT_LIST
from bot.words.messages import CAPTION, Attachment, Form, Message
from bot.words.naming import list_name
from bot.words.text import Foreign, shorten
from monitors.storage.watches import list_watches
from monitors.watchlists import FileFormat, Watchlist

_UNFIT = re.compile(r'[\\/:*?"<>|.\x00-\x1f]+')
"""What names of files must not have on some machine."""


def _export(visit: Visit, watchlist: Watchlist, form: str) -> Answer:
    """A file that brings the watches back when it is sent to the bot."""
    speech = visit.voice
    if not list_watches(visit.connection, visit.chat.id, watchlist=watchlist.name):
        return Answer(toast=speech.say("There is no watch in it yet."))
    name = list_name(watchlist.name, speech)
    builder = visit.builder().line("{name}", name=Foreign(shorten(name, MAX_SHOWN), ("bold",)))
    builder.line(speech.say("Send me this file, and its watches are added."))
    form = FileFormat.TXT if form == FileFormat.TXT else FileFormat.CSV
    file = f"{shorten(_UNFIT.sub(' ', name), 60).strip() or 'rasid'}.{form}"
    about = {"watchlist": watchlist.id, "form": form}
    return say(Message(builder.build(CAPTION), attachment=Attachment(Form.DOCUMENT, file, WATCH_LIST, about)))


PRESSES = {EXPORT_LIST: by_right(of_list(_export))}
