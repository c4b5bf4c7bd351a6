"""The numbers by which messages are changed later, when they mean nothing any more: for another bot, and in a
supergroup, where they begin anew and would be those of other messages."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Connection, exists, select, update

from monitors.alerts import DeliveryKind, DeliveryState
from monitors.storage.tables import alerts, deliveries

_OPEN = [state.value for state in (DeliveryState.HELD, DeliveryState.PENDING, DeliveryState.UNCERTAIN)]


def forget_messages(connection: Connection, there: ColumnElement[bool]) -> None:
    """Messages of these deliveries can be changed no more. Alerts that were to say more are told anew, and so are
    answers that were to change one; what else was out for that only stays as it is."""
    was_told = deliveries.c.message_id.is_not(None)
    open_or_untold = deliveries.c.state.in_(_OPEN) | (
        (deliveries.c.state == DeliveryState.SENT) & (alerts.c.growths > deliveries.c.growths)
    )
    says_less = exists().where(alerts.c.id == deliveries.c.alert_id, alerts.c.growths > 0, open_or_untold)
    anew = update(deliveries).where(there, was_told, says_less)
    connection.execute(anew.values(state=DeliveryState.PENDING, edits=False, message_id=None))
    only_changed = update(deliveries).where(there, was_told, deliveries.c.state.in_(_OPEN))
    connection.execute(only_changed.values(state=DeliveryState.SENT))
    connection.execute(update(deliveries).where(there, was_told).values(message_id=None))
    answers = select(deliveries.c.id, deliveries.c.payload).where(there, deliveries.c.state.in_(_OPEN))
    for row in connection.execute(answers.where(deliveries.c.kind == DeliveryKind.REPLY, deliveries.c.edits)).all():
        payload = {**row.payload, "message": {**(row.payload.get("message") or {}), "edits": None}}
        connection.execute(update(deliveries).where(deliveries.c.id == row.id).values(payload=payload, edits=False))
