"""What became of a chat's alert, and what held it back, in the reader's words (pure)."""

from __future__ import annotations

from datetime import datetime

from bot.words.addresses import linkable
from bot.words.language import Voice, message
from bot.words.text import Foreign, TextBuilder, shorten
from monitors.accounts import Account
from monitors.alerts import Cause, DeliveryState, Verdict
from monitors.articles import Article, ArticleState
from monitors.storage.traces import Decision, Way
from monitors.why import Fate

_MUTED = {
    Cause.EVERYTHING_MUTED: message("🔇 Not told: everything was muted"),
    Cause.STORY_MUTED: message("🔇 Not told: the story was muted"),
    Cause.OUTLET_MUTED: message("🔇 Not told: the outlet was muted"),
    Cause.WATCH_MUTED: message("🔇 Not told: the word was muted"),
}
_NOT_TOLD = {
    Cause.PAUSED: message("Not told: it was paused for more than a week."),
    Cause.NOT_TAKEN: message(
        "Not told: when its time came, what had found it was not taken here any more, or was deleted."
    ),
}

_KEPT_FROM = {Fate.PAUSED, Fate.LIMITED, Fate.UNTAKEN}
"""What keeps a watch that is met from telling of it."""


def add_fortune(builder: TextBuilder, account: Account, now: datetime, speech: Voice) -> None:
    """One line or two: told, held back and why, or not told and why not."""
    article, way = account.article, account.way
    if article is None or account.decision is None:
        return
    if way is None:
        builder.line(_untold(account, article, account.decision, speech))
        return
    if way.added_to is not None:
        _add_moment(builder, speech.say("✅ Added to an alert that says the same"), way.settled_at)
        builder.add(" — ").add_foreign(shorten(way.added_to.outlet_name, 80), url=linkable(way.added_to.url))
        return
    if way.told_at is not None:
        _add_told(builder, way, speech)
    else:
        _add_way(builder, way, now, speech)


def _untold(account: Account, article: Article, decision: Decision, speech: Voice) -> str:
    fates = {each.fate for each in account.fates}
    if article.state is ArticleState.ARCHIVED:
        return _silent(article, decision, speech)
    if article.state is ArticleState.PENDING or (Fate.WAITING in fates and Fate.MATCHED not in fates):
        return speech.say("⏳ It has just come, and is being compared with what is watched.")
    if not account.fates and not account.takes:
        return speech.say("Nothing is watched here yet.")
    pauses = [account.outlet_pause, *(each.pause for each in account.fates)]
    if (fates & _KEPT_FROM and Fate.MATCHED not in fates) or any(pauses):
        return speech.say("Not told here, for the reason below.")
    if Fate.MATCHED not in fates:
        return speech.say("No watch here met it when it came.")
    if article.version == 1:
        return speech.say(
            "When it came, nothing of it was told here: it was not taken here yet, or nothing could be sent here."
        )
    return speech.say("What was met had been there before it was edited, so it was no news.")


def _silent(article: Article, decision: Decision, speech: Voice) -> str:
    if decision.archive:
        return speech.say("It was read from the archive, which raises no alerts.")
    if not article.judged_version:
        return speech.say("A page of headlines leads to it, and it is no article or an old one: recorded in silence.")
    return speech.say("It was there before its outlet was followed, or while it was paused: recorded in silence.")


def _add_way(builder: TextBuilder, way: Way, now: datetime, speech: Voice) -> None:
    match way.state:
        case DeliveryState.DROPPED:
            _add_dropped(builder, way, speech)
        case DeliveryState.HELD if way.reason is Cause.PAUSED:
            builder.line(speech.say("⏸ It waits: what found it is paused. It comes when that is resumed."))
        case DeliveryState.HELD if way.not_before is not None and way.not_before <= now:
            builder.line(speech.say("⏳ On its way."))
        case DeliveryState.HELD if way.verdict == Verdict.DIGEST:
            _add_together(builder, way, speech)
        case DeliveryState.HELD:
            _add_moment(builder, speech.say("🌙 Held back by quiet hours; it comes"), way.not_before)
        case DeliveryState.UNDELIVERABLE:
            error = Foreign(shorten(way.error or "?", 120))
            builder.line(speech.say("❗ Telegram refused it: {error}"), error=error)
        case DeliveryState.UNCONFIRMED | DeliveryState.UNCERTAIN:
            _add_moment(builder, speech.say("❓ Sent, and nobody knows whether it arrived"), way.claimed_at)
        case _:
            builder.line(speech.say("⏳ On its way."))
            if way.held_back:
                builder.add(" ").add(speech.say("The operator holds alerts back at present."))
            if way.ahead:
                ahead = speech.count("{n} message goes before it.", "{n} messages go before it.", way.ahead)
                builder.add(" ").fill(ahead, n=way.ahead)


def _add_told(builder: TextBuilder, way: Way, speech: Voice) -> None:
    words = speech.say("✅ Told together with others") if way.together else speech.say("✅ Told here")
    _add_moment(builder, words, way.told_at)
    if way.changed_at is not None:
        _add_moment(builder, speech.say("✏️ The article was edited and met more; changed"), way.changed_at)
    if way.state is DeliveryState.UNDELIVERABLE and way.error:
        error = Foreign(shorten(way.error, 120))
        builder.line(
            speech.say("❗ It says less than the article by now; Telegram refused to change it: {error}"),
            error=error,
        )


def _add_dropped(builder: TextBuilder, way: Way, speech: Voice) -> None:
    if way.reason not in _MUTED:
        builder.line(speech.say(_NOT_TOLD.get(way.reason, _NOT_TOLD[Cause.NOT_TAKEN])))
        return
    builder.line("{words}", words=speech.say(_MUTED[way.reason]))
    if way.not_before is not None:
        builder.add(". ").add(speech.say("End of the mute:")).add(" ")
        builder.add_time(way.not_before)
    builder.add(".")


def _add_together(builder: TextBuilder, way: Way, speech: Voice) -> None:
    if way.reason is Cause.DAILY_LIMIT:
        _add_limit(builder, way.daily_limit, speech)
    elif way.reason is Cause.HOURLY_LIMIT:
        builder.line(speech.say("More alerts came within an hour than are told one by one."))
    _add_moment(builder, speech.say("🗞 It comes with the digest"), way.not_before)


def _add_limit(builder: TextBuilder, limit: int | None, speech: Voice) -> None:
    if limit is None:  # it has been lifted since
        builder.line(speech.say("More came that day than its daily limit."))
        return
    most = speech.count("More than {n} alert came that day.", "More than {n} alerts came that day.", limit)
    builder.line(most, n=limit)


def _add_moment(builder: TextBuilder, words: str, moment: datetime | None) -> None:
    builder.line("{words}", words=words)
    if moment is not None:
        builder.add(" ").add_time(moment)
