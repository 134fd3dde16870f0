"""The bearer token that a desk or verb signs in with."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from connector.base import trusted_files


class TokenFile:
    """Reads the file when it is made and at each call, as an administrator may have replaced the token meanwhile.

    `token`: its content, where it was read before. Raises OSError and UnicodeDecodeError when it is made; later, what
    cannot be read leaves the token as it was.
    """

    def __init__(self, path: Path, token: str | None = None) -> None:
        self._path = path
        self._token = self._read() if token is None else token

    def __call__(self) -> str:
        if os.path.isfile(self._path):  # a pipe or terminal gives its content only once
            with contextlib.suppress(OSError, UnicodeDecodeError):
                self._token = self._read() or self._token
        return self._token

    def _read(self) -> str:
        return trusted_files.read(self._path, any_owner_for_root=True).decode().strip()
