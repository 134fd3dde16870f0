"""Who is writing where, as it passes."""

from __future__ import annotations

from typing import cast

import msgspec
from websockets.asyncio.server import ServerConnection

from connector.base.clock import SteppingClock
from connector.edge.desks.at_conversations import AtConversations
from connector.wire import frames, limits


def connection() -> ServerConnection:
    return cast(ServerConnection, object())


def test_writing_passes_unless_it_is_said_again() -> None:
    clock = SteppingClock(0)
    at, ann, bob, cid = AtConversations(clock), connection(), connection(), connection()
    assert [*at.moved(ann, "ann", "c", is_writing=True)] == []
    [(to, text)] = at.moved(bob, "bob", "c", is_writing=False)
    assert (to, msgspec.json.decode(text, type=frames.FromCore)) == (bob, frames.WritingFrame("c", ["ann"]))
    clock.advance(limits.WRITING_MS / 1000)
    assert [*at.moved(cid, "cid", "c", is_writing=False)] == [], "she has stopped"
    assert {to for to, _ in at.moved(ann, "ann", "c", is_writing=True)} == {bob, cid}
    assert {to for to, _ in at.moved(ann, "ann", "c", is_writing=True)} == {bob, cid}, "said again"
    assert {to for to, _ in at.moved(ann, "ann", "d", is_writing=True)} == {bob, cid}, "and gone"
    assert [*at.gone(ann)] == [*at.gone(ann)] == []


def test_an_agents_own_desks_do_not_count() -> None:
    at, first, second = AtConversations(SteppingClock(0)), connection(), connection()
    assert [*at.moved(first, "ann", "c", is_writing=True)] == []
    assert [*at.moved(second, "ann", "c", is_writing=False)] == []
    [(to, text)] = at.moved(first, "ann", "c", is_writing=True)
    assert (to, msgspec.json.decode(text, type=frames.FromCore)) == (second, frames.WritingFrame("c", []))
