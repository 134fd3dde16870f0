"""A desk on a core that is newer than it: what it does not know neither stops it nor has it connect again and again."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import pytest
from msgspec.structs import replace
from textual.message import Message
from websockets.asyncio.server import ServerConnection, unix_serve

from connector.wire import events, frames, requests
from connector.wire.client import Client
from tests.kit.desk import desk_on
from tests.kit.fake_core import FakeCore
from tests.kit.views import account, welcome
from tui.core.link import DeskLink, over_unix
from tui.model.state import LinkPhase

ONE = "+15550101"
PATIENCE_S = 60.0


async def test_values_it_does_not_know_are_shown(core: FakeCore, tmp_path: Path) -> None:
    core.agents["ben"] = replace(core.agents["ben"], presence="on_a_walk")
    message = core.receive(ONE, "Where is my parcel?", owner="ann")
    async with desk_on(core, tmp_path) as desk:
        await desk.press("enter")
        await desk.shows("Where is my parcel?")
        sent = core.write(message.conversation_id, "On its way")
        core.move(sent, "pondered")
        core.receive("+15550102", "Hello", owner="ann")
        view = core.conversations[message.conversation_id]
        core.tell(events.DueSet(replace(view, due_by="the_moon", due_told="almost", version=view.version + 1), "ann"))
        core.tell(events.AgentChanged(replace(core.agents["ann"], presence="asleep")))
        core.tell_accounts([account("main", "pigeon", "purple", "flying", mode="turbo")])
        odd = replace(core._message(view, "telepathy", "I think so", core.now()), status="felt")
        core.tell(events.MessageReceived(replace(view, state="parked", version=view.version + 2), odd))
        await desk.shows("I think so")
        for key in ("f4", "escape", "f5", "escape", "f1", "escape", "tab", "escape"):
            await desk.press(key)
        core.tell(events.ConversationQueued(replace(view, state="queued", agent=None, version=view.version + 3)))
        await desk.until(lambda: desk.app.desk.model.connection.position == core.position, "all that happened")
        assert core.desks == 1


async def test_an_event_it_does_not_know_is_passed_over_and_the_rest_of_its_batch_is_taken(
    core: FakeCore, tmp_path: Path
) -> None:
    unknown = '{"kind":"event","position":%d,"at":1,"body":{"type":"agent_danced"}}'
    away = events.AgentChanged(replace(core.agents["ben"], presence="away"))
    async with desk_on(core, tmp_path) as desk:
        known = frames.frame_event(2, 1, frames.encode_event(away)).decode()
        batch = [unknown % 1, known, unknown % 3, '{"kind":"weather"}']
        send(core, f'{{"kind":"batch","frames":[{",".join(batch)}]}}')
        await desk.until(lambda: desk.app.desk.model.agents.by_id["ben"].presence == "away", "what it knows")
        assert core.desks == 1


async def test_an_answer_it_cannot_read_ends_the_request(core: FakeCore, tmp_path: Path) -> None:
    """It took effect: a desk that asked again would be answered the same."""
    core.silent = {requests.Reply}
    message = core.receive(ONE, "Where is my parcel?", owner="ann")
    async with desk_on(core, tmp_path) as desk:
        await desk.press("enter")
        await desk.shows("Where is my parcel?")
        await desk.type("On its way")
        await desk.press("enter")
        await desk.until(lambda: any(isinstance(one.body, requests.Reply) for one in core.asked), "the reply")
        asked = next(one for one in core.asked if isinstance(one.body, requests.Reply))
        send(core, f'{{"kind":"answer","id":"{asked.id}","body":{{"type":"engraved","stone":1}}}}')
        await desk.until(lambda: asked.id not in desk.app.desk.model.pending, "the end of the request")
        assert message.conversation_id not in desk.app.desk.model.compose.drafts


@pytest.mark.parametrize("refused", [requests.GetHistory, requests.MarkRead])
async def test_what_the_desk_asks_for_by_itself_and_is_refused_is_not_asked_again_and_again(
    core: FakeCore, tmp_path: Path, refused: type
) -> None:
    core.refuse = {refused: ("too_many_requests", "Try again in a second.")}
    message = core.receive(ONE, "Where is my parcel?", owner="ann")
    async with desk_on(core, tmp_path) as desk:
        await desk.press("enter")
        await desk.until(lambda: any(isinstance(one.body, refused) for one in core.asked), "the request")
        await desk.until(lambda: not desk.app.desk.model.pending, "the refusal")
        # Once, or once more by enter, where the cursor has already rested on the conversation.
        tries = sum(isinstance(one.body, refused) for one in core.asked)
        for number in range(5):
            core.receive("+15550102", f"another {number}", owner="ann")
            await desk.until(lambda: desk.app.desk.model.connection.position == core.position, "all that happened")
            await desk.press("f1", "escape")
        assert sum(isinstance(one.body, refused) for one in core.asked) == tries <= 2
        if refused is requests.GetHistory:
            await desk.shows("The messages could not be loaded")
        core.refuse = {}
        core.receive(ONE, "Hello?", owner="ann")
        await desk.shows("Hello?", *["messages are missing"] * (refused is requests.GetHistory))
        desk.app.desk.open(message.conversation_id)
        await desk.until(lambda: sum(isinstance(one.body, refused) for one in core.asked) == tries + 1, "another try")
        await desk.shows("Where is my parcel?", "Hello?")
        await desk.hides("messages are missing")


async def test_a_refusal_code_it_does_not_know_gives_the_text_back(core: FakeCore, tmp_path: Path) -> None:
    core.refuse = {requests.Reply: ("too_cold", "It is too cold to send.")}
    core.receive(ONE, "Where is my parcel?", owner="ann")
    async with desk_on(core, tmp_path) as desk:
        await desk.press("enter")
        await desk.shows("Where is my parcel?")
        await desk.type("On its way")
        await desk.press("enter")
        await desk.shows("It is too cold to send.", "On its way")


def send(core: FakeCore, text: str) -> None:
    """A message of a newer core to every desk."""
    for queue in core._connections.values():
        queue.put_nowait(text)


class Posts(list[Message]):
    def gave_up(self) -> DeskLink.GaveUp | None:
        return next((one for one in self if isinstance(one, DeskLink.GaveUp)), None)


@pytest.mark.parametrize(
    ("code", "exit_code"),
    [
        (frames.CLOSE_NOT_SIGNED_IN, os.EX_NOPERM),
        (frames.CLOSE_PROTOCOL, os.EX_UNAVAILABLE),
        (frames.CLOSE_BAD_FRAME, os.EX_UNAVAILABLE),
    ],
)
async def test_a_desk_that_is_not_let_in_at_its_start_ends_and_says_why(
    short_path: Path, code: int, exit_code: int
) -> None:
    async def refuse(connection: ServerConnection) -> None:
        await connection.send(frames.encode(frames.Hello(frames.PROTOCOL, "", 1, 0)))
        await connection.recv()
        await connection.close(code, "for this reason")

    path, posts = short_path / "s", Posts()
    async with unix_serve(refuse, str(path)), asyncio.timeout(PATIENCE_S):
        await DeskLink(Client("d"), over_unix(path), posts.append).run()
    gave_up = posts.gave_up()
    assert gave_up is not None
    assert gave_up.code == exit_code
    assert "for this reason" in gave_up.words


async def test_a_desk_that_is_let_in_no_more_says_why(short_path: Path) -> None:
    """Its token is revoked, or its agent disabled, while it is open."""

    async def welcome_once(connection: ServerConnection) -> None:
        await connection.send(frames.encode(frames.Hello(frames.PROTOCOL, "", 1, 0)))
        await connection.recv()
        await connection.send(frames.encode(welcome()))
        await connection.close(frames.CLOSE_NOT_SIGNED_IN, "The token has been revoked.")

    path, posts = short_path / "s", Posts()
    refused = (LinkPhase.SHUT_OUT, "The core does not let you in: The token has been revoked.")
    async with unix_serve(welcome_once, str(path)), asyncio.timeout(PATIENCE_S), asyncio.TaskGroup() as group:
        running = group.create_task(DeskLink(Client("d"), over_unix(path), posts.append).run())
        while refused not in [(one.phase, one.words) for one in posts if isinstance(one, DeskLink.PhaseChanged)]:
            await asyncio.sleep(0.01)
        running.cancel()
    assert posts.gave_up() is None


async def test_a_core_it_cannot_read_is_tried_ever_more_slowly(short_path: Path) -> None:
    at: list[float] = []
    enough = asyncio.Event()

    async def babble(connection: ServerConnection) -> None:
        at.append(asyncio.get_running_loop().time())
        if len(at) == 4:
            enough.set()
        await connection.send(frames.encode(frames.Hello(frames.PROTOCOL, "", 1, 0)))
        await connection.recv()
        await connection.send(frames.encode(welcome()))
        await connection.send('{"kind":"event","position":"one"}')
        await connection.wait_closed()

    path, posts = short_path / "s", Posts()
    async with unix_serve(babble, str(path)), asyncio.timeout(PATIENCE_S), asyncio.TaskGroup() as group:
        running = group.create_task(DeskLink(Client("d"), over_unix(path), posts.append).run())
        await enough.wait()
        running.cancel()
    assert at[3] - at[0] > 0.7 * (0.2 + 0.4 + 0.8), "each pause is twice the one before"
    assert posts.gave_up() is None
