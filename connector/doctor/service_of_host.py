"""Refusing to guess which core root asks about, where this host has a service with a configuration of its own."""

from __future__ import annotations

import os
from argparse import Namespace
from collections.abc import Mapping
from pathlib import Path

from connector.base import trusted_files
from connector.client import own_core
from connector.client.core_address import THIS_HOST, HostService
from connector.config import places
from connector.config.errors import ConfigError
from connector.console.failure import CommandFailed

_VARIABLES = ("TEXTDESK_DATA", "TEXTDESK_CONFIG")


def demand_named(options: Namespace, data: Path, environ: Mapping[str, str], host: HostService = THIS_HOST) -> None:
    """Raises CommandFailed where root has named neither configuration nor data directory, has no core of its own, and
    the host has a service, running or not: nothing here would be about that one."""
    is_named = {"config", "data"} & vars(options).keys() or any(map(environ.get, _VARIABLES))
    if os.geteuid() != 0 or is_named or own_core.has_core(data) or not host.is_set_up():
        return
    try:
        if places.find(None, data, environ) is not None:
            return
    except ConfigError:
        return  # said by the checks
    user = _user(host)
    raise CommandFailed(
        f"Root has no core of its own here, and that of this host is {user}'s"
        f"{'' if os.path.exists(host.socket) else ' and does not run (systemctl status textdesk)'}. Ask about it with"
        " the configuration and data directory of its unit (systemctl cat textdesk), such as: sudo -u"
        f" {trusted_files.quoted(user)} textdesk doctor --config /etc/textdesk/textdesk.toml --data /var/lib/textdesk",
        os.EX_NOPERM,
    )


def _user(host: HostService) -> str:
    """The owner of the service's folder; that of the group's name where it is missing, or root's."""
    try:
        uid = host.socket.parent.stat().st_uid
    except OSError:
        uid = 0
    return trusted_files.user_name(uid) if uid else host.group
