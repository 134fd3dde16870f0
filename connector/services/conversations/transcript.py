"""The messages of a conversation, as far as rules look back, and of a consumer, as desks page through them."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from connector.domain.address import region_of
from connector.domain.audit import AuditAction, AuditNote
from connector.domain.consent.keywords import keyword_signal
from connector.domain.conversation import Conversation
from connector.domain.due import PendingAnswer, deadline_for
from connector.domain.message import Direction, Message
from connector.domain.status import Status
from connector.domain.unsettled import is_answer, is_automatic
from connector.services import views
from connector.services.consent.parts import is_part
from connector.services.contacts.reading import person_view
from connector.services.query import Query, page_size
from connector.services.unit_of_work import UnitOfWork
from connector.wire import administration, answers, requests

_PAGE = 50
_ABOVE = "!"  # behind an id: above it, and below every other


class TranscriptState(Struct, frozen=True):
    """Where a conversation stands by its messages alone."""

    last: Message | None
    owed: PendingAnswer | None
    unanswered_since: int | None = None  # when the consumer wrote the first text that no reply has answered


def _backwards(uow: UnitOfWork, conversation: Conversation) -> Iterator[Message]:
    """Its messages, the latest first."""
    before: str | None = None
    while page := uow.tx.messages.history(conversation.person, before, _PAGE):
        for message in reversed(page):
            if message.conversation_id == conversation.id:
                yield message
                if message.seq == 1:
                    return
        before = page[0].id


def since(uow: UnitOfWork, conversation: Conversation, seen: int, agent: str) -> list[Message]:
    """What the consumer or a colleague of this agent wrote after the message with the `seq` seen, oldest first."""
    if conversation.last_seq <= seen:
        return []
    found = []
    for message in _backwards(uow, conversation):
        if message.seq <= seen:
            break
        if is_automatic(message):
            continue
        if _is_said(message) and (message.direction is Direction.INBOUND or message.author != agent):
            found.append(message)
    return found[::-1]


def recompute(uow: UnitOfWork, conversation: Conversation) -> TranscriptState:
    """The last message and the pending answer, from the messages.

    A reply that was undone or did not arrive does not count as an answer: the consumer waits as before it. Where they
    wait for none, we owe one since an unsettled reply came back: a text that they never got brings no answer. What an
    agent has decided to be an opt-out, and texts before, are owed none.
    """
    latest = uow.latest_consent(conversation.person)
    decided = latest.id if latest is not None and latest.is_decided_opt_out else ""
    last: Message | None = None
    unanswered: list[Message] = []
    answered_to = 0
    for message in _backwards(uow, conversation):
        if message.seq <= answered_to:
            break
        if not _is_said(message) or is_automatic(message):
            continue
        last = last or message
        if is_answer(message):
            answered_to = max(answered_to, _answered_to(uow, conversation, message))
        elif message.direction is Direction.INBOUND and message.id > decided and not _is_keyword(message):
            unanswered.append(message)
    if not unanswered:
        return TranscriptState(last, _owed_for_unsettled(uow, conversation))
    is_first = is_first_contact(uow, conversation)
    # A message of a moment to come is from a clock that was set back since.
    deadline = deadline_for(uow.rules_of(conversation), min(unanswered[0].at, uow.now), is_first_contact=is_first)
    since = min(unanswered[-1].at, uow.now)
    return TranscriptState(last, PendingAnswer(since, deadline), since)


def _answered_to(uow: UnitOfWork, conversation: Conversation, answer: Message) -> int:
    """The `seq` of the last message that a reply answers. One that sends another again says what was written then, and
    does not know what has been asked since."""
    first = answer
    while first.resends is not None and (earlier := uow.tx.messages.get(first.resends)) is not None:
        first = earlier
    return first.seq if first.conversation_id == conversation.id else 0


def _owed_for_unsettled(uow: UnitOfWork, conversation: Conversation) -> PendingAnswer | None:
    unsettled = uow.tx.messages.unsettled(conversation.line, conversation.person)
    if not unsettled:
        return None
    rules = uow.rules_of(conversation)
    deadline = deadline_for(rules, min(unsettled[-1].status_at, uow.now), is_first_contact=False)
    return PendingAnswer(min(unsettled[0].status_at, uow.now), deadline)


def _is_keyword(message: Message) -> bool:
    """Whether it says STOP, which needs no answer."""
    country = region_of(message.line) or ""
    return not is_part(message) and keyword_signal(message.text, False, country) is not None


def is_first_contact(uow: UnitOfWork, conversation: Conversation) -> bool:
    """Whether it is this consumer's first conversation; looked up only where the skill makes a difference of it."""
    if uow.rules_of(conversation).first_contact_s is None:
        return False
    return not uow.tx.conversations.has_closed(conversation.person)


