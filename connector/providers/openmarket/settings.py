"""`[accounts.NAME]` with `provider = "openmarket"`."""

from __future__ import annotations

from typing import ClassVar

from connector.base.secret import Secret
from connector.providers.openmarket.authentication import HookCredentials
from connector.providers.settings import AccountSettings


class OpenMarketSettings(
    AccountSettings, frozen=True, forbid_unknown_fields=True, kw_only=True, tag_field="provider", tag="openmarket"
):
    """Without `hook_password` or `hook_key` no hook is taken.

    The previous ones are still accepted while new ones are being brought in. Receipts carry the key of the time when
    their message was sent, for up to two weeks.
    """

    made_up_secrets: ClassVar[frozenset[str]] = frozenset(
        {"hook_password", "previous_hook_password", "hook_key", "previous_hook_key"}
    )

    account_id: str
    password: Secret
    hook_user: str | None = None  # what OpenMarket presents to us (Basic auth)
    hook_password: Secret | None = None
    previous_hook_password: Secret | None = None
    hook_key: Secret | None = None  # what our addresses at OpenMarket end in: ?key=...
    previous_hook_key: Secret | None = None
    api_base: str = "https://smsc.openmarket.com"
    status_base: str = "https://mtstatus.openmarket.com"

    def __post_init__(self) -> None:
        super().__post_init__()
        if (self.hook_user is None) != (self.hook_password is None):
            raise ValueError("hook_user and hook_password only work together: give both or neither")
        for name in ("hook_password", "hook_key"):
            if getattr(self, f"previous_{name}") is not None and getattr(self, name) is None:
                raise ValueError(f"previous_{name} only works beside {name}: give both or neither")

    @property
    def hook_credentials(self) -> HookCredentials:
        passwords = (self.hook_password, self.previous_hook_password)
        keys = (self.hook_key, self.previous_hook_key)
        return HookCredentials(
            logins=tuple(f"{self.hook_user}:{one.reveal()}".encode() for one in passwords if one is not None),
            keys=tuple(one.reveal().encode() for one in keys if one is not None),
        )
