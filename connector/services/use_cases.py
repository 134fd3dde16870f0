"""The use cases of one core, composed from its configuration. They run when a transaction is opened for them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from msgspec import Struct

from connector.base.ids import Ids
from connector.config.file import Config
from connector.domain.conversation import FOLLOW_UP
from connector.providers.values import Capabilities
from connector.services.conversations.inbound import Inbound
from connector.services.requests import DeskRequests
from connector.services.sending.outbox import Outbox
from connector.services.settings import BrandSettings, LineSettings


class LineProvider(Protocol):
    """What use cases need to know of a line's provider. Every `Provider` has it."""

    @property
    def capabilities(self) -> Capabilities: ...

    def pace(self, line: str) -> float: ...

    def cannot_answer(self, consumer: str) -> str | None: ...


class UseCases(Struct, frozen=True):
    brand: BrandSettings
    inbound: Inbound
    outbox: Outbox
    requests: DeskRequests


def compose(config: Config, providers: Mapping[str, LineProvider], ids: Ids, node: str) -> UseCases:
    """`providers` by account; `node`: the name under which this core leases work."""
    lines = _lines(config, providers)
    brand = BrandSettings(ids, lines, config.rules, config.routing.away_reasons, config.routing.outcomes)
    return UseCases(brand, Inbound(brand), Outbox(ids, node, lines), DeskRequests(brand))


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
