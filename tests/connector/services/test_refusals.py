"""A refusal changes nothing: every request, into each of its refusals, with the whole store compared.

A refusal that is added to the use cases and has no scene here makes this fail, as does a request without any.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from connector.domain.account import AccountMode
from connector.domain.agent import AgentToken, Role, Sees
from connector.domain.conversation import Conversation
from connector.domain.media import Media, MediaState
from connector.domain.message import Direction
from connector.domain.refusals import Refused
from connector.domain.sending_limits import SendingLimits
from connector.domain.skill_rules import Rules, SkillRules
from connector.domain.status import Status
from connector.providers.values import Arrival, InboundText, Untaken
from connector.services.accounts import quarantine
from connector.services.accounts.stored_hooks import STORED_BODY
from connector.services.request_table import TABLE, CommandRow
from connector.store.sql.store import SqlStore, open_store
from connector.store.values import HookState
from connector.wire import administration, limits, requests
from tests.kit.refusal_sites import raised_at, sites
from tests.kit.stores import CONSUMER, LINE, hook, message
from tests.kit.templates import copied
from tests.kit.use_cases import OTHER_LINE, Office, rules
from tests.kit.whole_store import whole_store

OTHER = "+14155550188"
ALIEN = "+15550199"  # no line of ours
NOWHERE = "unknown"
EVE = "eve"  # asks with the rights she has; the others may do everything
SKILLS = Rules(SkillRules(undo_s=60, reopen_s=60), known=("orders", "bookings", "refunds"))

Scene = Callable[[Office], Awaitable[tuple[str, requests.Request]]]
SCENES: dict[type, list[Scene]] = defaultdict(list)
# Requests that no use case refuses, with the reason.
NEVER_REFUSED = {
    requests.GetTraffic: "names nothing",
    administration.GetAgents: "names nothing",
    administration.GetErased: "what is not erased is left out",
    requests.GetConversations: "names nothing that has to exist",
    requests.GetLoads: "names nothing",
    administration.GetHooks: "names nothing",
    administration.VerifyAudit: "what is wrong is its answer",
    requests.GetPresence: "a question; refused where 10,000 spans are too many",
    requests.PutPicture: "refused by the edge, before a file is written; tests/connector/edge/desks/test_refusals.py",
    administration.Recover: "refused by the edge; tests/connector/edge/desks/test_refusals.py",
    administration.Reload: "refused by `connector.reloading`; tests/connector/test_reloading.py",
}
# Refusals that are raised before or beside a use case, by file and words.
NOT_BY_A_USE_CASE = {
    ("connector/services/accounts/quarantine.py", "deleted already"): "of two at once: accounts/test_quarantine.py",
    ("connector/services/agents/admission.py", ""): "of sign-ins: agents/test_admission.py",
    ("connector/services/request_table.py", "NOT_ALLOWED"): "by role, before the use case: test_request_table.py",
    ("connector/services/request_rights.py", "The token has been revoked."): "of a connection: agents/test_tokens.py",
    ("connector/services/routing/presence.py", "BAD_REQUEST, words"): "a question that reads 10,000 rows",
}


def scene(request: type) -> Callable[[Scene], Scene]:
    """Add a scene, which sets up an office and returns an agent and their request; it is to be refused."""

    def add(one: Scene) -> Scene:
        SCENES[request].append(one)
        return one

    return add


async def assigned(office: Office, name: str = "ann", **more: Any) -> Conversation:
    """A conversation of this agent's."""
    await office.sign_in(name, **more)
    return await office.text()


async def queued(office: Office, text: str = "Hello") -> Conversation:
    conversation = await office.text(text)
    await office.sign_in("ann", capacity=0)
    return conversation


async def closed(office: Office) -> Conversation:
    conversation = await assigned(office)
    await office.ask(requests.Close(conversation.id))
    return conversation


async def written(office: Office, **state: Any) -> str:
    """A reply of Ann's in this state."""
    conversation = await assigned(office)
    message_id = await office.reply(conversation)
    changed = replace(await office.message(message_id), **state)
    await office.store.write(lambda tx: tx.messages.update(changed))
    return message_id


