"""The composition root: a configuration in, a running core out. It names all concrete parts, and nothing else does."""

from __future__ import annotations

import asyncio
import errno
import json
import logging
import os
import signal
import socket
import ssl
import sys
from collections.abc import Mapping
from contextlib import AsyncExitStack
from functools import partial
from pathlib import Path

import httpx
from aiohttp import web
from websockets.asyncio.server import Server, unix_serve
from websockets.asyncio.server import serve as serve_tcp

from connector.base import data_directory
from connector.base.clock import Clock, SystemClock
from connector.base.data_directory import CannotStart
from connector.base.ids import Ids
from connector.base.supervise import Supervisor
from connector.config.file import Config, ConfigError, DeskSettings, load
from connector.domain.conversation import FOLLOW_UP
from connector.edge.background.account_monitor import AccountMonitor
from connector.edge.background.periodic import keep_leases, purge, run_timers, sweep_pictures
from connector.edge.background.recovery import RecoveryTask
from connector.edge.background.store_monitor import MonitoredStore
from connector.edge.background.workers import Workers
from connector.edge.desks.feed import Feed
from connector.edge.desks.identity import Authenticator
from connector.edge.desks.requests import RequestHandler
from connector.edge.desks.socket import DeskServices, DeskSocket
from connector.edge.hooks.door import LONGEST_ADDRESS, HookServer
from connector.pictures.files import PictureFiles
from connector.providers.base import Provider
from connector.providers.http import http_client
from connector.providers.registry import PROVIDERS
from connector.services.accounts.health import ProviderHealth
from connector.services.conversations.inbound import Inbound
from connector.services.routing import presence
from connector.services.sending.outbox import Outbox
from connector.services.settings import BrandSettings, LineSettings
from connector.store.ports import StoreUnavailable
from connector.store.sql.store import open_store
from connector.wire import address, frames, limits

log = logging.getLogger(__name__)

_LINGER_S = 5.0
_FIRST_DESK_S = 60.0
_DRAIN_S = 20.0


def serve(config_path: Path | None, data: Path, *, embedded: bool = False) -> int:
    """Run a core until SIGTERM or SIGINT, or, embedded, until a few seconds after its last desk has left.

    Prints one JSON line when it listens. Returns the exit code; what went wrong is one sentence on stderr.
    """
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s", stream=sys.stderr)
    logging.getLogger("websockets").setLevel(logging.WARNING)
    logging.getLogger("httpx").setLevel(logging.WARNING)
    logging.getLogger("alembic").setLevel(logging.WARNING)
    try:
        config = load(config_path)
        lock = data_directory.take(data, embedded=embedded)
    except ConfigError as error:
        print(f"textdesk: {error}", file=sys.stderr)
        return os.EX_CONFIG
    except CannotStart as error:
        print(f"textdesk: {error}", file=sys.stderr)
        return error.code
    try:
        asyncio.run(_run(config, config_path, data, embedded=embedded))
    except (CannotStart, BaseExceptionGroup) as error:
        return _tell(error)
    finally:
        os.close(lock)
    return 0


def _tell(error: BaseException) -> int:
    """Say what ended the core, without a trace unless it is a fault of ours, and give the exit code."""
    causes = _leaves(error)
    for cause in causes:
        if isinstance(cause, CannotStart):
            print(f"textdesk: {cause}", file=sys.stderr)
            return cause.code
    log.critical("the core stopped on a fault of its own", exc_info=error)
    print(f"textdesk: the core stopped: {causes[0]!r}. What was accepted is kept.", file=sys.stderr)
    return os.EX_SOFTWARE


def _leaves(error: BaseException) -> list[BaseException]:
    if isinstance(error, BaseExceptionGroup):
        return [leaf for inner in error.exceptions for leaf in _leaves(inner)]
    return [error]


