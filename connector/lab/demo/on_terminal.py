"""`textdesk demo`: the desk on this terminal."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence

from connector.base.child_command import python_module
from connector.console.output import plain
from connector.lab.demo import terminal_reset
from connector.lab.demo.backend_process import BackendProcess, BackendReady, start_consumers

_DESK_ENDS_WITHIN_S = 3.0


def run(seed: int, pace: float, faults: str, of_desk: Sequence[str]) -> int:
    """Run the desk, with options `of_desk`; its exit code. Raises CommandFailed when the demo cannot be started."""
    screen = os.dup(sys.stdout.fileno())  # a descriptor that the backend can inherit
    with BackendProcess(seed, pace, faults, screen) as backend:
        print("starting ", end="", flush=True)
        ready = backend.ready(lambda what: print(f"{what}… ", end="", flush=True))
        print("the desk.", flush=True)
        start_consumers(ready)
        with terminal_reset.restored(screen), _desk(backend, ready, screen, of_desk) as desk:
            code = desk.wait()
    for words in backend.failures:
        print(f"textdesk: {plain(words)}", file=sys.stderr)
    return code if code >= 0 else 128 - code


@contextlib.contextmanager
def _desk(
    backend: BackendProcess, ready: BackendReady, screen: int, of_desk: Sequence[str]
) -> Iterator[subprocess.Popen[bytes]]:
    # Drafts of the demo stay apart from the user's own.
    state = {"TEXTDESK_STATE": str(ready.data.with_name("desk"))}
    options = ["--demo", f"--data={ready.data}", f"--config={ready.config}", *of_desk]
    desk = subprocess.Popen(
        python_module("tui", *options),
        env={**os.environ, **state},
    )
    backend.has_desk(desk.pid)
    try:
        yield desk
    finally:
        if desk.poll() is None:
            desk.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                desk.wait(_DESK_ENDS_WITHIN_S)
            desk.kill()
            desk.wait()
        if desk.returncode != 0:
            terminal_reset.reset(screen)
        backend.has_desk(0)
