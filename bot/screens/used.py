"""What somebody uses of what they may have, as they and operators see it."""

from __future__ import annotations

from bot.visits import Visit
from bot.words.text import TextBuilder
from monitors.settings import LimitSettings
from monitors.storage.belongings import used_by


def add_used(builder: TextBuilder, visit: Visit, chat_id: int, person_id: int, limits: LimitSettings | None) -> None:
    """A line for each; without limits (None) only how much it is."""
    speech = visit.voice
    used = used_by(visit.connection, chat_id, person_id, now=visit.now)
    for name, count, limit in (
        (speech.say("Watches"), used.watches, "watches_per_chat"),
        (speech.say("Watchlists"), used.watchlists, "watchlists_per_chat"),
        (speech.say("Outlets added"), used.outlets, "outlets_per_user"),
        (speech.say("Visits in the last hour"), used.crawls, "crawls_per_hour"),
        (speech.say("Addresses in the last hour"), used.addresses, "addresses_per_hour"),
        (speech.say("Searches in the last hour"), visit.looked_up(person_id), "searches_per_hour"),
    ):
        if limits is None:
            builder.line("{name}: {count}", name=name, count=count)
        else:
            most: int = getattr(limits, limit)
            builder.line(speech.say("{name}: {count} of {most}"), name=name, count=count, most=most)
