"""The settings use cases go by: our lines, the rules of skills, and the words a brand uses."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol

from msgspec import Struct

from connector.base.ids import Ids
from connector.config.file import Config
from connector.domain.account import Line
from connector.domain.conversation import FOLLOW_UP
from connector.domain.skills import Rules
from connector.providers.values import Capabilities


class LineSettings(Line, frozen=True, kw_only=True):
    """One of our lines, and what its provider allows."""

    public_url: str  # where the provider reaches us
    segments_per_s: float
    is_polled: bool  # the provider can be asked for the status of a reply
    fetches_pictures: bool  # pictures of inbound texts can be fetched from the provider
    most_pictures: int  # in one reply
    cannot_answer: Callable[[str], str | None]  # why nothing can be sent to this consumer, in words
    follow_up_skill: str | None = None  # of conversations that an agent begins; None: the line's


class BrandSettings(Struct, frozen=True):
    """The settings of one brand, and the source of ids. `lines` by address, which belongs to one account only."""

    ids: Ids
    lines: Mapping[str, LineSettings]
    rules: Rules
    away_reasons: tuple[str, ...] = ()
    outcomes: tuple[str, ...] = ()


class LineProvider(Protocol):
    """What use cases need to know of a line's provider. Every `Provider` has it."""

    @property
    def capabilities(self) -> Capabilities: ...

    def pace(self, line: str) -> float: ...

    def cannot_answer(self, consumer: str) -> str | None: ...


def brand_settings(config: Config, providers: Mapping[str, LineProvider], ids: Ids) -> BrandSettings:
    """`providers` by account."""
    lines = _lines(config, providers)
    return BrandSettings(ids, lines, config.rules, config.routing.away_reasons, config.routing.outcomes)


def _lines(config: Config, providers: Mapping[str, LineProvider]) -> dict[str, LineSettings]:
    skills = {number.address: number.skills for account in config.accounts.values() for number in account.numbers}
    found = {}
    for line in config.lines().values():
        provider = providers[line.account]
        found[line.address] = LineSettings(
            address=line.address,
            account=line.account,
            skill=line.skill,
            entry_point=line.entry_point,
            public_url=config.accounts[line.account].public_url,
            segments_per_s=provider.pace(line.address),
            is_polled=provider.capabilities.can_poll,
            fetches_pictures=provider.capabilities.pictures_in,
            most_pictures=provider.capabilities.most_pictures_out,
            cannot_answer=provider.cannot_answer,
            follow_up_skill=skills[line.address].get(FOLLOW_UP),
        )
    return found
