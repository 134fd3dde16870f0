"""The providers a core can use, by the name that `provider = "…"` has in the configuration."""

from __future__ import annotations

from collections.abc import Mapping

from connector.providers.base import Provider
from connector.providers.generic.provider import GenericProvider
from connector.providers.openmarket.provider import OpenMarketProvider
from connector.providers.outbound import OutboundClient
from connector.providers.settings import AccountSettings
from connector.providers.twilio.provider import TwilioProvider

PROVIDERS: Mapping[str, type[Provider]] = {
    "twilio": TwilioProvider,
    "openmarket": OpenMarketProvider,
    "generic": GenericProvider,
}


def open_providers(
    accounts: Mapping[str, AccountSettings],
    clients: Mapping[str, OutboundClient],
    before: Mapping[str, Provider] | None = None,
) -> dict[str, Provider]:
    """A provider for each account; the one of `before` where nothing of the account has changed."""
    found = dict(before or {})
    return {
        name: found[name]
        if name in found and found[name].settings == settings and found[name].http is clients[name]
        else open_provider(name, settings, clients[name])
        for name, settings in accounts.items()
    }


def open_provider(account: str, settings: AccountSettings, http: OutboundClient) -> Provider:
    return PROVIDERS[settings.provider](account, settings, http)
