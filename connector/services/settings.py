"""The settings use cases go by: our lines, the rules of skills, and the words a brand uses."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import tzinfo
from functools import cached_property

from msgspec import Struct

from connector.base.ids import Ids
from connector.domain.account import Line
from connector.domain.address import person_of
from connector.domain.alerts import AlertRules
from connector.domain.masking.masking import MaskingRules
from connector.domain.prices import Prices
from connector.domain.pseudonyms import Pseudonyms
from connector.domain.retention import Retention
from connector.domain.sending_limits import SendingLimits
from connector.domain.skill_rules import Rules
from connector.sms.lengths import LengthLimit


class LineSettings(Line, frozen=True, kw_only=True):
    """One of our lines, and what its provider allows."""

    public_url: str  # where the provider reaches us
    segments_per_s: float
    can_look_up: bool  # the provider can be asked whether a send of unknown end happened
    is_polled: bool  # the provider can be asked for the status of a reply
    fetches_pictures: bool  # pictures of inbound texts can be fetched from the provider
    most_pictures: int  # in one reply
    reply_limit: LengthLimit  # of its provider
    cannot_answer: Callable[[str], str | None]  # why nothing can be sent to this consumer, in words
    prices: Prices = Prices()
    follow_up_skill: str | None = None  # of conversations that an agent begins; None: the line's


class BrandSettings(Struct, frozen=True, dict=True):
    """The settings of one brand, and the source of ids. `lines` by address, which belongs to one account only."""

    ids: Ids
    lines: Mapping[str, LineSettings]
    rules: Rules
    pseudonyms: Pseudonyms
    away_reasons: tuple[str, ...] = ()
    outcomes: tuple[str, ...] = ()
    masking: MaskingRules = MaskingRules()
    masking_notice: str = ""  # sent to consumers after a text with something masked; empty: nothing is
    sending: SendingLimits = SendingLimits()
    capacity: int = 4  # of an agent without one of their own
    on_call: AlertRules | None = None  # None: nobody is, and nothing raises an alert
    retention: Mapping[str, Retention] = {}  # by account; without one, what is stored stays
    zone: tzinfo | None = None  # whose days reports are about; None: the machine's own
    file: str = "the configuration"  # which file that is, in words

    @cached_property
    def our_persons(self) -> frozenset[str]:
        """Who our own lines would be as consumers: none of them is texted."""
        return frozenset(map(person_of, self.lines))

    @cached_property
    def region(self) -> str | None:
        """The country of a number that is typed without one: that of the lines, where they share one."""
        regions = {line.region for line in self.lines.values()} - {None}
        return regions.pop() if len(regions) == 1 else None

    def region_at(self, line: Line) -> str | None:
        """The country in whose form a line's consumers are shown: that of all lines where it has none, as a short code
        of an account without other lines."""
        return line.region or self.region
