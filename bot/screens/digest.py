"""The pages of a digest, and the numbers of its alerts to choose from."""

from __future__ import annotations

from functools import partial

from bot.screens.rules import gone
from bot.visits import Answer, Visit, in_place, say
from bot.words.buttons import DIGEST_ALERTS, DIGEST_PAGE, number
from bot.words.digests import compose_digest
from monitors.storage.digests import find_digest


def digest_page(visit: Visit, argument: str, *, choosing: bool = False) -> Answer:
    given, _, page = argument.partition(":")
    digest = find_digest(visit.connection, number(given), visit.chat.id)
    if digest is None:
        return gone(visit)
    in_channel = visit.chat.type == "channel"
    message = compose_digest(digest, visit.voice, number(page, 0), choosing=choosing, in_channel=in_channel)
    return say(in_place(visit, message))


PRESSES = {DIGEST_PAGE: digest_page, DIGEST_ALERTS: partial(digest_page, choosing=True)}
