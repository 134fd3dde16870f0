"""`python -m connector.lab.faults.fast_core`: an embedded core on a clock that runs faster than the machine's.

Look-ups, retries and leases wait for minutes; at 20 times the speed these are seconds, and the rules are the same.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from connector import core_process
from connector.console.exit_code import exit_code_of
from connector.lab.clocks import FastClock


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m connector.lab.faults.fast_core", description=__doc__)
    parser.add_argument("--config", type=Path, required=True)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--speed", type=float, required=True, help="how many times as fast time runs")
    parser.add_argument("--since", type=int, required=True, help="from which moment on, in milliseconds")
    options = parser.parse_args()
    clock = FastClock(options.speed, options.since)
    return exit_code_of(lambda: core_process.serve(options.config, options.data, clock, embedded=True))


if __name__ == "__main__":
    sys.exit(main())
