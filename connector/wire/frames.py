"""The envelope: one JSON object in each websocket text frame, told apart by `kind`."""

from __future__ import annotations

import msgspec
from msgspec import Struct

from connector.wire import answers, events, requests
from connector.wire.views import AccountView, AgentView, ConversationView, LineView, MessageView

PROTOCOL = 1

# Close codes (RFC 6455 leaves 4000-4999 to applications).
CLOSE_BAD_FRAME = 4400
CLOSE_NOT_SIGNED_IN = 4401
CLOSE_SLOW_READER = 4408
CLOSE_PROTOCOL = 4426
CLOSE_STOPPING = 4503


class Hello(Struct, frozen=True, tag_field="kind", tag="hello"):
    """The core's first frame."""

    protocol: int
    store: str  # the name of the database; positions of another one mean nothing here
    server_at: int  # the core's clock, from which all countdowns are reckoned
    position: int  # the latest fact
    version: str = ""  # of the core, for people


class SignIn(Struct, frozen=True, tag_field="kind", tag="sign_in"):
    """The desk's first frame."""

    protocol: int
    desk: str  # a name for this terminal, made anew at each start of the desk
    agent: str | None = None  # who works here; None: the OS user, or the token's agent
    token: str | None = None  # over TCP
    role: str = "desk"  # desk: counts as presence and gets work; tool: does not
    store: str | None = None  # of the state the desk has
    after: int | None = None  # the last position the desk has; None: a snapshot, please


class Welcome(Struct, frozen=True, tag_field="kind", tag="welcome"):
    """Signed in. What follows is the exact tail after `after` (resumed) or a snapshot (not resumed)."""

    agent: AgentView
    resumed: bool
    lines: list[LineView]
    reply_limit: int  # code points
    is_lead: bool = False  # you may take over and join
    away_reasons: list[str] = []
    outcomes: list[str] = []


class SnapshotFrame(Struct, frozen=True, tag_field="kind", tag="snapshot"):
    """Everything a desk starts from, in one or more frames; only the last has `more` false.

    The first frame means: forget what you have. Agents come in the first one.
    """

    position: int
    more: bool
    agents: list[AgentView]
    conversations: list[ConversationView]


class EventFrame(Struct, frozen=True, tag_field="kind", tag="event"):
    """A fact. Positions grow; not every number occurs."""

    position: int
    at: int
    body: events.Event


class AccountsFrame(Struct, frozen=True, tag_field="kind", tag="accounts"):
    """How the provider accounts are now. Has no position; each replaces the one before."""

    accounts: list[AccountView]


class RequestFrame(Struct, frozen=True, tag_field="kind", tag="request"):
    """`id`: 1 to 64 characters, made by the desk, never used for anything else. Repeat it until it is answered."""

    id: str
    body: requests.Request


class AnswerFrame(Struct, frozen=True, tag_field="kind", tag="answer"):
    id: str
    body: answers.Answer


class Refusal(Struct, frozen=True, tag_field="kind", tag="refusal"):
    """Nothing happened. `code` for programs, `words` for people."""

    id: str
    code: str
    words: str
    details: dict[str, str | int | None] = {}
    messages: list[MessageView] = []  # with stale: what was written since


FromDesk = SignIn | RequestFrame
FromCore = Hello | Welcome | SnapshotFrame | EventFrame | AccountsFrame | AnswerFrame | Refusal

_encoder = msgspec.json.Encoder()
_from_desk: msgspec.json.Decoder[FromDesk] = msgspec.json.Decoder(FromDesk)
_from_core: msgspec.json.Decoder[FromCore] = msgspec.json.Decoder(FromCore)
_event: msgspec.json.Decoder[events.Event] = msgspec.json.Decoder(events.Event)


class BadFrame(Exception):
    """The other side sent something that is not a frame. The text says what and where."""


def encode(frame: FromDesk | FromCore) -> str:
    return _encoder.encode(frame).decode()


def decode_from_desk(data: str | bytes) -> FromDesk:
    """Raises BadFrame."""
    try:
        return _from_desk.decode(data)
    except (msgspec.DecodeError, UnicodeError) as error:
        raise BadFrame(str(error)) from None


def decode_from_core(data: str | bytes) -> FromCore | None:
    """None for a kind of frame or event this version does not know. Raises BadFrame."""
    try:
        return _from_core.decode(data)
    except msgspec.ValidationError as error:
        if "Invalid value" in str(error):  # an unknown tag: told by a newer core
            return None
        raise BadFrame(str(error)) from None
    except (msgspec.DecodeError, UnicodeError) as error:
        raise BadFrame(str(error)) from None


def encode_event(event: events.Event) -> bytes:
    """A fact's body, in the bytes it is stored and told in."""
    return _encoder.encode(event)


def decode_event(body: bytes) -> events.Event:
    return _event.decode(body)


def frame_event(position: int, at: int, body: bytes) -> str:
    """An event frame around a body that is encoded already: it is encoded once, however many desks are told."""
    return f'{{"kind":"event","position":{position},"at":{at},"body":{body.decode()}}}'
