"""A relay between a stand-in smsbox and a stand-in core, all over HTTP on loopback."""

from __future__ import annotations

import asyncio
import json
import re
import stat
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest

from connector.base.clock import SystemClock
from connector.base.secret import Secret
from connector.config.relay import KannelSettings, RelaySettings
from connector.domain.status import Status
from connector.providers.generic.provider import GenericProvider
from connector.providers.generic.settings import GenericSettings
from connector.providers.outbound import OutboundClient
from connector.providers.values import Accepted, Hook, NotFound, Outgoing, Rejected, TryLater, Uncertain
from connector.relay.process import FILE_NAME, running
from connector.relay.store import RelayCounts, counts_at
from connector.relay.times import RelayTimes
from connector.sms.segments import split
from tests.kit.ports import free_port
from tests.kit.provider_table import NO_NETWORK
from tests.kit.smsbox import FULL, NOT_ROUTABLE, PASSWORD, TAKEN, USERNAME, StandInSmsbox
from tests.kit.vendor_server import VendorServer, answer

SECRET = "the secret of both sides"
GET_URL = re.search(r'get-url = "http://[^/]+(/in\S*)"', (Path("docs") / "kannel" / "kannel.conf").read_text())
LONG = "A text of three segments, which is 7 bit, without anything else to say. " * 5
PATIENCE_S = 60
QUICK = RelayTimes(ping_s=0.5, ping_after_s=0.05, resume_every_s=0.05, shortest_wait_s=0.02)


class Between:
    """A relay that can be ended and started again, the smsbox on one side, the core on the other."""

    def __init__(self, folder: Path, smsbox: StandInSmsbox, core: VendorServer, http: httpx.AsyncClient) -> None:
        self.folder, self.smsbox, self.core, self.http = folder, smsbox, core, http
        self.port = free_port()
        self.key: Secret | None = None
        self._stop = asyncio.Event()

    @asynccontextmanager
    async def relay(self) -> AsyncIterator[GenericProvider]:
        """The relay, and the provider as the core has it for this account."""
        url = f"http://127.0.0.1:{self.port}"
        kannel = KannelSettings(sendsms_url=self.smsbox.url, username=USERNAME, password=Secret(PASSWORD))
        settings = RelaySettings(
            account="main",
            core_url=self.core.url,
            secret=Secret(SECRET),
            listen=f"127.0.0.1:{self.port}",
            key=self.key,
            kannel=kannel,
        )
        account = GenericSettings(
            public_url=self.core.url,
            numbers=[],
            send_url=f"{url}/send",
            status_url=f"{url}/status",
            secret=Secret(SECRET),
        )
        async with running(settings, self.folder, SystemClock(), QUICK), OutboundClient(verify=False) as http:
            yield GenericProvider("main", account, http)

    async def text(self, id_: str, text: bytes | str, **values: bytes | str) -> int:
        """Kannel brings a text, by the get-url of the documentation."""
        assert GET_URL is not None
        usual: dict[str, bytes | str] = {"I": id_, "q": "+15550123123", "Q": "12345", "b": text, "C": "UTF-8", "c": "0"}
        url = f"http://127.0.0.1:{self.port}{GET_URL[1]}"
        return await self.smsbox.bring(self.http, url, **usual | values)

    def arrived(self, kind: str = "inbound") -> list[dict[str, Any]]:
        """What the core was given in hooks of this kind, each of them genuine to a provider with the same secret."""
        hooks = [call for call in self.core.calls if call.path == f"/hooks/generic/main/{kind}"]
        for call in hooks:
            hook = Hook(kind, call.method, self.core.url + call.path, call.headers, call.body)
            self.reader().authenticate(hook)
            self.reader().read(hook)
        return [json.loads(call.body) for call in hooks]

    def reader(self) -> GenericProvider:
        settings = GenericSettings(
            public_url=self.core.url, numbers=[], send_url="http://localhost", secret=Secret(SECRET)
        )
        return GenericProvider("main", settings, NO_NETWORK)

    async def until(self, condition: Callable[[], Any]) -> Any:
        async with asyncio.timeout(PATIENCE_S):
            while not (found := condition()):
                await asyncio.sleep(0.01)
        return found

    def counts(self) -> RelayCounts:
        return counts_at(self.folder / FILE_NAME)


@pytest.fixture
async def between(tmp_path: Path) -> AsyncIterator[Between]:
    core = VendorServer()
    core.behaviour = answer(200)
    folder = tmp_path / "relay"
    folder.mkdir(mode=0o700)
    async with StandInSmsbox().running() as smsbox, core.running(), httpx.AsyncClient() as http:
        yield Between(folder, smsbox, core, http)


