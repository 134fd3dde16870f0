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
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

import msgspec
import platformdirs
from msgspec import Struct

from connector.base import trusted_files
from connector.client.errors import ClientError

T = TypeVar("T")


class Profile(Struct, frozen=True):
    """`url`: addresses, separated by spaces; blank: there is no profile. `place`: file and key, for messages."""

    url: str = ""
    token_file: Path | None = None
    agent: str = ""
    place: str = ""


class _Section(Struct, frozen=True, forbid_unknown_fields=True):
    url: str | list[str]
    token_file: str | None = None
    agent: str = ""


class _File(Struct, frozen=True, forbid_unknown_fields=True):
    default: str | None = None
    profiles: dict[str, dict[str, Any]] = {}


def path(environ: Mapping[str, str]) -> Path:
    """Where the file is: below XDG_CONFIG_HOME, else the user's usual place."""
    if given := environ.get("XDG_CONFIG_HOME"):
        return Path(given) / "textdesk" / "client.toml"
    return Path(platformdirs.user_config_dir("textdesk", appauthor=False)) / "client.toml"


def load(environ: Mapping[str, str], name: str | None) -> Profile:
    """The profile of this name; without one the default profile, if there is any. Raises ClientError."""
    place = path(environ)
    raw = _raw(place)
    if raw is None:
        if name is None:
            return Profile()
        raise ClientError(f"There is no profile {name}, as there is no {place}; write it there.", os.EX_CONFIG)
    file = _converted(raw, _File, f"{place}: ")
    chosen = file.default if name is None else name
    if chosen is None:
        return Profile()
    if chosen not in file.profiles:
        known = ", ".join(file.profiles) or "none"
        what = "default: there is" if name is None else "there is"
        raise ClientError(f"{place}: {what} no profile {chosen}; it has {known}.", os.EX_CONFIG)
    key = f"{place}: profiles.{chosen}"
    section = _converted(file.profiles[chosen], _Section, f"{key}.")
    urls = section.url if isinstance(section.url, str) else " ".join(section.url)
    if not urls.strip():
        raise ClientError(f"{key}.url: expected the address of a core, like wss://host:port.", os.EX_CONFIG)
    token_file = None if section.token_file is None else place.parent / section.token_file
    return Profile(urls, token_file, section.agent, f"{key}.url")


def _raw(place: Path) -> dict[str, Any] | None:
    try:
        return tomllib.loads(trusted_files.read(place).decode())
    except (FileNotFoundError, NotADirectoryError):
        return None
    except trusted_files.UntrustedFile as error:
        raise ClientError(str(error), os.EX_CONFIG) from None
    except OSError as error:
        raise ClientError(f"{place}: cannot be read: {error.strerror}.", os.EX_CONFIG) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ClientError(f"{place}: is not TOML: {error}.", os.EX_CONFIG) from None


def _converted(raw: Any, shape: type[T], where: str) -> T:
    """Raises ClientError, which names the key."""
    try:
        return msgspec.convert(raw, shape)
    except msgspec.ValidationError as error:
        words, _, key = str(error).partition(" - at `$")
        key = key.rstrip("`").replace("[...]", "").lstrip(".")
        words = words[:1].lower() + words[1:]
        raise ClientError(f"{where}{f'{key}: ' if key else ''}{words}.", os.EX_CONFIG) from None