# Each of these names a conversation, and is refused for one that does not exist.
BY_CONVERSATION: dict[type, Callable[[str], requests.Request]] = {
    requests.Accept: requests.Accept,
    requests.Decline: requests.Decline,
    requests.GiveBack: requests.GiveBack,
    requests.TakeOver: requests.TakeOver,
    requests.Join: requests.Join,
    requests.Leave: requests.Leave,
    requests.Transfer: lambda one: requests.Transfer(one, "bookings"),
    requests.Reply: lambda one: requests.Reply(one, "Hi", accept=True),
    requests.WriteNote: lambda one: requests.WriteNote(one, "A note"),
    requests.DecideOptOut: lambda one: requests.DecideOptOut(one, True),
    requests.SetDue: lambda one: requests.SetDue(one, None),
    requests.MarkRead: requests.MarkRead,
    requests.MarkUnread: requests.MarkUnread,
    requests.Close: lambda one: requests.Close(one, accept=True),
    requests.WrapUp: requests.WrapUp,
    requests.Reopen: requests.Reopen,
    requests.Explain: requests.Explain,
    requests.GetTargets: requests.GetTargets,
    requests.GetHistory: requests.GetHistory,
}


def about_nothing(build: Callable[[str], requests.Request]) -> Scene:
    async def nothing(office: Office) -> tuple[str, requests.Request]:
        return "ann", build(NOWHERE)

    return nothing


for kind, build in BY_CONVERSATION.items():
    SCENES[kind].append(about_nothing(build))


@scene(requests.Reply)
async def queued_reply(office: Office) -> tuple[str, requests.Request]:
    return "ann", requests.Reply((await queued(office)).id, "Hi")


@scene(requests.Reply)
async def ringing_reply(office: Office) -> tuple[str, requests.Request]:
    return "bob", requests.Reply((await ringing(office)).id, "Hi")


@scene(requests.Reply)
async def reply_in_a_colleagues(office: Office) -> tuple[str, requests.Request]:
    return "bob", requests.Reply((await assigned(office)).id, "Hi", accept=True)


@scene(requests.Reply)
async def reply_after_the_end(office: Office) -> tuple[str, requests.Request]:
    return "ann", requests.Reply((await closed(office)).id, "Hi", accept=True)


@scene(requests.Reply)
async def reply_after_the_hold(office: Office) -> tuple[str, requests.Request]:
    conversation = await queued(office)
    await office.ask(requests.Accept(conversation.id), name="cid")  # who has no desk
    office.clock.advance(10**5)
    return "cid", requests.Reply(conversation.id, "Hi")


@scene(requests.Reply)
async def stale_reply(office: Office) -> tuple[str, requests.Request]:
    return "ann", requests.Reply((await assigned(office)).id, "Hi", seen=0)


@scene(requests.Reply)
async def stale_reply_that_accepts(office: Office) -> tuple[str, requests.Request]:
    """It writes before it is refused."""
    return "ann", requests.Reply((await queued(office)).id, "Hi", seen=0, accept=True)


@scene(requests.Reply)
async def reply_to_one_who_opted_out(office: Office) -> tuple[str, requests.Request]:
    conversation = await queued(office)
    await office.ask(requests.OptOut(CONSUMER, "by phone"))
    return "ann", requests.Reply(conversation.id, "Hi", accept=True)


@scene(requests.Reply)
async def reply_to_one_who_may_have_opted_out(office: Office) -> tuple[str, requests.Request]:
    return "ann", requests.Reply((await queued(office, "please stop texting me")).id, "Hi", accept=True)


@scene(requests.Reply)
async def empty_reply(office: Office) -> tuple[str, requests.Request]:
    return "ann", requests.Reply((await queued(office)).id, "\u200b", accept=True)


@scene(requests.Reply)
async def long_reply(office: Office) -> tuple[str, requests.Request]:
    return "ann", requests.Reply((await queued(office)).id, "x" * 1601, accept=True)


