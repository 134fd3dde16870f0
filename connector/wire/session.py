"""The core's end of a connection, without I/O: which frames are allowed when.

The shell sends `hello()`, passes every frame to `received()` and acts on the result: sign the desk in, answer a
request, send a refusal, or close. The first frame is the only sign-in, all others are requests. A stranger's mistake
closes the connection; that of a desk which has signed in is refused, because closing would have it come back and make
the same one again.
"""

from __future__ import annotations

from msgspec import Struct

from connector.wire import frames, limits, malformed, requests, saved_replies
from connector.wire.frames import LineState, LookingAt, Refusal, RequestFrame, SignIn
from connector.wire.refusals import RefusalCode

_REASON_BYTES = 120  # a close frame holds 123 (RFC 6455, 5.5)
_LARGE = (requests.PutPicture, saved_replies.ImportSavedReplies)  # may be as large as a frame


class CloseConnection(Struct, frozen=True):
    """Close the connection with this code and reason."""

    code: int
    reason: str


def close_reason(words: str) -> str:
    """The words as far as a close frame holds them."""
    return words.encode()[:_REASON_BYTES].decode(errors="ignore")


class Resume(Struct, frozen=True):
    """Send the events after this position."""

    after: int


class StartFromSnapshot(Struct, frozen=True):
    """Send a snapshot, then the events after it."""


class Session:
    """One connection of a desk."""

    def __init__(self, store: str, version: str = "") -> None:
        self.store = store
        self.version = version
        self._signed_in = False

    def hello(self, server_at: int, position: int) -> str:
        """The greeting of a desk that the operating system vouches for."""
        return frames.encode(frames.Hello(frames.PROTOCOL, self.store, server_at, position, self.version))

    def hello_to_stranger(self, server_at: int) -> str:
        return frames.encode(frames.Hello(frames.PROTOCOL, store="", server_at=server_at, position=0))

    def received(self, data: str | bytes) -> SignIn | RequestFrame | LineState | LookingAt | Refusal | CloseConnection:
        """The frame, if it is allowed now. Nothing follows CloseConnection."""
        try:
            frame = frames.decode_from_desk(data)
        except frames.BadFrame as error:
            if self._signed_in:
                return malformed.refuse(data, str(error))
            return CloseConnection(frames.CLOSE_BAD_FRAME, close_reason(f"Not a frame of this protocol: {error}"))
        if isinstance(frame, SignIn):
            return malformed.refuse(data, "") if self._signed_in else self._sign_in(frame)
        if not self._signed_in:
            return CloseConnection(frames.CLOSE_NOT_SIGNED_IN, "The first frame is sign_in.")
        if isinstance(frame, LineState | LookingAt):
            return frame
        if len(data) > limits.REQUEST_BYTES and not isinstance(frame.body, _LARGE):
            words = f"A request has at most {limits.REQUEST_BYTES >> 10} KiB; this one has {len(data) >> 10:,}."
            return Refusal(frame.id, RefusalCode.TOO_LONG, words, {"limit": limits.REQUEST_BYTES, "length": len(data)})
        return frame

    def start(self, sign_in: SignIn, position: int, floor: int, rights: str = "") -> Resume | StartFromSnapshot:
        """Whether the desk's state can be continued without a gap, under the rights with this digest."""
        known = sign_in.store == self.store and (sign_in.rights or "") == rights
        if known and sign_in.after is not None and floor <= sign_in.after <= position:
            return Resume(sign_in.after)
        return StartFromSnapshot()

    def _sign_in(self, frame: SignIn) -> SignIn | CloseConnection:
        if frame.protocol != frames.PROTOCOL:
            return CloseConnection(frames.CLOSE_PROTOCOL, f"This core speaks protocol {frames.PROTOCOL}.")
        if frame.role not in ("desk", "tool") or not 1 <= len(frame.desk) <= limits.ID_LENGTH:
            return CloseConnection(
                frames.CLOSE_BAD_FRAME, f"role is desk or tool; desk is a name of 1 to {limits.ID_LENGTH} characters."
            )
        self._signed_in = True
        return frame
