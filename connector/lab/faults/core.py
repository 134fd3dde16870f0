"""`python -m connector.lab.faults.core`: an embedded core in a town where time runs faster.

Look-ups, retries and leases wait for minutes; at 20 times the speed these are seconds, and the rules are the same.
"""

from __future__ import annotations

import argparse
import sys
from functools import partial
from pathlib import Path
from unittest import mock

from connector import app
from connector.lab.vendors.paced_clock import QuickClock


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m connector.lab.faults.core", description=__doc__)
    parser.add_argument("--config", type=Path, required=True)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--speed", type=float, required=True, help="how many times as fast time runs")
    parser.add_argument("--since", type=int, required=True, help="from which moment on, in milliseconds")
    options = parser.parse_args()
    with mock.patch.object(app, "SystemClock", partial(QuickClock, options.speed, options.since)):
        return app.serve(options.config, options.data, embedded=True)


if __name__ == "__main__":
    sys.exit(main())
