"""What the asker of a request has to be allowed, checked at one place and in the transaction that carries it out.

What a request is about is found by the names of its fields. What its asker may not see is refused as if it did not
exist; only what they see, and may not do, is refused as not allowed.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from enum import Enum
from typing import Any, Protocol

from connector.domain.agent import Agent, Role
from connector.domain.conversation import Conversation
from connector.domain.message import Message
from connector.domain.refusals import Refused
from connector.domain.rights import Rights, Visibility, rights_of, visibility_of
from connector.domain.saved_reply import SHARED, SavedReply, may_see, may_write
from connector.services.refusals import (
    not_taken,
    unknown_contact,
    unknown_conversation,
    unknown_line,
    unknown_message,
    unknown_picture,
    unknown_saved_reply,
)
from connector.services.settings import BrandSettings, LineSettings
from connector.services.typed_address import require_number
from connector.wire.refusals import RefusalCode
from connector.wire.saved_replies import ImportSavedReplies, PutSavedReply, RemoveSavedReply


class Needs(Enum):
    """What the asker needs of all that a request names. Each value says it in words."""

    NOTHING = "nothing: it is about the asker, or its answer has only what they may see"
    SEE = "see it"
    TAKE = "see it, and be allowed to own it: to be of its skill and account, or among its people already"
    ANSWER = "see it; where the request also accepts it, what TAKE needs"
    LEAD = "see it, and lead its skill and account"
    SHIFT = "it is their own shift; of a colleague: see them, and lead all their skills and accounts"
    WRITE = "it is their own saved reply; to share it, or where it is shared: lead each of its skills"
    ADMINISTER = "be an administrator, who sees all"

    @property
    def role(self) -> Role:
        """The lowest role that may ask."""
        return {Needs.LEAD: Role.LEAD, Needs.ADMINISTER: Role.ADMINISTRATOR}.get(self, Role.AGENT)


class Sources(Protocol):
    """What subjects are found in: a unit of work, or the query of a question."""

    @property
    def brand(self) -> BrandSettings: ...

    def conversation(self, conversation_id: str) -> Conversation: ...

    def message(self, message_id: str) -> Message: ...

    def saved_reply(self, saved_reply_id: str) -> SavedReply: ...

    def visibilities_with(self, person: str) -> dict[str, Visibility]:
        """Of all conversations with this person, by id."""
        ...

    def has_contact(self, person: str) -> bool: ...


def rights_of_asker(agent_id: str, known: Agent | None, *, is_administrator: bool) -> Rights:
    """The rights of who asks. `known`: as stored, read in the same transaction; `is_administrator`: by nature, whatever
    is stored. Raises Refused for an agent who is disabled."""
    agent = known or Agent(agent_id, agent_id)
    if agent.is_disabled:
        raise Refused(RefusalCode.NOT_ALLOWED, f"{agent_id} is disabled and may not do anything here.")
    return rights_of(agent, is_administrator=is_administrator)


def require_valid(token: str | None, find: Callable[[str], object | None]) -> None:
    """Raises Refused for a token that has been revoked since it signed a connection in: the connection may not have
    ended yet. `token`: its digest, None over the Unix socket."""
    if token is not None and find(token) is None:
        raise Refused(RefusalCode.NOT_ALLOWED, "The token has been revoked.")


def require(sources: Sources, rights: Rights, needs: Needs, request: Any) -> None:
    """Raises Refused unless this request may be carried out for an agent with these rights."""
    if not rights.role.includes(needs.role):
        role = "administrator" if needs.role is Role.ADMINISTRATOR else "lead"
        words = f"an administrator makes one with `textdesk agent set NAME --role {role}`"
        raise Refused(RefusalCode.NOT_ALLOWED, f"Only {role}s may do this; {words}.")
    if needs in (Needs.NOTHING, Needs.ADMINISTER):
        return
    if needs is Needs.WRITE:
        _require_writable(sources, rights, request)
        return
    if needs is Needs.SHIFT:
        needs = Needs.SEE  # of the rest its use case asks
    if needs is Needs.ANSWER:
        needs = Needs.TAKE if request.accept else Needs.SEE
    for field in type(request).__struct_fields__:
        if (find := SUBJECTS.get(field)) is not None:
            _require(rights, needs, find(sources, rights, getattr(request, field)))


def _require(rights: Rights, needs: Needs, seen: Visibility) -> None:
    if needs is Needs.LEAD and not rights.may_lead(seen):
        words = f"You lead your own skills and accounts only, and this is of {seen.skill}, {seen.account}."
        raise Refused(RefusalCode.NOT_ALLOWED, words)
    if needs is Needs.TAKE:
        require_takeable(rights, seen)


def _require_writable(sources: Sources, rights: Rights, request: Any) -> None:
    """Of a saved reply that is there, both what it is and what it becomes."""
    written: list[tuple[str, Collection[str]]] = []
    if isinstance(request, RemoveSavedReply | PutSavedReply) and request.saved_reply_id:
        before = sources.saved_reply(request.saved_reply_id)
        if not may_see(rights, before):
            raise unknown_saved_reply(request.saved_reply_id)
        written.append((before.owner, before.skills))
    if isinstance(request, PutSavedReply | ImportSavedReplies) and request.is_shared:
        contents = request.replies if isinstance(request, ImportSavedReplies) else [request]
        written += [(SHARED, one.skills) for one in contents]
    for owner, skills in written:
        if not may_write(rights, owner, skills):
            raise Refused(RefusalCode.NOT_ALLOWED, _not_writable(rights))


def _not_writable(rights: Rights) -> str:
    if not rights.role.includes(Role.LEAD):
        return "Saved replies that are shared are written by leads; yours alone are your own."
    mine = ", ".join(rights.skills)
    return f"You share saved replies for skills that you lead, and name them: {mine}. Others are for their leads."


def require_takeable(rights: Rights, seen: Visibility) -> None:
    """Raises Refused unless an agent with these rights may own what they see. Administrators may own anything."""
    if not is_takeable(rights, seen):
        raise not_taken(seen.account, seen.skill)


def is_takeable(rights: Rights, seen: Visibility) -> bool:
    is_theirs = rights.role is Role.ADMINISTRATOR or rights.agent in seen.people
    return is_theirs or rights.may_take(seen.account, seen.skill)


def _conversation(sources: Sources, rights: Rights, conversation_id: str) -> Visibility:
    seen = visibility_of(sources.conversation(conversation_id))
    if not rights.may_see(seen):
        raise unknown_conversation(conversation_id)
    return seen


def _message(sources: Sources, rights: Rights, message_id: str) -> Visibility:
    seen = visibility_of(sources.conversation(sources.message(message_id).conversation_id))
    if not rights.may_see(seen):
        raise unknown_message(message_id)
    return seen


def _picture(sources: Sources, rights: Rights, picture_id: str) -> Visibility:
    try:
        return _message(sources, rights, picture_id.rpartition(".")[0])
    except Refused:
        raise unknown_picture() from None


def _number(sources: Sources, rights: Rights, number: str) -> Visibility:
    """Of a person: of one of their conversations, if possible one that the asker leads. A person of whom nothing is
    stored is there for those who see everything."""
    person = require_number(number, sources.brand.region).person
    found = list(sources.visibilities_with(person).values())
    seen = [one for one in found if rights.may_see(one)]
    if not seen:
        if not rights.sees_everything and (found or not sources.has_contact(person)):
            raise unknown_contact(number)
        return Visibility(next(iter(rights.accounts), ""), next(iter(rights.skills), ""))
    return next((one for one in seen if rights.may_lead(one)), seen[0])


def _line(sources: Sources, rights: Rights, address: str) -> Visibility:
    line = sources.brand.lines.get(address)
    if line is None or not rights.sees_account(line.account):
        raise unknown_line(address)
    return first_text_of(line)


def first_text_of(line: LineSettings) -> Visibility:
    """Of the conversation that a first text from this line opens."""
    return Visibility(line.account, line.follow_up_skill or line.skill)


# By the name of a request's field. A test sees that each field that names something is here or has its reason.
SUBJECTS = {
    "conversation_id": _conversation,
    "message_id": _message,
    "picture_id": _picture,
    "line": _line,
    "number": _number,
}
