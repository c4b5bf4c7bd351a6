"""Something happened that a chat is told without having asked at this moment (pure)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.words.buttons import ABOUT, TIMES, apart, button
from bot.words.failures import failure_words
from bot.words.language import Voice
from bot.words.messages import Message
from bot.words.places import compose_list_ended, compose_place_broken
from bot.words.text import Foreign, TextBuilder, shorten

MAX_ERROR = 160


def compose_notice(payload: Mapping[str, Any], speech: Voice) -> Message:
    """In this language. Raises `ValueError` for one this version does not know."""
    builder = TextBuilder(right_to_left=speech.right_to_left)
    outlet = Foreign(shorten(str(payload.get("outlet", "")), 80), ("bold",))
    match payload.get("notice"):
        case "outlet_health":
            _add_health(builder, payload, outlet, speech)
        case "source_gone":
            builder.line(speech.say("❗ {outlet}: a source is gone for good, says its server."), outlet=outlet)
        case "place_broken":
            return compose_place_broken(payload, speech)
        case "many_alerts":
            return _many_alerts(int(payload["most"]), speech)
        case "list_ended":
            return compose_list_ended(payload, speech)
        case notice:
            raise ValueError(f"unknown notice {notice!r}")
    about = payload.get("outlet_id")
    row = (button(speech.say("About this outlet"), ABOUT, int(about)),) if about is not None else ()
    return Message(builder.build(), (row,) if row else ())


def _many_alerts(most: int, speech: Voice) -> Message:
    builder = TextBuilder(right_to_left=speech.right_to_left)
    told = speech.count(
        "{n} alert has come within an hour, which is as many as I tell one by one.",
        "{n} alerts have come within an hour, which is as many as I tell one by one.",
        most,
    )
    builder.line("🗞 {told}", told=told.replace("{n}", str(most)))
    builder.line(speech.say("The others come together at the full hour; nothing is lost."))
    return Message(builder.build(), ((apart(button(speech.say("When and how"), TIMES, 0)),),))


def _add_health(builder: TextBuilder, payload: Mapping[str, Any], outlet: Foreign, speech: Voice) -> None:
    reason: Mapping[str, Any] = payload.get("reason") or {}
    match payload["health"]:
        case "ok":
            builder.line(speech.say("✅ {outlet} works again."), outlet=outlet)
        case "quiet":
            builder.line(speech.say("🔇 {outlet} has fallen silent."), outlet=outlet)
        case "broken":
            builder.line(speech.say("❗ {outlet} cannot be read any more."), outlet=outlet)
        case health:
            raise ValueError(f"unknown health {health!r}")
    add_reason(builder, reason, speech)
    if payload["health"] != "ok" and payload.get("since"):
        at = datetime.fromisoformat(str(payload["since"]))
        builder.start_line().add(speech.say("That began")).add(" ")
        builder.add_time(at)
        if reason.get("code") == "gone":
            builder.line(speech.say("I visit it no more. If it has a new address, send it to me."))
        else:
            builder.line(speech.say("I go on trying, and say so when it works again."))


def add_reason(builder: TextBuilder, reason: Mapping[str, Any], speech: Voice) -> None:
    """What a judgement about an outlet rests on (`monitors.health.Finding`); nothing for what needs no reason."""
    match reason.get("code"):
        case "failing":
            failures = int(reason.get("failures") or 0)
            builder.line(
                speech.count("It failed {n} time in a row.", "It failed {n} times in a row.", failures), n=failures
            )
            if error := str(reason.get("error") or ""):
                builder.line("{error}", error=Foreign(shorten(failure_words(error, speech), MAX_ERROR)))
        case "gone":
            builder.line(speech.say("Its server says that it is gone for good."))
        case "silent":
            hours, expected = int(reason.get("hours") or 0), int(reason.get("expected") or 0)
            builder.line(speech.count("Nothing for {n} hour.", "Nothing for {n} hours.", hours), n=hours)
            usual = speech.count("{n} article was to be expected.", "{n} articles were to be expected.", expected)
            builder.line(usual, n=expected)
        case "few":
            seen, expected = int(reason.get("seen") or 0), int(reason.get("expected") or 0)
            builder.line(speech.count("Only {n} article lately.", "Only {n} articles lately.", seen), n=seen)
            usual = speech.count("{n} article was to be expected.", "{n} articles were to be expected.", expected)
            builder.line(usual, n=expected)
