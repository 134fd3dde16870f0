"""The backend as the foreground of the demo uses it: start, wait until ready, end; and the simulator's control API."""

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
    """Where core and simulator are: data directory, configuration, addresses of the control API and of the hooks."""

    data: Path
    config: Path
    simulator: str
    hooks: str


class BackendProcess:
    """`with BackendProcess(…) as backend`: after the block, no process and no file of the demo is left.

    SIGTERM raises KeyboardInterrupt in the block, as Ctrl+C does.
    """

    def __init__(self, seed: int, pace: float, faults: str, terminal: int | None = None) -> None:
        self.failures: list[str] = []
        self._sigterm_before = signal.signal(signal.SIGTERM, _interrupt)
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
        """Wait until core and simulator are ready; `starting` is called with the name of each. Raises CommandFailed."""
        for line in self._lines():
            if "starting" in line:
                starting(line["starting"])
            elif "ready" in line:
                return BackendReady(Path(line["data"]), Path(line["config"]), line["simulator"], line["hooks"])
        words = self.failures.pop() if self.failures else "The demo could not be started."
        raise CommandFailed(words, os.EX_UNAVAILABLE)

    def has_desk(self, process: int) -> None:
        """Name the foreground process to the backend, which ends it if this one is killed; 0 when it has ended."""
        assert self._process.stdin is not None
        with contextlib.suppress(BrokenPipeError):
            self._process.stdin.write(b"desk %d\n" % process)
            self._process.stdin.flush()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # The clean-up is short, and must not be interrupted.
        old = signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        try:
            assert self._process.stdin is not None
            self._process.stdin.close()
            for _ in self._lines():
                pass  # until it has ended, within seconds
            self._process.wait()
        finally:
            signal.signal(signal.SIGINT, old)
            signal.signal(signal.SIGTERM, self._sigterm_before)

    def _lines(self) -> Iterator[dict[str, Any]]:
        assert self._process.stdout is not None
        for text in self._process.stdout:
            line = json.loads(text)
            if "failed" in line:
                self.failures.append(line["failed"])
            yield line


def start_consumers(ready: BackendReady) -> None:
    """Tell the simulator the core's address; its consumers begin to text."""
    _call(ready.simulator, "POST", "/sim/core", {"url": ready.hooks})


def vendor_log(ready: BackendReady) -> list[dict[str, Any]]:
    """All messages in the vendors' records, oldest first."""
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
