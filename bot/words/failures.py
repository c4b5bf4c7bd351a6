"""What went wrong with a source last, in the reader's language (pure).

The crawler writes it in English, as precisely as it can; the shell and English readers are told just that. Others are
told the kind of it, so that nobody has to read two languages at once.
"""

from __future__ import annotations

import re

from bot.words.language import Voice, message

_KINDS = (
    (
        re.compile(r"The site could not be reached"),
        message("The site could not be reached, or its address is not allowed."),
    ),
    (re.compile(r"The site's robots\.txt cannot be read"), message("The site's robots.txt cannot be read.")),
    (re.compile(r"The site's robots\.txt"), message("The site's robots.txt does not allow it.")),
    (re.compile(r"The site answered (?P<status>\d+)"), message("The site answered {status}.")),
    (re.compile(r"The site redirects in circles"), message("The site redirects in circles.")),
    (re.compile(r"The site asked us to come back later"), message("The site asked us to come back later.")),
    (re.compile(r"This is not a web address|An address with a name"), message("Its address cannot be visited.")),
    (re.compile(r".*\bbe read safely\b"), message("What is there cannot be read safely.")),
    (re.compile(r"The (?:document|page) is empty"), message("What is there is empty.")),
    (re.compile(r"This is a web page,"), message("There is a web page where a list of articles should be.")),
    (
        re.compile(r"This page is filled in by scripts"),
        message("The page is filled in by scripts and lists nothing by itself."),
    ),
    (re.compile(r"This page links to nothing"), message("The page links to nothing that looks like an article.")),
    (
        re.compile(r"This Telegram channel|.*not the page of a Telegram"),
        message("The channel cannot be read on the web."),
    ),
    (re.compile(r"This is a Telegram group"), message("This is a group; only channels can be read.")),
    (re.compile(r"There is no public Telegram channel"), message("There is no public channel of this name.")),
    (
        re.compile(r"(?:The parser|Parsing|Too many large documents)\b"),
        message("It took too long to read, or too much memory."),
    ),
    (re.compile(r"The document (?:could not be read|holds more)"), message("What is there could not be read.")),
    (
        re.compile(r"(?:Rasid itself|There is no kind)\b"),
        message("It went wrong by our fault. Please try again later."),
    ),
    (re.compile(r"This|WordPress does not"), message("What is there is not a list of articles.")),
)
"""By how the crawler's sentence begins; the first that fits."""

_OTHER = message("It could not be read.")

GONE = message("gone for good, says its server")
"""Of a source that is visited no more (410)."""


def failure_words(reason: str, speech: Voice) -> str:
    """`reason` is a source's `last_error`; what nobody knows here is told as a failure and no more."""
    if speech.language == "en":
        return reason
    for pattern, text in _KINDS:
        if (found := pattern.match(reason)) is not None:
            words = speech.say(text)
            return words.replace("{status}", found["status"]) if "{status}" in words else words
    return speech.say(_OTHER)
