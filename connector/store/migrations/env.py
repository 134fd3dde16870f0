"""Alembic's entry: runs in the transaction that `connector.store.sql.schema` hands over."""

from alembic import context

context.configure(connection=context.config.attributes["connection"])
context.run_migrations()
