"""The process of a relay: its log, lock, signals and exit codes."""

from __future__ import annotations

import asyncio
import fcntl
import json
import logging
import os
import signal
import sqlite3
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from functools import partial
from pathlib import Path

from connector.base import descriptors, trusted_files
from connector.base.clock import Clock
from connector.base.data_directory import CannotStart
from connector.base.log_lines import LimitedLog
from connector.base.supervise import Supervisor
from connector.config.file import load
from connector.config.relay import RelaySettings
from connector.providers.outbound import CallLimits, OutboundClient
from connector.relay.forwarding import Forwarder
from connector.relay.kannel.smsbox import Smsbox
from connector.relay.sending import Dispatcher
from connector.relay.server import RelayServer, reports_url
from connector.relay.store import RelayStore
from connector.relay.times import TIMES, RelayTimes

log = logging.getLogger(__name__)

FILE_NAME = "relay.db"
"""In the relay's data directory."""


def serve(config_path: Path | None, data: Path, clock: Clock) -> int:
    """Run a relay until SIGTERM, SIGINT or SIGHUP. Prints one JSON line when it listens.

    Returns 0; raises Failure with one sentence and the exit code.
    """
    logging.basicConfig(level=logging.INFO, handlers=[LimitedLog(sys.stderr)])
    logging.getLogger("httpx").setLevel(logging.WARNING)
    descriptors.raise_open_limit()
    settings = load(config_path).relay
    if settings is None:
        where = config_path or "no textdesk.toml here"
        raise CannotStart(f"{where}: there is no section [relay]; docs/generic-provider.md has one.", os.EX_CONFIG)
    with _locked(data) as folder:
        asyncio.run(_run(settings, folder, clock))
    return 0


@contextmanager
def _locked(data: Path) -> Iterator[Path]:
    try:
        folder = trusted_files.make_folder(data)
        descriptor = trusted_files.open_private(folder / "relay.lock", os.O_RDWR)
    except OSError as error:
        raise CannotStart.because(error, f"{data}: cannot be used as the relay's data directory") from None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield folder
    except BlockingIOError:
        raise CannotStart(f"{data}: another relay is running on this data directory.", os.EX_TEMPFAIL) from None
    finally:
        os.close(descriptor)


def is_running(data: Path) -> bool:
    """Whether a relay holds the lock of this data directory. Raises OSError."""
    descriptor = trusted_files.open_private(data / "relay.lock", os.O_RDWR)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False


async def _run(settings: RelaySettings, folder: Path, clock: Clock) -> None:
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        if signal.getsignal(number) is not signal.SIG_IGN:  # as nohup leaves it
            loop.add_signal_handler(number, stopped.set)
    async with running(settings, folder, clock) as address:
        print(json.dumps({"ready": True, "listen": address, "core": settings.core_url}), flush=True)
        await stopped.wait()
        log.info("stopping")


@asynccontextmanager
async def running(settings: RelaySettings, folder: Path, clock: Clock, times: RelayTimes = TIMES) -> AsyncIterator[str]:
    """A relay that listens; yields its address. Raises CannotStart.

    `folder`: its data directory, whose lock is held.
    """
    async with AsyncExitStack() as stack:
        try:
            store = RelayStore(folder / FILE_NAME)
        except OSError as error:
            raise CannotStart.because(error, f"{folder / FILE_NAME}: cannot be opened") from None
        except sqlite3.Error as error:
            raise CannotStart(f"{folder / FILE_NAME}: cannot be opened: {error}.", os.EX_IOERR) from None
        stack.callback(store.close)
        to_core, to_kannel = [
            await stack.enter_async_context(OutboundClient(CallLimits(places=places))) for places in (16, 8)
        ]
        tasks = await stack.enter_async_context(Supervisor())
        stack.callback(tasks.stop)
        forwarder = Forwarder(
            store,
            to_core,
            clock,
            core_url=settings.core_url,
            account=settings.account,
            secret=settings.secret,
            times=times,
        )
        own_url = settings.own_url or f"http://{settings.listen}"
        key = settings.key.reveal() if settings.key is not None else None
        smsbox = Smsbox(settings.kannel, to_kannel, times)
        dispatcher = Dispatcher(store, smsbox, clock, partial(reports_url, own_url, key), forwarder.wake, times)
        await dispatcher.start()
        server = RelayServer(settings, store, forwarder, dispatcher, clock, tasks)
        stack.push_async_callback(server.close)
        tasks.start("hand on to the core", forwarder.run())
        tasks.start("hand over to Kannel", dispatcher.resume())
        yield await server.listen(settings.host, settings.port)
