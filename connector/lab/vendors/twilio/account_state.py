"""State of the Twilio account and its numbers, as arranged: suspended, on trial, with a pace, without pictures."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

from connector.lab.vendors.accounts import TwilioAccount, TwilioLine
from connector.lab.vendors.hook_client import basic

TRIAL_PREFIX = "Sent from your Twilio trial account - "


class AccountRule(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`status`: unless it is active, all requests but the one for the account itself are refused. `type`: a trial
    account texts only `verified` numbers, and prefixes every text. `auth_token`: the primary token from now on.
    """

    status: Literal["active", "suspended", "closed"] = "active"
    type: Literal["Full", "Trial"] = "Full"
    verified: tuple[str, ...] = ()
    balance: str = "42.17"
    currency: str = "USD"
    auth_token: str | None = None


class LineRule(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Capabilities of the line `number`. Sends beyond `segments_per_s` are refused with 20429: Twilio itself queues
    them for hours, but a refusal shows at once whether a client keeps the pace. With an `application_sid` texts go to
    that application, and the line's own addresses are ignored.
    """

    number: str
    sms: bool = True
    mms: bool = True
    segments_per_s: Annotated[float, Meta(gt=0)] | None = None
    application_sid: str = ""


class AccountState:
    """The account as configured, until something else is arranged."""

    def __init__(self, account: TwilioAccount) -> None:
        self._account = account
        self._free_at: dict[str, float] = {}
        self.lines = {
            line.number: LineRule(number=line.number, segments_per_s=line.segments_per_s) for line in account.lines
        }
        self.set(AccountRule())

    def set(self, rule: AccountRule) -> None:
        self.rule = rule
        self.token = rule.auth_token or self._account.auth_token

    def set_line(self, rule: LineRule) -> None:
        self.lines[rule.number] = rule
        self._free_at.pop(rule.number, None)

    @property
    def authorizations(self) -> tuple[str, str]:
        """The accepted Authorization headers: the owner's, and the API key's."""
        account = self._account
        return basic(account.sid, self.token), basic(account.api_key, account.api_secret)

    def may_text(self, recipient: str) -> bool:
        return self.rule.type == "Full" or recipient in self.rule.verified

    def is_too_fast(self, number: str, segments: int, now: int) -> bool:
        """Whether this many segments exceed the line's pace at `now`; if not, they are counted."""
        pace = self.lines[number].segments_per_s
        if pace is None:
            return False
        free_at = self._free_at.get(number, 0)
        if free_at > now:
            return True
        self._free_at[number] = now + segments * 1000 / pace
        return False


def line_of(account: TwilioAccount, sid: str) -> TwilioLine | None:
    return next((line for line in account.lines if line.sid == sid), None)
