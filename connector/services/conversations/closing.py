"""Closing a conversation, and reopening it."""

from __future__ import annotations

from msgspec.structs import replace

from connector.domain import tallies, transitions
from connector.domain.conversation import Conversation, ConversationState
from connector.domain.ownership import require_owner
from connector.domain.refusals import Refused
from connector.domain.rights import visibility_of
from connector.services import save
from connector.services.consent import gate
from connector.services.conversations import notes, ownership, tags, transcript
from connector.services.refusals import engaged, unknown
from connector.services.routing import queue
from connector.services.sending import unsettled
from connector.services.settings import BrandSettings
from connector.services.unit_of_work import UnitOfWork
from connector.wire import events, requests
from connector.wire.refusals import RefusalCode


class ClosingDetails:
    """What an agent records at the end: outcome, further tags, a note. Raises Refused for words that cannot be
    stored."""

    def __init__(self, brand: BrandSettings, request: requests.Close | requests.WrapUp) -> None:
        self.outcome = tags.word(request.outcome, "An outcome")
        if self.outcome and brand.outcomes and self.outcome not in brand.outcomes:
            raise Refused(RefusalCode.BAD_REQUEST, unknown("outcome", self.outcome, brand.outcomes))
        self.tags = tags.words(request.tags)
        self.note = request.note

    def __bool__(self) -> bool:
        return bool(self.outcome or self.tags or self.note)


def close(uow: UnitOfWork, agent: str, request: requests.Close) -> None:
    """Where the skill has a wrap-up and no details were given, that begins, unless the request ends it."""
    conversation = uow.conversation(request.conversation_id)
    details = ClosingDetails(uow.brand, request)
    if request.accept:
        conversation = ownership.accepted(uow, agent, conversation)
    require_owner(conversation, agent)
    gate.require_decided(uow, conversation)
    wrap_up_s = uow.rules_of(conversation).wrap_up_s
    if wrap_up_s and not details and not request.is_final:
        unsettled.settle(uow, conversation, by=conversation.id)
        wrapping = transitions.in_wrap_up(conversation, uow.now + wrap_up_s * 1000, agent)
        save.conversation(uow, wrapping, events.WrapUpBegan)
        return
    _end_with(uow, agent, conversation, details)


def wrap_up(uow: UnitOfWork, agent: str, request: requests.WrapUp) -> None:
    conversation = uow.conversation(request.conversation_id)
    details = ClosingDetails(uow.brand, request)
    if conversation.state is not ConversationState.WRAP_UP or conversation.agent != agent:
        raise Refused(RefusalCode.NOT_OWNER, "It is not in your wrap-up.", agent=conversation.agent)
    gate.require_decided(uow, conversation)
    _end_with(uow, agent, conversation, details)


def _end_with(uow: UnitOfWork, agent: str, conversation: Conversation, details: ClosingDetails) -> None:
    if details.note:
        conversation, _ = notes.add(uow, agent, conversation, details.note)
    conversation = replace(conversation, tags=tags.joined(conversation.tags, details.tags))
    end(uow, conversation, f"closed by {agent}", by=agent, outcome=details.outcome)


def end(
    uow: UnitOfWork,
    conversation: Conversation,
    reason: str,
    *,
    by: str | None = None,
    outcome: str = "",
) -> None:
    """Close it, which settles its replies that did not arrive. `by` is None when a timer does."""
    unsettled.settle(uow, conversation, by=conversation.id)
    tally = tallies.of_replies(uow.tx.messages.replies_in(conversation))
    closed = transitions.closed(conversation, uow.now, reason, by=by, outcome=outcome, tally=tally)
    save.conversation(uow, closed, events.ConversationClosed, by)
    uow.at_end(queue.offer)


def reopen(uow: UnitOfWork, agent: str, request: requests.Reopen) -> None:
    """Assign it to the agent who asks; its consumer waits for an answer as before it was closed."""
    conversation = uow.conversation(request.conversation_id)
    if conversation.state is ConversationState.WRAP_UP:
        if conversation.agent != agent:
            raise Refused(RefusalCode.NOT_OWNER, f"{conversation.agent} is wrapping it up.", agent=conversation.agent)
    elif conversation.state is not ConversationState.CLOSED or conversation.closed_at is None:
        raise Refused(RefusalCode.BAD_REQUEST, "It is not closed.")
    else:
        rules = uow.rules_of(conversation)
        if uow.now - conversation.closed_at > max(rules.undo_s, rules.reopen_s) * 1000:
            raise Refused(RefusalCode.TOO_LATE, "It was closed too long ago. Text them first to begin another.")
        if (other := uow.tx.conversations.open_for(conversation.line, conversation.person)) is not None:
            if not uow.rights.may_see(visibility_of(other)):
                raise engaged()
            words = "The consumer has written again: that conversation is open."
            raise Refused(RefusalCode.ALREADY_OPEN, words, conversation_id=other.id)
    back = transitions.assigned(conversation, agent, f"reopened by {agent}", uow.now)
    back = unsettled.unsettle(uow, back, by=conversation.id)
    save.conversation(uow, with_recomputed_answer(uow, back), events.ConversationReopened, agent)


def with_recomputed_answer(uow: UnitOfWork, conversation: Conversation) -> Conversation:
    """The conversation with its pending answer recomputed from the messages."""
    return transitions.with_pending_answer(conversation, transcript.recompute(uow, conversation).owed)
