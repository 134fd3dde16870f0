"""Replies that a newer message or an expired hold gets in the way of."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from connector.wire import frames, requests
from connector.wire.refusals import RefusalCode
from tests.connector.cli.test_find_conversation import ANNA, FIRST, view
from tests.connector.client.test_link import ANN, Stage, core
from tests.kit.commands import textdesk
from tests.kit.views import message


async def begin(stage: Stage) -> None:
    """Signed in, with one conversation of Ann's."""
    await stage.say(frames.Hello(protocol=frames.PROTOCOL, store="s", server_at=5_000, position=10))
    await stage.hear()
    await stage.say(frames.Welcome(agent=ANN, resumed=False, lines=[], reply_limit=1600))
    await stage.say(frames.SnapshotFrame(position=10, more=False, agents=[ANN], conversations=[view(FIRST, ANNA)]))


def no(request: frames.RequestFrame, code: str, **more: object) -> frames.Refusal:
    return frames.Refusal(id=request.id, code=code, words="Not now.", **more)  # type: ignore[arg-type]


@pytest.mark.parametrize("as_json", [False, True])
async def test_a_stale_reply_shows_the_newer_messages(tmp_path: Path, as_json: bool) -> None:
    newer = message(conversation_id=FIRST, seq=2, text="wait\x1b[2J")
    heard: list[requests.Request] = []

    async def scene(stage: Stage) -> None:
        await begin(stage)
        asked = await stage.asked()
        heard.append(asked.body)
        await stage.say(no(asked, RefusalCode.STALE, details={"last_seq": 2}, messages=[newer]))
        await stage.hear()

    async with core(tmp_path, scene):
        arguments = ["send", ANNA, "Sent it.", "--data", str(tmp_path), *(["--json"] if as_json else [])]
        done = await textdesk(*arguments)
    assert done.code == os.EX_TEMPFAIL
    assert done.err == "textdesk: Not now.\n"
    assert heard == [requests.Reply(FIRST, "Sent it.", seen=1, accept=True)]
    assert "\x1b" not in done.out
    if as_json:
        [refusal] = [json.loads(line) for line in done.out.splitlines()]
        assert (refusal["refused"], refusal["details"]) == ("stale", {"last_seq": 2})
        assert [one["text"] for one in refusal["messages"]] == [newer.text]
    else:
        assert "wait" in done.out


async def test_it_is_accepted_and_answered_in_one_request(tmp_path: Path) -> None:
    """So that a reply that is refused leaves the conversation where it was."""
    heard: list[requests.Request] = []

    async def scene(stage: Stage) -> None:
        await begin(stage)
        asked = await stage.asked()
        heard.append(asked.body)
        await stage.say(no(asked, RefusalCode.OPTED_OUT))
        await stage.hear()

    async with core(tmp_path, scene):
        done = await textdesk("send", ANNA, "hello", "--data", str(tmp_path))
    assert done.code == 1, done.err
    assert heard == [requests.Reply(FIRST, "hello", seen=1, accept=True)]
