"""Command-line flags of `textdesk doctor`."""

from __future__ import annotations

from argparse import SUPPRESS, RawDescriptionHelpFormatter
from pathlib import Path
from typing import Any

_EPILOG = """\
example:
  textdesk doctor --json

exit codes: 0 all green or amber, 1 anything is red
"""


def add_doctor(commands: Any) -> None:
    """The command `doctor`."""
    doctor = commands.add_parser(
        "doctor",
        help="check everything, and say what to do",
        description="Check configuration, data, database, core, accounts and the addresses providers call. Changes"
        " nothing, and runs with or without a running core.",
        epilog=_EPILOG,
        formatter_class=RawDescriptionHelpFormatter,
    )
    doctor.set_defaults(command="doctor")
    doctor.add_argument("--config", type=Path, default=SUPPRESS, metavar="FILE", help="the file (./textdesk.toml)")
    doctor.add_argument("--data", type=Path, default=SUPPRESS, metavar="DIR", help="data directory (your own)")
    doctor.add_argument("--json", action="store_true", help="one JSON object a line")
