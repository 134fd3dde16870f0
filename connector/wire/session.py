"""The core's end of a connection, without I/O: which frames are allowed when.

The shell sends `hello()`, passes every frame to `received()` and acts on the result: sign the desk in, answer a
request, or close. The first frame is the only sign-in, all others are requests.
"""

from __future__ import annotations

from msgspec import Struct

from connector.wire import frames, limits
from connector.wire.frames import RequestFrame, SignIn

_REASON_BYTES = 120  # a close frame holds 123 (RFC 6455, 5.5)


class CloseConnection(Struct, frozen=True):
    """Close the connection with this code and reason."""

    code: int
    reason: str


class Resume(Struct, frozen=True):
    """Send the events after this position."""

    after: int


class StartFromSnapshot(Struct, frozen=True):
    """Send a snapshot, then the events after it."""


class Session:
    """One connection of a desk."""

    def __init__(self, store: str, version: str = "") -> None:
        self._store = store
        self._version = version
        self._signed_in = False

    def hello(self, server_at: int, position: int) -> str:
        hello = frames.Hello(frames.PROTOCOL, self._store, server_at, position, self._version)
        return frames.encode(hello)

    def received(self, data: str | bytes) -> SignIn | RequestFrame | CloseConnection:
        """The frame, if it is allowed now. Nothing follows CloseConnection."""
        try:
            frame = frames.decode_from_desk(data)
        except frames.BadFrame as error:
            reason = f"Not a frame of this protocol: {error}".encode()[:_REASON_BYTES].decode(errors="ignore")
            return CloseConnection(frames.CLOSE_BAD_FRAME, reason)
        if isinstance(frame, SignIn):
            return self._sign_in(frame)
        if not self._signed_in:
            return CloseConnection(frames.CLOSE_NOT_SIGNED_IN, "The first frame is sign_in.")
        if not 1 <= len(frame.id) <= limits.ID_LENGTH:
            return CloseConnection(frames.CLOSE_BAD_FRAME, f"A request id has 1 to {limits.ID_LENGTH} characters.")
        return frame

    def start(self, sign_in: SignIn, position: int, floor: int) -> Resume | StartFromSnapshot:
        """Whether the desk's state can be continued without a gap."""
        known = sign_in.store == self._store and sign_in.after is not None
        if known and sign_in.after is not None and floor <= sign_in.after <= position:
            return Resume(sign_in.after)
        return StartFromSnapshot()

    def _sign_in(self, frame: SignIn) -> SignIn | CloseConnection:
        if self._signed_in:
            return CloseConnection(frames.CLOSE_BAD_FRAME, "Already signed in.")
        if frame.protocol != frames.PROTOCOL:
            return CloseConnection(frames.CLOSE_PROTOCOL, f"This core speaks protocol {frames.PROTOCOL}.")
        if frame.role not in ("desk", "tool") or not 1 <= len(frame.desk) <= limits.ID_LENGTH:
            return CloseConnection(
                frames.CLOSE_BAD_FRAME, f"role is desk or tool; desk is a name of 1 to {limits.ID_LENGTH} characters."
            )
        self._signed_in = True
        return frame
