"""What the checks look at, gathered once before they judge."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
from msgspec import Struct

from connector.base.clock import Clock
from connector.config.file import Config
from connector.doctor.store_evidence import StoreEvidence
from connector.providers.base import Provider
from connector.providers.registry import open_provider


class RunningCore(Struct, frozen=True):
    """A running core, by its greeting; `trouble` says why there is none."""

    store: str | None = None  # the name of its database
    position: int = 0
    trouble: str = ""
    version: str = ""


class Evidence(Struct, frozen=True):
    """`config` is None when it cannot be used; `config_trouble` says why."""

    config_path: Path | None
    config: Config | None
    config_trouble: str
    raw: dict[str, Any]  # the file as it is, as far as it is TOML
    data: Path
    core: RunningCore
    stored: StoreEvidence
    http: httpx.AsyncClient
    clock: Clock

    def accounts(self) -> dict[str, Any]:
        """The settings of every account, by name."""
        return self.config.accounts if self.config is not None else {}

    def company(self, account: str) -> str:
        """The word its provider goes by, in the configuration and in the addresses of its hooks."""
        return str(self.accounts()[account].provider)

    def called_at(self, account: str) -> str:
        """The address at which we call the provider, without its path."""
        settings = self.accounts()[account]
        parts = urlsplit(getattr(settings, "api_base", None) or settings.send_url)
        return f"{parts.scheme}://{parts.netloc}"

    def provider(self, account: str) -> Provider:
        return open_provider(account, self.accounts()[account], self.http)
