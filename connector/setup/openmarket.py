"""`textdesk setup openmarket`: from id and password to the addresses that OpenMarket's support enters.

Its API lists no numbers and sets no addresses.
"""

from __future__ import annotations

import asyncio
import os
import secrets
from argparse import Namespace
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from connector.base.secret import Secret
from connector.console.failure import CommandFailed
from connector.console.output import plain
from connector.providers.openmarket.provider import OpenMarketProvider
from connector.providers.openmarket.settings import OpenMarketSettings
from connector.providers.outbound import OutboundClient
from connector.providers.public_url import hook_url
from connector.providers.send_outcomes import for_administrator
from connector.providers.values import Health
from connector.setup import numbers
from connector.setup.config_file import check_result
from connector.setup.dialogue import Dialogue


def run(options: Namespace) -> int:
    dialogue = Dialogue(options)
    name, known = dialogue.account("openmarket", "openmarket")
    values, password = _sign_in(dialogue, known)
    listed = [str(number["address"]) for number in known.get("numbers", [])]
    addresses = dialogue.questions.text(
        "Your short codes and numbers there, separated by commas",
        lambda text: ",".join(numbers.parse(text)),
        flag="--numbers",
        given=options.numbers,
        default=",".join(listed) or None,
    )
    with_skill = dialogue.numbers(addresses.split(","), known)
    values["public_url"] = url = dialogue.public_url(known)
    given = {"password": password}
    # A hook without credentials is refused, so an account without Basic auth gets a key.
    key = dialogue.config.secret(known.get("hook_key"))
    if key is None and "hook_password" not in known:
        key = secrets.token_urlsafe(32)
    if key is not None:
        given["hook_key"] = key
    edit = dialogue.config.edit(name, values, given, with_skill)
    check_result(edit)
    if edit.changes:
        dialogue.show_edit(edit)
        if (code := dialogue.confirm("Write this?")) is not None:
            return code
        dialogue.write(edit)
    else:
        dialogue.nothing_to_change("the configuration is")
    if not options.dry_run:
        _show_addresses(dialogue, url, name, key)
        dialogue.next_steps()
    return 0


def _sign_in(dialogue: Dialogue, known: Mapping[str, Any]) -> tuple[dict[str, str], str]:
    """Ask until OpenMarket accepts the pair. Returns its part of the configuration, and the password."""
    options = dialogue.options
    given = dialogue.secret_of_flags()
    flags = "--password-file or --password-env"
    configured = dialogue.configured_secret(known, "password", given, flags)
    account_id: str | None = known.get("account_id")
    while True:
        account_id = dialogue.questions.text(
            "Account id", _checked_id, flag="--account-id", given=options.account_id, default=account_id
        )
        password = dialogue.questions.secret("Password", flag=flags, given=given, default=configured)
        values = {"provider": "openmarket", "account_id": account_id}
        for key in ("api_base", "status_base"):
            if base := getattr(options, key) or known.get(key):
                values[key] = base
        dialogue.progress.show("signing in at OpenMarket…")
        try:
            health = asyncio.run(_checked(values, password))
        except ValueError as error:
            raise CommandFailed(f"{error}.", os.EX_USAGE) from None
        finally:
            dialogue.progress.clear()
        if health.ok:
            dialogue.done("Signed in.")
            return values, password
        if "refused the sign-in" not in health.words:
            raise CommandFailed(for_administrator(health.words), os.EX_UNAVAILABLE)
        if not dialogue.questions.is_person or (options.account_id and given):
            raise CommandFailed("OpenMarket refused the sign-in: id or password is wrong.", os.EX_NOPERM)
        dialogue.note("OpenMarket refused the sign-in: id or password is wrong.")
        given = configured = None


async def _checked(values: Mapping[str, str], password: str) -> Health:
    bases = {key: values[key] for key in ("api_base", "status_base") if key in values}
    settings = OpenMarketSettings(
        public_url="https://localhost",
        numbers=[],
        account_id=values["account_id"],
        password=Secret(password),
        **bases,  # type: ignore[arg-type]  # all of them are texts
    )
    async with OutboundClient() as http:
        return await OpenMarketProvider("setup", settings, http).check()


def _checked_id(text: str) -> str:
    if not text.strip() or not text.isprintable():
        raise ValueError("the id is missing; it looks like 000-000-000-00000.")
    return text.strip()


def _show_addresses(dialogue: Dialogue, url: str, name: str, key: str | None) -> None:
    query = f"?{urlencode({'key': key})}" if key is not None else ""
    dialogue.title("Give these addresses to OpenMarket")
    dialogue.say("  Its API takes none: its support or account manager enters them.\n")
    for what, kind in (("texts from consumers (MO)", "inbound"), ("delivery receipts", "receipt")):
        dialogue.say(f"  {what}\n    {plain(hook_url(url, 'openmarket', name, kind) + query)}\n")
    if key is not None:
        dialogue.note("A caller with these addresses can write as any consumer. Treat them like passwords.")
    else:
        dialogue.note("Give OpenMarket the hook_user and hook_password of the configuration as well.")
