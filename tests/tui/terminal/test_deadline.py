"""A desk whose event loop cannot end it ends all the same, after what is typed is saved."""

from __future__ import annotations

import signal
import subprocess
import sys

PROGRAM = """
import signal, threading
from tui.terminal.deadline import ExitDeadline
steps = []
deadline = ExitDeadline(lambda _: None, lambda: print("restored", steps, flush=True))
deadline.is_saved.clear()
signal.signal(signal.SIGTERM, lambda number, _: deadline.begin(128 + number))
def save():
    steps.append("saved")
    deadline.is_saved.set()
threading.Timer(2.0, save).start()
signal.raise_signal(signal.SIGTERM)
threading.Event().wait()
"""


def test_a_process_that_hangs_ends_after_what_is_typed_is_saved() -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout) == (128 + signal.SIGTERM, "restored ['saved']\n")
