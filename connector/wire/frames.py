"""Frames: one JSON object in each websocket text message, distinguished by `kind`."""

from collections.abc import Iterable, Iterator
from functools import cache
from typing import Annotated

import msgspec
from msgspec import Meta, Raw, Struct

from connector.wire import answers, events, field_types, limits, requests
from connector.wire.views import AccountView, AgentView, AlertView, ConversationView, LineView, MessageView

PROTOCOL = 1

# Close codes (RFC 6455 leaves 4000-4999 to applications).
CLOSE_BAD_FRAME = 4400
CLOSE_NOT_SIGNED_IN = 4401
CLOSE_RIGHTS_CHANGED = 4405  # connect again at once
CLOSE_SLOW_READER = 4408
CLOSE_PROTOCOL = 4426
CLOSE_TOO_MANY = 4429
CLOSE_STOPPING = 4503


Id = Annotated[str, Meta(min_length=1, max_length=limits.ID_LENGTH, pattern=limits.WITHOUT_NUL)]


class Hello(Struct, frozen=True, tag_field="kind", tag="hello"):
    """The core's first frame. Over TCP, where the desk is a stranger until it has signed in, `store` and `version` are
    empty and `position` is 0: the welcome has them."""

    protocol: int
    store: str  # name of the database; positions are valid in one database only
    server_at: int  # the core's clock, to count down from
    position: int  # of the latest fact
    version: str = ""  # of the core, for people


class SignIn(Struct, frozen=True, tag_field="kind", tag="sign_in"):
    """The desk's first frame."""

    protocol: field_types.Number
    desk: str  # name of this terminal, new at each start of the desk
    agent: str | None = None  # who works here; None: the OS user, or the agent of the token
    token: str | None = None  # over TCP
    role: str = "desk"  # desk: its agent is online and gets work; tool: neither
    store: str | None = None  # name of the database the desk's state is from
    after: field_types.Number | None = None  # the last position the desk has; None: send a snapshot
    takes_batches: bool = False  # whether the desk reads `batch` frames
    rights: str | None = None  # `rights` of the welcome under which the desk's state was made
    others: bool = True  # whether the snapshot has colleagues' conversations, and closed ones; else their number
    is_silent: bool = False  # whether the desk's line is silent; see LineState


class LineState(Struct, frozen=True, tag_field="kind", tag="line_state"):
    """Whether the desk's line is silent: its terminal takes and answers nothing, so that no agent can be at it. Holds
    for this connection, and is not answered."""

    is_silent: bool


class LookingAt(Struct, frozen=True, tag_field="kind", tag="looking_at"):
    """Which conversation the desk shows, null: none, and whether its agent is writing there; to be repeated every few
    seconds while they do. Holds for this connection, and is not answered."""

    conversation_id: field_types.Key | None
    is_writing: bool = False


class Welcome(Struct, frozen=True, tag_field="kind", tag="welcome"):
    """The desk is signed in. The events since `after` follow (`resumed`), or else a snapshot."""

    agent: AgentView
    resumed: bool
    lines: list[LineView]
    reply_limit: int  # code points
    is_lead: bool = False  # whether the agent may take over and join
    away_reasons: list[str] = []
    outcomes: list[str] = []
    store: str | None = None  # these three: see Hello; an older core has them only there
    position: int | None = None
    version: str = ""
    rights: str = ""  # another value when the agent may see other conversations than before
    role: str = ""  # agent, lead, administrator; empty: an older core does not say
    takes_looking_at: bool = False  # whether the core takes LookingAt, and sends WritingFrame


class SnapshotFrame(Struct, frozen=True, tag_field="kind", tag="snapshot"):
    """The state a desk starts from, in one or more frames; only the last has `more` false.

    The first frame, which also has the agents, replaces all the desk had.
    """

    position: int
    more: bool
    agents: list[AgentView]
    conversations: list[ConversationView]
    held_by_others: dict[str, int] = {}  # in the first frame: number by agent of what is left out; "": of closed ones
    alerts: list[AlertView] = []  # in the first frame: those that have not ended


class PositionFrame(Struct, frozen=True, tag_field="kind", tag="position"):
    """The desk is up to date with this position: the facts since its last event are none that its agent may see."""

    position: int


class EventFrame(Struct, frozen=True, tag_field="kind", tag="event"):
    """A fact. Positions increase, with gaps."""

    position: int
    at: int
    body: events.Event


class AccountsFrame(Struct, frozen=True, tag_field="kind", tag="accounts"):
    """State of the provider accounts. It has no position; each frame replaces the one before."""

    accounts: list[AccountView]


class WritingFrame(Struct, frozen=True, tag_field="kind", tag="writing"):
    """Who else is writing in the conversation that the desk looks at. It has no position; each frame replaces the one
    before, and holds for `limits.WRITING_MS`."""

    conversation_id: str
    agents: list[str]


