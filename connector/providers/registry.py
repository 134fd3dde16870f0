"""The SMS companies we can talk to, by the name that `provider = "…"` has in the configuration."""

from __future__ import annotations

from collections.abc import Mapping

from connector.providers.base import Provider
from connector.providers.generic.provider import Generic
from connector.providers.openmarket.provider import OpenMarket
from connector.providers.twilio.provider import Twilio

PROVIDERS: Mapping[str, type[Provider]] = {"twilio": Twilio, "openmarket": OpenMarket, "generic": Generic}
