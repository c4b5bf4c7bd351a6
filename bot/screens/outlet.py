"""One outlet: how it fares and why, when it is polled, and what may be done about it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import partial

from bot.screens.outlets import failing_words
from bot.visits import Answer, Visit, by_right, in_place, say
from bot.words.addresses import host_of, linkable
from bot.words.buttons import (
    ABOUT,
    ALL_NEWS,
    CRAWL,
    JOIN,
    LEAVE,
    ONLY_MATCHES,
    OUTLET,
    OUTLETS,
    PAST,
    PAUSE,
    RESUME,
    RULES,
    button,
    number,
    ordered,
)
from bot.words.failures import GONE, failure_words
from bot.words.language import Voice, message
from bot.words.messages import Keyboard, Message
from bot.words.naming import kind_name, language_name
from bot.words.spans import span_words
from bot.words.text import Foreign, TextBuilder, shorten
from monitors.countries import country_name
from monitors.errors import NotFound
from monitors.health import Health
from monitors.outlets import Outlet, OutletState, PollReason, Source, SourceHealth
from monitors.storage.crawls import stop_following, stop_polling
from monitors.storage.discoveries import was_brought_by_chats
from monitors.storage.followers import add_follower, drop_follower, followed_by, followers_of
from monitors.storage.outlet_cards import OutletCard, outlet_card
from monitors.storage.outlets import find_outlet, resume_outlet
from monitors.storage.subscriptions import set_rules, subscribe, subscriptions_of, unsubscribe
from monitors.subscriptions import Mode, Subscription
from monitors.wakeups import DELIVERIES, REQUESTS, SOURCES

MAX_SOURCES = 5
MAX_ERROR = 200

_WHY = {
    PollReason.NEW: message("for the first time"),
    PollReason.INTERVAL: message("after the usual interval"),
    PollReason.RATE: message("by how much it publishes"),
    PollReason.CEILING: message("because it publishes little"),
    PollReason.FRESHNESS: message("because its server says that an answer holds so long"),
    PollReason.TTL: message("because its document asks for such a pause"),
    PollReason.ROBOTS: message("because its robots.txt asks for such a pause"),
    PollReason.RETRY_AFTER: message("because its server asked to be left alone"),
    PollReason.FAILURES: message("because it failed and is given time"),
    PollReason.QUARANTINE: message("because its documents could not be read safely"),
}
_HEALTH = {
    Health.OK: message("✅ It works."),
    Health.QUIET: message("🔇 It has been silent for longer than usual."),
    Health.BROKEN: message("❗ It cannot be read."),
}


def outlet_pressed(visit: Visit, argument: str, *, here: bool = True) -> Answer:
    """The screen of an outlet, in place of the one whose button was pressed or as a message of its own."""
    try:
        card = outlet_card(visit.connection, str(number(argument)), now=visit.now)
    except NotFound:
        return Answer(toast=gone(visit.voice))
    screen = _screen(visit, card)
    return say(in_place(visit, screen) if here else screen)


def _of_outlet(act: Callable[[Visit, Outlet], Answer]) -> Callable[[Visit, str], Answer]:
    """What a button does that names an outlet."""

    def pressed(visit: Visit, argument: str) -> Answer:
        try:
            outlet = find_outlet(visit.connection, str(number(argument)))
        except NotFound:
            return Answer(toast=gone(visit.voice))
        return act(visit, outlet)

    return pressed


def _follow(visit: Visit, outlet: Outlet, *, join: bool) -> Answer:
    """The chat follows the outlet, or not any more; one that only chats brought here ends with its last follower."""
    connection, speech = visit.connection, visit.voice
    if join:
        add_follower(connection, outlet.id, visit.chat.id, now=visit.now)
        toast = speech.say("I say so here when it falls silent or fails.")
    else:
        dropped = drop_follower(connection, outlet.id, visit.chat.id)
        if dropped and not followers_of(connection, outlet.id) and was_brought_by_chats(connection, outlet.id):
            stop_following(connection, outlet.id, now=visit.now)
            text = speech.say("{outlet} is not followed any more. Its articles stay in the archive.")
            builder = visit.builder().line(text, outlet=Foreign(outlet.name, ("bold",)))
            ended = Message(builder.build(), ((button(speech.say("All outlets"), OUTLETS, 0),),))
            return say(in_place(visit, ended), toast=speech.say("Removed."), kicks=(REQUESTS, DELIVERIES))
        toast = speech.say("I no longer say so here if it fails. Its articles still raise alerts.")
    return say(_as_it_is(visit, outlet), toast=toast)


def _take_news(visit: Visit, outlet: Outlet, *, everything: bool) -> Answer:
    """The chat is told all that the outlet publishes, every hour together until it says otherwise; or matches alone.

    Whoever takes its news follows the outlet, too.
    """
    connection, speech = visit.connection, visit.voice
    taken = _taken(visit, outlet.id)
    if everything and taken is None:
        visit.sets_up()
        add_follower(connection, outlet.id, visit.chat.id, now=visit.now)
        taken = subscribe(connection, visit.chat.id, outlet_id=outlet.id, now=visit.now)
        set_rules(connection, taken.id, replace(taken.rules, mode=Mode.HOURLY))
        toast = speech.say("All its news comes here, every hour together.")
    elif not everything and taken is not None:
        unsubscribe(connection, taken.id)
        toast = speech.say("From now on only what is watched comes here.")
    else:
        toast = None
    return say(_as_it_is(visit, outlet), toast=toast)


def _taken(visit: Visit, outlet_id: int) -> Subscription | None:
    """The chat's subscription to all that the outlet publishes, if it has one."""
    mine = subscriptions_of(visit.connection, visit.chat.id)
    return next((one for one in mine if one.outlet_id == outlet_id), None)


