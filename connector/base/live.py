"""A value that is replaced while the core runs."""

from __future__ import annotations

from typing import Generic, TypeVar

T = TypeVar("T")


class Live(Generic[T]):
    """The current value of something that a reload replaces whole.

    It is read where it is needed, once for each piece of work; no component has a copy. Values are immutable, so that
    any thread may read.
    """

    __slots__ = ("current",)

    def __init__(self, current: T) -> None:
        self.current = current
