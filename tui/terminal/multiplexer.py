"""Whether a terminal is attached to the tmux in which the desk runs.

tmux answers every question for its terminals, also while there is none.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Mapping

_LIMIT_S = 5.0


async def is_detached(environ: Mapping[str, str]) -> bool:
    """No terminal is attached to any session of the tmux server. False outside of tmux, and where it does not say.

    Sessions may share a window, so the pane's own session alone is no measure.
    """
    if "TMUX" not in environ:
        return False
    with contextlib.suppress(OSError, TimeoutError):
        asking = await asyncio.create_subprocess_exec(
            *("tmux", "list-clients", "-F", "#{client_tty}"),
            env=dict(environ),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
        )
        try:
            async with asyncio.timeout(_LIMIT_S):
                found, _ = await asking.communicate()
        finally:
            if asking.returncode is None:
                asking.kill()
        return asking.returncode == 0 and not found.strip()
    return False
