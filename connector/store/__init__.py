"""Where messages are kept: ports in `base`, SQL for SQLite and PostgreSQL beside it."""
