"""Taking over a changed configuration while the core runs: wholly, or not at all.

What is read, checked and opened comes first, and changes nothing. Then one commit stores what the store has of it, and
the settings of use cases are replaced between this commit and the next use case. The providers follow at once: a hook
or send that has begun ends with the provider it began with.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path

import msgspec
from msgspec import Struct

from connector.base import team_socket
from connector.base.failure import Failure
from connector.base.live import Live
from connector.base.team_socket import NoSuchGroup
from connector.composition import agent_sections, brand_settings
from connector.config.agent_warnings import agent_warnings
from connector.config.changes import ConfigChanges, changes, fixed_keys
from connector.config.errors import ConfigError
from connector.config.file import Config, load
from connector.config.number_warnings import number_warnings
from connector.config.rota_warnings import rota_warnings
from connector.domain.agent import Agent
from connector.domain.refusals import Refused
from connector.edge.parts import CoreParts
from connector.providers.base import Provider
from connector.providers.outbound import AccountClients, OutboundClient
from connector.providers.registry import open_providers
from connector.services import work
from connector.services.agents.provisioning import Provisioned
from connector.services.conversations import inbound
from connector.services.reload import reload
from connector.services.settings import BrandSettings
from connector.services.unit_of_work import UnitOfWork, in_unit_of_work
from connector.sms.text import one_line
from connector.store.ports import StoreUnavailable
from connector.wire import answers
from connector.wire.refusals import RefusalCode

log = logging.getLogger(__name__)

_LONGEST_LINE = 2000


class ReloadSource(Struct, frozen=True):
    """The file with a core's configuration, and the clients of its accounts."""

    path: Path
    clients: AccountClients


class Reloading:
    """Reloads one after the other. Whatever refuses one leaves the core as it was."""

    def __init__(
        self,
        parts: CoreParts,
        source: ReloadSource | None,
        prepare: Callable[[Config], Awaitable[None]],
        follow: Callable[[BrandSettings, list[str]], None],
    ) -> None:
        """`source`: None for a core without a file.

        `prepare` opens what the configuration needs beside its providers; it may raise CannotStart. `follow` gets the
        settings there were before, and the accounts that are new or have changed, once all is current.
        """
        self._parts = parts
        self._source = source
        self._prepare = prepare
        self._follow = follow
        self._turn = asyncio.Lock()

    async def on_signal(self, signalled: asyncio.Event) -> None:
        """Reload each time this is set; several times while one is under way count as one."""
        while True:
            await signalled.wait()
            signalled.clear()
            try:
                await self.reload("")
            except (Refused, StoreUnavailable):
                pass  # the log has it
            except Exception:
                log.exception("the configuration could not be reloaded")

    async def reload(self, actor: str, admit: Callable[[UnitOfWork], None] | None = None) -> answers.Reloaded:
        """Take over the file as it is now. `actor`: the administrator who asks, or empty for a signal. `admit` raises
        Refused, in the transaction of the change, where they may not ask for it any more.

        Raises Refused, with the place in the file, and StoreUnavailable. Either leaves the core as it was.
        """
        try:
            async with self._turn:
                found, warnings = await self._reload(actor, admit)
        except (Refused, StoreUnavailable) as error:
            log.error("not reloaded: %s", one_line(str(error), _LONGEST_LINE))
            raise
        words = "; ".join(item for items in _lists(found).values() for item in items)
        log.info("reloaded: %s", one_line(words, _LONGEST_LINE) or "nothing has changed")
        return answers.Reloaded(str(self._source.path) if self._source else "", **_lists(found), warnings=warnings)

    async def _reload(self, actor: str, admit: Callable[[UnitOfWork], None] | None) -> tuple[ConfigChanges, list[str]]:
        """What has changed, and what is to be mended in the file."""
        parts, source = self._parts, self._source
        if source is None:
            raise _refused("no_file", "This core was started without a configuration file: there is none to reload.")
        before = parts.config.current
        config = await self._read(source.path)
        if fixed := fixed_keys(before, config):
            await asyncio.to_thread(_demand_group, config)
            words = f"{source.path}: {', '.join(fixed)}: restart the core to change this. Nothing was changed."
            raise _refused("restart", words)
        found = changes(before, config)
        if not found.any():
            agents = await parts.store.read(lambda reading: reading.desk_pages.agents())
            return found, warnings_of(config, agents, parts.clock.now())
        try:
            clients = source.clients.prepared(config.accounts)
            providers = open_providers(config.accounts, clients, parts.providers.current)
            await self._prepare(config)
        except Failure as error:
            raise _refused("cannot_open", f"{error} Nothing was changed.") from None
        current = parts.brand.current
        # In a thread, as of a hundred accounts it takes some 30 ms, in which no hook would be answered.
        brand = await asyncio.to_thread(brand_settings, config, providers, current.ids, current.pseudonyms)
        await asyncio.to_thread(inbound.warm_up, brand)
        loop = asyncio.get_running_loop()

        def then() -> None:
            # In the writer's thread. The loop does this before it learns that the write has ended.
            parts.brand.current = brand
            loop.call_soon_threadsafe(self._replace, config, providers, clients, current)

        sections = agent_sections(config)

        def use_case(uow: UnitOfWork) -> tuple[Provisioned, list[Agent]]:
            if admit is not None:
                admit(uow)
            provisioned = reload(
                uow, actor, sections, config.accounts, _lists(found), needs_administrator=config.has_team
            )
            return provisioned, uow.tx.agents.all()

        storing = in_unit_of_work(Live(brand), parts.clock.now(), use_case)
        provisioned, agents = await parts.store.write(storing, then)
        return found, log_provisioned(config, provisioned, agents, parts.clock.now())

    async def _read(self, path: Path) -> Config:
        try:
            return await asyncio.to_thread(load, path)
        except ConfigError as error:
            raise _refused("configuration", f"{error} Nothing was changed.") from None

    def _replace(
        self,
        config: Config,
        providers: Mapping[str, Provider],
        clients: Mapping[str, OutboundClient],
        before: BrandSettings,
    ) -> None:
        """What the event loop goes by."""
        parts, source = self._parts, self._source
        assert source is not None
        earlier = parts.providers.current
        parts.config.current, parts.providers.current = config, providers
        for client in source.clients.use(clients):
            parts.tasks.start("close a client", self._close_unused(source.clients, client))
        self._follow(before, [name for name, one in providers.items() if earlier.get(name) is not one])

    async def _close_unused(self, clients: AccountClients, client: OutboundClient) -> None:
        """By then, all work that has begun with it has ended."""
        await self._parts.clock.sleep(work.LEASE_S)
        await clients.close(client)


