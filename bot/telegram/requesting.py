"""Buttons in the place of the reader's keyboard, by which they choose a chat and let the bot in (KeyboardButton)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.telegram.reading import ASKS_FOR_CHANNEL, ASKS_FOR_GROUP
from bot.words.messages import ChatRequest

_RIGHTS = (
    "is_anonymous",
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
)
"""Those that ChatAdministratorRights must name."""


def keyboard_below(buttons: Sequence[ChatRequest | str], hint: str | None = None) -> dict[str, Any]:
    """The markup: one button a row, gone after its use; without any, what takes them away."""
    if not buttons:
        return {"remove_keyboard": True}
    rows = [[{"text": one} if isinstance(one, str) else _request(one)] for one in buttons]
    markup = {"keyboard": rows, "resize_keyboard": True, "one_time_keyboard": True}
    return markup if hint is None else markup | {"input_field_placeholder": hint}


def _request(button: ChatRequest) -> dict[str, Any]:
    """Of a channel the bot becomes an administrator who may post, of a group a member."""
    asked: dict[str, Any] = {"chat_is_channel": button.channel, "request_title": True}
    if button.channel:
        rights = _rights("can_manage_chat", "can_post_messages", "can_edit_messages")
        asked |= {"request_id": ASKS_FOR_CHANNEL, "bot_administrator_rights": rights}
    else:
        rights = _rights("can_manage_chat")
        asked |= {"request_id": ASKS_FOR_GROUP, "bot_is_member": True}
    return {"text": button.label, "request_chat": asked | {"user_administrator_rights": rights}}


def _rights(*granted: str) -> dict[str, bool]:
    return dict.fromkeys(_RIGHTS, False) | dict.fromkeys(granted, True)
