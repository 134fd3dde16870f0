"""Gathers the evidence, runs all checks at once with a time limit each, and prints their findings."""

from __future__ import annotations

import asyncio
import contextlib
import importlib
import os
import sys
import tomllib
from argparse import Namespace
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from connector.base import service_user
from connector.base.clock import SystemClock
from connector.base.data_directory import data_dir
from connector.base.mistyped_path import likeness
from connector.base.time_limit import within
from connector.client import core_address, own_core
from connector.config import file as config
from connector.config import places
from connector.config.errors import ConfigError
from connector.console.as_user import demand_owner
from connector.console.failure import CommandFailed
from connector.doctor import of_agent, service_of_host, store_evidence
from connector.doctor.checks import (
    account_health,
    audit,
    clock,
    configuration,
    core,
    data_directory,
    database,
    deliveries,
    file_modes,
    hooks_seen,
    on_call,
    opt_out,
    public_address,
    quarantine,
    search,
    secrets,
    sign_in,
    signatures,
    team,
    webhooks,
)
from connector.doctor.evidence import Evidence, RunningCore
from connector.doctor.finding import Finding, red
from connector.doctor.printing import Printer
from connector.doctor.time_limits import ANSWER_S, CHECK_S, DaemonExecutor
from connector.providers.outbound import CallLimits, OutboundClient
from connector.wire.endpoint import HOST_SOCKET, UNIX

# Options that say which core to ask, of an agent.
_WHICH_CORE = ("url", "profile", "token_file", "agent")

Check = Callable[[Evidence], Awaitable[list[Finding]]]

CHECKS: Mapping[str, Check] = {
    "configuration": configuration.check,
    "secrets": secrets.check,
    "file modes": file_modes.check,
    "data directory": data_directory.check,
    "database": database.check,
    "audit": audit.check,
    "search": search.check,
    "team": team.check,
    "core": core.check,
    "clock": clock.check,
    "sign-in": sign_in.check,
    "webhooks": webhooks.check,
    "hooks seen": hooks_seen.check,
    "public address": public_address.check,
    "lights": account_health.check,
    "signatures": signatures.check,
    "opt-out": opt_out.check,
    "deliveries": deliveries.check,
    "on call": on_call.check,
    "set aside": quarantine.check,
}


def run(options: Namespace) -> int:
    """Returns the exit code: 1 when anything is red."""
    data: Path = getattr(options, "data", None) or data_dir(os.environ)
    if (agents := _of_agent(options, data)) is not None:
        return agents
    service_of_host.demand_named(options, data, os.environ)
    places = _places(getattr(options, "config", None), getattr(options, "data", None), data)
    if service_user.other_owner(places) and (hint := likeness(data, is_folder=True)):
        # No command of another user is to repeat the mistake.
        raise CommandFailed(f"{data} does not exist{hint}: name the core's data directory with --data.", os.EX_USAGE)
    demand_owner(places)
    printer = Printer(sys.stdout, list(CHECKS), as_json=options.json)
    return asyncio.run(_run(getattr(options, "config", None), data, printer))


def _of_agent(options: Namespace, data: Path) -> int | None:
    """Run the doctor of an agent and return its exit code; None where the checks of an administrator apply."""
    given = getattr(options, "data", None)
    is_asked_about = given is not None and of_agent.is_of_another(given)
    if getattr(options, "config", None) is not None or (given is not None and not is_asked_about):
        return None
    named = {name: value for name in _WHICH_CORE if (value := getattr(options, name, None)) is not None}
    is_named = bool({"url", "profile"} & named.keys()) or any(map(os.environ.get, ("TEXTDESK_URL", "TEXTDESK_PROFILE")))
    if os.geteuid() == 0 and not is_named:
        return None  # root administers the core of this host
    address = core_address.find(Namespace(**named), os.environ)
    if not address.urls and not is_asked_about:
        return None
    printer = Printer(sys.stdout, of_agent.CHECKS, as_json=options.json)
    return of_agent.run(address, given if is_asked_about else None, printer)


def _places(given: Path | None, given_data: Path | None, data: Path) -> list[Path | None]:
    """What shows whose core this is: the data directory, else the configuration and the socket of its team."""
    if given_data is not None and given_data.exists():
        return [given_data]
    if own_core.has_core(data):
        return []
    path, _, settings, _ = _configured(given, data)
    socket = HOST_SOCKET if path is None else _team_socket(settings)
    return [path, socket]


def _team_socket(settings: config.Config | None) -> Path | None:
    desks = settings.desks if settings is not None else None
    return None if desks is None or desks.group is None else Path(desks.socket or HOST_SOCKET)


async def _greeting(data: Path, settings: config.Config | None) -> RunningCore:
    """Of the core on the data directory, or else of the one at the socket of the configuration's team."""
    own = await core.greet(data)
    socket = _team_socket(settings)
    if own.store is not None or socket is None:
        return own
    found = await core.greet(data, f"{UNIX}{socket}")
    is_elsewhere = found.store is not None or not own_core.has_core(data)
    return replace(found, is_elsewhere=True) if is_elsewhere else own


async def _run(given: Path | None, data: Path, printer: Printer) -> int:
    asyncio.get_running_loop().set_default_executor(DaemonExecutor(1))
    printer.begin()
    limits = CallLimits(place_s=ANSWER_S, call_s=ANSWER_S, connect_s=ANSWER_S)
    async with OutboundClient(limits) as http:
        evidence = await _gather(given, data, http)

        async def one(name: str, check: Check) -> None:
            printer.found(name, await _limited(check, evidence))

        await asyncio.gather(*(one(name, check) for name, check in CHECKS.items()))
    return printer.end()


async def _gather(given: Path | None, data: Path, http: OutboundClient) -> Evidence:
    path, raw, settings, trouble = _configured(given, data)
    clock = SystemClock()
    where = settings.core.database if settings is not None else None
    # The client takes a while to import on a busy machine, which must not count as the provider's time.
    await asyncio.to_thread(importlib.import_module, "connector.providers.twilio.transport")
    greeting, stored = await asyncio.gather(
        within(CHECK_S, _greeting(data, settings), RunningCore(trouble="The core was reached and did not answer.")),
        within(
            CHECK_S,
            asyncio.to_thread(store_evidence.read, where, data, clock.now()),
            store_evidence.StoreEvidence(
                "database", trouble=f"The database did not answer within {CHECK_S:.0f} seconds."
            ),
        ),
    )
    return Evidence(path, settings, trouble, raw, data, greeting, stored, http, clock)


def _configured(given: Path | None, data: Path) -> tuple[Path | None, dict[str, Any], config.Config | None, str]:
    path: Path | None = given
    raw: dict[str, Any] = {}
    try:
        path = places.find(given, data, os.environ)
        with contextlib.suppress(OSError, ValueError, RecursionError):  # reported with better words by `load`
            raw = tomllib.loads(config.read(path)) if path is not None else {}
        return path, raw, config.load(path), ""
    except ConfigError as error:
        return path, raw, None, str(error)


async def _limited(check: Check, evidence: Evidence) -> list[Finding]:
    late = red(f"No result within {CHECK_S:.0f} seconds.", "Try again; if it persists, look at disk and network.")
    try:
        return await within(CHECK_S, check(evidence), [late])
    except Exception as error:
        # A check that fails must not end the others.
        return [red(f"The check itself failed: {type(error).__name__}.", "Please report it, with your versions.")]
