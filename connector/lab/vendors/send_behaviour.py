"""How the simulated vendors treat a send: arranged for a number, or drawn from a scenario's faults."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from msgspec import Meta, Struct

Company = Literal["twilio", "openmarket"]
Seconds = Annotated[float, Meta(ge=0)]
Count = Annotated[int, Meta(ge=1)]

_SEND = re.compile(r"accept|timeout|accept_then_drop|html|429|5\d\d|reject:\d+")
_RECEIPTS = re.compile(r"normal|early|none|(?:undelivered|failed):\d+(?:@\d+)?")


class SendBehaviour(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How a send and its receipts are treated.

    `send`: `accept`; `timeout` (not accepted, no response; with `held_s` the connection is cut after that time);
    `accept_then_drop` (accepted, and the connection is cut instead of a response); `429`, any 5xx (with
    `retry_after_s` in a header), `html` (a web page with status 200): not accepted; `reject:CODE`: permanently refused.
    `receipts` of an accepted send: `normal`; `early` (all receipts are sent before the response to the send); `none`;
    `undelivered:CODE`, `failed:CODE`, with `@N` for segment N alone (OpenMarket).
    Each receipt is up to `late_s` late, so in any order, and sent `copies` times. With `forged`, an unauthenticated
    receipt that says the opposite comes first. Twilio bills `bills` segments, whatever the text has.
    """

    send: str = "accept"
    receipts: str = "normal"
    retry_after_s: int | None = None
    held_s: Seconds | None = None
    late_s: Seconds = 0.0
    copies: Count = 1
    forged: bool = False
    bills: Count | None = None

    def __post_init__(self) -> None:
        if not _SEND.fullmatch(self.send):
            raise ValueError(f"unknown send {self.send!r}")
        if not _RECEIPTS.fullmatch(self.receipts):
            raise ValueError(f"unknown receipts {self.receipts!r}")

    @property
    def rejects_with(self) -> int | None:
        return int(self.send[7:]) if self.send.startswith("reject:") else None

    @property
    def fails_with(self) -> int | None:
        """The HTTP status of a failure that is not the message's fault."""
        return int(self.send) if self.send.isdecimal() else None

    @property
    def ends_as(self) -> tuple[str, int | None]:
        """The final status of an accepted message, and its error code."""
        word, _, code = self.receipts.partition(":")
        return (word, int(code.partition("@")[0])) if code else ("delivered", None)

    @property
    def bad_part(self) -> int | None:
        """The one segment that fails; None when all of them do."""
        part = self.receipts.partition("@")[2]
        return int(part) if part else None


class NumberRule(SendBehaviour, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The behaviour of sends to `number` (E.164, or `*` for all numbers without a rule of their own).

    `times`: the number of sends it applies to; without it, until the next rule for that number.
    """

    number: str
    times: Count | None = None


class NumberRules:
    """The rules in effect."""

    def __init__(self, rules: tuple[NumberRule, ...]) -> None:
        self._rules: dict[str, NumberRule] = {}
        self._left: dict[str, int | None] = {}
        for rule in rules:
            self.set(rule)

    def set(self, rule: NumberRule) -> None:
        """Replace the rule for this number."""
        self._rules[rule.number] = rule
        self._left[rule.number] = rule.times

    def take(self, number: str) -> NumberRule | None:
        """The rule for one send to `number`, which counts against its `times`; None when there is none."""
        rule = self._rules.get(number) or self._rules.get("*")
        if rule is None:
            return None
        left = self._left[rule.number]
        if left is not None:
            self._left[rule.number] = left - 1
            if left == 1:
                del self._rules[rule.number], self._left[rule.number]
        return rule
