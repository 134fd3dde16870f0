"""The values a desk is made of, frozen, and the few questions everybody asks about them. Pure.

Times are milliseconds since 1970-01-01 UTC.
"""

from __future__ import annotations

from immutables import Map
from msgspec import Struct

from connector.wire import answers, requests
from connector.wire.limits import REPLY_LENGTH
from connector.wire.views import (
    AccountView,
    AgentView,
    ConversationView,
    HookView,
    LineTrafficView,
    LineView,
    MessageView,
)

Sending = requests.Reply | requests.Start
"""What sends a text, and so must neither be lost nor made twice."""

_START = "start "
_LATEST = 100  # messages among which the latest reply is looked for


class Notice(Struct, frozen=True):
    """One sentence for the agent."""

    words: str
    bad: bool = False
    here: bool = False  # about what is before the agent: over when they are elsewhere
    doubt: bool = False  # asks for the same key once more: over with any other


class Asked(Struct, frozen=True):
    """A request the core has not answered. `message_id` once the reply has been seen in the transcript."""

    id: str
    body: requests.Request
    at: int
    message_id: str | None = None


class Attached(Struct, frozen=True):
    """A picture that goes with the next reply."""

    name: str  # for people
    size: int | None  # bytes; None for an address, which the provider fetches
    reference: str | None  # what a reply names it by; None while the core has not taken it yet
    request_id: str | None  # that hands it over


class ShownPicture(Struct, frozen=True):
    """The picture that is looked at, as far as it has come."""

    id: str
    data: bytes | None = None
    words: str | None = None  # why it cannot be shown


class Transcript(Struct, frozen=True):
    """The messages with one consumer, oldest first, as far as they are loaded."""

    conversation_id: str
    consumer: str
    messages: tuple[MessageView, ...] = ()
    more: bool = False  # the core has older ones
    loading: bool = True
    stale: bool = False  # what is shown may have gaps: the next answer replaces it


class KnownTargets(Struct, frozen=True):
    """Where a conversation can be handed, once the core has said so."""

    conversation_id: str
    answer: answers.Targets | None = None
    words: str | None = None  # why there is no answer


class Explanation(Struct, frozen=True):
    """Why a conversation is where it is, once the core has said so."""

    conversation_id: str
    answer: answers.Explained | None = None
    words: str | None = None  # why there is no answer


class SigningOff(Struct, frozen=True):
    """The agent wants to go off duty, and the core is asked."""

    is_done: bool = False
    words: str | None = None  # why the core refused


class Model(Struct, frozen=True):
    me: AgentView | None = None
    is_lead: bool = False
    away_reasons: tuple[str, ...] = ()
    outcomes: tuple[str, ...] = ()
    agents: Map[str, AgentView] = Map()
    lines: tuple[LineView, ...] = ()
    accounts: tuple[AccountView, ...] = ()
    conversations: Map[str, ConversationView] = Map()
    complete: bool = False  # a whole snapshot has been taken
    filling: bool = False  # in the middle of a snapshot
    again: bool = False  # that snapshot replaces a state we had
    position: int | None = None
    target: int | None = None  # where the core was at its hello, while the tail up to it is awaited
    caught_up: int = 0  # events of that tail
    reply_limit: int = REPLY_LENGTH
    ahead: int = 0  # the core's clock minus ours
    transcript: Transcript | None = None
    hooks: tuple[HookView, ...] | None = None  # None: not asked yet, or asked and not answered
    traffic: tuple[LineTrafficView, ...] | None = None
    starting: ConversationView | None = None  # stands for a conversation that our first text will open
    started: str | None = None  # the one it has opened, until that is told
    attached: Map[str, tuple[Attached, ...]] = Map()  # by conversation
    picture: ShownPicture | None = None
    targets: KnownTargets | None = None
    explanation: Explanation | None = None
    signing_off: SigningOff | None = None
    last_closed: str | None = None  # by this desk: what undo takes up again
    closing: str | None = None  # this desk has closed it, and it went into wrap-up
    by_hand: frozenset[str] = frozenset()  # this desk has asked for their next move
    lapsed: frozenset[str] = frozenset()  # ours by the list, but the core wants them accepted again
    taking: Map[str, tuple[str, str]] = Map()  # replies being taken back: conversation and text by message
    notes: Map[str, str] = Map()  # that the core did not take, by conversation
    alarms: int = 0  # so many have called for the agent so far
    asked: Map[str, Asked] = Map()
    drafts: Map[str, str] = Map()
    notice: Notice | None = None


def is_mine(model: Model, view: ConversationView) -> bool:
    return model.me is not None and view.state == "assigned" and view.agent == model.me.id


def rings_here(model: Model, view: ConversationView) -> bool:
    """It rings at this agent."""
    return model.me is not None and view.state == "ringing" and model.me.id in view.rings


def wraps_up(model: Model, view: ConversationView) -> bool:
    """This agent has closed it and may note how it went."""
    return model.me is not None and view.state == "wrap_up" and view.agent == model.me.id


def is_beside(model: Model, view: ConversationView) -> bool:
    """This agent writes in it beside its owner."""
    return model.me is not None and view.state == "assigned" and model.me.id in view.joined


def name_of(model: Model, agent_id: str | None) -> str:
    """An agent's name, for a sentence."""
    agent = model.agents.get(agent_id or "")
    return agent.name if agent else agent_id or "Nobody"


def undo_ms(model: Model, view: ConversationView) -> int:
    """How long a reply there can be taken back."""
    return next((line.undo_s * 1000 for line in model.lines if line.address == view.line), 0)


def takeable(model: Model) -> MessageView | None:
    """The latest reply of this agent in the open conversation, if it may not have left yet."""
    if model.transcript is None or model.me is None:
        return None
    for message in reversed(model.transcript.messages[-_LATEST:]):
        if message.conversation_id != model.transcript.conversation_id:
            return None
        if message.direction == "reply" and message.author == model.me.id and message.status != "withdrawn":
            return message if message.status == "queued" else None
    return None


def opened(model: Model) -> ConversationView | None:
    """The conversation whose transcript is shown."""
    if model.transcript is None:
        return None
    if model.starting is not None and model.starting.id == model.transcript.conversation_id:
        return model.starting
    return model.conversations.get(model.transcript.conversation_id)


def account_of(model: Model, view: ConversationView) -> AccountView | None:
    return next((account for account in model.accounts if account.account == view.account), None)


def start_id(line: str, consumer: str) -> str:
    """What stands for the id of a conversation that is not there yet."""
    return f"{_START}{line} {consumer}"


def is_start(conversation_id: str) -> bool:
    return conversation_id.startswith(_START)


def addressed(body: Sending) -> str:
    """The conversation a text is for, or what stands for it."""
    return body.conversation_id if isinstance(body, requests.Reply) else start_id(body.line, body.consumer)
