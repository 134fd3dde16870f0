"""The proof of an erasure: a search for a person's number and texts, byte by byte, wherever the core writes."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from urllib.parse import quote_plus

from msgspec import Struct

from connector.base.byte_search import count_in, files_below
from connector.base.counted import count
from connector.store.erasure import SearchedFile

NUMBER = "the number"
TEXTS = "texts"
_MOST_TEXTS = 4
_SHORTEST_TEXT = 20  # bytes: what is shorter is in other people's texts as well
_PLAIN = re.compile(r"[A-Za-z0-9 ]+")  # the same in SQL, JSON and forms, but for blanks


class Needles:
    """What is searched for. Texts only where they are long enough to be of one person."""

    def __init__(self, spellings: Iterable[str]) -> None:
        self._numbers = list(spellings)
        self._texts: set[str] = set()

    def add_text(self, text: str) -> None:
        longest = max(_PLAIN.findall(text), key=len, default="").strip()
        if len(longest) >= _SHORTEST_TEXT and len(self._texts) < _MOST_TEXTS:
            self._texts.add(longest)

    def in_sql(self) -> dict[str, list[str]]:
        """The national digits are in every spelling."""
        return {NUMBER: self._numbers[-1:], TEXTS: sorted(self._texts)}

    def in_files(self) -> dict[str, list[bytes]]:
        """As in SQL, and as forms have them."""
        found = {}
        for name, texts in self.in_sql().items():
            spelled = {one for text in texts for one in (text, quote_plus(text))}
            found[name] = [one.encode() for one in sorted(spelled)]
        return found


class FileRemains(Struct):
    """What was found, by what was searched for: where, in words.

    `rows`: in rows of the database, as far as that is known. `free`: in its files, and in no row, or not known to be.
    `beside`: in files that are none of the database.
    """

    searched: str
    rows: set[str]
    free: dict[str, list[str]]
    beside: list[str]


def search_files(needles: Needles, database: Sequence[SearchedFile], folder: Path) -> FileRemains:
    """In the files of the folder, besides what was found in those of the database. Blocks.

    A file that cannot be read, such as a copy that root has made, may have everything."""
    remains = FileRemains("", set(), {}, [])
    for file in database:
        for name, number in file.found.items():
            free = number if file.free is None else file.free[name]
            if free < number or file.free is None:
                remains.rows.add(name)
            if free:
                remains.free.setdefault(name, []).append(_place(name, free, file.path))
    beside = [path for path in files_below(folder) if not _is_of_any(path, database)]
    wanted = needles.in_files()
    for path in beside:
        try:
            remains.beside += [_place(name, number, path) for name, number in count_in(path, wanted).items()]
        except OSError as error:
            remains.beside.append(f"perhaps, as it cannot be read ({error.strerror}), in {path}")
    size = sum(file.size for file in database) + sum(path.stat().st_size for path in beside if path.exists())
    names = ", ".join(_names([*(file.path for file in database), *beside], folder))
    number = len(database) + len(beside)
    remains.searched = f"{count(number, 'file')} of {size / 1e6:,.1f} MB, byte by byte: {names}"
    return remains


def _is_of_any(path: Path, database: Sequence[SearchedFile]) -> bool:
    """Whether it is a file of the database, or the log or index beside one.

    These must not be opened and closed in the process of a core: SQLite's locks end with it.
    """
    real = os.path.realpath(path)
    names = {os.path.realpath(file.path) for file in database}
    if real in names or any(real in (f"{one}-wal", f"{one}-shm") for one in names):
        return True
    return any(file.path.exists() and path.exists() and path.samefile(file.path) for file in database)


def _place(name: str, number: int, path: Path) -> str:
    return f"{name}, {'once' if number == 1 else f'{number:,} times'} in {path}"


def _names(files: Iterable[Path], folder: Path) -> list[str]:
    """Files by name; those of folders of the data directory by their folder."""
    names = (path.relative_to(folder).parts[0] if path.is_relative_to(folder) else str(path) for path in files)
    return list(dict.fromkeys(names))
