"""`textdesk setup generic`: from a gateway's addresses to what has to be entered there.

The gateway may not know the secret yet, so that its answer decides nothing here.
"""

from __future__ import annotations

import asyncio
import secrets
from argparse import Namespace
from collections.abc import Callable, Mapping
from typing import Any

from connector.base.secret import Secret
from connector.console.output import plain
from connector.providers.generic.provider import GenericProvider
from connector.providers.generic.settings import GenericSettings
from connector.providers.outbound import OutboundClient
from connector.providers.public_url import check_encrypted, check_url, hook_url
from connector.providers.send_outcomes import for_administrator
from connector.providers.values import Health
from connector.setup import numbers, round_trip
from connector.setup.config_file import check_result
from connector.setup.dialogue import Dialogue

_RELAY_SEND, _RELAY_STATUS = "http://127.0.0.1:8200/send", "http://127.0.0.1:8200/status"


def run(options: Namespace) -> int:
    dialogue = Dialogue(options)
    name, known = dialogue.account("generic", "gateway")
    ask = dialogue.questions.text
    values = {
        "provider": "generic",
        "send_url": ask(
            "Address of the gateway that takes replies",
            _address("send_url"),
            flag="--send-url",
            given=options.send_url,
            default=known.get("send_url") or _RELAY_SEND,
        ),
    }
    status_url = ask(
        "Its address that tells the status of a reply, or none",
        _address("status_url", may_be_none=True),
        flag="--status-url",
        given=options.status_url,
        default=known.get("status_url") or (_RELAY_STATUS if values["send_url"] == _RELAY_SEND else "none"),
    )
    if status_url:
        values["status_url"] = status_url
    else:
        dialogue.note(
            "Without a status address nothing can be looked up: a reply of unknown end comes back to an agent."
        )
    secret, is_made_up = _secret(dialogue, known)
    listed = [str(number["address"]) for number in known.get("numbers", [])]
    addresses = ask(
        "Your numbers and short codes there, separated by commas",
        lambda text: ",".join(numbers.parse(text)),
        flag="--numbers",
        given=options.numbers,
        default=",".join(listed) or None,
    )
    chosen = dialogue.numbers(addresses.split(","), known)
    values["public_url"] = dialogue.public_url(known)
    edit = dialogue.config.edit(name, values, {"secret": secret}, chosen)
    check_result(edit)
    if edit.changes:
        dialogue.show_edit(edit)
        if (code := dialogue.confirm("Write this?")) is not None:
            return code
        dialogue.write(edit)
    else:
        dialogue.nothing_to_change("the configuration is")
    if options.dry_run:
        return 0
    _ask_gateway(dialogue, values, secret)
    _show_addresses(dialogue, name, values["public_url"], is_made_up=is_made_up)
    dialogue.next_steps()
    return round_trip.run(dialogue, [number["address"] for number in chosen])


def _address(key: str, *, may_be_none: bool = False) -> Callable[[str], str]:
    def check(text: str) -> str:
        if may_be_none and text.strip().lower() in ("", "none"):
            return ""
        check_url(key, text.strip())
        check_encrypted(key, text.strip())
        return text.strip()

    return check


def _secret(dialogue: Dialogue, known: Mapping[str, Any]) -> tuple[str, bool]:
    """The secret of both sides, and whether it was made up here."""
    flags = "--secret-file or --secret-env"
    given = dialogue.secret_of_flags()
    configured = dialogue.configured_secret(known, "secret", given, flags)
    made_up = secrets.token_hex(32)
    if configured is None and given is None and dialogue.questions.is_person:
        dialogue.say("The secret of both sides is made up, unless you type the gateway's.")
    if given is None and (configured is None or dialogue.questions.is_person):
        # An enter without a present secret takes the one made up.
        found = dialogue.questions.secret(
            "Secret", flag=flags, given=None, default=configured or made_up, is_new=configured is None
        )
    else:
        found = given or configured or made_up
    return found, found == made_up


def _ask_gateway(dialogue: Dialogue, values: Mapping[str, str], secret: str) -> None:
    """Sign in as the core does, and say what came of it."""
    if "status_url" not in values:
        return
    dialogue.progress.show("asking the gateway…")
    try:
        health = asyncio.run(_checked(values, secret))
    finally:
        dialogue.progress.clear()
    words = for_administrator(health.words)
    if health.ok:
        dialogue.done("The gateway answers, and has the same secret.")
    else:
        dialogue.note(f"{words} `textdesk doctor` asks again.")


async def _checked(values: Mapping[str, str], secret: str) -> Health:
    settings = GenericSettings(
        public_url="https://localhost",
        numbers=[],
        send_url=values["send_url"],
        status_url=values["status_url"],
        secret=Secret(secret),
    )
    async with OutboundClient() as http:
        return await GenericProvider("setup", settings, http).check()


def _show_addresses(dialogue: Dialogue, name: str, url: str, *, is_made_up: bool) -> None:
    dialogue.title("Give this to the gateway")
    for what, kind in (("texts from consumers", "inbound"), ("the status of replies", "status")):
        dialogue.say(f"  {what}\n    {plain(hook_url(url, 'generic', name, kind))}\n")
    if is_made_up:
        file = dialogue.config.path.parent / f"{name}.secret"
        dialogue.note(f"The gateway needs the secret of {file}, too.")
    dialogue.note(
        f"For Kannel, `textdesk relay kannel` is the gateway: its section [relay] names the account {name}, this public"
        " address as core_url, and the same secret; docs/generic-provider.md has the whole of it."
    )
