"""Runs migrations on the connection it is given; the program is the only caller (agent_desk/storage/upgrade.py)."""

from alembic import context

from agent_desk.storage.every_table import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
)
context.run_migrations()