def _rest(visit: Visit, outlet: Outlet, *, pause: bool) -> Answer:
    """For operators: the outlet rests for everybody, or goes on."""
    if not visit.operator:
        return Answer(toast=visit.voice.say("Only the operator of this bot may do that."))
    if pause:
        stop_polling(visit.connection, outlet.id, now=visit.now)
    else:
        resume_outlet(visit.connection, outlet.id, now=visit.now)
    return say(_as_it_is(visit, outlet), kicks=(REQUESTS, SOURCES))


def _as_it_is(visit: Visit, outlet: Outlet) -> Message:
    """The outlet's screen as it has become, in place of the one that was there."""
    return in_place(visit, _screen(visit, outlet_card(visit.connection, str(outlet.id), now=visit.now)))


def gone(speech: Voice) -> str:
    return speech.say("This outlet is not followed any more.")


def _screen(visit: Visit, card: OutletCard) -> Message:
    speech = visit.voice
    outlet = card.outlet
    builder = visit.builder()
    builder.start_line().add_foreign(shorten(outlet.name, 100), "bold").add(" · ")
    builder.add_foreign(host_of(outlet.homepage), url=linkable(outlet.homepage))
    about = [language_name(outlet.language, speech)] if outlet.language else []
    about += [country_name(outlet.country, speech.language)] if outlet.country else []
    if about:
        builder.line("{about}", about=" · ".join(about))
    _add_health(builder, card, speech)
    _add_numbers(builder, card, speech)
    taken = _taken(visit, outlet.id)
    builder.line(
        speech.say("📰 All its news comes here.") if taken else speech.say("🔔 Only what is watched comes here.")
    )
    for source in card.sources[:MAX_SOURCES]:
        builder.line()
        _add_source(builder, source, visit.now, speech)
    if (more := len(card.sources) - MAX_SOURCES) > 0:
        builder.line(speech.count("and {n} more", "and {n} more", more), n=more)
    return Message(builder.build(), _keyboard(visit, card))


def _add_health(builder: TextBuilder, card: OutletCard, speech: Voice) -> None:
    if card.outlet.state is OutletState.PAUSED:
        builder.line(speech.say("⏸ It is paused by the operator."))
        return
    failing = failing_words([one.source for one in card.sources], speech) if card.health is Health.OK else None
    builder.line("{health}", health=failing or speech.say(_HEALTH[card.health]))
    if card.health is not Health.OK and card.health_since is not None:
        builder.add(" ").add(speech.say("That began")).add(" ")
        builder.add_time(card.health_since)


