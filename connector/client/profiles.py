"""The user's profiles of cores elsewhere: `client.toml` in their configuration folder.

```toml
default = "work"                          # used where nothing else is named

[profiles.work]
url = ["wss://a.example.com:8081", "wss://b.example.com:8081"]   # or one; the first that answers
token_file = "work.token"                 # beside this file
agent = "anna"                            # where the token is not enough to say
```
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import platformdirs

from connector.base import trusted_files
from connector.client.errors import ClientError


class Profile(NamedTuple):
    """`url`: addresses, separated by spaces; blank: there is no profile. `place`: file and key, for messages."""

    url: str = ""
    token_file: Path | None = None
    agent: str = ""
    place: str = ""


def path(environ: Mapping[str, str]) -> Path:
    """Where the file is: below XDG_CONFIG_HOME, else the user's usual place."""
    if given := environ.get("XDG_CONFIG_HOME"):
        return Path(given) / "textdesk" / "client.toml"
    return Path(platformdirs.user_config_dir("textdesk", appauthor=False)) / "client.toml"


def load(environ: Mapping[str, str], name: str | None) -> Profile:
    """The profile of this name; without one the default profile, if there is any. Raises ClientError."""
    place = path(environ)
    content = _content(place)
    if content is not None:
        from connector.client import profile_file

        return profile_file.profile(content, place, name)
    if name is None:
        return Profile()
    raise ClientError(f"There is no profile {name}, as there is no {place}; write it there.", os.EX_CONFIG)


def _content(place: Path) -> bytes | None:
    try:
        return trusted_files.read(place)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except trusted_files.UntrustedFile as error:
        raise ClientError(str(error), os.EX_CONFIG) from None
    except OSError as error:
        raise ClientError(f"{place}: cannot be read: {error.strerror}.", os.EX_CONFIG) from None
