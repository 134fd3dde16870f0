"""The composition root: a configuration, a clock, providers and a store in, a running core out."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from msgspec import Struct

from connector.base import data_directory
from connector.base.clock import Clock, DisciplinedClock, SystemClock
from connector.base.data_directory import CannotStart
from connector.base.ids import Ids
from connector.base.live import Live
from connector.base.secret import Secret
from connector.base.supervise import Supervisor
from connector.composition import agent_sections, brand_settings
from connector.config.file import Config
from connector.domain.audit import hash_of
from connector.domain.pseudonyms import Pseudonyms
from connector.domain.refusals import Refused
from connector.edge.background import failed_sends
from connector.edge.background.account_monitor import AccountMonitor
from connector.edge.background.clock_watch import ClockWatch
from connector.edge.background.indexing import Indexing
from connector.edge.background.on_call import watch_alerts
from connector.edge.background.periodic import follow_imports, purge, renew_leases, run_timers, sweep_pictures
from connector.edge.background.recovery import RecoveryTask
from connector.edge.background.store_monitor import MonitoredStore
from connector.edge.background.webhooks import WebhookTask
from connector.edge.background.workers import Workers
from connector.edge.desks.connected import ConnectedDesks
from connector.edge.desks.feed import Feed
from connector.edge.desks.handler import DeskHandler
from connector.edge.desks.request_handler import RequestHandler
from connector.edge.desks.server import DeskServer
from connector.edge.hooks.server import HookServer
from connector.edge.parts import CoreParts
from connector.pictures.files import PictureFiles
from connector.providers.base import Provider
from connector.reloading import Reloading, ReloadSource, log_provisioned
from connector.services.accounts.health import ProviderHealth
from connector.services.agents.provisioning import provision
from connector.services.audit.hash_key import is_key_of_store
from connector.services.conversations import inbound
from connector.services.routing import desks
from connector.services.settings import BrandSettings
from connector.services.unit_of_work import in_unit_of_work
from connector.store.ports import Store
from connector.wire import limits

log = logging.getLogger(__name__)

_DRAIN_S = 20.0


class Addresses(Struct, frozen=True):
    """Where a core listens. `hooks`: a URL, or None without accounts, which would send hooks; `team`: its socket;
    `listen`: the URL for desks elsewhere."""

    hooks: str | None
    desks: Path
    team: Path | None = None
    listen: str | None = None


class Core:
    """The parts of one core, and the order in which they start and stop.

    Call `start` once, `stop` to end in good order, and `close` in any case. `tasks` runs all background tasks; the
    caller stops it after `close`.
    """

    def __init__(
        self,
        config: Config,
        clock: Clock,
        providers: Mapping[str, Provider],
        store: Store,
        data: Path,
        tasks: Supervisor,
        source: ReloadSource | None = None,
    ) -> None:
        """`providers` by account; `data`: the data directory, whose lock is held; `source`: where a reload reads,
        None for a core without a file. Raises CannotStart.
        """
        # The time of another clock than the machine's, such as a simulation's, has nothing to do with the server's.
        server_time = store.server_time if isinstance(clock, SystemClock) else None
        clock = disciplined = DisciplinedClock(clock)
        ids = Ids(clock)
        node = data_directory.node(data, ids.new)
        # Of the configuration, which cores of one database share, else of the data directory.
        hash_key = config.core.hash_key or Secret(data_directory.hash_key(data))
        self._data = data
        self._store = MonitoredStore(store, clock)
        self._parts = parts = CoreParts(
            config=Live(config),
            clock=clock,
            node=node,
            store=self._store,
            brand=Live(brand_settings(config, providers, ids, Pseudonyms(hash_key))),
            providers=Live(providers),
            pictures=_pictures(data / "pictures"),
            tasks=tasks,
        )
        self._own_hash_key = None if config.core.hash_key else hash_key
        self._watch = ClockWatch(disciplined, self._store, parts.brand, server_time)
        self._feed = Feed(self._store, tasks, failed_sends.note)
        self._recovery = RecoveryTask(self._store, parts.brand, parts.providers, clock)
        health = ProviderHealth(parts.providers)
        self._accounts = AccountMonitor(
            self._store, health, self._feed.publish_accounts, self._recovery, parts.brand, clock, self._watch.problem
        )
        self._workers = Workers(parts, self._recovery.request, self._recovery.is_catching_up)
        self._hooks = HookServer(parts, self._health, self._recovery.request)
        self.reloading = Reloading(parts, source, self._listen_for_hooks, self._follow)
        self._indexing = Indexing(self._store, parts.brand, clock)
        requests = RequestHandler(parts, self._recovery, self.reloading.reload)
        self._handler = DeskHandler(parts, self._feed, requests, self._accounts.current)
        self._desks = DeskServer(self._handler.handle, self._handler.refused_user, tasks)

    @property
    def clock(self) -> DisciplinedClock:
        return self._watch.clock

    @property
    def brand(self) -> Live[BrandSettings]:
        return self._parts.brand

    @property
    def connected(self) -> ConnectedDesks:
        return self._handler.connected

    async def start(self) -> Addresses:
        """Take over what this node held when it last ended, start all tasks, and listen. Raises CannotStart."""
        parts, config = self._parts, self._parts.config.current
        await self._watch.begin()
        take_over = in_unit_of_work(parts.brand, parts.clock.now(), desks.release_node, parts.node)
        await self._demand_key_of_store()
        await self._store.write(take_over)
        await self._recovery.begin()  # what comes from now on is recovered, however soon this core ends
        await self._provision(config)
        await self._feed.start()
        inbound.warm_up(parts.brand.current)
        if not config.accounts:
            log.warning(
                "no account is configured: no text is taken in, and replies that wait are left for a core that is"
                " started with its configuration (--config)"
            )
        await self._log_head_of_audit()
        self._start_tasks()
        await self._listen_for_hooks(config)
        desks_at = await self._desks.listen(self._data, config.desks)
        return Addresses(self._hooks.url, desks_at, self._desks.team, self._desks.url)

    async def _listen_for_hooks(self, config: Config) -> None:
        """Once there are accounts, which send hooks. Raises CannotStart."""
        if config.accounts and self._hooks.url is None:
            await self._hooks.listen(config.hooks.host, config.hooks.port)

    def _follow(self, before: BrandSettings, opened: Iterable[str]) -> None:
        """After a reload: look after the accounts that are new or have changed, and tell desks what has changed."""
        self._recovery.opened(opened)
        self._recovery.tasks.look_again()
        self._accounts.checks.look_again()
        self._handler.settings_changed(before)

    async def _demand_key_of_store(self) -> None:
        """Raises CannotStart."""
        if not await self._store.write(in_unit_of_work(self._parts.brand, self._parts.clock.now(), is_key_of_store)):
            raise CannotStart(
                "The key of the keyed hashes is another than the database was begun with: opt-outs of erased consumers"
                f" would not be found. Copy hash.key from the first core or a backup into {self._data}, or give every"
                " core the same [core] hash_key. For a key that is lost, see docs/operating.md.",
                os.EX_CONFIG,
            )

    async def _log_head_of_audit(self) -> None:
        """Beside the store, in the log: an end that is cut off leaves no trace in the audit itself."""
        latest = await self._store.read(lambda reading: reading.audit_before(limits.BIGGEST_NUMBER, None, None, 2))
        if not latest:
            log.info("audit: its head is 0:")
            return
        head, before = latest[0], latest[1] if len(latest) > 1 else None
        log.info("audit: its head is %d:%s", head.number, head.hash)
        if hash_of(head, before, self._parts.brand.current.pseudonyms) != head.hash:
            log.warning(
                "audit: entry %d was changed, or was written with another key than hash.key in the data directory (or"
                " [core] hash_key) has now: put that key back, or `audit verify` fails from here on",
                head.number,
            )

    async def _provision(self, config: Config) -> None:
        """Store the agents of the configuration. A core without one leaves all as they are: it may have been started by
        mistake. Raises CannotStart."""
        if config.source.path is not None:
            sections = agent_sections(config)
            provisioning = in_unit_of_work(
                self._parts.brand,
                self._parts.clock.now(),
                provision,
                sections,
                needs_administrator=config.has_team,
            )
            try:
                provisioned = await self._store.write(provisioning)
            except Refused as no:
                raise CannotStart(no.words, os.EX_CONFIG) from None
            agents = await self._store.read(lambda reading: reading.desk_pages.agents())
            log_provisioned(config, provisioned, agents, self._parts.clock.now())

    def _start_tasks(self) -> None:
        parts, brand = self._parts, self._parts.brand
        for name, task in {
            "clock": self._watch.run(),
            "feed": self._feed.run(),
            "workers": self._workers.run(),
            "recovery": self._recovery.tasks.run(),
            "check accounts": self._accounts.checks.run(),
            "publish accounts": self._accounts.publish_changes(),
            "monitor store": self._store.run(),
            "renew leases": renew_leases(parts.store, brand, self.connected.renewed, parts.clock),
            "timers": run_timers(parts.store, brand, parts.clock),
            "on call": watch_alerts(parts.store, brand, self._accounts.down_since, parts.clock),
            "webhook": WebhookTask(parts).run(),
            "purge": purge(parts.store, brand, parts.clock),
            "follow imports": follow_imports(parts.store, brand, parts.clock),
            "index messages": self._indexing.run(),
            "sweep pictures": sweep_pictures(parts.store, parts.pictures, parts.clock),
        }.items():
            parts.tasks.start(name, task)

    async def stop(self) -> None:
        """Take no more hooks, finish sends that are in progress, and say goodbye to desks. The store has the rest."""
        await self._hooks.close()
        await self._workers.drain(_DRAIN_S)
        self._desks.announce_stop()
        if self._own_hash_key is not None:
            try:
                data_directory.restore_hash_key(self._data, self._own_hash_key.reveal())
            except OSError as error:
                log.error("hash.key is missing in the data directory and cannot be written: %s", error)

    async def close(self) -> None:
        """Stop listening, and wait for the connections to end."""
        await self._desks.close()
        await self._hooks.close()

    def _health(self) -> dict[str, object]:
        reasons = self._accounts.problems()
        status = "down" if self._accounts.store_problem() else "warning" if reasons else "ok"
        # The store's name identifies the core that answers at a public address.
        return {"status": status, "reasons": reasons, "store": self._store.name}


def _pictures(folder: Path) -> PictureFiles:
    try:
        return PictureFiles(folder)
    except OSError as error:
        raise CannotStart.because(error, f"{folder}: cannot be used") from None
