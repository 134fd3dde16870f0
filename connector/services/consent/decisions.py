"""What agents decide and record about consent: each entry has its author and their evidence."""

from __future__ import annotations

from connector.domain import transitions
from connector.domain.address import Address, is_whole
from connector.domain.audit import AuditAction
from connector.domain.consent.entries import ConsentEntry, ConsentKind, LikelyOptOut
from connector.domain.conversation import Conversation, ConversationState
from connector.domain.refusals import Refused
from connector.domain.rights import visibility_of
from connector.services import save
from connector.services.audit.record import record
from connector.services.consent import ledger
from connector.services.conversations import closing, notes, ownership
from connector.services.sending import unsettled
from connector.services.typed_address import require_number
from connector.services.unit_of_work import UnitOfWork
from connector.sms.storable import storable
from connector.wire import answers, events, limits, requests
from connector.wire.refusals import RefusalCode

_WAITS = (ConversationState.QUEUED, ConversationState.RINGING)


def decide(uow: UnitOfWork, agent: str, request: requests.DecideOptOut) -> None:
    """Decide about the likely opt-out of a conversation's consumer. Its owner decides, or a lead who has joined; where
    it has no owner, any agent. The first decision counts."""
    conversation = uow.conversation(request.conversation_id)
    if conversation.state not in (*_WAITS, ConversationState.CLOSED):
        ownership.require_writer(uow, agent, conversation)
    likely = uow.likely_opt_out(conversation.person)
    if likely is None:
        raise Refused(RefusalCode.TOO_LATE, _decided_already(uow, conversation.person))
    if request.is_opt_out:
        _confirm(uow, agent, conversation, likely)
    else:
        _require_readable(uow, likely)
        uow.tx.consent.remove_likely(likely.person)
        rule = f"no opt-out, as {agent} decided"
        notes.add(uow, agent, conversation, f"{rule[:1].upper()}{rule[1:]}.")
        ledger.announce(uow, likely.person, likely.consumer, rule, None, author=agent)


def _require_readable(uow: UnitOfWork, likely: LikelyOptOut) -> None:
    """Raises Refused where the text is in a conversation that the agent does not see: who has not read it can be on the
    safe side, and not on the other."""
    message = None if likely.message_id is None else uow.tx.messages.get(likely.message_id)
    if message is not None and not uow.rights.may_see(visibility_of(uow.conversation(message.conversation_id))):
        words = (
            "The text is in a conversation that you do not see. Who sees it decides; you may say that it is an opt-out."
        )
        raise Refused(RefusalCode.NOT_ALLOWED, words)


def opt_out(uow: UnitOfWork, agent: str, request: requests.OptOut) -> answers.ConsentRecorded:
    return _record(uow, agent, request.consumer, ConsentKind.OPTED_OUT, request.because)


def opt_in(uow: UnitOfWork, agent: str, request: requests.OptIn) -> answers.ConsentRecorded:
    return _record(uow, agent, request.consumer, ConsentKind.OPTED_IN, request.because)


def _decided_already(uow: UnitOfWork, person: str) -> str:
    latest = uow.latest_consent(person)
    if latest is not None and latest.kind is ConsentKind.OPTED_OUT:
        author = None if latest.author is None else uow.tx.agents.get(latest.author)
        by = f", as {author.id} recorded" if author is not None and uow.rights.shows(author) else ""
        return f"They have opted out already{by}."
    return "Nothing is left to decide: no text of theirs reads like an opt-out, or another agent has decided."


def _confirm(uow: UnitOfWork, agent: str, conversation: Conversation, likely: LikelyOptOut) -> None:
    message = None if likely.message_id is None else uow.tx.messages.get(likely.message_id)
    entry = ConsentEntry(
        id=uow.brand.ids.new(),
        at=uow.now,
        account=likely.account,
        line=likely.line,
        consumer=likely.consumer,
        person=likely.person,
        kind=ConsentKind.OPTED_OUT,
        rule=f"decided by {agent}",
        evidence=message.text if message else likely.words,
        message_id=likely.message_id,
        author=agent,
    )
    ledger.append(uow, entry, conversation.id)
    _settle(uow, agent, conversation)


def _settle(uow: UnitOfWork, agent: str, conversation: Conversation) -> None:
    """No answer is due any more, as none may be sent. What has no owner is closed."""
    if conversation.state in _WAITS:
        closing.end(uow, conversation, f"{agent} decided that they have opted out: nothing to answer", by=agent)
    elif conversation.state is ConversationState.ASSIGNED:
        conversation = unsettled.settle(uow, conversation, by=conversation.id)
        settled = transitions.without_pending_answer(conversation, uow.rules_of(conversation), uow.now)
        save.conversation(uow, settled, events.ConversationRead)


def _address(uow: UnitOfWork, written: str) -> Address:
    """The address that people mean: without its country one of the lines' country, where they share one.

    Raises Refused for what is neither a whole number nor known here: it would be recorded for nobody, and the
    consumer who was meant would still be texted.
    """
    address = require_number(written, uow.brand.region)
    if not is_whole(address.text) and not _is_known(uow, address.person):
        words = f"{address.text} is no whole number, and has never written: nothing is recorded."
        raise Refused(RefusalCode.BAD_REQUEST, f"{words} Write the number with its country code.")
    return address


def _is_known(uow: UnitOfWork, person: str) -> bool:
    """Whether the asker sees a conversation with this person, or there is something about their being texted."""
    if uow.latest_consent(person) is not None or uow.tx.consent.likely(person) is not None:
        return True
    if uow.rights.sees_everything:
        return bool(uow.tx.conversations.open_of(person)) or uow.tx.conversations.has_closed(person)
    ids = {one.conversation_id for one in uow.tx.messages.history(person, None, limits.PAGE_SIZE)}
    return any(uow.rights.may_see(visibility_of(uow.conversation(one))) for one in ids)


def _record(uow: UnitOfWork, agent: str, consumer: str, kind: ConsentKind, because: str) -> answers.ConsentRecorded:
    evidence = storable(because.strip())
    if not evidence:
        raise Refused(RefusalCode.EMPTY, "Say why: what the consumer said or wrote, where and when.")
    if len(evidence) > limits.NOTE_LENGTH:
        words = f"The reason has at most {limits.NOTE_LENGTH:,} characters; this one has {len(evidence):,}."
        raise Refused(RefusalCode.TOO_LONG, words, limit=limits.NOTE_LENGTH, length=len(evidence))
    address = _address(uow, consumer)
    entry = ConsentEntry(
        id=uow.brand.ids.new(),
        at=uow.now,
        account="",
        line="",
        consumer=address.text,
        person=address.person,
        kind=kind,
        rule=f"recorded by {agent}",
        evidence=evidence,
        author=agent,
    )
    if kind is ConsentKind.OPTED_IN:
        record(uow, agent, AuditAction.OPTED_IN, subject=entry.id, person=address.person)
    ledger.append(uow, entry)
    return answers.ConsentRecorded(address.text, kind is ConsentKind.OPTED_OUT)