@scene(requests.Reply)
async def reply_that_is_no_text(office: Office) -> tuple[str, requests.Request]:
    return "ann", requests.Reply((await queued(office)).id, "\ud800", accept=True)


@scene(requests.Reply)
async def reply_from_an_account_that_is_off(office: Office) -> tuple[str, requests.Request]:
    conversation = await queued(office)
    await office.ask(administration.SetAccountMode("main", str(AccountMode.DRAINING)))
    return "ann", requests.Reply(conversation.id, "Hi", accept=True)


@scene(requests.Reply)
async def reply_with_too_many_pictures(office: Office) -> tuple[str, requests.Request]:
    urls = [f"https://pictures.example.com/{number}" for number in range(11)]
    return "ann", requests.Reply((await queued(office)).id, "Hi", urls, accept=True)


@scene(requests.Reply)
async def reply_with_a_picture_that_is_gone(office: Office) -> tuple[str, requests.Request]:
    return "ann", requests.Reply((await queued(office)).id, "Hi", ["P1"], accept=True)


@scene(requests.Reply)
async def reply_on_a_line_that_is_gone(office: Office) -> tuple[str, requests.Request]:
    conversation = await queued(office)
    office.brand = replace(office.brand, lines={})
    return "ann", requests.Reply(conversation.id, "Hi", accept=True)


@scene(requests.Reply)
async def reply_to_a_name(office: Office) -> tuple[str, requests.Request]:
    conversation = await queued(office)
    line = replace(office.lines[LINE], cannot_answer=lambda _: "A name takes no texts.")
    office.brand = replace(office.brand, lines={LINE: line})
    return "ann", requests.Reply(conversation.id, "Hi", accept=True)


async def ringing(office: Office) -> Conversation:
    """One that rings at Ann."""
    conversation = await assigned(office, "bob")
    await office.sign_in("ann", capacity=0)
    await office.ask(requests.Transfer(conversation.id, agent="ann"), name="bob")
    return conversation


@scene(requests.Accept)
async def accepted_already(office: Office) -> tuple[str, requests.Request]:
    return "bob", requests.Accept((await assigned(office)).id)


@scene(requests.Decline)
async def declined_without_a_ring(office: Office) -> tuple[str, requests.Request]:
    return "ann", requests.Decline((await queued(office)).id)


def by_another(kind: type) -> Scene:
    async def another(office: Office) -> tuple[str, requests.Request]:
        return "bob", BY_CONVERSATION[kind]((await assigned(office)).id)

    return another


def of_a_queued(kind: type) -> Scene:
    async def waits(office: Office) -> tuple[str, requests.Request]:
        conversation = await queued(office)
        if kind is requests.Close:
            return "ann", requests.Close(conversation.id)
        return "ann", BY_CONVERSATION[kind](conversation.id)

    return waits


for kind in (requests.GiveBack, requests.Transfer, requests.SetDue, requests.Close):
    SCENES[kind].append(by_another(kind))
for kind in (requests.GiveBack, requests.Transfer, requests.Close):
    SCENES[kind].append(of_a_queued(kind))


@scene(requests.GiveBack)
async def given_back_with_an_overlong_note(office: Office) -> tuple[str, requests.Request]:
    return "ann", requests.GiveBack((await assigned(office)).id, "x" * (limits.NOTE_LENGTH + 1))


@scene(requests.TakeOver)
async def taken_over_by_its_owner(office: Office) -> tuple[str, requests.Request]:
    return "ann", requests.TakeOver((await assigned(office)).id)


@scene(requests.Join)
async def joined_while_queued(office: Office) -> tuple[str, requests.Request]:
    return "ann", requests.Join((await queued(office)).id)


@scene(requests.Join)
async def joined_by_its_owner(office: Office) -> tuple[str, requests.Request]:
    return "ann", requests.Join((await assigned(office)).id)


@scene(requests.Leave)
async def left_without_having_joined(office: Office) -> tuple[str, requests.Request]:
    return "ann", requests.Leave((await assigned(office)).id)


