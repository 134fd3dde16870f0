"""The stage as the front of the demo sees it."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import signal
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType, TracebackType
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from connector.base.child_command import python_module
from connector.console.failure import CommandFailed


class BackendReady(NamedTuple):
    """A running core and simulator: data directory, configuration file, addresses of the simulator's side door and of
    the hooks."""

    data: Path
    config: Path
    simulator: str
    hooks: str


class BackendProcess:
    """`with Backstage(…) as stage`: after the block, no process and no file of the demo is left.

    SIGTERM ends the block as Ctrl+C does, with KeyboardInterrupt.
    """

    def __init__(self, seed: int, pace: float, faults: str, terminal: int | None = None) -> None:
        self.failures: list[str] = []
        self._before = signal.signal(signal.SIGTERM, _interrupt)
        self._process = subprocess.Popen(
            [
                *python_module(
                    "connector.lab.demo.backend", "--seed", str(seed), "--pace", str(pace), "--faults", faults
                ),
                *(() if terminal is None else ("--terminal", str(terminal))),
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,
            pass_fds=() if terminal is None else (terminal,),
        )

    def __enter__(self) -> BackendProcess:
        return self

    def ready(self, starting: Callable[[str], None]) -> BackendReady:
        """Wait for core and simulator; `starting` is told which of them. Raises Failure."""
        for said in self._lines():
            if "starting" in said:
                starting(said["starting"])
            elif "ready" in said:
                return BackendReady(Path(said["data"]), Path(said["config"]), said["simulator"], said["hooks"])
        words = self.failures.pop() if self.failures else "The demo could not be started."
        raise CommandFailed(words, os.EX_UNAVAILABLE)

    def has_desk(self, process: int) -> None:
        """Tell which process runs in front, so that it cannot outlive us; 0 when it has ended."""
        assert self._process.stdin is not None
        with contextlib.suppress(BrokenPipeError):
            self._process.stdin.write(b"desk %d\n" % process)
            self._process.stdin.flush()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # Nothing interrupts the clearing up; it is short.
        old = signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        try:
            assert self._process.stdin is not None
            self._process.stdin.close()
            for _ in self._lines():
                pass  # until it has ended, which takes it some seconds at most
            self._process.wait()
        finally:
            signal.signal(signal.SIGINT, old)
            signal.signal(signal.SIGTERM, self._before)

    def _lines(self) -> Iterator[dict[str, Any]]:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            said = json.loads(line)
            if "failed" in said:
                self.failures.append(said["failed"])
            yield said


def begin(ready: BackendReady) -> None:
    """Let the consumers text."""
    _call(ready.simulator, "POST", "/sim/core", {"url": ready.hooks})


def vendor_log(ready: BackendReady) -> list[dict[str, Any]]:
    """Every text in the simulated vendors' books, oldest first."""
    messages: list[dict[str, Any]] = _call(ready.simulator, "GET", "/sim/log")["messages"]
    return messages


def _call(url: str, method: str, path: str, body: dict[str, str] | None = None) -> dict[str, Any]:
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=10)
    try:
        connection.request(method, path, json.dumps(body), {"Content-Type": "application/json"})
        answer: dict[str, Any] = json.loads(connection.getresponse().read())
        return answer
    except (OSError, http.client.HTTPException, ValueError):
        raise CommandFailed("The simulator does not answer.", os.EX_UNAVAILABLE) from None
    finally:
        connection.close()


def _interrupt(number: int, frame: FrameType | None) -> None:
    signal.raise_signal(signal.SIGINT)
