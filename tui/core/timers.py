"""One-shot timers that are never lost."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from textual.message_pump import MessagePump


def once(node: MessagePump, delay_s: float, call: Callable[[], object]) -> asyncio.TimerHandle:
    """Call a function after so many seconds, between two messages of `node`.

    In place of Textual's `set_timer` (8.2.8), which calls nothing where the process gets no processor for as long as
    that just after it was set: `Timer` then takes its only tick for a missed one.
    """
    return asyncio.get_running_loop().call_later(delay_s, node.call_next, call)
