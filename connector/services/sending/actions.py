"""What is done with a conversation as a reply in it is written, in the same transaction, and its undo."""

from __future__ import annotations

from msgspec.structs import replace

from connector.domain import transitions
from connector.domain.conversation import Conversation, ConversationState
from connector.domain.due import by_rules, set_manually
from connector.domain.message import Message
from connector.domain.refusals import Refused
from connector.domain.saved_reply import ActionsDone
from connector.services import save
from connector.services.conversations import closing, due, tags
from connector.services.unit_of_work import UnitOfWork
from connector.wire import events, requests
from connector.wire.saved_replies import ReplyActions


def carry_out(uow: UnitOfWork, agent: str, message: Message, then: ReplyActions | None) -> None:
    """After a reply was put into the outbox. Raises Refused, so that the reply is refused with it."""
    if not then:
        return
    before = uow.conversation(message.conversation_id)
    as_closed = requests.Close(before.id, then.outcome, "", then.tags)
    try:
        details = closing.ClosingDetails(uow.brand, as_closed)
    except Refused as no:  # the saved reply is older than what can be recorded now
        words = f"{no.words} Send the text without what is done with it, or have the saved reply changed."
        raise Refused(no.code, words) from None
    if then.closes:
        closing.close(uow, agent, as_closed)
    else:
        tags.set_tags(uow, agent, requests.SetTags(before.id, then.tags))
        tagged = uow.conversation(before.id)
        if details.outcome and details.outcome != tagged.outcome:
            save.conversation(uow, transitions.with_outcome(tagged, details.outcome), events.ConversationUpdated)
        if then.due_s is not None:
            due.set_due(uow, agent, requests.SetDue(before.id, uow.now + then.due_s * 1000))
    after = uow.conversation(before.id)
    uow.tx.saved_replies.add_done(
        ActionsDone(
            message_id=message.id,
            at=uow.now,
            tags=tuple(tag for tag in after.tags if tag not in before.tags),
            outcome=details.outcome,
            outcome_before=before.outcome,
            reminder_at=after.reminder_at if then.due_s is not None else None,
            kept_reminder_at=before.reminder_at if before.is_reminder_kept else None,
            has_closed=then.closes,
        )
    )


def undone(uow: UnitOfWork, agent: str, message: Message) -> Conversation:
    """The conversation of an undone reply, without what was done with it, as far as nobody has changed that since. The
    caller saves it."""
    conversation = uow.conversation(message.conversation_id)
    done = uow.tx.saved_replies.done(message.id)
    if done is None:
        return conversation
    uow.tx.saved_replies.remove_done(message.id)
    if is_reopened := done.has_closed and _is_closed_by(uow, conversation, done, agent):
        back = transitions.assigned(conversation, agent, f"reopened by {agent}", uow.now)
        conversation = save.conversation(uow, back, events.ConversationReopened, agent)
    left = tuple(tag for tag in conversation.tags if tag not in done.tags)
    is_its_outcome = is_reopened or (bool(done.outcome) and conversation.outcome == done.outcome)
    changed = replace(conversation, tags=left, outcome=done.outcome_before if is_its_outcome else conversation.outcome)
    if done.reminder_at is not None and changed.reminder_at == done.reminder_at:
        changed = by_rules(changed, None)
    if done.kept_reminder_at is not None and changed.reminder_at is None:
        changed = set_manually(changed, done.kept_reminder_at, is_kept=True)
    return changed


def _is_closed_by(uow: UnitOfWork, conversation: Conversation, done: ActionsDone, agent: str) -> bool:
    """Whether the conversation is closed since that reply, and can be open again."""
    if conversation.closed_by != agent:
        return False
    if conversation.state is ConversationState.WRAP_UP:
        return True
    is_since = conversation.state is ConversationState.CLOSED and conversation.closed_at == done.at
    return is_since and uow.tx.conversations.open_for(conversation.line, conversation.person) is None
