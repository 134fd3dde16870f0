"""`python -m tests.kit.fork_server CONTROL` has imported the command, and forks a process for each start of it.

Run by `tests.kit.forked`. Most of the processor time of a core that lives for a second are its imports.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import json
import os
import select
import signal
import socket
import sys
import tempfile
from pathlib import Path

import alembic.context  # noqa: F401  # what `serve` and `watch` import: once for all of them
import anyio._backends._asyncio  # noqa: F401
import msgspec
from twilio.rest import Client

import connector.core_process
import connector.providers.twilio.transport  # noqa: F401
from connector.cli.main import main
from connector.providers.trusted_certificates import trusted_certificates
from connector.services.conversations import inbound
from connector.services.sending import outbox
from connector.store.sql.store import open_store
from tests.kit.templates import copied
from tests.kit.use_cases import Office


class Start(msgspec.Struct):
    """One start of the command."""

    arguments: list[str]
    environment: dict[str, str]
    umask: int


async def warm_up() -> None:
    """Load and compile what the first text, reply and call of each core would."""
    Client("AC", "token").api.v2010  # noqa: B018  # a property that imports
    trusted_certificates()
    with tempfile.TemporaryDirectory() as folder:
        store = await open_store(copied(Path(folder, "textdesk.db")))
        office = Office(store)
        inbound.warm_up(office.brand)
        await office.sign_in()
        await office.reply(await office.text())
        await office.do(outbox.claim, "n1", 1)
        await store.close()


def next_start(control: socket.socket) -> Start:
    """Returns in each forked process. The server itself ends here, when those who asked it have ended."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    ended, wake = os.pipe()
    os.set_blocking(wake, False)
    signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
    exits: dict[int, int] = {}  # process ids, and the descriptor that takes each exit code
    while True:
        ready, _, _ = select.select([control.fileno(), ended], [], [])
        if ended in ready:
            os.read(ended, 4096)
            _report(exits)
        if control.fileno() in ready:
            data, descriptors, _, _ = socket.recv_fds(control, 1 << 20, 4)
            if not data:
                os._exit(0)
            exit_code, *streams = descriptors
            pid = os.fork()
            if not pid:
                control.detach()
                _take_over(streams)
                return msgspec.convert(json.loads(data), Start)
            exits[pid] = exit_code
            os.write(exit_code, b"%d\n" % pid)
            for stream in streams:
                os.close(stream)


def _report(exits: dict[int, int]) -> None:
    """Pass on the exit codes of those that have ended."""
    for pid, exit_code in list(exits.items()):
        found, status = os.waitpid(pid, os.WNOHANG)
        if found:
            with contextlib.suppress(BrokenPipeError):  # its test is over
                os.write(exit_code, b"%d\n" % os.waitstatus_to_exitcode(status))
            os.close(exits.pop(pid))


def _take_over(streams: list[int]) -> None:
    """Nothing of the server's is left to this process but what it has imported."""
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
    sys.stdin, sys.stdout = open(0, closefd=False), open(1, "w", closefd=False)  # noqa: SIM115
    sys.stderr = open(2, "w", buffering=1, errors="backslashreplace", closefd=False)  # noqa: SIM115
    os.closerange(3, 1 + max(int(name) for name in os.listdir("/dev/fd")))


if __name__ == "__main__":
    asyncio.run(warm_up())
    gc.collect()
    gc.freeze()
    start = next_start(socket.socket(fileno=int(sys.argv[1])))
    os.umask(start.umask)
    os.environ.clear()
    os.environ.update(start.environment)
    sys.argv[1:] = start.arguments
    sys.exit(main())
