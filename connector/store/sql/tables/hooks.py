"""Raw hooks, and how much of each budget they take."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, Table, literal_column

from connector.store.sql.columns import EnumColumn, ExternalText, Identifier, JsonColumn
from connector.store.sql.tables.base import metadata, partial_index
from connector.store.values import HookState

_headers = JsonColumn(flatten=dict, restore=dict)

hooks = Table(
    "hooks",
    metadata,
    Column("id", Identifier, primary_key=True),
    Column("at", BigInteger, nullable=False),
    Column("account", ExternalText, nullable=False),
    Column("path", ExternalText, nullable=False),
    Column("url", ExternalText, nullable=False),
    Column("headers", _headers, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("state", EnumColumn(HookState), nullable=False),
    Column("reason", ExternalText, nullable=False),
    Column("budget", ExternalText),
    Column("size", Integer, nullable=False, server_default="0"),
)
Index("hooks_by_time", hooks.c.at, hooks.c.id)
Index("hooks_by_account", hooks.c.account, hooks.c.state, hooks.c.at)
# Nearly every hook is taken; the few in quarantine are found without reading the others.
IS_QUARANTINED = hooks.c.state != literal_column("'taken'")
partial_index("hooks_set_aside", hooks.c.at, hooks.c.id, where=IS_QUARANTINED)
# With all that is needed to find the oldest of a budget and to add a budget up.
IS_CHARGED = hooks.c.budget.is_not(None)
partial_index("hooks_by_budget", hooks.c.budget, hooks.c.at, hooks.c.id, hooks.c.size, where=IS_CHARGED)

# The sum of `hooks.size` by budget.
hook_budgets = Table(
    "hook_budgets",
    metadata,
    Column("name", ExternalText, primary_key=True),
    Column("size", BigInteger, nullable=False),
)
