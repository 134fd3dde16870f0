"""The form in which Twilio sends the fields of a webhook."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from urllib.parse import unquote, unquote_to_bytes

from connector.providers.values import Hook, Unreadable

_NUMBER = re.compile(r"[0-9]{1,3}")
_MOST_FIELDS = 200  # of a text with ten pictures some 45


class Fields(dict[str, list[str]]):
    """Values by name. Twilio's validator looks for `getall` first, and is fastest with it."""

    def getall(self, name: str) -> list[str]:
        return self[name]

    def first(self, name: str) -> str:
        """The first value of `name` that is not blank; blank when there is none."""
        values = self.get(name)
        return (values[0] or next(filter(None, values), "")) if values else ""

    def numbered(self, prefix: str) -> dict[int, str]:
        """The values of `prefix0`, `prefix1` …, by number, that are not blank."""
        found = ((name.removeprefix(prefix), self.first(name)) for name in self if name.startswith(prefix))
        return dict(sorted((int(number), value) for number, value in found if _NUMBER.fullmatch(number) and value))

    def renamed(self, names: Iterable[str], prefixes: Iterable[str]) -> Fields:
        """The same with these names, and those that begin so, in the capitals that they have here."""
        known = {name.lower(): name for name in names}
        starts = {prefix.lower(): prefix for prefix in prefixes}
        found = Fields()
        for name, values in self.items():
            small = name.lower()
            start = next((start for start in starts if small.startswith(start)), None)
            right = known.get(small, name) if start is None else starts[start] + small.removeprefix(start)
            found.setdefault(right, []).extend(values)
        return found


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
