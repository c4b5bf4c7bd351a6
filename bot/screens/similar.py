"""More like an alert, or like news that somebody forwards: searched by the rarest words of its title. And no more like
it: a word that keeps its like away.

Nothing is learned in silence. The words that are offered stand in this article and in none of the others that the
watch met lately; leaving one out is shown before it is done, and taken back by a button.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from bot.screens import search
from bot.screens.alert import the_alert
from bot.screens.beginning import look_at_text, offer
from bot.visits import Answer, Glance, Visit, in_place, outdated, refusal, say, to_watches
from bot.words.buttons import (
    EXCLUDE,
    EXCLUDED,
    INCLUDE,
    MORE_LIKE,
    OPEN_ALERT,
    UNLIKE,
    button,
    in_fitting_rows,
    label_of,
    number,
    ordered,
)
from bot.words.messages import Message
from bot.words.text import Foreign, Styled, defuse, shorten
from monitors.alerts import Alert, MatchedWatch
from monitors.distinguishing import Token, like, word_at, words_of_its_own
from monitors.errors import NotFound, QueryError, UsageError
from monitors.limiting import with_again, without
from monitors.query.language.printing import show
from monitors.respelling import newest_words
from monitors.storage.alerts import alert_of
from monitors.storage.met import articles_met
from monitors.storage.watches import edit_watch, find_watch
from monitors.text.usage import KnownWords
from monitors.watchlists import Watch

COMPARED = 20
"""Other articles of a watch: enough to tell what is usual with it, and read in a twentieth of a second."""
FORWARDED = "forwarded"
"""What LOOKS calls a text of others without a link."""
_MOST_IN_A_LIST = 6
"""Words of a line that somebody may have written to be watched; a line of news has more."""
MOST_OFFERED = 6
MOST_WATCHES = 8
MAX_QUERY = 120


@dataclass(frozen=True, slots=True)
class Offered:
    """Words to leave out of a watch, and among how many other articles of it they were looked for."""

    words: list[Token]
    others: int


def _look_for_more(glance: Glance, argument: str) -> search.Look:
    """The first query that finds something; the last one when none does."""
    told = alert_of(glance.connection, glance.chat.id, number(argument))
    if told is None:
        return None
    queries = _queries_of(told.alert, newest_words(glance.connection))
    return _first_that_finds(queries, partial(search.look_like, glance, like_id=told.alert.article_id))


def _first_that_finds(queries: list[str], look: Callable[[str], search.Look]) -> search.Look:
    seen: search.Look = None
    for query in queries:
        seen = look(query)
        if isinstance(seen, search.Seen) and (seen.page.items or seen.page.next is not None):
            break
    return seen


def _queries_of(alert: Alert, known: KnownWords) -> list[str]:
    """What articles like the alert's are searched by; what its watch asks, for a title that says nothing."""
    queries = [show(query) for query in like(alert.fields.get("title", ""), known)]
    return queries or [met.query for met in alert.watches[:1]]


def _more(visit: Visit, argument: str) -> Answer:
    if (refused := refusal(visit)) is not None:
        return refused
    told = the_alert(visit, argument)
    if told is None:
        return outdated(visit)
    if not isinstance(visit.seen, search.Seen):
        return Answer(toast=visit.voice.say("Its title has no word to search by."))
    return search.search_command(visit, show(visit.seen.query), told.alert.article_id)


def is_news(text: str) -> bool:
    return _headline(text) is not None


def _headline(text: str) -> str | None:
    """The first line that is more than a few words."""
    return next((line for line in text.splitlines() if len(line.split()) > _MOST_IN_A_LIST), None)


def _look_for_forwarded(glance: Glance, text: str) -> object:
    queries = [show(query) for query in like(_headline(text) or "", newest_words(glance.connection))]
    return _first_that_finds(queries, partial(search.look_new, glance)) or look_at_text(glance, text)


def news_sent(visit: Visit, text: str) -> Answer:
    """What the archive has of news that were forwarded without a link; nobody wants their sentences watched."""
    if not isinstance(visit.seen, search.Seen):
        return offer(visit, text)
    return search.search_command(visit, show(visit.seen.query))


def _look_for_words(glance: Glance, argument: str) -> Offered | None:
    """Only for one watch: of several one is chosen first."""
    alert_id, _, watch_id = argument.partition(":")
    told = alert_of(glance.connection, glance.chat.id, number(alert_id))
    if told is None:
        return None
    watches = [one for one in told.alert.watches if not watch_id or one.watch_id == number(watch_id)]
    if len(watches) != 1:
        return None
    others = articles_met(glance.connection, watches[0].watch_id, but=told.alert.article_id, limit=COMPARED)
    texts = [other.fields for other in others]
    found = words_of_its_own(told.alert.fields, watches[0].spans, texts, most=MOST_OFFERED)
    return Offered(found, len(others))


def _unlike(visit: Visit, argument: str) -> Answer:
    told = the_alert(visit, argument)
    if told is None or not told.alert.watches:
        return outdated(visit)
    if (refused := refusal(visit)) is not None:
        return refused
    alert, watch_id = told.alert, argument.partition(":")[2]
    if not watch_id and len(alert.watches) > 1:
        return say(_which(visit, alert))
    met = _met(alert, watch_id) if watch_id else alert.watches[0]
    if met is None or not isinstance(visit.seen, Offered):
        return outdated(visit)
    watch = _own(visit, met)
    if watch is None:
        return Answer(toast=visit.voice.say("This watch belongs to somebody else; only they can change it."))
    screen = _offer(visit, alert, watch, visit.seen)
    return say(in_place(visit, screen) if watch_id else screen)


