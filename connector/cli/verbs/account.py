"""`textdesk account`: the provider accounts and how they are doing, and the mode of one."""

from __future__ import annotations

import asyncio
import contextlib
import os
from argparse import Namespace

import msgspec

from connector.base.alike import meant
from connector.client.link import Link
from connector.console.failure import CommandFailed
from connector.console.output import age, json_line, plain, table, write
from connector.wire import administration
from connector.wire.views import AccountView


async def run(link: Link, options: Namespace) -> int:
    accounts = sorted(await link.accounts(), key=lambda one: one.account)
    if options.account is not None:
        accounts = [_named(options.account, accounts)]
    if options.mode is not None:
        await link.ask(administration.SetAccountMode(options.account, options.mode))
        await _is_told(link, options.account, options.mode)
        said = {"account": options.account, "mode": options.mode}
        write(json_line(said) if options.json else plain(f"{options.account} is {_MODES[options.mode]}."))
        return 0
    if options.json:
        for one in accounts:
            write(json_line(msgspec.to_builtins(one)))
        return 0
    now = link.now()
    rows = [
        [
            *(one.account, one.provider, one.state if one.mode == "active" else f"{one.state}, {one.mode}"),
            *(_since(one.last_hook_at, now), _since(one.last_send_at, now)),
            *(str(one.queue_depth), one.words),
        ]
        for one in accounts
    ]
    for line in table(["ACCOUNT", "PROVIDER", "STATE", "LAST IN", "LAST OUT", "TO SEND", "WHY"], rows):
        write(line)
    return 0


_TOLD_WITHIN_S = 5.0
_MODES = {
    "active": "active: it sends, and takes new conversations",
    "draining": "draining: it sends what is written, and accepts no more",
    "off": "off: it sends nothing; what comes in is stored",
}


async def _is_told(link: Link, account: str, mode: str) -> None:
    """Wait until the core tells desks of the mode, so that what is listed next has it."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(_TOLD_WITHIN_S):
            await link.accounts(lambda all_: any((one.account, one.mode) == (account, mode) for one in all_))


def _named(asked: str, accounts: list[AccountView]) -> AccountView:
    """Raises CommandFailed."""
    by_name = {one.account: one for one in accounts}
    if asked not in by_name:
        alike = meant(asked, by_name)
        known = f"did you mean {alike}?" if alike else f"there are {', '.join(by_name) or 'none'}."
        raise CommandFailed(f"There is no account {asked} that you may see: {known}", os.EX_USAGE)
    return by_name[asked]


def _since(at: int | None, now: int) -> str:
    return "-" if at is None else f"{age(now - at)} ago"
