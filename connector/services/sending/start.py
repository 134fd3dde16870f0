"""An agent texts a consumer first, as a follow-up after a phone call, say."""

from __future__ import annotations

from msgspec.structs import replace

from connector.domain import transitions
from connector.domain.address import AddressKind, parse, person_of
from connector.domain.conversation import FOLLOW_UP, Conversation, ConversationState
from connector.domain.refusals import Refused
from connector.domain.rights import visibility_of
from connector.services import save
from connector.services.conversations import ownership
from connector.services.refusals import engaged
from connector.services.request_rights import first_text_of, require_takeable
from connector.services.saved_replies import changes as saved_replies
from connector.services.sending import actions
from connector.services.sending.admission import admitted, has_written_to_us
from connector.services.sending.reply import line_of, require_reachable, require_sendable, write
from connector.services.settings import LineSettings
from connector.services.typed_address import require_number
from connector.services.unit_of_work import UnitOfWork
from connector.sms.text import without_end
from connector.wire import answers, events, requests
from connector.wire.refusals import RefusalCode


def start(uow: UnitOfWork, agent: str, request: requests.Start) -> answers.Started:
    """The consumer's open conversation on this line is used where it is free to take. Raises Refused."""
    line = line_of(uow, request.line)
    require_sendable(without_end(request.text), line)
    consumer = _address(line, request.consumer)
    _require_not_erased(uow, consumer, request.position)
    require_reachable(uow, line, consumer, person_of(consumer))
    admission = admitted(
        uow,
        agent,
        first_text_of(line),
        consumer,
        person_of(consumer),
        has_written=has_written_to_us(uow, person_of(consumer), line.account),
        override=request.override,
        is_first_text=True,
        is_confirmed=request.confirmed,
    )
    conversation = _taken(uow, agent, line, consumer)
    message = write(uow, admission, line, conversation, request.text, is_test=request.is_test)
    saved_replies.count_uses(uow, agent, request.saved_replies)
    actions.carry_out(uow, agent, message, request.then)
    return answers.Started(conversation.id, message.id, message.consumer)


def _address(line: LineSettings, text: str) -> str:
    """The address that a number means in the country of the line. Raises Refused."""
    if parse(text, line.region).kind is AddressKind.NAME and (words := line.cannot_answer(text)) is not None:
        raise Refused(RefusalCode.CANNOT_ANSWER, words)
    return require_number(text, line.region).text


def _require_not_erased(uow: UnitOfWork, consumer: str, known_until: int | None) -> None:
    """Raises Refused for a text that waited at a desk that did not know of the erasure of its consumer."""
    if known_until is None:
        return
    erased = uow.tx.erasure.begun(uow.brand.pseudonyms.of(person_of(consumer)))
    if erased is not None and erased.position is not None and known_until <= erased.position:
        words = f"{consumer} was erased after this text was written. Send it again if it is right all the same."
        raise Refused(RefusalCode.ERASED, words)


def _taken(uow: UnitOfWork, agent: str, line: LineSettings, consumer: str) -> Conversation:
    open_one = uow.tx.conversations.open_for(line.address, person_of(consumer))
    reason = f"{agent} texted first"
    if open_one is not None and not uow.rights.may_see(visibility_of(open_one)):
        raise engaged()
    if open_one is None:
        first = replace(line, skill=line.follow_up_skill or line.skill, entry_point=FOLLOW_UP)
        opened = transitions.opened(uow.brand.ids.new(), first, consumer, uow.brand.region_at(first), uow.now)
        opened = transitions.assigned(opened, agent, reason, uow.now)
        return save.new_conversation(uow, opened, events.ConversationAssigned)
    if open_one.state is ConversationState.QUEUED:
        require_takeable(uow.rights, visibility_of(open_one))
        taken = transitions.assigned(open_one, agent, reason, uow.now)
        return save.conversation(uow, taken, events.ConversationAssigned)
    ownership.require_writer(uow, agent, open_one)
    return open_one
