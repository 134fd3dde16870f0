"""`textdesk demo`: the desk in front, on this terminal."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator

from connector.base.child_command import python_module
from connector.lab.demo import terminal_reset
from connector.lab.demo.backend_process import BackendProcess, BackendReady, begin

_DESK_ENDS_WITHIN_S = 3.0


def run(seed: int, pace: float, faults: str) -> int:
    """Until the desk is left; its exit code. Raises Failure when the demo cannot be started."""
    screen = os.dup(sys.stdout.fileno())  # a number that the stage can have, too
    with BackendProcess(seed, pace, faults, screen) as stage:
        print("starting ", end="", flush=True)
        ready = stage.ready(lambda what: print(f"{what}… ", end="", flush=True))
        print("the desk.", flush=True)
        begin(ready)
        with terminal_reset.kept(screen), _desk(stage, ready, screen) as desk:
            code = desk.wait()
    for words in stage.failures:
        print(f"textdesk: {words}", file=sys.stderr)
    return code if code >= 0 else 128 - code


@contextlib.contextmanager
def _desk(stage: BackendProcess, ready: BackendReady, screen: int) -> Iterator[subprocess.Popen[bytes]]:
    # The demo's drafts and settings are not to be found among the person's own.
    state = {"TEXTDESK_STATE": str(ready.data.with_name("desk"))}
    desk = subprocess.Popen(
        python_module("tui", "--data", str(ready.data), "--config", str(ready.config)),
        env={**os.environ, **state},
    )
    stage.has_desk(desk.pid)
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
        stage.has_desk(0)
