"""From the configuration to the settings of use cases. A running core and a simulated day share it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from connector.base import agent_token
from connector.base.ids import Ids
from connector.config.file import Config
from connector.domain.conversation import FOLLOW_UP
from connector.domain.pseudonyms import Pseudonyms
from connector.providers.values import Capabilities
from connector.services.agents.provisioning import AgentSection
from connector.services.settings import BrandSettings, LineSettings


class LineProvider(Protocol):
    """What use cases need to know of a line's provider. Every `Provider` has it."""

    @property
    def capabilities(self) -> Capabilities: ...

    def pace(self, line: str) -> float: ...

    def cannot_answer(self, consumer: str) -> str | None: ...


def brand_settings(
    config: Config, providers: Mapping[str, LineProvider], ids: Ids, pseudonyms: Pseudonyms
) -> BrandSettings:
    """`providers` by account."""
    lines = _lines(config, providers)
    routing, hours = config.routing, config.rules.of("").hours
    return BrandSettings(
        ids,
        lines,
        config.rules,
        pseudonyms,
        routing.away_reasons,
        routing.outcomes,
        masking=config.masking.rules(),
        masking_notice=config.masking.notice,
        sending=config.sending.limits(lines.values()),
        capacity=routing.capacity,
        on_call=config.on_call.rules() if config.on_call else None,
        retention={name: account.retention.over(config.retention) for name, account in config.accounts.items()},
        zone=hours.zone if hours else None,
        file=str(config.source.path or "the configuration"),
    )


def agent_sections(config: Config) -> list[AgentSection]:
    """The agents of the configuration, in the form that is stored."""
    return [
        AgentSection(config.agent(name), agent_token.digest(settings.token.reveal()) if settings.token else None)
        for name, settings in config.agents.items()
    ]


def _lines(config: Config, providers: Mapping[str, LineProvider]) -> dict[str, LineSettings]:
    numbers = {number.address: number for account in config.accounts.values() for number in account.numbers}
    found = {}
    for line in config.lines().values():
        provider = providers[line.account]
        found[line.address] = LineSettings(
            address=line.address,
            account=line.account,
            skill=line.skill,
            entry_point=line.entry_point,
            home=line.home,
            public_url=config.accounts[line.account].public_url,
            segments_per_s=provider.pace(line.address),
            can_look_up=provider.capabilities.can_look_up,
            is_polled=provider.capabilities.can_poll,
            fetches_pictures=provider.capabilities.pictures_in,
            most_pictures=provider.capabilities.most_pictures_out,
            reply_limit=provider.capabilities.reply_limit,
            cannot_answer=provider.cannot_answer,
            prices=numbers[line.address].prices(config.accounts[line.account]),
            follow_up_skill=numbers[line.address].skills.get(FOLLOW_UP),
        )
    return found
