"""`textdesk setup twilio`: from SID and token to numbers whose texts reach us.

Questions are asked between calls, never during them: each look and each change is an event loop of its own.
"""

from __future__ import annotations

import asyncio
import os
from argparse import Namespace
from collections.abc import Mapping, Sequence
from typing import Any

from connector.console.failure import CommandFailed
from connector.providers.http import http_client
from connector.providers.twilio.admin import API_BASE
from connector.providers.twilio.numbers import MessagingService, TwilioNumber, inbound_url, overriding
from connector.providers.values import CallFailed
from connector.setup import numbers as choosing
from connector.setup import trial_text
from connector.setup.config_file import Edit, check_whole
from connector.setup.config_text import ConfigChange
from connector.setup.dialogue import Dialogue
from connector.setup.twilio_plan import ChangeStep, goes_to, left_behind, step_for, step_for_service, wanted
from connector.setup.twilio_sign_in import TwilioCredentials, TwilioInventory, sign_in


def run(options: Namespace) -> int:
    dialogue = Dialogue(options)
    dialogue.say(dialogue.colours.bold("Connect a Twilio account"))
    dialogue.say("Nothing is changed before it was shown here.\n")
    name = dialogue.name("main")
    known = dialogue.config.section(name)
    if known.get("provider", "twilio") != "twilio":
        raise CommandFailed(f"The account {name} is one of {known['provider']}; give another --name.", os.EX_USAGE)
    access, found = sign_in(dialogue, known)
    chosen = _choose(dialogue, found, known)
    numbers = dialogue.with_skill(_configured(chosen, found, known), known)
    url = dialogue.public_url(known)
    values = {"provider": "twilio", "account_sid": access.sid, "public_url": url}
    if access.api_base != API_BASE:
        values["api_base"] = access.api_base
    edit = dialogue.config.edit(name, values, {"auth_token": access.token.reveal()}, numbers)
    check_whole(edit)
    address = inbound_url(url, name)
    steps = _steps(dialogue, chosen, found.services, address)
    for left in left_behind(found.numbers, [number["address"] for number in numbers], address):
        dialogue.note(
            f"{left} is not to be in the configuration and still hands its texts to us, where they are set aside as"
            " nobody's: give it another address in Twilio's console."
        )
    if not edit.changes and not steps:
        dialogue.say(
            f"\n  {dialogue.colours.green('Nothing to change:')} configuration and numbers are as they should be."
        )
    elif not _change(dialogue, access, edit, steps, address):
        return 1
    if options.dry_run:
        return 0
    return trial_text.run(dialogue, access.admin, [number.address for number in chosen])


def _change(
    dialogue: Dialogue, access: TwilioCredentials, edit: Edit, steps: Sequence[ChangeStep], address: str
) -> bool:
    """Show it all, and do it when somebody says yes. False when somebody says no."""
    dialogue.title("What will change")
    dialogue.show_edit(edit)
    alike: dict[tuple[ConfigChange, ...], list[str]] = {}
    for step in steps:
        alike.setdefault(step.changes, []).append(step.title)
    for changes, titles in alike.items():
        dialogue.changes(f"{', '.join(titles)} at Twilio", changes)
    dialogue.say()
    if dialogue.options.dry_run:
        dialogue.say("  This was a dry run: nothing was changed.")
        return True
    if not dialogue.asker.yes("Make these changes?", given=dialogue.options.non_interactive):
        dialogue.say("  Nothing was changed.")
        return False
    if edit.changes:
        edit.write()
        dialogue.done(f"{edit.path} is written")
    asyncio.run(_carry_out(dialogue, access, steps, address))
    dialogue.next_steps()
    return True


def _choose(dialogue: Dialogue, found: TwilioInventory, known: Mapping[str, Any]) -> list[TwilioNumber]:
    able = [number for number in found.numbers if number.takes_sms]
    if not able:
        raise CommandFailed(
            "The account has no number that can take texts: buy one in Twilio's console, then come back."
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
        dialogue.note("Messaging Services could not be read; one that has a number of yours decides in its place.")
    dialogue.say()
    addresses = [number.address for number in able]
    ours = [number["address"] for number in known.get("numbers", []) if number["address"] in addresses]
    said = dialogue.asker.text(
        "Which of them? Places or numbers, with commas between them",
        lambda text: ",".join(choosing.chosen(text, addresses)),
        flag="--numbers",
        given=dialogue.options.numbers,
        default=",".join(ours) if ours and len(ours) < len(able) else "all",
    )
    return [number for number in able if number.address in said.split(",")]


def _configured(chosen: Sequence[TwilioNumber], found: TwilioInventory, known: Mapping[str, Any]) -> list[str]:
    """What the configuration shall have: short codes and the like, which Twilio does not list, stay."""
    listed = {number.address for number in found.numbers}
    unlisted = [number["address"] for number in known.get("numbers", []) if number["address"] not in listed]
    return [number.address for number in chosen] + unlisted


def _steps(
    dialogue: Dialogue, chosen: Sequence[TwilioNumber], services: Sequence[MessagingService] | None, address: str
) -> list[ChangeStep]:
    """What to set at Twilio. What answers for a number in its place is only touched when somebody says so."""
    steps: dict[str, ChangeStep] = {}
    left: set[str] = set()
    for number in chosen:
        clear = False
        if number.application_sid:
            dialogue.note(
                f"{number.address} has the application {number.application_sid}, which takes its texts; Twilio ignores"
                " the number's own addresses as long as it is there."
            )
            clear = _take_over(dialogue, f"Take that application off {number.address}?")
        if step := step_for(number, address, clear_application=clear):
            steps[number.sid] = step
        service = overriding(number, services or ())
        if service is None or service.sid in left or service.sid in steps:
            continue
        if step := step_for_service(service, address):
            others = len(service.numbers) - 1
            dialogue.note(
                f"{number.address} is in the {service.title}, whose address decides instead of the number's own"
                f"{f' (and of those of {others} more)' if others else ''}."
            )
            if _take_over(dialogue, "Set the service's address to ours as well?"):
                steps[service.sid] = step
            else:
                left.add(service.sid)
    return list(steps.values())


def _take_over(dialogue: Dialogue, question: str) -> bool:
    is_wanted = dialogue.asker.yes(question, given=dialogue.options.take_over)
    if not is_wanted:
        more = "" if dialogue.asker.is_person else " Give --take-over to change it."
        dialogue.note(f"It stays as it is, and texts to that number do not reach textdesk.{more}")
    return is_wanted


async def _carry_out(dialogue: Dialogue, access: TwilioCredentials, steps: Sequence[ChangeStep], address: str) -> None:
    async with http_client() as http:
        admin, hooks = access.admin(http), wanted(address)
        for step in steps:
            dialogue.progress.show(f"setting {step.title}…")
            try:
                if step.is_service:
                    await admin.set_service(step.sid, hooks)
                else:
                    await admin.set_number(step.sid, hooks, clears_application=step.clears_application)
            except CallFailed as error:
                raise CommandFailed(
                    f"{step.title} could not be set: {error} What was done before stays; run this again to go on.",
                    os.EX_UNAVAILABLE,
                ) from None
            finally:
                dialogue.progress.clear()
            dialogue.done(f"{step.title} is set")
