"""How the Twilio account and its numbers are, as tests arrange it: suspended, on trial, too fast, without pictures."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

from connector.lab.vendors.accounts import TwilioAccount, TwilioLine
from connector.lab.vendors.hook_client import basic

TRIAL_PREFIX = "Sent from your Twilio trial account - "


class AccountRule(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`status`: all calls but the one that shows the account itself are refused unless it is active. `type`: a trial
    account texts `verified` numbers only, and every text says so. `auth_token`: the primary token from now on.
    """

    status: Literal["active", "suspended", "closed"] = "active"
    type: Literal["Full", "Trial"] = "Full"
    verified: tuple[str, ...] = ()
    balance: str = "42.17"
    currency: str = "USD"
    auth_token: str | None = None


class LineRule(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What the line `number` can do. Sends beyond `segments_per_s` are refused with 20429 (Twilio itself queues them
    for hours and refuses only calls; the shorter way shows who keeps to a pace). With an `application_sid` texts go to
    that application, and the line's own addresses are ignored.
    """

    number: str
    sms: bool = True
    mms: bool = True
    segments_per_s: Annotated[float, Meta(gt=0)] | None = None
    application_sid: str = ""


class AccountState:
    """The account of `world`, until something else is arranged."""

    def __init__(self, world: TwilioAccount) -> None:
        self._world = world
        self._free_at: dict[str, float] = {}
        self.lines = {
            line.number: LineRule(number=line.number, segments_per_s=line.segments_per_s) for line in world.lines
        }
        self.set(AccountRule())

    def set(self, rule: AccountRule) -> None:
        self.rule = rule
        self.token = rule.auth_token or self._world.auth_token

    def set_line(self, rule: LineRule) -> None:
        self.lines[rule.number] = rule
        self._free_at.pop(rule.number, None)

    @property
    def passes(self) -> tuple[str, str]:
        """The Authorization headers that are let in: the owner's, and the API key's."""
        world = self._world
        return basic(world.sid, self.token), basic(world.api_key, world.api_secret)

    def may_text(self, recipient: str) -> bool:
        return self.rule.type == "Full" or recipient in self.rule.verified

    def is_too_fast(self, number: str, segments: int, now: int) -> bool:
        """Whether so many segments more are beyond the line's pace; if not, they count."""
        pace = self.lines[number].segments_per_s
        if pace is None:
            return False
        free_at = self._free_at.get(number, 0)
        if free_at > now:
            return True
        self._free_at[number] = now + segments * 1000 / pace
        return False


def line_of(world: TwilioAccount, sid: str) -> TwilioLine | None:
    return next((line for line in world.lines if line.sid == sid), None)
