"""Another bot has taken over, and somebody follows it by the link that the old one gave."""

from __future__ import annotations

from dataclasses import replace

from bot.screens.welcome import home
from bot.visits import Answer, Visit, say
from bot.words.text import Styled
from monitors.storage.subscriptions import subscriptions_of

LINK = "m"
"""`/start m`: by the link to the bot that takes over."""


def _came_over(visit: Visit, _: str) -> Answer:
    """With everything they had; what waited follows by itself. To whoever had nothing it is the first screen."""
    if not subscriptions_of(visit.connection, visit.chat.id):
        return say(home(visit))
    speech, builder = visit.voice, visit.builder()
    builder.line("{title}", title=Styled(speech.say("You are with the new bot."), ("bold",)))
    builder.line(speech.say("Your watchlists and settings are here as they were, and what came meanwhile follows now."))
    builder.line(speech.say("You can delete the conversation with the old bot."))
    return say(replace(home(visit), body=builder.build()))


LINKS = {LINK: _came_over}