def reply(text: str = "Hello", id_: str = "01JREPLY", **more: Any) -> Outgoing:
    return Outgoing(id_, "12345", "+15550123123", text, 0, **more)


# From Kannel


async def test_a_text_is_stored_before_it_is_answered_and_handed_on_after_a_restart(between: Between) -> None:
    between.core.behaviour = answer(503)
    async with between.relay():
        assert await between.text("a", "one") == 200
        assert await between.text("b", "two", q="+15550123124") == 200
        assert await between.text("a", "one") == 200, "Kannel offers it again"
    assert between.counts().waiting == 2 and between.counts().repeats == 1
    between.core.behaviour = answer(200)
    between.core.calls.clear()
    async with between.relay():
        await between.until(lambda: len(between.arrived()) == 2)
        assert await between.text("a", "one") == 200
        await between.until(lambda: between.counts().waiting == 0)
    assert sorted((one["id"], one["text"]) for one in between.arrived()) == [("a", "one"), ("b", "two")]


async def test_texts_of_one_consumer_arrive_in_their_order(between: Between) -> None:
    between.core.behaviour = answer(500)
    async with between.relay():
        for number in range(20):
            await between.text(f"i{number}", f"{number}")
        await between.until(lambda: between.core.calls)
        between.core.calls.clear()
        between.core.behaviour = answer(200)
        await between.until(lambda: between.counts().waiting == 0)
    assert [one["text"] for one in between.arrived()] == [f"{number}" for number in range(20)]


TEXTS: list[tuple[Mapping[str, bytes | str], Mapping[str, Any]]] = [
    ({"b": "Grüße €".encode()}, {"text": "Grüße €"}),
    ({"b": "日本 😀".encode("utf-16-be"), "C": "UTF-16BE", "c": "2"}, {"text": "日本 😀"}),
    ({"b": "50 €".encode("cp1252"), "C": "WINDOWS-1252"}, {"text": "50 €"}),
    ({"b": b""}, {"text": ""}),
    ({"b": b"\x00\xff\x01", "c": "1", "C": "8-BIT"}, {"text": "[8-bit data: 00ff01]"}),
    ({"T": "1790000000"}, {"at": "2026-09-21T14:13:20+00:00"}),
    ({"u": b"\x05\x00\x03\x07\x02\x01"}, {"part": {"reference": 7, "total": 2, "number": 1}}),
    ({"u": b"\x06\x08\x04\x01\x02\x03\x02"}, {"part": {"reference": 258, "total": 3, "number": 2, "wide": True}}),
    ({"u": b"\x05\x00\x03\x07\x02\x09"}, {"text": "Hello", "part": {"udh": "050003070209"}}),
    ({"u": b"\xff"}, {"text": "Hello", "part": {"udh": "ff"}}),
    ({"u": b"\x06\x05\x04\x0b\x84\x23\xf0"}, {"text": "Hello"}),
    (
        {"u": b"\x05\x00\x03\x07\x02\x01", "b": b"\x00a\xd8\x3d", "C": "UTF-16BE", "c": "2"},
        {"text": "a\ufffd", "part": {"tail": "d83d", "charset": "utf-16-be"}},
    ),
]


async def test_what_kannel_brings(between: Between) -> None:
    async with between.relay():
        for number, (given, _) in enumerate(TEXTS):
            values = {name: value for name, value in given.items() if name != "b"}
            assert await between.text(f"{number}", given.get("b", b"Hello"), **values) == 200
        await between.until(lambda: len(between.arrived()) == len(TEXTS))
    arrived = {one["id"]: one for one in between.arrived()}
    for number, (_, expected) in enumerate(TEXTS):
        found = arrived[f"{number}"]
        for name, value in expected.items():
            assert value.items() <= found[name].items() if isinstance(value, dict) else found[name] == value
        assert ("part" in found) == ("part" in expected)


async def test_what_cannot_be_read_is_refused(between: Between) -> None:
    async with between.relay():
        assert await between.text("", "no id") == 400
        url = f"http://127.0.0.1:{between.port}"
        assert (await between.http.get(f"{url}/report?id=a&status=%d")).status_code == 400
        assert (await between.http.get(f"{url}/report?id=../a&status=1")).status_code == 400
        assert (await between.http.get(f"{url}/")).status_code == 404
        assert (await between.http.post(f"{url}/send", content=b"{}")).status_code == 401
    assert between.counts() == RelayCounts(0, None, None, 0, 0, 0, 0, 0, 0)


