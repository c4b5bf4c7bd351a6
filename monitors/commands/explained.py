"""How `rasid explain` says what is known."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import groupby

from monitors.accounts import Account
from monitors.alerts import Cause, DeliveryState, Verdict
from monitors.articles import Article, ArticleState
from monitors.chats import CONSOLE, Chat, ChatState
from monitors.outlets import OutletState, Source
from monitors.spellings import host_of
from monitors.storage.traces import Decision, Way
from monitors.watchlists import Watch, WatchState
from monitors.why import Fate, WatchFate

NEAREST = 5
"""Missed watches whose reasons are shown; --json has all."""
MOST_LINES = 15
"""Of one tree of reasons."""

_FATES = {
    Fate.MATCHED: "Matched",
    Fate.WAITING: "Will match, once the article is decided",
    Fate.SILENT: "Would have matched, had the article not been recorded in silence",
    Fate.PAUSED: "Match it, but rested when it was decided",
    Fate.LIMITED: "Would match, but their watchlist looks at other outlets or languages",
    Fate.LATER: "Match it now; they were added, resumed or changed after the article was decided",
    Fate.UNTAKEN: "Match it now; when it was decided nobody who could be told took them, or Rasid was another",
    Fate.UNRECORDED: "Match it now, and did not when it was decided: the article or Rasid has changed since",
    Fate.UNREADABLE: "Are not understood by this Rasid; change them with: rasid watch edit",
    Fate.MISSED: "Missed, the nearest first",
}


def answer_lines(account: Account, *, now: datetime) -> Iterator[str]:
    """What is English stands first in a line: one that began with Arabic would be turned around as a whole."""
    if account.article is None or account.decision is None:
        yield from _unknown(account)
        return
    article = account.article
    yield f"article {article.id}: {article.title}"
    yield _line("outlet", article.outlet_name)
    yield _line("address", article.url)
    if article.canonical_url != article.url:
        yield _line("canonical", article.canonical_url)
    yield _line("seen", _seen(article, account.decision))
    if article.version > 1:
        yield _line("edited", f"it is in its version {article.version}, seen {_at(article.edited_at)}")
    yield _line("decided", decided_in_words(article, account.decision))
    for other in account.others:
        yield _line("also", f"article {other.id} of {other.outlet_name} has this address")
    yield ""
    yield f"For {_called(account)}:"
    yield _line("alert", alert_in_words(account, now=now))
    elsewhere = account.told - (account.way is not None)
    if elsewhere:
        yield _line("others", f"{_counted(elsewhere, 'other chat')} had an alert about it")
    yield from _watches(account.fates, article)


def decided_in_words(article: Article, decision: Decision) -> str:
    if article.state is ArticleState.PENDING:
        again = " again, for what was edited" if article.judged_version else ""
        return f"not yet{again}; if this lasts, the service (its role decide) is not running"
    if article.state is ArticleState.DECIDED:
        late = "; watches that come after all others are still to be asked" if decision.owed else ""
        return f"{_at(decision.decided_at)}{late}"
    if decision.archive:
        why = "a crawl of the archive brought it, which alerts only when that is asked for"
    elif not article.judged_version:
        why = "a section page links to it, and it is no article, or an old one"
    else:
        why = "it was there before its outlet was followed, or while it was paused"
    return f"recorded in silence, so it alerts nobody: {why}"


def alert_in_words(account: Account, *, now: datetime) -> str:
    article, way, chat = account.article, account.way, account.chat
    assert article is not None
    if way is not None:
        return _way_in_words(way, article, chat, now=now)
    fates = {each.fate for each in account.fates}
    if not account.fates and not account.takes:
        return "none: it has no watches. Add one with rasid watch add; --chat ID names another chat"
    if article.state is ArticleState.ARCHIVED:
        return "none: the article was recorded in silence"
    if article.state is ArticleState.PENDING:
        return "none yet: the article is not decided"
    if Fate.WAITING in fates and Fate.MATCHED not in fates:
        return "none yet: the article is being decided, and its watches come after all others"
    if account.outlet_pause is not None:
        return f"none: it takes all news of the outlet, and had paused that {_at(account.outlet_pause.since)}"
    if Fate.MATCHED not in fates:
        return "none: it met no watch when it was decided"
    return "none: what was matched had been there in a version before, so it was no news"


def _way_in_words(way: Way, article: Article, chat: Chat | None, *, now: datetime) -> str:
    repeated = f", repeated {_counted(way.repeats, 'time')} (↻)" if way.repeats else ""
    together = ", together with others" if way.together else ""
    if way.added_to is not None:
        added_to = f"{way.added_to.outlet_name} ({way.added_to.url})"
        return f"added {_at(way.settled_at)} to the alert of {added_to}, which says the same"
    if way.told_at is not None:
        after = f", {_span(way.told_at - article.first_seen_at)} after it was seen"
        return f"sent {_at(way.told_at)}{after}{repeated}{together}{_since_it_was_told(way)}"
    match way.state:
        case DeliveryState.HELD:
            return _held_in_words(way, now)
        case DeliveryState.DROPPED:
            until = f" until {_at(way.not_before)}" if way.not_before is not None else ""
            return f"not told: {way.reason}{until}"
        case DeliveryState.SENDING:
            return f"being sent since {_at(way.claimed_at)}"
        case DeliveryState.UNCERTAIN:
            return f"sent {_at(way.claimed_at)}, and nobody knows whether it arrived ({way.error}); " + (
                f"it is sent again, marked ↻, {_at(way.not_before)}"
            )
        case DeliveryState.UNDELIVERABLE:
            return f"undeliverable since {_at(way.settled_at)}: {way.error}"
        case DeliveryState.UNCONFIRMED:
            sent = f"sent {_counted(way.repeats + 1, 'time')} and never confirmed ({way.error})"
            return f"{sent}; not sent again by itself since {_at(way.settled_at)}: rasid outbox list"
    held = ["the operator holds alerts back"] if way.held_back else []
    held += [f"{_counted(way.ahead, 'message')} before it"] if way.ahead else []
    if way.rests_until is not None and way.rests_until > now:
        held.append(f"the chat rests until {_at(way.rests_until)}")
    if way.error:
        held.append(f"{_counted(way.attempts, 'attempt')} failed: {way.error}")
    if chat is not None and chat.state is not ChatState.ACTIVE:
        held.append("the chat cannot be reached")
    because = "; ".join(held) or "if this lasts, the service (its role tell) is not running"
    return f"waits to be sent since {_at(way.created_at)}: {because}"


def _since_it_was_told(way: Way) -> str:
    match way.state:
        case DeliveryState.PENDING | DeliveryState.SENDING | DeliveryState.UNCERTAIN:
            return "; it is being told again, with more" + (f", after this: {way.error}" if way.error else "")
        case DeliveryState.UNDELIVERABLE if way.error:
            return f"; its message could not be changed: {way.error}"
    if way.changed_at is not None:
        return f"; changed {_at(way.changed_at)}, for the article was edited and met more"
    return f"; {way.error}" if way.error else ""


def _held_in_words(way: Way, now: datetime) -> str:
    if way.reason is Cause.PAUSED:
        return "waits: what found it is paused"
    if way.not_before is not None and way.not_before <= now:
        return f"due since {_at(way.not_before)}; if this lasts, the service (its role tell) is not running"
    until = "in the digest of" if way.verdict == Verdict.DIGEST else "held until"
    because = "" if way.reason is Cause.TAKEN else f": {way.reason}"
    return f"{until} {_at(way.not_before)}{because}"


def _watches(fates: Iterable[WatchFate], article: Article) -> Iterator[str]:
    for fate, group in groupby(fates, lambda each: each.fate):
        yield ""
        yield f"{_FATES[fate]}:"
        if fate is Fate.MISSED:
            yield from _missed(list(group))
            continue
        for each in group:
            yield f"  {_name(each)}"
            if each.pause is not None:
                until = f"until {_at(each.pause.until)}" if each.pause.until is not None else "and rests still"
                yield f"       paused {_at(each.pause.since)} {until}"
            if each.version is not None:
                yield f"       by {_quoted(each.words)} in version {each.version}"
                if each.reworded:
                    yield f"       {_reworded_in_words(each.watch, article)}"
                elif each.reason is not None and not each.reason.held:
                    yield "       it is not met any more"
            elif each.reason is not None:
                words = dict.fromkeys(word for found in each.reason.words.values() for word in found)
                yield f"       by {_quoted(tuple(words))}"


def _reworded_in_words(watch: Watch, article: Article) -> str:
    since = watch.state_since
    if since is None or since < article.first_seen_at:
        return "this Rasid reads the watch otherwise and would not find that"
    if watch.state is WatchState.ACTIVE:
        return f"its words were others then: it was changed {_at(since)}"
    return "as it is now it would not have found that"


def _missed(missed: Sequence[WatchFate]) -> Iterator[str]:
    near = [each for each in missed if each.distance < 1][:NEAREST]
    for each in near or missed[:NEAREST]:
        yield f"  {_name(each)}"
        lines = each.reason.lines() if each.reason is not None else []
        yield from (f"       {line}" for line in lines[:MOST_LINES])
        if len(lines) > MOST_LINES:
            yield f"       … and {len(lines) - MOST_LINES} lines more (--json)"
    if rest := len(missed) - len(near or missed[:NEAREST]):
        yield f"  and {_counted(rest, 'more watch', 'more watches')}, farther from it (--json)"


def _name(each: WatchFate) -> str:
    watch = each.watch
    state = "" if watch.state is WatchState.ACTIVE else f" ({watch.state.value} since {_at(watch.state_since)})"
    return f"no. {watch.id}{state}: {watch.query}"


def _unknown(account: Account) -> Iterator[str]:
    yield "No article with this address has been seen."
    if not account.outlets:
        yield f"No outlet at {host_of(account.asked) or 'such an address'} is followed."
        yield "To follow it: rasid outlet add ADDRESS"
    for outlet, sources in account.outlets:
        followed = "is paused, so nothing of it is read" if outlet.state is OutletState.PAUSED else "is followed"
        yield f"Its outlet {followed}: {outlet.name}, no. {outlet.id}, since {_at(outlet.added_at)}"
        for source in sources:
            yield f"  {source.kind} {source.url}"
            yield f"    {source_in_words(source)}"
    if account.outlets:
        yield "What a source does not list is not seen. An address can be read by itself with: rasid extract ADDRESS"


def source_in_words(source: Source) -> str:
    if source.last_polled_at is None:
        return "has never been read yet"
    if source.failures:
        since = f" since {_at(source.failing_since)}" if source.failing_since else ""
        return f"fails{since}, {_counted(source.failures, 'time')} in a row: {source.last_error or 'unknown why'}"
    if not source.active:
        return f"is not read any more; last {_at(source.last_polled_at)}"
    newest = f", brought something new last {_at(source.last_new_at)}" if source.last_new_at else ""
    return f"was read {_at(source.last_polled_at)} and did not list it{newest}; next {_at(source.next_poll_at)}"


def _seen(article: Article, decision: Decision) -> str:
    source = f" in the {decision.source.kind} {decision.source.url}" if decision.source is not None else ""
    crawl = " by a crawl on demand" if decision.by_crawl else ""
    published = f", published {_at(article.published_at)}" if article.published_at is not None else ""
    return f"{_at(article.first_seen_at)}{source}{crawl}{published}"


def _called(account: Account) -> str:
    if account.address == CONSOLE:
        return "this machine's terminal"
    title = account.chat.title if account.chat is not None else None
    return f"the chat {account.address.chat_id}{f' ({title})' if title else ''}"


def _quoted(words: Sequence[str]) -> str:
    shown = ", ".join(f"“{' '.join(word.split())}”" for word in words[:NEAREST])
    return f"{shown} and {len(words) - NEAREST} more" if len(words) > NEAREST else shown or "what is not there"


def _line(label: str, text: str) -> str:
    return f"  {label:<9} {text}"


def _counted(number: int, one: str, several: str | None = None) -> str:
    return f"{number} {one if number == 1 else several or f'{one}s'}"


def _span(time: timedelta) -> str:
    seconds = time.total_seconds()
    if seconds < 120:
        return f"{seconds:.1f} s"
    return f"{seconds / 60:.0f} min" if seconds < 7200 else f"{seconds / 3600:.0f} h"


def _at(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S} UTC" if moment is not None else "never"
