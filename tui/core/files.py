"""Files of this host: pictures are read to be sent, saved, opened in a viewer; transcripts are written. Runs in a
thread."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Mapping
from pathlib import Path

from connector.base import trusted_files
from connector.base.new_file import write_new
from connector.wire import limits

_ENDINGS = {"image/jpeg": ".jpg", "image/png": ".png", "image/gif": ".gif", "image/webp": ".webp"}
_TRANSCRIPTS = "textdesk-transcripts"
_MOST_OF_A_NAME = 1_000


class UnusableFile(Exception):
    """A file that cannot be used, in one sentence."""


def read_picture(where: str) -> tuple[str, bytes]:
    """A file's name and bytes; whether they are a picture is checked by the core. Raises UnusableFile."""
    path = _path(where)
    try:
        if not path.is_file():
            raise UnusableFile(f"There is no file {path}.")
        with path.open("rb") as file:
            data = file.read(limits.PICTURE_BYTES + 1)
    except OSError as error:
        raise UnusableFile(f"{path} cannot be read: {error.strerror}.") from None
    if len(data) > limits.PICTURE_BYTES:
        raise UnusableFile(f"{path.name} is too large: a picture may have {limits.PICTURE_BYTES // 1_000_000} MB.")
    if not data:
        raise UnusableFile(f"{path.name} is empty.")
    return path.name, data


def _path(where: str) -> Path:
    """Raises UnusableFile."""
    try:
        os.fsencode(where)
        if "\0" in where:
            raise ValueError
        return Path(where).expanduser()
    except (RuntimeError, ValueError):  # `~` of a user that there is not; what no name of a file can hold
        raise UnusableFile(f"{where} is not a path.") from None


def default_path(picture_id: str, content_type: str) -> str:
    """A path to save a picture to."""
    downloads = Path.home() / "Downloads"
    name = "".join(char for char in picture_id if char.isascii() and char.isalnum())[-10:] or "1"
    return str((downloads if downloads.is_dir() else Path.cwd()) / f"picture-{name}{_ENDINGS.get(content_type, '')}")


def save(where: str, data: bytes) -> Path:
    """Write a new file that only its owner can read. No file is overwritten. Raises UnusableFile."""
    path = _path(where)
    try:
        write_new(path, data)
    except FileExistsError:
        raise UnusableFile(f"{path} is there already; choose another name.") from None
    except OSError as error:
        raise UnusableFile(f"{path} cannot be written: {error.strerror}.") from None
    return path


def save_transcript(name: str, text: str) -> Path:
    """Write a new file of this name, with a number where there is one already, that only its owner can read. Raises
    UnusableFile."""
    folder = Path.home() / _TRANSCRIPTS
    try:
        folder = trusted_files.make_folder(folder)
    except OSError as error:
        raise UnusableFile(f"{error.filename or folder} cannot be used: {error.strerror or error}.") from None
    data = text.encode(errors="replace")
    for number in range(1, _MOST_OF_A_NAME):
        path = folder / (f"{name}.txt" if number == 1 else f"{name}-{number}.txt")
        try:
            write_new(path, data)
        except FileExistsError:
            continue
        except OSError as error:
            raise UnusableFile(f"{path} cannot be written: {error.strerror}.") from None
        return path
    raise UnusableFile(f"There are {_MOST_OF_A_NAME - 1:,} files {name} in {folder} already.")


def viewer_program(environ: Mapping[str, str], platform: str = sys.platform) -> str | None:
    """The program that opens files in a window; None without a graphical session."""
    if platform == "darwin":
        return None if "SSH_CONNECTION" in environ else "open"
    return "xdg-open" if environ.get("DISPLAY") or environ.get("WAYLAND_DISPLAY") else None


class OpenedPictures:
    """Copies of pictures for programs outside of the desk, in a folder that only its owner can enter.

    The folder is this desk's alone. It is emptied when the desk starts, for one that was killed, and when it ends.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.clear()

    def open(self, program: str, content_type: str, data: bytes) -> str:
        """Open a copy with this program. Returns the program's name; raises UnusableFile."""
        ending = _ENDINGS.get(content_type)
        if ending is None:
            raise UnusableFile("Only pictures are opened; save it to a file instead.")
        try:
            folder = trusted_files.make_folder(self._folder)
        except OSError as error:
            raise UnusableFile(f"{error.filename} cannot be used: {error.strerror}.") from None
        path = save(str(folder / f"picture-{os.urandom(8).hex()}{ending}"), data)
        try:
            viewer = subprocess.Popen(
                [program, str(path)],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
        except OSError as error:
            path.unlink()
            raise UnusableFile(f"{program} does not start: {error.strerror}.") from None
        threading.Thread(target=viewer.wait, daemon=True).start()  # so that it leaves no zombie
        return program

    def clear(self) -> None:
        with contextlib.suppress(OSError):
            if self._folder.is_dir() and not self._folder.is_symlink():
                shutil.rmtree(self._folder, ignore_errors=True)
            else:
                self._folder.unlink(missing_ok=True)  # rmtree would wait for ever at a named pipe
