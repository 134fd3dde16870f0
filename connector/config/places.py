"""Where the configuration file is: one rule for the desk, `serve`, `setup` and `doctor`."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from connector.base import trusted_files
from connector.config.errors import ConfigError
from connector.config.found_database import refuse_implicit_password

FILE_NAME = "textdesk.toml"


def find(given: Path | None, data: Path, environ: Mapping[str, str]) -> Path | None:
    """`--config`, else `TEXTDESK_CONFIG`, else `textdesk.toml` here, else the data directory's; None: there is none.

    The first two are not looked at: a file that is named is used, or is an error. One that is found must be ours or
    root's, as any user may leave one in /tmp. One in the current folder may have been downloaded, so that a database of
    its choice gets no password from the environment. Raises ConfigError.
    """
    if given is not None:
        return given
    if named := environ.get("TEXTDESK_CONFIG"):
        return Path(named)
    here, own = Path(FILE_NAME), data / FILE_NAME
    if _is_there(here):
        refuse_implicit_password(here)
        return here
    return own if _is_there(own) else None


def _is_there(path: Path) -> bool:
    try:
        return os.path.lexists(path) and trusted_files.resolve(path).exists()
    except trusted_files.UntrustedFile as error:
        raise ConfigError(f"{error} (Found by its name; --config names another.)") from None
    except OSError:
        return False
