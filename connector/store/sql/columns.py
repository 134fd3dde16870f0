"""Column types that restore a value exactly as it was stored, on either engine."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from enum import StrEnum
from operator import attrgetter
from typing import Any, Generic, TypeVar

import msgspec
from sqlalchemy import TEXT, BigInteger, Dialect, Integer, Text
from sqlalchemy.types import TypeDecorator, TypeEngine

E = TypeVar("E", bound=StrEnum)
S = TypeVar("S", bound=msgspec.Struct)

# SQLite generates row numbers only for a column of exactly this type.
Serial = BigInteger().with_variant(Integer(), "sqlite")

_ESCAPE = "\U0010ffff"  # a noncharacter: not found in real text, and both engines store it
_to_ascii = json.JSONEncoder(separators=(",", ":")).encode
_EMPTY = "[]"
_UNSTORABLE = re.compile(f"[\0\ud800-\udfff{_ESCAPE}]")
_ESCAPED = re.compile(f"{_ESCAPE}([0-9a-f]{{6}})")


# Statements convert values by generated code (see `statements`). A column type may give it the source of an expression
# for a `value` that is not None, SENT or READ, in which most values need no call of the type's own {convert}.


class Identifier(TypeDecorator[str]):
    """An id or a name that we gave. A value that cannot be one is no error: it is looked up and not found.

    Compared by code point on both engines, whatever the language of a PostgreSQL database, as ids sort by time only so.
    """

    impl = Text
    cache_ok = True
    SENT = "value if value.isascii() and '\\0' not in value else {convert}(value)"

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return TEXT(collation="C") if dialect.name == "postgresql" else Text()

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        if value is None or (value.isascii() and "\0" not in value):
            return value
        return _UNSTORABLE.sub(lambda found: f"{_ESCAPE}{ord(found[0]):06x}", value)


class ExternalText(Identifier):
    """Text from outside, restored exactly.

    PostgreSQL takes no NUL, and neither engine takes half a surrogate pair. Such characters are stored as an escape
    and their number, so that no text, however odd, makes a hook fail again and again.
    """

    cache_ok = True
    READ = f"value if '{_ESCAPE}' not in value else {{convert}}(value)"

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        if value is None or _ESCAPE not in value:
            return value
        return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), value)


class EnumColumn(TypeDecorator[E], Generic[E]):
    """One member of a string enumeration, stored as its value."""

    impl = Text
    cache_ok = True
    SENT = "value._value_"  # `value.value` takes several times as long

    def __init__(self, choices: type[E]) -> None:
        super().__init__()
        self.choices = choices
        self._by_value = {choice.value: choice for choice in choices}

    def process_bind_param(self, value: E | None, dialect: Dialect) -> str | None:
        return None if value is None else value.value

    def process_result_value(self, value: str | None, dialect: Dialect) -> E | None:
        return None if value is None else self._by_value[value]


def _to_json(value: Any) -> str:
    """Compact JSON in ASCII. The faster encoder writes the same as long as all characters are ASCII."""
    try:
        encoded = msgspec.json.encode(value)
    except UnicodeEncodeError:  # half a surrogate pair
        return _to_ascii(value)
    return encoded.decode() if encoded.isascii() else _to_ascii(value)


class JsonColumn(TypeDecorator[Any]):
    """A small nested value as JSON in ASCII, which carries every character, NUL and half a surrogate pair included.

    Most lists are empty, so an empty one costs no JSON.
    """

    impl = Text
    cache_ok = True
    SENT = f"'{_EMPTY}' if value == () else {{convert}}(value)"
    READ = f"() if value == '{_EMPTY}' else {{convert}}(value)"

    def __init__(self, flatten: Callable[[Any], Any], restore: Callable[[Any], Any]) -> None:
        super().__init__()
        self.flatten = flatten
        self.restore = restore

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        if value is None or value == ():
            return None if value is None else _EMPTY
        return _to_json(self.flatten(value))

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        if value is None or value == _EMPTY:
            return None if value is None else ()
        return self.restore(json.loads(value))


class JsonArray(Generic[S]):
    """A struct as the JSON array of the fields named here.

    This order is the stored format: a new field is appended, and rows stored before it take its default.
    """

    def __init__(self, value: type[S], *fields: str) -> None:
        self._value = value
        self._fields = fields
        self.flatten: Callable[[S], tuple[Any, ...]] = attrgetter(*fields)

    def restore(self, array: list[Any]) -> S:
        return msgspec.convert(dict(zip(self._fields, array, strict=False)), self._value)
