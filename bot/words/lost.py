"""What an account file names and cannot be had again, and why: a line for each sort (pure)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from bot.words.addresses import host_of
from bot.words.language import Voice, message
from bot.words.text import Foreign, Styled, TextBuilder, shorten
from monitors.storage.restorable import Lost

_WHY = {
    Lost.WITHOUT_ROOM: message("Watches for which there is no room: {names}"),
    Lost.OUTLET: message("Outlets that nobody follows here: {names}. Send me an address, and I look there."),
    Lost.LINK: message("Watchlists of others whose link leads nowhere now: {names}. Ask for a new one."),
    Lost.TAKEN_WITHOUT_ROOM: message("Watchlists of others for which there is no room: {names}"),
    Lost.PLACE: message("Groups and channels: {names}. Set them up there; a file does not say who administers them."),
    Lost.ARTICLE: message("Saved articles that I have never seen: {names}"),
    Lost.MUTE: message("Muted, and not known here: {names}"),
    Lost.HISTORY: message("What I told you and what you searched stays in the file alone."),
}

MOST_NAMED = 5
_MAX_NAME = 40


def add_lost(builder: TextBuilder, lost: Mapping[Lost, Sequence[str]], speech: Voice) -> None:
    """Under a title of their own, if there are any."""
    if not any(lost.values()):
        return
    builder.line().line("{title}", title=Styled(speech.say("What does not come back:"), ("bold",)))
    for sort, why in _WHY.items():
        if names := lost.get(sort, ()):
            builder.line("• ").fill(speech.say(why), names=Foreign(listed(map(_called, names))))


def listed(names: Iterable[str]) -> str:
    """The first of them."""
    every = list(names)
    return " · ".join(shorten(name, _MAX_NAME) for name in every[:MOST_NAMED]) + (
        f" · +{len(every) - MOST_NAMED}" if len(every) > MOST_NAMED else ""
    )


def _called(name: str) -> str:
    """An address is called by its host."""
    return host_of(name) if "://" in name else name
