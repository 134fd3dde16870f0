"""A function that both engines have under different names."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Boolean
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement


class Holds(FunctionElement[bool]):
    """Whether a text or bytes have others in them."""

    inherit_cache = True
    type = Boolean()


@compiles(Holds)
def _on_sqlite(element: Holds, compiler: Any, **options: Any) -> str:
    whole, part = (compiler.process(clause, **options) for clause in element.clauses)
    return f"instr({whole}, {part}) > 0"


@compiles(Holds, "postgresql")
def _on_postgresql(element: Holds, compiler: Any, **options: Any) -> str:
    whole, part = (compiler.process(clause, **options) for clause in element.clauses)
    return f"position({part} in {whole}) > 0"
