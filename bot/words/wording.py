"""A delivery in words (pure): replies as they were decided, everything else in the chat's language now."""

from __future__ import annotations

from dataclasses import replace

from bot.words.composing import channel_buttons, compose_alert, repeat_mark
from bot.words.crawls import compose_crawl
from bot.words.digests import compose_digest
from bot.words.discoveries import compose_discovery
from bot.words.language import Voice, voice
from bot.words.messages import Message, from_json, marked
from bot.words.notices import compose_notice
from monitors.alerts import Alert, Delivery, Digest
from monitors.requests import CrawlView, Discovery
from monitors.storage.subjects import Subject


def words_of(delivery: Delivery, subject: Subject) -> Message:
    """What to say. Raises `ValueError` for a payload nobody can read."""
    speech, in_channel = voice(delivery.chat.language), delivery.chat.type == "channel"
    if isinstance(subject, Alert):
        keyboard = channel_buttons(subject, speech) if in_channel else None
        message = compose_alert(subject, speech, repeats=delivery.repeats, keyboard=keyboard)
        return replace(message, edits=delivery.message_id)
    if isinstance(subject, Digest):
        return replace(compose_digest(subject, speech, in_channel=in_channel), edits=delivery.message_id)
    if subject is not None:
        message = replace(_of_request(subject, speech), edits=delivery.message_id)
    else:
        message = _reply_or_notice(delivery, speech)
    if delivery.repeats and message.edits is None:
        return marked(message, repeat_mark(speech))
    return message


def _of_request(subject: CrawlView | Discovery, speech: Voice) -> Message:
    if isinstance(subject, CrawlView):
        return compose_crawl(subject, speech)
    return compose_discovery(subject, speech)


def _reply_or_notice(delivery: Delivery, speech: Voice) -> Message:
    if "message" not in delivery.payload:
        notice = compose_notice(delivery.payload, speech)
        return replace(notice, keyboard=()) if delivery.chat.type == "channel" else notice  # readers decide nothing
    try:
        return from_json(delivery.payload["message"])  # type: ignore[arg-type]  # what is not a message, it refuses
    except (KeyError, TypeError) as error:
        raise ValueError(f"unreadable reply: {error!r}") from error
