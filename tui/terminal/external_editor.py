"""The agent's own editor on a text: the terminal is handed over, and taken back when the editor ends.

Over SSH a team may be allowed the desk and nothing else, and an editor is as good as a shell. So no editor is guessed:
it is the one that the environment names, and none where sshd has forced the command.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import shlex
import shutil
import signal
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from textual.app import App, SuspendNotSupported

from connector.base import trusted_files

_MOST = 1 << 20  # bytes that are read back
_END_LIMIT_S = 1.0  # for an editor to end after SIGTERM
_FORCED = "SSH_ORIGINAL_COMMAND"


class EditorFailed(Exception):
    """Why a text was not edited, in one sentence or two. `saved`: what the editor had saved all the same."""

    def __init__(self, words: str, saved: str | None = None) -> None:
        super().__init__(words)
        self.saved = saved


class ExternalEditor:
    """Edits one text at a time, in a folder that only its owner can enter; the folder is there while it is needed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._is_open = False
        shutil.rmtree(folder, ignore_errors=True)  # of a desk that was killed

    async def edit(self, app: App[Any], text: str, environ: Mapping[str, str]) -> str | None:
        """The text as the editor saved it, without a line end at its end; None while another is being edited.

        The app goes on, without a terminal, until the editor ends. Raises EditorFailed.
        """
        if self._is_open:
            return None
        command = editor_command(environ)
        self._is_open = True
        try:
            path = self._write(text)
            try:
                with app.suspend(), _keys_are_the_editors():
                    code = await _run(command, path)
            except SuspendNotSupported:
                raise EditorFailed("This terminal cannot be handed over to an editor.") from None
            return _outcome(path, code, command[0], text)
        finally:
            self._is_open = False
            shutil.rmtree(self._folder, ignore_errors=True)

    def _write(self, text: str) -> Path:
        try:
            path = trusted_files.make_folder(self._folder) / "reply.txt"
            with os.fdopen(trusted_files.open_private(path, os.O_WRONLY), "w", encoding="utf-8") as file:
                file.write(text)
        except OSError as error:
            raise EditorFailed(f"{self._folder} cannot be used: {error.strerror}.") from None
        return path


def editor_command(environ: Mapping[str, str]) -> list[str]:
    """The words of $VISUAL, else of $EDITOR. Raises EditorFailed."""
    if _FORCED in environ:
        raise EditorFailed("No editor can be started from this desk: its command is forced by the server.")
    for variable in ("VISUAL", "EDITOR"):
        try:
            words = shlex.split(environ.get(variable, ""))
        except ValueError:
            raise EditorFailed(f"${variable} cannot be read: a quotation mark is open.") from None
        if words:
            return words
    raise EditorFailed("No editor is named: set $VISUAL or $EDITOR before you start the desk.")


async def _run(command: list[str], path: Path) -> int:
    """The editor's exit code; negative: the signal that ended it. Raises EditorFailed."""
    try:
        editor = await asyncio.create_subprocess_exec(*command, str(path))
    except OSError as error:
        raise EditorFailed(f"{command[0]} does not start: {error.strerror}.") from None
    except ValueError:
        raise EditorFailed(f"{command[0]} does not start: its name holds what no name can.") from None
    try:
        return await editor.wait()
    except asyncio.CancelledError:  # the desk ends
        with contextlib.suppress(ProcessLookupError, TimeoutError):
            editor.terminate()
            await asyncio.wait_for(editor.wait(), _END_LIMIT_S)
        if editor.returncode is None:
            editor.kill()
        raise


@contextlib.contextmanager
def _keys_are_the_editors() -> Iterator[None]:
    """Ctrl+C, ctrl+\\ and ctrl+Z reach every process on the terminal; meanwhile they are the editor's to answer."""

    def ignore(*_: object) -> None:
        """A function, since what a process ignores its children ignore as well."""

    meant: dict[int, Any] = {signal.SIGINT: ignore, signal.SIGQUIT: ignore, signal.SIGTSTP: signal.SIG_DFL}
    before = {number: signal.signal(number, handler) for number, handler in meant.items()}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _outcome(path: Path, code: int, program: str, before: str) -> str:
    name = os.path.basename(program)
    if code > 0:
        raise EditorFailed(f"{name} ended with code {code}: the draft is as it was.")
    try:
        after = _read(path)
    except FileNotFoundError:
        raise EditorFailed(f"{name} left no file: the draft is as it was.") from None
    except trusted_files.UntrustedFile as error:
        raise EditorFailed(f"The draft is as it was: {error}") from None
    except OSError as error:
        raise EditorFailed(f"What {name} saved cannot be read: {error.strerror}. The draft is as it was.") from None
    if code < 0:
        is_saved = after != before
        what = "The draft is what it had saved." if is_saved else "It had saved nothing: the draft is as it was."
        raise EditorFailed(f"{name} was ended by {_signal_name(-code)}. {what}", after if is_saved else None)
    return after


def _read(path: Path) -> str:
    with contextlib.suppress(OSError):
        path.chmod(0o600)  # an editor that writes a new file may leave it open to a group; its folder is ours alone
    text = trusted_files.read(path, most_bytes=_MOST).decode("utf-8-sig", errors="replace")
    return text.replace("\r\n", "\n").removesuffix("\n")


def _signal_name(number: int) -> str:
    with contextlib.suppress(ValueError):
        return signal.Signals(number).name
    return f"signal {number}"