@scene(requests.Transfer)
async def to_no_skill(office: Office) -> tuple[str, requests.Request]:
    return "ann", requests.Transfer((await assigned(office)).id, "nonsense")


@scene(requests.Transfer)
async def to_nothing(office: Office) -> tuple[str, requests.Request]:
    return "ann", requests.Transfer((await assigned(office)).id)


@scene(requests.Transfer)
async def to_its_own_skill(office: Office) -> tuple[str, requests.Request]:
    return "ann", requests.Transfer((await assigned(office)).id, "orders")


@scene(requests.Transfer)
async def to_a_skill_without_agents(office: Office) -> tuple[str, requests.Request]:
    return "ann", requests.Transfer((await assigned(office, skills=("orders",))).id, "bookings")


@scene(requests.Transfer)
async def to_no_agent(office: Office) -> tuple[str, requests.Request]:
    return "ann", requests.Transfer((await assigned(office)).id, agent="nobody")


@scene(requests.Transfer)
async def to_its_owner(office: Office) -> tuple[str, requests.Request]:
    return "ann", requests.Transfer((await assigned(office)).id, agent="ann")


@scene(requests.Transfer)
async def to_an_agent_without_a_desk(office: Office) -> tuple[str, requests.Request]:
    conversation = await assigned(office)
    await office.sign_in("bob")
    office_desk = "desk of bob"
    await office.store.write(lambda tx: tx.agents.remove_desk(office_desk))
    return "ann", requests.Transfer(conversation.id, agent="bob")


@scene(requests.Transfer)
async def to_an_agent_without_the_skill(office: Office) -> tuple[str, requests.Request]:
    conversation = await assigned(office)
    await office.sign_in("bob", skills=("bookings",))
    return "ann", requests.Transfer(conversation.id, "orders", "bob")


@scene(requests.Transfer)
async def transferred_with_an_overlong_note(office: Office) -> tuple[str, requests.Request]:
    """It writes before it is refused."""
    conversation = await assigned(office)
    await office.sign_in("bob", skills=("bookings",))
    return "ann", requests.Transfer(conversation.id, "bookings", note="x" * (limits.NOTE_LENGTH + 1))


@scene(requests.Resend)
async def resent_of_nothing(office: Office) -> tuple[str, requests.Request]:
    return "ann", requests.Resend(NOWHERE)


def resent(**state: Any) -> Scene:
    async def again(office: Office) -> tuple[str, requests.Request]:
        return "ann", requests.Resend(await written(office, **state))

    return again


SCENES[requests.Resend] += [
    resent(status=Status.FAILED, resent_as="R9"),
    resent(status=Status.UNDONE),
    resent(status=Status.DELIVERED),
    resent(status=Status.UNCERTAIN),
    resent(status=Status.SENDING),
]


@scene(requests.UndoReply)
async def undone_of_nothing(office: Office) -> tuple[str, requests.Request]:
    return "ann", requests.UndoReply(NOWHERE)


@scene(requests.UndoReply)
async def undone_too_late(office: Office) -> tuple[str, requests.Request]:
    return "ann", requests.UndoReply(await written(office, status=Status.DELIVERED))


@scene(requests.Start)
async def start_on_no_line(office: Office) -> tuple[str, requests.Request]:
    return "ann", requests.Start(ALIEN, CONSUMER, "Hi")


@scene(requests.Start)
async def start_to_no_number(office: Office) -> tuple[str, requests.Request]:
    return "ann", requests.Start(LINE, "+1", "Hi")


@scene(requests.Start)
async def start_to_an_extension(office: Office) -> tuple[str, requests.Request]:
    return "ann", requests.Start(LINE, "+1 415 555 0133 ext. 7", "Hi")


@scene(requests.Start)
async def start_to_a_number_of_no_country(office: Office) -> tuple[str, requests.Request]:
    return "ann", requests.Start(LINE, "+1415555013399", "Hi")


