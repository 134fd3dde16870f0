"""Asking for SID and token until Twilio accepts them, and reading the account."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from connector.base.secret import Secret
from connector.console.failure import CommandFailed
from connector.providers.outbound import OutboundClient
from connector.providers.twilio.admin import API_BASE, NotSignedIn, TwilioAdmin
from connector.providers.twilio.numbers import MessagingService, TwilioAccountInfo, TwilioNumber
from connector.providers.values import CallFailed
from connector.setup.dialogue import Dialogue


class TwilioCredentials(Struct, frozen=True):
    """The account's SID and token."""

    sid: str
    token: Secret
    api_base: str

    def admin(self, http: OutboundClient) -> TwilioAdmin:
        return TwilioAdmin(self.sid, self.token, http, self.api_base)


class TwilioInventory(Struct, frozen=True):
    """The account and what it has. `services` is None when they could not be read."""

    account: TwilioAccountInfo
    numbers: list[TwilioNumber]
    services: list[MessagingService] | None


def sign_in(dialogue: Dialogue, known: Mapping[str, Any]) -> tuple[TwilioCredentials, TwilioInventory]:
    """Ask until Twilio accepts the pair."""
    options = dialogue.options
    token = dialogue.secret_of_flags()
    flags = "--token-file or --token-env"
    configured = dialogue.configured_secret(known, "auth_token", token, flags)
    sid: str | None = known.get("account_sid")
    while True:
        sid = dialogue.questions.text(
            "Account SID",
            _checked_sid,
            flag="--account-sid",
            given=options.account_sid,
            default=sid,
        )
        secret = dialogue.questions.secret("Auth token", flag=flags, given=token, default=configured)
        credentials = TwilioCredentials(sid, Secret(secret), options.api_base or known.get("api_base", API_BASE))
        dialogue.progress.show("signing in at Twilio…")
        try:
            found = asyncio.run(_inventory(credentials))
        except NotSignedIn as error:
            dialogue.progress.clear()
            if not dialogue.questions.is_person or (options.account_sid and token):
                raise CommandFailed(str(error), os.EX_NOPERM) from None
            dialogue.note(str(error))
            token = configured = None
            continue
        except CallFailed as error:
            raise CommandFailed(str(error), os.EX_UNAVAILABLE) from None
        finally:
            dialogue.progress.clear()
        if found.account.trouble:
            raise CommandFailed(f"Signed in to “{found.account.name}”. {found.account.trouble}", os.EX_NOPERM)
        dialogue.done(f"Signed in: {found.account.words}.")
        return credentials, found


def _checked_sid(text: str) -> str:
    sid = text.strip()
    if not (sid.startswith("AC") and len(sid) == 34 and sid.isalnum()):
        raise ValueError("an account SID is AC and 32 letters and digits; Twilio's console shows it on its first page.")
    return sid


async def _inventory(credentials: TwilioCredentials) -> TwilioInventory:
    async with OutboundClient() as http:
        admin = credentials.admin(http)
        account = await admin.account()
        if account.trouble:
            return TwilioInventory(account, [], [])
        numbers = await admin.numbers()
        try:
            return TwilioInventory(account, numbers, await admin.services())
        except CallFailed:
            return TwilioInventory(account, numbers, None)
