"""Where a person's number stands in stored text or bytes, in whatever spelling its digits are together."""

from __future__ import annotations

import re

from connector.domain.address import person_of
from connector.domain.number_plans import calling_code
from connector.sms.addresses import is_e164

_NEEDLE_DIGITS = 8  # of the end, which all spellings of a number share
_RUNS = re.compile(r"[0-9]{7,20}")
_LONGEST = 15  # digits (ITU-T E.164)
_CONSUMERS = re.compile(rb'"consumer":"([^"]*)"')


class Mentions:
    """Of one person. `needle` is in everything that mentions them, and in a little more: it is what a database can
    search for, and `in_text` then decides."""

    def __init__(self, person: str) -> None:
        self.person = person
        self._is_number = is_e164(person)
        digits = person.removeprefix("+")
        self._national = digits.removeprefix(calling_code(digits)) if self._is_number else ""
        self.needle = self._national[-_NEEDLE_DIGITS:] if self._is_number else person

    def in_text(self, text: str) -> bool:
        """Whether the number stands in it: in E.164, with another prefix for abroad, or as within its country.

        Never for a person who is no phone number: a short code is like many other digits.
        """
        return self._is_number and any(self._is_spelling(run) for run in _RUNS.findall(text))

    def in_json(self, body: bytes) -> bool:
        """Whether an event or answer is about this person, as the core encodes them."""
        found = (consumer.decode(errors="replace") for consumer in _CONSUMERS.findall(body))
        return any(person_of(one) == self.person for one in found)

    def spellings(self) -> tuple[str, ...]:
        """Those that a search for what is left looks for, the shortest last; none of a short code or name."""
        return (self.person, self.person[1:], self._national) if self._is_number else ()

    def _is_spelling(self, run: str) -> bool:
        digits = run.lstrip("0")
        if digits == self._national.lstrip("0"):
            return True
        return len(digits) <= _LONGEST and is_e164(f"+{digits}") and person_of(f"+{digits}") == self.person
