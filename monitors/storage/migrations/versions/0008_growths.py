"""How often an alert grew, and how much of that its message says: counted, for clocks may be set back."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("alerts", "deliveries"):
        op.add_column(table, sa.Column("growths", sa.Integer(), nullable=False, server_default="0"))
    op.execute("UPDATE alerts SET growths = 1 WHERE grown_at IS NOT NULL")
    op.execute(
        "UPDATE deliveries SET growths = 1 FROM alerts "
        "WHERE alerts.id = deliveries.alert_id AND alerts.grown_at <= deliveries.claimed_at"
    )


def downgrade() -> None:
    raise NotImplementedError("restore a backup from before instead")
