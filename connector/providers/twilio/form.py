"""The form in which Twilio sends the fields of a webhook."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import unquote, unquote_to_bytes

from connector.providers.values import Hook, Unreadable

_NUMBER = re.compile(r"[0-9]{1,3}")
_MOST_FIELDS = 200  # of a text with ten pictures some 45


class Fields(dict[str, list[str]]):
    """Values by name. Twilio's validator looks for `getall` first, and is fastest with it."""

    def getall(self, name: str) -> list[str]:
        return self[name]


class FirstValues:
    """The first value of each name that is not blank. Names are found however their capitals are written."""

    def __init__(self, fields: Fields) -> None:
        self._values = {name.lower(): values[0] or next(filter(None, values), "") for name, values in fields.items()}

    def __contains__(self, name: str) -> bool:
        return name.lower() in self._values

    def first(self, *names: str) -> str:
        """The value of the first of these names that has one; blank when none has."""
        return next((value for name in names if (value := self._values.get(name.lower()))), "")

    def numbered(self, prefix: str) -> dict[int, str]:
        """The values of `prefix0`, `prefix1` …, by number."""
        start = prefix.lower()
        found = ((name.removeprefix(start), value) for name, value in self._values.items() if name.startswith(start))
        return dict(sorted((int(number), value) for number, value in found if _NUMBER.fullmatch(number) and value))


def is_form(hook: Hook) -> bool:
    kind = hook.headers.get("content-type", "").partition(";")[0]
    return kind.strip().lower() == "application/x-www-form-urlencoded"


def form_of(hook: Hook) -> Fields:
    """The fields of a hook, wherever its method puts them. Raises Unreadable."""
    is_query = hook.method == "GET"
    fields = _fields(hook.query.encode() if is_query else hook.body) if is_query or is_form(hook) else None
    if fields is None:
        raise Unreadable("the body is not a form as Twilio writes it")
    return fields


@lru_cache(maxsize=1)  # the signature is over the fields, and then they are read
def _fields(body: bytes) -> Fields | None:
    """The fields of a form. Blank ones count: their names are signed too.

    None for more fields than Twilio sends, and for a name without `=`. Twilio does not write that, and the signature,
    which runs names and values together, could not tell it from a value. Equal to `urllib.parse.parse_qsl`, which
    decodes every name and value, also the many in which nothing is encoded.
    """
    if body.count(b"&") >= _MOST_FIELDS:
        return None
    fields = Fields()
    for pair in body.decode(errors="replace").split("&"):
        name, is_given, value = pair.partition("=")
        if is_given:
            if "%" in pair or "+" in pair:
                name, value = _decoded(name), _decoded(value)
            if name in fields:
                fields[name].append(value)
            else:
                fields[name] = [value]
        elif pair:
            return None
    return fields


def _decoded(text: str) -> str:
    if "+" in text:
        text = text.replace("+", " ")
    if "%" not in text:
        return text
    return unquote_to_bytes(text).decode(errors="replace") if text.isascii() else unquote(text)
