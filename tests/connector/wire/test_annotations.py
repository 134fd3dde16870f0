"""Annotations of what is decoded."""

from __future__ import annotations

from inspect import getmembers, isclass
from types import ModuleType

import pytest
from msgspec import Struct

from connector.wire import administration, answers, events, frames, requests, views


@pytest.mark.parametrize("module", [administration, answers, events, frames, requests, views])
def test_none_is_a_string(module: ModuleType) -> None:
    """Or a start evaluates each of them."""
    structs = [each for _, each in getmembers(module, isclass) if issubclass(each, Struct)]
    own = [each for each in structs if each.__module__ == module.__name__]
    assert own
    for each in own:
        assert not [name for name, kind in each.__annotations__.items() if isinstance(kind, str)]
