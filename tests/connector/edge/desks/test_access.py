"""What an administrator changes of an agent acts on the connections that are open, on every core, at once."""

from __future__ import annotations

import asyncio
import getpass
import json
from pathlib import Path
from typing import Any

import pytest
from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed

from connector.base import atomic_file
from connector.base.clock import SteppingClock
from connector.edge.desks.sign_in_records import SignInRecords
from connector.services.agents.admission import Principal
from connector.wire import frames
from tests.kit.door import PATIENCE_S, TOKENS, Door, ask, heard, open_door, say, sign_in
from tests.kit.stores import agent


async def closed(socket: ClientConnection) -> tuple[int, str]:
    """Code and words of its end."""
    async with asyncio.timeout(PATIENCE_S):
        with pytest.raises(ConnectionClosed) as end:
            while True:
                await socket.recv()
    assert end.value.rcvd is not None
    return end.value.rcvd.code, end.value.rcvd.reason


async def over_tcp(door: Door, token: str, **more: Any) -> ClientConnection:
    socket = await door.tcp()
    await heard(socket)
    await say(socket, sign_in(token=token, **more))
    while (await heard(socket))["kind"] != "accounts":
        pass
    return socket


async def done(admin: ClientConnection, kind: str, **more: Any) -> dict[str, Any]:
    answer = await ask(admin, {"type": kind, **more})
    assert answer["kind"] == "answer", answer
    body: dict[str, Any] = answer["body"]
    return body


async def test_changes_close_the_agents_connections_and_no_others(door: Door) -> None:
    async with await door.signed_in("root") as admin:
        await done(admin, "add_agent", agent="anna", skills=["orders"])
        tokens = [await done(admin, "issue_token", agent="anna") for _ in range(2)]
        first, second = [await over_tcp(door, one["token"], role="desk") for one in tokens]
        local = await door.signed_in("anna", role="desk")
        other = await door.signed_in("bob", role="desk")
        await done(admin, "set_agent", agent="anna", name="Anna", capacity=9)  # no right
        await done(admin, "revoke_token", token=tokens[0]["token_id"])
        assert await closed(first) == (4401, "The token has been revoked.")
        page = await done(admin, "get_agents")
        [anna] = [one for one in page["agents"] if one["id"] == "anna"]
        ways = {(one["way"], one["source"]) for one in anna["signed_in"]}
        assert ways >= {(f"token {tokens[1]['token_id']}", "127.0.0.1"), (f"OS user {getpass.getuser()}", "")}
        await done(admin, "set_agent", agent="anna", skills=["bookings"])
        assert [(await closed(socket))[0] for socket in (second, local)] == [4405, 4405]
        # On the socket she is an administrator by nature, as this user runs the core, but not by her token.
        local = await door.signed_in("anna", role="desk")
        again = await over_tcp(door, tokens[1]["token"])
        assert (await ask(again, {"type": "get_agents"}))["code"] == "not_allowed"
        await done(admin, "set_agent", agent="anna", role="administrator")
        assert (await closed(again))[0] == 4405, "and what changes nothing for the other one leaves it open"
        again = await over_tcp(door, tokens[1]["token"])
        await done(again, "get_agents")
        await done(admin, "disable_agent", agent="anna")
        for socket in (again, local):
            assert await closed(socket) == (4401, "The agent anna is disabled: ask an administrator.")
        assert (await ask(other, {"type": "get_loads"}))["kind"] == "answer"
        await other.close()


async def test_who_ends_whose_shift_is_by_the_rights_of_the_token(door: Door) -> None:
    async with await door.signed_in("root") as admin:
        signed_in = {}
        for name, more in (
            ("anna", {"skills": ["orders"]}),
            ("lea", {"skills": ["orders"], "role": "lead"}),
            ("max", {"skills": ["bookings"], "role": "lead"}),
        ):
            await done(admin, "add_agent", agent=name, **more)
            token = (await done(admin, "issue_token", agent=name))["token"]
            signed_in[name] = await over_tcp(door, token)
        end = {"type": "hand_on", "shift_of": "anna"}
        for name, shift_of in (("anna", "lea"), ("max", "anna")):
            refused = await ask(signed_in[name], {**end, "shift_of": shift_of})
            assert refused["code"] == "not_allowed", refused
        board = await done(signed_in["anna"], "get_board")
        assert {one["agent"]: one.get("answered") for one in board["agents"]}["lea"] is None, "for leads"
        board = await done(signed_in["lea"], "get_board")
        assert {one["agent"]: one.get("answered") for one in board["agents"]}["anna"] == 0
        for name in ("anna", "lea"):
            assert (await done(signed_in[name], "hand_on", shift_of="anna"))["moved"] == []
        assert (await ask(signed_in["max"], end))["code"] == "not_allowed"
        for socket in signed_in.values():
            await socket.close()


