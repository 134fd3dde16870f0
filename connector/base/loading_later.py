"""Modules that libraries import as they are loaded, and seldom use: loaded at their first use."""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType


def load_later(name: str) -> None:
    """Have `import NAME` load the module only when something of it is used, unless it is loaded already.

    It is of no use where names are imported from it (`from NAME import`), as that is a use. `LazyLoader` of the
    standard library takes the import itself for one.
    """
    if name in sys.modules:
        return
    package, _, child = name.rpartition(".")
    stand_in = sys.modules[name] = _StandIn(name)
    if package:
        setattr(import_module(package), child, stand_in)


class _StandIn(ModuleType):
    """Hands on what is asked of it to the module, which takes its place in `sys.modules`."""

    def __getattr__(self, attribute: str) -> object:
        if sys.modules.get(self.__name__) is self:
            del sys.modules[self.__name__]
        return getattr(import_module(self.__name__), attribute)
