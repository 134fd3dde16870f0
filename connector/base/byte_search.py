"""Looking for bytes in files, whatever their format."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

_CHUNK = 1 << 20


def files_below(folder: Path) -> Iterator[Path]:
    """All regular files in a folder and below it."""
    for path in sorted(folder.rglob("*")):
        if os.path.isfile(path) and not path.is_symlink():  # not `is_file`, which raises in a folder that is shut
            yield path


def count_in(path: Path, needles: Mapping[str, Sequence[bytes]]) -> Counter[str]:
    """How often one of the needles of each name is in a file; nothing of a file that is gone. Raises OSError."""
    found: Counter[str] = Counter()
    overlap = max((len(needle) for some in needles.values() for needle in some), default=1) - 1
    try:
        with path.open("rb") as file:
            rest = b""
            while chunk := file.read(_CHUNK):
                chunk = rest + chunk
                rest = chunk[len(chunk) - overlap :] if overlap else b""
                for name, some in needles.items():
                    # What ends within the overlap is counted with the next chunk, or was with the one before.
                    found[name] += sum(chunk.count(needle) - rest.count(needle) for needle in some)
            for name, some in needles.items():
                found[name] += sum(rest.count(needle) for needle in some)
    except FileNotFoundError:
        pass
    return +found
