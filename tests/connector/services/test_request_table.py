"""The table of requests: each type has one row, and each row holds who may ask it, for every kind of agent."""

from __future__ import annotations

import typing
from collections.abc import Callable
from typing import Any, NamedTuple

import msgspec
import pytest

from connector.domain.agent import Role, Sees
from connector.domain.media import Media, MediaState
from connector.domain.refusals import Refused
from connector.services.request_rights import SUBJECTS, Needs
from connector.services.request_table import TABLE, CommandRow, row_of
from connector.store.sql.store import SqlStore
from connector.wire import administration, answers, board, contacts, field_types, requests, saved_replies
from connector.wire.refusals import RefusalCode
from tests.kit.stores import CONSUMER, LINE, message
from tests.kit.use_cases import OTHER_LINE, Office, consumer, rules

TYPES: list[type] = list(typing.get_args(requests.Request))
NOWHERE = "0NOWHERE"
LATER = 1_790_000_000_000 + 3_600_000
# Ids and names that are no subject of a request, with the reason why none needs to be seen.
NO_SUBJECTS = {
    "account": "of administrators, who see all",
    "action": "of administrators, who see all",
    "agent": "a target, which the use case looks for among those of the account; and whose presence is asked",
    "after": "where a page begins",
    "around": "where a page begins",
    "by": "what is summed",
    "based_on": "a version of one's own",
    "before": "where a page begins",
    "choice": "what is done",
    "consumer": "anyone: what is recorded holds for all lines",
    "hash": "of administrators, who see all",
    "hook_id": "of administrators, who see all",
    "import_id": "of administrators, and an import is its asker's own",
    "mode": "what is done",
    "os_user": "what is stored",
    "owner": "compared with who owns it, whom all see that see it",
    "phone": "what is stored",
    "presence": "what is done",
    "reason": "what is done",
    "role": "what is stored",
    "saved_reply_id": "has no skill or account of its own, and is looked for by what its row needs",
    "sees": "what is stored",
    "scheduled_id": "its use case looks for it among what the asker sees",
    "shift_of": "of a colleague or the asker: `Needs.SHIFT`",
    "skill": "a target, which the use case looks for among those of the account",
    "to": "a target, as `agent`",
    "token": "of administrators, who see all",
    "words": "what is looked for among what the asker may see",
}


def test_every_request_has_exactly_one_row() -> None:
    assert sorted(row.request.__name__ for row in TABLE) == sorted(one.__name__ for one in TYPES)


@pytest.mark.parametrize("request_type", TYPES)
def test_every_id_in_a_request_is_a_subject_or_has_its_reason(request_type: type) -> None:
    """So that a request which names something anew cannot be added without saying what its asker needs of it."""
    hints = typing.get_type_hints(request_type, include_extras=True)
    names = {name for name, hint in hints.items() if hint in (field_types.Key, field_types.Key | None)}
    assert names - SUBJECTS.keys() - NO_SUBJECTS.keys() == set()
    needs = row_of(request_type).needs
    if needs is Needs.NOTHING and request_type is not requests.UndoReply:  # its use case asks for its author
        assert not names & SUBJECTS.keys()
    if needs is not Needs.ADMINISTER:
        assert not names & {"account", "hook_id"}


class Subjects(NamedTuple):
    """What a request may name."""

    conversation: str
    message: str
    line: str
    picture: str
    saved_reply: str
    number: str = CONSUMER


