"""Tables in a JSON file that a crash cannot tear, for small files with one writer, as TinyDB lays them out.

Readers need no TinyDB, which takes a while to import.
"""

from __future__ import annotations

import json
import logging
import os
import time
from pathlib import Path
from typing import Any

from connector.base import atomic_file, trusted_files

Tables = dict[str, dict[str, Any]]

_log = logging.getLogger(__name__)


class JSONTables:
    """A file of tables: UTF-8 JSON, mode 0600, in a directory made with mode 0700.

    When `write` returns, the data is on disk; when it raises (OSError, or TypeError/ValueError for what is not JSON),
    the file still holds what it held before. A file that cannot be read as tables is renamed to
    `NAME.corrupt-TIME`, TIME being its last change in UTC, and its new path is added to `moved_aside` for the
    program to report; nothing of it is deleted. The file is read on opening, so that a program knows at once.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self.moved_aside: list[Path] = []
        # A symbolic link stays one: the rename has to happen where the file really is.
        trusted_files.make_folder(Path(os.path.realpath(path)).parent)
        self.path = trusted_files.resolve(Path(path))
        self.read()

    def read(self) -> Tables | None:
        """The tables, or None when there is no file (yet)."""
        try:
            raw = trusted_files.read(self.path, most_bytes=None)
        except FileNotFoundError:
            return None
        try:
            return _tables(raw)
        except (ValueError, RecursionError):
            self._move_aside()
            return None

    def write(self, data: Tables) -> None:
        # A separator breaks the lines, because `indent` would do without the quick encoder written in C.
        text = json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",\n", ": "))
        # Half an emoji is a legal Python string and must not cost the whole file: hence surrogatepass.
        atomic_file.write(self.path, text.encode("utf-8", "surrogatepass"))

    def _move_aside(self) -> None:
        stamp = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(self.path.stat().st_mtime))
        stem = f"{self.path.name}.corrupt-{stamp}"
        aside, copy = self.path.with_name(stem), 1
        while aside.exists():
            copy += 1
            aside = self.path.with_name(f"{stem}-{copy}")
        os.rename(self.path, aside)
        atomic_file.sync_directory(self.path.parent)
        self.moved_aside.append(aside)
        _log.warning("%s is damaged; it was kept as %s and a new file is started.", self.path, aside.name)


def _tables(raw: bytes) -> Tables:
    """Raises ValueError for anything but table name -> document number -> document."""
    data = json.loads(raw.decode("utf-8", "surrogatepass"))
    if not isinstance(data, dict) or not all(_is_table(table) for table in data.values()):
        raise ValueError("not a set of tables")
    return data


def _is_table(value: object) -> bool:
    return isinstance(value, dict) and all(
        number.isdecimal() and isinstance(document, dict) for number, document in value.items()
    )
