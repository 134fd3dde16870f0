"""The desk's end of a connection, without I/O.

The shell calls `connected()` when a socket is open, `received(data)` for each frame, and `disconnected()` when the
socket is gone, and sends what `take_outgoing()` returns. The client signs in, resumes from the last position it has
seen, drops events it has had before, and repeats every unanswered request with the same id, over any number of
connections.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from connector.wire import frames, requests


class ProtocolMismatch(Exception):
    """The core speaks another protocol version. The text says which side to update."""


class Client:
    """One desk's session, over any number of connections.

    `others`: whether its snapshot has colleagues' conversations and closed ones.
    """

    def __init__(
        self,
        desk: str,
        *,
        agent: str | None = None,
        token: str | None = None,
        role: str = "desk",
        others: bool = True,
        pending: Iterable[frames.RequestFrame] = (),
    ) -> None:
        self.position: int | None = None
        """Of the state the desk has; None until the last frame of a snapshot has come."""
        self.store: str | None = None
        self.rights: str | None = None
        """Rights of the agent under which that state was made."""
        self.token = token
        """Of the next sign-in."""
        self.signed_in = False
        self.is_silent = False
        """Whether the desk's line is silent, as was last reported."""
        self._desk = desk
        self._agent = agent
        self._role = role
        self._others = others
        self._signed_in_silent = False
        self._takes_looking_at = False
        self._unanswered = {request.id: request for request in pending}
        self._outgoing: list[str] = []

    @property
    def unanswered(self) -> tuple[frames.RequestFrame, ...]:
        """Requests without an answer yet, oldest first. Store them where they survive a crash."""
        return tuple(self._unanswered.values())

    def connected(self) -> None:
        """A connection is open; the core's hello follows."""
        self.signed_in = False
        self._outgoing.clear()

    def disconnected(self) -> None:
        self.signed_in = False
        self._outgoing.clear()

    def request(self, request_id: str, body: requests.Request) -> None:
        """Send a request now, or once signed in."""
        frame = frames.RequestFrame(id=request_id, body=body)
        self._unanswered[request_id] = frame
        if self.signed_in:
            self._outgoing.append(frames.encode(frame))

    def report_line(self, *, is_silent: bool) -> None:
        """Say whether the desk's line is silent: now, or with the next sign-in."""
        self.is_silent = is_silent
        if self.signed_in:
            self._outgoing.append(frames.encode(frames.LineState(is_silent)))

    def look_at(self, conversation_id: str | None, *, is_writing: bool) -> None:
        """Say which conversation the desk shows, if the core wants to know: it passes, and is not repeated."""
        if self.signed_in and self._takes_looking_at:
            self._outgoing.append(frames.encode(frames.LookingAt(conversation_id, is_writing)))

    def take_outgoing(self) -> list[str]:
        """The text frames to send, in order."""
        taken, self._outgoing = self._outgoing, []
        return taken

    def received(self, data: str | bytes) -> list[frames.FromCore]:
        """The frames of a message that are new, in order. Raises BadFrame and ProtocolMismatch."""
        return [frame for frame in frames.decode_from_core(data) if self._is_new(frame)]

    def _is_new(self, frame: frames.FromCore) -> bool:
        match frame:
            case frames.Hello():
                self._sign_in(frame)
            case frames.Welcome():
                self._welcomed(frame)
            case frames.SnapshotFrame():
                self.position = None if frame.more else frame.position
            case frames.PositionFrame():
                if self.position is not None:
                    self.position = max(self.position, frame.position)
            case frames.EventFrame() if self.position is not None:  # else it stands between frames of a snapshot
                if frame.position <= self.position:
                    return False
                self.position = frame.position
            case frames.AnswerFrame() | frames.Refusal():
                return self._unanswered.pop(frame.id, None) is not None
            case _:
                pass
        return True

    def _sign_in(self, hello: frames.Hello) -> None:
        if hello.protocol != frames.PROTOCOL:
            older = "core" if hello.protocol < frames.PROTOCOL else "desk"
            raise ProtocolMismatch(
                f"The core speaks protocol {hello.protocol}, this desk {frames.PROTOCOL}: update the {older}."
            )
        if hello.store and hello.store != self.store:
            self.store = hello.store
            self.position = None
        sign_in = frames.SignIn(
            protocol=frames.PROTOCOL,
            desk=self._desk,
            agent=self._agent,
            token=self.token,
            role=self._role,
            store=self.store,
            after=self.position,
            takes_batches=True,
            rights=self.rights,
            others=self._others,
            is_silent=self.is_silent,
        )
        self._signed_in_silent = self.is_silent
        self._outgoing.append(frames.encode(sign_in))

    def _welcomed(self, welcome: frames.Welcome) -> None:
        self.signed_in = True
        self.rights = welcome.rights
        self._takes_looking_at = welcome.takes_looking_at
        if welcome.store is not None:
            self.store = welcome.store
        if not welcome.resumed:
            self.position = None  # a snapshot follows
        if self.is_silent is not self._signed_in_silent:  # it has changed since the sign-in
            self._outgoing.append(frames.encode(frames.LineState(self.is_silent)))
        self._outgoing += [frames.encode(request) for request in self._unanswered.values()]


def encode_pending(pending: Iterable[frames.RequestFrame]) -> list[str]:
    """Requests as JSON texts, for a workspace file."""
    return [frames.encode(request) for request in pending]


def decode_pending(texts: Iterable[str]) -> list[frames.RequestFrame]:
    """Requests from `encode_pending`, without those this version cannot read."""
    found = []
    for text in texts:
        try:
            found.append(msgspec.json.decode(text, type=frames.RequestFrame))
        except frames.UNREADABLE:
            continue
    return found
