"""Requests about conversations and presence that are refused."""

from __future__ import annotations

from collections.abc import Callable

from msgspec.structs import replace

from connector.domain.skill_rules import Rules, SkillRules
from connector.wire import limits, requests
from tests.connector.services.refusals.scenes import NOWHERE, SCENES, Scene, assigned, closed, queued, scene
from tests.kit.stores import CONSUMER
from tests.kit.use_cases import Office

LATER = 1_790_000_000_000 + 3_600_000
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
    requests.SeeMentions: requests.SeeMentions,
    requests.Snooze: lambda one: requests.Snooze(one, None),
    requests.ScheduleReply: lambda one: requests.ScheduleReply(one, "Later", LATER),
    requests.SetTags: lambda one: requests.SetTags(one, ["vip"]),
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


@scene(requests.Accept)
async def accepted_already(office: Office) -> tuple[str, requests.Request]:
    return "bob", requests.Accept((await assigned(office)).id)


@scene(requests.SetTags)
async def too_many_tags_in_all(office: Office) -> tuple[str, requests.Request]:
    conversation_id = (await assigned(office)).id
    await office.ask(requests.SetTags(conversation_id, [str(number) for number in range(10)]))
    return "ann", requests.SetTags(conversation_id, ["one more"])


@scene(requests.SetTags)
async def a_tag_that_is_too_long(office: Office) -> tuple[str, requests.Request]:
    return "ann", requests.SetTags((await assigned(office)).id, ["x" * 41])


@scene(requests.Acknowledge)
async def an_alert_that_there_is_not(office: Office) -> tuple[str, requests.Request]:
    return "ann", requests.Acknowledge([NOWHERE])


@scene(requests.SaveDraft)
async def a_draft_that_is_too_long(office: Office) -> tuple[str, requests.Request]:
    return "ann", requests.SaveDraft((await assigned(office)).id, "x" * (limits.DRAFT_LENGTH + 1))


@scene(requests.SaveDraft)
async def a_draft_that_another_desk_has_changed(office: Office) -> tuple[str, requests.Request]:
    conversation_id = (await assigned(office)).id
    await office.ask(requests.SaveDraft(conversation_id, "from the other desk"), name="ann")
    return "ann", requests.SaveDraft(conversation_id, "from this one")


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


for kind in (requests.GiveBack, requests.Transfer, requests.SetDue, requests.Snooze, requests.Close):
    SCENES[kind].append(by_another(kind))


for kind in (requests.GiveBack, requests.Close):
    SCENES[kind].append(of_a_queued(kind))


@scene(requests.GiveBack)
async def given_back_with_an_overlong_note(office: Office) -> tuple[str, requests.Request]:
    return "ann", requests.GiveBack((await assigned(office)).id, "x" * (limits.NOTE_LENGTH + 1))


@scene(requests.TakeOver)
async def taken_over_by_its_owner(office: Office) -> tuple[str, requests.Request]:
    return "ann", requests.TakeOver((await assigned(office)).id)


@scene(requests.TakeOver)
async def taken_over_from_another_owner_than_it_has(office: Office) -> tuple[str, requests.Request]:
    conversation = await assigned(office)
    return "lea", requests.TakeOver(conversation.id, owner="bob")


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