async def test_a_token_that_was_wrong_is_right_once_it_is_ours(door: Door) -> None:
    async with await door.tcp() as socket:
        await heard(socket)
        await say(socket, sign_in(token="of-tomorrow"))
        assert (await closed(socket))[0] == frames.CLOSE_NOT_SIGNED_IN
    config = door.path.parent / "textdesk.toml"
    config.write_text(config.read_text() + '[agents.cid]\ntoken = "of-tomorrow"\n')
    await door.core.reloading.reload("")
    async with await over_tcp(door, "of-tomorrow") as socket:
        assert (await ask(socket, {"type": "get_loads"}))["kind"] == "answer"


async def test_what_one_core_changes_acts_on_the_desks_of_another(tmp_path: Path, postgres_url: str) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir(mode=0o700)
        atomic_file.write(tmp_path / name / "hash.key", "a1" * 32)
    async with (
        open_door(tmp_path / "one", database=postgres_url) as one,
        open_door(tmp_path / "two", database=postgres_url) as two,
        await one.signed_in("root") as admin,
    ):
        await done(admin, "add_agent", agent="anna")
        tokens = [await done(admin, "issue_token", agent="anna") for _ in range(2)]
        first, second = [await over_tcp(two, token["token"], role="desk") for token in tokens]
        here = await over_tcp(one, tokens[0]["token"], role="desk")
        await done(admin, "revoke_token", token=tokens[0]["token_id"])
        for desk in (first, here):
            assert await closed(desk) == (frames.CLOSE_NOT_SIGNED_IN, "The token has been revoked.")
        await done(admin, "disable_agent", agent="anna")
        assert (await closed(second))[0] == frames.CLOSE_NOT_SIGNED_IN


def test_which_sign_ins_are_recorded() -> None:
    clock = SteppingClock()
    records = SignInRecords(clock)
    by_token = Principal("ann", agent(), is_administrator=False, way="token ab", source="192.0.2.7")
    elsewhere = Principal("ann", agent(), is_administrator=False, way="token ab", source="192.0.2.8")
    desk, script = (frames.SignIn(1, "D1", role=role) for role in ("desk", "tool"))
    other_desk, other_script = (frames.SignIn(1, "D2", role=role) for role in ("desk", "tool"))
    given = [(by_token, desk), (by_token, other_desk), (elsewhere, desk), (by_token, script)]
    for _ in range(2):  # one that could not be stored is due again
        assert [records.is_due(*one) for one in given] == [True] * 4
    for one in given:
        records.recorded(*one)
    assert [records.is_due(*one) for one in [*given, (by_token, other_script)]] == [False] * 5
    clock.advance(3600)
    assert records.is_due(by_token, script)
    assert [records.is_refusal_due("ann", "wrong token", "192.0.2.7") for _ in range(3)] == [True, False, False]
    refused = [records.is_refusal_due("ann", "wrong token", str(number)) for number in range(69)]
    assert refused == [True] * 59 + [False] * 10
    clock.advance(60)
    assert [records.is_refusal_due("ann", "wrong token", source) for source in "xy"] == [True, False]


def test_guesses_of_strangers_hide_no_refusal_of_who_is_known() -> None:
    records = SignInRecords(SteppingClock())
    assert sum(records.is_refusal_due("ann", "wrong token", str(number)) for number in range(99)) == 60
    assert records.is_refusal_due("ann", "OS user ann", "")
    assert sum(records.is_refusal_due("ann", f"OS user {number}", "") for number in range(99)) == 59


async def test_a_disabled_agent_of_another_name_than_the_os_users_is_recorded_once(door: Door) -> None:
    async with await door.signed_in("root") as admin:
        await done(admin, "add_agent", agent="anna", os_user=getpass.getuser())
        await done(admin, "disable_agent", agent="anna")
        for _ in range(2):
            async with await door.unix() as socket:
                await heard(socket)
                await say(socket, sign_in(role="tool"))
                assert (await closed(socket))[1] == "The agent anna is disabled: ask an administrator."
        page = await done(admin, "get_audit", action="sign_in_refused")
    assert [(one["subject"], json.loads(one["details"])["way"]) for one in page["entries"]] == [
        ("anna", f"OS user {getpass.getuser()}")
    ]


async def test_what_only_administrators_may_ask_is_recorded_once_an_hour_of_who_may_not(door: Door) -> None:
    async with await over_tcp(door, TOKENS["ann"], role="tool") as ann:
        for _ in range(2):
            assert (await ask(ann, {"type": "forget", "number": "+15550123"}))["code"] == "not_allowed"
        assert (await ask(ann, {"type": "get_audit"}))["code"] == "not_allowed"
        assert (await ask(ann, {"type": "unmask", "message_id": "M1"}))["code"] == "not_allowed"
    async with await door.signed_in("root") as admin:
        page = await done(admin, "get_audit", action="request_refused")
    found = [(one["actor"], json.loads(one["details"])["request"]) for one in page["entries"][::-1]]
    assert found == [("ann", "forget"), ("ann", "get_audit"), ("ann", "unmask")]
