"""`[accounts.NAME]` with `provider = "twilio"`."""

from __future__ import annotations

import re

from connector.base.secret import Secret
from connector.providers.settings import AccountSettings

_ACCOUNT_SID = re.compile(r"AC[0-9a-fA-F]{32}")


class TwilioSettings(
    AccountSettings, frozen=True, forbid_unknown_fields=True, kw_only=True, tag_field="provider", tag="twilio"
):
    """Calls are signed in with `api_key` when it is given.

    With `messaging_service_sid` replies go through that service, with what it does for them (compliance, its own
    opt-out words), and still from the line that the consumer wrote to.
    """

    account_sid: str
    auth_token: Secret | None = None
    previous_auth_token: Secret | None = None  # still accepted on webhooks while a new one is being made primary
    webhook_secret: Secret | None = None  # of the key that signs webhooks, for accounts that have one
    api_key: str | None = None
    api_secret: Secret | None = None
    messaging_service_sid: str | None = None
    api_base: str = "https://api.twilio.com"

    def __post_init__(self) -> None:
        if not _ACCOUNT_SID.fullmatch(self.account_sid):
            raise ValueError(
                "account_sid must be AC and 32 digits or letters from a to f, as Twilio's console shows it"
            )
        super().__post_init__()
        if self.auth_token is None:
            raise ValueError("auth_token is missing: Twilio signs its webhooks with it, also when api_key is used")
        if (self.api_key is None) != (self.api_secret is None):
            raise ValueError("api_key and api_secret only work together: give both or neither")
        if self.messaging_service_sid is not None and not self.messaging_service_sid.startswith("MG"):
            raise ValueError("messaging_service_sid must be the SID of a Messaging Service, which starts with MG")

    @property
    def login(self) -> tuple[str, Secret]:
        """Sign-in as the account itself, which may read what API keys may not."""
        assert self.auth_token is not None  # checked above
        return self.account_sid, self.auth_token

    @property
    def api_login(self) -> tuple[str, Secret]:
        """Sign-in for ordinary calls: the API key if there is one."""
        if self.api_key is not None and self.api_secret is not None:
            return self.api_key, self.api_secret
        return self.login

    @property
    def webhook_secrets(self) -> dict[str, Secret]:
        """The secrets webhooks may be signed with, by their keys in the configuration."""
        names = ("auth_token", "previous_auth_token", "webhook_secret")
        return {name: secret for name in names if (secret := getattr(self, name)) is not None}
