"""What the checks look at, gathered once before they judge."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
from msgspec import Struct

from connector.clock import Clock
from connector.config import Config
from connector.doctor.stored import Stored
from connector.providers.base import Provider
from connector.providers.registry import PROVIDERS


class Core(Struct, frozen=True):
    """A running core, by its greeting; `trouble` says why there is none."""

    store: str | None = None  # the name of its database
    position: int = 0
    trouble: str = ""
    version: str = ""


class Scene(Struct, frozen=True):
    """`config` is None when it cannot be used; `config_trouble` says why."""

    config_path: Path | None
    config: Config | None
    config_trouble: str
    raw: dict[str, Any]  # the file as it is, as far as it is TOML
    data: Path
    core: Core
    stored: Stored
    http: httpx.AsyncClient
    clock: Clock

    def accounts(self) -> dict[str, Any]:
        """The settings of every account, by name."""
        return self.config.accounts if self.config is not None else {}

    def provider(self, account: str) -> Provider:
        settings = self.accounts()[account]
        kind = next(kind for kind in PROVIDERS.values() if isinstance(settings, kind.Settings))
        provider: Provider = kind(account, settings, self.http)
        return provider