class RequestFrame(Struct, frozen=True, tag_field="kind", tag="request"):
    """A request with the desk's own unique `id`, to be repeated until it is answered."""

    id: Id
    body: requests.Request


class AnswerFrame(Struct, frozen=True, tag_field="kind", tag="answer"):
    id: str
    body: answers.Answer


class Refusal(Struct, frozen=True, tag_field="kind", tag="refusal"):
    """The request had no effect. `code` is for programs, `words` for people."""

    id: str  # empty: what was received had no id that could be read
    code: str
    words: str
    details: dict[str, str | int | None] = {}
    messages: list[MessageView] = []  # with stale: the messages since `seen`


class Batch(Struct, frozen=True, tag_field="kind", tag="batch"):
    """Several frames in one message, in their order: to desks that take batches."""

    frames: list[Raw]


FromDesk = SignIn | RequestFrame | LineState | LookingAt
FromCore = (
    Hello | Welcome | SnapshotFrame | PositionFrame | EventFrame | AccountsFrame | WritingFrame | AnswerFrame | Refusal
)


class _AnswerHead(Struct, tag_field="kind", tag="answer"):
    """An answer whose body this version cannot read."""

    id: str


_encoder = msgspec.json.Encoder()


# Each takes milliseconds to make, and a desk reads other frames than a core.


@cache
def _from_desk() -> msgspec.json.Decoder[FromDesk]:
    return msgspec.json.Decoder(FromDesk)


@cache
def _from_core() -> msgspec.json.Decoder[FromCore | Batch]:
    return msgspec.json.Decoder(FromCore | Batch)


@cache
def _answer_head() -> msgspec.json.Decoder[_AnswerHead]:
    return msgspec.json.Decoder(_AnswerHead)


@cache
def _event() -> msgspec.json.Decoder[events.Event]:
    return msgspec.json.Decoder(events.Event)


UNREADABLE = (msgspec.DecodeError, UnicodeError, RecursionError)
"""What decoding raises for a message that is none of ours; RecursionError: JSON that is nested too deep."""


class BadFrame(Exception):
    """What was received is not a frame. The text says why."""


def encode(frame: FromDesk | FromCore) -> str:
    return _encoder.encode(frame).decode()


def decode_from_desk(data: str | bytes) -> FromDesk:
    """Raises BadFrame."""
    try:
        return _from_desk().decode(data)
    except UNREADABLE as error:
        raise BadFrame(_why(error)) from None


def decode_from_core(data: str | bytes) -> list[FromCore]:
    """The frames of a message, without kinds of frames and events this version does not know. Raises BadFrame."""
    try:
        frame = _from_core().decode(data)
        if isinstance(frame, Batch):
            return [one for inner in frame.frames for one in decode_from_core(bytes(inner))]
        return [frame]
    except msgspec.ValidationError as error:
        if (answer := _unknown_answer(data)) is not None:
            return [answer]
        if "Invalid value" in str(error):  # an unknown tag, from a newer core
            return []
        raise BadFrame(_why(error)) from None
    except UNREADABLE as error:
        raise BadFrame(_why(error)) from None


def _unknown_answer(data: str | bytes) -> AnswerFrame | None:
    """A newer core's answer without its content. That it is an answer says that the request took effect: repeating the
    request until an answer can be read would never end."""
    try:
        return AnswerFrame(_answer_head().decode(data).id, answers.Done())
    except UNREADABLE:
        return None


def _why(error: Exception) -> str:
    return "nested too deep" if isinstance(error, RecursionError) else str(error)


def encode_event(event: events.Event) -> bytes:
    """A fact's body, in the bytes that are stored and sent."""
    return _encoder.encode(event)


def decode_event(body: bytes) -> events.Event:
    return _event().decode(body)


def frame_event(position: int, at: int, body: bytes) -> bytes:
    """An event frame around an encoded body, which so is encoded once for all desks."""
    return b'{"kind":"event","position":%d,"at":%d,"body":%b}' % (position, at, body)


def batches(texts: Iterable[bytes]) -> Iterator[bytes]:
    """Encoded frames in as few messages as `limits.BATCH_BYTES` allows; one alone is a message as it is."""
    gathered: list[bytes] = []
    size = 0
    for text in texts:
        if gathered and size + len(text) > limits.BATCH_BYTES:
            yield _batch(gathered)
            gathered, size = [], 0
        gathered.append(text)
        size += len(text)
    if gathered:
        yield _batch(gathered)


def _batch(texts: list[bytes]) -> bytes:
    return texts[0] if len(texts) == 1 else b'{"kind":"batch","frames":[%b]}' % b",".join(texts)
