"""An outcome written down (T3), and when the same delivery is tried again."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.outbox.outcomes import (
    Barred,
    Gone,
    Halted,
    Migrated,
    NotReady,
    NotSent,
    Outcome,
    Refused,
    RetryAt,
    Sent,
    Unknown,
    Vanished,
)
from monitors.alerts import REPEAT_AFTER, Delivery, DeliveryKind, OnUncertain
from monitors.chats import ChatAddress
from monitors.storage import joining, merging, places, settlements, supergroups
from monitors.storage.engine import Connection

logger = logging.getLogger(__name__)

_MARGIN_S = 0.25
"""Added to what Telegram asks: its clock and ours do not tick together."""
_AGAIN_S = 1.0
"""After how long what surely was not sent is tried again for the first time; then after twice as long, and so on."""
_LONGEST_AGAIN_S = 30.0
_MAX_EDITS = 8
"""Attempts at changing a message before it stays as it is; a guess."""


def settle(
    connection: Connection,
    delivery: Delivery,
    outcome: Outcome,
    *,
    now: datetime,
    on_uncertain: OnUncertain = OnUncertain.RESEND_MARKED,
    operators: Sequence[ChatAddress] = (),
) -> float:
    """Writes down what became of a delivery; for how many seconds its lane must rest (0: it need not)."""
    new_id = supergroups.moved_to(connection, delivery.chat)
    if new_id is None:
        return _settle(connection, delivery, outcome, now=now, on_uncertain=on_uncertain, operators=operators)
    if not isinstance(outcome, Sent | Unknown):  # whatever the group that is no more could not be told
        outcome = Migrated(new_id)
    _settle(connection, delivery, outcome, now=now, on_uncertain=on_uncertain, operators=operators)
    supergroups.follow(connection, delivery, new_id)
    return 0.0


def _settle(
    connection: Connection,
    delivery: Delivery,
    outcome: Outcome,
    *,
    now: datetime,
    on_uncertain: OnUncertain,
    operators: Sequence[ChatAddress],
) -> float:
    match outcome:
        case Sent() | Refused() | Vanished() if delivery.told_in is not None:
            _settle_added(connection, delivery, outcome, now=now)
        case Sent(message_id):
            joining.let_go(connection, delivery, now=now)  # locks alerts before deliveries, as `grow` does
            growths = delivery.as_told.growths if delivery.as_told is not None else 0
            settlements.settle_sent(connection, delivery.id, message_id, now=now, growths=growths)
            places.proven(connection, delivery.chat)
        case RetryAt(seconds):
            logger.info("chat %d rests for %d s, which Telegram asked for", delivery.chat.id, seconds)
            until = now + timedelta(seconds=seconds + _MARGIN_S)
            settlements.put_back(connection, delivery.id, "asked to wait", again_at=until)
            return seconds + _MARGIN_S
        case Migrated(chat_id):
            settlements.put_back(connection, delivery.id, f"migrated to {chat_id}")
            supergroups.migrate(connection, delivery.chat.address.chat_id, chat_id)
        case Gone(reason):
            logger.info("chat %d cannot be told anything any more: %s", delivery.chat.id, reason)
            gone = delivery.chat.address.chat_id
            places.tell_of_leaving(connection, gone, operators=operators, now=now)
            settlements.chat_gone(connection, delivery.id, gone, reason, now=now)
            places.pass_on(connection, gone, operators=operators, now=now)
        case Barred(reason, topic):
            logger.info("chat %d may not be written to: %s", delivery.chat.id, reason)
            places.bar(connection, delivery.id, delivery.chat, reason, topic=topic, operators=operators, now=now)
        case Vanished(reason):
            settlements.send_anew(connection, delivery, reason)
        case Refused(reason):
            _settle_refused(connection, delivery, reason, now=now)
        case NotSent(reason) | Halted(reason):
            wait_s = min(_AGAIN_S * 2 ** min(delivery.attempts - 1, 5), _LONGEST_AGAIN_S)
            again_at = now + timedelta(seconds=wait_s)
            settlements.put_back(connection, delivery.id, reason, again_at=again_at)
        case NotReady():
            settlements.set_aside(connection, delivery.id)
        case Unknown(reason):
            _settle_unknown(connection, delivery, reason, now=now, on_uncertain=on_uncertain)
    return 0.0


def _settle_refused(connection: Connection, delivery: Delivery, reason: str, *, now: datetime) -> None:
    if delivery.kind is DeliveryKind.DIGEST and delivery.message_id is None:
        logger.error("delivery %d was refused, and its alerts are told one by one: %s", delivery.id, reason)
        merging.fall_apart(connection, delivery, reason, now=now)
    else:
        logger.error("delivery %d was refused: %s", delivery.id, reason)
        settlements.settle_undeliverable(connection, delivery.id, reason, now=now)


def _settle_added(
    connection: Connection, delivery: Delivery, outcome: Sent | Refused | Vanished, *, now: datetime
) -> None:
    if isinstance(outcome, Sent):
        joining.settle_added(connection, delivery, now=now)
        places.proven(connection, delivery.chat)
        return
    logger.info("delivery %d cannot be added to a message, and is told by itself: %s", delivery.id, outcome.reason)
    joining.tell_by_itself(connection, delivery, outcome.reason)


def _give_up_adding(
    connection: Connection, delivery: Delivery, reason: str, *, now: datetime, on_uncertain: OnUncertain
) -> None:
    """Nobody knows whether it was added: what is done is what is done about messages."""
    match on_uncertain:
        case OnUncertain.RESEND_MARKED:
            joining.tell_by_itself(connection, delivery, reason)
        case OnUncertain.HOLD:
            settlements.settle_uncertain(connection, delivery.id, reason, now=now, again_at=now, then=on_uncertain)
        case OnUncertain.ASSUME_SENT:
            joining.settle_added(connection, delivery, now=now)


def _settle_unknown(
    connection: Connection, delivery: Delivery, reason: str, *, now: datetime, on_uncertain: OnUncertain
) -> None:
    logger.warning("nobody knows whether delivery %d arrived: %s", delivery.id, reason)
    if delivery.told_in is not None:
        joining.may_be_added(connection, delivery)
    if delivery.edits:
        if delivery.attempts >= _MAX_EDITS and delivery.told_in is not None:
            _give_up_adding(connection, delivery, reason, now=now, on_uncertain=on_uncertain)
        elif delivery.attempts >= _MAX_EDITS:
            settlements.settle_undeliverable(connection, delivery.id, reason, now=now)
        else:  # twice is like once
            again_at = now + timedelta(seconds=2 ** min(delivery.attempts, 5))
            settlements.put_back(connection, delivery.id, reason, again_at=again_at)
        return
    if on_uncertain is OnUncertain.ASSUME_SENT:
        joining.let_go(connection, delivery, now=now)
    again_at = now + REPEAT_AFTER[min(delivery.repeats, len(REPEAT_AFTER) - 1)]
    settlements.settle_uncertain(connection, delivery.id, reason, now=now, again_at=again_at, then=on_uncertain)
