"""Frames: one JSON object in each websocket text message, distinguished by `kind`."""

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
    store: str  # name of the database; positions are valid in one database only
    server_at: int  # the core's clock, to count down from
    position: int  # of the latest fact
    version: str = ""  # of the core, for people


class SignIn(Struct, frozen=True, tag_field="kind", tag="sign_in"):
    """The desk's first frame."""

    protocol: int
    desk: str  # name of this terminal, new at each start of the desk
    agent: str | None = None  # who works here; None: the OS user, or the agent of the token
    token: str | None = None  # over TCP
    role: str = "desk"  # desk: its agent is online and gets work; tool: neither
    store: str | None = None  # name of the database the desk's state is from
    after: int | None = None  # the last position the desk has; None: send a snapshot


class Welcome(Struct, frozen=True, tag_field="kind", tag="welcome"):
    """The desk is signed in. The events since `after` follow (`resumed`), or else a snapshot."""

    agent: AgentView
    resumed: bool
    lines: list[LineView]
    reply_limit: int  # code points
    is_lead: bool = False  # whether the agent may take over and join
    away_reasons: list[str] = []
    outcomes: list[str] = []


class SnapshotFrame(Struct, frozen=True, tag_field="kind", tag="snapshot"):
    """The state a desk starts from, in one or more frames; only the last has `more` false.

    The first frame, which also has the agents, replaces all the desk had.
    """

    position: int
    more: bool
    agents: list[AgentView]
    conversations: list[ConversationView]


class EventFrame(Struct, frozen=True, tag_field="kind", tag="event"):
    """A fact. Positions increase, with gaps."""

    position: int
    at: int
    body: events.Event


class AccountsFrame(Struct, frozen=True, tag_field="kind", tag="accounts"):
    """State of the provider accounts. It has no position; each frame replaces the one before."""

    accounts: list[AccountView]


class RequestFrame(Struct, frozen=True, tag_field="kind", tag="request"):
    """A request with the desk's own unique `id`, to be repeated until it is answered."""

    id: str
    body: requests.Request


class AnswerFrame(Struct, frozen=True, tag_field="kind", tag="answer"):
    id: str
    body: answers.Answer


class Refusal(Struct, frozen=True, tag_field="kind", tag="refusal"):
    """The request had no effect. `code` is for programs, `words` for people."""

    id: str
    code: str
    words: str
    details: dict[str, str | int | None] = {}
    messages: list[MessageView] = []  # with stale: the messages since `seen`


FromDesk = SignIn | RequestFrame
FromCore = Hello | Welcome | SnapshotFrame | EventFrame | AccountsFrame | AnswerFrame | Refusal

_encoder = msgspec.json.Encoder()
_from_desk: msgspec.json.Decoder[FromDesk] = msgspec.json.Decoder(FromDesk)
_from_core: msgspec.json.Decoder[FromCore] = msgspec.json.Decoder(FromCore)
_event: msgspec.json.Decoder[events.Event] = msgspec.json.Decoder(events.Event)


class BadFrame(Exception):
    """What was received is not a frame. The text says why."""


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
        if "Invalid value" in str(error):  # an unknown tag, from a newer core
            return None
        raise BadFrame(str(error)) from None
    except (msgspec.DecodeError, UnicodeError) as error:
        raise BadFrame(str(error)) from None


def encode_event(event: events.Event) -> bytes:
    """A fact's body, in the bytes that are stored and sent."""
    return _encoder.encode(event)


def decode_event(body: bytes) -> events.Event:
    return _event.decode(body)


def frame_event(position: int, at: int, body: bytes) -> str:
    """An event frame around an encoded body, which so is encoded once for all desks."""
    return f'{{"kind":"event","position":{position},"at":{at},"body":{body.decode()}}}'
