"""What became of a chat's alert, and what held it back, in the reader's words (pure)."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from bot.words.language import Voice, message
from bot.words.text import Foreign, TextBuilder, shorten
from monitors.accounts import Account
from monitors.alerts import DeliveryState, Verdict
from monitors.articles import Article, ArticleState
from monitors.storage.traces import Decision, Way
from monitors.subscriptions import MuteKind
from monitors.why import Fate

_MUTED = {
    MuteKind.EVERYTHING: message("🔇 Not told: everything was muted."),
    MuteKind.STORY: message("🔇 Not told: the story was muted."),
    MuteKind.OUTLET: message("🔇 Not told: the outlet was muted."),
    MuteKind.WATCH: message("🔇 Not told: the word was muted."),
}
_LIMIT = re.compile(r"more than (\d+) today")


def add_fortune(builder: TextBuilder, account: Account, speech: Voice) -> None:
    """One line or two: told, held back and why, or not told and why not."""
    article, way = account.article, account.way
    if article is None or account.decision is None:
        return
    if way is None:
        builder.line(_untold(account, article, account.decision, speech))
        return
    if way.article_id != article.id:
        builder.line(speech.say("This story was told with another article:"))
    _add_way(builder, way, speech)


def _untold(account: Account, article: Article, decision: Decision, speech: Voice) -> str:
    fates = {each.fate for each in account.fates}
    if article.state is ArticleState.ARCHIVED:
        return _silent(article, decision, speech)
    if article.state is ArticleState.PENDING or (Fate.WAITING in fates and Fate.MATCHED not in fates):
        return speech.say("⏳ It has just come, and is being compared with what is watched.")
    if not account.fates:
        return speech.say("Nothing is watched here yet.")
    if Fate.MATCHED not in fates:
        return speech.say("No watch of this chat met it when it came.")
    return speech.say("What was met had been there before it was edited, so it was no news.")


def _silent(article: Article, decision: Decision, speech: Voice) -> str:
    if decision.archive:
        return speech.say("It was read from the archive, which raises no alerts.")
    if not article.judged_version:
        return speech.say("A page of headlines leads to it, and it is no article or an old one: recorded in silence.")
    return speech.say("It was there before its outlet was followed, or while it was paused: recorded in silence.")


def _add_way(builder: TextBuilder, way: Way, speech: Voice) -> None:
    match way.state:
        case DeliveryState.SENT if way.together:
            _add_moment(builder, speech.say("✅ Told together with others"), way.settled_at)
        case DeliveryState.SENT:
            _add_moment(builder, speech.say("✅ Told here"), way.settled_at)
        case DeliveryState.DROPPED:
            builder.line(_dropped(way.reason, speech))
        case DeliveryState.HELD if way.verdict == Verdict.DIGEST:
            if limited := _LIMIT.search(way.reason):
                number = int(limited[1])
                most = speech.count("More than {n} alert came that day.", "More than {n} alerts came that day.", number)
                builder.line(most, n=number)
            _add_moment(builder, speech.say("🗞 It comes with the digest"), way.not_before)
        case DeliveryState.HELD:
            _add_moment(builder, speech.say("🌙 Held back by quiet hours; it comes"), way.not_before)
        case DeliveryState.UNDELIVERABLE:
            error = Foreign(shorten(way.error or "?", 120))
            builder.line(speech.say("❗ Telegram refused it: {error}"), error=error)
        case DeliveryState.UNCONFIRMED | DeliveryState.UNCERTAIN:
            _add_moment(builder, speech.say("❓ Sent, and nobody knows whether it arrived"), way.claimed_at)
        case _:
            builder.line(speech.say("⏳ On its way to you."))
            if way.ahead:
                ahead = speech.count("{n} message goes before it.", "{n} messages go before it.", way.ahead)
                builder.add(" ").fill(ahead, n=way.ahead)


def _dropped(reason: str, speech: Voice) -> str:
    kind = reason.partition(" ")[0]
    return speech.say(_MUTED[MuteKind(kind)]) if kind in list(MuteKind) else speech.say("Not told.")


def _add_moment(builder: TextBuilder, words: str, moment: datetime | None) -> None:
    builder.line("{words}", words=words)
    if moment is not None:
        builder.add(" ").add_time(int(moment.timestamp()), moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC"))
