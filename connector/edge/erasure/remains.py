"""The proof of an erasure: a search for a person's number and texts, byte by byte, wherever the core writes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from urllib.parse import quote_plus

from msgspec import Struct

from connector.base.byte_search import count_in, files_below
from connector.base.counted import count

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
    """What was found in files, by what was searched for: where, in words."""

    searched: str
    found: dict[str, list[str]]


def search_files(needles: Needles, database: Sequence[Path], folder: Path) -> FileRemains:
    """Blocks for as long as it takes to read all of them. Raises OSError."""
    wanted = needles.in_files()
    found: dict[str, list[str]] = {}
    files = [*database, *(path for path in files_below(folder) if path not in set(database))]
    for path in files:
        for name, number in count_in(path, wanted).items():
            found.setdefault(name, []).append(f"{name}, {'once' if number == 1 else f'{number:,} times'} in {path}")
    size = sum(path.stat().st_size for path in files if path.exists())
    words = f"{count(len(files), 'file')} of {size / 1e6:,.1f} MB, byte by byte: {', '.join(_names(files, folder))}"
    return FileRemains(words, found)


def _names(files: Iterable[Path], folder: Path) -> list[str]:
    """Files by name; those of folders of the data directory by their folder."""
    names = (path.relative_to(folder).parts[0] if path.is_relative_to(folder) else str(path) for path in files)
    return list(dict.fromkeys(names))
