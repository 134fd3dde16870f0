"""Views: stored values in the form desks receive them.

This is where texts are masked: whatever people read of a text, in a list, a transcript, an event or a file, was made
here. The store and what is sent have the text itself.
"""

from __future__ import annotations

from msgspec.structs import asdict

from connector.domain.agent import Agent, Role
from connector.domain.consent.entries import ConsentEntry, ConsentKind, LikelyOptOut
from connector.domain.contact import Contact
from connector.domain.conversation import ENDED, Conversation, ConversationState
from connector.domain.masking.encoded import mask_body
from connector.domain.masking.masking import MaskingRules, mask
from connector.domain.message import Message, Part
from connector.domain.scheduled import ScheduledReply
from connector.domain.timers import closes_at
from connector.services.settings import BrandSettings
from connector.store.search import FoundMessage, FoundText
from connector.store.values import PastConversation, RawHook
from connector.wire import events, limits
from connector.wire.contacts import ContactView, PastConversationView
from connector.wire.views import (
    AgentView,
    ConsentEntryView,
    ConversationView,
    HookView,
    MessageView,
    PartView,
    PictureView,
    ScheduledView,
)

OFFLINE = "offline"  # the presence of an agent without a desk that counts
SILENT = "line silent"  # why, where there is one
_ELSEWHERE = "elsewhere"  # in place of the message of a likely opt-out that came to no line of the configuration


def conversation_view(
    conversation: Conversation, brand: BrandSettings, *, is_opted_out: bool, likely_opt_out: str
) -> ConversationView:
    """`likely_opt_out`: see `likely_id`; it is for open conversations only."""
    masking = brand.masking
    return ConversationView(
        id=conversation.id,
        version=conversation.version,
        state=conversation.state,
        account=conversation.account,
        line=conversation.line,
        consumer=conversation.consumer,
        skill=conversation.skill,
        agent=conversation.agent,
        opened_at=conversation.opened_at,
        last_at=conversation.last_at,
        queued_at=conversation.queued_at,
        waiting_since=conversation.waiting_since,
        closed_at=conversation.closed_at,
        last_seq=conversation.last_seq,
        unread=0 if conversation.state in ENDED else conversation.unread,
        last_text=preview(conversation, masking),
        last_direction=conversation.last_direction,
        opted_out=is_opted_out,
        reason=conversation.reason,
        entry_point=conversation.entry_point,
        due_at=conversation.due_at,
        due_by=conversation.due_by,
        due_told=conversation.due_told,
        reminder_at=conversation.reminder_at,
        rings=list(conversation.rings),
        ring_until=conversation.ring_until,
        returned_by=conversation.returned_by,
        handed_by=conversation.handed_by,
        moves=conversation.moves,
        joined=list(conversation.joined),
        closes_at=closes_at(conversation, brand.rules.of(conversation.skill)),
        wrap_up_until=conversation.wrap_up_until,
        outcome=mask(conversation.outcome, masking)[0],
        tags=[mask(tag, masking)[0] for tag in conversation.tags],
        closed_by=conversation.closed_by,
        rank=conversation.rank,
        last_part=part_view(conversation.last_part),
        person=_other_than(conversation.consumer, conversation.person),
        shown=_other_than(conversation.consumer, conversation.shown),
        unsent=conversation.unsent,
        unsent_status=conversation.unsent_status,
        snoozed_until=conversation.snoozed_until,
        back_from=conversation.back_from,
        scheduled_at=conversation.scheduled_at,
        likely_opt_out="" if conversation.state is ConversationState.CLOSED else likely_opt_out,
        name=mask(conversation.name, masking)[0] if conversation.name else "",
    )


def contact_view(contact: Contact, shown: str, masking: MaskingRules, *, is_brief: bool = False) -> ContactView:
    """`shown`: the number as it is read; `is_brief`: who it is, and nothing else."""
    texts = {"name": contact.name} if is_brief else {"name": contact.name, "notes": contact.notes}
    values = {} if is_brief else dict(contact.attributes)
    rules = [rule for text in (*texts.values(), *values.values()) for rule in mask(text, masking)[1]]
    return ContactView(
        consumer=contact.consumer,
        person=_other_than(contact.consumer, contact.person),
        shown=_other_than(contact.consumer, shown),
        language=contact.language,
        attributes={mask(name, masking)[0]: mask(value, masking)[0] for name, value in values.items()},
        version=contact.version,
        changed_at=contact.changed_at,
        changed_by=contact.changed_by,
        masked=list(dict.fromkeys(rules)),
        **{field: mask(text, masking)[0] for field, text in texts.items()},
    )


def past_conversation_view(one: PastConversation, masking: MaskingRules) -> PastConversationView:
    return PastConversationView(
        id=one.id,
        line=one.line,
        skill=one.visibility.skill,
        state=one.state,
        opened_at=one.opened_at,
        closed_at=one.closed_at,
        outcome=mask(one.outcome, masking)[0],
        tags=[mask(tag, masking)[0] for tag in one.tags],
    )


