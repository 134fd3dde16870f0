"""Copies of a consumer's texts that no core can erase, in words."""

from __future__ import annotations

from collections.abc import Mapping

from connector.providers.base import Provider

_EVERYWHERE = (
    "backups of the database and of the data directory: they have it until you delete them, or erase again after a"
    " restore",
    "desks that are not connected: each erases its drafts when it is next started",
    "output of verbs, the system's log (journald) and terminals: what was printed there is there",
)
_POSTGRESQL = "PostgreSQL's write-ahead log, its archive and replicas: they hold deleted rows until they are recycled"


def out_of_reach(accounts: Mapping[str, Provider], *, is_postgresql: bool) -> list[str]:
    copies = [f"the account {name}: {provider.own_copies}" for name, provider in accounts.items()]
    return [*copies, *([_POSTGRESQL] if is_postgresql else []), *_EVERYWHERE]