NOTHING = Subjects(NOWHERE, NOWHERE, "+15559999", f"{NOWHERE}.0", NOWHERE, "+14155550199")
BUILT: dict[type, Callable[[Subjects], requests.Request]] = {
    requests.Accept: lambda of: requests.Accept(of.conversation),
    requests.Decline: lambda of: requests.Decline(of.conversation),
    requests.Reply: lambda of: requests.Reply(of.conversation, "Hi", accept=True),
    requests.Resend: lambda of: requests.Resend(of.message),
    requests.UndoReply: lambda of: requests.UndoReply(of.message),
    requests.WriteNote: lambda of: requests.WriteNote(of.conversation, "A note"),
    requests.Start: lambda of: requests.Start(of.line, "+14155550177", "Hello"),
    requests.GiveBack: lambda of: requests.GiveBack(of.conversation),
    requests.Transfer: lambda of: requests.Transfer(of.conversation, skill="refunds"),
    requests.GetTargets: lambda of: requests.GetTargets(of.conversation),
    requests.TakeOver: lambda of: requests.TakeOver(of.conversation),
    requests.Join: lambda of: requests.Join(of.conversation),
    requests.Leave: lambda of: requests.Leave(of.conversation),
    requests.DecideOptOut: lambda of: requests.DecideOptOut(of.conversation, True),
    requests.OptOut: lambda of: requests.OptOut("+14155550166", "by phone"),
    requests.OptIn: lambda of: requests.OptIn("+14155550166", "by phone"),
    requests.SetDue: lambda of: requests.SetDue(of.conversation, None),
    requests.ScheduleReply: lambda of: requests.ScheduleReply(of.conversation, "Hi", LATER, accept=True),
    requests.CancelScheduled: lambda of: requests.CancelScheduled(NOWHERE),
    requests.GetScheduled: lambda of: requests.GetScheduled(),
    requests.Snooze: lambda of: requests.Snooze(of.conversation, None),
    requests.Close: lambda of: requests.Close(of.conversation, accept=True),
    requests.WrapUp: lambda of: requests.WrapUp(of.conversation),
    requests.Reopen: lambda of: requests.Reopen(of.conversation),
    requests.SignOff: lambda of: requests.SignOff(),
    requests.Explain: lambda of: requests.Explain(of.conversation),
    requests.GetPresence: lambda of: requests.GetPresence(0),
    requests.MarkRead: lambda of: requests.MarkRead(of.conversation),
    requests.MarkUnread: lambda of: requests.MarkUnread(of.conversation),
    requests.SeeMentions: lambda of: requests.SeeMentions(of.conversation),
    requests.GetMentions: lambda of: requests.GetMentions(),
    requests.SetTags: lambda of: requests.SetTags(of.conversation, ["vip"]),
    requests.GetTags: lambda of: requests.GetTags(),
    requests.SetPresence: lambda of: requests.SetPresence("online"),
    administration.SetAccountMode: lambda of: administration.SetAccountMode("main", "active"),
    administration.ReleaseHook: lambda of: administration.ReleaseHook(NOWHERE),
    administration.Recover: lambda of: administration.Recover("main", 0),
    administration.Reload: lambda of: administration.Reload(),
    requests.PutPicture: lambda of: requests.PutPicture(b""),
    requests.GetPicture: lambda of: requests.GetPicture(of.picture),
    requests.GetHistory: lambda of: requests.GetHistory(of.conversation),
    requests.GetOverflow: lambda of: requests.GetOverflow(of.message),
    requests.GetConversations: lambda of: requests.GetConversations(),
    requests.GetConversation: lambda of: requests.GetConversation(of.conversation),
    requests.Search: lambda of: requests.Search("Hello"),
    administration.GetSearchState: lambda of: administration.GetSearchState(),
    administration.RebuildSearch: lambda of: administration.RebuildSearch(),
    board.GetBoard: lambda of: board.GetBoard(),
    board.HandOn: lambda of: board.HandOn("ann"),
    board.UndoHandOn: lambda of: board.UndoHandOn("ann", [of.conversation]),
    requests.GetLoads: lambda of: requests.GetLoads(),
    requests.SaveDraft: lambda of: requests.SaveDraft(of.conversation, "A draft"),
    requests.GetAlerts: lambda of: requests.GetAlerts(),
    requests.GetUrgent: lambda of: requests.GetUrgent(),
    requests.Acknowledge: lambda of: requests.Acknowledge(),
    requests.GetDrafts: lambda of: requests.GetDrafts([of.conversation]),
    saved_replies.GetSavedReplies: lambda of: saved_replies.GetSavedReplies(saved_reply_ids=[of.saved_reply]),
    saved_replies.PutSavedReply: lambda of: saved_replies.PutSavedReply(
        saved_reply_id=of.saved_reply, is_shared=True, title="Hours", text="We are open.", skills=["orders"]
    ),
    saved_replies.RemoveSavedReply: lambda of: saved_replies.RemoveSavedReply(of.saved_reply),
    saved_replies.ImportSavedReplies: lambda of: saved_replies.ImportSavedReplies(
        [saved_replies.SavedReplyContent(title="Hours", text="We are open.", skills=["orders"])], is_shared=True
    ),
    contacts.GetContact: lambda of: contacts.GetContact(of.conversation),
    contacts.SetContact: lambda of: contacts.SetContact(conversation_id=of.conversation, name="Ana"),
    contacts.GetContactOf: lambda of: contacts.GetContactOf(of.number),
    contacts.SetContactOf: lambda of: contacts.SetContactOf(number=of.number, name="Ana"),
    contacts.RemoveContact: lambda of: contacts.RemoveContact(of.number),
    contacts.FindContacts: lambda of: contacts.FindContacts("ana"),
    contacts.GetContacts: lambda of: contacts.GetContacts(),
    contacts.StageContacts: lambda of: contacts.StageContacts(
        "I1", [contacts.ContactRow(line=2, number=of.number, name="Ana")]
    ),
    contacts.ApplyContacts: lambda of: contacts.ApplyContacts(NOWHERE, 1),
    contacts.DropContacts: lambda of: contacts.DropContacts(NOWHERE),
    administration.Unmask: lambda of: administration.Unmask(of.message),
    administration.GetAudit: lambda of: administration.GetAudit(),
    administration.VerifyAudit: lambda of: administration.VerifyAudit(),
    administration.GetHooks: lambda of: administration.GetHooks(),
    requests.GetTraffic: lambda of: requests.GetTraffic(),
    requests.GetReport: lambda of: requests.GetReport(0),
    administration.GetAgents: lambda of: administration.GetAgents(),
    administration.AddAgent: lambda of: administration.AddAgent("eve"),
    administration.SetAgent: lambda of: administration.SetAgent("bob", name="Bob"),
    administration.DisableAgent: lambda of: administration.DisableAgent("bob"),
    administration.EnableAgent: lambda of: administration.EnableAgent("bob"),
    administration.IssueToken: lambda of: administration.IssueToken("bob"),
    administration.RevokeToken: lambda of: administration.RevokeToken("0123"),
    administration.GetErased: lambda of: administration.GetErased([of.conversation]),
    administration.Forget: lambda of: administration.Forget("+14155550133", is_preview=True),
}
# Of this account and skill is what is asked about; Ann owns it.
OWN: dict[str, Any] = {"skills": ("orders",), "accounts": ("main",)}
ELSEWHERE: dict[str, Any] = {"skills": ("bookings",), "accounts": ("other",)}
AGENTS: dict[str, dict[str, Any]] = {
    "ann": OWN,
    "bob, who sees it": {**OWN},
    "dot, of another skill, who sees the account": {**OWN, "skills": ("refunds",), "sees": Sees.ACCOUNT},
    "cid, who does not": ELSEWHERE,
    "lea, who leads it": {**OWN, "role": Role.LEAD},
    "leo, who leads another skill": {**OWN, "skills": ("refunds",), "sees": Sees.ACCOUNT, "role": Role.LEAD},
    "max, who leads elsewhere": {**ELSEWHERE, "role": Role.LEAD},
    "adm, an administrator": {**ELSEWHERE, "role": Role.ADMINISTRATOR},
    "off, who is disabled": {**OWN, "is_disabled": True},
}


