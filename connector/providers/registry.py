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


def open_provider(account: str, settings: AccountSettings, http: OutboundClient) -> Provider:
    return PROVIDERS[settings.provider](account, settings, http)
