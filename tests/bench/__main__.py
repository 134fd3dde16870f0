"""`python -m tests.bench`: measure, beside floors, what people would feel. See docs/benchmarks.md."""

from __future__ import annotations

import sys

from tests.bench.runner import run

_BENCHES = {
    "hooks": ("hooks.measure", "hooks taken durably a second"),
    "to_desk": ("to_desk.measure", "from a hook to its event at a desk"),
    "paint": ("desk.paint", "first paint of the desk"),
    "compose": ("desk.compose", "a letter in the compose pane"),
    "line": ("line.measure", "a desk at the end of a slow line"),
    "cursor": ("desk.cursor", "the cursor down a queue of 10,000"),
}
_ON_REQUEST = {
    "kannel": ("kannel.measure", "Kannel, where it is installed, beside a core with a desk"),
}

if __name__ == "__main__":
    sys.exit(run("tests.bench", __doc__, _BENCHES, _ON_REQUEST, rounds=5))