@scene(requests.Start)
async def start_to_a_name(office: Office) -> tuple[str, requests.Request]:
    line = replace(office.lines[LINE], cannot_answer=lambda _: "A name takes no texts.")
    office.brand = replace(office.brand, lines={LINE: line})
    return "ann", requests.Start(LINE, "AMAZON", "Hi")


@scene(requests.Start)
async def start_to_a_line_of_ours(office: Office) -> tuple[str, requests.Request]:
    await office.sign_in()
    return "ann", requests.Start(LINE, OTHER_LINE, "Hi")


@scene(requests.WriteNote)
async def empty_note(office: Office) -> tuple[str, requests.Request]:
    return "ann", requests.WriteNote((await queued(office)).id, "\u2800")


@scene(requests.WriteNote)
async def long_note(office: Office) -> tuple[str, requests.Request]:
    return "ann", requests.WriteNote((await queued(office)).id, "x" * (limits.NOTE_LENGTH + 1))


@scene(requests.DecideOptOut)
async def decided_without_a_question(office: Office) -> tuple[str, requests.Request]:
    return "ann", requests.DecideOptOut((await queued(office)).id, False)


@scene(requests.SetDue)
async def due_in_more_than_a_year(office: Office) -> tuple[str, requests.Request]:
    return "ann", requests.SetDue((await assigned(office)).id, office.now + limits.DUE_AHEAD_MS + 1)


@scene(requests.SetPresence)
async def online_for_a_reason(office: Office) -> tuple[str, requests.Request]:
    return "ann", requests.SetPresence("online", "lunch")


@scene(requests.OptOut)
async def opt_out_without_evidence(office: Office) -> tuple[str, requests.Request]:
    return "ann", requests.OptOut(CONSUMER, "  ")


@scene(requests.OptOut)
async def opt_out_of_no_number(office: Office) -> tuple[str, requests.Request]:
    return "ann", requests.OptOut("nobody at all", "by phone")


@scene(requests.OptOut)
async def opt_out_of_a_number_that_lacks_digits(office: Office) -> tuple[str, requests.Request]:
    return "ann", requests.OptOut("+1 303 555 9", "by phone")


@scene(requests.OptIn)
async def opt_in_with_an_overlong_reason(office: Office) -> tuple[str, requests.Request]:
    return "ann", requests.OptIn(CONSUMER, "x" * (limits.NOTE_LENGTH + 1))


@scene(requests.SetDue)
async def due_in_the_past(office: Office) -> tuple[str, requests.Request]:
    return "ann", requests.SetDue((await assigned(office)).id, 1)


@scene(requests.Close)
async def closed_without_a_decision(office: Office) -> tuple[str, requests.Request]:
    """It writes before it is refused."""
    return "ann", requests.Close((await queued(office, "please stop texting me")).id, accept=True)


@scene(requests.Close)
async def closed_with_an_unknown_outcome(office: Office) -> tuple[str, requests.Request]:
    conversation = await assigned(office)
    office.brand = replace(office.brand, outcomes=("sold",))
    return "ann", requests.Close(conversation.id, "lost")


@scene(requests.Close)
async def closed_with_an_overlong_outcome(office: Office) -> tuple[str, requests.Request]:
    return "ann", requests.Close((await assigned(office)).id, "x" * 99)


@scene(requests.Close)
async def closed_with_too_many_tags(office: Office) -> tuple[str, requests.Request]:
    return "ann", requests.Close((await assigned(office)).id, tags=[str(number) for number in range(11)])


@scene(requests.Close)
async def closed_with_an_overlong_note(office: Office) -> tuple[str, requests.Request]:
    """It writes before it is refused."""
    return "ann", requests.Close((await queued(office)).id, note="x" * (limits.NOTE_LENGTH + 1), accept=True)


@scene(requests.Close)
async def closed_twice(office: Office) -> tuple[str, requests.Request]:
    return "ann", requests.Close((await closed(office)).id)


