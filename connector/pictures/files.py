"""A store of picture files by digest: what is read is what was saved, or nothing."""

from __future__ import annotations

import hashlib
import logging
import os
import re
import secrets
import threading
import time
from pathlib import Path

from connector.base import atomic_file, trusted_files

_DIGEST = re.compile(r"[0-9a-f]{64}")
_DRAFTS = "beside"
_OWNER = "store"
_ABANDONED_S = 3600  # much longer than any write takes

_log = logging.getLogger(__name__)


class PictureFiles:
    """Files of mode 0600 in folders of mode 0700, at `folder/FIRST TWO OF THE DIGEST/DIGEST`.

    Every method blocks: call it in a thread. Threads may share an instance, and processes a folder. A file that a
    killed process left half written is removed at a start an hour later. Raises OSError when the disk is full or fails.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._drafts = folder / _DRAFTS
        self._replacing = threading.Lock()
        self._make(folder)
        self._make(self._drafts)
        self._sweep()

    def save(self, data: bytes) -> str:
        """Save these bytes and return their SHA-256 as 64 hexadecimal digits. On return they are on disk."""
        digest = hashlib.sha256(data).hexdigest()
        path = self._path(digest)
        if self.read(digest) is None or not self._touch(path):
            self._make(path.parent)
            self._write(path, data)
        # Also for an existing file: its writer may not have come this far yet.
        atomic_file.sync_directory(path.parent)
        return digest

    def read(self, digest: str) -> bytes | None:
        """The bytes with this digest; None for a malformed or unknown digest, and for a damaged file.

        A damaged file is renamed to `DIGEST.damaged`, so that the picture can be fetched and saved again.
        """
        if not _DIGEST.fullmatch(digest):
            return None
        path = self._path(digest)
        data = _read(path)
        if data is None or _is_whole(data, digest):
            return data
        with self._replacing:
            # Another thread may have replaced it in the meantime.
            data = _read(path)
            if data is None or _is_whole(data, digest):
                return data
            os.replace(path, path.with_name(f"{digest}.damaged"))
        atomic_file.sync_directory(path.parent)
        _log.warning("The picture %s is damaged; it was renamed to %s.damaged.", path, digest)
        return None

    def belong_to(self, store: str) -> bool:
        """Whether these are the pictures of the database with this name; they become the first caller's.

        Pictures of another database may not be deleted, as its messages are unknown: a data directory may be tried
        with a new database and go back to its old one.
        """
        path = self._folder / _OWNER
        if not path.exists():
            self._write(path, store.encode())
        return path.read_text() == store

    def saved_before(self, at: int) -> list[str]:
        """The digests last saved before this moment in milliseconds."""
        paths = (path for path in self._folder.glob("??/*") if _DIGEST.fullmatch(path.name))
        return [path.name for path in paths if _is_older(path, at)]

    def delete(self, digest: str, before: int) -> None:
        """Delete a file that `saved_before` has named, unless it was saved again since."""
        path = self._path(digest)
        with self._replacing:
            if _is_older(path, before):
                path.unlink()

    @property
    def folder(self) -> Path:
        return self._folder

    def age_ms(self, digest: str) -> int | None:
        """How long ago it was last saved; None when it is not there."""
        try:
            return max(0, int(time.time() * 1000) - self._path(digest).stat().st_mtime_ns // 1_000_000)
        except FileNotFoundError:
            return None

    def erase(self, digest: str) -> int:
        """Delete a file and what was damaged of it; how many files there were."""
        path = self._path(digest)
        count = 0
        with self._replacing:
            for one in (path, path.with_name(f"{digest}.damaged")):
                if one.exists():
                    one.unlink()
                    count += 1
        return count

    def _path(self, digest: str) -> Path:
        return self._folder / digest[:2] / digest

    def _touch(self, path: Path) -> bool:
        """Mark an existing file as saved now; False when it was deleted meanwhile."""
        with self._replacing:
            try:
                os.utime(path)
            except FileNotFoundError:
                return False
        return True

    def _write(self, path: Path, data: bytes) -> None:
        draft = self._drafts / secrets.token_hex(16)
        atomic_file.write_draft(draft, data)
        try:
            with self._replacing:
                os.replace(draft, path)
        except BaseException:
            draft.unlink(missing_ok=True)
            raise

    def _make(self, folder: Path) -> None:
        if not folder.is_dir():
            trusted_files.make_folder(folder)
            atomic_file.sync_directory(folder.parent)

    def _sweep(self) -> None:
        for left in self._drafts.iterdir():
            try:
                if left.stat().st_mtime < time.time() - _ABANDONED_S:
                    left.unlink()
            except FileNotFoundError:
                pass  # another process swept it


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None


def _is_older(path: Path, at: int) -> bool:
    try:
        return path.stat().st_mtime_ns < at * 1_000_000
    except FileNotFoundError:
        return False


def _is_whole(data: bytes, digest: str) -> bool:
    return hashlib.sha256(data).hexdigest() == digest
