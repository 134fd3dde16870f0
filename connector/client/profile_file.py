"""Reads a profile out of `client.toml`."""

from __future__ import annotations

import os
import re
import tomllib
from pathlib import Path
from typing import Any, TypeVar

import msgspec
from msgspec import Struct

from connector.base.alike import meant
from connector.client.errors import ClientError
from connector.client.profiles import Profile

T = TypeVar("T", bound=Struct)


class _Section(Struct, frozen=True, forbid_unknown_fields=True):
    url: str | list[str]
    token_file: str | None = None
    agent: str = ""


class _File(Struct, frozen=True, forbid_unknown_fields=True):
    default: str | None = None
    profiles: dict[str, dict[str, Any]] = {}


def profile(content: bytes, place: Path, name: str | None) -> Profile:
    """The profile of this name, or the default one; a blank one where there is none. Raises ClientError."""
    try:
        raw = tomllib.loads(content.decode())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ClientError(f"{place}: is not TOML: {error}.", os.EX_CONFIG) from None
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


def _converted(raw: Any, shape: type[T], where: str) -> T:
    """Raises ClientError, which names the key."""
    try:
        return msgspec.convert(raw, shape)
    except msgspec.ValidationError as error:
        words, _, key = str(error).partition(" - at `$")
        key = key.rstrip("`").replace("[...]", "").lstrip(".")
        words = words[:1].lower() + words[1:]
        if (unknown := re.fullmatch(r"object contains unknown field `(.*)`", words, re.DOTALL)) is not None:
            known = [field.encode_name for field in msgspec.structs.fields(shape)]
            alike = meant(unknown[1], known)
            hint = f"; did you mean {alike}" if alike else f"; there are {', '.join(known)}"
            words = f'there is no key "{unknown[1]}" here{hint}'
        raise ClientError(f"{f'{where}{key}'.rstrip('.: ')}: {words}.", os.EX_CONFIG) from None
