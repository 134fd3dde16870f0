"""Reading the configuration file as it is, and writing a changed one."""

from __future__ import annotations

import os
import re
import tempfile
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import tomlkit
from msgspec import Struct

from connector.base import atomic_file, trusted_files
from connector.config import file as config
from connector.config import secrets
from connector.config.errors import ConfigError
from connector.console.failure import CommandFailed
from connector.setup.toml_edit import CannotEdit, ConfigChange, changes, edited, section

_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,31}")


class ConfigEdit(Struct, frozen=True):
    """Everything that is to be written, and the changes as shown."""

    path: Path
    text: str
    secrets: dict[Path, str]
    changes: list[ConfigChange]

    def write(self) -> None:
        """Write it, secrets first. Raises CommandFailed; the configuration is then unchanged."""
        try:
            for path, secret in self.secrets.items():
                atomic_file.write(path, secret + "\n", follow_link=True)
            atomic_file.write(self.path, self.text, follow_link=True)
        except trusted_files.UntrustedFile as error:
            raise CommandFailed(str(error), os.EX_NOPERM) from None
        except OSError as error:
            raise CommandFailed(f"{error.filename}: cannot be written: {error.strerror}.", os.EX_IOERR) from None


class ConfigFile:
    """The file as it is. Raises CommandFailed when it cannot be read."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._is_new = not path.exists()
        try:
            self._text = "" if self._is_new else config.read(path)
        except trusted_files.UntrustedFile as error:
            raise CommandFailed(str(error), os.EX_CONFIG) from None
        except UnicodeDecodeError:
            raise CommandFailed(f"{path}: is not TOML: it is not UTF-8. Correct it first.", os.EX_CONFIG) from None

    def section(self, name: str) -> dict[str, Any]:
        try:
            return section(self._text, name)
        except CannotEdit as error:
            raise self._refused(error) from None

    def has_team(self) -> bool:
        """Whether the core of this file has a team: then it runs as a service of its own user."""
        try:
            return "group" in tomllib.loads(self.path.read_text(encoding="utf-8")).get("desks", {})
        except (OSError, ValueError, TypeError):
            return False

    def secret(self, value: Any) -> str | None:
        """The secret that `value` holds or points to; None when there is none or it cannot be read."""
        try:
            return secrets.read(value, self.path.parent, os.environ)
        except ValueError:
            return None

    def missing_secret(self, value: Any) -> str | None:
        """Why the secret that `value` points to cannot be read; None when it can, or `value` points nowhere."""
        if not isinstance(value, Mapping):
            return None
        try:
            secrets.read(value, self.path.parent, os.environ)
        except ValueError as error:
            return str(error)
        return None

    def edit(
        self,
        name: str,
        values: Mapping[str, Any],
        new_secrets: Mapping[str, str],
        numbers: Sequence[Mapping[str, str]],
    ) -> ConfigEdit:
        """Give `[accounts.NAME]` these values and numbers; a changed secret goes to a file of its own."""
        before = self.section(name)
        sources: dict[str, Any] = {}
        files: dict[Path, str] = {}
        for key, secret in new_secrets.items():
            if key in before and self.secret(before[key]) == secret:
                continue
            sources[key] = {"file": f"{name}.{key}"}
            files[self.path.parent / f"{name}.{key}"] = secret
        # The order of a new section: account, sign-in, public address, numbers.
        first = {key: value for key, value in values.items() if key in ("provider", "account_sid", "account_id")}
        wanted = {**first, **sources, **values}
        try:
            text = edited(self._text, name, wanted, numbers)
            shown = changes(before, section(text, name))
        except CannotEdit as error:
            raise self._refused(error) from None
        for path in files:
            shown.append(ConfigChange(path.name, "••••" if path.exists() else "(no file)", "••••, 0600"))
        if not self._is_new and self.path.stat().st_mode & 0o077:
            shown.append(ConfigChange("mode", f"{self.path.stat().st_mode & 0o777:04o}", "0600"))
        return ConfigEdit(self.path, text, files, shown)

    def _refused(self, error: CannotEdit) -> CommandFailed:
        return CommandFailed(f"{self.path}: {error}", os.EX_CONFIG)


def check_name(name: str) -> str:
    """The name of an account, which becomes part of URLs and file names. Raises ValueError."""
    if not _NAME.fullmatch(name):
        raise ValueError("a name has small letters, digits, - and _, 32 at most.")
    return name


def check_result(edit: ConfigEdit) -> None:
    """Raises CommandFailed unless a core would start with the edited configuration.

    Secrets are not read: those of other sections may be readable by the core only.
    """
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / edit.path.name
        atomic_file.write(copy, tomlkit.dumps(_without_secrets(tomllib.loads(edit.text))))
        try:
            config.load(copy)
        except ConfigError as error:
            raise CommandFailed(str(error).replace(str(copy), str(edit.path)), os.EX_CONFIG) from None


def _without_secrets(value: Any) -> Any:
    match value:
        case {"file": str(), **rest} | {"env": str(), **rest} if not rest:
            return "set"
        case dict():
            return {key: _without_secrets(inner) for key, inner in value.items()}
        case list():
            return [_without_secrets(inner) for inner in value]
    return value
