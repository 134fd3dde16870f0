"""The process of a core: its log, the data directory's lock, signals and exit codes."""

from __future__ import annotations

import asyncio
import gc
import json
import logging
import os
import signal
import sys
from contextlib import AsyncExitStack
from pathlib import Path

from connector.app import Core
from connector.base import data_directory, descriptors
from connector.base.clock import Clock
from connector.base.data_directory import CannotStart
from connector.base.failure import Failure
from connector.base.log_lines import LimitedLog
from connector.base.supervise import Supervisor
from connector.config.file import Config, load
from connector.edge.desks.connected import ConnectedDesks
from connector.providers.outbound import AccountClients
from connector.providers.registry import open_providers
from connector.reloading import ReloadSource
from connector.store.ports import StoreUnavailable
from connector.store.sql.store import open_store

log = logging.getLogger(__name__)

_LINGER_S = 5.0
_FIRST_DESK_S = 60.0
# Objects made and not yet freed before the youngest are looked through for cycles; Python's own 700 are some 60 hooks.
_YOUNG_OBJECTS = 5_000


def serve(config_path: Path | None, data: Path, clock: Clock, *, embedded: bool) -> int:
    """Run a core until SIGTERM or SIGINT, or, embedded, until a few seconds after its last desk has left.

    SIGHUP reloads the configuration of a service; one on a terminal, and an embedded core, end with it.

    Prints one JSON line when it listens. Returns 0; raises Failure with one sentence and the exit code.
    """
    logging.basicConfig(level=logging.INFO, handlers=[LimitedLog(sys.stderr)])
    for library in ("websockets", "httpx", "alembic"):
        logging.getLogger(library).setLevel(logging.WARNING)
    descriptors.raise_open_limit()
    config = load(config_path)
    with data_directory.locked(data, embedded=embedded):
        try:
            asyncio.run(_run(config, config_path, data, clock, embedded=embedded))
        except BaseExceptionGroup as error:
            raise _failure(error) from None
    return 0


async def _run(config: Config, path: Path | None, data: Path, clock: Clock, *, embedded: bool) -> None:
    log.info("configuration: %s", path or "none")
    stopped, hung_up = asyncio.Event(), asyncio.Event()
    # A terminal sends SIGHUP when it is closed: a core that was started on one ends with it.
    ends_with_terminal = embedded or any(map(os.isatty, range(3)))
    loop = asyncio.get_running_loop()
    for number, event in {
        signal.SIGTERM: stopped,
        signal.SIGINT: stopped,
        signal.SIGHUP: stopped if ends_with_terminal else hung_up,
    }.items():
        if signal.getsignal(number) is not signal.SIG_IGN:  # as nohup leaves it
            loop.add_signal_handler(number, event.set)
    async with AsyncExitStack() as stack:
        try:
            store = await open_store(config.core.database or data / "textdesk.db")
        except StoreUnavailable as error:
            raise CannotStart(f"the store cannot be opened: {error}", os.EX_IOERR) from None
        stack.push_async_callback(store.close)
        clients = await stack.enter_async_context(AccountClients())
        tasks = await stack.enter_async_context(Supervisor())
        stack.callback(tasks.stop)
        opened = clients.prepared(config.accounts)
        clients.use(opened)
        providers = open_providers(config.accounts, opened)
        # Whole, as who has it reloaded may be in another folder than where the core was started.
        source = ReloadSource(path.absolute(), clients) if path else None
        core = Core(config, clock, providers, store, data, tasks, source)
        stack.push_async_callback(core.close)
        addresses = await core.start()
        if not embedded:
            data_directory.reserve_for_service(data)
        ready = {
            "ready": True,
            "config": str(path) if path else None,
            "hooks": addresses.hooks,
            "desks": str(addresses.desks),
            **({"team": str(addresses.team)} if addresses.team else {}),
            **({"listen": addresses.listen} if addresses.listen else {}),
        }
        for whom in ("hooks", "desks", "team", "listen"):
            if where := ready.get(whom):
                log.info("%s: %s", "desks elsewhere" if whom == "listen" else whom, where)
        print(json.dumps(ready), flush=True)
        settle_garbage_collector()
        tasks.start("reload on SIGHUP", core.reloading.on_signal(hung_up))
        if embedded:
            tasks.start("leave", _stop_without_desks(core.connected, stopped))
        await stopped.wait()
        log.info("stopping")
        await core.stop()


def settle_garbage_collector() -> None:
    """Exclude what was loaded so far, which stays for good, from every later search for reference cycles.

    A full search through all modules takes tens of milliseconds, in which no hook is answered. Cycles made later are
    still found.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(_YOUNG_OBJECTS)


async def _stop_without_desks(connected: ConnectedDesks, stopped: asyncio.Event) -> None:
    limit_s = _FIRST_DESK_S
    while not stopped.is_set():
        connected.changed.clear()
        try:
            async with asyncio.timeout(None if len(connected) else limit_s):
                await connected.changed.wait()
        except TimeoutError:
            stopped.set()
        limit_s = _LINGER_S


def _failure(error: BaseExceptionGroup) -> Failure:
    """What ended the core, as a sentence and an exit code; with a traceback in the log if it is a defect."""
    causes = _leaves(error)
    for cause in causes:
        if isinstance(cause, Failure):
            return cause
    log.critical("the core stopped on a fault of its own", exc_info=error)
    return Failure(f"the core stopped: {causes[0]!r}. What was accepted is kept.", os.EX_SOFTWARE)


def _leaves(error: BaseException) -> list[BaseException]:
    if isinstance(error, BaseExceptionGroup):
        return [leaf for inner in error.exceptions for leaf in _leaves(inner)]
    return [error]
