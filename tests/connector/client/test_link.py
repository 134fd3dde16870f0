"""The link against a scripted core: lost connections, gaps, refusals, protocol errors."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from msgspec.structs import replace
from websockets.asyncio.server import ServerConnection, unix_serve

from connector.base import atomic_file
from connector.client.core_address import CoreAddress
from connector.client.errors import ClientError, RequestRefused
from connector.client.link import EventsMissed, Link
from connector.wire import answers, endpoint, events, frames, requests
from connector.wire.views import AgentView
from tests.kit.views import conversation

PATIENCE_S = 60.0
ANN = AgentView(id="ann", name="Ann", presence="online", assigned=0, capacity=4)
Scene = Callable[["Stage"], Awaitable[None]]


class Stage:
    """One connection, from the core's side."""

    def __init__(self, connection: ServerConnection) -> None:
        self._connection = connection

    async def say(self, frame: frames.FromCore) -> None:
        await self._connection.send(frames.encode(frame))

    async def hear(self) -> frames.FromDesk:
        return frames.decode_from_desk(await self._connection.recv())

    async def asked(self) -> frames.RequestFrame:
        frame = await self.hear()
        assert isinstance(frame, frames.RequestFrame)
        return frame

    async def welcome(self, position: int = 10, *, protocol: int = frames.PROTOCOL) -> frames.SignIn:
        """Hello, sign-in, and either a resumption or a snapshot."""
        await self.say(frames.Hello(protocol=protocol, store="s", server_at=5_000, position=position))
        sign_in = await self.hear()
        assert isinstance(sign_in, frames.SignIn)
        resumed = sign_in.after is not None
        await self.say(frames.Welcome(agent=ANN, resumed=resumed, lines=[], reply_limit=1600))
        if not resumed:
            await self.snapshot(position)
        return sign_in

    async def snapshot(self, position: int) -> None:
        await self.say(frames.SnapshotFrame(position=position, more=True, agents=[ANN], conversations=[]))
        await self.say(frames.SnapshotFrame(position=position, more=False, agents=[], conversations=[]))

    async def tell(self, position: int) -> None:
        await self.say(frames.EventFrame(position=position, at=position, body=events.AgentChanged(ANN)))

    async def close(self, code: int, reason: str) -> None:
        await self._connection.close(code, reason)


@asynccontextmanager
async def core(data: Path, *scenes: Scene) -> AsyncIterator[CoreAddress]:
    """Plays one scene for each connection, in order; further ones are held open and silent."""
    left = list(scenes)

    async def handle(connection: ServerConnection) -> None:
        if left:
            await left.pop(0)(Stage(connection))
        else:
            await connection.wait_closed()

    path = endpoint.socket_path(data, os.environ)
    async with unix_serve(handle, str(path)), asyncio.timeout(PATIENCE_S):
        yield CoreAddress(data, agent="ann")


async def test_a_request_is_repeated_with_its_id_until_it_is_answered(tmp_path: Path) -> None:
    heard: list[str] = []

    async def cut(stage: Stage) -> None:
        await stage.welcome()
        heard.append((await stage.asked()).id)  # without an answer: the connection ends with the scene

    async def answer(stage: Stage) -> None:
        sign_in = await stage.welcome()
        assert sign_in.after == 10
        request = await stage.asked()
        heard.append(request.id)
        await stage.say(frames.AnswerFrame(id=request.id, body=answers.Written("m1")))
        await stage.hear()

    async with core(tmp_path, cut, cut, answer) as place, Link(place) as link:
        assert await link.ask(requests.Reply("c1", "hello")) == answers.Written("m1")
    assert len(heard) == 3
    assert len(set(heard)) == 1


