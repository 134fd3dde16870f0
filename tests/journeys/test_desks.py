"""Desks around one core: they stay equal, resume exactly, and cannot be impersonated, raced or held up."""

from __future__ import annotations

import asyncio
import json
import os
import stat
import struct

import pytest
from websockets.asyncio.client import connect, unix_connect
from websockets.exceptions import ConnectionClosed

from tests.journeys.test_reply import reply, talk
from tests.kit.ports import free_port
from tests.kit.running import PATIENCE_S, Desk, Town, twilio_text, until_level
from tests.kit.running import town as running_town


async def test_two_desks_of_one_agent_stay_equal(town: Town) -> None:
    async with Desk(town.core) as first, Desk(town.core) as second:
        conversation_id = await talk(first, town)
        message_id = await reply(first, conversation_id, "from the first")
        await asyncio.gather(first.status_of(message_id, "delivered"), second.status_of(message_id, "delivered"))
        assert (await second.ask({"type": "close", "conversation_id": conversation_id}))["type"] == "done"
        await asyncio.gather(*(desk.told_of("conversation_closed") for desk in (first, second)))
        await until_level(first, second)
        assert first.conversations == second.conversations


async def test_two_agents_accept_at_once_and_one_owns_it(town: Town) -> None:
    async with Desk(town.core) as ann, Desk(town.core, agent="bob") as bob:
        for desk in (ann, bob):
            await desk.ask({"type": "set_presence", "presence": "away"})
        for number in range(30):
            consumer = f"+1415555{number:04d}"
            await town.hook("/hooks/twilio/main/inbound", twilio_text(f"SM{number:032x}", "hello", sender=consumer))
            queued = await ann.told_of("conversation_queued", consumer=consumer)
            body = {"type": "accept", "conversation_id": queued["conversation"]["id"]}
            answers = await asyncio.gather(ann.ask(body), bob.ask(body))
            kinds = sorted(answer.get("type") or answer["code"] for answer in answers)
            assert kinds == ["done", "not_queued"]
            loser = next(answer for answer in answers if "code" in answer)
            assert loser["details"]["agent"] in ("ann", "bob")


async def test_what_is_given_back_goes_to_somebody_else(town: Town) -> None:
    async with Desk(town.core) as ann, Desk(town.core, agent="bob") as bob:
        conversation_id = await talk(ann, town)
        owner = ann.conversations[conversation_id]["agent"]
        desk, other = (ann, "bob") if owner == "ann" else (bob, "ann")
        await desk.ask({"type": "return_to_queue", "conversation_id": conversation_id})
        await desk.told_of("conversation_assigned", agent=other)


async def test_a_full_desk_leaves_the_rest_in_the_queue_and_closing_draws_the_next(town: Town) -> None:
    async with Desk(town.core) as desk:
        for number in range(6):
            await town.text(f"hello {number}", sender=f"+1415555{number:04d}")
        await desk.until(lambda: len(desk.told("message_received")) == 6, "six texts")
        await desk.until(lambda: len(desk.told("conversation_queued")) == 2, "two to wait")
        first_waiting = desk.told("conversation_queued")[0]["conversation"]["id"]
        mine = desk.told("conversation_assigned")[0]["conversation"]["id"]
        await desk.ask({"type": "close", "conversation_id": mine})
        drawn = await desk.until(lambda: desk.told("conversation_assigned", id=first_waiting), "the next to be drawn")
        assert drawn


async def test_a_closed_conversation_is_followed_by_a_new_one(town: Town) -> None:
    async with Desk(town.core) as desk:
        first = await talk(desk, town)
        await desk.ask({"type": "close", "conversation_id": first})
        await town.text("one more thing")
        event = await desk.told_of("message_received", text="one more thing")
        assert event["conversation"]["id"] != first
        assert event["message"]["seq"] == 1


async def test_reading_clears_the_count_on_every_desk(town: Town) -> None:
    async with Desk(town.core) as first, Desk(town.core) as second:
        conversation_id = await talk(first, town)
        await first.told_of("message_received")
        assert first.conversations[conversation_id]["unread"] == 1
        await second.ask({"type": "mark_read", "conversation_id": conversation_id})
        await first.told_of("conversation_read")
        assert first.conversations[conversation_id]["unread"] == 0