@scene(requests.WrapUp)
async def wrap_up_that_has_not_begun(office: Office) -> tuple[str, requests.Request]:
    return "ann", requests.WrapUp((await assigned(office)).id)


@scene(requests.Reopen)
async def reopened_while_open(office: Office) -> tuple[str, requests.Request]:
    return "ann", requests.Reopen((await assigned(office)).id)


@scene(requests.Reopen)
async def reopened_too_late(office: Office) -> tuple[str, requests.Request]:
    conversation = await closed(office)
    office.clock.advance(10**5)
    return "ann", requests.Reopen(conversation.id)


@scene(requests.Reopen)
async def reopened_beside_another(office: Office) -> tuple[str, requests.Request]:
    office.brand = replace(office.brand, rules=Rules(SkillRules(undo_s=60, reopen_s=0), known=("orders",)))
    conversation = await closed(office)
    await office.text("Hello again")
    return "ann", requests.Reopen(conversation.id)


@scene(requests.Reopen)
async def reopened_in_a_colleagues_wrap_up(office: Office) -> tuple[str, requests.Request]:
    office.brand = replace(office.brand, rules=Rules(SkillRules(wrap_up_s=60), known=("orders",)))
    return "bob", requests.Reopen((await closed(office)).id)


@scene(requests.SetPresence)
async def no_presence(office: Office) -> tuple[str, requests.Request]:
    await office.sign_in()
    return "ann", requests.SetPresence("asleep")


@scene(requests.SetPresence)
async def no_reason(office: Office) -> tuple[str, requests.Request]:
    await office.sign_in()
    return "ann", requests.SetPresence("away", "fishing")


@scene(requests.SetPresence)
async def presence_of_nobody(office: Office) -> tuple[str, requests.Request]:
    return "nobody", requests.SetPresence("away")


@scene(requests.SignOff)
async def signed_off_with_work_left(office: Office) -> tuple[str, requests.Request]:
    await assigned(office)
    return "ann", requests.SignOff([])


@scene(requests.SignOff)
async def signed_off_with_nonsense(office: Office) -> tuple[str, requests.Request]:
    """It writes before it is refused."""
    return "ann", requests.SignOff([requests.SignOffChoice((await assigned(office)).id, "burn")])


@scene(administration.SetAccountMode)
async def mode_of_no_account(office: Office) -> tuple[str, requests.Request]:
    return "ann", administration.SetAccountMode("nonsense", "off")


@scene(administration.SetAccountMode)
async def no_mode(office: Office) -> tuple[str, requests.Request]:
    return "ann", administration.SetAccountMode("main", "sideways")


@scene(requests.GetOverflow)
async def rest_of_nothing(office: Office) -> tuple[str, requests.Request]:
    return "ann", requests.GetOverflow(NOWHERE)


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


@scene(requests.Reply)
async def reply_on_a_line_that_is_ours_no_more(office: Office) -> tuple[str, requests.Request]:
    conversation = await assigned(office)
    del office.lines[LINE]
    return "ann", requests.Reply(conversation.id, "Hi")


@scene(requests.Resend)
async def resend_of_what_the_consumer_wrote(office: Office) -> tuple[str, requests.Request]:
    await assigned(office)
    found = await office.store.write(lambda tx: tx.messages.history(CONSUMER, None, 1))
    return "ann", requests.Resend(found[0].id)


@scene(requests.Resend)
async def resend_of_an_automatic_reply(office: Office) -> tuple[str, requests.Request]:
    conversation = await assigned(office)
    automatic = message(id="M9", conversation_id=conversation.id, direction=Direction.REPLY, status=Status.FAILED)
    await office.store.write(lambda tx: tx.messages.add_once(automatic))
    return "ann", requests.Resend("M9")


@scene(administration.Unmask)
async def unmask_nothing(office: Office) -> tuple[str, requests.Request]:
    return "ann", administration.Unmask(NOWHERE)


@scene(administration.GetAudit)
async def the_audit_of_who_never_was(office: Office) -> tuple[str, requests.Request]:
    return "ann", administration.GetAudit(agent="nobody")


