"""Any number of keys in one bound value, as rows to join with."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec
from sqlalchemy import BigInteger, Text, bindparam, cast, column
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from connector.store.sql.columns import ExternalText


class _Elements(FunctionElement[str]):
    """A row for each element of a JSON array, in its column `value`: any number of keys in one bound value."""

    name = "elements"
    inherit_cache = True


@compiles(_Elements, "sqlite")
def _each(element: _Elements, compiler: Any, **options: Any) -> str:
    return f"json_each({compiler.process(element.clauses, **options)})"


@compiles(_Elements, "postgresql")
def _array_elements(element: _Elements, compiler: Any, **options: Any) -> str:
    return f"json_array_elements_text(CAST({compiler.process(element.clauses, **options)} AS JSON))"


KEYS = _Elements(bindparam("keys", type_=Text)).table_valued(column("value", ExternalText))
NUMBER_OF_KEY = cast(KEYS.c.value, BigInteger)
_escaped = ExternalText()


def json_of(keys: Iterable[str]) -> str:
    return msgspec.json.encode([_escaped.process_bind_param(key, None) for key in keys]).decode()  # type: ignore[arg-type]


def numbers_of(keys: Iterable[int]) -> str:
    return msgspec.json.encode(list(keys)).decode()
