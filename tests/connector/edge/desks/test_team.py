"""A team's socket: who works there, as whom, and what one member may take of the others' room."""

from __future__ import annotations

import asyncio
import getpass
import grp
import os
import pwd
import threading
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from websockets.exceptions import ConnectionClosed, InvalidMessage

from connector.base.data_directory import CannotStart
from connector.base.trusted_files import user_name
from connector.edge.desks.strangers import PER_SOURCE
from connector.edge.desks.team_members import TeamMembers
from connector.wire import frames
from tests.kit.door import PATIENCE_S, Door, heard, open_door, say, sign_in
from tests.kit.second_user import STRANGER, public_folder

GROUP = grp.getgrgid(os.getegid()).gr_name


@pytest.fixture
async def team(tmp_path: Path) -> AsyncIterator[tuple[Door, Door]]:
    """A core's own socket, and that of its team."""
    with public_folder() as folder:
        path = folder / "run" / "desk.sock"
        async with open_door(tmp_path, desks=f'group = "{GROUP}"\nsocket = "{path}"') as own:
            yield own, Door(path, own.port, own.core)


async def test_every_user_is_an_ordinary_agent_of_their_own_name_on_both_sockets(team: tuple[Door, Door]) -> None:
    for door in team:
        socket = await door.unix()
        await heard(socket)
        await say(socket, sign_in())
        welcome = await heard(socket)
        assert (welcome["agent"]["id"], welcome["is_lead"]) == (getpass.getuser(), False)
        await socket.close()
        socket = await door.unix()
        await heard(socket)
        await say(socket, sign_in(agent="somebody-else"))
        with pytest.raises(ConnectionClosed) as closed:
            await heard(socket)
        assert closed.value.rcvd is not None and closed.value.rcvd.code == frames.CLOSE_NOT_SIGNED_IN


async def test_the_name_of_a_user_is_never_looked_up_in_the_event_loop(
    team: tuple[Door, Door], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A directory service may take seconds, and hooks and desks would wait for it."""
    loop, look_up = threading.get_ident(), pwd.getpwuid
    asked_in: set[int] = set()

    def recorded(uid: int) -> pwd.struct_passwd:
        asked_in.add(threading.get_ident())
        return look_up(uid)

    monkeypatch.setattr(pwd, "getpwuid", recorded)
    _, door = team
    socket = await door.unix()
    await heard(socket)
    await say(socket, sign_in())
    await heard(socket)

    async def refused(user: str, why: str) -> None:
        pass

    async with TeamMembers(99_999, "team", refused).admitted(STRANGER, Closable()):
        pass
    assert asked_in and loop not in asked_in


async def test_one_members_connections_leave_room_for_others(team: tuple[Door, Door]) -> None:
    _, door = team
    waiting = [await door.unix() for _ in range(PER_SOURCE)]
    with pytest.raises(InvalidMessage):
        await door.unix()
    async with asyncio.timeout(PATIENCE_S):
        tcp = await door.tcp()  # another source
        assert (await heard(tcp))["kind"] == "hello"
    for socket in (*waiting, tcp):
        await socket.close()


async def test_without_the_group_the_core_does_not_start(tmp_path: Path) -> None:
    with pytest.raises((CannotStart, BaseExceptionGroup)) as refused:
        async with open_door(tmp_path, desks='group = "no-such-group-here"'):
            pass
    [cause] = refused.value.exceptions if isinstance(refused.value, BaseExceptionGroup) else [refused.value]
    assert isinstance(cause, CannotStart) and cause.exit_code == os.EX_CONFIG
    assert "desks.group: there is no group no-such-group-here" in str(cause)


async def test_a_second_core_at_one_socket_does_not_start(team: tuple[Door, Door], tmp_path: Path) -> None:
    _, door = team
    (second := tmp_path / "second").mkdir()
    with pytest.raises((CannotStart, BaseExceptionGroup)) as refused:
        async with open_door(second, desks=f'group = "{GROUP}"\nsocket = "{door.path}"'):
            pass
    [cause] = refused.value.exceptions if isinstance(refused.value, BaseExceptionGroup) else [refused.value]
    assert isinstance(cause, CannotStart) and cause.exit_code == os.EX_UNAVAILABLE
    assert "another core listens" in str(cause)
    assert (await heard(await door.unix()))["kind"] == "hello", "the first core goes on"


class Closable:
    def __init__(self) -> None:
        self.closed: list[tuple[int, str]] = []

    async def close(self, code: int, reason: str) -> None:
        self.closed.append((code, reason))


async def test_a_user_without_an_account_or_the_group_is_refused_in_words() -> None:
    noted = []

    async def refused(user: str, why: str) -> None:
        noted.append((user, why))

    for uid, words in (
        (STRANGER, f"There is no user {STRANGER} on this host"),
        (1, "is not a member of the group team"),
    ):
        connection = Closable()
        async with TeamMembers(99_999, "team", refused).admitted(uid, connection) as is_in:
            assert not is_in
        [(code, reason)] = connection.closed
        assert code == frames.CLOSE_NOT_SIGNED_IN and words in reason
        assert noted.pop() == (user_name(uid), reason)


async def test_who_leaves_the_group_while_connected_is_disconnected(monkeypatch: pytest.MonkeyPatch) -> None:
    [mine, theirs] = [Closable(), Closable()]
    group = {1, 2}
    monkeypatch.setattr("connector.edge.desks.team_members.is_member", lambda uid, gid: uid in group)

    async def refused(user: str, why: str) -> None:
        raise AssertionError("they were let in")

    members = TeamMembers(99_999, "team", refused)
    async with members.admitted(1, mine) as is_in, members.admitted(2, theirs) as are_in:
        assert is_in and are_in
        await members.check()
        assert not mine.closed
        group.remove(1)
        await members.check()
        assert len(mine.closed) == 1 and not theirs.closed
    await members.check()
    assert len(mine.closed) == 1