async def test_each_connection_signs_in_with_the_token_that_is_in_the_file_then(tmp_path: Path) -> None:
    file = tmp_path / "token"
    atomic_file.write(file, "old")
    given: list[str | None] = []

    async def cut(stage: Stage) -> None:
        given.append((await stage.welcome()).token)
        atomic_file.write(file, "new")

    async def revoke(stage: Stage) -> None:
        given.append((await stage.welcome()).token)
        atomic_file.write(file, "renewed")
        await stage.close(frames.CLOSE_NOT_SIGNED_IN, "The token has been revoked.")

    async def revoke_the_last(stage: Stage) -> None:
        given.append((await stage.welcome()).token)
        await stage.close(frames.CLOSE_NOT_SIGNED_IN, "The token has been revoked.")

    words: list[str] = []
    async with core(tmp_path, cut, revoke, revoke_the_last) as place:
        place = place._replace(token="old", token_file=file)
        async with Link(place, patience_s=None, notify=words.append) as link:
            with pytest.raises(ClientError, match="revoked") as end:
                await link.next_event()
    assert end.value.exit_code == os.EX_NOPERM
    assert given == ["old", "new", "renewed"]
    assert words == ["The core is gone; waiting for it.", "The core is back."]


async def test_events_resume_where_they_ended(tmp_path: Path) -> None:
    async def first(stage: Stage) -> None:
        await stage.welcome()
        await stage.tell(11)
        await stage.tell(12)

    async def second(stage: Stage) -> None:
        sign_in = await stage.welcome(12)
        assert (sign_in.store, sign_in.after) == ("s", 12)
        await stage.tell(12)  # a duplicate
        await stage.tell(15)
        await stage.hear()

    words: list[str] = []
    async with core(tmp_path, first, second) as place, Link(place, patience_s=None, notify=words.append) as link:
        received = [await link.next_event() for _ in range(3)]
    assert [event.position for event in received if isinstance(event, frames.EventFrame)] == [11, 12, 15]
    assert words == ["The core is gone; waiting for it.", "The core is back."]


async def test_a_gap_is_reported_with_a_snapshot(tmp_path: Path) -> None:
    async def first(stage: Stage) -> None:
        await stage.welcome()
        await stage.tell(11)

    async def second(stage: Stage) -> None:
        await stage.say(frames.Hello(protocol=frames.PROTOCOL, store="another", server_at=1, position=40))
        sign_in = await stage.hear()
        assert isinstance(sign_in, frames.SignIn)
        assert sign_in.after is None
        await stage.say(frames.Welcome(agent=ANN, resumed=False, lines=[], reply_limit=1600))
        await stage.snapshot(40)
        await stage.tell(41)
        await stage.hear()

    async with core(tmp_path, first, second) as place, Link(place) as link:
        received = [await link.next_event() for _ in range(3)]
    assert isinstance(received[1], EventsMissed)
    assert received[1].state.position == 40
    assert isinstance(received[2], frames.EventFrame)


async def test_a_conversation_in_two_frames_of_a_snapshot_is_as_in_the_later(tmp_path: Path) -> None:
    still_open, other = conversation(id="C1"), conversation(id="C2")
    closed = replace(still_open, version=2, state="closed")

    async def scene(stage: Stage) -> None:
        await stage.say(frames.Hello(protocol=frames.PROTOCOL, store="s", server_at=1, position=10))
        await stage.hear()
        await stage.say(frames.Welcome(agent=ANN, resumed=False, lines=[], reply_limit=1600))
        await stage.say(frames.SnapshotFrame(10, True, [ANN], [still_open, other]))
        await stage.say(frames.SnapshotFrame(10, False, [], [closed]))
        await stage.hear()

    async with core(tmp_path, scene) as place, Link(place) as link:
        state = await link.snapshot()
    assert (state.position, state.agents, state.conversations) == (10, [ANN], [closed, other])


async def test_another_connection_for_other_rights_is_no_loss(tmp_path: Path) -> None:
    async def first(stage: Stage) -> None:
        await stage.welcome()
        await stage.close(frames.CLOSE_RIGHTS_CHANGED, "Your rights have changed.")

    async def second(stage: Stage) -> None:
        await stage.welcome(12)
        await stage.tell(12)
        await stage.hear()

    words: list[str] = []
    async with core(tmp_path, first, second) as place, Link(place, notify=words.append) as link:
        event = await link.next_event()
    assert isinstance(event, frames.EventFrame) and event.position == 12
    assert words == []


