"""`textdesk setup openmarket`: from id and password to the addresses OpenMarketProvider has to be given.

OpenMarketProvider's API lists no numbers and sets no addresses; its support enters them.
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
from connector.providers.http import http_client
from connector.providers.openmarket.provider import OpenMarketProvider
from connector.providers.openmarket.settings import OpenMarketSettings
from connector.providers.outcomes import for_administrator
from connector.providers.public_url import hook_url
from connector.providers.values import Health
from connector.setup.config_file import Edit, check_whole
from connector.setup.dialogue import Dialogue
from connector.setup.numbers import written


def run(options: Namespace) -> int:
    dialogue = Dialogue(options)
    dialogue.say(dialogue.colours.bold("Connect an OpenMarket account"))
    dialogue.say("Nothing is changed before it was shown here.\n")
    name = dialogue.name("openmarket")
    known = dialogue.config.section(name)
    if known.get("provider", "openmarket") != "openmarket":
        raise CommandFailed(f"The account {name} is one of {known['provider']}; give another --name.", os.EX_USAGE)
    values, password = _sign_in(dialogue, known)
    listed = [str(number["address"]) for number in known.get("numbers", [])]
    addresses = dialogue.asker.text(
        "Your short codes and numbers there, with commas between them",
        lambda text: ",".join(written(text)),
        flag="--numbers",
        given=options.numbers,
        default=",".join(listed) or None,
    )
    numbers = dialogue.with_skill(addresses.split(","), known)
    values["public_url"] = url = dialogue.public_url(known)
    given = {"password": password}
    # A hook that nothing proves is refused, so an account without Basic auth gets a key.
    key = dialogue.config.secret(known.get("hook_key"))
    if key is None and "hook_password" not in known:
        key = secrets.token_urlsafe(32)
    if key is not None:
        given["hook_key"] = key
    edit = dialogue.config.edit(name, values, given, numbers)
    check_whole(edit)
    if not _change(dialogue, edit):
        return 1
    if not options.dry_run:
        _say_addresses(dialogue, url, name, key)
        dialogue.next_steps()
    return 0


def _change(dialogue: Dialogue, edit: Edit) -> bool:
    """Show it, and write it when somebody says yes. False when somebody says no."""
    if not edit.changes:
        dialogue.say(f"\n  {dialogue.colours.green('Nothing to change:')} the configuration is as it should be.")
        return True
    dialogue.title("What will change")
    dialogue.show_edit(edit)
    dialogue.say()
    if dialogue.options.dry_run:
        dialogue.say("  This was a dry run: nothing was changed.")
        return True
    if not dialogue.asker.yes("Write this?", given=dialogue.options.non_interactive):
        dialogue.say("  Nothing was changed.")
        return False
    edit.write()
    dialogue.done(f"{edit.path} is written")
    return True


def _sign_in(dialogue: Dialogue, known: Mapping[str, Any]) -> tuple[dict[str, str], str]:
    """Ask until OpenMarketProvider knows the pair. What the configuration says of it, and the password."""
    options = dialogue.options
    given = dialogue.given_secret()
    flags = "--password-file or --password-env"
    kept = dialogue.kept_secret(known, "password", given, flags)
    account_id: str | None = known.get("account_id")
    while True:
        account_id = dialogue.asker.text(
            "Account id", _checked_id, flag="--account-id", given=options.account_id, default=account_id
        )
        password = dialogue.asker.secret("Password", flag=flags, given=given, default=kept)
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
        if not dialogue.asker.is_person or (options.account_id and given):
            raise CommandFailed("OpenMarket refused the sign-in: id or password is wrong.", os.EX_NOPERM)
        dialogue.note("OpenMarket refused the sign-in: id or password is wrong.")
        given = kept = None


async def _checked(values: Mapping[str, str], password: str) -> Health:
    bases = {key: values[key] for key in ("api_base", "status_base") if key in values}
    settings = OpenMarketSettings(
        public_url="https://localhost",
        numbers=[],
        account_id=values["account_id"],
        password=Secret(password),
        **bases,  # type: ignore[arg-type]  # not of another type than they
    )
    async with http_client() as http:
        return await OpenMarketProvider("setup", settings, http).check()


def _checked_id(text: str) -> str:
    if not text.strip() or not text.isprintable():
        raise ValueError("the id is missing; it looks like 000-000-000-00000.")
    return text.strip()


def _say_addresses(dialogue: Dialogue, url: str, name: str, key: str | None) -> None:
    query = f"?{urlencode({'key': key})}" if key is not None else ""
    dialogue.title("Give these addresses to OpenMarket")
    dialogue.say("  Its API takes none, so its support or account manager enters them.\n")
    for what, kind in (("texts from consumers (MO)", "inbound"), ("delivery receipts", "receipt")):
        dialogue.say(f"  {what}\n    {hook_url(url, 'openmarket', name, kind)}{query}\n")
    if key is not None:
        dialogue.note(
            "Whoever knows these addresses can write as any consumer. Hand them over as you would a password."
        )
    else:
        dialogue.note("Tell OpenMarket the hook_user and hook_password of the configuration as well.")