async def opened(store: SqlStore) -> tuple[Office, Subjects]:
    """Ann has a conversation with a reply, and a text with a picture."""
    office = Office(store, rules(), rules(address=OTHER_LINE, account="other", skill="bookings"))
    await office.sign_in("ann", **OWN)
    conversation = await office.text()
    assert conversation.agent == "ann"
    for name, more in AGENTS.items():
        await office.sign_in(name.partition(",")[0], **more)
    reply_id = await office.reply(conversation)
    picture = Media("https://pictures.example/1", "image/png", MediaState.STORED, 9, "0" * 64)
    shown = message(id="M1", conversation_id=conversation.id, consumer=consumer(1), media=(picture,), ref="SM-9")
    await office.store.write(lambda tx: tx.messages.add_once(shown))
    put = saved_replies.PutSavedReply(is_shared=True, title="Hours", text="We are open.", skills=["orders"])
    saved = await office.ask(put, name="adm", is_administrator=False)
    assert isinstance(saved, answers.SavedReplySaved)
    return office, Subjects(conversation.id, reply_id, LINE, "M1.0", saved.saved_reply_id)


async def refusal(office: Office, request: requests.Request, name: str) -> tuple[str, str] | None:
    """The code and words of the refusal, or None. What was done is undone."""

    class Undone(Exception):
        pass

    def undone() -> None:
        raise Undone

    try:
        if isinstance(row_of(type(request)), CommandRow):
            office.before_commit = undone
            await office.ask(request, name=name, is_administrator=False)
        else:
            await office.question(request, name=name, is_administrator=False)
    except Refused as no:
        return str(no.code), no.words
    except Undone:
        return None
    finally:
        office.before_commit = None
    return None


