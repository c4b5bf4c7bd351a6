"""The outlets that are followed, how they are, and a visit to one of them now."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.screens.buttons import CRAWL, OUTLETS, button, number
from bot.screens.paging import page_buttons, page_of
from bot.visits import Answer, Visit, refusal, say
from bot.words.addresses import host_of
from bot.words.language import Voice
from bot.words.messages import Keyboard, Message
from bot.words.text import Foreign, Styled, TextBuilder, shorten
from monitors.errors import NotFound, UsageError
from monitors.outlets import Outlet, OutletState, SourceHealth
from monitors.requests import NewCrawl
from monitors.storage.crawls import Reception, ask
from monitors.storage.outlets import find_outlet, list_outlets, sources_health
from monitors.text.cleaning import one_line
from monitors.wakeups import REQUESTS

_LABEL = 30
"""Code points of an outlet's name on a button."""


def outlet_list(visit: Visit, page: int = 0) -> Message:
    """The followed outlets with their health, and a button to visit each now."""
    speech = visit.voice
    outlets = list_outlets(visit.connection)
    builder = visit.builder()
    if not outlets:
        builder.line(speech.say("No outlet is followed yet. The operator of this bot can add some."))
        return Message(builder.build())
    title = speech.count("{n} outlet is followed", "{n} outlets are followed", len(outlets))
    builder.line("{title}", title=Styled(title.replace("{n}", str(len(outlets))), ("bold",)))
    page, shown, _ = page_of(outlets, page)
    for outlet in shown:
        builder.start_line().add_foreign(shorten(outlet.name, 80), "bold").add(" · ")
        builder.add_foreign(host_of(outlet.homepage))
        _add_health(builder, outlet, sources_health(visit.connection, outlet.id), speech)
    return Message(builder.build(), _crawl_buttons(speech, shown) + page_buttons(speech, OUTLETS, page, len(outlets)))


def crawl_command(visit: Visit, arguments: str) -> Answer:
    """`/crawl` offers the outlets, `/crawl NAME` (or host) visits one now."""
    if (refused := refusal(visit)) is not None:
        return refused
    wanted = one_line(arguments)
    if not wanted:
        return say(_choose(visit))
    called = _called(visit, wanted)
    if len(called) == 1:
        return _crawl(visit, called[0])
    speech = visit.voice
    text = speech.say("Several outlets are called {wanted}.") if called else speech.say("No outlet is called {wanted}.")
    builder = visit.builder().line(text, wanted=Foreign(shorten(wanted, 100), ("bold",)))
    return say(Message(builder.build()), _choose(visit, called))


def crawl_pressed(visit: Visit, outlet_id: str) -> Answer:
    if (refused := refusal(visit)) is not None:
        return Answer(toast=refused.toast)
    try:
        return _crawl(visit, find_outlet(visit.connection, str(number(outlet_id))))
    except NotFound:
        return Answer(toast=visit.voice.say("This outlet is not followed any more."))


def _crawl(visit: Visit, outlet: Outlet) -> Answer:
    speech = visit.voice
    wish = NewCrawl(outlet.id, visit.chat.id)
    received = ask(visit.connection, wish, now=visit.now, per_hour=None)
    if received.reception is Reception.BEGUN:
        return Answer(toast=speech.say("On my way."), kicks=(REQUESTS,))
    text = speech.say("I am already visiting {outlet}; wait a moment.")
    builder = visit.builder().line(text, outlet=Foreign(outlet.name, ("bold",)))
    return say(Message(builder.build()))


def _called(visit: Visit, wanted: str) -> list[Outlet]:
    """The outlet that the registry finds by these words, or those of this name or host as the list shows them."""
    try:
        return [find_outlet(visit.connection, wanted)]
    except UsageError:  # none or several
        shown = wanted.lower()
        return [
            outlet
            for outlet in list_outlets(visit.connection)
            if shown in (outlet.name.lower(), host_of(outlet.homepage))
        ]


def _choose(visit: Visit, among: Sequence[Outlet] = ()) -> Message:
    """Offers to visit one of these outlets, or of all."""
    outlets = among or list_outlets(visit.connection)
    if not outlets:
        return outlet_list(visit)
    builder = visit.builder().line(visit.voice.say("Which outlet shall I visit?"))
    return Message(builder.build(), _crawl_buttons(visit.voice, outlets[:10]))


def _crawl_buttons(speech: Voice, outlets: Sequence[Outlet]) -> Keyboard:
    label = speech.say("Visit {outlet}")
    return tuple(
        (button(label.replace("{outlet}", shorten(outlet.name, _LABEL)), CRAWL, outlet.id),)
        for outlet in outlets
        if outlet.state is OutletState.ACTIVE
    )


def _add_health(builder: TextBuilder, outlet: Outlet, health: Sequence[SourceHealth], speech: Voice) -> None:
    articles = sum(one.articles for one in health)
    active = [one.source for one in health if one.source.active]
    builder.start_line().add("   ")
    if outlet.state is OutletState.PAUSED:
        builder.add(speech.say("paused")).add(" · ")
    elif not active:
        builder.add(speech.say("❗ no source works any more")).add(" · ")
    elif all(source.failures for source in active):
        times = min(source.failures for source in active)
        builder.fill(speech.count("❗ failed {n} time", "❗ failed {n} times", times), n=times).add(" · ")
    builder.fill(speech.count("{n} article", "{n} articles", articles), n=articles)
    newest = max((one.newest_article_at for one in health if one.newest_article_at), default=None)
    if newest is not None:
        builder.add(speech.say(", the latest")).add(" ")
        _add_moment(builder, newest)


def _add_moment(builder: TextBuilder, at: datetime) -> None:
    builder.add_time(int(at.timestamp()), at.strftime("%Y-%m-%d %H:%M UTC"))
