"""The append-only ledger of opt-outs and opt-ins, and telling desks of what has changed."""

from __future__ import annotations

from connector.domain import fact_visibility
from connector.domain.consent.entries import ConsentEntry, ConsentKind
from connector.domain.conversation import Conversation
from connector.domain.message import Message
from connector.services import save
from connector.services.unit_of_work import UnitOfWork
from connector.wire import events, limits

# In place of a rule that names an agent, for those who do not see that agent.
BY_ANOTHER = "recorded by an agent of another account"


def append(uow: UnitOfWork, entry: ConsentEntry, conversation_id: str | None = None) -> None:
    """Append an entry, which also settles a likely opt-out. The person's entry with the highest id counts.

    `conversation_id`: of the message it comes from.
    """
    uow.tx.consent.append(entry)
    if uow.tx.consent.likely(entry.person) is not None:
        uow.tx.consent.remove_likely(entry.person)
    announce(uow, entry.person, entry.consumer, entry.rule, conversation_id, at=entry.at, author=entry.author)


def record(
    uow: UnitOfWork,
    message: Message,
    kind: ConsentKind,
    rule: str,
    evidence: str,
    *,
    at: int,
    author: str | None = None,
) -> None:
    """Append an opt-out or opt-in of this message's consumer."""
    entry = ConsentEntry(
        id=uow.brand.ids.new(),
        at=at,
        account=message.account,
        line=message.line,
        consumer=message.consumer,
        person=message.person,
        kind=kind,
        rule=rule,
        evidence=evidence,
        message_id=message.id,
        author=author,
    )
    append(uow, entry, message.conversation_id)


def record_refusal(uow: UnitOfWork, message: Message, code: str | None, words: str | None, *, at: int) -> None:
    """Record an opt-out that the provider reports for the consumer of a reply."""
    if not uow.is_opted_out(message.person):
        rule = f"provider error {code}"
        record(uow, message, ConsentKind.OPTED_OUT, rule, words or rule, at=at)


def announce(
    uow: UnitOfWork,
    person: str,
    consumer: str,
    rule: str,
    conversation_id: str | None,
    *,
    at: int | None = None,
    author: str | None = None,
) -> None:
    """Append an event for each open conversation with this person; where there is none, one for the consumer.

    `conversation_id`: of the message that it comes from. An event without a conversation is also for those who see only
    closed ones with this person. `author`: the agent whom `rule` names, which it does for their own accounts only.
    """
    is_opted_out = uow.is_opted_out(person)
    named = None if author is None else uow.tx.agents.get(author)

    def rule_for(*seen: Conversation) -> str:
        is_named = named is None or all(named.serves(one.account) for one in seen)
        return rule if is_named else BY_ANOTHER

    found = uow.tx.conversations.open_of(person)
    sent: set[str | None] = set()
    for one in found:
        changed = events.ConsentChanged(one.consumer, is_opted_out, rule_for(one), one.id, save.view_of(uow, one))
        seen_by = fact_visibility.of_conversations(one)
        save.fact(uow, changed, one.id, at=at, visibility=seen_by)
        sent.add(seen_by)
    source = None if conversation_id is None else uow.tx.conversations.get(conversation_id)
    if source is not None and source not in found:
        changed = events.ConsentChanged(consumer, is_opted_out, rule_for(source), source.id)
        seen_by = fact_visibility.of_conversations(source)
        save.fact(uow, changed, source.id, at=at, visibility=seen_by)
        sent.add(seen_by)
    listed = uow.tx.conversations.closed_of(person, uow.now - limits.CLOSED_LISTED_MS)
    others = [one for one in listed if fact_visibility.of_conversations(one) not in sent]
    if others or not sent:
        changed = events.ConsentChanged(consumer, is_opted_out, rule_for(*others), None)
        save.fact(uow, changed, None, at=at, visibility=fact_visibility.of_conversations(*others))
