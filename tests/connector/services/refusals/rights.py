"""Requests that are refused for what the agent may see or do."""

from __future__ import annotations

from msgspec.structs import replace

from connector.domain.agent import Role, Sees
from connector.domain.conversation import Conversation
from connector.domain.status import Status
from connector.wire import requests
from tests.connector.services.refusals.scenes import EVE, assigned, queued, scene
from tests.kit.stores import CONSUMER, LINE
from tests.kit.use_cases import OTHER_LINE, Office


async def out_of_sight(office: Office) -> tuple[Conversation, str]:
    """A conversation with a message that Eve does not see."""
    conversation = await assigned(office)
    await office.sign_in(EVE, skills=("bookings",), accounts=("other",))
    return conversation, await office.reply(conversation)


@scene(requests.Explain)
async def unseen_conversation(office: Office) -> tuple[str, requests.Request]:
    conversation, _ = await out_of_sight(office)
    return EVE, requests.Explain(conversation.id)


@scene(requests.GetOverflow)
async def overflow_of_an_unseen_message(office: Office) -> tuple[str, requests.Request]:
    _, message_id = await out_of_sight(office)
    return EVE, requests.GetOverflow(message_id)


@scene(requests.Accept)
async def accepted_without_the_skill(office: Office) -> tuple[str, requests.Request]:
    conversation = await queued(office)
    await office.sign_in(EVE, skills=("bookings",), sees=Sees.ALL)
    return EVE, requests.Accept(conversation.id)


@scene(requests.TakeOver)
async def taken_over_by_an_agent(office: Office) -> tuple[str, requests.Request]:
    conversation = await assigned(office)
    await office.sign_in(EVE)
    return EVE, requests.TakeOver(conversation.id)


@scene(requests.Join)
async def joined_by_the_lead_of_another_skill(office: Office) -> tuple[str, requests.Request]:
    conversation = await assigned(office)
    await office.sign_in(EVE, skills=("bookings",), sees=Sees.ALL, role=Role.LEAD)
    return EVE, requests.Join(conversation.id)


@scene(requests.SetPresence)
async def presence_of_one_who_is_disabled(office: Office) -> tuple[str, requests.Request]:
    await office.sign_in(EVE, is_disabled=True)
    return EVE, requests.SetPresence("away")


async def engaged(office: Office) -> Conversation:
    """Eve's closed conversation, whose consumer has another one that she does not see."""
    await office.sign_in(EVE, skills=("orders",))
    ended = await office.text()
    await office.ask(requests.Close(ended.id), name=EVE)
    office.clock.advance(61_000)
    await office.sign_in("bob", skills=("bookings",))
    opened = await office.text()
    await office.ask(requests.Transfer(opened.id, "bookings"), name=EVE)
    return ended


@scene(requests.Start)
async def start_to_one_who_is_answered_out_of_sight(office: Office) -> tuple[str, requests.Request]:
    await engaged(office)
    return EVE, requests.Start(LINE, CONSUMER, "Hi")


@scene(requests.Reopen)
async def reopened_while_another_out_of_sight_is_open(office: Office) -> tuple[str, requests.Request]:
    ended = await engaged(office)
    office.clock.advance(-61_000)
    return EVE, requests.Reopen(ended.id)


@scene(requests.Resend)
async def resend_into_a_conversation_out_of_sight(office: Office) -> tuple[str, requests.Request]:
    await office.sign_in(EVE, skills=("orders",))
    message_id = await office.reply(await office.text())
    ended = await office.message(message_id)
    await office.ask(requests.Close(ended.conversation_id), name=EVE)
    await office.store.write(lambda tx: tx.messages.update(replace(ended, status=Status.FAILED)))
    office.clock.advance(61_000)
    await office.sign_in("bob", skills=("bookings",))
    await office.ask(requests.Transfer((await office.text()).id, "bookings"), name=EVE)
    return EVE, requests.Resend(message_id)


@scene(requests.Reply)
async def reply_with_an_override_of_an_agent(office: Office) -> tuple[str, requests.Request]:
    await office.sign_in(EVE)
    return EVE, requests.Reply((await office.text()).id, "Hi", override=True)


@scene(requests.DecideOptOut)
async def decided_about_a_text_out_of_sight(office: Office) -> tuple[str, requests.Request]:
    await office.sign_in(EVE, skills=("orders",), accounts=("main",))
    conversation = await office.text()
    await office.text("please stop texting me", line=OTHER_LINE)
    return EVE, requests.DecideOptOut(conversation.id, False)
