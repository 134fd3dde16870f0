"""What tests and the demo can arrange: how the next sends to a number end, and what becomes of their receipts."""

from __future__ import annotations

import re

from msgspec import Struct

_SEND = re.compile(r"accept|timeout|accept_then_drop|429|500|reject:\d+")
_RECEIPTS = re.compile(r"normal|early|none|(?:undelivered|failed):\d+")


class Rule(Struct, frozen=True, forbid_unknown_fields=True):
    """How sends to `number` (E.164, or `*` for everyone without a rule of their own) are treated.

    `send`: `accept`; `timeout` (nothing is accepted, no answer ever comes); `accept_then_drop` (accepted, and the
    connection is cut instead of an answer); `429`, `500` (nothing is accepted); `reject:CODE` (refused for good).
    `receipts`, for what was accepted: `normal`; `early` (all of them are posted and answered before the send call
    is); `none`; `undelivered:CODE`, `failed:CODE`.
    `times`: how many sends it holds for; without it, until the next rule for that number.
    """

    number: str
    send: str = "accept"
    receipts: str = "normal"
    times: int | None = None

    def __post_init__(self) -> None:
        if not _SEND.fullmatch(self.send):
            raise ValueError(f"unknown send {self.send!r}")
        if not _RECEIPTS.fullmatch(self.receipts):
            raise ValueError(f"unknown receipts {self.receipts!r}")
        if self.times is not None and self.times < 1:
            raise ValueError("times must be at least 1")

    @property
    def rejects_with(self) -> int | None:
        return int(self.send[7:]) if self.send.startswith("reject:") else None

    @property
    def ends_as(self) -> tuple[str, int | None]:
        """The last status of an accepted message, and its error code."""
        word, _, code = self.receipts.partition(":")
        return (word, int(code)) if code else ("delivered", None)


class Behaviours:
    """The rules in force."""

    def __init__(self, rules: tuple[Rule, ...]) -> None:
        self._rules: dict[str, Rule] = {}
        self._left: dict[str, int | None] = {}
        for rule in rules:
            self.set(rule)

    def set(self, rule: Rule) -> None:
        """Replace the rule for this number."""
        self._rules[rule.number] = rule
        self._left[rule.number] = rule.times

    def take(self, number: str) -> Rule:
        """The rule for one send to `number`; it is used up by one."""
        rule = self._rules.get(number) or self._rules.get("*")
        if rule is None:
            return Rule(number)
        left = self._left[rule.number]
        if left is not None:
            self._left[rule.number] = left - 1
            if left == 1:
                del self._rules[rule.number], self._left[rule.number]
        return rule
