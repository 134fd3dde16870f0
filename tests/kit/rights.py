"""Rights for tests."""

from __future__ import annotations

from typing import Any

from connector.domain.rights import Rights, rights_of
from tests.kit.stores import agent


def rights(name: str, **fields: Any) -> Rights:
    """Those of an agent with these fields."""
    return rights_of(agent(id=name, name=name, **fields))
