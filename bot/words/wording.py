"""A delivery in words (pure): replies as they were decided, alerts and notices in the chat's language now."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.words.composing import compose_alert, repeat_mark
from bot.words.language import Voice, voice
from bot.words.messages import Message, from_json, marked
from bot.words.text import Foreign, TextBuilder
from monitors.alerts import Alert, Delivery


def words_of(delivery: Delivery, alert: Alert | None) -> Message:
    """What to say. Raises `ValueError` for a payload nobody can read."""
    speech = voice(delivery.chat.language)
    if alert is not None:
        return compose_alert(alert, speech, repeats=delivery.repeats)
    message = _reply_or_notice(delivery.payload, speech)
    if delivery.repeats and message.edits is None:
        return marked(message, repeat_mark(speech))
    return message


def edits_only(delivery: Delivery) -> bool:
    """Whether the delivery changes a message that is there, which may be repeated freely."""
    message = delivery.payload.get("message")
    return isinstance(message, dict) and message.get("edits") is not None


def compose_notice(payload: Mapping[str, Any], speech: Voice) -> Message:
    """Something a person asked to be told. Raises `ValueError` for one this version does not know."""
    if payload.get("notice") != "crawl_finished":
        raise ValueError(f"unknown notice {payload.get('notice')!r}")
    builder = TextBuilder(right_to_left=speech.right_to_left)
    builder.line(speech.say("{outlet}: the crawl is finished."), outlet=Foreign(str(payload["outlet"]), ("bold",)))
    new, found, failed = (int(payload[name]) for name in ("new", "found", "failed"))
    if new:
        builder.line(speech.count("{n} new article.", "{n} new articles.", new), n=new)
    else:
        builder.line(speech.say("Nothing new was found."))
    if found:
        builder.line(speech.count("{n} entry was listed.", "{n} entries were listed.", found), n=found)
    if failed:
        builder.line(speech.count("{n} page failed.", "{n} pages failed.", failed), n=failed)
    return Message(builder.build())


def _reply_or_notice(payload: Mapping[str, Any], speech: Voice) -> Message:
    if "message" in payload:
        try:
            return from_json(payload["message"])
        except (KeyError, TypeError) as error:
            raise ValueError(f"unreadable reply: {error!r}") from error
    return compose_notice(payload, speech)
