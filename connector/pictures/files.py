"""The bytes of pictures, kept under their own digest: what is read is what was kept, or nothing."""

from __future__ import annotations

import hashlib
import logging
import os
import re
import secrets
import threading
import time
from pathlib import Path

from connector.base import atomic_file

_DIGEST = re.compile(r"[0-9a-f]{64}")
_BESIDE = "beside"
_OWNER = "store"
_LEFT_OVER_S = 3600  # much longer than any write takes

_log = logging.getLogger(__name__)


class PictureFiles:
    """Files of mode 0600 in folders of mode 0700, at `folder/FIRST TWO OF THE DIGEST/DIGEST`.

    All of it blocks: call it in a thread. Threads may share one of these, and processes one folder. What a killed
    process left half written is removed by the next one that starts an hour later. Raises OSError for a disk that is
    full or out of order.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._beside = folder / _BESIDE
        self._replacing = threading.Lock()
        self._make(folder)
        self._make(self._beside)
        self._sweep()

    def keep(self, data: bytes) -> str:
        """Keep these bytes and return their SHA-256 as 64 hexadecimal digits. When it returns they are on disk."""
        digest = hashlib.sha256(data).hexdigest()
        path = self._path(digest)
        if self.read(digest) is None or not self._touch(path):
            self._make(path.parent)
            self._write(path, data)
        # Also when it was there: whoever wrote it may not have come this far yet.
        atomic_file.sync_directory(path.parent)
        return digest

    def read(self, digest: str) -> bytes | None:
        """What was kept under this digest. None for what is no digest, was never kept, or is damaged.

        A damaged file is renamed to `DIGEST.damaged`, so that the picture can be fetched and kept again.
        """
        if not _DIGEST.fullmatch(digest):
            return None
        path = self._path(digest)
        data = _read(path)
        if data is None or _is_whole(data, digest):
            return data
        with self._replacing:
            # Meanwhile another thread may have put a good one in its place.
            data = _read(path)
            if data is None or _is_whole(data, digest):
                return data
            os.replace(path, path.with_name(f"{digest}.damaged"))
        atomic_file.sync_directory(path.parent)
        _log.warning("The kept picture %s is damaged; it was moved aside as %s.damaged.", path, digest)
        return None

    def are_of(self, store: str) -> bool:
        """Whether these are the pictures of this database; the first that asks has them.

        Of another one's nothing may be dropped, as its messages are not known: somebody tries another database on an
        old data directory, and goes back.
        """
        path = self._folder / _OWNER
        if not path.exists():
            self._write(path, store.encode())
        return path.read_text() == store

    def kept_before(self, at: int) -> list[str]:
        """The digests of what was kept before this moment in milliseconds, and not once more since."""
        paths = (path for path in self._folder.glob("??/*") if _DIGEST.fullmatch(path.name))
        return [path.name for path in paths if _is_older(path, at)]

    def drop(self, digest: str, before: int) -> None:
        """Remove what `kept_before` has given, unless somebody has kept it once more since."""
        path = self._path(digest)
        with self._replacing:
            if _is_older(path, before):
                path.unlink()

    def __contains__(self, digest: object) -> bool:
        """Whether `read` would give it; the file is read for that."""
        return isinstance(digest, str) and self.read(digest) is not None

    def _path(self, digest: str) -> Path:
        return self._folder / digest[:2] / digest

    def _touch(self, path: Path) -> bool:
        """Keep once more what is there; False when it was dropped meanwhile."""
        with self._replacing:
            try:
                os.utime(path)
            except FileNotFoundError:
                return False
        return True

    def _write(self, path: Path, data: bytes) -> None:
        draft = self._beside / secrets.token_hex(16)
        atomic_file.write_draft(draft, data)
        try:
            with self._replacing:
                os.replace(draft, path)
        except BaseException:
            draft.unlink(missing_ok=True)
            raise

    def _make(self, folder: Path) -> None:
        if not folder.is_dir():
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            atomic_file.sync_directory(folder.parent)

    def _sweep(self) -> None:
        for left in self._beside.iterdir():
            try:
                if left.stat().st_mtime < time.time() - _LEFT_OVER_S:
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
