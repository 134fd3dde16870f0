"""Changes of a conversation: each a function from the old value to the new one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from msgspec.structs import replace

from connector.domain import segment_preview
from connector.domain.account import Line
from connector.domain.address import person_of, shown
from connector.domain.conversation import ENDED, BackFrom, Conversation, ConversationState, DueRule
from connector.domain.due import Deadline, PendingAnswer, answered, by_rules, restarted
from connector.domain.load import waiting_for_agent, waiting_for_consumer
from connector.domain.message import Direction, Message
from connector.domain.skill_rules import SkillRules

# Of a conversation that leaves its owner, comes to another, or ends.
_NOT_PUT_AWAY: dict[str, Any] = {
    "snoozed_until": None,
    "scheduled_at": None,
    "back_at": None,
    "back_from": BackFrom.NOTHING,
}


def opened(conversation_id: str, line: Line, consumer: str, region: str | None, now: int) -> Conversation:
    """A new conversation, queued until it is placed. `region`: the country in whose form the number is shown."""
    return Conversation(
        id=conversation_id,
        account=line.account,
        line=line.address,
        consumer=consumer,
        skill=line.skill,
        state=ConversationState.QUEUED,
        opened_at=now,
        last_at=now,
        queued_at=now,
        entry_point=line.entry_point,
        person=person_of(consumer),
        shown=shown(consumer, region),
    )


def with_address(conversation: Conversation, consumer: str, region: str | None) -> Conversation:
    """Replied to at this address, the one from which the consumer wrote last, and shown in the form of this country."""
    return replace(conversation, consumer=consumer, shown=shown(consumer, region))


def with_name(conversation: Conversation, name: str) -> Conversation:
    """Its person's contact has another name."""
    return replace(conversation, name=name, version=conversation.version + 1)


def with_inbound(conversation: Conversation, message: Message, deadline: Deadline | None) -> Conversation:
    """After an inbound message. `deadline`: when to answer it; None when it needs no answer."""
    if deadline is not None:
        # A recovered message may be older than the one that waits already.
        waiting_since = min(
            message.at, message.at if conversation.waiting_since is None else conversation.waiting_since
        )
        conversation = restarted(waiting_for_agent(replace(conversation, waiting_since=waiting_since)), deadline)
    if conversation.state in ENDED:
        conversation = replace(conversation, unread=0)
    last_text, last_part, unread = segment_preview.after_inbound(conversation, message)
    return replace(
        conversation,
        last_seq=message.seq,
        last_at=max(conversation.last_at, message.at),  # a recovered message may be older than the latest
        last_text=last_text,
        last_part=last_part,
        last_direction=Direction.INBOUND,
        unread=unread,
        **_NOT_PUT_AWAY,
        version=conversation.version + 1,
    )


def with_reply(conversation: Conversation, message: Message, rules: SkillRules) -> Conversation:
    now = message.at
    waited_ms = 0 if conversation.waiting_since is None else now - conversation.waiting_since
    conversation = waiting_for_consumer(conversation, rules, now, at_once=waited_ms > rules.old_after_s * 1000)
    return replace(
        _with_last_reply(answered(conversation), message),
        unread=0,
        waiting_since=None,
        back_at=None,
        back_from=BackFrom.NOTHING,
    )


def with_earlier_reply(conversation: Conversation, message: Message, waiting_since: int) -> Conversation:
    """After a reply that was written before the texts that wait for an answer since then: they wait as before it."""
    return replace(_with_last_reply(conversation, message), waiting_since=waiting_since)


def _with_last_reply(conversation: Conversation, message: Message) -> Conversation:
    return replace(
        conversation,
        last_seq=message.seq,
        last_at=message.at,
        last_text=segment_preview.preview(message),
        last_part=None,
        last_direction=Direction.REPLY,
        version=conversation.version + 1,
    )


def with_automatic_reply(conversation: Conversation, message: Message) -> Conversation:
    """After a reply that no agent wrote: the consumer waits as before it, and their text is the latest."""
    return replace(conversation, last_seq=message.seq, version=conversation.version + 1)


def without_reply(conversation: Conversation, last: Message | None, pending: PendingAnswer | None) -> Conversation:
    """After an undone reply: as before it, with `last` as the latest message, if there is one."""
    if pending is not None and conversation.waiting_since is not None and conversation.due_by is DueRule.MANUAL:
        # The reply had not ended the wait, so the agent's reminder has stayed.
        back = replace(waiting_for_agent(conversation), waiting_since=pending.since)
    else:
        back = with_pending_answer(conversation, pending)
    return replace(
        back,
        last_at=last.at if last else conversation.opened_at,
        last_text=segment_preview.preview(last) if last else "",
        last_part=last.part if last else None,
        last_direction=last.direction if last else Direction.INBOUND,
        version=conversation.version + 1,
    )


def without_pending_answer(conversation: Conversation, rules: SkillRules, now: int) -> Conversation:
    """With nothing to answer, as after an answer."""
    return replace(
        answered(waiting_for_consumer(conversation, rules, now, at_once=True)),
        waiting_since=None,
        unread=0,
        version=conversation.version + 1,
    )


def with_pending_answer(conversation: Conversation, pending: PendingAnswer | None) -> Conversation:
    """With this answer due again; None: no answer but those due already."""
    if pending is None:
        return conversation
    return replace(restarted(waiting_for_agent(conversation), pending.deadline), waiting_since=pending.since)


