"""Editing one account's section in the configuration's text; everything else stays, comments included. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import tomlkit
from msgspec import Struct
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import AoT

from connector.config.secrets import SECRET_KEYS
from connector.providers.settings import DEFAULT_SKILL

NONE = "(none)"

_SOURCES = {"env": "environment variable"}


class ConfigChange(Struct, frozen=True):
    """A value before and after, both as shown."""

    what: str
    before: str
    after: str


class CannotEdit(Exception):
    """One sentence: why, and what to do."""


def section(text: str, name: str) -> dict[str, Any]:
    """`[accounts.NAME]` as plain values, empty when there is none. Raises CannotEdit."""
    accounts = _parsed(text).unwrap().get("accounts", {})
    found = accounts.get(name, {}) if isinstance(accounts, dict) else {}
    return found if isinstance(found, dict) else {}


def edited(text: str, name: str, values: Mapping[str, Any], numbers: Sequence[Mapping[str, str]]) -> str:
    """`text` with these keys and exactly these numbers in `[accounts.NAME]`. Raises CannotEdit.

    A number is {"address", "skill"}; other keys of a number that stays are preserved.
    """
    if not section(text, name):
        return _appended(text, name, values, numbers)
    document = _parsed(text)
    table: Any = document["accounts"][name]
    known = section(text, name)
    for key, value in values.items():
        if known.get(key) != value:
            table[key] = _item(value)
    if "numbers" in table:
        _renumber(table["numbers"], numbers)
    else:
        table["numbers"] = _array(numbers)
    return tomlkit.dumps(document)


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[ConfigChange]:
    """The differences between two versions of a section, key by key and number by number; no secret is shown."""
    found = [
        ConfigChange(key, _shown(key, before.get(key)), _shown(key, after.get(key)))
        for key in {**before, **after}
        if key != "numbers" and before.get(key) != after.get(key)
    ]
    old, new = (_skills(form.get("numbers", [])) for form in (before, after))
    return found + [
        ConfigChange(f"number {address}", old.get(address, NONE), new.get(address, NONE))
        for address in {**old, **new}
        if old.get(address) != new.get(address)
    ]


def _parsed(text: str) -> tomlkit.TOMLDocument:
    try:
        return tomlkit.parse(text)
    except TOMLKitError as error:
        raise CannotEdit(f"is not TOML: {error}. Correct it first.") from None


def _appended(text: str, name: str, values: Mapping[str, Any], numbers: Sequence[Mapping[str, str]]) -> str:
    table = tomlkit.table()
    for key, value in values.items():
        table[key] = _item(value)
    table["numbers"] = _array(numbers)
    part = tomlkit.document()
    part["accounts"] = tomlkit.table(is_super_table=True)
    part["accounts"][name] = table
    whole = f"{text.rstrip()}\n\n" if text.strip() else ""
    whole += tomlkit.dumps(part)
    try:
        tomlkit.parse(whole)
    except TOMLKitError:
        raise CannotEdit(
            f"its accounts are written on one line; write them as sections, [accounts.{name}], first."
        ) from None
    return whole


def _renumber(written: Any, numbers: Sequence[Mapping[str, str]]) -> None:
    wanted = {number["address"]: number for number in numbers}
    for place in range(len(written) - 1, -1, -1):
        entry = written[place]
        number = wanted.pop(str(entry["address"]), None)
        if number is None:
            del written[place]
        elif str(entry.get("skill", DEFAULT_SKILL)) != number["skill"]:
            entry["skill"] = number["skill"]
    for number in wanted.values():
        written.append(_filled(tomlkit.table() if isinstance(written, AoT) else tomlkit.inline_table(), number))


def _array(numbers: Sequence[Mapping[str, str]]) -> Any:
    array = tomlkit.array()
    for number in numbers:
        array.append(_filled(tomlkit.inline_table(), number))
    return array.multiline(True)


def _item(value: Any) -> Any:
    return _filled(tomlkit.inline_table(), value) if isinstance(value, Mapping) else tomlkit.item(value)


def _filled(table: Any, values: Mapping[str, str]) -> Any:
    for key, value in values.items():
        table[key] = value
    return table


def _skills(numbers: Any) -> dict[str, str]:
    return {str(number["address"]): f"skill {number.get('skill', DEFAULT_SKILL)}" for number in numbers}


def _shown(key: str, value: Any) -> str:
    if value is None:
        return NONE
    if isinstance(value, Mapping):
        return " ".join(f"in the {_SOURCES.get(source, source)} {place}" for source, place in value.items())
    return "••••" if key in SECRET_KEYS else str(value)
