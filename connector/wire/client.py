"""The desk's end of a connection, without a socket.

The shell around it does four things: `connected()` when a socket is open, `received(data)` for each frame that came
in, send what `take_outgoing()` gives, and `disconnected()` when the socket is gone. The client signs in, resumes from
the last position it has seen, drops events it has had before, and repeats with the same id every request that was
never answered, also over any number of reconnections.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from connector.wire import frames, requests


class ProtocolMismatch(Exception):
    """The core speaks another version. The text says which side to update."""


class Client:
    """One desk's session, over any number of connections."""

    def __init__(
        self,
        desk: str,
        *,
        agent: str | None = None,
        token: str | None = None,
        role: str = "desk",
        pending: Iterable[frames.RequestFrame] = (),
    ) -> None:
        self.position: int | None = None
        self.store: str | None = None
        self.signed_in = False
        self._desk = desk
        self._agent = agent
        self._token = token
        self._role = role
        self._unanswered = {request.id: request for request in pending}
        self._outgoing: list[str] = []

    @property
    def unanswered(self) -> tuple[frames.RequestFrame, ...]:
        """Requests without an answer yet, oldest first. Keep them where a crash cannot reach them."""
        return tuple(self._unanswered.values())

    def connected(self) -> None:
        """A new connection is open; the core's hello is next."""
        self.signed_in = False
        self._outgoing.clear()

    def disconnected(self) -> None:
        self.signed_in = False
        self._outgoing.clear()

    def request(self, request_id: str, body: requests.Request) -> None:
        """Ask now, or as soon as there is a connection."""
        frame = frames.RequestFrame(id=request_id, body=body)
        self._unanswered[request_id] = frame
        if self.signed_in:
            self._outgoing.append(frames.encode(frame))

    def take_outgoing(self) -> list[str]:
        """The text frames to send, in order."""
        taken, self._outgoing = self._outgoing, []
        return taken

    def received(self, data: str | bytes) -> frames.FromCore | None:
        """What a frame says, or None when it says nothing new. Raises BadFrame and ProtocolMismatch."""
        frame = frames.decode_from_core(data)
        match frame:
            case frames.Hello():
                self._sign_in(frame)
            case frames.Welcome():
                self.signed_in = True
                self._outgoing += [frames.encode(request) for request in self._unanswered.values()]
            case frames.SnapshotFrame():
                # Until the last frame of a snapshot has come, there is no position to resume from.
                self.position = None if frame.more else frame.position
            case frames.EventFrame():
                if self.position is not None and frame.position <= self.position:
                    return None
                self.position = frame.position
            case frames.AnswerFrame() | frames.Refusal():
                if self._unanswered.pop(frame.id, None) is None:
                    return None
            case _:
                pass
        return frame

    def _sign_in(self, hello: frames.Hello) -> None:
        if hello.protocol != frames.PROTOCOL:
            older = "core" if hello.protocol < frames.PROTOCOL else "desk"
            raise ProtocolMismatch(
                f"The core speaks protocol {hello.protocol}, this desk {frames.PROTOCOL}: update the {older}."
            )
        if hello.store != self.store:
            self.store = hello.store
            self.position = None
        sign_in = frames.SignIn(
            protocol=frames.PROTOCOL,
            desk=self._desk,
            agent=self._agent,
            token=self._token,
            role=self._role,
            store=self.store,
            after=self.position,
        )
        self._outgoing.append(frames.encode(sign_in))


def encode_pending(pending: Iterable[frames.RequestFrame]) -> list[str]:
    """Requests as JSON texts, for a workspace file."""
    return [frames.encode(request) for request in pending]


def decode_pending(texts: Iterable[str]) -> list[frames.RequestFrame]:
    """What `encode_pending` made. A request this version cannot read is left out."""
    found = []
    for text in texts:
        try:
            found.append(msgspec.json.decode(text, type=frames.RequestFrame))
        except (msgspec.DecodeError, UnicodeError):
            continue
    return found
