"""The end of a conversation, and taking it up again."""

from __future__ import annotations

from collections.abc import Sequence

from connector.domain import transitions
from connector.domain.conversation import Conversation, ConversationState
from connector.domain.ownership import require_owner
from connector.domain.refusals import Refused
from connector.services import save
from connector.services.conversations import history, notes
from connector.services.routing.placement import Placement
from connector.services.settings import BrandSettings
from connector.sms.storable import storable
from connector.store.ports import Transaction
from connector.wire import events, limits
from connector.wire.refusals import RefusalCode


class ClosingDetails:
    """What an agent says of how it went. Raises Refused for words that cannot be kept."""

    def __init__(self, brand: BrandSettings, outcome: str, note: str, tags: Sequence[str]) -> None:
        self.outcome = _word(outcome, "An outcome")
        if self.outcome and brand.outcomes and self.outcome not in brand.outcomes:
            raise Refused(RefusalCode.BAD_REQUEST, f"The outcomes are: {', '.join(brand.outcomes)}.")
        self.tags = tuple(dict.fromkeys(tag for tag in (_word(one, "A tag") for one in tags) if tag))
        if len(self.tags) > limits.TAG_COUNT:
            raise Refused(RefusalCode.BAD_REQUEST, f"A conversation has at most {limits.TAG_COUNT} tags.")
        self.note = note

    def __bool__(self) -> bool:
        return bool(self.outcome or self.tags or self.note)


def close(
    tx: Transaction, brand: BrandSettings, conversation: Conversation, agent: str, verdict: ClosingDetails, now: int
) -> None:
    """Where the skill has a wrap-up and nothing was said yet, that begins; else it is the end."""
    require_owner(conversation, agent)
    wrap_up_s = brand.rules.of(conversation.skill).wrap_up_s
    if wrap_up_s and not verdict:
        wrapping = save.update(tx, brand.rules, transitions.in_wrap_up(conversation, now + wrap_up_s * 1000, agent))
        tx.facts.append([save.fact(tx, brand.rules, wrapping, events.WrapUpBegan, now)])
        return
    end(tx, brand, conversation, f"closed by {agent}", now, by=agent, verdict=verdict)


def wrap_up(
    tx: Transaction, brand: BrandSettings, conversation: Conversation, agent: str, verdict: ClosingDetails, now: int
) -> None:
    if conversation.state is not ConversationState.WRAP_UP or conversation.agent != agent:
        raise Refused(RefusalCode.NOT_OWNER, "It is not in a wrap-up of yours.", agent=conversation.agent)
    end(tx, brand, conversation, f"closed by {agent}", now, by=agent, verdict=verdict)


def end(
    tx: Transaction,
    brand: BrandSettings,
    conversation: Conversation,
    reason: str,
    now: int,
    *,
    by: str | None = None,
    verdict: ClosingDetails | None = None,
) -> None:
    """Close it, tell it, and give its place to whoever waits."""
    if verdict is not None and verdict.note and by is not None:
        conversation = notes.add(tx, brand, conversation, by, verdict.note, now)
    outcome, tags = (verdict.outcome, verdict.tags) if verdict else ("", ())
    done = transitions.closed(conversation, now, reason, by=by, outcome=outcome, tags=tags)
    done = save.update(tx, brand.rules, done)
    told = save.fact(tx, brand.rules, done, lambda view: events.ConversationClosed(view, by=by), now)
    tx.facts.append([told])
    Placement(brand.rules).drain(tx, now)


def reopen(tx: Transaction, brand: BrandSettings, conversation: Conversation, agent: str, now: int) -> None:
    """It is the agent's who asks, and waits for an answer as it did before it was closed."""
    if conversation.state is ConversationState.WRAP_UP:
        if conversation.agent != agent:
            raise Refused(RefusalCode.NOT_OWNER, f"{conversation.agent} is wrapping it up.", agent=conversation.agent)
    elif conversation.state is not ConversationState.CLOSED or conversation.closed_at is None:
        raise Refused(RefusalCode.BAD_REQUEST, "It is not closed.")
    else:
        rules = brand.rules.of(conversation.skill)
        if now - conversation.closed_at > max(rules.undo_s, rules.reopen_s) * 1000:
            raise Refused(RefusalCode.TOO_LATE, "It was closed too long ago. Text them first to begin another.")
        if (other := tx.conversations.open_for(conversation.line, conversation.consumer)) is not None:
            words = "The consumer has written again: that conversation is open."
            raise Refused(RefusalCode.ALREADY_OPEN, words, conversation_id=other.id)
    back = transitions.assigned(conversation, agent, f"reopened by {agent}", now)
    back = save.update(tx, brand.rules, as_it_stands(tx, brand, back))
    tx.facts.append([save.fact(tx, brand.rules, back, lambda view: events.ConversationReopened(view, agent), now)])


def as_it_stands(tx: Transaction, brand: BrandSettings, conversation: Conversation) -> Conversation:
    """With what is owed to the consumer worked out again from the messages."""
    return transitions.with_pending_answer(conversation, history.standing(tx, conversation, brand.rules).owed)


def _word(text: str, what: str) -> str:
    text = storable(text.strip())
    if len(text) > limits.WORD_LENGTH or not (text.isprintable() or not text):
        raise Refused(RefusalCode.BAD_REQUEST, f"{what} is a word or two, at most {limits.WORD_LENGTH} characters.")
    return text
