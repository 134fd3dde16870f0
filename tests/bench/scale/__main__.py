"""`python -m tests.bench.scale`: what grows with what is stored, held or configured. See docs/benchmarks.md."""

from __future__ import annotations

import sys

from tests.bench.runner import run

_BENCHES = {
    "growth": ("scale.growth.measure", "hook, history and start at 1,000,000 messages"),
    "held": ("scale.held.measure", "500 open conversations of one agent"),
    "start": ("scale.start.measure", "a desk's start with 100,000 conversations"),
    "transcript": ("scale.transcript.measure", "10,000 messages in one transcript"),
    "outbox": ("scale.outbox.measure", "an outbox of 10,000"),
    "routing": ("scale.routing.measure", "routing with 200 agents online"),
    "accounts": ("scale.accounts.measure", "100 accounts"),
    "background": ("scale.background.measure", "background tasks, and what requests read, at 1,000,000 messages"),
    "team": ("scale.team.measure", "100,000 conversations of a team"),
    "busy": ("scale.busy.measure", "a desk with a queue of 100,000, in a calm and with 50 events a second"),
    "postgres": ("scale.postgres.measure", "PostgreSQL"),
}

if __name__ == "__main__":
    sys.exit(run("tests.bench.scale", __doc__, _BENCHES, {}, rounds=3))
