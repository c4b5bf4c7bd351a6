"""The outlets that are followed, and how they are."""

from __future__ import annotations

from collections.abc import Sequence

from bot.makers.outlet_list import OUTLET_LIST
from bot.screens.paging import page_buttons, page_of
from bot.visits import Answer, Visit, say, shown
from bot.words.addresses import host_of
from bot.words.buttons import COUNTRIES, EXPORT_OUTLETS, OUTLET, OUTLETS, button, label_of, number, ordered
from bot.words.language import Voice
from bot.words.messages import CAPTION, Attachment, Button, Form, Message
from bot.words.text import Styled, TextBuilder, shorten
from monitors.outlets import Outlet, OutletState, Source, SourceHealth
from monitors.storage.outlet_cards import sources_health
from monitors.storage.outlets import list_outlets


def outlet_list(visit: Visit, page: int = 0) -> Message:
    """The followed outlets with their health, and a button to look at each."""
    speech = visit.voice
    outlets = list_outlets(visit.connection)
    builder = visit.builder()
    if not outlets:
        builder.line(speech.say("No outlet is followed yet."))
        builder.line(speech.say("Send me the address of one, or choose from the catalogue."))
        return Message(builder.build(), ((catalogue_button(speech),),))
    title = speech.count("{n} outlet is followed", "{n} outlets are followed", len(outlets))
    builder.line("{title}", title=Styled(title.replace("{n}", str(len(outlets))), ("bold",)))
    page, shown, _ = page_of(outlets, page)
    health = sources_health(visit.connection, [outlet.id for outlet in shown])
    for outlet in shown:
        builder.start_line().add_foreign(shorten(outlet.name, 80), "bold").add(" · ")
        builder.add_foreign(host_of(outlet.homepage))
        _add_health(builder, outlet, health[outlet.id], speech)
    rows = tuple((button(label, OUTLET, outlet.id),) for outlet, label in zip(shown, labels(shown), strict=True))
    pages = page_buttons(speech, OUTLETS, page, len(outlets))
    below = ordered(speech, (catalogue_button(speech), button(speech.say("Export"), EXPORT_OUTLETS)))
    return Message(builder.build(), (*rows, *pages, below))


def catalogue_button(speech: Voice) -> Button:
    return button(speech.say("Catalogue of outlets"), COUNTRIES, 0)


def labels(outlets: Sequence[Outlet]) -> list[str]:
    """What buttons call them: their names, and the hosts of those that share one."""
    names = [label_of(outlet.name) for outlet in outlets]
    return [
        f"{name} · {host_of(outlet.homepage)}" if names.count(name) > 1 else name
        for name, outlet in zip(names, outlets, strict=True)
    ]


def failing_words(sources: Sequence[Source], speech: Voice) -> str | None:
    """What to say of an outlet none of whose sources can be read now."""
    active = [source for source in sources if source.active]
    if not active:
        return speech.say("❗ no source works any more")
    times = min(source.failures for source in active)
    if not times:
        return None
    return speech.count("❗ failed {n} time", "❗ failed {n} times", times).replace("{n}", str(times))


def _add_health(builder: TextBuilder, outlet: Outlet, health: Sequence[SourceHealth], speech: Voice) -> None:
    articles = sum(one.articles for one in health)
    builder.start_line().add("   ")
    if outlet.state is OutletState.PAUSED:
        builder.add(speech.say("paused")).add(" · ")
    elif (failing := failing_words([one.source for one in health], speech)) is not None:
        builder.add(failing).add(" · ")
    builder.fill(speech.count("{n} article", "{n} articles", articles), n=articles)
    newest = max((one.newest_article_at for one in health if one.newest_article_at), default=None)
    if newest is not None:
        builder.add(speech.say(", the latest")).add(" ")
        builder.add_time(newest)


def _outlets(visit: Visit, _: str) -> Answer:
    return say(outlet_list(visit))


def _export(visit: Visit, _: str) -> Answer:
    """All that is followed, as a file that other readers import."""
    builder = visit.builder().line(visit.voice.say("The outlets that are followed, for other readers of feeds (OPML)."))
    attachment = Attachment(Form.DOCUMENT, "rasid-outlets.opml", OUTLET_LIST, {})
    return say(Message(builder.build(CAPTION), attachment=attachment))


COMMANDS = {"outlets": _outlets}
PRESSES = {
    OUTLETS: shown(lambda visit, argument: outlet_list(visit, number(argument, 0))),
    EXPORT_OUTLETS: _export,
}
