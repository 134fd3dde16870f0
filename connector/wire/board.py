"""The board of a lead: what each agent and each skill has to do, and the end of a colleague's shift."""

from typing import Annotated

from msgspec import Meta, Struct

from connector.wire import limits
from connector.wire.field_types import Key


class AgentOnBoardView(Struct, frozen=True):
    """What an agent has to do: of the conversations that the asker may see, but for `places`."""

    agent: str
    places: float  # taken, of their capacity: conversations by weight, with those that ring; as routing counts them
    conversations: int = 0  # that they own, those in wrap-up with them
    ringing: int = 0
    waiting: int = 0  # consumers of theirs who wait for an answer
    waits_since: int | None = None  # the longest of them
    overdue: int = 0
    unsent: int = 0  # conversations with a reply that did not arrive
    unsure: int = 0  # with a reply of which it is not known whether it was sent
    answered: int | None = None  # texts today, by the brand's clock; null: that is not for the asker


class SkillOnBoardView(Struct, frozen=True):
    """The queue of a skill, as far as the asker may see it, and who is there for it."""

    skill: str
    is_open: bool
    queued: int = 0
    waits_since: int | None = None  # the longest of them
    overdue: int = 0
    ringing: int = 0
    online: int = 0  # agents
    free: float = 0.0  # places of theirs; an agent with several skills has them for each
    answered: int | None = None  # texts today, by the brand's clock; null: that is not for the asker
    in_time: int | None = None  # of these


class GetBoard(Struct, frozen=True, tag_field="type", tag="get_board"):
    """What all agents and skills have to do that the asker may see. Answered with Board."""


class NotHandedOnView(Struct, frozen=True):
    """A conversation that is as it was, and why."""

    conversation_id: str
    words: str


class HandOn(Struct, frozen=True, tag_field="type", tag="hand_on"):
    """End a shift, one's own or that of a colleague: they are off duty, and each conversation that they own goes to a
    skill, to an agent, or without these back to its queue. Answered with HandedOn; refused with not_allowed, not_owner
    (another lead has ended it), unknown_agent, unknown_skill, bad_request."""

    shift_of: Key
    skill: Key | None = None
    to: Key | None = None  # an agent; the asker: they are theirs at once
    note: str = ""  # in each of them


class UndoHandOn(Struct, frozen=True, tag_field="type", tag="undo_hand_on"):
    """Undo the end of a shift: those of these conversations that no other agent has accepted are reassigned to the
    agent, whose earlier presence is restored. Only for the agent who ended it, until the presence changes. Answered
    with HandOnUndone; refused with not_allowed, unknown_agent, too_late."""

    shift_of: Key
    conversation_ids: Annotated[list[Key], Meta(max_length=limits.HANDED_ON)] = []
