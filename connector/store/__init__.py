"""Storage of everything the core accepts: ports and values here, their SQL for SQLite and PostgreSQL in `sql`."""