def _which(visit: Visit, alert: Alert) -> Message:
    speech = visit.voice
    builder = visit.builder().line(speech.say("Several watches met it. Which one should not have?"))
    rows = [
        (button(label_of(defuse(met.query)), UNLIKE, f"{alert.id}:{met.watch_id}"),)
        for met in alert.watches[:MOST_WATCHES]
    ]
    back = (button(speech.say("The alert"), OPEN_ALERT, alert.id), to_watches(visit))
    return Message(builder.build(), (*rows, ordered(speech, back)))


def _offer(visit: Visit, alert: Alert, watch: Watch, offered: Offered) -> Message:
    speech = visit.voice
    builder = visit.builder()
    builder.line(speech.say("What should {query} leave out?"), query=_shown(watch.query))
    if offered.words and offered.others:
        explained = speech.count(
            "These words are in this article, and not in the other one that it met last.",
            "These words are in this article, and in none of the {n} others that it met last.",
            offered.others,
        )
        builder.line(explained, n=offered.others)
    elif offered.words:
        builder.line(speech.say("It met no other article yet. These words are in this one."))
    else:
        builder.line(speech.say("Each word of this article is in others that it met: no single word tells it apart."))
    words = [
        button(label_of(defuse(f"- {token.word}")), EXCLUDE, f"{alert.id}:{watch.id}:{token.number}")
        for token in offered.words
    ]
    rows = in_fitting_rows(speech, words)
    return Message(builder.build(), (*rows, (to_watches(visit),)))


@dataclass(frozen=True, slots=True)
class _Choice:
    """A watch of the chat's own that met an alert, and a word of its article."""

    alert: Alert
    watch: Watch
    word: str
    argument: str


def _choice(visit: Visit, argument: str) -> _Choice | Answer:
    """What a button of these chose, or why it cannot be done."""
    told = the_alert(visit, argument)
    if told is None:
        return outdated(visit)
    if (refused := refusal(visit)) is not None:
        return refused
    _, watch_id, place = (*argument.split(":"), "", "")[:3]
    met, word = _met(told.alert, watch_id), word_at(told.alert.fields, number(place))
    watch = _own(visit, met) if met is not None else None
    if watch is None or word is None:
        return outdated(visit)
    return _Choice(told.alert, watch, word, f"{told.alert.id}:{watch.id}:{number(place)}")


def _exclude(visit: Visit, argument: str) -> Answer:
    """Shows what would be done."""
    choice = _choice(visit, argument)
    if isinstance(choice, Answer):
        return choice
    speech, watch = visit.voice, choice.watch
    builder = visit.builder().line(
        speech.say("Leave out news of {query} in which {word} appears?"),
        query=_shown(watch.query),
        word=Foreign(choice.word, ("bold",)),
    )
    row = (
        button(speech.say("Yes, leave it out"), EXCLUDED, choice.argument),
        button(speech.say("Back"), UNLIKE, f"{choice.alert.id}:{watch.id}"),
    )
    return say(in_place(visit, Message(builder.build(), (ordered(speech, row),))))


def _excluded(visit: Visit, argument: str) -> Answer:
    choice = _choice(visit, argument)
    if isinstance(choice, Answer):
        return choice
    if with_again(choice.watch.query, choice.word) is not None:  # pressed twice
        return _changed(visit, choice.watch, choice.argument)
    return _edited(visit, choice, without, choice.argument)


def _include(visit: Visit, argument: str) -> Answer:
    choice = _choice(visit, argument)
    if isinstance(choice, Answer):
        return choice
    return _edited(visit, choice, lambda query, word: with_again(query, word) or query, None)


def _edited(visit: Visit, choice: _Choice, change: Callable[[str, str], str], undo: str | None) -> Answer:
    try:
        query = change(choice.watch.query, choice.word)
        watch = edit_watch(visit.connection, choice.watch, now=visit.now, query=query, most=visit.most_watches)
    except (QueryError, UsageError):
        return Answer(toast=visit.voice.say("There is no room for one more word in this watch."))
    return _changed(visit, watch, undo)


def _changed(visit: Visit, watch: Watch, undo: str | None) -> Answer:
    """The watch as it is now; with `undo`, a button to take the word's leaving out back."""
    speech = visit.voice
    builder = visit.builder()
    builder.line("{title}", title=Styled(speech.say("✅ The watch is now:"), ("bold",)))
    builder.line("{query}", query=Foreign(watch.query, ("code",)))
    row = [to_watches(visit)]
    if undo is not None:
        row.insert(0, button(speech.say("Undo"), INCLUDE, undo))
    return say(in_place(visit, Message(builder.build(), (ordered(speech, row),))))


def _met(alert: Alert, watch_id: str) -> MatchedWatch | None:
    return next((met for met in alert.watches if met.watch_id == number(watch_id)), None)


def _own(visit: Visit, met: MatchedWatch) -> Watch | None:
    """The watch if it is this chat's own, and still there."""
    try:
        return find_watch(visit.connection, visit.chat.id, str(met.watch_id))
    except (NotFound, UsageError):
        return None


def _shown(query: str) -> Foreign:
    return Foreign(shorten(query, MAX_QUERY), ("bold",))


PRESSES = {MORE_LIKE: _more, UNLIKE: _unlike, EXCLUDE: _exclude, EXCLUDED: _excluded, INCLUDE: _include}
LOOKS = {MORE_LIKE: _look_for_more, UNLIKE: _look_for_words, FORWARDED: _look_for_forwarded}