def warnings_of(config: Config, agents: Sequence[Agent], now: int) -> list[str]:
    """What is to be mended of the numbers and the rota of a configuration. `agents`: all that are stored."""
    skills = (agent.skills for agent in agents if not agent.is_disabled)
    return [*number_warnings(config, skills), *rota_warnings(config, agents, now)]


def log_provisioned(config: Config, provisioned: Provisioned, agents: Sequence[Agent], now: int) -> list[str]:
    """Log what the agents of a configuration have changed in the store, and what to mend in it; what to mend of its
    numbers and its rota. `agents`: all that are stored."""
    for words in provisioned.words(str(config.source.path)):
        log.info("%s", one_line(words, _LONGEST_LINE))
    if config.has_team and not provisioned.has_administrator:
        log.warning(
            "no agent is an administrator, and with [desks] group no one is by nature: agents, accounts and hooks"
            " cannot be managed. Set administrator = true in a section [agents.NAME]"
        )
    warnings = warnings_of(config, agents, now)
    for words in (*agent_warnings(config), *warnings):
        log.warning("%s", one_line(words, _LONGEST_LINE))
    return warnings


def _demand_group(config: Config) -> None:
    """Raises Refused where the core would not start again, as the group of its team does not exist."""
    if config.desks is None or config.desks.group is None:
        return
    try:
        team_socket.group_id(config.desks.group)
    except NoSuchGroup as error:
        words = f"{config.source.path}: desks.group: {error}. Nothing was changed."
        raise _refused("configuration", words) from None


def _lists(found: ConfigChanges) -> dict[str, list[str]]:
    return msgspec.structs.asdict(found)


def _refused(cause: str, words: str) -> Refused:
    return Refused(RefusalCode.CANNOT_RELOAD, words, cause=cause)
