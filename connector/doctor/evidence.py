"""What the checks judge, gathered once before them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from msgspec import Struct

from connector.base.clock import Clock
from connector.config.file import Config
from connector.doctor.store_evidence import StoreEvidence
from connector.providers.base import Provider
from connector.providers.outbound import OutboundClient
from connector.providers.registry import open_provider
from connector.providers.settings import AccountSettings


class RunningCore(Struct, frozen=True):
    """The core's greeting; `trouble`: why there is none. `is_elsewhere`: it has another data directory than
    the one that was looked at."""

    store: str | None = None  # the name of its database
    position: int = 0
    trouble: str = ""
    version: str = ""
    is_elsewhere: bool = False


class Evidence(Struct, frozen=True):
    """`config` is None when it cannot be used; `config_trouble`: why."""

    config_path: Path | None
    config: Config | None
    config_trouble: str
    raw: dict[str, Any]  # the file's content; empty when it is not TOML
    data: Path
    core: RunningCore
    stored: StoreEvidence
    http: OutboundClient
    clock: Clock

    @property
    def accounts(self) -> Mapping[str, AccountSettings]:
        """The settings of every account, by name."""
        return self.config.accounts if self.config is not None else {}

    def api_origin(self, account: str) -> str:
        """Scheme, host and port of the provider's API."""
        settings = self.accounts[account]
        parts = urlsplit(str(getattr(settings, "api_base", None) or getattr(settings, "send_url", "")))
        return f"{parts.scheme}://{parts.netloc}"

    def provider(self, account: str) -> Provider:
        return open_provider(account, self.accounts[account], self.http)
