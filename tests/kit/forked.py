"""Processes of the `textdesk` command without the cost of its imports: forked by one that has made them.

They differ from started ones in that alone: `tests.kit.commands.started` is for what is about a start.
"""

from __future__ import annotations

import asyncio
import atexit
import json
import os
import signal
import socket
import subprocess
import sys
from asyncio.base_subprocess import BaseSubprocessTransport
from asyncio.subprocess import Process, SubprocessStreamProtocol
from functools import cache
from pathlib import Path
from typing import IO

_ROOT = Path(__file__).parents[2]
_LINE_BYTES = 1 << 16
_ENVIRONMENT = dict(os.environ)  # of the run, whatever the test has set that asks first


async def forked(*arguments: str, stdin: int, stdout: int, stderr: int | IO[bytes]) -> Process:
    """`textdesk ARGUMENTS`, with streams as `asyncio.create_subprocess_exec` takes them."""
    # Benchmarks measure what starts cost; and the libraries of macOS do not survive a fork.
    if "PYTEST_VERSION" not in os.environ or os.uname().sysname == "Darwin":
        command = (sys.executable, "-m", "connector", *arguments)
        return await asyncio.create_subprocess_exec(
            *command, stdin=stdin, stdout=stdout, stderr=stderr, cwd=_ROOT, limit=_LINE_BYTES
        )
    loop = asyncio.get_running_loop()
    protocol = SubprocessStreamProtocol(_LINE_BYTES, loop)
    connected = loop.create_future()
    transport = _Transport(loop, protocol, arguments, False, stdin, stdout, stderr, 0, connected)
    await connected
    return Process(transport, protocol, loop)


@cache
def _server() -> tuple[socket.socket, subprocess.Popen[bytes]]:
    """One for this process, and the socket on which it is asked. It ends as soon as that is closed."""
    ours, theirs = socket.socketpair()
    with theirs:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.kit.fork_server", str(theirs.fileno())],
            cwd=_ROOT,
            env=_ENVIRONMENT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            pass_fds=(theirs.fileno(),),
        )
    atexit.register(_end, ours, process)
    return ours, process


def _end(control: socket.socket, process: subprocess.Popen[bytes]) -> None:
    control.close()
    process.wait()


class _Forked:
    """What asyncio uses of a `subprocess.Popen`, for a process that is no child of this one."""

    def __init__(self, arguments: tuple[str, ...], streams: tuple[int | IO[bytes], ...]) -> None:
        self.returncode: int | None = None
        self.exit_code, theirs = os.pipe()
        passed = [theirs]
        ours: list[IO[bytes] | None] = []
        for stream, end in zip(streams, (1, 0, 0), strict=True):
            pipe = list(os.pipe()) if stream == subprocess.PIPE else []
            ours.append(os.fdopen(pipe.pop(end), "wrr"[len(ours)] + "b", buffering=0) if pipe else None)
            if pipe:
                passed.append(pipe[0])
            elif isinstance(stream, int):
                passed.append(os.open(os.devnull, os.O_RDWR))
            else:
                passed.append(os.dup(stream.fileno()))
        self.stdin, self.stdout, self.stderr = ours
        os.umask(umask := os.umask(0))  # to read it is to set it
        # Surrogates, which stand for bytes that are no text, are for `json` alone.
        start = json.dumps({"arguments": arguments, "environment": dict(os.environ), "umask": umask}).encode()
        socket.send_fds(_server()[0], [start], passed)
        for descriptor in passed:
            os.close(descriptor)
        self.pid = self.read_number()

    def read_number(self) -> int:
        """The process id, and then the exit code."""
        line = b""
        while not line.endswith(b"\n"):  # a process that has ended at once has both in the pipe
            byte = os.read(self.exit_code, 1)
            assert byte, "the server of forked processes has ended"
            line += byte
        return int(line)

    def poll(self) -> int | None:
        return self.returncode

    def send_signal(self, number: int) -> None:
        if self.returncode is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)


class _Transport(BaseSubprocessTransport):
    def _start(  # type: ignore[override]
        self, args: tuple[str, ...], shell: bool, stdin: int, stdout: int, stderr: int | IO[bytes], bufsize: int
    ) -> None:
        self._proc = process = _Forked(args, (stdin, stdout, stderr))  # type: ignore[assignment]
        self._loop.add_reader(process.exit_code, self._ended, process)

    def _ended(self, process: _Forked) -> None:
        self._loop.remove_reader(process.exit_code)
        code = process.read_number()
        os.close(process.exit_code)
        self._process_exited(code)
