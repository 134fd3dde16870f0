"""The accounts and lines the simulated vendors have."""

from __future__ import annotations

from msgspec import Struct


class TwilioLine(Struct, frozen=True, forbid_unknown_fields=True):
    """One phone number of the Twilio account: `sid` (PN…), `number` (E.164).

    Sends faster than `segments_per_s` are refused; without it, there is no limit.
    """

    sid: str
    number: str
    name: str
    segments_per_s: float | None = None


class TwilioAccount(Struct, frozen=True, forbid_unknown_fields=True):
    """`name` is the account's name in the core's configuration, and so in its hook paths."""

    name: str
    sid: str
    auth_token: str
    api_key: str
    api_secret: str
    lines: tuple[TwilioLine, ...]


class OpenMarketAccount(Struct, frozen=True, forbid_unknown_fields=True):
    """With a `hook_user`, every hook carries Basic authentication."""

    name: str
    account_id: str
    password: str
    short_code: str
    hook_user: str = ""
    hook_password: str = ""
