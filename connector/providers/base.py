"""What every SMS company looks like to the core. Docstrings are the specification; one suite tests all of them.

Vendor words (MessageSid, ticket id, mobileOriginate) stay inside the vendor's file.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from typing import Any, ClassVar, Literal, Protocol

import httpx
from msgspec import Struct

from connector.domain.account import Line
from connector.domain.consent import Word
from connector.domain.media import Media
from connector.domain.message import Part
from connector.domain.status import Status


class Secret:
    """A text that prints as dots, so that no log line or error shows it. `reveal()` gives it."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        return self._text

    def __repr__(self) -> str:
        return "••••"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and self._text == other._text

    def __hash__(self) -> int:
        return hash(self._text)


class NumberSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """One of our numbers in the configuration: `address` as E.164 or a short code, and the skill that answers it."""

    address: str
    skill: str = "general"
    entry_point: str = "text_in"  # how its consumers come to know it, e.g. the name of the poster it is printed on
    skills: dict[str, str] = {}  # by entry point, where that decides, e.g. { follow_up = "aftercare" }
    # Sets the pace; None: told by the address, which says nothing of a US 10DLC campaign.
    kind: Literal["long_code", "10dlc", "toll_free", "short_code"] | None = None
    segments_per_s: float | None = None  # a pace of its own; for 10dlc its campaign's, or its share of that

    def __post_init__(self) -> None:
        if self.segments_per_s is not None and not 0 < self.segments_per_s < float("inf"):
            raise ValueError("segments_per_s must be more than 0: leave it out for the usual pace of such a number")
        if self.kind == "10dlc" and self.segments_per_s is None:
            raise ValueError(
                "a 10dlc number has the pace of its campaign: set segments_per_s, to 1 while you do not know it"
            )


class Capabilities(Struct, frozen=True):
    """What a company can do, as data."""

    joins_parts: bool  # a long consumer text arrives as one message
    can_look_up: bool  # the fate of a send can be asked for afterwards
    own_opt_out: bool  # the company itself blocks who texted STOP, and answers STOP and HELP itself
    can_list: bool = False  # what came in while we were away can be asked for
    can_poll: bool = False  # how one accepted reply fares can be asked for
    pictures_in: bool = False
    most_pictures_out: int = 0  # in one reply; 0: none can be sent
    reply_limit: int = 1600  # code points


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


class CannotAsk(Exception):
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
    consent: Word | None = None  # what the vendor took it to say about consent, where it does and says so


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


class Alike(Struct, frozen=True):
    """The vendor keeps no id of ours, and these look like the message: all of them, oldest first, each with a `ref`.

    Equal texts to one phone look alike; the core knows which references belong to others.
    """

    matches: tuple[Accepted | Rejected, ...]


Outcome = Accepted | Rejected | TryLater | Uncertain
Found = Accepted | Rejected | Alike | NotFound | Uncertain  # Uncertain: it could not be asked, or cannot tell


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


class AccountSettings(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What every `[accounts.NAME]` section has. A vendor's settings extend it and name their tag."""

    public_url: str  # where the vendor reaches our hooks, e.g. https://sms.example.com
    numbers: list[NumberSettings]
    signatures: Literal["enforce", "watch"] = "enforce"  # watch: calls that prove nothing are taken, and counted

    def lines(self, account: str) -> list[Line]:
        return [
            Line(
                address=number.address,
                account=account,
                skill=number.skills.get(number.entry_point, number.skill),
                entry_point=number.entry_point,
            )
            for number in self.numbers
        ]


class Provider(Protocol):
    """One account at one company."""

    Settings: ClassVar[Any]  # the AccountSettings of this company

    def __init__(self, account: str, settings: Any, http: httpx.AsyncClient) -> None: ...

    @property
    def capabilities(self) -> Capabilities:
        """What this account can do."""
        ...

    def authenticate(self, hook: Hook) -> None:
        """Raises NotGenuine unless the vendor's own proof is there and right."""

    def explain(self, hook: Hook) -> str | None:
        """One sentence for the administrator about a hook that was refused: as what it would have been genuine.

        The address as another scheme, host, port, path or query, an older secret, a clock that is off. None when
        nothing of the kind proves it. It costs some hundred signatures, so it is for one hook that somebody asks
        about; and it never makes a hook genuine.
        """
        ...

    def read(self, hook: Hook) -> list[Arrival]:
        """What an authenticated hook says. Raises Unreadable. Never joins, splits or cuts a text."""

    def answer(self) -> HookAnswer:
        """What the vendor expects to hear when its hook was taken."""
        ...

    def cannot_answer(self, consumer: str) -> str | None:
        """Why nothing can be sent to this address, e.g. the name of a sender; None when it can."""
        ...

    async def send(self, message: Outgoing) -> Outcome:
        """Call the vendor once, or not at all for a consumer who cannot be answered.

        Never raises for anything the network or the vendor does.
        """
        ...

    async def find(self, message: Outgoing) -> Found:
        """Look up a message whose send ended uncertain.

        Accepted or Refused only when it is known by our own id; otherwise Alike. NotFound only when the vendor is sure.
        """
        ...

    def pace(self, line: str) -> float:
        """Segments a second that this line of ours may send."""
        ...

    def media_call(self, url: str) -> MediaCall:
        """How to fetch a picture that came in. Raises Unreadable for an address that is none of the vendor's."""
        ...

    def missed(self, since: int) -> AsyncIterator[Arrival]:
        """What the vendor has for our lines since this moment: consumers' texts, and how our replies fare.

        Of each line the oldest first. The caller takes an overlap and drops what it knows. Raises CannotAsk, perhaps
        after some arrivals: those are to be kept, and the rest asked for again. Only when `can_list`.
        """
        ...

    async def poll(self, ref: str) -> list[DeliveryReceipt]:
        """How the reply with this reference fares. Raises CannotAsk. Only when `can_poll`."""
        ...

    async def check(self) -> Health:
        """Sign in and say how the account is. Never raises for anything the network or the vendor does."""
        ...