def _add_numbers(builder: TextBuilder, card: OutletCard, speech: Voice) -> None:
    lately = speech.count("{n} article in the last seven days", "{n} articles in the last seven days", card.recent)
    builder.line(lately, n=card.recent)
    if card.median_delay_s is not None and card.p95_delay_s is not None:
        builder.line(
            speech.say("Seen {usual} after publication as a rule; of twenty articles, nineteen within {late}."),
            usual=span_words(card.median_delay_s, speech),
            late=span_words(card.p95_delay_s, speech),
        )


def _add_source(builder: TextBuilder, health: SourceHealth, now: datetime, speech: Voice) -> None:
    source = health.source
    builder.start_line().add("▫️ ").add(kind_name(source.kind, speech)).add(" · ")
    builder.add_foreign(shorten(_path_of(source), 60), "code").add(" · ")
    builder.fill(speech.count("{n} article", "{n} articles", health.articles), n=health.articles)
    if not source.active:
        never = speech.say(GONE) if source.poll_reason is PollReason.GONE else ""
        builder.line("   {rests}", rests=never or speech.say("rests"))
        return
    if source.next_poll_at <= now:
        builder.line("   {due}", due=speech.say("a visit is due"))
    else:
        builder.line("   {next} ", next=speech.say("next visit")).add_time(source.next_poll_at)
    if (why := _WHY.get(source.poll_reason) if source.poll_reason is not None else None) is not None:
        builder.add(speech.say(", ")).add(speech.say(why))
    if source.last_error:
        builder.start_line().add("   ❗ ").add_foreign(shorten(failure_words(source.last_error, speech), MAX_ERROR))


def _path_of(source: Source) -> str:
    """The address without what goes without saying, and without what stands after "?", which may be a key."""
    return source.url.partition("://")[2].partition("?")[0].removeprefix("www.")


def _keyboard(visit: Visit, card: OutletCard) -> Keyboard:
    speech, outlet = visit.voice, card.outlet
    rows = []
    if outlet.state is OutletState.ACTIVE:
        rows.append(
            ordered(
                speech,
                (
                    button(speech.say("Visit now"), CRAWL, outlet.id),
                    button(speech.say("Read its archive"), PAST, outlet.id),
                ),
            )
        )
    if (taken := _taken(visit, outlet.id)) is None:
        rows.append((button(speech.say("All its news"), ALL_NEWS, outlet.id),))
    else:
        matches = button(speech.say("Only matches"), ONLY_MATCHES, outlet.id)
        rows.append(ordered(speech, (matches, button(speech.say("When and how"), RULES, taken.id))))
    if outlet.id in followed_by(visit.connection, visit.chat.id):
        rows.append((button(speech.say("Unfollow"), LEAVE, outlet.id),))
    else:
        rows.append((button(speech.say("Tell me if it fails"), JOIN, outlet.id),))
    if visit.operator:
        paused = outlet.state is OutletState.PAUSED
        rows.append(
            (
                button(speech.say("Resume"), RESUME, outlet.id)
                if paused
                else button(speech.say("Pause for everybody"), PAUSE, outlet.id),
            )
        )
    rows.append((button(speech.say("All outlets"), OUTLETS, 0),))
    return tuple(rows)


PRESSES = {
    OUTLET: outlet_pressed,
    ALL_NEWS: by_right(_of_outlet(partial(_take_news, everything=True))),
    ONLY_MATCHES: by_right(_of_outlet(partial(_take_news, everything=False))),
    ABOUT: partial(outlet_pressed, here=False),
    JOIN: by_right(_of_outlet(partial(_follow, join=True))),
    LEAVE: by_right(_of_outlet(partial(_follow, join=False))),
    PAUSE: _of_outlet(partial(_rest, pause=True)),
    RESUME: _of_outlet(partial(_rest, pause=False)),
}