async def _run(config: Config, path: Path | None, data: Path, *, embedded: bool) -> None:
    log.info("configuration: %s", path or "none")
    clock: Clock = SystemClock()
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopped.set)
    async with AsyncExitStack() as stack:
        try:
            store = MonitoredStore(await open_store(config.core.database or data / "textdesk.db"), clock)
        except StoreUnavailable as error:
            raise CannotStart(f"the store cannot be opened: {error}", os.EX_IOERR) from None
        stack.push_async_callback(store.close)
        http = await stack.enter_async_context(http_client())
        tasks = await stack.enter_async_context(Supervisor())
        stack.callback(tasks.stop)
        ids = Ids(clock)
        core = _Core(config, store, data, http, clock, ids, tasks)
        await core.start()
        hooks = await core.listen_for_hooks(stack)
        socket = await core.listen_for_desks(stack, data)
        ready = {"ready": True, "config": str(path) if path else None, "hooks": hooks, "desks": str(socket)}
        print(json.dumps(ready), flush=True)
        if embedded:
            tasks.start("leave", _leave_when_alone(core.desks, stopped))
        await stopped.wait()
        log.info("stopping")
        await core.stop()


class _Core:
    """The parts of one running core and the order they start and stop in."""

    def __init__(
        self,
        config: Config,
        store: MonitoredStore,
        data: Path,
        http: httpx.AsyncClient,
        clock: Clock,
        ids: Ids,
        tasks: Supervisor,
    ) -> None:
        providers = {name: _provider(name, config, http) for name in config.accounts}
        node = data_directory.node(data, ids.new)
        names = {name: _name(settings) for name, settings in config.accounts.items()}
        lines = _line_settings(config, providers)
        brand = BrandSettings(ids, lines, config.rules, config.routing.away_reasons, config.routing.outcomes)
        self._config = config
        self._brand = brand
        self._store = store
        self._clock = clock
        self._tasks = tasks
        self._node = node
        self._servers: list[Server] = []
        self._runner: web.AppRunner | None = None
        self._feed = Feed(store, tasks)
        files = self._files = PictureFiles(data / "pictures")
        inbound = Inbound(brand)
        self._recoveries = RecoveryTask(store, inbound, providers, clock)
        health = ProviderHealth(providers, names, lines)
        self._accounts = AccountMonitor(store, health, self._feed, self._recoveries, list(providers), clock)
        self._workers = Workers(
            store, Outbox(ids, node, lines), inbound, providers, http, files, clock, self._recoveries.want, tasks, node
        )
        self._door = HookServer(
            store,
            inbound,
            {(names[account], account): provider for account, provider in providers.items()},
            {account: settings.public_url for account, settings in config.accounts.items()},
            {account for account, settings in config.accounts.items() if settings.signatures == "watch"},
            files,
            self._recoveries.want,
            clock,
            ids,
        )
        self.desks = DeskSocket(
            DeskServices(
                store=store,
                clock=clock,
                feed=self._feed,
                doorkeeper=Authenticator(
                    {name: agent.token.reveal() for name, agent in config.agents.items() if agent.token},
                    frozenset(name for name, agent in config.agents.items() if agent.administrator),
                    frozenset(name for name, agent in config.agents.items() if agent.lead),
                ),
                answers=RequestHandler(store, clock, brand, files, inbound, self._recoveries, providers),
                agent=config.agent,
                brand=brand,
                reply_limit=limits.REPLY_LENGTH,
                accounts=self._accounts.current,
                node=node,
            )
        )

    async def start(self) -> None:
        await self._store.write(partial(presence.take_over, node=self._node, now=self._clock.now()))
        await self._feed.start()
        if not self._config.accounts:
            log.warning(
                "no account is configured: no text is taken in, and replies that wait are left for a core that is"
                " started with its configuration (--config)"
            )
        for name, work in {
            "feed": self._feed.run(),
            "work": self._workers.run(),
            "recover": self._recoveries.run(),
            "check accounts": self._accounts.check(),
            "watch accounts": self._accounts.watch(),
            "watch store": self._store.run(),
            "keep leases": keep_leases(self._store, self._brand, self.desks, self._clock),
            "timers": run_timers(self._store, self._brand, self._clock),
            "purge": purge(self._store, self._clock),
            "sweep pictures": sweep_pictures(self._store, self._files, self._clock),
        }.items():
            self._tasks.start(name, work)

    async def listen_for_hooks(self, stack: AsyncExitStack) -> str | None:
        """The address hooks come in at; None without accounts, because nobody would call."""
        if not self._config.accounts:
            return None
        host, port = self._config.hooks.host, self._config.hooks.port
        app = self._door.application(self._health)
        self._runner = web.AppRunner(
            app,
            access_log=None,
            logger=self._door.server_log,
            max_line_size=LONGEST_ADDRESS,
            handle_signals=False,
            shutdown_timeout=_DRAIN_S,
        )
        await self._runner.setup()
        stack.push_async_callback(self._runner.cleanup)
        site = web.TCPSite(self._runner, host, port)
        with _naming(f"hooks: {host}:{port}"):
            await site.start()
        return f"http://{host}:{self._runner.addresses[0][1]}"

    async def listen_for_desks(self, stack: AsyncExitStack, data: Path) -> Path:
        path = address.socket_path(data, os.environ)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.unlink(missing_ok=True)  # left by a core that was killed: the data directory's lock is ours
        with _naming(f"desks: {path}"):
            listening = socket.socket(socket.AF_UNIX)
            listening.bind(str(path))
            path.chmod(0o600)  # before it listens, so nobody can have come in
            server = await unix_serve(
                self.desks.handle,
                sock=listening,
                compression=None,
                max_size=limits.FRAME_BYTES,
                ping_interval=20,
            )
        self._servers.append(server)
        stack.callback(path.unlink, missing_ok=True)
        if self._config.desks is not None:
            self._servers.append(await self._listen_on_tcp(self._config.desks))
        for server in self._servers:
            stack.push_async_callback(server.wait_closed)
            stack.callback(server.close)
        return path

    async def _listen_on_tcp(self, settings: DeskSettings) -> Server:
        host, _, port = settings.listen.rpartition(":")
        tls = None
        if settings.tls_certificate is not None:
            tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
            try:
                tls.load_cert_chain(settings.tls_certificate, settings.tls_key)
            except OSError as error:
                raise CannotStart(f"desks: the TLS certificate or key cannot be used: {error}.", os.EX_CONFIG) from None
        with _naming(f"desks: {settings.listen}"):
            return await serve_tcp(
                self.desks.handle,
                host.strip("[]"),
                int(port),
                ssl=tls,
                compression=None,
                max_size=limits.FRAME_BYTES,
                origins=[None],  # a web page in the agent's browser is not a desk
            )

    async def stop(self) -> None:
        """Take no more, finish what was taken, say goodbye. Nothing accepted is lost: all of it is in the store."""
        if self._runner is not None:
            await self._runner.cleanup()
        await self._workers.drain(_DRAIN_S)
        for server in self._servers:
            for connection in server.connections:
                self._tasks.start("goodbye", connection.close(frames.CLOSE_STOPPING, "The core stops."))

    def _health(self) -> dict[str, object]:
        reasons = self._accounts.summary()
        # The store's name tells whose core it is that answers at a public address.
        return {"status": "warning" if reasons else "ok", "reasons": reasons, "store": self._store.name}


class _naming:
    """Turns a refused address into a sentence."""

    def __init__(self, what: str) -> None:
        self._what = what

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, OSError):
            taken = error.errno == errno.EADDRINUSE
            words = "is taken by another program; choose another port" if taken else f"cannot be used: {error.strerror}"
            raise CannotStart(f"{self._what} {words}.", os.EX_UNAVAILABLE) from None


async def _leave_when_alone(desks: DeskSocket, stopped: asyncio.Event) -> None:
    limit_s = _FIRST_DESK_S
    while not stopped.is_set():
        desks.changed.clear()
        try:
            async with asyncio.timeout(None if desks.desks else limit_s):
                await desks.changed.wait()
        except TimeoutError:
            stopped.set()
        limit_s = _LINGER_S


def _line_settings(config: Config, providers: Mapping[str, Provider]) -> dict[str, LineSettings]:
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


def _name(settings: object) -> str:
    return str(next(name for name, provider in PROVIDERS.items() if isinstance(settings, provider.Settings)))


def _provider(account: str, config: Config, http: httpx.AsyncClient) -> Provider:
    settings = config.accounts[account]
    provider: Provider = PROVIDERS[_name(settings)](account, settings, http)
    return provider
