"""Inline mode: the bot's name and a query, written in any chat, find articles to share there.

What is shown may be seen by anybody, so an article stands there as it would in a newspaper: no watch and no list of the
person's is named, and no word is marked.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC

from bot.updates import InlineAsked
from bot.words.addresses import host_of, linkable
from bot.words.buttons import number
from bot.words.language import Voice, language_of, voice
from bot.words.messages import Button, Message
from bot.words.results import title_of
from bot.words.text import LRM, TextBuilder, direction_mark, shorten
from monitors.articles import Article
from monitors.chats import Chat, ChatAddress, Transport
from monitors.errors import QueryError
from monitors.people import Admission
from monitors.query.language.grammar import parse
from monitors.searching import search
from monitors.settings import Settings
from monitors.storage.alerts import newest_told
from monitors.storage.articles import get_articles
from monitors.storage.chats import find_chat
from monitors.storage.engine import Connection
from monitors.storage.people import admission
from monitors.text.cleaning import clean, one_line

PER_PAGE = 10
MOST = 50
"""Articles of one query: nobody scrolls farther, and each page is a search."""
MAX_TITLE = 100


@dataclass(frozen=True, slots=True)
class InlineResult:
    """An article in the list: `title`, a line about it, and what is posted when it is chosen."""

    id: str
    title: str
    about: str
    url: str
    message: Message


@dataclass(frozen=True, slots=True)
class InlineAnswer:
    """A page; `next_offset` is empty on the last. `hint` is what a button above it says that leads to the bot."""

    results: tuple[InlineResult, ...] = ()
    next_offset: str = ""
    hint: str | None = None


def find_inline(connection: Connection, asked: InlineAsked, settings: Settings) -> InlineAnswer:
    """What the person may share; for strangers, nothing but why."""
    user_id = asked.person.user_id
    if user_id is None:
        return InlineAnswer()
    admitted = admission(connection, settings.telegram, user_id=user_id, chat_id=user_id)
    chat = find_chat(connection, ChatAddress(Transport.TELEGRAM, user_id))
    language = language_of(asked.person.language_code, settings.language.default)
    speech = voice(chat.language if chat is not None else language)
    if admitted is not Admission.LET_IN:
        return InlineAnswer(hint=speech.say("This bot is private.") if admitted is Admission.STRANGER else None)
    before, shown = _offset(asked.offset)
    words = one_line(clean(asked.query))
    if words:
        return _searched(connection, words, before, shown, speech)
    return _own(connection, chat, before, shown, speech)


def _searched(connection: Connection, words: str, before: int | None, shown: int, speech: Voice) -> InlineAnswer:
    """What the query finds; while it is being typed and makes no sense yet, what it probably means."""
    try:
        query = parse(words)
    except QueryError as error:
        if not error.suggestion:
            return InlineAnswer(hint=speech.say("I do not understand this yet"))
        query = parse(error.suggestion)
    page = search(connection, query, limit=PER_PAGE, before=before)
    answer = _page([found.article for found in page.items], page.next, shown, speech)
    if not answer.results and not shown:
        return InlineAnswer(hint=speech.say("Nothing found"))
    return answer


def _own(connection: Connection, chat: Chat | None, before: int | None, shown: int, speech: Voice) -> InlineAnswer:
    """The newest of what the person was told in private."""
    told = newest_told(connection, chat.id, before=before, limit=PER_PAGE) if chat is not None else []
    if not told and not shown:
        return InlineAnswer(hint=speech.say("Choose what to watch"))
    articles = {article.id: article for article in get_articles(connection, [article_id for _, article_id in told])}
    following = told[-1][0] if len(told) == PER_PAGE else None
    return _page([articles[at] for _, at in told if at in articles], following, shown, speech)


def _page(articles: list[Article], following: int | None, shown: int, speech: Voice) -> InlineAnswer:
    results = [_result(article, url, speech) for article in articles if (url := linkable(article.url)) is not None]
    shown += len(articles)
    more = following is not None and shown < MOST
    return InlineAnswer(tuple(results), f"{following}:{shown}" if more else "")


def _result(article: Article, url: str, speech: Voice) -> InlineResult:
    title = shorten(one_line(title_of(article, speech)), MAX_TITLE)
    builder = TextBuilder(right_to_left=speech.right_to_left).start_line(direction_mark(title) or None)
    start = builder.here
    builder.add_quoted(shorten(title_of(article, speech), 300), "bold").link(start, url)
    builder.start_line().add_foreign(shorten(article.outlet_name, 60)).add(" · ").add_foreign(host_of(article.url))
    builder.add(" · ").add_time(article.dated)
    read = Button(speech.say("Read the article"), url=url)
    day = f"{article.dated.astimezone(UTC):%Y-%m-%d}"
    about = f"{one_line(article.outlet_name)} · {LRM}{day}"  # or its parts change places behind Arabic letters
    return InlineResult(f"a{article.id}", title, about, url, Message(builder.build(), ((read,),), preview_url=url))


def _offset(given: str) -> tuple[int | None, int]:
    """(where the page begins, how many were shown before it); the first page for whatever is not ours."""
    before, _, shown = given.partition(":")
    at, so_far = number(before), number(shown)
    return (at, so_far) if at >= 0 and so_far >= 0 else (None, 0)
