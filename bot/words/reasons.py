"""Why an article meets a watch or misses it, in the reader's words (pure)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType

from bot.words.language import Voice, message
from bot.words.queries import listed
from bot.words.text import Foreign, Styled, TextBuilder, shorten
from monitors.alerts import untold_query
from monitors.pauses import Pause
from monitors.query.language.printing import show
from monitors.query.reasons import Lack, Reason, Words
from monitors.query.tree import InField
from monitors.why import Fate, WatchFate

MOST_CULPRITS = 4
MOST_WORDS = 4
MOST_MISSED = 3
MOST_OF_A_FATE = 5
MAX_QUERY = 100
MAX_WORDS = 120

_FATES = {
    Fate.MATCHED: message("It met these watches"),
    Fate.WAITING: message("Met, and still being worked on"),
    Fate.SILENT: message("Would have been met, had it not been recorded in silence"),
    Fate.PAUSED: message("Met while it was paused"),
    Fate.LIMITED: message("Would be met, and their watchlist looks at other outlets or languages"),
    Fate.LATER: message("Met now; they were added or changed after the article came"),
    Fate.UNTAKEN: message("Met now, and not told when it came: not taken here yet, or nothing could be sent here"),
    Fate.UNRECORDED: message("Met now, and not when it came: the article was edited since"),
    Fate.UNREADABLE: message("I do not understand these any more"),
    Fate.MISSED: message("It missed these, the nearest first"),
}


def add_fates(
    builder: TextBuilder, fates: Sequence[WatchFate], speech: Voice, *, lists: Mapping[int, str] = MappingProxyType({})
) -> None:
    """What each watch and the article have come to: those that were met with the words, the nearest of the missed
    with what is lacking. `lists` are the names of watchlists (ids) that are said with their watches."""
    for fate, title in _FATES.items():
        some = [each for each in fates if each.fate is fate]
        if not some:
            continue
        shown = some[: MOST_MISSED if fate is Fate.MISSED else MOST_OF_A_FATE]
        builder.line().line("{title}:", title=Styled(speech.say(title), ("bold",)))
        for each in shown:
            _add_fate(builder, each, lists.get(each.watch.watchlist_id), speech)
        if more := len(some) - len(shown):
            builder.line(speech.count("and {n} more watch", "and {n} more watches", more), n=more)


def _add_fate(builder: TextBuilder, each: WatchFate, watchlist: str | None, speech: Voice) -> None:
    query = Foreign(shorten(each.watch.query, MAX_QUERY), ("bold",))
    words = _some(each.words or _of(each.reason.words if each.reason is not None else {}))
    if each.reason is None and each.watch.query == untold_query(each.words):  # it says no more than these
        words = ""
    builder.line("🔔 {query}", query=query)
    if watchlist is not None:
        builder.add(" – ").add_foreign(watchlist)
    if words:
        builder.add(": ").add_foreign(words)
    if each.pause is not None:
        add_pause(builder, each.pause, speech)
    if each.fate is Fate.MISSED and each.reason is not None:
        for culprit in each.reason.culprits[:MOST_CULPRITS]:
            builder.line("– ")
            _add_culprit(builder, culprit, speech)
        if (more := len(each.reason.culprits) - MOST_CULPRITS) > 0:
            builder.line("– ").fill(speech.count("and {n} more", "and {n} more", more), n=more)


def add_pause(builder: TextBuilder, pause: Pause, speech: Voice) -> None:
    builder.line("⏸ {words} ", words=speech.say("It was paused")).add_time(pause.since)
    if pause.until is not None:
        builder.add(speech.say(", and resumed")).add(" ").add_time(pause.until)


def _add_culprit(builder: TextBuilder, culprit: Reason, speech: Voice) -> None:
    part = Foreign(shorten(show(culprit.query), MAX_QUERY))
    miss = culprit.miss
    if miss is None:
        words = Foreign(_some(_of(culprit.words)) or "…")
        builder.fill(speech.say("{part} must not be there, and is: {words}"), part=part, words=words)
        return
    there = Foreign(_some(_of(miss.words)) or "…")
    match miss.lack:
        case Lack.NOTHING if isinstance(culprit.query, InField):
            builder.fill(speech.say("{part} is not where the watch looks for it"), part=part)
        case Lack.NOTHING:
            builder.fill(speech.say("{part} is not in the article"), part=part)
        case Lack.WIDER:
            builder.fill(
                speech.say("{part} is there only as {words}; a wider form would find it"), part=part, words=there
            )
        case Lack.ELSEWHERE:
            builder.fill(speech.say("{part} is there, but elsewhere: {words}"), part=part, words=there)
        case Lack.PARTLY:
            lacking = Foreign(shorten(listed(miss.missing, speech), MAX_WORDS))
            builder.fill(speech.say("of {part} this is lacking: {words}"), part=part, words=lacking)
        case Lack.ORDER:
            builder.fill(speech.say("the words of {part} are there in another order"), part=part)
        case Lack.APART:
            builder.fill(speech.say("the words of {part} are there, but too far apart"), part=part)


def _of(words: Words) -> Iterable[str]:
    return (word for found in words.values() for word in found)


def _some(words: Iterable[str]) -> str:
    different = list(dict.fromkeys(" ".join(word.split()) for word in words))
    shown = " · ".join(different[:MOST_WORDS]) + (" · …" if len(different) > MOST_WORDS else "")
    return shorten(shown, MAX_WORDS)
