"""The automatic reply to a consumer who has texted a card number or the like: not to do so.

It has no author, and answers nothing: the consumer still waits for an agent.
"""

from __future__ import annotations

from collections.abc import Sequence

from connector.domain import transitions
from connector.domain.address import AddressKind, parse
from connector.domain.conversation import Conversation
from connector.domain.masking.masking import NOTICED
from connector.domain.refusals import Refused
from connector.domain.unsettled import is_automatic
from connector.domain.urgency import Urgency
from connector.domain.written import queued_reply
from connector.services import save, views
from connector.services.sending import outbox
from connector.services.sending.admission import is_texted_automatically
from connector.services.sending.reply import require_reachable, require_sendable
from connector.services.settings import LineSettings
from connector.services.unit_of_work import UnitOfWork
from connector.wire import events

_EVERY_MS = 24 * 3_600_000
_MOST_LOOKED_AT = 200  # messages; a person who has written more within a day is sent no notice


def send_notice(uow: UnitOfWork, line: LineSettings, conversation: Conversation, masked: Sequence[str]) -> None:
    """Send the notice of the configuration after a text of which these rules masked parts: to a phone, at most once in
    24 hours, and where a reply of an agent could be sent. An operator's own rules send none."""
    text = uow.brand.masking_notice
    if not text or NOTICED.isdisjoint(masked) or parse(conversation.consumer).kind is not AddressKind.NUMBER:
        return
    if _was_sent(uow, conversation) or not is_texted_automatically(uow, conversation.consumer):
        return
    try:
        require_sendable(text, line)
        require_reachable(uow, line, conversation.consumer, conversation.person)
    except Refused:
        return
    message = queued_reply(conversation, uow.brand.ids.new(), text, uow.now)
    uow.tx.messages.add_once(message)
    outbox.add(uow, message, Urgency.ANSWER, delay_s=0)
    changed = transitions.with_automatic_reply(conversation, message)
    save.conversation(uow, changed, events.ReplyWritten, views.message_view(message, uow.brand.masking))


def _was_sent(uow: UnitOfWork, conversation: Conversation) -> bool:
    """Whether this person has had one from this line within the time, or has written too much to tell."""
    found = uow.tx.messages.history(conversation.person, None, _MOST_LOOKED_AT)
    since = uow.now - _EVERY_MS
    if len(found) == _MOST_LOOKED_AT and found[0].at > since:
        return True
    return any(is_automatic(one) and one.line == conversation.line and one.at > since for one in found)
