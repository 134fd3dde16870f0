"""What the tmux in which the desk runs is asked: whether a terminal is attached to it, and to copy.

tmux answers every question for its terminals, also while there is none. Of programs in it, it takes no text for the
clipboard unless it is configured so (`set-clipboard on`), but it does of its own command.
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
    found = await _tmux(environ, "list-clients", "-F", "#{client_tty}")
    return found is not None and not found.strip()


async def copy(environ: Mapping[str, str], text: str) -> bool:
    """Have tmux keep a text in a buffer of its own and give it to its terminal's clipboard. False: it has not."""
    return await _tmux(environ, "load-buffer", "-w", "-", given=text.encode(errors="replace")) is not None


async def _tmux(environ: Mapping[str, str], *command: str, given: bytes = b"") -> bytes | None:
    """What a command of tmux prints; None outside of tmux, and where it fails."""
    if "TMUX" not in environ:
        return None
    with contextlib.suppress(OSError, TimeoutError):
        running = await asyncio.create_subprocess_exec(
            *("tmux", *command),
            env=dict(environ),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
        )
        try:
            async with asyncio.timeout(_LIMIT_S):
                printed, _ = await running.communicate(given)
        finally:
            if running.returncode is None:
                running.kill()
        return printed if running.returncode == 0 else None
    return None