def preview(conversation: Conversation, masking: MaskingRules) -> str:
    """The beginning of the latest text as people are shown it."""
    part = conversation.last_part
    is_cut = len(conversation.last_text) >= limits.PREVIEW_LENGTH or (part is not None and part.number < part.total)
    is_begun = part is not None and part.number > 1
    return mask(conversation.last_text, masking, is_begun=is_begun, is_cut=is_cut)[0]


def consent_view(entry: ConsentEntry, masking: MaskingRules) -> ConsentEntryView:
    is_cut = len(entry.evidence) >= limits.INBOUND_LENGTH
    return ConsentEntryView(
        opted_out=entry.kind is ConsentKind.OPTED_OUT,
        at=entry.at,
        consumer=entry.consumer,
        rule=entry.rule,
        evidence=mask(entry.evidence, masking, is_cut=is_cut)[0],
        author=entry.author,
    )


def likely_id(likely: LikelyOptOut | None) -> str:
    """A likely opt-out as desks receive it; empty where there is none."""
    return "" if likely is None else likely.message_id or _ELSEWHERE


def message_view(message: Message, masking: MaskingRules) -> MessageView:
    text, masked = masked_text(message, masking)
    return MessageView(
        id=message.id,
        conversation_id=message.conversation_id,
        seq=message.seq,
        direction=message.direction,
        line=message.line,
        consumer=message.consumer,
        text=text[: len(message.text)],
        at=message.at,
        status=message.status,
        status_at=message.status_at,
        author=message.author,
        code=message.code,
        words=masked_words(message.words, masking),
        encoding=message.encoding,
        segments=message.segments,
        overflow=len(message.overflow),
        part=part_view(message.part),
        pictures=[picture_view(message, index) for index in range(len(message.media))],
        is_recovered=message.is_recovered,
        raw_status=message.raw_status,
        person=_other_than(message.consumer, message.person),
        resends=message.resends,
        resent_as=message.resent_as,
        is_unsettled=message.is_unsettled,
        masked=list(masked),
    )


def scheduled_view(scheduled: ScheduledReply, masking: MaskingRules) -> ScheduledView:
    return ScheduledView(
        id=scheduled.id,
        conversation_id=scheduled.conversation_id,
        author=scheduled.author,
        text=mask(scheduled.text, masking)[0],
        send_at=scheduled.send_at,
        at=scheduled.at,
    )


def masked_text(message: Message | FoundText | FoundMessage, masking: MaskingRules) -> tuple[str, tuple[str, ...]]:
    """The whole text of a message as people are shown it, and the rules that masked some of it."""
    part = message.part
    return mask(
        message.text + message.overflow if message.overflow else message.text,
        masking,
        is_begun=part is not None and part.number > 1,
        is_cut=part is not None and part.number < part.total,
    )


def masked_words(words: str | None, masking: MaskingRules) -> str | None:
    """Words of a provider, which may quote what was sent."""
    return mask(words, masking)[0] if words else words


def _other_than(consumer: str, text: str) -> str:
    """Empty where it says the same as the address: most do, and a desk may hold a hundred thousand."""
    return "" if text == consumer else text


def part_view(part: Part | None) -> PartView | None:
    return PartView(**asdict(part)) if part else None


def picture_view(message: Message, index: int) -> PictureView:
    """A picture's id is that of its message and its index there."""
    media = message.media[index]
    return PictureView(f"{message.id}.{index}", media.content_type, media.state, media.size, media.words)


def agent_view(agent: Agent, *, is_connected: bool, assigned: int, is_silent: bool = False) -> AgentView:
    """`is_connected`: has a desk that counts; `is_silent`: has one whose line is silent."""
    return AgentView(
        id=agent.id,
        name=agent.name,
        presence=agent.presence if is_connected else OFFLINE,
        assigned=assigned,
        capacity=agent.capacity,
        reason=agent.presence_reason if is_connected else SILENT if is_silent else "",
        since=agent.presence_at,
        skills=list(agent.skills),
        is_disabled=agent.is_disabled,
        off_duty_by=agent.off_duty_by,
        is_lead=agent.role.includes(Role.LEAD),
    )


def hook_view(hook: RawHook, masking: MaskingRules) -> HookView:
    reason, _ = mask(hook.reason, masking)
    body = hook.body[: 4 * limits.HOOK_BODY_LENGTH].decode(errors="replace")
    return HookView(
        id=hook.id,
        at=hook.at,
        account=hook.account,
        path=mask_body(hook.path, masking, is_cut=False),
        state=hook.state,
        reason=f"{reason} (of its {hook.cut} only the beginning is stored)" if hook.cut else reason,
        body=mask_body(body, masking, is_cut=len(hook.body) > len(body))[: limits.HOOK_BODY_LENGTH],
    )


def status_moved(message: Message, masking: MaskingRules) -> events.StatusMoved:
    return events.StatusMoved(
        conversation_id=message.conversation_id,
        message_id=message.id,
        seq=message.seq,
        status=message.status,
        status_at=message.status_at,
        code=message.code,
        words=masked_words(message.words, masking),
        raw_status=message.raw_status,
        resent_as=message.resent_as,
        is_unsettled=message.is_unsettled,
    )
