"""What use cases know of the brand: its lines, its rules, and where ids come from."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from connector.base.ids import Ids
from connector.domain.skills import Rules
from connector.services.line_settings import LineSettings


class BrandSettings(Struct, frozen=True):
    """`lines` by address."""

    ids: Ids
    lines: Mapping[str, LineSettings]
    rules: Rules
    away_reasons: tuple[str, ...] = ()
    outcomes: tuple[str, ...] = ()