@scene(administration.GetAudit)
async def audit_of_an_unknown_action(office: Office) -> tuple[str, requests.Request]:
    return "ann", administration.GetAudit(action="juggled")


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


def with_limits(office: Office, **limits: Any) -> None:
    office.brand = replace(office.brand, sending=SendingLimits(**limits))


@scene(requests.Start)
async def start_in_another_country(office: Office) -> tuple[str, requests.Request]:
    with_limits(office, countries=frozenset({"US"}))
    return "ann", requests.Start(LINE, "+18765550123", "Hi")


@scene(requests.Start)
async def start_to_a_premium_number(office: Office) -> tuple[str, requests.Request]:
    return "ann", requests.Start(LINE, "+19005550123", "Hi")


@scene(requests.Reply)
async def reply_beyond_the_limit(office: Office) -> tuple[str, requests.Request]:
    conversation = await assigned(office)
    await office.reply(conversation)
    with_limits(office, sends_per_hour=1)
    return "ann", requests.Reply(conversation.id, "Hi")


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


@scene(requests.GetPicture)
async def picture_of_a_message_without_one(office: Office) -> tuple[str, requests.Request]:
    await assigned(office)
    found = await office.store.write(lambda tx: tx.messages.history(CONSUMER, None, 1))
    return "ann", requests.GetPicture(f"{found[0].id}.0")


async def with_agents(office: Office) -> None:
    """The administrator adm, and Bob, whom the configuration defines."""
    await office.sign_in("adm", role=Role.ADMINISTRATOR)
    await office.sign_in("bob", is_provisioned=True)
    await office.store.write(lambda tx: tx.tokens.save(AgentToken("abcd1", "bob", office.now, is_provisioned=True)))
    for digest in ("beef1", "beef2"):
        await office.store.write(lambda tx, one=digest: tx.tokens.save(AgentToken(one, "adm", office.now)))  # type: ignore[misc]


def among_agents(request: requests.Request) -> Scene:
    async def asked(office: Office) -> tuple[str, requests.Request]:
        await with_agents(office)
        return "adm", request

    return asked


for one in (
    administration.AddAgent("bob"),
    administration.AddAgent("BOB"),
    administration.AddAgent(""),
    administration.AddAgent("tab\t"),
    administration.AddAgent("x" * 65),
    administration.AddAgent("zoe", role="boss"),
    administration.AddAgent("zoe", sees="much"),
    administration.AddAgent("zoe", name=" "),
    administration.AddAgent("zoe", capacity=-1),
    administration.AddAgent("zoe", skills=["orders", "orders"]),
    administration.AddAgent("zoe", skills=[""]),
    administration.AddAgent("zoe", os_user="\x1b[2J"),
    administration.SetAgent("zoe"),
    administration.SetAgent("bob", name="Bob"),
    administration.SetAgent("adm", name=""),
    administration.SetAgent("adm", role="agent"),
    administration.DisableAgent("zoe"),
    administration.DisableAgent("bob"),
    administration.DisableAgent("adm"),
    administration.EnableAgent("Bob"),
    administration.IssueToken("zoe"),
    administration.RevokeToken("abc"),
    administration.RevokeToken("not an id"),
    administration.RevokeToken("abcd1"),
    administration.RevokeToken("beef"),
    administration.RevokeToken("beef3"),
):
    SCENES[type(one)].append(among_agents(one))


@scene(administration.IssueToken)
async def token_of_one_who_is_disabled(office: Office) -> tuple[str, requests.Request]:
    await office.sign_in("cid", is_disabled=True)
    return "ann", administration.IssueToken("cid")


@scene(administration.IssueToken)
async def one_token_too_many(office: Office) -> tuple[str, requests.Request]:
    await office.sign_in("ann")
    for _ in range(limits.TOKENS_PER_AGENT):
        await office.ask(administration.IssueToken("ann"))
    return "ann", administration.IssueToken("ann")


@scene(requests.GetPicture)
async def no_picture(office: Office) -> tuple[str, requests.Request]:
    return "ann", requests.GetPicture("nothing")


