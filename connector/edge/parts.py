"""The parts that the servers and background tasks of one core share."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from connector.base.clock import Clock
from connector.base.live import Live
from connector.base.supervise import Supervisor
from connector.config.file import Config
from connector.pictures.files import PictureFiles
from connector.providers.base import Provider
from connector.services.settings import BrandSettings
from connector.store.ports import Store


class CoreParts(Struct, frozen=True, kw_only=True):
    """`providers` by account; `node`: this core's name among those of one database. A reload replaces what is live."""

    config: Live[Config]
    clock: Clock
    node: str
    store: Store
    brand: Live[BrandSettings]
    providers: Live[Mapping[str, Provider]]
    pictures: PictureFiles
    tasks: Supervisor
