"""Requests about contacts that are refused."""

from __future__ import annotations

from typing import Any

from connector.domain.agent import Role
from connector.services.contacts import imports
from connector.wire import contacts, limits, requests
from tests.connector.services.refusals.scenes import EVE, NOWHERE, OTHER, SCENES, Scene, assigned, scene
from tests.kit.stores import CONSUMER, LINE
from tests.kit.use_cases import Office

CARD = "4242 4242 4242 4242"


def setting(**fields: Any) -> Scene:
    async def asked(office: Office) -> tuple[str, requests.Request]:
        return "ann", contacts.SetContact(conversation_id=(await assigned(office)).id, **fields)

    return asked


for fields in (
    {"name": "a" * (limits.CONTACT_NAME_LENGTH + 1)},
    {"notes": "a" * (limits.CONTACT_NOTES_LENGTH + 1)},
    {"language": "gibberish!"},
    {"attributes": {"": "A-17"}},
    {"attributes": {"Notes": "A-17"}},
    {"attributes": {"order": "a" * (limits.ATTRIBUTE_VALUE_LENGTH + 1)}},
    {"attributes": {"a" * (limits.ATTRIBUTE_NAME_LENGTH + 1): "yes"}},
    {"attributes": {"vip": "yes", "VIP": "no"}},
    {"attributes": {str(number): "yes" for number in range(limits.ATTRIBUTE_COUNT + 1)}},
):
    SCENES[contacts.SetContact].append(setting(**fields))


@scene(contacts.SetContact)
async def newer(office: Office) -> tuple[str, requests.Request]:
    conversation_id = (await assigned(office)).id
    await office.ask(contacts.SetContact(conversation_id=conversation_id, name="Ana"))
    return "ann", contacts.SetContact(conversation_id=conversation_id, name="Renée")


@scene(contacts.SetContact)
async def part_of_a_mask(office: Office) -> tuple[str, requests.Request]:
    conversation_id = (await assigned(office)).id
    saved = await office.ask(contacts.SetContact(conversation_id=conversation_id, notes=f"pays with {CARD}"))
    changed = contacts.SetContact(
        conversation_id=conversation_id,
        based_on=saved.version,  # type: ignore[union-attr]
        notes="pays with ███ 4242",
    )
    return "ann", changed


for request in (contacts.GetContact(NOWHERE), contacts.SetContact(conversation_id=NOWHERE)):

    async def about_nothing(office: Office, request: Any = request) -> tuple[str, requests.Request]:
        return "ann", request

    SCENES[type(request)].append(about_nothing)


@scene(contacts.SetContactOf)
async def one_of_our_lines(office: Office) -> tuple[str, requests.Request]:
    return "ann", contacts.SetContactOf(number=LINE, name="Us")


@scene(contacts.SetContactOf)
async def no_number(office: Office) -> tuple[str, requests.Request]:
    return "ann", contacts.SetContactOf(number="ten", name="Ten")


@scene(contacts.SetContactOf)
async def of_someone_elses_consumer(office: Office) -> tuple[str, requests.Request]:
    await office.text()
    await office.sign_in(EVE, role=Role.LEAD, accounts=("other",))
    return EVE, contacts.SetContactOf(number=CONSUMER, name="Ana")


@scene(contacts.GetContactOf)
async def of_nobody(office: Office) -> tuple[str, requests.Request]:
    return "ann", contacts.GetContactOf(OTHER)


@scene(contacts.GetContactOf)
async def of_what_is_not_seen(office: Office) -> tuple[str, requests.Request]:
    await office.text()
    await office.sign_in(EVE, accounts=("other",))
    return EVE, contacts.GetContactOf(CONSUMER)


@scene(contacts.RemoveContact)
async def nothing_to_remove(office: Office) -> tuple[str, requests.Request]:
    return "ann", contacts.RemoveContact(OTHER)


@scene(contacts.StageContacts)
async def without_an_id(office: Office) -> tuple[str, requests.Request]:
    return "ann", contacts.StageContacts("", [])


@scene(contacts.ApplyContacts)
async def of_nothing(office: Office) -> tuple[str, requests.Request]:
    return "ann", contacts.ApplyContacts(NOWHERE, 0)


async def staged(office: Office, *rows: contacts.ContactRow) -> None:
    checked = await office.question(contacts.StageContacts("I1", list(rows)))
    await office.do(imports.stage, "ann", "I1", checked)


@scene(contacts.ApplyContacts)
async def a_line_is_missing(office: Office) -> tuple[str, requests.Request]:
    await staged(office, contacts.ContactRow(line=2, number=OTHER, name="Ana"))
    return "ann", contacts.ApplyContacts("I1", 2)


@scene(contacts.ApplyContacts)
async def a_line_is_wrong(office: Office) -> tuple[str, requests.Request]:
    await staged(office, contacts.ContactRow(line=2, number=OTHER, language="gibberish!"))
    return "ann", contacts.ApplyContacts("I1", 0)


@scene(contacts.ApplyContacts)
async def a_contact_changed_meanwhile(office: Office) -> tuple[str, requests.Request]:
    await staged(office, contacts.ContactRow(line=2, number=OTHER, name="Ana"))
    await office.ask(contacts.SetContactOf(number=OTHER, name="Renée"))
    return "ann", contacts.ApplyContacts("I1", 1)