@scene(requests.GetPicture)
async def picture_that_is_not_here_yet(office: Office) -> tuple[str, requests.Request]:
    media = Media("https://pictures.example.com/1", "image/png", MediaState.WAITING)
    conversation = await assigned(office)
    with_picture = message(conversation_id=conversation.id, media=(media,), ref="SM-9")
    await office.store.write(lambda tx: tx.messages.add_once(with_picture))
    return "ann", requests.GetPicture("M1.0")


NOTHING = Untaken("an event that is no message")


def released(state: HookState, **more: Any) -> Scene:
    async def release(office: Office) -> tuple[str, requests.Request]:
        await office.store.write(lambda tx: tx.hooks.add(hook(state=state, **more)))
        return "ann", administration.ReleaseHook("H1")

    return release


@scene(administration.Forget)
async def forgotten_of_no_number(office: Office) -> tuple[str, requests.Request]:
    return "ann", administration.Forget("Elm Street")


@scene(administration.Forget)
async def forgotten_of_a_number_of_no_country(office: Office) -> tuple[str, requests.Request]:
    return "ann", administration.Forget("+1415555013399")


@scene(administration.Forget)
async def forgotten_of_a_line_of_ours(office: Office) -> tuple[str, requests.Request]:
    return "ann", administration.Forget(LINE)


@scene(administration.ReleaseHook)
async def no_hook(office: Office) -> tuple[str, requests.Request]:
    return "ann", administration.ReleaseHook(NOWHERE)


SCENES[administration.ReleaseHook] += [
    released(HookState.TAKEN),
    released(HookState.UNROUTABLE, body=b"x" * STORED_BODY),
    released(HookState.UNROUTABLE),
    released(HookState.UNREADABLE, body=b"an event"),
]


async def carry_out(office: Office, name: str, request: requests.Request) -> None:
    """Ask it as the core would. The edge's own requests run the use cases that its handlers run."""
    row = next(row for row in TABLE if row.request is type(request))
    if isinstance(row, CommandRow):
        await office.ask(request, name=name, is_administrator=name != EVE)
        return
    found = await office.question(request, name=name, is_administrator=name != EVE)
    if isinstance(request, administration.ReleaseHook):
        texts: list[Arrival] = [
            InboundText(ref="SM-1", line=LINE, consumer=CONSUMER, text="Hello"),
            InboundText(ref="SM-2", line=ALIEN, consumer=OTHER, text="please stop texting me"),
        ]
        await office.do(quarantine.release, name, found, [NOTHING] if found.state is HookState.UNREADABLE else texts)


@asynccontextmanager
async def opened(path: Path) -> AsyncIterator[SqlStore]:
    store = await open_store(copied(path))
    yield store
    await store.close()


async def test_no_refusal_leaves_a_trace_and_every_refusal_is_tried(tmp_path: Path) -> None:
    reached: set[tuple[str, int]] = set()
    for kind, scenes in SCENES.items():
        for number, one in enumerate(scenes):
            path = tmp_path / f"{kind.__name__}-{number}.db"
            async with opened(path) as fresh:
                office = Office(fresh, rules(), rules(address=OTHER_LINE, account="other"), skills=SKILLS)
                name, request = await one(office)
                before = whole_store(path)
                with pytest.raises(Refused) as no:
                    await carry_out(office, name, request)
                assert whole_store(path) == before, f"{request}: {no.value.code}"
                reached.add(raised_at(no.value))
    untried = [site for site in sites("services", "domain") if (site.path, site.line) not in reached]
    excused = {
        site for site in untried for (path, words) in NOT_BY_A_USE_CASE if site.path == path and words in site.words
    }
    assert [site for site in untried if site not in excused] == []


def test_every_request_has_its_refusals() -> None:
    asked = {row.request for row in TABLE}
    assert asked - SCENES.keys() - NEVER_REFUSED.keys() == set()
    assert SCENES.keys() | NEVER_REFUSED.keys() == asked