def nothing_owed(conversation: Conversation, rules: SkillRules, now: int) -> Conversation:
    """With no answer due, because what had been taken for lost has arrived. A reminder that is kept stays."""
    return replace(
        answered(waiting_for_consumer(conversation, rules, now, at_once=False)),
        waiting_since=None,
        version=conversation.version + 1,
    )


def with_note(conversation: Conversation, message: Message) -> Conversation:
    """After a note, which changes neither due time nor weight nor preview."""
    return replace(conversation, last_seq=message.seq, version=conversation.version + 1)


def assigned(conversation: Conversation, agent: str, reason: str, now: int) -> Conversation:
    return replace(
        conversation,
        state=ConversationState.ASSIGNED,
        agent=agent,
        assigned_at=now,
        queued_at=None,
        returned_by=None,
        rings=(),
        ring_until=None,
        again_at=None,
        tried=(),
        handed_by=None,
        joined=tuple(one for one in conversation.joined if one != agent),
        wrap_up_until=None,
        closed_at=None,
        closed_by=None,
        outcome="",
        tally=None,
        **_NOT_PUT_AWAY,
        reason=reason,
        version=conversation.version + 1,
    )


def ringing(conversation: Conversation, agents: Iterable[str], until: int, reason: str) -> Conversation:
    """Ringing at these agents, without an owner until one of them accepts."""
    return replace(
        conversation,
        state=ConversationState.RINGING,
        agent=None,
        rings=tuple(agents),
        ring_until=until,
        again_at=None,
        **_NOT_PUT_AWAY,
        reason=reason,
        version=conversation.version + 1,
    )


def queued(conversation: Conversation, now: int, reason: str, *, returned_by: str | None = None) -> Conversation:
    """Back in the queue, given back by `returned_by` if that is given."""
    return replace(
        conversation,
        state=ConversationState.QUEUED,
        agent=None,
        queued_at=now,
        returned_by=returned_by,
        rings=(),
        ring_until=None,
        again_at=None,
        wrap_up_until=None,
        closed_at=None,
        closed_by=None,
        tally=None,
        **_NOT_PUT_AWAY,
        reason=reason,
        version=conversation.version + 1,
    )


def ring_missed(conversation: Conversation, agents: Iterable[str], reason: str, again_at: int) -> Conversation:
    """Back in the queue after these agents declined or missed the ring; they are not asked again before `again_at`."""
    passed = (*conversation.tried, *(one for one in agents if one not in conversation.tried))
    return replace(
        conversation,
        state=ConversationState.QUEUED,
        tried=passed,
        rings=(),
        ring_until=None,
        again_at=again_at,
        **_NOT_PUT_AWAY,
        reason=reason,
        version=conversation.version + 1,
    )


def with_reason(conversation: Conversation, reason: str) -> Conversation:
    """In the same state for another reason."""
    return replace(conversation, reason=reason, version=conversation.version + 1)


def transferred(conversation: Conversation, skill: str, by: str, deadline: Deadline | None, now: int) -> Conversation:
    """Transferred to a skill by an agent, and queued until it is placed.

    `deadline`: the due time in the new skill; None: the due time stays.
    """
    if deadline is not None and conversation.waiting_since is not None:
        conversation = restarted(conversation, deadline)
    return replace(
        queued(waiting_for_agent(conversation), now, f"transferred by {by}"),
        skill=skill,
        tried=(by,),
        handed_by=by,
        moves=conversation.moves + 1,
    )


def with_outcome(conversation: Conversation, outcome: str) -> Conversation:
    """An agent has recorded how it went, and goes on with it."""
    return replace(conversation, outcome=outcome, version=conversation.version + 1)


def read(conversation: Conversation) -> Conversation:
    return replace(conversation, unread=0, back_from=BackFrom.NOTHING, version=conversation.version + 1)


def unread(conversation: Conversation) -> Conversation:
    return replace(conversation, unread=1, version=conversation.version + 1)


def in_wrap_up(conversation: Conversation, until: int, by: str) -> Conversation:
    """Closed by its owner, who has until then to record outcome, note and tags."""
    conversation = by_rules(conversation, None)
    return replace(
        conversation,
        state=ConversationState.WRAP_UP,
        wrap_up_until=until,
        closed_by=by,
        waiting_since=None,
        unsent=0,
        unsent_status="",
        unsent_at=None,
        **_NOT_PUT_AWAY,
        reason=f"closed by {by}, who notes how it went",
        version=conversation.version + 1,
    )


def closed(
    conversation: Conversation,
    now: int,
    reason: str,
    *,
    by: str | None = None,
    outcome: str = "",
    tally: dict[str, int] | None = None,
) -> Conversation:
    """Closed. What was unread stays so, for when that is undone. The owner stays on record: routing prefers them for
    the consumer's next conversation. `tally`: what its replies count as; None: it has none."""
    conversation = by_rules(conversation, None)
    return replace(
        conversation,
        state=ConversationState.CLOSED,
        closed_at=now,
        closed_by=by,
        queued_at=None,
        waiting_since=None,
        unsent=0,
        unsent_status="",
        unsent_at=None,
        rings=(),
        ring_until=None,
        again_at=None,
        handed_by=None,
        joined=(),
        wrap_up_until=None,
        outcome=outcome or conversation.outcome,
        tally=tally or {},
        **_NOT_PUT_AWAY,
        reason=reason,
        version=conversation.version + 1,
    )
