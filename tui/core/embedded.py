"""Connects to this host's core, or starts one as a child process and waits until it answers.

The child has a session of its own: it outlives the desk that started it while other desks are connected, and exits
after the last one. Where a service owns the data directory, none is started: it would run without the service's
configuration, and the service could not start again while a desk is connected.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from connector.base import trusted_files
from connector.base.child_command import python_module
from connector.base.data_directory import service_mark, why_unusable
from tui.core.link import AwaitsService, CannotConnect, CoreCannotStart, over_unix

if TYPE_CHECKING:
    from tui.core.heard import HeardConnection

_START_LIMIT_S = 15.0
_POLL_S = 0.05
_LOG_LIMIT = 1 << 20
_EXIT_IN_USE = 75  # another core owns the data directory: connect to that one


def core_command(data: Path, config: Path | None) -> list[str]:
    command = python_module("connector", "serve", "--embedded", "--data", str(data))
    return [*command, "--config", str(config)] if config else command


class EmbeddedCore:
    """A `Dial` that starts a core where none runs."""

    def __init__(self, command: Sequence[str], data: Path, socket: Path, config: Path | None = None) -> None:
        """`config` is the file that `command` names, for messages."""
        self._command = command
        self._with = f" with {config}" if config else ""
        self._data = data
        self._dial = over_unix(socket)
        self.child: subprocess.Popen[bytes] | None = None
        """The core this desk has started, if any."""

    async def __call__(self, say: Callable[[str], None]) -> HeardConnection:
        if (connection := await self._attach(say)) is not None:
            return connection
        if (mark := service_mark(self._data)).exists():
            raise AwaitsService(
                f"{self._data} belongs to a service. The desk starts no core in its place and waits for"
                f" `textdesk serve`. When there is no service any more, remove {mark}."
            )
        say(f"starting the core{self._with}…")
        log, log_start = self._start()
        until = time.monotonic() + _START_LIMIT_S
        while time.monotonic() < until:
            if (connection := await self._attach(say)) is not None:
                return connection
            code = self.child.poll() if self.child else None
            if code not in (None, _EXIT_IN_USE):
                words = f"The core did not start (exit code {code}): {_last_words(log, log_start)}"
                raise CoreCannotStart(words, code) if code > 0 else CannotConnect(words)
            await asyncio.sleep(_POLL_S)
        raise CannotConnect(f"The core did not answer within {_START_LIMIT_S:.0f} s: {_last_words(log, log_start)}")

    async def _attach(self, say: Callable[[str], None]) -> HeardConnection | None:
        try:
            return await self._dial(say)
        except (FileNotFoundError, NotADirectoryError, ConnectionRefusedError):
            return None  # no core there; what is wrong with the directory shows when one is started
        except PermissionError:
            from connector.base.unreachable import own_core_shut

            words, code = own_core_shut(self._data)
            raise CoreCannotStart(words, code or os.EX_NOPERM) from None

    def _start(self) -> tuple[Path, int]:
        """Start the child unless the last one still runs. Returns its log and where its own lines begin."""
        log = self._data / "core.log"
        try:
            trusted_files.make_folder(self._data)
            file = trusted_files.open_private(log, os.O_WRONLY | os.O_APPEND)
        except trusted_files.UntrustedFile as error:
            raise CoreCannotStart(str(error), os.EX_NOPERM) from None
        except OSError as error:
            raise CoreCannotStart(why_unusable(self._data, error), os.EX_IOERR) from None
        try:
            if os.fstat(file).st_size > _LOG_LIMIT:
                os.truncate(file, 0)
            start = os.fstat(file).st_size
            if self.child is None or self.child.poll() is not None:
                self.child = subprocess.Popen(
                    self._command,
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    stderr=file,
                    start_new_session=True,
                )
        finally:
            os.close(file)
        return log, start


def _last_words(log: Path, start: int) -> str:
    """The last line the core wrote about itself."""
    with log.open("rb") as file:
        file.seek(start)
        lines = file.read()[-8192:].decode(errors="replace").strip().splitlines()
    words = [line for line in lines if line.startswith("textdesk: ")] or lines
    return words[-1].removeprefix("textdesk: ") if words else "no output; see core.log in the data directory."