async def test_a_cancelled_wait_loses_no_event(tmp_path: Path) -> None:
    go_on = asyncio.Event()

    async def scene(stage: Stage) -> None:
        await stage.welcome()
        await go_on.wait()
        await stage.tell(11)
        await stage.hear()

    async with core(tmp_path, scene) as place, Link(place) as link:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.05):
                await link.next_event()
        go_on.set()
        event = await link.next_event()
    assert isinstance(event, frames.EventFrame)
    assert event.position == 11


async def test_a_refusal_has_code_words_and_details(tmp_path: Path) -> None:
    async def scene(stage: Stage) -> None:
        await stage.welcome()
        request = await stage.asked()
        await stage.tell(11)  # an event before the answer is queued
        await stage.say(frames.Refusal(id=request.id, code="closed", words="It is closed.", details={"agent": "ben"}))
        await stage.hear()

    async with core(tmp_path, scene) as place, Link(place) as link:
        with pytest.raises(RequestRefused, match=r"It is closed\.") as caught:
            await link.ask(requests.Close("c1"))
        assert (caught.value.code, caught.value.exit_code) == ("closed", 1)
        assert caught.value.details == {"agent": "ben"}
        assert isinstance(await link.next_event(), frames.EventFrame)


async def test_time_is_the_cores(tmp_path: Path) -> None:
    async def scene(stage: Stage) -> None:
        await stage.welcome()
        await stage.hear()

    async with core(tmp_path, scene) as place, Link(place) as link:
        assert 5_000 <= link.now() < 5_000 + PATIENCE_S * 1000


async def refuse(stage: Stage) -> None:
    await stage.say(frames.Hello(protocol=frames.PROTOCOL, store="s", server_at=1, position=1))
    await stage.hear()
    await stage.close(frames.CLOSE_NOT_SIGNED_IN, "Nobody knows you.")


async def be_newer(stage: Stage) -> None:
    await stage.say(frames.Hello(protocol=frames.PROTOCOL + 1, store="s", server_at=1, position=1))
    await stage.hear()


async def stop_at_once(stage: Stage) -> None:
    await stage.close(frames.CLOSE_STOPPING, "The core stops.")


async def talk_nonsense(stage: Stage) -> None:
    await stage._connection.send("nonsense")
    await stage.hear()


@pytest.mark.parametrize(
    ("scene", "code", "words"),
    [
        (refuse, os.EX_NOPERM, "Nobody knows you"),
        (be_newer, os.EX_UNAVAILABLE, "update"),
        (stop_at_once, os.EX_UNAVAILABLE, "try again"),
        (talk_nonsense, os.EX_UNAVAILABLE, "."),
    ],
)
async def test_a_failed_sign_in(tmp_path: Path, scene: Scene, code: int, words: str) -> None:
    async with core(tmp_path, scene) as place:
        with pytest.raises(ClientError, match=words) as caught:
            async with Link(place):
                pass
    assert caught.value.exit_code == code


async def test_a_lost_core_that_does_not_return(tmp_path: Path) -> None:
    async def leave(stage: Stage) -> None:
        await stage.welcome()
        endpoint.socket_path(tmp_path, os.environ).unlink()

    async with core(tmp_path, leave) as place, Link(place, patience_s=0.3) as link:
        with pytest.raises(ClientError, match="went away") as caught:
            await link.next_event()
    assert caught.value.exit_code == os.EX_UNAVAILABLE


async def test_no_core(tmp_path: Path) -> None:
    for place in (CoreAddress(tmp_path), CoreAddress(tmp_path, urls=("ws://127.0.0.1:1/",))):
        with pytest.raises(ClientError) as caught:
            async with Link(place):
                pass
        assert caught.value.exit_code == os.EX_UNAVAILABLE
    for url in ("nonsense", "http://127.0.0.1/", "ws://127.0.0.1:99999/"):
        with pytest.raises(ClientError) as caught:
            async with Link(CoreAddress(tmp_path, urls=(url,))):
                pass
        assert caught.value.exit_code == os.EX_USAGE
