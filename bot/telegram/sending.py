"""One attempt to send or edit a message, and exactly what its error means.

Error texts and reactions: Bot API server and TDLib. python-telegram-bot strips "Bad Request: " and capitalises, so
texts are compared in lower case. Only errors raised before a byte left (connecting, waiting for the pool) mean
"not sent"; timeouts, resets, 5xx and answers that are not the Bot API's leave it unknown.
"""

from __future__ import annotations

import logging
import re
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

import httpx
from telegram import InputFile, InputMediaDocument, InputMediaPhoto, MessageEntity
from telegram.error import BadRequest, ChatMigrated, Conflict, Forbidden, InvalidToken, RetryAfter, TelegramError

from bot.outbox.outcomes import (
    Barred,
    Gone,
    Halted,
    Migrated,
    NotSent,
    Outcome,
    Refused,
    RetryAt,
    Sent,
    Unknown,
    Vanished,
)
from bot.telegram.api import BotApi, asked_wait_s
from bot.telegram.requesting import keyboard_below
from bot.words.messages import Button, Form, Keyboard, Message, entity_to_json
from monitors.chats import LACKS_RIGHTS, ChatAddress

logger = logging.getLogger(__name__)

_NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
_UNTOLD_WAIT_S = 5.0

_GONE = re.compile(
    "chat not found|user is deactivated|group chat was deleted|peer_id_invalid|bot is not a member|bot was kicked"
)
_TOPIC_BARRED = re.compile("message thread not found|topic_closed|topic_deleted")
_NOT_MODIFIED = "message is not modified"
_NOT_EDITABLE = re.compile(
    "message to edit not found|message can't be edited|message_id_invalid|there is no text in the message to edit"
)
_UNPARSABLE = re.compile("can't parse entities|can't parse messageentity|entity_bounds_invalid")
_UNPRESSABLE = re.compile("button_|keyboard button|reply markup is too long|wrong http url|unsupported url protocol")


async def attempt(
    api: BotApi,
    address: ChatAddress,
    message: Message,
    *,
    silent: bool = False,
    content: bytes | None = None,
) -> Outcome:
    """Sends, without a sound if it is `silent`, or edits once. `content` is what the message's attachment was made to.

    A message whose entities or buttons Telegram refuses is sent once more without them: it was certainly refused
    before.
    """
    try:
        return await _Sending(api, address, message, silent, content).once()
    except BadRequest as error:
        text = error.message.lower()
        if message.edits is not None and _NOT_MODIFIED in text:
            return Sent(message.edits)
        if message.edits is not None and _NOT_EDITABLE.search(text):
            return Vanished(error.message)
        if (less := _without_refused(message, text)) is not None:
            return await attempt(api, address, less, silent=silent, content=content)
        return classify(error, api)
    except Exception as error:  # whatever it was, the request may have been on its way
        return classify(error, api)


def _without_refused(message: Message, error: str) -> Message | None:
    """What can be said of it instead; None where that would be the same."""
    if _UNPARSABLE.search(error) and message.body.entities:
        logger.warning("a message is said without its entities, which Telegram cannot read: %s", error)
        return replace(message, body=replace(message.body, entities=()))
    if _UNPRESSABLE.search(error) and message.keyboard:
        logger.warning("a message is said without its buttons, which Telegram refuses: %s", error)
        return replace(message, keyboard=())
    return None


async def announce(api: BotApi, address: ChatAddress, form: Form) -> None:
    """Shows for some seconds that a picture or a file is on its way: a courtesy, nothing lost if it fails."""
    place = {"chat_id": address.chat_id, "message_thread_id": address.thread_id or None}
    action = "upload_photo" if form is Form.PICTURE else "upload_document"
    with suppress(Exception):
        await api.call("sendChatAction", action=action, **place)


def classify(error: Exception, api: BotApi) -> Outcome:
    """What an error says about the attempt that raised it."""
    reason = api.explain(error)
    match error:
        case RetryAfter():
            return RetryAt(asked_wait_s(error))
        case ChatMigrated():
            return Migrated(error.new_chat_id)
        case _ if "too many requests" in reason.lower():
            return RetryAt(_UNTOLD_WAIT_S)
        case _ if isinstance(error.__cause__, _NOT_SENT):
            return NotSent(reason)
        case TelegramError() if error.__cause__ is not None:  # not the Bot API's own answer
            return Unknown(reason)
        case InvalidToken():
            return Halted("Telegram does not accept the bot token")
        case Forbidden() | BadRequest() if (barred := _barred(reason)) is not None:
            return barred
        case Forbidden():
            return Gone(reason)
        case Conflict():
            return NotSent(reason)
        case BadRequest():
            return Gone(reason) if _GONE.search(reason.lower()) else Refused(reason)
        case _ if "request entity too large" in reason.lower():
            return Refused(reason)
        case _:
            return Unknown(reason)


