"""Where the configuration file is: one rule for the desk, `serve`, `setup` and `doctor`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

FILE_NAME = "textdesk.toml"


def find(given: Path | None, data: Path, environ: Mapping[str, str]) -> Path | None:
    """`--config`, else `TEXTDESK_CONFIG`, else `textdesk.toml` here, else the data directory's; None: there is none.

    The first two are not checked for existence: a file that is named is used, or is an error.
    """
    if given is not None:
        return given
    if named := environ.get("TEXTDESK_CONFIG"):
        return Path(named)
    return next((path for path in (Path(FILE_NAME), data / FILE_NAME) if path.exists()), None)
