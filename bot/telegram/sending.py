"""One attempt to send or edit a message, and exactly what its error means.

Error texts and reactions: Bot API server and TDLib. python-telegram-bot strips "Bad Request: " and capitalises, so
texts are compared in lower case. Only errors raised before a byte left (connecting, waiting for the pool) mean
"not sent"; timeouts, resets, 5xx and answers that are not the Bot API's leave it unknown.
"""

from __future__ import annotations

import re
from typing import Any

import httpx
from telegram.error import BadRequest, ChatMigrated, Conflict, Forbidden, InvalidToken, RetryAfter, TelegramError

from bot.outbox.outcomes import Gone, Halted, Migrated, NotSent, Outcome, Refused, RetryAt, Sent, Unknown
from bot.telegram.api import BotApi, asked_wait_s
from bot.words.messages import Button, Keyboard, Message, entity_to_json
from monitors.chats import ChatAddress

_NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
_UNTOLD_WAIT_S = 5.0

_GONE = re.compile(
    "chat not found|need administrator rights|not enough rights|have no rights|chat_write_forbidden"
    "|user is deactivated|group chat was deleted|peer_id_invalid|bot is not a member|bot was kicked"
)
_NOT_MODIFIED = "message is not modified"
_NOT_EDITABLE = re.compile("message to edit not found|message can't be edited|message_id_invalid")
_UNPARSABLE = re.compile("can't parse entities|can't parse messageentity|entity_bounds_invalid")


async def attempt(api: BotApi, address: ChatAddress, message: Message, *, silent: bool = False) -> Outcome:
    """Sends, without a sound if it is `silent`, or edits once.

    A message whose entities Telegram cannot read is sent once more as plain text, an edit of a message that is not
    there any more as a new one: both were certainly refused the first time.
    """
    try:
        return await _once(api, address, message, silent=silent)
    except BadRequest as error:
        text = error.message.lower()
        if message.edits is not None and _NOT_MODIFIED in text:
            return Sent(message.edits)
        if message.edits is not None and _NOT_EDITABLE.search(text):
            return await _again(api, address, message, entities=True, silent=silent)
        if _UNPARSABLE.search(text):
            return await _again(api, address, message, entities=False, silent=silent)
        return classify(error, api)
    except Exception as error:  # whatever it was, the request may have been on its way
        return classify(error, api)


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


async def _again(api: BotApi, address: ChatAddress, message: Message, *, entities: bool, silent: bool) -> Outcome:
    edit = not entities and message.edits is not None
    try:
        return await _once(api, address, message, edit=edit, entities=entities, silent=silent)
    except Exception as error:  # as above
        return classify(error, api)


async def _once(
    api: BotApi,
    address: ChatAddress,
    message: Message,
    *,
    edit: bool | None = None,
    entities: bool = True,
    silent: bool = False,
) -> Outcome:
    edit = message.edits is not None if edit is None else edit
    arguments: dict[str, Any] = {
        "chat_id": address.chat_id,
        "text": message.body.text,
        "entities": [entity_to_json(entity) for entity in message.body.entities] if entities else None,
        "reply_markup": _markup(message),
        "link_preview_options": _preview(message.preview_url),
    }
    if edit:
        await api.call("editMessageText", message_id=message.edits, **arguments)
        return Sent(message.edits)
    # General, thread 0 with us, must be addressed without a thread.
    thread_id, quiet = address.thread_id or None, silent or None
    sent = await api.call("sendMessage", message_thread_id=thread_id, disable_notification=quiet, **arguments)
    return Sent(sent["message_id"])


def _markup(message: Message) -> dict[str, Any] | None:
    if message.answer_hint is not None:
        return {"force_reply": True, "selective": True, "input_field_placeholder": message.answer_hint}
    return _keyboard(message.keyboard) if message.keyboard else None


def _keyboard(rows: Keyboard) -> dict[str, Any]:
    return {"inline_keyboard": [[_button(button) for button in row] for row in rows]}


def _button(button: Button) -> dict[str, str]:
    if button.url is not None:
        return {"text": button.label, "url": button.url}
    return {"text": button.label, "callback_data": button.data or ""}


def _preview(url: str | None) -> dict[str, Any]:
    if url is None:
        return {"is_disabled": True}
    return {"url": url, "show_above_text": True, "prefer_large_media": True}
