"""The gate of every text to a consumer: whether this person may be texted at all.

Writing a reply passes it, so that its author learns why not, and so does the outbox when a worker takes a reply to be
sent: the one way by which a text leaves. `tests/house/test_send_paths.py` finds all code that could send another way.
"""

from __future__ import annotations

from msgspec import Struct

from connector.domain.conversation import Conversation
from connector.domain.refusals import Refused
from connector.services.unit_of_work import UnitOfWork
from connector.wire.refusals import RefusalCode


class ConsentBlock(Struct, frozen=True):
    """Why a person must not be texted. The words quote nothing that the consumer wrote."""

    code: RefusalCode
    words: str
    message_id: str | None = None  # of a likely opt-out


def block(uow: UnitOfWork, person: str, number: str) -> ConsentBlock | None:
    """What forbids to text this person now; None when nothing does. `number`: theirs, for the words."""
    if uow.is_opted_out(person):
        return ConsentBlock(RefusalCode.OPTED_OUT, f"{number} has opted out and must not be texted")
    likely = uow.likely_opt_out(person)
    if likely is not None:
        words = f"{number} may not want to be texted any more: an agent decides first whether they have opted out"
        if likely.message_id is None:
            words = (
                f"{number} may not want to be texted any more, by a text to a number that is not in the configuration:"
                " record an opt-out or an opt-in first"
            )
        return ConsentBlock(RefusalCode.LIKELY_OPT_OUT, words, likely.message_id)
    return None


def require(uow: UnitOfWork, person: str, number: str) -> None:
    """Raises Refused unless this person may be texted."""
    found = block(uow, person, number)
    if found is not None:
        raise Refused(found.code, f"{found.words}.", message_id=found.message_id)


def require_decided(uow: UnitOfWork, conversation: Conversation) -> None:
    """Raises Refused while a likely opt-out of its consumer waits: closed, it would wait where no agent looks."""
    likely = uow.likely_opt_out(conversation.person)
    if likely is not None:
        words = f"Decide first whether {conversation.consumer} has opted out; then the conversation can be closed."
        raise Refused(RefusalCode.LIKELY_OPT_OUT, words, message_id=likely.message_id)
