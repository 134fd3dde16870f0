"""Refusals that several requests share. What does not exist, and what its asker may not see, has the same words."""

from __future__ import annotations

from connector.domain.refusals import Refused
from connector.wire.refusals import RefusalCode

_LONGEST_SHOWN = 64


def unknown_conversation(conversation_id: str) -> Refused:
    return Refused(RefusalCode.UNKNOWN_CONVERSATION, f"There is no conversation {conversation_id[:_LONGEST_SHOWN]}.")


def unknown_message(message_id: str) -> Refused:
    return Refused(RefusalCode.UNKNOWN_MESSAGE, f"There is no message {message_id[:_LONGEST_SHOWN]}.")


def unknown_picture() -> Refused:
    return Refused(RefusalCode.UNKNOWN_PICTURE, "There is no such picture.")


def unknown_line(address: str) -> Refused:
    return Refused(RefusalCode.UNKNOWN_LINE, f"{address[:_LONGEST_SHOWN]} is not one of our lines.")


def one_of_ours(address: str) -> Refused:
    words = f"{address[:_LONGEST_SHOWN]} is one of our own lines, and no consumer."
    return Refused(RefusalCode.CANNOT_ANSWER, words)


def unknown_agent(agent_id: str) -> Refused:
    return Refused(RefusalCode.UNKNOWN_AGENT, f"There is no agent {agent_id[:_LONGEST_SHOWN]}.")


def not_taken(account: str, skill: str) -> Refused:
    words = f"It is for agents of {skill} at {account}, and you are none of them: they answer it."
    return Refused(RefusalCode.NOT_ALLOWED, words)


def engaged() -> Refused:
    """The consumer has an open conversation on the line that the asker does not see. Nothing else may be begun there,
    so that this cannot be hidden; whose it is, where it is and what it is about are."""
    words = "Nothing can be begun with them on this line now: they are being answered elsewhere. Ask a lead."
    return Refused(RefusalCode.NOT_ALLOWED, words)
