"""What goes into a provider and what comes out."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from connector.base.secret import Secret
from connector.domain.consent import ConsentSignal
from connector.domain.media import Media
from connector.domain.message import Part
from connector.domain.status import Status


class Hook(Struct, frozen=True):
    """One HTTP call of a vendor, as it came."""

    kind: str  # the last part of the path: "inbound", "status" or "receipt"
    method: str
    url: str  # the configured public address, then path and query exactly as requested
    headers: Mapping[str, str]  # names in small letters
    body: bytes
    at: int | None = None  # when it came, of one that was kept; None: now


class HookAnswer(Struct, frozen=True):
    """What the vendor wants to hear after the message is committed."""

    status: int = 200
    content_type: str = "text/plain"
    body: str = ""


class NotGenuine(Exception):
    """The call is not proven to come from the vendor. The text says why, for the administrator, never the caller."""


class Unreadable(Exception):
    """Genuine, but not in a form we know. The text says what is wrong."""


class CallFailed(Exception):
    """The vendor could not be asked, or gave no sense. The text says why, in words for an administrator."""


class InboundText(Struct, frozen=True):
    """A consumer wrote. One of these per message the vendor handed over."""

    ref: str  # the vendor's id; the same id is the same message
    line: str
    consumer: str
    text: str
    part: Part | None = None
    media: tuple[Media, ...] = ()
    at: int | None = None  # when the vendor took it, where it says so
    consent: ConsentSignal | None = None  # what the vendor took it to say about consent, where it does and says so


class DeliveryReceipt(Struct, frozen=True):
    """The vendor says how a reply fares. At least one of `ref` and `message_id` is there."""

    status: Status | None  # None: a word we do not know; kept raw, changes nothing
    raw_status: str
    ref: str | None = None
    message_id: str | None = None  # ours, from the address we asked to be called at
    code: str | None = None
    words: str | None = None
    part: int = 1
    parts: int = 1
    opted_out: bool = False  # the vendor says this consumer may not be texted


Arrival = InboundText | DeliveryReceipt


class Outgoing(Struct, frozen=True):
    """A reply to be sent."""

    message_id: str
    line: str
    consumer: str
    text: str
    written_at: int
    pictures: tuple[str, ...] = ()  # addresses from which the vendor can fetch them
    valid_for_s: int | None = None  # the vendor gives up after this


class Accepted(Struct, frozen=True):
    """The vendor took it."""

    ref: str
    status: Status = Status.ACCEPTED


class Rejected(Struct, frozen=True):
    """The vendor said no, for good. Nothing was sent."""

    code: str | None
    words: str
    opted_out: bool = False  # the vendor says this consumer may not be texted
    ref: str | None = None  # where it keeps a record of what it refused


class TryLater(Struct, frozen=True):
    """Nothing was sent, for certain; worth another try, which the core makes by itself."""

    words: str  # what happened, without advice: nobody has to do anything
    code: str | None = None
    after_s: float | None = None  # when the vendor named a time
    is_pause: bool = False  # the vendor wants nothing from the account for a while, not just this message later


class Uncertain(Struct, frozen=True):
    """The call left and its end is unknown: the message may or may not have been sent."""

    words: str


class NotFound(Struct, frozen=True):
    """The vendor was asked and has no record of the message."""


class Candidates(Struct, frozen=True):
    """The vendor keeps no id of ours, and these look like the message: all of them, oldest first, each with a `ref`.

    Equal texts to one phone look alike; the core knows which references belong to others.
    """

    matches: tuple[Accepted | Rejected, ...]


Outcome = Accepted | Rejected | TryLater | Uncertain


LookUpResult = (
    Accepted | Rejected | Candidates | NotFound | Uncertain
)  # Uncertain: it could not be asked, or cannot tell


class Health(Struct, frozen=True):
    """What a sign-in to the account says."""

    ok: bool
    words: str
    code: str | None = None
    balance: str | None = None  # as the vendor writes it, with its currency


class MediaCall(Struct, frozen=True):
    """How a picture that came in is fetched: from this address, signed in with `login` when there is one.

    `hosts` are where it may lie, the address's own and those a redirect may lead to; to the others nothing goes. The
    login goes to the address's own host and never along a redirect.
    """

    url: str
    hosts: tuple[str, ...]
    login: tuple[str, Secret] | None = None
