"""Alembic's entry: runs migrations on the connection that `city.store.database` hands over."""

from alembic import context

from city.store.tables import metadata

connection = context.config.attributes["connection"]
# SQLite cannot alter columns in place; batch mode copies the table instead.
context.configure(connection=connection, target_metadata=metadata, render_as_batch=True)
with context.begin_transaction():
    context.run_migrations()
