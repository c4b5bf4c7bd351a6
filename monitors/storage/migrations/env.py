"""Runs migrations on the connection `monitors.storage.migrating` hands over, inside its transaction."""

from __future__ import annotations

from alembic import context

from monitors.storage.indexes import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,  # SQLite alters a table by making a new one
    compare_type=True,
)
context.run_migrations()
