"""What goes into a provider and what comes out, the same for all of them."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import parse_qs, urlsplit

from msgspec import Struct

from connector.base.secret import Secret
from connector.domain.consent.entries import ConsentSignal
from connector.domain.media import Media
from connector.domain.message import Part
from connector.domain.status import Status
from connector.sms.lengths import LengthLimit


class Capabilities(Struct, frozen=True):
    """What an account can do, as data."""

    joins_parts: bool  # a long consumer text arrives as one message
    own_opt_out: bool  # the provider itself blocks consumers who texted STOP, and answers STOP and HELP
    can_look_up: bool = False  # whether a send of unknown end happened
    can_list: bool = False  # the messages since a moment
    can_poll: bool = False  # the status of one accepted reply
    pictures_in: bool = False
    most_pictures_out: int = 0  # in one reply; 0: none can be sent
    # Of one reply. Where no page gives a limit it is the product's own: OpenMarket's has none, a gateway's is unknown.
    reply_limit: LengthLimit = LengthLimit(1600)


class Hook(Struct, frozen=True):
    """An HTTP request from the provider, as it came."""

    kind: str  # the last part of the path: "inbound", "status" or "receipt"
    method: str
    url: str  # the configured public address, then path and query exactly as requested
    headers: Mapping[str, str]  # names in small letters
    body: bytes
    at: int | None = None  # when it came, of a stored one; None: now

    def parameter(self, name: str) -> str:
        """A parameter of the query; blank when it is not there."""
        if "?" not in self.url:
            return ""
        return parse_qs(self.query).get(name, [""])[0]

    @property
    def query(self) -> str:
        try:
            return urlsplit(self.url).query
        except ValueError:
            return ""


class HookAnswer(Struct, frozen=True):
    """What the provider expects to hear after the message is committed."""

    status: int = 200
    content_type: str = "text/plain"
    body: str = ""


class NotGenuine(Exception):
    """The hook is not proven to come from the provider. The text says why, for the administrator, never the caller."""


class Unreadable(Exception):
    """Genuine, but not in a form we know. The text says what is wrong."""


class CallFailed(Exception):
    """A call to the provider failed, had no usable answer, or does not exist. The text is for an administrator."""


class InboundText(Struct, frozen=True):
    """A consumer's text. One for each message of the provider."""

    ref: str  # the provider's id; the same id is the same message
    line: str
    consumer: str
    text: str
    part: Part | None = None
    media: tuple[Media, ...] = ()
    at: int | None = None  # when the provider took it, where it says so
    consent: ConsentSignal | None = None  # what the provider took it to say about consent, where it does and says so


class DeliveryReceipt(Struct, frozen=True):
    """The status of a reply at the provider. At least one of `ref` and `message_id` is there."""

    status: Status | None  # None: an unknown word, which is stored raw and changes nothing
    raw_status: str
    ref: str | None = None
    message_id: str | None = None  # ours, from the address we asked for receipts at
    code: str | None = None
    words: str | None = None
    part: int = 1
    parts: int = 1
    opted_out: bool = False  # the provider says this consumer may not be texted
    billed: int | None = None  # how many segments the reply is billed as, where that is said; else as many as `parts`


class Untaken(Struct, frozen=True):
    """What a genuine hook says and nothing is done with. The hook is answered like any other, and listed.

    `may_hide_text`: something that a consumer wrote may be in it that no agent reads.
    """

    reason: str
    may_hide_text: bool = False


Arrival = InboundText | DeliveryReceipt | Untaken


class Outgoing(Struct, frozen=True):
    """A reply to be sent."""

    message_id: str
    line: str
    consumer: str
    text: str
    written_at: int
    pictures: tuple[str, ...] = ()  # addresses from which the provider can fetch them
    valid_for_s: int | None = None  # the provider gives up after this


class Accepted(Struct, frozen=True):
    """The provider took the message."""

    ref: str
    status: Status = Status.ACCEPTED
    at: int | None = None  # when it took the message, where a look-up says so
    billed: int | None = None  # how many segments it bills, where it says so


class Rejected(Struct, frozen=True):
    """The provider refused the message for good. Nothing was sent."""

    code: str | None
    words: str
    opted_out: bool = False  # the provider says this consumer may not be texted
    ref: str | None = None  # where the provider has a record of what it refused
    at: int | None = None  # when it took the message, where a look-up says so


class TryLater(Struct, frozen=True):
    """Nothing was sent, for certain, and another try makes sense; the core makes it."""

    words: str  # what happened, without advice: no agent has to do anything
    code: str | None = None
    after_s: float | None = None  # when the provider named a time
    is_pause: bool = False  # the provider takes nothing from the account for a while, not just this message later
    is_hold: bool = (
        False  # nor until an administrator has mended the account: its sign-in is refused, or it is suspended
    )


class Uncertain(Struct, frozen=True):
    """The call left and its end is unknown: the message may or may not have been sent."""

    words: str


class NotFound(Struct, frozen=True):
    """The provider was asked and has no record of the message."""


class Candidates(Struct, frozen=True):
    """Messages that look like the one asked about, at a provider that stores no id of ours: all, the oldest first.

    Each has a `ref`. Equal texts to one phone look alike; the core knows which references belong to others. `others`:
    the references of all else that was sent to this phone since, as a text may be changed on its way.
    """

    matches: tuple[Accepted | Rejected, ...]
    others: tuple[str, ...] = ()


Outcome = Accepted | Rejected | TryLater | Uncertain
# Uncertain: the provider could not be asked, or cannot tell.
LookUpResult = Accepted | Rejected | Candidates | NotFound | Uncertain


class Health(Struct, frozen=True):
    """What a sign-in to the account says."""

    ok: bool
    words: str
    code: str | None = None
    balance: str | None = None  # as the provider writes it, with its currency


class MediaCall(Struct, frozen=True):
    """How a picture that came in is fetched: from this address, signed in with `login` when there is one.

    `hosts` are where it may be, the address's own and those a redirect may lead to; nothing is sent to others. The
    login is sent to the address's own host and never along a redirect.
    """

    url: str
    hosts: tuple[str, ...]
    login: tuple[str, Secret] | None = None