def _barred(reason: str) -> Barred | None:
    """Whether the chat is there, and we may not write in it."""
    text = reason.lower()
    if _TOPIC_BARRED.search(text):
        return Barred(reason, topic=True)
    return Barred(reason, topic=False) if LACKS_RIGHTS.search(text) else None


@dataclass(frozen=True, slots=True)
class _Sending:
    """One message on its way, by the method that fits what it holds."""

    api: BotApi
    address: ChatAddress
    message: Message
    silent: bool
    content: bytes | None

    async def once(self) -> Outcome:
        arguments: dict[str, Any] = {"chat_id": self.address.chat_id, "reply_markup": _markup(self.message)}
        entities = [entity_to_json(entity) for entity in self.message.body.entities] or None
        if self.message.edits is not None:
            await self._edit(arguments, entities)
            return Sent(self.message.edits)
        # General, thread 0 with us, must be addressed without a thread.
        arguments |= {"message_thread_id": self.address.thread_id or None, "disable_notification": self.silent or None}
        if self.message.replies_to is not None:
            answered = {"message_id": self.message.replies_to, "allow_sending_without_reply": True}
            arguments["reply_parameters"] = answered
        sent = await self._send(arguments, entities)
        return Sent(sent["message_id"])

    async def _send(self, arguments: dict[str, Any], entities: list[dict[str, Any]] | None) -> Any:
        text, attachment = self.message.body.text, self.message.attachment
        if attachment is None or self.content is None:
            preview = preview_of(self.message.preview_url)
            return await self.api.call(
                "sendMessage", text=text, entities=entities, link_preview_options=preview, **arguments
            )
        arguments |= {"caption": text or None, "caption_entities": entities}
        file = InputFile(self.content, filename=attachment.name)
        if attachment.form is Form.PICTURE:
            return await self.api.call("sendPhoto", photo=file, **arguments)
        return await self.api.call("sendDocument", document=file, **arguments)

    async def _edit(self, arguments: dict[str, Any], entities: list[dict[str, Any]] | None) -> None:
        text, attachment = self.message.body.text, self.message.attachment
        arguments["message_id"] = self.message.edits
        if attachment is None:
            preview = preview_of(self.message.preview_url)
            await self.api.call(
                "editMessageText", text=text, entities=entities, link_preview_options=preview, **arguments
            )
        elif self.content is None:  # it could not be made: the picture that is there stays, with these words
            await self.api.call("editMessageCaption", caption=text, caption_entities=entities, **arguments)
        else:
            kind = InputMediaPhoto if attachment.form is Form.PICTURE else InputMediaDocument
            media = kind(self.content, filename=attachment.name, caption=text, caption_entities=_as_theirs(entities))
            await self.api.call("editMessageMedia", media=media, **arguments)


def _as_theirs(entities: list[dict[str, Any]] | None) -> list[MessageEntity]:
    return [MessageEntity(**entity) for entity in entities or ()]


def _markup(message: Message) -> dict[str, Any] | None:
    if message.asks is not None:
        return keyboard_below(message.asks, message.answer_hint)
    if message.answer_hint is not None:
        return {"force_reply": True, "selective": True, "input_field_placeholder": message.answer_hint}
    return keyboard_of(message.keyboard) if message.keyboard else None


def keyboard_of(rows: Keyboard) -> dict[str, Any]:
    return {"inline_keyboard": [[_button(button) for button in row] for row in rows]}


def _button(button: Button) -> dict[str, str]:
    if button.url is not None:
        return {"text": button.label, "url": button.url}
    return {"text": button.label, "callback_data": button.data or ""}


def preview_of(url: str | None) -> dict[str, Any]:
    if url is None:
        return {"is_disabled": True}
    return {"url": url, "show_above_text": True, "prefer_large_media": True}
