"""Rasid in numbers, for its operators (pure). `rasid status` says the same in English."""

from __future__ import annotations

from datetime import datetime

from bot.words.language import Voice, message
from bot.words.naming import access_meaning
from bot.words.text import Foreign, Styled, TextBuilder, shorten
from monitors.alerts import DeliveryKind, DeliveryState
from monitors.articles import ArticleState
from monitors.storage.queues import TROUBLES, Troubled
from monitors.storage.statistics import Status


def kind_name(kind: DeliveryKind, speech: Voice) -> str:
    match kind:
        case DeliveryKind.ALERT:
            return speech.say("alerts")
        case DeliveryKind.DIGEST:
            return speech.say("digests")
        case DeliveryKind.NOTICE:
            return speech.say("notices")
        case DeliveryKind.PROGRESS:
            return speech.say("progress")
        case DeliveryKind.BROADCAST:
            return speech.say("broadcasts")
        case _:
            return speech.say("answers")


def state_name(state: DeliveryState, speech: Voice) -> str:
    """Of the states that may trouble an operator."""
    match state:
        case DeliveryState.UNCERTAIN:
            return speech.say("Uncertain")
        case DeliveryState.UNCONFIRMED:
            return speech.say("Unconfirmed")
        case _:
            return speech.say("Undeliverable")


def add_status(builder: TextBuilder, status: Status, speech: Voice) -> None:
    builder.line("{title}", title=Styled(speech.say("Status"), ("bold",)))
    _add_roles(builder, status, speech)
    if status.held_back:
        builder.line(speech.say("⏸ Alerts are held back; only answers are sent."))
    if status.polling_paused:
        builder.line(speech.say("⏸ No source is visited by itself."))
    if status.access is not None:
        builder.line("{access}", access=access_meaning(status.access, speech))
    if status.move is not None and status.move.waiting:
        builder.line(
            speech.say("Moved to this bot: {waiting} of {chats} chats have yet to press Start here."),
            waiting=status.move.waiting,
            chats=status.move.chats,
        )
    builder.line()
    builder.line(
        speech.say("Outlets: {n}, quiet {quiet}, broken {broken}"),
        n=status.outlets,
        quiet=status.quiet_outlets,
        broken=status.broken_outlets,
    )
    if status.paused_outlets:
        builder.line(speech.say("Paused besides: {n}"), n=status.paused_outlets)
    builder.line(speech.say("Sources: {n}, failing {failing}"), n=status.sources, failing=status.failing_sources)
    builder.line(speech.say("Watches at work: {n}"), n=status.watches)
    if status.loading is not None:
        loaded, of = status.loading.loaded, status.loading.of
        builder.line(speech.say("Being loaded: {n} of {of}; articles wait until all are."), n=loaded, of=of)
    pending = status.articles.get(ArticleState.PENDING, 0)
    builder.line(
        speech.say("Articles: {n}, not compared yet {pending}"), n=sum(status.articles.values()), pending=pending
    )
    _add_moment(builder, speech.say("Last visit to a source:"), status.visited_at)
    _add_moment(builder, speech.say("Last article compared:"), status.decided_at)
    _add_outbox(builder, status, speech)
    if status.disk is not None:
        builder.line()
        builder.line(speech.say("Database: {n} MB"), n=f"{status.disk.used_bytes / 1e6:.1f}")
        if status.disk.free_bytes is not None:
            builder.add(" · ").fill(speech.say("free {n} GB"), n=f"{status.disk.free_bytes / 1e9:.1f}")


_ROLES = {
    "crawl": message("Visiting outlets"),
    "decide": message("Comparing with watches"),
    "tell": message("Sending"),
}
"""What the parts of Rasid do, by their names in the log."""


def _add_roles(builder: TextBuilder, status: Status, speech: Voice) -> None:
    for role in status.roles:
        name = speech.say(_ROLES[role.name]) if role.name in _ROLES else role.name
        if status.at is not None and not role.is_heard(status.at):
            builder.line(
                speech.say("🔴 {what} ({role}): not heard any more. Start it again; its log says why."),
                what=name,
                role=role.name,
            )
        elif role.since is None:
            builder.line(
                speech.say("🟡 {what} ({role}): being started. If it stays so, the log says why."),
                what=name,
                role=role.name,
            )
        else:
            builder.line(speech.say("🟢 {what}: started"), what=name).add(" ")
            builder.add_time(role.since)


def _add_outbox(builder: TextBuilder, status: Status, speech: Voice) -> None:
    builder.line()
    builder.line("{title}", title=Styled(speech.say("Waiting to be sent"), ("bold",)))
    for one in status.waiting:
        builder.line("{kind}: {n} · ", kind=kind_name(one.kind, speech), n=one.count)
        builder.add_time(one.oldest_at)
    if not status.waiting:
        builder.line(speech.say("nothing"))
    for state in TROUBLES:
        if count := status.troubled.get(state):
            builder.line("{state}: {n}", state=state_name(state, speech), n=count)
            builder.line("   {meaning}", meaning=state_meaning(state, speech))
    if status.alerts:
        builder.line()
        builder.line("{title}", title=Styled(speech.say("Alerts so far"), ("bold",)))
    for named, states in (
        (speech.say("Sent: {n}"), (DeliveryState.SENT,)),
        (speech.say("Waiting: {n}"), (DeliveryState.PENDING, DeliveryState.SENDING, DeliveryState.UNCERTAIN)),
        (speech.say("Held until their time: {n}"), (DeliveryState.HELD,)),
        (speech.say("Not told: {n}"), (DeliveryState.UNDELIVERABLE, DeliveryState.UNCONFIRMED)),
        (speech.say("Not wanted (muted, paused, given up): {n}"), (DeliveryState.DROPPED,)),
    ):
        if count := sum(status.alerts.get(state, 0) for state in states):
            builder.line(named, n=count)
    lately = status.lately
    if lately.median_s is not None and lately.p95_s is not None:
        builder.line(
            speech.say("Delay in the last day: half within {median} s, 95% within {p95} s"),
            median=f"{lately.median_s:.1f}",
            p95=f"{lately.p95_s:.1f}",
        )


def state_meaning(state: DeliveryState, speech: Voice) -> str:
    """What it is, and whether anything is to be done."""
    match state:
        case DeliveryState.UNCERTAIN:
            return speech.say("The connection broke while it was sent. It is sent again by itself, with a mark.")
        case DeliveryState.UNCONFIRMED:
            return speech.say("Nobody knows whether it arrived. Ask there, then send it again or give it up.")
        case _:
            return speech.say("Telegram refused it, or the chat is gone. Its reason stands with it.")


def add_troubled(builder: TextBuilder, number: int, one: Troubled, speech: Voice) -> None:
    builder.line("{number}. {kind} · ", number=number, kind=kind_name(one.kind, speech))
    builder.add_foreign(shorten(one.chat or str(one.telegram_chat_id), 40)).add(" · ")
    builder.add_time(one.created_at)
    if one.title:
        builder.line("   {title}", title=Foreign(shorten(one.title, 80)))
    if one.error:
        builder.line("   {error}", error=Foreign(shorten(one.error, 120), ("code",)))


def _add_moment(builder: TextBuilder, name: str, at: datetime | None) -> None:
    if at is not None:
        builder.line("{name} ", name=name)
        builder.add_time(at)
