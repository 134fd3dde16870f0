"""Validation errors of the configuration in one sentence, with the key that may have been meant."""

from __future__ import annotations

import difflib
import functools
import re
from collections.abc import Set
from typing import Any

import msgspec
import msgspec.inspect

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


def validation_words(error: str, raw: dict[str, Any], shape: type) -> str:
    """`error` of msgspec, "… - at `$.accounts[...].x`", as "accounts.main.x: …" with plain names for its types."""
    what, _, where = error.partition(" - at ")
    key = where.strip("`").removeprefix("$").removeprefix(".")
    section, _, rest = key.partition("[...]")
    path, names = key, []
    if section in ("accounts", "agents", "skills", "hours.week", "hours.special") and "[...]" in key:
        table = functools.reduce(lambda found, name: found.get(name, {}), section.split("."), raw)
        names = [name for name in table if _is_at_fault(table[name], rest)]
        key = f"{section}.{'|'.join(names) or '*'}{rest}"
    what = what.removeprefix("Object ")
    for kind, words in _KINDS.items():
        what = what.replace(f"`{kind}`", words)
    what = what.replace("`", '"')
    what = what[:1].lower() + what[1:]
    if what.startswith("invalid value") and key.endswith(".provider"):
        what += f"; expected one of {', '.join(PROVIDERS)}"
    if (unknown := re.fullmatch(r'contains unknown field "(.*)"', what)) is not None:
        providers = {raw["accounts"][name].get("provider") for name in names} if section == "accounts" else set()
        alike = difflib.get_close_matches(unknown[1], _keys_at(path, shape, providers), n=1)
        what = f'there is no key "{unknown[1]}" here' + (f"; did you mean {alike[0]}?" if alike else "")
    return f"{key or 'top level'}: {what}{'' if what.endswith('?') else '.'} The README shows every key."


def _keys_at(path: str, shape: type, providers: Set[str]) -> list[str]:
    """The keys allowed at a place of the file, such as `accounts[...].numbers[0]`, in sections of these providers."""
    places = [msgspec.inspect.type_info(shape)]
    for name, _ in re.findall(r"(\w+)|(\[)", re.sub(r"\[\d*(\.\.\.)?\]", "[", path)):
        inner = [each for place in places for each in _inside(place, name)]
        places = [each for place in inner for each in getattr(place, "types", [place])]
    found = [place for place in places if isinstance(place, msgspec.inspect.StructType)]
    own = [place for place in found if place.tag in providers]
    return sorted({field.encode_name for place in own or found for field in place.fields})


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


def _is_at_fault(section: Any, rest: str) -> bool:
    """Whether the faulty key can be in this section: msgspec does not say which of several it was."""
    first = rest.strip(".").partition(".")[0].partition("[")[0]
    return not first or not isinstance(section, dict) or first in section
