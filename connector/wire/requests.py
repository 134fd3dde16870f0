"""What a desk may ask, what it is answered, and the words of a refusal."""

from __future__ import annotations

from msgspec import Struct

from connector.wire.views import HookView, LineTrafficView, MessageView


class Accept(Struct, frozen=True, tag_field="type", tag="accept"):
    """Take a queued conversation. Answered with Done; refused with not_queued."""

    conversation_id: str


class Reply(Struct, frozen=True, tag_field="type", tag="reply"):
    """Send a text to the consumer. The request's id makes it happen once. Answered with Written."""

    conversation_id: str
    text: str
    pictures: list[str] = []  # addresses (https) or ids of PutPicture; at most what the account can send


class Start(Struct, frozen=True, tag_field="type", tag="start"):
    """Text somebody first, from one of our lines. Opens a conversation that is yours, or uses the open one if it is
    yours or waits in the queue. Answered with Started; refused like Reply, and with unknown_line."""

    line: str
    consumer: str
    text: str


class PutPicture(Struct, frozen=True, tag_field="type", tag="put_picture"):
    """Hand over a picture (at most 5 MB) for a reply. The core serves it to the provider for a day at an address nobody
    can guess. Answered with PictureKept; refused with bad_picture."""

    data: bytes  # base64 in JSON


class GetPicture(Struct, frozen=True, tag_field="type", tag="get_picture"):
    """The bytes of a picture that is kept. Answered with Picture; refused with unknown_picture."""

    picture_id: str


class ReleaseHook(Struct, frozen=True, tag_field="type", tag="release_hook"):
    """Take a call out of quarantine as if it had proven itself. For administrators. Answered with Done; refused with
    not_allowed, unknown_hook, bad_request."""

    hook_id: str


class SetAccountMode(Struct, frozen=True, tag_field="type", tag="set_account_mode"):
    """active, draining or off; see AccountView.mode. For administrators. Answered with Done."""

    account: str
    mode: str


class Recover(Struct, frozen=True, tag_field="type", tag="recover"):
    """Go through an account's list at its provider and take in what was missed since this moment. For administrators.
    Answered with Recovered once it is done; refused with cannot_recover."""

    account: str
    since: int


class GetTraffic(Struct, frozen=True, tag_field="type", tag="get_traffic"):
    """The last hour of every line. Answered with Traffic."""


class ReturnToQueue(Struct, frozen=True, tag_field="type", tag="return_to_queue"):
    """Give the conversation back; somebody else is tried first. Answered with Done."""

    conversation_id: str


class Close(Struct, frozen=True, tag_field="type", tag="close"):
    """End the conversation; the consumer's next text opens a new one. Answered with Done."""

    conversation_id: str


class MarkRead(Struct, frozen=True, tag_field="type", tag="mark_read"):
    """The owner has seen everything so far. Answered with Done."""

    conversation_id: str


class SetPresence(Struct, frozen=True, tag_field="type", tag="set_presence"):
    """online or away. Answered with Done."""

    presence: str


class GetHistory(Struct, frozen=True, tag_field="type", tag="get_history"):
    """Messages with this conversation's consumer, on all lines, before the message id `before` (exclusive).

    Answered with History: the latest `limit` (at most 200) of them, oldest first.
    """

    conversation_id: str
    before: str | None = None
    limit: int = 50


class GetHooks(Struct, frozen=True, tag_field="type", tag="get_hooks"):
    """Calls of vendors that became no message, for administrators.

    Answered with Hooks, newest first, at most `limit` (at most 200).
    """

    limit: int = 50


Request = (
    Accept
    | Reply
    | Start
    | ReturnToQueue
    | Close
    | MarkRead
    | SetPresence
    | SetAccountMode
    | ReleaseHook
    | Recover
    | PutPicture
    | GetPicture
    | GetHistory
    | GetHooks
    | GetTraffic
)


class Done(Struct, frozen=True, tag_field="type", tag="done"):
    """It took effect."""


class Written(Struct, frozen=True, tag_field="type", tag="written"):
    """The reply is committed and will be sent; its status follows in events."""

    message_id: str


class Started(Struct, frozen=True, tag_field="type", tag="started"):
    conversation_id: str
    message_id: str


class PictureKept(Struct, frozen=True, tag_field="type", tag="picture_kept"):
    picture_id: str
    content_type: str  # as its bytes say


class Picture(Struct, frozen=True, tag_field="type", tag="picture"):
    content_type: str
    data: bytes  # base64 in JSON


class Recovered(Struct, frozen=True, tag_field="type", tag="recovered"):
    looked_at: int
    taken_in: int  # messages we did not have


class Traffic(Struct, frozen=True, tag_field="type", tag="traffic"):
    lines: list[LineTrafficView]


class History(Struct, frozen=True, tag_field="type", tag="history"):
    messages: list[MessageView]
    more: bool  # there are older ones


class Hooks(Struct, frozen=True, tag_field="type", tag="hooks"):
    hooks: list[HookView]


Answer = Done | Written | Started | PictureKept | Picture | Traffic | Recovered | History | Hooks

# The codes of a refusal. Each comes with words for a person and, where named, with details.
NOT_OWNER = "not_owner"  # details: agent
NOT_QUEUED = "not_queued"  # somebody took it first, or it is closed; details: state, agent
CLOSED = "closed"
UNKNOWN_CONVERSATION = "unknown_conversation"
EMPTY = "empty"
TOO_LONG = "too_long"  # details: limit, length
OPTED_OUT = "opted_out"
BAD_REQUEST = "bad_request"
UNKNOWN_LINE = "unknown_line"
UNKNOWN_PICTURE = "unknown_picture"
UNKNOWN_HOOK = "unknown_hook"
BAD_PICTURE = "bad_picture"  # not a picture, or too large; details: limit
TOO_MANY_PICTURES = "too_many_pictures"  # details: limit
ACCOUNT_OFF = "account_off"  # its account is draining or off
CANNOT_ANSWER = "cannot_answer"  # a name nobody can text
CANNOT_RECOVER = "cannot_recover"  # its provider has no list, or did not answer
NOT_ALLOWED = "not_allowed"  # for administrators
FAILED = "failed"  # a fault of the core's; nothing happened
STORE_UNAVAILABLE = "store_unavailable"  # nothing was kept; ask again