async def test_with_a_key_only_calls_that_name_it_are_taken(between: Between) -> None:
    between.key = Secret("a key % of &= Kannel")
    async with between.relay() as core:
        assert await between.text("a", "one") == 403
        assert isinstance(await core.send(reply()), Accepted)
        assert await between.smsbox.report(between.http, 0, 1) == 200


async def test_what_the_core_cannot_read_is_not_offered_for_ever(between: Between) -> None:
    between.core.behaviour = answer(400)
    async with between.relay():
        await between.text("a", "one")
        await between.until(lambda: between.counts().not_understood == 1)
    assert between.counts().waiting == 0


# From the core


async def test_a_reply_is_handed_over_and_its_receipts_come_back(between: Between) -> None:
    async with between.relay() as core:
        assert await core.send(reply("Grüße", valid_for_s=600)) == Accepted("01JREPLY")
        assert await core.look_up(reply()) == Accepted("01JREPLY")
        [text] = between.smsbox.texts
        assert (text["from"], text["to"], text["text"]) == ("12345", "+15550123123", "Grüße")
        assert (text["charset"], text["coding"], text["validity"], text["dlr-mask"]) == ("UTF-8", "0", "10", "31")
        assert "udh" not in text
        for event, words in ((8, "ACK/"), (8, "ACK/"), (1, "id:1 stat:DELIVRD err:000")):
            assert await between.smsbox.report(between.http, 0, event, words) == 200
        await between.until(lambda: between.counts().handed_on == 2)
        assert await core.look_up(reply()) == Accepted("01JREPLY", Status.DELIVERED)
    expected = {"id": "01JREPLY", "message_id": "01JREPLY"}
    assert between.arrived("status") == [{**expected, "status": "sent"}, {**expected, "status": "delivered"}]


async def test_every_segment_of_a_long_text_has_a_receipt(between: Between) -> None:
    async with between.relay() as core:
        assert await core.send(reply(LONG)) == Accepted("01JREPLY")
        assert [one["text"] for one in between.smsbox.texts] == split(LONG)
        headers = [one["udh"].encode("latin-1") for one in between.smsbox.texts]
        assert [(header[:3], header[4], header[5]) for header in headers] == [
            (b"\x05\x00\x03", 3, number) for number in (1, 2, 3)
        ]
        assert len({header[3] for header in headers}) == 1
        for number in range(3):
            await between.smsbox.report(between.http, number, 1, "stat:DELIVRD")
        await between.until(lambda: len(between.arrived("status")) == 3)
        assert await core.look_up(reply()) == Accepted("01JREPLY", Status.DELIVERED)
    assert [(one["part"], one["parts"]) for one in between.arrived("status")] == [(1, 3), (2, 3), (3, 3)]


async def test_a_segment_outside_the_alphabet_makes_them_all_ucs_2(between: Between) -> None:
    async with between.relay() as core:
        await core.send(reply("plain words " * 10 + "😀"))
    assert [one["coding"] for one in between.smsbox.texts] == ["2", "2"]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (NOT_ROUTABLE, Rejected("kannel", "The gateway says: Not routable. Do not try again (code kannel).")),
        (
            FULL,
            TryLater(
                "The gateway says: Kannel takes nothing for now: Temporal failure, try again later (code kannel).",
                "kannel",
                10,
                is_pause=True,
            ),
        ),
        (
            (403, "Authorization failed for sendsms"),
            TryLater(
                "The gateway says: Kannel refused the relay's username and password (code kannel).",
                "kannel",
                60,
                is_pause=True,
            ),
        ),
    ],
)
async def test_what_was_not_taken_may_be_sent_again_under_the_same_id(
    between: Between, given: tuple[int, str], expected: Rejected | TryLater
) -> None:
    between.smsbox.answers = [given, TAKEN]
    async with between.relay() as core:
        assert await core.send(reply()) == expected
        assert await core.look_up(reply()) == NotFound()
        assert await core.send(reply()) == Accepted("01JREPLY")
        assert await core.send(reply()) == Accepted("01JREPLY"), "known, and not handed over again"
    assert len(between.smsbox.texts) == 2


