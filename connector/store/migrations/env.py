"""Alembic's entry point: runs in the transaction that `connector.store.sql.schema` passes on."""

from alembic import context

context.configure(connection=context.config.attributes["connection"])
context.run_migrations()
