"""The agent's settings of the desk: `desk.toml` in their configuration folder.

```toml
theme = "auto"
mouse = true                     # false leaves the mouse to the terminal
notify = "auto"                  # how you are called: "bell", "osc9", "osc777" (the desktop), "off"; by the terminal
title = true                     # the window's title says how many need you: "▲3 textdesk"; by the terminal

[keys]
explain = "W"                    # an action and its key, or a list of keys

[keys.compose]
undo = "ctrl+z"                  # in this place only

[keys.replies]
hours = "F11"                    # while writing: puts in the saved reply with this shortcut
```
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from connector.base import trusted_files
from tui.model.key_names import KeySetting

_FOLDER = "Library/Application Support" if sys.platform == "darwin" else ".config"


NOTIFY = ("auto", "bell", "osc9", "osc777", "off")


_KINDS = {
    "theme": "a text",
    "mouse": "true or false",
    "notify": f"one of {', '.join(NOTIFY)}",
    "title": "true or false",
    "keys": "a table",
}


class Preferences(NamedTuple):
    theme: str = "auto"
    mouse: bool = True
    notify: str = "auto"
    """One of `NOTIFY`."""
    title: bool | None = None
    """None: where the terminal is known to have one."""
    keys: tuple[KeySetting, ...] = ()
    file: Path = Path()
    problems: tuple[str, ...] = ()
    """What of the file cannot be used, one sentence each; the default holds instead."""


def path(environ: Mapping[str, str]) -> Path:
    """Where the file is: below XDG_CONFIG_HOME, else in the user's usual folder."""
    folder = environ.get("XDG_CONFIG_HOME") or Path.home() / _FOLDER
    return Path(folder) / "textdesk" / "desk.toml"


def shown_path(environ: Mapping[str, str]) -> str:
    """`~/.config/textdesk/desk.toml`, for people."""
    try:
        place, home = path(environ), Path.home()
    except RuntimeError:  # a user without a home
        return "desk.toml"
    return f"~/{place.relative_to(home)}" if place.is_relative_to(home) else str(place)


def read(environ: Mapping[str, str]) -> Preferences:
    """The settings; the defaults where there is no file, or as far as it cannot be used."""
    try:
        place = path(environ)
        content = trusted_files.read(place)
    except (FileNotFoundError, NotADirectoryError, RuntimeError):  # the last one: a user without a home
        return Preferences()
    except trusted_files.UntrustedFile as error:
        return Preferences(problems=(str(error),))
    except OSError as error:
        return Preferences(problems=(f"{place}: cannot be read: {error.strerror or error}.",))
    import tomllib  # few desks have the file

    try:
        found = tomllib.loads(content.decode())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        return Preferences(file=place, problems=(f"{place}: is not TOML: {error}.",))
    return _settings(found, place)


def _settings(found: dict[str, object], place: Path) -> Preferences:
    problems: list[str] = []
    settings = Preferences(file=place)
    for name, value in found.items():
        match name, value:
            case "theme", str():
                settings = settings._replace(theme=value)
            case "mouse", bool():
                settings = settings._replace(mouse=value)
            case "notify", str() if value in NOTIFY:
                settings = settings._replace(notify=value)
            case "title", bool():
                settings = settings._replace(title=value)
            case "keys", dict():
                settings = settings._replace(keys=tuple(_keys(value, "", f"{place}: [keys", problems)))
            case known, _ if known in _KINDS:
                problems.append(f"{place}: {name} has to be {_KINDS[name]}.")
            case _:
                from connector.base.alike import meant

                *names, last = _KINDS
                alike = meant(name, _KINDS)
                hint = f": did you mean {alike}?" if alike else f"; there are {', '.join(names)} and {last}."
                problems.append(f"{place}: there is no setting {name}{hint}")
    return settings._replace(problems=tuple(problems))


def _keys(table: dict[str, object], context: str, where: str, problems: list[str]) -> Iterator[KeySetting]:
    for name, value in table.items():
        if isinstance(value, dict) and not context:
            yield from _keys(value, name, f"{where}.{name}", problems)
        elif isinstance(value, str):
            yield KeySetting(name, (value,), context)
        elif isinstance(value, list) and value and all(isinstance(each, str) for each in value):
            yield KeySetting(name, tuple(value), context)
        else:
            problems.append(f'{where}] {name} has to be a key or a list of keys, such as "ctrl+y".')
