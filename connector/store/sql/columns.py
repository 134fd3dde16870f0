"""Column types that bring a value back exactly as it was, on either engine."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from enum import StrEnum
from typing import Any, Generic, TypeVar

from sqlalchemy import BigInteger, Dialect, Integer, Text
from sqlalchemy.dialects import postgresql
from sqlalchemy.types import TypeDecorator, TypeEngine

E = TypeVar("E", bound=StrEnum)

# SQLite numbers rows by itself only under this very type.
Serial = BigInteger().with_variant(Integer(), "sqlite")

_MARK = "\U0010ffff"  # a noncharacter: nobody writes it, both engines keep it
_to_json = json.JSONEncoder(separators=(",", ":")).encode
_NOTHING = "[]"
_UNSTORABLE = re.compile(f"[\0\ud800-\udfff{_MARK}]")
_ESCAPED = re.compile(f"{_MARK}([0-9a-f]{{6}})")


class Name(TypeDecorator[str]):
    """An id, or a name that we gave. One that nobody can have given is no error: it is asked for and not found.

    Compared by code point on both engines, whatever the language of a PostgreSQL database: ids sort by time only then.
    """

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return postgresql.TEXT(collation="C") if dialect.name == "postgresql" else Text()

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        if value is None or (value.isascii() and "\0" not in value):
            return value
        return _UNSTORABLE.sub(lambda found: f"{_MARK}{ord(found[0]):06x}", value)


class Words(Name):
    """Text that somebody outside wrote.

    PostgreSQL takes no NUL, and neither engine takes half a surrogate pair; such characters are kept as a mark and
    their number, so that no text, however odd, makes a hook fail again and again.
    """

    cache_ok = True

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        if value is None or _MARK not in value:
            return value
        return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), value)


class EnumColumn(TypeDecorator[E], Generic[E]):
    """One of a fixed set of words."""

    impl = Text
    cache_ok = True

    def __init__(self, choices: type[E]) -> None:
        super().__init__()
        self.choices = choices
        self._by_word = {choice.value: choice for choice in choices}

    def process_bind_param(self, value: E | None, dialect: Dialect) -> str | None:
        return None if value is None else value.value

    def process_result_value(self, value: str | None, dialect: Dialect) -> E | None:
        return None if value is None else self._by_word[value]


class Document(TypeDecorator[Any]):
    """A small nested value as JSON in ASCII, which keeps every character, NUL and half a surrogate pair included.

    Most lists are empty, so an empty one costs no JSON.
    """

    impl = Text
    cache_ok = True

    def __init__(self, flatten: Callable[[Any], Any], restore: Callable[[Any], Any]) -> None:
        super().__init__()
        self.flatten = flatten
        self.restore = restore

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        if value is None or value == ():
            return None if value is None else _NOTHING
        return _to_json(self.flatten(value))

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        if value is None or value == _NOTHING:
            return None if value is None else ()
        return self.restore(json.loads(value))
