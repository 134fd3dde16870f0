"""Ends of a colleague's shift that are refused."""

from __future__ import annotations

from connector.domain.agent import Role
from connector.wire import requests
from connector.wire.board import HandOn, UndoHandOn
from tests.connector.services.refusals.scenes import EVE, assigned, scene
from tests.kit.stores import agent
from tests.kit.use_cases import Office, define


@scene(HandOn)
async def the_shift_of_nobody(office: Office) -> tuple[str, requests.Request]:
    return "ann", HandOn("nobody")


@scene(HandOn)
async def the_shift_of_one_who_has_more_than_the_lead(office: Office) -> tuple[str, requests.Request]:
    await assigned(office)
    await office.sign_in(EVE, skills=("orders",), role=Role.LEAD)
    return EVE, HandOn("ann")


@scene(HandOn)
async def handed_on_to_whom_they_are_of(office: Office) -> tuple[str, requests.Request]:
    await assigned(office)
    return "lea", HandOn("ann", to="ann")


@scene(HandOn)
async def handed_on_to_nobody(office: Office) -> tuple[str, requests.Request]:
    await assigned(office)
    return "lea", HandOn("ann", to="nobody")


@scene(HandOn)
async def handed_on_to_a_skill_that_is_none(office: Office) -> tuple[str, requests.Request]:
    await assigned(office)
    return "lea", HandOn("ann", skill="knitting")


@scene(HandOn)
async def a_colleagues_shift_by_no_lead(office: Office) -> tuple[str, requests.Request]:
    await assigned(office)
    await office.sign_in(EVE, skills=("orders",))
    return EVE, HandOn("ann")


@scene(HandOn)
async def to_one_without_a_desk(office: Office) -> tuple[str, requests.Request]:
    await assigned(office)
    await office.do(define, agent(id=EVE, name=EVE))
    return "lea", HandOn("ann", to=EVE)


@scene(HandOn)
async def one_that_another_lead_has_ended(office: Office) -> tuple[str, requests.Request]:
    await assigned(office)
    await office.sign_in(EVE, role=Role.LEAD)
    await office.ask(HandOn("ann", to=EVE), name=EVE, is_administrator=False)
    return "lea", HandOn("ann")


@scene(UndoHandOn)
async def undone_of_one_who_is_on_duty(office: Office) -> tuple[str, requests.Request]:
    return "lea", UndoHandOn("ann", [(await assigned(office)).id])


@scene(UndoHandOn)
async def undone_of_one_who_has_said_how_they_are(office: Office) -> tuple[str, requests.Request]:
    conversation = await assigned(office)
    await office.ask(HandOn("ann"), name="lea")
    await office.ask(requests.SetPresence("online"), name="ann")
    return "lea", UndoHandOn("ann", [conversation.id])


@scene(HandOn)
async def all_are_of_a_skill_that_the_lead_has_not(office: Office) -> tuple[str, requests.Request]:
    await assigned(office)
    await office.sign_in("ann", skills=("refunds",))
    await office.sign_in(EVE, skills=("refunds",), role=Role.LEAD)
    return EVE, HandOn("ann")
