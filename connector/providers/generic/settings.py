"""`[accounts.NAME]` with `provider = "generic"`."""

from __future__ import annotations

import re
from typing import Annotated, ClassVar

from msgspec import Meta

from connector.base.secret import Secret
from connector.providers.settings import AccountSettings

_HOST = re.compile(r"[A-Za-z0-9.-]+(?::[0-9]+)?")


class GenericSettings(
    AccountSettings, frozen=True, forbid_unknown_fields=True, kw_only=True, tag_field="provider", tag="generic"
):
    """Addresses and secrets of a gateway."""

    made_up_secrets: ClassVar[frozenset[str]] = frozenset({"secret", "previous_secret"})

    send_url: str
    secret: Secret
    previous_secret: Secret | None = None  # still accepted, and signed with as well, while a new one is brought in
    status_url: str | None = None  # without it nothing can be looked up
    media_hosts: tuple[str, ...] = ()  # where pictures that came in may be, beside the host of send_url
    most_pictures_out: Annotated[int, Meta(ge=0)] = 0

    def __post_init__(self) -> None:
        super().__post_init__()
        for host in self.media_hosts:
            if not _HOST.fullmatch(host):
                raise ValueError(
                    "media_hosts must be names of hosts like files.example.com, without anything around them"
                )

    @property
    def secrets(self) -> dict[str, bytes]:
        """All secrets in use, by their keys in the configuration."""
        given = {"secret": self.secret, "previous_secret": self.previous_secret}
        return {name: secret.reveal().encode() for name, secret in given.items() if secret is not None}
