"""The commands that start, reload and check the core of a configuration."""

from __future__ import annotations

import os
import shlex
from pathlib import Path

from connector.base.trusted_files import user_name
from connector.setup.config_file import ConfigFile


def core_commands(config: ConfigFile, data: Path | None) -> dict[str, str]:
    """By what they do, with the data directory if one is named.

    A team's core is a service, which its own user neither starts nor may reload.
    """
    where = ["--data", str(data)] if data is not None else []
    both = ["textdesk", "doctor", "--config", str(config.path), *where]
    if not config.has_team():
        return {
            "starts the core:": shlex.join(["textdesk", "serve", *both[2:]]),
            "takes the change over, where it runs:": reload_command(config, data),
            "checks everything:": shlex.join(both),
        }
    us = user_name(os.geteuid())
    return {
        "starts the core:": "sudo systemctl start textdesk",
        "takes the change over, where it runs:": reload_command(config, data),
        "checks everything:": shlex.join(both if us == "root" else ["sudo", "-u", us, *both]),
    }


def reload_command(config: ConfigFile, data: Path | None) -> str:
    if config.has_team():
        return "sudo systemctl reload textdesk"
    return shlex.join(["textdesk", "reload", *(["--data", str(data)] if data is not None else [])])
