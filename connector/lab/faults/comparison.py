"""Comparison of the vendors' books with what a desk shows, message by message. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from urllib.parse import parse_qsl, urlsplit

from msgspec import Struct

from connector.lab.vendors.phonebook import VendorMessage
from connector.sms.segments import split
from connector.wire.views import MessageView

_TAKEN = frozenset({"accepted", "sent", "delivered", "undelivered", "expired"})
_UNSETTLED = frozenset({"queued", "sending", "uncertain"})
_FINAL = frozenset({"delivered", "undelivered", "failed"})

Texts = Counter[tuple[str, str]]  # by consumer and text


class Comparison(Struct, frozen=True, kw_only=True):
    """Counts of messages; at OpenMarket every segment of a consumer's text is one.

    `handed_over`: the vendor sent a hook for it, or lists it (Twilio). `stored`: shown at a desk. `written`: replies;
    `sent`: messages the vendors accepted. `uncertain`: replies that were so at some time. `behind`: replies with a
    final status at the vendor, and another at the desk.

    These must be empty; each has a sentence for every case. `doubled`: stored or sent more often than handed over or
    written. `lost`: handed over and not stored, or shown as sent and not at the vendor. `untrue`: shown as failed and
    delivered, or the other way round. `unsettled`: not yet known to be sent or not, or a picture
    that is neither stored nor given up.
    """

    handed_over: int
    stored: int
    written: int
    sent: int
    uncertain: int
    behind: int
    doubled: list[str]
    lost: list[str]
    untrue: list[str]
    unsettled: list[str]

    @property
    def violations(self) -> list[str]:
        return [*self.doubled, *self.lost, *self.untrue, *self.unsettled]


def compare(vendors: list[VendorMessage], shown: list[MessageView], uncertain: int) -> Comparison:
    """`shown` has every message once; `uncertain` counts replies that were so at some time."""
    handed = _handed(vendors)
    stored = Counter((message.consumer, message.text) for message in shown if message.direction == "inbound")
    replies = {message.id: message for message in shown if message.direction == "reply"}
    sent = [(_reply_of(message, replies), message) for message in vendors if message.direction == "outbound-api"]
    times = Counter(reply for reply, _ in sent)
    pairs = [(replies[reply], message) for reply, message in sent if reply is not None]
    return Comparison(
        handed_over=handed.total(),
        stored=stored.total(),
        written=len(replies),
        sent=len(sent),
        uncertain=uncertain,
        behind=sum(message.status in _FINAL and reply.status not in (*_FINAL, "expired") for reply, message in pairs),
        doubled=[
            *_texts("stored more often than handed over", stored - handed),
            *(f"sent, and nobody wrote it: {message.body!r}" for reply, message in sent if reply is None),
            *(f"sent {count} times: {_named(replies[reply])}" for reply, count in times.items() if reply and count > 1),
        ],
        lost=[
            *_texts("handed over and not stored", handed - stored),
            *(
                f"{reply.status}, and the vendor has no such message: {_named(reply)}"
                for reply in replies.values()
                if reply.status in _TAKEN and reply.id not in times
            ),
        ],
        untrue=[
            f"{reply.status}, at the vendor {message.status}: {_named(reply)}"
            for reply, message in pairs
            if _contradict(reply.status, message.status)
        ],
        unsettled=[
            *(f"still {reply.status}: {_named(reply)}" for reply in replies.values() if reply.status in _UNSETTLED),
            *(
                f"a picture of {message.consumer} still waits: {picture.words}"
                for message in shown
                for picture in message.pictures
                if picture.state == "waiting"
            ),
        ],
    )


def _handed(vendors: list[VendorMessage]) -> Texts:
    handed: Texts = Counter()
    for message in vendors:
        if message.direction == "inbound" and message.provider == "openmarket":
            parts = zip(message.hooks, split(message.body), strict=True)
            handed.update((message.sender, part) for ticket, part in parts if ticket not in message.lost)
        elif message.direction == "inbound":
            handed[message.sender, message.body] += 1
    return handed


def _reply_of(message: VendorMessage, replies: Iterable[str]) -> str | None:
    """The reply's id, from the URL that the core gave the vendor for receipts."""
    query = parse_qsl(urlsplit(message.callback or "").query)
    return next((value for _, value in query if value in replies), None)


def _contradict(shown: str, true: str) -> bool:
    if shown == "delivered":
        return true in _FINAL and true != "delivered"
    return shown in ("failed", "undelivered", "expired") and true == "delivered"


def _texts(what: str, texts: Texts) -> list[str]:
    return [f"{what}: {text!r} of {consumer}" for consumer, text in texts.elements()]


def _named(reply: MessageView) -> str:
    words = f" ({reply.words})" if reply.words else ""
    return f"{reply.text!r} to {reply.consumer} from {reply.line}{words}"
