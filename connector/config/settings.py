"""The sections of the configuration but those of accounts (`connector.providers`) and of routing (`rules`)."""

from __future__ import annotations

from msgspec import Struct

from connector.base.secret import Secret
from connector.domain.pseudonyms import KEY_LENGTH


class CoreSettings(Struct, frozen=True, forbid_unknown_fields=True):
    database: str | None = None
    hash_key: Secret | None = None  # of the keyed hashes; None: a file of the data directory

    def __post_init__(self) -> None:
        if self.hash_key is not None and len(self.hash_key.reveal()) < KEY_LENGTH:
            raise ValueError(f"hash_key has at least {KEY_LENGTH} characters")


class HookSettings(Struct, frozen=True, forbid_unknown_fields=True):
    host: str = "127.0.0.1"
    port: int = 8080


class DeskSettings(Struct, frozen=True, forbid_unknown_fields=True):
    listen: str  # HOST:PORT
    tls_certificate: str | None = None
    tls_key: str | None = None
    plain_text_over_the_network: bool = False  # allow a HOST that is not loopback without TLS


class AgentSettings(Struct, frozen=True, forbid_unknown_fields=True):
    name: str | None = None
    skills: list[str] = []
    capacity: int | None = None  # None: that of `[routing]`
    token: Secret | None = None
    administrator: bool = False  # may release quarantined hooks and switch accounts off
    lead: bool = False  # may take over and join colleagues' conversations
