"""`textdesk setup twilio`: from SID and token to numbers whose texts reach us.

Questions are asked between calls, never during them: each group of calls runs in an event loop of its own.
"""

from __future__ import annotations

import asyncio
import os
from argparse import Namespace
from collections.abc import Mapping, Sequence
from typing import Any

from connector.console.failure import CommandFailed
from connector.providers.outbound import OutboundClient
from connector.providers.twilio.admin import API_BASE
from connector.providers.twilio.numbers import MessagingService, TwilioNumber, inbound_url, overriding
from connector.providers.values import CallFailed
from connector.setup import numbers as choosing
from connector.setup import round_trip
from connector.setup.config_file import ConfigEdit, check_result
from connector.setup.dialogue import Dialogue
from connector.setup.toml_edit import ConfigChange
from connector.setup.twilio_plan import ChangeStep, goes_to, step_for, step_for_service, unconfigured, wanted
from connector.setup.twilio_sign_in import TwilioCredentials, TwilioInventory, sign_in


def run(options: Namespace) -> int:
    dialogue = Dialogue(options)
    name, known = dialogue.account("twilio", "main")
    credentials, found = sign_in(dialogue, known)
    chosen = _choose(dialogue, found, known)
    numbers = dialogue.numbers([number.address for number in chosen] + _unlisted(found, known), known)
    addresses = [number["address"] for number in numbers]
    chosen = [number for number in chosen if number.address in addresses]
    url = dialogue.public_url(known)
    values = {"provider": "twilio", "account_sid": credentials.sid, "public_url": url}
    if credentials.api_base != API_BASE:
        values["api_base"] = credentials.api_base
    edit = dialogue.config.edit(name, values, {"auth_token": credentials.token.reveal()}, numbers)
    check_result(edit)
    address = inbound_url(url, name)
    steps = _steps(dialogue, chosen, found.services, address)
    for left in unconfigured(found.numbers, addresses, address):
        dialogue.note(
            f"{left} is not to be in the configuration and still sends its texts to us, where they go to quarantine:"
            " give it another address in Twilio's console."
        )
    if edit.changes or steps:
        _show(dialogue, edit, steps)
        if (code := dialogue.confirm("Make these changes?")) is not None:
            return code
        dialogue.write(edit)
        asyncio.run(_carry_out(dialogue, credentials, steps, address))
        dialogue.next_steps()
    else:
        dialogue.nothing_to_change("configuration and numbers are")
    if options.dry_run:
        return 0
    return round_trip.run(dialogue, [number.address for number in chosen] or addresses)


def _show(dialogue: Dialogue, edit: ConfigEdit, steps: Sequence[ChangeStep]) -> None:
    """Show every change; equal ones at several numbers once."""
    dialogue.show_edit(edit)
    alike: dict[tuple[ConfigChange, ...], list[str]] = {}
    for step in steps:
        alike.setdefault(step.changes, []).append(step.title)
    for changes, titles in alike.items():
        dialogue.changes(f"{', '.join(titles)} at Twilio", changes)


def _choose(dialogue: Dialogue, found: TwilioInventory, known: Mapping[str, Any]) -> list[TwilioNumber]:
    able = [number for number in found.numbers if number.takes_sms]
    if not able:
        raise CommandFailed(
            "The account has no number that can take texts: buy one in Twilio's console, then run this again."
        )
    dialogue.title("Numbers of this account")
    places = {number.sid: str(place) for place, number in enumerate(able, 1)}
    services = found.services or []
    dialogue.table(
        [
            (places.get(number.sid, "-"), number.address, number.abilities, number.name, goes_to(number, services))
            for number in found.numbers
        ]
    )
    if found.services is None:
        dialogue.note("Messaging Services could not be read; one that has a number of yours takes its texts.")
    dialogue.say()
    addresses = [number.address for number in able]
    ours = [number["address"] for number in known.get("numbers", []) if number["address"] in addresses]
    chosen = dialogue.questions.text(
        "Which of them? Places or numbers, separated by commas",
        lambda text: ",".join(choosing.select(text, addresses)),
        flag="--numbers",
        given=dialogue.options.numbers,
        default=",".join(ours) if ours and len(ours) < len(able) else "all",
    )
    return [number for number in able if number.address in chosen.split(",")]


def _unlisted(found: TwilioInventory, known: Mapping[str, Any]) -> list[str]:
    """Short codes and names in the configuration, which Twilio does not list: they are not asked about."""
    listed = {number.address for number in found.numbers}
    return [number["address"] for number in known.get("numbers", []) if number["address"] not in listed]


def _steps(
    dialogue: Dialogue, chosen: Sequence[TwilioNumber], services: Sequence[MessagingService] | None, address: str
) -> list[ChangeStep]:
    """What to set at Twilio. A service or application in a number's place is changed with consent only."""
    steps: dict[str, ChangeStep] = {}
    declined: set[str] = set()
    for number in chosen:
        clear = False
        if number.application_sid:
            dialogue.note(
                f"{number.address} has the application {number.application_sid}, which takes its texts; Twilio ignores"
                " the number's own addresses while it is set."
            )
            clear = _take_over(dialogue, f"Take that application off {number.address}?")
        if step := step_for(number, address, clear_application=clear):
            steps[number.sid] = step
        service = overriding(number, services or ())
        if service is None or service.sid in declined or service.sid in steps:
            continue
        if step := step_for_service(service, address):
            others = len(service.numbers) - 1
            dialogue.note(
                f"{number.address} is in the {service.title}, whose address counts in place of the number's own"
                f"{f' (and those of {others} more)' if others else ''}."
            )
            if _take_over(dialogue, "Set the service's address to ours as well?"):
                steps[service.sid] = step
            else:
                declined.add(service.sid)
    return list(steps.values())


def _take_over(dialogue: Dialogue, question: str) -> bool:
    is_wanted = dialogue.questions.yes(question, given=dialogue.options.take_over)
    if not is_wanted:
        more = "" if dialogue.questions.is_person else " Give --take-over to change it."
        dialogue.note(f"It stays, and texts to that number do not reach textdesk.{more}")
    return is_wanted


async def _carry_out(
    dialogue: Dialogue, credentials: TwilioCredentials, steps: Sequence[ChangeStep], address: str
) -> None:
    async with OutboundClient() as http:
        admin, hooks = credentials.admin(http), wanted(address)
        for step in steps:
            dialogue.progress.show(f"setting {step.title}…")
            try:
                if step.is_service:
                    await admin.set_service(step.sid, hooks)
                else:
                    await admin.set_number(step.sid, hooks, clears_application=step.clears_application)
            except CallFailed as error:
                raise CommandFailed(
                    f"{step.title} could not be set: {error} Earlier changes stay; run this again to continue.",
                    os.EX_UNAVAILABLE,
                ) from None
            finally:
                dialogue.progress.clear()
            dialogue.done(f"{step.title} is set")
