"""Validation errors of the configuration in one sentence, with the key that may have been meant."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterator, Set
from typing import Any

import msgspec
import msgspec.inspect

from connector.base.alike import meant
from connector.providers.registry import PROVIDERS

# TOML's types of values in plain words.
_KINDS = {
    "int": "a whole number",
    "float": "a number",
    "str": "a text",
    "bool": "true or false",
    "array": "a list",
    "object": "a table",
    "null": "nothing",
}


_TABLES = ("accounts", "agents", "skills", "hours.week", "hours.special")  # whose keys are names of the administrator's


README = "The README shows every key."
_MOST = 10  # mistakes that are named at once


def all_validation_words(
    error: str, raw: dict[str, Any], shape: type, error_of: Callable[[dict[str, Any]], str]
) -> str:
    """Each mistake of a file that has `error`, as by `validation_words`: of each section the first that it has as a
    whole, and those that its keys have alone."""
    found: dict[str, None] = {}
    for piece, is_whole in _pieces(raw):
        own = error_of(piece)
        if own and (is_whole or "missing required field" not in own):
            found[validation_words(own, piece, shape, error_of)] = None
    sentences = [*found] or [validation_words(error, raw, shape, error_of)]
    return " ".join([*sentences[:_MOST], README])


def _pieces(raw: dict[str, Any]) -> Iterator[tuple[dict[str, Any], bool]]:
    """Files with one section each, or one entry of a table of sections; and whether all of its keys are there."""
    for section, content in raw.items():
        is_table = section in _TABLES and isinstance(content, dict)
        for name, entry in content.items() if is_table else [(None, content)]:
            parts = [(entry, True)]
            if isinstance(entry, dict):
                # An account's keys depend on its provider.
                kept = {"provider": entry["provider"]} if "provider" in entry else {}
                parts += [({**kept, key: value}, False) for key, value in entry.items()]
            for part, is_whole in parts:
                yield {section: part if name is None else {name: part}}, is_whole


def validation_words(error: str, raw: dict[str, Any], shape: type, error_of: Callable[[dict[str, Any]], str]) -> str:
    """`error` of msgspec, "… - at `$.accounts[...].x`", as "accounts.main.x: …" with plain names for its types.

    `error_of`: what msgspec says of another content; blank for nothing.
    """
    what, _, where = error.partition(" - at ")
    path = key = where.strip("`").removeprefix("$").removeprefix(".")
    section, _, rest = key.partition("[...]")
    providers: set[str] = set()
    if section in _TABLES and "[...]" in key:
        name = _at_fault(error, raw, section.split("."), error_of)
        key = f"{section}.{name}{rest}"
        if section == "accounts":
            entry = raw[section].get(name)
            providers = {str(entry.get("provider"))} if isinstance(entry, dict) else set()
    what = what.removeprefix("Object ")
    what = re.sub(r"`([a-z]+(?: \| [a-z]+)*)`", _kinds, what)
    what = what.replace("`", '"')
    what = what[:1].lower() + what[1:]
    if (invalid := re.fullmatch(r"invalid (?:enum )?value '(.*)'", what, re.DOTALL)) is not None:
        is_provider = section == "accounts" and rest == ".provider"
        valid = list(PROVIDERS) if is_provider else _values_at(path, shape)
        what = f'expected {_listed(valid)}, got "{invalid[1]}"{_meant(invalid[1], valid)}'
    elif (unknown := re.fullmatch(r'contains unknown field "(.*)"', what, re.DOTALL)) is not None:
        what = f'there is no key "{unknown[1]}" here{_meant(unknown[1], _keys_at(path, shape, providers))}'
    return f"{key or 'top level'}: {what}{'' if what.endswith('?') else '.'}"


def _kinds(named: re.Match[str]) -> str:
    """msgspec's "int | null" in words: what may be left out cannot be written as nothing."""
    kinds = named[1].split(" | ")
    if not all(kind in _KINDS for kind in kinds):
        return named[0]
    return _listed([_KINDS[kind] for kind in kinds if kind != "null" or kinds == ["null"]])


def _at_fault(error: str, raw: dict[str, Any], section: list[str], error_of: Callable[[dict[str, Any]], str]) -> str:
    """The entry of a table that has this error, which says only that one has it: the first that has it when alone."""
    outer: dict[str, Any] = functools.reduce(lambda found, name: found[name], section[:-1], raw)
    table = outer[section[-1]]
    for name, entry in table.items():
        alone = {**outer, section[-1]: {name: entry}}
        for above in section[:-1]:
            alone = {**raw, above: alone}
        if error_of(alone) == error:
            return str(name)
    return "|".join(table)  # it depends on others


def _meant(given: str, allowed: list[str]) -> str:
    alike = meant(given, allowed)
    return f"; did you mean {alike}?" if alike else ""


def _listed(values: list[str]) -> str:
    return " or ".join([*filter(None, [", ".join(values[:-1])]), *values[-1:]])


def _keys_at(path: str, shape: type, providers: Set[str]) -> list[str]:
    """The keys allowed at a place of the file, such as `accounts[...].numbers[0]`, in sections of these providers."""
    found = [place for place in _types_at(path, shape) if isinstance(place, msgspec.inspect.StructType)]
    own = [place for place in found if place.tag in providers]
    return sorted({field.encode_name for place in own or found for field in place.fields})


def _values_at(path: str, shape: type) -> list[str]:
    """The words allowed at a place of the file, such as `accounts[...].numbers[0].kind`."""
    found: list[str] = []
    for place in _types_at(path, shape):
        match place:
            case msgspec.inspect.LiteralType():
                found += map(str, place.values)
            case msgspec.inspect.EnumType():
                found += [str(member.value) for member in place.cls]
    return list(dict.fromkeys(found))


def _types_at(path: str, shape: type) -> list[msgspec.inspect.Type]:
    """The types allowed at a place of the file, each of a union for itself."""
    places = [msgspec.inspect.type_info(shape)]
    for name, _ in re.findall(r"(\w+)|(\[)", re.sub(r"\[\d*(\.\.\.)?\]", "[", path)):
        inner = [each for place in places for each in _inside(place, name)]
        places = [each for place in inner for each in getattr(place, "types", [place])]
    return places


def _inside(place: msgspec.inspect.Type, name: str) -> list[msgspec.inspect.Type]:
    """The type of the key `name` in a section; without a name, of the values in a table or list."""
    match place:
        case msgspec.inspect.StructType() if name:
            return [field.type for field in place.fields if field.encode_name == name]
        case msgspec.inspect.DictType():
            return [place.value_type]
        case msgspec.inspect.ListType() if not name:
            return [place.item_type]
    return []
