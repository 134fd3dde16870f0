from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator

import pytest

from connector.core_process import settle_garbage_collector


@pytest.fixture
def collector() -> Iterator[None]:
    thresholds = gc.get_threshold()
    yield
    gc.unfreeze()
    gc.set_threshold(*thresholds)


class Circle:
    """An object that refers to itself."""

    def __init__(self) -> None:
        self.me = self


@pytest.mark.usefixtures("collector")
def test_what_a_running_core_drops_is_still_collected() -> None:
    settle_garbage_collector()
    assert gc.get_freeze_count() > 10_000  # the modules
    dropped = weakref.ref(Circle())
    held: list[list[type[Circle]]] = []
    while dropped() is not None and len(held) < 50_000:
        held.append([Circle])
    assert dropped() is None