def history(query: Query, question: requests.GetHistory) -> answers.History:
    """A page of all messages with the conversation's consumer."""
    conversation = query.conversation(question.conversation_id)
    page = _page(query, conversation.person, question, page_size(question.limit))
    query.read_past(conversation, page.messages)
    masking = query.brand.masking
    retention = query.brand.retention.get(conversation.account)
    ends = retention.words(page.messages[0].at, query.now) if retention and page.messages and not page.has_older else ""
    shown = [views.message_view(one, masking) for one in page.messages]
    if page.has_newer:
        return answers.History(shown, page.has_older, ends, newer=True)
    person = person_view(query, conversation.person, conversation.consumer, conversation.id)
    waiting = query.reading.scheduled_in(conversation.id) if conversation.scheduled_at is not None else []
    scheduled = [views.scheduled_view(one, masking) for one in waiting]
    return answers.History(shown, page.has_older, ends, person, scheduled=scheduled)


class _Page(Struct, frozen=True):
    messages: list[Message]  # oldest first
    has_older: bool
    has_newer: bool


def _page(query: Query, person: str, question: requests.GetHistory, limit: int) -> _Page:
    messages = _Seen(query, person)
    if question.before is not None:
        found = messages.before(question.before, limit + 1)
        return _Page(found[-limit:], len(found) > limit, True)
    if question.after is not None:
        found = messages.after(question.after, limit + 1)
        return _Page(found[:limit], True, len(found) > limit)
    if question.around is not None:
        later = messages.after(question.around, limit // 2 + 1)
        newer = later[: limit // 2]
        room = limit - len(newer)
        older = messages.before(question.around + _ABOVE, room + 1)
        return _Page([*older[-room:], *newer], len(older) > room, len(later) > len(newer))
    found = messages.before(None, limit + 1)
    return _Page(found[-limit:], len(found) > limit, False)


class _Seen:
    """The messages with a person of those conversations that the asker may see."""

    def __init__(self, query: Query, person: str) -> None:
        self._query = query
        self._person = person
        self._conversations: list[str] | None = None
        if not query.rights.sees_everything:
            visibilities = query.reading.desk_pages.visibilities_with(person)
            self._conversations = [id_ for id_, one in visibilities.items() if query.rights.may_see(one)]

    def before(self, message_id: str | None, limit: int) -> list[Message]:
        if self._conversations is None:
            return self._query.reading.history(self._person, message_id, limit)
        return self._query.reading.desk_pages.history_in(self._conversations, self._person, message_id, limit)

    def after(self, message_id: str, limit: int) -> list[Message]:
        if self._conversations is None:
            return self._query.reading.history_after(self._person, message_id, limit)
        pages = self._query.reading.desk_pages
        return pages.history_in_after(self._conversations, self._person, message_id, limit)


def overflow(query: Query, question: requests.GetOverflow) -> answers.Overflow:
    """The end of an over-long text. Raises Refused for an unknown message."""
    message = query.message(question.message_id)
    query.read_past(query.conversation(message.conversation_id), [message])
    return answers.Overflow(views.masked_text(message, query.brand.masking)[0][len(message.text) :])


def unmask(query: Query, question: administration.Unmask) -> answers.Unmasked:
    """The whole text of a message as it was written. Raises Refused for an unknown message."""
    message = query.message(question.message_id)
    _, masked = views.masked_text(message, query.brand.masking)
    query.notes.append(AuditNote(AuditAction.UNMASKED, message.id, message.person, {"rules": list(masked)}))
    return answers.Unmasked(message.text + message.overflow, views.part_view(message.part))


def _is_said(message: Message) -> bool:
    """Whether it counts as said between us and the consumer."""
    return message.direction is not Direction.NOTE and message.status is not Status.UNDONE