def expected(needs: Needs, agent: dict[str, Any], *, is_named: bool = True) -> str | None:
    """unknown, not_allowed, or None for what is allowed, by the words of the table. `is_named`: by what is there."""
    role = agent.get("role", Role.AGENT)
    if agent.get("is_disabled") or not role.includes(needs.role):
        return "not_allowed"
    if role is Role.ADMINISTRATOR or needs is Needs.NOTHING:
        return None
    if needs is Needs.WRITE:
        is_seen = not is_named or "orders" in agent["skills"] or agent.get("sees") is Sees.ACCOUNT
        may = "orders" in agent["skills"] and role.includes(Role.LEAD)
        return None if may else "not_allowed" if is_seen else "unknown"
    if "main" not in agent["accounts"]:
        return "unknown"
    is_skilled = "orders" in agent["skills"]
    if needs is Needs.SHIFT:  # Ann's
        return None if agent is OWN or (is_skilled and role.includes(Role.LEAD)) else "not_allowed"
    return "not_allowed" if needs in (Needs.TAKE, Needs.LEAD) and not is_skilled else None


async def test_every_request_by_every_kind_of_agent(store: SqlStore) -> None:
    office, subjects = await opened(store)
    for request_type in TYPES:
        await asked_by_everyone(request_type, office, subjects)


async def asked_by_everyone(request_type: type, floor: Office, subjects: Subjects) -> None:
    build = BUILT[request_type]
    request, of_nothing = build(subjects), build(NOTHING)
    needs = row_of(request_type).needs
    if needs is Needs.ANSWER:
        needs = Needs.TAKE if getattr(request, "accept") else Needs.SEE  # noqa: B009
    for name, agent in AGENTS.items():
        who = name.partition(",")[0]
        found, at = await refusal(floor, request, who), f"{request_type.__name__}, {name}"
        match expected(needs, agent, is_named=request != of_nothing):
            case "not_allowed":
                assert found is not None and found[0] == RefusalCode.NOT_ALLOWED, at
            case "unknown":
                hidden = msgspec.json.encode(found).decode()
                for one, other in zip(subjects, NOTHING, strict=True):
                    hidden = hidden.replace(one, other)
                assert found is not None and found[0].startswith("unknown_"), at
                assert hidden == msgspec.json.encode(await refusal(floor, of_nothing, who)).decode(), (
                    request_type,
                    name,
                )
            case None:
                assert found is None or found[0] not in (RefusalCode.NOT_ALLOWED, "unknown_conversation"), (
                    request_type,
                    name,
                )
