"""Which configuration file a command uses: one rule for the desk, `serve`, `setup` and `doctor`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

NAME = "textdesk.toml"


def find(given: Path | None, data: Path, environ: Mapping[str, str]) -> Path | None:
    """`--config`, else `TEXTDESK_CONFIG`, else `textdesk.toml` here, else the data directory's; None: there is none.

    Of the first two nobody looks whether they exist: who names a file wants that one or an error.
    """
    if given is not None:
        return given
    if named := environ.get("TEXTDESK_CONFIG"):
        return Path(named)
    return next((path for path in (Path(NAME), data / NAME) if path.exists()), None)
