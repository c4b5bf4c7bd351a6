"""Why a request came to nothing, in words (pure)."""

from __future__ import annotations

from bot.words.language import Voice, message
from monitors.requests import Trouble

_WORDS = {
    Trouble.NOTHING_THERE: message("It cannot be reached, is not allowed, or lists no articles."),
    Trouble.NO_ADDRESS: message("This is not a web address. It looks like https://example.com/ and holds no password."),
    Trouble.TAKEN: message("What it publishes is followed already, as another outlet."),
    Trouble.TOO_MANY: message("There is no room for more outlets."),
    Trouble.UNREADABLE: message("This is not a list of outlets (OPML), or it is too long."),
    Trouble.OVERDUE: message("It took too long. Please try again."),
    Trouble.REMOVED: message("The outlet is not followed any more."),
    Trouble.BROKEN: message("It went wrong by our fault. Please try again later."),
}


def trouble_words(trouble: Trouble, speech: Voice) -> str:
    return speech.say(_WORDS[trouble])
