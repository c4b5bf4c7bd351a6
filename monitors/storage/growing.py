"""Articles that meet more of a chat's watches after it was told of them: its message is changed instead of a second
one sent.

What is still to be told says everything when it is composed. What stands in a message of its own is composed anew, soon
after (`subjects.out_of_date`); what was told with others, which does not show it, is told by itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, case, select, update

from monitors.alerts import DeliveryKind, DeliveryState, Judgement, Verdict
from monitors.storage import lanes
from monitors.storage.portions import portions
from monitors.storage.tables import alerts, deliveries

STATES = {
    Verdict.NOW: DeliveryState.PENDING,
    Verdict.HELD: DeliveryState.HELD,
    Verdict.DIGEST: DeliveryState.HELD,
    Verdict.DROPPED: DeliveryState.DROPPED,
}
"""In which state the delivery of an alert begins."""

_NOT_TOLD = (DeliveryState.DROPPED, DeliveryState.UNDELIVERABLE, DeliveryState.UNCONFIRMED)
_YET_TO_BE_MADE = (DeliveryState.PENDING, DeliveryState.UNCERTAIN)
"""A digest that will say what its articles met until then."""


def grow(
    connection: Connection,
    story_id: int,
    judged: Mapping[int, Judgement],
    *,
    now: datetime,
    seen_at: datetime | None = None,
) -> list[int]:
    """The alerts of these chats (by id) about the story's article say more from now on. The ids of those that are told
    sooner than was said before, or again: of what had arrived at `seen_at`, if not with the article.

    What was dropped is told after all: this time somebody wants to hear of it. So is what stands in no message that
    could be changed, or may not have arrived.
    """
    for some in portions(list(judged)):  # against `joining.settle_added`
        mine = select(alerts.c.id).where(alerts.c.chat_id.in_(some), alerts.c.story_id == story_id)
        connection.execute(mine.order_by(alerts.c.id).with_for_update(key_share=True))
    known = _alerts_about(connection, story_id, list(judged))
    growth = {"grown_at": now, "growths": alerts.c.growths + 1}
    for some in portions([row.alert_id for row in known]):
        connection.execute(update(alerts).where(alerts.c.id.in_(some)).values(growth))
    sooner = [row for row in known if _is_sooner(row, judged[row.alerted])]
    for row in sooner:
        _tell_by(connection, row, judged[row.alerted], seen_at, now=now)
    lanes.refresh(connection, [each for row in sooner for each in (row.lane, row.alerted)])
    return sorted(row.alert_id for row in sooner)


def _alerts_about(connection: Connection, story_id: int, chat_ids: list[int]) -> list[Row[Any]]:
    found: list[Row[Any]] = []
    teller = deliveries.alias()
    for some in portions(chat_ids):
        found += connection.execute(
            select(deliveries.c.id, deliveries.c.alert_id, deliveries.c.state, deliveries.c.not_before)
            .add_columns(deliveries.c.chat_id.label("lane"), alerts.c.chat_id.label("alerted"))
            .add_columns(deliveries.c.message_id, teller.c.kind.label("teller"), teller.c.state.label("told_with"))
            .join(alerts, deliveries.c.alert_id == alerts.c.id)
            .outerjoin(teller, deliveries.c.told_in == teller.c.id)
            .where(alerts.c.chat_id.in_(some), alerts.c.story_id == story_id)
            .order_by(deliveries.c.id)
        ).all()
    return found


def _is_sooner(row: Row[Any], judgement: Judgement) -> bool:
    if row.state in _NOT_TOLD or (row.state == DeliveryState.SENT and row.message_id is None):
        return True
    if row.state == DeliveryState.MERGED:  # the message that it was added to says what that one's article meets
        return row.teller == DeliveryKind.ALERT or row.told_with not in _YET_TO_BE_MADE
    if row.state != DeliveryState.HELD or row.not_before is None:
        return False
    return judgement.due_at is None or judgement.due_at < row.not_before


def _tell_by(
    connection: Connection, row: Row[Any], judgement: Judgement, seen_at: datetime | None, *, now: datetime
) -> None:
    why: dict[str, Any] = {
        "verdict": judgement.verdict,
        "reason": judgement.reason,
        "subscription_id": judgement.subscription_id,
    }
    if seen_at is not None and row.message_id is None:
        why["seen_at"] = seen_at
    connection.execute(update(alerts).where(alerts.c.id == row.alert_id).values(why))
    connection.execute(
        update(deliveries)
        .where(deliveries.c.id == row.id, deliveries.c.state == row.state)
        .values(
            chat_id=row.alerted,  # not the group's that it was told in, which is another now
            state=STATES[judgement.verdict],
            created_at=now,
            not_before=judgement.due_at,
            silent=judgement.silent,
            edits=deliveries.c.message_id.is_not(None),
            told_in=None if row.teller == DeliveryKind.ALERT else deliveries.c.told_in,  # a digest lists its parts
            settled_at=case((deliveries.c.message_id.is_not(None), deliveries.c.settled_at), else_=None),
        )
    )
