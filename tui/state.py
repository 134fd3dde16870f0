"""The values a desk is made of, frozen, and the few questions everybody asks about them. Pure.

Times are milliseconds since 1970-01-01 UTC.
"""

from __future__ import annotations

from immutables import Map
from msgspec import Struct

from connector.segments import AGENT_LIMIT
from connector.wire import requests
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


class Model(Struct, frozen=True):
    me: AgentView | None = None
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
    reply_limit: int = AGENT_LIMIT
    ahead: int = 0  # the core's clock minus ours
    transcript: Transcript | None = None
    hooks: tuple[HookView, ...] | None = None  # None: not asked yet, or asked and not answered
    traffic: tuple[LineTrafficView, ...] | None = None
    starting: ConversationView | None = None  # stands for a conversation that our first text will open
    started: str | None = None  # the one it has opened, until that is told
    attached: Map[str, tuple[Attached, ...]] = Map()  # by conversation
    picture: ShownPicture | None = None
    asked: Map[str, Asked] = Map()
    drafts: Map[str, str] = Map()
    notice: Notice | None = None


def is_mine(model: Model, view: ConversationView) -> bool:
    return model.me is not None and view.state == "assigned" and view.agent == model.me.id


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
