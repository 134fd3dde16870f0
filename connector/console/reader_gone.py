"""Detects that the reader of a program's output is gone, also while there is nothing to write.

sshd ends no program without a terminal when its caller goes; it closes the program's pipes.
"""

from __future__ import annotations

import select
import threading
from collections.abc import Callable
from typing import TextIO


def on_reader_gone(stream: TextIO, act: Callable[[], None]) -> None:
    """Call `act` in a thread of its own when the other side of a pipe or socket is closed; for a file never."""
    try:
        descriptor = stream.fileno()
    except (OSError, ValueError):  # not one of the system's
        return
    poll = select.poll()
    poll.register(descriptor, 0)  # POLLERR and POLLHUP are always reported

    def wait() -> None:
        if any(event & (select.POLLERR | select.POLLHUP) for _, event in poll.poll()):
            act()

    threading.Thread(target=wait, name="reader", daemon=True).start()
