"""A crawl as its one message shows it, from asked for to over (pure)."""

from __future__ import annotations

from bot.words.addresses import linkable
from bot.words.buttons import ABOUT, CRAWL, STOP, button, ordered
from bot.words.language import Voice, message
from bot.words.messages import Keyboard, Message
from bot.words.text import Foreign, TextBuilder, shorten
from bot.words.troubles import trouble_words
from monitors.requests import CrawlState, CrawlView

MAX_TITLE = 150

_VISIT = {
    CrawlState.WAITING: message("🔎 {outlet}: I am about to visit it."),
    CrawlState.RUNNING: message("🔎 {outlet}: I am there now …"),
    CrawlState.FINISHED: message("✅ {outlet}: the visit is over."),
    CrawlState.CANCELLED: message("⏹ {outlet}: stopped. What was found until then is kept."),
    CrawlState.FAILED: message("❗ {outlet}: nothing came of the visit."),
}
_PAST = {
    CrawlState.WAITING: message("🗄 {outlet}: I am about to read its archive."),
    CrawlState.RUNNING: message("🗄 {outlet}: I am reading its archive, which takes a while …"),
    CrawlState.FINISHED: message("✅ {outlet}: its archive has been read."),
    CrawlState.CANCELLED: message("⏹ {outlet}: stopped. What was found until then is kept."),
    CrawlState.FAILED: message("❗ {outlet}: nothing came of reading its archive."),
}


def compose_crawl(view: CrawlView, speech: Voice) -> Message:
    """How far it is; what it found, once it is over; and a button to stop it, for the chat that asked."""
    crawl = view.crawl
    builder = TextBuilder(right_to_left=speech.right_to_left)
    heads = _VISIT if crawl.since is None else _PAST
    builder.line(speech.say(heads[crawl.state]), outlet=Foreign(shorten(crawl.outlet_name, 80), ("bold",)))
    if crawl.error is not None:
        builder.line(trouble_words(crawl.error, speech))
    if crawl.state is not CrawlState.WAITING:
        _add_counts(builder, view, speech)
    if not crawl.state.open:
        if crawl.updated_at is not None:
            builder.start_line().add_time(crawl.updated_at)
        _add_articles(builder, view, speech)
    return Message(builder.build(), _keyboard(view, speech))


def _add_counts(builder: TextBuilder, view: CrawlView, speech: Voice) -> None:
    crawl = view.crawl
    if crawl.found or crawl.state.open:
        listed = speech.count("{n} entry was listed.", "{n} entries were listed.", crawl.found)
        builder.line(listed, n=crawl.found)
    if crawl.new or crawl.state.open:
        builder.line(speech.count("{n} new article.", "{n} new articles.", crawl.new), n=crawl.new)
    elif crawl.state is CrawlState.FINISHED:
        builder.line(speech.say("Nothing new was found."))
    if crawl.new and crawl.alerts:
        met = speech.count(
            "{n} of them meets what is watched here.", "{n} of them meet what is watched here.", view.matched
        )
        builder.line(met, n=view.matched)
        if view.undecided and not crawl.state.open:
            builder.line(speech.say("Some are still being compared with what is watched here."))
    elif crawl.new and not crawl.state.open:
        builder.line(speech.say("They are in the archive now and raise no alerts."))
    if crawl.failed:
        builder.line(speech.count("{n} page failed.", "{n} pages failed.", crawl.failed), n=crawl.failed)


def _add_articles(builder: TextBuilder, view: CrawlView, speech: Voice) -> None:
    if not view.articles:
        return
    builder.line()
    for article in view.articles:
        title = shorten(article.title.strip() or speech.say("(no title)"), MAX_TITLE)
        builder.start_line().add("• ").add_foreign(title, url=linkable(article.url))
    if (more := view.crawl.new - len(view.articles)) > 0:
        builder.line(speech.count("and {n} more", "and {n} more", more), n=more)


def _keyboard(view: CrawlView, speech: Voice) -> Keyboard:
    crawl = view.crawl
    if crawl.state.open:
        return ((button(speech.say("Stop"), STOP, crawl.id),),) if view.own else ()
    row = [button(speech.say("About this outlet"), ABOUT, crawl.outlet_id)]
    if crawl.since is None:
        row.append(button(speech.say("Visit again"), CRAWL, crawl.outlet_id))
    return (ordered(speech, row),)
