"""Accounts for real: watched signatures, quarantine, switching off, pace, recovery, texting first, pictures."""

from __future__ import annotations

import base64
import json
import signal
import struct
import zlib
from pathlib import Path

import pytest

from connector.lab.simulator.world import DEMO
from tests.journeys.test_reply import reply, sent, talk
from tests.kit.commands import next_line, started, textdesk
from tests.kit.running import CONSUMER, ORDERS, SHORT_CODE, Desk, Town, twilio_text
from tests.kit.running import town as running_town
from tests.kit.vendor_server import VendorServer, answer, stay_silent

DEAD_ACCOUNT = """
[accounts.dead]
provider = "twilio"
account_sid = "{sid}"
auth_token = "{token}"
public_url = "http://127.0.0.1:1"
api_base = "http://127.0.0.1:1"
numbers = [{{ address = "+14155550188", skill = "orders" }}]
"""


def png(width: int = 2, height: int = 2) -> bytes:
    """A whole picture, made by hand."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b"".join(b"\0" + b"\x40\x80\xc0" * width for _ in range(height))
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


async def test_an_administrator_releases_a_call_that_was_refused(town: Town) -> None:
    async with Desk(town.core) as desk:
        forged = await town.hook(
            "/hooks/twilio/main/inbound", twilio_text("SM" + "c" * 32, "signed with the new token"), token="new"
        )
        assert forged.status_code == 403
        (hook,) = (await desk.ask({"type": "get_hooks"}))["hooks"]
        assert (await desk.ask({"type": "release_hook", "hook_id": hook["id"]}))["type"] == "done"
        await desk.told_of("message_received", text="signed with the new token")
        assert (await desk.ask({"type": "release_hook", "hook_id": hook["id"]}))["code"] == "bad_request"
        assert (await desk.ask({"type": "release_hook", "hook_id": "none"}))["code"] == "unknown_hook"
        assert not (await desk.ask({"type": "get_hooks"}))["hooks"]


async def test_a_watching_account_takes_what_proves_nothing_and_says_so(tmp_path: Path) -> None:
    async with running_town(tmp_path / "town", signatures="watch") as town, Desk(town.core) as desk:
        fields = twilio_text("SM" + "d" * 32, "unsigned")
        answer = await town.http.post(town.core.url + "/hooks/twilio/main/inbound", data=fields)
        assert answer.status_code == 200
        await desk.told_of("message_received", text="unsigned")
        (hook,) = (await desk.ask({"type": "get_hooks"}))["hooks"]
        assert hook["state"] == "watched"
        await desk.until(lambda: desk.accounts.get("main", {}).get("state") == "warning", "an amber light")


async def test_an_account_that_is_off_keeps_what_comes_in_and_sends_nothing(town: Town) -> None:
    async with Desk(town.core) as desk:
        conversation_id = await talk(desk, town)
        off = {"type": "set_account_mode", "account": "main", "mode": "off"}
        assert (await desk.ask(off))["type"] == "done"
        await desk.until(lambda: desk.accounts.get("main", {}).get("mode") == "off", "the panel to say off")
        await town.text("are you there?")
        await desk.told_of("message_received", text="are you there?")
        body = {"type": "reply", "conversation_id": conversation_id, "text": "yes"}
        assert (await desk.ask(body))["code"] == "account_off"
        await desk.ask({**off, "mode": "active"})
        await desk.status_of(await reply(desk, conversation_id, "yes"), "delivered")
        assert (await desk.ask({**off, "account": "nobody"}))["code"] == "bad_request"
    assert await sent(town) == ["yes"]


GONE_LINE = "+14155550188"
GONE = f"""
[accounts.gone]
provider = "generic"
secret = "of-the-gateway"
public_url = "http://127.0.0.1:1"
send_url = "{{gateway}}/send"
numbers = [{{{{ address = "{GONE_LINE}" }}}}]
"""


async def test_what_an_account_leaves_behind_when_it_is_taken_out_is_told(tmp_path: Path) -> None:
    """One reply is in the air at the gateway, so the next to the same phone waits for it: neither depends on time."""
    async with VendorServer().running() as gateway:
        gateway.behaviour = stay_silent
        async with (
            running_town(tmp_path / "town", more=GONE.format(gateway=gateway.url)) as town,
            Desk(town.core) as desk,
        ):
            body = {"type": "start", "line": GONE_LINE, "consumer": CONSUMER, "text": "in the air"}
            started = await desk.ask(body)
            in_the_air, conversation_id = started["message_id"], started["conversation_id"]
            await desk.status_of(in_the_air, "sending")
            waiting = await reply(desk, conversation_id, "waiting")
            await town.core.kill()
            town.core.more = ""
            await town.core.start()
            await desk.connect()
            failed = await desk.status_of(waiting, "failed")
            assert failed["words"] == "not sent: the account gone is not in this core's configuration"
            last = await desk.until(
                lambda: [one["message"] for one in desk.told("send_failed") if one["message"]["id"] == in_the_air],
                "the last word about what was in the air",
            )
            assert last[-1]["status"] == "uncertain"
            assert "the account gone is not in this core's configuration" in last[-1]["words"]
            late = await desk.ask({"type": "reply", "conversation_id": conversation_id, "text": "and now?"})
            assert late["code"] == "unknown_line"
            await desk.ask({"type": "close", "conversation_id": conversation_id})
            await desk.status_of(
                await reply(desk, await talk(desk, town, sender="+14155550134"), "here we are"), "delivered"
            )
        assert len(gateway.calls) <= 1, "nothing is sent twice"
    assert "fault of its own" not in town.core.log.read_text()


async def test_a_core_started_without_its_configuration_leaves_what_waits_and_says_so(tmp_path: Path) -> None:
    """As above one reply is in the air and one waits for it; the look-up says that the first was never taken."""
    async with VendorServer().running() as gateway:
        gateway.behaviour = stay_silent
        async with (
            running_town(tmp_path / "town", more=GONE.format(gateway=gateway.url)) as town,
            Desk(town.core) as desk,
        ):
            body = {"type": "start", "line": GONE_LINE, "consumer": CONSUMER, "text": "in the air"}
            started_ = await desk.ask(body)
            await desk.status_of(started_["message_id"], "sending")
            waiting = await reply(desk, started_["conversation_id"], "waiting")
            await town.core.kill()
            async with started("serve", "--data", str(town.core.data)) as core:
                assert (await next_line(core))["hooks"] is None
                await desk.connect()
                await desk.until(
                    lambda: desk.accounts.get("gone", {}).get("state") == "down", "the light of its account"
                )
                view = desk.accounts["gone"]
                assert view["queue_depth"] == 2
                assert "started without a configuration" in view["words"]
                body = {"type": "get_history", "conversation_id": started_["conversation_id"]}
                statuses = [one["status"] for one in (await desk.ask(body))["messages"]]
                assert statuses == ["sending", "queued"], "an orphan would be said to be uncertain by now"
                core.send_signal(signal.SIGTERM)
                _, log = await core.communicate()
                assert b"no account is configured" in log
            gateway.behaviour = answer(200, '{"id": "G1"}')
            await town.core.start()
            await desk.connect()
            await desk.is_taken(waiting)
            assert not desk.told("status_moved", message_id=waiting, status="failed")


async def test_only_administrators_switch_accounts(tmp_path: Path) -> None:
    from websockets.asyncio.client import connect

    from tests.kit.ports import free_port

    port = free_port()
    more = f'[desks]\nlisten = "127.0.0.1:{port}"\n[agents.eve]\ntoken = "eves-token"\n'
    async with (
        running_town(tmp_path / "town", more=more),
        connect(f"ws://127.0.0.1:{port}", compression=None) as socket,
    ):
        await socket.recv()
        await socket.send('{"kind":"sign_in","protocol":1,"desk":"tcp","token":"eves-token","role":"tool"}')
        body = '{"type":"set_account_mode","account":"main","mode":"off"}'
        await socket.send(f'{{"kind":"request","id":"1","body":{body}}}')
        while '"refusal"' not in (text := str(await socket.recv())):
            pass
        assert '"not_allowed"' in text


async def test_an_agent_texts_first(town: Town) -> None:
    async with Desk(town.core) as desk:
        body = {"type": "start", "line": ORDERS, "consumer": CONSUMER, "text": "about your call just now"}
        started = await desk.ask(body)
        await desk.status_of(started["message_id"], "delivered")
        assert desk.conversations[started["conversation_id"]]["agent"] == "ann"
        await town.text("thanks for following up")
        event = await desk.told_of("message_received")
        assert event["conversation"]["id"] == started["conversation_id"]
        assert (await desk.ask({**body, "line": "+19995550000"}))["code"] == "unknown_line"
        assert (await desk.ask({**body, "consumer": "AMAZON"}))["code"] == "cannot_answer"
        for spelling in ("+1 415 555 0133", "4155550133", "+1415555013３"):
            again = await desk.ask({**body, "consumer": spelling})
            assert (again["conversation_id"], again["consumer"]) == (started["conversation_id"], CONSUMER)
        assert (await desk.ask({**body, "consumer": "+1 415 555"}))["code"] == "bad_request"


async def test_a_line_keeps_its_pace(tmp_path: Path) -> None:
    """Two segments a second: four replies of one segment to four phones take one and a half seconds."""
    async with running_town(tmp_path / "town", segments_per_s=2.0) as town, Desk(town.core) as desk:
        phones = [f"+1415555{number:04d}" for number in range(4)]
        conversations = [await talk(desk, town, sender=phone) for phone in phones]
        ids = [await reply(desk, one, "one at a time") for one in conversations]
        events = [await desk.status_of(one, "sending") for one in ids]
        moments = sorted(event["status_at"] for event in events)
        assert moments[-1] - moments[0] >= 1400


async def test_what_came_in_while_the_core_was_away_is_found_in_the_providers_list(town: Town) -> None:
    async with Desk(town.core) as desk:
        conversation_id = await talk(desk, town)
        await town.core.kill()
        for number in range(3):
            await town.text(f"missed {number}")
        await town.core.start()
        await desk.connect()
        for number in range(3):
            event = await desk.told_of("message_received", text=f"missed {number}")
            assert event["message"]["is_recovered"] is True
            assert event["conversation"]["id"] == conversation_id
        assert len(desk.told("message_received")) == 4, "what was known is not taken twice"
        await desk.until(lambda: desk.accounts.get("main", {}).get("recovered") == 3, "the panel to count them")


async def test_the_list_is_gone_through_by_hand(town: Town) -> None:
    async with Desk(town.core) as desk:
        await talk(desk, town)
        since = desk.hello["server_at"] - 3_600_000
        answer = await desk.ask({"type": "recover", "account": "main", "since": since})
        assert answer == {"type": "recovered", "looked_at": 1, "taken_in": 0}
        assert (await desk.ask({"type": "recover", "account": "short", "since": since}))["code"] == "cannot_recover"
        run = await command("recover", "--since", "1h", "--json", data=town.core.data)
        assert json.loads(run.splitlines()[0]) == {"account": "main", "looked_at": 1, "taken_in": 0}
        for account, words in {
            "short": "cannot list past texts",
            "none": "There is no account none. There are: ",
        }.items():
            failed = await textdesk("recover", "--since", "1h", "--account", account, "--data", str(town.core.data))
            assert failed.code == 1
            assert words in failed.out
            assert not ("cannot list" in failed.out and "no account" in failed.out), "one sentence, one reason"


async def test_recovering_ends_with_an_error_when_an_account_failed(tmp_path: Path) -> None:
    dead = DEAD_ACCOUNT.format(sid=DEMO.twilio.sid, token=DEMO.twilio.auth_token)
    async with running_town(tmp_path / "town", more=dead) as town:
        run = await textdesk("recover", "--since", "1h", "--json", "--data", str(town.core.data), "--agent", "ann")
        assert [line["account"] for line in run.lines if "error" not in line] == ["main"]
        assert run.code == 1


async def command(*words: str, data: Path) -> str:
    """What a `textdesk` command prints; fails when it ends with anything but 0."""
    made = await textdesk(*words, "--data", str(data))
    assert made.code == 0
    return made.out


async def test_a_picture_that_came_in_is_fetched_and_shown(town: Town) -> None:
    async with Desk(town.core) as desk:
        await town.text("look", media=1)
        event = await desk.told_of("message_received")
        (picture,) = event["message"]["pictures"]
        assert picture["state"] in ("waiting", "kept")
        moved = await desk.told_of("picture_moved")
        assert moved["picture"]["state"] == "kept", moved["picture"]["words"]
        answer = await desk.ask({"type": "get_picture", "picture_id": picture["id"]})
        assert base64.b64decode(answer["data"]).startswith(b"\x89PNG")
        history = await desk.ask({"type": "get_history", "conversation_id": event["conversation"]["id"]})
        assert history["messages"][0]["pictures"][0]["state"] == "kept"
        assert (await desk.ask({"type": "get_picture", "picture_id": "x.9"}))["code"] == "unknown_picture"


async def test_a_picture_goes_out_through_an_address_of_ours(town: Town) -> None:
    async with Desk(town.core) as desk:
        conversation_id = await talk(desk, town)
        kept = await desk.ask({"type": "put_picture", "data": base64.b64encode(png()).decode()})
        assert kept["content_type"] == "image/png"
        body = {"type": "reply", "conversation_id": conversation_id, "text": "", "pictures": [kept["picture_id"]]}
        written = await desk.ask(body)
        assert written["type"] == "written", written
        await desk.status_of(written["message_id"], "delivered")
        refused = await desk.ask({"type": "put_picture", "data": base64.b64encode(b"%!PS no picture").decode()})
        assert refused["code"] == "bad_picture"
    nothing = await town.http.get(town.core.url + "/pictures/" + "0" * 26)
    assert nothing.status_code == 404


@pytest.mark.parametrize("line", [SHORT_CODE])
async def test_no_picture_from_a_line_that_cannot(town: Town, line: str) -> None:
    async with Desk(town.core) as desk:
        conversation_id = await talk(desk, town, line=line)
        body = {"type": "reply", "conversation_id": conversation_id, "text": "x", "pictures": ["https://a.example/b"]}
        assert (await desk.ask(body))["code"] == "too_many_pictures"


async def test_the_last_hour_of_every_line(town: Town) -> None:
    async with Desk(town.core) as desk:
        conversation_id = await talk(desk, town)
        await desk.status_of(await reply(desk, conversation_id, "counted"), "delivered")
        lines = {one["line"]: one for one in (await desk.ask({"type": "get_traffic"}))["lines"]}
        assert set(lines) >= {ORDERS, SHORT_CODE}
        newest = lines[ORDERS]["buckets"][-1]
        total = [sum(bucket[key] for bucket in lines[ORDERS]["buckets"]) for key in ("inbound", "delivered", "failed")]
        assert total == [1, 1, 0]
        assert len(lines[ORDERS]["buckets"]) == 12
        assert newest["at"] % 300_000 == 0
        assert lines[ORDERS]["segments_per_s"] == 1000.0