async def test_a_smsbox_that_is_away_or_hangs_gets_nothing(between: Between) -> None:
    between.smsbox.hangs = True
    async with between.relay() as core:
        hung = await core.send(reply())
        assert isinstance(hung, TryLater) and "does not answer" in hung.words
        await between.smsbox.stop()
        away = await core.send(reply())
        assert isinstance(away, TryLater)
        assert await core.look_up(reply()) == NotFound()
        between.smsbox.hangs = False
        await between.smsbox.start()
        assert await core.send(reply()) == Accepted("01JREPLY")
    assert len(between.smsbox.texts) == 1


async def test_what_is_under_way_is_not_unknown(between: Between) -> None:
    """Otherwise the core would send it again."""
    between.smsbox.hangs = True
    async with between.relay() as core:
        sending = asyncio.get_running_loop().create_task(core.send(reply()))
        await between.until(lambda: between.smsbox.pings)
        assert isinstance(await core.look_up(reply()), Uncertain)
        assert isinstance(await core.send(reply()), Uncertain)
        assert isinstance(await sending, TryLater)
        assert await core.look_up(reply()) == NotFound()


async def test_a_call_without_an_answer_is_uncertain_until_its_receipt_comes(between: Between) -> None:
    between.smsbox.answers = [None]
    async with between.relay() as core:
        sending = asyncio.get_running_loop().create_task(core.send(reply()))
        await between.until(lambda: between.smsbox.texts)
        between.smsbox.release()
        assert isinstance(await sending, Uncertain)
        assert isinstance(await core.send(reply()), Uncertain), "it is not handed over twice"
        assert isinstance(await core.look_up(reply()), Uncertain)
    async with between.relay() as core:
        assert isinstance(await core.look_up(reply()), Uncertain)
        await between.smsbox.report(between.http, 0, 8, "ACK/")
        assert await core.look_up(reply()) == Accepted("01JREPLY", Status.SENT)
    assert len(between.smsbox.texts) == 1 and between.counts().unknown == 0


async def test_a_relay_that_ended_during_a_call_does_not_know(between: Between) -> None:
    between.smsbox.answers = [None]
    async with between.relay() as core:
        sending = asyncio.get_running_loop().create_task(core.send(reply()))
        await between.until(lambda: between.smsbox.texts)
        sending.cancel()
        between.smsbox.release()
    async with between.relay() as core:
        assert isinstance(await core.look_up(reply()), Uncertain)


async def test_the_rest_of_a_long_text_is_handed_over_when_kannel_takes_it_again(between: Between) -> None:
    between.smsbox.answers = [TAKEN, FULL, TAKEN]
    async with between.relay() as core:
        assert await core.send(reply(LONG)) == Accepted("01JREPLY")
        await between.until(lambda: len(between.smsbox.texts) == 4)
    assert [one["text"] for one in between.smsbox.texts] == [split(LONG)[number] for number in (0, 1, 1, 2)]


async def test_a_rest_that_is_refused_fails_the_text_with_words(between: Between) -> None:
    between.smsbox.answers = [TAKEN, NOT_ROUTABLE]
    async with between.relay() as core:
        sent = await core.send(reply(LONG))
        assert isinstance(sent, Rejected | Accepted)
        [told] = await between.until(lambda: between.arrived("status"))
    assert (told["status"], told["part"], told["parts"]) == ("failed", 2, 3)
    assert told["text"].startswith("Only 1 of 3 parts were sent.")
    assert len(between.smsbox.texts) == 2


async def test_a_rest_of_unknown_end_comes_back_to_a_person(between: Between) -> None:
    between.smsbox.answers = [TAKEN, None, TAKEN]
    async with between.relay() as core:
        sending = asyncio.get_running_loop().create_task(core.send(reply(LONG, valid_for_s=2)))
        await between.until(lambda: len(between.smsbox.texts) == 2)
        between.smsbox.release()
        assert isinstance(await sending, Uncertain)
        [told] = await between.until(lambda: between.arrived("status"))
        assert (told["status"], told["part"], told["code"]) == ("undelivered", 2, "part_unknown")
    assert len(between.smsbox.texts) == 2


async def test_its_files_are_its_owners_alone_and_hold_no_text_that_is_done(between: Between) -> None:
    async with between.relay() as core:
        await between.text("a", "words of a consumer")
        await core.send(reply("words of an agent"))
        await between.until(lambda: between.counts().handed_on == 1)
        modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in between.folder.iterdir()}
        assert set(modes.values()) == {0o600}, modes
        health = await between.http.get(f"http://127.0.0.1:{between.port}/health")
        assert msgspec.json.decode(health.content, type=RelayCounts).handed_on == 1


async def test_the_check_of_the_account_signs_in(between: Between) -> None:
    async with between.relay() as core:
        assert (await core.check()).ok
