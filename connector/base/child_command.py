"""Command lines of our own modules."""

from __future__ import annotations

import sys


def python_module(name: str, *arguments: str) -> list[str]:
    """The command that runs a module of ours in a process of its own, found on the path this process was found on.

    `python -m` looks in the current directory first, where any folder may have the name of one of our packages: it
    does so here only if this process was itself started that way.
    """
    main = sys.modules.get("__main__")
    searches_here = getattr(main, "__spec__", None) is not None and not sys.flags.safe_path
    return [sys.executable, *(() if searches_here else ("-P",)), "-m", name, *arguments]
