"""Loading the toolkit without those of its parts that the desk never uses."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from importlib import import_module
from types import ModuleType

from connector.base.loading_later import load_later

UNUSED = {
    # The command palette, and with it buttons, trees and option lists.
    "textual.command": (
        *("CommandListItem", "CommandPalette", "DiscoveryHit", "Hit", "Hits", "Provider", "SimpleProvider"),
    ),
    "rich.table": ("Table",),  # for the colours of a theme as a text
}
"""Modules, and what the toolkit (8.2.8) takes of them as it is loaded: of another name it would say that it is missing.
"""

# Of packages those last, as packages are loaded then.
SELDOM_USED = ("bz2", "ipaddress", "locale", "lzma", "textwrap", "tokenize", "msgspec.inspect")
"""What is imported for archives, addresses in brackets, other languages, tracebacks and schemas."""


def load() -> None:
    """Load the toolkit's `App` with empty classes in place of what is unused, an eighth of what there is to load.

    Whatever imports these modules afterwards gets the real ones.
    """
    for name in SELDOM_USED:
        load_later(name)
    with ExitStack() as stack:
        for module, names in UNUSED.items():
            stack.enter_context(_left_out(module, names))
        import_module("textual.app")


@contextmanager
def _left_out(module: str, names: tuple[str, ...]) -> Iterator[None]:
    if module in sys.modules:
        yield
        return
    stand_in = sys.modules[module] = ModuleType(module)
    for name in names:
        setattr(stand_in, name, type(name, (), {}))
    try:
        yield
    finally:
        del sys.modules[module]
