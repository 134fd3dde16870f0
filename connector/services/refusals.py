"""Refusals that several requests share. What does not exist, and what its asker may not see, has the same words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from connector.base.alike import meant
from connector.domain.agent import Agent
from connector.domain.refusals import Refused
from connector.wire.refusals import RefusalCode

_LONGEST_SHOWN = 64
_MOST_NAMED = 24


def unknown_conversation(conversation_id: str) -> Refused:
    return Refused(RefusalCode.UNKNOWN_CONVERSATION, f"There is no conversation {conversation_id[:_LONGEST_SHOWN]}.")


def unknown_message(message_id: str) -> Refused:
    return Refused(RefusalCode.UNKNOWN_MESSAGE, f"There is no message {message_id[:_LONGEST_SHOWN]}.")


def unknown_scheduled() -> Refused:
    words = "There is no such reply to be sent later: it was sent, cancelled, or given back to its author."
    return Refused(RefusalCode.UNKNOWN_MESSAGE, words)


def unknown_saved_reply(saved_reply_id: str) -> Refused:
    words = f"There is no saved reply {saved_reply_id[:_LONGEST_SHOWN]}."
    return Refused(RefusalCode.UNKNOWN_SAVED_REPLY, words)


def unknown_picture() -> Refused:
    return Refused(RefusalCode.UNKNOWN_PICTURE, "There is no such picture.")


def unknown_contact(number: str) -> Refused:
    words = f"There is no contact with {number[:_LONGEST_SHOWN]}, and no conversation that you see."
    return Refused(RefusalCode.UNKNOWN_CONTACT, words)


def unknown_line(address: str) -> Refused:
    return Refused(RefusalCode.UNKNOWN_LINE, f"{address[:_LONGEST_SHOWN]} is not one of our lines.")


def one_of_ours(address: str) -> Refused:
    words = f"{address[:_LONGEST_SHOWN]} is one of our own lines, and no consumer."
    return Refused(RefusalCode.CANNOT_ANSWER, words)


def unknown_agent(agent_id: str, known: Sequence[Agent]) -> Refused:
    """`known`: those who can be named. Their names are no ids, and may be what was typed."""
    labels = {one.id: one.id if one.name.casefold() == one.id else f"{one.id} ({one.name})" for one in known}
    ids = {one.name: one.id for one in known} | {one: one for one in labels}
    alike = meant(agent_id, ids)
    words = f"There is no agent {agent_id[:_LONGEST_SHOWN]}"
    ending = f": did you mean {labels[ids[alike]]}?" if alike else _listed([*labels.values()])
    return Refused(RefusalCode.UNKNOWN_AGENT, words + ending)


def unknown(what: str, name: str, known: Iterable[str]) -> str:
    """Words for a name that there is not: the one that may be meant, else those that there are."""
    names = [*map(str, known)]
    alike = meant(name, names)
    return f"There is no {what} {name[:_LONGEST_SHOWN]}{f': did you mean {alike}?' if alike else _listed(names)}"


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
    return f". There are: {', '.join(names[:_MOST_NAMED])}{more}." if names else "."


def not_taken(account: str, skill: str) -> Refused:
    words = f"It is for agents of {skill} at {account}, and you are none of them: they answer it."
    return Refused(RefusalCode.NOT_ALLOWED, words)


def engaged() -> Refused:
    """The consumer has an open conversation on the line that the asker does not see. Nothing else may be begun there,
    so that this cannot be hidden; whose it is, where it is and what it is about are."""
    words = "Nothing can be begun with them on this line now: they are being answered elsewhere. Ask a lead."
    return Refused(RefusalCode.NOT_ALLOWED, words)