async def test_a_desk_that_was_cut_off_misses_nothing(town: Town) -> None:
    async with Desk(town.core) as stable, Desk(town.core, agent="bob") as shaky:
        for round_ in range(5):
            await shaky.disconnect()
            for number in range(4):
                await town.text(f"{round_}-{number}", sender=f"+1415555{round_}{number:03d}")
            await stable.told_of("message_received", text=f"{round_}-3")
            await shaky.connect()
            assert shaky.welcome["resumed"] is True
        await until_level(shaky, stable)
        assert shaky.conversations == stable.conversations


async def test_it_is_resumed_across_the_kill_of_the_core(town: Town) -> None:
    async with Desk(town.core, role="tool") as desk:
        await town.text("before")
        await desk.told_of("message_received", text="before")
        await town.core.kill()
        await town.core.start()
        await town.text("after")
        await desk.connect()
        assert desk.welcome["resumed"] is True
        await desk.told_of("message_received", text="after")
        texts = [event["message"]["text"] for event in desk.told("message_received")]
        assert texts == ["before", "after"]


async def test_the_socket_is_for_its_owner_alone(town: Town) -> None:
    mode = stat.S_IMODE(os.stat(town.core.data / "desk.sock").st_mode)
    assert mode == 0o600
    assert stat.S_IMODE(os.stat(town.core.data).st_mode) == 0o700
    async with Desk(town.core, agent=None) as desk:
        import pwd

        assert desk.welcome["agent"]["id"] == pwd.getpwuid(os.getuid()).pw_name


async def test_a_desk_that_does_not_read_is_hung_up_on_and_the_others_are_not_held_up(town: Town) -> None:
    path = str(town.core.data / "desk.sock")
    async with Desk(town.core) as desk:
        lazy = await unix_connect(path, "ws://localhost/desk", compression=None, max_queue=1, ping_interval=None)
        await lazy.recv()
        sign_in = {"kind": "sign_in", "protocol": 1, "desk": "lazy", "agent": "ann", "role": "tool"}
        await lazy.send(json.dumps(sign_in))
        await lazy.recv()
        text, count = "😀" * 5000, 0
        # Only then it reads, and at once: the reason for the end is offered for some seconds.
        while "closed with 4408" not in town.core.log.read_text():
            assert count < 2000, "it is never hung up on"
            hooks = [
                town.hook("/hooks/twilio/main/inbound", twilio_text(f"SM{one:032x}", text))
                for one in range(count, count + 20)
            ]
            await asyncio.gather(*hooks)
            count += len(hooks)
        with pytest.raises(ConnectionClosed) as end:
            async with asyncio.timeout(PATIENCE_S):
                while True:
                    await lazy.recv()
        assert end.value.rcvd is not None
        assert end.value.rcvd.code == 4408
        await desk.told_of("message_received", seq=count)


async def test_over_tcp_a_token_is_needed_and_web_pages_are_refused(tmp_path: object) -> None:
    port = free_port()
    more = f'[desks]\nlisten = "127.0.0.1:{port}"\n[agents.ann]\nname = "Ann"\ntoken = "anns-own-token"\n'
    async with running_town(tmp_path, more=more) as town:  # type: ignore[arg-type]
        url = f"ws://127.0.0.1:{port}/desk"
        for token, code in (("anns-own-token", None), ("guess", 4401), (None, 4401)):
            async with connect(url, compression=None) as socket:
                await socket.recv()
                sign_in = {"kind": "sign_in", "protocol": 1, "desk": "tcp", "token": token}
                await socket.send(json.dumps(sign_in))
                if code is None:
                    assert json.loads(await socket.recv())["agent"]["name"] == "Ann"
                else:
                    with pytest.raises(ConnectionClosed) as end:
                        await socket.recv()
                    assert end.value.rcvd is not None
                    assert end.value.rcvd.code == code
        with pytest.raises(Exception, match="403"):
            await connect(url, origin="https://example.com")  # type: ignore[arg-type]
        assert "anns-own-token" not in town.core.log.read_text()


@pytest.mark.parametrize("data", [b"\x00\x01", struct.pack(">I", 7), b"{}", b'{"kind":"sign_in"}'])
async def test_nonsense_is_answered_with_a_close_code(town: Town, data: bytes) -> None:
    path = str(town.core.data / "desk.sock")
    async with unix_connect(path, "ws://localhost/desk") as socket:
        await socket.recv()
        await socket.send(data)
        with pytest.raises(ConnectionClosed) as end:
            await socket.recv()
        assert end.value.rcvd is not None
        assert end.value.rcvd.code == 4400
