"""Sending a reply again that did not arrive: a new message, joined to the old one."""

from __future__ import annotations

from connector.domain.conversation import Conversation
from connector.domain.message import Direction, Message
from connector.domain.refusals import Refused
from connector.domain.rights import visibility_of
from connector.domain.status import UNSUCCESSFUL, Status
from connector.domain.unsettled import is_automatic
from connector.services import pictures
from connector.services.conversations import ownership
from connector.services.refusals import engaged
from connector.services.request_rights import require_takeable
from connector.services.sending.reply import admitted_in, line_of, require_current, write
from connector.services.unit_of_work import UnitOfWork
from connector.wire import answers, requests
from connector.wire.refusals import RefusalCode


def resend(uow: UnitOfWork, agent: str, request: requests.Resend) -> answers.Written:
    """Once for each reply, through all that a new one passes. Raises Refused."""
    message = uow.message(request.message_id)
    if message.direction is not Direction.REPLY:
        raise Refused(RefusalCode.UNKNOWN_MESSAGE, "That is not a reply.")
    if is_automatic(message):
        raise Refused(RefusalCode.BAD_REQUEST, "It was sent automatically, and is not sent again.")
    _require_lost(message)  # checked before ownership and state
    conversation = _conversation(uow, message)
    if not uow.rights.may_see(visibility_of(conversation)):
        raise engaged()
    if request.accept:
        require_takeable(uow.rights, visibility_of(conversation))
        conversation = ownership.accepted(uow, agent, conversation)
    line = line_of(uow, conversation.line)
    ownership.require_writer(uow, agent, conversation)
    if message.status is Status.UNCERTAIN and not request.even_if_uncertain:
        known = (message.words or "It is unknown whether it was sent").rstrip(".")
        words = f"It may have arrived, and the consumer would get it twice. {known}."
        raise Refused(RefusalCode.MAY_HAVE_ARRIVED, words, message_id=message.id)
    require_current(uow, agent, conversation, request.seen)
    media = pictures.of_resent(uow, agent, message, line)
    admission = admitted_in(uow, agent, conversation, override=request.override)
    return answers.Written(write(uow, admission, line, conversation, message.text, media, resends=message).id)


def _conversation(uow: UnitOfWork, message: Message) -> Conversation:
    """The one that its consumer has open on its line, where its own has ended."""
    open_one = uow.tx.conversations.open_for(message.line, message.person)
    return open_one or uow.conversation(message.conversation_id)


def _require_lost(message: Message) -> None:
    """Raises Refused unless it did not arrive, or its end is unknown."""
    if message.resent_as is not None:
        words = f"It was sent again already, as message {message.resent_as}."
        raise Refused(RefusalCode.TOO_LATE, words, message_id=message.resent_as)
    if message.status is Status.UNDONE:
        raise Refused(RefusalCode.BAD_REQUEST, "It was undone before it was sent: write it anew.")
    if message.status is Status.DELIVERED:
        raise Refused(RefusalCode.TOO_LATE, "It was delivered.")
    if message.status is not Status.UNCERTAIN and message.status not in UNSUCCESSFUL:
        raise Refused(RefusalCode.TOO_LATE, f"It is under way ({message.status}): wait for how it ends.")
