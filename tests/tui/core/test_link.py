"""Frames are taken for a few milliseconds at a time, so that keys come between."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.message import Message

from connector.wire import frames
from connector.wire.client import Client
from tests.kit.views import snapshot
from tui.core import link
from tui.core.link import DeskLink, over_unix


def test_what_takes_long_is_taken_in_turns_and_announced_again(monkeypatch: pytest.MonkeyPatch) -> None:
    posts: list[Message] = []
    now = [0.0]
    monkeypatch.setattr("tui.core.link.time.monotonic", lambda: now[0])
    subject = DeskLink(Client("d"), over_unix(Path("none")), posts.append)
    arrived: list[frames.FromCore] = [snapshot(position=number) for number in range(5)]
    subject._arrived.extend(arrived)
    turns = []
    while subject.has_more:
        posts.clear()
        turn = []
        for frame in subject.take():
            turn.append(frame)
            now[0] += link._TURN_S / 2
        turns.append(turn)
        assert bool(posts) is subject.has_more, "announced again exactly when some are left"
    assert [len(turn) for turn in turns] == [2, 2, 1]
    assert [frame for turn in turns for frame in turn] == arrived
