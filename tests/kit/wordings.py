"""Texts of consumers for the tests of consent: opt-outs by kind and source, and ordinary texts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import product
from pathlib import Path

FOLDER = Path(__file__).parents[1] / "connector" / "domain" / "consent" / "wordings"
_ESCAPE = re.compile(r"\\u([0-9a-f]{4})|\\U([0-9a-f]{8})")


def opt_outs(name: str) -> Iterator[tuple[str, str]]:
    """Kind and text of each opt-out of a file; `\\u200b` stands for that character."""
    kind = ""
    for line in (FOLDER / name).read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            kind = line[3:].partition(" | ")[0]
        elif line and not line.startswith("#"):
            yield kind, _ESCAPE.sub(lambda found: chr(int(found[1] or found[2], 16)), line)


def ordinary() -> Iterator[str]:
    """Texts that are no opt-outs; `{a|b}` in the file stands for each of its alternatives."""
    for line in (FOLDER / "ordinary.txt").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            pieces = re.split(r"\{([^{}]*)\}", line)
            choices = [piece.split("|") if at % 2 else [piece] for at, piece in enumerate(pieces)]
            yield from ("".join(one) for one in product(*choices))
